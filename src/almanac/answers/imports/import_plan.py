"""What an import would do, before it is done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from almanac.answers import words
from almanac.sources.base.rows import (
    CardItem,
    CardMove,
    CardRow,
    PostReading,
    PostRow,
    QuoteRow,
    ReferralRow,
)
from almanac.sources.base.source import Source

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.models import (
        Activity,
        Guest,
        HandedLink,
        LinkCount,
        SignupObservation,
    )
    from almanac.sources.base.rows import GuestRow, Rejected

NOUNS = {
    "events": ("event", "events"), "programs": ("program", "programs"), "pace": ("sign-up count", "sign-up counts"),
    "guests": ("guest", "guests"), "posts": ("post", "posts"), "measurements": ("value", "values"),
    "metrics": ("metric", "metrics"), "quotes": ("quote", "quotes"), "referrals": ("answer", "answers"),
    "link counts": ("count of a link", "counts of links"),
    "cards": ("card", "cards"), "items": ("item", "items"), "ticks": ("tick", "ticks"),
    "moves": ("move", "moves"), "links": ("link", "links"), "comments": ("comment", "comments"),
}  # fmt: skip
"""Kinds of rows as one says them of one and of several."""


def rows_said(kind: str, number: int) -> str:
    """“1 event”, “3 events”."""
    return words.counted(number, *NOUNS.get(kind, (kind, kind)))


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
    """A guest list for one event: how many, and people only where names are kept. target: the event
    where it is there already; else the one to be created at this position."""

    guests: tuple[Guest, ...] = ()
    people: int = 0
    position: int = 0
    target: Activity | None = None
    seen: tuple[GuestRow, ...] = ()
    """Everybody on the list, for their hashes alone."""


@dataclass(frozen=True, slots=True)
class PlannedCard:
    """A card to be written: all of it where it is new, else what of it is new or changed."""

    row: CardRow
    program: str
    existing: Activity | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    items: tuple[CardItem, ...] = ()
    ticked: tuple[tuple[int, bool], ...] = ()
    moves: tuple[CardMove, ...] = ()
    links: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()

    @property
    def does_nothing(self) -> bool:
        return self.existing is not None and not any(
            (self.fields, self.items, self.ticked, self.moves, self.links, self.tags, self.comments)
        )

    @property
    def parts(self) -> Counter[str]:
        """What would be written, by kind."""
        return Counter(
            {
                "items": len(self.items), "ticks": len(self.ticked), "moves": len(self.moves),
                "links": len(self.links), "comments": len(self.comments),
            }
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post to be created, or one that is there with readings that are new."""

    row: PostRow
    program: str
    existing: Activity | None = None
    readings: tuple[PostReading, ...] = ()
    elsewhere: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.row.title


@dataclass(frozen=True, slots=True)
class PlannedNumbers:
    """Values of one metric and label: those that are new, and those that correct others."""

    metric: str
    label: str
    values: tuple[tuple[date, float], ...]
    corrections: int = 0


@dataclass(frozen=True, slots=True)
class PlannedLinkCount:
    """How often a link was followed by a day, and whether that is all since it was handed out."""

    link: HandedLink
    day: date
    count: int
    what: str
    is_total: bool
    replaces: LinkCount | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds beside events: all that would be written."""

    posts: tuple[PlannedPost, ...] = ()
    numbers: tuple[PlannedNumbers, ...] = ()
    quotes: tuple[QuoteRow, ...] = ()
    referrals: tuple[ReferralRow, ...] = ()
    link_counts: tuple[PlannedLinkCount, ...] = ()
    new_metrics: tuple[str, ...] = field(default=())

    @property
    def new_posts(self) -> list[PlannedPost]:
        return [post for post in self.posts if post.existing is None]

    @property
    def changed_posts(self) -> list[PlannedPost]:
        return [post for post in self.posts if post.existing is not None]

    @property
    def values(self) -> int:
        return sum(len(numbers.values) for numbers in self.numbers)

    @property
    def is_empty(self) -> bool:
        return not (self.posts or self.numbers or self.quotes or self.referrals or self.link_counts)


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
    guests: tuple[PlannedGuests, ...] = ()
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
        keeps = any(listed.guests for listed in self.guests)
        return not (
            self.create
            or self.change
            or self.pace
            or keeps
            or self.cards
            or not self.content.is_empty
        )
