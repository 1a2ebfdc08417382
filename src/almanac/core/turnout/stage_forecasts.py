"""What a forecast is made of: a distribution by stage, and what each rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from almanac.core.counts import Counts
    from almanac.core.refusals import Refusal
    from almanac.core.vocabulary import Stage

VERSION = "turnout-5"
"""Part of every frozen forecast: a changed model is a new version."""


@dataclass(frozen=True, slots=True)
class Note:
    """A fact the forecast was given: its name and value, and whether it was used.

    Names: interested, signups, seats, waiting, format, unlike, price, hour, lead, pause, first.
    """

    name: str
    value: float = 0
    used: bool = True


@dataclass(frozen=True, slots=True)
class Because:
    """What a stage's forecast rests on: past events by row, classes by key, and facts in use.

    other_rows: the latest of `others`, the events of other programs that are used too. notes: what else
    was given, used or not.
    """

    rows: tuple[int, ...] = ()
    other_rows: tuple[int, ...] = ()
    others: int = 0
    classes: tuple[str, ...] = ()
    known: tuple[tuple[str, int], ...] = ()
    notes: tuple[Note, ...] = ()


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
