"""When a calendar says one is busy: blocks of start, end and kind, whatever the event was about."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import recurring_ical_events

from almanac.sources import cells, ics
from almanac.sources.rows import UnreadableError

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.reading import Document

MOST_EVENTS = 100_000
MOST_BLOCKS = 200_000
LONGEST = timedelta(days=60)
OUT_OF_OFFICE = ("vacation", "holiday", "out of office", "ooo", "urlaub", "day off", "pto")


@dataclass(frozen=True, slots=True)
class BusyRow:
    starts_at: datetime
    ends_at: datetime
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Blocks:
    """rows: by start. left_out: why events were left out, with how many of each."""

    rows: tuple[BusyRow, ...]
    left_out: dict[str, int]


def read(document: Document, zone: tzinfo, first: datetime, last: datetime) -> Blocks:
    """Every busy block between two times. Free, cancelled and declined events are none."""
    rows: dict[tuple[datetime, datetime, str], BusyRow] = {}
    left: dict[str, int] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for calendar in ics.calendars(document):
            events = calendar.walk("VEVENT")
            if len(events) > MOST_EVENTS:
                raise UnreadableError(
                    f"{document.name} holds {len(events):,} events; up to {MOST_EVENTS:,} can be "
                    "read. Export a shorter period."
                )
            for event in _occurrences(calendar, first, last, left):
                try:
                    row = _block(event, zone)
                except (*ics.BROKEN, cells.BadCellError):
                    _count(left, "broken")
                    continue
                if isinstance(row, str):
                    _count(left, row)
                else:
                    rows[row.starts_at, row.ends_at, row.title] = row
                if len(rows) > MOST_BLOCKS:
                    raise UnreadableError(f"{document.name} has too many blocks to be a calendar.")
    return Blocks(tuple(sorted(rows.values(), key=lambda row: row.starts_at)), left)


def _count(left: dict[str, int], why: str) -> None:
    left[why] = left.get(why, 0) + 1


def _occurrences(calendar: Any, first: datetime, last: datetime, left: dict[str, int]) -> Any:
    for event in list(calendar.walk("VEVENT")):
        if ics.is_too_often(event) and event in calendar.subcomponents:
            calendar.subcomponents.remove(event)
            _count(left, "repeats within the day")
    try:
        return list(recurring_ical_events.of(calendar, skip_bad_series=True).between(first, last))
    except ics.BROKEN:
        found = []
        for _, part in ics.series(calendar):
            try:
                query = recurring_ical_events.of(part, skip_bad_series=True)
                found += list(query.between(first, last))
            except ics.BROKEN:
                _count(left, "broken")
        return found


def _block(event: Any, zone: tzinfo) -> BusyRow | str:
    """A block, or why there is none."""
    if ics.text(event, "STATUS").upper() == "CANCELLED":
        return "cancelled"
    if ics.text(event, "TRANSP").upper() == "TRANSPARENT":
        return "free"
    if "DECLINED" in _own_answer(event):
        return "declined"
    starts = event.get("DTSTART")
    if starts is None:
        raise cells.BadCellError("has no start")
    title, _ = cells.title_and_rest(ics.text(event, "SUMMARY"))
    off = any(word in title.lower() for word in OUT_OF_OFFICE)
    end = event.get("DTEND")
    start = starts.dt
    if not isinstance(start, datetime):
        until = end.dt if end is not None else start + timedelta(days=1)
        if isinstance(until, datetime):
            until = until.date()
        return BusyRow(
            _midnight(start, zone), _midnight(max(until, start + timedelta(days=1)), zone),
            "off" if off else "all_day", title,
        )  # fmt: skip
    begins = _instant(start, zone)
    finish = end.dt if end is not None else None
    ends = _instant(finish, zone) if isinstance(finish, datetime) else begins
    if ends <= begins:
        return "without an end"
    if ends - begins > LONGEST:
        return "longer than two months"
    return BusyRow(begins, ends, "off" if off else "meeting", title)


def _own_answer(event: Any) -> str:
    """Google and Outlook write how the owner answered beside them; of several guests it is unknown
    who the owner is, so only a single guest is read."""
    guests = event.get("ATTENDEE")
    if guests is None or isinstance(guests, list):
        return ""
    return str(getattr(guests, "params", {}).get("PARTSTAT", "")).upper()


def _instant(moment: datetime, zone: tzinfo) -> datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return cells.in_reason(aware, "time").astimezone(UTC)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return cells.in_reason(datetime(day.year, day.month, day.day, tzinfo=zone), "day").astimezone(
        UTC
    )
