"""Programs: the list, one, new, edit, close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions import programs
from almanac.actions.filing import file_under
from almanac.answers.experiments.experiments import of_program
from almanac.answers.guesses.calibration import expected_of
from almanac.answers.log import filing, logbook
from almanac.answers.metrics.working import programs_at_work
from almanac.answers.turnout.losses import losses
from almanac.core.errors import AlmanacError
from almanac.faces.web.forms import ProgramForm
from almanac.faces.web.pictures import hours_per_person, turnout_history
from almanac.faces.web.views.requests import (
    actor_of,
    noted,
    page_number,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_FILED = 500
"""Activities filed in one go."""

# Programs


@require_GET
def program_list(request: HttpRequest) -> HttpResponse:
    found = logbook.program_list(actor_of(request), page_number(request))
    return render(request, "almanac/programs/programs.html", {"found": found})


@require_GET
def options(request: HttpRequest) -> HttpResponse:
    """Names to choose from, for the picker beside the box."""
    context = {"programs": logbook.program_names(actor_of(request))}
    return render(request, "almanac/programs/options.html", context)


@require_http_methods(["GET", "POST"])
def unsorted(request: HttpRequest) -> HttpResponse:
    """The inbox: what no program was said for, to be filed one by one or many at once."""
    actor = actor_of(request)
    problem: AlmanacError | None = None
    if request.method == "POST":
        keys = [int(key) for key in request.POST.getlist("file") if key.isdecimal()]
        wanted = request.POST.get("program", "")
        if "one" in request.POST:
            key, _, wanted = request.POST["one"].partition(":")
            keys = [int(key)] if key.isdecimal() else []
        try:
            rows = logbook.activities_called(actor, keys, most=MOST_FILED)
            file_under(actor, rows, wanted)
        except AlmanacError as error:
            problem = error
        else:
            noted(request)
            return HttpResponseRedirect(reverse("unsorted"))
    context = {
        "inbox": filing.inbox(actor, page_number(request)),
        "programs": logbook.program_names(actor),
        "problem": problem,
    }
    status = 400 if problem else 200
    return render(request, "almanac/programs/unsorted.html", context, status=status)


@require_GET
def program(request: HttpRequest, slug: str) -> HttpResponse:
    found = logbook.program_page(actor_of(request), slug, page_number(request))
    if found is None:
        raise Http404("There is no such program.")
    if found.program.is_unsorted:
        return HttpResponseRedirect(reverse("unsorted"))
    tried = of_program(actor_of(request), found.program)
    expected = expected_of(actor_of(request), found.upcoming)
    works = programs_at_work(actor_of(request), judged=found.program.pk)
    context = {
        "found": found,
        "picture": turnout_history(found, expected),
        "losses": losses(actor_of(request), found.program),
        "work": next((work for work in works if work.program == found.program), None),
        "beside": hours_per_person(works),
        "tried": tried,
    }
    return render(request, "almanac/programs/program.html", context)


@require_http_methods(["GET", "POST"])
def program_new(request: HttpRequest) -> HttpResponse:
    form = ProgramForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = programs.begin_program(actor_of(request), **form.cleaned_data)
        except AlmanacError as error:
            form.add_error(None, str(error))
        else:
            noted(request)
            return HttpResponseRedirect(reverse("program", args=[made.slug]))
    status = 400 if request.method == "POST" else 200
    return render(request, "almanac/programs/form.html", {"form": form}, status=status)


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
            noted(request)
            return HttpResponseRedirect(reverse("program", args=[slug]))
    context = {"form": form, "program": found.program}
    status = 400 if request.method == "POST" else 200
    return render(request, "almanac/programs/form.html", context, status=status)


@require_POST
def program_close(request: HttpRequest, slug: str) -> HttpResponse:
    found = logbook.program_page(actor_of(request), slug)
    if found is None:
        raise Http404("There is no such program.")
    closed = "reopen" not in request.POST
    programs.change_program(actor_of(request), found.program, closed=closed)
    noted(request)
    return HttpResponseRedirect(reverse("program", args=[slug]))
