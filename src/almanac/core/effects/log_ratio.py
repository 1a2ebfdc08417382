"""The log of the outcome over its comparison, before and after, with a t widened for memory."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtr, stdtrit

from almanac.core.effects.design import (
    FEWEST_BEFORE,
    LEVEL,
    Design,
    Effect,
    Floats,
    autocorrelation,
    varies,
)
from almanac.core.refusals import Refusal

NAME = "log_ratio"
HALF = 0.5
MOST_MEMORY = 0.85


def estimate(design: Design) -> Effect:
    """Without a comparison, the log of the outcome itself. Refuses amounts below zero."""
    before, after = design.before, design.after
    if len(before) < FEWEST_BEFORE or not len(after):
        return Effect(NAME, refusal=Refusal.TOO_FEW_BEFORE)
    other = design.others.sum(axis=1) if design.others.shape[1] else None
    parts = [design.y[design.known]] + ([] if other is None else [other[design.known]])
    if min(float(part.min()) for part in parts) < 0:
        return Effect(NAME, refusal=Refusal.BELOW_ZERO)
    z = np.log(design.y + HALF) - (0.0 if other is None else np.log(other + HALF))
    past, present = z[before], z[after]
    if not varies(design.y[before]) or not varies(past):
        return Effect(NAME, refusal=Refusal.NEVER_VARIED)
    r = autocorrelation(past)
    if r > MOST_MEMORY:
        return Effect(NAME, refusal=Refusal.DRIFTS)
    change, error, free = compare(past, present, r)
    reach = error * float(stdtrit(free, 1 - LEVEL / 2))
    mean = float(design.y[after].mean())

    def in_units(log: float) -> float:
        return (mean + HALF) * (1 - float(np.exp(-log)))

    effect = in_units(change)
    return Effect(
        NAME,
        effect,
        in_units(change - reach),
        in_units(change + reach),
        effect * len(after),
        float(stdtr(free, abs(change) / error)),
        error,
        tuple(float(v) for v in np.exp(np.log(design.y[after] + HALF) - change) - HALF),
        log=change,
    )


def compare(past: Floats, present: Floats, r: float) -> tuple[float, float, float]:
    """Difference of means, its standard error under lag-1 autocorrelation r, degrees of freedom."""
    n0, n1 = len(past), len(present)
    inflation = (1 + r) / (1 - r)
    error = float(past.std(ddof=1)) * np.sqrt(inflation * (1 / n0 + 1 / n1))
    return float(present.mean() - past.mean()), float(error), max(4.0, (n0 - 1) / inflation)
