"""`almanac program`: recurring lines of work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cyclopts import App

from almanac.actions.errors import CannotError
from almanac.actions.filing import file_under
from almanac.actions.programs import begin_program, change_program
from almanac.answers import words
from almanac.answers.log.logbook import find_program, programs
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import one_activity, open_logbook
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.record.models import Program

program = App(
    name="program",
    help="""Recurring lines of work, each with a purpose, a goal it serves and who owns it.

    `almanac program` lists them. Each command below has a `--help`.""",
)


@program.default
def listed(*, as_json: JsonFlag = False) -> int:
    """Every program, with how many activities are done and ahead.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    return _list(as_json=as_json)


@program.command(name="list")
def listed_too(*, as_json: JsonFlag = False) -> int:
    """Every program, with how many activities are done and ahead.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    return _list(as_json=as_json)


@program.command
def add(
    name: str,
    *,
    purpose: str = "",
    goal: str = "",
    owner: str = "",
    public: bool = False,
    as_json: JsonFlag = False,
) -> int:
    """Add a program.

    Parameters
    ----------
    name
        Its name.
    purpose
        What it is for.
    goal
        The goal it serves.
    owner
        Who owns it, if not you.
    public
        Show it in the public log.
    as_json
        Print JSON.
    """
    open_logbook()
    made = begin_program(OWNER, name, purpose=purpose, goal=goal, owner=owner, public=public)
    return out.told(f"Added {made.name}.", as_json=as_json, program=_plain(made))


@program.command
def edit(
    name: str,
    *,
    rename: str | None = None,
    purpose: str | None = None,
    goal: str | None = None,
    owner: str | None = None,
    public: bool | None = None,
    as_json: JsonFlag = False,
) -> int:
    """Change a program; what you do not name stays.

    Parameters
    ----------
    name
        The program, by name.
    rename
        Its new name.
    purpose
        What it is for.
    goal
        The goal it serves.
    owner
        Who owns it; empty is you.
    public
        Show it in the public log, or not.
    as_json
        Print JSON.
    """
    open_logbook()
    given = {"name": rename, "purpose": purpose, "goal": goal, "owner": owner, "public": public}
    wanted = {field: value for field, value in given.items() if value is not None}
    if not wanted:
        raise CannotError("Say what changes, such as: almanac program edit Meetups --goal adoption")
    changed = change_program(OWNER, the_program(name), **wanted)
    return out.told(f"Saved {changed.name}.", as_json=as_json, program=_plain(changed))


@program.command
def close(name: str, *, as_json: JsonFlag = False) -> int:
    """Close a program; its activities stay.

    Parameters
    ----------
    name
        The program, by name.
    as_json
        Print JSON.
    """
    open_logbook()
    changed = change_program(OWNER, the_program(name), closed=True)
    return out.told(f"Closed {changed.name}.", as_json=as_json, program=_plain(changed))


@program.command
def reopen(name: str, *, as_json: JsonFlag = False) -> int:
    """Reopen a closed program.

    Parameters
    ----------
    name
        The program, by name.
    as_json
        Print JSON.
    """
    open_logbook()
    changed = change_program(OWNER, the_program(name), closed=False)
    return out.told(f"Reopened {changed.name}.", as_json=as_json, program=_plain(changed))


def the_program(name: str) -> Program:
    found = find_program(OWNER, name)
    if found is None:
        raise CannotError(f"There is no program called {name}; almanac program lists them.")
    return found


def _list(*, as_json: bool) -> int:
    rows = programs(OWNER)
    if as_json:
        out.data([_plain(line.program) | {"done": line.done, "ahead": line.ahead} for line in rows])
        return 0
    if not rows:
        out.say('No programs yet: almanac program add "Meetups"')
        return 0
    out.rows(
        ["program", "goal", "owner", "done", "ahead", ""],
        [
            [
                line.program.name,
                line.program.goal,
                line.program.owner or "you",
                str(line.done),
                str(line.ahead),
                "closed" if line.program.closed else "",
            ]
            for line in rows
        ],
        right=frozenset({3, 4}),
    )
    return 0


def _plain(row: Program) -> dict[str, Any]:
    return {"id": row.pk, "slug": row.slug} | {name: getattr(row, name) for name in row.editable()}


@program.command
def file(keys: list[str], *, under: str, as_json: JsonFlag = False) -> int:
    """File activities under a program, made if it is new.

    Parameters
    ----------
    keys
        The activities, each by its number or words of its title.
    under
        The program.
    as_json
        Print JSON.
    """
    open_logbook()
    rows = [one_activity(key) for key in keys]
    file_under(OWNER, rows, under)
    if as_json:
        out.data({"program": rows[0].program.name, "activities": [row.pk for row in rows]})
    else:
        out.say(
            f"Filed {words.counted(len(rows), 'activity', 'activities')} under {rows[0].program.name}"
        )
        out.say("  Not right? almanac undo")
    return 0
