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

if TYPE_CHECKING:
    from almanac.answers.metrics.metric_values import Values
    from almanac.record.models import Metric
    from almanac.record.rules import Actor

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
    Course.CANNOT_TELL: "can’t tell yet",
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
    step = (
        metric_values.WEEK if (target.by - target.since).days <= SHORT_DAYS else metric_values.MONTH
    )
    flow = metric.measure == Measure.FLOW
    if today > target.by:
        outlook = _ended(target, values, step)
        return TargetProgress(target, outlook, step, sentence_of(target, outlook, step))
    periods = values.by(step, today - timedelta(days=1))
    running = metric_values.start_of(today, step)
    first = metric_values.start_of(target.since, step)
    begun_within = first < target.since
    whole_from = metric_values.next_start(first, step) if begun_within else first
    since = sum(period.first < whole_from for period in periods)
    # Of the period in which the target began, only the days since then count.
    early = 0.0
    if flow and begun_within and first < running:
        early = values.sum_between(target.since, whole_from)
    history = [period.value for period in periods]
    latest = values.latest
    is_stock = metric.measure == Measure.STOCK
    if is_stock and history and latest is not None and running <= latest.day <= today:
        # What stands today is known better than what stood when the last period ended.
        history[-1] = latest.value
    cut = max(0, len(history) - MOST_PERIODS)
    if flow:
        cut = min(cut, since)
    outlook = _outlook(
        tuple(history[cut:]),
        since - cut,
        _periods_left(running, target.by, step),
        target.value - early,
        KINDS[Measure(metric.measure)],
        metric.whole and flow and all(value is None or value >= 0 for value in history),
        metric.direction != Direction.DOWN,
    )
    outlook = _moved(outlook, early)
    return TargetProgress(target, outlook, step, sentence_of(target, outlook, step))


def _periods_left(running: date, by: date, step: str) -> int:
    """Periods from the running one on; the last counts where at least half of it does."""
    ahead = 0
    while running <= by:
        after = metric_values.next_start(running, step)
        is_half = (by - running).days + 1 >= (after - running).days / 2
        ahead, running = ahead + is_half, after
    return max(1, ahead)


def _moved(outlook: TargetOutlook, early: float) -> TargetOutlook:
    if not early:
        return outlook
    fields = ("so_far", "low", "middle", "high")
    values = {name: getattr(outlook, name) for name in fields}
    return replace(outlook, **{n: v + early for n, v in values.items() if v is not None})


def _ended(target: Target, values: Values, step: str) -> TargetOutlook:
    """What came of a target whose last day is over, by day and not by whole periods."""
    upward = target.metric.direction != Direction.DOWN
    if target.metric.measure == Measure.FLOW:
        whole = [period for period in values.by(step, target.by) if period.first >= target.since]
        any_day = any(target.since <= fed.day <= target.by for fed in values.days)
        known = (any_day or values.is_fed) and all(p.value is not None for p in whole)
        reached = values.sum_between(target.since, target.by + timedelta(days=1))
        history = (reached if known else None,)
        return _outlook(history, 0, 0, target.value, SeriesKind.FLOW, False, upward)
    until = [period.value for period in values.by(step, target.by) if period.value is not None]
    if target.metric.measure == Measure.STOCK:
        until = [fed.value for fed in values.days if fed.day <= target.by]
    history = (until[-1] if until else None,)
    return _outlook(history, 0, 0, target.value, SeriesKind.STOCK, False, upward)


@lru_cache(maxsize=4096)
def _outlook(
    history: tuple[float | None, ...],
    since: int,
    ahead: int,
    target: float,
    kind: SeriesKind,
    counts: bool,
    upward: bool,
) -> TargetOutlook:
    return core.outlook(history, since, ahead, target, kind=kind, counts=counts, upward=upward)


def sentence_of(target: Target, outlook: TargetOutlook, step: str) -> str:
    """“Behind: expect 310 to 420 of 500; it would take 14 a week from now on, lately it was 9.”"""
    metric = target.metric
    unit = f" {metric.unit}" if metric.unit else ""
    aim = f"{quantity(target.value, metric)}{unit} by {target.by:%-d %B %Y}"
    course = outlook.course
    if outlook.refusal is not None:
        return f"Can’t tell yet: {outlook.refusal.words[:1].lower()}{outlook.refusal.words[1:]}"
    if course is Course.REACHED:
        return f"Reached: {total(outlook.so_far, metric)}{unit} of {aim}."
    if course is Course.MISSED:
        return f"Not reached: {total(outlook.so_far, metric)}{unit} of {aim}."
    low, high = total(outlook.low, metric), total(outlook.high, metric)
    head = COURSES[course]
    likely = words.chance(outlook.chance or 0.0)
    pace = ""
    if outlook.needed is not None and outlook.needed > 0 and metric.measure != Measure.RATE:
        lately = (
            f"; lately it was {quantity(outlook.pace, metric)}" if outlook.pace is not None else ""
        )
        pace = f" It would take {quantity(outlook.needed, metric)} a {step} from now on{lately}."
    return (
        f"{head[:1].upper()}{head[1:]}: expect {low} to {high} for {aim}; reached {likely}.{pace}"
    )


def total(value: float | None, metric: Metric) -> str:
    """What it comes to in the end: whole things are never parts of one."""
    return quantity(float(round(value or 0.0)) if metric.whole else value or 0.0, metric)


def quantity(value: float, metric: Metric) -> str:
    """A value as it reads: rates as percentages where they are shares, whole things whole."""
    if metric.is_share and abs(value) <= 2:
        return f"{value:.0%}"
    if abs(value) >= 100 or (metric.whole and float(value).is_integer()):
        return f"{value:,.0f}"
    return f"{value:,.1f}".removesuffix(".0")


def all_targets(actor: Actor) -> list[TargetProgress]:
    """Every target that is not dropped and not a part of another, soonest first."""
    rules.require(rules.may_read_record, actor)
    rows = Target.objects.filter(dropped=False, whole_target__isnull=True, metric__closed=False)
    return [progress(row) for row in rows.select_related("metric", "program")]


def find_target(actor: Actor, key: int) -> Target | None:
    rules.require(rules.may_read_record, actor)
    return Target.objects.select_related("metric").filter(pk=key).first()
