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
from almanac.answers.playbooks.stand_ins import bus_factors, everybody
from almanac.core.errors import AlmanacError
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
from almanac.press import handover as press
from almanac.record.infra.clock import monday_of
from almanac.record.queries import preferences
from almanac.sources.text import playbook_template

if TYPE_CHECKING:
    from django.http import HttpRequest


MOST_NAMES = 6
"""Columns of the absence check, so that it fits a page."""


@require_http_methods(["GET", "POST"])
def playbook(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    found = answers.find_playbook(actor, slug)
    if found is None:
        raise Http404("There is no such program.")
    if request.method == "POST":
        given = request.POST
        try:
            if "step" in given:
                verbs.add_step(
                    actor, found.program, given["step"], whole(given, "days") or 0,
                    before=given.get("side") != "after", hours=amount(given, "hours"),
                    owner=given.get("owner", ""),
                )  # fmt: skip
            elif "remove" in given:
                verbs.remove_step(actor, found.program, given["remove"])
            else:
                verbs.write_playbook(
                    actor, found.program, given.get("text", ""), given.get("why", "")
                )
            noted(request)
        except AlmanacError as error:
            refused(request, error)
        return HttpResponseRedirect(reverse("playbook", args=[slug]))
    blank = playbook_template.blank(found.program.name)
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
        noted(request)
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
        noted(request)
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
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("activity", args=[key]) + "#retro")


@require_GET
def drill(request: HttpRequest) -> HttpResponse:
    """If you were away from a day on: what stops, what is due, who could take over."""
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
        "factors": (factors := bus_factors(actor)),
        "everybody": everybody(factors)[:MOST_NAMES],
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
            say_left(actor, given.get("name", ""), day_in(given, "day"))
            noted(request)
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
        return as_file(press.files(book)[name], kind, f"{slug}-{name}")
    context = {
        "book": book,
        "body": press.html_body(book),
        "slug": slug,
        "name": book.title.partition(": ")[2],
    }
    return render(request, "almanac/playbooks/handover.html", context)
