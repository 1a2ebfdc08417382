"""How work flows over a board: age, work in progress, cycle time, and Little's law between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Stay:
    """When a card came onto the board and when it left it, in days; left is None while it is there."""

    came: float
    left: float | None


@dataclass(frozen=True, slots=True)
class Flow:
    """What a stretch of days held. in_progress: mean number of cards; throughput: cards that left by
    day; cycle: mean days a card that left had stayed; steady: whether as many came as left, within
    which Little's law (1961) can be read: in_progress = throughput × cycle."""

    days: float
    came: int
    left: int
    in_progress: float
    throughput: float
    cycle: float | None
    steady: bool

    @property
    def expected_cycle(self) -> float | None:
        """What Little's law says a card takes from coming to leaving."""
        return self.in_progress / self.throughput if self.throughput else None

    @property
    def cycle_of_one_more(self) -> float | None:
        """Days by which one more in progress makes each of them later, by the same law."""
        return 1 / self.throughput if self.throughput else None


def flow(stays: Sequence[Stay], first: float, last: float) -> Flow:
    """Of the days from `first` to `last`."""
    days = max(last - first, 1e-9)
    came = np.array([each.came for each in stays], dtype=float)
    left = np.array([np.inf if each.left is None else each.left for each in stays], dtype=float)
    inside = np.clip(np.minimum(left, last) - np.maximum(came, first), 0, None)
    gone = (left > first) & (left <= last)
    arrived = int(((came > first) & (came <= last)).sum())
    departed = int(gone.sum())
    level = max(arrived, departed, 1)
    return Flow(
        days,
        arrived,
        departed,
        float(inside.sum()) / days if len(inside) else 0.0,
        departed / days,
        float((left - came)[gone].mean()) if departed else None,
        abs(arrived - departed) <= max(2, 0.2 * level),
    )


def cumulative(stays: Sequence[Stay], days: Sequence[float]) -> tuple[list[int], list[int]]:
    """How many had come, and how many had left, by each day: the two edges of a flow chart."""
    came = np.sort([each.came for each in stays])
    left = np.sort([each.left for each in stays if each.left is not None])
    at = np.asarray(days, dtype=float)
    return (
        [int(n) for n in np.searchsorted(came, at, side="right")],
        [int(n) for n in np.searchsorted(left, at, side="right")],
    )
