"""`almanac load`: hours committed against hours available, and private settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import App, Parameter
from django.urls import reverse

from almanac.actions.errors import CannotError
from almanac.actions.workload import time_off as verbs
from almanac.actions.workload.time_off import share_workload
from almanac.answers.words import counted, percent_chance
from almanac.answers.workload.overview import drawn
from almanac.answers.workload.overview import load as question
from almanac.answers.workload.time_off import PIECES, calendar_feeds, compose, find_shared
from almanac.answers.workload.week import week_plan
from almanac.answers.workload.wording import NO_HOURS, SAID, sentences
from almanac.core.workload.capacity import Logged
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_ahead_if_any
from almanac.faces.cli.open import one_document, open_logbook
from almanac.faces.cli.workload.replays import (
    replay_estimates,
    replay_work_log,
)
from almanac.faces.cli.workload.shown import plain, row_of
from almanac.press.workload_page import page
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.answers.workload.week import WeekPlan

SCALE = frozenset("12345")

load = App(
    name="load",
    help="""Your commitments against the hours your weeks really have. It is yours alone.

    `almanac load` shows eight weeks ahead. Each command below has a `--help`.""",
)


@load.default
@load.command(name="list")
def listed(
    *,
    backtest: Path | None = None,
    backtest_estimates: Path | None = None,
    forecasts: Path | None = None,
    as_json: JsonFlag = False,
) -> int:
    """Eight weeks ahead: what is due, what they hold, what is least sure.

    Parameters
    ----------
    backtest
        A table `date,planned,finished`: how right would forecasts of it have been?
    backtest_estimates
        A table `person,category,estimate,actual,finished_on`: the same for tasks.
    forecasts
        With --backtest: write every forecast to this CSV.
    as_json
        Print JSON.
    """
    open_logbook()
    if backtest is not None:
        return replay_work_log(backtest, forecasts, as_json=as_json)
    if backtest_estimates is not None:
        return replay_estimates(backtest_estimates, as_json=as_json)
    return _list(as_json=as_json)


@load.command
def week(*, as_json: JsonFlag = False) -> int:
    """A plan for the week, and what was done since Monday.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    return _week(as_json=as_json)


@load.command
def calendar(
    place: str,
    *,
    titles: Annotated[bool, Parameter(negative="")] = False,
    as_json: JsonFlag = False,
) -> int:
    """Read when you are busy, from a calendar file or an address; start, end and kind only.

    Parameters
    ----------
    place
        A calendar file, or an address to subscribe to.
    titles
        Keep the titles of what is in it too.
    as_json
        Print JSON.
    """
    open_logbook()
    said = _calendar(place, titles=titles)
    return out.told(as_json=as_json, sentence=said.pop("said"), **said)


