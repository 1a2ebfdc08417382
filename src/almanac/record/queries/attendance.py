"""“People who came” has one definition: here, and nowhere else.

At events it is the count somebody made; a talk has an audience, which is named apart, because
hardly anybody counts it and one conference would drown a year of meetups. The two add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.core.vocabulary import EVENTS, MEASURED, Kind
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
    people: int | None
    audience: int | None


def attendance(done: Iterable[Activity]) -> Attendance:
    """Of finished activities, with their turnout loaded."""
    events, talks, uncounted = [], [], []
    people: list[int] = []
    audience: list[int] = []
    for row in done:
        came = counted_attendance(row)
        if row.kind in EVENTS and came is None:
            uncounted.append(row)
        elif row.kind in EVENTS and came is not None:
            events.append(row)
            people.append(came)
        elif row.kind == Kind.TALK and came is not None:
            talks.append(row)
            audience.append(came)
    return Attendance(
        events=tuple(events),
        uncounted=tuple(uncounted),
        talks=tuple(talks),
        people=sum(people) if people else None,
        audience=sum(audience) if audience else None,
    )


def counted(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Those of `rows` whose attendance somebody counted."""
    return rows.filter(turnout__attended_evidence__in=MEASURED, turnout__attended__isnull=False)
