"""Whether the later half of a short series lies higher or lower than the earlier half.

An exact permutation test of mean ranks: every way of dealing the values to the two halves is
equally likely when nothing changed (Fisher 1935; Lehmann, Nonparametrics, 1975, ch. 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import permutation_test, rankdata

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST, MOST = 8, 12
"""Fewer values can't be told apart at 5 %; with more, only the latest are compared."""
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Shift:
    """Medians of both halves and the two-sided chance of such a difference without a change."""

    before: float
    after: float
    chance: float

    @property
    def direction(self) -> int:
        """1 higher, -1 lower, 0 where it may be chance."""
        if self.chance >= LEVEL:
            return 0
        return 1 if self.after > self.before else -1


def recent_shift(values: Sequence[float]) -> Shift | None:
    """values: oldest first; None where they are too few."""
    return _shift(tuple(values[-MOST:])) if len(values) >= LEAST else None


@lru_cache(maxsize=4096)
def _shift(values: tuple[float, ...]) -> Shift:
    latest = np.asarray(values, dtype=np.float64)
    half = len(latest) // 2
    ranks = rankdata(latest)
    found = permutation_test(
        (ranks[half:], ranks[:half]), _difference, n_resamples=10_000, vectorized=True
    )
    return Shift(
        float(np.median(latest[:half])), float(np.median(latest[half:])), float(found.pvalue)
    )


def _difference(later: np.ndarray, earlier: np.ndarray, axis: int = -1) -> np.ndarray:
    return np.asarray(later.mean(axis=axis) - earlier.mean(axis=axis))
