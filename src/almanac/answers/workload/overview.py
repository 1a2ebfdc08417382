"""Load: what is promised against what weeks really hold, and what a new promise would do to it.

Private: it rests on calendar blocks and breaks, and reaches nobody but the practitioner.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from almanac.answers.workload.free_time import PROMISED, Calendar, calendar
from almanac.core.vocabulary import GATHERINGS, Status
from almanac.core.workload import commitments, estimates
from almanac.core.workload.commitments import Capacity, Promise, WorkloadDraws
from almanac.core.workload.expert_pool import LEVELS
from almanac.record import rules
from almanac.record.infra.clock import monday_of
from almanac.record.models import Activity, Part
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.workload.commitments import CommitmentOutlook
    from almanac.core.workload.expert_pool import Floats
    from almanac.record.rules import Actor

AHEAD_WEEKS, BACK_WEEKS = 8, 52
DRAWN_WEEKS = 44
LEARNT_WEEKS = 104
USUAL_WEEKS = 13
DAY_HOURS = 8.0
MOST_BACK = 60
MOSTLY_OFF = 0.3
"""A week of which less is left says little of what a whole one holds."""
FAITHFUL = 0.8
"""From so large a share of weeks with something written down on, a silent one held nothing."""
MOST_SHARE = 1.3
"""Even an empty calendar makes no more of a week than that."""
WEEK = timedelta(days=7)
LONG_AGO = timedelta(days=30)
HAPPENINGS = frozenset({*GATHERINGS, "talk", "meeting", "stream"})
"""What is over once its day is."""
NEW = 0
"""The row of something that is only asked about."""


@dataclass(frozen=True, slots=True)
class Sized:
    """A promise with the hours still in it as quantiles; why: what the hours rest on."""

    activity: Activity
    hours: Floats
    due: date
    why: str

    @property
    def middle(self) -> float:
        return float(np.median(self.hours))


@dataclass(frozen=True, slots=True)
class WeekAhead:
    """A calendar week: hours that become due in it, the middle and 80 % range of what it holds,
    meetings, days off, and the chance that everything due by its end is done."""

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
    """weeks: eight ahead; together: the chance that all promises hold, None without any; unsized:
    promises without hours, which no chance can count; undated: those without a day; overdue: those
    whose day is over, with nothing said of what became of them."""

    today: date
    capacity: Capacity
    outlook: CommitmentOutlook
    weeks: tuple[WeekAhead, ...]
    back: tuple[WeekBack, ...]
    promises: tuple[Sized, ...]
    unsized: tuple[Activity, ...]
    undated: tuple[Activity, ...]
    overdue: tuple[Activity, ...]
    by_day: dict[date, float]
    known_weeks: int

    @property
    def late(self) -> list[tuple[Activity, float]]:
        """Promises that hold less than 85 times in 100, least sure first."""
        rows = {each.activity.pk: each.activity for each in self.promises}
        found = [
            (rows[held.row], held.chance)
            for held in self.outlook.each
            if held.chance < commitments.SURE and held.row in rows
        ]
        return sorted(found, key=lambda each: each[1])


@dataclass(slots=True)
class PastWork:
    """What one's own past says: hours done by day and week, tasks with estimate and outcome."""

    by_day: dict[date, float]
    planned: dict[date, float]
    history: estimates.EstimateHistory
    kinds: dict[str, list[float]]


def past(today: date) -> PastWork:
    """One's own done activities of two years; others' cards are not one's load."""
    rows = Activity.objects.filter(
        status=Status.DONE, holder="", day__lte=today, day__gte=today - WEEK * LEARNT_WEEKS
    ).values_list("day", "kind", "hours_planned", "hours_spent")
    by_day: dict[date, float] = defaultdict(float)
    planned: dict[date, float] = defaultdict(float)
    history = estimates.EstimateHistory()
    kinds: dict[str, list[float]] = defaultdict(list)
    for day, kind, plan, spent in rows.order_by("day", "id"):
        if day is None:
            continue
        hours = spent if spent is not None else plan
        if hours is not None:
            _spread(by_day, day, float(hours))
            kinds[kind].append(float(hours))
        if plan is not None:
            planned[monday_of(day)] += float(plan)
        if plan and spent:
            history.add(estimates.Task(float(plan), float(spent), category=kind))
    return PastWork(by_day, planned, history, kinds)


def _spread(by_day: dict[date, float], day: date, hours: float) -> None:
    """Hours of a day's work on the day it was finished, the rest on the working days before: nobody
    writes a guide of forty hours on one Friday."""
    left = hours
    for back in range(MOST_BACK):
        then = day - timedelta(days=back)
        if back and then.weekday() >= 5:
            continue
        part = (
            min(left, max(DAY_HOURS - by_day.get(then, 0.0), 0.0)) if back else min(left, DAY_HOURS)
        )
        if back == MOST_BACK - 1:
            part = left
        by_day[then] += part
        left -= part
        if left <= 0:
            return


# What weeks hold


