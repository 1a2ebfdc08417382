"""Scores of distributions of a few counts, added up by hand."""

import numpy as np
import pytest
from scipy import stats

from almanac.core import scoring
from almanac.core.counts import Counts


def ten():
    """0 to 9, each with a chance of a tenth."""
    return Counts.of(np.ones(10))


def test_the_score_beyond_what_was_thought_possible_grows_with_the_distance():
    """Of a coin between 2 and 3, half a person of doubt costs a quarter."""
    coin = Counts.of(np.ones(2), 2)

    assert [scoring.crps(coin, n) for n in (0, 2, 3, 6)] == pytest.approx([2.25, 0.25, 0.25, 3.25])


def test_a_place_is_drawn_within_the_chance_of_the_count():
    assert [scoring.randomised_pit(ten(), 3, u) for u in (0, 0.5, 1)] == pytest.approx(
        [0.3, 0.35, 0.4]
    )
    assert scoring.randomised_pit(ten(), 12, 0.5) == 1
    assert scoring.randomised_pit(ten(), -1, 0.5) == 0


@pytest.mark.parametrize(("observed", "inside"), [(0, True), (8, True), (9, False), (-1, False)])
def test_the_border_of_a_range_is_inside(observed, inside):
    """Cumulative chances reach .1 at 0 and .9 at 8."""
    found = scoring.score(ten(), observed)

    assert (found.low, found.high, found.observed) == (0, 8, observed)
    assert found.inside is inside
    assert found.crps == pytest.approx(scoring.crps(ten(), observed))


@pytest.mark.parametrize(("of", "judged"), [(9, False), (10, True)])
def test_ten_outcomes_are_enough_to_tell(of, judged):
    found = scoring.hit_rate([scoring.Scored(5, 0, 9, True, 0.0)] * of)

    assert (found.refusal is None) is judged


def test_coverage_counts_the_border():
    assert scoring.coverage([0.25, 0.5, 0.75, 0.76], 0.5) == 0.75


def test_places_are_spread_over_the_bins_that_a_count_covers():
    assert scoring.pit_histogram([(ten(), 3)]) == pytest.approx([0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    assert scoring.pit_histogram([(ten(), 3), (ten(), 9)], 5) == pytest.approx([0, 0.5, 0, 0, 0.5])
    assert scoring.pit_histogram([(Counts.certain(4), 4)], 4) == pytest.approx([0.25] * 4)
    assert scoring.pit_histogram([(ten(), 2)], 4) == pytest.approx([0, 1, 0, 0], abs=0.51)
    half = Counts.of(np.ones(2))
    assert scoring.pit_histogram([(half, 0)], 3) == pytest.approx([2 / 3, 1 / 3, 0])
    assert scoring.pit_histogram([], 2) == (0, 0)


def test_a_range_of_counts_holds_more_than_it_must():
    assert scoring.expected_coverage(ten(), 0.8) == pytest.approx(0.9)
    assert scoring.expected_coverage(Counts.of(np.array([0.05, 0.9, 0.05])), 0.8) == pytest.approx(
        0.9
    )


def test_an_exact_interval_is_of_two_betas():
    low, high = scoring.exact_interval(7, 20, 0.9)

    assert (low, high) == pytest.approx(
        (stats.beta.ppf(0.05, 7, 14), stats.beta.ppf(0.95, 8, 13)), rel=1e-6
    )
    assert scoring.exact_interval(7, 20) == pytest.approx(
        (stats.beta.ppf(0.025, 7, 14), stats.beta.ppf(0.975, 8, 13)), rel=1e-6
    )


def test_skill_is_what_is_left_of_the_reference():
    found = scoring.skill([1.0, 2.0], [4.0, 2.0], [3, 3])

    assert (found.value, found.low, found.high) == (0.5, 0.5, 0.5)
    assert scoring.skill([3.0], [2.0], [1]).value == -0.5
    assert scoring.skill([], [], []) is None
    assert scoring.skill([1.0], [0.0], [1]) is None


def test_skill_is_resampled_by_blocks():
    """Of two blocks one draw in four is twice the first, and one in four twice the second."""
    found = scoring.skill([1.0, 1.0, 3.0, 4.0], [4.0, 6.0, 6.0, 8.0], [7, 7, 2, 2])

    assert found.value == pytest.approx(1 - 9 / 24)
    assert (found.low, found.high) == pytest.approx((1 - 7 / 14, 1 - 2 / 10))


def test_skill_of_many_blocks_is_as_sure_as_their_spread_says():
    random = np.random.default_rng(1)
    reference = random.gamma(40, 0.25, 200)
    score = reference * random.normal(0.7, 0.1, 200)
    found = scoring.skill(list(score), list(reference), list(range(200)))
    away = score - (1 - found.value) * reference
    error = away.std() / np.sqrt(200) / reference.mean()

    assert (found.low, found.high) == pytest.approx(
        (found.value - 1.96 * error, found.value + 1.96 * error), abs=0.003
    )
