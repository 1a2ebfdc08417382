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
    from almanac.answers.results import Result
    from almanac.record.models import Experiment, Program, Trial

DOINGS = (
    "list",
    "try",
    "protocol",
    "power",
    "lock",
    "tally",
    "deviate",
    "show",
    "close",
    "analyse",
)


def experiment(
    what: str = "list",
    name: str = "",
    words: str = "",
    *numbers: int,
    because: str = "",
    worked_if: str = "",
    by: str = "",
    topic: str = "",
    program: str = "",
    way: str = "weeks",
    metric: str = "",
    against: list[str] | None = None,
    counted: str = "",
    planned: int | None = None,
    changed_program: list[str] | None = None,
    other_program: list[str] | None = None,
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
    `experiment show NAME` (before the end this is counted as a look, and the range pays for it).
    `--way events` lets chance say which event of the program gets the change (`--counted attended
    --planned 8` pairs); `--way versions` sets two versions side by side (`--counted rate --planned
    2000`, then `experiment tally NAME changed 12 400`); `--way programs` changes some programs and not
    others. `experiment analyse weekly.csv --outcome signups --comparison others --from 2026-03-02`
    reads any table with a row a period.

    Parameters
    ----------
    what
        list, try, protocol, power, lock, tally, deviate, show, close or analyse.
    name
        The experiment, by words or number; with `try` the line; with `analyse` the table; with
        `list` words to search for; with `close` it is followed by the verdict.
    words
        With `close`: worked, partly, not, unclear or abandoned. With `deviate`: what goes otherwise.
        With `tally`: usual or changed, followed by the results and by how many it was shown to.
    numbers
        With `tally`: results, and shown to how many.
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
    way
        With `protocol`: weeks, events, versions or programs.
    metric
        With `protocol`, by weeks: the one metric that should change.
    against
        With `protocol`, by weeks: a metric the change cannot touch; may be said several times.
    counted
        With `protocol`, otherwise: signups, attended, took_part, submissions, showed_up or joined_in;
        of versions rate or results.
    planned
        With `protocol`: how many pairs of events, or to how many versions will be shown.
    changed_program
        With `protocol`, by programs: one that gets the change; may be said several times.
    other_program
        With `protocol`, by programs: one that stays as it is; may be said several times.
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
    from almanac.actions.protocols import Plan, lock, write_protocol
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
        if day is None:
            raise CannotError("Say when it --starts.")
        plan = Plan(
            change, day, smallest / 100, if_up, if_unclear, if_down, way,
            the_metric(metric) if metric else None,
            tuple(the_metric(each) for each in against or ()), weeks_before, weeks_after, counted,
            planned, tuple(_the_program(each) for each in changed_program or ()),
            tuple(_the_program(each) for each in other_program or ()), audience,
        )  # fmt: skip
        write_protocol(OWNER, found, plan)
        return _told(
            "Written down; see what it could show, then lock it before it starts.", found, as_json
        )
    if what == "lock":
        locked = lock(OWNER, found)
        return _told(f"Locked; hash {locked.sha256[:12]}.", found, as_json)
    if what == "tally":
        trial = _tally(found, words, numbers)
        return _told(f"Counted: {trial.count} of {trial.shown}.", found, as_json)
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


def _the_program(name: str) -> Program:
    from almanac.actions.errors import CannotError
    from almanac.record.queries.names import program_called

    found = program_called(name)
    if found is None:
        raise CannotError(f"There is no program called {name}.")
    return found


def _tally(found: Experiment, version: str, numbers: tuple[int, ...]) -> Trial:
    from almanac.actions.errors import CannotError
    from almanac.actions.trials import tally
    from almanac.record.rules import OWNER

    if version not in ("usual", "changed") or len(numbers) != 2:
        raise CannotError("Say it as: almanac experiment tally NAME changed 12 400")
    return tally(OWNER, found, changed=version == "changed", count=numbers[0], shown=numbers[1])


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
    from almanac.answers.power import before
    from almanac.record.rules import OWNER

    protocol = getattr(found, "protocol", None)
    if protocol is None:
        raise CannotError("It has no protocol yet; write down how you will look at it.")
    shown = before(OWNER, protocol)
    if as_json:
        out.data({"chance": shown.chance, "detectable": shown.detectable,
                  "says": list(shown.sentences)})  # fmt: skip
    else:
        for sentence in shown.sentences:
            out.say(sentence)
    return 0


def _show(found: Experiment, *, as_json: bool) -> int:
    from almanac.actions.experiments import look
    from almanac.answers.protocols import deviations_by_itself, pairs_of
    from almanac.answers.results import result
    from almanac.record.rules import OWNER

    shown = result(OWNER, found)
    if shown is not None and look(OWNER, found) is not None:
        # A look is paid for by the range it shows.
        shown = result(OWNER, found)
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
    for pair in pairs_of(protocol) if protocol else ():
        changed = pair.changed.title if pair.changed else "the next one"
        usual = pair.usual.title if pair.usual else "the next one"
        out.say(f"  Pair {pair.number}: changed {changed}; as usual {usual}")
    if shown is not None:
        _say_result(shown)
    elif protocol:
        out.say("Nothing has come of it yet.")
    if looks:
        out.say(f"Looked at before its end: {looks}; the range pays for it.")
    for words in aside:
        out.say(f"Otherwise than written down: {words}")
    return 0


def _say_result(shown: Result) -> None:
    from almanac.answers.results import of_stage

    for line in (*shown.lines, *shown.also):
        out.say(f"  {line}")
    if shown.stages:
        stages = [list(of_stage(row)) for row in shown.stages]
        out.rows(["stage", "as usual → changed", "so"], stages)
    if shown.checks:
        out.rows(["checked", "found", "so"], [list(row) for row in shown.checks])


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
