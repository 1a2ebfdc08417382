"""Promises against weeks of exactly twenty hours, where everything can be worked out by hand."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.workload import commitments
from almanac.core.workload.commitments import Capacity, Promise, WorkloadDraws
from almanac.core.workload.expert_pool import LEVELS

TWENTY = Capacity(np.log(21), 0.0, 0.0, 0.0, 0.0, 0.0, 50)


def promise(row, hours, due, **more):
    return Promise(row, np.full(200, float(hours)), float(due), **more)


def sure(*promises, free=(1.0,) * 6):
    return WorkloadDraws(promises, TWENTY, free, doubt=0.0, draws=200)


# What is learnt of weeks


def test_without_weeks_the_declared_hours_are_all_that_is_known():
    found = commitments.learn([], 30.0)
    usual, _ = commitments.PERSISTENCE_PRIOR
    inflation = (1 + usual) / (1 - usual)

    assert found.level == pytest.approx(np.log(31))
    assert found.spread == pytest.approx(commitments.PRIOR_SPREAD)
    assert found.persistence == pytest.approx(usual)
    assert found.doubt == pytest.approx(
        commitments.PRIOR_SPREAD * np.sqrt(inflation / commitments.PRIOR_WEEKS)
    )
    assert (found.last, found.empty, found.weeks) == (0, 0, 0)
    assert commitments.learn([], 0.0).usual == pytest.approx(1.0)


@pytest.mark.parametrize("weekly", [[0.0, 20.0, 30.0, 0.0, 45.0], [0.5, 0.0, 2.0]])
def test_weeks_are_weighed_by_age_and_those_without_work_are_counted_apart(weekly):
    found = commitments.learn(weekly, 25.0)
    hours = np.array(weekly)
    n = (hours > 0).sum()
    age = commitments.RECENCY ** np.arange(len(hours) - 1, -1, -1)
    weights = commitments.RECENCY ** np.arange(n - 1, -1, -1)
    mass = weights.sum() + commitments.PRIOR_WEEKS
    logs = np.log(hours[hours > 0] + 1)
    level = (commitments.PRIOR_WEEKS * np.log(26) + weights @ logs) / mass
    left = logs - level
    squares = commitments.PRIOR_WEEKS * commitments.PRIOR_SPREAD**2 + weights @ left**2
    variance = squares / mass
    usual, strength = commitments.PERSISTENCE_PRIOR
    products = sum(weights[k] * left[k] * left[k - 1] for k in range(1, n))
    rho = (usual * strength + products / variance) / (strength + weights.sum() - 1)

    nothing = age[hours == 0].sum()
    assert found.empty == pytest.approx(nothing / (commitments.EMPTY_WEEKS + age.sum()))
    assert found.level == pytest.approx(level)
    assert found.spread == pytest.approx(np.sqrt(variance))
    assert found.persistence == pytest.approx(rho)
    assert found.doubt == pytest.approx(np.sqrt(variance * (1 + rho) / (1 - rho) / mass))
    assert found.last == pytest.approx(left[-1])
    assert (found.weeks, found.usual) == (len(weekly), pytest.approx(np.exp(level) - 1))


def test_one_week_without_work_leaves_hours_as_declared():
    found = commitments.learn([0.0], 25.0)

    assert (found.usual, found.last) == (pytest.approx(25), 0)
    assert found.empty == pytest.approx(1 / (1 + commitments.EMPTY_WEEKS))


def test_what_was_later_says_more():
    rising, falling = [10.0] * 15 + [40.0] * 15, [40.0] * 15 + [10.0] * 15

    assert commitments.learn(rising, 20.0).usual > commitments.learn(falling, 20.0).usual


def test_weeks_never_push_against_one_another():
    assert commitments.learn([5.0, 90.0] * 20, 20.0).persistence == 0
    slow = [float(np.exp(3 + 2 * np.sin(n / 12))) for n in range(150)]
    assert commitments.learn(slow, 20.0).persistence == pytest.approx(0.9)


# Weeks drawn


def weeks(capacity, free, draws=40_000):
    return commitments.draw_weeks(capacity, free, draws, np.random.default_rng(4))


def test_a_week_holds_the_share_of_usual_hours_that_is_free():
    found = weeks(TWENTY, [1.0, 0.5, 0.0, 2.0], 3)

    assert found == pytest.approx(np.array([[20, 10, 0, 40]] * 3))


def test_what_was_unusual_last_week_fades():
    busy = Capacity(np.log(21), 0.0, 0.0, 0.5, np.log(4), 0.0, 50)

    found = weeks(busy, [1.0, 1.0], 3)

    assert found == pytest.approx(np.array([[21 * 2 - 1, 21 * 2**0.5 - 1]] * 3))


def test_weeks_below_nothing_hold_nothing():
    assert weeks(Capacity(-1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0), [1.0], 2).tolist() == [[0], [0]]


def test_weeks_vary_with_heavy_tails_around_a_level_that_is_not_known():
    """Student's t with six degrees of freedom, brought to variance one."""
    logs = np.log1p(weeks(Capacity(9.0, 0.0, 0.5, 0.0, 0.0, 0.0, 50), [1.0]))[:, 0] - 9
    for level in (0.005, 0.1, 0.9, 0.995):
        wanted = 0.5 * stats.t(6).ppf(level) * np.sqrt(4 / 6)
        assert np.quantile(logs, level) == pytest.approx(wanted, rel=0.06)
    doubted = np.log1p(weeks(Capacity(9.0, 0.3, 0.0, 0.0, 0.0, 0.0, 50), [1.0, 1.0])) - 9
    assert doubted.std() == pytest.approx(0.3, rel=0.02)
    assert doubted[:, 0] == pytest.approx(doubted[:, 1])


