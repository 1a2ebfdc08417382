"""Habits, pools and raw answers, by hand and by the normal distribution."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.counts import Counts, pooled
from almanac.core.guesses import pooling
from almanac.core.guesses.elicited import RawGuess, UnusableGuessError, two_sided
from almanac.core.guesses.pooling import (
    Habit,
    habit_of,
    recalibrated,
    weight_of_guess,
)


def side(one, other, sure=80):
    """The sd in logs of half a range."""
    return np.log((other + 0.5) / (one + 0.5)) / stats.norm.ppf(0.5 + sure / 200)


def test_nobody_has_a_habit_before_the_first_outcome():
    assert habit_of([]) == Habit(0.0, pooling.FIRST_WIDTH, 0)


def width(squares, number):
    """Of squares with four of a new person's, and wider for what is not known of the shift."""
    mean = (4 * pooling.FIRST_WIDTH**2 + squares) / (4 + number)
    return np.sqrt(mean * (1 + 1 / (number + 5)))


def test_a_habit_is_a_mean_with_five_neutral_outcomes():
    raw, wide = RawGuess(10, 30, 18, 80), RawGuess(50, 120, 60, 90)
    errors = np.log([25.5 / 18.5, 51.5 / 60.5])
    shift = errors.sum() / 7
    above, below = side(18, 30), side(50, 60, 90)
    squares = ((errors[0] - shift) / above) ** 2 + ((errors[1] - shift) / below) ** 2

    found = habit_of([(raw, 25), (wide, 51)])

    assert (found.of, found.shift) == (2, pytest.approx(shift))
    assert found.width == pytest.approx(width(squares, 2))


def test_one_wild_miss_counts_for_four_of_ones_own_sds():
    found = habit_of([(RawGuess(10, 30, 18, 80), 9000)])

    assert found.width == pytest.approx(width(16, 1))


def test_a_side_without_room_is_read_as_a_tenth():
    error = np.log(19.5 / 18.5)
    left = error - error / 6

    found = habit_of([(RawGuess(10, 18, 18, 80), 19)])
    assert found.width == pytest.approx(width((left / 0.1) ** 2, 1))
    wider = recalibrated(RawGuess(10, 18, 18, 80), Habit(0.0, 2.0, 9))
    for count in (18, 19, 22, 24):
        wanted = stats.norm.cdf(np.log((count + 1) / 18.5) / 0.2)
        assert wider.cdf(count) == pytest.approx(wanted, abs=1e-5)


def test_a_guess_is_shifted_and_widened_by_its_habit():
    found = recalibrated(RawGuess(10, 30, 18, 80), Habit(0.3, 1.5, 9))
    centre = np.log(18.5) + 0.3

    for count in (5, 15, 23):
        away = np.log(count + 1) - centre
        assert found.cdf(count) == pytest.approx(
            stats.norm.cdf(away / (1.5 * side(10, 18))), abs=1e-4
        )
    for count in (25, 40, 90):
        away = np.log(count + 1) - centre
        assert found.cdf(count) == pytest.approx(
            stats.norm.cdf(away / (1.5 * side(18, 30))), abs=1e-4
        )
    tail = [np.exp(centre + sds * 1.5 * side(18, 30)) for sds in (4, 5)]
    assert tail[0] < found.last < tail[1]


def spread_out(part, levels):
    """Quantiles of a count that lies evenly within the unit around it."""
    edges = np.arange(part.first, part.last + 2) - 0.5
    return np.maximum(np.interp(levels, np.append(0, part.mass.cumsum()), edges), 0)


@pytest.mark.parametrize("weights", [(1, 3), (2, 6), (5, 5)])
def test_a_pool_is_the_weighted_mean_of_logs_of_quantiles(weights):
    parts = [
        Counts.of(stats.nbinom.pmf(np.arange(300), 5, 0.2)),
        Counts.of(stats.poisson.pmf(np.arange(300), 60)),
    ]
    levels = (np.arange(20_000) + 0.5) / 20_000
    logs = [np.log(spread_out(part, levels) + 0.5) for part in parts]
    values = np.exp(np.average(logs, axis=0, weights=weights)) - 0.5

    found = pooled(parts, weights)

    for count in range(10, 70, 4):
        assert found.cdf(count) == pytest.approx((values <= count + 0.5).mean(), abs=0.0005)
    assert pooled(parts[:1], [1]) is parts[0]


