from dataclasses import replace

import numpy as np
import pytest
from scipy import special, stats

from almanac.core.counts import Counts
from almanac.core.turnout import pace
from almanac.core.turnout.pace import Pace, PaceLook, after_seeing
from almanac.core.turnout.reference import PACE, PUBLISHED_PACE

PRIOR = Counts.of(stats.nbinom.pmf(np.arange(300), 4, 4 / 44))


def test_signups_so_far_are_bayes_rule_with_a_beta_binomial_share():
    """With nobody leaving: prior times the beta-binomial chance of what is in."""
    loyal = replace(PACE, leaving=1e-9, loyalty=1e9)
    a, b = loyal.beta(7, 20)
    final = PRIOR.values[PRIOR.values >= 25]
    exact = PRIOR.mass[PRIOR.values >= 25] * stats.betabinom.pmf(25, final, a, b)
    exact /= exact.sum()

    found = after_seeing(PRIOR, 25, 7, 20, loyal)

    assert found.mean == pytest.approx(float(exact @ final), rel=1e-3)
    assert found.at_least(60) == pytest.approx(float(exact[final >= 60].sum()), abs=1e-3)


def test_those_who_are_in_may_still_cancel():
    """The chance of ending below what is in, against a simulation of the same story."""
    random = np.random.default_rng(5)
    a, b = PACE.beta(1, 20)
    final = random.choice(PRIOR.values, 400_000, p=PRIOR.mass)
    staying = random.binomial(final, random.beta(a, b, len(final)))
    found = after_seeing(PRIOR, 40, 1, 20, PACE)
    lower = 0.0
    numbers = np.arange(41)
    stays = stats.betabinom.pmf(numbers, 40, 0.94 * PACE.loyalty, 0.06 * PACE.loyalty)
    for number, chance in zip(numbers, stays, strict=True):
        alike = final[staying == number]
        if len(alike):
            lower += chance * float(np.mean(alike < 40))

    assert found.cdf(39) == pytest.approx(lower, abs=0.03)
    assert found.cdf(39) > 0.1


def test_the_share_in_grows_towards_the_start_and_with_the_time_since_the_announcement():
    def share(days, lead):
        a, b = PACE.beta(days, lead)
        return a / (a + b)

    assert share(14, 40) < share(7, 40) < share(1, 40) < share(0, 40)
    assert share(7, 8) < share(7, 14) < share(7, 40)
    assert share(7, None) == pytest.approx(share(7, 15), abs=0.02)


@pytest.mark.parametrize(("days", "median"), [(1, 0.91), (2, 0.80), (7, 0.60)])
def test_published_pace_has_the_published_medians(days, median):
    a, b = PUBLISHED_PACE.beta(days, None)

    assert stats.beta.median(a, b) == pytest.approx(median, abs=0.12)


def looks(true, number=40, seed=2):
    random = np.random.default_rng(seed)
    found = []
    for n in range(number):
        final = int(random.choice(PRIOR.values[5:], p=PRIOR.mass[5:] / PRIOR.mass[5:].sum()))
        for days in (10, 5, 1):
            a, b = true.beta(days, 21)
            so_far = int(random.binomial(final, random.beta(a, b)))
            found.append(PaceLook(n, so_far, days, 21, final, PRIOR))
    return found


def test_learning_moves_towards_a_slower_pace():
    slow = replace(PACE, level=PACE.level - 1.2, leaving=1e-6)

    found = pace.fit(looks(slow), PACE)

    assert PACE.level - 1.6 < found.level < PACE.level - 0.3
    assert (found.leaving, found.loyalty) == (PACE.leaving, PACE.loyalty)


def test_few_looks_leave_the_reference_as_it_is():
    assert pace.fit(looks(PACE, number=4), PACE) == PACE


def test_a_crowd_nobody_expected_is_believed():
    found = after_seeing(PRIOR, 5_000, 3, 20, PACE)

    low, high = found.interval(0.8)
    assert 4_000 < low < high < 10_000
    assert high > 5_300


@pytest.mark.parametrize("so_far", [0, 1, 2])
@pytest.mark.parametrize("days", [0.0, 0.01, 400.0])
@pytest.mark.parametrize("lead", [None, 0.0, 3.0])
def test_odd_moments_give_a_distribution(so_far, days, lead):
    found = after_seeing(PRIOR, so_far, days, lead, PACE)

    assert found.mass.sum() == pytest.approx(1)
    assert isinstance(PACE, Pace)


