"""Several comparison series: difference in differences, synthetic control, and combined.

Abadie, Diamond & Hainmueller 2010; Arkhangelsky et al. 2021. Weights are exact optima on the
simplex. Ranges come from placebos in space: each comparison treated as if it had been changed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit

from almanac.core.effects.design import LEVEL, Design, Effect, Floats, memory_of, varies
from almanac.core.effects.log_ratio import compare
from almanac.core.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

DID, SC, SDID = "did", "synthetic_control", "sdid"
FEWEST_BEFORE = 4
FEWEST_PLACEBOS = 5
HEAVY = 1e4
NORMAL_975 = 1.959963984540054


def did(design: Design) -> Effect:
    """Change of the outcome less the mean change of the comparisons."""
    refusal = _refusal(design, 1)
    if refusal is not None:
        return Effect(DID, refusal=refusal)
    before, after = design.before, design.after
    gap = design.y - design.others.mean(axis=1)
    effect = float(gap[after].mean() - gap[before].mean())
    expected = tuple(float(v) for v in design.y[after] - gap[after] + gap[before].mean())
    if design.others.shape[1] >= FEWEST_PLACEBOS:
        return _with_placebos(DID, design, effect, expected, (), _did_effect)
    if not varies(gap[before]):
        return Effect(DID, refusal=Refusal.NEVER_VARIED)
    _, error, free = compare(gap[before], gap[after], memory_of(gap[before]).inflation)
    reach = error * float(stdtrit(free, 1 - LEVEL / 2))
    return Effect(
        DID, effect, effect - reach, effect + reach, effect * len(after),
        float(stdtr(free, abs(effect) / error)), error, free, expected,
    )  # fmt: skip


def _did_effect(design: Design) -> float:
    gap = design.y - design.others.mean(axis=1)
    return float(gap[design.after].mean() - gap[design.before].mean())


def synthetic_control(design: Design) -> Effect:
    """The outcome less the weighted mean of comparisons that was most like it before."""
    refusal = _refusal(design, 2)
    if refusal is not None:
        return Effect(SC, refusal=refusal)
    weights = _weights(design)
    expected = design.others[design.after] @ weights
    effect = float((design.y[design.after] - expected).mean())
    made = _with_placebos(
        SC, design, effect, tuple(map(float, expected)), tuple(map(float, weights)), _sc_effect
    )
    rank, placebos = rank_in_space(design)
    return replace(made, placebo_rank=rank, placebos=placebos)


def _weights(design: Design) -> Floats:
    return on_simplex(design.others[design.before], design.y[design.before])


def _sc_effect(design: Design) -> float:
    return float((design.y[design.after] - design.others[design.after] @ _weights(design)).mean())


def on_simplex(columns: Floats, target: Floats, ridge: float = 0.0) -> Floats:
    """Weights of at least 0 that sum to one and bring the columns nearest to the target."""
    # A third of a second to load, which most commands do without.
    from scipy.optimize import nnls  # noqa: PLC0415

    scale = max(float(np.abs(columns).max()), 1e-12)
    rows = [columns / scale, np.full((1, columns.shape[1]), HEAVY)]
    values = [target / scale, np.array([HEAVY])]
    if ridge:
        rows.append(np.sqrt(ridge) / scale * np.eye(columns.shape[1]))
        values.append(np.zeros(columns.shape[1]))
    found, _ = nnls(np.vstack(rows), np.concatenate(values), maxiter=50 * columns.shape[1] + 100)
    total = found.sum()
    return found / total if total else np.full(len(found), 1 / len(found))


def fit_ratio(design: Design) -> float:
    """How much worse the fit is after than before: root mean squared gaps, divided."""
    gap = design.y - design.others @ _weights(design)
    past = float(np.sqrt((gap[design.before] ** 2).mean()))
    return float(np.sqrt((gap[design.after] ** 2).mean())) / max(past, 1e-12)


def rank_in_space(design: Design) -> tuple[int, int]:
    """Where the outcome stands among all series, each treated as changed, by `fit_ratio`: 1 is most
    changed. And among how many."""
    own = fit_ratio(design)
    ratios = [fit_ratio(placebo) for placebo in _placebos(design)]
    return 1 + sum(ratio > own for ratio in ratios), 1 + len(ratios)


def sdid(design: Design) -> Effect:
    """Synthetic difference in differences: weights over comparisons and over periods before."""
    refusal = _refusal(design, 2)
    if refusal is not None:
        return Effect(SDID, refusal=refusal)
    units, times = sdid_weights(design)
    effect = _sdid_effect(design)
    before, after = design.before, design.after
    shift = float((design.y[before] - design.others[before] @ units) @ times)
    expected = tuple(float(v) for v in design.others[after] @ units + shift)
    return _with_placebos(SDID, design, effect, expected, tuple(map(float, units)), _sdid_effect)


def sdid_weights(design: Design) -> tuple[Floats, Floats]:
    """(comparisons,) and (periods before,) weights, Arkhangelsky et al. 2021, algorithm 1."""
    past, present = design.others[design.before], design.others[design.after]
    noise = float(np.diff(past, axis=0).std(ddof=1))
    zeta = len(design.after) ** 0.25 * noise
    y = design.y[design.before]
    units = on_simplex(past - past.mean(axis=0), y - y.mean(), ridge=zeta**2 * len(design.before))
    target = present.mean(axis=0)
    times = on_simplex(
        past.T - past.T.mean(axis=0), target - target.mean(),
        ridge=(1e-6 * noise) ** 2 * past.shape[1],
    )  # fmt: skip
    return units, times


def _sdid_effect(design: Design) -> float:
    units, times = sdid_weights(design)
    gap = design.y - design.others @ units
    return float(gap[design.after].mean() - gap[design.before] @ times)


def _refusal(design: Design, comparisons: int) -> Refusal | None:
    if design.others.shape[1] < comparisons:
        return Refusal.NO_COMPARISON
    if len(design.before) < FEWEST_BEFORE or not len(design.after):
        return Refusal.TOO_FEW_BEFORE
    return None


def _placebos(design: Design) -> list[Design]:
    """Each comparison in the place of the outcome, with the other comparisons."""
    number = design.others.shape[1]
    return [
        Design(
            design.others[:, column],
            np.delete(design.others, column, axis=1),
            design.start,
        )
        for column in range(number)
        if number > 2
    ]


def _with_placebos(
    name: str, design: Design, effect: float, expected: tuple[float, ...],
    weights: tuple[float, ...], of: Callable[[Design], float],
) -> Effect:  # fmt: skip
    placebos = [of(placebo) for placebo in _placebos(design)]
    cumulative = effect * len(design.after)
    if len(placebos) < FEWEST_PLACEBOS:
        return Effect(
            name, effect, cumulative=cumulative, expected=expected, weights=weights,
            refusal=Refusal.TOO_FEW_COMPARISONS,
        )  # fmt: skip
    error = float(np.std(placebos, ddof=1))
    rank = 1 + sum(abs(value) >= abs(effect) for value in placebos)
    return Effect(
        name, effect, effect - NORMAL_975 * error, effect + NORMAL_975 * error, cumulative,
        float(ndtr(abs(effect) / max(error, 1e-12))), error, None, expected,
        placebo_rank=rank, placebos=1 + len(placebos), weights=weights,
    )  # fmt: skip
