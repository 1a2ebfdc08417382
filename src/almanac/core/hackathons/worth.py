"""Is it worth it? Hours for each result of one event, and the chance that they are better spent on another."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

from almanac.core.turnout.shares import carry, rate_posterior

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.counts import Counts
    from almanac.core.turnout.class_shares import StagePair

PAIRS_NEEDED = 2
"""Past events with both counts, before a share is carried on: of one event nothing is known of the next."""
USUAL_SPREAD, AS_EVENTS = 0.6, 3
"""Sd of the log of hours per person over events of one program, before any are seen, and how many events it
counts as."""


def carried_on(before: Counts | None, pairs: Sequence[StagePair]) -> Counts | None:
    """The next stage, by the shares of past events; None where too few are known."""
    usable = [pair for pair in pairs if pair.before > 0]
    if before is None or len(usable) < PAIRS_NEEDED:
        return None
    return carry(before, rate_posterior(usable))


def per_result(spent: float, results: Counts) -> tuple[float, float | None]:
    """What one result takes of what is spent, likely at least and at most (80 %); None where there may be
    no result at all."""
    low, high = results.interval(0.8)
    return spent / max(high, 1), spent / low if low else None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another use of the same hours. better: the chance that the event takes fewer hours per person than the
    alternative's next one; middle: its median hours per person; from_people: the event is the better use from
    so many people on, more likely than not."""

    better: float
    middle: float
    from_people: int


def beside(hours: float, people: Counts, per_person: Sequence[float]) -> Alternative:
    """per_person: hours per person of the alternative's past events, one or more. The next one's log is t
    distributed around their mean, its variance shrunk towards the usual. Raises ValueError for none, or for
    no hours."""
    if not per_person or hours <= 0 or min(per_person) <= 0:
        raise ValueError("needs hours, and hours per person of past events")
    logs = [log(each) for each in per_person]
    mean, number = fmean(logs), len(logs)
    squares = AS_EVENTS * USUAL_SPREAD**2 + sum((each - mean) ** 2 for each in logs)
    free = AS_EVENTS + number - 1
    spread = sqrt(squares / free * (1 + 1 / number))
    counts = people.values
    came = counts > 0
    ratio = np.log(hours / counts[came])
    better = float(people.mass[came] @ student.sf((ratio - mean) / spread, free))
    middle = exp(mean)
    return Alternative(better, middle, max(1, round(hours / middle)))
