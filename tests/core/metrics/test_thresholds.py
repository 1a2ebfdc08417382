"""Thresholds of a metric, worked out again with scipy and the covariance of neighbours."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.metrics import detectable_change
from almanac.core.metrics.detectable_change import Threshold, moved_with, sensitivity
from almanac.core.refusals import Refusal


def memory(left):
    """Lag-one correlation of neighbours that are known, its bias put back."""
    left = left - np.nanmean(left)
    both = ~np.isnan(left[1:] * left[:-1])
    n = both.sum()
    r = np.mean((left[1:] * left[:-1])[both]) / np.nanmean(left**2)
    return min(max(r + (1 + 3 * r) / n, 0), 0.95)


def reach(left, r, weeks, used=1):
    """Of a t interval for the difference of two means, wider as neighbours are alike."""
    n = (~np.isnan(left)).sum()
    sure = min(max(r - 0.2 / np.sqrt(n), 0), 0.7)
    variance = np.nansum((left - np.nanmean(left)) ** 2) / (n - used)
    error = np.sqrt(variance * (1 / weeks + used / n) * (1 + sure) / (1 - sure))
    return detectable_change.WIDER * error * stats.t.ppf(0.975, n - used)


def hours(n, seed=1):
    """Around forty, each a third like the one before it."""
    random = np.random.default_rng(seed)
    made = [random.normal()]
    for _ in range(n - 1):
        made.append(0.35 * made[-1] + random.normal() * np.sqrt(1 - 0.35**2))
    return [40 + 5 * each for each in made]


@pytest.mark.parametrize(("weeks", "wide"), [(60, False), (52, False), (51, True)])
def test_thresholds_are_a_t_range_of_two_means_with_memory(weeks, wide):
    values = np.array(hours(weeks))
    left = values - values.mean()
    r = memory(left)
    card = sensitivity(list(values), counts=False)

    assert card.usual == pytest.approx(values.mean())
    assert card.noise == pytest.approx(values.std(ddof=1))
    assert card.autocorrelation == pytest.approx(r)
    assert (card.weeks, card.missing, card.wide, card.refusal) == (weeks, 0, wide, None)
    assert [each.weeks for each in card.thresholds] == [4, 8, 13]
    for each in card.thresholds:
        error = reach(left, r, each.weeks)
        assert each.usual == pytest.approx(values.mean())
        assert each.above == pytest.approx(values.mean() + error)
        assert each.below == pytest.approx(values.mean() - error)
        assert each.share == pytest.approx(error / values.mean())


def test_gaps_take_nothing_but_what_they_hide():
    values = np.array(hours(70))
    values[[3, 20, 21, 55]] = np.nan
    left = values - np.nanmean(values)
    r = memory(left)
    card = sensitivity([None if np.isnan(v) else v for v in values], counts=False)

    assert (card.weeks, card.missing) == (66, 4)
    assert card.autocorrelation == pytest.approx(r)
    error = reach(left, r, 4)
    assert card.thresholds[0].above == pytest.approx(np.nanmean(values) + error)


def test_counts_are_seen_by_their_roots_and_given_back_as_means():
    values = np.random.default_rng(9).poisson(6, 60).astype(float)
    roots = 2 * np.sqrt(values + 3 / 8)
    left = roots - roots.mean()
    r = memory(left)
    card = sensitivity(list(values), counts=True)
    lift = left.var(ddof=1) / 4

    assert card.usual == pytest.approx(values.mean())
    for each in card.thresholds:
        error = reach(left, r, each.weeks)
        low, usual, high = (
            (roots.mean() + move) ** 2 / 4 - 3 / 8 + lift for move in (-error, 0, error)
        )
        assert (each.below, each.usual, each.above) == pytest.approx((low, usual, high))


@pytest.mark.parametrize("mean", [0.4, 1, 1.3, 1.6, 2, 2.5, 3, 4, 6])
def test_a_fall_of_small_counts_below_nothing_is_not_waited_for(mean):
    values = np.random.default_rng(9).poisson(mean, 60).astype(float)
    roots = 2 * np.sqrt(values + 3 / 8)
    left = roots - roots.mean()
    r = memory(left)
    for each in sensitivity(list(values), counts=True).thresholds:
        low = roots.mean() - reach(left, r, each.weeks)
        assert (each.below is None) == (low <= 2 * np.sqrt(3 / 8))


def test_a_fall_below_nothing_is_waited_for_where_there_was_one():
    values = [value - 36 for value in hours(60)]
    assert min(values) < 0
    assert sensitivity(values, counts=False).thresholds[0].below is not None
    above = [value - min(values) for value in values]
    card = sensitivity(above, counts=False)
    assert card.thresholds[0].below > 0
    few = np.random.default_rng(2).gamma(0.3, 10.0, 60)
    assert sensitivity(list(few), counts=False).thresholds[0].below is None


def test_two_years_show_a_season_by_least_squares():
    weeks = np.arange(110)
    angle = 2 * np.pi * weeks / 52.18
    values = 50 + 9 * np.sin(angle) - 4 * np.cos(angle) + np.random.default_rng(3).normal(0, 2, 110)
    x = np.column_stack([np.ones(110), np.sin(angle), np.cos(angle)])
    beta, *_ = np.linalg.lstsq(x, values)
    left = values - x @ beta
    r = memory(left)
    card = sensitivity(list(values), counts=False)

    for each in card.thresholds:
        ahead = 2 * np.pi * (110 + np.arange(each.weeks)) / 52.18
        coming = np.array([1, np.sin(ahead).mean(), np.cos(ahead).mean()])
        error = reach(left, r, each.weeks, used=3)
        assert each.usual == pytest.approx(coming @ beta)
        assert each.above == pytest.approx(coming @ beta + error)
    assert card.usual == pytest.approx(values.mean())


@pytest.mark.parametrize(("weeks", "seasonal"), [(103, False), (104, True)])
def test_a_season_takes_two_full_years(weeks, seasonal):
    usual = [each.usual for each in sensitivity(hours(weeks), counts=False).thresholds]

    assert (usual[0] != pytest.approx(usual[2])) is seasonal


def test_only_the_latest_three_years_count():
    latest = hours(156)

    assert sensitivity([9e9] * 30 + latest, counts=False) == sensitivity(latest, counts=False)


def test_a_card_that_is_refused_still_says_what_is_known():
    assert sensitivity(hours(13), counts=False).refusal is None
    few = sensitivity([4.0, None, 8.0], counts=False)
    assert (few.usual, few.noise, few.weeks, few.missing) == (6, 0, 2, 1)
    assert (few.thresholds, few.wide) == ((), True)
    none = sensitivity([], counts=False)
    assert (none.usual, none.weeks) == (0, 0)
    drifts = sensitivity([float(n) for n in range(80)], counts=False)
    assert (drifts.refusal, drifts.usual, drifts.weeks) == (Refusal.DRIFTS, 39.5, 80)
    assert drifts.noise == pytest.approx(np.std(range(80), ddof=1))
    assert drifts.autocorrelation > detectable_change.MOST_AUTOCORRELATION
    assert (drifts.thresholds, drifts.wide) == ((), True)


def test_a_rise_from_nothing_has_no_share():
    assert Threshold(4, None, 3.0, 0.0).share is None
    assert Threshold(4, None, 3.0, 2.0).share == pytest.approx(0.5)
    assert Threshold(4, None, 0.6, 0.5).share == pytest.approx(0.2)


def test_memory_is_none_where_hardly_any_neighbours_are_known():
    assert detectable_change._autocorrelation(np.array([1.0, 2, 3, 4, 5, 6])) == 0
    assert detectable_change._autocorrelation(np.array([1.0, -1.0] * 4)) == 0
    assert detectable_change._autocorrelation(np.linspace(5, 6, 90)) == 0.95


# Two metrics


def remembering(n, seed):
    random = np.random.default_rng(seed)
    made = np.zeros(n)
    for t in range(1, n):
        made[t] = 0.6 * made[t - 1] + random.normal()
    return made


def pair(n=80, lag=2):
    """An outcome whose changes follow on those of a metric, with noise and with memory."""
    changes = remembering(n + 20, 5)
    others = np.roll(changes, lag) + 2.5 * remembering(n + 20, 6)
    return changes[20:].cumsum(), others[20:].cumsum()


@pytest.mark.parametrize("tries", [0, 1, 3])
def test_changes_are_correlated_at_each_lag_and_every_try_is_paid_for(tries):
    metric, outcome = pair()
    first, second = np.diff(metric), np.diff(outcome)
    lags = [np.corrcoef(first[: 79 - lag], second[lag:])[0, 1] for lag in range(9)]
    lag = int(np.argmax(np.abs(lags)))
    ahead, behind = first[: 79 - lag], second[lag:]
    memory = 1 + 2 * sum(
        np.corrcoef(ahead[:-k], ahead[k:])[0, 1] * np.corrcoef(behind[:-k], behind[k:])[0, 1]
        for k in range(1, 5)
    )
    free = (79 - lag) / memory - 2
    alone = 2 * stats.t.sf(abs(lags[lag]) * np.sqrt(free / (1 - lags[lag] ** 2)), free)

    found = moved_with(list(metric), list(outcome), tries)

    assert memory > 1
    assert (found.lag, found.weeks) == (lag, 79 - lag)
    assert found.correlation == pytest.approx(lags[lag])
    assert found.chance == pytest.approx(min(1, alone * 9 * max(tries, 1)))


def test_the_longer_of_two_is_compared_over_its_latest_weeks():
    metric, outcome = pair()
    older = [1e6, -1e6, *metric]

    assert moved_with(older, list(outcome)) == moved_with(list(metric), list(outcome))


def test_weeks_missing_on_either_side_are_left_out():
    metric, outcome = (list(each) for each in pair())
    metric[10] = outcome[40] = None

    found = moved_with(metric, outcome)

    assert found.weeks == 79 - found.lag - 4


def test_a_year_is_enough_and_what_stands_still_moves_with_nothing():
    metric, outcome = pair(52)

    assert moved_with(list(metric), list(outcome)).weeks >= 43
    assert moved_with([3.0] * 80, list(pair()[1])) is None
    assert moved_with(list(pair()[0]), [3.0] * 80) is None


def test_a_metric_moves_with_itself_for_sure():
    metric, _ = pair()
    found = moved_with(list(metric), list(-metric))

    assert (found.lag, found.correlation) == (0, pytest.approx(-1))
    assert found.chance < 1e-9


def test_a_single_spike_is_in_neither_the_usual_week_nor_the_thresholds():
    calm = [float(v) for v in np.random.default_rng(1).poisson(100, 41)]
    card = sensitivity([*calm, 3000.0], counts=True)
    plain = sensitivity([*calm, None], counts=True)

    assert card.one_offs == (41,)
    assert (card.usual, card.noise) == (plain.usual, plain.noise)
    assert card.thresholds == plain.thresholds
    assert card.missing == 0
    assert sensitivity([*[5.0] * 200, *calm, 3000.0], counts=True).one_offs == (241,)
