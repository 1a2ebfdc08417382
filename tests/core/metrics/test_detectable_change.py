import numpy as np
import pytest

from almanac.core.metrics.detectable_change import moved_with, sensitivity
from almanac.core.refusals import Refusal


def counts(mean, n, seed=0, shape=10.0):
    random = np.random.default_rng(seed)
    return [float(v) for v in random.poisson(random.gamma(shape, mean / shape, n))]


@pytest.mark.parametrize("mean", [3, 40])
def test_weeks_in_which_nothing_changed_seldom_leave_the_bounds(mean):
    """Nominal 5 %; benchmarks/sensitivity.py measures the rest."""
    out = 0
    for seed in range(150):
        series = counts(mean, 65, seed)
        card = sensitivity(series[:52], counts=True)
        for threshold in card.thresholds[1:2]:
            after = np.mean(series[52 : 52 + threshold.weeks])
            low = -1.0 if threshold.below is None else threshold.below
            out += not low <= after <= threshold.above
    assert out <= 16


def test_a_large_change_is_seen():
    card = sensitivity(counts(20, 80), counts=True)

    assert card.thresholds[-1].above < 40
    assert card.thresholds[0].above > card.thresholds[-1].above > card.usual


@pytest.mark.parametrize(
    ("series", "refusal"),
    [
        ([], Refusal.TOO_FEW_VALUES),
        ([3.0] * 12, Refusal.TOO_FEW_VALUES),
        ([3.0] * 60, Refusal.NEVER_VARIED),
        ([0.0] * 60, Refusal.NEVER_VARIED),
        ([None] * 60, Refusal.TOO_FEW_VALUES),
        ([float(n) for n in range(80)], Refusal.DRIFTS),
    ],
)
def test_what_cannot_be_told_is_refused_by_name(series, refusal):
    assert sensitivity(series, counts=False).refusal == refusal


def test_less_than_a_year_is_wider_and_gaps_are_left_out():
    short = sensitivity(counts(20, 30), counts=True)
    gaps = sensitivity([v if n % 5 else None for n, v in enumerate(counts(20, 100))], counts=True)

    assert short.wide
    assert (gaps.missing, gaps.weeks, gaps.wide) == (20, 80, False)


def test_two_metrics_that_moved_together_are_found_and_noise_is_not():
    random = np.random.default_rng(2)
    leading = random.normal(size=120).cumsum()
    following = np.roll(leading, 3) + random.normal(scale=0.2, size=120)
    noise = random.normal(size=120).cumsum()

    found = moved_with(list(leading[4:]), list(following[4:]), tries=5)
    none = moved_with(list(leading[4:]), list(noise[4:]), tries=5)

    assert (found.lag, found.chance < 0.001, found.correlation > 0.8) == (3, True, True)
    assert none.chance > 0.05
    assert moved_with([1.0] * 20, [2.0] * 20) is None


def test_a_fall_below_zero_is_never_asked_of_what_was_never_below_it():
    random = np.random.default_rng(7)
    hours = list(random.gamma(1.0, 10.0, 60))
    first = sensitivity(hours, counts=False).thresholds[0]
    assert first.below is None
    balance = [value - 10 for value in hours]
    assert sensitivity(balance, counts=False).thresholds[0].below < 0
