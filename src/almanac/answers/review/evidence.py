"""What a review rests on: the rows of a period, gathered once, for one audience."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from almanac.answers.community.quotes import usable
from almanac.answers.community.reach import Reach, reach
from almanac.answers.metrics import targets
from almanac.answers.turnout.expectation import raw_of, thawed
from almanac.core import scoring
from almanac.core.vocabulary import Stage, Status
from almanac.record import rules
from almanac.record.models import (
    Activity,
    Break,
    EnergyTap,
    Finding,
    Program,
    Scope,
    Target,
    Visibility,
)
from almanac.record.queries import forecasts, preferences
from almanac.record.queries.activities import LONG

if TYPE_CHECKING:
    from decimal import Decimal

    from almanac.answers.metrics.targets import TargetProgress
    from almanac.answers.review.periods import Period
    from almanac.core.guesses.elicited import RawGuess
    from almanac.record.models import Quote
    from almanac.record.rules import Actor


class Audience(StrEnum):
    """For whom an edition is: oneself, somebody inside such as a manager, or everyone."""

    OWN = "own"
    INSIDE = "inside"
    PUBLIC = "public"


UNNAMED = "Other work"


@dataclass(frozen=True, slots=True)
class ExpectedInReview:
    """What was said of an event before it, against what was counted: 80 % ranges."""

    activity: Activity
    stage: Stage
    observed: int
    low: int | None = None
    high: int | None = None
    guess: RawGuess | None = None

    @property
    def inside(self) -> bool | None:
        if self.low is None or self.high is None:
            return None
        return self.low <= self.observed <= self.high


@dataclass(slots=True)
class ByProgram:
    """One program's part of a period."""

    program: Program
    done: list[Activity] = field(default_factory=list)
    hours: Decimal | None = None

    def gatherings(self) -> list[Activity]:
        return [a for a in self.done if a.is_gathering]

    def counted(self) -> list[Activity]:
        return [a for a in self.gatherings() if a.is_counted]


@dataclass(frozen=True, slots=True)
class Found:
    """Everything an edition may speak of."""

    period: Period
    audience: Audience
    program: Program | None
    done: tuple[Activity, ...]
    dropped: tuple[Activity, ...]
    declined: tuple[Activity, ...]
    programs: tuple[ByProgram, ...]
    expected: tuple[ExpectedInReview, ...]
    targets: tuple[TargetProgress, ...]
    quotes: tuple[Quote, ...]
    gave: tuple[Activity, ...]
    took: tuple[Activity, ...]
    findings: tuple[Finding, ...]
    breaks: tuple[Break, ...]
    reach: Reach | None
    """Of those who said in the period how they heard; None in a public edition, or of one program."""


def gather(
    actor: Actor, period: Period, audience: Audience, program: Program | None = None
) -> Found:
    """The rows of a period that an audience may see. A public edition knows what is marked public,
    quotes whose consent covers it and targets that are shared, and nothing else; energy is in the
    practitioner's own edition alone."""
    rules.require(rules.may_read_private, actor)
    rows = (
        Activity.objects.filter(day__gte=period.first, day__lte=period.last)
        .select_related("program", "turnout")
        .defer(*LONG)
        .order_by("day", "id")
    )
    if program is not None:
        rows = rows.filter(program=program)
    if audience is Audience.PUBLIC:
        rows = rows.filter(visibility=Visibility.PUBLIC)
    by_status: dict[str, list[Activity]] = defaultdict(list)
    for activity in rows:
        if audience is Audience.PUBLIC:
            # What an hour or an event costs is nobody's business outside.
            activity.hours_spent = activity.cost = None
        by_status[activity.status].append(activity)
    done = by_status[Status.DONE]
    energy = _energy(done) if audience is Audience.OWN else {}
    return Found(
        period=period,
        audience=audience,
        program=program,
        done=tuple(done),
        dropped=tuple(by_status[Status.DROPPED]),
        declined=tuple(by_status[Status.DECLINED]),
        programs=tuple(_by_program(done, audience)),
        expected=tuple(_expected(done, with_guesses=audience is Audience.OWN)),
        targets=tuple(_targets(period, audience, program)),
        quotes=tuple(_quotes(actor, period, audience, program)),
        gave=tuple(a for a in done if energy.get(a.pk) is True),
        took=tuple(a for a in done if energy.get(a.pk) is False),
        findings=tuple(_findings(period, program)) if audience is not Audience.PUBLIC else (),
        breaks=tuple(_breaks(period)) if audience is Audience.OWN else (),
        reach=reach(actor, period.first, period.last)
        if audience is not Audience.PUBLIC and program is None
        else None,
    )


