"""Activities, as every face lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from almanac.core.vocabulary import AHEAD, GATHERINGS, Status
from almanac.record.models import Activity, Program
from almanac.record.models.programs import UNSORTED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime


def with_turnout() -> QuerySet[Activity]:
    return Activity.objects.select_related("program", "turnout")


def filtered(
    *,
    words: str = "",
    program: str = "",
    kind: str = "",
    status: str = "",
    tag: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Activity]:
    found = with_turnout()
    if words:
        found = found.filter(Q(title__icontains=words) | Q(notes__icontains=words))
    if program:
        found = found.filter(program__slug=program)
    if kind:
        found = found.filter(kind=kind)
    if status:
        found = found.filter(status=status)
    if tag:
        found = found.filter(tags__name=tag)
    if since:
        found = found.filter(day__gte=since)
    if until:
        found = found.filter(day__lte=until)
    return found


def log() -> QuerySet[Activity]:
    """What was done, newest first."""
    return with_turnout().filter(status=Status.DONE).order_by("-day", "-id")


def coming_up(today: date) -> QuerySet[Activity]:
    """Planned gatherings from today on, soonest first."""
    return (
        with_turnout()
        .filter(kind__in=GATHERINGS, status__in=(Status.PLANNED, Status.DOING), day__gte=today)
        .order_by("day", "starts_at", "id")
    )


def ahead() -> QuerySet[Activity]:
    return with_turnout().filter(status__in=AHEAD).order_by("day", "id")


LONG = ("notes", "line", "not_understood", "reach")
"""Fields that no list shows, and that cost the most to read."""


def between(first: date, last: date) -> QuerySet[Activity]:
    return (
        Activity.objects.select_related("program")
        .defer(*LONG)
        .filter(day__gte=first, day__lte=last)
        .exclude(status__in=(Status.DROPPED, Status.DECLINED))
        .order_by("day", "starts_at", "id")
    )


def awaiting_outcome(earliest: date, now: datetime, today: date) -> QuerySet[Activity]:
    """Gatherings that have happened lately and whose attendance nobody has declared."""
    happened = Q(starts_at__lte=now) | Q(starts_at__isnull=True, day__lt=today)
    undeclared = Q(turnout__isnull=True) | Q(turnout__attended_evidence="")
    return (
        with_turnout()
        .filter(happened, undeclared, kind__in=GATHERINGS, day__gte=earliest)
        .filter(status__in=(Status.PLANNED, Status.DOING, Status.DONE))
        .order_by("-day", "-id")
    )


def program_counts(programs: Iterable[Program]) -> dict[int, tuple[int, int]]:
    """Of each of these programs by key: activities done, and ahead."""
    keys = [program.pk for program in programs]
    rows = Activity.objects.order_by().filter(program_id__in=keys).values("program_id")
    counts = rows.annotate(
        done=Count("pk", filter=Q(status=Status.DONE)),
        ahead=Count("pk", filter=Q(status__in=AHEAD)),
    )
    found = {row["program_id"]: (row["done"], row["ahead"]) for row in counts}
    return {key: found.get(key, (0, 0)) for key in keys}


def unsorted() -> QuerySet[Activity]:
    """What has not been filed under a program."""
    return with_turnout().filter(program__name=UNSORTED)
