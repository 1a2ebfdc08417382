"""Trials: which event gets the change is chance's to say, before it happens; what versions brought."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from almanac.actions.errors import CannotError
from almanac.answers.experiments.protocols import pairs_of, value_of
from almanac.answers.log.change_lines import ChangeLine
from almanac.core.vocabulary import GATHERINGS, Status
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Activity, Experiment, Protocol, Trial, Way
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.changelog import Line
    from almanac.record.rules import Actor

LARGEST = 1_000_000_000


def deal(activity: Activity, line: Line) -> list[Trial]:
    """Assign a future event its arm in every experiment of its program that runs on events,
    unless what it would be judged by is known already."""
    begins = activity.begins
    if begins is None or begins <= clock.now() or activity.day is None:
        return []
    running = Protocol.objects.filter(
        way=Way.EVENTS, locked_at__isnull=False, experiment__program=activity.program,
        experiment__finding=None, starts__lte=activity.day,
    ).exclude(experiment__trials__activity=activity)  # fmt: skip
    made = [
        trial
        for protocol in running
        if value_of(activity, protocol.counted) is None
        for trial in _arm(protocol, activity)
    ]
    line.create(*made)
    return made


def _arm(protocol: Protocol, activity: Activity) -> list[Trial]:
    """The second of a pair gets what the first did not; the first what the hash of the lock says."""
    pairs = pairs_of(protocol)
    half = next((pair for pair in pairs if pair.is_half and not pair.broken), None)
    if half is None and sum(not pair.broken for pair in pairs) >= (protocol.planned or 0):
        return []
    number = half.number if half else max((pair.number for pair in pairs), default=0) + 1
    changed = half.changed is None if half else coin(protocol.sha256, number)
    return [
        Trial.objects.create(
            experiment=protocol.experiment, activity=activity, pair=number, changed=changed,
            day=activity.day, at=clock.now(),
        )
    ]  # fmt: skip


def coin(seal: str, pair: int) -> bool:
    """Fixed by what was locked, so that nobody can choose, and anybody can check."""
    return sha256(f"{seal}:{pair}".encode()).digest()[0] % 2 == 0


def deal_coming(protocol: Protocol, line: Line) -> None:
    """Those that are planned already when the protocol is locked, in order of their days."""
    rows = Activity.objects.filter(
        program=protocol.experiment.program, status=Status.PLANNED, kind__in=GATHERINGS,
        day__gte=protocol.starts,
    )  # fmt: skip
    for activity in rows.order_by("day", "id"):
        deal(activity, line)


def tally(
    actor: Actor, experiment: Experiment, *, changed: bool, count: int, shown: int,
    day: date | None = None,
) -> Trial:  # fmt: skip
    """Add `count` results of one version shown to `shown` people to those entered before."""
    rules.require(rules.may_change_record, actor)
    protocol = Protocol.objects.filter(experiment=experiment).first()
    if protocol is None or protocol.way != Way.VERSIONS or protocol.locked_at is None:
        raise CannotError(
            "Only an experiment on two versions whose protocol is locked takes counts."
        )
    if hasattr(experiment, "finding"):
        raise CannotError(f"{experiment.trying} is closed; try it again as a new one.")
    day = day or preferences.today()
    if not protocol.starts <= day <= preferences.today():
        raise CannotError(f"Results count from {protocol.starts} to today.")
    if not 0 < shown <= LARGEST or not 0 <= count <= LARGEST:
        raise CannotError("To how many was it shown, and how many results came of that?")
    if protocol.counted == "rate" and count > shown:
        raise CannotError(f"Of {shown} it was shown to, no more than {shown} can have done it.")
    with verb(actor, "tally") as line:
        made = Trial.objects.create(
            experiment=experiment, changed=changed, day=day, count=count, shown=shown,
            at=clock.now(),
        )  # fmt: skip
        line.create(made)
        which = "changed" if changed else "usual"
        line.summary = ChangeLine.EXPERIMENT_COUNTED(
            title=experiment.trying, count=count, shown=shown, version=which
        )
    return made
