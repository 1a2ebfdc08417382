"""Experiments: what is tried, what waits for an answer, and what is known by now of each kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from almanac.answers import words
from almanac.answers.errors import CannotAnswerError
from almanac.core.effects.together import PooledFindings, pool
from almanac.record import rules
from almanac.record.models import Experiment, Finding, Verdict

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.models import Program
    from almanac.record.rules import Actor

MOST_OF_PROGRAM = 20
LARGEST_KEY = 1 << 63

_LINE = re.compile(
    r"(?:we(?:'re| are) |i(?:'m| am) )?(?:trying|try)\s+(?P<trying>.+?)\s+because\s+"
    r"(?P<because>.+?)[;,.]\s*(?:it )?work(?:ed|s) if\s+(?P<worked_if>.+)\s+by\s+(?P<by>.+?)\.?",
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


def of_program(actor: Actor, program: Program) -> list[Experiment]:
    """What was tried on one program, the latest first."""
    rules.require(rules.may_read_record, actor)
    rows = Experiment.objects.filter(program=program).select_related("finding", "protocol")
    return list(rows.order_by("-by", "-pk")[:MOST_OF_PROGRAM])


def tried_about(actor: Actor, topic: str) -> list[Experiment]:
    """What was tried on one topic, the latest first."""
    rules.require(rules.may_read_record, actor)
    rows = Experiment.objects.filter(topic__iexact=topic).select_related("finding")
    return list(rows.order_by("-by", "-pk")[:MOST_OF_PROGRAM])


def _holds(row: Experiment, text: str) -> bool:
    wanted = text.casefold().strip()
    held = [row.trying, row.because, row.worked_if, row.topic]
    finding = getattr(row, "finding", None)
    held += [finding.happened, finding.why, finding.decision] if finding else []
    return not wanted or any(wanted in part.casefold() for part in held)


def by_number(actor: Actor, key: int) -> Experiment | None:
    rules.require(rules.may_read_record, actor)
    rows = Experiment.objects.select_related("program", "protocol", "finding")
    return rows.filter(pk=key).first() if key < LARGEST_KEY else None


def find(actor: Actor, text: str) -> Experiment | None:
    rules.require(rules.may_read_record, actor)
    rows = Experiment.objects.select_related("program", "protocol", "finding")
    if text.isdecimal() and len(text) < 10:
        return by_number(actor, int(text))
    wanted = text.strip().casefold()
    keys = Experiment.objects.order_by("-pk").values_list("pk", "trying")
    named = [key for key, trying in keys if wanted and wanted in trying.casefold()][:10]
    found = sorted(rows.filter(pk__in=named), key=lambda row: -row.pk)
    open_ = [row for row in found if not hasattr(row, "finding")]
    if len(open_) > 1:
        listed = ", ".join(f"{row.pk} ({row.trying})" for row in open_)
        raise CannotAnswerError(f"“{text}” could be any of these; say its number: {listed}.")
    return next(iter(open_ or found), None)


def unanswered(actor: Actor, today: date) -> list[Experiment]:
    """Past their day without a finding: they wait on Today until they have one."""
    rules.require(rules.may_read_record, actor)
    return list(Experiment.objects.filter(by__lt=today, finding=None).order_by("by"))


# Together


RESULTS = {
    Verdict.WORKED: "It worked",
    Verdict.PARTLY: "It worked in part",
    Verdict.NOT: "It fell short",
    Verdict.UNCLEAR: "Can’t tell whether it worked",
    Verdict.ABANDONED: "It wasn’t finished",
}


def result_said(finding: Finding) -> str:
    """“It fell short (the aim was: a fifth of sign-ups come). 8 of 61 came.”"""
    aim = finding.experiment.worked_if.rstrip(".")
    said = RESULTS[Verdict(finding.verdict)]
    return (
        f"{said} (the aim was: {aim}). {finding.happened}" if aim else f"{said}. {finding.happened}"
    )


@dataclass(frozen=True, slots=True)
class Topic:
    """Findings of one kind: what they say together, and each beside it."""

    topic: str
    findings: tuple[Finding, ...]
    together: PooledFindings | None
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
    of = (
        f"{worked} of {len(found)}"
        if 0 < worked < len(found)
        else "none"
        if not worked
        else "it"
        if worked == 1
        else "all"
    )
    said = f"{many} about {topic}: {of} worked."
    if joint is not None:
        said += (
            f" Together they moved the number by {words.change(np.expm1(joint.mean))}, "
            f"{words.change(np.expm1(joint.low))} to {words.change(np.expm1(joint.high))} (95 %)."
        )
    return Topic(topic, tuple(found), joint, said)
