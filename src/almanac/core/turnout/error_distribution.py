"""The shape of what is left open: forecast errors of the past, smoothed, in sds.

So long as few errors are known it is a t distribution; with many it is what they were, which
widens or narrows every range by the evidence and never past it.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr, stdtrit

Floats = NDArray[np.float64]

TAILS = 6.0
WEIGHT = 60
"""The t distribution counts as so many errors."""
LATEST = 300
OTHER_FORMAT = 0.25
SMOOTHING = 0.35
FURTHEST = 8.0
GRID = np.linspace(-FURTHEST, FURTHEST, 201)


def _bump(error: float) -> Floats:
    return ndtr((GRID - error) / SMOOTHING)


def _start() -> Floats:
    levels = (np.arange(WEIGHT) + 0.5) / WEIGHT
    errors = stdtrit(TAILS, levels) / np.sqrt(TAILS / (TAILS - 2))
    total: Floats = np.sum([_bump(float(error)) for error in errors], axis=0)
    return total


START = _start()
STRETCH = np.sqrt(TAILS / (TAILS - 2))
TAIL = float(stdtr(TAILS, -FURTHEST * STRETCH))


class Shape:
    """Two distributions with means near 0 and sds near 1, learnt from errors: online, and not.

    An error of the one tells a quarter as much of the other.
    """

    def __init__(self) -> None:
        self.learnt = 0
        self._errors: dict[bool, deque[float]] = {True: deque(), False: deque()}
        self._sums = {True: START.copy(), False: START.copy()}

    def learn(self, error: float, online: bool) -> None:
        error = float(np.clip(error, 0.3 - FURTHEST, FURTHEST - 0.3))
        self.learnt += 1
        self._add(_bump(error), online)
        errors = self._errors[online]
        errors.append(error)
        if len(errors) > LATEST:
            self._add(-_bump(errors.popleft()), online)

    def _add(self, bump: Floats, online: bool) -> None:
        self._sums[online] += bump
        self._sums[not online] += OTHER_FORMAT * bump

    def cdf(self, error: Floats, online: bool) -> Floats:
        """P(error <= ...), of any shape."""
        total = self._sums[online]
        inside = np.interp(error, GRID, total / total[-1])
        # Further out than any error that was ever kept, the t distribution goes on alone.
        beyond = TAIL * WEIGHT / total[-1]
        far = stdtr(TAILS, -np.maximum(np.abs(error), FURTHEST) * STRETCH) / TAIL * beyond
        found: Floats = np.where(error < -FURTHEST, far, beyond + inside * (1 - 2 * beyond))
        return np.where(error > FURTHEST, 1 - far, found)

    def quantile(self, level: float, online: bool) -> float:
        total = self._sums[online]
        return float(np.interp(level, total / total[-1], GRID))
