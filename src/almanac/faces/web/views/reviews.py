"""In review, posts and series, the public log."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions import preferences as preference_verbs
from almanac.actions.errors import CannotError
from almanac.actions.review import reviews as verbs
from almanac.actions.review.mailing import mail_review, mailbox
from almanac.answers.log import logbook
from almanac.answers.review import periods, publication
from almanac.answers.review.composition import Audience, done_of
from almanac.answers.review.composition import review as ask
from almanac.answers.review.sentences import plain
from almanac.core.errors import AlmanacError
from almanac.faces.web.views.requests import (
    actor_of,
    as_file,
    noted,
    refused,
    said,
)
from almanac.press import review as press
from almanac.record.queries import preferences, private

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, QueryDict

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
            raise CannotError("Choose an audience from the list.")
        found = ask(actor, asked, program=program, audience=Audience(audience))
    except AlmanacError as error:
        problem = error
        found = ask(actor, str(today.year))
    if request.POST.get("do") == "mail":
        return _mail(request, found)
    if request.method == "POST":
        return _edit(request, found)
    done = done_of(actor, found)
    if request.GET.get("as") in TYPES and problem is None:
        return _in_form(found, request.GET["as"], done)
    opens = reverse("activity", args=[0])  # once, as a year has thousands of rows
    query = urlencode({"period": found.period.name, "program": program, "for": str(found.audience)})
    context = {
        "review": found,
        "body": press.body(
            found,
            done,
            lambda row: opens.replace("/0/", f"/{row.key}/"),
            reverse("review-rows") + f"?{query}&note=",
            _tools(request, found),
        ),
        "periods": periods.years(actor),
        "shortcuts": _shortcuts(today),
        "can_mail": mailbox(actor) is not None,
        "mail_to": private.value("mail").get("to", ""),
        "programs": logbook.program_names(actor),
        "audiences": AUDIENCES,
        "query": query,
        "problem": problem,
        "is_public": found.period.name in preferences.value("public_reviews"),
    }
    return render(request, "almanac/reports/review.html", context, status=400 if problem else 200)


def _shortcuts(today: date) -> list[tuple[str, str]]:
    """The periods people report on, by name and label."""
    week, month = periods.week_of(today), today.replace(day=1)
    return [
        (week.name, "This week"),
        (periods.week_of(today - timedelta(days=7)).name, "Last week"),
        (f"{month:%Y-%m}", "This month"),
        (f"{month - timedelta(days=1):%Y-%m}", "Last month"),
        (str(today.year), str(today.year)),
    ]


def _tools(request: HttpRequest, found: Review) -> dict[str, str]:
    """The forms that change the introduction and each chapter, by key."""
    shared = {"review": found, "token": get_token(request), "action": request.get_full_path()}
    name = "almanac/reports/review_edit.html"
    forms: dict[str, str] = {"opening": render_to_string(name, shared)}
    is_week = found.period.noun == "week"
    for chapter in found.chapters:
        if is_week and not chapter.items and chapter.key != "takeaways":
            continue
        forms[chapter.key] = render_to_string(name, shared | {"chapter": chapter})
    return forms


def _mail(request: HttpRequest, found: Review) -> HttpResponse:
    """Send it to oneself, or to the address given."""
    actor = actor_of(request)
    try:
        to = mail_review(actor, found, done_of(actor, found), request.POST.get("to", ""))
        said(request, f"Sent to {to}")
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(request.get_full_path())


def _in_form(found: Review, form: str, done: list[Any]) -> HttpResponse:
    made = {"html": press.html, "md": press.md, "pdf": press.pdf}[form](found, done)
    return as_file(made.content, TYPES[form], f"review-{found.slug}.{form}")


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
                text=None if "dropped" in given else _own_words(given, found),
                dropped=given["dropped"] == "1" if "dropped" in given else None,
                program=found.program,
                audience=found.audience,
            )
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(f"{request.get_full_path()}#edit-{section or 'opening'}")


def _own_words(given: QueryDict, found: Review) -> str:
    """What was written; nothing where it is the sentence itself, whose numbers stay up to date so."""
    text = given.get("text", "").strip()
    items = [item for chapter in found.chapters for item in chapter.items]
    sentence = next((item.sentence for item in items if item.key == given.get("key")), None)
    return "" if sentence and text == plain(sentence) else text


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
    return render(request, "almanac/reports/review_rows.html", context)


@require_POST
def show_review(request: HttpRequest) -> HttpResponse:
    period = request.POST.get("period", "")
    try:
        verbs.show_review(actor_of(request), period, public="public" in request.POST)
        said(request, "Saved; it changes with the next publication", undoable=True)
    except AlmanacError as error:
        refused(request, error)
        return HttpResponseRedirect(reverse("review"))
    query = urlencode({"period": period, "for": "public"})
    return HttpResponseRedirect(reverse("review") + f"?{query}")


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
            said(request, "Saved")
        except AlmanacError as error:
            refused(request, error)
        return HttpResponseRedirect(reverse("public"))
    site = publication.site(actor)
    context = {
        "site": site,
        "settings": preferences.everything(),
        "publications": [
            {"row": row, "preview": publication.compare(site, row.entries)}
            for row in publication.publications(actor)
        ],
    }
    return render(request, "almanac/reports/public.html", context)