def _findings(period: Period, program: Program | None) -> list[Finding]:
    rows = Finding.objects.select_related("experiment")
    if program is not None:
        rows = rows.filter(experiment__program=program)
    return [
        row
        for row in rows.order_by("closed_at")
        if period.first <= preferences.day_of(row.closed_at) <= period.last
    ]


def _breaks(period: Period) -> list[Break]:
    return list(Break.objects.filter(first__lte=period.last, last__gte=period.first))


def _energy(done: list[Activity]) -> dict[int, bool]:
    keys = {activity.pk for activity in done}
    taps = EnergyTap.objects.values_list("activity_id", "gave")
    return {key: gave for key, gave in taps if key in keys}


def _by_program(done: list[Activity], audience: Audience) -> list[ByProgram]:
    """What belongs to no program stands together, last; in a public edition with what belongs to
    programs that are not public."""
    found: dict[int, ByProgram] = {}
    unnamed = Program(name=UNNAMED, slug="other-work")
    for activity in done:
        shown = audience is not Audience.PUBLIC or activity.program.public
        named = shown and not activity.program.is_unsorted
        key = activity.program_id if named else 0
        mine = found.setdefault(key, ByProgram(activity.program if named else unnamed))
        mine.done.append(activity)
        if activity.hours_spent is not None:
            mine.hours = (mine.hours or 0) + activity.hours_spent
    last = found.pop(0, None)
    ordered = sorted(found.values(), key=lambda each: (-len(each.done), each.program.name))
    return [*ordered, last] if last else ordered


def _expected(done: list[Activity], *, with_guesses: bool) -> list[ExpectedInReview]:
    counted = {
        activity.pk: activity
        for activity in done
        if activity.is_gathering and activity.turnout_if_any is not None
    }
    latest = forecasts.latest_forecasts(counted.values())
    guesses = forecasts.counting_guesses(counted) if with_guesses else {}
    found = []
    for key, activity in counted.items():
        made, said = latest.get(key), guesses.get(key)
        if made is None and said is None:
            continue
        stage, observed = _outcome(activity)
        if observed is None:
            continue
        counts = thawed(made)[stage].counts if made else None
        low, high = counts.interval(0.8) if counts and not counts.is_certain else (None, None)
        raw = raw_of(said) if said and said.stage == stage else None
        if low is not None or raw is not None:
            found.append(ExpectedInReview(activity, stage, observed, low, high, raw))
    return found


def _outcome(activity: Activity) -> tuple[Stage, int | None]:
    outcomes = forecasts.outcomes_of(activity)
    stage = Stage.ATTENDED if Stage.ATTENDED in outcomes else Stage.SIGNUPS
    return stage, outcomes.get(stage)


def _targets(period: Period, audience: Audience, program: Program | None) -> list[TargetProgress]:
    rows = Target.objects.filter(
        dropped=False,
        whole_target__isnull=True,
        since__lte=period.last,
        by__gte=period.first,
    ).select_related("metric", "program")
    if audience is Audience.PUBLIC:
        rows = rows.filter(metric__shared=True)
    if program is not None:
        rows = rows.filter(program=program)
    return [targets.progress(row) for row in rows]


def _quotes(
    actor: Actor, period: Period, audience: Audience, program: Program | None
) -> list[Quote]:
    scope = Scope.PUBLIC if audience is Audience.PUBLIC else Scope.REVIEWS
    rows = usable(actor, scope).filter(day__gte=period.first, day__lte=period.last)
    if program is not None:
        rows = rows.filter(program=program)
    return list(rows.order_by("day", "id"))


def hit_rate(expected: tuple[ExpectedInReview, ...]) -> scoring.HitRate | None:
    """How often ranges held, of events with a forecast."""
    scored = [
        scoring.Scored(e.observed, e.low, e.high, bool(e.inside), 0.0)
        for e in expected
        if e.low is not None and e.high is not None
    ]
    return scoring.hit_rate(scored)
