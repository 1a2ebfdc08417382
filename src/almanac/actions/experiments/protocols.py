"""Protocols: write down how an experiment will be looked at, and lock it before it begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from almanac.actions.errors import CannotError
from almanac.actions.experiments.trials import deal_coming
from almanac.answers.experiments import protocols as answers
from almanac.answers.log.change_lines import ChangeLine
from almanac.core.vocabulary import GATHERINGS, Status
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.infra.seals import fingerprint
from almanac.record.models import Activity, Finding, Measurement, Protocol, Way
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.changelog import Line
    from almanac.record.models import Experiment, Metric
    from almanac.record.rules import Actor

LONGEST_WEEKS = 104
MOST_CHANGE = 10
MOST_COMPARISONS = 60
FEWEST_PAIRS, MOST_PAIRS = 12, 500
MOST_SHOWN = 100_000_000
YEARS = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class ProtocolDraft:
    """A protocol before it is locked. smallest: the share that would matter, such as .2; way: what it
    is compared with, and with it what must be named: a metric and perhaps others; or what is counted
    and how many pairs of events; or how many a version is shown to."""

    change: str
    starts: date
    smallest: float
    if_up: str
    if_unclear: str
    if_down: str
    way: str = Way.WEEKS
    metric: Metric | None = None
    comparisons: tuple[Metric, ...] = ()
    weeks_before: int = 26
    weeks_after: int = 8
    counted: str = ""
    planned: int | None = None
    audience: str = ""

    def fields(self) -> dict[str, Any]:
        """Only what its way asks for, so that nothing else stands in a lock."""
        way = Way(self.way)
        by_weeks = way == Way.WEEKS
        return {
            "way": way, "change": self.change.strip(), "audience": self.audience[:300],
            "starts": self.starts, "smallest": self.smallest, "if_up": self.if_up[:300],
            "if_unclear": self.if_unclear[:300], "if_down": self.if_down[:300],
            "weeks_before": self.weeks_before, "weeks_after": self.weeks_after,
            "metric": self.metric if by_weeks else None,
            "comparisons": [row.slug for row in self.comparisons] if by_weeks else [],
            "counted": "" if by_weeks else self.counted,
            "planned": self.planned if way in (Way.EVENTS, Way.VERSIONS) else None,
        }  # fmt: skip


def write_protocol(actor: Actor, experiment: Experiment, plan: ProtocolDraft) -> Protocol:
    """Write down how it will be looked at, as often as one likes until it is locked."""
    rules.require(rules.may_change_record, actor)
    _check(experiment, plan)
    known = Protocol.objects.filter(experiment=experiment).first()
    if known is not None and known.locked_at is not None:
        raise CannotError("It’s locked. Note what differs as a deviation.")
    still_open(experiment)
    values = plan.fields()
    with verb(actor, "write_protocol") as line:
        line.summary = ChangeLine.PROTOCOL(title=experiment.trying)
        if known is None:
            known = Protocol.objects.create(experiment=experiment, **values)
            line.create(known)
        else:
            line.keep(known, *("metric_id" if name == "metric" else name for name in values))
            for name, value in values.items():
                setattr(known, name, value)
            known.save()
        _refuse_clash(known)
        _look_back_after(known, line)
    return known


def _refuse_clash(protocol: Protocol) -> None:
    clash = answers.clashing(protocol)
    if clash is not None:
        raise CannotError(f"{clash}; take another comparison or other weeks.")


def _look_back_after(protocol: Protocol, line: Line) -> None:
    """It is not asked what came of it before it is over."""
    experiment = protocol.experiment
    if answers.holds_at_every_look(protocol):
        if experiment.by <= protocol.starts:
            raise CannotError(
                f"The result is due {experiment.by}, but it starts on {protocol.starts}; try it as a "
                "new one with a later day."
            )
    elif experiment.by < answers.ends(protocol):
        line.keep(experiment, "by")
        experiment.by = answers.ends(protocol)
        experiment.save(update_fields=["by"])


def _check(experiment: Experiment, plan: ProtocolDraft) -> None:
    if plan.way not in Way.values:
        raise CannotError(f"It is compared with one of {', '.join(Way.values)}.")
    if not plan.change.strip():
        raise CannotError("What changes, and for whom?")
    for name, words in (("if_up", "it rose"), ("if_unclear", "it stays unclear"),
                        ("if_down", "it fell")):  # fmt: skip
        if not getattr(plan, name).strip():
            raise CannotError(f"What will you do if {words}?")
    if plan.smallest == 0 or not -1 < plan.smallest <= MOST_CHANGE:
        raise CannotError("The smallest change that matters is between -99 and 1000 %, and not 0.")
    if abs(plan.starts - preferences.today()) > YEARS:
        raise CannotError(f"{plan.starts} is more than five years from now.")
    if not 1 <= plan.weeks_after <= LONGEST_WEEKS or not 1 <= plan.weeks_before <= LONGEST_WEEKS:
        raise CannotError(f"Choose 1 to {LONGEST_WEEKS} weeks before and after.")
    {
        Way.WEEKS: _check_weeks, Way.EVENTS: _check_events, Way.VERSIONS: _check_versions,
    }[Way(plan.way)](experiment, plan)  # fmt: skip


def _check_weeks(_: Experiment, plan: ProtocolDraft) -> None:
    if plan.metric is None:
        raise CannotError("Which one metric should change?")
    if plan.metric in plan.comparisons:
        raise CannotError("A metric cannot be its own comparison.")
    if len(set(plan.comparisons)) < len(plan.comparisons):
        raise CannotError("The same comparison is listed twice.")
    if len(plan.comparisons) > MOST_COMPARISONS:
        raise CannotError(f"Compare with up to {MOST_COMPARISONS} metrics.")


def _check_counted(plan: ProtocolDraft, allowed: tuple[str, ...]) -> None:
    if plan.counted not in allowed:
        raise CannotError(f"What is counted is one of {', '.join(allowed)}.")


def _check_events(experiment: Experiment, plan: ProtocolDraft) -> None:
    if experiment.program is None:
        raise CannotError("Of which program are the events? Name it with the experiment.")
    _check_counted(plan, answers.OF_EVENTS)
    if plan.planned is None or not FEWEST_PAIRS <= plan.planned <= MOST_PAIRS:
        raise CannotError(
            f"How many pairs of events? {FEWEST_PAIRS} are the least that see a rise of half, "
            f"{MOST_PAIRS} the most."
        )


def _check_versions(_: Experiment, plan: ProtocolDraft) -> None:
    _check_counted(plan, answers.OF_VERSIONS)
    if plan.planned is None or not 2 <= plan.planned <= MOST_SHOWN:
        raise CannotError("To about how many will both versions together be shown?")


def lock(actor: Actor, experiment: Experiment) -> Protocol:
    """Freeze the protocol with its hash, before the change begins and before any outcome of it."""
    rules.require(rules.may_change_record, actor)
    still_open(experiment)
    protocol = Protocol.objects.filter(experiment=experiment).first()
    if protocol is None:
        raise CannotError("There is no protocol yet. Write one first.")
    if protocol.locked_at is not None:
        return protocol
    if protocol.starts <= preferences.today():
        raise CannotError(
            f"It began on {protocol.starts}, so it can’t have a protocol any more. Just note the result."
        )
    _refuse_outcomes(protocol)
    _refuse_clash(protocol)
    now = clock.now()
    body = answers.sealed_body(protocol, now)
    with verb(actor, "lock_protocol") as line:
        line.undoable = False
        line.summary = ChangeLine.PROTOCOL_LOCKED(title=experiment.trying)
        protocol.body, protocol.locked_at, protocol.sha256 = body, now, fingerprint(body)
        protocol.save(update_fields=["body", "locked_at", "sha256"])
        if protocol.way == Way.EVENTS:
            deal_coming(protocol, line)
    return protocol


def _refuse_outcomes(protocol: Protocol) -> None:
    """Nothing that it will be judged by may be known already."""
    metric, program = protocol.metric, protocol.experiment.program
    if metric and Measurement.objects.filter(metric=metric, day__gte=protocol.starts).exists():
        raise CannotError(f"{metric.name} has a value after the start already; nothing was locked.")
    if protocol.way != Way.EVENTS or program is None:
        return
    done = Activity.objects.filter(
        program=program, kind__in=GATHERINGS, status=Status.DONE, day__gte=protocol.starts
    ).first()
    if done is not None:
        raise CannotError(f"{done.title} is done after the start already; nothing was locked.")


def still_open(experiment: Experiment) -> None:
    if Finding.objects.filter(experiment=experiment).exists():
        raise CannotError(f"{experiment.trying} is closed; try it again as a new one.")
