"""The log, the programs and the year: views of one record."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, F, Max, Min, Q, Sum

from almanac.answers import words
from almanac.core.vocabulary import AHEAD, GATHERINGS, Kind, Status
from almanac.record import rules
from almanac.record.models import Activity, Change, EnergyTap, Program, Quote, Tag
from almanac.record.models.programs import UNSORTED
from almanac.record.queries import activities as queries
from almanac.record.queries import preferences
from almanac.record.queries.attendance import Attendance, attendance, attendance_in
from almanac.record.queries.names import program_called
from almanac.record.queries.pages import cut

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from django.db.models import QuerySet

    from almanac.record.rules import Actor

PAGE = 50
PROGRAMS_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of activities is narrowed to; empty means all."""

    words: str = ""
    program: str = ""
    kind: str = ""
    status: str = ""
    tag: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_narrow(self) -> bool:
        return any(
            (self.words, self.program, self.kind, self.status, self.tag, self.since, self.until)
        )


@dataclass(frozen=True, slots=True)
class Page:
    """A page of activities, one more than shown telling whether there is another."""

    activities: tuple[Activity, ...]
    number: int
    more: bool


def log(actor: Actor, narrow: Filter, page: int = 1) -> Page:
    """Activities, newest first: what was done, or whatever the filter asks for."""
    rules.require(rules.may_read_record, actor)
    found = queries.filtered(
        words=narrow.words,
        program=narrow.program,
        kind=narrow.kind,
        status=narrow.status or (Status.DONE if not narrow.is_narrow else ""),
        tag=narrow.tag,
        since=narrow.since,
        until=narrow.until,
    ).order_by("-day", "-id")
    rows, more = cut(found, page, PAGE)
    return Page(rows, max(page, 1), more)


def listed(actor: Actor, narrow: Filter) -> list[Activity]:
    """Every activity the filter asks for, whatever its status, newest first; undated ones last."""
    rules.require(rules.may_read_record, actor)
    found = queries.filtered(
        words=narrow.words,
        program=narrow.program,
        kind=narrow.kind,
        status=narrow.status,
        tag=narrow.tag,
        since=narrow.since,
        until=narrow.until,
    ).prefetch_related("tags", "links")
    return list(found.order_by(F("day").desc(nulls_last=True), "-id"))


def find_activity(actor: Actor, key: int) -> Activity | None:
    rules.require(rules.may_read_record, actor)
    return queries.with_turnout().select_related("run", "retro").filter(pk=key).first()


def search_activities(actor: Actor, text: str, most: int = 10) -> list[Activity]:
    """Activities by id, file id or words of the title: what is still open, the next first, then what
    was done, the latest first."""
    rules.require(rules.may_read_record, actor)
    text = text.strip()
    rows = queries.with_turnout()
    if text.isascii() and text.isdecimal() and len(text) < 16:
        exact = rows.filter(Q(pk=int(text)) | Q(event_id=text))
        if exact:
            return list(exact[:most])
    for named in (Q(event_id=text) | Q(title__iexact=text), Q(title__icontains=text)):
        found = rows.filter(named)
        still_open = found.filter(status__in=AHEAD).order_by(F("day").asc(nulls_last=True), "pk")
        others = found.exclude(status__in=AHEAD).order_by(F("day").desc(nulls_last=True), "-pk")
        listed = [*still_open[:most], *others[:most]][:most]
        if listed:
            return listed
    return []


# Programs


@dataclass(frozen=True, slots=True)
class ProgramLine:
    """A program, and how many of its activities are done and ahead."""

    program: Program
    done: int
    ahead: int


@dataclass(frozen=True, slots=True)
class ProgramList:
    """A page of the programs, open ones first. unsorted: activities that belong to none."""

    lines: tuple[ProgramLine, ...]
    page: int
    more: bool
    unsorted: int


def programs(actor: Actor) -> list[ProgramLine]:
    """Every program, open ones first; what is unsorted belongs to none."""
    rules.require(rules.may_read_record, actor)
    return _program_lines(list(_programs()))


