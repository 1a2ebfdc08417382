"""`almanac board`: what is not done yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

from almanac.actions import activities
from almanac.actions.errors import CannotError
from almanac.actions.imports.cards import export_board
from almanac.actions.workload import board as verbs
from almanac.answers.words import counted
from almanac.core.vocabulary import Status, status_named
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_ahead_if_any, day_if_any
from almanac.faces.cli.open import one_activity, open_logbook
from almanac.faces.cli.workload.board_shown import (
    show_board,
    show_flow,
    show_requests,
)
from almanac.record.queries import preferences
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.record.models import Activity

board = App(
    name="board",
    help="""What is not done yet, by status, with its age; answer requests, move cards, set limits.

    `almanac board` lists it. Each command below has a `--help`.""",
)


@board.default
@board.command(name="list")
def listed(*, as_json: JsonFlag = False) -> int:
    """What is not done yet, column by column.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    return show_board(as_json=as_json)


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
    found = status_named(column)
    verbs.set_limit(OWNER, found or column, number)
    name = (found.label if found else column).capitalize()
    many = "any number of cards" if number is None else counted(number, "card", "cards")
    return out.told(f"{name} holds {many}.", as_json=as_json)


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
    return show_requests(as_json=as_json)


@board.command(name="flow")
def flowing(*, as_json: JsonFlag = False) -> int:
    """How much comes, how much gets done, and how long one takes.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    return show_flow(as_json=as_json)


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
