"""Metrics, measurements and targets: switch on, define, measure, set and split targets."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta

from almanac.actions.errors import CannotError
from almanac.actions.programs import program_for
from almanac.answers.log import change_lines
from almanac.answers.log.change_lines import ChangeLine
from almanac.answers.metrics.catalogue import ENTRIES
from almanac.answers.metrics.metric_values import values_of
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Direction, Measure, Measurement, Metric, MetricVersion, Target
from almanac.record.queries import preferences
from almanac.record.queries.names import called
from almanac.record.queries.slugs import free_slug
from almanac.sources.tables.measurements_table import value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.record.changelog import Line
    from almanac.record.rules import Actor

LARGEST = 1e15
DETAILS = (
    "name", "unit", "direction", "measure", "whole", "sort", "stage", "goal", "question", "cares",
    "shared", "closed",
)  # fmt: skip
QUARTER, MONTH = "quarter", "month"


def switch_on(actor: Actor, key: str) -> Metric:
    """Make a metric of a definition in the catalogue; one that is on already stays as it is."""
    rules.require(rules.may_change_record, actor)
    entry = ENTRIES.get(key)
    if entry is None:
        raise CannotError(f"The catalogue has no “{key}”.")
    if entry.needs:
        raise CannotError(
            f"{entry.name} needs interactions of a community, which this logbook has none of yet."
        )
    known = Metric.objects.filter(entry=key).first()
    if known is not None:
        return set_details(actor, known, closed=False) if known.closed else known
    with verb(actor, "switch_on") as line:
        metric = _create(
            line,
            name=entry.name,
            unit=entry.unit,
            direction=entry.direction,
            measure=entry.measure,
            whole=entry.whole,
            sort=entry.sort,
            stage=entry.stage,
            feed=entry.feed,
            entry=entry.key,
            definition=entry.definition,
            formula=entry.formula,
        )
        line.summary = ChangeLine.METRIC_ON(metric=metric.name)
    return metric


def begin_metric(
    actor: Actor,
    name: str,
    *,
    definition: str = "",
    formula: str = "",
    program: str = "",
    **details: Any,
) -> Metric:
    """An own metric, measured by hand or import."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "begin_metric") as line:
        metric = new_metric(line, name, definition, formula, program, **details)
        line.summary = ChangeLine.METRIC_NEW(metric=metric.name)
    return metric


def new_metric(
    line: Line,
    name: str,
    definition: str = "",
    formula: str = "",
    program: str = "",
    **details: Any,
) -> Metric:
    """Make a metric within a verb."""
    name = " ".join(name.split())[:120]
    if not name:
        raise CannotError("A metric needs a name.")
    if called(Metric.objects.all(), name):
        raise CannotError(f"There is a metric called {name} already.")
    _check_details(details)
    belongs = program_for(program, line) if program else None
    return _create(
        line, name=name, definition=definition, formula=formula, program=belongs, **details
    )


def _create(line: Line, *, definition: str, formula: str, **fields: Any) -> Metric:
    now = clock.now()
    metric = Metric.objects.create(
        slug=free_slug(Metric, fields["name"], otherwise="metric", most=70),
        created_at=now,
        updated_at=now,
        **fields,
    )
    version = MetricVersion.objects.create(
        metric=metric,
        number=1,
        definition=definition,
        formula=formula,
        since=date(1970, 1, 1),
        created_at=now,
    )
    line.create(metric, version)
    return metric


def _check_details(details: dict[str, Any]) -> None:
    unknown = set(details) - set(DETAILS)
    if unknown:
        raise CannotError(f"A metric has no {', '.join(sorted(unknown))}.")
    if details.get("direction", Direction.UP) not in Direction.values:
        raise CannotError("The direction is up, down or neither.")
    if details.get("measure", Measure.FLOW) not in Measure.values:
        raise CannotError("A metric adds up (flow), stands (stock) or is a rate.")


