"""`almanac repeat`: what repeats, changed or cancelled together."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import App, Parameter

from almanac.actions.capture import understand_new_rule
from almanac.actions.errors import CannotError
from almanac.actions.workload.occurrences import (
    Occurrences,
    cancel_occurrences,
    change_rule,
    skip_days,
)
from almanac.answers import words
from almanac.answers.log.recurring import repeating_activities, rule_said
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_ahead_if_any
from almanac.faces.cli.open import one_activity, open_logbook
from almanac.record.rules import OWNER

repeat = App(
    name="repeat",
    help="""What repeats. Plan it in a line: almanac log "Small group every Tuesday at 17:00 until June".

    `almanac repeat` lists it. Each command below has a `--help`.""",
)


@repeat.default
def listed(*, as_json: JsonFlag = False) -> int:
    """What repeats, by what rule, and when it is next.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    return _list(as_json=as_json)


@repeat.command(name="list")
def listed_too(*, as_json: JsonFlag = False) -> int:
    """What repeats, by what rule, and when it is next.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    return _list(as_json=as_json)


def _list(*, as_json: bool) -> int:
    found = repeating_activities(OWNER)
    if as_json:
        out.data([
            {"title": each.title, "program": each.program.name, "rule": each.rule, "first": each.first,
             "says": rule_said(each.recurrence), "next": upcoming.day if upcoming else None,
             "next_id": upcoming.pk if upcoming else None}
            for each, upcoming in found
        ])  # fmt: skip
        return 0
    if not found:
        out.say(
            'Nothing repeats yet. Try: almanac log "Small group every Tuesday at 17:00 until June"'
        )
    for each, upcoming in found:
        out.say(f"{each.title}: {rule_said(each.recurrence)}")
        out.say(
            f"  Next: {words.moment_said(upcoming.local_start or upcoming.day)}"
            if upcoming
            else "  Over."
        )
    return 0


@repeat.command
def rule(event: str, *text: str, as_json: JsonFlag = False) -> int:
    """Let it repeat by another rule, from this occurrence on.

    Parameters
    ----------
    event
        An occurrence: its number, or words of its title for the next one.
    text
        When it repeats: every Tuesday and Thursday until June.
    as_json
        Print JSON.
    """
    open_logbook()
    activity = one_activity(event)
    found = understand_new_rule(OWNER, activity, " ".join(text))
    number = change_rule(
        OWNER,
        activity,
        found.recurrence,
        skipped=found.skipped,
        at=found.clock,
        endless=found.endless,
    )
    now = activity.repeating
    if now is None:
        raise CannotError(f"“{activity.title}” does not repeat.")
    at = f" at {now.starts:%H:%M}" if now.starts else ""
    said = (
        f"{activity.title} repeats {rule_said(now.recurrence)}{at}; {words.number(number)} planned."
    )
    return out.told(said, as_json=as_json, planned=number)


@repeat.command
def cancel(
    event: str,
    *,
    which: Annotated[Literal["this", "onward", "all"], Parameter(name="--which")] = "this",
    as_json: JsonFlag = False,
) -> int:
    """Cancel this occurrence, those from it on, or all that are ahead.

    Parameters
    ----------
    event
        An occurrence: its number, or words of its title for the next one.
    which
        this, onward or all.
    as_json
        Print JSON.
    """
    open_logbook()
    activity = one_activity(event)
    number = cancel_occurrences(OWNER, activity, Occurrences(which))
    day = words.moment_said(activity.local_start or activity.day) if activity.day else ""
    named = f"{activity.title}, {day}" if which == "this" else activity.title
    said = f"Cancelled {words.counted(number, 'occurrence', 'occurrences')} of {named}."
    if which == "onward":
        said = f"Cancelled {words.number(number)} of {activity.title} from {day} on."
    return out.told(said, as_json=as_json, cancelled=number)


@repeat.command
def skip(first: str, last: str = "", *, as_json: JsonFlag = False) -> int:
    """Skip days, such as holidays: what repeats on them is cancelled, and no more is made there.

    Parameters
    ----------
    first
        The first day.
    last
        The last day; the first if you do not say.
    as_json
        Print JSON.
    """
    open_logbook()
    begins = day_ahead_if_any(first)
    ends = day_ahead_if_any(last) or begins
    if begins is None or ends is None or ends < begins:
        raise CannotError("Name the days, such as: almanac repeat skip 2026-12-21 2027-01-02")
    number = skip_days(OWNER, begins, ends)
    said = f"Skipped {words.moment_said(begins)} to {words.moment_said(ends)}: {number} cancelled."
    return out.told(said, as_json=as_json, cancelled=number)
