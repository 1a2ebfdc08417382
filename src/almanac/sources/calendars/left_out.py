"""What of a calendar is not read: due dates of Almanac's own, and what repeats too often to be an event."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from almanac.sources.base.rows import Gathering

BROKEN = (
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    IndexError,
    OverflowError,
    RecursionError,
)
"""What the calendar libraries raise on content they cannot make sense of."""

PAST, AHEAD = timedelta(days=2 * 366), timedelta(days=366)
OWN_DUE = re.compile(r"almanac-\d+-(?:due|step|person)@almanac")
"""The name of a due date in a calendar that Almanac wrote."""
MOST_OCCURRENCES = 20_000
LONGEST_REPEATED = timedelta(days=366)
FIRST_YEAR = 1970
UNITS = {"DAILY": 1.0, "WEEKLY": 7.0, "MONTHLY": 30.0, "YEARLY": 365.0}
"""Days between two occurrences of a rule, about."""


def text(event: Any, name: str) -> str:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None else str(value)


def leave_out_due_days(calendar: Any, found: Gathering) -> None:
    """Take out what a calendar of Almanac says is due, as it is no event of its own."""
    due = [event for event in calendar.walk("VEVENT") if OWN_DUE.fullmatch(text(event, "UID"))]
    for event in due:
        calendar.subcomponents.remove(event)
    if due:
        one = len(due) == 1
        found.remark(
            f"{len(due):,} due {'date is' if one else 'dates are'} left out, as {'it is' if one else 'they are'} no events"
        )


def leave_out_what_is_too_often(calendar: Any, found: Gathering) -> None:
    """Take out events that repeat within the day or for ever at no time, and those past the limit."""
    total = 0.0
    for event in list(calendar.walk("VEVENT")):
        if event not in calendar.subcomponents:
            continue
        reason = (
            "repeats within the day, or by a rule that cannot be read"
            if is_too_often(event)
            else ""
        )
        if not reason:
            total += _about(event)
            if total > MOST_OCCURRENCES:
                reason = f"is beyond {MOST_OCCURRENCES:,} occurrences, which is as many as are read"
        if reason:
            calendar.subcomponents.remove(event)
            found.reject(len(found.rejected) + 1, reason, (text(event, "SUMMARY"),))


def _about(event: Any) -> float:
    """How many occurrences of an event lie in the window, about."""
    window = (PAST + AHEAD).days
    number = 1.0
    for rule in _listed(event.get("RRULE") or []):
        unit = UNITS.get(str(_listed(rule.get("FREQ") or [""])[0]).upper(), 1.0)
        each = max(
            len(_listed(rule.get(part) or [])) for part in ("BYDAY", "BYMONTHDAY", "BYYEARDAY")
        )
        interval = int(_listed(rule.get("INTERVAL") or [1])[0])
        number += window / unit / interval * max(each, 1)
    return number + len(_listed(event.get("RDATE") or []))


def is_too_often(event: Any) -> bool:
    """Whether it repeats within the day, or by a rule that cannot be read."""
    try:
        rules = _listed(event.get("RRULE") or [])
        return any(_within_the_day(rule) or _never_ends(rule) for rule in rules) or (
            bool(rules) and _is_endless(event)
        )
    except BROKEN:
        return True


def _never_ends(rule: Any) -> bool:
    """A rule whose next time is never found: no interval, or a day no month has."""
    interval = int(_listed(rule.get("INTERVAL") or [1])[0])
    months = {int(month) for month in _listed(rule.get("BYMONTH") or [])}
    days = [int(day) for day in _listed(rule.get("BYMONTHDAY") or [])]
    longest = max(
        (31 if month in {1, 3, 5, 7, 8, 10, 12} else 29 if month == 2 else 30 for month in months),
        default=31,
    )
    return interval < 1 or (bool(days) and all(abs(day) > longest or day == 0 for day in days))


def _is_endless(event: Any) -> bool:
    """Whether a repeated event begins before any logbook, or lasts longer than a year each time."""
    starts, ends = event.get("DTSTART"), event.get("DTEND")
    if starts is None:
        return True
    if starts.dt.year < FIRST_YEAR:
        return True
    return (
        ends is not None
        and type(ends.dt) is type(starts.dt)
        and ends.dt - starts.dt > LONGEST_REPEATED
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _within_the_day(rule: Any) -> bool:
    frequency = str(_listed(rule.get("FREQ") or [""])[0]).upper()
    several = any(
        len(_listed(rule.get(part) or [])) > 1 for part in ("BYHOUR", "BYMINUTE", "BYSECOND")
    )
    return frequency in {"SECONDLY", "MINUTELY", "HOURLY"} or several
