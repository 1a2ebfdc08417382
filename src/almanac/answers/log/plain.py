"""An activity as plain values: what `log --json`, `list --json` and every later interface give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from almanac.core.vocabulary import PEOPLE_COUNTS, DayPeriod
from almanac.record.models import PostCount

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from almanac.record.models import Activity

"""Counts that stand in `counts`, where they are known."""
BATCH = 500


def plain_day(day: date | None, period: str) -> date | str | None:
    """A date; “2026-10” for a month and “2026-Q3” for a quarter."""
    if day is None or not period:
        return day
    return f"{day:%Y-%m}" if period == DayPeriod.MONTH else f"{day.year}-Q{(day.month + 2) // 3}"


def plain_activity(activity: Activity, reach: dict[str, int] | None = None) -> dict[str, Any]:
    """One activity. reach: what platforms counted of it, by what was counted."""
    turnout = activity.turnout_if_any
    every = {name: getattr(turnout, name, None) for name in PEOPLE_COUNTS}
    return {
        "id": activity.pk,
        "title": activity.title,
        "kind": activity.kind,
        "status": activity.status,
        "day": plain_day(activity.day, activity.period),
        "starts_at": activity.starts_at,
        "ends_at": activity.ends_at,
        "due": activity.due,
        "hours": None if activity.hours is None else float(activity.hours),
        "counts": {name: number for name, number in every.items() if number is not None},
        "reach": activity.reach | (reach or {}),
        "cost": None if activity.cost is None else float(activity.cost),
        "currency": activity.currency,
        "program": activity.program.name,
        "not_understood": list(activity.not_understood),
        "tags": [tag.name for tag in activity.tags.all()],
        "links": [link.url for link in activity.links.all()],
        "format": activity.format or None,
        "place": activity.place or None,
        "attended_evidence": (turnout.attended_evidence or None) if turnout else None,
        **every,
    }


def reach_of(activities: Iterable[Activity]) -> dict[int, dict[str, int]]:
    """What platforms last counted of each, added up over platforms, by activity."""
    keys = [activity.pk for activity in activities]
    latest: dict[tuple[int, str, str], int] = {}
    for start in range(0, len(keys), BATCH):
        rows = PostCount.objects.filter(
            post__activity_id__in=keys[start : start + BATCH], replaced_at__isnull=True
        ).order_by("day", "id")
        columns = ("post__activity_id", "what", "platform", "count")
        for key, what, platform, count in rows.values_list(*columns):
            latest[key, what, platform] = count
    found: dict[int, dict[str, int]] = {}
    for (key, what, _), count in latest.items():
        by_what = found.setdefault(key, {})
        by_what[what] = by_what.get(what, 0) + count
    return found
