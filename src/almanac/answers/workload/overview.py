"""Workload: hours committed against the hours there are for them, and what one more would do.

Private: it rests on calendar blocks and breaks, and reaches nobody but the practitioner.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from almanac.answers.workload.free_time import PROMISED, Calendar, calendar
from almanac.answers.workload.past_work import (
    LEARNT_WEEKS,
    MOST_SHARE,
    WEEK,
    PastWork,
    capacity_of,
    past,
)
from almanac.core.vocabulary import GATHERINGS
from almanac.core.workload import estimates
from almanac.core.workload.capacity import Logged
from almanac.core.workload.commitments import SURE, Promise, WorkloadDraws
from almanac.core.workload.expert_pool import LEVELS
from almanac.record import rules
from almanac.record.infra.clock import monday_of
from almanac.record.models import Activity, Part
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from almanac.core.workload.capacity import Capacity
    from almanac.core.workload.commitments import CommitmentOutlook
    from almanac.core.workload.expert_pool import Floats
    from almanac.record.rules import Actor

AHEAD_WEEKS, BACK_WEEKS = 8, 52
DRAWN_WEEKS = 44
HAPPENINGS = frozenset({*GATHERINGS, "talk", "meeting", "stream"})
"""What is over once its day is."""
NEW = 0
"""The row of something that is only asked about."""


@dataclass(frozen=True, slots=True)
class Sized:
    """A commitment with its remaining hours as quantiles; why: what the hours rest on; steps: open ones
    with a day of their own before it is due, and their hours."""

    activity: Activity
    hours: Floats
    due: date
    why: str
    steps: tuple[tuple[date, float], ...] = ()

    @property
    def middle(self) -> float:
        return float(np.median(self.hours))

    @property
    def by_day(self) -> Iterator[tuple[date, float]]:
        """Hours of each step on its day, and what is left of the whole on the day it is due."""
        left = self.middle
        for day, hours in self.steps:
            part = min(hours, left)
            left -= part
            yield day, part
        yield self.due, left


@dataclass(frozen=True, slots=True)
class WeekAhead:
    """A calendar week: hours that become due in it (steps on their own day), the middle and 80 % range
    of the hours there are, meetings, days off, and the chance that everything due by its end is done,
    None for many."""

    monday: date
    due: float
    low: float
    holds: float
    high: float
    meetings: float
    days_off: int
    chance: float | None
    rows: tuple[Activity, ...]


@dataclass(frozen=True, slots=True)
class WeekBack:
    """A week of the past: hours done, None where nothing was written down and no break says why."""

    monday: date
    hours: float | None
    planned: float


@dataclass(frozen=True, slots=True)
class Load:
    """weeks: eight ahead; capacity, outlook: None where nothing tells the hours of a week; room: 80 %
    range and middle of the hours until the last commitment is due; unsized: commitments without hours,
    which no chance can count; undated: those without a day; overdue: those whose day is over, with
    nothing said of what became of them, and their hours."""

    today: date
    capacity: Capacity | None
    logged: Logged
    stated: float | None
    outlook: CommitmentOutlook | None
    room: tuple[float, float, float] | None
    weeks: tuple[WeekAhead, ...]
    back: tuple[WeekBack, ...]
    promises: tuple[Sized, ...]
    unsized: tuple[Activity, ...]
    undated: tuple[Activity, ...]
    overdue: tuple[Activity, ...]
    overdue_hours: float
    by_day: dict[date, float]

    @property
    def late(self) -> list[tuple[Activity, float]]:
        """Commitments that are done in time less than 85 times in 100, least sure first."""
        if self.outlook is None:
            return []
        rows = {each.activity.pk: each.activity for each in self.promises}
        found = [(rows[held.row], held.chance) for held in self.outlook.each if held.chance < SURE]
        return sorted(found, key=lambda each: each[1])

    @property
    def too_much(self) -> list[Activity]:
        """The fewest that must move or go so that the rest is done in time, by due day."""
        rows = {each.activity.pk: each.activity for each in self.promises}
        return [rows[row] for row in self.outlook.too_much] if self.outlook else []


# What is promised


@dataclass(slots=True)
class Promised:
    """One's own commitments: with hours and a day; without hours; without a day; and overdue ones.

    Overdue events take no more hours, because they are over.
    """

    found: list[Sized]
    unsized: list[Activity]
    undated: list[Activity]
    overdue: list[Activity]
    overdue_hours: float = 0.0


def promised(mine: PastWork, today: date) -> Promised:
    rows = Activity.objects.filter(status__in=PROMISED, holder="").select_related("program")
    parts: dict[int, list[Part]] = defaultdict(list)
    for part in Part.objects.filter(activity__status__in=PROMISED, activity__holder=""):
        parts[part.activity_id].append(part)
    made = Promised([], [], [], [])
    for row in rows:
        due = row.promised_for
        if due is None:
            made.undated.append(row)
            continue
        hours = hours_of(row, parts[row.pk], mine)
        if due < today:
            made.overdue.append(row)
            if hours is not None and row.kind not in HAPPENINGS:
                made.overdue_hours += float(np.median(hours[0]))
        elif hours is None:
            made.unsized.append(row)
        else:
            steps = [
                (part.day, float(part.hours))
                for part in parts[row.pk]
                if not part.done and part.hours and part.day and part.day < due
            ]
            made.found.append(Sized(row, hours[0], due, hours[1], tuple(sorted(steps))))
    return made


def hours_of(row: Activity, parts: Sequence[Part], mine: PastWork) -> tuple[Floats, str] | None:
    """Quantiles of the hours left in an activity: the estimate as such estimates went, or what
    such activities took; None where neither is known."""
    aside = sum(float(part.hours) for part in parts if part.hours is not None and not part.done)
    if row.hours_planned is not None:
        planned = float(row.hours_planned)
        spent = float(row.hours_spent or 0)
        hours = estimates.forecast(mine.history, planned + aside, category=row.kind)
        return np.maximum(
            hours - spent, 0.1 * hours
        ), "your estimate, corrected by your past estimates"
    usual = mine.kinds.get(row.kind, [])
    if len(usual) >= 3:
        taken = np.sort(np.quantile(usual[-60:], LEVELS)) + aside
        return taken, f"what a {row.get_kind_display()} usually takes you"
    if aside:
        return estimates.forecast(mine.history, aside, category=row.kind), "its parts"
    return None


def plate_of(
    found: Sequence[Sized], capacity: Capacity, known: Calendar, usual: float, mine: PastWork,
    today: date,
) -> WorkloadDraws:  # fmt: skip
    shares = [
        min(known.free(today + timedelta(days=n), 1) / usual, MOST_SHARE)
        for n in range(7 * DRAWN_WEEKS)
    ]
    made = [Promise(each.activity.pk, each.hours, days_until(each.due, today)) for each in found]
    return WorkloadDraws(made, capacity, shares, doubt=mine.history.doubt)


def days_until(due: date, today: date) -> int:
    """Days from now to the end of a day."""
    return (due - today).days + 1


@dataclass(slots=True)
class Drawn:
    """Everything the workload page and “can I?” share. capacity, plate: None where nothing tells the
    hours of a week."""

    today: date
    mine: PastWork
    known: Calendar
    capacity: Capacity | None
    usual_free: float
    promised: Promised
    plate: WorkloadDraws | None

    @property
    def found(self) -> list[Sized]:
        return self.promised.found

    @property
    def monday(self) -> date:
        """Of the week that is spoken of: the next one once no working day is left of this one."""
        monday = monday_of(self.today)
        left = range(self.today.weekday(), 7)
        return monday if any(day in self.known.work_days for day in left) else monday + WEEK


def drawn(actor: Actor) -> Drawn:
    rules.require(rules.may_read_private, actor)
    today = preferences.today()
    mine = past(today)
    known = calendar(actor, monday_of(today) - WEEK * LEARNT_WEEKS, today + WEEK * DRAWN_WEEKS)
    capacity, usual = capacity_of(mine, known, today)
    mine_ahead = promised(mine, today)
    plate = plate_of(mine_ahead.found, capacity, known, usual, mine, today) if capacity else None
    return Drawn(today, mine, known, capacity, usual, mine_ahead, plate)


def load(actor: Actor) -> Load:
    """Eight weeks ahead and a year back."""
    return load_from(drawn(actor))


def load_from(on: Drawn) -> Load:
    by_monday: dict[date, dict[int, float]] = defaultdict(dict)
    rows = {each.activity.pk: each.activity for each in on.found}
    for each in on.found:
        for day, hours in each.by_day:
            week = by_monday[max(monday_of(day), on.monday)]
            week[each.activity.pk] = week.get(each.activity.pk, 0.0) + hours
    weeks = []
    for n in range(AHEAD_WEEKS):
        monday = on.monday + WEEK * n
        mine = by_monday.get(monday, {})
        low, middle, high = hours_between(on, max(monday, on.today), monday + timedelta(days=6))
        weeks.append(
            WeekAhead(
                monday, sum(mine.values()), low, middle, high,
                sum(on.known.meetings.get(monday + timedelta(days=d), 0.0) for d in range(7)),
                on.known.days_off(monday), _chance_by(on, monday + timedelta(days=6)),
                tuple(rows[key] for key in mine),
            )
        )  # fmt: skip
    last = max((each.due for each in on.found), default=None)
    return Load(
        today=on.today,
        capacity=on.capacity,
        logged=Logged(on.known.settings["logged"]),
        stated=on.known.settings["weekly_hours"],
        outlook=on.plate.outlook() if on.plate else None,
        room=on.plate.hours_until(days_until(last, on.today)) if on.plate and last else None,
        weeks=tuple(weeks),
        back=tuple(weeks_back(on)),
        promises=tuple(sorted(on.found, key=lambda each: each.due)),
        unsized=tuple(on.promised.unsized),
        undated=tuple(on.promised.undated),
        overdue=tuple(on.promised.overdue),
        overdue_hours=on.promised.overdue_hours,
        by_day=dict(on.mine.by_day),
    )


def hours_between(on: Drawn, first: date, last: date) -> tuple[float, float, float]:
    """Hours for commitments from one day to another: 10 %, median and 90 %; nothing where nothing tells."""
    if on.plate is None:
        return 0.0, 0.0, 0.0
    return on.plate.hours_between(days_until(first, on.today) - 1, days_until(last, on.today))


def _chance_by(on: Drawn, day: date) -> float | None:
    return on.plate.chance_by(days_until(day, on.today)) if on.plate else None


def weeks_back(on: Drawn) -> list[WeekBack]:
    """The last year, oldest week first."""
    found = []
    for n in range(BACK_WEEKS, 0, -1):
        monday = monday_of(on.today) - WEEK * n
        days = [monday + timedelta(days=d) for d in range(7)]
        hours = sum(on.mine.by_day.get(day, 0.0) for day in days)
        off = on.known.days_off(monday) >= len(on.known.work_days)
        found.append(
            WeekBack(monday, hours if hours or off else None, on.mine.planned.get(monday, 0.0))
        )
    return found
