"""`almanac playbook` and `almanac retro`: how a program is run, and what each run teaches."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from almanac.actions.errors import CannotError
from almanac.actions.playbooks import playbooks as verbs
from almanac.actions.playbooks.freshness import check_links, say_back, say_left
from almanac.actions.playbooks.playbooks import look_back, propose
from almanac.answers.log.logbook import find_program
from almanac.answers.playbooks.playbooks import (
    find_lesson,
    find_playbook,
    latest_versions,
    retro_of,
)
from almanac.answers.words import counted
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_if_any
from almanac.faces.cli.open import one_activity, open_logbook
from almanac.record.models import Lesson, Program, Retro
from almanac.record.rules import OWNER
from almanac.sources.text.playbook_text import read

playbook = App(
    name="playbook",
    help="""How a program is run: steps relative to the event, in Markdown, in versions.

    A step is a line such as `- T-14 days: announce (2h) @ana`. `almanac playbook` lists the
    playbooks. Each command below has a `--help`.""",
)


@playbook.default
@playbook.command(name="list")
def listed(*, as_json: JsonFlag = False) -> int:
    """Every program with the version of its playbook.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    return _list(as_json=as_json)


@playbook.command
def show(program: str, *, as_json: JsonFlag = False) -> int:
    """The playbook of a program.

    Parameters
    ----------
    program
        The program, by name.
    as_json
        Print JSON.
    """
    open_logbook()
    return _show(_program(program), as_json=as_json)


@playbook.command
def write(program: str, file: Path, *, why: str = "", as_json: JsonFlag = False) -> int:
    """Save a playbook from a Markdown file; a new version where the text changed.

    Parameters
    ----------
    program
        The program, by name.
    file
        The Markdown file.
    why
        Why it changed.
    as_json
        Print JSON.
    """
    open_logbook()
    if not file.is_file():
        raise CannotError(f"{file} is not a file: almanac playbook write PROGRAM FILE.md")
    made = verbs.write_playbook(OWNER, _program(program), read(file), why)
    return out.told(f"Version {made.number}.", as_json=as_json, version=made.number)


@playbook.command(name="read")
def read_in(folder: Path, *, as_json: JsonFlag = False) -> int:
    """Read a folder of Markdown, a file a program.

    Parameters
    ----------
    folder
        The folder, or one file.
    as_json
        Print JSON.
    """
    open_logbook()
    counts = verbs.read_folder(OWNER, folder)
    said = ", ".join(f"{number} {word}" for word, number in counts.items())
    return out.told(said, as_json=as_json, **counts)


@playbook.command
def export(folder: Path, *, as_json: JsonFlag = False) -> int:
    """Write every playbook into a folder as Markdown.

    Parameters
    ----------
    folder
        The folder.
    as_json
        Print JSON.
    """
    open_logbook()
    number = verbs.write_folder(OWNER, folder)
    return out.told(
        f"{counted(number, 'playbook', 'playbooks')} in {folder}.", as_json=as_json, written=number
    )


@playbook.command
def run(event: str, *, as_json: JsonFlag = False) -> int:
    """Lay the steps out for an event, each with its date.

    Parameters
    ----------
    event
        The event, by title or number.
    as_json
        Print JSON.
    """
    open_logbook()
    activity = one_activity(event)
    if verbs.lay_out(OWNER, activity) is None:
        raise CannotError(f"{activity.program.name} has no playbook yet: almanac playbook write")
    number = activity.parts.filter(outside_id__startswith="step:").count()
    said = f"{number} steps laid out for {activity.title}."
    return out.told(said, as_json=as_json, steps=number)


@playbook.command
def accept(number: int, *, as_json: JsonFlag = False) -> int:
    """Take a lesson of a retrospective into the playbook.

    Parameters
    ----------
    number
        The lesson's number.
    as_json
        Print JSON.
    """
    open_logbook()
    return _decide(number, accept=True, as_json=as_json)


@playbook.command
def decline(number: int, *, as_json: JsonFlag = False) -> int:
    """Leave a lesson of a retrospective out of the playbook.

    Parameters
    ----------
    number
        The lesson's number.
    as_json
        Print JSON.
    """
    open_logbook()
    return _decide(number, accept=False, as_json=as_json)


def _decide(number: int, *, accept: bool, as_json: bool) -> int:
    lesson = verbs.decide(OWNER, _lesson(number), accept=accept)
    said = f"{lesson.line}: {lesson.get_state_display()}."
    return out.told(said, as_json=as_json, lesson=lesson.pk)


@playbook.command
def helped(number: int, answer: str, *, as_json: JsonFlag = False) -> int:
    """Say whether a lesson helped at the next run.

    Parameters
    ----------
    number
        The lesson's number.
    answer
        yes or no.
    as_json
        Print JSON.
    """
    open_logbook()
    verbs.say_helped(OWNER, _lesson(number), answer)
    return out.told("Saved.", as_json=as_json)


@playbook.command
def left(name: str, day: str = "", *, as_json: JsonFlag = False) -> int:
    """Say that somebody named with an @ has left.

    Parameters
    ----------
    name
        Who has left.
    day
        Since when; today if you do not say.
    as_json
        Print JSON.
    """
    open_logbook()
    row = say_left(OWNER, name, day_if_any(day))
    said = f"{row.name} left on {row.left_on:%-d %B %Y}."
    return out.told(said, as_json=as_json, left=row.name)


@playbook.command
def back(name: str, *, as_json: JsonFlag = False) -> int:
    """Say that somebody who had left is back.

    Parameters
    ----------
    name
        Who is back.
    as_json
        Print JSON.
    """
    open_logbook()
    say_back(OWNER, name)
    return out.told(f"{name} is back.", as_json=as_json, back=name)


@playbook.command
def links(program: str, *, as_json: JsonFlag = False) -> int:
    """Check whether the links of a playbook still lead somewhere.

    Parameters
    ----------
    program
        The program, by name.
    as_json
        Print JSON.
    """
    open_logbook()
    dead = check_links(OWNER, _program(program))
    said = "\n".join(f"{row.url} is broken: {row.says}" for row in dead)
    return out.told(said or "All links work.", as_json=as_json, dead=[row.url for row in dead])


def _program(name: str) -> Program:
    found = find_program(OWNER, name)
    if found is None:
        raise CannotError(f"There is no program called {name}.")
    return found


def _lesson(number: int) -> Lesson:
    found = find_lesson(OWNER, number)
    if found is None:
        raise CannotError(f"There is no lesson {number}.")
    return found


def _list(*, as_json: bool) -> int:

    rows = latest_versions(OWNER)
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
        known = retro_of(OWNER, activity) or Retro()
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
