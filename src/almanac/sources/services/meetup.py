"""Meetup events as JSON: the retired REST shapes and what GraphQL answers with."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from almanac.sources.base import cells
from almanac.sources.base.rows import EventRow, Gathering
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo

LONGEST = 366 * 24 * 3600 * 1000
"""A year in milliseconds; no event lasts longer."""
STATUSES = {
    "past": "done",
    "cancelled": "dropped",
    "canceled": "dropped",
    "upcoming": "planned",
    "active": "planned",
    "published": "planned",
    "autosched": "planned",
    "suggested": "idea",
    "proposed": "idea",
    "draft": "idea",
}


def events_in(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every Meetup event found in the JSON, however it is wrapped."""
    if depth > 8:
        return
    if isinstance(value, list):
        for item in value:
            yield from events_in(item, depth + 1)
    elif isinstance(value, dict):
        if _is_event(value):
            yield value
            return
        for key in (
            "results",
            "data",
            "events",
            "edges",
            "node",
            "group",
            "groupByUrlname",
            "pastEvents",
            "upcomingEvents",
            "event",
        ):
            if key in value:
                yield from events_in(value[key], depth + 1)


def _is_event(value: dict[str, Any]) -> bool:
    rest = "yes_rsvp_count" in value and "time" in value and "name" in value
    graph = "title" in value and "dateTime" in value
    return rest or graph


def recognises(value: Any) -> bool:
    return next(events_in(value), None) is not None


def read(value: Any, zone: tzinfo) -> Harvest:
    found = Gathering()
    events: list[EventRow] = []
    for number, event in enumerate(events_in(value), start=1):
        try:
            events.append(_event(number, event, zone))
        except cells.BadCellError as error:
            found.reject(number, str(error), (str(event.get("id", "")), str(event.get("name", ""))))
    if any(event.attended is not None for event in events):
        found.remark("Meetup's own attendance is kept, but not as counted: it includes no-shows")
    return Harvest(
        MEETUP,
        events=tuple(events),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=("id", "name"),
    )


def _event(number: int, event: dict[str, Any], zone: tzinfo) -> EventRow:
    title, rest = cells.title_and_rest(str(event.get("name") or event.get("title") or ""))
    starts_at = _time(event.get("time"), event.get("dateTime"), "time", zone)
    status = str(event.get("status") or "").lower()
    group = event.get("group")
    program = group.get("name") or group.get("urlname") if isinstance(group, dict) else ""
    venue = _venue(event)
    place = ", ".join(filter(None, (str(venue.get(part) or "") for part in ("name", "city"))))
    return EventRow(
        row=number,
        title=title or f"Event {event.get('id', number)}",
        event_id=cells.clean(str(event.get("id") or ""))[:200],
        program=cells.clean(str(program or ""))[:200],
        starts_at=starts_at,
        ends_at=_end(event, starts_at, zone),
        announced_at=_time(
            event.get("created"),
            event.get("createdTime") or event.get("createdAt"),
            "created",
            zone,
        ),
        zone=_zone_name(event),
        status=STATUSES.get(status, ""),
        format=_format(event),
        place=cells.clean(str(place))[:200],
        url=cells.clean(
            str(event.get("link") or event.get("event_url") or event.get("eventUrl") or "")
        )[:1000],
        notes=rest,
        price=_price(event),
        seats=_count(event, "rsvp_limit", "maxTickets"),
        signups=_count(event, "yes_rsvp_count", "going", "rsvps", "goingCount", "rsvpCount"),
        attended=_count(event, "manual_attendance_count", "headcount") or None,
        waitlisted=_count(event, "waitlist_count", "waiting"),
    )


def _time(milliseconds: Any, text: Any, name: str, zone: tzinfo) -> datetime | None:
    if isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool):
        return cells.from_milliseconds(milliseconds, name)
    value = text if text is not None else milliseconds
    return cells.moment(str(value), name, zone) if value else None


def _venue(event: dict[str, Any]) -> dict[str, Any]:
    """The venue: one in the old answers, a list of them in today's."""
    venues = event.get("venues")
    found = venues[0] if isinstance(venues, list) and venues else event.get("venue")
    return found if isinstance(found, dict) else {}


_LASTS = re.compile(r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,3})M)?(?:\d+S)?)?")


def _end(event: dict[str, Any], starts_at: datetime | None, zone: tzinfo) -> datetime | None:
    duration = event.get("duration")
    if starts_at is not None and isinstance(duration, int) and 0 < duration < LONGEST:
        return cells.from_milliseconds(starts_at.timestamp() * 1000 + duration, "duration")
    lasts = _LASTS.fullmatch(duration) if isinstance(duration, str) else None
    if starts_at is not None and lasts and any(lasts.groups()):
        days, hours, minutes = (int(part or 0) for part in lasts.groups())
        return starts_at + timedelta(days=days, hours=hours, minutes=minutes)
    return _time(None, event.get("endTime"), "endTime", zone)


def _zone_name(event: dict[str, Any]) -> str:
    offset = event.get("utc_offset")
    if isinstance(offset, int):
        return cells.offset_name(offset // 60_000)
    named = event.get("timezone")
    if isinstance(named, str) and named:
        return named
    return ""


def _format(event: dict[str, Any]) -> str:
    if event.get("is_online_event") is True or str(event.get("eventType", "")).upper() == "ONLINE":
        return "online"
    kind = str(event.get("eventType", "")).upper()
    if kind == "HYBRID":
        return "hybrid"
    venue = _venue(event)
    venues = event.get("venues")
    every = [each for each in venues if isinstance(each, dict)] if isinstance(venues, list) else []
    if len({str(each.get("venueType", "")).lower() == "online" for each in every}) > 1:
        return "hybrid"
    if (
        str(venue.get("venueType", "")).lower() == "online"
        or str(venue.get("name", "")).lower() == "online event"
    ):
        return "online"
    if venue.get("city") or venue.get("address"):
        return "in_person"
    return "in_person" if kind == "PHYSICAL" or isinstance(event.get("venue"), dict) else ""


def _price(event: dict[str, Any]) -> float | None:
    fee = event.get("fee") or event.get("feeSettings")
    if isinstance(fee, dict) and isinstance(fee.get("amount"), int | float):
        return cells.amount(str(fee["amount"]), "fee")
    return None


def _count(event: dict[str, Any], *names: str) -> int | None:
    for name in names:
        value = event.get(name)
        if isinstance(value, dict):
            value = value.get("totalCount")
        if value is not None and not isinstance(value, list | dict | bool):
            found = cells.count(str(value), name)
            if name in {"rsvp_limit", "maxTickets"} and found == 0:
                return None
            return found
    return None


MEETUP = Source(
    key="meetup",
    title="Meetup events",
    holds=Holds.EVENTS,
    mark="JSON with `yes_rsvp_count` or `dateTime`",
    becomes="events; Meetup's own attendance is kept, but never as counted, because it includes no-shows",
    reads=Reads.JSON,
    recognises=recognises,
    read=read,
)
SOURCES = (MEETUP,)