def set_details(actor: Actor, metric: Metric, **details: Any) -> Metric:
    """Change what does not change its meaning: name, unit, goal, question, whether it is closed."""
    rules.require(rules.may_change_record, actor)
    _check_details(details)
    name = " ".join(str(details.get("name", metric.name)).split())
    if not name:
        raise CannotError("A metric needs a name.")
    if called(Metric.objects.exclude(pk=metric.pk), name):
        raise CannotError(f"There is a metric called {name} already.")
    changed = {n: v for n, v in details.items() if getattr(metric, n) != v}
    if not changed:
        return metric
    with verb(actor, "set_details") as line:
        line.keep(metric, *changed, "updated_at")
        for field, value in changed.items():
            setattr(metric, field, value)
        metric.updated_at = clock.now()
        metric.save()
        line.summary = ChangeLine.METRIC_CHANGED(
            fields=change_lines.fields(changed), metric=metric.name
        )
    return metric


def redefine(
    actor: Actor, metric: Metric, definition: str, formula: str = "", since: date | None = None
) -> MetricVersion:
    """Change what it means: a new version, from a day on; charts show the break."""
    rules.require(rules.may_change_record, actor)
    if not definition.strip():
        raise CannotError("What does it mean from now on? A definition is a sentence.")
    since = since or preferences.today()
    latest = metric.versions.last()
    if latest is not None and since <= latest.since:
        raise CannotError(f"Version {latest.number} began on {latest.since}; choose a later day.")
    with verb(actor, "redefine") as line:
        version = MetricVersion.objects.create(
            metric=metric,
            number=(latest.number if latest else 0) + 1,
            definition=definition.strip(),
            formula=formula.strip(),
            since=since,
            created_at=clock.now(),
        )
        line.create(version)
        line.summary = ChangeLine.METRIC_VERSION(
            metric=metric.name, day=since, number=version.number
        )
    return version


def measure(
    actor: Actor,
    metric: Metric,
    value: float,
    day: date | None = None,
    *,
    label: str = "",
    origin: str = "you said",
) -> Measurement:
    """One value at one day. What stood there before is kept as what it replaced."""
    rules.require(rules.may_change_record, actor)
    if metric.feed:
        raise CannotError(
            f"{metric.name} is counted from your logbook; change what it is counted from instead."
        )
    day = day or preferences.today()
    with verb(actor, "measure") as line:
        made, _ = note(line, metric, [(day, value)], label, origin)
        line.summary = ChangeLine.MEASURED(metric=metric.name, value=value, day=day)
    return made[0]


def note(
    line: Line, metric: Metric, values: Sequence[tuple[date, float]], label: str, origin: str
) -> tuple[list[Measurement], int]:
    """Write values within a verb: rows made, and how many corrected an earlier value. The same
    value again makes no row."""
    for day, value in values:
        _check_value(value, day)
    days = [day for day, _ in values]
    current = {
        row.day: row
        for row in Measurement.objects.filter(
            metric=metric, label=label, replaced_at__isnull=True, day__in=days
        )
    }
    now = clock.now()
    new, corrected = [], 0
    for day, value in dict(values).items():
        before = current.get(day)
        if before is not None and before.value == value:
            continue
        if before is not None:
            line.keep(before, "replaced_at")
            before.replaced_at = now
            before.save(update_fields=["replaced_at"])
            corrected += 1
        new.append(
            Measurement(
                metric=metric, label=label, day=day, value=value, origin=origin[:200], noted_at=now
            )
        )
    made = Measurement.objects.bulk_create(new, batch_size=500)
    line.create(*made)
    if not made:
        latest = current.get(days[-1]) if days else None
        return ([latest] if latest else []), 0
    return made, corrected


def _check_value(value: float, day: date) -> None:
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise CannotError("A value is a plain number.")
    if not date(1970, 1, 1) <= day <= date(2100, 12, 31):
        raise CannotError("Choose a day between 1970 and 2100.")


# Targets


