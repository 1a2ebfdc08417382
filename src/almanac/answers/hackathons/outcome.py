"""What became of a hackathon: what was expected beside what came, its projects and their use, what it cost;
and whether it was worth it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.hackathons.worth import STAGES, comparable, money_of, uses_of, usual_hours
from almanac.answers.metrics.working import hours_with_preparation
from almanac.answers.turnout.expectation import prospect
from almanac.core.vocabulary import Kind, Stage, Status
from almanac.record import rules
from almanac.record.models import Activity, Feedback, Project
from almanac.record.queries import preferences
from almanac.record.queries.versions import record_version, remembered

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.rules import Actor

AFTER = {"used_30": timedelta(days=30), "used_90": timedelta(days=90)}
NAMES = {
    "used": "Projects that used the product",
    "used_30": "Projects that still used it after 30 days",
    "used_90": "Projects that still used it after 90 days",
}


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One stage: what was expected (empty where nothing was) and what came (None: not known); least: of
    what is known in part."""

    name: str
    expected: str
    came: int | None
    hours: str
    money: str
    least: int = 0

    @property
    def told(self) -> str:
        """“5”, “at least 5”, “not known”."""
        if self.came is not None:
            return words.number(self.came)
        return f"at least {self.least:,}" if self.least else "not known"


@dataclass(frozen=True, slots=True)
class HackathonOutcome:
    """uses: projects using the product, then and later; asks: which of these counts is due and missing."""

    activity: Activity
    rows: tuple[OutcomeRow, ...]
    projects: tuple[Project, ...]
    uses: dict[str, int | None]
    asks: tuple[str, ...]
    sentence: str


def outcome(actor: Actor, activity: Activity) -> HackathonOutcome:
    rules.require(rules.may_read_private, actor)
    seen = prospect(actor, activity)
    uses = uses_of(activity)
    projects = tuple(Project.objects.filter(activity=activity))
    counts = {each.stage: each.observed for each in seen.outcomes}
    hours = hours_with_preparation(actor, activity)
    cost = money_of(activity, getattr(activity, "hackathon", None))
    rows = [
        OutcomeRow(
            name,
            words.span(*seen.latest[stage].counts.interval(0.8))  # type: ignore[union-attr]
            if seen.latest is not None and seen.latest[stage].counts is not None
            else "",
            counts.get(stage), *_each(hours, cost, activity.currency, counts.get(stage)),
        )
        for stage, name in STAGES
    ]  # fmt: skip
    rows += [
        OutcomeRow(
            name, "", uses[field], *_each(hours, cost, activity.currency, uses[field]),
            sum(getattr(project, field) is True for project in projects),
        )
        for field, name in NAMES.items()
    ]  # fmt: skip
    return HackathonOutcome(
        activity, tuple(rows), projects, uses, _asks(activity, uses, counts.get(Stage.SUBMISSIONS)),
        _sentence(actor, activity, counts, hours, _used_said(projects, uses)),
    )  # fmt: skip


def _each(
    hours: float | None, cost: float | None, currency: str, number: int | None
) -> tuple[str, str]:
    if not number:
        return "", ""
    return (
        f"{hours / number:,.2g} h" if hours else "",
        f"{cost / number:,.0f} {currency}".strip() if cost else "",
    )


def _asks(
    activity: Activity, uses: dict[str, int | None], handed_in: int | None
) -> tuple[str, ...]:
    """Counts of use that are due: at once, after 30 and after 90 days; each asked once, until it is said."""
    if activity.day is None or activity.status != Status.DONE or not handed_in:
        return ()
    today: date = preferences.today()
    due = ["used"]
    due += [field for field, after in AFTER.items() if today >= activity.day + after]
    return tuple(field for field in due if uses[field] is None and uses["used"] != 0)


ASKED_FOR = timedelta(days=180)
"""A hackathon further back is not asked about any more."""


@remembered(record_version, most=4)
def uses_due(actor: Actor, day: date) -> tuple[tuple[Activity, str], ...]:
    """Hackathons of which it is time to say how many projects use the product, and the count that is asked
    for: the first that is missing, once each."""
    rules.require(rules.may_read_private, actor)
    rows = Activity.objects.filter(
        kind=Kind.HACKATHON, status=Status.DONE, day__gte=day - ASKED_FOR, day__lte=day, turnout__submissions__gt=0
    )  # fmt: skip
    rows = rows.select_related("turnout", "hackathon", "program").order_by("-day", "-pk")
    return tuple(
        (row, asks[0])
        for row in rows[:10]
        if (asks := _asks(row, uses_of(row), row.turnout.submissions))
    )


