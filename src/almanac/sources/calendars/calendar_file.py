"""The declaration of calendars, apart from their reader, which pulls in the calendar libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.sources.base.source import Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.source import Harvest, Opened


def recognises(opened: Opened) -> bool:
    return opened.text.lstrip()[:15].upper().startswith("BEGIN:VCALENDAR")


def read(opened: Opened, zone: tzinfo) -> Harvest:
    # Imported here because it pulls in the calendar libraries, which no other format needs.
    from almanac.sources.calendars import ics  # noqa: PLC0415

    return ics.read(opened, zone, CALENDAR)


CALENDAR = Source(
    key="ics",
    title="a calendar",
    holds=Holds.EVENTS,
    mark="`BEGIN:VCALENDAR`",
    becomes="the events you pick; the rest is not stored",
    reads=Reads.TEXT,
    recognises=recognises,
    read=read,
)
SOURCES = (CALENDAR,)
