"""This week as a plan, if one is wanted: Monday's proposal and Friday's look back. Private."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from almanac.answers.workload.overview import weeks_back
from almanac.core.vocabulary import Status
from almanac.core.workload import commitments, throughput
from almanac.record.infra.clock import monday_of
from almanac.record.models import Activity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.answers.workload.overview import Drawn, Sized


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """Monday's proposal and Friday's look back. fits: what fits this week, earliest first; waits:
    what does not; done: what was finished since Monday; finish: 80 % range and middle of what will
    be finished of what is planned, None with too few weeks."""

    monday: date
    fits: tuple[Sized, ...]
    waits: tuple[Sized, ...]
    done: tuple[Activity, ...]
    hours_done: float
    holds: float
    finish: tuple[float, float, float] | None


def week_plan(on: Drawn) -> WeekPlan:
    monday = monday_of(on.today)
    share = on.share(on.today, 7 - (on.today - monday).days)
    # What holds 85 times in 100, so that the week is not planned to its brim.
    holds = on.plate.holds(share, sure=commitments.SURE)[0]
    fits: list[Sized] = []
    waits: list[Sized] = []
    room = holds
    for each in sorted(on.found, key=lambda one: one.due):
        urgent = each.due <= monday + timedelta(days=6)
        if urgent or each.middle <= room:
            fits.append(each)
            room -= each.middle
        else:
            waits.append(each)
    done = Activity.objects.filter(
        status=Status.DONE, holder="", day__gte=monday, day__lte=on.today
    ).select_related("program")
    rows = tuple(done.order_by("day", "id"))
    hours = sum(float(row.hours_spent or row.hours_planned or 0) for row in rows)
    return WeekPlan(
        monday, tuple(fits), tuple(waits[:12]), rows, hours, max(holds, 0.0), _finish(on, fits)
    )


def _finish(on: Drawn, fits: Sequence[Sized]) -> tuple[float, float, float] | None:
    weeks = [
        throughput.PlannedPeriod(each.planned, each.hours)
        for each in weeks_back(on)
        if each.hours and each.planned
    ]
    said = throughput.forecast(weeks, sum(each.middle for each in fits))
    if said is None:
        return None
    low, high = throughput.central(said, 0.8)
    return low, float(np.median(said)), high
