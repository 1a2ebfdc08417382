"""Looks, versions, pairs and pools of findings: formulas written out again."""

from itertools import product

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from almanac.core.effects import alternating, sequential, versions
from almanac.core.effects.exaggeration import shrunken, worth
from almanac.core.effects.together import pool
from almanac.core.effects.versions import Version
from almanac.core.refusals import Refusal

# Looks


def reach(n, r2, level):
    """Where a normal mixture of likelihood ratios comes to 1 / level (Howard et al. 2021)."""

    def left(mean):
        mixed = stats.norm(0, np.sqrt(1 / n + r2)).logpdf(mean)
        return mixed - stats.norm(0, np.sqrt(1 / n)).logpdf(mean) + np.log(level)

    return optimize.brentq(left, 0, 100)


@pytest.mark.parametrize(("n", "r2", "level"), [(10, 0.01, 0.05), (200, 0.3, 0.1), (1, 2, 0.05)])
def test_a_range_for_every_look_is_that_of_a_normal_mixture(n, r2, level):
    assert sequential.mixture_reach(n, r2, level) == pytest.approx(reach(n, r2, level))


@pytest.mark.parametrize("level", [0.05, 0.2])
def test_a_mixture_is_tuned_to_be_narrow_where_it_is_wanted(level):
    """Waudby-Smith et al. 2021 by their approximation, within a hundredth of the best."""
    r2 = sequential.tuned_to(500, level)
    best = optimize.minimize_scalar(
        lambda log: reach(500, np.exp(log), level), bounds=(-12, 2), method="bounded"
    )

    assert reach(500, r2, level) == pytest.approx(best.fun, rel=0.01)


@pytest.mark.parametrize(("other", "events", "share"), [(9, 12, 0.5), (0, 7, 0.5), (4, 20, 0.3)])
def test_the_evidence_against_alike_arms_is_a_beta_binomial_bet(other, events, share):
    """A prior of four imagined events, dealt as chance would."""
    bet = stats.betabinom(events, 4 * share, 4 * (1 - share)).pmf(other)
    wanted = bet / stats.binom(events, share).pmf(other)

    assert sequential.alternating_evidence(other, events, share) == pytest.approx(wanted)


def test_evidence_has_bounds():
    assert sequential.alternating_evidence(0, 0) == pytest.approx(1)
    assert sequential.alternating_evidence(9000, 9000) == pytest.approx(np.exp(700))
    for other in (-1, 8):
        with pytest.raises(ValueError, match="more events"):
            sequential.alternating_evidence(other, 7)


def test_ranges_for_looks_share_the_mean_before():
    """The worst of three looks, each a difference of means over its own error; drawn again."""
    random = np.random.default_rng(5)
    before = random.normal(0, 1, (40_000, 6)).mean(axis=1)
    after = random.normal(0, 1, (40_000, 3))
    noise = np.sqrt(random.chisquare(9, 40_000) / 9)
    looks = [
        np.abs(after[:, :n].mean(axis=1) - before) / np.sqrt(1 / 6 + 1 / n) / noise
        for n in (1, 2, 3)
    ]
    worst = np.max(looks, axis=0)

    for level in (0.05, 0.2):
        wanted = np.quantile(worst, 1 - level)
        assert sequential.every_look(6, 3, 9, level) == pytest.approx(wanted, rel=0.02)


# Versions


def test_rates_are_compared_in_logs_with_the_error_of_two_shares():
    usual, changed = Version(12, 400), Version(30, 600)
    p, q = 12.5 / 401, 30.5 / 601
    error = np.sqrt((1 - p) / 12.5 + (1 - q) / 30.5)
    log = np.log((30 / 600) / (12 / 400))
    wide = error * np.sqrt(1000) * reach(1000, sequential.tuned_to(2000), 0.05)
    found = versions.rates(usual, changed, 2000)

    assert (found.n, found.log, found.error) == pytest.approx((42, log, error))
    assert (found.low, found.high) == pytest.approx((log - wide, log + wide))
    assert found.evidence is None


def test_none_in_one_version_is_half_a_result_in_each():
    found = versions.rates(Version(0, 50), Version(20, 100), 100)
    assert found.log == pytest.approx(np.log((20.5 / 100) / (0.5 / 50)))
    counted = versions.counts(Version(20, 50), Version(0, 100))
    assert counted.log == pytest.approx(np.log((0.5 / 100) / (20.5 / 50)))
    assert versions.counts(Version(20, 50), Version(1, 100)).log == pytest.approx(
        np.log((1 / 100) / (20 / 50))
    )


