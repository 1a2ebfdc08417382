"""The past replayed: each event forecast from what was known at a moment before it.

Strictly prequential (Dawid 1984): nothing that began later than the moment of a forecast is
looked at, neither for levels nor for error shapes or title words.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, fields, replace
from math import floor
from typing import TYPE_CHECKING

import numpy as np

from almanac.core.turnout import pace
from almanac.core.turnout.events import Announcement, Upcoming
from almanac.core.turnout.forecast import forecast, learn_levels, moments
from almanac.core.turnout.history import History
from almanac.core.turnout.reference import PACE, PUBLISHED_PACE
from almanac.core.turnout.traits import DAYS, lead_of
from almanac.core.vocabulary import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from almanac.core.counts import Counts
    from almanac.core.turnout.events import PastEvent
    from almanac.core.turnout.levels import Expected

    Clock = Callable[[], float]

PERIOD_YEARS = 1.0
"""Levels are refitted this often, and only where an event is forecast in between."""
LOOKS = (21.0, 14.0, 10.0, 7.0, 4.0, 2.0, 1.0, 0.5)
"""Days before the start at which a pace looks at past events."""


def standing_still() -> float:
    """A clock for whoever does not ask how long a forecast takes."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Observation:
    """Sign-ups seen at one moment, in years like an event's start; may be fewer than before."""

    at: float
    signups: int


@dataclass(frozen=True, slots=True)
class ReplayedForecast:
    """One forecast of a past event, and what happened. before: events of its program that had
    begun; climatology: every earlier count, or what earlier shares would make of these sign-ups, as a
    sample; seconds: time to make the forecast."""

    row: int
    program: int
    horizon: str
    counts: Counts
    climatology: NDArray[np.int64]
    observed: int
    before: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ReplaySpan:
    """A stretch of time within which the vocabulary and the time basis stay the same."""

    begins: float
    ends: float
    events: tuple[PastEvent, ...]


def periods(tested: Sequence[PastEvent], stage: Stage) -> list[ReplaySpan]:
    """When the forecasts of these events are made, in stretches, earliest first."""
    by_start: dict[int, list[PastEvent]] = {}
    for event in tested:
        by_start.setdefault(floor(moment_of(event, stage) / PERIOD_YEARS), []).append(event)
    return [
        ReplaySpan(start * PERIOD_YEARS, (start + 1) * PERIOD_YEARS, tuple(events))
        for start, events in sorted(by_start.items())
    ]


def moment_of(event: PastEvent, stage: Stage) -> float:
    """When an event's forecast is made: sign-ups at the announcement, the rest at the start."""
    return event.known_from if stage is Stage.SIGNUPS else event.starts


def signups(
    period: ReplaySpan, past: Sequence[PastEvent], clock: Clock = standing_still
) -> Iterator[ReplayedForecast]:
    """Forecast the sign-ups of a period's events from those that had begun by the announcement.

    past: all events with sign-ups, earliest first.
    """
    starts = [event.starts for event in past]
    every = np.array([event.signups or 0 for event in past], dtype=np.int64)
    known = past[: bisect_left(starts, period.begins)]
    levels = learn_levels(known)
    tested = {event.row for event in period.events}
    coming = [
        event
        for event in past
        if event.row in tested or period.begins <= event.starts < period.ends
    ]
    expected: dict[int, Expected] = {}
    for at, has_begun, place in moments(coming):
        event = coming[place]
        if has_begun and event.known_from < event.starts:
            if at < period.ends:
                levels.learn(event, event.signups or 0, expected.get(place))
            continue
        if at >= period.begins:
            began_at = clock()
            expected[place] = levels.expect(event)
        if event.row in tested:
            counts = levels.counts(expected[place])
            yield ReplayedForecast(
                row=event.row,
                program=event.program,
                horizon="announced",
                counts=counts.trimmed(),
                climatology=every[: bisect_left(starts, event.known_from)],
                observed=event.signups or 0,
                before=expected[place].before,
                seconds=clock() - began_at,
            )
        if has_begun and at < period.ends:
            levels.learn(event, event.signups or 0)


