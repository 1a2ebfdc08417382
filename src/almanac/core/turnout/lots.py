"""Very large events, counted in round lots of people so that a million take no longer than four thousand."""

from __future__ import annotations

from dataclasses import replace
from math import exp
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from almanac.core.counts import Counts
from almanac.core.turnout.events import PastEvent, Upcoming
from almanac.core.vocabulary import Stage

if TYPE_CHECKING:
    from almanac.core.turnout.history import History
    from almanac.core.turnout.levels import Expected, Levels
    from almanac.core.turnout.stage_forecasts import StageForecast

Event = TypeVar("Event", Upcoming, PastEvent)

FINE_UP_TO = 4_000
"""Counts beyond this are forecast in round lots, so that a million registrants take no longer."""
COUNTED = ("interested", "signups", "attended", "took_part", "submissions", "seats")


def lot_of(upcoming: Upcoming, levels: Levels, history: History) -> int:
    """How many people a lot holds: 1, unless this event itself may be very large."""
    largest = upcoming.signups or 0
    if upcoming.signups is None:
        own = history.own(upcoming.program)
        came = max((past.attended or 0 for past in own), default=0)
        largest = max(2 * came, likely_most(levels.expect(upcoming)))
    return lot_for(largest)


def lot_for(largest: int) -> int:
    """Width of a lot for counts up to a largest value."""
    return max(1, -(-largest // FINE_UP_TO))


def likely_most(expected: Expected) -> int:
    """A count that is passed about one time in forty."""
    return int(exp(min(expected.mean + 2 * expected.sd, 20.0)))


def in_lots(event: Event, lot: int) -> Event:
    """The same event, counted in lots; somebody is never rounded to nobody."""
    counts: dict[str, Any] = {
        name: None if number is None else max(1, number // lot) if number else 0
        for name in COUNTED
        if (number := getattr(event, name, None)) is not None
    }
    if counts.get("seats") and event.seats is not None:
        # Rounded up here, and cut to the seats themselves when people are counted again.
        counts["seats"] = -(-event.seats // lot)
    return replace(event, **counts)


def in_people(counts: Counts, lot: int) -> Counts:
    """Counted in people again, each lot spread evenly; nobody stays nobody."""
    if lot == 1:
        return counts
    first, mass = counts.first, counts.mass
    if first == 0:
        return Counts.of(np.append(mass[:1], np.repeat(mass[1:] / lot, lot)))
    return Counts.of(np.repeat(mass / lot, lot), (first - 1) * lot + 1)


def out_of_lots(stage: StageForecast, upcoming: Upcoming, lot: int) -> StageForecast:
    """A stage counted in people again, each lot spread evenly; what is known stays as it was."""
    known = tuple((name, getattr(upcoming, name, value)) for name, value in stage.because.known)
    because = replace(stage.because, known=known)
    if stage.counts is None:
        return stage
    if stage.counts.is_certain and stage.stage is Stage.SIGNUPS and upcoming.signups is not None:
        return replace(stage, counts=Counts.certain(upcoming.signups), because=because)
    counts = in_people(stage.counts, lot)
    if stage.stage is Stage.SIGNUPS and upcoming.signups is not None:
        counts = counts.from_at_least(upcoming.signups)
    seated = stage.stage is Stage.ATTENDED and not upcoming.online
    if seated and upcoming.seats is not None:
        counts = counts.capped(upcoming.seats)
    return replace(stage, counts=counts, because=because)