def test_counts_bet_against_every_part_that_they_could_have():
    usual, changed = Version(9, 30), Version(25, 60)
    share = 2 / 3

    def left(part):
        bet = stats.betabinom(34, 4 * share, 4 * (1 - share)).logpmf(25)
        return bet - stats.binom(34, part).logpmf(25) - np.log(20)

    ends = (optimize.brentq(left, 1e-6, 25 / 34), optimize.brentq(left, 25 / 34, 1 - 1e-6))
    wanted = [np.log(part / (1 - part)) - np.log(2) for part in ends]
    found = versions.counts(usual, changed)

    assert found.n == 34
    assert found.log == pytest.approx(np.log((25 / 60) / (9 / 30)))
    assert (found.low, found.high) == pytest.approx(tuple(wanted))
    assert found.evidence == pytest.approx(np.exp(left(share)) * 20)
    assert found.error == pytest.approx(np.sqrt(1 / 9.5 + 1 / 25.5))


@pytest.mark.parametrize("compare", [versions.counts, lambda a, b: versions.rates(a, b, 100)])
def test_ten_results_are_the_fewest_and_both_must_be_shown(compare):
    assert compare(Version(4, 50), Version(6, 50)).refusal is None
    few = compare(Version(4, 50), Version(5, 50))
    assert (few.n, few.refusal, few.is_clear) == (9, Refusal.TOO_FEW_TRIALS, False)
    assert compare(Version(0, 0), Version(16, 50)).refusal is Refusal.TOO_FEW_TRIALS


# Pairs


def test_counts_and_shares_are_seen_with_half_a_result_more():
    assert alternating.log_count(0) == pytest.approx(np.log(0.5))
    assert alternating.log_count(7) == pytest.approx(np.log(7.5))
    assert alternating.log_share(3, 10) == pytest.approx(np.log(3.5 / 11))


def evidence(z, shift=0.0):
    bets = (1, 2, 4, -1, -2, -4)
    return np.mean([np.prod(np.exp(b * (z - shift)) / np.cosh(b * (z - shift))) for b in bets])


def test_the_range_of_pairs_is_what_the_bets_do_not_refute():
    z = np.array([0.3, 0.9, 0.5, 1.2, 0.1, 0.7, 0.8])
    low = optimize.brentq(lambda shift: evidence(z, shift) - 20, -10, 0.6)
    high = optimize.brentq(lambda shift: evidence(z, shift) - 20, 0.6, 10)
    found = alternating.of_pairs(z)

    assert (found.low, found.high) == pytest.approx((low, high), abs=2e-3)
    assert found.low <= low
    assert found.high >= high
    assert (found.n, found.log, found.free) == (7, pytest.approx(z.mean()), 6)
    assert found.error == pytest.approx(stats.sem(z))
    assert found.evidence == pytest.approx(evidence(z))


def test_few_pairs_say_what_they_can():
    one = alternating.of_pairs([0.4])
    assert (one.n, one.log, one.refusal) == (1, None, Refusal.TOO_FEW_TRIALS)
    two = alternating.of_pairs([0.4, 0.6])
    assert (two.log, two.free, two.refusal) == (pytest.approx(0.5), 1, Refusal.TOO_FEW_TRIALS)
    assert two.evidence == pytest.approx(evidence(np.array([0.4, 0.6])))
    assert two.error == pytest.approx(0.1)
    assert alternating.of_pairs([-0.3, 0.0]).refusal is Refusal.TOO_FEW_TRIALS


@pytest.mark.parametrize(
    "z", [(0.5, 0.2, -0.1), (1.0, 1.0, 1.0, 1.0), (0.3,), (-0.2, -0.7, 0.1), (0.0, 0.0)]
)
def test_every_other_way_of_dealing_is_counted(z):
    ways = [abs(np.dot(signs, z)) for signs in product((1, -1), repeat=len(z))]
    wanted = sum(way >= abs(sum(z)) - 1e-9 for way in ways)

    assert alternating.dealt_otherwise(z) == (wanted, 2 ** len(z))


def test_of_many_pairs_four_thousand_ways_are_dealt():
    assert alternating.dealt_otherwise([1.0] * 12) == (2, 4096)
    alike, ways = alternating.dealt_otherwise([0.3] * 13)
    assert (ways, alike < 6) == (4096, True)
    assert alike >= 1
    none, _ = alternating.dealt_otherwise([1.0, -1.0] * 8)
    assert none == 4096


