"""Single values far outside of what stands around them: a viral week, a typing error, one big month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from almanac.core.metrics.roots import root

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]

FAR = 6.0
"""A spike lies so many robust sds from the median of its neighbours (Iglewicz & Hoaglin 1993 take 3.5)."""
REACH = 6
"""Neighbours on each side."""
FEWEST = 6
MOST = 1 / 12
"""Where a larger share lies far out, that is how the series is, and none is a spike."""
LEAST_SD = 0.02
"""Robust sd of a series that hardly varies, as a share of its median."""
NORMAL = 1.4826


def spikes(values: Sequence[float | None], *, counts: bool) -> tuple[int, ...]:
    """Places of single spikes, earliest first; two of them side by side are a new level and no spikes.

    counts: whole things that are never below 0, compared by their square roots.
    """
    series = np.array([np.nan if value is None else value for value in values], dtype=float)
    if counts:
        series = root(series)
    known = np.flatnonzero(~np.isnan(series))
    if len(known) < FEWEST:
        return ()
    seen = series[known]
    # Counts vary by 1 in their roots if by nothing else.
    least = 1.0 if counts else LEAST_SD * float(np.median(np.abs(seen)))
    # A few neighbours may be alike by chance, where the whole series is not.
    least = max(least, NORMAL * float(np.median(np.abs(seen - np.median(seen)))), 1e-9)
    away = np.array([_away(seen, place, least) for place in range(len(known))])
    far = np.abs(away) > FAR
    beside = np.zeros(len(far), dtype=bool)
    for one, other in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
        beside[one] |= (np.abs(away[other]) > FAR / 2) & (away[one] * away[other] > 0)
    found = known[far & ~beside]
    return tuple(int(place) for place in found) if len(found) <= max(1, MOST * len(known)) else ()


def _away(series: Floats, place: int, least: float) -> float:
    """How far one value lies from those around it, in robust sds of theirs or the least sd."""
    first = min(max(place - REACH, 0), max(len(series) - 2 * REACH - 1, 0))
    around = np.delete(series[first : first + 2 * REACH + 1], place - first)
    middle = float(np.median(around))
    off = np.abs(around - middle)
    # The median alone is 0 where half of the values are the same; the furthest may be a spike too.
    spread = max(NORMAL * float(np.median(off)), float(np.delete(around, off.argmax()).std()))
    return (float(series[place]) - middle) / max(spread, least)
