"""`almanac load`: what is promised against what weeks hold, and what is the practitioner's alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from almanac.actions.errors import CannotError
from almanac.actions.workload import time_off as verbs
from almanac.actions.workload.time_off import share_workload
from almanac.answers.workload import work_logs
from almanac.answers.workload.can_i import times
from almanac.answers.workload.overview import drawn
from almanac.answers.workload.overview import load as question
from almanac.answers.workload.time_off import PIECES, compose
from almanac.answers.workload.week import week_plan
from almanac.answers.workload.wording import sentences
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_ahead_if_any
from almanac.faces.cli.open import one_document, open_logbook
from almanac.press.workload_page import page
from almanac.record.models import CalendarFeed, ShownPlate
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.answers.workload.overview import Load, WeekAhead
    from almanac.answers.workload.week import WeekPlan

DOINGS = ("list", "week", "calendar", "fetch", "break", "check-in", "hours", "show", "revoke")
BAR = 12
SCALE = frozenset("12345")


def load(
    what: str = "list",
    name: str = "",
    value: str = "",
    *,
    backtest: Path | None = None,
    backtest_estimates: Path | None = None,
    forecasts: Path | None = None,
    titles: Annotated[bool, Parameter(negative="")] = False,
    days: int = 14,
    file: Path | None = None,
    words: str = "",
    as_json: JsonFlag = False,
) -> int:
    """What you promised against what your weeks really hold. It is yours alone.

    `almanac load` shows eight weeks ahead. `load week` is Monday's proposal and Friday's look back;
    `load calendar work.ics` or `load calendar https://...` reads when you are busy (start, end and
    kind only; --titles keeps titles), `load fetch` fetches subscribed ones again; `load break
    2026-12-24 2027-01-03` is time off; `load check-in 3,4,2` answers three questions from 1 to 5
    (how full, did you recover, would you have liked to say no); `load hours 24` says what a week
    holds until enough is known; `load show weeks,promises --days 14 --file plate.html` gives
    somebody a picture, `load revoke NUMBER` takes it back. `load --backtest FILE` and
    `--backtest-estimates FILE` replay a log of work.

    Parameters
    ----------
    what
        list, week, calendar, fetch, break, check-in, hours, show or revoke.
    name
        The calendar, the first day off, the answers, the hours, or what to show.
    value
        The last day off.
    backtest
        A table `date,planned,finished`: how right would forecasts of it have been?
    backtest_estimates
        A table `person,category,estimate,actual,finished_on`: the same for tasks.
    forecasts
        With --backtest: write every forecast to this CSV.
    titles
        With `calendar`: keep the titles of what is in it.
    days
        With `show`: how long the link lasts.
    file
        With `show`: write a page to give away, instead of a link.
    words
        With `show`: what you want to say with it. With `break` and `check-in`: a note.
    as_json
        Print JSON.
    """
    open_logbook()

    if backtest is not None:
        return _backtest(backtest, forecasts, as_json=as_json)
    if backtest_estimates is not None:
        return _backtest_estimates(backtest_estimates, as_json=as_json)
    if what not in DOINGS:
        raise CannotError(f"Say one of {', '.join(DOINGS)}: almanac load --help.")
    if what == "list":
        return _list(as_json=as_json)
    if what == "week":
        return _week(as_json=as_json)
    if what == "show":
        return _show(name, days, file, words, as_json=as_json)
    said = _do(what, name, value, words, titles=titles)
    if as_json:
        out.data(said)
    else:
        out.say(said["said"])
    return 0


def _do(what: str, name: str, value: str, words: str, *, titles: bool) -> dict[str, Any]:

    if what == "fetch":
        number = verbs.fetch_due(OWNER)
        for feed in CalendarFeed.objects.exclude(problem=""):
            out.complain(f"{feed.name}: {feed.problem}")
        return {"said": f"{number} calendars had changed.", "changed": number}
    if not name:
        raise CannotError(f"Say what: almanac load {what} ...; see almanac load --help.")
    if what == "calendar":
        return _calendar(name, titles=titles)
    if what == "break":
        first = day_ahead_if_any(name)
        last = day_ahead_if_any(value) or first
        assert first is not None
        assert last is not None
        taken = verbs.plan_break(OWNER, first, last, words)
        return {"said": f"Off from {taken.first:%-d %B} to {taken.last:%-d %B}."}
    if what == "check-in":
        answers = [part.strip() for part in name.split(",")]
        if len(answers) != 3 or not all(part in SCALE for part in answers):
            raise CannotError("Answer three questions from 1 to 5, such as: load check-in 3,4,2")
        full, recovered, wished = map(int, answers)
        made = verbs.check_in(OWNER, full, recovered, wished, words)
        return {"said": f"Kept for the week of {made.week:%-d %B}; nobody else can see it."}
    if what == "hours":
        try:
            hours = float(name)
        except ValueError as error:
            raise CannotError("Say how many hours a week holds, such as: load hours 24") from error
        verbs.settle_workload(OWNER, weekly_hours=hours)
        return {"said": f"A week holds {hours:g} h until enough weeks say otherwise."}
    row = (
        ShownPlate.objects.filter(pk=int(name)).first()
        if name.isascii() and name.isdecimal() and len(name) < 10
        else None
    )
    if row is None:
        raise CannotError(f"There is no shown plate {name}.")
    verbs.revoke_share(OWNER, row)
    return {"said": f"{row.title} shows nothing any more."}


def _calendar(name: str, *, titles: bool) -> dict[str, Any]:

    if "://" in name:
        feed = verbs.subscribe_calendar(OWNER, "", name, keeps_titles=titles)
    else:
        document = one_document(Path(name))
        named = " ".join(Path(name).name.split())[:120]
        known = CalendarFeed.objects.filter(name=named, address="").first()
        if known is None:
            feed, found = verbs.read_new_calendar(OWNER, named, document, keeps_titles=titles)
        else:
            feed = known
            feed.keeps_titles = titles
            found = verbs.read_calendar(OWNER, feed, document)
        for why, number in found.left_out.items():
            out.complain(f"Left out: {number} {why}")
    number = feed.blocks.count()
    return {"said": f"{number:,} busy blocks from {feed.name}.", "blocks": number, "id": feed.pk}


# Looking


def _list(*, as_json: bool) -> int:

    found = question(OWNER)
    if as_json:
        out.data(_plain(found))
        return 0
    for sentence in sentences(found):
        out.say(sentence)
    out.say()
    out.rows(
        ["week of", "due", "holds", "", "meetings", "off", "all due by then hold"],
        [_line(week) for week in found.weeks],
        right=frozenset({1, 2, 4, 5, 6}),
    )
    for activity, chance in found.late[:5]:
        out.say(f"Least sure: {activity.title}, {times(chance)}")
    return 0


def _line(week: WeekAhead) -> list[str]:

    filled = min(int(BAR * week.due / max(week.holds, 0.1) / 2), BAR) if week.due else 0
    return [
        f"{week.monday:%-d %b}", f"{week.due:.0f} h", f"{week.low:.0f} to {week.high:.0f} h",
        "▪" * filled, f"{week.meetings:.0f} h" if week.meetings else "",
        f"{week.days_off} d" if week.days_off else "",
        "" if week.chance is None else times(week.chance),
    ]  # fmt: skip


def _plain(found: Load) -> dict[str, Any]:
    return {
        "chance": found.outlook.together if found.promises else None,
        "usual_week": found.capacity.usual, "learnt_from_weeks": found.known_weeks,
        "weeks": [
            {
                "monday": week.monday, "due": week.due, "low": week.low, "holds": week.holds,
                "high": week.high, "meetings": week.meetings, "days_off": week.days_off,
                "chance": week.chance,
            }
            for week in found.weeks
        ],
        "promises": [
            {"id": each.activity.pk, "title": each.activity.title, "due": each.due,
             "hours": each.middle}
            for each in found.promises
        ],
        "unsized": [row.pk for row in found.unsized],
        "undated": [row.pk for row in found.undated],
    }  # fmt: skip


def _week(*, as_json: bool) -> int:

    found: WeekPlan = week_plan(drawn(OWNER))
    if as_json:
        out.data(
            {
                "monday": found.monday, "holds": found.holds, "finish": found.finish,
                "fits": [each.activity.title for each in found.fits],
                "waits": [each.activity.title for each in found.waits],
                "done": [row.title for row in found.done], "hours_done": found.hours_done,
            }
        )  # fmt: skip
        return 0
    out.say(f"The week of {found.monday:%-d %B} surely holds another {found.holds:.0f} h.")
    for each in found.fits:
        out.say(f"  fits: {each.activity.title}, {each.middle:.0f} h, due {each.due:%-d %b}")
    for each in found.waits[:5]:
        out.say(f"  can wait: {each.activity.title}, due {each.due:%-d %b}")
    if found.finish:
        low, middle, high = found.finish
        out.say(
            f"Of such plans you finish about {middle:.0f} h; 8 times in 10 it is {low:.0f} to {high:.0f} h."
        )
    if found.done:
        out.say(f"Done since Monday: {len(found.done)} things, {found.hours_done:g} h.")
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
        said = {"id": shown.row.pk, "path": f"/shown/{shown.token}/", "shows": content}
        told = (
            f"While almanac serve runs, /shown/{shown.token}/ on its address shows "
            f"{', '.join(wanted)} for {days} days; almanac load revoke {shown.row.pk} ends it."
        )
    if as_json:
        out.data(said)
    else:
        out.say(told)
    return 0


# Replays


def _backtest(path: Path, forecasts: Path | None, *, as_json: bool) -> int:

    document = one_document(path)
    found = work_logs.replay_work(OWNER, document)
    _tell_aside(found.set_aside)
    if forecasts is not None:
        if forecasts.exists() and path.exists() and forecasts.samefile(path):
            raise CannotError(f"{forecasts} is the log itself; name another file.")
        with out.writable(forecasts).open("w", newline="", encoding="utf-8") as file:
            work_logs.write_work(found, file)
    plain = work_logs.plain_work(found)
    if as_json:
        out.data(plain)
        return 0
    result = found.result
    out.say(f"{len(result.made):,} forecasts of finished work; off by, in the file's unit (CRPS):")
    out.rows(
        ["", "off by"],
        [
            ["Almanac", f"{result.crps:.3f}"],
            ["the last 60", f"{result.crps_trailing:.3f}"],
            ["the plan times what was finished of plans", f"{result.crps_plan_x_ratio:.3f}"],
            ["the plan as it is", f"{result.crps_plan:.3f}"],
        ],
        right=frozenset({1}),
    )
    cover = result.coverage
    out.say(
        f"The 50, 80 and 95 % ranges held {cover.fifty:.1%}, {cover.eighty:.1%} and "
        f"{cover.ninety_five:.1%} of what came."
    )
    return 0


def _backtest_estimates(path: Path, *, as_json: bool) -> int:

    document = one_document(path)
    found = work_logs.replay_tasks(OWNER, document)
    _tell_aside(found.set_aside)
    if as_json:
        out.data(work_logs.plain_tasks(found))
        return 0
    result = found.result
    out.say(
        f"{result.n:,} tasks; off by {result.crps:.3f} h (CRPS), against {result.crps_point:.3f} for "
        f"the estimates as they are and {result.crps_global:.3f} for one ratio for all. The 80 % range "
        f"held {result.coverage.eighty:.1%}."
    )
    return 0


def _tell_aside(reasons: tuple[str, ...]) -> None:
    for reason in reasons[:5]:
        out.complain(f"Set aside: {reason}.")
    if len(reasons) > 5:
        out.complain(f"Set aside: {len(reasons) - 5} more rows.")
