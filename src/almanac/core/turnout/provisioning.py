"""What a forecast is for: how much to provide, and how many to admit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from almanac.core.counts import Counts
from almanac.core.turnout.shares import carry

if TYPE_CHECKING:
    from almanac.core.turnout.shares import RatePosterior

MOST_ADMITTED = 5
"""At most so many times the seats: beyond that nobody would know what they had promised."""


@dataclass(frozen=True, slots=True)
class Provision:
    """How many to provide for. short: the chance that more come; missing, spare: how many will go
    without, and how many be left over, on average; cost: of combined, in the costs' unit."""

    number: int
    short: float
    missing: float
    spare: float
    cost: float


def provide(counts: Counts, too_few: float, too_many: float) -> Provision:
    """The number with the least expected cost (the newsvendor's quantile; Arrow et al. 1951).

    too_few, too_many: what one person too many come, or one too few, costs; any one unit.
    Minimises pinball loss, to which both costs are the slopes.
    """
    if too_few < 0 or too_many < 0 or too_few + too_many <= 0:
        raise ValueError("one of the two costs must be above zero, and neither below")
    number = counts.quantile(too_few / (too_few + too_many)) if too_few else counts.first
    values = counts.values
    missing = float(counts.mass @ np.maximum(values - number, 0))
    spare = float(counts.mass @ np.maximum(number - values, 0))
    cost = too_few * missing + too_many * spare
    return Provision(number, counts.at_least(number + 1), missing, spare, cost)


@dataclass(frozen=True, slots=True)
class Admission:
    """How many to admit. risk: the chance that more come than there are seats; came: of them."""

    number: int
    risk: float
    came: Counts


def admit(seats: int, rate: RatePosterior, risk: float) -> Admission:
    """The most that can be admitted with at most this chance of more coming than seats.

    rate: the share of those admitted who come, with its uncertainty.
    """
    low, high = seats, seats * MOST_ADMITTED + 1
    while high - low > 1:
        middle = (low + high) // 2
        if _overflow(middle, seats, rate) <= risk:
            low = middle
        else:
            high = middle
    came = carry(Counts.certain(low), rate)
    return Admission(low, came.at_least(seats + 1), came)


def _overflow(admitted: int, seats: int, rate: RatePosterior) -> float:
    return carry(Counts.certain(admitted), rate).at_least(seats + 1)
