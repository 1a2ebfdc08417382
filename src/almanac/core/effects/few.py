"""A few values before a change and a few after it: two means with their ranges, and a count.

For series too short for any estimator. Nothing is claimed of the change: what else differed between
the two is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 3
LATEST = 6
"""Values on either side that are looked at."""
SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Side:
    """Mean of `number` values, and its range, 80 %."""

    mean: float
    low: float
    high: float
    number: int


@dataclass(frozen=True, slots=True)
class FewBeforeAfter:
    """above: how many of the values after lie above the median before; below: below it."""

    before: Side
    after: Side
    above: int
    below: int


def compare_few(before: Sequence[float], after: Sequence[float]) -> FewBeforeAfter | None:
    """Of the latest values before and the first ones after; None with fewer than three of either."""
    early, late = list(before)[-LATEST:], list(after)[:LATEST]
    if min(len(early), len(late)) < FEWEST:
        return None
    middle = float(np.median(early))
    return FewBeforeAfter(
        _side(early),
        _side(late),
        sum(value > middle for value in late),
        sum(value < middle for value in late),
    )


def _side(values: Sequence[float]) -> Side:
    """Student's t; what was never below nothing has no mean below it."""
    number, mean = len(values), float(np.mean(values))
    reach = float(stdtrit(number - 1, (1 + SHARE) / 2)) * float(np.std(values, ddof=1))
    low, high = mean - reach / np.sqrt(number), mean + reach / np.sqrt(number)
    return Side(mean, max(low, 0.0) if min(values) >= 0 else low, high, number)
