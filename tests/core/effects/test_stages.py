"""Stages of a funnel against Welch's t and a jackknife made one event at a time."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.effects import funnel
from almanac.core.refusals import Refusal


def rows(signups, attended):
    return [{"signups": s, "attended": a} for s, a in zip(signups, attended, strict=True)]


def both(usual, changed):
    return funnel.stages(usual, changed, ("interested", "signups", "attended"))


def test_counts_are_compared_by_welch_in_logs():
    usual, changed = [10.0, 60.0, 25.0, 31.0], [90.0, 20.0, 150.0]
    count, _ = both(rows(usual, [1] * 4), rows(changed, [1] * 3))
    logs = [np.log(np.array(part) + 0.5) for part in (changed, usual)]
    ends = stats.ttest_ind(*logs, equal_var=False).confidence_interval()

    assert (count.name, count.of, count.events) == ("signups", "", (4, 3))
    assert (count.usual, count.changed) == (31.5, pytest.approx(260 / 3))
    assert count.log == pytest.approx(logs[0].mean() - logs[1].mean())
    assert (count.low, count.high) == pytest.approx((ends.low, ends.high))


def test_counts_that_never_varied_vary_as_people_who_decide_alone():
    count, _ = both(rows([16] * 3, [1] * 3), rows([24] * 5, [1] * 5))
    a, b = 1 / 16.5 / 3, 1 / 24.5 / 5
    free = (a + b) ** 2 / (a**2 / 2 + b**2 / 4)
    reach = np.sqrt(a + b) * stats.t.ppf(0.975, free)

    assert (count.low, count.high) == pytest.approx((count.log - reach, count.log + reach))


def jackknife(part, whole):
    n = len(part)
    logs = []
    for out in range(n):
        kept = [k for k in range(n) if k != out]
        a, b = sum(part[k] for k in kept), sum(whole[k] for k in kept)
        logs.append(np.log((a + 0.5) / (b + 0.5)))
    return (n - 1) * np.var(logs)


def test_rates_are_quotients_of_sums_as_sure_as_events_are_alike():
    signups, attended = ([20, 40, 30, 10], [50, 25, 60]), ([4, 30, 9, 8], [45, 11, 50])
    _, rate = both(*(rows(*parts) for parts in zip(signups, attended, strict=True)))
    errors = [jackknife(a, b) for a, b in zip(attended, signups, strict=True)]
    free = sum(errors) ** 2 / (errors[0] ** 2 / 3 + errors[1] ** 2 / 2)
    reach = np.sqrt(sum(errors)) * stats.t.ppf(0.975, free)

    assert (rate.name, rate.of, rate.events) == ("attended", "signups", (4, 3))
    assert (rate.usual, rate.changed) == pytest.approx((51 / 100, 106 / 135))
    assert rate.log == pytest.approx(np.log((106 / 135) / (51 / 100)))
    assert (rate.low, rate.high) == pytest.approx((rate.log - reach, rate.log + reach))


def test_a_rate_above_one_has_no_least_error():
    _, rate = both(rows([10] * 3, [12] * 3), rows([10] * 3, [15] * 3))

    assert rate.high - rate.low < 1e-3
    assert rate.is_clear


def test_only_events_that_know_both_counts_say_a_rate():
    usual = [*rows([20, 30, 25], [5, 0, 8]), *rows([0, None, 40], [3, 4, None]), {"signups": 9}]
    changed = rows([20, 30, 25], [10, 12, 9])
    count, rate = both(usual, changed)

    assert count.events == (6, 3)
    assert count.usual == pytest.approx(124 / 6)
    assert rate.events == (3, 3)
    assert rate.usual == pytest.approx(13 / 75)
    assert rate.refusal is None


def test_a_rate_of_nobody_is_refused():
    _, rate = both(rows([20] * 3, [0] * 3), rows([20] * 3, [5] * 3))

    assert (rate.refusal, rate.log, rate.is_clear) == (Refusal.TOO_FEW_EVENTS, None, False)


@pytest.mark.parametrize(
    ("usual", "changed", "enough"), [(3, 3, True), (2, 3, False), (3, 2, False)]
)
def test_three_events_are_the_fewest_for_either(usual, changed, enough):
    found = both(rows([20] * usual, [9] * usual), rows([20] * changed, [9] * changed))

    assert [each.events for each in found] == [(usual, changed)] * 2
    assert [each.refusal is None for each in found] == [enough] * 2
