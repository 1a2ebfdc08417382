"""“People who came” has one definition: here, and nowhere else.

At events it is the count somebody made; a talk has an audience, which is named apart, because
hardly anybody counts it and one conference would drown a year of meetups. The two add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.core.vocabulary import EVENTS, Evidence, Kind
from almanac.record.queries.forecasts import counted_attendance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from almanac.record.models import Activity


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who came to a number of finished activities, as far as somebody counted.

    events, talks: those with a count; uncounted: events without one; people and audience: the
    sums, None where nothing was counted.
    """

    events: tuple[Activity, ...]
    uncounted: tuple[Activity, ...]
    talks: tuple[Activity, ...]

    @property
    def people(self) -> int | None:
        return _sum(self.events)

    @property
    def audience(self) -> int | None:
        return _sum(self.talks)

    @property
    def total(self) -> int | None:
        return _sum((*self.events, *self.talks))


def _sum(rows: tuple[Activity, ...]) -> int | None:
    return sum(counted_attendance(row) or 0 for row in rows) if rows else None


def attendance(done: Iterable[Activity]) -> Attendance:
    """Of finished activities, with their turnout loaded."""
    rows = list(done)
    counted = [row for row in rows if counted_attendance(row) is not None]
    known = {row.pk for row in counted}
    return Attendance(
        events=tuple(row for row in counted if row.kind in EVENTS),
        uncounted=tuple(row for row in rows if row.kind in EVENTS and row.pk not in known),
        talks=tuple(row for row in counted if row.kind == Kind.TALK),
    )


def counted(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Those of `rows` whose attendance somebody counted."""
    return rows.filter(turnout__attended_evidence=Evidence.COUNTED, turnout__attended__isnull=False)
