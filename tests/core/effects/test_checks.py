"""Refuters, power and advice: golden values and what they must say."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.effects import Design, bsts
from almanac.core.effects.design import memory_of
from almanac.core.effects.power import Power, advice, power
from almanac.core.effects.refuters import before_trend
from almanac.core.refusals import Refusal


def without_comparison(y, start):
    return Design(np.asarray(y, dtype=float), np.empty((len(y), 0)), start)


def test_the_trend_before_is_that_of_least_squares_widened_for_memory():
    random = np.random.default_rng(12)
    y = 40 * np.exp(0.01 * np.arange(30) + random.normal(0, 0.08, 30))
    found = before_trend(without_comparison(y, 30))
    z = np.log(y + 0.5)
    line = stats.linregress(np.arange(30), z)
    left = z - line.intercept - line.slope * np.arange(30)
    reach = line.stderr * memory_of(left).inflation ** 0.5 * stats.t.ppf(0.975, 28)

    assert found.slope == pytest.approx(line.slope)
    assert found.high - found.slope == pytest.approx(reach)
    assert memory_of(left).inflation > 0


def test_memory_widens_the_trend():
    random = np.random.default_rng(2)
    steps = random.normal(0, 0.1, 60)
    walk = np.zeros(60)
    for n in range(1, 60):
        walk[n] = 0.7 * walk[n - 1] + steps[n]
    remembers = before_trend(without_comparison(30 * np.exp(walk), 60))
    z = np.log(30 * np.exp(walk) + 0.5)
    plain = stats.linregress(np.arange(60), z).stderr * stats.t.ppf(0.975, 58)

    assert remembers.high - remembers.slope > 1.5 * plain


def test_memory_is_known_for_known_series():
    random = np.random.default_rng(8)
    white = np.mean([memory_of(random.normal(size=400)).r for _ in range(40)])
    steps = random.normal(size=4000)
    strong = np.zeros(4000)
    for n in range(1, 4000):
        strong[n] = 0.6 * strong[n - 1] + steps[n]

    assert white == pytest.approx(0.02, abs=0.02)
    assert memory_of(strong).r == pytest.approx(0.6, abs=0.04)
    assert memory_of(strong).inflation == pytest.approx(4.0, rel=0.15)


def test_both_ends_of_the_structural_range_lie_equally_far_out():
    """Without trend or comparison the effect is symmetric, so the ends are as far from the middle."""
    random = np.random.default_rng(5)
    y = random.normal(50, 3, 48)
    found = bsts.estimate(without_comparison(y, 40))
    below, above = found.effect - found.low, found.high - found.effect

    assert below == pytest.approx(above, rel=0.12)
    assert above / found.error == pytest.approx(1.96, rel=0.15)


def test_power_grows_with_the_weeks_and_the_change():
    random = np.random.default_rng(3)
    y = random.poisson(30, 40)
    design = without_comparison(y, 40)
    few, many = (power(design, weeks, 0.3, runs=400) for weeks in (2, 12))
    small = power(design, 12, 0.05, runs=400)

    assert few.chance < many.chance
    assert small.chance < many.chance
    assert many.chance > 0.9
    assert many.detectable <= 0.3
    assert power(without_comparison(y[:5], 5), 4, 0.3).refusal is Refusal.TOO_FEW_BEFORE
    assert power(without_comparison(np.full(30, 4), 30), 4, 0.3).refusal is Refusal.NEVER_VARIED
    assert power(without_comparison(y - 40.0, 40), 4, 0.3).refusal is Refusal.BELOW_ZERO


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Power(0.8, 0.3, None, 0.1, 40), "would find a change of that size"),
        (Power(0.79, 0.4, None, 0.1, 40), "More weeks after"),
        (Power(0.3, 0.41, None, 0.1, 40), "cannot be seen here"),
        (Power(0.3, None, None, 0.1, 40), "cannot be seen here"),
        (Power(0.0, None, None, 0.0, 3, Refusal.TOO_FEW_BEFORE), "Just try it"),
    ],
)
def test_advice_follows_the_power(found, says):
    assert says in advice(found, 0.2)