def aim(
    actor: Actor,
    metric: Metric,
    value: float,
    by: date,
    *,
    since: date | None = None,
    why: str = "",
    program: str = "",
) -> Target:
    """What a metric should become by when. A flow counts from `since` on, this year's first day
    where nothing else is said."""
    rules.require(rules.may_change_record, actor)
    today = preferences.today()
    if by < today:
        raise CannotError(f"{by} is past; a target is for a day that is still to come.")
    since = since or min(today.replace(month=1, day=1), by)
    if since > by:
        raise CannotError("A target begins before it ends.")
    _check_value(value, by)
    with verb(actor, "aim") as line:
        now = clock.now()
        target = Target.objects.create(
            metric=metric,
            program=program_for(program, line) if program else metric.program,
            since=since,
            by=by,
            value=value,
            why=why[:300],
            created_at=now,
            updated_at=now,
        )
        line.create(target)
        line.summary = ChangeLine.TARGET(metric=metric.name, value=value, day=by)
    return target


def change_target(actor: Actor, target: Target, **fields: Any) -> Target:
    """Change its value, day or reason; the change log keeps what it was."""
    rules.require(rules.may_change_record, actor)
    unknown = set(fields) - {"value", "by", "why", "dropped"}
    if unknown:
        raise CannotError(f"A target has no {', '.join(sorted(unknown))}.")
    changed = {n: v for n, v in fields.items() if getattr(target, n) != v}
    if not changed:
        return target
    if changed.get("by", target.by) < target.since:
        raise CannotError("A target begins before it ends.")
    with verb(actor, "change_target") as line:
        line.keep(target, *changed, "updated_at")
        for field, value in changed.items():
            setattr(target, field, value)
        target.updated_at = clock.now()
        target.save()
        line.summary = ChangeLine.TARGET_CHANGED(metric=target.metric.name)
    return target


def drop_target(actor: Actor, target: Target) -> Target:
    return change_target(actor, target, dropped=True)


def read_value(metric: Metric, text: str) -> float:
    """A number as a person writes it; “60%” of a share is 0.6."""
    number = value_of(text)
    return number / 100 if metric.is_share and text.strip().endswith("%") else number


def _begins_at(target: Target) -> float:
    """What a sum starts from is nothing; what stands starts from where it stood."""
    if target.start_value is not None or target.metric.measure == Measure.FLOW:
        return target.start_value or 0.0
    days = values_of(target.metric).days
    before = [fed.value for fed in days if fed.day <= target.since]
    return before[-1] if before else days[0].value if days else 0.0


def break_down(actor: Actor, target: Target, step: str) -> list[Target]:
    """Parts by quarter or month, in proportion to their days, that add up to the whole (a flow), or
    lie on the way to it (what stands)."""
    rules.require(rules.may_change_record, actor)
    if step not in {QUARTER, MONTH}:
        raise CannotError("Break it down by quarter or by month.")
    if target.whole_target_id is not None:
        raise CannotError("A part is not broken down further.")
    spans = _spans(target.since, target.by, step)
    if len(spans) < 2:
        raise CannotError(f"It does not last longer than a {step}.")
    days = (target.by - target.since).days + 1
    flow = target.metric.measure == Measure.FLOW
    rate = target.metric.measure == Measure.RATE
    begin = _begins_at(target)
    now = clock.now()
    parts = []
    given = 0.0
    for first, last in spans:
        share = 1.0 if rate else ((last - target.since).days + 1) / days
        reached = begin + (target.value - begin) * share
        value = reached - given if flow else reached
        if flow and target.metric.whole:
            value = round(reached) - given
        given += value if flow else 0.0
        parts.append(
            Target(
                metric=target.metric,
                whole_target=target,
                program=target.program,
                since=first,
                by=last,
                value=value,
                created_at=now,
                updated_at=now,
            )
        )
    with verb(actor, "break_down") as line:
        for old in target.parts.filter(dropped=False):
            line.keep(old, "dropped")
            old.dropped = True
            old.save(update_fields=["dropped"])
        line.create(*Target.objects.bulk_create(parts))
        line.summary = ChangeLine.TARGET_SPLIT(metric=target.metric.name, step=step)
    return parts


def _spans(since: date, by: date, step: str) -> list[tuple[date, date]]:
    months = 3 if step == QUARTER else 1
    found = []
    first = since
    while first <= by:
        begun = first.replace(month=(first.month - 1) // months * months + 1, day=1)
        following = begun + relativedelta(months=months)
        last = min(following - timedelta(days=1), by)
        found.append((first, last))
        first = following
    return found
