"""What learning one event changes in the level model, and how levels become counts."""

from math import log, sqrt

import numpy as np
import pytest
from tests.core.turnout.test_levels import alike, events_of, learnt, own_covariance

from almanac.core.turnout import levels as room
from almanac.core.turnout.common_effects import format_index
from almanac.core.turnout.events import PastEvent, Upcoming
from almanac.core.turnout.level_parameters import covariance
from almanac.core.turnout.levels import Expected, Levels, pairs_within
from almanac.core.turnout.reference import LEVELS, PARAMETERS

PLAN = Upcoming(format="in_person", starts=1.0)
CLASS = next(found for found in LEVELS if found.key == "community-in-person")


def test_counts_are_the_level_in_logs_with_two_added():
    levels = Levels()
    expected = Expected(mean=3.0, sd=0.5, before=0, online=False)
    counts = levels.counts(expected)
    for number in (0, 5, 18, 40):
        exact = levels.shape.cdf(np.array([(log(number + 2.5) - 3.0) / 0.5]), online=False)[0]
        assert counts.cdf(number) == pytest.approx(exact, abs=1e-3)
    lots = levels.counts(expected, lot=10)
    for number in (0, 1, 4):
        exact = levels.shape.cdf(np.array([(log(10 * number + 7) - 3.0) / 0.5]), online=False)[0]
        assert lots.cdf(number) == pytest.approx(exact, abs=1e-3)


def test_counts_end_at_ten_thousand_or_twenty_times_what_has_been():
    levels = Levels()
    crowd = Expected(mean=log(1e6), sd=0.5, before=0, online=False)
    assert levels.counts(crowd).last == 10_001
    assert levels.counts(crowd, reaches=1000).last == 20_001
    assert levels.counts(crowd, lot=100).last == 101
    levels.learn(PLAN, 800)
    levels.learn(PLAN, 3)
    assert (levels.highest, levels.learnt) == (800, 2)
    assert levels.counts(crowd).last == 16_001
    small = Expected(mean=log(12), sd=0.2, before=0, online=False)
    assert levels.counts(small, reaches=10).last >= 120
    assert levels.counts(Expected(mean=60.0, sd=1.0, before=0, online=False), lot=10).last == 1601


def test_counts_far_beyond_what_is_likely_are_not_looked_at():
    levels = Levels()
    expected = Expected(mean=3.0, sd=0.5, before=0, online=True)
    furthest = np.exp(3.0 + levels.shape.quantile(0.9997, online=True) * 0.5)
    assert levels.counts(expected).last == int(furthest) + 1


def test_an_event_as_expected_steadies_its_program():
    levels = Levels()
    first = levels.expect(PLAN)
    levels.learn(PLAN, np.exp(first.mean) - 2)
    program = levels.programs[0]
    assert program.steadiness == pytest.approx(5 / 6)
    assert program["value"].tolist() == pytest.approx([(first.mean - CLASS.mean) / CLASS.scale])
    assert levels.expect(PLAN).mean == pytest.approx(first.mean)
    assert levels.expect(PLAN).sd < first.sd
    assert (first.before, levels.expect(PLAN).before, first.online) == (0, 1, False)


def surprised(levels, sds):
    """Learn an event so many sds off, and say how many of them it taught."""
    first = levels.expect(PLAN)
    levels.learn(PLAN, np.exp(first.mean + sds * first.sd) - 2)
    value = CLASS.mean + CLASS.scale * levels.programs[0]["value"][-1]
    return (value - first.mean) / first.sd


def test_a_surprise_is_taken_as_one_of_almost_two_sds():
    levels = Levels()
    assert surprised(levels, -30) == pytest.approx(-1.8)
    assert levels.programs[0].steadiness == pytest.approx((5 + 9) / (5 + 1))


def test_first_events_that_are_very_far_off_are_the_level():
    taught = [surprised(Levels(), sds) for sds in np.linspace(1, 6, 51)]

    assert taught == sorted(taught)
    assert max(np.diff(taught)) < 0.5
    assert taught[-1] == pytest.approx(6)
    assert surprised(Levels(), 2.1) == pytest.approx(1.8)


