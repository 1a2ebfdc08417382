"""Later half against earlier half, against scipy's Mann-Whitney and by simulation."""

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from almanac.core.metrics.recent_shift import LEAST, recent_shift


@pytest.mark.parametrize("seed", range(6))
def test_it_equals_the_exact_mann_whitney_test(seed):
    values = np.random.default_rng(seed).permutation(100)[: 8 + 2 * (seed % 3)].astype(float)
    half = len(values) // 2
    exact = mannwhitneyu(values[half:], values[:half], method="exact").pvalue
    assert recent_shift(values).chance == pytest.approx(exact)


def test_a_jump_and_a_fall_are_seen_and_noise_is_not():
    assert recent_shift([10, 12, 9, 11, 40, 52, 38, 45]).direction == 1
    assert recent_shift([40, 52, 38, 45, 10, 12, 9, 11]).direction == -1
    assert recent_shift([10, 12, 9, 11, 12, 9, 10, 11]).direction == 0


@pytest.mark.parametrize("values", [[], [5] * (LEAST - 1)])
def test_few_values_say_nothing(values):
    assert recent_shift(values) is None


@pytest.mark.parametrize(
    "values", [[0] * 8, [2000] * 12, [0, 0, 0, 0, 0, 0, 0, 3000], [1, 1, 1, 1, 1, 1, 1, 1, 2]]
)
def test_ties_silence_and_one_jump_are_no_change(values):
    assert recent_shift(values).direction == 0


@pytest.mark.parametrize("number", [8, 11, 12, 30])
def test_false_alarms_stay_under_five_in_a_hundred(number):
    rng = np.random.default_rng(number)
    alarms = [
        recent_shift(rng.negative_binomial(2, 0.05, size=number)).direction != 0 for _ in range(200)
    ]
    assert np.mean(alarms) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)
