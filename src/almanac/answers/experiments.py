"""Experiments: what is tried, what a design could show, what came out, and what is known by now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from almanac.answers import measured, words
from almanac.answers.analysis import Analysis, of_design, plain, sentence
from almanac.answers.errors import CannotAnswerError
from almanac.answers.measured import WEEK
from almanac.core.effects import Design
from almanac.core.effects.exaggeration import shrunken, worth
from almanac.core.effects.power import Power, advice, power
from almanac.core.effects.together import Together, pool
from almanac.record import rules
from almanac.record.clock import monday_of
from almanac.record.models import Experiment, Finding, Protocol
from almanac.record.queries import preferences
from almanac.record.seals import fingerprint

if TYPE_CHECKING:
    from almanac.record.models import Metric
    from almanac.record.rules import Actor

SHORT_WEEKS = 26
USUAL_EFFECT = 0.2
"""How large effects of such changes usually are, on the log scale, before any of its kind is known."""
_LINE = re.compile(
    r"(?:we(?:'re| are) |i(?:'m| am) )?(?:trying|try)\s+(?P<trying>.+?)\s+because\s+"
    r"(?P<because>.+?)[;,.]\s*(?:it )?work(?:ed|s) if\s+(?P<worked_if>.+?)\s+by\s+(?P<by>[^,;.]+?)\.?",
    re.IGNORECASE | re.DOTALL,
)


def parts_of(line: str) -> dict[str, str] | None:
    """“Trying X because Y; it worked if Z by then” taken apart; None where it is not that."""
    found = _LINE.fullmatch(" ".join(line.split()))
    return {name: text.strip() for name, text in found.groupdict().items()} if found else None


def experiments(actor: Actor, text: str = "") -> list[Experiment]:
    """All of them, those without a finding first, or those whose words hold a text."""
    rules.require(rules.may_read_record, actor)
    rows = Experiment.objects.select_related("program", "protocol", "finding")
    found = [row for row in rows if _holds(row, text)]
    return sorted(found, key=lambda row: (hasattr(row, "finding"), row.by, row.pk))


def _holds(row: Experiment, text: str) -> bool:
    wanted = text.casefold().strip()
    held = [row.trying, row.because, row.worked_if, row.topic]
    finding = getattr(row, "finding", None)
    held += [finding.happened, finding.why, finding.decision] if finding else []
    return not wanted or any(wanted in part.casefold() for part in held)


def find(actor: Actor, text: str) -> Experiment | None:
    rules.require(rules.may_read_record, actor)
    rows = Experiment.objects.select_related("program", "protocol", "finding")
    if text.isdecimal() and len(text) < 10:
        return rows.filter(pk=int(text)).first()
    found = list(rows.filter(trying__icontains=text).order_by("-pk")[:10]) if text.strip() else []
    open_ = [row for row in found if not hasattr(row, "finding")]
    if len(open_) > 1:
        listed = ", ".join(f"{row.pk} ({row.trying})" for row in open_)
        raise CannotAnswerError(f"“{text}” could be any of these; say its number: {listed}.")
    return next(iter(open_ or found), None)


def unanswered(actor: Actor, today: date) -> list[Experiment]:
    """Past their day without a finding: they wait on Today until they have one."""
    rules.require(rules.may_read_record, actor)
    return list(Experiment.objects.filter(by__lt=today, finding=None).order_by("by"))


def is_over(protocol: Protocol, today: date) -> bool:
    return today >= protocol.starts + timedelta(weeks=protocol.weeks_after)


def sealed_body(protocol: Protocol, at: datetime) -> dict[str, Any]:
    """What a lock freezes: everything a decision rests on."""
    experiment = protocol.experiment
    return {
        "trying": experiment.trying, "because": experiment.because,
        "worked_if": experiment.worked_if, "by": experiment.by.isoformat(),
        "metric": protocol.metric.name,
        "definition": _definition(protocol.metric),
        "comparison": protocol.comparison.name if protocol.comparison else "",
        "change": protocol.change, "audience": protocol.audience,
        "starts": protocol.starts.isoformat(), "weeks_before": protocol.weeks_before,
        "weeks_after": protocol.weeks_after, "smallest": protocol.smallest,
        "if_up": protocol.if_up, "if_unclear": protocol.if_unclear, "if_down": protocol.if_down,
        "analysis": "log_ratio-1", "locked_at": at.isoformat(),
    }  # fmt: skip


def _definition(metric: Metric) -> str:
    version = metric.versions.last()
    return f"{version.number}: {version.definition}" if version else ""


def deviations_by_itself(protocol: Protocol) -> list[str]:
    """What differs from the locked protocol without anybody having said so."""
    body = protocol.body or {}
    if not protocol.locked_at:
        return []
    said = []
    if fingerprint(body) != protocol.sha256:
        said.append("The locked protocol is not what was locked: its hash differs.")
    now = sealed_body(protocol, protocol.locked_at)
    changed = [name for name in body if now.get(name) != body[name]]
    if changed:
        said.append(
            f"Changed since the lock: {', '.join(name.replace('_', ' ') for name in changed)}."
        )
    return said


# Before and after


def _weekly(metric: Metric, today: date) -> dict[date, float | None]:
    return {p.first: p.value for p in measured.values_of(metric).by(WEEK, today)}


def design_of(protocol: Protocol, today: date) -> tuple[Design, tuple[str, ...]]:
    """Weekly values from the weeks before to those after that are over; the week in which it starts
    is the first after."""
    start = monday_of(protocol.starts)
    first = start - timedelta(weeks=protocol.weeks_before)
    last = min(start + timedelta(weeks=protocol.weeks_after), monday_of(today))
    mondays = [first + timedelta(weeks=n) for n in range(max((last - first).days // 7, 0))]
    y = _weekly(protocol.metric, today)
    others = [_weekly(protocol.comparison, today)] if protocol.comparison else []
    design = Design.of(
        [y.get(monday) for monday in mondays],
        [[other.get(monday) for monday in mondays] for other in others],
        min(protocol.weeks_before, len(mondays)),
    )
    return design, tuple(monday.isoformat() for monday in mondays)


@dataclass(frozen=True, slots=True)
class Before:
    """What the design can show: numbers, and a sentence of advice."""

    power: Power
    sentences: tuple[str, ...]


def before(actor: Actor, protocol: Protocol) -> Before:
    """By simulation on the series it would be tried on."""
    rules.require(rules.may_read_record, actor)
    design, _ = design_of(protocol, preferences.today())
    found = power(
        design.cut_at(design.start, design.start), protocol.weeks_after, protocol.smallest
    )
    said = []
    if found.refusal is not None:
        said.append(found.refusal.words)
    else:
        said.append(
            f"If the change of {protocol.smallest:+.0%} that matters is real, a clear result comes "
            f"{round(100 * found.chance)} times in 100."
        )
        if found.detectable is not None:
            said.append(f"Found four times in five: a rise of {found.detectable:.0%} or more.")
        if found.worth is not None and found.chance < 0.8:
            said.append(
                f"When it is clear, it overstates {found.worth.exaggeration:.1f}-fold on average, and "
                f"points the wrong way {100 * found.worth.sign:.1f} times in 100."
            )
    said.append(advice(found, abs(protocol.smallest)))
    return Before(found, tuple(said))


@dataclass(frozen=True, slots=True)
class Result:
    """What came out. lines: the answer in four; ratio: log effect and its error, for pooling."""

    analysis: Analysis
    over: bool
    lines: tuple[str, ...]
    ratio: tuple[float, float] | None
    kept: dict[str, Any]


def result(actor: Actor, experiment: Experiment) -> Result | None:
    """None without a protocol, or before any week after the start is over."""
    rules.require(rules.may_read_record, actor)
    protocol: Protocol | None = getattr(experiment, "protocol", None)
    if protocol is None:
        return None
    today = preferences.today()
    design, times = design_of(protocol, today)
    if not len(design.after):
        return None
    names = (protocol.comparison.name,) if protocol.comparison else ()
    found = of_design(design, protocol.metric.name, names, times, "product")
    ratio = _ratio(found)
    return Result(
        found, is_over(protocol, today), tuple(_lines(found, protocol, ratio)), ratio,
        plain(found) | {"lines": _lines(found, protocol, ratio)},
    )  # fmt: skip


def _ratio(found: Analysis) -> tuple[float, float] | None:
    first = found.first
    return (first.log, first.error) if first.log is not None and first.error else None


def _lines(found: Analysis, protocol: Protocol, ratio: tuple[float, float] | None) -> list[str]:
    first = found.first
    if first.effect is not None and first.low is not None and ratio is None:
        return [sentence(first)]
    if first.effect is None or first.low is None or first.high is None or ratio is None:
        return [first.refusal.words if first.refusal else "Nothing can be said."]
    log, error = ratio
    expected = float(np.mean(first.expected)) if first.expected else 0.0
    share = np.expm1(log)
    said = [
        f"{first.effect:+.1f} a week, {first.low:.1f} to {first.high:.1f} (95 %); {share:+.0%} of "
        f"the {expected:.1f} that would have come"
        + ("." if first.is_clear else ": no change at all is possible too."),
    ]
    wanted = float(np.log1p(protocol.smallest))
    beyond = _beyond(log, error, wanted)
    said.append(
        f"The chance that it is at least the {protocol.smallest:+.0%} that matters: "
        f"{round(100 * beyond)} in 100."
    )
    size = worth(max(abs(wanted), 1e-6), error)
    kept = np.expm1(shrunken(log, error, USUAL_EFFECT))
    said.append(
        f"A clear result of this design overstates {size.exaggeration:.1f}-fold if the change that "
        f"matters is real; drawn towards none it is {kept:+.0%}."
    )
    if found.placebo is not None:
        said.append(
            f"Moved to {words.counted(found.placebo.cuts, 'earlier cut', 'earlier cuts')}, it ranks "
            f"{found.placebo.rank} of {found.placebo.cuts + 1}; {found.placebo.clear} of those look "
            "clear though nothing was changed."
        )
    else:
        said.append("Too few weeks before it to set it among placebos.")
    return said


def _beyond(log: float, error: float, wanted: float) -> float:
    from scipy.special import ndtr  # noqa: PLC0415 - beside its only use

    sign = 1.0 if wanted >= 0 else -1.0
    return float(ndtr(sign * (log - wanted) / error))


# Together


@dataclass(frozen=True, slots=True)
class Topic:
    """Findings of one kind: what they say together, and each beside it."""

    topic: str
    findings: tuple[Finding, ...]
    together: Together | None
    sentence: str


def topics(actor: Actor) -> list[Topic]:
    rules.require(rules.may_read_record, actor)
    rows = Finding.objects.exclude(experiment__topic="").select_related("experiment")
    by_topic: dict[str, list[Finding]] = {}
    for row in rows.order_by("closed_at"):
        by_topic.setdefault(row.experiment.topic, []).append(row)
    return [_topic(topic, found) for topic, found in sorted(by_topic.items())]


def _topic(topic: str, found: list[Finding]) -> Topic:
    known = [row for row in found if row.log_effect is not None and row.error]
    joint = pool([row.log_effect or 0.0 for row in known], [row.error or 1.0 for row in known])
    many = words.counted(len(found), "experiment", "experiments")
    worked = sum(row.verdict == "worked" for row in found)
    said = f"{many} about {topic}; {worked} worked."
    if joint is not None:
        said += (
            f" Together they moved the number by {np.expm1(joint.mean):+.0%}, "
            f"{np.expm1(joint.low):+.0%} to {np.expm1(joint.high):+.0%} (95 %)."
        )
    return Topic(topic, tuple(found), joint, said)
