"""A rule in words: “every Tuesday and Thursday until 30 June 2027”."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.core.recurrence import WEEKDAYS
from almanac.core.vocabulary import AHEAD
from almanac.record import rules
from almanac.record.models import Activity, Repeating
from almanac.record.queries import preferences
from almanac.record.queries.breaks import breaks_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.recurrence import Recurrence
    from almanac.record.rules import Actor

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PLACES = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}
UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_PLACED = re.compile(r"(-?\d+)(\w\w)")


def rule_said(recurrence: Recurrence) -> str:
    """The rule as it can be typed again, with its last day."""
    last = recurrence.last
    return _days_said(recurrence) + (f" until {last:%-d %B %Y}" if last else "")


def _days_said(recurrence: Recurrence) -> str:
    every = int(recurrence["INTERVAL"] or "1")
    unit = UNITS[recurrence["FREQ"]]
    named = [day for day in recurrence["BYDAY"].split(",") if day]
    spaced = f"every {every} {unit}s" if every > 1 else f"every {unit}"
    if recurrence["FREQ"] == "MONTHLY":
        return f"the {_in_month(recurrence, named)} of {spaced}"
    if recurrence["FREQ"] == "YEARLY":
        return f"{spaced} on {recurrence.first:%-d %B}"
    if not named:
        return spaced
    if named == list(WEEKDAYS[:5]) and every == 1:
        return "every weekday"
    days = words.joined([NAMES[WEEKDAYS.index(day)] for day in named])
    return f"every {days}" if every == 1 else f"{spaced} on {days}"


def _in_month(recurrence: Recurrence, named: Sequence[str]) -> str:
    placed: list[tuple[str, str]] = [
        (found[1], found[2]) for day in named if (found := _PLACED.fullmatch(day))
    ]
    if placed:
        places = words.joined([PLACES.get(place, f"{place}.") for place, _ in placed])
        return f"{places} {NAMES[WEEKDAYS.index(placed[0][1])]}"
    days = recurrence["BYMONTHDAY"] or str(recurrence.first.day)
    return words.joined([_ordinal(int(day)) for day in days.split(",")])


def _ordinal(number: int) -> str:
    ending = (
        "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{ending}"


def repeating_activities(actor: Actor) -> list[tuple[Repeating, Activity | None]]:
    """Everything that repeats, with the next occurrence of each, soonest first; None where it is over."""
    rules.require(rules.may_read_record, actor)
    ahead = Activity.objects.filter(
        day__gte=preferences.today(), status__in=AHEAD, repeating__isnull=False
    )
    soonest: dict[int | None, Activity] = {}
    for activity in ahead.order_by("day", "starts_at", "id"):
        soonest.setdefault(activity.repeating_id, activity)
    rows = Repeating.objects.select_related("program")
    found = [(each, soonest.get(each.pk)) for each in rows]
    return sorted(
        found, key=lambda pair: (pair[1] is None, pair[1].day or date.max if pair[1] else date.max)
    )


def breaks_with_occurrences(actor: Actor) -> set[int]:
    """Keys of the breaks in which something repeats that is not cancelled."""
    rules.require(rules.may_read_private, actor)
    today = preferences.today()
    days = set(
        Activity.objects.filter(
            repeating__isnull=False, status__in=AHEAD, day__gte=today
        ).values_list("day", flat=True)
    )
    ahead = breaks_between(today, date.max)
    return {
        taken.pk for taken in ahead if any(taken.first <= day <= taken.last for day in days if day)
    }


def coming_occurrences(actor: Actor, activity: Activity, most: int = 4) -> list[Activity]:
    """The next occurrences beside this one, from today on; nothing where it does not repeat."""
    rules.require(rules.may_read_record, actor)
    if activity.repeating is None:
        return []
    rows = activity.repeating.occurrences.filter(day__gte=preferences.today(), status__in=AHEAD)
    return list(rows.exclude(pk=activity.pk).order_by("day", "id")[:most])
