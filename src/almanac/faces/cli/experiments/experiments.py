"""`almanac experiment`: what is tried on purpose, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cyclopts import App

from almanac.actions.errors import CannotError
from almanac.actions.experiments import experiments as verbs
from almanac.actions.experiments.experiments import look, try_something
from almanac.answers.experiments import before_after
from almanac.answers.experiments.experiments import (
    RESULTS,
    experiments,
    parts_of,
    result_said,
    topics,
)
from almanac.answers.experiments.protocols import deviations_by_itself, pairs_of
from almanac.answers.experiments.results import of_stage, result
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_ahead_if_any
from almanac.faces.cli.experiments.analysis import analyse
from almanac.faces.cli.experiments.names import the_experiment, told
from almanac.faces.cli.experiments.protocols import deviate, lock, power, protocol, tally
from almanac.faces.cli.open import open_logbook
from almanac.record.models import Verdict
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.answers.experiments.results import Result
    from almanac.record.models import Experiment

experiment = App(
    name="experiment",
    help="""What you try on purpose: for a reason, with an end, never left unanswered.

    One line is enough: `almanac experiment try "trying reminders because people forget; it worked if 30
    come by 2027-03-01"`, and once it is known `almanac experiment close reminders worked "34 came" --why
    "they said so"`. For more certainty write a `protocol`, see its `power`, and `lock` it before it starts;
    `show` says what came out. `analyse` reads any table with a row a period. Each has a `--help`.""",
)


@experiment.default
def waiting(*, as_json: JsonFlag = False) -> int:
    """What waits for an answer, what was found, and what is known by now of each kind.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    return listed(as_json=as_json)


@experiment.command(name="list")
def listed(words: str = "", *, as_json: JsonFlag = False) -> int:
    """What waits for an answer and what was found, or those whose words hold a text.

    Parameters
    ----------
    words
        Only those whose words hold this.
    as_json
        Print JSON.
    """
    open_logbook()

    found, kinds = experiments(OWNER, words), topics(OWNER)
    if as_json:
        out.data(
            {
                "experiments": [_plain(row) for row in found],
                "topics": [{"topic": kind.topic, "says": kind.sentence} for kind in kinds],
            }
        )
        return 0
    if not found:
        out.say(
            'No experiments yet. Start one: almanac experiment try "trying X because Y; it worked if Z by DAY"'
        )
    for row in found:
        finding = getattr(row, "finding", None)
        due = "" if finding else f": result due {row.by:%-d %b %Y}"
        out.say(f"{row.pk}. {row.trying}{due}")
        if finding:
            out.say(f"   {result_said(finding)} Why: {finding.why}")
    for kind in kinds:
        out.say(kind.sentence)
    return 0


@experiment.command(name="try")
def try_(
    line: str, *, because: str = "", worked_if: str = "", by: str = "", topic: str = "",
    program: str = "", as_json: JsonFlag = False,
) -> int:  # fmt: skip
    """Try something: “trying X because Y; it worked if Z by DAY”.

    Parameters
    ----------
    line
        The line, or what you try where the rest is said by the options.
    because
        The reason; the next one learns from it.
    worked_if
        When you would say that it worked.
    by
        The day on which you look back.
    topic
        The kind of change, such as reminders; findings of a kind are put together.
    program
        The program it is about.
    as_json
        Print JSON.
    """
    open_logbook()

    parts = parts_of(line) or {"trying": line}
    day = day_ahead_if_any(by or parts.get("by", ""))
    if day is None:
        raise CannotError(
            "Say it as: trying X because Y; it worked if Z by DAY (or with --because, --worked-if, --by)."
        )
    made = try_something(
        OWNER, parts["trying"], because or parts.get("because", ""),
        worked_if or parts.get("worked_if", ""), day, topic=topic, program=program,
    )  # fmt: skip
    return told(f"Saved: {made.trying}. Result due {made.by:%-d %B %Y}.", made, as_json=as_json)


@experiment.command
def show(name: str, *, as_json: JsonFlag = False) -> int:
    """What came out. Before the end this counts as a look, which widens the range.

    Parameters
    ----------
    name
        The experiment, by words or number.
    as_json
        Print JSON.
    """
    open_logbook()

    found = the_experiment(name)
    shown = result(OWNER, found)
    if shown is not None and look(OWNER, found) is not None:
        # A look is paid for by the range it shows.
        shown = result(OWNER, found)
    looks = found.looks.count()
    protocol = getattr(found, "protocol", None)
    aside = [row.words for row in found.deviations.all()]
    aside += deviations_by_itself(protocol) if protocol else []
    if as_json:
        out.data(_plain(found) | {"before_after": before_after.of_experiment(OWNER, found),
                                  "result": shown.kept if shown else None, "looks": looks,
                                  "deviations": aside})  # fmt: skip
        return 0
    out.say(f"Trying {found.trying}, because {found.because}.")
    out.say(f"It worked if {found.worked_if}, by {found.by:%-d %B %Y}.")
    for pair in pairs_of(protocol) if protocol else ():
        changed = pair.changed.title if pair.changed else "the next one"
        usual = pair.usual.title if pair.usual else "the next one"
        out.say(f"  Pair {pair.number}: changed {changed}; as usual {usual}")
    if shown is not None:
        _say_result(shown)
    elif protocol:
        out.say("Nothing has come of it yet.")
    elif said := before_after.of_experiment(OWNER, found):
        out.say(said)
    if looks:
        out.say(f"Looked at before its end: {looks}, which widens the range.")
    for words in aside:
        out.say(f"Differs from the protocol: {words}")
    return 0


def _say_result(shown: Result) -> None:

    for line in (*shown.lines, *shown.also):
        out.say(f"  {line}")
    if shown.stages:
        stages = [list(of_stage(row)) for row in shown.stages]
        out.rows(["stage", "as usual → changed", "so"], stages)
    if shown.checks:
        out.rows(["checked", "found", "so"], [list(row) for row in shown.checks])


@experiment.command
def close(
    name: str, verdict: str, happened: str, *, why: str = "", decision: str = "",
    as_json: JsonFlag = False,
) -> int:  # fmt: skip
    """Say what came of it, and why.

    Parameters
    ----------
    name
        The experiment, by words or number.
    verdict
        worked, partly, not, unclear or abandoned.
    happened
        What happened.
    why
        Why, do you think? Next learns from it.
    decision
        What you do now.
    as_json
        Print JSON.
    """
    open_logbook()

    found = the_experiment(name)
    finding = verbs.close(OWNER, found, verdict, happened, why, decision)
    return told(f"{found.trying}: {RESULTS[Verdict(finding.verdict)]}.", found, as_json=as_json)


for command in (protocol, power, lock, tally, deviate, analyse):
    experiment.command(command)


def _plain(row: Experiment) -> dict[str, Any]:
    finding = getattr(row, "finding", None)
    protocol = getattr(row, "protocol", None)
    return {
        "id": row.pk, "trying": row.trying, "because": row.because, "worked_if": row.worked_if,
        "by": row.by, "topic": row.topic,
        "locked": protocol.sha256 if protocol and protocol.locked_at else None,
        "finding": None if finding is None else {
            "verdict": finding.verdict, "happened": finding.happened, "why": finding.why,
            "decision": finding.decision,
        },
    }  # fmt: skip
