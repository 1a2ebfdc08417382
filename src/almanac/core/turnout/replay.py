"""The past replayed: each event forecast from what was known at a moment before it.

Strictly prequential (Dawid 1984): nothing that began later than the moment of a forecast is
looked at, neither for levels nor for error shapes or title words.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, fields, replace
from math import floor, inf
from typing import TYPE_CHECKING

import numpy as np

from almanac.core import scoring
from almanac.core.turnout import pace
from almanac.core.turnout.events import Announcement, Upcoming
from almanac.core.turnout.forecast import forecast, learn_levels, moments
from almanac.core.turnout.history import History
from almanac.core.turnout.levels import Levels
from almanac.core.turnout.lots import in_people, likely_most, lot_for
from almanac.core.turnout.reference import PACE, PARAMETERS, PUBLISHED_PACE
from almanac.core.turnout.traits import DAYS, lead_of, vocabulary
from almanac.core.vocabulary import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from almanac.core.counts import Counts
    from almanac.core.turnout.events import PastEvent
    from almanac.core.turnout.levels import Expected

    Clock = Callable[[], float]

PERIOD_YEARS = 1.0
"""So often words that have become frequent in titles are given effects of their own."""
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
    sample; seconds: time to make the forecast; counts: divided by `lot`, which is 1 unless they are
    very large."""

    row: int
    program: int
    horizon: str
    counts: Counts
    climatology: NDArray[np.int64]
    observed: int
    before: int
    seconds: float
    lot: int = 1

    @property
    def crps(self) -> float:
        return self.lot * scoring.crps(self.counts, self.observed // self.lot)

    @property
    def crps_of_climatology(self) -> float | None:
        """None where nothing was earlier."""
        if not len(self.climatology):
            return None
        return scoring.crps_of_sample(self.climatology, self.observed)

    def pit(self, uniform: float) -> float:
        return scoring.randomised_pit(self.counts, self.observed // self.lot, uniform)

    def quantile(self, level: float) -> int:
        return self.lot * self.counts.quantile(level)


@dataclass(frozen=True, slots=True)
class ReplaySpan:
    """Events replayed together; begins: in years, as a name for it."""

    begins: float
    events: tuple[PastEvent, ...]


def spans(tested: Sequence[PastEvent]) -> list[ReplaySpan]:
    """The events by the year they start in, earliest first."""
    by_year: dict[int, list[PastEvent]] = {}
    for event in tested:
        by_year.setdefault(floor(event.starts), []).append(event)
    return [ReplaySpan(float(year), tuple(events)) for year, events in sorted(by_year.items())]


def signups(
    tested: Sequence[PastEvent], past: Sequence[PastEvent], clock: Clock = standing_still
) -> Iterator[ReplayedForecast]:
    """Forecast the sign-ups of events from those that had begun by the announcement, earliest first.

    past: all events with sign-ups, earliest first, walked through once.
    """
    starts = [event.starts for event in past]
    every = np.array([event.signups or 0 for event in past], dtype=np.int64)
    rows = {event.row for event in tested}
    levels = _LevelsByPeriod(past, starts)
    expected: dict[int, Expected] = {}
    for at, has_begun, place in moments(past):
        learnt, event = levels.at(at), past[place]
        is_announcement = event.known_from < event.starts
        if has_begun and is_announcement:
            learnt.learn(event, event.signups or 0, expected.pop(place))
            continue
        began_at = clock()
        expects = learnt.expect(event)
        if event.row in rows:
            lot = lot_for(likely_most(expects))
            counts, more = learnt.counts(expects, lot).coarse()
            yield ReplayedForecast(
                row=event.row,
                program=event.program,
                horizon="announced",
                counts=counts,
                climatology=every[: bisect_left(starts, event.known_from)],
                observed=event.signups or 0,
                before=expects.before,
                seconds=clock() - began_at,
                lot=lot * more,
            )
        if has_begun:
            learnt.learn(event, event.signups or 0)
        else:
            expected[place] = expects


class _LevelsByPeriod:
    """Levels that go on from period to period; each begins with the words titles had until then."""

    def __init__(self, past: Sequence[PastEvent], starts: Sequence[float]) -> None:
        self._past, self._starts = past, starts
        self._levels = Levels(PARAMETERS)
        self._until = -inf

    def at(self, moment: float) -> Levels:
        if moment >= self._until:
            period = floor(moment / PERIOD_YEARS)
            known = self._past[: bisect_left(self._starts, period * PERIOD_YEARS)]
            words = vocabulary(event.title for event in known)
            first, self._until = self._until, (period + 1) * PERIOD_YEARS
            if first == -inf:
                self._levels = Levels(PARAMETERS, words, moment, self._until)
            else:
                self._levels.widen(words, self._until)
        return self._levels


def paced(
    announced: Sequence[ReplayedForecast],
    events: Mapping[int, PastEvent],
    observed: Mapping[int, Sequence[Observation]],
    horizons: Sequence[tuple[str, float]],
    clock: Clock = standing_still,
) -> Iterator[ReplayedForecast]:
    """Forecast again from the sign-ups known at each horizon before the start.

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
            prior = in_people(made.counts, made.lot)
            counts, lot = pace.after_seeing(prior, seen, days, lead_of(event), by).coarse()
            taken = clock() - began_at
            yield replace(made, horizon=name, counts=counts, seconds=taken, lot=lot)


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
                prior = in_people(made.counts, made.lot)
                look = pace.PaceLook(
                    event.program, seen, days, lead_of(event), made.observed, prior, 1 / 3
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
    stage: Stage,
    tested: Sequence[PastEvent],
    past: Sequence[PastEvent],
    clock: Clock = standing_still,
) -> Iterator[ReplayedForecast]:
    """Forecast a later stage at the start, given the final sign-ups.

    past: all events, earliest first. Climatology is the share of each earlier event times the
    sign-ups of this one.
    """
    starts = [event.starts for event in past]
    for event in sorted(tested, key=lambda event: event.starts):
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
            counts, lot = counts.coarse()
            yield ReplayedForecast(
                row=event.row,
                program=event.program,
                horizon="start",
                counts=counts,
                climatology=np.array([round(rate * final) for rate in rates], dtype=np.int64),
                observed=observed,
                before=sum(found.program == event.program for found in earlier),
                seconds=taken,
                lot=lot,
            )


NO_LEVELS = learn_levels(())
"""Where sign-ups are final, nobody's level is asked for."""
