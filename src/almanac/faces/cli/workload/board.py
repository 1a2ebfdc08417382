"""`almanac board`: what is not done yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from almanac.actions import activities
from almanac.actions.errors import CannotError
from almanac.actions.imports.cards import export_board
from almanac.actions.workload import board as verbs
from almanac.answers.workload.board import FLOW_DAYS, flow, proposal_sentence, proposals, requests
from almanac.answers.workload.board import board as question
from almanac.core.vocabulary import Status, values
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_ahead_if_any, day_if_any
from almanac.faces.cli.open import one_activity, open_logbook
from almanac.record.queries import preferences
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.answers.workload.board import BoardCard

DOINGS = (
    "list", "move", "ask", "answer", "part", "tick", "limit", "due", "cfp", "requests", "flow", "export",
)  # fmt: skip


def board(
    what: str = "list",
    name: str = "",
    value: str = "",
    *,
    hours: float | None = None,
    days: float | None = None,
    due: str = "",
    by: str = "",
    words: str = "",
    kind: str = "",
    program: str = "",
    file: Path | None = None,
    as_json: JsonFlag = False,
) -> int:
    """What is not done yet, by status, with its age; answer requests, move cards, set limits.

    `almanac board` lists it. `board move NAME doing`; `board ask "Judge the final" --by Ana
    --hours 6 --due 2026-12-01` notes what others ask; `board answer NAME yes|smaller|not_yet|no`
    answers; `board requests` shows what was answered and what a no protected; `board part NAME
    travel --days 2` says what belongs to it; `board tick NAME "Book the train"`; `board limit
    doing 3`; `board due NAME 2026-12-01`; `board cfp NAME submitted|accepted|rejected`; `board
    flow`; `board export trello --file board.json` (or csv).

    Parameters
    ----------
    what
        list, move, ask, answer, part, tick, limit, due, cfp, requests, flow or export.
    name
        The activity, by title or number; for `limit` a column, all or person; for `export` trello or csv.
    value
        Where to, the answer, the kind of part, the item, the number, the day.
    hours
        Hours it takes; with `answer smaller` those you offer.
    days
        With `part`: whole days it takes.
    due
        The day by which it is promised.
    by
        With `ask`: who asks.
    words
        With `answer`: what you reply. With `part`: what it is called.
    kind
        With `ask`: the kind of activity, such as talk.
    program
        With `ask`: the program it belongs to.
    file
        With `export`: the file to write.
    as_json
        Print JSON.
    """
    open_logbook()

    if what not in DOINGS:
        raise CannotError(f"Say one of {', '.join(DOINGS)}: almanac board --help.")
    if what == "list":
        return _list(as_json=as_json)
    if what == "requests":
        return _requests(as_json=as_json)
    if what == "flow":
        return _flow(as_json=as_json)
    if not name:
        raise CannotError(f"Say what: almanac board {what} NAME")
    said = _do(what, name, value, hours, days, due, by, words, kind, program, file)
    if as_json:
        out.data(said)
    else:
        out.say(said["said"])
    return 0


def _do(
    what: str, name: str, value: str, hours: float | None, days: float | None, due: str, by: str,
    words: str, kind: str, program: str, file: Path | None,
) -> dict[str, Any]:  # fmt: skip

    if what == "limit":
        if value and not (value.isascii() and value.isdecimal() and len(value) < 5):
            raise CannotError("A limit is a number; leave it out for none.")
        verbs.set_limit(OWNER, name, int(value) if value else None)
        return {"said": f"{name.capitalize()} holds {value or 'any number of'} cards."}
    if what == "export":
        if file is None:
            raise CannotError("Name the file: almanac board export trello --file board.json")
        number = export_board(OWNER, file, name)
        return {"said": f"{number:,} cards in {file}.", "cards": number, "file": str(file)}
    if what == "ask":
        asked = verbs.ask(
            OWNER, name, asked_by=by, hours=hours, due=day_ahead_if_any(due), program=program,
            kind=kind or "task",
        )  # fmt: skip
        return {"said": f"Asked: {asked.title}. Answer it with: almanac board answer {asked.pk} no",
                "id": asked.pk}  # fmt: skip
    card = one_activity(name)
    if what == "move":
        if value not in values(Status):
            raise CannotError(f"Move it to one of {', '.join(values(Status))}.")
        activities.set_status(OWNER, card, value)
        said = f"{card.title} is {card.get_status_display()}."
    elif what == "answer":
        verbs.answer(OWNER, card, value, reply=words, hours=hours, due=day_ahead_if_any(due))
        said = f"{card.title}: {card.get_status_display()}."
    elif what == "part":
        part = verbs.add_part(
            OWNER, card, words, value or "item", hours=hours, days=days, day=day_ahead_if_any(due)
        )
        said = f"{card.title} takes {part.title}."
    elif what == "tick":
        found = [p for p in card.parts.all() if p.title.lower() == value.lower()]
        if not found:
            raise CannotError(f"{card.title} has no part called “{value}”.")
        verbs.change_part(OWNER, found[0], done=not found[0].done)
        said = f"{found[0].title}: {'done' if found[0].done else 'not done'}."
    elif what == "due":
        day = day_ahead_if_any(value or due)
        activities.change_activity(OWNER, card, due=day)
        said = f"{card.title} is promised for {day:%-d %B %Y}." if day else f"{card.title}: no day."
    elif value == "submitted":
        verbs.follow_proposal(OWNER, card, submitted_on=day_if_any(due) or preferences.today())
        said = f"{card.title}: submitted."
    else:
        verbs.follow_proposal(OWNER, card, decision=value)
        said = f"{card.title}: {value}."
    return {"said": said, "id": card.pk, "status": card.status}


def _list(*, as_json: bool) -> int:

    found = question(OWNER)
    if as_json:
        out.data(
            {
                "columns": [
                    {
                        "status": column.status, "limit": column.limit,
                        "cards": [_plain(card) for card in column.cards],
                    }
                    for column in found.columns
                ],
                "in_progress": found.in_progress, "limit": found.limit,
            }
        )  # fmt: skip
        return 0
    if not any(column.cards for column in found.columns):
        out.say('The board is empty: almanac log "idea: a summer hackathon", or almanac board ask')
        return 0
    for column in found.columns:
        if not column.cards:
            continue
        limit = f" of {column.limit}" if column.limit else ""
        over = "; over its limit" if column.is_over else ""
        out.say(f"{column.status.label.capitalize()}: {len(column.cards)}{limit}{over}")
        out.rows(
            ["", "what", "due", "here", "takes"],
            [
                [
                    str(card.activity.pk), card.activity.title,
                    _due(card), f"{card.age} d", f"{card.takes:g} d" if card.takes else "",
                ]
                for card in column.cards
            ],
            right=frozenset({0, 3, 4}),
        )  # fmt: skip
    for holder in found.holders:
        if holder.is_over:
            out.say(
                f"{holder.name or 'You'} hold {holder.cards} promises, over the limit of one person."
            )
    if found.limit and found.in_progress > found.limit:
        out.say(f"{found.in_progress} promises are in progress; you wanted at most {found.limit}.")
    return 0


def _due(card: BoardCard) -> str:
    day = card.activity.promised_for
    if day is None:
        return ""
    return f"{day:%-d %b}, late" if card.is_late else f"{day:%-d %b}"


def _plain(card: BoardCard) -> dict[str, Any]:
    activity = card.activity
    return {
        "id": activity.pk, "title": activity.title, "due": activity.promised_for,
        "hours": activity.hours_planned, "holder": activity.holder, "age": card.age,
        "waited": card.waited, "takes": card.takes, "items": card.items, "ticked": card.ticked,
    }  # fmt: skip


def _requests(*, as_json: bool) -> int:

    found, calls = requests(OWNER), proposals(OWNER)
    if as_json:
        out.data(
            {
                "open": [{"id": a.pk, "title": a.title, "due": a.due} for a in found.open],
                "answered": [
                    {"title": r.activity.title, "answer": r.answer, "on": r.answered_on,
                     "asked_by": r.asked_by}
                    for r in found.answered
                ],
                "protected": found.protected, "declined": found.declined,
                "proposals": {"accepted": calls.accepted, "decided": calls.decided,
                              "rate": calls.rate},
            }
        )  # fmt: skip
        return 0
    for row in found.open:
        out.say(f"Waiting: {row.title} ({row.pk})")
    for request in found.answered:
        out.say(
            f"{request.answered_on:%-d %b}: {request.activity.title}, {request.get_answer_display()}"
        )
    if found.protected:
        out.say(f"Saying no, or smaller, kept {found.protected:g} h free.")
    if not found.open and not found.answered:
        out.say("Nobody asked for anything that was written down here.")
    if calls.decided:
        out.say(f"Proposals: {proposal_sentence(calls)}")
    return 0


def _flow(*, as_json: bool) -> int:

    found = flow(OWNER)
    if as_json:
        out.data(
            {
                "in_progress": found.in_progress, "throughput": found.throughput,
                "cycle": found.cycle, "expected_cycle": found.expected_cycle,
                "came": found.came, "left": found.left, "steady": found.steady,
            }
        )  # fmt: skip
        return 0
    if found.cycle is None:
        out.say(f"Nothing that was in progress was finished in the last {FLOW_DAYS} days.")
        return 0
    out.say(
        f"In {FLOW_DAYS} days {found.came} promises came and {found.left} were done; "
        f"{found.in_progress:.1f} were in progress on a usual day, and one took {found.cycle:.0f} days."
    )
    if not found.steady:
        out.say("More come than leave, or fewer: these averages will not stay.")
    return 0
