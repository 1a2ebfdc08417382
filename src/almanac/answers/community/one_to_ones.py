"""1:1s: how many are asked for, the hours one offers, and what one answers when they are gone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from almanac.answers import words
from almanac.core.vocabulary import Kind, Status
from almanac.record import rules
from almanac.record.infra.clock import monday_of
from almanac.record.models import Activity, Request
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.rules import Actor

ONE_TO_ONE = r"1:1|1-1|1on1|one[- ]on[- ]one"
KINDS = (Kind.MEETING, Kind.ENGAGEMENT)
TAKEN = (Status.PLANNED, Status.DOING, Status.DONE)
MONTHS = 6
USUAL_HOURS = 1.0
"""What a 1:1 takes where nobody said."""


@dataclass(frozen=True, slots=True)
class OneToOnes:
    """months: the first day of each, with how many were asked for, the oldest first; offered: hours a
    week, None where none are set; taken: of this week; reply: what one answers when none are left."""

    months: tuple[tuple[date, int], ...]
    unanswered: int
    offered: float | None
    taken: float
    reply: str

    @property
    def is_full(self) -> bool:
        return self.offered is not None and self.taken >= self.offered

    @property
    def sentence(self) -> str:
        """“You offer 2 h a week for 1:1s; this week 1.5 h are taken.”"""
        if self.offered is None:
            return ""
        taken = f"{self.taken:g} h {'is' if self.taken == 1 else 'are'} taken"
        left = "; none are left" if self.is_full else ""
        return f"You offer {self.offered:g} h a week for 1:1s; this week {taken}{left}."

    @property
    def asked(self) -> str:
        """“5 were asked for this month, 3 last month.”"""
        this, last = self.months[-1][1], self.months[-2][1]
        return f"{words.counted(this, 'was', 'were')} asked for this month, {last:,} last month."


def one_to_ones(actor: Actor) -> OneToOnes:
    """Requests for a meeting or a conversation, by month; and this week's hours."""
    rules.require(rules.may_read_private, actor)
    today = preferences.today()
    months = _months(today)
    rows = Request.objects.filter(activity__kind__in=KINDS)
    days = list(rows.filter(asked_on__gte=months[0]).values_list("asked_on", flat=True))
    # One that was written down as asked for in the log has no request of its own until it is answered.
    logged = Activity.objects.filter(kind__in=KINDS, status=Status.ASKED, request__isnull=True)
    days += [preferences.day_of(made) for made in logged.values_list("created_at", flat=True)]
    asked = Counter(day.replace(day=1) for day in days)
    monday = monday_of(today)
    week = Q(day__gte=monday, day__lt=monday + timedelta(days=7))
    # What was said yes to and has no day yet takes hours of the week in which it was said.
    week |= Q(
        day__isnull=True, request__answered_on__gte=monday, request__answered_on__lt=monday + timedelta(days=7)
    )  # fmt: skip
    taken = Activity.objects.filter(week, kind__in=KINDS, status__in=TAKEN).filter(
        Q(request__isnull=False) | Q(title__iregex=ONE_TO_ONE)
    )
    return OneToOnes(
        tuple((month, asked[month]) for month in months),
        rows.filter(answer="", activity__status=Status.ASKED).count() + logged.count(),
        preferences.value("one_to_one_hours") or None,
        sum(USUAL_HOURS if activity.hours is None else float(activity.hours) for activity in taken),
        preferences.value("one_to_one_reply"),
    )


def _months(today: date) -> list[date]:
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]
