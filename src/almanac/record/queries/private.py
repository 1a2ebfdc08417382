"""What the practitioner has set for themselves alone, with what holds until they do."""

from __future__ import annotations

from datetime import time
from typing import Any

from almanac.record.models import PrivateSetting

DEFAULTS: dict[str, Any] = {
    "weekly_hours": None,
    "logged": "",
    "work_days": [0, 1, 2, 3, 4],
    "day_starts": "09:00",
    "day_ends": "18:00",
    "nudges": True,
    "checks_in": True,
    "reminders": [],
    "inbox": "",
    "calendar_feed": "",
    "mail": {},
    "reminded_on": "",
    "silenced": [],
    "exports": [],
}


def everything() -> dict[str, Any]:
    return DEFAULTS | dict(PrivateSetting.objects.values_list("key", "value"))


def value(key: str) -> Any:
    return everything()[key]


def working_hours(settings: dict[str, Any]) -> tuple[time, time]:
    """When a working day begins and ends."""
    return time.fromisoformat(settings["day_starts"]), time.fromisoformat(settings["day_ends"])
