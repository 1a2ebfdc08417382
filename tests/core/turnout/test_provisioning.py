import numpy as np
import pytest
from scipy import stats

from almanac.core.counts import Counts
from almanac.core.turnout.class_shares import StagePair, Usual
from almanac.core.turnout.provisioning import admit, provide
from almanac.core.turnout.reference import SHOW_RATES
from almanac.core.turnout.shares import RatePosterior, rate_posterior

COUNTS = Counts.of(stats.nbinom.pmf(np.arange(300), 5, 5 / 35))


@pytest.mark.parametrize(("too_few", "too_many"), [(3, 1), (1, 1), (1, 9), (0, 2), (5, 0)])
def test_no_other_number_is_cheaper(too_few, too_many):
    found = provide(COUNTS, too_few, too_many)

    def cost(number):
        away = COUNTS.values - number
        return float(COUNTS.mass @ np.where(away > 0, too_few * away, -too_many * away))

    assert found.cost == pytest.approx(cost(found.number))
    assert found.cost == pytest.approx(min(cost(number) for number in range(400)))


def test_what_is_provided_is_short_as_often_as_said():
    found = provide(COUNTS, 4, 1)

    assert found.number == COUNTS.quantile(0.8)
    assert found.short == pytest.approx(float(COUNTS.mass[COUNTS.values > found.number].sum()))
    assert COUNTS.mean == pytest.approx(found.number - found.spare + found.missing)


@pytest.mark.parametrize("costs", [(0, 0), (-1, 2), (2, -1)])
def test_costs_that_say_nothing_are_refused(costs):
    with pytest.raises(ValueError, match="above zero"):
        provide(COUNTS, *costs)


def test_admission_against_a_beta_binomial():
    """With one known Beta the overflow is the beta-binomial's own tail."""
    rate = RatePosterior(np.array([0.6]), np.array([20.0]), np.array([1.0]), 0.0, 1.0)

    found = admit(40, rate, 0.05)

    assert found.risk == pytest.approx(stats.betabinom.sf(40, found.number, 12, 8), abs=1e-6)
    assert found.risk <= 0.05 < stats.betabinom.sf(40, found.number + 1, 12, 8)


def test_knowing_the_share_better_lets_more_be_admitted():
    reference = next(entry for entry in SHOW_RATES if entry.key == "free-evening")
    pairs = [StagePair(50, 30, 1.0, n) for n in range(20)]

    vague = admit(40, rate_posterior([], Usual(reference, [])), 0.05)
    known = admit(40, rate_posterior(pairs, Usual(reference, pairs)), 0.05)

    assert 40 <= vague.number < known.number
    assert max(vague.risk, known.risk) <= 0.05


def test_never_fewer_than_there_are_seats():
    everyone = RatePosterior(np.array([0.99]), np.array([500.0]), np.array([1.0]), 0.0, 1.0)

    assert admit(40, everyone, 0.01).number == 40


@pytest.mark.parametrize("seats", [1, 2, 7, 30, 31, 32])
def test_one_more_would_be_one_too_many(seats):
    rate = RatePosterior(np.array([0.5]), np.array([30.0]), np.array([1.0]), 0.0, 1.0)
    found = admit(seats, rate, 0.1)
    assert found.risk <= 0.1 < stats.betabinom.sf(seats, found.number + 1, 15, 15)
    assert found.came.last == found.number


def test_five_times_the_seats_are_admitted_at_most():
    hardly = RatePosterior(np.array([0.01]), np.array([30.0]), np.array([1.0]), 0.0, 1.0)
    assert admit(20, hardly, 0.05).number == 100


def test_a_risk_that_is_just_reached_is_taken():
    rate = RatePosterior(np.array([0.5]), np.array([30.0]), np.array([1.0]), 0.0, 1.0)
    known = admit(20, rate, 0.1)
    assert admit(20, rate, known.risk).number == known.number


def test_what_goes_without_and_what_is_left_over_by_hand():
    found = provide(Counts.of(np.array([0.25, 0.25, 0.5]), 3), 1, 1)
    assert (found.number, found.short) == (4, pytest.approx(0.5))
    assert (found.missing, found.spare, found.cost) == (
        pytest.approx(0.5), pytest.approx(0.25), pytest.approx(0.75),
    )  # fmt: skip
