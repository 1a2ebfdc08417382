"""`almanac feedback`: what people need, who was told, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from almanac.actions.community import feedback as verbs
from almanac.actions.errors import CannotError
from almanac.answers.community import feedback as answers
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_if_any
from almanac.faces.cli.open import one_activity, open_logbook
from almanac.record.models import Feedback, Receiver
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from datetime import date

SHOWN = 200

feedback = App(
    name="feedback",
    help="""What people said they need, passed on to product or sales, and what became of it.

    `almanac feedback` lists it with whom to tell. Each command below has a `--help`.""",
)


@feedback.default
@feedback.command(name="list")
def listed(*, as_json: JsonFlag = False) -> int:
    """The latest feedback with its number, where it stands, and who is to be told.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    rows = list(answers.feedback(OWNER)[:SHOWN])
    if as_json:
        out.data([_plain(row) for row in rows])
        return 0
    if not rows:
        out.say('No feedback yet: almanac feedback add "..." --who Ada')
        return 0
    for each in answers.feedback_counts(OWNER):
        out.say(each.sentence)
    for row in answers.to_tell(OWNER):
        out.say(f"Tell {row.who}: {answers.state_said(row.receiver, row.state)} ({row.pk}).")
    out.rows(
        ["number", "day", "what", "from", "state"],
        [
            [str(row.pk), f"{row.day:%-d %b %Y}", row.text[:80], row.who,
             answers.state_said(row.receiver, row.state)]
            for row in rows
        ],
    )  # fmt: skip
    return 0


@feedback.command
def add(
    text: str,
    *,
    who: str = "",
    receiver: Annotated[str, Parameter(name="--to")] = Receiver.PRODUCT.value,
    ticket: str = "",
    activity: Annotated[str, Parameter(name="--at")] = "",
    program: str = "",
    day: str = "",
    as_json: JsonFlag = False,
) -> int:
    """Write down what somebody needs, or that somebody wants to buy.

    Parameters
    ----------
    text
        What they said they need.
    who
        Who said so; several with commas between them.
    receiver
        Who is to hear of it: product, sales or other.
    ticket
        Where it is followed: an address or a number.
    activity
        Where you heard it: an activity's number, or words of its title.
    program
        The program it belongs to; the activity's, if you do not say.
    day
        When you heard it; today, if you do not say.
    as_json
        Print JSON.
    """
    open_logbook()
    heard_on: date | None = day_if_any(day)
    row = verbs.note_feedback(
        OWNER, text, who=who, receiver=receiver, ticket=ticket, day=heard_on, program=program,
        activity=one_activity(activity) if activity else None,
    )  # fmt: skip
    return _told(row, as_json=as_json)


@feedback.command
def ticket(number: int, address: str, *, as_json: JsonFlag = False) -> int:
    """Note the ticket by which others follow it.

    Parameters
    ----------
    number
        The number of the feedback.
    address
        The ticket's address or number.
    as_json
        Print JSON.
    """
    open_logbook()
    return _told(verbs.change_feedback(OWNER, _the(number), ticket=address), as_json=as_json)


@feedback.command
def state(number: int, state: str, *, became: str = "", as_json: JsonFlag = False) -> int:
    """Say how far it has come: heard, passed_on, done or closed.

    Parameters
    ----------
    number
        The number of the feedback.
    state
        heard, passed_on, done or closed; or as it is shown: ticket, shipped, customer, won’t ship.
    became
        What became of it, in a few words.
    as_json
        Print JSON.
    """
    open_logbook()
    wanted = answers.state_called(state)
    if wanted is None:
        raise CannotError(
            "Say heard, passed_on, done or closed; or shipped, customer, won’t ship and the like."
        )
    return _told(verbs.move_feedback(OWNER, _the(number), wanted, became), as_json=as_json)


@feedback.command
def told(number: int, *, as_json: JsonFlag = False) -> int:
    """Note that those it came from know what became of it.

    Parameters
    ----------
    number
        The number of the feedback.
    as_json
        Print JSON.
    """
    open_logbook()
    return _told(verbs.say_told(OWNER, _the(number)), as_json=as_json)


def _the(number: int) -> Feedback:
    found = answers.find_feedback(OWNER, number)
    if found is None:
        raise CannotError("Name feedback by its number; almanac feedback lists it.")
    return found


def _told(row: Feedback, *, as_json: bool) -> int:
    if as_json:
        out.data(_plain(row))
    else:
        out.say(f"{row.pk}. {row.text[:80]}: {answers.state_said(row.receiver, row.state)}.")
    return 0


def _plain(row: Feedback) -> dict[str, Any]:
    names = ("id", "text", "who", "receiver", "state", "ticket", "became", "day", "passed_on")
    return {name: getattr(row, name) for name in (*names, "ended_on", "told_on")}
