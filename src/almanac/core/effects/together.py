"""Many small experiments of one kind: each says more beside the others.

Random effects by DerSimonian & Laird 1986; each effect is drawn towards the mean as far as its own
error says (empirical Bayes).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

NORMAL_975 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class PooledFindings:
    """mean, low, high: of the effects of a kind, on the log scale; between: their own spread; each:
    the effects after shrinking, in the order given."""

    mean: float
    low: float
    high: float
    between: float
    each: tuple[float, ...]


def pool(effects: Sequence[float], errors: Sequence[float]) -> PooledFindings | None:
    """None with fewer than two."""
    if len(effects) < 2:
        return None
    y, variance = np.array(effects), np.array(errors) ** 2
    w = 1 / variance
    fixed = float(w @ y / w.sum())
    q = float(w @ (y - fixed) ** 2)
    scale = float(w.sum() - (w**2).sum() / w.sum())
    between = max(0.0, (q - (len(y) - 1)) / scale)
    w = 1 / (variance + between)
    mean = float(w @ y / w.sum())
    error = float(np.sqrt(1 / w.sum()))
    kept = between / (between + variance)
    shrunken = mean + kept * (y - mean)
    return PooledFindings(
        mean,
        mean - NORMAL_975 * error,
        mean + NORMAL_975 * error,
        float(np.sqrt(between)),
        tuple(float(v) for v in shrunken),
    )
