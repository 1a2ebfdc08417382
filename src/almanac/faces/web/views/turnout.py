"""Guess, forecast, outcome: the buttons of an event page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions import turnout as verbs
from almanac.actions.errors import CannotError
from almanac.answers.experiments.experiments import tried_about
from almanac.answers.guesses.accuracy import hit_rates
from almanac.answers.guesses.calibration import doubt
from almanac.answers.log import logbook
from almanac.answers.turnout import announcing, provisions
from almanac.answers.turnout.expectation import first_guess, prospect, similar_events
from almanac.core.errors import AlmanacError
from almanac.core.guesses.elicited import RawGuess
from almanac.core.vocabulary import COUNTS, MEASURED, Evidence, Kind, values
from almanac.faces.web.forms import PlanForm
from almanac.faces.web.views.recurring import planned
from almanac.faces.web.views.requests import (
    activity_or_404,
    actor_of,
    as_file,
    back,
    noted,
    refused,
    said,
    whole,
)
from almanac.press.expectation import expectation as expectation_page
from almanac.press.share_card import share_card
from almanac.record.queries import preferences
from almanac.sources.base.cells import amount

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_http_methods(["GET", "POST"])
def guess(request: HttpRequest, key: int) -> HttpResponse:
    """Four questions in their order, without a number to lean on; or “no idea”."""
    activity = activity_or_404(request, key)
    again = first_guess(actor_of(request), activity) is not None
    similar = similar_events(actor_of(request), activity) if again else []
    if request.method == "GET":
        return render(
            request, "almanac/turnout/guess.html", {"activity": activity, "similar": similar}
        )
    try:
        raw = _raw(request)
        verbs.say_guess(actor_of(request), activity, raw, saw_similar=bool(similar))
        if raw is not None and (question := doubt(actor_of(request), activity, raw)):
            said(request, question)
        verbs.freeze_forecast(actor_of(request), activity)
    except AlmanacError as error:
        if "no_idea" in request.POST:
            refused(request, error)
            return back(request, reverse("activity", args=[key]))
        context = {
            "activity": activity,
            "problem": error,
            "given": request.POST,
            "similar": similar,
        }
        return render(request, "almanac/turnout/guess.html", context, status=400)
    return back(request, reverse("activity", args=[key]))


def _raw(request: HttpRequest) -> RawGuess | None:
    if "no_idea" in request.POST:
        return None
    low, high, best, sure = (whole(request.POST, name) for name in ("low", "high", "best", "sure"))
    if low is None or high is None or best is None:
        raise CannotError("Low, high and best are all needed; or say that you have no idea.")
    return RawGuess(low, high, best, 80 if sure is None else sure)


@require_GET
def provide(request: HttpRequest, key: int) -> HttpResponse:
    """How many chairs or meals, and how many to admit: two questions, which change nothing."""
    activity = activity_or_404(request, key)
    turnout = activity.turnout_if_any
    context = {
        "activity": activity,
        "given": request.GET,
        "seats": turnout.seats if turnout else None,
    }
    try:
        if "few" in request.GET or "many" in request.GET:
            costs = (_amount(request, "few"), _amount(request, "many"))
            context["provision"] = provisions.provision(actor_of(request), activity, *costs)
        if "seats" in request.GET:
            seats = whole(request.GET, "seats") or 0
            risk = _amount(request, "risk") / 100
            context["admission"] = provisions.admission(actor_of(request), activity, seats, risk)
    except AlmanacError as error:
        refused(request, error)
    return render(request, "almanac/turnout/provisions.html", context)


@require_GET
def timing(request: HttpRequest, key: int) -> HttpResponse:
    """When to announce, and what a reminder is worth."""
    activity = activity_or_404(request, key)
    actor = actor_of(request)
    context = {
        "activity": activity,
        "timing": announcing.announcement(actor, activity),
        "reminder": announcing.reminder(actor, activity),
        "tried": tried_about(actor, "reminders"),
    }
    return render(request, "almanac/turnout/timing.html", context)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Plan an event by a handful of questions; the guess comes next."""
    actor, zone = actor_of(request), preferences.value("zone")
    first = {
        "program": request.GET.get("program", ""),
        "kind": Kind.EVENT,
        "day": request.GET.get("day", "")[:10],
    }
    form = PlanForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = planned(actor, form.new_activity(zone), request.POST)
        except AlmanacError as error:
            form.add_error(None, str(error))
        else:
            noted(request)
            return HttpResponseRedirect(reverse("activity", args=[made.pk]))
    context = {
        "form": form,
        "programs": logbook.program_names(actor),
        "zone": zone,
        "repeats": request.POST.get("repeats", ""),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "almanac/turnout/new_event.html", context, status=status)


