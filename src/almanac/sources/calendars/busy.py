"""When a calendar says one is busy: blocks of start, end and kind, whatever the event was about."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import recurring_ical_events

from almanac.sources.base import cells
from almanac.sources.base.rows import UnreadableError
from almanac.sources.calendars import ics, left_out

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.documents import Document

MOST_EVENTS = 100_000
MOST_BLOCKS = 200_000
LONGEST = timedelta(days=60)
SLICE = timedelta(days=180)
OUT_OF_OFFICE = re.compile(
    r"\b(vacation|holidays?|out of office|ooo|urlaub|ferien|day off|pto|annual leave)\b",
    re.IGNORECASE,
)
WORKING_DAY = timedelta(hours=6)
"""A timed event counts as time off only where it takes the day."""


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
                except (*left_out.BROKEN, cells.BadCellError):
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
        if left_out.is_too_often(event) and event in calendar.subcomponents:
            calendar.subcomponents.remove(event)
            _count(left, "repeats within the day")
    found: list[Any] = []
    try:
        _take(calendar, first, last, found)
    except left_out.BROKEN:
        found = []
        for _, part in ics.series(calendar):
            try:
                _take(part, first, last, found)
            except left_out.BROKEN:
                _count(left, "broken")
    return found


def _take(calendar: Any, first: datetime, last: datetime, found: list[Any]) -> None:
    """A month at a time, so that what repeats too often is refused before it fills the memory."""
    query = recurring_ical_events.of(calendar, skip_bad_series=True)
    seen: set[int] = set()
    begin = first
    while begin < last:
        end = min(begin + SLICE, last)
        for event in query.between(begin, end):
            key = hash(
                (
                    left_out.text(event, "UID"),
                    str(event.get("DTSTART").dt),
                    left_out.text(event, "SUMMARY"),
                )
            )
            if key not in seen:
                seen.add(key)
                found.append(event)
        if len(found) > MOST_BLOCKS:
            raise UnreadableError(
                f"This calendar has more than {MOST_BLOCKS:,} blocks in six years; something in it "
                "repeats too often."
            )
        begin = end


def _block(event: Any, zone: tzinfo) -> BusyRow | str:
    """A block, or why there is none."""
    if left_out.text(event, "STATUS").upper() == "CANCELLED":
        return "cancelled"
    if left_out.text(event, "TRANSP").upper() == "TRANSPARENT":
        return "free"
    if "DECLINED" in _own_answer(event):
        return "declined"
    starts = event.get("DTSTART")
    if starts is None:
        raise cells.BadCellError("has no start")
    title, _ = cells.title_and_rest(left_out.text(event, "SUMMARY"))
    off = OUT_OF_OFFICE.search(title) is not None
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
    takes_the_day = off and ends - begins >= WORKING_DAY
    return BusyRow(begins, ends, "off" if takes_the_day else "meeting", title)


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
