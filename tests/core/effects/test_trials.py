"""Alternating events, versions, programs, funnels, looks: each against a reference or by simulation."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.effects import Design, alternating, funnel, log_ratio, versions
from almanac.core.effects.design import memory_of
from almanac.core.effects.refuters import before_trend
from almanac.core.effects.sequential import alternating_evidence, every_look
from almanac.core.refusals import Refusal


@pytest.mark.parametrize(("looks", "constant"), [(1, 1.960), (2, 2.178), (5, 2.413), (10, 2.555)])
def test_ranges_for_every_look_are_those_of_pocock(looks, constant):
    # Pocock 1977, table 1, two-sided .05: one sample, known variance.
    assert every_look(10**9, looks, 10**9) == pytest.approx(constant, abs=0.03)


def test_one_look_is_the_t_test():
    assert every_look(30, 1, 12) == pytest.approx(stats.t.ppf(0.975, 12), abs=0.05)


def _weeks(random, before, after, lift=0.0):
    rate = 20 * np.exp(0.3 * np.sin(np.arange(before + after) / 8))
    rate[before:] *= 1 + lift
    y = random.poisson(random.gamma(10, rate / 10)).astype(float)
    return Design(y, random.poisson(3 * 20, before + after).astype(float)[:, None], before)


def test_looking_every_week_cries_wolf_no_more_often_than_once_in_twenty():
    random = np.random.default_rng(8)
    naive = paid = 0
    for _ in range(150):
        d = _weeks(random, 40, 8)
        cuts = [Design(d.y[: 40 + k], d.others[: 40 + k], 40) for k in range(1, 9)]
        naive += any(log_ratio.estimate(cut).is_clear for cut in cuts)
        paid += any(log_ratio.estimate(cut, planned=8).is_clear for cut in cuts)
    assert paid <= 150 * 0.05 + 2 * np.sqrt(150 * 0.05 * 0.95)
    assert naive > paid


def test_a_range_that_pays_is_wider_and_about_the_same_middle():
    d = _weeks(np.random.default_rng(2), 40, 8, 0.5)
    once, often = log_ratio.estimate(d), log_ratio.estimate(d, planned=8)
    assert often.effect == once.effect
    assert often.low < once.low
    assert often.high > once.high


def test_a_series_that_wanders_slowly_under_its_noise_is_given_more():
    random = np.random.default_rng(1)
    slow = np.cumsum(random.normal(0, 0.1, 80)) + random.normal(0, 0.4, 80)
    found = memory_of(slow)
    assert found.slow
    assert found.inflation > (1 + found.r) / (1 - found.r)
    assert not memory_of(random.normal(size=80)).slow


# Alternating events


def _pairs(random, ratio, number):
    def draw(mean):
        return random.poisson(random.gamma(4, mean / 4))

    return [
        alternating.log_count(draw(20 * ratio)) - alternating.log_count(draw(20))
        for _ in range(number)
    ]


def test_pairs_looked_at_after_each_are_wrong_no_more_often_than_they_say():
    random = np.random.default_rng(4)
    wrong = sum(
        any(alternating.of_pairs(z[:k]).is_clear for k in range(6, 16))
        for z in (_pairs(random, 1, 15) for _ in range(120))
    )
    assert wrong <= 120 * 0.05 + 2 * np.sqrt(120 * 0.05 * 0.95)


def test_pairs_find_three_times_as_many_and_the_range_holds_it():
    found = alternating.of_pairs(_pairs(np.random.default_rng(5), 3, 15))
    assert found.is_clear
    assert found.low <= np.log(3) <= found.high
    assert found.evidence >= 20


def test_the_evidence_of_pairs_is_the_mean_over_bets():
    z = [0.3, -0.2, 0.5, 0.9, 0.1, 0.4]
    bets = [1, 2, 4, -1, -2, -4]
    direct = np.mean([np.prod([np.exp(b * v) / np.cosh(b * v) for v in z]) for b in bets])
    assert alternating.of_pairs(z).evidence == pytest.approx(direct)


def test_pairs_that_never_differ_say_nothing():
    assert alternating.of_pairs([0.0] * 9).refusal is Refusal.NEVER_VARIED


@pytest.mark.parametrize(("number", "has_range"), [(1, False), (5, False), (6, True)])
def test_few_pairs_are_refused(number, has_range):
    found = alternating.of_pairs([1.0] * number)
    assert (found.low is not None) is has_range
    assert (found.refusal is None) is has_range


def test_evidence_with_unequal_arms_is_one_to_one_on_average():
    n, share = 12, 0.3
    whole = sum(
        stats.binom.pmf(k, n, share) * alternating_evidence(k, n, share) for k in range(n + 1)
    )
    assert whole == pytest.approx(1)


# Versions


def test_versions_by_counts_hold_the_truth_and_agree_with_a_fine_grid():
    found = versions.counts(versions.Version(30, 100), versions.Version(120, 200))
    assert found.low <= np.log(2) <= found.high
    shares = np.linspace(0.5, 0.999, 20001)
    bet = stats.betabinom.logpmf(120, 150, 4 * 2 / 3, 4 / 3)
    kept = shares[bet - stats.binom.logpmf(120, 150, shares) < np.log(20)]
    ends = np.log(kept[[0, -1]] / (1 - kept[[0, -1]])) - np.log(2)
    assert (found.low, found.high) == pytest.approx(tuple(ends), abs=2e-3)


def test_versions_by_rates_find_a_rate_more_than_doubled():
    found = versions.rates(versions.Version(40, 1000), versions.Version(90, 1000), 2000)
    assert found.is_clear
    assert np.exp(found.log) == pytest.approx(2.25)


def test_a_handful_of_results_says_nothing():
    few = versions.Version(4, 100), versions.Version(5, 100)
    assert versions.rates(*few, 200).refusal is Refusal.TOO_FEW_TRIALS
    assert versions.counts(*few).refusal is Refusal.TOO_FEW_TRIALS


def test_none_at_all_is_an_answer_and_all_of_them_are_no_certainty():
    rates = versions.rates(versions.Version(300, 10_000), versions.Version(0, 10_000), 20_000)
    counts = versions.counts(versions.Version(300, 10_000), versions.Version(0, 10_000))
    assert rates.is_clear
    assert counts.is_clear
    assert counts.high < 0
    everybody = versions.rates(versions.Version(5, 5), versions.Version(5, 5), 20)
    assert everybody.high - everybody.low > 0.5
    huge = versions.counts(versions.Version(3 * 10**9, 10**9), versions.Version(5, 10))
    assert huge.low < huge.log < huge.high


# Stage by stage


def _events(random, number, share):
    made = []
    for _ in range(number):
        signups = 1 + int(random.poisson(random.gamma(4, 10)))
        own = random.beta(12 * share, 12 * (1 - share))
        made.append({"signups": signups, "attended": int(random.binomial(signups, own))})
    return made


def test_the_stage_that_changed_is_the_one_said_to_have():
    random = np.random.default_rng(6)
    held = clear = 0
    for _ in range(120):
        signups, attended = funnel.stages(
            _events(random, 12, 0.35), _events(random, 10, 0.7), ("signups", "attended")
        )
        held += attended.low <= np.log(2) <= attended.high
        clear += attended.is_clear
    assert signups.of == ""
    assert attended.of == "signups"
    assert held >= 120 * 0.95 - 6
    assert clear >= 100


def test_a_stage_nobody_counted_is_missing_and_not_zero():
    usual = [{"interested": 50, "signups": 20, "attended": None}] * 4
    changed = [{"interested": 60, "signups": 30, "attended": None}] * 4
    found = funnel.stages(usual, changed, ("interested", "signups", "attended"))
    assert [each.name for each in found] == ["interested", "signups"]
    assert found[1].usual == pytest.approx(0.4)
    assert funnel.stages([], [], ("signups",)) == []


def test_three_events_on_each_side_are_the_least():
    found = funnel.stages(
        [{"signups": 5, "attended": 0}] * 3, [{"signups": 5, "attended": 2}] * 2,
        ("signups", "attended"),
    )  # fmt: skip
    assert {each.refusal for each in found} == {Refusal.TOO_FEW_EVENTS}


# Before


def test_what_moved_already_before_is_said():
    random = np.random.default_rng(7)
    rising = 20 * 1.03 ** np.arange(40) * np.exp(random.normal(0, 0.1, 40))
    found = before_trend(Design(rising, np.empty((40, 0)), 30))
    assert found.is_clear
    assert found.low < np.log(1.03) < found.high
    assert before_trend(Design(rising, np.empty((40, 0)), 5)) is None
    below = before_trend(Design(rising - 100, np.empty((40, 0)), 30))
    assert not below.is_log


def test_a_short_or_much_remembering_history_is_given_more_and_says_so():
    random = np.random.default_rng(3)
    assert memory_of(random.normal(size=12)).slow
    assert not memory_of(random.normal(size=40)).slow
    steps = random.normal(size=80)
    much = np.zeros(80)
    for n in range(1, 80):
        much[n] = 0.8 * much[n - 1] + steps[n]
    found = memory_of(much)
    assert found.slow
    assert found.inflation >= (1 + 0.8) / (1 - 0.8) * 0.8


def test_a_rate_that_never_varied_is_no_surer_than_people_who_decide_alone():
    """Ten events of twenty of which half came: the log of a share has variance (1 - p) / (n p)."""
    came = [{"signups": 20.0, "attended": 10.0}] * 10
    rate = next(stage for stage in funnel.stages(came, came, ["signups", "attended"]) if stage.of)

    reach = np.sqrt(2 * 0.5 / 100) * stats.t.ppf(0.975, 18)
    assert (rate.low, rate.high) == pytest.approx((-reach, reach))


def test_a_rate_that_varied_is_as_sure_as_leaving_out_events_says():
    part, whole = np.array([3.0, 9.0, 14.0, 5.0]), np.array([20.0, 22.0, 21.0, 30.0])
    logs = []
    for left_out in range(4):
        kept = np.arange(4) != left_out
        logs.append(np.log((part[kept].sum() + 0.5) / (whole[kept].sum() + 0.5)))

    found = funnel._jackknife(part, whole)

    assert found == pytest.approx(3 / 4 * sum((log - np.mean(logs)) ** 2 for log in logs))