@require_GET
def expectation(request: HttpRequest, key: int) -> HttpResponse:
    """One page to send, from the frozen forecast; ?file=1 is the same as a file."""
    activity, actor = activity_or_404(request, key), actor_of(request)
    page = expectation_page(prospect(actor, activity), hit_rates(actor).forecasts)
    if page is None:
        refused(request, CannotError("Make a forecast first; this page shows it."))
        return HttpResponseRedirect(reverse("activity", args=[key]))
    if "file" in request.GET:
        return as_file(page.html, "text/html; charset=utf-8", f"expectation-{key}.html")
    context = {"activity": activity, "page": page}
    return render(request, "almanac/turnout/expectation.html", context)


@require_GET
def card(request: HttpRequest, key: int, form: str) -> HttpResponse:
    """Forecast, guess and outcome as a picture, made only when it is asked for."""
    activity = activity_or_404(request, key)
    made = share_card(prospect(actor_of(request), activity))
    if made is None:
        raise Http404("There was no forecast or guess before, or no attendance since.")
    if form == "png":
        return as_file(made.png, "image/png", f"almanac-{key}.png")
    if form == "svg":
        return as_file(made.svg.encode(), "image/svg+xml", f"almanac-{key}.svg")
    raise Http404("A card is a PNG or an SVG.")


def _amount(request: HttpRequest, name: str) -> float:
    return amount(request.GET.get(name, ""), name) or 0.0


@require_POST
def look(request: HttpRequest, key: int) -> HttpResponse:
    """Look again: freeze what the model says by now. The guess comes first."""
    activity = activity_or_404(request, key)
    if first_guess(actor_of(request), activity) is None:
        return HttpResponseRedirect(reverse("guess", args=[key]))
    try:
        verbs.freeze_forecast(actor_of(request), activity)
    except AlmanacError as error:
        refused(request, error)
    return back(request, reverse("activity", args=[key]))


@require_http_methods(["GET", "POST"])
def counts(request: HttpRequest, key: int) -> HttpResponse:
    """Say any count there is, before or after."""
    activity = activity_or_404(request, key)
    names = ("seats", "hoped", *COUNTS)
    if request.method == "POST":
        try:
            given = {name: whole(request.POST, name) for name in names if name in request.POST}
            evidence = request.POST.get("evidence", "")
            if evidence not in values(Evidence):
                raise CannotError("Say how attendance was known by one of the choices.")
            if given.get("attended") is not None and not evidence:
                evidence = Evidence.COUNTED
            verbs.say_counts(actor_of(request), activity, given, evidence=evidence)
        except AlmanacError as error:
            context = {"activity": activity, "problem": error, "given": request.POST}
            return render(request, "almanac/turnout/counts.html", context, status=400)
        noted(request)
        return HttpResponseRedirect(reverse("activity", args=[key]))
    return render(request, "almanac/turnout/counts.html", {"activity": activity})


@require_http_methods(["GET", "POST"])
def outcome(request: HttpRequest, key: int) -> HttpResponse:
    """How many came, or that nobody counted; and was it worth it for those who came."""
    activity = activity_or_404(request, key)
    context = {"activity": activity, "asks_worth": preferences.value("asks_worth")}
    if request.method == "GET":
        return render(request, "almanac/turnout/outcome.html", context)
    try:
        evidence = request.POST.get("evidence", "")
        attended = whole(request.POST, "attended")
        if not evidence:
            evidence = Evidence.COUNTED if attended is not None else ""
        if not evidence:
            raise CannotError("How many came? If nobody counted, choose that; 0 means nobody came.")
        given: dict[str, int | None] = {
            name: number
            for name in ("took_part", "submissions")
            if (number := whole(request.POST, name)) is not None
        }
        if evidence in MEASURED:
            given["attended"] = attended
        worth = request.POST.get("worth_it") or None
        verbs.say_counts(actor_of(request), activity, given, evidence=evidence, worth_it=worth)
    except (AlmanacError, ValueError) as error:
        context |= {"problem": error, "given": request.POST}
        return render(request, "almanac/turnout/outcome.html", context, status=400)
    noted(request)
    return back(request, reverse("activity", args=[key]))
