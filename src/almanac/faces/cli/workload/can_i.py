"""`almanac can-i`: does one more commitment fit?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from almanac.actions.errors import CannotError
from almanac.actions.workload.board import promise
from almanac.answers import words
from almanac.answers.log.logbook import search_activities
from almanac.answers.workload.can_i import Fit, hours_in
from almanac.answers.workload.can_i import can_i as question
from almanac.core.vocabulary import AHEAD
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_ahead_if_any
from almanac.faces.cli.open import open_logbook
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.answers.workload.can_i import CanI


def can_i(
    title: str,
    *,
    hours: float,
    by: str,
    travel: str = "",
    yes: Annotated[bool, Parameter(negative="")] = False,
    draft: str = "",
    as_json: JsonFlag = False,
) -> int:
    """Does one more commitment fit? It fits, fits if something moves, or doesn’t fit, and why.

    Parameters
    ----------
    title
        What it is, or the name of something on the board.
    hours
        How long you think it takes.
    by
        The day by which it must be done, such as 2027-03-10.
    travel
        Days it takes beside the hours, such as 2d.
    yes
        Say yes anyway: it goes onto the board, and what you knew is kept for you alone.
    draft
        Print a kind draft: no, not_yet or smaller.
    as_json
        Print JSON.
    """
    open_logbook()

    due = day_ahead_if_any(by)
    if due is None:
        raise CannotError("By which day? --by 2027-03-10")
    away = hours_in(travel) if travel else 0.0
    known = [
        row
        for row in search_activities(OWNER, title)
        if row.title.lower() == title.lower() and row.status in AHEAD
    ]
    activity = known[0] if len(known) == 1 else None
    found = question(OWNER, title, hours, due, travel=away, activity=activity)
    if draft and draft not in (found.drafts or {}):
        raise CannotError(f"There is a draft for {', '.join(found.drafts or {})}.")
    if yes:
        activity = promise(
            OWNER, title, hours, due, travel=away, activity=activity,
            chances=None if found.before is None else (found.before, found.after or 0.0),
        )  # fmt: skip
    if as_json:
        out.data(_plain_can_i(found) | {"id": activity.pk if yes and activity else None})
    elif draft:
        out.say((found.drafts or {})[draft])
    else:
        _say_can_i(found)
        if yes:
            out.say("It’s on your board. The odds you saw are saved, only for you.")
    return 0


def _say_can_i(found: CanI) -> None:
    out.say(found.sentence)
    for sentence in found.basis:
        out.say(f"  {sentence}")
    for each in found.pushed:
        moved = (
            f", about {words.counted(round(each.days), 'day', 'days')} later"
            if each.days and each.days >= 1
            else ""
        )
        out.say(
            f"  The chance of “{each.activity.title}” falls from {round(100 * each.before)} % to "
            f"{round(100 * each.after)} %{moved}."
        )
    if found.smaller:
        out.say(f"  About {found.smaller:g} h of it would fit as asked.")
    if found.verdict in {Fit.NOT, Fit.IF_MOVED}:
        out.say(
            f"  A kind answer to start from: --draft {' or --draft '.join(found.drafts or {})}."
        )


def _plain_can_i(found: CanI) -> dict[str, Any]:
    return {
        "verdict": found.verdict, "chance": found.own, "chance_own": found.own,
        "chance_before": found.before, "chance_after": found.after,
        "hours": {"low": found.hours[0], "middle": found.hours[1], "high": found.hours[2]},
        "travel_hours": found.travel,
        "moves": [{"id": each.pk, "title": each.title} for each in found.moved],
        "already_too_much": [{"id": each.pk, "title": each.title} for each in found.already],
        "pushes": [
            {"id": each.activity.pk, "title": each.activity.title, "before": each.before,
             "after": each.after, "days": each.days}
            for each in found.pushed
        ],
        "fits_by_week": found.fits_by, "smaller_hours": found.smaller,
        "says": found.sentence, "because": list(found.basis), "drafts": found.drafts,
    }  # fmt: skip
