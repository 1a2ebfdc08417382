"""Activities, as every face lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from almanac.core.vocabulary import AHEAD, GATHERINGS, Status
from almanac.record.models import Activity, Part, Program
from almanac.record.models.programs import UNSORTED
from almanac.record.queries.searching import holding, searched

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime


SEARCHED = ("title", "notes", "place")
"""Texts of an activity that a search looks in."""


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
        named = list(Program.objects.filter(holding(words, ["name"])).values_list("pk", flat=True))
        held = searched("activity", words, SEARCHED)
        # An OR that is always there would keep the database from using the index of words.
        found = found.filter(held | Q(program__in=named) if named else held)
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


def done_by_month(year: int) -> dict[tuple[int, str], int]:
    """How many activities were done, by month (1 to 12) and kind."""
    rows = Activity.objects.filter(status=Status.DONE, day__year=year).order_by()
    found = rows.values_list("day__month", "kind").annotate(Count("pk"))
    return {(month, kind): number for month, kind, number in found}


def coming_up(today: date) -> QuerySet[Activity]:
    """Planned gatherings from today on, soonest first."""
    return (
        with_turnout()
        .filter(kind__in=GATHERINGS, status__in=(Status.PLANNED, Status.DOING), day__gte=today)
        .order_by("day", "starts_at", "id")
    )


def next_of_each(rows: QuerySet[Activity], until: date | None = None) -> QuerySet[Activity]:
    """Of what repeats only the next in each status, and those up to `until`; everything else as it is."""
    turn = Window(RowNumber(), ["repeating_id", "status"], ["day", "id"])
    repeated = rows.select_related(None).order_by().exclude(repeating=None).annotate(turn=turn)
    shown = Q(repeating=None) | Q(pk__in=repeated.filter(turn=1).values("pk"))
    return rows.filter(shown | Q(day__lte=until) if until else shown)


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


def due_between(first: date, last: date) -> QuerySet[Activity]:
    """One's own open commitments by the day they are due."""
    mine = Q(status__in=(Status.PLANNED, Status.DOING, Status.IDEA), holder="")
    found = Activity.objects.select_related("program").defer(*LONG)
    return found.filter(mine, due__range=(first, last)).order_by("due", "id")


def due_or_asked(first: date, last: date) -> QuerySet[Activity]:
    """One's own commitments due in these days, without what people come to, and requests that wait;
    soonest first."""
    span = (first, last)
    promised = Q(status__in=(Status.PLANNED, Status.DOING), due__isnull=True, day__range=span)
    dated = Q(status__in=(Status.PLANNED, Status.DOING, Status.IDEA), due__range=span)
    mine = Q(holder="", period="") & (promised | dated)
    return (
        with_turnout()
        .select_related("request")
        .filter(Q(status=Status.ASKED) | (mine & ~Q(kind__in=GATHERINGS)))
        .order_by(Coalesce("due", "day"), "id")
    )


def steps_between(first: date, last: date) -> QuerySet[Part]:
    """Open parts with a day of their own in these days, of what is planned or in progress."""
    return (
        Part.objects.filter(day__range=(first, last), done=False, activity__holder="")
        .filter(activity__status__in=(Status.PLANNED, Status.DOING))
        .select_related("activity")
        .order_by("day", "id")
    )


def waiting_requests() -> QuerySet[Activity]:
    """Requests without an answer, soonest due first."""
    waiting = Activity.objects.filter(status=Status.ASKED).select_related("program", "request")
    return waiting.order_by("due", "id")


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
