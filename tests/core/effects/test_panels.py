"""Comparisons: weights by a general optimiser, placebos by hand."""

import numpy as np
import pytest
from scipy import optimize, stats

from almanac.core.effects import Design, panel
from almanac.core.effects.design import memory_of
from almanac.core.refusals import Refusal


def made(comparisons, before=20, after=5, lift=6.0, seed=3):
    random = np.random.default_rng(seed)
    trend = random.normal(0, 1, before + after).cumsum()
    others = 30 + trend[:, None] + random.normal(0, 1.5, (before + after, comparisons))
    y = 32 + trend + random.normal(0, 1.5, before + after)
    y[before:] += lift
    return Design(y, others, before)


def simplex(columns, target, ridge=0.0):
    """Smallest squares over weights that are not negative and sum to one."""
    number = columns.shape[1]

    def loss(w):
        return ((columns @ w - target) ** 2).sum() + ridge * (w**2).sum()

    return optimize.minimize(
        loss, np.full(number, 1 / number), bounds=[(0, 1)] * number, method="SLSQP",
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        options={"ftol": 1e-14, "maxiter": 500},
    ).x  # fmt: skip


@pytest.mark.parametrize("ridge", [0.0, 40.0, 5000.0])
def test_weights_are_the_best_on_the_simplex(ridge):
    design = made(4)
    past, y = design.others[:20], design.y[:20]
    found = panel.on_simplex(past, y, ridge)

    assert found.sum() == pytest.approx(1)
    assert found.min() >= 0
    assert found == pytest.approx(simplex(past, y, ridge), abs=2e-4)


def gap_change(y, others, start):
    gap = y - others.mean(axis=1)
    return gap[start:].mean() - gap[:start].mean()


def test_few_comparisons_make_a_t_range_of_the_gap():
    design = made(3)
    gap = design.y - design.others.mean(axis=1)
    inflation = memory_of(gap[:20]).inflation
    error = gap[:20].std(ddof=1) * np.sqrt(inflation * (1 / 20 + 1 / 5))
    free = max(4, 19 / inflation)
    effect = gap_change(design.y, design.others, 20)
    reach = error * stats.t.ppf(0.975, free)
    found = panel.did(design)

    assert (found.effect, found.error, found.free) == pytest.approx((effect, error, free))
    assert (found.low, found.high) == pytest.approx((effect - reach, effect + reach))
    assert found.cumulative == pytest.approx(5 * effect)
    assert found.chance == pytest.approx(stats.t.cdf(effect / error, free))
    wanted = design.others[20:].mean(axis=1) + gap[:20].mean()
    assert found.expected == pytest.approx(tuple(wanted))


def test_five_comparisons_are_placebos():
    design = made(5, lift=-1.0)
    effect = gap_change(design.y, design.others, 20)
    placebos = [
        gap_change(design.others[:, n], np.delete(design.others, n, axis=1), 20) for n in range(5)
    ]
    error = np.std(placebos, ddof=1)
    found = panel.did(design)

    assert (found.effect, found.error, found.free) == (
        pytest.approx(effect), pytest.approx(error), None,
    )  # fmt: skip
    assert (found.low, found.high) == pytest.approx(stats.norm(effect, error).interval(0.95))
    assert found.chance == pytest.approx(stats.norm.cdf(abs(effect) / error))
    assert found.placebo_rank == 1 + sum(abs(each) >= abs(effect) for each in placebos)
    assert found.placebos == 6
    assert found.cumulative == pytest.approx(5 * effect)


def test_a_gap_that_never_varied_says_nothing_of_its_error():
    other = np.arange(12.0)
    design = Design(other + 3, other[:, None], 9)

    assert panel.did(design).refusal is Refusal.NEVER_VARIED


