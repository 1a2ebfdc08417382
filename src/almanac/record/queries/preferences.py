"""What the practitioner has set, with what holds until they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from almanac.record.infra import clock
from almanac.record.infra.zones import zone_of
from almanac.record.models import Preference, SkippedQuestion
from almanac.record.queries.held import once

__all__ = [
    "DATE_ORDERS",
    "DEFAULTS",
    "everything",
    "is_set",
    "skipped",
    "today",
    "value",
    "zone",
    "zone_of",
]

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

THEMES = ("", "light", "dark")
"""What pages look like; empty follows the system."""
WEEK_STARTS = (0, 5, 6)
"""Days a week may begin on: Monday, Saturday, Sunday."""
DATE_ORDERS = {"": None, "day": False, "month": True}
"""How a person writes 3/4, and whether the month stands first; None until they have said."""
DEFAULTS: dict[str, Any] = {
    "zone": "UTC",
    "currency": "",
    "date_order": "",
    "hours_a_day": 8,
    "week_start": 0,
    "theme": "",
    "lapse_days": 21,
    "example": False,
    "welcomed": False,
    "asks_worth": True,
    "public_title": "",
    "public_address": "",
    "public_reviews": [],
    "public_files": [],
    "shares_track_record": False,
    "one_to_one_hours": 0,
    "one_to_one_reply": "",
    "mirror": "",
    "limits": {},
    "own_names": [],
}


def everything() -> dict[str, Any]:
    said = once("preferences", lambda: dict(Preference.objects.values_list("key", "value")))
    return DEFAULTS | said


def value(key: str) -> Any:
    return everything()[key]


def is_set(key: str) -> bool:
    return Preference.objects.filter(key=key).exists()


def zone() -> tzinfo:
    return zone_of(value("zone"))


def day_of(moment: datetime) -> date:
    """The day it was where the practitioner is."""
    return moment.astimezone(zone()).date()


def today() -> date:
    """The day it is where the practitioner is."""
    return day_of(clock.now())


def skipped(prefix: str) -> set[str]:
    """What was skipped for good among questions of one kind, without the prefix."""
    keys = SkippedQuestion.objects.filter(key__startswith=prefix).values_list("key", flat=True)
    return {key.removeprefix(prefix) for key in keys}
