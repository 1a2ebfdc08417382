"""Cards of a board: written down from a plan, and written out again."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING

from almanac.actions.activities import safe_url, set_tags_and_links
from almanac.actions.errors import CannotError
from almanac.actions.programs import program_for
from almanac.answers.workload.board import cards_of
from almanac.core.vocabulary import Kind
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.models import Activity, Move, Part
from almanac.record.queries import preferences
from almanac.sources.base.formulas import neutral
from almanac.sources.services import trello
from almanac.sources.tables import board_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from almanac.answers.imports.import_plan import PlannedCard
    from almanac.record.changelog import Line
    from almanac.record.rules import Actor

FORMS = ("trello", "csv")


def write_cards(cards: Iterable[PlannedCard], source: str, line: Line) -> list[int]:
    """Write what is planned, within one verb; the activities touched."""
    return [_write(planned, source, line) for planned in cards]


def _write(planned: PlannedCard, source: str, line: Line) -> int:
    activity = planned.existing or _new(planned, source, line)
    row, now = planned.row, clock.now()
    if planned.existing is not None:
        line.keep(activity, *planned.fields, "notes", "updated_at")
        kept = line.before["activity"][str(activity.pk)]
        kept["tags"] = sorted(activity.tags.values_list("name", flat=True))
        for name, value in planned.fields.items():
            setattr(activity, name, value)
    if planned.comments:
        activity.notes = "\n\n".join(filter(None, (activity.notes, *planned.comments)))
    # As its board last changed it, so that a later export can be told from what was changed here.
    activity.updated_at = min(row.touched or now, now)
    activity.save()
    for item in planned.items:
        line.create(
            Part.objects.create(
                activity=activity, title=item.title[:300], heading=item.heading[:200],
                done=item.done, day=item.due, outside_id=item.key[:60], kind=item.kind,
                hours=_decimal(item.hours), days=_decimal(item.days),
            )
        )  # fmt: skip
    for part in Part.objects.filter(pk__in=[key for key, _ in planned.ticked]):
        line.keep(part, "done", "done_on")
        part.done = dict(planned.ticked)[part.pk]
        part.done_on = preferences.today() if part.done else None
        part.save(update_fields=["done", "done_on"])
    moved = [
        Move(activity=activity, came_from=move.came_from, went_to=move.went_to, at=move.at)
        for move in planned.moves
    ]
    if not moved and planned.existing is None:
        moved = [Move(activity=activity, went_to=activity.status, at=row.created_at or now)]
    last = moved[-1].went_to if moved else _last_status(activity)
    if last != activity.status:
        # Ticked off or archived where it lay, without a move that says so.
        at = min(row.touched or now, now)
        moved.append(Move(activity=activity, came_from=last, went_to=activity.status, at=at))
    line.create(*Move.objects.bulk_create(moved))
    links = [url for url in planned.links if _is_link(url)]
    set_tags_and_links(activity, planned.tags, links, line)
    return activity.pk


def _last_status(activity: Activity) -> str:
    latest = activity.moves.order_by("at", "id").last()
    return latest.went_to if latest else ""


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, 2)))


def _is_link(url: str) -> bool:
    try:
        safe_url(url)
    except CannotError:
        return False
    return True


def _new(planned: PlannedCard, source: str, line: Line) -> Activity:
    row = planned.row
    activity = Activity(
        program=program_for(planned.program, line),
        kind=row.kind or Kind.TASK,
        title=row.title[:300],
        status=row.status,
        due=row.due,
        holder=row.holder,
        hours_planned=_decimal(row.hours),
        notes=row.notes,
        event_id=row.key,
        source=source,
        created_at=row.created_at or clock.now(),
        updated_at=clock.now(),
    )
    activity.set_start(None, row.day, preferences.value("zone"))
    activity.save()
    line.create(activity)
    return activity


def export_board(actor: Actor, file: Path, form: str) -> int:
    """Write the board as a Trello export or a table, into a file that is not there yet; how many
    cards. Cells a spreadsheet would run are made harmless."""
    rules.require(rules.may_read_record, actor)
    if form not in FORMS:
        raise CannotError("Write the board as trello or as csv.")
    cards = cards_of(actor)
    if form == "trello":
        text = json.dumps(trello.write("Almanac", cards), ensure_ascii=False, indent=1)
    else:
        held = io.StringIO()
        writer = csv.DictWriter(held, board_table.HEADER, lineterminator="\n")
        writer.writeheader()
        for card in cards:
            cells = board_table.row_of(card)
            writer.writerow({name: neutral(value) for name, value in cells.items()})
        text = held.getvalue()
    try:
        with file.open("x", encoding="utf-8", newline="") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise CannotError(f"{file} is there already; name another file.") from error
    except OSError as error:
        raise CannotError(f"{file} cannot be written: {error.strerror}.") from error
    return len(cards)