def test_a_week_is_like_the_one_before_it_and_varies_no_more():
    """Of an AR(1) from a known start: variance 1 - r² and 1 - r⁴, covariance r (1 - r²)."""
    logs = np.log1p(weeks(Capacity(9.0, 0.0, 1.0, 0.6, 0.0, 0.0, 50), [1.0, 1.0])) - 9
    together = np.cov(logs.T)

    assert together[0, 0] == pytest.approx(1 - 0.36, rel=0.05)
    assert together[1, 1] == pytest.approx(1 - 0.6**4, rel=0.05)
    assert together[0, 1] == pytest.approx(0.6 * (1 - 0.36), rel=0.05)


def test_some_weeks_hold_nothing():
    found = weeks(Capacity(np.log(21), 0.0, 0.0, 0.0, 0.0, 0.25, 50), [1.0])

    assert (found == 0).mean() == pytest.approx(0.25, abs=0.01)
    assert found.max() == pytest.approx(20)


# Hours drawn


def test_every_part_of_a_forecast_of_hours_is_drawn_as_often():
    on = WorkloadDraws([], TWENTY, [1.0], doubt=0.0, draws=2000)
    found = np.sort(on._hours(Promise(3, LEVELS * 100, 7.0)))

    parts = np.clip((np.arange(1000) + 0.5) / 10, 0.25, 99.75)
    assert found == pytest.approx(np.repeat(parts, 2), abs=1e-4)


def test_two_promises_are_not_drawn_alike_but_are_wrong_together():
    on = WorkloadDraws([], TWENTY, [1.0], doubt=0.4, draws=20_000)
    one, other = (np.log(on._hours(promise(row, 10, 7))) - np.log(10) for row in (1, 2))
    assert one == pytest.approx(other)
    assert one == pytest.approx(np.log(on.bias), abs=1e-6)
    assert (one.mean(), one.std()) == (pytest.approx(0, abs=0.01), pytest.approx(0.4, rel=0.02))

    apart = WorkloadDraws([], TWENTY, [1.0], doubt=0.0, draws=20_000)
    first, second = (apart._hours(Promise(row, LEVELS, 7.0)) for row in (1, 2))
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.03


def test_estimates_are_wrong_together_by_a_seventh_unless_said_otherwise():
    assert np.log(WorkloadDraws([], TWENTY, [1.0]).bias).std() == pytest.approx(1 / 7, rel=0.08)


# What weeks hold until a day


@pytest.mark.parametrize(
    ("day", "hours"), [(-3, 0), (0, 0), (3.5, 10), (7, 20), (10.5, 25), (14, 30), (21, 40)]
)
def test_weeks_are_worked_evenly_and_the_last_goes_on(day, hours):
    assert sure(free=(1.0, 0.5)).room(day) == pytest.approx(np.full(200, hours))


@pytest.mark.parametrize(
    ("needed", "day"),
    [(0, 0), (5, 1.75), (20, 7), (25, 15.75), (40, 21), (40.1, None)],
)
def test_work_is_done_on_the_day_its_hours_are_worked(needed, day):
    assert sure(free=(1.0, 0.0, 1.0))._done(needed) == (day and pytest.approx(day, rel=1e-5))


def test_hours_of_a_share_of_a_week():
    assert sure().holds(0.5) == pytest.approx((10, 10, 10))
    unsure = WorkloadDraws([], Capacity(np.log(21), 0.3, 0.4, 0.0, 0.0, 0.0, 50), [1.0])
    wanted = np.exp(stats.norm(np.log(21), 0.5).ppf([0.1, 0.5, 0.9])) - 1
    assert unsure.holds(2.0) == pytest.approx(tuple(2 * wanted), rel=0.06)
    wanted = np.exp(stats.norm(np.log(21), 0.5).ppf([0.3, 0.5, 0.7])) - 1
    assert unsure.holds(1.0, 0.7) == pytest.approx(tuple(wanted), rel=0.06)
    never = WorkloadDraws([], Capacity(-2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0), [1.0])
    assert never.holds(1.0) == (0, 0, 0)
