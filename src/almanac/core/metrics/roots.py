"""Counts by twice their square roots, after which they vary alike whatever their size (Anscombe 1948)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ANSCOMBE = 0.375
LOWEST = 2 * ANSCOMBE**0.5
"""The root of nothing."""


def root(counts: Floats) -> Floats:
    """Of counts; below nothing is as nothing."""
    return 2 * np.sqrt(np.maximum(counts, 0.0) + ANSCOMBE)


def unroot(roots: Floats) -> Floats:
    """Back again; may lie below nothing."""
    return np.maximum(roots, 0.0) ** 2 / 4 - ANSCOMBE
