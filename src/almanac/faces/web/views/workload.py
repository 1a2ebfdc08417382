"""What is the practitioner's alone: load, can I, time off, and what of it is shown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions.errors import CannotError
from almanac.actions.workload import board as board_verbs
from almanac.actions.workload import time_off as plate_verbs
from almanac.answers.log.recurring import breaks_with_occurrences
from almanac.answers.words import counted
from almanac.answers.workload import can_i as asking
from almanac.answers.workload import overview as load_answers
from almanac.answers.workload import time_off as plate_answers
from almanac.answers.workload import wording
from almanac.answers.workload.time_off import find_break, find_calendar, find_shared
from almanac.answers.workload.week import week_plan
from almanac.charts import heat, line
from almanac.core.errors import AlmanacError
from almanac.core.workload.capacity import Logged
from almanac.faces.web.pictures import days_off, weeks_ahead
from almanac.faces.web.views.requests import (
    activity_or_404,
    actor_of,
    amount,
    as_file,
    back,
    day_in,
    noted,
    refused,
    said,
    whole,
)
from almanac.press import workload_page as press
from almanac.record.infra.clock import monday_of
from almanac.record.models import Activity
from almanac.record.models.workload import CalendarFeed
from almanac.record.queries import preferences
from almanac.sources.base.documents import Document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from almanac.answers.workload.can_i import CanI
    from almanac.answers.workload.overview import Load

LARGEST_CALENDAR = 50_000_000
YEAR = timedelta(days=364)


@require_GET
def load(request: HttpRequest) -> HttpResponse:
    on = load_answers.drawn(actor_of(request))
    found = load_answers.load_from(on)
    context = {
        "load": found,
        "asks": found.capacity is not None and found.capacity.logged > 0 and not found.logged,
        "answers": [(name.value, text) for name, text in wording.SAID.items()],
        "headline": wording.headline(found),
        "sentences": [said for said in wording.sentences(found)[1:] if said != wording.ASKED],
        "asked": wording.ASKED,
        "overbooked": wording.overbooked(found),
        "weeks": weeks_ahead(found),
        "heat": _heat(found, on.known.off),
        "plan": week_plan(on),
        "late": found.late[:6],
    }
    return render(request, "almanac/workload/workload.html", context)


def _heat(found: Load, off: set[date]) -> heat.Heat | None:
    first = monday_of(found.today) - YEAR
    hours = {day: value for day, value in found.by_day.items() if day >= first}
    if not hours:
        return None
    busiest = max(hours, key=lambda day: hours[day])
    title = (
        f"Hours logged per day, past 12 months (most: {hours[busiest]:g} h on {busiest:%-d %B %Y})"
    )
    return heat.lay_out(hours, off, first, found.today, title)


@require_http_methods(["GET", "POST"])
def can_i(request: HttpRequest) -> HttpResponse:
    """Whether one more commitment fits; it can be accepted from here."""
    given = request.POST if request.method == "POST" else request.GET
    activity = None
    key = given.get("activity", "")
    if key.isascii() and key.isdecimal() and len(key) < 10:
        activity = activity_or_404(request, int(key))
    elif key:
        raise Http404("There is no such activity.")
    context: dict[str, Any] = {
        "asked": activity,
        "title": given.get("title") or (activity.title if activity else ""),
        "hours": given.get("hours") or (activity.hours_planned if activity else "") or "",
        "by": given.get("by") or _due(activity) or "",
        "travel": given.get("travel", ""),
        "no_day": not given.get("by") and activity is not None and activity.promised_for is None,
    }
    if context["hours"] and context["by"]:
        try:
            found = _asked(request, context)
            if request.method == "POST":
                return _say_yes(request, context, found)
            context["found"] = found
        except AlmanacError as error:
            context["problem"] = error
    return render(request, "almanac/workload/can_i.html", context)


def _due(activity: Activity | None) -> date | None:
    """When an activity is due; a request without a date is taken for one within a month."""
    if activity is None:
        return None
    promised: date | None = activity.promised_for
    return promised or preferences.today() + timedelta(days=30)


def _asked(request: HttpRequest, context: Mapping[str, Any]) -> CanI:
    hours, due = amount(context, "hours"), day_in(context, "by")
    if hours is None or due is None:
        raise CannotError("Say how many hours, and by which day.")
    away = asking.hours_in(str(context["travel"])) if context["travel"] else 0.0
    title = " ".join(str(context["title"]).split()) or "this"
    return asking.can_i(
        actor_of(request), title, hours, due, travel=away, activity=context["asked"]
    )


def _say_yes(request: HttpRequest, context: Mapping[str, Any], found: CanI) -> HttpResponse:
    away = asking.hours_in(str(context["travel"])) if context["travel"] else 0.0
    board_verbs.promise(
        actor_of(request), found.title, found.said_hours, found.due, travel=away,
        activity=context["asked"],
        chances=None if found.before is None else (found.before, found.after or 0.0),
    )  # fmt: skip
    noted(request)
    return HttpResponseRedirect(reverse("workload"))


# One's own plate


@require_GET
def plate(request: HttpRequest) -> HttpResponse:
    return _plate_page(request)


def _plate_page(request: HttpRequest, shown_link: str = "") -> HttpResponse:
    found = plate_answers.time_off(actor_of(request))
    context = {
        "plate": found,
        "strip": days_off(found.breaks, found.today) if found.breaks else None,
        "repeating_in": breaks_with_occurrences(actor_of(request)),
        "questions": plate_answers.QUESTIONS,
        "support": plate_answers.support(found.check_ins),
        "shown_link": request.build_absolute_uri(shown_link) if shown_link else "",
        "meetings": line.lay_out(
            [hours for _, hours in found.weeks],
            [f"{monday:%-d %b}" for monday, _ in found.weeks],
            "Hours in meetings, by week",
            height=130,
        )
        if found.weeks
        else None,
        "logged": [("", "not said"), *((name.value, text) for name, text in wording.SAID.items())],
        "weekdays": list(enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))),
    }
    return render(request, "almanac/workload/time_off.html", context)


@require_POST
def plate_change(request: HttpRequest, what: str) -> HttpResponse:
    """Settings, breaks, check-ins, calendars, what is shown."""
    doings = {
        "settings": _settle,
        "logged": _logged,
        "break": _break,
        "check-in": _check_in,
        "forget": _forget,
        "calendar": _calendar,
        "refresh": _refresh,
        "remove": _remove,
        "show": _show,
        "revoke": _revoke,
    }
    if what not in doings:
        raise Http404("There is no such thing to do.")
    try:
        told = doings[what](request)
    except (AlmanacError, OSError) as error:
        refused(request, error)
    else:
        if isinstance(told, HttpResponse):
            return told
        said(request, told)
    return back(request, reverse("time-off"))


def _settle(request: HttpRequest) -> str:
    given = request.POST
    plate_verbs.settle_workload(
        actor_of(request),
        weekly_hours=amount(given, "weekly_hours"),
        logged=given.get("logged", ""),
        work_days=[int(day) for day in given.getlist("work_days") if day in set("0123456")],
        day_starts=given.get("day_starts", ""),
        day_ends=given.get("day_ends", ""),
    )
    return "Saved, only you can see it"


def _logged(request: HttpRequest) -> str:
    share = request.POST.get("logged", "")
    plate_verbs.settle_workload(actor_of(request), logged=share)
    return f"You log {wording.SAID[Logged(share)]}" if share else "Not said"


def _break(request: HttpRequest) -> str:
    actor, given = actor_of(request), request.POST
    key = whole(given, "cancel")
    if key is not None:
        found = find_break(actor, key)
        if found is not None:
            plate_verbs.cancel_break(actor, found)
        return "Taken back"
    first = day_in(given, "first")
    last = day_in(given, "last") or first
    if first is None or last is None:
        raise CannotError("From which day to which?")
    plate_verbs.plan_break(actor, first, last, given.get("words", ""))
    return f"Off from {first:%-d %B} to {last:%-d %B}"


def _check_in(request: HttpRequest) -> str:
    given = request.POST
    load_, recovery, say_no = (whole(given, name) for name in ("load", "recovery", "say_no"))
    if load_ is None or recovery is None or say_no is None:
        raise CannotError("Answer all three, or none.")
    plate_verbs.check_in(actor_of(request), load_, recovery, say_no, given.get("words", ""))
    return "Saved, only you can see it"


def _forget(request: HttpRequest) -> str:
    number = plate_verbs.forget_check_ins(actor_of(request))
    return f"Forgot {number} check-ins"


def _calendar(request: HttpRequest) -> str:
    actor, given = actor_of(request), request.POST
    titles = "titles" in given
    file = request.FILES.get("file")
    if file is None and not given.get("address", "").strip():
        raise CannotError("Name an address, or choose a file.")
    if file is None:
        feed = plate_verbs.subscribe_calendar(
            actor, given.get("name", ""), given.get("address", ""), keeps_titles=titles
        )
    else:
        if file.size is None or file.size > LARGEST_CALENDAR:
            raise CannotError("A calendar may have up to 50 MB; export a shorter period.")
        name = given.get("name", "") or str(file.name)
        document = Document(str(file.name), file.read())
        feed, _ = plate_verbs.read_new_calendar(actor, name, document, keeps_titles=titles)
    return f"{counted(feed.blocks.count(), 'busy block', 'busy blocks')} from {feed.name}"


def _feed(request: HttpRequest) -> CalendarFeed:
    found = find_calendar(actor_of(request), whole(request.POST, "feed") or 0)
    if found is None:
        raise CannotError("There is no such calendar any more.")
    return found


def _refresh(request: HttpRequest) -> str:
    feed = _feed(request)
    changed = plate_verbs.fetch_calendar(actor_of(request), feed)
    if feed.problem:
        raise CannotError(feed.problem)
    return f"{feed.name} has changed" if changed else f"{feed.name} is as it was"


def _remove(request: HttpRequest) -> str:
    feed = _feed(request)
    plate_verbs.remove_calendar(actor_of(request), feed)
    return f"Removed {feed.name} and all that came from it"


def _show(request: HttpRequest) -> str | HttpResponse:
    actor, given = actor_of(request), request.POST
    wanted = [piece for piece in plate_answers.PIECES if piece in given.getlist("pieces")]
    title = given.get("title", "").strip() or "My plate"
    content = plate_answers.compose(actor, wanted, given.get("words", ""))
    step = given.get("step", "preview")
    if step == "file":
        return as_file(press.page(title, content), "text/html; charset=utf-8", "my-plate.html")
    if step == "link":
        days = whole(given, "days")
        days = 14 if days is None else days
        shown = plate_verbs.share_workload(actor, title, content, days)
        # Told in this answer and nowhere kept: whoever has it sees the plate.
        return _plate_page(request, reverse("shown-workload", args=[shown.token]))
    context = {
        "title": title, "pieces": wanted, "words": given.get("words", ""),
        "days": given.get("days", "14"), "body": press.body(title, content),
    }  # fmt: skip
    return render(request, "almanac/workload/share.html", context)


def _revoke(request: HttpRequest) -> str:
    row = find_shared(actor_of(request), whole(request.POST, "shown") or 0)
    if row is None:
        raise CannotError("This shared workload is no longer available.")
    plate_verbs.revoke_share(actor_of(request), row)
    return "It shows nothing any more"


@require_GET
def shown(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody was given to see; the link is the permission, and all it opens."""
    found = plate_answers.shared_workload(token)
    if found is None:
        raise Http404("This link shows nothing any more.")
    body = press.body(found.title, found.content)
    return render(request, "almanac/workload/shown.html", {"title": found.title, "body": body})
