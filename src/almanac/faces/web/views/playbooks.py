"""Playbooks and retros: how a program is run, and what each run teaches."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions.errors import CannotError
from almanac.actions.playbooks import playbooks as verbs
from almanac.actions.playbooks.freshness import say_back, say_left
from almanac.actions.playbooks.handover import look_ahead
from almanac.answers.errors import CannotAnswerError
from almanac.answers.playbooks import handover as leaving
from almanac.answers.playbooks import playbooks as answers
from almanac.answers.playbooks.absence_check import drill as drill_from
from almanac.answers.playbooks.freshness import departures
from almanac.answers.playbooks.playbooks import find_lesson
from almanac.answers.playbooks.stand_ins import bus_factors
from almanac.core.errors import AlmanacError
from almanac.faces.web.views.requests import (
    activity_or_404,
    actor_of,
    back,
    day_in,
    refused,
    said,
    whole,
)
from almanac.press import handover as press
from almanac.record.infra.clock import monday_of
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from django.http import HttpRequest

BLANK = """# {name}

## What it is for, and for whom

Online or in a room? The fewest, the best and the most people, and what you do at each.

## Before you begin

What the next person may decide alone, whom to tell, where files and templates are, what it costs and who
pays.

## Steps

- T-21 days: find a place and a date (2h)
- T-14 days: announce (2h)
- T-1 day: remind everyone (1h)
- T: run it
- T+2 days: look back, and thank those who helped (1h)

## Who has access

Each account, room and key with who has it now (an @ before the name), how to reach them, and who else if they do not
answer; never a password.

## What we send

The announcement, the reminder and the thanks, as you last sent them.

## The day, by the clock

Who does what from leaving home to locking up; what one person alone would drop; what has gone wrong, and
what you did.

## If under ten come

## If it has to be called off
"""


@require_http_methods(["GET", "POST"])
def playbook(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    found = answers.find_playbook(actor, slug)
    if found is None:
        raise Http404("There is no such program.")
    if request.method == "POST":
        try:
            made = verbs.write_playbook(
                actor, found.program, request.POST.get("text", ""), request.POST.get("why", "")
            )
            said(request, f"Version {made.number}", undoable=True)
        except AlmanacError as error:
            refused(request, error)
        return HttpResponseRedirect(reverse("playbook", args=[slug]))
    blank = BLANK.format(name=found.program.name)
    return render(request, "almanac/playbooks/playbook.html", {"found": found, "blank": blank})


@require_POST
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a lesson into the playbook or not, and say later whether it helped."""
    row = find_lesson(actor_of(request), _key(request))
    try:
        if row is None or row.program.slug != slug:
            raise CannotError("There is no such lesson any more.")
        if "helped" in request.POST:
            verbs.say_helped(actor_of(request), row, request.POST["helped"])
        else:
            verbs.decide(actor_of(request), row, accept=request.POST.get("accept") == "1")
        said(request, "Saved", undoable=True)
    except AlmanacError as error:
        refused(request, error)
    return back(request, reverse("playbook", args=[slug]))


def _key(request: HttpRequest) -> int:
    try:
        return whole(request.POST, "lesson") or 0
    except CannotError:
        return 0


@require_POST
def run(request: HttpRequest, key: int) -> HttpResponse:
    """Lay the steps of the playbook onto an activity."""
    activity = activity_or_404(request, key)
    try:
        if verbs.lay_out(actor_of(request), activity) is None:
            raise CannotError(f"{activity.program.name} has no playbook yet.")
        said(request, "Laid out", undoable=True)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("activity", args=[key]) + "#parts")


@require_POST
def retro(request: HttpRequest, key: int) -> HttpResponse:
    activity = activity_or_404(request, key)
    given = request.POST
    try:
        if given.get("lesson", "").strip():
            verbs.propose(actor_of(request), activity, given["lesson"], given.get("step", ""))
        else:
            names = ("went_well", "maximise", "went_badly", "why")
            verbs.look_back(
                actor_of(request), activity, **{name: given.get(name, "") for name in names}
            )
        said(request, "Saved", undoable=True)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("activity", args=[key]) + "#retro")


@require_GET
def drill(request: HttpRequest) -> HttpResponse:
    """You are away from a day on: what stops, what is promised, who could."""
    actor, today = actor_of(request), preferences.today()
    first = monday_of(today) + timedelta(weeks=1)
    days = 30
    try:
        first = day_in(request.GET, "from") or first
        days = min(max(whole(request.GET, "days") or days, 1), 366)
    except AlmanacError as error:
        refused(request, error)
    context = {
        "drill": drill_from(actor, first, days),
        "factors": bus_factors(actor),
        "gone": departures(actor),
        "days": days,
    }
    return render(request, "almanac/playbooks/absence_check.html", context)


@require_POST
def departure(request: HttpRequest) -> HttpResponse:
    """Somebody named in playbooks has left, or is back."""
    actor, given = actor_of(request), request.POST
    try:
        if "back" in given:
            say_back(actor, given["back"])
            said(request, f"{given['back'][:80]} is back")
        else:
            made = say_left(actor, given.get("name", ""), day_in(given, "day"))
            said(request, f"{made.name} has left", undoable=True)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("absence-check"))


@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest, slug: str) -> HttpResponse:
    """The book of one program: a page, or a file. Posting looks at what to expect of its next events
    first, which is frozen before it is shown."""
    if request.method == "POST":
        try:
            look_ahead(actor_of(request), [slug])
        except AlmanacError as error:
            refused(request, error)
        return HttpResponseRedirect(reverse("handover", args=[slug]))
    try:
        book = leaving.handover(actor_of(request), [slug])
    except CannotAnswerError as error:
        raise Http404("There is no such program.") from error
    form = request.GET.get("as", "")
    made = {
        "md": ("handover.md", "text/markdown; charset=utf-8"),
        "pdf": ("handover.pdf", "application/pdf"),
    }
    if form in made:
        name, kind = made[form]
        headers = {"Content-Disposition": f'attachment; filename="{slug}-{name}"'}
        return HttpResponse(press.files(book)[name], content_type=kind, headers=headers)
    context = {"book": book, "body": press.html_body(book), "slug": slug}
    return render(request, "almanac/playbooks/handover.html", context)
