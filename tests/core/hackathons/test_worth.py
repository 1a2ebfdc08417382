"""Hours for each result, and the chance that they are better spent on another program."""

import numpy as np
import pytest
from scipy.stats import t as student

from almanac.core.counts import Counts
from almanac.core.hackathons.worth import beside, carried_on, per_result
from almanac.core.turnout.class_shares import StagePair

PEOPLE = Counts.of(np.array([1.0, 2, 4, 2, 1]), 38)


def test_hours_of_each_result_turn_the_range_around():
    low, high = per_result(80, Counts.of(np.ones(41), 20))
    assert low == pytest.approx(80 / 56, rel=0.01)
    assert high == pytest.approx(80 / 24, rel=0.01)


def test_where_there_may_be_none_only_the_least_is_known():
    low, high = per_result(50, Counts.of(np.ones(6)))
    assert low == pytest.approx(10)
    assert high is None
    assert per_result(50, Counts.certain(0)) == (50, None)


def test_the_chance_equals_one_by_drawing():
    each = (1.0, 1.6, 0.8, 1.3)
    found = beside(50, PEOPLE, each)
    rng = np.random.default_rng(1)
    logs = np.log(each)
    squares = 3 * 0.6**2 + ((logs - logs.mean()) ** 2).sum()
    free = 3 + len(each) - 1
    spread = np.sqrt(squares / free * (1 + 1 / len(each)))
    other = np.exp(logs.mean() + spread * student.rvs(free, size=400_000, random_state=rng))
    people = rng.choice(PEOPLE.values, 400_000, p=PEOPLE.mass)
    assert found.better == pytest.approx((50 / people < other).mean(), abs=0.003)
    assert found.middle == pytest.approx(np.exp(logs.mean()))
    assert found.from_people == round(50 / found.middle)


def test_one_past_event_is_no_certainty():
    assert 0.02 < beside(40, PEOPLE, [1.4]).better < 0.98
    assert 0.01 < beside(400, PEOPLE, [1.0]).better < 0.2
    assert beside(40, PEOPLE, [1.0] * 30).better == pytest.approx(0.5, abs=0.12)


def test_nobody_who_comes_is_never_the_better_use():
    assert beside(40, Counts.certain(0), [1.0, 1.2]).better == 0


@pytest.mark.parametrize(("hours", "each"), [(0, [1.0]), (10, []), (10, [0.0])])
def test_without_hours_there_is_nothing_to_compare(hours, each):
    with pytest.raises(ValueError, match="needs hours"):
        beside(hours, PEOPLE, each)


def pair(before, after):
    return StagePair(before, after, 1.0, before)


def test_the_next_stage_needs_two_past_events():
    projects = Counts.certain(10)
    assert carried_on(projects, []) is None
    assert carried_on(projects, [pair(9, 6)]) is None
    assert carried_on(projects, [pair(9, 6), pair(0, 0)]) is None
    assert carried_on(None, [pair(9, 6), pair(8, 5)]) is None
    found = carried_on(projects, [pair(9, 6), pair(8, 5), pair(12, 8)])
    low, high = found.interval(0.8)
    assert low < 7 < high <= 10
