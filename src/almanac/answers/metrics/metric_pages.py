"""Metrics: each with its values, its sensitivity card, its targets and what else it moved with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Case, Sum, When

from almanac.answers import words
from almanac.answers.metrics import from_record, metric_values, targets
from almanac.answers.metrics.metric_values import MONTH, WEEK
from almanac.core.metrics.detectable_change import Moved, Sensitivity, moved_with, sensitivity
from almanac.core.refusals import Refusal
from almanac.core.vocabulary import Status
from almanac.record import rules
from almanac.record.models import (
    Activity,
    Direction,
    JourneyStage,
    Measure,
    Measurement,
    Metric,
    MetricVersion,
    Sort,
    Target,
)
from almanac.record.queries import preferences
from almanac.record.queries.names import called

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from almanac.answers.metrics.metric_values import ValuePeriod, Values
    from almanac.answers.metrics.targets import TargetProgress
    from almanac.record.rules import Actor


def _in_order(field: str, values: list[str]) -> Case:
    """By place in a list that has an order of its own, not by letters."""
    return Case(*(When(**{field: value}, then=place) for place, value in enumerate(values)))


SHOWN_WEEKS, SHOWN_MONTHS = 60, 36
MOST_OUTCOMES = 5
MOST_MARKS = 12
CHANCE = 0.05
SPARK_WEEKS = 26
GROUPINGS = {
    "sort": (_in_order("sort", Sort.values),),
    "stage": (_in_order("stage", [*JourneyStage.values[1:], ""]),),
    "goal": (Case(When(goal="", then=1), default=0), "goal", "question"),
}
PAGE = 40


@dataclass(frozen=True, slots=True)
class MetricLine:
    """A metric in the list: its latest periods, where it stands, how fresh it is."""

    metric: Metric
    periods: tuple[ValuePeriod, ...]
    latest: from_record.Fed | None
    days_old: int | None
    target: TargetProgress | None


@dataclass(frozen=True, slots=True)
class MetricCard:
    """The sensitivity card in sentences, with the numbers they rest on."""

    result: Sensitivity
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MovedWith:
    """An outcome one cares about, and whether this metric has ever moved ahead of it."""

    outcome: Metric
    moved: Moved | None
    sentence: str


@dataclass(frozen=True, slots=True)
class MetricPage:
    metric: Metric
    label: str
    labels: tuple[str, ...]
    step: str
    periods: tuple[ValuePeriod, ...]
    card: MetricCard
    standings: tuple[TargetProgress, ...]
    parts: dict[int, tuple[TargetProgress, ...]]
    versions: tuple[MetricVersion, ...]
    recent: tuple[Measurement, ...]
    together: tuple[MovedWith, ...]
    marks: tuple[Activity, ...]
    latest: from_record.Fed | None
    days_old: int | None
    rows: str
    """Where the rows behind a fed metric are listed; empty where it is measured by hand."""


def metrics(actor: Actor, page: int | None = None, by: str = "") -> list[MetricLine]:
    """Metrics that are on, with their last half year in weeks: all, or one page and one more.

    by: what they are grouped by, one of GROUPINGS; by name alone where it is none of them.
    """
    rules.require(rules.may_read_record, actor)
    today = preferences.today()
    soonest: dict[int, Target] = {}
    aims = Target.objects.filter(dropped=False, whole_target__isnull=True, by__gte=today)
    for aim in aims:
        soonest.setdefault(aim.metric_id, aim)
    found = []
    rows = Metric.objects.filter(closed=False)
    if by in GROUPINGS:
        rows = rows.order_by(*GROUPINGS[by], "name")
    if page is not None:
        rows = rows[(page - 1) * PAGE : page * PAGE + 1]
    for metric in rows:
        values = metric_values.values_of(metric)
        target = soonest.get(metric.pk)
        found.append(
            MetricLine(
                metric,
                tuple(values.by(WEEK, today)[-SPARK_WEEKS:]),
                values.latest,
                _age(values, today),
                targets.progress(target, values, today) if target else None,
            )
        )
    return found


def open_metrics(actor: Actor) -> list[Metric]:
    rules.require(rules.may_read_record, actor)
    return list(Metric.objects.filter(closed=False))


def closed_metrics(actor: Actor) -> list[Metric]:
    rules.require(rules.may_read_record, actor)
    return list(Metric.objects.filter(closed=True))


def _age(values: Values, today: date) -> int | None:
    return None if values.latest is None else (today - values.latest.day).days


def find_metric(actor: Actor, text: str) -> Metric | None:
    """By slug or by name, whatever its case."""
    rules.require(rules.may_read_record, actor)
    return Metric.objects.filter(slug=text).first() or called(Metric.objects.all(), text)


def metric_page(actor: Actor, slug: str, label: str | None = None) -> MetricPage | None:
    """Everything on one metric. label: which of several sources that must not be summed."""
    rules.require(rules.may_read_record, actor)
    metric = Metric.objects.select_related("program").filter(slug=slug).first()
    if metric is None:
        return None
    today = preferences.today()
    labels = metric_values.labels_of(metric)
    chosen = label if label in labels else labels[0]
    values = metric_values.values_of(metric, chosen)
    weeks = values.by(WEEK, today)
    step = WEEK if len(weeks) <= SHOWN_WEEKS else MONTH
    shown = weeks if step == WEEK else values.by(MONTH, today)[-SHOWN_MONTHS:]
    rows = list(metric.targets.filter(dropped=False).select_related("metric", "program"))
    parts: dict[int, list[TargetProgress]] = {}
    standings = []
    for row in rows:
        found = targets.progress(row, values, today)
        if row.whole_target_id is None:
            standings.append(found)
        else:
            parts.setdefault(row.whole_target_id, []).append(found)
    recent = metric.measurements.filter(label=chosen).order_by("-day", "-id")[:60]
    narrow = from_record.ROWS.get(metric.feed.partition(":")[0], "")
    if metric.feed.startswith("tagged:"):
        narrow = f"tag={metric.feed.partition(':')[2]}&status=done"
    return MetricPage(
        metric=metric,
        label=chosen,
        labels=tuple(labels),
        step=step,
        periods=tuple(shown),
        card=card_of(metric, weeks),
        standings=tuple(standings),
        parts={key: tuple(found) for key, found in parts.items()},
        versions=tuple(metric.versions.all()),
        recent=tuple(recent) if not metric.feed else (),
        together=tuple(_together(metric, weeks, today)),
        marks=tuple(_marks(metric, shown[0].first if shown else today)),
        latest=values.latest,
        days_old=_age(values, today),
        rows=narrow or "",
    )


def _marks(metric: Metric, since: date) -> list[Activity]:
    """The larger things done meanwhile, of its program where it has one."""
    rows = Activity.objects.filter(status=Status.DONE, day__gte=since, tags__name__iexact="mark")
    if metric.program_id:
        rows = rows | Activity.objects.filter(
            status=Status.DONE, day__gte=since, program=metric.program_id, kind__in=("hackathon",)
        )
    return list(rows.distinct().order_by("-day")[:MOST_MARKS])


# The sensitivity card


def card_of(metric: Metric, weeks: list[ValuePeriod]) -> MetricCard:
    """What this metric can and cannot show, from its own past."""
    result = sensitivity(
        [period.value for period in weeks], counts=metric.whole and metric.measure == Measure.FLOW
    )
    alone = [weeks[place] for place in result.one_offs]
    return MetricCard(result, tuple(_sentences(metric, result, alone)))


def _sentences(metric: Metric, card: Sensitivity, alone: Sequence[ValuePeriod] = ()) -> list[str]:
    if metric.measure == Measure.STOCK and card.refusal is Refusal.DRIFTS:
        return ["This is a level, so watch how much it changes in a week instead."]
    if card.refusal is Refusal.TOO_FEW_VALUES:
        return [f"{card.weeks} weeks of data so far; 13 would show its usual range."]
    if card.refusal is not None:
        return [card.refusal.words]
    said = []
    usual = targets.quantity(card.usual, metric)
    said.append(
        f"A usual week has {usual}; most weeks differ from that by up to {targets.quantity(card.noise, metric)}."
    )
    if alone:
        said.append(targets.left_out(alone, metric, WEEK).strip())
    for threshold in card.thresholds:
        above = targets.quantity(threshold.above, metric)
        share = threshold.share
        more = f" ({words.change(share)})" if share is not None else ""
        below = (
            f" or below {targets.quantity(threshold.below, metric)}"
            if threshold.below is not None
            else ""
        )
        said.append(
            f"In {threshold.weeks} weeks, only a weekly mean above {above}{more}{below} would mean something."
        )
    if card.wide:
        said.append("Less than a year of data, so a season may look like a change.")
    if card.missing:
        gone = words.counted(card.missing, "week is", "weeks are")
        said.append(f"{gone} missing and left out.")
    return said


def _together(metric: Metric, weeks: list[ValuePeriod], today: date) -> list[MovedWith]:
    outcomes = list(Metric.objects.filter(cares=True, closed=False).exclude(pk=metric.pk))
    outcomes = outcomes[:MOST_OUTCOMES]
    tries = max(1, Metric.objects.filter(closed=False).count() - 1)
    found = []
    for outcome in outcomes:
        theirs = metric_values.values_of(outcome).by(WEEK, today)
        one, two = _aligned(weeks, theirs)
        moved = moved_with(one, two, tries)
        found.append(MovedWith(outcome, moved, _moved_sentence(outcome, moved, tries)))
    return found


def _aligned(
    one: list[ValuePeriod], two: list[ValuePeriod]
) -> tuple[list[float | None], list[float | None]]:
    first, second = ({p.first: p.value for p in each} for each in (one, two))
    weeks = sorted(set(first) & set(second))
    return [first[week] for week in weeks], [second[week] for week in weeks]


def _moved_sentence(outcome: Metric, moved: Moved | None, tries: int) -> str:
    if moved is None:
        return (
            f"With a year of data for both, this shows whether “{outcome.name}” changed afterwards."
        )
    when = "in the same week" if moved.lag == 0 else f"{moved.lag} weeks later"
    tried = f"{tries * 9} tries" if tries > 1 else "9 time lags checked"
    if moved.chance > CHANCE:
        return f"{outcome.name} has never clearly followed it ({moved.weeks} weeks, {tried})."
    way = "rose" if moved.correlation > 0 else "fell"
    return (
        f"When it rose, {outcome.name} {way} {when} (correlation {moved.correlation:.2f}, "
        f"{moved.weeks} weeks). With {tried} that is unlikely by chance, but it doesn’t prove a cause."
    )


# Choosing


@dataclass(frozen=True, slots=True)
class MetricChoice:
    """How soon a metric could show a change of a size, from its own noise."""

    metric: Metric
    weeks: int | None
    smallest: float | None
    sentence: str


def choose(actor: Actor, change: float, weeks: int) -> list[MetricChoice]:
    """Metrics by how well they could show a rise by `share` within `weeks`."""
    rules.require(rules.may_read_record, actor)
    today = preferences.today()
    found = []
    for metric in Metric.objects.filter(closed=False):
        if metric.direction == Direction.NEITHER or metric.measure == Measure.STOCK:
            continue
        values = metric_values.values_of(metric)
        found.append(_choice(metric, card_of(metric, values.by(WEEK, today)), change, weeks))
    return sorted(found, key=lambda c: (c.weeks is None, c.weeks or 0, c.smallest or 1e9))


def _choice(metric: Metric, card: MetricCard, change: float, weeks: int) -> MetricChoice:
    result = card.result
    shares = [(t.weeks, t.share) for t in result.thresholds]
    known = [(after, share) for after, share in shares if share is not None]
    if not known:
        return MetricChoice(metric, None, None, card.sentences[0])
    soon = next((after for after, share in known if share <= change and after <= weeks), None)
    within = [share for after, share in known if after <= weeks] or [known[0][1]]
    smallest = min(within)
    if soon is not None:
        return MetricChoice(
            metric, soon, smallest, f"Could show {words.change(change)} after {soon} weeks."
        )
    return MetricChoice(
        metric,
        None,
        smallest,
        f"It varies a lot: within {weeks} weeks, only a change of {words.change(smallest)} would be more than chance.",
    )


# What served which goal


@dataclass(frozen=True, slots=True)
class GoalShare:
    """Hours and money that went into programs of one goal, and their shares of what was noted."""

    goal: str
    programs: tuple[str, ...]
    hours: Decimal | None
    share: float | None
    costs: tuple[tuple[str, Decimal], ...]
    activities: int


def goals(actor: Actor, since: date, until: date) -> list[GoalShare]:
    """What share of time and money served which goal, by the goals of programs."""
    rules.require(rules.may_read_record, actor)
    rows = Activity.objects.filter(status=Status.DONE, day__gte=since, day__lte=until)
    hours = dict(rows.order_by().values_list("program__goal").annotate(Sum("hours_spent")))
    total = sum((spent for spent in hours.values() if spent), start=Decimal(0))
    names: dict[str, set[str]] = {}
    numbers: dict[str, int] = {}
    for goal, name in rows.values_list("program__goal", "program__name"):
        names.setdefault(goal, set()).add(name)
        numbers[goal] = numbers.get(goal, 0) + 1
    costs: dict[str, list[tuple[str, Decimal]]] = {}
    spent = rows.exclude(cost=None).order_by().values_list("program__goal", "currency")
    for goal, currency, cost in spent.annotate(Sum("cost")):
        costs.setdefault(goal, []).append((currency, cost))
    found = [
        GoalShare(
            goal,
            tuple(sorted(names[goal])),
            hours.get(goal),
            float(spent_hours / total) if (spent_hours := hours.get(goal)) and total else None,
            tuple(costs.get(goal, ())),
            numbers[goal],
        )
        for goal in names
    ]
    return sorted(found, key=lambda each: (not each.goal, -(each.share or 0.0)))
