"""A probability for every count: the currency in which turnout is forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Counts"]

Floats = NDArray[np.float64]

NEGLIGIBLE = 1e-9
TAIL_NODES = 12
SHORT = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """A probability mass function over the counts `first`, `first + 1`, ...

    `mass` has shape (n,), is non-negative and sums to 1.
    """

    first: int
    mass: Floats

    @classmethod
    def of(cls, mass: Floats, first: int = 0) -> Counts:
        """Normalise `mass` and cut off ends that hold next to nothing."""
        total = float(mass.sum())
        if not np.isfinite(total) or total <= 0:
            raise ValueError("a distribution over counts needs some finite, positive mass")
        mass = mass / total
        solid = np.flatnonzero(mass > NEGLIGIBLE / len(mass))
        start, stop = int(solid[0]), int(solid[-1]) + 1
        kept = mass[start:stop]
        return cls(first + start, kept / kept.sum())

    @classmethod
    def certain(cls, count: int) -> Counts:
        return cls(count, np.ones(1))

    @property
    def last(self) -> int:
        return self.first + len(self.mass) - 1

    @property
    def values(self) -> NDArray[np.int64]:
        return np.arange(self.first, self.last + 1)

    @property
    def mean(self) -> float:
        return float(self.mass @ self.values)

    @property
    def is_certain(self) -> bool:
        return len(self.mass) == 1

    def cdf(self, count: int) -> float:
        """P(Y <= count)."""
        if count < self.first:
            return 0.0
        return float(min(1.0, self.mass[: count - self.first + 1].sum()))

    def at_least(self, count: int) -> float:
        """P(Y >= count)."""
        return 0.0 if count > self.last else max(0.0, 1.0 - self.cdf(count - 1))

    def quantile(self, level: float) -> int:
        """The smallest count whose cumulative probability reaches `level`."""
        reached = np.searchsorted(np.cumsum(self.mass), level - 1e-12)
        return self.first + min(int(reached), len(self.mass) - 1)

    def interval(self, share: float) -> tuple[int, int]:
        """The central interval that holds at least `share` of the probability."""
        tail = (1 - share) / 2
        return self.quantile(tail), self.quantile(1 - tail)

    def dots(self, number: int = 20) -> tuple[int, ...]:
        """`number` equally likely outcomes, for a quantile dot plot (Kay et al. 2016)."""
        return tuple(self.quantile((i + 0.5) / number) for i in range(number))

    def capped(self, seats: int) -> Counts:
        """The same, with everything above `seats` turned away at the door."""
        if self.last <= seats:
            return self
        if self.first >= seats:
            return Counts.certain(seats)
        keep = seats - self.first
        return Counts.of(np.append(self.mass[:keep], self.mass[keep:].sum()), self.first)

    def coarse(self, most: int = SHORT) -> tuple[Counts, int]:
        """At most about `most` probabilities, for keeping many: of counts divided by a lot, rounded
        down, and the lot. The last millionths of a longer distribution are left out."""
        if len(self.mass) <= most:
            return self, 1
        first, last = self.quantile(1e-6), self.quantile(1 - 1e-6)
        lot = -(-(last - first + 1) // most)
        mass = self.mass[first - self.first : last - self.first + 1]
        places = np.arange(first, last + 1) // lot
        return Counts.of(
            np.bincount(places - places[0], mass).astype(np.float64), int(places[0])
        ), lot

    def from_at_least(self, count: int) -> Counts:
        """The same, knowing that `count` is reached."""
        if count <= self.first:
            return self
        if count >= self.last:
            return Counts.certain(count)
        return Counts.of(self.mass[count - self.first :], count)

    def plus(self, other: Counts) -> Counts:
        """The sum of two independent counts."""
        return Counts.of(np.convolve(self.mass, other.mass), self.first + other.first)

    def packed(self, most: int = 512) -> dict[str, list[float]]:
        """Values and cumulative probabilities for safe keeping; exact up to `most` values."""
        cumulative = np.cumsum(self.mass)
        kept = np.arange(len(self.mass))
        if len(kept) > most:
            # Most of what is kept stands close together where a long tail needs it.
            body, tail = np.linspace(0, 0.98, most // 2), 1 - np.geomspace(0.02, 1e-7, most // 2)
            reached = np.searchsorted(cumulative, [*body, *tail])
            kept = np.unique([0, *np.minimum(reached, len(kept) - 1), len(kept) - 1])
        return {
            "values": (kept + self.first).tolist(),
            "cumulative": np.round(cumulative[kept], 9).tolist(),
        }

    @classmethod
    def unpacked(cls, packed: dict[str, list[float]]) -> Counts:
        """What `packed` kept; between kept values the probability is spread evenly."""
        values = np.asarray(packed["values"], dtype=np.int64)
        every = np.arange(values[0], values[-1] + 1)
        cumulative = np.interp(every, values, np.asarray(packed["cumulative"]))
        return cls.of(np.maximum(np.diff(cumulative, prepend=0.0), 0.0), int(values[0]))

    def nodes(self, most: int) -> tuple[NDArray[np.int64], Floats]:
        """At most `most` counts and weights that stand for the whole distribution.

        Exact while the support is no larger; beyond it, groups of neighbouring counts, equally
        likely in the body and ever smaller towards the end of the tail, are each represented by
        their mean, so that the mean is kept to within rounding.
        """
        if len(self.mass) <= most:
            return self.values, self.mass
        ends = [
            *np.linspace(0, 0.92, most - TAIL_NODES + 1)[1:],
            *(1 - 0.08 * 0.5 ** np.arange(1, TAIL_NODES)),
        ]
        group = np.searchsorted(ends, np.cumsum(self.mass))
        weights: Floats = np.bincount(group, self.mass, most).astype(np.float64)
        sums = np.bincount(group, self.mass * self.values, most)
        held = weights > 0
        return np.rint(sums[held] / weights[held]).astype(np.int64), weights[held]


POOL_LEVELS = (np.arange(400) + 0.5) / 400


def pooled(parts: Sequence[Counts], weights: Sequence[float]) -> Counts:
    """Weighted average of quantiles of log(count + ½), which keeps ranges as sharp as they were
    (Lichtendahl, Grushka-Cockayne & Winkler 2013)."""
    if len(parts) == 1:
        return parts[0]
    shares = np.asarray(weights) / sum(weights)
    return _of_logs(sum(share * _logs(part) for share, part in zip(shares, parts, strict=True)))


def raised(base: Counts, other: Counts, weight: float) -> Counts:
    """`base`, moved by `weight` towards `other` where `other` lies above it, quantile by quantile in
    log(count + ½); never below `base`."""
    low = _logs(base)
    return _of_logs(low + weight * np.maximum(_logs(other) - low, 0.0))


def _logs(part: Counts) -> Floats:
    """Quantiles of log(count + ½), each count spread over the unit around it."""
    cumulative = np.append(0.0, np.cumsum(part.mass))
    edges = np.arange(len(cumulative)) + part.first - 0.5
    found: Floats = np.log(np.maximum(np.interp(POOL_LEVELS, cumulative, edges), 0.0) + 0.5)
    return found


def _of_logs(logs: Floats) -> Counts:
    values = np.sort(np.exp(logs) - 0.5)
    top = int(np.ceil(values[-1])) + 1
    reached = np.interp(np.arange(top + 1) + 0.5, values, POOL_LEVELS, left=0.0, right=1.0)
    return Counts.of(np.diff(reached, prepend=0.0) + 1e-15)


def mixture(parts: Sequence[Counts], weights: Sequence[float]) -> Counts:
    """A weighted mixture of distributions."""
    first = min(part.first for part in parts)
    last = max(part.last for part in parts)
    mass = np.zeros(last - first + 1)
    for part, weight in zip(parts, weights, strict=True):
        mass[part.first - first : part.last - first + 1] += weight * part.mass
    return Counts.of(mass, first)
