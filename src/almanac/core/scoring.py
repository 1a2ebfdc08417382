"""How right a forecast or a guess was, once the count is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaincinv

from almanac.core.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.counts import Counts

ENOUGH_TO_TELL = 10


def crps(counts: Counts, observed: int) -> float:
    """Continuous ranked probability score, in people; lower is better (Gneiting & Raftery 2007).

    Exact for counts: the sum over k of (P(Y <= k) - [observed <= k])².
    """
    first, last = min(counts.first, observed), max(counts.last, observed)
    values = np.arange(first, last + 1)
    cumulative = np.zeros(len(values))
    at = counts.first - first
    cumulative[at : at + len(counts.mass)] = np.cumsum(counts.mass)
    cumulative[at + len(counts.mass) :] = 1.0
    return float(np.sum((cumulative - (values >= observed)) ** 2))


def randomised_pit(counts: Counts, observed: int, uniform: float) -> float:
    """P(Y < observed) + uniform · P(Y = observed): uniform if calibrated (Czado et al. 2009)."""
    below = counts.cdf(observed - 1)
    return below + uniform * (counts.cdf(observed) - below)


@dataclass(frozen=True, slots=True)
class Scored:
    """One forecast or guess against what happened."""

    observed: int
    low: int
    high: int
    inside: bool
    crps: float


def score(counts: Counts, observed: int) -> Scored:
    """Score the 80 % range and the whole distribution."""
    low, high = counts.interval(0.8)
    return Scored(observed, low, high, low <= observed <= high, crps(counts, observed))


@dataclass(frozen=True, slots=True)
class HitRate:
    """How many outcomes fell inside the 80 % range; low, high: 90 % interval of the true share
    (Jeffreys). Refused a verdict, not the count, while too few."""

    inside: int
    of: int
    low: float
    high: float
    refusal: Refusal | None = None


def hit_rate(scores: Sequence[Scored]) -> HitRate | None:
    """None where nothing has been scored."""
    if not scores:
        return None
    inside, of = sum(scored.inside for scored in scores), len(scores)
    low = float(betaincinv(inside + 0.5, of - inside + 0.5, 0.05))
    high = float(betaincinv(inside + 0.5, of - inside + 0.5, 0.95))
    few = Refusal.TOO_FEW_SCORED if of < ENOUGH_TO_TELL else None
    return HitRate(inside, of, low, high, few)
