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
    memory_of,
    varies,
)
from almanac.core.effects.sequential import every_look
from almanac.core.refusals import Refusal

NAME = "log_ratio"
HALF = 0.5


def estimate(design: Design, planned: int | None = None) -> Effect:
    """Without a comparison, the log of the outcome itself. Refuses amounts below zero. planned: how
    many periods it was to run, where it is looked at earlier: then the range pays for every look."""
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
    memory = memory_of(past)
    if memory.is_too_long:
        return Effect(NAME, refusal=Refusal.DRIFTS)
    change, error, free = compare(past, present, memory.inflation)
    reach = error * float(stdtrit(free, 1 - LEVEL / 2))
    if planned is not None:
        reach = error * every_look(len(before), max(planned, len(after)), round(free))
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
        free,
        *_without(past, 0.0 if other is None else np.log(other[after] + HALF), len(after), free),
        log=change,
        slow=memory.slow,
    )


def _without(
    past: Floats, other: Floats | float, after: int, free: float
) -> tuple[tuple[float, ...], tuple[tuple[float, float], ...]]:
    """What would have come in each period after, and the 95 % range of a single one."""
    middle = past.mean() + other + np.zeros(after)
    reach = float(stdtrit(free, 1 - LEVEL / 2)) * past.std(ddof=1) * np.sqrt(1 + 1 / len(past))
    low, expected, high = (np.exp(middle + move) - HALF for move in (-reach, 0.0, reach))
    band = tuple((max(float(a), 0.0), float(b)) for a, b in zip(low, high, strict=True))
    return tuple(float(v) for v in np.maximum(expected, 0.0)), band


def compare(past: Floats, present: Floats, inflation: float) -> tuple[float, float, float]:
    """Difference of means, its standard error where memory multiplies the variance of a mean by
    `inflation`, and degrees of freedom."""
    n0, n1 = len(past), len(present)
    error = float(past.std(ddof=1)) * np.sqrt(inflation * (1 / n0 + 1 / n1))
    return float(present.mean() - past.mean()), float(error), max(4.0, (n0 - 1) / inflation)
