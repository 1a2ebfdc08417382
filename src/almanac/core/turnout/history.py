"""Past events as every forecast of a logbook asks them, with what takes time worked out once."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from almanac.core.turnout.class_shares import StagePair, Usual

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.turnout.events import Announcement, PastEvent
    from almanac.core.turnout.reference import RateClass

OTHER_FORMAT_WEIGHT = 0.25
MOST_PAIRS = 60
MOST_OF_CLASS = 200
MOST_LOOKED_AT = 1000
"""Events further back than so many others say nothing of shares."""
FADING = 60
"""What is usual drifts: an event of the class that lies so many others back speaks half as loudly.
Measured on workshops to July 2017, where 40 to 80 forecast alike and no fading 1 % worse."""
OWN_FADING = 8.0
"""A program's own share drifts too: its eighth event back speaks half as loudly as its last."""
AFTER_CHANGE = 1.5
CHANGED = (2.0, 4.0)
"""Where the last three shares differ from those before by so many standard errors, what was before fades
faster, down to AFTER_CHANGE events."""
LATEST = 3
OWN_SPREAD, AS_EVENTS = 0.45, 3
"""Sd of the logit of one program's shares, before its own are seen, and how many events that counts as."""
MOST_NAMED = 60
ROUGH_WEIGHT = 0.9
"""A pair whose attendance was said as “about so many” counts a little less: shares of a
program vary by about .45 in the logit, so that an error of .15 beside it is a tenth of what is known."""


@dataclass(frozen=True, slots=True)
class StagePairs:
    """Counts of two stages of past events: the program's own, and those alike of all programs."""

    own: tuple[StagePair, ...]
    alike: tuple[StagePair, ...]
    program: int
    unlike: bool = False
    """Whether none of the program's own was held as this one will be: online or not, paid or not."""

    @property
    def own_rows(self) -> tuple[int, ...]:
        return tuple(pair.row for pair in self.own)

    @property
    def other_rows(self) -> tuple[int, ...]:
        return tuple(pair.row for pair in self.alike if pair.program != self.program)