def paced(
    announced: Sequence[ReplayedForecast],
    events: Mapping[int, PastEvent],
    observed: Mapping[int, Sequence[Observation]],
    horizons: Sequence[tuple[str, float]],
    clock: Clock = standing_still,
) -> Iterator[ReplayedForecast]:
    """Forecast again from the sign-ups that were in so many days before the start.

    events, observed: by row; horizons: names and days. Each program's pace is learnt from the
    other programs of the file alone; where those are too few it is the reference's.
    """
    looks = looks_at(announced, events, observed)
    paces = {program: _pace_without(program, looks) for program in looks}
    for made in announced:
        event = events[made.row]
        for name, days in horizons:
            seen = _seen_by(event, days, observed)
            if seen is None:
                continue
            began_at = clock()
            by = paces.get(event.program, PACE)
            counts = pace.after_seeing(made.counts, seen, days, lead_of(event), by)
            yield replace(made, horizon=name, counts=counts.trimmed(), seconds=clock() - began_at)


def looks_at(
    announced: Sequence[ReplayedForecast],
    events: Mapping[int, PastEvent],
    observed: Mapping[int, Sequence[Observation]],
) -> dict[int, list[pace.PaceLook]]:
    """By program, the sign-ups that were in at each of LOOKS; one event's looks hang together, so
    three of them count as one."""
    found: dict[int, list[pace.PaceLook]] = {}
    for made in announced:
        event = events[made.row]
        for days in LOOKS:
            seen = _seen_by(event, days, observed)
            if seen is not None:
                look = pace.PaceLook(
                    event.program, seen, days, lead_of(event), made.observed, made.counts, 1 / 3
                )
                found.setdefault(event.program, []).append(look)
    return found


def _pace_without(program: int, looks: Mapping[int, list[pace.PaceLook]]) -> pace.Pace:
    others = [look for other, found in looks.items() if other != program for look in found]
    learnt = pace.fit(others, PUBLISHED_PACE)
    return PACE if learnt == PUBLISHED_PACE else learnt


def _seen_by(
    event: PastEvent, days: float, observed: Mapping[int, Sequence[Observation]]
) -> int | None:
    """The latest count seen at least so many days before the start, since the announcement."""
    until = event.starts - days / DAYS
    seen = [look for look in observed.get(event.row, ()) if look.at <= until]
    return max(seen, key=lambda look: look.at).signups if seen else None


def shares(
    stage: Stage, period: ReplaySpan, past: Sequence[PastEvent], clock: Clock = standing_still
) -> Iterator[ReplayedForecast]:
    """Forecast a later stage at the start, given the final sign-ups.

    past: all events, earliest first. Climatology is the share of each earlier event times the
    sign-ups of this one.
    """
    starts = [event.starts for event in past]
    for event in sorted(period.events, key=lambda event: event.starts):
        final, observed = event.signups or 0, getattr(event, stage)
        plan = {field.name: getattr(event, field.name) for field in fields(Announcement)}
        upcoming = Upcoming(**plan, signups=final, hours_to_go=0.0)
        earlier = past[: bisect_left(starts, event.starts)]
        began_at = clock()
        counts = forecast(upcoming, History(earlier), NO_LEVELS)[stage].counts
        taken = clock() - began_at
        rates = [
            (getattr(found, stage) or 0) / found.signups
            for found in earlier
            if found.signups and getattr(found, stage) is not None
        ]
        if counts is not None:
            yield ReplayedForecast(
                row=event.row,
                program=event.program,
                horizon="start",
                counts=counts.trimmed(),
                climatology=np.array([round(rate * final) for rate in rates], dtype=np.int64),
                observed=observed,
                before=sum(found.program == event.program for found in earlier),
                seconds=taken,
            )


NO_LEVELS = learn_levels(())
"""Where sign-ups are final, nobody's level is asked for."""
