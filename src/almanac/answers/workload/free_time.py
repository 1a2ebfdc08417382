"""When one is free: meetings, breaks and days away against working hours. Private."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from almanac.core.vocabulary import Status
from almanac.record import rules
from almanac.record.models import Busy, BusyKind, Part
from almanac.record.queries import preferences, private
from almanac.record.queries.breaks import breaks_between
from almanac.record.queries.versions import private_version, remembered
from almanac.record.rules import Actor

PROMISED = (Status.PLANNED, Status.DOING)


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

    @property
    def whole_week(self) -> float:
        """Hours of a working week without a meeting or a day off."""
        begins, ends = private.working_hours(self.settings)
        day = datetime.combine(date(2000, 1, 3), ends) - datetime.combine(date(2000, 1, 3), begins)
        return len(self.work_days) * day.total_seconds() / 3600

    def days_off(self, first: date) -> int:
        week = [first + timedelta(days=step) for step in range(7)]
        return sum(day in self.off and day.weekday() in self.work_days for day in week)


def calendar(actor: Actor, first: date, last: date) -> Calendar:
    """What is known of a stretch of time from calendars, breaks and parts of activities."""
    rules.require(rules.may_read_private, actor)
    zone = preferences.zone()
    begin = datetime.combine(first, time(0, 0), zone).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(0, 0), zone).astimezone(UTC)
    meetings, blocked = _blocks(begin, end)
    off = set(blocked)
    for taken in breaks_between(first, last):
        off |= set(taken.days)
    mine = private.everything()
    work_days = set(mine["work_days"])
    away: dict[date, float] = defaultdict(float)
    parts = Part.objects.filter(
        days__isnull=False, hours__isnull=True, done=False,
        activity__status__in=PROMISED, activity__holder="",
    ).select_related("activity")  # fmt: skip
    for part in parts:
        on = part.day or part.activity.promised_for
        left = float(part.days or 0)
        while on is not None and left > 0 and on <= last:
            # Longer than a day, it takes the working days that follow.
            if on.weekday() in work_days:
                away[on] += min(left, 1.0)
                left -= 1.0
            on += timedelta(days=1)
    return Calendar(mine, meetings, off, away)


def _blocks(begin: datetime, end: datetime) -> tuple[dict[date, float], frozenset[date]]:
    """Hours in meetings by local day, each hour once where meetings overlap, and days off.

    Kept in memory until the private file changes: five years of calendar take a tenth of a second.
    """
    return _counted(begin, end, preferences.zone())


@remembered(private_version)
def _counted(
    begin: datetime, end: datetime, zone: tzinfo
) -> tuple[dict[date, float], frozenset[date]]:
    meetings: dict[date, float] = defaultdict(float)
    off: set[date] = set()
    busy_until = begin
    rows = Busy.objects.filter(starts_at__lt=end, ends_at__gt=begin).order_by("starts_at")
    for starts, ends, kind in rows.values_list("starts_at", "ends_at", "kind"):
        local = starts.astimezone(zone)
        if kind == BusyKind.OFF:
            day, last = local.date(), ends.astimezone(zone)
            while day < last.date() or (day == last.date() and last.time() > time(0, 0)):
                off.add(day)
                day += timedelta(days=1)
        elif kind == BusyKind.MEETING:
            fresh = max(starts, busy_until)
            busy_until = max(busy_until, ends)
            while fresh < ends:
                day = fresh.astimezone(zone).date()
                midnight = datetime.combine(day + timedelta(days=1), time(0, 0), zone)
                until = min(ends, midnight.astimezone(UTC))
                meetings[day] += (until - fresh).total_seconds() / 3600
                fresh = until
    return dict(meetings), frozenset(off)
