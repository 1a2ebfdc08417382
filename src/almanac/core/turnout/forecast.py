"""How many will sign up, come, take part: a distribution over counts at each stage.

Levels (levels.py) and shares (shares.py) put together; a stage without history or a reference class
is refused by name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING

from almanac.core.counts import Counts, mixture, pooled, raised
from almanac.core.refusals import Refusal
from almanac.core.turnout.events import PastEvent, Upcoming
from almanac.core.turnout.history import MOST_NAMED, History
from almanac.core.turnout.levels import Levels
from almanac.core.turnout.lots import in_lots, lot_of, out_of_lots
from almanac.core.turnout.pace import after_seeing
from almanac.core.turnout.reference import (
    NO_CLASS,
    PACE,
    PARAMETERS,
    RateClass,
    level_class,
    submission_class,
)
from almanac.core.turnout.shares import carry, rate_posterior, show_class, with_walk_ins
from almanac.core.turnout.stage_forecasts import (
    VERSION,
    Because,
    Note,
    StageForecast,
    TurnoutForecast,
)
from almanac.core.turnout.submission_rates import submission_rates
from almanac.core.turnout.traits import DAYS, is_open_door, lead_of, vocabulary
from almanac.core.vocabulary import GATHERINGS, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.turnout.levels import Expected
    from almanac.core.turnout.reference import LevelClass

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

OWN_PAIRS_NEEDED = 3
MOST_BEYOND = 2
"""Interest is taken for at most so many times the most that was ever seen before an event."""
UNLIKELY_FORMAT = 0.1
TOLD = 0.1
"""An effect in logs that is worth a sentence."""
NEARLY_IN = 72
"""Hours before the start from which sign-ups so far decide, where there are any."""
LONG_PAUSE = 180
"""Days without an event after which ranges are visibly wider."""


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
    """Forecast every stage of one event from past ones; a stage without history or class is refused.

    history: as History where many forecasts are made of it, so that what takes time is done once.
    levels: of sign-ups, where they have been learnt already from the same history or more of it.
    """
    known = history if isinstance(history, History) else History(history)
    levels = levels or learn_levels(known.events)
    lot = lot_of(upcoming, levels, known)
    world = _World(upcoming, known, levels, lot)
    if lot == 1:
        return world.forecast(upcoming, known)
    history_in_lots = History([in_lots(past, lot) for past in known.events])
    found = world.forecast(in_lots(upcoming, lot), history_in_lots)
    return TurnoutForecast(
        VERSION, tuple(out_of_lots(stage, upcoming, lot) for stage in found.stages)
    )


@dataclass(frozen=True, slots=True)
class _World:
    """One forecast in the making. Levels are always counted in people, stages in lots."""

    upcoming: Upcoming
    history: History
    levels: Levels
    lot: int

    def forecast(self, upcoming: Upcoming, history: History) -> TurnoutForecast:
        signups = self._signups(upcoming, history)
        attended = self._attended(upcoming, history, signups)
        took_part = _share(Stage.TOOK_PART, "attended", attended, None, history, upcoming)
        base = signups if signups.counts is not None else attended
        before = "signups" if base is signups else "attended"
        if upcoming.kind == "hackathon" and base.counts is not None:
            submissions = self._submissions(before, base.counts, base.because)
        else:
            submissions = _share(Stage.SUBMISSIONS, before, base, None, history, upcoming)
        return TurnoutForecast(VERSION, (signups, attended, took_part, submissions))

    def _submissions(self, before: str, base: Counts, because: Because) -> StageForecast:
        """Rates are always of people, whatever the lot."""
        pairs = self.history.sized(before, Stage.SUBMISSIONS, self.upcoming)
        published = submission_class(self.upcoming.title)
        rates = submission_rates(pairs, self.upcoming.program, base.mean * self.lot, published)
        own = tuple(pair.row for pair in pairs if pair.program == self.upcoming.program)
        others = [pair.row for pair in pairs if pair.program != self.upcoming.program]
        told = Because(
            rows=own, other_rows=tuple(others[:MOST_NAMED]), others=len(others),
            classes=(published.key,), known=because.known if base.is_certain else (),
        )  # fmt: skip
        return StageForecast(Stage.SUBMISSIONS, rates.counts(base), told)

    def _level(self) -> Counts:
        known = self.upcoming.signups or 0
        return self._mixed(self.levels, reaches=known)

    def _level_of_attendance(self) -> Counts:
        """From attendance alone: the class of sign-ups lowered by the share that usually comes."""
        reference = show_class(self.upcoming)
        usual = log(reference.mean) if reference else 0.0
        return self._mixed(learn_levels(self.history.events, "attended", usual))

    def _mixed(self, levels: Levels, reaches: int = 0) -> Counts:
        """Online and in person mixed where nobody has said which, and the record does not show it."""
        own = self.history.own(self.upcoming.program)
        as_it_is = self.upcoming.format or any(not past.format for past in own)
        plans = [(1.0, self.upcoming)] if as_it_is else formats_of(self.upcoming, self.history)
        parts = [levels.counts(levels.expect(plan), self.lot, reaches) for _, plan in plans]
        return mixture(parts, [weight for weight, _ in plans])

    def _signups(self, upcoming: Upcoming, history: History) -> StageForecast:
        stage = Stage.SIGNUPS
        begun = upcoming.hours_to_go is not None and upcoming.hours_to_go <= 0
        known = upcoming.signups
        facts = (("signups", known),) if known is not None else ()
        if begun and known is not None:
            return StageForecast(stage, Counts.certain(known), Because(known=facts))

        own, named, others = history.counted(upcoming.program)
        reference = level_class(upcoming.kind, upcoming.format)
        refusal = self._no_signups(upcoming, history, own, reference)
        if refusal is not None:
            return StageForecast(stage, None, refusal=refusal)

        prior = self._level()
        classes = _classes(self.upcoming, self.history)
        notes = self._notes(upcoming, own, reference, classes)
        rows = own
        if upcoming.interested is not None:
            interest = history.pairs("interested", "signups", upcoming, own_only=True).own
            # Where more signed up than had said they were interested, interest limits nothing.
            limits = all(pair.after <= pair.before for pair in interest)
            used = len(interest) >= OWN_PAIRS_NEEDED and limits
            if used:
                seen = max(pair.before for pair in interest)
                taken = min(upcoming.interested, MOST_BEYOND * seen)
                told = carry(Counts.certain(taken), rate_posterior(interest))
                prior = pooled([prior, told], [1.0, 1.0])
                rows = tuple(dict.fromkeys((*own, *(pair.row for pair in interest))))
                facts = (("interested", upcoming.interested), *facts)
            else:
                notes = (*notes, Note("interested", upcoming.interested, used=False))
        because = Because(
            rows=rows,
            other_rows=named,
            others=others,
            classes=classes,
            known=facts,
            notes=notes,
        )
        if known is not None and upcoming.hours_to_go is not None:
            days, lead = upcoming.hours_to_go / 24, lead_of(self.upcoming)
            prior = after_seeing(prior, known, days, lead, PACE)
        elif known is not None:
            prior = prior.from_at_least(known)
        if upcoming.seats is not None and (known is None or known <= upcoming.seats):
            prior = prior.capped(upcoming.seats)
        return StageForecast(stage, prior, because)

    def _no_signups(
        self, upcoming: Upcoming, history: History, own: tuple[int, ...], reference: LevelClass
    ) -> Refusal | None:
        """Why sign-ups are not forecast: nobody signs up for this, or nothing is known of it."""
        if own or upcoming.signups is not None:
            return None
        counted = sum(past.attended is not None for past in history.own(upcoming.program))
        if counted >= OWN_PAIRS_NEEDED:
            return Refusal.NO_SIGNUPS_NOTED
        if upcoming.kind == "stream" or is_open_door(upcoming.title):
            return Refusal.NO_SIGNUPS
        if reference is NO_CLASS:
            return Refusal.NO_SIGNUPS if upcoming.kind in GATHERINGS else Refusal.NOT_AN_EVENT
        return None

    def _notes(
        self,
        upcoming: Upcoming,
        own: tuple[int, ...],
        reference: LevelClass,
        classes: tuple[str, ...],
    ) -> tuple[Note, ...]:
        """Facts that moved the answer beside past events and classes."""
        notes = []
        hours = upcoming.hours_to_go
        is_near = upcoming.signups is not None and hours is not None and hours < NEARLY_IN
        effects = {} if is_near else self.levels.told_by(self.upcoming)
        notes += [Note(name, effect) for name, effect in effects.items() if abs(effect) > TOLD]
        before = [past.starts for past in self.history.own(upcoming.program)]
        pause = DAYS * (upcoming.starts - before[-1]) if before else 0.0
        if pause > LONG_PAUSE:
            notes.append(Note("pause", round(pause)))
        of_kind = any(past.kind == upcoming.kind for past in self.history.events)
        if not own and not of_kind and reference.carried < 1:
            notes.append(Note("first"))
        if len(classes) > 1:
            notes.append(Note("format"))
        if upcoming.seats is not None and upcoming.signups is not None:
            beyond = (self.upcoming.signups or 0) - (self.upcoming.seats or 0)
            if beyond > 0 and not self.upcoming.online:
                notes.append(Note("waiting", beyond))
        return tuple(notes)

    def _attended(
        self, upcoming: Upcoming, history: History, signups: StageForecast
    ) -> StageForecast:
        found = self._came(upcoming, history, signups)
        if found.counts is None or upcoming.seats is None or self.upcoming.online:
            return found
        because = replace(
            found.because, notes=(*found.because.notes, Note("seats", self.upcoming.seats or 0))
        )
        return replace(found, counts=found.counts.capped(upcoming.seats), because=because)

    def _came(self, upcoming: Upcoming, history: History, signups: StageForecast) -> StageForecast:
        own_pairs = history.pairs("signups", "attended", upcoming, own_only=True).own
        alone = tuple(
            past.row
            for past in history.own(upcoming.program)
            if past.attended is not None and not past.signups
        )
        enough = len(own_pairs) >= OWN_PAIRS_NEEDED or not alone
        if signups.counts is not None and (enough or upcoming.signups):
            by_signups = self._came_of(upcoming, history, signups)
            if by_signups.counts is None:
                return by_signups
            walked = with_walk_ins(by_signups.counts, own_pairs)
            if enough:
                return replace(by_signups, counts=walked)
            # Past events noted who came and not who signed up, so sign-ups can raise what they say;
            # how far they could lower it nobody has seen.
            level = self._level_of_attendance()
            moved = raised(level, walked, 0.5)
            used = moved.mean > level.mean + 0.5
            because = Because(
                rows=alone, classes=by_signups.because.classes if used else (),
                known=(("signups", upcoming.signups or 0),) if used else (),
                notes=(Note("signups", self.upcoming.signups or 0, used=used),),
            )  # fmt: skip
            return StageForecast(Stage.ATTENDED, moved, because)
        if alone or own_pairs:
            rows = tuple(
                past.row for past in history.own(upcoming.program) if past.attended is not None
            )
            return StageForecast(Stage.ATTENDED, self._level_of_attendance(), Because(rows=rows))
        refusal = Refusal.NO_CLASS if upcoming.kind in GATHERINGS else Refusal.NOT_AN_EVENT
        return StageForecast(Stage.ATTENDED, None, refusal=refusal)

    def _came_of(
        self, upcoming: Upcoming, history: History, signups: StageForecast
    ) -> StageForecast:
        """By the share of sign-ups that comes, online and in person mixed where nobody has said."""
        found = []
        for weight, plan in formats_of(upcoming, self.history, hybrid=True):
            part = _share(Stage.ATTENDED, "signups", signups, show_class(plan), history, plan)
            if part.counts is None:
                return part
            found.append((weight, part.counts, part))
        counts = mixture([part for _, part, _ in found], [weight for weight, _, _ in found])
        classes = dict.fromkeys(key for _, _, part in found for key in part.because.classes)
        because = replace(found[0][2].because, classes=tuple(classes))
        if len(classes) > 1:
            because = replace(because, notes=(*because.notes, Note("format")))
        return replace(found[0][2], counts=counts, because=because)


def formats_of(
    upcoming: Upcoming, history: History, *, hybrid: bool = False
) -> list[tuple[float, Upcoming]]:
    """The event as it may be held, with the chance of each: online or in person, where nobody has
    said, by what its program did before. hybrid: take what is both for half of each, too."""
    if hybrid and upcoming.format == "hybrid":
        return [(0.5, replace(upcoming, format=name)) for name in ("in_person", "online")]
    if upcoming.format or upcoming.kind not in {"event", "workshop", "talk"}:
        return [(1.0, upcoming)]
    said = [past.online for past in history.own(upcoming.program) if past.format]
    online = (sum(said) + 0.5) / (len(said) + 1)
    both = [(1 - online, "in_person"), (online, "online")]
    likely = [(weight, name) for weight, name in both if weight > UNLIKELY_FORMAT]
    total = sum(weight for weight, _ in likely)
    return [(weight / total, replace(upcoming, format=name)) for weight, name in likely]


def _classes(upcoming: Upcoming, history: History) -> tuple[str, ...]:
    """The classes of sign-ups that an event may be of."""
    plans = formats_of(upcoming, history)
    found = (level_class(plan.kind, plan.format) for _, plan in plans)
    return tuple(dict.fromkeys(each.key for each in found if each is not NO_CLASS))


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
        notes=(Note("unlike"),) if pairs.unlike else (),
    )
    return StageForecast(stage, counts, because)
