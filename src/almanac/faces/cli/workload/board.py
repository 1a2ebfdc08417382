"""`almanac board`: what is not done yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cyclopts import App

from almanac.actions import activities
from almanac.actions.errors import CannotError
from almanac.actions.imports.cards import export_board
from almanac.actions.workload import board as verbs
from almanac.answers.workload.board import FLOW_DAYS, flow, proposal_sentence, proposals, requests
from almanac.answers.workload.board import board as question
from almanac.core.vocabulary import Status, status_named
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_ahead_if_any, day_if_any
from almanac.faces.cli.open import one_activity, open_logbook
from almanac.record.queries import preferences
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.answers.workload.board import BoardCard
    from almanac.record.models import Activity

board = App(
    name="board",
    help="""What is not done yet, by status, with its age; answer requests, move cards, set limits.

    `almanac board` lists it. Each command below has a `--help`.""",
)


@board.default
def listed(*, as_json: JsonFlag = False) -> int:
    """What is not done yet, column by column.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    return _list(as_json=as_json)


@board.command
def move(name: str, status: str, *, as_json: JsonFlag = False) -> int:
    """Move a card to another status.

    Parameters
    ----------
    name
        The activity, by title or number.
    status
        requested, idea, planned, in progress, done, declined or cancelled.
    as_json
        Print JSON.
    """
    open_logbook()
    card = one_activity(name)
    wanted = status_named(status)
    if wanted is None:
        raise CannotError(f"Move it to one of {', '.join(term.label for term in Status)}.")
    activities.set_status(OWNER, card, wanted)
    return _told(card, f"{card.title} is {card.get_status_display()}.", as_json=as_json)


@board.command
def ask(
    title: str,
    *,
    by: str = "",
    hours: float | None = None,
    due: str = "",
    kind: str = "task",
    program: str = "",
    as_json: JsonFlag = False,
) -> int:
    """Note what somebody asks you for.

    Parameters
    ----------
    title
        What they ask for, such as "Judge the final".
    by
        Who asks.
    hours
        Hours it takes.
    due
        The day by which it is wanted.
    kind
        The kind of activity, such as talk.
    program
        The program it belongs to.
    as_json
        Print JSON.
    """
    open_logbook()
    asked = verbs.ask(
        OWNER,
        title,
        asked_by=by,
        hours=hours,
        due=day_ahead_if_any(due),
        program=program,
        kind=kind,
    )
    said = f"Asked: {asked.title}. Answer it with: almanac board answer {asked.pk} no"
    return out.told(said, as_json=as_json, id=asked.pk)


@board.command
def answer(
    name: str,
    answer: str,
    *,
    hours: float | None = None,
    due: str = "",
    words: str = "",
    as_json: JsonFlag = False,
) -> int:
    """Answer a request: yes, smaller, not_yet or no.

    Parameters
    ----------
    name
        The request, by title or number.
    answer
        yes, smaller, not_yet or no.
    hours
        With smaller: the hours you offer.
    due
        With not_yet: the day by which you could.
    words
        What you reply.
    as_json
        Print JSON.
    """
    open_logbook()
    card = one_activity(name)
    verbs.answer(OWNER, card, answer, reply=words, hours=hours, due=day_ahead_if_any(due))
    return _told(card, f"{card.title}: {card.get_status_display()}.", as_json=as_json)


@board.command
def part(
    name: str,
    kind: str = "item",
    *,
    hours: float | None = None,
    days: float | None = None,
    due: str = "",
    words: str = "",
    as_json: JsonFlag = False,
) -> int:
    """Say what belongs to an activity: travel, preparation, recovery, a follow-up, an item.

    Parameters
    ----------
    name
        The activity, by title or number.
    kind
        The kind of part, such as travel.
    hours
        Hours it takes.
    days
        Whole days it takes.
    due
        Its day.
    words
        What it is called.
    as_json
        Print JSON.
    """
    open_logbook()
    card = one_activity(name)
    made = verbs.add_part(
        OWNER, card, words, kind, hours=hours, days=days, day=day_ahead_if_any(due)
    )
    return _told(card, f"{card.title} takes {made.title}.", as_json=as_json)


@board.command
def tick(name: str, item: str, *, as_json: JsonFlag = False) -> int:
    """Tick a part off, or take the tick back.

    Parameters
    ----------
    name
        The activity, by title or number.
    item
        What the part is called.
    as_json
        Print JSON.
    """
    open_logbook()
    card = one_activity(name)
    found = next((row for row in card.parts.all() if row.title.lower() == item.lower()), None)
    if found is None:
        raise CannotError(f"{card.title} has no part called “{item}”.")
    verbs.change_part(OWNER, found, done=not found.done)
    said = f"{found.title}: {'done' if found.done else 'not done'}."
    return _told(card, said, as_json=as_json)


@board.command
def limit(column: str, number: int | None = None, *, as_json: JsonFlag = False) -> int:
    """Limit how many cards a column, the whole board or one person may hold.

    Parameters
    ----------
    column
        A status, or all, or person.
    number
        The most there may be; leave it out for no limit.
    as_json
        Print JSON.
    """
    open_logbook()
    verbs.set_limit(OWNER, status_named(column) or column, number)
    many = "any number of" if number is None else str(number)
    return out.told(f"{column.capitalize()} holds {many} cards.", as_json=as_json)


@board.command
def due(name: str, day: str, *, as_json: JsonFlag = False) -> int:
    """Say by which day something is due.

    Parameters
    ----------
    name
        The activity, by title or number.
    day
        The day, such as friday or 2026-12-01.
    as_json
        Print JSON.
    """
    open_logbook()
    card = one_activity(name)
    when = day_ahead_if_any(day)
    activities.change_activity(OWNER, card, due=when)
    said = f"{card.title} is due on {when:%-d %B %Y}." if when else f"{card.title}: no day."
    return _told(card, said, as_json=as_json)


@board.command
def cfp(name: str, decision: str, *, due: str = "", as_json: JsonFlag = False) -> int:
    """Follow a call for proposals: submitted, accepted or rejected.

    Parameters
    ----------
    name
        The call, by title or number.
    decision
        submitted, accepted or rejected.
    due
        With submitted: the day it was sent; today if you do not say.
    as_json
        Print JSON.
    """
    open_logbook()
    card = one_activity(name)
    if decision == "submitted":
        sent = day_if_any(due) or preferences.today()
        verbs.follow_proposal(OWNER, card, submitted_on=sent)
    else:
        verbs.follow_proposal(OWNER, card, decision=decision)
    return _told(card, f"{card.title}: {decision}.", as_json=as_json)


@board.command(name="requests")
def asked_for(*, as_json: JsonFlag = False) -> int:
    """What others asked for, what you answered, and the hours a no kept free.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    return _requests(as_json=as_json)


@board.command(name="flow")
def flowing(*, as_json: JsonFlag = False) -> int:
    """How much comes, how much gets done, and how long one takes.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    return _flow(as_json=as_json)


@board.command
def export(form: str, *, file: Path, as_json: JsonFlag = False) -> int:
    """Write the board as a Trello board or a table.

    Parameters
    ----------
    form
        trello or csv.
    file
        The file to write.
    as_json
        Print JSON.
    """
    open_logbook()
    number = export_board(OWNER, file, form)
    said = f"{number:,} cards in {file}."
    return out.told(said, as_json=as_json, cards=number, file=str(file))


def _told(card: Activity, said: str, *, as_json: bool) -> int:
    return out.told(said, as_json=as_json, id=card.pk, status=card.status)


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
