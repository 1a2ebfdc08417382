"""What people said, consent, and erasing a person."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions.community import quotes
from almanac.actions.errors import CannotError
from almanac.actions.keeping import erasing
from almanac.answers.community import quotes as quote_answers
from almanac.answers.community.traces import traces
from almanac.answers.log import logbook
from almanac.core.errors import AlmanacError
from almanac.faces.web.views.requests import (
    actor_of,
    brought_in,
    day_in,
    noted,
    page_number,
    refused,
    said,
)
from almanac.record.models import Consent, Scope
from almanac.record.queries.pages import cut
from almanac.sources.base.pictures import LARGEST_PICTURE, is_picture

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    found = logbook.quotes(actor_of(request))
    rows, more = cut(found, page_number(request), logbook.PAGE)
    context = {
        "quotes": rows,
        "page": page_number(request),
        "more": more,
        "consents": Consent.choices,
        "scopes": Scope.choices,
        "given": request.GET,
        "programs": logbook.program_names(actor_of(request)),
        "today_iso": logbook.today_for(actor_of(request)).isoformat(),
        "channels": quote_answers.heard_about(actor_of(request)),
    }
    return render(request, "almanac/community/community.html", context)


@require_POST
def quote_add(request: HttpRequest) -> HttpResponse:
    given = request.POST
    try:
        quotes.hear(
            actor_of(request),
            given.get("text", ""),
            via=given.get("via", ""),
            who=given.get("who", ""),
            day=day_in(given, "day"),
            program=given.get("program", "").strip(),
            place=given.get("place", ""),
            link=given.get("link", "").strip(),
            tags=given.get("tags", "").split(),
            picture=_uploaded_picture(request),
        )
    except AlmanacError as error:
        refused(request, error)
    else:
        noted(request)
    return HttpResponseRedirect(reverse("community"))


def _uploaded_picture(request: HttpRequest) -> bytes | None:
    file = request.FILES.get("picture")
    if file is None:
        return None
    if (file.size or 0) > LARGEST_PICTURE:
        raise CannotError("A screenshot can be 2 MB at most.")
    return bytes(file.read())


@require_GET
def quote_picture(request: HttpRequest, key: int) -> HttpResponse:
    """The screenshot of a quote."""
    picture = quote_answers.picture_of(actor_of(request), key)
    if picture is None:
        raise Http404("There is no such screenshot.")
    media, content = picture
    if not is_picture(media, content):
        raise Http404("There is no such screenshot.")
    return brought_in(content, media)


@require_POST
def quote_change(request: HttpRequest, key: int) -> HttpResponse:
    quote = quote_answers.find_quote(actor_of(request), key)
    if quote is None:
        raise Http404("There is no such quote.")
    given = request.POST
    try:
        if "forget" in given:
            quotes.forget_quote(actor_of(request), quote)
            said(request, "Deleted for good")
        elif "known" in given or "unknown" in given:
            quotes.mark_quote(actor_of(request), quote, would_not_have_known="unknown" in given)
            noted(request)
        elif given.get("consent") in Consent.values:
            until = given.get("until", "").strip()
            quotes.note_consent(
                actor_of(request),
                quote,
                given["consent"],
                scope=given.get("scope"),
                until=date.fromisoformat(until) if until else None,
            )
            noted(request)
    except ValueError:
        refused(request, CannotError("Until when? Choose a day."))
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("community"))


@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Look for a person first; erase on a second, plain word."""
    who = request.POST.get("who", request.GET.get("who", ""))
    context: dict[str, Any] = {"who": who}
    try:
        if request.method == "POST":
            context |= {"erased": erasing.erase(actor_of(request), who), "who": ""}
        elif who:
            context |= {"traces": traces(actor_of(request), who)}
    except AlmanacError as error:
        context |= {"problem": error}
    return render(
        request,
        "almanac/community/erase.html",
        context,
        status=400 if "problem" in context else 200,
    )
