"""A Trello board's JSON export: lists, cards, checklists, labels, members, comments, moves.

Actions come newest first, and copied cards have none for their making, so a card's time of making
is read from its id (its first eight hex digits are Unix seconds).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from almanac.sources.base import cells
from almanac.sources.base.rows import CardItem, CardMove, CardRow, Gathering
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo

STATUS_WORDS = (
    ("dropped", ("cancelled", "canceled", "dropped", "abandoned")),
    ("declined", ("declined", "rejected", "said no")),
    ("done", ("done", "complete", "finished", "shipped", "published", "delivered")),
    ("doing", ("doing", "in progress", "wip", "working", "review", "under way", "active")),
    ("asked", ("asked", "request", "requests", "requested", "inbox", "incoming")),
    ("planned", ("to do", "todo", "next", "planned", "this week", "ready", "scheduled", "sprint")),
)
"""Which words in a list's name mean which status; without any of them a card is an idea."""
AT_ONCE = 8
_WORD = re.compile(r"\w+")


def recognises(value: Any) -> bool:
    return isinstance(value, dict) and {"cards", "lists"} <= value.keys() and all(
        isinstance(value[name], list) for name in ("cards", "lists")
    )  # fmt: skip


def status_of(column: str) -> str:
    """The status a list's name means."""
    said = f" {' '.join(_WORD.findall(cells.clean(column).lower()))} "
    if " not " in said:
        return "idea"
    for status, words in STATUS_WORDS:
        if any(f" {word} " in said for word in words):
            return status
    return "idea"


def read(board: dict[str, Any], zone: tzinfo) -> Harvest:
    found = Gathering()
    columns = {str(c.get("id")): c for c in _dicts(board, "lists")}
    names = {key: cells.clean(str(c.get("name") or ""))[:200] for key, c in columns.items()}
    members = {
        str(m.get("id")): cells.clean(str(m.get("fullName") or m.get("username") or ""))[:80]
        for m in _dicts(board, "members")
    }
    items = _items(board, zone)
    actions = _by_card(board)
    cards: list[CardRow] = []
    for number, card in enumerate(_dicts(board, "cards"), start=1):
        title, rest = cells.title_and_rest(str(card.get("name") or ""))
        key = str(card.get("id") or "")
        column = str(card.get("idList") or "")
        if not title or not key:
            found.reject(number, "has no title or no id", (title, key))
            continue
        if card.get("isTemplate"):
            found.reject(number, "is a template", (title,))
            continue
        cards.append(
            _card(number, card, key, title, rest, names, column, columns, members,
                  items.get(key, ()), actions.get(key, []), zone)
        )  # fmt: skip
    for status, lists in _told(names, cards).items():
        found.remark(f"read as {status}: {', '.join(lists)}")
    others = Counter(
        str(action.get("type")) for action in _dicts(board, "actions") if not _is_used(action)
    )
    if others:
        told = ", ".join(f"{n} {kind}" for kind, n in others.most_common(AT_ONCE))
        found.remark(f"{others.total()} actions say nothing a logbook keeps: {told}")
    return Harvest(
        TRELLO, cards=tuple(cards), rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
    )  # fmt: skip


def _card(
    number: int, card: dict[str, Any], key: str, title: str, rest: str, names: dict[str, str],
    column: str, columns: dict[str, Any], members: dict[str, str], items: tuple[CardItem, ...],
    actions: list[dict[str, Any]], zone: tzinfo,
) -> CardRow:  # fmt: skip
    status = status_of(names.get(column, ""))
    archived = card.get("closed") or columns.get(column, {}).get("closed")
    if card.get("dueComplete"):
        status = "done"
    elif archived and status not in {"done", "declined"}:
        status = "dropped"
    moves = _moves(actions, names, key)
    touched = _time(card.get("dateLastActivity"))
    ended = next((m.at for m in reversed(moves) if m.went_to == status), None) or touched
    due = _time(card.get("due"))
    description = cells.clean(str(card.get("desc") or ""))
    ids = card.get("idMembers")
    assigned = [
        members[m] for m in map(str, ids if isinstance(ids, list) else ()) if members.get(m)
    ]
    return CardRow(
        archived=bool(archived),
        row=number,
        key=f"trello:{key}",
        title=title,
        status=status,
        column=names.get(column, ""),
        due=due.astimezone(zone).date() if due else None,
        day=ended.astimezone(zone).date() if status == "done" and ended else None,
        holder=assigned[0] if assigned else "",
        tags=tuple(
            dict.fromkeys(
                cells.clean(str(label.get("name") or label.get("color") or "")).lower()[:60]
                for label in _dicts(card, "labels")
                if label.get("name") or label.get("color")
            )
        ),
        links=tuple(
            dict.fromkeys(
                url
                for a in _dicts(card, "attachments")
                if (url := str(a.get("url") or "")).startswith(("http://", "https://"))
            )
        ),
        notes="\n\n".join(filter(None, (rest, description[:20_000]))),
        comments=_comments(actions, zone),
        items=items,
        kind=_kind(_ours(card).get("kind")),
        program=cells.clean(str(_ours(card).get("program") or ""))[:200],
        hours=_hours(_ours(card).get("hours")),
        moves=tuple(moves),
        created_at=_made(key),
        touched=touched,
    )


