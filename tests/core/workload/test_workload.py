"""Forecasts of work: pooled experts, throughput, estimates, promises; flow and rest."""

from datetime import date, datetime, time

import numpy as np
import pytest

from almanac.core.workload import estimates, flow, rest_days, throughput
from almanac.core.workload.expert_pool import (
    LEVELS,
    Pool,
    PoolCoverage,
    between,
    crps,
    sample_crps,
    weighted_quantiles,
)


def normal(mean, spread):
    from scipy.special import ndtri

    return mean + spread * ndtri(LEVELS)


def test_crps_is_that_of_a_normal_distribution():
    """Gneiting & Raftery 2007, equation 21, at one sd above the mean: .6024."""
    assert crps(normal(0.0, 1.0), 1.0) == pytest.approx(0.6024, abs=0.004)
    assert sample_crps(np.array([1.0, 3.0]), 2.0) == pytest.approx(1.0 - 0.5)


def test_where_an_outcome_fell_counts_atoms_as_mass():
    quantiles = np.where(LEVELS < 0.3, 1.0, np.where(LEVELS < 0.8, 4.0, 9.0))
    below, upto, pit = between(quantiles, 4.0, 0.5)
    assert (below, upto) == pytest.approx((0.3, 0.8), abs=0.01)
    assert pit == pytest.approx((below + upto) / 2)
    assert between(quantiles, 0.0, 0.5)[1] == 0
    assert between(quantiles, 99.0, 0.5)[0] == 1


def test_weights_of_quantiles_matter():
    plain = weighted_quantiles(np.array([1.0, 2.0, 9.0]), np.array([1.0, 1.0, 1.0]))
    heavy = weighted_quantiles(np.array([1.0, 2.0, 9.0]), np.array([1.0, 1.0, 8.0]))
    assert heavy.mean() > plain.mean() + 2


def test_the_better_expert_gets_the_say_and_ranges_are_bent_to_the_truth():
    random = np.random.default_rng(1)
    pool = Pool(2)
    pits = []
    for _ in range(500):
        each = np.stack([normal(0.0, 0.7), normal(3.0, 0.7)])
        observed = float(random.normal())
        pits.append(between(pool.forecast(each), observed, 0.5)[2])
        pool.learn(each, observed, 0.5)
    assert pool.weights[0] > 0.9
    held = PoolCoverage.of(pits[200:])
    assert held.eighty == pytest.approx(0.8, abs=0.05)


def worker(seed, n=260, planned=1.46):
    random = np.random.default_rng(seed)
    room = 12 * np.exp(0.3 * random.standard_normal(n))
    plans = np.round(12 * np.exp(random.normal(np.log(planned), 0.4, n)))
    done = random.poisson(np.minimum(plans * 1.2, room * (plans / 12 / planned) ** 0.35))
    return [throughput.PlannedPeriod(float(p), float(d)) for p, d in zip(plans, done, strict=True)]


def test_finished_work_is_forecast_better_than_by_the_plan_the_ratio_and_the_past():
    found = [throughput.replay(worker(seed)) for seed in range(6)]
    ours = np.mean([one.crps for one in found])
    for baseline in ("crps_plan", "crps_plan_x_ratio", "crps_trailing"):
        assert ours < np.mean([getattr(one, baseline) for one in found])
    assert np.mean([one.coverage.eighty for one in found]) == pytest.approx(0.8, abs=0.04)


def test_nothing_later_is_used():
    rows = worker(7)
    whole = throughput.replay(rows)
    changed = [*rows[:200], *[throughput.PlannedPeriod(1.0, 500.0)] * 60]
    again = throughput.replay(changed)
    for one, other in zip(whole.made[:140], again.made[:140], strict=True):
        assert np.array_equal(one.quantiles, other.quantiles)


def test_units_do_not_matter():
    rows = worker(8)
    pounds = [throughput.PlannedPeriod(p.planned * 0.37, p.finished * 0.37) for p in rows]
    one = throughput.forecast(rows[:100], 20.0)
    other = throughput.forecast(pounds[:100], 20.0 * 0.37)
    assert other == pytest.approx(one * 0.37, rel=0.06, abs=0.2)


@pytest.mark.parametrize("odd", [0.0, 1e6])
def test_days_without_a_plan_or_with_a_mad_one_break_nothing(odd):
    rows = worker(9, 90)
    rows[70] = throughput.PlannedPeriod(odd, 0.0)
    rows[75] = throughput.PlannedPeriod(0.0, odd)
    found = throughput.replay(rows)
    assert np.isfinite([found.crps, found.crps_trailing]).all()
    assert throughput.replay(rows[:60]) is None
    assert throughput.forecast(rows[:5], 3.0) is None


