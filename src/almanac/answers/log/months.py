"""The calendar: one month in whole weeks."""

from __future__ import annotations

import calendar as calendars
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from almanac.record import rules
from almanac.record.queries import activities as queries

if TYPE_CHECKING:
    from almanac.record.models import Activity
    from almanac.record.rules import Actor

LONGEST_SPAN = timedelta(days=31)
"""What lasts longer stands on the first days of it."""


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    in_month: bool
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """sometime: what is only known to be in this month, or in the quarter it begins."""

    first: date
    sometime: tuple[Activity, ...]
    weeks: tuple[tuple[Day, ...], ...]
    before: date | None
    after: date | None


def month(actor: Actor, year: int, number: int) -> Month:
    """One month in whole weeks, Monday first; what lasts several days stands on each of them."""
    rules.require(rules.may_read_record, actor)
    weeks = calendars.Calendar().monthdatescalendar(year, number)
    by_day: dict[date, list[Activity]] = defaultdict(list)
    first = date(year, number, 1)
    sometime = []
    for activity in queries.between(weeks[0][0] - LONGEST_SPAN, weeks[-1][-1]):
        if activity.period:
            sometime += [activity] if activity.day == first else []
            continue
        for day in activity.days:
            by_day[day].append(activity)
    return Month(
        first=first,
        sometime=tuple(sometime),
        weeks=tuple(
            tuple(Day(day, day.month == number, tuple(by_day[day])) for day in week)
            for week in weeks
        ),
        before=first - relativedelta(months=1),
        after=first + relativedelta(months=1),
    )
