"""`almanac can-i`: does one more promise fit?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from almanac.actions.errors import CannotError
from almanac.actions.workload.board import promise
from almanac.answers import words
from almanac.answers.log.logbook import search_activities
from almanac.answers.workload.can_i import can_i as question
from almanac.answers.workload.can_i import hours_in, times
from almanac.core.vocabulary import AHEAD
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_ahead_if_any
from almanac.faces.cli.open import open_logbook
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from datetime import date

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
    """Does one more promise fit? The chance that everything holds, before and with it.

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
    if draft and draft not in found.drafts:
        raise CannotError(f"There is a draft for {', '.join(found.drafts)}.")
    if yes:
        activity = promise(
            OWNER, title, hours, due, travel=away, activity=activity,
            chances=(found.before, found.after),
        )  # fmt: skip
    if as_json:
        out.data(_plain_can_i(found) | {"id": activity.pk if yes and activity else None})
    elif draft:
        out.say(found.drafts[draft])
    else:
        _say_can_i(found)
        if yes:
            out.say("It is on your board. You chose it knowing this; that is kept for you alone.")
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
            f"  It pushes out {each.activity.title}: {times(each.before)} to {times(each.after)}{moved}."
        )
    out.say(f"  {_fits(found.fits_by, found.latest_start, found.smaller)}")
    if not found.fits:
        out.say("  A kind answer to start from: --draft no, --draft not_yet" + (
            " or --draft smaller." if "smaller" in found.drafts else "."
        ))  # fmt: skip


def _fits(fits_by: date | None, latest: date | None, smaller: float | None) -> str:
    if latest is not None:
        return f"The latest week to begin it, so that it still fits: that of {latest:%-d %B}."
    said = (
        f"It would fit, 85 in 100, if it were due by the end of the week of {fits_by:%-d %B %Y}."
        if fits_by
        else "No week of the next ten months has room for it, 85 in 100."
    )
    return said + (f" About {smaller:g} h of it would fit as asked." if smaller else "")


def _plain_can_i(found: CanI) -> dict[str, Any]:
    return {
        "chance_before": found.before, "chance_after": found.after, "chance_own": found.own,
        "hours": {"low": found.hours[0], "middle": found.hours[1], "high": found.hours[2]},
        "pushes": [
            {"id": each.activity.pk, "title": each.activity.title, "before": each.before,
             "after": each.after, "days": each.days}
            for each in found.pushed
        ],
        "fits_by_week": found.fits_by, "latest_start_week": found.latest_start,
        "smaller_hours": found.smaller, "says": found.sentence, "because": list(found.basis),
        "drafts": found.drafts,
    }  # fmt: skip
