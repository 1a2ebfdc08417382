"""What a format is: one declaration beside its reader. Everything else is derived from these.

A module of `services`, `tables`, `calendars` or `text` lists its formats as `SOURCES`; the importer,
the Import page, the command's help and the how-to page find them there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from almanac.core.vocabulary import Format
from almanac.sources.base.dates import Habits
from almanac.sources.base.documents import Document
from almanac.sources.base.reading import Grid, Table, grid_of, table_from_grid, text_of
from almanac.sources.base.rows import (
    CardRow,
    EventRow,
    GuestList,
    LinkCountRow,
    MeasurementRow,
    PaceRow,
    PostRow,
    QuoteRow,
    ReferralRow,
    Rejected,
    UnreadableError,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo


class Holds(StrEnum):
    """The kind of row a format brings, as counts of an import name it."""

    EVENTS = "events"
    GUESTS = "guests"
    PACE = "pace"
    POSTS = "posts"
    MEASUREMENTS = "measurements"
    QUOTES = "quotes"
    REFERRALS = "referrals"
    LINK_COUNTS = "link counts"
    CARDS = "cards"


class Reads(StrEnum):
    """Which view of a document a format is recognised and read from; asked: a person says what it is."""

    TABLE = "table"
    JSON = "json"
    TEXT = "text"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Source:
    """One format.

    key: stored with what it brings. title: as in “a Luma guest list”. mark: how it is recognised,
    and becomes: what its rows turn into, both for the documentation. recognises and read take the
    view named by reads: a Table, a JSON value or the whole Opened document; both are None where a
    person names the format. format: of the events it tells of, where the service decides it. general:
    how many other formats it might be taken for; the more, the later it is asked.
    """

    key: str
    title: str
    holds: Holds
    mark: str
    becomes: str
    reads: Reads
    recognises: Callable[[Any], bool] | None = None
    read: Callable[[Any, tzinfo], Harvest] | None = None
    format: Format = Format.UNKNOWN
    general: int = 0

    @property
    def name(self) -> str:
        """Its title without the article, as a list names it."""
        article, _, rest = self.title.partition(" ")
        return rest if article in {"a", "an", "the"} else self.title


@dataclass(frozen=True, slots=True)
class Harvest:
    """All that one file holds, with what was turned away."""

    source: Source
    events: tuple[EventRow, ...] = ()
    pace: tuple[PaceRow, ...] = ()
    guest_lists: tuple[GuestList, ...] = ()
    measurements: tuple[MeasurementRow, ...] = ()
    posts: tuple[PostRow, ...] = ()
    quotes: tuple[QuoteRow, ...] = ()
    referrals: tuple[ReferralRow, ...] = ()
    link_counts: tuple[LinkCountRow, ...] = ()
    cards: tuple[CardRow, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    remarks: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    """The header, for the file of rejected rows."""
    choosable: bool = False
    """Whether the person picks which events become activities (calendars)."""
    table: Table | None = None
    """The table itself, where it was read by a mapping of its columns."""
    undecided: str = ""
    """A date of it that could be day/month or month/day, where nothing in the file says which."""

    @property
    def guest_list(self) -> GuestList | None:
        """The first list of people, where there is one."""
        return self.guest_lists[0] if self.guest_lists else None


@dataclass(frozen=True)
class Opened:
    """A document with its text, its JSON value and its table, each found once and when asked for.

    now: the moment of reading, for what recurs without end. month_first: how the person writes 3/4.
    """

    document: Document
    now: datetime
    month_first: bool | None = None

    @property
    def name(self) -> str:
        return self.document.name

    @cached_property
    def _decoded(self) -> tuple[str, str]:
        return ("", "") if self.document.cells is not None else text_of(self.document)

    @cached_property
    def habits(self) -> Habits:
        return Habits(self.now, self.month_first)

    @property
    def grid(self) -> Grid:
        """Every row that holds anything, with its line: of a text, or of a sheet."""
        return self._grid[0]

    @cached_property
    def _grid(self) -> tuple[Grid, str]:
        if self.document.cells is not None:
            rows = enumerate(self.document.cells, start=1)
            return [(line, row) for line, row in rows if any(row)], ","
        if self.text.lstrip()[:1] in {"{", "[", "<"} or self.text.startswith("BEGIN:"):
            return [], ""
        return grid_of(self.name, self.text)

    @property
    def text(self) -> str:
        return self._decoded[0].lstrip("\ufeff")

    @property
    def remark(self) -> str:
        """What was guessed about its encoding, if anything."""
        return self._decoded[1]

    def view(self, reads: Reads) -> Any:
        """The view a format asks for; None where the document has none.

        Raises UnreadableError for JSON that is broken.
        """
        if reads is Reads.TABLE:
            return self.table
        return self.value if reads is Reads.JSON else self

    @cached_property
    def value(self) -> Any:
        if self.text.lstrip()[:1] not in {"{", "["}:
            return None
        try:
            return json.loads(self.text)
        except json.JSONDecodeError as error:
            raise UnreadableError(
                f"{self.name} is broken JSON at line {error.lineno}: {error.msg.lower()}. "
                "Export it again."
            ) from error
        except (RecursionError, ValueError) as error:
            raise UnreadableError(
                f"{self.name} is JSON that cannot be read. Export it again."
            ) from error

    @cached_property
    def table(self) -> Table | None:
        return table_from_grid(self.name, self.grid, self.remark, self._grid[1], self.habits)
