"""The plain values every source is read into."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from almanac.core.errors import AlmanacError
from almanac.core.vocabulary import GuestState
from almanac.sources.base.cells import BadCellError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

Value = TypeVar("Value")
MOST_SAID = 10


class UnreadableError(AlmanacError):
    """A file that cannot be read at all; the message says what, where and what to do."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row that was not taken, with the reason beside it and the row as it stood."""

    row: int
    reason: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as a file tells it. A count is None where it is missing. period: “month” or “quarter”
    where the file says no more, and the day is its first."""

    row: int
    title: str
    event_id: str = ""
    program: str = ""
    kind: str = ""
    starts_at: datetime | None = None
    day: date | None = None
    period: str = ""
    ends_at: datetime | None = None
    announced_at: datetime | None = None
    zone: str = ""
    status: str = ""
    format: str = ""
    place: str = ""
    url: str = ""
    notes: str = ""
    hours: float | None = None
    cost: float | None = None
    price: float | None = None
    seats: int | None = None
    interested: int | None = None
    signups: int | None = None
    attended: int | None = None
    attended_evidence: str = ""
    took_part: int | None = None
    submissions: int | None = None
    waitlisted: int | None = None
    cancelled: int | None = None
    no_shows: int | None = None


@dataclass(frozen=True, slots=True)
class PaceRow:
    """How many were signed up for an event at one moment."""

    row: int
    program: str
    event_id: str
    starts_at: datetime | None
    observed_at: datetime
    signups: int


@dataclass(frozen=True, slots=True)
class GuestRow:
    """One person on a list. number: people this row stands for, where a ticket brings others along.
    key: what tells them from others; empty for a ticket without a name."""

    row: int
    name: str
    email: str
    state: GuestState
    signed_up_at: datetime | None = None
    number: int = 1
    key: str = ""


@dataclass(frozen=True, slots=True)
class GuestList:
    """Everyone on one event's list, and what the file says of the event itself.

    is_register: whether it lists sign-ups (a report of who was in the room does not). held_on: the
    day of the check-ins, which says that it took place. wants_event: a list of no service, whose event
    a person must name.
    """

    guests: tuple[GuestRow, ...]
    event_id: str = ""
    title: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    zone: str = ""
    is_register: bool = True
    held_on: date | None = None
    wants_event: bool = False

    def counts(self) -> dict[GuestState, int]:
        """People by state."""
        found: Counter[GuestState] = Counter()
        for guest in self.guests:
            found[guest.state] += guest.number
        return dict(found)


@dataclass(frozen=True, slots=True)
class MeasurementRow:
    """One value of a metric, by its name; label: which of several that must not be summed."""

    row: int
    metric: str
    day: date
    value: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class PostReading:
    """What a platform had counted of a post by the end of a day, since it was published."""

    day: date
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post as a platform, a feed or a file tells it. counts: as of the day it is read; key: what
    names it where it has no address."""

    row: int
    title: str
    url: str = ""
    day: date | None = None
    platform: str = ""
    tags: tuple[str, ...] = ()
    series: str = ""
    status: str = ""
    notes: str = ""
    key: str = ""
    elsewhere: tuple[str, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    readings: tuple[PostReading, ...] = ()


@dataclass(frozen=True, slots=True)
class CardItem:
    """A line of a checklist; key names it in its source."""

    key: str
    title: str
    heading: str = ""
    done: bool = False
    due: date | None = None
    kind: str = "item"
    hours: float | None = None
    days: float | None = None


@dataclass(frozen=True, slots=True)
class CardMove:
    """A card came to a status; came_from is empty where it was made there."""

    at: datetime
    came_from: str
    went_to: str


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card of a board. key: what names it in its source; column: its list, as the board calls it;
    touched: when it was last changed there."""

    row: int
    key: str
    title: str
    status: str
    column: str = ""
    kind: str = ""
    program: str = ""
    due: date | None = None
    day: date | None = None
    hours: float | None = None
    holder: str = ""
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    notes: str = ""
    comments: tuple[str, ...] = ()
    items: tuple[CardItem, ...] = ()
    moves: tuple[CardMove, ...] = ()
    created_at: datetime | None = None
    touched: datetime | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class QuoteRow:
    row: int
    text: str
    who: str = ""
    via: str = ""
    place: str = ""
    day: date | None = None
    link: str = ""
    tags: tuple[str, ...] = ()
    consent: str = "none"
    picture: bytes = b""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """One answer to how somebody heard about us, sorted into a channel."""

    row: int
    answer: str
    channel: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class LinkCountRow:
    """How often one link was followed: on its day, or in all where the file has none. address: the short
    one; destination: where it leads; campaign: its `utm_campaign`. what: clicks, visitors, visits, scans."""

    row: int
    address: str
    destination: str
    campaign: str
    day: date | None
    count: int
    what: str
    since: date | None = None
    """The first of the days that the count is of, where it is of several up to its day."""


@dataclass(slots=True)
class Gathering:
    """What a reader collects on its way through a file."""

    rejected: list[Rejected] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    left_out: int = 0

    def reject(self, row: int, reason: str, cells: tuple[str, ...] = ()) -> None:
        self.rejected.append(Rejected(row, reason, cells))

    def remark(self, text: str) -> None:
        if text and text not in self.remarks:
            self.remarks.append(text)

    def optional(self, row: int, value: Callable[[], Value | None]) -> Value | None:
        """The value of an optional cell; one that cannot be read is left out and said, and its row stays."""
        try:
            return value()
        except BadCellError as error:
            self.left_out += 1
            if self.left_out <= MOST_SAID:
                self.remark(f"row {row}: {error}, so it was left out")
            elif self.left_out == MOST_SAID + 1:
                self.remark("more cells like these were left out")
            return None
