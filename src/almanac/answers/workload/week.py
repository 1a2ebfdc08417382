"""A plan for the week, if one is wanted, and what was done since Monday. Private."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from almanac.answers.workload.overview import hours_between
from almanac.core.vocabulary import Status
from almanac.record.infra.clock import monday_of
from almanac.record.models import Activity

if TYPE_CHECKING:
    from almanac.answers.workload.overview import Drawn, Sized


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """A proposal for the week, the next one once this one's working days are over. fits: what fits,
    earliest due first; waits: what does not; done: what was finished since Monday; room: hours there are
    in the median, None where nothing tells."""

    monday: date
    is_next: bool
    fits: tuple[Sized, ...]
    waits: tuple[Sized, ...]
    done: tuple[Activity, ...]
    hours_done: float
    room: float | None


def week_plan(on: Drawn) -> WeekPlan:
    monday = monday_of(on.today)
    sunday = on.monday + timedelta(days=6)
    room = None
    if on.plate is not None:
        room = hours_between(on, max(on.monday, on.today), sunday)[1]
    fits: list[Sized] = []
    waits: list[Sized] = []
    left = room or 0.0
    for each in sorted(on.found, key=lambda one: one.due):
        if each.due <= sunday or each.middle <= left:
            fits.append(each)
            left -= each.middle
        else:
            waits.append(each)
    done = Activity.objects.filter(
        status=Status.DONE, holder="", day__gte=monday, day__lte=on.today
    ).select_related("program")
    rows = tuple(done.order_by("day", "id"))
    hours = sum(float(row.hours or 0) for row in rows)
    return WeekPlan(
        on.monday, on.monday > monday, tuple(fits), tuple(waits[:12]), rows, hours, room
    )
