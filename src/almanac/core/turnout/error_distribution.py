"""The distribution of standardised forecast errors: a t distribution, and past errors smoothed.

While few errors are known it is the t; with many it is what they were. The t is kept whole, so that
nothing is impossible between the largest past error and the ones never seen.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr

Floats = NDArray[np.float64]

TAILS = 6.0
STRETCH = np.sqrt(TAILS / (TAILS - 2))
"""A t of so many degrees of freedom has this sd; errors are in units of theirs."""
WEIGHT = 60
"""The t distribution counts as so many errors."""
LATEST = 300
OTHER_FORMAT = 0.25
SMOOTHING = 0.35
FURTHEST = 8.0
GRID = np.linspace(-FURTHEST, FURTHEST, 201)
WIDE_GRID = np.linspace(-20, 20, 801)
T_OF_WIDE: Floats = WEIGHT * stdtr(TAILS, WIDE_GRID * STRETCH)


def _bump(error: float) -> Floats:
    return ndtr((GRID - error) / SMOOTHING)


class Shape:
    """Two distributions with means near 0 and sds near 1, learnt from errors: online, and not.

    An error of the one tells a quarter as much of the other.
    """

    def __init__(self) -> None:
        self.learnt = 0
        self._errors: dict[bool, deque[float]] = {True: deque(), False: deque()}
        self._sums = {True: np.zeros(len(GRID)), False: np.zeros(len(GRID))}

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
        return self._with(WEIGHT * stdtr(TAILS, error * STRETCH), error, online)

    def quantile(self, level: float, online: bool) -> float:
        return float(np.interp(level, self._with(T_OF_WIDE, WIDE_GRID, online), WIDE_GRID))

    def _with(self, t: Floats, error: Floats, online: bool) -> Floats:
        learnt = self._sums[online]
        # Past the grid, which holds every error that is kept, the t distribution goes on alone.
        found: Floats = (t + np.interp(error, GRID, learnt)) / (WEIGHT + learnt[-1])
        return found
