"""Programs, People, Numbers, Write-up: views of the same record."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions import preferences, programs, quotes
from almanac.actions.errors import CannotError
from almanac.actions.keeping import erasing
from almanac.answers.community import quotes as quote_answers
from almanac.answers.experiments.experiments import of_program
from almanac.answers.guesses.accuracy import accuracy, hit_rates
from almanac.answers.log import logbook
from almanac.answers.log.logbook import Filter
from almanac.charts import bars
from almanac.core.errors import AlmanacError
from almanac.faces.web.forms import FilterForm, PreferencesForm, ProgramForm
from almanac.faces.web.views.requests import (
    FIRST_YEAR,
    LAST_YEAR,
    actor_of,
    back,
    page_number,
    refused,
    said,
)
from almanac.record.models import Consent, Quote, Scope
from almanac.record.queries import preferences as settings
from almanac.sources.tables.quotes_table import LARGEST_PICTURE, MAGIC

if TYPE_CHECKING:
    from django.http import HttpRequest

# Programs


@require_GET
def program_list(request: HttpRequest) -> HttpResponse:
    return render(
        request, "almanac/programs.html", {"programs": logbook.programs(actor_of(request))}
    )


@require_GET
def program(request: HttpRequest, slug: str) -> HttpResponse:
    found = logbook.program_page(actor_of(request), slug, page_number(request))
    if found is None:
        raise Http404("There is no such program.")
    largest = max((_largest(activity.turnout_if_any) for activity in found.events), default=0)
    tried = of_program(actor_of(request), found.program)
    context = {"found": found, "largest": largest, "tried": tried}
    return render(request, "almanac/program.html", context)


def _largest(turnout: Any) -> int:
    return max(turnout.interested or 0, turnout.signups or 0, turnout.attended or 0)


@require_http_methods(["GET", "POST"])
def program_new(request: HttpRequest) -> HttpResponse:
    form = ProgramForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = programs.begin_program(actor_of(request), **form.cleaned_data)
        except AlmanacError as error:
            form.add_error(None, str(error))
        else:
            said(request, f"Began {made.name}", undoable=True)
            return HttpResponseRedirect(f"/programs/{made.slug}/")
    status = 400 if request.method == "POST" else 200
    return render(request, "almanac/program_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def program_edit(request: HttpRequest, slug: str) -> HttpResponse:
    found = logbook.program_page(actor_of(request), slug)
    if found is None:
        raise Http404("There is no such program.")
    form = ProgramForm(
        request.POST or None,
        initial={name: getattr(found.program, name) for name in ProgramForm.Meta.fields},
    )
    if request.method == "POST" and form.is_valid():
        try:
            programs.change_program(actor_of(request), found.program, **form.cleaned_data)
        except AlmanacError as error:
            form.add_error(None, str(error))
        else:
            said(request, f"Changed {found.program.name}", undoable=True)
            return HttpResponseRedirect(f"/programs/{slug}/")
    context = {"form": form, "program": found.program}
    status = 400 if request.method == "POST" else 200
    return render(request, "almanac/program_form.html", context, status=status)


@require_POST
def program_close(request: HttpRequest, slug: str) -> HttpResponse:
    found = logbook.program_page(actor_of(request), slug)
    if found is None:
        raise Http404("There is no such program.")
    closed = "reopen" not in request.POST
    programs.change_program(actor_of(request), found.program, closed=closed)
    said(request, f"{'Closed' if closed else 'Reopened'} {found.program.name}", undoable=True)
    return HttpResponseRedirect(f"/programs/{slug}/")


# People


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    found = logbook.quotes(actor_of(request))
    start = (page_number(request) - 1) * logbook.PAGE
    rows = list(found[start : start + logbook.PAGE + 1])
    context = {
        "quotes": rows[: logbook.PAGE],
        "page": page_number(request),
        "more": len(rows) > logbook.PAGE,
        "consents": Consent.choices,
        "scopes": Scope.choices,
        "channels": quote_answers.heard_about(actor_of(request)),
    }
    return render(request, "almanac/people.html", context)


@require_POST
def quote_add(request: HttpRequest) -> HttpResponse:
    given = request.POST
    try:
        quotes.hear(
            actor_of(request),
            given.get("text", ""),
            via=given.get("via", ""),
            who=given.get("who", ""),
            place=given.get("place", ""),
            link=given.get("link", "").strip(),
            tags=given.get("tags", "").split(),
            picture=_uploaded_picture(request),
        )
    except AlmanacError as error:
        refused(request, error)
    else:
        said(request, "Kept, for your eyes only", undoable=True)
    return HttpResponseRedirect("/people/")


def _uploaded_picture(request: HttpRequest) -> tuple[str, bytes] | None:
    file = request.FILES.get("picture")
    if file is None:
        return None
    if (file.size or 0) > LARGEST_PICTURE:
        raise CannotError("A screenshot can be 2 MB at most.")
    content = file.read()
    media = next((m for m, start in MAGIC.items() if content.startswith(start)), "")
    return media, content


@require_GET
def quote_picture(request: HttpRequest, key: int) -> HttpResponse:
    """The screenshot of a quote."""
    picture = quote_answers.picture_of(actor_of(request), key)
    if picture is None:
        raise Http404("There is no such screenshot.")
    media, content = picture
    return HttpResponse(content, content_type=media)


@require_POST
def quote_change(request: HttpRequest, key: int) -> HttpResponse:
    quote = Quote.objects.filter(pk=key).first()
    if quote is None:
        raise Http404("There is no such quote.")
    given = request.POST
    try:
        if "forget" in given:
            quotes.forget_quote(actor_of(request), quote)
            said(request, "Deleted for good")
        elif given.get("consent") in Consent.values:
            until = given.get("until", "").strip()
            quotes.note_consent(
                actor_of(request),
                quote,
                given["consent"],
                scope=given.get("scope"),
                until=date.fromisoformat(until) if until else None,
            )
            said(request, "Noted", undoable=True)
    except ValueError:
        refused(request, CannotError("Until when? Choose a day."))
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect("/people/")


@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Look for a person first; erase on a second, plain word."""
    who = request.POST.get("who", request.GET.get("who", ""))
    context: dict[str, Any] = {"who": who}
    try:
        if request.method == "POST":
            context |= {"erased": erasing.erase(actor_of(request), who)}
        elif who:
            context |= {"traces": erasing.traces(actor_of(request), who)}
    except AlmanacError as error:
        context |= {"problem": error}
    return render(
        request, "almanac/erase.html", context, status=400 if "problem" in context else 200
    )


# Numbers


@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    today = logbook.today_for(actor_of(request))
    given = request.GET.get("year", "")
    year = int(given) if given.isdecimal() and len(given) == 4 else today.year
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    context = {
        "year": logbook.year_so_far(actor_of(request), year),
        "record": hit_rates(actor_of(request)),
    }
    return render(request, "almanac/numbers.html", context)


@require_GET
def right(request: HttpRequest) -> HttpResponse:
    found = accuracy(actor_of(request))
    pictures = [(group, bars.lay_out(group.pit)) for group in found.by_who if group.pit]
    context = {"standing": found, "pictures": pictures}
    return render(request, "almanac/right.html", context)


# Write-up


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
    return render(request, "almanac/log.html", context)


@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    return render(request, "almanac/changes.html", {"changes": logbook.changes(actor_of(request))})


@require_http_methods(["GET", "POST"])
def preferences_page(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, initial=settings.everything())
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"currency": form.cleaned_data["currency"].upper()}
        try:
            preferences.prefer(actor_of(request), **values)
        except AlmanacError as error:
            form.add_error(None, str(error))
        else:
            said(request, "Kept")
            return back(request, "/preferences/")
    return render(
        request, "almanac/preferences.html", {"form": form}, status=400 if form.errors else 200
    )
