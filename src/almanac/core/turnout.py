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
from almanac.core.events import GATHERINGS, PastEvent, Stage, Upcoming
from almanac.core.levels import Levels
from almanac.core.pace import after_seeing
from almanac.core.reference import (
    NO_CLASS,
    PACE,
    PARAMETERS,
    SUBMISSION_RATES,
    RateClass,
    level_class,
)
from almanac.core.refusals import Refusal
from almanac.core.shares import (
    Pair,
    carry,
    pairs_of,
    rate_posterior,
    show_class,
    with_walk_ins,
)
from almanac.core.traits import lead_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.level_parameters import LevelParameters
    from almanac.core.levels import Expected
    from almanac.core.pace import Pace

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

VERSION = "turnout-2"
"""Part of every frozen forecast: a changed model is a new version."""
OWN_PAIRS_NEEDED = 3
MOST_NAMED = 60
FINE_UP_TO = 4_000
"""Counts beyond this are forecast in round lots, so that a million registrants take no longer."""


@dataclass(frozen=True, slots=True)
class Because:
    """What a stage's forecast rests on: past events by row, classes by key, and facts in use.

    other_rows: the latest of `others`, the events of other programs that speak too.
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


@dataclass(frozen=True, slots=True)
class Learnt:
    """What is learnt from a logbook apart from its events' own levels.

    parameters: of levels; pace: how sign-ups come in.
    """

    parameters: LevelParameters = PARAMETERS
    pace: Pace = PACE


NOTHING_LEARNT = Learnt()


def learn_levels(
    history: Sequence[PastEvent],
    learnt: Learnt = NOTHING_LEARNT,
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
    levels = Levels(learnt.parameters, words, first, last, shift)
    expected: dict[int, Expected] = {}
    for _, has_begun, place in moments(counted):
        past = counted[place]
        if has_begun:
            levels.learn(past, getattr(past, count), expected.pop(place, None))
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
    history: Sequence[PastEvent],
    levels: Levels | None = None,
    learnt: Learnt = NOTHING_LEARNT,
) -> TurnoutForecast:
    """Forecast every stage of one event from past ones; a stage nothing speaks for is refused.

    levels: of sign-ups, where they have been learnt already from the same history or more of it.
    """
    history = sorted(history, key=lambda past: past.starts)
    lot = _lot(upcoming, history)
    world = _World(upcoming, history, levels, learnt, lot)
    if lot == 1:
        return world.forecast(upcoming, history)
    found = world.forecast(_in_lots(upcoming, lot), [_in_lots(past, lot) for past in history])
    return TurnoutForecast(
        VERSION, tuple(_out_of_lots(stage, upcoming, lot) for stage in found.stages)
    )


@dataclass(frozen=True, slots=True)
class _World:
    """One forecast in the making. Levels are always counted in people, stages in lots."""

    upcoming: Upcoming
    history: Sequence[PastEvent]
    levels: Levels | None
    learnt: Learnt
    lot: int

    def forecast(self, upcoming: Upcoming, history: Sequence[PastEvent]) -> TurnoutForecast:
        signups = self._signups(upcoming, history)
        attended = self._attended(upcoming, history, signups)
        took = pairs_of(history, "attended", "took_part", upcoming)
        took_part = _share(Stage.TOOK_PART, attended, None, took, upcoming)
        base = signups if signups.counts is not None else attended
        submission_class = None
        if upcoming.kind == "hackathon":
            published = SUBMISSION_RATES[0]
            submission_class = replace(published, size_centre=published.size_centre / self.lot)
        before = "signups" if base is signups else "attended"
        handed_in = pairs_of(history, before, "submissions", upcoming)
        submissions = _share(Stage.SUBMISSIONS, base, submission_class, handed_in, upcoming)
        return TurnoutForecast(VERSION, (signups, attended, took_part, submissions))

    def _level(self) -> Counts:
        levels = self.levels or learn_levels(self.history, self.learnt)
        known = self.upcoming.signups or 0
        return levels.counts(levels.expect(self.upcoming), self.lot, reaches=known)

    def _level_of_attendance(self, reference: RateClass | None) -> Counts:
        """From attendance alone: the class of sign-ups lowered by the share that usually comes."""
        usual = log(reference.mean) if reference else 0.0
        levels = learn_levels(self.history, self.learnt, "attended", usual)
        return levels.counts(levels.expect(self.upcoming), self.lot)

    def _signups(self, upcoming: Upcoming, history: Sequence[PastEvent]) -> StageForecast:
        stage = Stage.SIGNUPS
        begun = upcoming.hours_to_go is not None and upcoming.hours_to_go <= 0
        known = upcoming.signups
        facts = (("signups", known),) if known is not None else ()
        if begun and known is not None:
            return StageForecast(stage, Counts.certain(known), Because(known=facts))

        counted = [past for past in history if past.signups is not None]
        own = [past for past in counted if past.program == upcoming.program]
        reference = level_class(upcoming.kind, upcoming.format)
        if reference is NO_CLASS and not own and known is None:
            refusal = Refusal.NO_SIGNUPS if upcoming.kind in GATHERINGS else Refusal.NOT_AN_EVENT
            return StageForecast(stage, None, refusal=refusal)

        interest = pairs_of(history, "interested", "signups", upcoming, own_only=True)
        # Where more signed up than had said they were interested, interest limits nothing.
        limits = all(pair.after <= pair.before for pair in interest)
        if upcoming.interested is not None and len(interest) >= OWN_PAIRS_NEEDED and limits:
            prior = carry(Counts.certain(upcoming.interested), rate_posterior(None, interest))
            because = Because(
                rows=tuple(pair.row for pair in interest),
                known=(("interested", upcoming.interested), *facts),
            )
        else:
            prior = self._level()
            others = [past for past in counted if past.program != upcoming.program]
            because = Because(
                rows=tuple(past.row for past in own),
                other_rows=tuple(past.row for past in others[-MOST_NAMED:]),
                others=len(others),
                classes=(reference.key,) if reference is not NO_CLASS else (),
                known=facts,
            )
        if known is not None and upcoming.hours_to_go is not None:
            days, lead = upcoming.hours_to_go / 24, lead_of(self.upcoming)
            prior = after_seeing(prior, known, days, lead, self.learnt.pace)
        elif known is not None:
            prior = prior.from_at_least(known)
        if upcoming.seats is not None and (known is None or known <= upcoming.seats):
            prior = prior.capped(upcoming.seats)
        return StageForecast(stage, prior, because)

    def _attended(
        self, upcoming: Upcoming, history: Sequence[PastEvent], signups: StageForecast
    ) -> StageForecast:
        reference = show_class(upcoming)
        pairs = pairs_of(history, "signups", "attended", upcoming)
        own_pairs = [pair for pair in pairs if pair.own]
        attended_only = [
            past
            for past in history
            if past.program == upcoming.program and past.attended is not None
        ]
        # Nobody signed up says nothing where people have come without signing up.
        if signups.counts is not None and (own_pairs or not attended_only or upcoming.signups):
            result = _share(Stage.ATTENDED, signups, reference, pairs, upcoming)
            if result.counts is None:
                return result
            return replace(result, counts=with_walk_ins(result.counts, own_pairs))
        if attended_only:
            counts = self._level_of_attendance(reference)
            if upcoming.seats is not None and not upcoming.online:
                counts = counts.capped(upcoming.seats)
            rows = tuple(past.row for past in attended_only)
            return StageForecast(Stage.ATTENDED, counts, Because(rows=rows))
        refusal = Refusal.NO_CLASS if upcoming.kind in GATHERINGS else Refusal.NOT_AN_EVENT
        return StageForecast(Stage.ATTENDED, None, refusal=refusal)


def _share(
    stage: Stage,
    before: StageForecast,
    reference: RateClass | None,
    pairs: Sequence[Pair],
    upcoming: Upcoming,
) -> StageForecast:
    if before.counts is None:
        refusal = Refusal.NOT_AN_EVENT if upcoming.kind not in GATHERINGS else Refusal.NO_CLASS
        return StageForecast(stage, None, refusal=refusal)
    own = [pair for pair in pairs if pair.own]
    if reference is None and len(own) < OWN_PAIRS_NEEDED:
        return StageForecast(stage, None, refusal=Refusal.TOO_FEW_PAIRS)
    counts = carry(before.counts, rate_posterior(reference, pairs))
    because = Because(
        rows=tuple(pair.row for pair in own),
        other_rows=tuple(pair.row for pair in pairs if not pair.own),
        others=len(pairs) - len(own),
        classes=(reference.key,) if reference else (),
        known=before.because.known if before.counts.is_certain else (),
    )
    return StageForecast(stage, counts, because)


COUNTED = ("interested", "signups", "attended", "took_part", "submissions", "seats")


def _lot(upcoming: Upcoming, history: Sequence[PastEvent]) -> int:
    largest = max(upcoming.interested or 0, upcoming.signups or 0)
    for past in history:
        largest = max(largest, past.interested or 0, past.signups or 0, past.attended or 0)
        largest = max(largest, past.took_part or 0, past.submissions or 0)
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
    known = tuple((name, getattr(upcoming, name)) for name, _ in stage.because.known)
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