def program_list(actor: Actor, page: int = 1) -> ProgramList:
    rules.require(rules.may_read_record, actor)
    rows, more = cut(_programs(), page, PROGRAMS_A_PAGE)
    return ProgramList(tuple(_program_lines(list(rows))), page, more, queries.unsorted().count())


def _programs() -> QuerySet[Program]:
    return Program.objects.exclude(name=UNSORTED).order_by("closed", "name")


def _program_lines(rows: list[Program]) -> list[ProgramLine]:
    counts = queries.program_counts(rows)
    return [ProgramLine(row, *counts[row.pk]) for row in rows]


def find_program(actor: Actor, name: str) -> Program | None:
    """A program by its name or slug, whatever the case."""
    rules.require(rules.may_read_record, actor)
    return program_called(name)


def program_names(actor: Actor) -> list[tuple[str, str]]:
    """Slug and name of every open program, for lists to choose from."""
    rules.require(rules.may_read_record, actor)
    return list(Program.objects.filter(closed=False).values_list("slug", "name"))


def tag_names(actor: Actor) -> list[str]:
    rules.require(rules.may_read_record, actor)
    return list(
        Tag.objects.filter(activities__isnull=False).distinct().values_list("name", flat=True)
    )


@dataclass(frozen=True, slots=True)
class ProgramPage:
    """A program with what it came to: hours and money spent, and its events' turnout."""

    program: Program
    done: int
    hours: Decimal | None
    costs: tuple[tuple[str, Decimal], ...]
    upcoming: tuple[Activity, ...]
    overdue: tuple[Activity, ...]
    """Planned for a day that is over, with nothing said of it since."""
    history: tuple[Activity, ...]
    page: int
    more: bool
    events: tuple[Activity, ...]
    attendance: Attendance[Activity]
    quotes: tuple[Quote, ...]
    first_day: date | None
    last_day: date | None


def program_page(actor: Actor, slug: str, page: int = 1) -> ProgramPage | None:
    rules.require(rules.may_read_record, actor)
    program = Program.objects.filter(slug=slug).first()
    if program is None:
        return None
    today = preferences.today()
    mine = queries.with_turnout().filter(program=program)
    done = mine.filter(status=Status.DONE)
    sums = done.aggregate(
        number=Count("pk"), hours=Sum("hours_spent"), first=Min("day"), last=Max("day")
    )
    costs = done.exclude(cost=None).order_by("currency").values_list("currency")
    past = mine.exclude(status__in=AHEAD).order_by("-day", "-id")
    history, more = cut(past, page, PAGE)
    events = done.filter(kind__in=GATHERINGS, turnout__isnull=False).order_by("-day", "-id")[:24]
    return ProgramPage(
        program=program,
        done=sums["number"],
        hours=sums["hours"],
        costs=tuple(costs.annotate(Sum("cost"))),
        upcoming=tuple(
            mine.filter(status__in=AHEAD).exclude(day__lt=today).order_by("day", "id")[:PAGE]
        ),
        overdue=tuple(mine.filter(status__in=AHEAD, day__lt=today).order_by("day", "id")[:PAGE]),
        history=history,
        page=max(page, 1),
        more=more,
        attendance=attendance(done.filter(kind__in=GATHERINGS)),
        events=tuple(events),
        quotes=tuple(Quote.objects.filter(program=program)[:5]),
        first_day=sums["first"],
        last_day=sums["last"],
    )


# The year so far


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """What a year holds: how many of each kind, hours, money and people, each with its filter."""

    year: int
    years: tuple[int, ...]
    kinds: tuple[tuple[Kind, int, str], ...]
    total: int
    hours: Decimal | None
    hours_known: int
    costs: tuple[tuple[str, Decimal], ...]
    attendance: Attendance[int]
    quotes: int
    gave: int
    took: int

    @property
    def sentence(self) -> str:
        """“Your year so far: 31 events, 14 posts.”"""
        if not self.kinds:
            return f"Nothing logged for {self.year} yet."
        said = [text for _, _, text in self.kinds]
        return f"Your {self.year} so far: {words.joined(said)}."