def test_a_later_event_is_believed_only_after_another_off_the_same_way():
    for before, taken in ((1.5, 3.0), (-1.5, 1.8), (0.9, 1.8)):
        levels = Levels()
        for _ in range(6):
            surprised(levels, 0.0)
        surprised(levels, before)
        sight = levels._seen_from(PLAN)
        sd = sqrt(sight.spread + sight.shared + sight.noise * levels.programs[0].steadiness)
        levels.learn(PLAN, np.exp(CLASS.mean + sight.mean + 3.0 * sd) - 2)
        assert (levels.programs[0]["value"][-1] - sight.mean) / sd == pytest.approx(taken, rel=0.01)


def test_ordinary_errors_are_counted_by_their_squares():
    levels = Levels()
    first = levels.expect(PLAN)
    levels.learn(PLAN, np.exp(first.mean + 1.5 * first.sd) - 2)
    assert levels.programs[0].steadiness == pytest.approx((5 + 1.5**2) / 6)


def test_errors_fade_so_that_a_program_that_has_become_steady_is_believed_to_be():
    rough, later = Levels(), Levels()
    for n in range(26):
        surprised(rough, 2.5 * (-1) ** n)
        surprised(later, 2.5 * (-1) ** n if n < 6 else 0.0)
    assert later.programs[0].steadiness < 1 < rough.programs[0].steadiness
    assert later.programs[0].width < 1 < rough.programs[0].width


def test_a_shift_moves_every_class():
    plain, moved = Levels(), Levels(shift=-0.4)
    assert moved.class_of(PLAN).mean == pytest.approx(CLASS.mean - 0.4)
    assert moved.expect(PLAN).mean == pytest.approx(plain.expect(PLAN).mean - 0.4)
    assert moved.expect(PLAN).sd == pytest.approx(plain.expect(PLAN).sd)


def test_two_ways_of_announcing_one_event_against_the_joint_gaussian():
    events = events_of(30)
    levels = learnt(events)
    one, other = (
        Upcoming(program=2, format="online", starts=2.6, announced=2.6 - lead, weekday=2, hour=18.0,
                 title="Intro to R")
        for lead in (0.08, 0.01)
    )  # fmt: skip
    every = [*events, one, other]
    starts = [
        sorted(e.starts for e in events[:place] if e.program == event.program)
        for place, event in enumerate(every)
    ]
    loadings = np.array(
        [
            levels.shared.loadings(e, s, alike(events[:place], e))
            for place, (e, s) in enumerate(zip(every, starts, strict=True))
        ]
    )
    joint = loadings @ levels.shared.covariance(PARAMETERS) @ loadings.T
    for i, each in enumerate(every):
        for j, against in enumerate(every):
            if each.program == against.program:
                same = i == j or min(i, j) >= len(events)
                joint[i, j] += own_covariance(each, against, PARAMETERS, same=same)
    rows = sorted(
        row
        for program in levels.programs.values()
        for row in zip(program["began"], program["value"], program["steadiness"], strict=True)
    )
    noise = PARAMETERS.noise(np.array([format_index(event) for event in events]))
    for i, (_, _, steadiness) in enumerate(rows):
        joint[i, i] += noise[i] * steadiness
    number = len(events)
    difference = np.zeros(number + 2)
    difference[-2:] = 1, -1
    prior = loadings @ levels.shared.mean
    gain = (difference @ joint)[:number] @ np.linalg.inv(joint[:number, :number])
    seen = np.array([value for _, value, _ in rows])
    mean = difference @ prior + gain @ (seen - prior[:number])
    spread = difference @ joint @ difference - gain @ (joint @ difference)[:number]

    assert levels.contrast(one, other) == pytest.approx((mean, np.sqrt(spread)), rel=1e-6)
    assert levels.contrast(one, one) == pytest.approx((0, 0), abs=1e-9)


