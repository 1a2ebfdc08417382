"""Reach: what it rests on, links handed out, and channels corrected by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from almanac.actions.community import reach as verbs
from almanac.actions.errors import CannotError
from almanac.answers.community.links import find_link, linkable
from almanac.answers.community.quotes import heard_about
from almanac.answers.community.reach import given_answers, reach
from almanac.answers.log.logbook import find_activity, today_for
from almanac.core.community.channels import Channel
from almanac.core.errors import AlmanacError
from almanac.faces.web.views.requests import actor_of, back, day_in, noted, refused, said, whole

if TYPE_CHECKING:
    from django.http import HttpRequest

    from almanac.record.models import HandedLink


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "found": reach(actor),
        "channels": heard_about(actor),
        "activities": linkable(actor),
        "today_iso": today_for(actor).isoformat(),
    }
    return render(request, "almanac/community/reach.html", context)


@require_GET
def answers(request: HttpRequest) -> HttpResponse:
    """What people answered, each with its channel, for correcting."""
    context = {"answers": given_answers(actor_of(request)), "channels": list(Channel)}
    return render(request, "almanac/community/answers.html", context)


@require_POST
def correct(request: HttpRequest) -> HttpResponse:
    given = request.POST
    try:
        verbs.correct_channel(actor_of(request), given.get("answer", ""), given.get("channel", ""))
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("reach-answers"))


@require_POST
def hand_out(request: HttpRequest) -> HttpResponse:
    actor, given = actor_of(request), request.POST
    key = given.get("activity", "")
    try:
        verbs.hand_out_link(
            actor, given.get("url", "").strip(),
            find_activity(actor, int(key)) if key.isdecimal() else None, given.get("short", ""),
        )  # fmt: skip
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return back(request, reverse("reach"))


def _link(request: HttpRequest, key: int) -> HandedLink:
    found = find_link(actor_of(request), key)
    if found is None:
        raise Http404("There is no such link.")
    return found


@require_POST
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Note its short address, what a tool counts, or delete it."""
    actor, given, link = actor_of(request), request.POST, _link(request, key)
    try:
        if given.get("do") == "delete":
            verbs.forget_link(actor, link)
            said(request, "Deleted")
        elif "short" in given:
            verbs.shorten_link(actor, link, given["short"])
            noted(request)
        else:
            count = whole(given, "count")
            if count is None:
                raise CannotError("How often was it followed? A whole number, 0 or more.")
            verbs.count_link(actor, link, count, day_in(given, "day") or today_for(actor))
            noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("reach"))
