"""Plan: calendar, board, requests, what an activity takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions.activities import set_status_of
from almanac.actions.capture import Correction, capture, corrected, understand
from almanac.actions.errors import CannotError
from almanac.actions.preferences import prefer
from almanac.actions.workload import board as board_verbs
from almanac.answers.community.one_to_ones import one_to_ones
from almanac.answers.log import logbook, months
from almanac.answers.workload import board as board_answers
from almanac.answers.workload.board import find_part
from almanac.charts import line
from almanac.core.errors import AlmanacError
from almanac.core.vocabulary import AHEAD, Kind, Status, values
from almanac.faces.web.views.requests import (
    FIRST_YEAR,
    LAST_YEAR,
    activity_or_404,
    actor_of,
    amount,
    back,
    day_in,
    noted,
    refused,
    whole,
)
from almanac.record.models import PartKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from almanac.sources.capture.line import Captured


MOST_REPLY = 2_000


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    today = logbook.today_for(actor_of(request))
    try:
        shown = date.fromisoformat(f"{request.GET.get('month', f'{today:%Y-%m}')}-01")
    except ValueError:
        shown = today
    if not FIRST_YEAR <= shown.year <= LAST_YEAR:
        shown = today
    found = months.month(actor_of(request), shown.year, shown.month)
    return render(request, "almanac/plan/calendar.html", {"month": found})


# Board


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    moved = board_answers.cumulative(actor)
    context = {
        "board": board_answers.board(actor),
        "moved": list(zip(moved.days, moved.came, moved.left, strict=True)),
        "flow_chart": line.lay_out(
            [came - left for came, left in zip(moved.came, moved.left, strict=True)],
            [f"{day:%-d %b}" for day in moved.days],
            "Commitments in progress at the end of each of 13 weeks",
            height=130,
        ),
    }
    return render(request, "almanac/plan/board.html", context)


@require_POST
def board_add(request: HttpRequest) -> HttpResponse:
    """A card in a column, by a line as it is typed anywhere."""
    given, actor = request.POST, actor_of(request)
    try:
        status = Status(given.get("status", ""))
        read, unread = understand(actor, given.get("text", ""))
        if unread:
            raise CannotError(unread[0].reason)
        capture(actor, [_in_column(item, status) for item in read])
        noted(request)
    except ValueError:
        refused(request, CannotError("Choose a column."))
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("board"))


def _in_column(item: Captured, status: Status) -> Captured:
    """A line as a card of a column. What is still open has a day only where the line names one."""
    named = any(fact.field == "day" for fact in item.facts) or item.repeats is not None
    if status in AHEAD and not named:
        item = replace(item, day=None)
    return corrected(item, Correction(status=status))


@require_POST
def board_move(request: HttpRequest) -> HttpResponse:
    """Several cards at once."""
    given, actor = request.POST, actor_of(request)
    keys = [
        int(key)
        for key in given.getlist("card")
        if key.isascii() and key.isdecimal() and len(key) < 16
    ]
    try:
        if not keys:
            raise CannotError("Tick the cards to move first.")
        if given.get("status") not in values(Status):
            raise CannotError("Choose a column.")
        set_status_of(actor, logbook.activities_called(actor, keys, most=500), given["status"])
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("board"))


@require_POST
def limit(request: HttpRequest) -> HttpResponse:
    try:
        board_verbs.set_limit(
            actor_of(request), request.POST.get("column", ""), whole(request.POST, "most")
        )
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("board"))


@require_http_methods(["GET", "POST"])
def requests(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "POST":
        given = request.POST
        try:
            board_verbs.ask(
                actor,
                given.get("title", ""),
                asked_by=given.get("asked_by", ""),
                hours=amount(given, "hours"),
                due=day_in(given, "due"),
                kind=Kind.MEETING if given.get("one_to_one") == "1" else Kind.TASK,
            )
            noted(request)
        except AlmanacError as error:
            refused(request, error)
        return HttpResponseRedirect(reverse("requests"))
    calls = board_answers.proposals(actor)
    context = {
        "found": board_answers.requests(actor),
        "talks": one_to_ones(actor),
        "calls": calls,
        "calls_sentence": board_answers.proposal_sentence(calls),
    }
    return render(request, "almanac/plan/requests.html", context)


@require_POST
def offer_one_to_ones(request: HttpRequest) -> HttpResponse:
    """Hours a week one offers for 1:1s, and the reply when they are gone."""
    given = request.POST
    try:
        reply = given.get("reply", "").strip()[:MOST_REPLY]
        hours = amount(given, "hours")
        prefer(actor_of(request), one_to_one_hours=hours or 0, one_to_one_reply=reply)
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(f"{reverse('requests')}#one-to-ones")


@require_POST
def answer(request: HttpRequest, key: int) -> HttpResponse:
    activity = activity_or_404(request, key)
    given = request.POST
    try:
        board_verbs.answer(
            actor_of(request),
            activity,
            given.get("answer", ""),
            reply=given.get("reply", ""),
            hours=amount(given, "hours"),
            due=day_in(given, "due"),
            chances=_chances(given),
        )
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return back(request, reverse("requests"))


def _chances(given: Mapping[str, str]) -> tuple[float, float] | None:
    try:
        before, after = float(given["before"]), float(given["after"])
    except (KeyError, ValueError):
        return None
    return (before, after) if 0 <= before <= 1 and 0 <= after <= 1 else None


@require_POST
def proposal(request: HttpRequest, key: int) -> HttpResponse:
    activity = activity_or_404(request, key)
    try:
        board_verbs.follow_proposal(
            actor_of(request),
            activity,
            submitted_on=day_in(request.POST, "submitted_on"),
            decision=request.POST.get("decision"),
        )
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return back(request, reverse("activity", args=[key]))


@require_POST
def part(request: HttpRequest, key: int) -> HttpResponse:
    """Add a part of an activity, or mark one as done."""
    activity = activity_or_404(request, key)
    given = request.POST
    try:
        if "part" in given:
            found = find_part(actor_of(request), activity, whole(given, "part") or 0)
            if found is None:
                raise CannotError("There is no such part any more.")
            board_verbs.change_part(actor_of(request), found, done=given.get("done") == "1")
        else:
            board_verbs.add_part(
                actor_of(request),
                activity,
                given.get("title", ""),
                given.get("kind", PartKind.ITEM),
                hours=amount(given, "hours"),
                days=amount(given, "days"),
                day=day_in(given, "day"),
            )
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return back(request, reverse("activity", args=[key]) + "#parts")
