"""Months: one as a calendar in whole weeks, and a year of them by what was done."""

from __future__ import annotations

import calendar as calendars
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from almanac.core.vocabulary import EVENTS, Kind
from almanac.record import rules
from almanac.record.queries import activities as queries
from almanac.record.queries import breaks, preferences

if TYPE_CHECKING:
    from almanac.record.models import Activity, Break
    from almanac.record.rules import Actor

SORTS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("events", EVENTS),
    ("talks and conferences", (Kind.TALK, Kind.CONFERENCE)),
    ("posts, videos, podcasts", (Kind.POST, Kind.VIDEO, Kind.PODCAST)),
    ("meetings", (Kind.MEETING,)),
    ("everything else", (Kind.ENGAGEMENT, Kind.TASK, Kind.CFP)),
)
"""Kinds that a year is shown by, few enough to tell apart; each kind stands in one of them."""
LONGEST_SPAN = timedelta(days=31)
"""What lasts longer stands on the first days of it."""


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    in_month: bool
    activities: tuple[Activity, ...]
    due: tuple[Activity, ...] = ()
    """Commitments due on this day that stand on another one, or on none."""
    off: Break | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.activities or self.due or self.off)


@dataclass(frozen=True, slots=True)
class Month:
    """sometime: what is only known to be in this month, or in the quarter it begins."""

    first: date
    sometime: tuple[Activity, ...]
    weeks: tuple[tuple[Day, ...], ...]
    before: date | None
    after: date | None


def month(actor: Actor, year: int, number: int) -> Month:
    """One month in whole weeks, from the first day of a week as set, with what is due and time off; what
    lasts several days stands on each of them."""
    rules.require(rules.may_read_private, actor)
    weeks = calendars.Calendar(preferences.value("week_start")).monthdatescalendar(year, number)
    by_day: dict[date, list[Activity]] = defaultdict(list)
    first = date(year, number, 1)
    sometime = []
    for activity in queries.between(weeks[0][0] - LONGEST_SPAN, weeks[-1][-1]):
        if activity.period:
            sometime += [activity] if activity.day == first else []
            continue
        for day in activity.days:
            by_day[day].append(activity)
    span = (weeks[0][0], weeks[-1][-1])
    due_on: dict[date, list[Activity]] = defaultdict(list)
    for activity in queries.due_between(*span):
        if activity.due is not None and activity not in by_day[activity.due]:
            due_on[activity.due].append(activity)
    off = {day: taken for taken in breaks.breaks_between(*span) for day in taken.days}
    return Month(
        first=first,
        sometime=tuple(sometime),
        weeks=tuple(
            tuple(
                Day(day, day.month == number, tuple(by_day[day]), tuple(due_on[day]), off.get(day))
                for day in week
            )
            for week in weeks
        ),
        before=first - relativedelta(months=1),
        after=first + relativedelta(months=1),
    )


@dataclass(frozen=True, slots=True)
class MonthOfYear:
    """first: its first day; counts: activities done in it, by the sorts in their order."""

    first: date
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


def months_of(actor: Actor, year: int) -> tuple[MonthOfYear, ...]:
    """What was done in each month of a year, up to the last with anything in it."""
    rules.require(rules.may_read_record, actor)
    counted = queries.done_by_month(year)
    last = max((month for month, _ in counted), default=0)
    return tuple(
        MonthOfYear(
            date(year, month, 1),
            tuple(sum(counted.get((month, kind), 0) for kind in kinds) for _, kinds in SORTS),
        )
        for month in range(1, last + 1)
    )
