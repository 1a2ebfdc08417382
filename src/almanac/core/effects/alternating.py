"""Events of which chance lets one in two be changed: did the change do anything?

Within a pair chance said which event is changed, so that under no change the difference is as likely
up as down, whatever the counts look like. Each pair bets on that (a sign-flip e-process: Ramdas et al.
2020), which holds at every look and asks no distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logsumexp

from almanac.core.effects.design import LEVEL, Floats, leaves_out_none
from almanac.core.effects.power import LIFTS, WANTED
from almanac.core.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST_PAIRS = 6
"""Fewer cannot be clear: with every pair up, the evidence is 2^pairs / 2."""
BETS: Floats = np.array([1.0, 2.0, 4.0])
HALF = 0.5
FINENESS = 801
MOST_ENUMERATED = 12
FEWEST_PAST = 4


@dataclass(frozen=True, slots=True)
class Lift:
    """A change between two arms on the log scale. low, high: hold at every look; evidence: the e-value
    against none, clear from 20 on; n: pairs, or results in both versions; error: for pooling,
    with its degrees of freedom where it is estimated from few."""

    n: int
    log: float | None = None
    low: float | None = None
    high: float | None = None
    evidence: float | None = None
    error: float | None = None
    free: float | None = None
    refusal: Refusal | None = None

    @property
    def is_clear(self) -> bool:
        return leaves_out_none(self.low, self.high)


def log_count(count: float) -> float:
    return float(np.log(count + HALF))


def log_share(count: float, of: float) -> float:
    return float(np.log((count + HALF) / (of + 2 * HALF)))


def of_pairs(differences: Sequence[float]) -> Lift:
    """differences: (pairs,) the changed event's log count or log share less the usual one's."""
    z = np.asarray(differences, dtype=float)
    n = len(z)
    if n < 2:
        return Lift(n, refusal=Refusal.TOO_FEW_TRIALS)
    if not np.abs(z).max() > 0:
        return Lift(n, refusal=Refusal.NEVER_VARIED)
    middle, error = float(z.mean()), float(z.std(ddof=1) / np.sqrt(n))
    evidence = float(np.exp(_log_evidence(z, np.zeros(1))[0]))
    if n < FEWEST_PAIRS:
        return Lift(n, middle, None, None, evidence, error, n - 1, Refusal.TOO_FEW_TRIALS)
    low, high = _range(z)
    return Lift(n, middle, low, high, evidence, error, n - 1)


def dealt_otherwise(differences: Sequence[float]) -> tuple[int, int]:
    """Had chance dealt otherwise: in how many of how many ways the mean difference would have been at
    least as large; every way for up to 12 pairs, else 4,096 of them."""
    z = np.asarray(differences, dtype=float)
    if len(z) <= MOST_ENUMERATED:
        bits = np.arange(2 ** len(z))[:, None] >> np.arange(len(z)) & 1
        signs = 1 - 2 * bits
    else:
        signs = np.random.default_rng(1935).choice([-1, 1], (2**MOST_ENUMERATED, len(z)))
        signs[0] = 1
    sums = np.abs(signs @ z)
    return int((sums >= abs(float(z.sum())) - 1e-12).sum()), len(signs)


@dataclass(frozen=True, slots=True)
class PairsPower:
    """chance: that `pairs` pairs give a clear result if the change that matters is real; sign, exaggeration: of
    a clear result (types S and M); detectable: the smallest rise found four times in five."""

    chance: float
    sign: float
    exaggeration: float
    detectable: float | None


def power_of_pairs(
    logs: Sequence[float], pairs: int, lift: float, *, runs: int = 1000
) -> PairsPower | None:
    """By drawing from past events (logs of their counts or shares) again; None with fewer than four."""
    past = np.asarray(logs, dtype=float)
    if len(past) < FEWEST_PAST or pairs < FEWEST_PAIRS:
        return None
    random = np.random.default_rng(20200101)
    drawn = random.choice(past, (runs, pairs, 2)) * np.sqrt(len(past) / (len(past) - 1))
    z = drawn[:, :, 0] - drawn[:, :, 1]

    def clear(size: float) -> Floats:
        found: Floats = np.array(
            [_log_evidence(row + size, np.zeros(1))[0] >= np.log(1 / LEVEL) for row in z]
        )
        return found

    wanted = float(np.log1p(lift))
    found = clear(wanted)
    means = z.mean(axis=1)[found.astype(bool)] + wanted
    detectable = next((float(s) for s in LIFTS if clear(float(np.log1p(s))).mean() >= WANTED), None)
    if not len(means):
        return PairsPower(0.0, 0.0, float("nan"), detectable)
    return PairsPower(
        float(found.mean()), float((means * wanted < 0).mean()),
        float(np.abs(means).mean() / abs(wanted)), detectable,
    )  # fmt: skip


def _log_evidence(z: Floats, shifts: Floats) -> Floats:
    """Of every shift: how surely the change is not that."""
    bets = np.concatenate([BETS, -BETS])
    x = bets[:, None, None] * (z[None, :] - shifts[:, None])[None]
    # log(exp(x) / cosh(x)), without overflow.
    each = np.log(2) - np.logaddexp(0.0, -2 * x)
    return logsumexp(each.sum(axis=2), axis=0) - np.log(len(bets))


def _range(z: Floats) -> tuple[float, float]:
    """The changes that are not refuted; a scan, widened by its own step."""
    wide = 20 / BETS[0] / len(z) + float(np.ptp(z))
    shifts = np.linspace(z.min() - wide, z.max() + wide, FINENESS)
    for _ in range(2):
        kept = np.flatnonzero(_log_evidence(z, shifts) < np.log(1 / LEVEL))
        first, last = max(kept[0] - 1, 0), min(kept[-1] + 1, len(shifts) - 1)
        low, high = float(shifts[first]), float(shifts[last])
        shifts = np.linspace(low, high, FINENESS)
    return low, high
