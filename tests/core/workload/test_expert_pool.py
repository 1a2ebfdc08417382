"""Pools of forecasters, against values worked out by hand and against numpy's own quantiles."""

import numpy as np
import pytest

from almanac.core.workload import expert_pool
from almanac.core.workload.expert_pool import (
    LEVELS,
    Pool,
    PoolCoverage,
    between,
    crps,
    sample_crps,
    weighted_quantiles,
)


def always(value):
    return np.full(200, float(value))


def test_the_score_of_a_certain_forecast_is_its_error():
    assert crps(always(2), 5.0) == pytest.approx(3)
    assert crps(always(5), 2.0) == pytest.approx(3)
    assert crps(always(5), 5.0) == 0
    assert crps(np.stack([always(1), always(4)]), 2.0) == pytest.approx([1, 2])


@pytest.mark.parametrize("observed", [-1.0, 0.0, 4.0, 10.0, 12.0])
def test_the_score_of_two_chances_is_mean_error_less_half_the_mean_gap(observed):
    """A quarter of 0 and three quarters of 10: two draws are 2 · 1/4 · 3/4 · 10 apart."""
    quantiles = np.repeat([0.0, 10.0], [50, 150])
    wanted = abs(observed) / 4 + abs(10 - observed) * 3 / 4 - 3.75 / 2

    assert crps(quantiles, observed) == pytest.approx(wanted)


def test_the_score_of_a_sample_is_mean_error_less_half_the_mean_gap():
    sample = np.array([7.0, 1.0, 4.0, 4.0, 15.0])
    apart = np.abs(sample[:, None] - sample[None, :]).mean()

    for observed in (0.0, 4.0, 20.0):
        wanted = np.abs(sample - observed).mean() - apart / 2
        assert sample_crps(sample, observed) == pytest.approx(wanted)


def test_weighted_quantiles_lie_on_middle_ranks():
    """Of weights 1, 1, 2 the middles are at 1/8, 3/8 and 3/4."""
    values, weights = np.array([9.0, 1.0, 2.0]), np.array([2.0, 1.0, 1.0])
    levels = np.array([0.05, 1 / 8, 3 / 8, 0.5, 3 / 4, 0.9])

    found = weighted_quantiles(values, weights, levels)

    assert found == pytest.approx([1, 1, 2, 2 + 7 / 3, 9, 9])


def test_equal_weights_are_ordinary_quantiles():
    values = np.array([3.0, 8.0, 1.0, 30.0, 2.5])

    found = weighted_quantiles(values, np.full(5, 0.7))

    assert found == pytest.approx(np.quantile(values, LEVELS, method="hazen"))


def test_a_place_among_even_quantiles_is_their_share():
    even = LEVELS * 100
    for observed in (1.0, 50.0, 50.1, 99.0):
        below, upto, pit = between(even, observed, 0.3)
        assert (below, upto, pit) == pytest.approx((observed / 100,) * 3)
    assert between(even, 0.2, 0.5) == (0, 0, 0)
    assert between(even, 99.8, 0.5) == (1, 1, 1)


def test_a_place_within_equal_quantiles_is_drawn_from_their_mass():
    """Sixty at 1, a hundred at 4, forty at 9: straight lines join the middle ranks."""
    quantiles = np.repeat([1.0, 4.0, 9.0], [60, 100, 40])

    assert between(quantiles, 4.0, 0.0)[2] == pytest.approx(60.5 / 200)
    assert between(quantiles, 4.0, 1.0)[2] == pytest.approx(159.5 / 200)
    assert between(quantiles, 4.0, 0.25)[2] == pytest.approx((60.5 + 0.25 * 99) / 200)
    assert between(quantiles, 2.0, 0.5)[0] == pytest.approx((59.5 + 1 / 3) / 200)
    assert between(quantiles, 0.9, 0.5)[1] == 0
    assert between(quantiles, 9.1, 0.5)[0] == 1
    assert 0 < between(quantiles, 1.0, 0.5)[0] <= 0.5 / 200
    assert between(quantiles, 1.0, 0.5)[1] == pytest.approx(59.5 / 200)
    assert between(quantiles, 9.0, 0.5)[0] == pytest.approx(160.5 / 200)
    assert 199.5 / 200 <= between(quantiles, 9.0, 0.5)[1] < 1


