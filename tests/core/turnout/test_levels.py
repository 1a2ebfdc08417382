"""The level model against the same Gaussian process written out in one dense matrix."""

from math import log

import numpy as np
import pytest

from almanac.core.turnout.common_effects import SharedEffects, format_index
from almanac.core.turnout.events import PastEvent, Upcoming
from almanac.core.turnout.level_parameters import covariance
from almanac.core.turnout.levels import OFFSET, Levels, pairs_within
from almanac.core.turnout.reference import PARAMETERS, level_class
from almanac.core.turnout.traits import (
    LIKE,
    TRAITS,
    lead_of,
    relative_lead,
    title_vector,
    traits,
    vocabulary,
)

TITLES = ("Shiny night", "Intro to R", "Book club: chapter two", "Intro to R, part two", "TBC")


def events_of(number, seed=1, programs=4, scale=0.5):
    random = np.random.default_rng(seed)
    levels = random.normal(3.0, scale, programs)
    found = []
    for row in range(number):
        program = int(random.integers(programs))
        starts = row / 12
        found.append(
            PastEvent(
                row=row,
                program=program,
                format=("in_person", "online", "")[int(random.integers(3))],
                starts=starts,
                announced=starts - float(random.uniform(0.005, 0.2)),
                weekday=int(random.integers(7)),
                hour=float(random.choice([9.0, 18.0, 18.5])),
                title=TITLES[int(random.integers(len(TITLES)))],
                signups=max(0, round(float(np.exp(random.normal(levels[program], 0.3))))),
            )
        )
    return found


def learnt(events, parameters=PARAMETERS, words=("intro", "shiny")):
    found = Levels(parameters, words, events[0].starts, events[-1].starts)
    for event in events:
        found.learn(event, event.signups)
    return found


def dense(events, upcoming, levels):
    """Mean and variance of log(count + 2) by conditioning one joint Gaussian."""
    effects: SharedEffects = levels.shared
    every = [*events, upcoming]
    starts = [
        sorted(e.starts for e in events[:place] if e.program == event.program)
        for place, event in enumerate(every)
    ]
    loadings = np.array(
        [
            effects.loadings(e, s, alike(events[:place], e))
            for place, (e, s) in enumerate(zip(every, starts, strict=True))
        ]
    )
    joint = loadings @ effects.covariance(levels.parameters) @ loadings.T
    for i, one in enumerate(every):
        for j, other in enumerate(every):
            if one.program == other.program:
                joint[i, j] += own_covariance(one, other, levels.parameters, same=i == j)
    steadiness = {
        at: factor
        for program in levels.programs.values()
        for at, factor in zip(program["began"], program["steadiness"], strict=True)
    }
    noise = levels.parameters.noise(np.array([format_index(e) for e in every]))
    for i, event in enumerate(events):
        joint[i, i] += noise[i] * steadiness[event.starts]
    joint[-1, -1] += noise[-1] * levels.programs[upcoming.program].steadiness
    values = []
    for program in levels.programs.values():
        values += list(zip(program["began"], program["value"], strict=True))
    seen = np.array([value for _, value in sorted(values)])
    gain = joint[-1, :-1] @ np.linalg.inv(joint[:-1, :-1])
    mean = loadings[-1] @ effects.mean + gain @ (seen - loadings[:-1] @ effects.mean)
    variance = joint[-1, -1] - gain @ joint[:-1, -1]
    reference = level_class(upcoming.kind, upcoming.format)
    return reference.mean + reference.scale * mean, reference.scale * np.sqrt(variance)


def alike(before, plan):
    """Earlier events of a year in the same program with much the same title."""
    return sum(
        one.program == plan.program
        and abs(one.starts - plan.starts) < 1
        and float(title_vector(one.title) @ title_vector(plan.title)) > LIKE
        for one in before
    )


def own_covariance(one, other, by, *, same):
    slot = (one.weekday == other.weekday) * max(1 - abs(one.hour - other.hour) / 2, 0)
    return (
        by.program**2
        + by.drift**2 * np.exp(-abs(one.starts - other.starts) / by.drift_years)
        + by.formats**2 * (one.format == other.format)
        + by.lead**2 * relative_lead(one) * relative_lead(other)
        + by.slot**2 * (1 if same else slot)
        + by.words**2 * float(title_vector(one.title) @ title_vector(other.title))
    )


