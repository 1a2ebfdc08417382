"""How right a forecast or a guess was, once the count is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaincinv

from almanac.core.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from almanac.core.counts import Counts

ENOUGH_TO_TELL = 10
RESAMPLES = 2000


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


def crps_of_sample(sample: NDArray[np.int64], observed: int) -> float:
    """CRPS of the distribution in which each number of a sample is equally likely: the mean distance to
    the outcome less half the mean distance of two of them (Gneiting & Raftery 2007)."""
    ordered = np.sort(sample).astype(np.float64)
    number = len(ordered)
    between = 2 * float((2 * np.arange(1, number + 1) - number - 1) @ ordered) / number**2
    return float(np.abs(ordered - observed).mean() - between / 2)


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


def coverage(pits: Sequence[float], share: float) -> float:
    """How often an outcome fell inside the central range that should hold `share`."""
    return float(np.mean(np.abs(np.asarray(pits) - 0.5) <= share / 2))


def pit_histogram(pairs: Sequence[tuple[Counts, int]], bins: int = 10) -> tuple[float, ...]:
    """Shares of the non-randomised PIT in equal bins; all 1 / bins if calibrated.

    Czado, Gneiting & Held 2009: of each forecast, uniform between P(Y < y) and P(Y <= y).
    """
    edges = np.linspace(0, 1, bins + 1)
    total = np.zeros(bins + 1)
    for counts, observed in pairs:
        below, at = counts.cdf(observed - 1), counts.cdf(observed)
        width = max(at - below, 1e-12)
        total += np.clip((edges - below) / width, 0, 1)
    return tuple((np.diff(total) / max(len(pairs), 1)).tolist())


def expected_coverage(counts: Counts, share: float) -> float:
    """The probability its own central interval holds: more than `share`, as counts are discrete."""
    low, high = counts.interval(share)
    return counts.cdf(high) - counts.cdf(low - 1)


def exact_interval(successes: int, of: int, share: float = 0.95) -> tuple[float, float]:
    """Clopper-Pearson interval of a proportion."""
    # Half a second to load, which most commands do without.
    from scipy.stats import binomtest  # noqa: PLC0415

    interval = binomtest(successes, of).proportion_ci(share)
    return float(interval.low), float(interval.high)


@dataclass(frozen=True, slots=True)
class Skill:
    """1 - score / score of the reference; low, high: 95 %, paired, by resampling whole blocks."""

    value: float
    low: float
    high: float


def skill(
    scores: Sequence[float], references: Sequence[float], blocks: Sequence[int]
) -> Skill | None:
    """Skill against a reference forecast of the same outcomes; None where that was perfect.

    blocks: what belongs together, such as the program; resampled whole (Efron & Tibshirani 1993).
    """
    score, reference = np.asarray(scores, dtype=float), np.asarray(references, dtype=float)
    if not len(score) or reference.sum() <= 0:
        return None
    names, place = np.unique(np.asarray(blocks), return_inverse=True)
    by_block = np.array([np.bincount(place, score), np.bincount(place, reference)])
    random = np.random.default_rng(1)
    drawn = random.multinomial(len(names), np.full(len(names), 1 / len(names)), RESAMPLES)
    sums = drawn @ by_block.T
    ratios = 1 - sums[:, 0] / np.maximum(sums[:, 1], 1e-12)
    low, high = np.quantile(ratios, [0.025, 0.975])
    return Skill(1 - float(score.sum() / reference.sum()), float(low), float(high))
