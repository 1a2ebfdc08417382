import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from almanac.core import scoring
from almanac.core.counts import Counts
from almanac.core.refusals import Refusal

masses = st.lists(st.floats(0.01, 1), min_size=1, max_size=30)


@given(masses, st.integers(0, 40))
def test_crps_equals_its_expectation_form(mass, observed):
    """E|Y - y| - E|Y - Y'|/2 (Gneiting & Raftery 2007, eq. 21)."""
    counts = Counts.of(np.array(mass), first=3)
    values, p = counts.values, counts.mass
    apart = np.abs(values[:, None] - values[None, :])
    wanted = p @ np.abs(values - observed) - 0.5 * p @ apart @ p

    assert scoring.crps(counts, observed) == pytest.approx(wanted, abs=1e-9)


def test_crps_of_a_certain_forecast_is_its_error():
    assert scoring.crps(Counts.certain(12), 7) == 5


def test_pit_is_uniform_for_a_right_forecast():
    random = np.random.default_rng(1)
    counts = Counts.of(stats.nbinom.pmf(np.arange(200), 5, 0.2))
    draws = random.choice(counts.values, 3000, p=counts.mass)
    pits = [scoring.randomised_pit(counts, int(y), random.uniform()) for y in draws]

    assert stats.kstest(pits, "uniform").pvalue > 0.001


def test_score_says_whether_it_fell_inside():
    counts = Counts.of(np.ones(100))

    assert scoring.score(counts, 50).inside
    assert not scoring.score(counts, 99).inside
    assert (scoring.score(counts, 0).low, scoring.score(counts, 0).high) == (9, 89)


def test_few_scores_are_counted_but_not_judged():
    few = [scoring.score(Counts.of(np.ones(100)), 50)] * 3

    rate = scoring.hit_rate(few)

    assert (rate.inside, rate.of, rate.refusal) == (3, 3, Refusal.TOO_FEW_SCORED)
    assert rate.low == pytest.approx(stats.beta.ppf(0.05, 3.5, 0.5))
    assert scoring.hit_rate([]) is None
    assert scoring.hit_rate(few * 4).refusal is None


def test_every_refusal_has_words_for_a_practitioner():
    for refusal in Refusal:
        assert refusal.words.endswith(".")
        assert refusal.words[0].isupper()


def test_the_range_of_a_hit_rate_is_that_of_jeffreys():
    inside = [scoring.Scored(5, 0, 9, within, 0.0) for within in (True,) * 9 + (False,) * 3]
    found = scoring.hit_rate(inside)

    assert (found.inside, found.of, found.refusal) == (9, 12, None)
    assert (found.low, found.high) == pytest.approx(stats.beta(9.5, 3.5).ppf([0.05, 0.95]))
    assert scoring.hit_rate(inside[:9]).refusal is Refusal.TOO_FEW_SCORED
    assert scoring.hit_rate([]) is None


def test_a_sample_scores_as_the_distribution_it_is():
    random = np.random.default_rng(3)
    for observed in (0, 7, 40):
        sample = random.integers(0, 30, 25)
        counts = Counts.of(np.bincount(sample).astype(float))
        assert scoring.crps_of_sample(sample, observed) == pytest.approx(
            scoring.crps(counts, observed)
        )
