"""The past replayed, against the same forecasts made one by one."""

from itertools import accumulate, count

import numpy as np
import pytest

from almanac.core import scoring
from almanac.core.counts import Counts
from almanac.core.turnout import pace, replay
from almanac.core.turnout.events import PastEvent, Upcoming
from almanac.core.turnout.forecast import forecast, learn_levels
from almanac.core.turnout.levels import Levels
from almanac.core.turnout.reference import PACE, PUBLISHED_PACE
from almanac.core.turnout.replay import Observation, ReplayedForecast
from almanac.core.vocabulary import Stage

DAY = 1 / 365.25


def ticking():
    """A clock whose ticks grow: 0, 1, 3, 6, 10, ..."""
    return accumulate(count()).__next__


def past(row, starts, announced=None, signups=20, program=1, **more):
    return PastEvent(
        row=row, program=program, format="in_person", starts=starts, announced=announced,
        signups=signups, **more,
    )  # fmt: skip


FIRST = past(1, 0.10, 0.05, 12)
SUDDEN = past(2, 0.20, None, 40, program=2)
THIRD = past(3, 0.40, 0.15, 25)
FOURTH = past(4, 0.50, 0.45, 30)
EVERY = [FIRST, SUDDEN, THIRD, FOURTH]


def test_spans_are_the_years_events_start_in_earliest_first():
    events = [past(1, 2.1, 1.9), past(2, 1.0), past(3, -0.1, -0.2), past(4, 2.0)]
    found = replay.spans(events)
    assert [(span.begins, [event.row for event in span.events]) for span in found] == [
        (-1.0, [3]), (1.0, [2]), (2.0, [1, 4]),
    ]  # fmt: skip
    assert replay.standing_still() == 0


def test_sign_ups_are_forecast_from_what_had_begun_by_the_announcement():
    made = {found.row: found for found in replay.signups(EVERY, EVERY, ticking())}

    # Its tide is cut into half-years that begin at the first announcement.
    levels = Levels(first=0.05, last=1.0)
    wanted = {1: levels.expect(FIRST)}
    levels.learn(FIRST, 12, wanted[1])
    wanted[3] = levels.expect(THIRD)
    levels_before_sudden = levels.counts(levels.expect(SUDDEN))
    assert made[3].counts.mass == pytest.approx(levels.counts(wanted[3]).mass)
    levels.learn(SUDDEN, 40)
    levels.learn(THIRD, 25, wanted[3])
    wanted[4] = levels.expect(FOURTH)

    assert made[4].counts.mass == pytest.approx(levels.counts(wanted[4]).mass)
    assert made[2].counts.mass == pytest.approx(levels_before_sudden.mass)
    assert {row: found.before for row, found in made.items()} == {1: 0, 2: 0, 3: 1, 4: 2}
    assert {row: found.observed for row, found in made.items()} == {1: 12, 2: 40, 3: 25, 4: 30}
    assert {found.horizon for found in made.values()} == {"announced"}
    assert not len(made[1].climatology)
    assert made[3].climatology.tolist() == [12]
    assert made[4].climatology.mean() == pytest.approx((12 + 40 + 25) / 3)
    assert [found.seconds for found in made.values()] == [1, 3, 5, 7]
    assert [made[row].program for row in (1, 2)] == [1, 2]


def test_only_the_tested_are_told_and_what_was_learnt_goes_on():
    later = past(5, 1.3, 1.2, 50)
    across = past(6, 1.1, 0.9, 15)
    events = [*EVERY, across, later]
    (found,) = replay.signups([later], events)
    every = {made.row: made for made in replay.signups(events, events)}

    assert found.counts.mass == pytest.approx(every[5].counts.mass)
    assert (found.row, found.observed, found.before, found.seconds) == (5, 50, 4, 0)
    assert found.climatology.mean() == pytest.approx((12 + 40 + 25 + 30 + 15) / 5)


def test_a_walk_through_the_years_forecasts_as_levels_learnt_at_once():
    """Tides go on over new knots, and a word that becomes frequent is heard from then on."""
    titles = ("Python evening", "Rust workshop night", "Careers")
    events = [
        past(n, n / 12 + 0.04, n / 12 + 0.005, 15 + (7 * n) % 11 + (12 if n % 3 == 1 else 0),
             program=n % 2, title=titles[n % 3])
        for n in range(72)
    ]  # fmt: skip
    (found,) = replay.signups(events[-1:], events)
    at_once = learn_levels(events[:-1])
    wanted = at_once.counts(at_once.expect(events[-1]))
    assert found.counts.mean == pytest.approx(wanted.mean, rel=0.04)
    assert found.counts.quantile(0.9) == pytest.approx(wanted.quantile(0.9), rel=0.08)


def test_what_begins_later_is_forecast_and_not_learnt():
    early = past(5, 1.5, 0.6, 4000)
    last = past(6, 1.6, 0.9, 10)
    (found,) = replay.signups([last], [*EVERY, early, last])
    (without,) = replay.signups([last], [*EVERY, last])
    assert found.counts.mass == pytest.approx(without.counts.mass)


def announced(event, counts=None):
    counts = counts or Counts.of(np.ones(60))
    return ReplayedForecast(
        event.row, event.program, "announced", counts, counts, event.signups or 0, 0, 0.0
    )


def at(event, days, signups):
    return Observation(event.starts - days * DAY, signups)


