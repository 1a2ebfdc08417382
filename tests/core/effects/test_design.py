"""What estimators are given: designs, memory, ranges; and the log ratio by scipy."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.effects import Design, log_ratio
from almanac.core.effects.design import Effect, leaves_out_none, memory_of, varies
from almanac.core.effects.sequential import every_look
from almanac.core.refusals import Refusal


def test_periods_are_known_where_nothing_is_missing():
    found = Design.of(
        [1, None, 3, 4, 5, None, 7], [[1, 2, 3, 4, 5, 6, 7], [2, 2, None, 2, 2, 2, 2]], 4
    )

    assert found.others.shape == (7, 2)
    assert found.known.tolist() == [True, False, False, True, True, False, True]
    assert (found.before.tolist(), found.after.tolist()) == ([0, 3], [4, 6])
    assert Design.of([1, 2], [], 1).others.shape == (2, 0)


def test_a_design_is_cut_earlier_and_made_with_fewer_comparisons():
    whole = Design.of([1, 2, 3, 4, 5], [[1] * 5, [2] * 5, [3] * 5], 4)
    cut = whole.cut_at(2, 4)
    fewer = whole.with_others(np.array([0, 2]))

    assert (cut.y.tolist(), cut.others.shape, cut.start) == ([1, 2, 3, 4], (4, 3), 2)
    assert (fewer.others[0].tolist(), fewer.start) == ([1, 3], 4)


@pytest.mark.parametrize(
    ("low", "high", "clear"),
    [(0.1, 2, True), (0, 2, False), (-2, 0, False), (-2, -0.1, True), (-1, 1, False),
     (None, -1, False), (1, None, False)],
)  # fmt: skip
def test_a_range_is_clear_where_it_leaves_out_none(low, high, clear):
    assert leaves_out_none(low, high) is clear
    assert Effect("x", low=low, high=high).is_clear is clear


def test_rounding_is_no_variation():
    assert varies(np.array([1.0, 1.1]))
    assert not varies(np.array([1e12, 1e12 + 1]))
    assert varies(np.array([1e12, 1e12 + 2000]))
    assert not varies(np.array([-1e12, -1e12 + 1]))
    assert not varies(np.zeros(4))
    assert not varies(np.empty(0))


def correlations(series):
    left = series - series.mean()
    n = len(left)
    return [left[k:] @ left[: n - k] / (left @ left) + 1 / n for k in range(1, 9)]


def ar(r, n, seed):
    random = np.random.default_rng(seed)
    made = [random.normal()]
    for _ in range(n - 1):
        made.append(r * made[-1] + random.normal() * np.sqrt(1 - r**2))
    return np.array(made)


def test_memory_of_a_long_quiet_series_is_its_lag_one():
    series = ar(0.3, 60, 2)
    r = correlations(series)[0]
    found = memory_of(series)

    assert 0 < r < 0.4
    assert found.r == pytest.approx(r)
    assert found.inflation == pytest.approx((1 + r) / (1 - r))
    assert not found.slow
    assert not found.is_too_long


def test_much_memory_is_raised_by_four_of_itself_over_the_length():
    series = ar(0.6, 60, 1)
    r = correlations(series)[0] * (1 + 4 / 60)
    found = memory_of(series)

    assert r > 0.45
    assert (found.r, found.slow) == (pytest.approx(r), True)
    assert found.inflation == pytest.approx((1 + r) / (1 - r))


@pytest.mark.parametrize(("n", "more"), [(19, 0.2), (20, 0.0)])
def test_a_short_series_is_given_a_fifth(n, more):
    series = ar(0.0, n, 6)
    r = correlations(series)[0]
    found = memory_of(series)

    assert 0 < r < 0.4
    assert found.r == pytest.approx(r + more)
    assert found.slow is (more > 0)


def test_eight_lags_count_where_they_say_half_as_much_again():
    series = np.sin(np.arange(60) / 8) * 0.9 + np.random.default_rng(9).normal(0, 0.8, 60)
    found = memory_of(series)
    lags = correlations(series)

    assert found.inflation == pytest.approx(1 + 2 * sum(lags))
    assert found.slow
    few = series[:21]
    lags = correlations(few)[:7]
    assert 1 + 2 * sum(lags) > 1.5 * (1 + lags[0]) / (1 - lags[0])
    assert memory_of(few).inflation == pytest.approx(1 + 2 * sum(lags))


def test_memory_has_ends():
    assert memory_of(np.array([1.0, -1.0] * 20)).r == 0
    assert memory_of(np.linspace(0, 1, 60)).r == 0.9
    assert memory_of(np.linspace(0, 1, 60)).is_too_long
    same = memory_of(np.full(9, 4.0))
    assert (same.r, same.inflation, same.slow) == (0, 1, False)


# The log ratio


def counted(n=34, start=26, lift=1.6):
    random = np.random.default_rng(11)
    rate = np.where(np.arange(n) < start, 30.0, 30.0 * lift)
    return Design.of(list(random.poisson(rate)), [list(random.poisson(90, n))], start)


def test_the_difference_of_means_is_as_sure_as_memory_leaves_it():
    past, present = np.array([1.0, 3, 2, 5, 4]), np.array([9.0, 7])
    change, error, free = log_ratio.compare(past, present, 0.5)

    assert change == 5
    assert error == pytest.approx(past.std(ddof=1) * np.sqrt(0.5 * (1 / 5 + 1 / 2)))
    assert free == 8
    assert log_ratio.compare(past, present, 3.0)[2] == 4


@pytest.mark.parametrize("planned", [None, 3, 12])
def test_the_log_ratio_is_a_t_range_widened_for_memory_and_looks(planned):
    design = counted()
    y, other = design.y, design.others[:, 0]
    z = np.log(y + 0.5) - np.log(other + 0.5)
    inflation = memory_of(z[:26]).inflation
    free = max(4, 25 / inflation)
    error = z[:26].std(ddof=1) * np.sqrt(inflation * (1 / 26 + 1 / 8))
    change = z[26:].mean() - z[:26].mean()
    reach = error * stats.t.ppf(0.975, free)
    if planned:
        reach = error * every_look(26, max(planned, 8), round(free))
    mean = y[26:].mean() + 0.5

    found = log_ratio.estimate(design, planned=planned)

    assert found.log == pytest.approx(change)
    assert found.effect == pytest.approx(mean - mean * np.exp(-change))
    assert found.low == pytest.approx(mean - mean * np.exp(-change + reach))
    assert found.high == pytest.approx(mean - mean * np.exp(-change - reach))
    assert found.cumulative == pytest.approx(8 * found.effect)
    assert found.chance == pytest.approx(stats.t.cdf(change / error, free))
    assert (found.error, found.free) == pytest.approx((error, free))
    assert found.slow is memory_of(z[:26]).slow


def test_what_would_have_come_is_the_usual_ratio_of_the_comparison():
    design = counted()
    z = np.log(design.y[:26] + 0.5) - np.log(design.others[:26, 0] + 0.5)
    free = max(4, 25 / memory_of(z).inflation)
    reach = stats.t.ppf(0.975, free) * z.std(ddof=1) * np.sqrt(1 + 1 / 26)
    other = design.others[26:, 0] + 0.5
    found = log_ratio.estimate(design)

    assert found.expected == pytest.approx(tuple(other * np.exp(z.mean()) - 0.5))
    assert [low for low, _ in found.band] == pytest.approx(other * np.exp(z.mean() - reach) - 0.5)
    assert [high for _, high in found.band] == pytest.approx(other * np.exp(z.mean() + reach) - 0.5)


def test_without_a_comparison_what_is_usual_is_expected():
    y = [0.25, 0.0, 0.5, 0.125] * 5 + [3.0, 4.0]
    found = log_ratio.estimate(Design.of(y, [], 20))
    usual = np.exp(np.log(np.array(y[:20]) + 0.5).mean())

    assert found.expected == pytest.approx((usual - 0.5,) * 2)
    assert found.log == pytest.approx(np.log([3.5, 4.5]).mean() - np.log(usual))


def test_nothing_is_expected_below_nothing():
    design = Design.of([0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0] * 2 + [0, 3], [], 24)
    found = log_ratio.estimate(design)

    assert min(low for low, _ in found.band) == 0
    assert min(found.expected) >= 0
    assert len(found.expected) == len(found.band) == 2


def test_the_log_ratio_takes_eight_periods_before_and_one_after():
    y = [12, 25, 11, 24, 18, 27, 14, 26, 23]

    assert log_ratio.estimate(Design.of(y, [], 8)).refusal is None
    assert log_ratio.estimate(Design.of(y, [], 7)).refusal is Refusal.TOO_FEW_BEFORE
    assert log_ratio.estimate(Design.of(y, [], 9)).refusal is Refusal.TOO_FEW_BEFORE
    below = [*[3] * 8, -1]
    assert log_ratio.estimate(Design.of(y, [below], 8)).refusal is Refusal.BELOW_ZERO
    assert log_ratio.estimate(Design.of(y, [[3] * 8 + [0]], 8)).refusal is None
    copied = Design.of([*y[:8], 90], [[*y[:8], 9]], 8)
    assert log_ratio.estimate(copied).refusal is Refusal.NEVER_VARIED
