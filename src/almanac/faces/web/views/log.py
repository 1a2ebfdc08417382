"""The log, narrowed as one likes, and the changes to the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from almanac.answers.log import logbook
from almanac.answers.log.logbook import Filter
from almanac.faces.web.forms import FilterForm
from almanac.faces.web.views.requests import (
    actor_of,
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
def changes(request: HttpRequest) -> HttpResponse:
    found = logbook.changes(actor_of(request), page_number(request))
    return render(request, "almanac/reports/changes.html", {"found": found})
