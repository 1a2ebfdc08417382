"""What an import would do, before it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from almanac.answers.imports.other_rows import Content
from almanac.sources.base.source import Source

if TYPE_CHECKING:
    from almanac.answers.imports.cards import PlannedCard
    from almanac.record.models import Activity, Guest, SignupObservation
    from almanac.sources.base.rows import Rejected

YOU_SAID = "you said"
"""The origin of a count that a person gave; no file overrules it."""


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """One event to be created or changed: the values of both rows, by field."""

    row: int
    program: str
    activity: dict[str, Any]
    turnout: dict[str, Any]
    url: str = ""
    existing: Activity | None = None

    @property
    def title(self) -> str:
        return str(self.activity.get("title") or (self.existing.title if self.existing else ""))


@dataclass(frozen=True, slots=True)
class PlannedGuests:
    """A guest list for one event: counts, and people only where names are kept."""

    guests: tuple[Guest, ...] = ()
    people: int = 0


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What one file would do. Counts are by kind of row: events, pace, guests."""

    name: str
    source: Source
    origin: str
    create: tuple[PlannedEvent, ...] = ()
    change: tuple[PlannedEvent, ...] = ()
    unchanged: dict[str, int] = field(default_factory=dict)
    pace: tuple[SignupObservation, ...] = ()
    content: Content = field(default_factory=Content)
    cards: tuple[PlannedCard, ...] = ()
    guests: PlannedGuests | None = None
    rejected: tuple[Rejected, ...] = ()
    remarks: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    new_programs: tuple[str, ...] = ()
    target: Activity | None = None

    @property
    def title(self) -> str:
        return self.source.title

    @property
    def new_cards(self) -> list[PlannedCard]:
        return [card for card in self.cards if card.existing is None]

    @property
    def changed_cards(self) -> list[PlannedCard]:
        return [card for card in self.cards if card.existing is not None]

    @property
    def does_nothing(self) -> bool:
        keeps = self.guests is not None and bool(self.guests.guests)
        return not (
            self.create
            or self.change
            or self.pace
            or keeps
            or self.cards
            or not self.content.is_empty
        )