def tasks(seed, n, bias=0.0, people=3):
    random = np.random.default_rng(seed)
    made = []
    for _ in range(n):
        who = int(random.integers(people))
        hours = round(float(np.exp(random.normal(1.2, 0.8))) * 4 + 1) / 4
        exact = random.uniform() < 0.35
        took = hours if exact else hours * float(np.exp(random.normal(bias + 0.4 * who, 0.5)))
        made.append(estimates.Task(hours, took, str(who), "x"))
    return made


def test_own_estimates_are_corrected_by_own_history():
    found = estimates.replay(tasks(1, 900))
    assert found.crps < 0.85 * found.crps_point
    assert found.crps < found.crps_global
    assert found.coverage.eighty == pytest.approx(0.8, abs=0.05)


def test_no_factor_is_built_in():
    """A person whose estimates hold is not told that they take half as long again."""
    exact = [estimates.Task(float(h), float(h), "a") for h in (1, 2, 3, 4, 6, 8) * 20]
    hours = estimates.forecast(estimates.EstimateHistory(exact), 4.0, "a")
    assert np.median(hours) == pytest.approx(4.0, rel=0.01)
    new = estimates.forecast(estimates.EstimateHistory(), 4.0)
    assert np.median(new) == pytest.approx(4.0 * np.exp(0.05), rel=0.01)
    assert estimates.EstimateHistory().doubt > estimates.EstimateHistory(exact).doubt


def test_large_estimates_are_many_tasks():
    small, large = (
        estimates.forecast(estimates.EstimateHistory(), hours) for hours in (8.0, 200.0)
    )
    spread = [np.log(np.quantile(found, 0.9) / np.quantile(found, 0.1)) for found in (small, large)]
    assert spread[1] < 0.7 * spread[0]
    assert np.median(large) == pytest.approx(200 * np.exp(0.05), rel=0.01)


def test_littles_law_holds_in_a_steady_simulator():
    """Arrivals and departures balanced over a long time: L = λW (Little 1961)."""
    random = np.random.default_rng(3)
    came = np.cumsum(random.exponential(2.0, 4000))
    left = came + random.gamma(3.0, 3.0, 4000)
    stays = [flow.Stay(float(c), float(g)) for c, g in zip(came, left, strict=True)]
    found = flow.flow(stays, 500.0, 7500.0)
    assert found.steady
    assert found.in_progress == pytest.approx(found.throughput * found.cycle, rel=0.02)
    assert found.expected_cycle == pytest.approx(9.0, rel=0.05)
    came_by, left_by = flow.cumulative(stays, [1000.0, 2000.0])
    inside = sum(one.came <= 2000.0 < one.left for one in stays)
    assert came_by[1] - left_by[1] == inside


def test_a_flow_of_nothing():
    found = flow.flow([], 0.0, 90.0)
    assert (found.in_progress, found.cycle, found.expected_cycle) == (0.0, None, None)


def day(number):
    return date(2026, 3, number)


def test_the_last_time_off_is_before_today():
    worked = {day(n) for n in (1, 2, 3, 12, 14, 15, 16)}
    one, week, fortnight = rest_days.last_off(worked, day(1), day(17))
    assert (one.ended, one.ago) == (day(13), 4)
    assert (week.ended, week.ago) == (day(11), 6)
    assert fortnight.ended is None


def at(hour, minute=0, on=4):
    return datetime(2026, 3, on, hour, minute)


def test_meetings_of_a_week():
    blocks = [
        rest_days.Block(at(9), at(10)), rest_days.Block(at(10), at(11)), rest_days.Block(at(11, 3), at(12)),
        rest_days.Block(at(13), at(14)), rest_days.Block(at(17, 30), at(19)),
        rest_days.Block(at(10, on=7), at(12, on=7)),
    ]  # fmt: skip
    found = rest_days.week(blocks, time(9), time(18), {5, 6})
    assert found.hours == pytest.approx(1 + 1 + 57 / 60 + 1 + 1.5 + 2)
    assert found.evening == pytest.approx(1.0)
    assert found.weekend == pytest.approx(2.0)
    assert found.back_to_back == 2
    assert found.longest == pytest.approx(3.0)


def test_momentum_is_the_mean_of_the_five_periods_before():
    finished = np.arange(1.0, 9.0)
    before, now = throughput._momentum(finished)(finished[:6])
    assert now == pytest.approx(np.log1p(finished[-5:]).mean())
    assert before[-1] == pytest.approx(np.log1p(finished[-6:-1]).mean())
