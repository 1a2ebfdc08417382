"""Events that were planned by hand, or by a rule, before a calendar or a platform brought them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from django.db.models import Q

from almanac.core.vocabulary import TAKES_PLACE
from almanac.record.infra.zones import local_day
from almanac.record.models import Activity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from almanac.sources.base.rows import EventRow


OWN = re.compile(r"almanac-(\d{1,15})@almanac")
"""The name that the calendar of a logbook gives an activity, before the time behind it."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The activity a row is. stays: it was moved or cancelled here, so the row changes nothing."""

    activity: Activity
    stays: bool


@dataclass(slots=True)
class PlannedByHand:
    """Found by its name in a calendar of Almanac, by title and start, or by title and the day of its rule."""

    by_key: dict[int, Activity] = field(default_factory=dict)
    by_start: dict[tuple[str, datetime], Activity] = field(default_factory=dict)
    by_day: dict[tuple[str, date], Activity] = field(default_factory=dict)
    by_slot: dict[tuple[str, date], Activity] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> PlannedByHand:
        """Those that rows of these (title, event id) may be."""
        found = cls()
        named = [(_key(title), event_id) for title, event_id in rows]
        wanted = {title for title, _ in named}
        if not wanted:
            return found
        keys = [int(match[1]) for _, uid in named if (match := OWN.match(uid))]
        found.by_key = Activity.objects.select_related("program", "turnout").in_bulk(keys)
        known = Activity.objects.filter(
            Q(source="") | Q(repeating__isnull=False), kind__in=TAKES_PLACE
        )
        for activity in known.select_related("program", "turnout").iterator(2000):
            title = _key(activity.title)
            if title not in wanted:
                continue
            if activity.starts_at:
                found.by_start.setdefault((title, activity.starts_at.astimezone(UTC)), activity)
            elif activity.day:
                found.by_day.setdefault((title, activity.day), activity)
            if activity.slot:
                found.by_slot[title, activity.slot] = activity
        return found

    def find(self, row: EventRow, event_id: str, zone: str) -> Joined | None:
        """The activity a row without a known id is; None where it is a new one."""
        title = _key(row.title)
        day = local_day(row.starts_at, zone) if row.starts_at else row.day
        own = OWN.match(event_id)
        same = self.by_key.get(int(own[1])) if own else None
        # Another logbook counts its activities from one too.
        if same is not None and (_key(same.title) == title or same.day == day):
            is_as_it_was = same.day == day and row.starts_at in {None, same.starts_at}
            return Joined(same, stays=same.repeating_id is not None or is_as_it_was)
        same = self.by_start.get((title, row.starts_at.astimezone(UTC))) if row.starts_at else None
        same = same or (self.by_day.get((title, day)) if day else None)
        if same is not None and same.event_id in {"", event_id}:
            return Joined(same, stays=False)
        moved = self.by_slot.get((title, day)) if day else None
        return Joined(moved, stays=True) if moved is not None else None


def _key(title: str) -> str:
    return " ".join(title.casefold().split())