@pytest.mark.parametrize("format_", ["in_person", "online", ""])
def test_one_event_at_a_time_is_the_joint_gaussian(format_):
    events = events_of(40)
    levels = learnt(events)
    upcoming = Upcoming(
        program=2,
        format=format_,
        starts=3.6,
        announced=3.55,
        weekday=2,
        hour=18.0,
        title="Intro to R",
    )

    found = levels.expect(upcoming)

    width = levels.programs[2].width
    plain = (found.mean, found.sd / width)
    assert plain == pytest.approx(dense(events, upcoming, levels), rel=1e-6)
    assert 0.6 < width < 1.4
    assert found.before == sum(event.program == 2 for event in events)


def test_long_programs_let_go_of_their_oldest_events(monkeypatch):
    from almanac.core.turnout import levels as module

    events = events_of(60, programs=1)
    upcoming = Upcoming(program=0, format="online", starts=5.2, announced=5.1, weekday=1, hour=18.0)
    whole = learnt(events).expect(upcoming)
    monkeypatch.setattr(module, "MOST_OF_PROGRAM", 40)
    monkeypatch.setattr(module, "KEPT_OF_PROGRAM", 30)

    thinned = learnt(events)

    assert thinned.programs[0].size <= 40
    assert thinned.programs[0].number == 60
    assert thinned.expect(upcoming).mean == pytest.approx(whole.mean, abs=0.2)
    pairs = pairs_within(thinned.programs[0])
    block = covariance(pairs, PARAMETERS)
    factor = thinned.programs[0].factor
    assert (factor @ factor.T)[0, 5] == pytest.approx(block[0, 5])


def test_a_surprise_teaches_no_more_than_a_near_one():
    events = events_of(30)
    upcoming = Upcoming(program=1, format="online", starts=2.6)
    ordinary = PastEvent(row=99, program=1, format="online", starts=2.55, signups=300)
    absurd = PastEvent(row=99, program=1, format="online", starts=2.55, signups=3_000_000)

    one, other = learnt([*events, ordinary]), learnt([*events, absurd])

    assert one.expect(upcoming).mean == pytest.approx(other.expect(upcoming).mean)
    assert one.expect(upcoming).mean > learnt(events).expect(upcoming).mean


def test_a_logbook_far_from_the_reference_is_followed():
    events = [
        PastEvent(row=n, program=n % 6, format="in_person", starts=n / 40, signups=400 + n)
        for n in range(80)
    ]
    newcomer = Upcoming(program=77, format="in_person", starts=2.1)

    levels = learnt(events)

    assert levels.counts(levels.expect(newcomer)).quantile(0.5) > 150
    assert Levels().counts(Levels().expect(newcomer)).quantile(0.5) < 25


def test_what_happens_to_all_programs_reaches_one_that_was_not_there():
    """Everybody's online events halve; a program that held none since is expected smaller."""

    def level_after(recent):
        events = [
            PastEvent(row=n, program=n % 6, format="online", starts=n / 60, signups=60)
            for n in range(120)
        ]
        events += [
            PastEvent(
                row=200 + n, program=n % 5, format="online", starts=2 + n / 60, signups=recent
            )
            for n in range(60)
        ]
        return learnt(events).expect(Upcoming(program=5, format="online", starts=3.05)).mean

    assert level_after(20) < level_after(60) - 0.15


def test_traits_read_only_what_an_announcement_tells():
    plan = Upcoming(
        format="online", starts=2.0, announced=2.0 - 60 / 365.25, hour=18.0, title="Book club: TBC"
    )

    found = dict(zip(TRAITS, traits(plan, [1.0, 1.8, 1.95]), strict=True))

    assert found["lead"] == pytest.approx(log(60 / 15))
    assert found["far ahead"] == found["far ahead, online"] == pytest.approx(log(2))
    assert found["no subject yet"] == 1
    assert found["about 18:00"] > 0 > found["about 12:00"]
    # 1.95 lies after the announcement, so the program had held two events.
    assert found["events before"] == pytest.approx((log(3) - 2) / 2)
    assert found["pause since the last"] == pytest.approx((log(0.205) + 2) / 2)


def test_unknown_traits_say_nothing():
    found = dict(zip(TRAITS, traits(Upcoming(starts=2.0), [1.0]), strict=True))

    said = {name for name, value in found.items() if value}
    assert said == {
        "events before",
        "years since the first",
        "pause since the last",
        "events in 90 days",
    }


def test_words_used_often_have_an_effect_of_their_own():
    titles = ["Intro to Shiny"] * 8 + ["Rare bird"] * 7

    assert vocabulary(titles) == ("intro", "shiny")


def test_counts_of_a_level_reach_beyond_what_is_in():
    levels = Levels()
    expected = levels.expect(Upcoming(format="in_person", starts=1.0))

    counts = levels.counts(expected, reaches=9_990)

    assert counts.last > 5 * 9_990
    assert 0 < counts.at_least(9_990) < 1e-3
    assert counts.quantile(0.5) == pytest.approx(np.exp(expected.mean) - OFFSET, abs=1.5)


