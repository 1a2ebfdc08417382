"""In review, posts and series, the public log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions import content as content_verbs
from almanac.actions import preferences as preference_verbs
from almanac.actions import reviews as verbs
from almanac.actions.errors import CannotError
from almanac.answers.log import logbook
from almanac.answers.metrics import content
from almanac.answers.review import periods, publication
from almanac.answers.review.composition import Audience, done_of
from almanac.answers.review.composition import review as ask
from almanac.core.errors import AlmanacError
from almanac.faces.web.views.requests import (
    activity_or_404,
    actor_of,
    refused,
    said,
    whole,
)
from almanac.press import review as press
from almanac.record.models import Publication
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from django.http import HttpRequest

    from almanac.answers.review.composition import Review

AUDIENCES = (
    (Audience.OWN, "me alone"),
    (Audience.INSIDE, "my manager"),
    (Audience.PUBLIC, "everyone"),
)
TYPES = {
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "pdf": "application/pdf",
}


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """A period as a document, beside what can be kept, dropped and rewritten."""
    actor = actor_of(request)
    today = logbook.today_for(actor)
    asked = request.GET.get("period", "").strip() or str(today.year)
    program = request.GET.get("program", "")
    audience = request.GET.get("for", Audience.OWN)
    problem = None
    try:
        if audience not in list(Audience):
            raise CannotError("That is nobody it can be for.")
        found = ask(actor, asked, program=program, audience=Audience(audience))
    except AlmanacError as error:
        problem = error
        found = ask(actor, str(today.year))
    if request.method == "POST":
        return _edit(request, found)
    done = done_of(actor, found)
    if request.GET.get("as") in TYPES and problem is None:
        return _as_file(found, request.GET["as"], done)
    query = urlencode({"period": found.period.name, "program": program, "for": str(found.audience)})
    context = {
        "review": found,
        "body": press.body(
            found,
            done,
            lambda row: f"/activities/{row.key}/",
            f"/writeup/review/rows/?{query}&note=",
        ),
        "periods": periods.years(actor),
        "programs": logbook.program_names(actor),
        "audiences": AUDIENCES,
        "query": query,
        "problem": problem,
        "is_public": found.period.name in preferences.value("public_reviews"),
    }
    return render(request, "almanac/review.html", context, status=400 if problem else 200)


def _as_file(found: Review, form: str, done: list[Any]) -> HttpResponse:
    made = {"html": press.html, "md": press.md, "pdf": press.pdf}[form](found, done)
    name = f"review-{found.slug}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made.content, content_type=TYPES[form], headers=headers)


def _edit(request: HttpRequest, found: Review) -> HttpResponse:
    given, actor = request.POST, actor_of(request)
    section = given.get("section", "")
    try:
        if "own" in given:
            verbs.add_words(
                actor, found.period.name, section, given["own"], found.program, found.audience
            )
        else:
            verbs.edit_entry(
                actor,
                found.period.name,
                given.get("key", ""),
                section=section,
                text=None if "dropped" in given else given.get("text", ""),
                dropped=given["dropped"] == "1" if "dropped" in given else None,
                program=found.program,
                audience=found.audience,
            )
        said(request, "Kept", undoable=True)
    except AlmanacError as error:
        refused(request, error)
    anchor = f"#edit-{section}" if section else ""
    return HttpResponseRedirect(f"{request.get_full_path()}{anchor}")


@require_GET
def review_rows(request: HttpRequest) -> HttpResponse:
    """Every row behind one number of a review."""
    given, actor = request.GET, actor_of(request)
    note = given.get("note", "")
    try:
        found = ask(
            actor,
            given.get("period", ""),
            program=given.get("program", ""),
            audience=Audience(given.get("for", Audience.OWN)),
        )
    except (AlmanacError, ValueError) as error:
        raise Http404("There is no such review.") from error
    facts = press.facts_of(found)
    if not (note.isdecimal() and 1 <= int(note) <= len(facts)):
        raise Http404("There is no such number in it.")
    context = {"review": found, "fact": facts[int(note) - 1]}
    return render(request, "almanac/review_rows.html", context)


@require_POST
def show_review(request: HttpRequest) -> HttpResponse:
    period = request.POST.get("period", "")
    try:
        verbs.show_review(actor_of(request), period, public="public" in request.POST)
        said(request, "Noted; it changes with the next publication", undoable=True)
    except AlmanacError as error:
        refused(request, error)
        return HttpResponseRedirect("/writeup/review/")
    query = urlencode({"period": period, "for": "public"})
    return HttpResponseRedirect(f"/writeup/review/?{query}")


@require_GET
def posts(request: HttpRequest) -> HttpResponse:
    return render(request, "almanac/posts.html", {"desk": content.desk(actor_of(request))})


@require_GET
def series(request: HttpRequest, slug: str) -> HttpResponse:
    found = content.series_page(actor_of(request), slug)
    if found is None:
        raise Http404("There is no such series.")
    return render(request, "almanac/series.html", {"found": found})


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
        said(request, "Kept", undoable=True)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(f"/activities/{key}/")


@require_GET
def skeleton(request: HttpRequest, key: int) -> HttpResponse:
    """A post as a Markdown file to go on writing."""
    activity = activity_or_404(request, key)
    name, text = content.skeleton_of(actor_of(request), activity)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text.encode(), content_type=TYPES["md"], headers=headers)


@require_http_methods(["GET", "POST"])
def public(request: HttpRequest) -> HttpResponse:
    """What is public, what would become so, and how the log stands."""
    actor = actor_of(request)
    if request.method == "POST":
        try:
            preference_verbs.prefer(
                actor,
                public_title=request.POST.get("public_title", "").strip()[:120],
                public_address=request.POST.get("public_address", "").strip()[:500],
                shares_track_record="shares_track_record" in request.POST,
            )
            said(request, "Kept")
        except AlmanacError as error:
            refused(request, error)
        return HttpResponseRedirect("/writeup/public/")
    site = publication.site(actor)
    context = {
        "site": site,
        "settings": preferences.everything(),
        "publications": [
            {"row": row, "preview": publication.compare(site, row.entries)}
            for row in Publication.objects.order_by("-published_at")
        ],
    }
    return render(request, "almanac/public.html", context)
