"""What a document is, told by its content."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from almanac.sources.base.reading import table_from_text, text_of
from almanac.sources.base.rows import Harvest, UnreadableError
from almanac.sources.services import bevy, devto, eventbrite, luma, meetup, trello, x, youtube, zoom
from almanac.sources.tables import (
    board_table,
    events_table,
    mapped_table,
    measurements_table,
    quotes_table,
)
from almanac.sources.text import front_matter, rss

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from almanac.sources.base.reading import Document, Table

TABLES: tuple[tuple[Callable[[Table], bool], Callable[[Table, tzinfo], Harvest]], ...] = (
    (events_table.recognises_pace, events_table.read_pace),
    (events_table.recognises, events_table.read),
    (luma.recognises, luma.read),
    (bevy.recognises, bevy.read),
    (eventbrite.recognises, eventbrite.read),
    (zoom.recognises, zoom.read),
    (youtube.recognises_chart, youtube.read_chart),
    (youtube.recognises, youtube.read),
    (x.recognises, x.read),
    (measurements_table.recognises, measurements_table.read),
    (measurements_table.recognises_downloads, measurements_table.read_downloads),
    (board_table.recognises, board_table.read),
    (quotes_table.recognises_referrals, quotes_table.read_referrals),
    (quotes_table.recognises, quotes_table.read),
)
KNOWN = (
    "the events table, the sign-up pace table, tables of who shows up, Meetup events (JSON), Luma, Eventbrite and Bevy "
    "guest lists, Zoom participant reports, calendars (.ics), YouTube Studio and X analytics, dev.to "
    "articles, feeds, Markdown posts, measurements, downloads, quotes, boards (Trello or a table with lists), and other tables with a title "
    "and a date"
)


class UnmappedError(Exception):
    """A table whose columns a person has to name first."""

    def __init__(self, table: Table, guess: dict[str, str]) -> None:
        super().__init__(
            f"{table.name} is a table Almanac has not seen before; say what its columns hold with "
            'almanac import --column "Your column=title" --column "Another=day".'
        )
        self.table = table
        self.guess = guess


def harvest(
    document: Document,
    zone: tzinfo,
    now: datetime,
    mapping_of: Callable[[Table], dict[str, str] | None],
) -> Harvest:
    """Read one document. `mapping_of` gives the remembered columns of a plain table, or None.

    Raises UnreadableError with one sentence, or UnmappedError for a table not seen before.
    """
    if not document.data.strip():
        raise UnreadableError(f"{document.name} is empty.")
    text, remark = text_of(document)
    start = text.lstrip()[:1]
    if text.lstrip("\ufeff \r\n\t")[:15].upper().startswith("BEGIN:VCALENDAR"):
        # Imported here because it pulls in the calendar libraries, which nothing else needs.
        from almanac.sources.calendars import ics  # noqa: PLC0415

        return ics.read(document, zone, now)
    if front_matter.recognises(document.name, text):
        return front_matter.read(document, text, zone)
    if rss.recognises(text):
        return rss.read(document, zone)
    if start in {"{", "["}:
        value = _json(document.name, text)
        if trello.recognises(value):
            return trello.read(value, zone)
        if next(devto.articles_in(value), None) is not None:
            return devto.read(value, zone)
        if measurements_table.holds_npm(value):
            return measurements_table.read_npm(value, zone)
        if next(meetup.events_in(value), None) is None:
            raise UnreadableError(_unknown(document.name))
        return meetup.read(value, zone)
    table = table_from_text(document.name, text, remark)
    if table is None or start == "<":
        raise UnreadableError(_unknown(document.name))
    found = _read_table(table, zone, mapping_of)
    return replace(found, remarks=(*found.remarks, remark)) if remark else found


def _read_table(
    table: Table, zone: tzinfo, mapping_of: Callable[[Table], dict[str, str] | None]
) -> Harvest:
    for recognises, read in TABLES:
        if recognises(table):
            return read(table, zone)
    mapping = mapping_of(table)
    if mapping is not None:
        return mapped_table.read(table, mapping, zone)
    raise UnmappedError(table, mapped_table.guess(table))


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableError(
            f"{name} is broken JSON at line {error.lineno}: {error.msg.lower()}. Export it again."
        ) from error
    except (RecursionError, ValueError) as error:
        raise UnreadableError(f"{name} is JSON that cannot be read. Export it again.") from error


def _unknown(name: str) -> str:
    return f"{name} is not something Almanac can import yet; it reads {KNOWN}."
