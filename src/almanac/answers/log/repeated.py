"""Whether lines were written down a moment ago, by a command that was stopped or a second click."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.models import Activity

if TYPE_CHECKING:
    from almanac.record.rules import Actor
    from almanac.sources.capture.line import Captured

MOMENT = timedelta(minutes=1)


def written_a_moment_ago(
    actor: Actor, captured: list[Captured], program: str = ""
) -> list[Activity]:
    """The activities these very lines made within the last minute, in their order; none unless every
    line has one of its own."""
    rules.require(rules.may_read_record, actor)
    rows = Activity.objects.filter(
        created_at__gt=clock.now() - MOMENT,
        created_at__lte=clock.now(),
        line__in={item.text for item in captured},
    )
    if program:
        rows = rows.filter(program__name__iexact=program)
    free = list(rows.select_related("program", "turnout").order_by("pk"))
    found = []
    for item in captured:
        row = next((row for row in free if row.line == item.text), None)
        if row is None:
            return []
        free.remove(row)
        found.append(row)
    return found
