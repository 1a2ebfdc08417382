"""`almanac experiment`: what is tried on purpose, and what a change did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from almanac.faces.cli import out
from almanac.faces.cli.logbook import one_document, open_logbook
from almanac.faces.cli.metrics import the_metric
from almanac.faces.cli.writing import JsonFlag, day_ahead_if_any

if TYPE_CHECKING:
    from almanac.record.models import Experiment

DOINGS = ("list", "try", "protocol", "power", "lock", "deviate", "show", "close", "analyse")


def experiment(
    what: str = "list",
    name: str = "",
    words: str = "",
    *,
    because: str = "",
    worked_if: str = "",
    by: str = "",
    topic: str = "",
    program: str = "",
    metric: str = "",
    against: str = "",
    change: str = "",
    audience: str = "",
    starts: str = "",
    weeks_before: int = 26,
    weeks_after: int = 8,
    smallest: float = 20,
    if_up: str = "",
    if_unclear: str = "",
    if_down: str = "",
    why: str = "",
    decision: str = "",
    outcome: str = "",
    comparison: list[str] | None = None,
    since: Annotated[str, Parameter(name="--from")] = "",
    prior: str = "product",
    as_json: JsonFlag = False,
) -> int:
    """What you try on purpose: for a reason, with an end, never left unanswered.

    `almanac experiment try "trying reminders because people forget; it worked if 30 come by
    2027-03-01"` keeps the light form, one line; `experiment` lists what waits and what was found;
    `experiment close NAME worked "34 came" --why "they said so"` says what came of it. For more
    certainty: `experiment protocol NAME --metric "Sign-ups" --against "Visits" --change "..." --starts
    2027-01-04 --smallest 20 --if-up ... --if-unclear ... --if-down ...`, then `experiment power NAME`
    (what it could show), `experiment lock NAME` before it starts, `experiment deviate NAME "..."`,
    `experiment show NAME` (before the end this is counted as a look). `experiment analyse weekly.csv
    --outcome signups --comparison others --from 2026-03-02` reads any table with a row a period.

    Parameters
    ----------
    what
        list, try, protocol, power, lock, deviate, show, close or analyse.
    name
        The experiment, by words or number; with `try` the line; with `analyse` the table; with
        `list` words to search for; with `close` it is followed by the verdict.
    words
        With `close`: worked, partly, not, unclear or abandoned. With `deviate`: what goes otherwise.
    because
        With `try`, where the line does not say it: the reason.
    worked_if
        With `try`: when it worked. With `close`: what happened.
    by
        With `try`: the day on which you look back.
    topic
        With `try`: the kind of change, such as reminders; findings of a kind are put together.
    program
        With `try`: the program it is about.
    metric
        With `protocol`: the one metric that should change.
    against
        With `protocol`: a metric the change cannot touch, to compare with.
    change
        With `protocol`: what changes.
    audience
        With `protocol`: for whom.
    starts
        With `protocol`: the day the change begins.
    weeks_before
        With `protocol`: weeks to compare with.
    weeks_after
        With `protocol`: weeks to look at.
    smallest
        With `protocol`: the smallest change that would matter, in percent.
    if_up
        With `protocol`: what you will do if it rose.
    if_unclear
        With `protocol`: what you will do if it stays unclear.
    if_down
        With `protocol`: what you will do if it fell.
    why
        With `close`: why, do you think?
    decision
        With `close`: what you do now.
    outcome
        With `analyse`: the column that should have changed.
    comparison
        With `analyse`: a column the change cannot have touched; may be said several times.
    since
        With `analyse`: the first period after, a value of the first column or a row number.
    prior
        With `analyse`: product, or causalimpact for the R package's own.
    as_json
        Print JSON.
    """
    open_logbook()
    from almanac.actions import experiments as verbs
    from almanac.actions.errors import CannotError
    from almanac.record.rules import OWNER

    if what not in DOINGS:
        raise CannotError(f"Say one of {', '.join(DOINGS)}: almanac experiment --help.")
    if what == "analyse":
        return _analyse(name, outcome, since, comparison or [], prior, as_json=as_json)
    if what == "list":
        return _list(name, as_json=as_json)
    if what == "try":
        made = _try(name, because, worked_if, by, topic, program)
        return _told(f"Kept: {made.trying}. You look back on {made.by:%-d %B %Y}.", made, as_json)
    found = _the_experiment(name)
    if what == "show":
        return _show(found, as_json=as_json)
    if what == "power":
        return _power(found, as_json=as_json)
    if what == "protocol":
        day = day_ahead_if_any(starts)
        if not metric or day is None:
            raise CannotError("Name the --metric and when it --starts.")
        verbs.write_protocol(
            OWNER,
            found,
            verbs.Plan(
                the_metric(metric), change, day, weeks_before, weeks_after, smallest / 100, if_up,
                if_unclear, if_down, the_metric(against) if against else None, audience,
            ),
        )  # fmt: skip
        return _told(
            "Written down; see what it could show, then lock it before it starts.", found, as_json
        )
    if what == "lock":
        locked = verbs.lock(OWNER, found)
        return _told(f"Locked; hash {locked.sha256[:12]}.", found, as_json)
    if what == "deviate":
        verbs.deviate(OWNER, found, words)
        return _told("Kept beside the result.", found, as_json)
    finding = verbs.close(OWNER, found, words, worked_if, why, decision)
    return _told(f"{found.trying}: {finding.get_verdict_display()}.", found, as_json)


def _told(said: str, found: Experiment, as_json: bool) -> int:
    if as_json:
        out.data({"id": found.pk, "trying": found.trying, "by": found.by, "said": said})
    else:
        out.say(said)
    return 0


def _try(line: str, because: str, worked_if: str, by: str, topic: str, program: str) -> Experiment:
    from almanac.actions.errors import CannotError
    from almanac.actions.experiments import try_something
    from almanac.answers.experiments import parts_of
    from almanac.record.rules import OWNER

    parts = parts_of(line) or {"trying": line}
    day = day_ahead_if_any(by or parts.get("by", ""))
    if day is None:
        raise CannotError(
            "Say it as: trying X because Y; it worked if Z by DAY (or with --because, --worked-if, --by)."
        )
    return try_something(
        OWNER, parts["trying"], because or parts.get("because", ""),
        worked_if or parts.get("worked_if", ""), day, topic=topic, program=program,
    )  # fmt: skip


def _the_experiment(name: str) -> Experiment:
    from almanac.actions.errors import CannotError
    from almanac.answers.experiments import find
    from almanac.record.rules import OWNER

    found = find(OWNER, name)
    if found is None:
        raise CannotError(f"There is no experiment called “{name}”.")
    return found


def _list(text: str, *, as_json: bool) -> int:
    from almanac.answers.experiments import experiments, topics
    from almanac.record.rules import OWNER

    found, kinds = experiments(OWNER, text), topics(OWNER)
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
            'Nothing is tried: almanac experiment try "trying X because Y; it worked if Z by DAY"'
        )
    for row in found:
        finding = getattr(row, "finding", None)
        state = finding.get_verdict_display() if finding else f"look back on {row.by:%-d %b %Y}"
        out.say(f"{row.pk}. {row.trying}: {state}")
        if finding:
            out.say(f"   {finding.happened} Why: {finding.why}")
    for kind in kinds:
        out.say(kind.sentence)
    return 0


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


def _power(found: Experiment, *, as_json: bool) -> int:
    from almanac.actions.errors import CannotError
    from almanac.answers.experiments import before
    from almanac.record.rules import OWNER

    protocol = getattr(found, "protocol", None)
    if protocol is None:
        raise CannotError("It has no protocol yet; write down how you will look at it.")
    shown = before(OWNER, protocol)
    if as_json:
        out.data({"chance": shown.power.chance, "detectable": shown.power.detectable,
                  "says": list(shown.sentences)})  # fmt: skip
    else:
        for sentence in shown.sentences:
            out.say(sentence)
    return 0


def _show(found: Experiment, *, as_json: bool) -> int:
    from almanac.actions.experiments import look
    from almanac.answers.analysis import checks, sentence
    from almanac.answers.experiments import deviations_by_itself, result
    from almanac.record.rules import OWNER

    shown = result(OWNER, found)
    if shown is not None:
        look(OWNER, found)
    looks = found.looks.count()
    protocol = getattr(found, "protocol", None)
    aside = [row.words for row in found.deviations.all()]
    aside += deviations_by_itself(protocol) if protocol else []
    if as_json:
        out.data(_plain(found) | {"result": shown.kept if shown else None, "looks": looks,
                                  "deviations": aside})  # fmt: skip
        return 0
    out.say(f"Trying {found.trying}, because {found.because}.")
    out.say(f"It worked if {found.worked_if}, by {found.by:%-d %B %Y}.")
    for line in shown.lines if shown else ():
        out.say(f"  {line}")
    for each in shown.analysis.effects[1:] if shown else ():
        out.say(f"  {sentence(each)}")
    rows = checks(shown.analysis) if shown else []
    if rows:
        out.rows(["checked", "found", "so"], [list(row) for row in rows])
    if looks:
        out.say(f"Looked at before its end: {looks}; a clear result is less sure for each look.")
    for words in aside:
        out.say(f"Otherwise than written down: {words}")
    return 0


def _analyse(
    file: str, outcome: str, since: str, comparison: list[str], prior: str, *, as_json: bool
) -> int:
    from almanac.actions.errors import CannotError
    from almanac.answers.analysis import analyse, checks, plain, sentence
    from almanac.record.rules import OWNER

    if not file or not outcome or not since:
        raise CannotError("Name a table, --outcome and --from.")
    found = analyse(OWNER, one_document(Path(file)), outcome, since, comparison, prior)
    if as_json:
        out.data(plain(found))
        return 0
    before, after = len(found.design.before), len(found.design.after)
    out.say(f"{outcome}: {before} periods before, {after} after.")
    for each in found.effects:
        out.say(f"  {sentence(each)}")
    rows = checks(found)
    if rows:
        out.say()
        out.rows(["checked", "found", "so"], [list(row) for row in rows])
    return 0
