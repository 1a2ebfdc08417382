"""A board as a table: a card a row, with its list, due day, hours, labels and checklist."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from almanac.sources.base import cells
from almanac.sources.base.formulas import whole
from almanac.sources.base.rows import CardItem, CardRow, Gathering
from almanac.sources.base.source import Harvest, Holds, Reads, Source
from almanac.sources.services import trello
from almanac.sources.tables.measurements_table import day_of

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from almanac.sources.base.reading import Table

TITLE = ("title", "card name", "card", "task", "name")
COLUMN = ("column", "list", "list name", "status")
OPTIONAL = {
    "key": ("card_id", "card id", "id"),
    "due": ("due", "due date", "deadline"),
    "day": ("day", "date"),
    "hours": ("hours", "estimate", "effort"),
    "holder": ("holder", "members", "assignee", "owner"),
    "tags": ("labels", "tags"),
    "notes": ("notes", "description", "card description", "desc"),
    "items": ("items", "checklist"),
    "kind": ("kind",),
    "program": ("program",),
    "url": ("card url", "url", "link"),
}
HEADER = (
    "card_id", "title", "column", "kind", "program", "due", "day", "hours", "holder", "labels",
    "notes", "items", "url",
)  # fmt: skip
STATUSES = frozenset({"asked", "idea", "planned", "doing", "done", "declined", "dropped"})


def recognises(table: Table) -> bool:
    keys = set(table.keys)
    has_title = any(name in keys for name in TITLE)
    return has_title and any(name in keys for name in COLUMN[:3])


def read(table: Table, zone: tzinfo) -> Harvest:
    found = Gathering()
    cards: list[CardRow] = []
    seen: Counter[str] = Counter()
    for line, record, raw in table.records():
        try:
            card = _card(line, record, zone)
            seen[card.key] += 1
            again = seen[card.key] > 1 and card.key.startswith("row-")
            cards.append(replace(card, key=f"{card.key}-{seen[card.key]}") if again else card)
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
    return Harvest(
        BOARD_TABLE, cards=tuple(cards), rejected=tuple(found.rejected),
        remarks=tuple(found.remarks), columns=tuple(table.keys),
    )  # fmt: skip


def _card(line: int, record: dict[str, str], zone: tzinfo) -> CardRow:
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
        status=status if status in STATUSES else trello.status_of(column),
        column=cells.clean(column)[:200],
        kind=kind,
        program=cells.clean(said("program"))[:200],
        due=_day(said("due"), zone),
        day=_day(said("day"), zone),
        hours=_hours(said("hours")),
        holder=cells.clean(said("holder").split(",")[0])[:80],
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
    )


def _day(text: str, zone: tzinfo) -> date | None:
    return day_of(text, zone) if text else None


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
)
SOURCES = (BOARD_TABLE,)
