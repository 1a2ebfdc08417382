"""Activities: a page each, edit, one field in place, drop, bring back, undo."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions import activities as verbs
from almanac.actions.activities import NewActivity
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo as take_back
from almanac.actions.workload.occurrences import Occurrences, change_occurrences
from almanac.answers.guesses.calibration import combined, expected
from almanac.answers.log import logbook
from almanac.answers.log.inbox import attachments_of
from almanac.answers.log.recurring import coming_occurrences, rule_said
from almanac.answers.metrics.content import post_view
from almanac.answers.metrics.working import what_it_took
from almanac.answers.playbooks.playbooks import lessons_to_check, playbook_in_brief
from almanac.answers.turnout.expectation import prospect
from almanac.answers.turnout.losses import losses
from almanac.answers.workload.board import takes
from almanac.answers.workload.time_off import break_during
from almanac.core.errors import AlmanacError
from almanac.core.vocabulary import AHEAD, Kind, Status, values
from almanac.faces.web.forms import ActivityForm
from almanac.faces.web.pictures import funnel
from almanac.faces.web.views.recurring import planned, scope_in
from almanac.faces.web.views.requests import (
    activity_or_404,
    actor_of,
    back,
    noted,
    refused,
    said,
    whole,
)
from almanac.press.share_card import scored_outcome
from almanac.record.models import Activity
from almanac.record.queries import preferences
from almanac.record.rules import Actor

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from almanac.record.models import Change


def _programs(request: HttpRequest) -> list[tuple[str, str]]:
    return logbook.program_names(actor_of(request))


def _address(activity: Activity) -> str:
    return reverse("activity", args=[activity.pk])


def _to(activity: Activity) -> HttpResponse:
    return HttpResponseRedirect(_address(activity))


@require_GET
def page(request: HttpRequest, key: int) -> HttpResponse:
    activity = activity_or_404(request, key)
    found = prospect(actor_of(request), activity)
    reach = whole_or_none(request)
    parts = list(activity.parts.all())
    tap = logbook.energy_of(actor_of(request), activity)
    both = (
        None
        if found.has_begun
        else combined(actor_of(request), activity, found.guess, found.latest)
    )
    main = expected(found.latest, both) if found.latest else None
    context: dict[str, Any] = {
        "activity": activity,
        "prospect": found,
        "together": both,
        "main": main,
        "funnel": funnel(found, main),
        "took": what_it_took(actor_of(request), activity) if found.has_begun else (),
        "losses": None if found.has_begun else losses(actor_of(request), activity.program),
        "alone": found.latest[both.stage] if both and found.latest else None,
        "has_card": scored_outcome(found) is not None,
        "post": post_view(actor_of(request), activity) if activity.kind == Kind.POST else None,
        "tags": activity.tags.all(),
        "links": activity.links.all(),
        "attachments": attachments_of(actor_of(request), activity),
        "guests": activity.guests.count(),
        "tap": tap,
        "asks_energy": tap or found.has_begun or activity.status in {Status.DONE, Status.DOING},
        "parts": parts,
        "takes": takes(activity, parts),
        "playbook": (
            playbook_in_brief(actor_of(request), activity.program)
            if activity.status in AHEAD
            else None
        ),
        "is_ahead": activity.status in AHEAD,
        "time_off": break_during(actor_of(request), activity),
        "run": getattr(activity, "run", None),
        "retro": getattr(activity, "retro", None),
        "lessons": list(activity.lessons.all()) if found.has_begun else [],
        "trials": activity.trials.select_related("experiment"),
        "to_check": lessons_to_check(actor_of(request), activity) if found.has_begun else [],
        "asks_retro": found.has_begun and activity.is_gathering,
        "shows_parts": bool(parts) or activity.status in AHEAD,
        "reach": reach,
        "reaching": main.reaching(reach) if main and reach is not None else "",
        "basis_rows": _basis_rows(actor_of(request), found),
        "repeats": rule_said(activity.repeating.recurrence) if activity.repeating else "",
        "coming": coming_occurrences(actor_of(request), activity),
        "asks_worth": preferences.value("asks_worth"),
        "can_bring_back": activity.status in {Status.DROPPED, Status.DECLINED},
    }
    return render(request, "almanac/activities/activity.html", context)


def whole_or_none(request: HttpRequest) -> int | None:
    try:
        return whole(request.GET, "reach")
    except AlmanacError as error:
        refused(request, error)
        return None


def _basis_rows(actor: Actor, found: Any) -> list[Activity]:
    """The past events a forecast rests on, newest first; the page shows the latest few."""
    if found.latest is None:
        return []
    rows = [key for stage in found.latest.stages for key in stage.basis.rows]
    keys = list(dict.fromkeys(rows))[:200]
    return logbook.activities_called(actor, keys, most=12)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: int) -> HttpResponse:
    activity = activity_or_404(request, key)
    if request.method == "GET":
        return _edit_page(request, ActivityForm.of(activity), activity)
    form = ActivityForm(request.POST, initial=ActivityForm.of(activity).initial)
    if not _changed(request, form, activity):
        return _edit_page(request, form, activity_or_404(request, key), status=400)
    return _to(activity)


@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, key: int, name: str) -> HttpResponse:
    """One field in place: a click on a fact gives its form, saving it gives the page back."""
    activity = activity_or_404(request, key)
    form = ActivityForm.of(activity)
    names = ActivityForm.together(name)
    if not set(names) <= set(form.fields):
        raise Http404("An activity has no such field.")
    if request.method == "POST":
        given = {key: request.POST.get(key, "") for key in names}
        form = ActivityForm({**form.initial, **given}, initial=form.initial)
        if _changed(request, form, activity):
            return HttpResponseRedirect(f"{_address(activity)}#facts")
    context = {
        "activity": activity,
        "name": name,
        "fields": [form[each] for each in names],
        "problems": [text for errors in form.errors.values() for text in errors],
        "programs": _programs(request),
    }
    status = 400 if form.is_bound else 200
    template = "field_form" if request.headers.get("HX-Request") else "field"
    return render(request, f"almanac/activities/{template}.html", context, status=status)


def _changed(request: HttpRequest, form: ActivityForm, activity: Activity) -> bool:
    """Whether the activity was changed as the form says; if not, the form holds the reason."""
    if not form.is_valid():
        return False
    try:
        scope = scope_in(request.POST)
        change = verbs.change_activity
        if activity.repeating is not None and scope is not Occurrences.THIS:
            change = partial(change_occurrences, scope=scope)
        change(
            actor_of(request),
            activity,
            program=form.cleaned_data["program"],
            start=form.start(activity.zone) if form.moves else None,
            tags=form.tag_list,
            links=form.link_list,
            **form.changes(activity),
        )
    except AlmanacError as error:
        form.add_error(None, str(error))
        return False
    noted(request)
    return True


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    zone = preferences.value("zone")
    like = request.GET.get("like", "")
    if request.method == "GET" and like.isascii() and like.isdecimal() and len(like) < 16:
        again = dict(ActivityForm.of(activity_or_404(request, int(like))).initial) | {
            "status": Status.PLANNED,
            **dict.fromkeys(
                ("day", "starts", "ends", "announced", "due", "hours_spent", "cost"), None
            ),
        }
        return _edit_page(request, ActivityForm(initial=again), None)
    if request.method == "GET":
        initial = {
            "kind": request.GET.get("kind", Kind.EVENT),
            "status": Status.PLANNED,
            "program": request.GET.get("program", ""),
            "day": request.GET.get("day", ""),
            "zone": zone,
            "visibility": "private",
        }
        return _edit_page(request, ActivityForm(initial=initial), None)
    form = ActivityForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, form, None, status=400)
    values = form.values(zone)
    starts_at, day, own_zone = form.start(zone)
    try:
        activity = planned(
            actor_of(request),
            NewActivity.of(
                values,
                program=form.cleaned_data["program"],
                day=day,
                starts_at=starts_at,
                zone=own_zone,
                tags=tuple(form.tag_list),
                links=tuple(form.link_list),
            ),
            request.POST,
        )
    except AlmanacError as error:
        form.add_error(None, str(error))
        return _edit_page(request, form, None, status=400)
    noted(request)
    return _to(activity)


def _edit_page(
    request: HttpRequest, form: ActivityForm, activity: Activity | None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "activity": activity,
        "programs": _programs(request),
        "repeats": request.POST.get("repeats", ""),
    }
    return render(request, "almanac/activities/form.html", context, status=status)


@require_POST
def set_status(request: HttpRequest, key: int) -> HttpResponse:
    """Drop, bring back, or move along."""
    activity = activity_or_404(request, key)
    wanted = request.POST.get("status", "")
    actor = actor_of(request)
    try:
        if wanted == "back":
            verbs.bring_back(actor, activity)
        elif wanted in values(Status):
            verbs.set_status(actor, activity, wanted)
    except AlmanacError as error:
        refused(request, error)
    else:
        noted(request)
    return back(request, reverse("activity", args=[key]))


@require_POST
def energy(request: HttpRequest, key: int) -> HttpResponse:
    activity = activity_or_404(request, key)
    choice = request.POST.get("energy")
    if choice in {"gave", "took", "none"}:
        verbs.tap_energy(
            actor_of(request), activity, gave=None if choice == "none" else choice == "gave"
        )
    return back(request, reverse("activity", args=[key]))


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    key = request.POST.get("change", "")
    found = logbook.find_change(actor_of(request), key)
    try:
        if found is None:
            raise CannotError("That line of the change log is not there, so nothing was undone.")
        change = take_back(actor_of(request), found)
    except AlmanacError as error:
        refused(request, error)
    else:
        said(request, f"Undone: {change.summary}")
    if found is not None and _is_page_of(found, request.POST.get("back", "")):
        return redirect("today")
    return back(request, reverse("today"))


def _is_page_of(change: Change, address: str) -> bool:
    """Whether the page at an address is of something the change made, which undoing it took away."""
    try:
        page = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return True
    made = (change.undo or {}).get("created", {}).values()
    return any(key in keys for keys in made for key in page.kwargs.values())
