from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from almanac.core.guesses.elicited import LARGEST, RawGuess, UnusableGuessError

numbers = st.lists(st.integers(0, 5000), min_size=3, max_size=3).map(sorted)


def test_eighty_percent_answers_are_the_tenth_and_ninetieth():
    assert RawGuess(10, 30, 18, 80).tenth_half_ninetieth == (10, 18, 30)


def test_more_certainty_in_the_same_range_means_a_narrower_guess():
    """By hand: z(.995) = 2.5758 for 99 %, z(.9) = 1.2816 for the tenth."""
    guess = RawGuess(10, 40, 20, 99)
    below = (log(20.5) - log(10.5)) / norm.ppf(0.995)

    assert guess.quantile(0.1) == pytest.approx(exp(log(20.5) + norm.ppf(0.1) * below) - 0.5)


@given(numbers, st.integers(50, 99))
def test_raw_answers_are_met_exactly(answers, sure):
    low, best, high = answers
    guess = RawGuess(low, high, best, sure)
    tail = (1 - sure / 100) / 2

    assert guess.quantile(0.5) == pytest.approx(best)
    if low < best:
        assert guess.quantile(tail) <= low + 1 + 0.06 * best
    p10, p50, p90 = guess.tenth_half_ninetieth
    assert p10 <= p50 <= p90


@given(numbers, st.integers(50, 99))
def test_a_guess_is_a_distribution_whose_median_is_the_best_guess(answers, sure):
    low, best, high = answers
    counts = RawGuess(low, high, best, sure).counts

    assert counts.mass.sum() == pytest.approx(1)
    assert abs(counts.quantile(0.5) - best) <= 1


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ((30, 10, 20, 80), "low end"),
        ((-1, 10, 5, 80), "low end"),
        ((10, 30, 40, 80), "between 10 and 30"),
        ((10, 30, 20, 100), "percentage"),
        ((10, 30, 20, 20), "percentage"),
        ((10, 3_000_000, 20, 80), "at most"),
    ],
)
def test_answers_that_make_no_guess_say_what_to_change(answers, says):
    with pytest.raises(UnusableGuessError, match=says):
        RawGuess(*answers)


def test_the_largest_guess_is_still_one():
    assert RawGuess(10, LARGEST, 500, 80).high == LARGEST
    with pytest.raises(UnusableGuessError, match="at most 300,000 people"):
        RawGuess(10, LARGEST + 1, 500, 80)
