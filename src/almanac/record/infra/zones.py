"""Time zones as people and files name them: an IANA name, or a fixed offset such as +02:00."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")
_WIDEST = timedelta(hours=24)


@lru_cache(maxsize=512)
def zone_of(name: str) -> tzinfo:
    """The zone of that name; UTC for a name nobody knows, so that a record always opens."""
    if name == "UTC":
        return UTC
    found = _OFFSET.fullmatch(name)
    if found:
        sign, hours, minutes = found.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        if offset >= _WIDEST:
            return UTC
        return timezone(offset if sign == "+" else -offset)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def is_zone(name: str) -> bool:
    return name == "UTC" or zone_of(name) is not UTC


def name_of_offset(moment: datetime) -> str:
    """The offset a time was written with, as the name of a zone."""
    offset = moment.utcoffset()
    if not offset:
        return "UTC"
    minutes = int(offset.total_seconds() // 60)
    sign = "+" if minutes >= 0 else "-"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(zone_of(zone)).date()
