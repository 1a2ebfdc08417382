"""Experiments: try something for a reason, write down how, lock it, and say what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from almanac.actions.errors import CannotError
from almanac.actions.programs import program_for
from almanac.answers import experiments as answers
from almanac.record import clock, rules
from almanac.record.changelog import verb
from almanac.record.models import (
    Deviation,
    Experiment,
    Finding,
    Look,
    Measurement,
    Protocol,
    Verdict,
)
from almanac.record.queries import preferences
from almanac.record.seals import fingerprint

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.models import Metric
    from almanac.record.rules import Actor

LONGEST_WEEKS = 104
MOST_CHANGE = 10
YEARS = timedelta(days=5 * 366)
EDITABLE = ("trying", "because", "worked_if", "by", "topic")


def try_something(
    actor: Actor, trying: str, because: str, worked_if: str, by: date,
    *, topic: str = "", program: str = "",
) -> Experiment:  # fmt: skip
    """The light form: one line, kept with its time. The reason is what later runs learn from."""
    rules.require(rules.may_change_record, actor)
    trying, because, worked_if = (" ".join(text.split()) for text in (trying, because, worked_if))
    if not trying:
        raise CannotError("What are you trying?")
    if not because:
        raise CannotError("Because of what? The reason is what the next one learns from.")
    if not worked_if:
        raise CannotError("When would you say that it worked?")
    if by < preferences.today():
        raise CannotError(f"{by} is over; by which day will you look back?")
    now = clock.now()
    with verb(actor, "try_something") as line:
        experiment = Experiment.objects.create(
            trying=trying[:300], because=because[:600], worked_if=worked_if[:300], by=by,
            topic=" ".join(topic.lower().split())[:60],
            program=program_for(program, line) if program else None,
            created_at=now, updated_at=now,
        )  # fmt: skip
        line.create(experiment)
        line.summary = f"Trying {experiment.trying}"
    return experiment


@dataclass(frozen=True, slots=True)
class Plan:
    """A protocol before it is locked. smallest: the share that would matter, such as .2."""

    metric: Metric
    change: str
    starts: date
    weeks_before: int
    weeks_after: int
    smallest: float
    if_up: str
    if_unclear: str
    if_down: str
    comparison: Metric | None = None
    audience: str = ""


def write_protocol(actor: Actor, experiment: Experiment, plan: Plan) -> Protocol:
    """Write down how it will be looked at, as often as one likes until it is locked."""
    rules.require(rules.may_change_record, actor)
    _check(plan)
    known = Protocol.objects.filter(experiment=experiment).first()
    if known is not None and known.locked_at is not None:
        raise CannotError("It is locked; note what goes otherwise as a deviation.")
    _open(experiment)
    values = {name: getattr(plan, name) for name in Plan.__dataclass_fields__}
    with verb(actor, "write_protocol") as line:
        line.summary = f"Wrote down how to look at {experiment.trying}"
        if known is None:
            known = Protocol.objects.create(experiment=experiment, **values)
            line.create(known)
            return known
        names = [f"{n}_id" if n in {"metric", "comparison"} else n for n in values]
        line.keep(known, *names)
        for name, value in values.items():
            setattr(known, name, value)
        known.save()
    return known


def _check(plan: Plan) -> None:
    if not plan.change.strip():
        raise CannotError("What changes, and for whom?")
    for name, words in (("if_up", "it rose"), ("if_unclear", "it stays unclear"),
                        ("if_down", "it fell")):  # fmt: skip
        if not getattr(plan, name).strip():
            raise CannotError(f"What will you do if {words}?")
    if plan.comparison is not None and plan.comparison.pk == plan.metric.pk:
        raise CannotError("A metric cannot be its own comparison.")
    if plan.smallest == 0 or not -1 < plan.smallest <= MOST_CHANGE:
        raise CannotError(
            "The smallest change that matters lies between -99 and 1000 %, and is not 0."
        )
    if abs(plan.starts - preferences.today()) > YEARS:
        raise CannotError(f"{plan.starts} is more than five years from now.")
    if not 1 <= plan.weeks_after <= LONGEST_WEEKS or not 1 <= plan.weeks_before <= LONGEST_WEEKS:
        raise CannotError(f"Look at 1 to {LONGEST_WEEKS} weeks before and after.")


def lock(actor: Actor, experiment: Experiment) -> Protocol:
    """Freeze the protocol with its hash, before the change begins and before any outcome of it."""
    rules.require(rules.may_change_record, actor)
    _open(experiment)
    protocol = Protocol.objects.filter(experiment=experiment).first()
    if protocol is None:
        raise CannotError("There is no protocol yet; write down how you will look at it.")
    if protocol.locked_at is not None:
        return protocol
    if protocol.starts <= preferences.today():
        raise CannotError(
            f"It began on {protocol.starts}, and before means before: go on with the light form."
        )
    if Measurement.objects.filter(metric=protocol.metric, day__gte=protocol.starts).exists():
        raise CannotError(
            f"{protocol.metric.name} has a value after the start already; nothing was locked."
        )
    now = clock.now()
    body = answers.sealed_body(protocol, now)
    with verb(actor, "lock_protocol") as line:
        line.undoable = False
        line.summary = f"Locked how to look at {experiment.trying}"
        protocol.body, protocol.locked_at, protocol.sha256 = body, now, fingerprint(body)
        protocol.save(update_fields=["body", "locked_at", "sha256"])
    return protocol


def deviate(actor: Actor, experiment: Experiment, words: str) -> Deviation:
    """What goes otherwise than the protocol says."""
    rules.require(rules.may_change_record, actor)
    words = " ".join(words.split())
    if not words:
        raise CannotError("What goes otherwise?")
    with verb(actor, "deviate") as line:
        made = Deviation.objects.create(experiment=experiment, words=words[:600], at=clock.now())
        line.create(made)
        line.summary = f"{experiment.trying}: {made.words}"
    return made


def look(actor: Actor, experiment: Experiment) -> Look | None:
    """Look at the result. Before the end this is counted, and said beside the result."""
    rules.require(rules.may_change_record, actor)
    protocol: Protocol | None = getattr(experiment, "protocol", None)
    if protocol is None or answers.is_over(protocol, preferences.today()):
        return None
    with verb(actor, "look") as line:
        line.undoable = False
        line.summary = f"Looked at {experiment.trying} before its end"
        return Look.objects.create(experiment=experiment, at=clock.now())


def close(
    actor: Actor, experiment: Experiment, verdict: str, happened: str, why: str, decision: str = ""
) -> Finding:
    """Say what came of it and why; both are required, for those it did not work for most of all."""
    rules.require(rules.may_change_record, actor)
    _open(experiment)
    if verdict not in Verdict.values:
        raise CannotError(f"It is one of {', '.join(Verdict.values)}.")
    if not happened.strip():
        raise CannotError("What happened?")
    if not why.strip():
        raise CannotError("And why, do you think? That is what the next one learns from.")
    effect: dict[str, Any] | None = None
    log_effect = error = None
    result = answers.result(actor, experiment)
    if result is not None and result.ratio is not None:
        log_effect, error = result.ratio
        effect = result.kept
    with verb(actor, "close_experiment") as line:
        finding = Finding.objects.create(
            experiment=experiment, verdict=verdict, happened=happened.strip(), why=why.strip(),
            decision=" ".join(decision.split())[:300], log_effect=log_effect, error=error,
            effect=effect, closed_at=clock.now(),
        )  # fmt: skip
        line.create(finding)
        line.summary = f"{experiment.trying}: {finding.get_verdict_display()}"
    return finding


def _open(experiment: Experiment) -> None:
    if Finding.objects.filter(experiment=experiment).exists():
        raise CannotError(f"{experiment.trying} is closed; try it again as a new one.")
