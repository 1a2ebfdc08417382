"""Targets: ahead, on course, behind or cannot tell, and the pace it would take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.metrics import metric_values
from almanac.core.metrics import target_chance as core
from almanac.core.metrics.target_chance import Course, SeriesKind, TargetOutlook
from almanac.record import rules
from almanac.record.models import Direction, Measure, Target
from almanac.record.queries import preferences
from almanac.record.queries.versions import record_version, remembered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.answers.metrics.metric_values import ValuePeriod, Values
    from almanac.record.models import Metric
    from almanac.record.rules import Actor

WEEK = timedelta(days=7)
MOST_WATCHED = 12
"""Targets that are compared with a week ago."""
SHORT_DAYS = 200
"""A target nearer than so is followed by weeks, one further off by months."""
MOST_PERIODS = 104
KINDS = {
    Measure.FLOW: SeriesKind.FLOW,
    Measure.STOCK: SeriesKind.STOCK,
    Measure.RATE: SeriesKind.RATE,
}
COURSES = {
    Course.REACHED: "reached",
    Course.AHEAD: "ahead",
    Course.ON_COURSE: "on course",
    Course.BEHIND: "behind",
    Course.CANNOT_TELL: "could go either way",
    Course.MISSED: "not reached",
}


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """A target with where it stands, in a sentence; step: the period of pace and needed."""

    target: Target
    outlook: TargetOutlook
    step: str
    sentence: str

    @property
    def course(self) -> str:
        return COURSES[self.outlook.course]


def progress(
    target: Target, values: Values | None = None, today: date | None = None
) -> TargetProgress:
    """Where one target stands by today."""
    today = today or preferences.today()
    metric = target.metric
    values = values or metric_values.values_of(metric)
    is_short = (target.by - target.since).days <= SHORT_DAYS
    step = metric_values.WEEK if is_short and values.is_weekly else metric_values.MONTH
    if today > target.by:
        outlook = _ended(target, values, step)
        return TargetProgress(target, outlook, step, sentence_of(target, outlook, step, today))
    periods = values.by(step, today - timedelta(days=1))
    history = [period.value for period in periods]
    early, now = 0.0, None
    since, open_from = len(history), metric_values.start_of(today, step)
    if metric.measure == Measure.FLOW:
        # Of the period in which the target began, only the days since then count.
        whole_from = metric_values.start_of(target.since, step)
        if whole_from < target.since:
            whole_from = metric_values.next_start(whole_from, step)
            early = values.sum_between(target.since, min(whole_from, open_from))
        since = sum(period.first < whole_from for period in periods)
        now = values.sum_between(max(open_from, target.since), today + timedelta(days=1))
        open_from = values.open_from(step, today)
    elif metric.measure == Measure.STOCK:
        latest = next((fed for fed in reversed(values.days) if fed.day <= today), None)
        if latest is not None:
            now, open_from = latest.value, latest.day + timedelta(days=1)
    cut = max(0, len(history) - MOST_PERIODS)
    if metric.measure == Measure.FLOW:
        cut = min(cut, since)
    # It is not over before its day is, whatever was measured for the running period.
    open_from = min(max(open_from, target.since), target.by)
    outlook = _outlook(
        tuple(history[cut:]),
        since - cut,
        metric_values.open_parts(open_from, target.by, step),
        target.value - early,
        KINDS[Measure(metric.measure)],
        metric.whole and all(value is None or value >= 0 for value in history),
        now,
        not falls(target, values),
    )
    outlook = _moved(outlook, early)
    running = metric_values.ValuePeriod(metric_values.start_of(today, step), now)
    alone = [[*periods, running][cut + place] for place in outlook.one_offs]
    return TargetProgress(target, outlook, step, sentence_of(target, outlook, step, today, alone))


def falls(target: Target, values: Values) -> bool:
    """Whether less is what is aimed at: the metric says so, or what stands began above its target."""
    if target.metric.direction == Direction.DOWN:
        return True
    if target.metric.measure == Measure.FLOW or not values.days:
        return False
    before = [fed for fed in values.days if fed.day <= target.since]
    began = before[-1] if before else values.days[0]
    return target.value < began.value


def _moved(outlook: TargetOutlook, early: float) -> TargetOutlook:
    if not early:
        return outlook
    fields = ("so_far", "low", "middle", "high")
    values = {name: getattr(outlook, name) for name in fields}
    return replace(outlook, **{n: v + early for n, v in values.items() if v is not None})


def _ended(target: Target, values: Values, step: str) -> TargetOutlook:
    """What came of a target whose last day is over, by day and not by whole periods."""
    upward = not falls(target, values)
    if target.metric.measure == Measure.FLOW:
        whole = [period for period in values.by(step, target.by) if period.first >= target.since]
        any_day = any(target.since <= fed.day <= target.by for fed in values.days)
        known = (any_day or values.is_fed) and all(p.value is not None for p in whole)
        reached = values.sum_between(target.since, target.by + timedelta(days=1))
        history = (reached if known else None,)
        return _outlook(history, 0, (), target.value, SeriesKind.FLOW, False, None, upward)
    until = [period.value for period in values.by(step, target.by) if period.value is not None]
    if target.metric.measure == Measure.STOCK:
        until = [fed.value for fed in values.days if fed.day <= target.by]
    history = (until[-1] if until else None,)
    return _outlook(history, 0, (), target.value, SeriesKind.STOCK, False, None, upward)


@lru_cache(maxsize=4096)
def _outlook(
    history: tuple[float | None, ...],
    since: int,
    parts: tuple[float, ...],
    target: float,
    kind: SeriesKind,
    counts: bool,
    now: float | None,
    upward: bool,
) -> TargetOutlook:
    return core.outlook(
        history, since, parts, target, kind=kind, counts=counts, now=now, upward=upward
    )


def sentence_of(
    target: Target,
    outlook: TargetOutlook,
    step: str,
    today: date,
    alone: Sequence[ValuePeriod] = (),
) -> str:
    """“Behind: expect 310 to 420 readers by 31 December 2026. The target is 500 (4 % chance). You need 14 a
    week; lately it was 9.”"""
    metric = target.metric
    unit = f" {metric.unit}" if metric.unit else ""
    aim = f"{quantity(target.value, metric)}{unit} by {target.by:%-d %B %Y}"
    course = outlook.course
    if outlook.refusal is not None:
        return f"Can’t tell yet: {outlook.refusal.words[:1].lower()}{outlook.refusal.words[1:]}"
    if course is Course.REACHED:
        return f"Reached: {total(outlook.so_far, metric)} of {aim}."
    if course is Course.MISSED:
        return f"Not reached: {total(outlook.so_far, metric)} of {aim}."
    low, high = total(outlook.low, metric), total(outlook.high, metric)
    expected = low if low == high else f"{low} to {high}"
    head = COURSES[course]
    likely = words.percent_chance(outlook.chance or 0.0)
    return (
        f"{head[:1].upper()}{head[1:]}: expect {expected}{unit} by {target.by:%-d %B %Y}. The target is "
        f"{quantity(target.value, metric)} ({likely})."
        f"{_needed(target, outlook, step, today)}{left_out(alone, metric, step)}"
    )


def _needed(target: Target, outlook: TargetOutlook, step: str, today: date) -> str:
    metric = target.metric
    missing = target.value - (outlook.so_far or 0.0)
    lately = (
        f"; lately it was {quantity(outlook.pace, metric)} a {step}"
        if outlook.pace is not None
        else ""
    )
    if metric.measure == Measure.RATE or outlook.needed is None:
        return ""
    downward = not outlook.upward
    if downward and metric.measure == Measure.FLOW:
        return f" There is room for {quantity(missing, metric)} more{lately}."
    if (missing < 0) is not downward or not missing:
        return ""
    more, by_step = quantity(abs(missing), metric), quantity(abs(outlook.needed), metric)
    fewer = " fewer" if downward else ""
    if outlook.left < 1:
        left = words.counted((target.by - today).days + 1, "day", "days")
        return f" You need {more}{fewer or ' more'} in {left}{lately}."
    return f" You need {by_step}{fewer} a {step}{lately}."


def left_out(alone: Sequence[ValuePeriod], metric: Metric, step: str) -> str:
    """“The week of 23 November 2026 (3,000) is left out as a one-off.”"""
    if not alone:
        return ""
    when = [
        f"{period.first:%B %Y}" if step == metric_values.MONTH else f"{period.first:%-d %B %Y}"
        for period in alone
    ]
    if metric.measure == Measure.STOCK:
        return f" The jump in {'the week of ' * (step == 'week')}{words.joined(when)} is taken as a one-off."
    each = [
        f"{name} ({quantity(period.value or 0.0, metric)})"
        for name, period in zip(when, alone, strict=True)
    ]
    one = len(each) == 1
    of = "" if step == metric_values.MONTH else f"The {'week' if one else 'weeks'} of "
    return f" {of}{words.joined(each)} {'is' if one else 'are'} left out as {'a one-off' if one else 'one-offs'}."


def total(value: float | None, metric: Metric) -> str:
    """What it comes to in the end: whole things are never parts of one."""
    return quantity(float(round(value or 0.0)) if metric.whole else value or 0.0, metric)


def quantity(value: float, metric: Metric) -> str:
    """A value as it reads: rates as percentages where they are shares, whole things whole."""
    if metric.is_share and abs(value) <= 2:
        return f"{words.share(value)}"
    if abs(value) >= 100 or (metric.whole and float(value).is_integer()):
        return f"{value:,.0f}"
    return f"{value:,.1f}".removesuffix(".0")


def all_targets(actor: Actor) -> list[TargetProgress]:
    """Every target that is not dropped and not a part of another, soonest first."""
    rules.require(rules.may_read_record, actor)
    rows = Target.objects.filter(dropped=False, whole_target__isnull=True, metric__closed=False)
    return [progress(row) for row in rows.select_related("metric", "program")]


def targets_of_programs(actor: Actor, program: int | None = None) -> list[TargetProgress]:
    """Those of all_targets that are of a program, or of the one named by its key."""
    rules.require(rules.may_read_record, actor)
    rows = Target.objects.filter(dropped=False, whole_target__isnull=True, metric__closed=False)
    rows = rows.filter(program=program) if program else rows.exclude(program=None)
    return [progress(row) for row in rows.select_related("metric", "program")]


def find_target(actor: Actor, key: int) -> Target | None:
    rules.require(rules.may_read_record, actor)
    return Target.objects.select_related("metric").filter(pk=key).first()


@remembered(record_version)
def fallen_behind(actor: Actor, today: date) -> tuple[TargetProgress, ...]:
    """Targets that are behind today and were not a week ago, by what was measured until then."""
    rules.require(rules.may_read_record, actor)
    rows = Target.objects.filter(
        dropped=False, whole_target__isnull=True, since__lte=today - WEEK, by__gte=today
    ).select_related("metric", "program")
    now = [
        found
        for row in rows.order_by("by")[:MOST_WATCHED]
        if (found := progress(row)).outlook.course is Course.BEHIND
    ]
    return tuple(
        found for found in now
        if progress(found.target, today=today - WEEK).outlook.course is not Course.BEHIND
    )  # fmt: skip
