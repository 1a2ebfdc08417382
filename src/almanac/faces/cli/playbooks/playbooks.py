"""`almanac playbook` and `almanac retro`: how a program is run, and what each run teaches."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from almanac.actions.errors import CannotError
from almanac.actions.playbooks import playbooks as verbs
from almanac.actions.playbooks.freshness import check_links, say_back, say_left
from almanac.actions.playbooks.playbooks import look_back, propose
from almanac.answers.playbooks.playbooks import find_playbook
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_if_any
from almanac.faces.cli.open import one_activity, open_logbook
from almanac.record.models import Lesson, Program, Retro
from almanac.record.queries.names import program_called
from almanac.record.rules import OWNER
from almanac.sources.text.playbook_text import read

DOINGS = (
    "list",
    "show",
    "write",
    "read",
    "export",
    "run",
    "accept",
    "decline",
    "helped",
    "left",
    "back",
    "links",
)


def playbook(
    what: str = "list", name: str = "", value: str = "", *, why: str = "", as_json: JsonFlag = False
) -> int:
    """How a program is run: steps relative to the event, in Markdown, in versions.

    A step is a line such as `- T-14 days: announce (2h) @ana`. `almanac playbook` lists them;
    `playbook write PROGRAM FILE.md` keeps a new version where the text changed; `playbook read FOLDER`
    reads a folder of Markdown, a file a program; `playbook export FOLDER` writes them out; `playbook
    run EVENT` lays the steps onto an event with dates; `playbook accept NUMBER` takes a lesson of a
    retro into the playbook, `decline NUMBER` does not; `playbook helped NUMBER yes` says at the next
    run whether it did. `playbook left NAME` says that somebody named with an @ is gone, `back NAME` that
    they are there again; `playbook links PROGRAM` looks whether its links still lead somewhere.

    Parameters
    ----------
    what
        list, show, write, read, export, run, accept, decline, helped, left, back or links.
    name
        The program; the folder; the event; the lesson's number; who has left.
    value
        With `write`: the file. With `helped`: yes or no. With `left`: the day.
    why
        With `write`: why it changed.
    as_json
        Print JSON.
    """
    open_logbook()

    if what not in DOINGS:
        raise CannotError(f"Say one of {', '.join(DOINGS)}: almanac playbook --help.")
    if what == "list":
        return _list(as_json=as_json)
    if not name:
        raise CannotError(f"Say which: almanac playbook {what} NAME")
    if what == "show":
        return _show(_program(name), as_json=as_json)
    if what == "write":
        file = Path(value)
        if not value or not file.is_file():
            raise CannotError("Name the file: almanac playbook write PROGRAM FILE.md")
        made = verbs.write_playbook(OWNER, _program(name), read(file), why)
        said, plain = f"Version {made.number}.", {"version": made.number}
    elif what == "read":
        plain = verbs.read_folder(OWNER, Path(name))
        said = ", ".join(f"{number} {word}" for word, number in plain.items())
    elif what == "export":
        plain = {"written": verbs.write_folder(OWNER, Path(name))}
        said = f"{plain['written']} playbooks in {name}."
    elif what == "run":
        event = one_activity(name)
        run = verbs.lay_out(OWNER, event)
        if run is None:
            raise CannotError(f"{event.program.name} has no playbook yet: almanac playbook write")
        plain = {"steps": event.parts.filter(outside_id__startswith="step:").count()}
        said = f"{plain['steps']} steps laid out for {event.title}."
    elif what in ("left", "back", "links"):
        said, plain = _fresh(what, name, value)
    elif what == "helped":
        verbs.say_helped(OWNER, _lesson(name), value)
        said, plain = "Kept.", {}
    else:
        lesson = verbs.decide(OWNER, _lesson(name), accept=what == "accept")
        said, plain = f"{lesson.line}: {lesson.get_state_display()}.", {"lesson": lesson.pk}
    if as_json:
        out.data(plain)
    else:
        out.say(said)
    return 0


def _fresh(what: str, name: str, value: str) -> tuple[str, dict[str, Any]]:
    """Who has left or is back, and which links lead nowhere."""

    if what == "left":
        row = say_left(OWNER, name, day_if_any(value))
        return f"{row.name} left on {row.left_on:%-d %B %Y}.", {"left": row.name}
    if what == "back":
        say_back(OWNER, name)
        return f"{name} is back.", {"back": name}
    dead = check_links(OWNER, _program(name))
    said = "\n".join(f"{row.url} leads nowhere: {row.says}" for row in dead)
    return said or "Every link leads somewhere.", {"dead": [row.url for row in dead]}


def _program(name: str) -> Program:

    found = program_called(name)
    if found is None:
        raise CannotError(f"There is no program called {name}.")
    return found


def _lesson(number: str) -> Lesson:

    fine = number.isascii() and number.isdecimal() and len(number) < 10
    found = Lesson.objects.filter(pk=int(number)).first() if fine else None
    if found is None:
        raise CannotError(f"There is no lesson {number[:20]}.")
    return found


def _list(*, as_json: bool) -> int:

    rows = [(program, program.playbook_versions.last()) for program in Program.objects.all()]
    if as_json:
        out.data([{"program": p.name, "slug": p.slug, "version": v.number if v else None}
                  for p, v in rows])  # fmt: skip
        return 0
    for program, version in rows:
        state = (
            f"version {version.number} of {version.made_at:%-d %b %Y}" if version else "none yet"
        )
        out.say(f"{program.name}: {state}")
    return 0


def _show(program: Program, *, as_json: bool) -> int:

    found = find_playbook(OWNER, program.slug)
    assert found is not None
    if as_json:
        out.data(
            {
                "version": found.version.number if found.version else None,
                "steps": [{"days": s.days, "title": s.title, "hours": s.hours, "owner": s.owner}
                          for s in found.steps],
                "good": list(found.good), "stale": list(found.stale),
                "proposed": [{"id": row.pk, "line": row.line, "step": row.step}
                             for row in found.proposed],
            }
        )  # fmt: skip
        return 0
    if found.version is None:
        out.say(
            f"{program.name} has no playbook yet: almanac playbook write {program.slug} FILE.md"
        )
    for step in found.steps:
        hours = f", {step.hours:g} h" if step.hours else ""
        out.say(f"  T{step.days:+d}: {step.title}{hours}{f' @{step.owner}' if step.owner else ''}")
    for sentence in (*found.good, *found.stale):
        out.say(sentence)
    for lesson in found.proposed:
        out.say(f"Proposed ({lesson.pk}): {lesson.line}")
    return 0


def retro(
    event: str,
    *,
    well: str = "",
    maximise: str = "",
    badly: str = "",
    why: str = "",
    lesson: str = "",
    step: Annotated[str, Parameter(name="--instead-of")] = "",
    as_json: JsonFlag = False,
) -> int:
    """Look back at an event: what went well, what did not, why, and what changes.

    Parameters
    ----------
    event
        The activity, by title or number.
    well
        What went well.
    maximise
        How that can be made the most of.
    badly
        What did not go well.
    why
        Why.
    lesson
        A change as a step of the playbook, such as "T-7 days: remind everyone (1h)".
    step
        With --lesson: the title of the step it replaces.
    as_json
        Print JSON.
    """
    open_logbook()

    activity = one_activity(event)
    if well or maximise or badly or why or not lesson:
        known = Retro.objects.filter(activity=activity).first() or Retro()
        look_back(
            OWNER, activity, went_well=well or known.went_well, maximise=maximise or known.maximise,
            went_badly=badly or known.went_badly, why=why or known.why,
        )  # fmt: skip
    made = propose(OWNER, activity, lesson, step) if lesson else None
    if as_json:
        out.data({"activity": activity.pk, "lesson": made.pk if made else None})
    else:
        out.say(f"Kept for {activity.title}.")
        if made:
            out.say(f"  Take it into the playbook with: almanac playbook accept {made.pk}")
    return 0
