"""Posts and series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from almanac.actions import content as content_verbs
from almanac.actions.errors import CannotError
from almanac.answers.metrics import content
from almanac.core.errors import AlmanacError
from almanac.faces.web.pictures import views_at
from almanac.faces.web.views.requests import (
    activity_or_404,
    actor_of,
    as_file,
    noted,
    refused,
    whole,
)

if TYPE_CHECKING:
    from django.http import HttpRequest


COMPARED_AT = 30
"""Days after publication at which the picture compares posts."""


@require_GET
def posts(request: HttpRequest) -> HttpResponse:
    desk = content.desk(actor_of(request))
    context = {"desk": desk, "picture": views_at(desk.posts, COMPARED_AT), "age": COMPARED_AT}
    return render(request, "almanac/content/content.html", context)


@require_GET
def series(request: HttpRequest, slug: str) -> HttpResponse:
    found = content.series_page(actor_of(request), slug)
    if found is None:
        raise Http404("There is no such series.")
    return render(request, "almanac/content/series.html", {"found": found})


@require_POST
def post_change(request: HttpRequest, key: int) -> HttpResponse:
    """Which series a post belongs to, where it stands, and what a platform counts of it."""
    activity = activity_or_404(request, key)
    actor, given = actor_of(request), request.POST
    try:
        if "platform" in given:
            views = whole(given, "views")
            if views is None:
                raise CannotError("How many views?")
            content_verbs.count_views(actor, activity, given["platform"], views)
        else:
            content_verbs.set_post(
                actor,
                activity,
                series=given.get("series", ""),
                position=whole(given, "position"),
                canonical=given.get("canonical", "").strip(),
                elsewhere=given.get("elsewhere", "").split(),
            )
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("activity", args=[key]))


@require_GET
def skeleton(request: HttpRequest, key: int) -> HttpResponse:
    """A post as a Markdown file to go on writing."""
    activity = activity_or_404(request, key)
    name, text = content.skeleton_of(actor_of(request), activity)
    return as_file(text, "text/markdown; charset=utf-8", name)
