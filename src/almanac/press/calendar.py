"""A calendar file (RFC 5545) of what is planned, for calendar programs to subscribe to."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from almanac.answers.log.calendar import CalendarItem

PRODUCT = "-//Almanac//calendar//EN"


def calendar_file(items: Iterable[CalendarItem], name: str) -> bytes:
    """Times stand in their own zones, each described; what was cancelled is said to be, so that a program
    takes it out."""
    import icalendar  # noqa: PLC0415 - half a tenth of a second that only calendars need

    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for item in items:
        event = icalendar.Event()
        event.add("uid", item.uid)
        event.add("summary", item.title)
        event.add("dtstamp", item.changed_at.astimezone(UTC))
        event.add("last-modified", item.changed_at.astimezone(UTC))
        event.add("sequence", item.version)
        event.add("status", "CANCELLED" if item.cancelled else "CONFIRMED")
        if item.starts_at is not None and item.ends_at is not None:
            event.add("dtstart", item.starts_at)
            event.add("dtend", item.ends_at)
        else:
            event.add("dtstart", item.day)
            event.add("dtend", item.last + timedelta(days=1))
            event.add("transp", "TRANSPARENT")
        if item.place:
            event.add("location", item.place)
        if item.url:
            event.add("url", item.url)
        if item.alarm and not item.cancelled:
            alarm = icalendar.Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", item.alarm)
            related = {"RELATED": "END"} if item.alarm_after_end else {}
            alarm.add("trigger", item.alarm_at, parameters=related)
            event.add_component(alarm)
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