def test_a_program_let_go_of_its_oldest_keeps_its_algebra(monkeypatch):
    monkeypatch.setattr(room, "MOST_OF_PROGRAM", 20)
    monkeypatch.setattr(room, "KEPT_OF_PROGRAM", 15)
    events = events_of(21, programs=1)
    assert learnt(events[:20]).programs[0].size == 20
    program = learnt(events).programs[0]
    assert (program.size, program.number) == (15, 21)
    assert program["began"].tolist() == [event.starts for event in events[6:]]
    block = covariance(pairs_within(program), PARAMETERS)
    block += np.diag(PARAMETERS.noise(program["format"].astype(int)) * program["steadiness"])
    factor = program.factor
    assert factor @ factor.T == pytest.approx(block)
    assert factor @ program["shared"] == pytest.approx(program["loadings"])
    assert factor @ program["seen"] == pytest.approx(program["value"])


def test_events_of_a_long_program_are_four_hundred_at_most():
    assert (room.MOST_OF_PROGRAM, room.KEPT_OF_PROGRAM) == (400, 300)


def slots(*slots_):
    levels = Levels()
    for place, (weekday, hour) in enumerate(slots_):
        plan = PastEvent(row=place, starts=place / 10, weekday=weekday, hour=hour)
        levels.learn(plan, 10)
    return levels


def test_a_slot_is_a_weekday_and_hours_less_than_two_apart():
    levels = slots((0, 0.0), (0, 1.5), (0, 2.0), (1, 0.0), (None, 0.0), (0, None), (None, None))
    same = pairs_within(levels.programs[0]).same_slot
    together = {(i, j) for i, j in zip(*np.nonzero(same), strict=True) if i < j}
    assert together == {(0, 1), (1, 2)}
    assert np.diag(same).tolist() == [1.0] * 7
    plan = Upcoming(starts=1.0, weekday=0, hour=0.0)
    seen = room._pairs(plan, np.zeros(512), levels.programs[0], 0.0)
    assert seen.same_slot.tolist() == [1, 0.25, 0, 0, 0, 0, 0]
    assert same[0, 1] == 0.25
    for unknown in (Upcoming(starts=1.0, hour=0.0), Upcoming(starts=1.0, weekday=0)):
        assert not room._pairs(unknown, np.zeros(512), levels.programs[0], 0.0).same_slot.any()
    assert seen.gap.tolist() == pytest.approx([1.0 - place / 10 for place in range(7)])


def test_a_rough_count_moves_a_level_less_than_a_counted_one():
    plan = Upcoming(program=1, starts=1.0)
    means = {}
    for rough in (False, True):
        levels = Levels(last=2.0)
        levels.learn(plan, 90, approximate=rough)
        means[rough] = levels.expect(Upcoming(program=1, starts=1.1)).mean
    before = Levels(last=2.0).expect(plan).mean

    assert before < means[True] < means[False]


def test_what_events_have_in_common_is_a_covariance_whatever_their_times():
    """Three events half an hour from each other must not contradict it: nothing may be surer than
    what it was learnt from."""
    random = np.random.default_rng(5)
    levels = slots(*((0, float(hour)) for hour in random.uniform(16, 21, 120)))
    pairs = pairs_within(levels.programs[0])
    assert np.linalg.eigvalsh(covariance(pairs, levels.parameters)).min() > -1e-9
    assert np.linalg.eigvalsh(pairs.same_slot).min() > -1e-9


def test_the_same_events_five_times_over_are_learnt():
    """As a repeated import under other ids gives: once, the levels blew up after some hundreds."""
    random = np.random.default_rng(7)
    levels = Levels()
    times = np.sort(random.uniform(0, 9, 90))
    for place, time in enumerate(np.repeat(times, 5)):
        plan = PastEvent(
            row=place, starts=float(time), announced=float(time) - 0.05, weekday=int(time * 7) % 5,
            hour=float(random.choice([17.5, 18.0, 18.5, 19.0])), title=f"R evening {place % 7}",
        )  # fmt: skip
        count = int(random.poisson(20 + 10 * np.sin(time)))
        levels.learn(plan, count)
        expected = levels.expect(plan)
        assert np.isfinite(expected.mean)
        assert 0 < expected.sd < 10
    program = levels.programs[0]
    assert np.abs(program["shared"]).max() < 100
