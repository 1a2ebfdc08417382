"""How many will sign up, come, take part: a distribution over counts at each stage.

Levels (core/levels.py) and shares (core/shares.py) put together; a stage that neither a class nor
the record speaks for is refused by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import log
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from almanac.core.counts import Counts
from almanac.core.refusals import Refusal
from almanac.core.turnout.events import PastEvent, Upcoming
from almanac.core.turnout.history import History
from almanac.core.turnout.levels import Levels
from almanac.core.turnout.pace import after_seeing
from almanac.core.turnout.reference import (
    NO_CLASS,
    PACE,
    PARAMETERS,
    SUBMISSION_RATES,
    RateClass,
    level_class,
)
from almanac.core.turnout.shares import carry, rate_posterior, show_class, with_walk_ins
from almanac.core.turnout.traits import lead_of, vocabulary
from almanac.core.vocabulary import GATHERINGS, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.turnout.levels import Expected

__all__ = [
    "GATHERINGS",
    "Because",
    "PastEvent",
    "Stage",
    "StageForecast",
    "TurnoutForecast",
    "Upcoming",
    "forecast",
]

Event = TypeVar("Event", Upcoming, PastEvent)

VERSION = "turnout-3"
"""Part of every frozen forecast: a changed model is a new version."""
OWN_PAIRS_NEEDED = 3
FINE_UP_TO = 4_000
"""Counts beyond this are forecast in round lots, so that a million registrants take no longer."""


@dataclass(frozen=True, slots=True)
class Because:
    """What a stage's forecast rests on: past events by row, classes by key, and facts in use.

    other_rows: the latest of `others`, the events of other programs that are used too.
    """

    rows: tuple[int, ...] = ()
    other_rows: tuple[int, ...] = ()
    others: int = 0
    classes: tuple[str, ...] = ()
    known: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class StageForecast:
    stage: Stage
    counts: Counts | None
    because: Because = field(default_factory=Because)
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class TurnoutForecast:
    version: str
    stages: tuple[StageForecast, ...]

    def __getitem__(self, stage: Stage) -> StageForecast:
        return {found.stage: found for found in self.stages}[stage]


def learn_levels(
    history: Sequence[PastEvent],
    count: str = "signups",
    shift: float = 0.0,
) -> Levels:
    """The levels of all programs, from every past event that has the count.

    shift: log of the share of sign-ups that the count usually is.
    """
    counted = sorted(
        (past for past in history if getattr(past, count) is not None),
        key=lambda past: (past.starts, past.row),
    )
    first, last = (counted[0].starts, counted[-1].starts) if counted else (0.0, 0.0)
    words = vocabulary(past.title for past in counted)
    levels = Levels(PARAMETERS, words, first, last, shift)
    expected: dict[int, Expected] = {}
    for _, has_begun, place in moments(counted):
        past = counted[place]
        if has_begun:
            rough = past.approximate and count == "attended"
            levels.learn(past, getattr(past, count), expected.pop(place, None), approximate=rough)
        else:
            expected[place] = levels.expect(past)
    return levels


def moments(events: Sequence[PastEvent]) -> list[tuple[float, bool, int]]:
    """Announcements and starts in the order they came: when, whether it began, place in `events`.

    An event that was never announced only begins; of two things at once what is announced comes
    first, so that it knows nothing of what begins then.
    """
    begun = [(event.starts, True, place) for place, event in enumerate(events)]
    announced = [
        (event.known_from, False, place)
        for place, event in enumerate(events)
        if event.known_from < event.starts
    ]
    return sorted([*begun, *announced])


def forecast(
    upcoming: Upcoming,
    history: History | Sequence[PastEvent],
    levels: Levels | None = None,
) -> TurnoutForecast:
    """Forecast every stage of one event from past ones; a stage nothing speaks for is refused.

    history: as History where many forecasts are made of it, so that what takes time is done once.
    levels: of sign-ups, where they have been learnt already from the same history or more of it.
    """
    known = history if isinstance(history, History) else History(history)
    lot = _lot(upcoming, known)
    world = _World(upcoming, known, levels, lot)
    if lot == 1:
        return world.forecast(upcoming, known)
    in_lots = History([_in_lots(past, lot) for past in known.events])
    found = world.forecast(_in_lots(upcoming, lot), in_lots)
    return TurnoutForecast(
        VERSION, tuple(_out_of_lots(stage, upcoming, lot) for stage in found.stages)
    )


@dataclass(frozen=True, slots=True)
class _World:
    """One forecast in the making. Levels are always counted in people, stages in lots."""

    upcoming: Upcoming
    history: History
    levels: Levels | None
    lot: int

    def forecast(self, upcoming: Upcoming, history: History) -> TurnoutForecast:
        signups = self._signups(upcoming, history)
        attended = self._attended(upcoming, history, signups)
        took_part = _share(Stage.TOOK_PART, "attended", attended, None, history, upcoming)
        base = signups if signups.counts is not None else attended
        submission_class = None
        if upcoming.kind == "hackathon":
            published = SUBMISSION_RATES[0]
            submission_class = replace(published, size_centre=published.size_centre / self.lot)
        before = "signups" if base is signups else "attended"
        submissions = _share(Stage.SUBMISSIONS, before, base, submission_class, history, upcoming)
        return TurnoutForecast(VERSION, (signups, attended, took_part, submissions))

    def _level(self) -> Counts:
        levels = self.levels or learn_levels(self.history.events)
        known = self.upcoming.signups or 0
        return levels.counts(levels.expect(self.upcoming), self.lot, reaches=known)

    def _level_of_attendance(self, reference: RateClass | None) -> Counts:
        """From attendance alone: the class of sign-ups lowered by the share that usually comes."""
        usual = log(reference.mean) if reference else 0.0
        levels = learn_levels(self.history.events, "attended", usual)
        return levels.counts(levels.expect(self.upcoming), self.lot)

    def _signups(self, upcoming: Upcoming, history: History) -> StageForecast:
        stage = Stage.SIGNUPS
        begun = upcoming.hours_to_go is not None and upcoming.hours_to_go <= 0
        known = upcoming.signups
        facts = (("signups", known),) if known is not None else ()
        if begun and known is not None:
            return StageForecast(stage, Counts.certain(known), Because(known=facts))

        own, named, others = history.counted(upcoming.program)
        reference = level_class(upcoming.kind, upcoming.format)
        if reference is NO_CLASS and not own and known is None:
            refusal = Refusal.NO_SIGNUPS if upcoming.kind in GATHERINGS else Refusal.NOT_AN_EVENT
            return StageForecast(stage, None, refusal=refusal)

        interest = history.pairs("interested", "signups", upcoming, own_only=True).own
        # Where more signed up than had said they were interested, interest limits nothing.
        limits = all(pair.after <= pair.before for pair in interest)
        if upcoming.interested is not None and len(interest) >= OWN_PAIRS_NEEDED and limits:
            prior = carry(Counts.certain(upcoming.interested), rate_posterior(interest))
            because = Because(
                rows=tuple(pair.row for pair in interest),
                known=(("interested", upcoming.interested), *facts),
            )
        else:
            prior = self._level()
            because = Because(
                rows=own,
                other_rows=named,
                others=others,
                classes=(reference.key,) if reference is not NO_CLASS else (),
                known=facts,
            )
        if known is not None and upcoming.hours_to_go is not None:
            days, lead = upcoming.hours_to_go / 24, lead_of(self.upcoming)
            prior = after_seeing(prior, known, days, lead, PACE)
        elif known is not None:
            prior = prior.from_at_least(known)
        if upcoming.seats is not None and (known is None or known <= upcoming.seats):
            prior = prior.capped(upcoming.seats)
        return StageForecast(stage, prior, because)

    def _attended(
        self, upcoming: Upcoming, history: History, signups: StageForecast
    ) -> StageForecast:
        reference = show_class(upcoming)
        own_pairs = history.pairs("signups", "attended", upcoming, own_only=True).own
        attended_only = [
            past.row for past in history.own(upcoming.program) if past.attended is not None
        ]
        # Nobody signed up says nothing where people have come without signing up.
        if signups.counts is not None and (own_pairs or not attended_only or upcoming.signups):
            result = _share(Stage.ATTENDED, "signups", signups, reference, history, upcoming)
            if result.counts is None:
                return result
            return replace(result, counts=with_walk_ins(result.counts, own_pairs))
        if attended_only:
            counts = self._level_of_attendance(reference)
            if upcoming.seats is not None and not upcoming.online:
                counts = counts.capped(upcoming.seats)
            return StageForecast(Stage.ATTENDED, counts, Because(rows=tuple(attended_only)))
        refusal = Refusal.NO_CLASS if upcoming.kind in GATHERINGS else Refusal.NOT_AN_EVENT
        return StageForecast(Stage.ATTENDED, None, refusal=refusal)


def _share(
    stage: Stage,
    before: str,
    base: StageForecast,
    reference: RateClass | None,
    history: History,
    upcoming: Upcoming,
) -> StageForecast:
    """The next stage, as a share of the stage before, which the forecast `base` is of."""
    if base.counts is None:
        refusal = Refusal.NOT_AN_EVENT if upcoming.kind not in GATHERINGS else Refusal.NO_CLASS
        return StageForecast(stage, None, refusal=refusal)
    pairs = history.pairs(before, stage, upcoming)
    if reference is None and len(pairs.own) < OWN_PAIRS_NEEDED:
        return StageForecast(stage, None, refusal=Refusal.TOO_FEW_PAIRS)
    usual = history.usual(reference, before, stage, upcoming) if reference else None
    counts = carry(base.counts, rate_posterior(pairs.own, usual, upcoming.program))
    others = pairs.other_rows if usual else ()
    because = Because(
        rows=pairs.own_rows,
        other_rows=others,
        others=len(others),
        classes=(reference.key,) if reference else (),
        known=base.because.known if base.counts.is_certain else (),
    )
    return StageForecast(stage, counts, because)


COUNTED = ("interested", "signups", "attended", "took_part", "submissions", "seats")


def _lot(upcoming: Upcoming, history: History) -> int:
    largest = max(upcoming.interested or 0, upcoming.signups or 0, history.largest)
    return 1 if largest <= FINE_UP_TO else -(-largest // FINE_UP_TO)


def _in_lots(event: Event, lot: int) -> Event:
    """The same event, counted in lots; somebody is never rounded to nobody."""
    counts: dict[str, Any] = {
        name: None if number is None else max(1, number // lot) if number else 0
        for name in COUNTED
        if (number := getattr(event, name, None)) is not None
    }
    return replace(event, **counts)


def _out_of_lots(stage: StageForecast, upcoming: Upcoming, lot: int) -> StageForecast:
    """A stage counted in people again, each lot spread evenly; what is known stays as it was."""
    known = tuple((name, getattr(upcoming, name, value)) for name, value in stage.because.known)
    because = replace(stage.because, known=known)
    if stage.counts is None:
        return stage
    if stage.counts.is_certain and stage.stage is Stage.SIGNUPS and upcoming.signups is not None:
        return replace(stage, counts=Counts.certain(upcoming.signups), because=because)
    first, mass = stage.counts.first, stage.counts.mass
    if first == 0:
        spread = np.append(mass[:1], np.repeat(mass[1:] / lot, lot))
    else:
        first, spread = (first - 1) * lot + 1, np.repeat(mass / lot, lot)
    counts = Counts.of(spread, first)
    if stage.stage is Stage.SIGNUPS and upcoming.signups is not None:
        counts = counts.from_at_least(upcoming.signups)
    return replace(stage, counts=counts, because=because)