def test_ranges_take_their_width_from_errors_at_the_announcement():
    """The same events; those announced long before they began were further off."""
    events = events_of(40)
    early, late = learnt(events), learnt(events[:-1])
    late.learn(events[-1], 400, late.expect(events[0]))

    wide = late.shape.quantile(0.99, online=events[-1].online)
    assert wide > early.shape.quantile(0.99, online=events[-1].online)


def test_simulation_based_calibration():
    """200 worlds drawn from the prior itself (Talts et al. 2018): ranks of the twelfth event, given
    eleven, are uniform."""
    from scipy.stats import kstest, norm

    ranks = []
    for run in range(200):
        random = np.random.default_rng(run)
        events = events_of(12, seed=run, programs=2)
        blank = Levels(PARAMETERS, ("intro", "shiny"), events[0].starts, events[-1].starts)
        joint, mean = prior_of(events, blank)
        drawn = random.multivariate_normal(mean, joint)
        # The classes' means a thousand times larger, so that rounding to people does not matter.
        span = (events[0].starts, events[-1].starts)
        levels = Levels(PARAMETERS, ("intro", "shiny"), *span, shift=log(1000))
        for event, value in zip(events, drawn, strict=True):
            seen = level_class(event.kind, event.format).mean + log(1000) + value
            if event is events[-1]:
                expected = levels.expect(event)
                ranks.append(norm.cdf((seen - expected.mean) / expected.sd))
            levels.learn(event, max(0, round(float(np.exp(seen) - OFFSET))))

    assert kstest(ranks, "uniform").pvalue > 0.001


def prior_of(events, levels):
    """Joint prior covariance and mean of the events' values, noise included."""
    effects, by = levels.shared, levels.parameters
    starts = [
        sorted(e.starts for e in events[:place] if e.program == event.program)
        for place, event in enumerate(events)
    ]
    loadings = np.array(
        [
            effects.loadings(e, s, alike(events[:place], e))
            for place, (e, s) in enumerate(zip(events, starts, strict=True))
        ]
    )
    joint = loadings @ effects.covariance(by) @ loadings.T
    for i, one in enumerate(events):
        for j, other in enumerate(events):
            if one.program == other.program:
                joint[i, j] += own_covariance(one, other, by, same=i == j)
        joint[i, i] += by.noise(np.array([format_index(one)]))[0]
    return joint, loadings @ effects.mean


def test_ranges_reach_to_the_side_of_the_errors():
    """Off by as much above and below what was expected at the announcement."""
    events = events_of(40)
    expected = learnt(events[:-1]).expect(events[-1])
    ends = []
    for error in (-3.0, 0.0, 3.0):
        levels = learnt(events[:-1])
        count = np.exp(expected.mean + error * expected.sd) - OFFSET
        levels.learn(events[-1], max(0.0, count), expected)
        shape = levels.shape
        online = events[-1].online
        ends.append((shape.quantile(0.02, online=online), shape.quantile(0.98, online=online)))
    (below, _), (low, high), (_, above) = ends
    assert below < low < 0 < high < above


def test_seats_and_a_price_are_what_limits_an_event():
    few, many = (
        dict(zip(TRAITS, traits(Upcoming(starts=2.0, seats=seats, price=price), []), strict=True))
        for seats, price in ((20, None), (400, 15.0))
    )

    limits = {name for name in TRAITS if few[name] != many[name]}
    assert len(limits) == 2
    seats = next(name for name in limits if "seats" in name)
    assert (few[seats], many[seats]) == pytest.approx(((log(20) - 3.5) / 2, (log(400) - 3.5) / 2))
    (price,) = limits - {seats}
    assert (few[price], many[price]) == (0, 1)


def test_the_lead_is_in_days():
    assert lead_of(Upcoming(starts=2.0)) is None
    assert lead_of(Upcoming(starts=2.0, announced=1.9)) == pytest.approx(36.525)


def test_a_program_that_is_always_far_off_has_wider_ranges_of_its_own():
    def widths(spread):
        random = np.random.default_rng(5)
        levels = Levels()
        for row in range(40):
            plan = PastEvent(row=row, starts=row / 26, signups=0, format="in_person")
            levels.learn(
                plan, round(float(np.exp(random.normal(3.5, spread)))), levels.expect(plan)
            )
        return levels.programs[0].width

    assert widths(0.1) < 0.9
    assert widths(0.9) > 1.05
