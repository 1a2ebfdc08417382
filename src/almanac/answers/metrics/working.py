"""Are the things we do working? Program by program: what it is for, what went in, what came out.

A verdict is one of working, not working, can't tell, with the reasons that led to it; never a score.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.metrics import targets
from almanac.core.metrics.recent_shift import LEAST, recent_shift
from almanac.core.metrics.target_chance import Course
from almanac.core.vocabulary import EVENTS, GATHERINGS, MEASURED, Kind, Status
from almanac.record import rules
from almanac.record.models import Activity, EnergyTap, Program, Quote, Sort, WorthIt
from almanac.record.queries import preferences
from almanac.record.queries.versions import private_version, record_version, remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from almanac.record.rules import Actor

YEAR = timedelta(days=365)
ENOUGH_RATED = 3
MAJORITY = 2 / 3


class Working(StrEnum):
    WORKING = "working"
    NOT = "not working"
    UNKNOWN = "can’t tell"


@dataclass(frozen=True, slots=True)
class Effort:
    """One finished activity, as far as this page needs it; came and submissions None: not counted."""

    pk: int
    kind: str
    day: date
    title: str
    hours: Decimal | None
    cost: Decimal | None
    currency: str
    came: int | None
    submissions: int | None
    worth: str


@dataclass(frozen=True, slots=True)
class PerResult:
    """What one result took. low, high: the extremes over single events, None where there are not two.

    one: its name, such as “person who came”; number: how many of them; events: of single events, the hours
    since the one before and how many results.
    """

    one: str
    number: int
    hours: float | None
    low: float | None
    high: float | None
    costs: tuple[tuple[str, Decimal], ...]
    events: tuple[tuple[float, int], ...] = ()

    @property
    def sentence(self) -> str:
        """“0.9 h and 12.40 USD per person who came (0.5 to 2.1 h at single events).”"""
        parts = [f"{self.hours:,.2g} h"] if self.hours is not None else []
        parts += [f"{cost:,.2f} {currency}".strip() for currency, cost in self.costs]
        if not parts:
            return ""
        spread = (
            f" ({self.low:,.2g} to {self.high:,.2g} h at single events)"
            if self.low is not None and self.high is not None
            else ""
        )
        return f"{words.joined(parts)} per {self.one}{spread}."


@dataclass(frozen=True, slots=True)
class ProgramWork:
    """One program over a year. reasons: why the verdict is what it is; helps: what would help to tell."""

    program: Program
    activities: int
    hours: Decimal | None
    costs: tuple[tuple[str, Decimal], ...]
    energising: int
    draining: int
    results: tuple[str, ...]
    per: tuple[PerResult, ...]
    verdict: Working
    reasons: tuple[str, ...]
    helps: str

    @property
    def inputs(self) -> str:
        """“16 activities, 211 h, 16,150 USD, 7 draining”."""
        said = [words.counted(self.activities, "activity", "activities")]
        said += [f"{float(self.hours):,.6g} h"] if self.hours is not None else []
        said += [f"{cost:,.0f} {currency}".strip() for currency, cost in self.costs]
        said += [f"{self.energising} energising"] if self.energising else []
        said += [f"{self.draining} draining"] if self.draining else []
        return ", ".join(said)

    @property
    def outputs(self) -> str:
        return ", ".join(self.results) or "nothing counted"

    @property
    def per_person(self) -> PerResult | None:
        return next((each for each in self.per if each.one == "person who came"), None)


@remembered(record_version, private_version)
def programs_at_work(
    actor: Actor, today: date | None = None, judged: int | None = None
) -> tuple[ProgramWork, ...]:
    """Every open program with something done in the year up to today, by hours spent.

    judged: the key of the only program to give a verdict on; the others are then only there to
    compare what they took.
    """
    rules.require(rules.may_read_private, actor)
    today = today or preferences.today()
    since = today - YEAR
    done = _done(since, today)
    programs = Program.objects.filter(pk__in=done, closed=False)
    taps = dict(EnergyTap.objects.values_list("activity_id", "gave"))
    quotes: dict[int | None, int] = defaultdict(int)
    for key in Quote.objects.filter(day__gt=since, day__lte=today).values_list(
        "program", flat=True
    ):
        quotes[key] += 1
    standing: dict[int, list[targets.TargetProgress]] = defaultdict(list)
    for progress in targets.targets_of_programs(actor, judged):
        standing[progress.target.program_id or 0].append(progress)
    found = [
        _program(
            program,
            done[program.pk],
            taps,
            quotes[program.pk],
            standing[program.pk] if judged in {None, program.pk} else None,
        )
        for program in programs
        if not program.is_unsorted
    ]
    return tuple(sorted(found, key=lambda each: -(each.hours or 0)))


def what_it_took(actor: Actor, activity: Activity) -> tuple[str, ...]:
    """Hours and money of one event by what came of it, and the same of its program over the year."""
    rules.require(rules.may_read_private, actor)
    turnout = activity.turnout_if_any
    if turnout is None or activity.day is None:
        return ()
    came = turnout.attended if turnout.attended_evidence in MEASURED else None
    one = Effort(
        activity.pk, activity.kind, activity.day, activity.title, activity.hours_spent, activity.cost,
        activity.currency, came, turnout.submissions, turnout.worth_it,
    )  # fmt: skip
    said = [f"The event itself took {each.sentence}" for each in _per([one]) if each.sentence]
    works = programs_at_work(actor, judged=activity.program_id)
    mine = next((work for work in works if work.program.pk == activity.program_id), None)
    if said and mine is not None and mine.activities > 1:
        said += [
            f"With preparation, over a year of the program: {each.sentence}"
            for each in mine.per
            if each.sentence
        ]
    return tuple(said)


def hours_with_preparation(actor: Actor, activity: Activity) -> float | None:
    """Hours of its program since the gathering before it, its own included; None where it has none."""
    rules.require(rules.may_read_private, actor)
    if activity.hours_spent is None or activity.day is None:
        return None
    if activity.program.is_unsorted:
        # What else is unsorted has nothing to do with it.
        return float(activity.hours_spent)
    rows = Activity.objects.filter(
        program=activity.program_id, status=Status.DONE, day__lte=activity.day
    )
    before = (
        rows.filter(kind__in=GATHERINGS, day__lt=activity.day)
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )
    since = max(before, activity.day - YEAR) if before else activity.day - YEAR
    hours = rows.filter(day__gt=since).values_list("hours_spent", flat=True)
    return float(sum(each for each in hours if each is not None))


def _done(since: date, today: date) -> dict[int, list[Effort]]:
    """Finished activities by program, oldest first."""
    rows = Activity.objects.filter(status=Status.DONE, day__gt=since, day__lte=today).order_by(
        "day", "pk"
    )
    columns = (
        "program_id", "pk", "kind", "day", "title", "hours_spent", "cost", "currency", "turnout__attended",
        "turnout__attended_evidence", "turnout__submissions", "turnout__worth_it",
    )  # fmt: skip
    found: dict[int, list[Effort]] = defaultdict(list)
    for (
        program,
        pk,
        kind,
        day,
        title,
        hours,
        cost,
        currency,
        came,
        evidence,
        made,
        worth,
    ) in rows.values_list(*columns):
        counted = came if kind in GATHERINGS and evidence in MEASURED else None
        found[program].append(
            Effort(pk, kind, day, title, hours, cost, currency, counted, made, worth or "")
        )
    return found


def _program(
    program: Program,
    works: Sequence[Effort],
    taps: dict[int, bool],
    quotes: int,
    standing: Sequence[targets.TargetProgress] | None,
) -> ProgramWork:
    """standing: of its targets; None where no verdict is asked for."""
    hours = [work.hours for work in works if work.hours is not None]
    gave = [taps[work.pk] for work in works if work.pk in taps]
    verdict, reasons, helps = (
        (Working.UNKNOWN, [], "") if standing is None else _verdict(works, standing)
    )
    return ProgramWork(
        program=program,
        activities=len(works),
        hours=sum(hours, Decimal(0)) if hours else None,
        costs=_costs(works),
        energising=sum(gave),
        draining=len(gave) - sum(gave),
        results=tuple(_results(works, quotes)),
        per=tuple(_per(works)),
        verdict=verdict,
        reasons=tuple(reasons),
        helps=helps,
    )


def _costs(works: Iterable[Effort]) -> tuple[tuple[str, Decimal], ...]:
    found: dict[str, Decimal] = {}
    for work in works:
        if work.cost is not None:
            found[work.currency] = found.get(work.currency, Decimal(0)) + work.cost
    return tuple(found.items())


def _results(works: Sequence[Effort], quotes: int) -> Iterable[str]:
    """What came out, each with its name; what was not counted is left out and never a 0."""
    events = [work for work in works if work.kind in EVENTS]
    counted = [work.came for work in events if work.came is not None]
    if counted:
        at = f" at {words.counted(len(counted), 'event', 'events')}"
        yield words.counted(sum(counted), "attendance", "attendances") + at
    missing = len(events) - len(counted)
    if missing:
        yield f"{words.counted(missing, 'event', 'events')} without a count"
    heard = [work.came for work in works if work.kind == Kind.TALK and work.came is not None]
    if heard:
        yield words.counted(sum(heard), "person", "people") + " in the audience"
    handed = [work.submissions for work in works if work.submissions is not None]
    if handed:
        yield words.counted(sum(handed), "submission", "submissions")
    posts = sum(work.kind in {Kind.POST, Kind.VIDEO, Kind.PODCAST} for work in works)
    if posts:
        yield words.counted(posts, "post", "posts")
    if quotes:
        yield words.counted(quotes, "quote", "quotes")


def _per(works: Sequence[Effort]) -> Iterable[PerResult]:
    for one, results in (
        ("person who came", [(w, w.came) for w in works if w.kind in GATHERINGS]),
        ("submission", [(w, w.submissions) for w in works]),
    ):
        counted = [(work, count) for work, count in results if count is not None]
        number = sum(count for _, count in counted)
        if not number or len(counted) < len(results) / 2:
            continue
        # Hours that nobody logged are missing, not zero: whoever came to such an event is left out.
        timed = [(work, count) for work, count in counted if work.hours is not None]
        people = sum(count for _, count in timed)
        hours = [work.hours for work in works if work.hours is not None] if people else []
        events = tuple(
            (_hours_up_to(works, timed, place), count) for place, (_, count) in enumerate(timed)
        )
        each = [hours / count for hours, count in events if count]
        few = len(each) >= 2 and hours
        yield PerResult(
            one, number,
            float(sum(hours)) / people if hours else None,
            min(each) if few else None,
            max(each) if few else None,
            tuple((currency, cost / number) for currency, cost in _costs(works)), events,
        )  # fmt: skip


def _hours_up_to(
    works: Sequence[Effort], counted: Sequence[tuple[Effort, int]], place: int
) -> float:
    """Hours since the event before, up to this one; what follows the last counts to the last."""
    after = counted[place - 1][0].day if place else date.min
    until = counted[place][0].day if place + 1 < len(counted) else date.max
    return float(sum(work.hours for work in works if work.hours and after < work.day <= until))


def _what_helps(works: Sequence[Effort], rated: int, *, done_only: bool) -> str:
    """What is missing before anything can be told; what is there and points neither way is not asked for."""
    events = [work for work in works if work.kind in EVENTS]
    counted = sum(work.came is not None for work in events)
    needs = ["a target for what comes of it" if done_only else "a target"]
    if events and rated < ENOUGH_RATED:
        needs.append("three events that you rated worth it or not")
    if events and counted < LEAST:
        needs.append("eight events with a count")
    neither = (
        " The signs so far point neither way." if rated >= ENOUGH_RATED or counted >= LEAST else ""
    )
    return f"Needs {' or '.join(needs)}.{neither}"


def _verdict(
    works: Sequence[Effort], standing: Sequence[targets.TargetProgress]
) -> tuple[Working, list[str], str]:
    """Votes of targets, of one's own ratings and of attendance against its past.

    Only one direction among them is a verdict; where they disagree it can't be told, and both are named.
    """
    votes: list[int] = []
    reasons: list[str] = []
    for progress in standing:
        course = progress.outlook.course
        good = course in {Course.REACHED, Course.AHEAD, Course.ON_COURSE}
        bad = course in {Course.BEHIND, Course.MISSED}
        # What was done as planned says nothing of what came of it.
        is_effect = progress.target.metric.sort != Sort.ACTIVITY
        votes += [good - bad] if (good or bad) and is_effect else []
        said = (
            f"{progress.target.metric.name}: {progress.sentence[:1].lower()}{progress.sentence[1:]}"
        )
        reasons.append(said if is_effect else f"{said} That is what you did, not what came of it.")
    rated = [work.worth for work in works if work.worth]
    if rated:
        yes, no = rated.count(WorthIt.YES), rated.count(WorthIt.NO)
        reasons.append(
            f"Worth it for those who came: {words.worth_said(Counter(rated))}, by your own rating."
        )
        if len(rated) >= ENOUGH_RATED:
            share_yes, share_no = yes / len(rated), no / len(rated)
            votes += [int(share_yes >= MAJORITY) - int(share_no >= MAJORITY)]
    came = [work.came for work in works if work.kind in EVENTS and work.came is not None]
    shift = recent_shift(came)
    if shift is not None:
        moved = {1: "up", -1: "down", 0: "no clear change"}[shift.direction]
        reasons.append(
            f"Attendance: a median of {words.number(round(shift.after))} lately, {words.number(round(shift.before))} "
            f"before ({moved})."
        )
        votes += [shift.direction]
    done_only = bool(standing) and all(
        progress.target.metric.sort == Sort.ACTIVITY for progress in standing
    )
    helps = "" if any(votes) else _what_helps(works, len(rated), done_only=done_only)
    directions = {vote for vote in votes if vote}
    if directions == {1}:
        return Working.WORKING, reasons, ""
    if directions == {-1}:
        return Working.NOT, reasons, ""
    return Working.UNKNOWN, reasons, helps or ("The signs disagree." if directions else "")
