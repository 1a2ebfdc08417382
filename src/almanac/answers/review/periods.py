"""Periods as people name them: 2022, 2022-Q3, 2022-05, or a range of days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from almanac.answers.errors import CannotAnswerError
from almanac.core.vocabulary import Status
from almanac.record import rules
from almanac.record.models import Activity
from almanac.record.queries.versions import record_version, remembered

if TYPE_CHECKING:
    from almanac.record.rules import Actor

_NAME = re.compile(r"([0-9]{4})(?:-(?:[Qq]([1-4])|([0-9]{2})))?")
_WEEK = re.compile(r"([0-9]{4})-[Ww]([0-9]{1,2})")
_RANGE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.\.|/)([0-9]{4}-[0-9]{2}-[0-9]{2})")
FIRST_YEAR, LAST_YEAR = 1970, 2100


@dataclass(frozen=True, slots=True)
class Period:
    """name: as `review` takes it; title: as a heading reads it."""

    name: str
    title: str
    first: date
    last: date

    @property
    def noun(self) -> str:
        if "-W" in self.name:
            return "week"
        kinds = {4: "year", 7: "quarter" if "Q" in self.name else "month"}
        return kinds.get(len(self.name), "time")


def period(text: str) -> Period:
    """Raises CannotAnswerError with one sentence where it is no period."""
    text = text.strip()
    found = _RANGE.fullmatch(text)
    try:
        if found:
            first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
            if first > last:
                raise CannotAnswerError(f"{text} ends before it begins.")
            title = f"{first:%-d %B %Y} to {last:%-d %B %Y}"
            return Period(f"{first}..{last}", title, first, last)
        week = _WEEK.fullmatch(text)
        if week and FIRST_YEAR <= int(week[1]) <= LAST_YEAR:
            monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return week_of(monday)
        named = _NAME.fullmatch(text)
        if named is None or not FIRST_YEAR <= int(named[1]) <= LAST_YEAR:
            raise CannotAnswerError(
                f"“{text[:40]}” is not a period; write 2022, 2022-Q3, 2022-05, 2022-W18 or "
                "2022-03-01..2022-06-30."
            )
        year = int(named[1])
        if named[2]:
            start = date(year, 3 * int(named[2]) - 2, 1)
            return Period(
                f"{year}-Q{named[2]}",
                f"{_ORDER[int(named[2])]} quarter of {year}",
                start,
                _end(start, 3),
            )
        if named[3]:
            start = date(year, int(named[3]), 1)
            return Period(text, f"{start:%B %Y}", start, _end(start, 1))
    except ValueError as error:
        raise CannotAnswerError(f"“{text[:40]}” holds a day that does not exist.") from error
    return Period(text, text, date(year, 1, 1), date(year, 12, 31))


def week_of(day: date) -> Period:
    """The calendar week that holds a day."""
    monday = day - timedelta(days=day.weekday())
    year, number, _ = monday.isocalendar()
    return Period(
        f"{year}-W{number:02d}", f"Week of {monday:%-d %B %Y}", monday, monday + timedelta(days=6)
    )


_ORDER = {1: "First", 2: "Second", 3: "Third", 4: "Fourth"}


def _end(start: date, months: int) -> date:
    return start + relativedelta(months=months, days=-1)


@remembered(record_version)
def years(actor: Actor) -> list[str]:
    """The years in which something was done, oldest first."""
    rules.require(rules.may_read_record, actor)
    done = Activity.objects.filter(status=Status.DONE, day__isnull=False)
    found = done.order_by("day__year").values_list("day__year", flat=True).distinct()
    return [str(year) for year in found]