def test_a_pool_begins_with_the_trust_it_is_given():
    assert Pool(4).weights == pytest.approx([0.25] * 4)
    assert Pool(2, (1.0, 3.0)).weights == pytest.approx([0.25, 0.75])


def test_weight_goes_by_score_and_the_more_is_known_the_faster():
    """Errors of 2 and 2.2 are a tenth apart; ten imagined outcomes hold weights back."""
    pool = Pool(2, (1.0, 3.0))
    each = np.stack([always(2), always(2.2)])
    for seen in (1, 1 + expert_pool.MEMORY):
        pool.learn(each, 0.0, 0.5)
        gap = expert_pool.EAGERNESS * seen / (seen + 10) * 0.1
        first, second = pool.weights
        assert second / first == pytest.approx(3 * np.exp(-gap))
        assert first + second == pytest.approx(1)
        assert pool.scores == pytest.approx([2 * seen, 2.2 * seen])


def test_what_was_later_says_more():
    early, late = Pool(2), Pool(2)
    low_first = [0.0] * 20 + [10.0] * 20
    for first, second in zip(low_first, low_first[::-1], strict=True):
        for pool, observed in ((early, first), (late, second)):
            pool.learn(np.stack([always(0), always(10)]), observed, 0.5)

    assert early.weights[1] > 0.5 > late.weights[1]


def test_a_perfect_forecaster_gets_all_the_weight():
    pool = Pool(2)
    pool.learn(np.stack([always(3), always(4)]), 3.0, 0.5)

    assert pool.weights == pytest.approx([1, 0])


def test_a_pool_says_the_weighted_mean_of_quantiles_in_order():
    pool = Pool(2, (1.0, 3.0))
    each = np.stack([LEVELS * 100, LEVELS[::-1] * 20])

    found = pool.forecast(each)

    assert found == pytest.approx(np.sort(LEVELS * 25 + LEVELS[::-1] * 15))


def test_what_came_is_placed_in_what_the_pool_had_said():
    pool = Pool(2)
    pool.learn(np.stack([LEVELS * 100, LEVELS * 50]), 30.0, 0.5)

    assert pool.pits == pytest.approx([30 / 75])


@pytest.mark.parametrize(
    "pits", [[0.1] * 30, [0.0, 1.0] * 20, [0.7, 0.2, 0.9], [0.5] * 60 + [0.9] * 250]
)
def test_a_forecast_is_bent_to_where_outcomes_fell(pits):
    """A forecast even from 0 to 100 becomes a hundred times the quantiles of places, of which the
    latest count, beside as many right ones as are imagined."""
    pool = Pool(1)
    pool.pits = list(pits)
    number = int(expert_pool.DOUBT)
    right = (np.arange(1, number + 1) - 0.5) / number
    places = np.concatenate([pits[-expert_pool.RECENT :], right])

    found = pool.forecast((LEVELS * 100)[None])

    assert found == pytest.approx(100 * np.quantile(places, LEVELS, method="hazen"))


def test_beyond_the_outermost_quantiles_their_steps_go_on():
    quantiles = np.concatenate([[0.0], np.linspace(4.0, 10.0, 198), [16.0]])

    found = expert_pool._at(quantiles, np.array([0.0, LEVELS[0], 0.5, LEVELS[-1], 1.0]))

    assert found == pytest.approx([-2, 0, 7, 16, 19])


def test_the_border_of_a_range_belongs_to_it():
    found = PoolCoverage.of([0.25, 0.75, 0.1, 0.9, 0.025, 0.975, 0.0, 1.0])

    assert (found.fifty, found.eighty, found.ninety_five) == (2 / 8, 4 / 8, 6 / 8)
