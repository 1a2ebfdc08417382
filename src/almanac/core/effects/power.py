"""What a design could show before it starts, on the very series it would be tried on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from almanac.core.effects.design import (
    FEWEST_BEFORE,
    LEVEL,
    Design,
    Floats,
    memory_of,
    varies,
)
from almanac.core.effects.exaggeration import Worth, worth
from almanac.core.effects.log_ratio import HALF, compare
from almanac.core.refusals import Refusal

RUNS = 2000
WANTED = 0.8
LIFTS: Floats = np.array([0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0])


@dataclass(frozen=True, slots=True)
class Power:
    """chance: of a clear result if the change that matters is real; detectable: the smallest rise,
    as a share, found four times in five, None where three times as much is not; worth: type S and M
    at the change that matters; memory: how much one week is like the next."""

    chance: float
    detectable: float | None
    worth: Worth | None
    memory: float
    weeks: int
    refusal: Refusal | None = None


def power(before: Design, weeks_after: int, lift: float, *, runs: int = RUNS) -> Power:
    """By simulation: weeks that go on as those before did, with and without the change.

    before: a design of which every period is before. lift: the share that would matter.
    """
    past = before.before
    if len(past) < FEWEST_BEFORE or weeks_after < 1:
        return Power(0.0, None, None, 0.0, len(past), Refusal.TOO_FEW_BEFORE)
    other = before.others.sum(axis=1) if before.others.shape[1] else None
    if float(before.y[past].min()) < 0:
        return Power(0.0, None, None, 0.0, len(past), Refusal.BELOW_ZERO)
    z = np.log(before.y[past] + HALF)
    if other is not None:
        z = z - np.log(other[past] + HALF)
    if not varies(before.y[past]) or not varies(z):
        return Power(0.0, None, None, 0.0, len(past), Refusal.NEVER_VARIED)
    r = memory_of(z).r
    random = np.random.default_rng(20140101)
    shift, error, reach = _differences(z, r, weeks_after, runs, random)
    chances = [float(np.mean(np.abs(shift + np.log1p(size)) > reach)) for size in LIFTS]
    found = [float(size) for size, chance in zip(LIFTS, chances, strict=True) if chance >= WANTED]
    mattering = abs(float(np.log1p(lift)))
    return Power(
        float(np.mean(np.abs(shift + np.log1p(lift)) > reach)),
        found[0] if found else None,
        worth(mattering, float(np.median(error))) if mattering else None,
        r,
        len(past),
    )


def _differences(
    z: Floats, r: float, after: int, runs: int, random: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Of series like z where nothing was changed: difference of means, its error, and how far it
    must go to be clear."""
    left = z - z.mean()
    steps = left[1:] - r * left[:-1]
    steps = steps - steps.mean()
    n = len(z)
    shift, error, reach = np.empty(runs), np.empty(runs), np.empty(runs)
    for run in range(runs):
        drawn = random.choice(steps, size=n + after)
        made = np.empty(n + after)
        made[0] = random.choice(left)
        for t in range(1, n + after):
            made[t] = r * made[t - 1] + drawn[t]
        own = memory_of(made[:n]).inflation
        shift[run], error[run], free = compare(made[:n], made[n:], own)
        reach[run] = error[run] * float(stdtrit(free, 1 - LEVEL / 2))
    return shift, error, reach


def advice(found: Power, lift: float) -> str:
    """What to do about it, in a sentence."""
    if found.refusal is not None:
        return "Not enough data to say what this could show. Just try it, and note why."
    if found.chance >= WANTED:
        return "This design would find a change of that size at least 4 times in 5."
    if found.detectable is not None and found.detectable <= 2 * lift:
        return "More weeks after, or a steadier metric, would be enough to find it."
    return (
        "This cannot be seen here: more events, pairs of events that differ in one thing, a steadier "
        "metric; or do not test, just try it, and keep what people say."
    )
