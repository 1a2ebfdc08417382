"""One's own past: hours done by day, how much was planned, and the hours a week has after all. Private."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from almanac.core.vocabulary import Status
from almanac.core.workload import capacity as capacities
from almanac.core.workload import estimates
from almanac.core.workload.capacity import Logged, LoggedWeek
from almanac.core.workload.spreading import DAY_HOURS, spread
from almanac.record.infra.clock import monday_of
from almanac.record.models import Activity
from almanac.record.queries import preferences
from almanac.record.queries.versions import record_version, remembered

if TYPE_CHECKING:
    from almanac.answers.workload.free_time import Calendar
    from almanac.core.workload.capacity import Capacity

WEEK = timedelta(days=7)
LEARNT_WEEKS = 104
USUAL_WEEKS = 13
MOSTLY_OFF = 0.3
"""A week of which less is left says little of what a whole one holds."""
FAITHFUL = 0.8
"""From so large a share of weeks with something written down on, a silent one held nothing."""
MOST_SHARE = 1.3
"""Even an empty calendar makes no more of a week than that."""
PLANS_AT_ALL = 0.1
"""From so large a share of hours planned ahead on, the rest are known to be unplanned."""


@dataclass(slots=True)
class PastWork:
    """What one's own past says: hours noted by day, and with the planned hours of what is done without any
    noted; those never planned; hours planned by week; tasks with estimate and outcome; hours by kind."""

    by_day: dict[date, float]
    worked: dict[date, float]
    unplanned: dict[date, float]
    planned: dict[date, float]
    history: estimates.EstimateHistory
    kinds: dict[str, list[float]]


@remembered(record_version)
def past(today: date) -> PastWork:
    """One's own done activities of two years; others' cards are not one's load."""
    rows = Activity.objects.filter(
        status=Status.DONE, holder="", day__lte=today, day__gte=today - WEEK * LEARNT_WEEKS
    ).values_list("day", "kind", "hours_planned", "hours_spent", "created_at")
    zone = preferences.zone()
    mine = PastWork(
        defaultdict(float), defaultdict(float), defaultdict(float), defaultdict(float),
        estimates.EstimateHistory(), defaultdict(list),
    )  # fmt: skip
    for day, kind, plan, spent, created in rows.order_by("day", "id"):
        if day is None:
            continue
        hours = spent if spent is not None else plan
        if hours is not None:
            parts = spread(mine.worked, day, float(hours))
            mine.kinds[kind].append(float(hours))
            if spent is not None:
                spread(mine.by_day, day, float(spent))
            if plan is None and created.astimezone(zone).date() >= day:
                for then, part in parts.items():
                    mine.unplanned[then] += part
        if plan is not None:
            mine.planned[monday_of(day)] += float(plan)
        if plan and spent:
            mine.history.add(estimates.Task(float(plan), float(spent), category=kind))
    return mine


def capacity_of(mine: PastWork, known: Calendar, today: date) -> tuple[Capacity | None, float]:
    """The hours of a week for commitments, None where nothing tells them, and the free hours of a
    usual week.

    A week in which nothing was logged says nothing where many are silent; where nearly every week says
    something it counts as one without any, unless it was a break.
    """
    begun = max(min(mine.worked, default=today), monday_of(today) - WEEK * LEARNT_WEEKS)
    mondays = []
    first = monday_of(begun)
    while first < monday_of(today):
        mondays.append(first)
        first += WEEK
    usual = np.median([known.free(m) for m in mondays[-USUAL_WEEKS:]] or [known.free(today)])
    # Where the last weeks were all off, a usual week is one without blocks.
    usual_free = float(usual) if usual > DAY_HOURS else max(known.whole_week, 1.0)
    hours, unplanned = sum(mine.worked.values()), sum(mine.unplanned.values())
    plans = hours > 0 and unplanned <= (1 - PLANS_AT_ALL) * hours
    weekly = []
    for monday in mondays:
        # The first week began on the day of the first line, and not before.
        first = max(monday, begun)
        days = [first + timedelta(days=n) for n in range(7 - (first - monday).days)]
        share = min(known.free(first, len(days)) / usual_free, MOST_SHARE)
        if share <= MOSTLY_OFF:
            continue
        done = sum(mine.worked.get(day, 0.0) for day in days)
        beside = sum(mine.unplanned.get(day, 0.0) for day in days)
        told = beside / done if done and plans else None
        weekly.append(LoggedWeek(done / share, told))
    said = sum(week.hours > 0 for week in weekly)
    if said < FAITHFUL * len(weekly):
        # Where many weeks are silent, silence says nothing; else it says that nothing was done.
        weekly = [week for week in weekly if week.hours > 0]
    stated, logged = known.settings["weekly_hours"], Logged(known.settings["logged"])
    return capacities.learn(weekly, stated, logged), usual_free