def test_the_power_of_pairs_is_that_of_past_events_drawn_again():
    """Each is drawn around the others with the spread of one more (n - 1 in the divisor)."""
    logs = [3.0, 3.2, 2.8, 3.1, 2.9, 3.0]
    found = alternating.power_of_pairs(logs, 8, 1.0, runs=100)
    assert (found.chance, found.sign) == (1, 0)
    assert found.exaggeration == pytest.approx(1, abs=0.02)
    assert 0.2 < found.detectable < 1.0

    random = np.random.default_rng(3)
    wide = np.array([2.0, 4.0, 2.5, 3.5, 3.0])
    spread = (wide - wide.mean()) * np.sqrt(5 / 4)
    z = np.log(2) + random.choice(spread, (900, 9)) - random.choice(spread, (900, 9))
    clear = np.array([evidence(row) >= 20 for row in z])
    again = alternating.power_of_pairs(list(wide), 9, 1.0, runs=500)
    assert again.chance == pytest.approx(clear.mean(), abs=0.07)
    means = z[clear].mean(axis=1)
    assert again.exaggeration == pytest.approx(np.abs(means).mean() / np.log(2), rel=0.05)
    assert again.sign == pytest.approx((means < 0).mean(), abs=0.02)


def test_power_takes_four_past_events_and_six_pairs():
    assert alternating.power_of_pairs([1.0, 2, 3], 9, 0.5) is None
    assert alternating.power_of_pairs([1.0, 2, 3, 4], 5, 0.5) is None
    found = alternating.power_of_pairs([1.0, 9, 17, 25], 6, 0.01, runs=40)
    assert (found.chance <= 0.1, found.detectable) == (True, None)


# Worth and pools


@pytest.mark.parametrize(("effect", "error", "level"), [(1.0, 0.8, 0.05), (-2.0, 3.0, 0.1)])
def test_the_worth_of_a_clear_result_is_an_integral(effect, error, level):
    """Over estimates that are clear; the size by their density."""
    density = stats.norm(abs(effect), error).pdf
    bound = stats.norm.ppf(1 - level / 2) * error
    above = integrate.quad(density, bound, 60)[0]
    below = integrate.quad(density, -60, -bound)[0]
    size = integrate.quad(lambda x: x * density(x), bound, 60)[0]
    size -= integrate.quad(lambda x: x * density(x), -60, -bound)[0]
    found = worth(effect, error, level)

    assert found.power == pytest.approx(above + below)
    assert found.sign == pytest.approx(below / (above + below))
    assert found.exaggeration == pytest.approx(size / (above + below) / abs(effect))


def test_of_no_effect_every_clear_result_exaggerates():
    found = worth(0.0, 2.0)

    assert (found.power, found.sign) == pytest.approx((0.05, 0.5))
    assert found.exaggeration == np.inf


def test_an_estimate_is_drawn_towards_none_by_its_error():
    assert shrunken(8.0, 3.0, 1.0) == pytest.approx(0.8)
    assert shrunken(8.0, 0.0, 1.0) == 8


def test_findings_are_pooled_by_dersimonian_and_laird():
    y, errors = np.array([0.1, 0.9, 0.4, -0.6]), np.array([0.2, 0.3, 0.25, 0.4])
    w = errors**-2.0
    q = (w * (y - np.average(y, weights=w)) ** 2).sum()
    between = (q - 3) / (w.sum() - (w**2).sum() / w.sum())
    both = 1 / (errors**2 + between)
    mean, error = np.average(y, weights=both), both.sum() ** -0.5
    found = pool(y, errors)

    assert between > 0
    assert (found.mean, found.between) == pytest.approx((mean, np.sqrt(between)))
    assert (found.low, found.high) == pytest.approx(stats.norm(mean, error).interval(0.95))
    wanted = [
        np.average([m, mean], weights=[1 / e**2, 1 / between])
        for m, e in zip(y, errors, strict=True)
    ]
    assert found.each == pytest.approx(tuple(wanted))


def test_findings_that_agree_are_one_finding():
    found = pool([0.2, 0.3], [0.5, 0.5])

    assert (found.mean, found.between, found.each) == (
        pytest.approx(0.25), 0, pytest.approx((0.25, 0.25)),
    )  # fmt: skip
    assert pool([0.2], [0.5]) is None
