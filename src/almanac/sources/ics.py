"""Calendars: events with their recurrences, moved and deleted occurrences and time zones."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import recurring_ical_events

from almanac.sources import cells
from almanac.sources.rows import EventRow, Gathering, Harvest, UnreadableError

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.reading import Document

PAST, AHEAD = timedelta(days=2 * 366), timedelta(days=366)
MOST_OCCURRENCES = 5000


def recognises(text: str) -> bool:
    return text.lstrip("\ufeff \r\n\t").upper().startswith("BEGIN:VCALENDAR")


def read(document: Document, zone: tzinfo, now: datetime) -> Harvest:
    """Every occurrence from two years back to one year ahead."""
    found = Gathering()
    events: list[EventRow] = []
    with warnings.catch_warnings():
        # Zones of other vendors are guessed with a warning; a wrong guess shows in the preview.
        warnings.simplefilter("ignore")
        for calendar in _calendars(document):
            for occurrence in _occurrences(calendar, document.name, now, found):
                try:
                    row = _event(len(events) + 1, occurrence, zone)
                except cells.BadCellError as error:
                    found.reject(len(events) + 1, str(error), (_text(occurrence, "SUMMARY"),))
                    continue
                except (ValueError, TypeError, AttributeError, OverflowError, KeyError) as error:
                    found.reject(len(events) + 1, f"is broken: {_first_line(error)}")
                    continue
                if row is not None:
                    events.append(row)
    events.sort(key=lambda row: (row.starts_at or _midnight(row.day), row.title))
    return Harvest(
        "ics",
        "a calendar",
        events=tuple(events),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=("summary",),
        choosable=True,
    )


def _calendars(document: Document) -> list[Any]:
    try:
        return list(icalendar.Calendar.from_ical(document.data, multiple=True))
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, UnicodeError) as error:
        raise UnreadableError(
            f"{document.name} is a broken calendar: {_first_line(error)}. "
            "Export it again from your calendar."
        ) from error


def _occurrences(calendar: Any, name: str, now: datetime, found: Gathering) -> list[Any]:
    try:
        query = recurring_ical_events.of(calendar, skip_bad_series=True)
        events: list[Any] = []
        for event in query.between(now - PAST, now + AHEAD):
            if len(events) >= MOST_OCCURRENCES:
                found.remark(f"only the first {MOST_OCCURRENCES:,} occurrences were read")
                break
            events.append(event)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError) as error:
        raise UnreadableError(
            f"{name} holds an event that cannot be read: {_first_line(error)}. "
            "Delete that event, or export a shorter period."
        ) from error
    total = sum(1 for part in calendar.walk("VEVENT"))
    if total and not events:
        found.remark("its events lie more than two years back or a year ahead, or cannot be read")
    return events


def _event(number: int, event: Any, zone: tzinfo) -> EventRow | None:
    starts = event.get("DTSTART")
    if starts is None:
        raise cells.BadCellError("has no start")
    start = starts.dt
    title, rest = cells.title_and_rest(_text(event, "SUMMARY"))
    uid = cells.clean(_text(event, "UID"))
    recurs = event.get("RECURRENCE-ID")
    key = (recurs or starts).dt
    moment = isinstance(start, datetime)
    starts_at = cells.in_reason(_aware(start, zone), "start") if moment else None
    day = None if moment else cells.day_of(cells.in_reason(_midnight(start), "start"))
    status = _text(event, "STATUS").upper()
    end = event.get("DTEND")
    ends = end.dt if end is not None else None
    return EventRow(
        row=number,
        title=title or "Untitled",
        event_id=f"{uid}/{key:%Y%m%dT%H%M}"[-200:] if uid else "",
        starts_at=starts_at,
        day=day,
        ends_at=_aware(ends, zone) if isinstance(ends, datetime) else None,
        zone=_zone_name(start) if moment else "",
        status="dropped" if status == "CANCELLED" else "",
        place=cells.clean(_text(event, "LOCATION"))[:200],
        url=_text(event, "URL")[:1000],
        notes="\n\n".join(filter(None, (rest, cells.clean(_text(event, "DESCRIPTION"))[:5000]))),
    )


def _text(event: Any, name: str) -> str:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None else str(value)


def _aware(moment: datetime, zone: tzinfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _midnight(day: date | None) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else datetime.min.replace(tzinfo=UTC)


def _zone_name(moment: datetime) -> str:
    key = getattr(moment.tzinfo, "key", None)
    if key:
        return str(key)
    offset = moment.utcoffset()
    return "" if offset is None else cells.offset_name(int(offset.total_seconds() // 60))


def _first_line(error: Exception) -> str:
    return cells.clean(str(error)).split("\n")[0][:160] or type(error).__name__