def _sentence(
    actor: Actor,
    activity: Activity,
    counts: dict[Stage, int | None],
    hours: float | None,
    used: str,
) -> str:
    """“23 came and 6 projects were handed in for 66 h: 2.9 h per person, beside 1.4 h in Small groups. 3 of
    the projects used the product, 1 still did after 90 days.”"""
    came, handed = counts.get(Stage.ATTENDED), counts.get(Stage.SUBMISSIONS)
    if came is None and handed is None:
        return "Can’t say whether it was worth it: nobody counted who came or what was handed in."
    parts = [f"{came:,} came"] if came is not None else []
    if handed is not None:
        parts.append(f"{words.counted(handed, 'project was', 'projects were')} handed in")
    said = words.joined(parts)
    if hours and came:
        more = " with preparation" if hours > float(activity.hours_spent or 0) else ""
        said += f" for {hours:,.3g} h{more}: {hours / came:,.2g} h per person"
        said += _beside(actor, activity, hours / came)
    said += "."
    return f"{said} {used}"


def _used_said(projects: tuple[Project, ...], uses: dict[str, int | None]) -> str:
    """“5 projects used the product; of 1 it is not known. At least 2 still did after 30 days.”"""
    used = uses["used"]
    flags = [project.used for project in projects]
    if used is None and not flags.count(True):
        return "How many projects used the product is not known yet."
    later = _later(projects, uses) if used != 0 else ""
    if used is None:
        said = f"{words.counted(flags.count(True), 'project', 'projects')} used the product"
        said += f"; of {flags.count(None):,} it is not known."
        return f"{said} {later.capitalize()}." if later else said
    said = f"{words.counted(used, 'project', 'projects')} used the product"
    return f"{said}, and {later}." if later else f"{said}."


def _later(projects: tuple[Project, ...], uses: dict[str, int | None]) -> str:
    """How many still did, at the latest time of which anything is known."""
    for field, days in (("used_90", 90), ("used_30", 30)):
        number = uses[field]
        if number is not None:
            return f"{number:,} still did after {days} days"
        if least := sum(getattr(project, field) is True for project in projects):
            return f"at least {least:,} still did after {days} days"
    return ""


MOST_TOLD = 12
"""Past hackathons whose outcome a list tells; each has it on its own page."""
ALIKE = 1.15
"""Hours per person that differ by less than this factor are about the same."""


def _beside(actor: Actor, activity: Activity, each: float) -> str:
    """Whether it was worth its hours, beside the other programs in which people do something."""
    others = [
        (hours, work.program.name)
        for work, mine in comparable(actor, activity)
        if (hours := usual_hours(mine)) is not None
    ]
    if not others:
        return ""
    least, name = min(others)
    beside = f", beside {least:,.2g} h in {name}"
    if each > least * ALIKE:
        return f"{beside}. By its hours it was not worth it"
    return (
        f"{beside}. By its hours it was worth it"
        if each < least / ALIKE
        else f"{beside}: about the same"
    )


def hackathons(actor: Actor) -> list[tuple[Activity, HackathonOutcome | None]]:
    """Every hackathon: those ahead first, then past ones with what became of them, the latest first."""
    rules.require(rules.may_read_private, actor)
    rows = Activity.objects.filter(kind=Kind.HACKATHON).exclude(
        status__in=(Status.DECLINED, Status.DROPPED)
    )
    rows = rows.select_related("turnout", "program", "hackathon")
    ahead = [row for row in rows.order_by("day", "pk") if row.status != Status.DONE]
    done = list(rows.filter(status=Status.DONE).order_by("-day", "-pk"))
    return [
        *((row, None) for row in ahead),
        *((row, outcome(actor, row)) for row in done[:MOST_TOLD]),
        *((row, None) for row in done[MOST_TOLD:]),
    ]


def heard_at(actor: Actor, activity: Activity) -> list[Feedback]:
    """What was heard there, and what became of it."""
    rules.require(rules.may_read_private, actor)
    return list(Feedback.objects.filter(activity=activity))


def find_project(actor: Actor, activity: Activity, key: int) -> Project | None:
    rules.require(rules.may_read_private, actor)
    return Project.objects.filter(activity=activity, pk=key).first()