@load.command
def fetch(*, as_json: JsonFlag = False) -> int:
    """Fetch the calendars you subscribed to again.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    number = verbs.fetch_due(OWNER)
    for feed in calendar_feeds(OWNER):
        if feed.problem:
            out.complain(f"{feed.name}: {feed.problem}")
    return out.told(f"{number} calendars had changed.", as_json=as_json, changed=number)


@load.command(name="break")
def time_away(first: str, last: str = "", *, words: str = "", as_json: JsonFlag = False) -> int:
    """Take time off; it silences everything.

    Parameters
    ----------
    first
        The first day off.
    last
        The last day off; the first if you do not say.
    words
        A note.
    as_json
        Print JSON.
    """
    open_logbook()
    begins = day_ahead_if_any(first)
    ends = day_ahead_if_any(last) or begins
    if begins is None or ends is None:
        raise CannotError("Name the first day off, such as: almanac load break 2026-12-24")
    taken = verbs.plan_break(OWNER, begins, ends, words)
    said = f"Off from {taken.first:%-d %B} to {taken.last:%-d %B}."
    return out.told(said, as_json=as_json)


@load.command(name="check-in")
def check_in(answers: str, *, words: str = "", as_json: JsonFlag = False) -> int:
    """Answer three questions from 1 to 5: how full, did you recover, would you rather have said no.

    Parameters
    ----------
    answers
        Three numbers, such as 3,4,2.
    words
        A note.
    as_json
        Print JSON.
    """
    open_logbook()
    parts = [part.strip() for part in answers.split(",")]
    if len(parts) != 3 or not all(part in SCALE for part in parts):
        raise CannotError("Answer three questions from 1 to 5, such as: load check-in 3,4,2")
    full, recovered, wished = map(int, parts)
    made = verbs.check_in(OWNER, full, recovered, wished, words)
    said = f"Saved for the week of {made.week:%-d %B}; nobody else can see it."
    return out.told(said, as_json=as_json)


@load.command
def hours(number: float, *, as_json: JsonFlag = False) -> int:
    """Say how many hours a week you work; what you log counts beside it.

    Parameters
    ----------
    number
        The hours.
    as_json
        Print JSON.
    """
    open_logbook()
    verbs.settle_workload(OWNER, weekly_hours=number)
    return out.told(
        f"You work {number:g} h a week; what you log counts beside it.", as_json=as_json
    )


@load.command
def logged(share: Literal["all", "half", "big"], *, as_json: JsonFlag = False) -> int:
    """Say how much of your work you log: about all, about half, or only the big things.

    Parameters
    ----------
    share
        all, half or big.
    as_json
        Print JSON.
    """
    open_logbook()
    verbs.settle_workload(OWNER, logged=share)
    return out.told(f"You log {SAID[Logged(share)]}.", as_json=as_json)


@load.command
def show(
    pieces: str,
    *,
    days: int = 14,
    file: Path | None = None,
    words: str = "",
    as_json: JsonFlag = False,
) -> int:
    """Give somebody a picture of your workload: a file, or a link that expires.

    Parameters
    ----------
    pieces
        What it shows, such as weeks,promises.
    days
        How long the link lasts.
    file
        Write a page to give away, instead of a link.
    words
        What you want to say with it.
    as_json
        Print JSON.
    """
    open_logbook()
    return _show(pieces, days, file, words, as_json=as_json)


@load.command
def revoke(number: int, *, as_json: JsonFlag = False) -> int:
    """Take a link back that shows your workload.

    Parameters
    ----------
    number
        The number that `load show` gave.
    as_json
        Print JSON.
    """
    open_logbook()
    row = find_shared(OWNER, number)
    if row is None:
        raise CannotError(f"There is no shown plate {number}.")
    verbs.revoke_share(OWNER, row)
    return out.told(f"{row.title} shows nothing any more.", as_json=as_json)


def _calendar(name: str, *, titles: bool) -> dict[str, Any]:

    if "://" in name:
        feed = verbs.subscribe_calendar(OWNER, "", name, keeps_titles=titles)
    else:
        document = one_document(Path(name))
        named = " ".join(Path(name).name.split())[:120]
        known = next(
            (feed for feed in calendar_feeds(OWNER) if feed.name == named and not feed.address),
            None,
        )
        if known is None:
            feed, found = verbs.read_new_calendar(OWNER, named, document, keeps_titles=titles)
        else:
            feed = known
            feed.keeps_titles = titles
            found = verbs.read_calendar(OWNER, feed, document)
        for why, number in found.left_out.items():
            out.complain(f"Left out: {number} {why}")
    number = feed.blocks.count()
    return {
        "said": f"{counted(number, 'busy block', 'busy blocks')} from {feed.name}.",
        "blocks": number,
        "id": feed.pk,
    }


# Looking


def _list(*, as_json: bool) -> int:

    found = question(OWNER)
    if as_json:
        out.data(plain(found))
        return 0
    for sentence in sentences(found):
        out.say(sentence)
    if found.capacity is None:
        return 0
    out.say()
    out.rows(
        ["week of", "due", "hours you have", "", "meetings", "off"],
        [row_of(week) for week in found.weeks],
        right=frozenset({1, 2, 4, 5}),
    )
    if found.late:
        out.say("Most at risk:")
    for activity, chance in found.late[:5]:
        out.say(f"  {activity.title}: {percent_chance(chance)}")
    return 0


def _week(*, as_json: bool) -> int:

    found: WeekPlan = week_plan(drawn(OWNER))
    if as_json:
        out.data(
            {
                "monday": found.monday, "room": found.room,
                "fits": [each.activity.title for each in found.fits],
                "waits": [each.activity.title for each in found.waits],
                "done": [row.title for row in found.done], "hours_done": found.hours_done,
            }
        )  # fmt: skip
        return 0
    week = f"{'Next week' if found.is_next else 'This week'} (from {found.monday:%-d %B})"
    if found.room is None:
        out.say(NO_HOURS)
    elif found.fits:
        out.say(f"{week} has about {found.room:.0f} h for commitments:")
    else:
        out.say(f"{week}: nothing committed.")
    for each in found.fits:
        out.say(f"  {each.activity.title}, {each.middle:.0f} h, due {each.due:%-d %b}")
    for each in found.waits[:5]:
        out.say(f"  not then: {each.activity.title}, {each.middle:.0f} h, due {each.due:%-d %b}")
    if found.done:
        things = counted(len(found.done), "thing", "things")
        out.say(f"Done since Monday: {things}, {found.hours_done:g} h.")
    return 0


def _show(name: str, days: int, file: Path | None, words: str, *, as_json: bool) -> int:

    wanted = [part.strip() for part in name.split(",") if part.strip()]
    if not wanted or not set(wanted) <= set(PIECES):
        raise CannotError(f"Say what to show, of {', '.join(PIECES)}: load show weeks,promises")
    content = compose(OWNER, wanted, words)
    if file is not None:
        if file.exists():
            raise CannotError(f"{file} is there already; name another file.")
        out.writable(file).write_bytes(page("My plate", content))
        said: dict[str, Any] = {"file": str(file), "shows": content}
        told = f"{file} holds this and nothing else: {', '.join(wanted)}."
    else:
        shown = share_workload(OWNER, "My plate", content, days)
        address = reverse("shown-workload", args=[shown.token])
        said = {"id": shown.row.pk, "path": address, "shows": content}
        told = (
            f"While almanac serve runs, {address} on its address shows "
            f"{', '.join(wanted)} for {days} days; almanac load revoke {shown.row.pk} ends it."
        )
    if as_json:
        out.data(said)
    else:
        out.say(told)
    return 0


# Replays
