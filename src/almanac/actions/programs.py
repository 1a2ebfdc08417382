"""Programs: begin, change, close and reopen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from almanac.actions.errors import CannotError
from almanac.answers.log import change_lines
from almanac.answers.log.change_lines import ChangeLine
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Program
from almanac.record.models.programs import UNSORTED
from almanac.record.queries.names import called
from almanac.record.queries.slugs import free_slug

if TYPE_CHECKING:
    from almanac.record.changelog import Line
    from almanac.record.rules import Actor

PAGES = ("new", "drill", "experiments")
"""Addresses below /programs/ that are no program's."""


def begin_program(actor: Actor, name: str, **fields: Any) -> Program:
    """Begin a program with any of its editable fields. Raises CannotError where there is one of
    that name."""
    rules.require(rules.may_change_record, actor)
    _known(fields)
    name = " ".join(name.split())
    if not name:
        raise CannotError("A program needs a name.")
    if called(Program.objects.all(), name):
        raise CannotError(f"There is a program called “{name}” already.")
    with verb(actor, "begin_program") as line:
        program = new_program(name, **fields)
        line.create(program)
        line.summary = ChangeLine.PROGRAM(program=program.name)
    return program


def new_program(name: str, **fields: Any) -> Program:
    """A program row, for verbs that need one on their way; they write the line."""
    now = clock.now()
    name = name[:200]
    return Program.objects.create(
        name=name,
        slug=free_slug(Program, name, otherwise="program", most=200, reserved=PAGES),
        created_at=now,
        updated_at=now,
        **fields,
    )


def program_for(name: str, line: Line) -> Program:
    """The program of that name or slug, made where it is missing; none is “unsorted”."""
    name = " ".join(name.split())[:200] or UNSORTED
    found = called(Program.objects.all(), name) or Program.objects.filter(slug=name).first()
    if found is None:
        found = new_program(name)
        line.create(found)
    return found


def change_program(actor: Actor, program: Program, **fields: Any) -> Program:
    """Change a program's name, purpose, goal or owner, or close and reopen it."""
    rules.require(rules.may_change_record, actor)
    _known(fields)
    changed = [name for name, value in fields.items() if getattr(program, name) != value]
    if not changed:
        return program
    if "name" in changed:
        name = " ".join(fields["name"].split())
        if not name or called(Program.objects.exclude(pk=program.pk), name):
            raise CannotError(f"A program cannot be called “{name}”; it is empty or taken.")
    with verb(actor, "change_program") as line:
        line.keep(program, *changed, "updated_at")
        for name in changed:
            setattr(program, name, fields[name])
        program.updated_at = clock.now()
        program.save(update_fields=[*changed, "updated_at"])
        line.summary = _summary(program, changed)
    return program


def _known(fields: dict[str, Any]) -> None:
    unknown = set(fields) - set(Program.editable())
    if unknown:
        raise CannotError(f"A program has no {', '.join(sorted(unknown))}.")


def _summary(program: Program, changed: list[str]) -> str:
    if changed == ["closed"]:
        said = ChangeLine.PROGRAM_CLOSED if program.closed else ChangeLine.PROGRAM_REOPENED
        return said(program=program.name)
    return ChangeLine.PROGRAM_CHANGED(fields=change_lines.fields(changed), program=program.name)
