"""Finished work: every forecaster against numpy's own quantiles and least squares."""

import numpy as np
import pytest

from almanac.core.workload import throughput
from almanac.core.workload.expert_pool import LEVELS, between, crps
from almanac.core.workload.throughput import PlannedPeriod


def plain(values):
    return np.quantile(values, LEVELS, method="hazen")


def history(number, seed=1):
    """(n, 2) of planned and finished."""
    random = np.random.default_rng(seed)
    planned = random.integers(5, 15, number).astype(float)
    return np.stack([planned, np.maximum(planned + random.integers(-4, 3, number), 0.0)], axis=1)


def periods(rows):
    return [PlannedPeriod(float(planned), float(finished)) for planned, finished in rows]


def test_the_unit_is_a_tenth_of_a_usual_period():
    assert throughput._unit(np.array([0.0, 10.0, 40.0, 20.0])) == 2.0
    assert throughput._unit(np.array([0.0, 0.5])) == 0.05
    assert throughput._unit(np.zeros(3)) == 1.0


def test_a_plan_is_done_as_far_as_plans_were_done():
    past = np.array([[10.0, 5.0], [20.0, 20.0], [0.0, 7.0], [0.5, 1.0]])

    assert throughput._by_ratio(past, 8.0) == pytest.approx(plain([4.0, 8.0, 16.0]))
    assert throughput._by_ratio(past, 0.5) == pytest.approx(plain([0.25, 0.5, 1.0]))
    assert throughput._by_ratio(past, 0.0) == pytest.approx(plain([5.0, 20.0, 7.0, 1.0]))
    assert throughput._by_ratio(past[2:3], 8.0) == pytest.approx(np.full(200, 7.0))


def test_the_trend_goes_up_to_now():
    column, now = throughput._trend(np.zeros((5, 2)))

    assert column == pytest.approx([-1, -0.75, -0.5, -0.25, 0])
    assert now == 0


def test_momentum_before_the_first_period_is_that_of_the_first():
    column, now = throughput._momentum(np.array([3.0, 8.0]))(np.zeros((2, 2)))
    low, high = np.log([4.0, 9.0])

    assert column == pytest.approx([low, (4 * low + low) / 5])
    assert now == pytest.approx((4 * low + high) / 5)


def test_the_regression_is_ridge_and_its_residuals_are_of_periods_left_out():
    """Least squares with a row for each penalty, made again without each period."""
    past = history(25)
    third, now = throughput._trend(past)
    x = np.stack([np.log1p(past[:, 0]), third], axis=1)
    y = np.log1p(past[:, 1])
    x = np.column_stack([np.ones(25), x - x.mean(axis=0)])
    penalties = np.diag(np.sqrt(throughput.RIDGE))
    wanted = np.array([np.sqrt(throughput.RIDGE[0]) * y.mean(), 0, 0])

    def fitted(kept):
        rows, values = np.vstack([x[kept], penalties]), np.concatenate([y[kept], wanted])
        return np.linalg.lstsq(rows, values)[0]

    everything = np.arange(25)
    left = [y[n] - x[n] @ fitted(everything != n) for n in range(25)]
    centre = np.log1p(past[:, 0]).mean(), third.mean()
    at = np.array([1.0, np.log1p(9.0) - centre[0], now - centre[1]]) @ fitted(everything)

    found = throughput._by_regression(past, 9.0, throughput._trend)

    assert found == pytest.approx(np.expm1(plain(at + np.array(left))))


def test_a_period_that_decides_alone_is_left_out_no_further_than_five_times():
    """One plan a thousand times the others: its residual is divided by a fifth, not by less."""
    past = np.array([[1.0, n % 3] for n in range(60)] + [[1e12, 500.0]])
    third, _ = throughput._trend(past)
    x = np.stack([np.log1p(past[:, 0]), third], axis=1)
    x = np.column_stack([np.ones(61), x - x.mean(axis=0)])
    y = np.log1p(past[:, 1])
    inverse = np.linalg.inv(x.T @ x + np.diag(throughput.RIDGE))
    beta = inverse @ (x.T @ y + np.array([throughput.RIDGE[0] * y.mean(), 0, 0]))
    leverage = np.diag(x @ inverse @ x.T)
    assert leverage.max() > 0.8
    left = (y - x @ beta) / np.where(leverage > 0.8, 0.2, 1 - leverage)
    at = x[-1] @ beta - x[-1, 2] * beta[2] + (0 - third.mean()) * beta[2]

    found = throughput._by_regression(past, 1e12, throughput._trend)

    assert found == pytest.approx(np.expm1(plain(at + left)))