class History:
    """Past events, earliest first."""

    def __init__(self, events: Sequence[PastEvent] = ()) -> None:
        self.events = tuple(sorted(events, key=lambda past: (past.starts, past.row)))
        self.of_program: dict[int, list[PastEvent]] = {}
        self._counted: list[tuple[int, int]] = []
        largest = 0
        for past in self.events:
            self.of_program.setdefault(past.program, []).append(past)
            if past.signups is not None:
                self._counted.append((past.row, past.program))
            largest = max(
                largest,
                past.interested or 0,
                past.signups or 0,
                past.attended or 0,
                past.took_part or 0,
                past.submissions or 0,
            )
        self.largest = largest
        self._alike: dict[tuple[Any, ...], tuple[StagePair, ...]] = {}
        self._usual: dict[tuple[Any, ...], Usual] = {}

    def until(self, starts: float) -> Sequence[PastEvent]:
        """Those that had begun before that moment."""
        return self.events[: bisect_left(self.events, starts, key=lambda past: past.starts)]

    def own(self, program: int) -> Sequence[PastEvent]:
        return self.of_program.get(program, ())

    def counted(self, program: int) -> tuple[tuple[int, ...], tuple[int, ...], int]:
        """Rows with sign-ups: the program's own, the latest of others, and how many others."""
        own = tuple(past.row for past in self.own(program) if past.signups is not None)
        others: list[int] = []
        for row, of in reversed(self._counted):
            if of != program:
                others.append(row)
            if len(others) == MOST_NAMED:
                break
        return own, tuple(reversed(others)), len(self._counted) - len(own)

    def pairs(
        self, before: str, after: str, plan: Announcement, *, own_only: bool = False
    ) -> StagePairs:
        """Latest events with both counts, of the program and of events alike.

        One's own held in another format speak more softly; those of all programs tell what is
        usual for the class.
        """
        own: list[StagePair] = []
        any_alike = False
        for past in reversed(self.own(plan.program)):
            if len(own) == MOST_PAIRS:
                break
            first, second = getattr(past, before), getattr(past, after)
            if first is None or second is None or first <= 0:
                continue
            resembles = own_only or alike(past, plan)
            any_alike = any_alike or resembles
            weight = (1.0 if resembles else OTHER_FORMAT_WEIGHT) * _certainty(past, after)
            own.append(StagePair(first, second, weight, past.row, past.program))
        half_life = _half_life(own)
        own = [
            replace(pair, weight=pair.weight * 0.5 ** (back / half_life))
            for back, pair in enumerate(own)
        ]
        found = () if own_only else self._pairs_alike(before, after, plan)
        return StagePairs(tuple(own), found, plan.program, bool(own) and not any_alike)

    def sized(self, before: str, after: str, plan: Announcement) -> list[StagePair]:
        """Every event of the kind with both counts, of whatever size and host, latest first; those held in
        another format speak more softly."""
        found = []
        for past in reversed(self.events):
            first, second = getattr(past, before), getattr(past, after)
            if past.kind == plan.kind and first and second is not None:
                weight = 1.0 if alike(past, plan) else OTHER_FORMAT_WEIGHT
                found.append(StagePair(first, second, weight, past.row, past.program))
        return found

    def _pairs_alike(self, before: str, after: str, plan: Announcement) -> tuple[StagePair, ...]:
        key = (before, after, *_class_of(plan))
        if key in self._alike:
            return self._alike[key]
        found: list[StagePair] = []
        for past in reversed(self.events[-MOST_LOOKED_AT:]):
            if len(found) == MOST_OF_CLASS:
                break
            first, second = getattr(past, before), getattr(past, after)
            if first and second is not None and alike(past, plan):
                weight = 0.5 ** (len(found) / FADING) * _certainty(past, after)
                found.append(StagePair(first, second, weight, past.row, past.program))
        self._alike[key] = tuple(found)
        return self._alike[key]

    def usual(self, reference: RateClass, before: str, after: str, plan: Announcement) -> Usual:
        """What share of that class is usual, from events alike of all programs."""
        key = (reference.key, before, after, *_class_of(plan))
        if key not in self._usual:
            self._usual[key] = Usual(reference, self._pairs_alike(before, after, plan))
        return self._usual[key]

    def with_trait(self, plan: Announcement, trait: str) -> tuple[list[StagePair], list[float]]:
        """The program's pairs of sign-ups and attendance, latest first, of events whose trait is
        known, and the trait of each."""
        known = {
            past.row: getattr(past, trait)
            for past in self.own(plan.program)
            if getattr(past, trait) is not None
        }
        own = [pair for pair in self.pairs("signups", "attended", plan).own if pair.row in known]
        return own, [float(known[pair.row]) for pair in own]


def _half_life(own: Sequence[StagePair]) -> float:
    """After how many events a program's shares count half: fewer where the latest three are of another
    level than those before (t statistic of their logits, its variance shrunk)."""
    shares = np.array([(min(p.after, p.before) + 0.5) / (p.before + 1) for p in own])
    latest, before = np.split(np.log(shares / (1 - shares)), [LATEST])
    if len(before) < LATEST:
        return OWN_FADING
    squares = AS_EVENTS * OWN_SPREAD**2 + len(latest) * latest.var() + len(before) * before.var()
    variance = squares / (AS_EVENTS + len(own) - 2)
    error = sqrt(variance * (1 / len(latest) + 1 / len(before)))
    change = abs(float(latest.mean() - before.mean())) / error
    return float(np.interp(change, CHANGED, (OWN_FADING, AFTER_CHANGE)))


def _certainty(past: PastEvent, after: str) -> float:
    return ROUGH_WEIGHT if past.approximate and after == "attended" else 1.0


def alike(past: PastEvent, plan: Announcement) -> bool:
    """Whether the shares of two events resemble each other: the same kind, both paid or neither,
    and both online or neither, as far as the format is known."""
    if past.kind != plan.kind or bool(past.price) != bool(plan.price):
        return False
    return not past.format or past.online == plan.online


def _class_of(plan: Announcement) -> tuple[str, bool, bool]:
    """What decides which events are alike."""
    return plan.kind, plan.online, bool(plan.price)
