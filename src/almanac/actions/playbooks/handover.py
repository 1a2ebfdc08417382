"""Before a handover: look at what to expect of the next events, frozen before anybody reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.actions.errors import CannotError
from almanac.actions.turnout import freeze_forecast
from almanac.core.vocabulary import GATHERINGS, Status
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.models import Activity
from almanac.record.queries.names import program_called

if TYPE_CHECKING:
    from almanac.record.rules import Actor

LOOKED_AT = 3
"""Of each program so many, the next ones; who comes later looks again."""


def look_ahead(actor: Actor, names: list[str]) -> int:
    """Freeze the forecasts of the next events of these programs; how many were looked at."""
    rules.require(rules.may_change_record, actor)
    number, now = 0, clock.now()
    for name in names:
        program = program_called(name)
        if program is None:
            raise CannotError(f"There is no program called {name}.")
        rows = Activity.objects.filter(program=program, status=Status.PLANNED, kind__in=GATHERINGS)
        coming = [row for row in rows.order_by("day", "id") if row.begins and row.begins > now]
        for activity in coming[:LOOKED_AT]:
            freeze_forecast(actor, activity)
            number += 1
    return number