def year_so_far(actor: Actor, year: int) -> YearSoFar:
    rules.require(rules.may_read_private, actor)
    rows = Activity.objects.filter(
        status=Status.DONE, day__gte=date(year, 1, 1), day__lte=date(year, 12, 31)
    )
    numbers = Counter(dict(rows.order_by().values_list("kind").annotate(Count("pk"))))
    sums = rows.aggregate(hours=Sum("hours_spent"), known=Count("hours_spent"))
    span = Activity.objects.filter(status=Status.DONE).aggregate(Min("day"), Max("day"))
    ids = set(rows.values_list("pk", flat=True))
    taps = Counter(
        gave for key, gave in EnergyTap.objects.values_list("activity_id", "gave") if key in ids
    )
    return YearSoFar(
        year=year,
        years=_years(span["day__min"], span["day__max"], year),
        kinds=tuple(
            (kind, numbers[kind], words.counted(numbers[kind], *kind.noun))
            for kind in Kind
            if numbers[kind]
        ),
        total=sum(numbers.values()),
        hours=sums["hours"],
        hours_known=sums["known"],
        costs=tuple(
            rows.exclude(cost=None)
            .order_by("currency")
            .values_list("currency")
            .annotate(Sum("cost"))
        ),
        attendance=attendance_in(rows.filter(kind__in=GATHERINGS)),
        quotes=Quote.objects.filter(day__year=year).count(),
        gave=taps[True],
        took=taps[False],
    )


def _years(first: date | None, last: date | None, shown: int) -> tuple[int, ...]:
    if first is None or last is None:
        return (shown,)
    return tuple(range(first.year, max(last.year, shown) + 1))


# What was said, and what was done to the record


def quotes(actor: Actor) -> QuerySet[Quote]:
    rules.require(rules.may_read_record, actor)
    return Quote.objects.select_related("program", "picture").defer("picture__content")


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One page of the list of changes, newest first."""

    changes: tuple[Change, ...]
    page: int
    more: bool


def changes(actor: Actor, page: int = 1) -> ChangePage:
    rules.require(rules.may_read_record, actor)
    rows, more = cut(Change.objects.order_by("-at", "-id"), page, PAGE)
    return ChangePage(rows, max(page, 1), more)


def is_empty(actor: Actor) -> bool:
    rules.require(rules.may_read_record, actor)
    return not Activity.objects.exists()


def today_for(actor: Actor) -> date:
    rules.require(rules.may_read_record, actor)
    return preferences.today()


def recent_gatherings(actor: Actor, most: int = 40) -> list[Activity]:
    """Gatherings a guest list may belong to: ahead, or lately."""
    rules.require(rules.may_read_record, actor)
    rows = queries.with_turnout().filter(kind__in=GATHERINGS, day__isnull=False)
    return list(rows.order_by("-day", "-id")[:most])


def next_among(actor: Actor, keys: list[int]) -> list[Activity]:
    """Of these activities, the next gatherings to come."""
    rules.require(rules.may_read_record, actor)
    wanted = set(keys)
    return [row for row in queries.coming_up(today_for(actor))[:200] if row.pk in wanted][:3]


def activities_called(actor: Actor, keys: Iterable[int], most: int) -> list[Activity]:
    """Activities by their keys, the latest first."""
    rules.require(rules.may_read_record, actor)
    return list(queries.with_turnout().filter(pk__in=list(keys)).order_by("-day", "-id")[:most])


def energy_of(actor: Actor, activity: Activity) -> EnergyTap | None:
    """Whether it gave or took energy, if that was noted."""
    rules.require(rules.may_read_private, actor)
    return EnergyTap.objects.filter(activity_id=activity.pk).first()


def find_change(actor: Actor, key: str) -> Change | None:
    """A line of the change log by its number, as an address or a form gives it."""
    rules.require(rules.may_read_record, actor)
    is_number = key.isascii() and key.isdecimal() and len(key) < 16
    return Change.objects.filter(pk=int(key)).first() if is_number else None
