"""A board as a table: a card a row, with its list, due day, hours, labels and checklist."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from almanac.sources.base import cells
from almanac.sources.base.cells import cell
from almanac.sources.base.dates import DateColumn
from almanac.sources.base.formulas import whole
from almanac.sources.base.guests import YES
from almanac.sources.base.rows import CardItem, CardRow, Gathering
from almanac.sources.base.source import Harvest, Holds, Reads, Source
from almanac.sources.services import trello
from almanac.sources.tables import mapped_table

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from almanac.sources.base.reading import Table

TITLE = (
    "title",
    "card name",
    "card",
    "task",
    "name",
    "summary",
    "task name",
    "zusammenfassung",
    "titel",
    "aufgabe",
    "résumé",
    "titre",
    "tâche",
    "resumen",
    "tarea",
    "resumo",
    "tarefa",
)
COLUMN = (
    "column",
    "list",
    "list name",
    "section/column",
    "section",
    "status",
    "state",
    "statut",
    "estado",
    "liste",
    "spalte",
)
OPTIONAL = {
    "key": (
        "card_id",
        "card id",
        "task id",
        "issue key",
        "id",
        "key",
        "vorgangsschlüssel",
        "clé de ticket",
        "clave de incidencia",
    ),
    "due": (
        "due",
        "due date",
        "deadline",
        "target date",
        "end date",
        "fälligkeitsdatum",
        "fällig am",
        "fällig",
        "date d'échéance",
        "échéance",
        "fecha de vencimiento",
        "data limite",
    ),
    "day": ("day", "date", "event time", "completed at", "completed", "resolved"),
    "hours": ("hours", "effort"),
    "holder": (
        "holder",
        "members",
        "assignee",
        "assignees",
        "assign",
        "assigned to",
        "owner",
        "zugewiesene person",
        "bearbeiter",
        "responsable",
        "asignado",
        "responsável",
    ),
    "tags": ("labels", "tags"),
    "notes": ("notes", "description", "card description", "desc"),
    "items": ("items", "checklist"),
    "kind": ("kind",),
    "program": (
        "program",
        "project",
        "projects",
        "project name",
        "related to projects",
        "milestone",
    ),
    "url": ("card url", "url", "link"),
}
SERVICES = (
    frozenset({"task id", "section/column"}),
    frozenset({"summary", "issue key"}),
    frozenset({"zusammenfassung", "status"}),
    frozenset({"résumé", "statut"}),
    frozenset({"resumen", "estado"}),
    frozenset({"title", "team", "status", "creator"}),
    frozenset({"title", "repository", "status"}),
    frozenset({"title", "assignees", "status"}),
    frozenset({"task name", "status", "assignee"}),
    frozenset({"name", "status", "due", "assign"}),
    frozenset({"name", "status", "due date", "assignee"}),
    frozenset({"name", "status", "due", "tags"}),
)
"""Columns by which exports of Asana, Jira, Linear, GitHub Projects, ClickUp and Notion are known."""
SECONDS_AN_HOUR = 3600
LEFT_OUT = ("archived", "closed")
HEADER = (
    "card_id", "title", "column", "kind", "program", "due", "day", "hours", "holder", "labels",
    "notes", "items", "url",
)  # fmt: skip
STATUSES = frozenset({"asked", "idea", "planned", "doing", "done", "declined", "dropped"})


def recognises(table: Table) -> bool:
    keys = set(table.keys)
    if any(service <= keys for service in SERVICES):
        return True
    has_title = any(name in keys for name in TITLE)
    sent = keys & {"send date", "total recipients", "unique opens"}
    return has_title and any(name in keys for name in COLUMN[:3]) and not sent


def read(table: Table, zone: tzinfo) -> Harvest:
    found = Gathering()
    cards: list[CardRow] = []
    seen: Counter[str] = Counter()
    days = _Days(table, zone)
    for line, record, raw in table.records():
        try:
            card = _card(line, record, days, found)
            seen[card.key] += 1
            again = seen[card.key] > 1 and card.key.startswith("row-")
            cards.append(replace(card, key=f"{card.key}-{seen[card.key]}") if again else card)
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
    return Harvest(
        BOARD_TABLE, cards=tuple(cards), rejected=tuple(found.rejected),
        remarks=tuple(found.remarks), columns=tuple(table.keys),
    )  # fmt: skip


class _Days:
    """The columns of days of a board."""

    def __init__(self, table: Table, zone: tzinfo) -> None:
        self.columns = {
            name: DateColumn(
                (cell(record, OPTIONAL[name]) for _, record, _ in table.records()),
                zone, table.habits,
            )
            for name in ("due", "day")
        }  # fmt: skip

    def read(self, name: str, text: str, line: int, found: Gathering) -> date | None:
        said = found.optional(line, lambda: self.columns[name].read(text, name))
        return said.day if said else None


def _card(line: int, record: dict[str, str], days: _Days, found: Gathering) -> CardRow:
    def said(name: str) -> str:
        for column in OPTIONAL[name]:
            if record.get(column, "").strip():
                return whole(record[column]).strip()
        return ""

    title = next((whole(record[name]) for name in TITLE if record.get(name, "").strip()), "")
    title, rest = cells.title_and_rest(title)
    column = next((whole(record[name]) for name in COLUMN if record.get(name, "").strip()), "")
    if not title:
        raise cells.BadCellError("has no title")
    status = column.strip().lower()
    # Not by its day, which may change.
    seed = f"{title}|{said('program')}"
    key = said("key") or f"row-{hashlib.sha256(seed.encode()).hexdigest()[:16]}"
    kind = said("kind").lower()
    if kind and kind not in trello.KINDS:
        raise cells.BadCellError(f"has the kind “{kind[:20]}”, which there is not")
    url = said("url")
    return CardRow(
        row=line,
        key=key[:190],
        title=title,
        status=_status(record, status, column),
        column=cells.clean(column)[:200],
        kind=kind,
        program=cells.clean(said("program"))[:200],
        due=days.read("due", said("due"), line, found),
        day=days.read("day", said("day"), line, found),
        hours=found.optional(line, lambda: _hours_of(record, said("hours"))),
        holder=cells.clean(said("holder").split(",")[0].split("@")[0])[:80],
        tags=tuple(
            dict.fromkeys(
                tag.strip().lower()[:60]
                for tag in said("tags").split(";" if ";" in said("tags") else ",")
                if tag.strip()
            )
        ),
        links=tuple(one for one in url.split() if one.startswith(("http://", "https://"))),
        notes="\n\n".join(filter(None, (rest, cells.clean(said("notes"))[:20_000]))),
        items=_items(said("items")),
        archived=any(record.get(name, "").strip().lower() in YES for name in LEFT_OUT),
    )


def _status(record: dict[str, str], status: str, column: str) -> str:
    """By its list; what is ticked off is done wherever it stands."""
    ticked = record.get("due complete", "").strip().lower() in YES
    if ticked or record.get("completed at", "").strip():
        return "done"
    if status in STATUSES:
        return status
    return mapped_table.STATUSES.get(status.replace(" ", "_")) or trello.status_of(column)


def _hours_of(record: dict[str, str], said: str) -> float | None:
    """Jira estimates in seconds; points of other boards are no hours."""
    seconds = record.get("original estimate", "").strip()
    if not said and seconds.isdecimal():
        return round(int(seconds) / SECONDS_AN_HOUR, 2)
    return _hours(said or record.get("estimate", "") if "list" in record else said)


def _hours(text: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text.lower().removesuffix("h").strip().replace(",", "."))
    except ValueError as error:
        raise cells.BadCellError(f"says “{text[:20]}” hours") from error
    if not 0 <= value <= trello.MOST_HOURS:
        raise cells.BadCellError(
            f"says {value:,.0f} hours; a card takes up to {trello.MOST_HOURS:,}"
        )
    return value


def _items(text: str) -> tuple[CardItem, ...]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip().removeprefix("- ")
        done = words.lower().startswith("[x]")
        title = cells.clean(words[3:] if words[:1] == "[" else words)[:300]
        if title:
            found.append(CardItem(f"line-{number}", title, "", done))
    return tuple(found)


def row_of(card: CardRow) -> dict[str, str]:
    """A card as a row under HEADER."""
    return {
        "card_id": card.key, "title": card.title, "column": card.status, "kind": card.kind,
        "program": card.program, "due": _iso(card.due), "day": _iso(card.day),
        "hours": f"{card.hours:g}" if card.hours is not None else "", "holder": card.holder,
        "labels": "; ".join(card.tags) + (";" if len(card.tags) == 1 and "," in card.tags[0] else ""), "notes": card.notes,
        "items": "\n".join(f"[{'x' if i.done else ' '}] {i.title}" for i in card.items),
        "url": " ".join(card.links),
    }  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


BOARD_TABLE = Source(
    key="board-table",
    title="a board as a table",
    holds=Holds.CARDS,
    mark="a title beside a `list` or `column`",
    becomes="cards",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
    general=2,
)
SOURCES = (BOARD_TABLE,)