def test_five_forecasters_look_back_over_windows_of_their_own():
    past = history(200) * 0.3
    unit = throughput._unit(past[:, 1])
    recent, long = past[-throughput.WINDOW :], past[-throughput.LONG :]
    found = throughput.experts(past, 3.0)

    assert found.shape == (5, 200)
    assert found[0] == pytest.approx(plain(recent[:, 1]))
    weights = throughput.RECENCY ** np.arange(len(long) - 1, -1, -1)
    order = np.argsort(long[:, 1], kind="stable")
    middle = (np.cumsum(weights[order]) - weights[order] / 2) / weights.sum()
    assert found[1] == pytest.approx(np.interp(LEVELS, middle, long[order, 1]))
    some = recent[recent[:, 0] > 0]
    assert found[2] == pytest.approx(plain(3.0 * some[:, 1] / some[:, 0]))
    trend = throughput._by_regression(recent / unit, 3.0 / unit, throughput._trend)
    assert found[3] == pytest.approx(np.maximum(trend, 0) * unit)
    momentum = throughput._momentum(past[:, 1] / unit)
    follows = throughput._by_regression(long / unit, 3.0 / unit, momentum)
    assert found[4] == pytest.approx(np.maximum(follows, 0) * unit)


def test_what_is_finished_is_never_below_nothing():
    past = np.array([[8.0, 0.0], [8.0, 30.0]] * 6)

    assert throughput.experts(past, 1.0).min() == 0


def test_eight_periods_are_enough_to_say_something():
    same = [PlannedPeriod(10.0, 10.0)] * 8

    assert throughput.forecast(same, 10.0) == pytest.approx(np.full(200, 10.0))
    assert throughput.forecast(same[:7], 10.0) is None


def test_the_pool_learns_from_each_period_after_the_eighth_and_from_four_hundred_at_most():
    assert len(throughput._taught(history(8)).pits) == 0
    assert len(throughput._taught(history(20)).pits) == 12
    assert len(throughput._taught(history(410)).pits) == 400


def test_the_pool_is_taught_what_was_planned_and_finished():
    rows = history(12)
    pool = throughput.Pool(5, throughput.TRUST)
    random = np.random.default_rng(0)
    for now in range(8, 12):
        said = throughput.experts(rows[:now], rows[now, 0])
        pool.learn(said, rows[now, 1], float(random.uniform()))

    assert throughput._taught(rows).pits == pytest.approx(pool.pits)
    assert throughput._taught(rows).weights == pytest.approx(pool.weights)


@pytest.mark.parametrize(
    ("finished", "whole"), [([1.0, 0.0], True), ([0.0, 0.0], False), ([2.0, 2.5], False)]
)
def test_whole_work_is_forecast_whole(finished, whole):
    rows = np.array([[1.0, each] for each in finished])

    found = throughput._settled(np.array([-0.4, 0.4, 1.7]), rows)

    assert found.tolist() == ([0, 0, 2] if whole else [0, 0.4, 1.7])


def brute(sample, observed):
    apart = np.abs(sample[:, None] - sample[None, :]).mean()
    return np.abs(sample - observed).mean() - apart / 2


def test_a_replay_scores_each_period_against_those_before_it():
    rows = history(66)
    rows[3, 0] = 0.0
    found = throughput.replay(periods(rows))
    later = range(60, 66)

    assert [one.row for one in found.made] == list(later)
    assert [one.observed for one in found.made] == rows[60:, 1].tolist()
    assert found.crps == pytest.approx(np.mean([crps(o.quantiles, o.observed) for o in found.made]))
    assert found.crps_plan == pytest.approx(np.abs(rows[60:, 0] - rows[60:, 1]).mean())
    trailing = [brute(rows[now - 60 : now, 1], rows[now, 1]) for now in later]
    assert found.crps_trailing == pytest.approx(np.mean(trailing))
    ratios = []
    for now in later:
        before = rows[now - 60 : now]
        before = before[before[:, 0] > 0]
        ratios.append(brute(rows[now, 0] * before[:, 1] / before[:, 0], rows[now, 1]))
    assert found.crps_plan_x_ratio == pytest.approx(np.mean(ratios))
    for one in found.made:
        below, upto, _ = between(one.quantiles, one.observed, 0.0)
        assert (one.below, one.at) == (below, upto)
        assert below <= one.pit <= upto
    inside = np.mean([abs(one.pit - 0.5) <= 0.4 for one in found.made])
    assert found.coverage.eighty == pytest.approx(inside)


def test_a_replay_needs_one_period_more_than_it_learns_from():
    rows = periods(history(61))

    assert throughput.replay(rows[:60]) is None
    assert len(throughput.replay(rows).made) == 1


def test_a_replay_without_plans_compares_with_the_past():
    rows = history(62)
    rows[:60, 0] = 0.0
    found = throughput.replay(periods(rows[:61]))

    assert found.crps_plan_x_ratio == found.crps_trailing


def test_a_replay_forecasts_as_one_would_have_at_the_time():
    """Amounts that never repeat leave nothing to draw about where they fell."""
    random = np.random.default_rng(6)
    rows = periods(np.stack([random.gamma(20, 1, 66), random.gamma(15, 1, 66)], axis=1))

    for one in throughput.replay(rows).made:
        then = throughput.forecast(rows[: one.row], rows[one.row].planned)
        assert one.quantiles == pytest.approx(then)


def test_what_was_later_says_more():
    rows = np.array([[10.0, 5.0]] * 30 + [[10.0, 9.0]] * 30)

    assert throughput.experts(rows, 10.0)[1].mean() > 7
    assert throughput.experts(rows[::-1], 10.0)[1].mean() < 7
