"""Filing: activities that are unsorted, or anywhere else, under a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.actions.errors import CannotError
from almanac.actions.programs import program_for
from almanac.answers import words
from almanac.answers.log.change_lines import ChangeLine
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.record.models import Activity
    from almanac.record.rules import Actor


def file_under(actor: Actor, activities: Sequence[Activity], program: str) -> None:
    """Move activities to a program, made if it is new; undone together."""
    rules.require(rules.may_change_record, actor)
    if not activities:
        raise CannotError("Choose at least one activity to file.")
    if not program.strip():
        raise CannotError("Choose a program for them.")
    with verb(actor, "file_under") as line:
        wanted = program_for(program, line)
        for activity in activities:
            if activity.program_id == wanted.pk:
                continue
            line.keep(activity, "program_id", "updated_at")
            activity.program = wanted
            activity.updated_at = clock.now()
            activity.save(update_fields=["program", "updated_at"])
        number = words.counted(len(activities), "activity", "activities")
        line.summary = ChangeLine.FILED(activities=number, program=wanted.name)
