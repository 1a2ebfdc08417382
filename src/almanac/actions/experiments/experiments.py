"""Experiments: try something for a reason, and say what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from almanac.actions.errors import CannotError
from almanac.actions.experiments.protocols import still_open
from almanac.actions.programs import program_for
from almanac.answers.experiments import protocols, results
from almanac.answers.log.change_lines import ChangeLine
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Deviation, Experiment, Finding, Look, Protocol, Verdict
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.rules import Actor


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
        raise CannotError("When would you say it worked?")
    if by < preferences.today():
        raise CannotError(f"{by} is in the past. When is the result due?")
    now = clock.now()
    with verb(actor, "try_something") as line:
        experiment = Experiment.objects.create(
            trying=trying[:300], because=because[:600], worked_if=worked_if[:300], by=by,
            topic=" ".join(topic.lower().split())[:60],
            program=program_for(program, line) if program else None,
            created_at=now, updated_at=now,
        )  # fmt: skip
        line.create(experiment)
        line.summary = ChangeLine.EXPERIMENT(title=experiment.trying)
    return experiment


def deviate(actor: Actor, experiment: Experiment, words: str) -> Deviation:
    """What goes otherwise than the protocol says."""
    rules.require(rules.may_change_record, actor)
    words = " ".join(words.split())
    if not words:
        raise CannotError("What goes otherwise?")
    with verb(actor, "deviate") as line:
        made = Deviation.objects.create(experiment=experiment, words=words[:600], at=clock.now())
        line.create(made)
        line.summary = ChangeLine.EXPERIMENT_CHANGED(title=experiment.trying, change=made.words)
    return made


def look(actor: Actor, experiment: Experiment) -> Look | None:
    """Look at the result. Before the end this is counted, and said beside the result."""
    rules.require(rules.may_change_record, actor)
    protocol: Protocol | None = getattr(experiment, "protocol", None)
    if protocol is None or protocols.holds_at_every_look(protocol):
        return None
    over = protocols.is_over(protocol, preferences.today())
    if over or hasattr(experiment, "finding") or results.result(actor, experiment) is None:
        return None
    with verb(actor, "look") as line:
        line.undoable = False
        line.summary = ChangeLine.EXPERIMENT_LOOKED(title=experiment.trying)
        return Look.objects.create(experiment=experiment, at=clock.now())


def close(
    actor: Actor, experiment: Experiment, verdict: str, happened: str, why: str, decision: str = ""
) -> Finding:
    """Say what came of it and why; both are required, for those it did not work for most of all."""
    rules.require(rules.may_change_record, actor)
    still_open(experiment)
    if verdict not in Verdict.values:
        raise CannotError(f"It is one of {', '.join(Verdict.values)}.")
    if not happened.strip():
        raise CannotError("What happened?")
    if not why.strip():
        raise CannotError("And why, do you think? That is what the next one learns from.")
    # Closing before the end shows what came, so it is a look; one that undo does not take back.
    look(actor, experiment)
    effect: dict[str, Any] | None = None
    log_effect = error = None
    result = results.result(actor, experiment)
    if result is not None:
        effect = result.kept
        if result.ratio is not None and _is_locked(experiment):
            log_effect, error = result.ratio
    with verb(actor, "close_experiment") as line:
        finding = Finding.objects.create(
            experiment=experiment, verdict=verdict, happened=happened.strip(), why=why.strip(),
            decision=" ".join(decision.split())[:300], log_effect=log_effect, error=error,
            effect=effect, closed_at=clock.now(),
        )  # fmt: skip
        line.create(finding)
        line.summary = ChangeLine.EXPERIMENT_FOUND(
            title=experiment.trying, verdict=finding.get_verdict_display()
        )
    return finding


def _is_locked(experiment: Experiment) -> bool:
    """What was never locked says nothing beside others of its kind."""
    return Protocol.objects.filter(experiment=experiment, locked_at__isnull=False).exists()