def test_sign_ups_that_were_in_are_the_latest_seen_by_then():
    seen = {4: [at(FOURTH, 10, 8), at(FOURTH, 12, 9), at(FOURTH, 3, 14)]}
    horizons = (("20 d", 20.0), ("7 d", 7.0), ("2 d", 2.0))
    made = list(
        replay.paced([announced(FOURTH), announced(FIRST)], {4: FOURTH, 1: FIRST}, seen, horizons,
                     ticking()),
    )  # fmt: skip
    assert [(found.row, found.horizon, found.seconds) for found in made] == [
        (4, "7 d", 1), (4, "2 d", 3),
    ]  # fmt: skip
    lead = 0.05 * 365.25
    for found, in_by_then, days in zip(made, (8, 14), (7.0, 2.0), strict=True):
        exact = pace.after_seeing(announced(FOURTH).counts, in_by_then, days, lead, PACE)
        assert found.counts.mass == pytest.approx(exact.mass)


def test_a_look_counts_from_the_very_moment():
    event = past(1, 64 * DAY, 0.0)
    seen = {1: [Observation(event.starts - 7.0 / 365.25, 8)]}
    made = replay.paced([announced(event)], {1: event}, seen, (("7 d", 7.0),))
    assert len(list(made)) == 1


def test_a_pace_looks_at_every_event_eight_times():
    seen = {4: [at(FOURTH, 8, 5), at(FOURTH, 0.6, 25)]}
    found = replay.looks_at([announced(FOURTH)], {4: FOURTH}, seen)
    assert [(look.days_to_go, look.so_far) for look in found[1]] == [
        (7.0, 5), (4.0, 5), (2.0, 5), (1.0, 5), (0.5, 25),
    ]  # fmt: skip
    assert {look.weight for look in found[1]} == {1 / 3}
    assert {(look.program, look.final) for look in found[1]} == {(1, 30)}
    early = replay.looks_at([announced(FOURTH)], {4: FOURTH}, {4: [at(FOURTH, 30, 5)]})
    assert [look.days_to_go for look in early[1]] == [21, 14, 10, 7, 4, 2, 1, 0.5]


def test_a_program_is_paced_by_the_others_alone():
    events = {row: past(row, 1.0, 0.9, 20 + row, program=row) for row in range(1, 8)}
    seen = {row: [at(event, 5, row)] for row, event in events.items()}
    made = [announced(event) for event in events.values()]
    looks = replay.looks_at(made, events, seen)
    others = [look for program, found in looks.items() if program != 1 for look in found]
    learnt = pace.fit(others, PUBLISHED_PACE)
    assert learnt != PUBLISHED_PACE

    found = next(iter(replay.paced(made, events, seen, (("4 d", 4.0),))))

    exact = pace.after_seeing(made[0].counts, 1, 4.0, 0.1 * 365.25, learnt)
    assert found.counts.mean == pytest.approx(exact.mean)


def test_attendance_is_forecast_at_the_start_from_the_final_sign_ups():
    earlier = [
        past(1, 0.1, signups=10, attended=5), past(2, 0.2, signups=20, attended=15, program=2),
        past(3, 0.3, signups=0, attended=0), past(4, 0.4, signups=30),
    ]  # fmt: skip
    event = past(5, 0.5, signups=40, attended=22)
    after = past(6, 0.5, signups=10, attended=10)
    past_events = [*earlier, event, after]
    (found,) = replay.shares(Stage.ATTENDED, (event,), past_events, ticking())
    plan = Upcoming(program=1, format="in_person", starts=0.5, signups=40, hours_to_go=0.0)
    exact = forecast(plan, earlier)[Stage.ATTENDED].counts
    assert found.counts.mass == pytest.approx(exact.mass)
    assert sorted(set(found.climatology.tolist())) == [20, 30]
    assert (found.row, found.program, found.horizon) == (5, 1, "start")
    assert (found.observed, found.before, found.seconds) == (22, 3, 1)


def test_attendance_is_told_in_the_order_events_began():
    first, second = past(1, 0.1, attended=9), past(2, 0.2, attended=8)
    span = (second, first)
    made = list(replay.shares(Stage.ATTENDED, span, [first, second]))
    assert [found.row for found in made] == [1, 2]
    assert not len(made[0].climatology)
    nobody = past(3, 0.3, signups=None, attended=0)
    (none,) = replay.shares(Stage.ATTENDED, (nobody,), [first, nobody])
    assert none.counts.last == 0


def test_a_stage_nothing_speaks_for_is_left_out():
    event = past(1, 0.1, attended=9, took_part=3)
    assert not list(replay.shares(Stage.TOOK_PART, (event,), [event]))


def test_a_million_is_replayed_in_bounded_room_and_scored_in_people():
    events = [
        past(n, 0.1 * n, 0.1 * n - 0.05, round(200_000 * 1.3 ** (n % 5)), program=1)
        for n in range(1, 12)
    ]
    made = list(replay.signups(events, events))
    last = made[-1]

    assert last.lot > 1
    assert all(len(one.counts.mass) <= 4097 for one in made)
    assert 100_000 < last.quantile(0.5) < 900_000
    fine = Counts.of(np.repeat(last.counts.mass, last.lot), last.counts.first * last.lot)
    assert last.crps == pytest.approx(scoring.crps(fine, last.observed), rel=0.02)
    assert last.pit(0.5) == pytest.approx(
        scoring.randomised_pit(fine, last.observed, 0.5), abs=0.01
    )
    (one,) = replay.shares(
        Stage.ATTENDED, [past(20, 2.0, 1.9, 500_000, attended=200_000)], events, ticking()
    )
    assert len(one.counts.mass) <= 4097
    assert 100_000 < one.quantile(0.5) < 450_000