def test_a_pool_of_few_people_may_be_nobody():
    parts = [Counts.of(stats.poisson.pmf(np.arange(40), mean)) for mean in (0.5, 2)]
    levels = (np.arange(20_000) + 0.5) / 20_000
    logs = [np.log(spread_out(part, levels) + 0.5) for part in parts]
    values = np.exp(np.mean(logs, axis=0)) - 0.5
    found = pooled(parts, [1, 1])

    assert found.first == 0
    for count in range(6):
        assert found.cdf(count) == pytest.approx((values <= count + 0.5).mean(), abs=0.003)


def test_a_pool_of_certain_counts_lies_between_them():
    """Half way in logs of one half more: √(4.5 · 16.5) - 1/2 = 8.12."""
    found = pooled([Counts.certain(4), Counts.certain(16)], [1, 1])

    assert found.mass.sum() == pytest.approx(1)
    assert found.mass[8 - found.first] > 0.6
    assert found.cdf(6) < 1e-9
    assert found.cdf(9) > 1 - 1e-9


def test_a_say_is_the_share_of_the_error_of_the_other():
    """Beside five outcomes of the same mean error, half of it each."""
    assert weight_of_guess([4.0], [2.0]) == pytest.approx((15 + 4) / (30 + 6))
    assert weight_of_guess([4.0, 2.0], [1.0, 1.0]) == pytest.approx((10 + 6) / (20 + 8))
    assert weight_of_guess([0.0], [3.0]) == pytest.approx(7.5 / 18)
    assert weight_of_guess([0.2], [0.1]) == pytest.approx((0.75 + 0.2) / (1.5 + 0.3))
    assert weight_of_guess([0.0], [0.0]) == 0.5


# Raw answers


def test_answers_at_their_bounds_are_a_guess():
    for answers in ((0, 0, 0, 50), (5, 5, 5, 99), (0, 9, 0, 80), (0, 9, 9, 80)):
        assert RawGuess(*answers).low == answers[0]
    for answers in ((3, 9, 2, 80), (3, 9, 10, 80), (3, 9, 5, 49), (3, 9, 5, 100), (-1, 9, 5, 80)):
        with pytest.raises(UnusableGuessError):
            RawGuess(*answers)


def test_each_side_of_a_guess_has_its_own_width():
    found = RawGuess(10, 60, 20, 90)

    assert found.widths == pytest.approx((side(10, 20, 90), side(20, 60, 90)))
    assert RawGuess(20, 60, 20, 90).widths[0] < 1e-6
    for level, end in ((0.05, 10), (0.5, 20), (0.95, 60)):
        assert found.quantile(level) == pytest.approx(end)
    assert found.quantile(0.8) == pytest.approx(
        20.5 * np.exp(stats.norm.ppf(0.8) * side(20, 60, 90)) - 0.5
    )
    assert RawGuess(0, 60, 1, 50).quantile(0.01) == 0
    assert RawGuess(10, 60, 20, 80).tenth_half_ninetieth == (10, 20, 60)


def test_a_guess_gives_every_count_its_part_of_the_normal():
    found = RawGuess(10, 60, 20, 90).counts

    for count in (4, 10, 19, 20, 30, 60, 100):
        away = np.log((count + 1) / 20.5)
        sd = side(10, 20, 90) if away < 0 else side(20, 60, 90)
        assert found.cdf(count) == pytest.approx(stats.norm.cdf(away / sd), abs=1e-6)
    furthest = RawGuess(10, 60, 20, 90).quantile(0.9999)
    assert furthest <= found.last <= furthest + 2


def test_what_lies_beyond_the_end_is_put_there():
    found = two_sided(np.log(20.5), 0.3, 1.0, 30.0)

    assert found.last == 32
    assert found.cdf(31) == pytest.approx(stats.norm.cdf(np.log(32 / 20.5)))
    assert two_sided(np.log(5.5), 0.3, 9.0, 1e9).last == 300_000
