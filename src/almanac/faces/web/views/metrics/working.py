"""Are the things we do working?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from almanac.answers.metrics.working import programs_at_work
from almanac.faces.web.pictures import hours_per_person
from almanac.faces.web.views.requests import actor_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def working(request: HttpRequest) -> HttpResponse:
    """Program by program: what it is for, what went in, what came out, and whether it works."""
    found = programs_at_work(actor_of(request))
    context = {"programs": found, "picture": hours_per_person(found)}
    return render(request, "almanac/metrics/working.html", context)