def _items(board: dict[str, Any], zone: tzinfo) -> dict[str, tuple[CardItem, ...]]:
    found: dict[str, list[CardItem]] = defaultdict(list)
    for checklist in _dicts(board, "checklists"):
        heading = cells.clean(str(checklist.get("name") or ""))[:200]
        for item in sorted(_dicts(checklist, "checkItems"), key=lambda i: _number(i.get("pos"))):
            title, _ = cells.title_and_rest(str(item.get("name") or ""))
            due = _time(item.get("due"))
            if title:
                found[str(checklist.get("idCard"))].append(
                    CardItem(
                        str(item.get("id") or "")[:60], title, heading,
                        item.get("state") == "complete",
                        due.astimezone(zone).date() if due else None,
                        str(_ours(item).get("kind")) if _ours(item).get("kind") in PARTS else "item",
                        _hours(_ours(item).get("hours")),
                        _hours(_ours(item).get("days")),
                    )
                )  # fmt: skip
    return {card: tuple(items) for card, items in found.items()}


def _by_card(board: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The actions of each card, oldest first."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for action in _dicts(board, "actions"):
        card = _data(action).get("card")
        if isinstance(card, dict) and _time(action.get("date")) is not None:
            found[str(card.get("id"))].append(action)
    for actions in found.values():
        actions.sort(key=lambda action: str(action["date"]))
    return found


def _moves(actions: list[dict[str, Any]], names: dict[str, str], key: str) -> list[CardMove]:
    moves: list[CardMove] = []
    for action in actions:
        data = _data(action)
        before, after = data.get("listBefore"), data.get("listAfter")
        at = _time(action.get("date"))
        if not isinstance(before, dict) or not isinstance(after, dict) or at is None:
            continue
        left, came = (
            status_of(names.get(str(place.get("id")), str(place.get("name") or "")))
            for place in (before, after)
        )
        if left != came:
            if not moves and (made := _made(key)) is not None:
                moves.append(CardMove(made, "", left))
            moves.append(CardMove(at, left, came))
    return moves


def _comments(actions: list[dict[str, Any]], zone: tzinfo) -> tuple[str, ...]:
    """What was said on a card, by day; not by whom."""
    found = []
    for action in actions:
        at = _time(action.get("date"))
        words = cells.clean(str(_data(action).get("text") or ""))
        if action.get("type") == "commentCard" and words and at is not None:
            found.append(f"{at.astimezone(zone).date()}: {words[:5000]}")
    return tuple(found)


def _is_used(action: dict[str, Any]) -> bool:
    data = _data(action)
    return action.get("type") in {"commentCard", "createCard"} or "listAfter" in data


def _told(names: dict[str, str], cards: list[CardRow]) -> dict[str, list[str]]:
    used = {card.column for card in cards}
    found: dict[str, list[str]] = defaultdict(list)
    for name in names.values():
        if name in used:
            found[status_of(name)].append(name)
    return found


def _dicts(holder: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = holder.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


KINDS = frozenset(
    {"event", "workshop", "hackathon", "stream", "talk", "post", "meeting", "task", "cfp"}
)
PARTS = frozenset({"preparation", "travel", "recovery", "follow_up", "item"})
MOST_HOURS = 2000


def _ours(holder: dict[str, Any]) -> dict[str, Any]:
    """What this program writes beside what Trello knows, so that it comes back whole."""
    found = holder.get("almanac")
    return found if isinstance(found, dict) else {}


def _kind(value: Any) -> str:
    return value if isinstance(value, str) and value in KINDS else ""


def _hours(value: Any) -> float | None:
    fine = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if fine and 0 < value <= MOST_HOURS else None


def _data(action: dict[str, Any]) -> dict[str, Any]:
    found = action.get("data")
    return found if isinstance(found, dict) else {}


def _number(value: Any) -> float:
    try:
        return float(value) if isinstance(value, int | float) else 0.0
    except OverflowError:
        return 0.0


def _time(value: Any) -> datetime | None:
    """A time within reason; None for anything else."""
    try:
        found = datetime.fromisoformat(str(value))
        return cells.in_reason(found if found.tzinfo else found.replace(tzinfo=UTC), "time")
    except (ValueError, OverflowError, cells.BadCellError):
        return None


def _made(key: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(key[:8], 16), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def write(name: str, cards: list[CardRow]) -> dict[str, Any]:
    """A board as Trello would export it, from cards whose keys are `trello:` and 24 hex digits."""
    columns = list(dict.fromkeys(card.column or card.status for card in cards))
    lists = [
        {"id": _id("list", column), "name": column, "closed": False, "pos": place * 1024}
        for place, column in enumerate(columns, start=1)
    ]
    labels = sorted({tag for card in cards for tag in card.tags})
    people = sorted({card.holder for card in cards if card.holder})
    return {
        "name": name,
        "closed": False,
        "lists": lists,
        "labels": [{"id": _id("label", tag), "name": tag, "color": None} for tag in labels],
        "members": [
            {"id": _id("member", who), "fullName": who, "username": ""} for who in people
        ],
        "cards": [_card_out(card, place) for place, card in enumerate(cards, start=1)],
        "checklists": [
            {
                "id": _id("checklist", card.key + heading), "name": heading,
                "idCard": _key(card.key),
                "checkItems": [
                    {
                        "id": item.key or _id("item", card.key + item.title),
                        "name": item.title, "pos": place * 1024,
                        "state": "complete" if item.done else "incomplete",
                        "due": _noon(item.due),
                        "almanac": {"kind": item.kind, "hours": item.hours, "days": item.days},
                    }
                    for place, item in enumerate(card.items, start=1)
                    if item.heading == heading
                ],
            }
            for card in cards
            for heading in dict.fromkeys(item.heading for item in card.items)
        ],
        "actions": sorted(
            (action for card in cards for action in _actions_out(card)),
            key=lambda action: action["date"], reverse=True,
        ),
    }  # fmt: skip


def _card_out(card: CardRow, place: int) -> dict[str, Any]:
    return {
        "id": _key(card.key), "name": card.title, "desc": card.notes,
        "idList": _id("list", card.column or card.status), "pos": place * 1024,
        "due": _noon(card.due), "dueComplete": card.status == "done",
        "closed": card.status in {"dropped", "declined"},
        "labels": [{"id": _id("label", tag), "name": tag} for tag in card.tags],
        "idMembers": [_id("member", card.holder)] if card.holder else [],
        "attachments": [{"name": url, "url": url} for url in card.links],
        "dateLastActivity": _stamp(card.touched),
        "almanac": {"kind": card.kind, "program": card.program, "hours": card.hours},
    }  # fmt: skip


def _actions_out(card: CardRow) -> list[dict[str, Any]]:
    here = {"card": {"id": _key(card.key), "name": card.title}}
    found = []
    for move in card.moves:
        after = {"id": "", "name": move.went_to}
        if move.came_from:
            data = here | {"listBefore": {"id": "", "name": move.came_from}, "listAfter": after}
            found.append({"type": "updateCard", "date": _stamp(move.at), "data": data})
        else:
            found.append({"type": "createCard", "date": _stamp(move.at), "data": here})
    return found


def _key(key: str) -> str:
    return key.removeprefix("trello:")


def _id(kind: str, name: str) -> str:
    import hashlib  # noqa: PLC0415 - only writing needs it

    return hashlib.sha256(f"{kind}:{name}".encode()).hexdigest()[:24]


def _noon(day: date | None) -> str | None:
    return f"{day.isoformat()}T12:00:00.000Z" if day else None


def _stamp(moment: datetime | None) -> str:
    found = moment or datetime(1970, 1, 1, tzinfo=UTC)
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


TRELLO = Source(
    key="trello",
    title="a Trello board",
    holds=Holds.CARDS,
    mark="JSON with `cards` and `lists`",
    becomes="cards with checklists, labels, due days, comments by day, and their moves",
    reads=Reads.JSON,
    recognises=recognises,
    read=read,
)
SOURCES = (TRELLO,)
