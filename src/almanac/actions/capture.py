"""Capture: one line, or twenty, into activities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.errors import CannotError
from almanac.core.vocabulary import Evidence
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.infra.zones import zone_of
from almanac.record.queries import preferences
from almanac.sources.base.cells import BadCellError
from almanac.sources.text import capture_line

if TYPE_CHECKING:
    from almanac.record.models import Activity
    from almanac.record.rules import Actor
    from almanac.sources.text.capture_line import Captured

MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that could not be read, with the reason."""

    number: int
    text: str
    reason: str


def understand(actor: Actor, text: str, day_words: str = "") -> tuple[list[Captured], list[Unread]]:
    """What each line would be written down as; nothing is written."""
    rules.require(rules.may_read_record, actor)
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise CannotError(
            "There is nothing to write down; try: Gave a talk at PyTexas, 80 people, 6h"
        )
    if len(lines) > MOST_LINES:
        raise CannotError(f"Paste at most {MOST_LINES} lines at once; this has {len(lines):,}.")
    zone, now = zone_of(preferences.value("zone")), clock.now()
    read: list[Captured] = []
    unread: list[Unread] = []
    for number, line in enumerate(lines, start=1):
        try:
            read.append(capture_line.read(line.lstrip("-*• \t"), now, zone, day_words))
        except BadCellError as error:
            unread.append(Unread(number, line.strip(), str(error)))
    return read, unread


def capture(actor: Actor, captured: list[Captured], program: str = "") -> list[Activity]:
    """Write down what was understood."""
    rules.require(rules.may_change_record, actor)
    zone = preferences.value("zone")
    currency = preferences.value("currency")
    return write_down(
        actor,
        [
            NewActivity(
                title=item.title,
                kind=item.kind,
                status=item.status,
                program=program,
                day=item.day,
                starts_at=item.starts_at,
                zone=zone,
                hours=item.hours,
                cost=item.cost,
                currency=item.currency or (currency if item.cost else ""),
                counts=item.counts,
                # Saying “80 people” is saying that they were counted.
                evidence=Evidence.COUNTED if "attended" in item.counts else "",
                links=item.links,
                tags=item.tags,
            )
            for item in captured
        ],
    )
