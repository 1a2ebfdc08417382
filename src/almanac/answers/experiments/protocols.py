"""Protocols: what was written down beforehand, what a design could show, and what it is read from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from almanac.answers.metrics import metric_values
from almanac.answers.metrics.metric_values import WEEK
from almanac.core.effects import Design, alternating, versions
from almanac.core.vocabulary import COUNTS, GATHERINGS, Status
from almanac.record.infra import clock
from almanac.record.infra.clock import monday_of
from almanac.record.infra.seals import fingerprint
from almanac.record.models import Activity, Counted, Metric, Program, Protocol, Verdict, Way
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from almanac.record.models import Trial

PARTS = {
    Counted.SHOWED_UP: ("attended", "signups"),
    Counted.JOINED_IN: ("took_part", "attended"),
}
"""Shares: what is counted, of what."""
OF_EVENTS = (
    Counted.SIGNUPS, Counted.ATTENDED, Counted.TOOK_PART, Counted.SUBMISSIONS, Counted.SHOWED_UP,
    Counted.JOINED_IN,
)  # fmt: skip
OF_VERSIONS = (Counted.RATE, Counted.RESULTS)
ANALYSES = {
    Way.WEEKS: "log_ratio-2",
    Way.EVENTS: "pairs-1",
    Way.VERSIONS: "versions-1",
    "programs": "programs-1",  # no longer offered; what was locked stays as it was
}
PAST_EVENTS = 40
NOT_LOCKED = "It was not locked before it began, so it may have been written after the fact."


def ends(protocol: Protocol) -> date:
    """The first day on which its last week is over; the day to look back, where no weeks say so."""
    if holds_at_every_look(protocol):
        return protocol.experiment.by
    first = first_week(protocol.starts) if protocol.way == Way.WEEKS else protocol.starts
    return first + timedelta(weeks=protocol.weeks_after)


def first_week(starts: date) -> date:
    """The Monday of the first whole week after; the one in which it starts is neither before nor
    after, unless it starts on its Monday."""
    return monday_of(starts + timedelta(days=6))


def is_over(protocol: Protocol, today: date) -> bool:
    return today >= ends(protocol)


def holds_at_every_look(protocol: Protocol) -> bool:
    """Whether its range allows for looking early by itself, so that looks need not be counted."""
    return protocol.way in (Way.EVENTS, Way.VERSIONS)


def sealed_body(protocol: Protocol, at: datetime) -> dict[str, Any]:
    """What a lock freezes: everything a decision rests on."""
    experiment = protocol.experiment
    return {
        "trying": experiment.trying, "because": experiment.because,
        "worked_if": experiment.worked_if, "by": experiment.by.isoformat(),
        "program": experiment.program.name if experiment.program else "",
        "way": protocol.way,
        "metric": protocol.metric.name if protocol.metric else "",
        "definition": _definition(protocol.metric),
        "comparison": ", ".join(metric.name for metric in comparisons(protocol)),
        "counted": protocol.counted, "planned": protocol.planned,
        "changed programs": ", ".join(named(protocol.changed_programs)),
        "other programs": ", ".join(named(protocol.other_programs)),
        "change": protocol.change, "audience": protocol.audience,
        "starts": protocol.starts.isoformat(), "weeks_before": protocol.weeks_before,
        "weeks_after": protocol.weeks_after, "smallest": protocol.smallest,
        "if_up": protocol.if_up, "if_unclear": protocol.if_unclear, "if_down": protocol.if_down,
        "analysis": ANALYSES[protocol.way], "locked_at": at.isoformat(),
    }  # fmt: skip


def _definition(metric: Metric | None) -> str:
    version = metric.versions.last() if metric else None
    return f"{version.number}: {version.definition}" if version else ""


def comparisons(protocol: Protocol) -> list[Metric]:
    """In the order they were given."""
    known = {row.slug: row for row in Metric.objects.filter(slug__in=protocol.comparisons)}
    return [known[slug] for slug in protocol.comparisons if slug in known]


def named(slugs: list[str]) -> list[str]:
    known = dict(Program.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return [known[slug] for slug in slugs if slug in known]


def deviations_by_itself(protocol: Protocol) -> list[str]:
    """What differs from the locked protocol without anybody having said so."""
    body = protocol.body or {}
    if not protocol.locked_at:
        return [NOT_LOCKED] if protocol.starts <= preferences.today() else []
    said = []
    compared = _undermined(protocol)
    if compared:
        said.append(f"A comparison metric was changed in these weeks, by “{compared}”.")
    if fingerprint(body) != protocol.sha256:
        said.append("The protocol was changed after it was locked.")
    now = sealed_body(protocol, protocol.locked_at)
    changed = [name for name in body if now.get(name) != body[name]]
    if changed:
        said.append(
            f"Changed since the lock: {', '.join(name.replace('_', ' ') for name in changed)}."
        )
    return said


# What else was changed


def _changed_by(protocol: Protocol) -> set[str]:
    """What it changes: a metric, or programs."""
    if protocol.way == Way.WEEKS:
        return {f"metric {protocol.metric.slug}"} if protocol.metric else set()
    program = protocol.experiment.program
    own = [program.slug] if protocol.way == Way.EVENTS and program else []
    return {f"program {slug}" for slug in [*own, *protocol.changed_programs]}


def _set_against(protocol: Protocol) -> set[str]:
    return {f"metric {slug}" for slug in protocol.comparisons} | {
        f"program {slug}" for slug in protocol.other_programs
    }


def _beside(protocol: Protocol) -> list[Protocol]:
    """Other protocols, locked or begun, whose change falls into the weeks this one looks at."""
    first = protocol.starts - timedelta(weeks=protocol.weeks_before)
    rows = Protocol.objects.exclude(pk=protocol.pk).select_related("experiment", "metric")
    rows = rows.filter(Q(locked_at__isnull=False) | Q(starts__lte=preferences.today()))
    rows = rows.exclude(experiment__finding__verdict=Verdict.ABANDONED)
    return [row for row in rows if row.starts < ends(protocol) and ends(row) > first]


def _undermined(protocol: Protocol) -> str | None:
    """The experiment that changes what this one is set against, in the same weeks."""
    against = _set_against(protocol)
    found = next((row for row in _beside(protocol) if _changed_by(row) & against), None)
    return found.experiment.trying if found else None


def clashing(protocol: Protocol) -> str | None:
    """Why it cannot be told apart from another: what it is set against is changed by that, or the other
    way round."""
    trying = _undermined(protocol)
    if trying:
        return f"A comparison metric is changed in these weeks, by “{trying}”"
    own = _changed_by(protocol)
    other = next((row for row in _beside(protocol) if _set_against(row) & own), None)
    return (
        f"“{other.experiment.trying}” uses the metric this changes as its comparison"
        if other
        else None
    )


def overlapping(protocol: Protocol) -> list[str]:
    """Sentences on other changes to the same thing in the weeks it looks at."""
    own = _changed_by(protocol)
    return [
        f"“{row.experiment.trying}” changes the same in weeks that overlap, from {row.starts:%-d %B}: "
        "their effects can’t be separated."
        for row in _beside(protocol)
        if _changed_by(row) & own
    ]


# What it is read from


def weekly(metric: Metric, today: date) -> dict[date, float | None]:
    return {p.first: p.value for p in metric_values.values_of(metric).by(WEEK, today)}


def design_of(protocol: Protocol, today: date) -> tuple[Design, tuple[str, ...]]:
    """Weekly values from the weeks before to those after that are over."""
    start = first_week(protocol.starts)
    first = start - timedelta(weeks=protocol.weeks_before)
    last = min(start + timedelta(weeks=protocol.weeks_after), monday_of(today))
    mondays = [first + timedelta(weeks=n) for n in range(max((last - first).days // 7, 0))]
    y = weekly(protocol.metric, today) if protocol.metric else {}
    if protocol.starts < start:
        y[start - timedelta(weeks=1)] = None
    others = [weekly(metric, today) for metric in comparisons(protocol)]
    design = Design.of(
        [y.get(monday) for monday in mondays],
        [[other.get(monday) for monday in mondays] for other in others],
        min(protocol.weeks_before, len(mondays)),
    )
    return design, tuple(monday.isoformat() for monday in mondays)


def counts_of(activity: Activity) -> dict[str, float | None]:
    """The stages of one event; who came only where somebody counted."""
    turnout = activity.turnout_if_any
    if turnout is None:
        return {}
    found: dict[str, float | None] = {name: getattr(turnout, name) for name in COUNTS}
    if not activity.is_counted:
        found["attended"] = None
    return found


def _part_of(activity: Activity, counted: str) -> tuple[float, float] | None:
    """A share as a part and its whole; None where either is not known, or more came than there were
    to come, which is no share."""
    counts = counts_of(activity)
    part, whole = (counts.get(name) for name in PARTS[Counted(counted)])
    return None if part is None or not whole or part > whole else (part, whole)


def value_of(activity: Activity, counted: str) -> float | None:
    """What is compared, as a person would say it: a count, or a share."""
    if counted not in PARTS:
        return counts_of(activity).get(counted)
    found = _part_of(activity, counted)
    return None if found is None else found[0] / found[1]


def reading(activity: Activity, counted: str) -> float | None:
    """The same on the log scale, on which it is compared."""
    if counted not in PARTS:
        value = counts_of(activity).get(counted)
        return None if value is None else alternating.log_count(value)
    found = _part_of(activity, counted)
    return None if found is None else alternating.log_share(*found)


@dataclass(frozen=True, slots=True)
class EventPair:
    """Two events, of which chance changed one. difference: on the log scale, None until both are
    known; broken: one of them does not take place, or not as an event of this program after both the
    start and the dealing; silent: both are over, and what is compared is not known of one."""

    number: int
    usual: Activity | None
    changed: Activity | None
    difference: float | None
    broken: bool
    silent: bool

    @property
    def is_half(self) -> bool:
        return self.usual is None or self.changed is None


def pairs_of(protocol: Protocol) -> list[EventPair]:
    by_pair: dict[int, dict[bool, Trial]] = {}
    rows = protocol.experiment.trials.exclude(activity=None)
    for trial in rows.select_related("activity__turnout", "activity__program"):
        by_pair.setdefault(trial.pair or 0, {})[trial.changed] = trial
    return [_pair(protocol, number, arms) for number, arms in sorted(by_pair.items())]


def _pair(protocol: Protocol, number: int, arms: dict[bool, Trial]) -> EventPair:
    usual, changed = (arms[arm].activity if arm in arms else None for arm in (False, True))
    values = [
        reading(row, protocol.counted) if row is not None and row.status == Status.DONE else None
        for row in (usual, changed)
    ]
    known = values[0] is not None and values[1] is not None
    broken = any(_is_out(protocol, trial) for trial in arms.values())
    over = all(row and row.begins and row.begins < clock.now() for row in (usual, changed))
    return EventPair(
        number,
        usual,
        changed,
        (values[1] or 0.0) - (values[0] or 0.0) if known and not broken else None,
        broken,
        over and not known and not broken,
    )


def _is_out(protocol: Protocol, trial: Trial) -> bool:
    """Whether an event is not any more what was dealt."""
    event = trial.activity
    if event is None or event.begins is None or event.day is None:
        return True
    return (
        event.status in (Status.DROPPED, Status.DECLINED)
        or event.program_id != protocol.experiment.program_id
        or not event.is_gathering
        or event.day < protocol.starts
        or event.begins <= trial.at
    )


def versions_of(protocol: Protocol) -> tuple[versions.Version, versions.Version]:
    """As usual and changed, with everything said of them so far."""

    def total(trials: Iterable[Trial]) -> versions.Version:
        rows = list(trials)
        return versions.Version(sum(t.count or 0 for t in rows), sum(t.shown or 0 for t in rows))

    rows = list(protocol.experiment.trials.filter(activity=None))
    return total(t for t in rows if not t.changed), total(t for t in rows if t.changed)


def around(
    protocol: Protocol, slugs: list[str], today: date
) -> tuple[list[Activity], list[Activity]]:
    """Finished events of programs in the weeks before the start, and in those after."""
    first = protocol.starts - timedelta(weeks=protocol.weeks_before)
    last = min(ends(protocol), today + timedelta(days=1))
    rows = Activity.objects.filter(
        program__slug__in=slugs, kind__in=GATHERINGS, status=Status.DONE, day__gte=first,
        day__lt=last,
    ).select_related("turnout")  # fmt: skip
    found = list(rows.order_by("day", "id"))
    return [row for row in found if row.day and row.day < protocol.starts], [
        row for row in found if row.day and row.day >= protocol.starts
    ]


def past_readings(protocol: Protocol) -> list[float]:
    """Of the program's latest finished events before the start."""
    rows = Activity.objects.filter(
        program=protocol.experiment.program, kind__in=GATHERINGS, status=Status.DONE,
        day__lt=protocol.starts,
    ).select_related("turnout")  # fmt: skip
    found = (reading(row, protocol.counted) for row in rows.order_by("-day")[:PAST_EVENTS])
    return [value for value in found if value is not None]