def plain(**changes):
    fields = {
        "level": 0.5, "to_go": -0.7, "since": 0.4, "firmness": 2.0, "firmness_to_go": -0.2,
        "leaving": 0.1, "loyalty": 10.0,
    }  # fmt: skip
    return Pace(**(fields | changes))


@pytest.mark.parametrize(
    ("days", "lead", "whole"),
    [(7, 20, 20), (0, 20, 20), (-3, 20, 20), (5, None, 15), (10, None, 18), (7, 3, 7)],
)
def test_the_share_that_is_in_by_hand(days, lead, whole):
    """whole: the days from the announcement on, as they are or as they usually are."""
    ahead = np.log(max(days, 0) + 0.25)
    gone = np.log(whole - days + 0.25)
    share = special.expit(0.5 - 0.7 * ahead + 0.4 * gone)
    weight = np.exp(2.0 - 0.2 * ahead)
    assert plain().beta(days, lead) == pytest.approx((share * weight, (1 - share) * weight))


@pytest.mark.parametrize(("level", "share"), [(50.0, 1 - 1e-4), (-50.0, 1e-4)])
def test_a_share_is_never_nothing_or_everything(level, share):
    a, b = plain(level=level).beta(7, 20)
    assert a / (a + b) == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize(("firmness", "log_weight"), [(90.0, 7.0), (-90.0, -1.0)])
def test_a_pace_is_neither_certain_nor_pointless(firmness, log_weight):
    assert sum(plain(firmness=firmness).beta(7, 20)) == pytest.approx(np.exp(log_weight))


def test_cancelling_and_staying_are_summed_over_exactly_while_few_are_in():
    by, so_far = plain(), 10
    a, b = by.beta(7, 20)
    exact = np.zeros(len(PRIOR.mass))
    for staying in range(so_far + 1):
        given = PRIOR.mass * stats.betabinom.pmf(staying, PRIOR.values, a, b)
        chance = stats.betabinom.pmf(staying, so_far, 0.9 * 10, 0.1 * 10)
        exact += chance * given / given.sum()

    found = after_seeing(PRIOR, so_far, 7, 20, by)

    for number in (5, 9, 10, 15, 30, 60):
        assert found.cdf(number) == pytest.approx(exact[: number + 1].sum(), abs=1e-6)


def test_more_than_anybody_expected_reaches_twice_as_far_and_twenty_more():
    crowd = after_seeing(Counts.certain(5), 30, 0.5, 20, plain(level=-3.0, leaving=1e-6))
    assert crowd.last == 80
    assert crowd.at_least(30) == pytest.approx(1, abs=1e-4)


def test_a_pace_is_the_most_probable_one():
    """With nobody leaving: soft around the reference, and the beta-binomial chance of each look."""
    reference = plain(leaving=1e-9, loyalty=1e9)
    seen = [
        replace(look, weight=0.5)
        for look in looks(plain(level=-0.5, leaving=1e-9), number=5, seed=4)
    ]
    soft = np.array([0.3, 0.15, 0.15, 0.4, 0.2])
    names = ("level", "to_go", "since", "firmness", "firmness_to_go")

    def loss(by):
        away = np.array([getattr(by, name) - getattr(reference, name) for name in names]) / soft
        total = 0.5 * float(away @ away)
        for look in seen:
            given = PRIOR.mass * stats.betabinom.pmf(
                look.so_far, PRIOR.values, *by.beta(look.days_to_go, look.lead)
            )
            total -= 0.5 * np.log(given[look.final] / given.sum())
        return total

    found = pace.fit(seen, reference)

    assert (found.leaving, found.loyalty) == (reference.leaving, reference.loyalty)
    best = loss(found)
    assert best < loss(reference) - 0.1
    for name, sd in zip(names, soft, strict=True):
        for step in (-sd / 4, sd / 4):
            assert loss(replace(found, **{name: getattr(found, name) + step})) > best


def test_five_events_are_the_fewest_a_pace_is_learnt_from():
    one, other = (looks(plain(level=-1.0), number=number) for number in (4, 5))
    assert pace.fit(one, PACE) == PACE
    assert pace.fit(other, PACE) != PACE
