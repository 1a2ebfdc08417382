import numpy as np
import pytest
from scipy import stats

from almanac.core.counts import Counts, pooled
from almanac.core.guesses.elicited import RawGuess
from almanac.core.guesses.pooling import (
    FIRST_WIDTH,
    NEW_PERSON,
    Habit,
    habit_of,
    recalibrated,
    weight_of_guess,
)
from almanac.core.scoring import coverage, crps, randomised_pit


def poisson(mean, top=400):
    return Counts.of(stats.poisson.pmf(np.arange(top), mean))


def test_a_new_person_is_widened_by_two_fifths():
    raw = RawGuess(20, 60, 35, 80)

    found = recalibrated(raw, NEW_PERSON)

    below, above = raw.widths
    z = stats.norm.ppf(0.9)
    low = 35.5 * np.exp(-z * below * FIRST_WIDTH) - 0.5
    high = 35.5 * np.exp(z * above * FIRST_WIDTH) - 0.5
    assert found.interval(0.8) == (round(low), round(high))
    assert found.quantile(0.5) == 35


def test_published_hit_rates_are_mended_by_the_published_factor():
    """80 % ranges that hit 68.1 % need 1.29 times the width (guide: normal, by formula)."""
    hit = 2 * stats.norm.cdf(stats.norm.ppf(0.9) / 1.29) - 1

    assert hit == pytest.approx(0.681, abs=0.004)


def test_a_person_who_guesses_too_high_too_narrowly_learns_both():
    """Outcomes are 60 % of the best guess, spread twice as wide as said."""
    random = np.random.default_rng(2)
    past = []
    for _ in range(60):
        best = int(random.integers(20, 200))
        raw = RawGuess(round(best / 1.3), round(best * 1.3), best, 80)
        sd = 2 * raw.widths[1]
        past.append((raw, max(0, round(0.6 * best * np.exp(random.normal(0, sd))))))

    habit = habit_of(past)

    assert habit.of == 60
    assert habit.shift == pytest.approx(np.log(0.6) * 60 / 65, abs=0.15)
    assert habit.width == pytest.approx(2, abs=0.45)
    assert abs(habit_of(past[:3]).shift) < abs(habit.shift)


def test_recalibrated_ranges_hold_what_they_say():
    """People as overconfident as published, of many widths and shifts, with 12 to 24 outcomes."""
    random = np.random.default_rng(8)
    raw_pits, pits = [], []
    for _ in range(60):
        narrow, shift = 1.4 * np.exp(random.normal(0, 0.35)), random.normal(0, 0.2)
        past = []
        for turn in range(25):
            best = int(random.integers(15, 150))
            raw = RawGuess(round(best / 1.4), round(best * 1.4), best, 80)
            error = shift + random.normal(0, narrow * raw.widths[1])
            observed = max(0, round(best * np.exp(error)))
            if turn >= 12:
                found = recalibrated(raw, habit_of(past))
                pits.append(randomised_pit(found, observed, random.uniform()))
                raw_pits.append(randomised_pit(raw.counts, observed, random.uniform()))
            past.append((raw, observed))

    assert coverage(raw_pits, 0.8) < 0.7
    assert coverage(pits, 0.8) == pytest.approx(0.8, abs=0.045)


def test_pooling_averages_quantiles_in_logs():
    found = pooled([poisson(20), poisson(80)], [1, 1])

    assert found.quantile(0.5) == pytest.approx(np.sqrt(20.5 * 80.5) - 0.5, abs=1.5)
    # As sharp as its parts, not as wide as a mixture of them.
    low, high = found.interval(0.8)
    assert high - low < 20


@pytest.mark.parametrize("part", [poisson(30), Counts.certain(7), Counts.certain(0)])
def test_a_pool_of_one_opinion_is_that_opinion(part):
    found = pooled([part, part, part], [1, 2, 3])

    for level in (0.1, 0.5, 0.9):
        assert found.quantile(level) == pytest.approx(part.quantile(level), abs=1)


def test_pooling_with_all_the_weight_on_one():
    found = pooled([poisson(20), poisson(80)], [0, 1])

    assert found.mean == pytest.approx(80, abs=0.5)


def test_the_better_forecaster_gets_the_larger_say():
    assert weight_of_guess([], []) == 0.5
    assert weight_of_guess([0.0], [0.0]) == 0.5
    assert weight_of_guess([5.0] * 3, [5.0] * 3) == pytest.approx(0.5)
    few, many = weight_of_guess([9.0] * 2, [3.0] * 2), weight_of_guess([9.0] * 40, [3.0] * 40)
    assert 0.5 < few < many < 0.75


def test_a_pool_of_two_beats_either_on_average():
    random = np.random.default_rng(4)
    one, other, both = [], [], []
    for _ in range(150):
        truth = random.normal(3.5, 0.5)
        observed = int(random.poisson(np.exp(truth)))
        parts = []
        for _ in range(2):
            centre = truth + random.normal(0, 0.4)
            edges = (np.log(np.arange(1, 400)) - centre) / 0.4
            parts.append(Counts.of(np.diff(stats.norm.cdf(edges), prepend=0)))
        one.append(crps(parts[0], observed))
        other.append(crps(parts[1], observed))
        both.append(crps(pooled(parts, [1, 1]), observed))

    assert np.mean(both) < min(np.mean(one), np.mean(other))


@pytest.mark.parametrize(
    "raw", [RawGuess(0, 0, 0, 80), RawGuess(5, 5, 5, 99), RawGuess(0, 9, 9, 50)]
)
def test_guesses_without_room_are_given_some(raw):
    found = recalibrated(raw, Habit(0.2, 1.0, 3))

    assert found.mass.sum() == pytest.approx(1)
    assert habit_of([(raw, 1000)]).width < 3
