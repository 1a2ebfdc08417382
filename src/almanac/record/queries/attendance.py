"""“People who came” has one definition: here, and nowhere else.

At events it is the count somebody made; a talk has an audience, which is named apart, because
hardly anybody counts it and one conference would drown a year of meetups. The two add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from almanac.core.vocabulary import EVENTS, MEASURED, Kind
from almanac.record.queries.forecasts import counted_attendance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from almanac.record.models import Activity


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Attendance(Generic[Row]):
    """Who came to a number of finished activities, as far as somebody counted.

    events, talks: those with a count; uncounted: events without one; people and audience: the
    sums, None where nothing was counted.
    """

    events: tuple[Row, ...]
    uncounted: tuple[Row, ...]
    talks: tuple[Row, ...]
    people: int | None
    audience: int | None


def signed_and_came(activities: Iterable[Activity]) -> tuple[int, int]:
    """Sign-ups and how many of them came, over events that have both counts: the one definition of a
    share of sign-ups that comes. Walk-ins are no part of it."""
    both = [a.turnout for a in activities if a.is_counted and a.turnout.signups]
    signed = sum(turnout.signups or 0 for turnout in both)
    return signed, sum(min(turnout.attended or 0, turnout.signups or 0) for turnout in both)


def attendance(done: Iterable[Activity]) -> Attendance[Activity]:
    """Of finished activities, with their turnout loaded."""
    return _summed((row, row.kind, counted_attendance(row)) for row in done)


def attendance_in(rows: QuerySet[Activity]) -> Attendance[int]:
    """The same by key, straight from the tables: years hold thousands."""
    columns = ("pk", "kind", "turnout__attended", "turnout__attended_evidence")
    return _summed(
        (key, kind, came if evidence in MEASURED else None)
        for key, kind, came, evidence in rows.order_by().values_list(*columns)
    )


def _summed(rows: Iterable[tuple[Row, str, int | None]]) -> Attendance[Row]:
    events, talks, uncounted = [], [], []
    people: list[int] = []
    audience: list[int] = []
    for row, kind, came in rows:
        if kind in EVENTS and came is None:
            uncounted.append(row)
        elif kind in EVENTS and came is not None:
            events.append(row)
            people.append(came)
        elif kind == Kind.TALK and came is not None:
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
