"""The year so far, and forecast accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from almanac.answers.guesses.accuracy import accuracy, hit_rates
from almanac.answers.log import logbook
from almanac.answers.log.months import SORTS, months_of
from almanac.charts import bars
from almanac.faces.web.pictures import average_misses, said_and_came, year_by_month
from almanac.faces.web.views.requests import (
    FIRST_YEAR,
    LAST_YEAR,
    actor_of,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    today = logbook.today_for(actor_of(request))
    given = request.GET.get("year", "")
    year = int(given) if given.isdecimal() and len(given) == 4 else today.year
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    context = {
        "year": logbook.year_so_far(actor_of(request), year),
        "record": hit_rates(actor_of(request)),
        "picture": year_by_month(months_of(actor_of(request), year)),
        "sorts": [name for name, _ in SORTS],
    }
    return render(request, "almanac/metrics/year.html", context)


@require_GET
def right(request: HttpRequest) -> HttpResponse:
    found = accuracy(actor_of(request))
    pictures = [(group, bars.lay_out(group.pit)) for group in found.by_who if group.pit]
    context = {
        "standing": found,
        "pictures": pictures,
        "events": said_and_came(found),
        "misses": average_misses(found),
    }
    return render(request, "almanac/metrics/accuracy.html", context)