@pytest.mark.parametrize("estimate", [panel.did, panel.synthetic_control, panel.sdid])
def test_panels_take_four_periods_before_and_one_after(estimate):
    enough = made(5, before=4, after=1)
    assert estimate(enough).effect is not None
    for design in (made(5, before=3, after=1), Design(enough.y[:4], enough.others[:4], 4)):
        assert estimate(design).refusal is Refusal.TOO_FEW_BEFORE
    fewest = 1 if estimate is panel.did else 2
    assert estimate(made(fewest)).effect is not None
    assert estimate(made(fewest - 1)).refusal is Refusal.NO_COMPARISON


def test_a_mixture_of_two_is_found_and_what_came_on_top_is_the_effect():
    others = made(3).others
    y = 0.3 * others[:, 0] + 0.7 * others[:, 2]
    y[20:] += [1, 2, 3, 4, 5]
    design = Design(y, others, 20)
    found = panel.synthetic_control(design)

    assert found.weights == pytest.approx((0.3, 0, 0.7), abs=1e-4)
    assert found.effect == pytest.approx(3, abs=1e-3)
    assert found.cumulative == pytest.approx(15, abs=5e-3)
    assert found.expected == pytest.approx(tuple(others[20:] @ [0.3, 0, 0.7]), abs=1e-3)
    assert (found.refusal, found.low) == (Refusal.TOO_FEW_COMPARISONS, None)
    assert (found.placebo_rank, found.placebos) == (1, 4)


def test_a_fit_is_so_many_times_worse_after():
    design = made(3)
    gap = design.y - design.others @ simplex(design.others[:20], design.y[:20])
    wanted = np.sqrt((gap[20:] ** 2).mean() / (gap[:20] ** 2).mean())

    assert panel.fit_ratio(design) == pytest.approx(wanted, rel=1e-3)


def test_ranks_count_those_that_changed_more():
    design = made(4, lift=0.3, seed=8)
    series = np.column_stack([design.y, design.others])
    ratios = [
        panel.fit_ratio(Design(series[:, n], np.delete(series[:, 1:], n - 1, axis=1), 20))
        for n in range(1, 5)
    ]
    own = panel.fit_ratio(design)

    assert panel.rank_in_space(design) == (1 + sum(each > own for each in ratios), 5)
    assert panel.rank_in_space(made(2)) == (1, 1)


def test_a_synthetic_control_is_as_sure_as_its_placebos():
    design = made(6)
    placebos = []
    for n in range(6):
        rest = np.delete(design.others, n, axis=1)
        weights = simplex(rest[:20], design.others[:20, n])
        placebos.append((design.others[20:, n] - rest[20:] @ weights).mean())
    weights = simplex(design.others[:20], design.y[:20])
    found = panel.synthetic_control(design)

    assert found.effect == pytest.approx(
        (design.y[20:] - design.others[20:] @ weights).mean(), abs=1e-3
    )
    assert found.error == pytest.approx(np.std(placebos, ddof=1), rel=1e-3)


def test_sdid_weighs_comparisons_and_periods():
    """Arkhangelsky et al. 2021, algorithm 1, by a general optimiser."""
    design = made(9, before=6, after=3, seed=12)
    past, after, y = design.others[:6], design.others[6:], design.y
    noise = np.diff(past, axis=0).std(ddof=1)
    ridge = 6 * np.sqrt(3) * noise**2
    units = simplex(past - past.mean(axis=0), y[:6] - y[:6].mean(), ridge)
    target = after.mean(axis=0)
    periods = simplex(past.T - past.mean(axis=1), target - target.mean())
    gap = y - design.others @ units
    found = panel.sdid(design)
    own_units, own_periods = panel.sdid_weights(design)

    assert own_units == pytest.approx(units, abs=1e-4)
    assert own_periods == pytest.approx(periods, abs=1e-4)
    assert found.weights == pytest.approx(tuple(own_units))
    assert found.effect == pytest.approx(gap[6:].mean() - gap[:6] @ periods, abs=1e-3)
    assert np.mean(y[6:] - found.expected) == pytest.approx(found.effect)
