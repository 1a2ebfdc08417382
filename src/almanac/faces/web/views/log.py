"""The log, narrowed as one likes, and the changes to the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_GET

from almanac.answers.log import logbook
from almanac.answers.log.logbook import Filter
from almanac.answers.log.search import WHERE, search
from almanac.core.errors import AlmanacError
from almanac.faces.web.forms import FilterForm
from almanac.faces.web.views.requests import (
    actor_of,
    day_in,
    page_number,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# Programs


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    narrow = Filter(**form.cleaned_data) if form.is_valid() else Filter()
    found = logbook.log(actor_of(request), narrow, page_number(request))
    context = {
        "form": form,
        "narrow": narrow,
        "found": found,
        "programs": logbook.program_names(actor_of(request)),
        "tags": logbook.tag_names(actor_of(request)),
    }
    return render(request, "almanac/reports/log.html", context)


@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    given = request.GET
    where = given.get("in", WHERE[0])
    context: dict[str, Any] = {"places": WHERE, "where": where}
    text = given.get("q", "").strip()[:200]
    try:
        days = {name: day_in(given, name) for name in ("since", "until")}
        context |= days | {"found": search(actor_of(request), text, where=where, **days)}
    except AlmanacError as error:
        context |= {"problem": error, "found": search(actor_of(request), text, where=where)}
    return render(request, "almanac/reports/search.html", context)


@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    found = logbook.changes(actor_of(request), page_number(request))
    return render(request, "almanac/reports/changes.html", {"found": found})
