"""When one is free: meetings, breaks and days away against working hours. Private."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from almanac.record import rules
from almanac.record.models import Break, Busy, Part, Status
from almanac.record.queries import preferences, private
from almanac.record.rules import Actor

PROMISED = (Status.PLANNED, Status.DOING)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass(slots=True)
class Calendar:
    """Meetings and days off, in local days. meetings: hours by day."""

    settings: dict[str, Any]
    meetings: dict[date, float]
    off: set[date]
    away: dict[date, float]
    """Working days taken by travel, recovery and the like, by the day they begin."""

    @property
    def work_days(self) -> set[int]:
        return set(self.settings["work_days"])

    def free(self, first: date, days: int = 7) -> float:
        """Hours of a stretch of days beside meetings, breaks and days away."""
        begins, ends = private.working_hours(self.settings)
        length = (
            datetime.combine(first, ends) - datetime.combine(first, begins)
        ).total_seconds() / 3600
        hours = 0.0
        for step in range(days):
            day = first + timedelta(days=step)
            if day.weekday() in self.work_days and day not in self.off:
                hours += max(length - self.meetings.get(day, 0.0), 0.0)
        away = sum(self.away.get(first + timedelta(days=step), 0.0) for step in range(days))
        return max(hours - away * length, 0.0)

    def days_off(self, first: date) -> int:
        week = [first + timedelta(days=step) for step in range(7)]
        return sum(day in self.off and day.weekday() in self.work_days for day in week)


def calendar(actor: Actor, first: date, last: date) -> Calendar:
    """What is known of a stretch of time from calendars, breaks and parts of activities."""
    rules.require(rules.may_read_private, actor)
    zone = preferences.zone()
    begin = datetime.combine(first, time(0, 0), zone).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(0, 0), zone).astimezone(UTC)
    meetings: dict[date, float] = defaultdict(float)
    off: set[date] = set()
    blocks = Busy.objects.filter(starts_at__lt=end, ends_at__gt=begin)
    for starts, ends, kind in blocks.values_list("starts_at", "ends_at", "kind"):
        local, until = starts.astimezone(zone), ends.astimezone(zone)
        if kind == "off":
            day = local.date()
            while day < until.date() or (day == until.date() and until.time() > time(0, 0)):
                off.add(day)
                day += timedelta(days=1)
        elif kind == "meeting":
            meetings[local.date()] += (ends - starts).total_seconds() / 3600
    for taken in Break.objects.filter(first__lte=last, last__gte=first):
        off |= {taken.first + timedelta(days=n) for n in range((taken.last - taken.first).days + 1)}
    away: dict[date, float] = defaultdict(float)
    parts = Part.objects.filter(
        days__isnull=False, hours__isnull=True, done=False,
        activity__status__in=PROMISED, activity__holder="",
    ).select_related("activity")  # fmt: skip
    for part in parts:
        on = part.day or part.activity.promised_for
        if on is not None:
            away[on] += float(part.days or 0)
    return Calendar(private.everything(), meetings, off, away)
