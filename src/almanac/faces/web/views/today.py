"""Today, the way in, and the first steps."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from almanac.actions import example, preferences
from almanac.actions.example import own_logbook
from almanac.actions.workload import time_off
from almanac.answers.today import today as ask_today
from almanac.core.errors import AlmanacError
from almanac.faces.web.views.requests import actor_of, back, noted, refused, said
from almanac.record.infra import links, sessions
from almanac.record.queries import preferences as settings
from almanac.record.rules import STRANGER

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from almanac.record.infra.sessions import Session

ASKED_ONCE = frozenset({"mirror", "check-in"})
"""What may be waved away for good beside questions about one activity."""


@require_GET
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link: it gives the browser a cookie and is spent."""
    if request.method == "GET" and links.spend(token):
        response = HttpResponseRedirect(reverse("today"))
        response.set_cookie(
            sessions.cookie_name(),
            sessions.begin(request.headers.get("User-Agent", "")),
            max_age=sessions.LASTS,
            httponly=True,
            samesite="Lax",
        )
        return response
    if actor_of(request).owner:
        return HttpResponseRedirect(reverse("today"))
    return render(request, "almanac/closed.html", {"spent": True}, status=403)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this browser's session, or those that are named: one by its key, or all the others."""
    mine: Session | None = request.session  # type: ignore[assignment]
    which = request.POST.get("session", mine.key if mine else "")
    if mine is not None and which == "others":
        ended = [sessions.end(each.key) for each in sessions.running() if each.key != mine.key]
        said(
            request,
            f"Signed out of {len(ended)} other {'browser' if len(ended) == 1 else 'browsers'}",
        )
        return HttpResponseRedirect(reverse("settings"))
    sessions.end(which)
    if mine is None or which == mine.key:
        request.actor = STRANGER  # type: ignore[attr-defined]
        response = render(request, "almanac/closed.html", {"signed_out": True})
        response.delete_cookie(sessions.cookie_name(), samesite="Lax")
        return response
    said(request, "Signed that browser out")
    return HttpResponseRedirect(reverse("settings"))


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    found = ask_today(actor_of(request))
    template = "almanac/welcome.html" if found.is_empty else "almanac/today.html"
    context = {
        "today_page": found,
        "zone": settings.value("zone"),
        "next_week": settings.today() + timedelta(days=7),
    }
    return render(request, template, context)


@require_POST
def skip(request: HttpRequest) -> HttpResponse:
    key = request.POST.get("key", "")
    if key.startswith("nudge:"):
        time_off.silence(actor_of(request), key.removeprefix("nudge:"))
        said(request, "You won’t be told that again.")
    elif key.startswith(("outcome:", "used")) or key in ASKED_ONCE:
        preferences.skip_question(actor_of(request), key)
        noted(request)
    return back(request, reverse("today"))


@require_POST
def begin_example(request: HttpRequest) -> HttpResponse:
    try:
        example.play(actor_of(request), settings.value("zone"))
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("today"))


@require_POST
def begin_own(request: HttpRequest) -> HttpResponse:
    """From the example to one's own logbook, in one click."""
    try:
        link = own_logbook.begin_own(actor_of(request))
    except AlmanacError as error:
        refused(request, error)
        return HttpResponseRedirect(reverse("today"))
    if link:
        return render(request, "almanac/metrics/moved.html", {"link": link})
    return HttpResponseRedirect(reverse("today"))
