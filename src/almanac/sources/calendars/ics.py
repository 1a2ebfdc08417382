"""Calendars: events with their recurrences, moved and deleted occurrences and time zones."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import icalendar
import recurring_ical_events

from almanac.sources.base import cells
from almanac.sources.base.reading import in_utf8
from almanac.sources.base.rows import EventRow, Gathering, UnreadableError
from almanac.sources.base.source import Harvest, Opened, Source
from almanac.sources.calendars.left_out import (
    AHEAD,
    BROKEN,
    MOST_OCCURRENCES,
    PAST,
    leave_out_due_days,
    leave_out_what_is_too_often,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from almanac.sources.base.documents import Document

LONGEST_ZONE = 100


def read(opened: Opened, zone: tzinfo, source: Source) -> Harvest:
    """Every occurrence from two years back to one year ahead."""
    document, now = opened.document, opened.now
    found = Gathering()
    events: list[EventRow] = []
    keys: set[str] = set()
    with warnings.catch_warnings():
        # Zones of other vendors are guessed with a warning; a wrong guess shows in the preview.
        warnings.simplefilter("ignore")
        for calendar in calendars(document):
            cancels = text(calendar, "METHOD").upper() == "CANCEL"
            for occurrence in _occurrences(calendar, document.name, now, found):
                if cancels:
                    occurrence["STATUS"] = "CANCELLED"
                try:
                    row = _event(len(events) + 1, occurrence, zone)
                except cells.BadCellError as error:
                    found.reject(len(events) + 1, str(error), (text(occurrence, "SUMMARY"),))
                    continue
                except BROKEN as error:
                    found.reject(len(events) + 1, f"is broken: {_first_line(error)}")
                    continue
                if row is not None and row.event_id and row.event_id in keys:
                    # Of a series that was moved as a whole, each occurrence is known by its own time.
                    own = row.starts_at or _midnight(row.day)
                    row = replace(row, event_id=f"{row.event_id}/{own:%Y%m%dT%H%M}"[-200:])
                if row is not None:
                    keys.add(row.event_id)
                    events.append(row)
    events.sort(key=lambda row: (row.starts_at or _midnight(row.day), row.title))
    return Harvest(
        source,
        events=tuple(events),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=("summary",),
        choosable=True,
    )


_ZONED = re.compile(
    rb'(?im)^((?:DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)[^:\r\n]*?;TZID=)("?)([^"\r\n]*?)\2(:\d{8}T\d{6}Z?)\s*$'
)
_OFFSET = re.compile(rb"(?:UTC|GMT)([+-]\d\d):?(\d\d)")
_TWENTY_FOUR = re.compile(rb"(?m)^(DT(?:START|END)[^:\r\n]*:)(\d{8})T240000(Z?)")
_UNTIL = re.compile(rb"(?m)^(RRULE[^\r\n]*UNTIL=)(\d{8})(T\d{6})?(?![\dTZ])")
_EVENT = re.compile(rb"BEGIN:VEVENT.*?END:VEVENT", re.DOTALL)
_TIMED = re.compile(rb'(?m)^DTSTART[^:\r\n]*?(?:;TZID="?([^":;\r\n]+)"?)?:\d{8}T\d{6}')
MENTIONED = {
    "eastern time": "America/New_York", "central time": "America/Chicago", "mountain time": "America/Denver",
    "pacific time": "America/Los_Angeles", "atlantic time": "America/Halifax",
    "india": "Asia/Kolkata", "kolkata": "Asia/Kolkata", "chennai": "Asia/Kolkata", "beijing": "Asia/Shanghai", "brasilia": "America/Sao_Paulo",
    "edinburgh": "Europe/London", "bern": "Europe/Zurich",
}  # fmt: skip
"""Zones by what Windows calls them, where no city of theirs is in the name."""


def mended(data: bytes) -> bytes:
    """A calendar with what other programs write and none may: lines ended by CR alone, letters cut by a
    fold, 24:00, zones with a comma or an offset in them, an end of repetition in local time."""
    if b"\n" not in data:
        data = data.replace(b"\r", b"\r\n")
    data = re.sub(rb"\r?\n[ \t]", b"", data)
    data = _TWENTY_FOUR.sub(lambda m: m[1] + _next_day(m[2]) + b"T000000" + m[3], data)
    data = _ZONED.sub(lambda m: m[1] + _written(m[3], data) + m[4], data)
    return _EVENT.sub(lambda found: _with_until(found[0]), data)


def _with_until(event: bytes) -> bytes:
    """The end of a repetition said as a day or in local time, in UTC as the standard wants it."""
    timed = _TIMED.search(event)
    if not timed:
        return event
    try:
        zone = ZoneInfo((timed[1] or b"UTC").decode())
    except (ValueError, ZoneInfoNotFoundError, OSError):
        zone = ZoneInfo("UTC")

    def ended(match: re.Match[bytes]) -> bytes:
        clock = (match[3] or b"T235959").decode()
        try:
            last = datetime.fromisoformat(f"{match[2].decode()}{clock}").replace(tzinfo=zone)
        except ValueError:
            return match[0]
        return match[1] + f"{last.astimezone(UTC):%Y%m%dT%H%M%SZ}".encode()

    return _UNTIL.sub(ended, event)


def _next_day(day: bytes) -> bytes:
    try:
        found = date.fromisoformat(day.decode()) + timedelta(days=1)
    except (ValueError, OverflowError):
        return day
    return f"{found:%Y%m%d}".encode()


def _written(name: bytes, data: bytes) -> bytes:
    """The zone of a time: as it stands where the calendar defines it, else one that everybody knows."""
    if b"TZID:" + name in data:
        return _quoted(name)
    return _zone_of(name)


def _quoted(name: bytes) -> bytes:
    """A name in quotes where a mark in it would end it."""
    return b'"' + name + b'"' if set(name) & set(b",;:") else name


@cache
def _cities() -> dict[str, str]:
    """Zones by the city in their name."""
    return {
        name.rsplit("/", 1)[1].replace("_", " ").lower(): name
        for name in sorted(available_timezones())
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/", "US/"))
    }


def _zone_of(name: bytes) -> bytes:
    """A zone's name as calendars may write it. “(UTC+01:00) Amsterdam, Berlin” names a zone by its cities;
    an offset alone stands for itself."""
    found = _OFFSET.search(name)
    if not found:
        return _quoted(name)
    words = name.decode("utf-8", "replace").lower().replace("\\", "")
    known = next((zone for said, zone in MENTIONED.items() if said in words), "")
    cities = re.findall(r"[^\W\d_][^,();&]*", words.split(")", 1)[-1])
    known = known or next(
        (_cities()[city.strip()] for city in cities if city.strip() in _cities()), ""
    )
    if known:
        return known.encode()
    hours, minutes = int(found[1]), int(found[2])
    if minutes:
        return b'"' + name + b'"'
    return f"Etc/GMT{-hours:+d}".encode() if hours else b"UTC"


def calendars(document: Document) -> list[Any]:
    """The calendars of a file; UnreadableError where they cannot be read at all."""
    zone = re.search(rb"TZID=([^:;\r\n]{%d,})" % LONGEST_ZONE, document.data)
    if zone:
        raise UnreadableError(
            f"{document.name} names a time zone of {len(zone[1])} letters, which is none; nothing was read."
        )
    document = replace(document, data=mended(in_utf8(document)))
    text = document.data.upper()
    begun, ended = text.count(b"BEGIN:VCALENDAR"), text.count(b"END:VCALENDAR")
    if not begun or ended < begun:
        raise UnreadableError(
            f"{document.name} is a broken calendar: {'it is cut off' if begun else 'none begins in it'}. "
            "Export it again from your calendar."
        )
    try:
        return list(icalendar.Calendar.from_ical(document.data, multiple=True))
    except BROKEN as error:
        raise UnreadableError(
            f"{document.name} is a broken calendar: {_first_line(error)}. "
            "Export it again from your calendar."
        ) from error


def _occurrences(calendar: Any, name: str, now: datetime, found: Gathering) -> list[Any]:
    """Occurrences within the window; where the calendar as a whole cannot be read, event by event."""
    leave_out_due_days(calendar, found)
    leave_out_what_is_too_often(calendar, found)
    try:
        events = _between(calendar, now)
    except BROKEN:
        events = []
        for title, part in series(calendar):
            try:
                events += _between(part, now)
            except BROKEN as error:
                found.reject(len(found.rejected) + 1, f"is broken: {_first_line(error)}", (title,))
    if len(events) > MOST_OCCURRENCES:
        found.remark(f"only the first {MOST_OCCURRENCES:,} occurrences were read")
    elif not events and not found.rejected and not found.remarks:
        found.remark(f"{name} has no events from two years back to a year ahead")
    return events[:MOST_OCCURRENCES]


def _between(calendar: Any, now: datetime) -> list[Any]:
    query = recurring_ical_events.of(calendar, skip_bad_series=True)
    return list(query.between(now - PAST, now + AHEAD))


def series(calendar: Any) -> Iterator[tuple[str, Any]]:
    """Each event with its exceptions as a calendar of its own, with the zones they need."""
    together: dict[str, list[Any]] = {}
    for number, event in enumerate(calendar.walk("VEVENT")):
        together.setdefault(text(event, "UID") or f"#{number}", []).append(event)
    for events in together.values():
        alone = icalendar.Calendar()
        for zone in calendar.walk("VTIMEZONE"):
            alone.add_component(zone)
        for event in events:
            alone.add_component(event)
        yield text(events[0], "SUMMARY"), alone


def _event(number: int, event: Any, zone: tzinfo) -> EventRow | None:
    starts = event.get("DTSTART")
    if starts is None:
        raise cells.BadCellError("has no start")
    start = starts.dt
    title, rest = cells.title_and_rest(text(event, "SUMMARY"))
    uid = cells.clean(text(event, "UID"))
    recurs = event.get("RECURRENCE-ID")
    key = (recurs or starts).dt
    moment = isinstance(start, datetime)
    starts_at = cells.in_reason(_aware(start, zone), "start") if moment else None
    day = None if moment else cells.day_of(cells.in_reason(_midnight(start), "start"))
    status = text(event, "STATUS").upper()
    end = event.get("DTEND")
    ends = end.dt if end is not None else None
    return EventRow(
        row=number,
        title=title or "Untitled",
        event_id=f"{uid}/{key:%Y%m%dT%H%M}"[-200:] if uid else "",
        starts_at=starts_at,
        day=day,
        ends_at=_last(ends, day, zone),
        zone=_zone_name(start) if moment else "",
        status="dropped" if status == "CANCELLED" else "",
        place=cells.clean(text(event, "LOCATION"))[:200],
        url=cells.clean(text(event, "URL"))[:1000],
        notes="\n\n".join(filter(None, (rest, cells.clean(text(event, "DESCRIPTION"))[:5000]))),
    )


def _last(ends: date | datetime | None, day: date | None, zone: tzinfo) -> datetime | None:
    """The end: a time, or of whole days the last minute of the last of several."""
    if isinstance(ends, datetime):
        return _aware(ends, zone)
    if ends is None or day is None or ends - day <= timedelta(days=1):
        return None
    last = ends - timedelta(days=1)
    return datetime(last.year, last.month, last.day, 23, 59, tzinfo=zone)


def _aware(moment: datetime, zone: tzinfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _midnight(day: date | None) -> datetime:
    return (
        datetime(day.year, day.month, day.day, tzinfo=UTC)
        if day
        else datetime.min.replace(tzinfo=UTC)
    )


def _zone_name(moment: datetime) -> str:
    key = getattr(moment.tzinfo, "key", None)
    if key:
        return str(key)
    offset = moment.utcoffset()
    return "" if offset is None else cells.offset_name(int(offset.total_seconds() // 60))


def _first_line(error: Exception) -> str:
    return cells.clean(str(error)).split("\n")[0][:160] or type(error).__name__