def capacity_of(mine: PastWork, known: Calendar, today: date) -> tuple[Capacity, float, int]:
    """What a usual week holds, the free hours of a usual week, and how many weeks that rests on.

    A week in which nothing was written down says nothing where many are silent; where nearly every
    week says something it counts as one that held nothing, unless it was a break.
    """
    settings = known.settings
    first = min(mine.by_day, default=today)
    first = max(monday_of(first), monday_of(today) - WEEK * LEARNT_WEEKS)
    mondays = []
    while first < monday_of(today):
        mondays.append(first)
        first += WEEK
    usual = np.median([known.free(m) for m in mondays[-USUAL_WEEKS:]] or [known.free(today)])
    # Where the last weeks were all off, a usual week is one without blocks.
    usual_free = float(usual) if usual > DAY_HOURS else max(known.whole_week, 1.0)
    weekly = []
    for monday in mondays:
        hours = sum(mine.by_day.get(monday + timedelta(days=n), 0.0) for n in range(7))
        share = min(known.free(monday) / usual_free, MOST_SHARE)
        if share > MOSTLY_OFF:
            weekly.append(hours / share)
    said = sum(value > 0 for value in weekly)
    if said < FAITHFUL * len(weekly):
        # Where many weeks are silent, silence says nothing; else it says that nothing was done.
        weekly = [value for value in weekly if value > 0]
    return commitments.learn(weekly, float(settings["weekly_hours"])), usual_free, len(weekly)


# What is promised


@dataclass(slots=True)
class Promised:
    """One's own promises: with hours and a day; without hours; without a day; and those whose day
    is over without a word of what became of them, of which happenings take no more hours."""

    found: list[Sized]
    unsized: list[Activity]
    undated: list[Activity]
    overdue: list[Activity]


def promised(mine: PastWork, today: date) -> Promised:
    rows = Activity.objects.filter(status__in=PROMISED, holder="").select_related("program")
    parts: dict[int, list[Part]] = defaultdict(list)
    for part in Part.objects.filter(activity__status__in=PROMISED, activity__holder=""):
        parts[part.activity_id].append(part)
    made = Promised([], [], [], [])
    for row in rows:
        due = row.promised_for
        over = due is not None and due < today
        if over:
            made.overdue.append(row)
        if due is None:
            made.undated.append(row)
        elif over and (row.kind in HAPPENINGS or due < today - LONG_AGO):
            continue
        elif (hours := hours_of(row, parts[row.pk], mine)) is None:
            made.unsized.append(row)
        else:
            made.found.append(Sized(row, hours[0], due, hours[1]))
    return made


def hours_of(row: Activity, parts: Sequence[Part], mine: PastWork) -> tuple[Floats, str] | None:
    """Quantiles of the hours left in an activity: the estimate as such estimates went, or what
    such activities took; None where neither is known."""
    aside = sum(float(part.hours) for part in parts if part.hours is not None and not part.done)
    if row.hours_planned is not None:
        planned = float(row.hours_planned)
        spent = float(row.hours_spent or 0)
        hours = estimates.forecast(mine.history, planned + aside, category=row.kind)
        return np.maximum(hours - spent, 0.1 * hours), "your estimate, as such estimates went"
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
    free = [min(known.free(today + WEEK * n) / usual, MOST_SHARE) for n in range(DRAWN_WEEKS)]
    made = [
        Promise(each.activity.pk, each.hours, days_until(each.due, today), each.due < today)
        for each in found
    ]
    return WorkloadDraws(made, capacity, free, doubt=mine.history.doubt)


def days_until(due: date, today: date) -> float:
    """Days from now to the end of a day; what is late has today."""
    return float(max((due - today).days, 0) + 1)


@dataclass(slots=True)
class Drawn:
    """Everything the load page and “can I?” share."""

    today: date
    mine: PastWork
    known: Calendar
    capacity: Capacity
    usual_free: float
    weeks: int
    promised: Promised
    plate: WorkloadDraws

    @property
    def found(self) -> list[Sized]:
        return self.promised.found

    def share(self, first: date, days: int = 7) -> float:
        """How much of a usual week a stretch of days holds."""
        return min(self.known.free(first, days) / self.usual_free, MOST_SHARE)


def drawn(actor: Actor) -> Drawn:
    rules.require(rules.may_read_private, actor)
    today = preferences.today()
    mine = past(today)
    known = calendar(actor, monday_of(today) - WEEK * LEARNT_WEEKS, today + WEEK * DRAWN_WEEKS)
    capacity, usual, weeks = capacity_of(mine, known, today)
    mine_ahead = promised(mine, today)
    plate = plate_of(mine_ahead.found, capacity, known, usual, mine, today)
    return Drawn(today, mine, known, capacity, usual, weeks, mine_ahead, plate)


def load(actor: Actor) -> Load:
    """Eight weeks ahead and a year back."""
    return load_from(drawn(actor))


def load_from(on: Drawn) -> Load:
    by_monday: dict[date, list[Sized]] = defaultdict(list)
    for each in on.found:
        by_monday[monday_of(max(each.due, on.today))].append(each)
    chances = on.plate.chances_by([
        days_until(monday_of(on.today) + WEEK * n + timedelta(days=6), on.today)
        for n in range(AHEAD_WEEKS)
    ])  # fmt: skip
    weeks = []
    for n in range(AHEAD_WEEKS):
        monday = monday_of(on.today) + WEEK * n
        first = max(monday, on.today)
        share = on.share(first, 7 - (first - monday).days)
        low, middle, high = on.plate.holds(share)
        mine = by_monday.get(monday, [])
        weeks.append(
            WeekAhead(
                monday, sum(each.middle for each in mine), low, middle, high,
                sum(on.known.meetings.get(monday + timedelta(days=d), 0.0) for d in range(7)),
                on.known.days_off(monday), chances[n], tuple(each.activity for each in mine),
            )
        )  # fmt: skip
    return Load(
        on.today, on.capacity, on.plate.outlook(), tuple(weeks), tuple(weeks_back(on)),
        tuple(sorted(on.found, key=lambda each: each.due)), tuple(on.promised.unsized), tuple(on.promised.undated),
        tuple(on.promised.overdue),
        dict(on.mine.by_day), on.weeks,
    )  # fmt: skip


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
