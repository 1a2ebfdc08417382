"""Cards of a board against the record: which are new, and what changed on those that are there."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from almanac.answers import words
from almanac.answers.imports.import_plan import PlannedCard
from almanac.core.vocabulary import Status
from almanac.record.models import Activity
from almanac.record.models.programs import UNSORTED
from almanac.record.queries import preferences
from almanac.sources.base.rows import CardRow, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterable

    from almanac.answers.imports.import_plan import ImportPlan

A_MOMENT = timedelta(seconds=1)
"""Boards keep milliseconds."""


def card_key(activity: Activity) -> str:
    """What names an activity on a board: the id it came with, or one made of its own, in the form
    of Trello's, whose first eight digits are when it was made."""
    if activity.source in {"trello", "board-table"} and activity.event_id:
        return activity.event_id
    own = hashlib.sha256(f"almanac:{activity.pk}".encode()).hexdigest()[:16]
    return f"trello:{int(activity.created_at.timestamp()):08x}{own}"


def plan_cards(empty: ImportPlan, rows: Iterable[CardRow], program: str) -> ImportPlan:
    known = {
        card_key(activity): activity
        for activity in Activity.objects.select_related("program").prefetch_related(
            "parts", "links", "moves", "tags"
        )
    }
    planned: list[PlannedCard] = []
    rejected = list(empty.rejected)
    unchanged: Counter[str] = Counter()
    seen: set[str] = set()
    mine = {str(name).casefold() for name in preferences.value("own_names")}
    holders: Counter[str] = Counter()
    archived = 0
    for given in rows:
        row = replace(given, holder="") if given.holder.casefold() in mine else given
        if row.archived and row.key not in known:
            archived += 1
            continue
        holders[row.holder] += 1
        if row.key in seen:
            rejected.append(Rejected(row.row, "is there twice", (row.title, row.key)))
            continue
        seen.add(row.key)
        made = _planned(row, row.program or program or UNSORTED, known.get(row.key))
        whole = Counter(
            {"items": len(row.items), "moves": len(row.moves), "links": len(row.links),
             "comments": len(row.comments)}
        )  # fmt: skip
        unchanged += whole - made.parts
        if made.does_nothing:
            unchanged["cards"] += 1
            if made.existing is not None and row.touched is None and _changed(row, made.existing):
                rejected.append(
                    Rejected(
                        row.row,
                        "differs from the card here and was left; the table doesn’t say which is newer",
                        (row.title, row.key),
                    )
                )
        else:
            planned.append(made)
    others = ", ".join(f"{name} ({many})" for name, many in holders.most_common(5) if name)
    told = (
        (f"who has them: {others}; a name of yours is taken for you after: almanac init --me NAME",)
        if others
        else ()
    )
    if archived:
        said = words.counted(archived, "archived card was", "archived cards were")
        told = (*told, f"{said} left out")
    return replace(
        empty, cards=tuple(planned), unchanged=dict(+unchanged) or {"cards": 0},
        rejected=tuple(rejected), remarks=(*empty.remarks, *told),
    )  # fmt: skip


def _planned(row: CardRow, program: str, existing: Activity | None) -> PlannedCard:
    if existing is None:
        return PlannedCard(
            row, program, None, {}, row.items, (), row.moves, row.links, row.tags, row.comments
        )
    newer = _is_newer(row, existing)
    by_key = {part.outside_id: part for part in existing.parts.all() if part.outside_id}
    by_title = {part.title: part for part in existing.parts.all()}
    new_items, ticked = [], []
    for item in row.items:
        part = by_key.get(item.key) or by_title.get(item.title)
        if part is None and newer:
            new_items.append(item)
        elif part is not None and part.done != item.done and newer:
            ticked.append((part.pk, item.done))
    known = list(existing.moves.all())
    moves = {(int(move.at.timestamp()), move.went_to) for move in known}
    has_first = any(not move.came_from for move in known)
    links = {link.url for link in existing.links.all()}
    tags = {tag.name.lower() for tag in existing.tags.all()}
    return PlannedCard(
        row,
        program,
        existing,
        _changed(row, existing) if newer else {},
        tuple(new_items),
        tuple(ticked),
        tuple(
            move
            for move in row.moves
            if newer
            and (int(move.at.timestamp()), move.went_to) not in moves
            and not (has_first and not move.came_from)
        ),
        tuple(url for url in row.links if newer and url not in links),
        tuple(tag for tag in row.tags if newer and tag not in tags),
        tuple(words for words in row.comments if newer and words not in existing.notes),
    )


def _is_newer(row: CardRow, existing: Activity) -> bool:
    """What was changed here since is not overruled by a file."""
    return row.touched is not None and row.touched > existing.updated_at + A_MOMENT


def _changed(row: CardRow, existing: Activity) -> dict[str, Any]:
    wanted: dict[str, Any] = {"title": row.title[:300], "status": row.status, "due": row.due}
    if row.holder:
        wanted["holder"] = row.holder
    if row.status == Status.DONE and existing.day is None:
        wanted["day"] = row.day
    return {name: value for name, value in wanted.items() if getattr(existing, name) != value}
