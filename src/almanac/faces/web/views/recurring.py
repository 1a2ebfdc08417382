"""What repeats: its rule in words, and its occurrences changed or cancelled together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from almanac.actions.activities import write_down
from almanac.actions.capture import REPEATS_EXAMPLE, understand_new_rule, understand_repeats
from almanac.actions.errors import CannotError
from almanac.actions.workload.occurrences import (
    Occurrences,
    cancel_occurrences,
    change_rule,
    skip_days,
)
from almanac.actions.workload.repeating import repeat
from almanac.answers.log.recurring import rule_said
from almanac.answers.workload.time_off import find_break
from almanac.core.errors import AlmanacError
from almanac.faces.web.views.requests import (
    activity_or_404,
    actor_of,
    back,
    day_in,
    noted,
    refused,
    whole,
)
from almanac.record.infra.zones import zone_of
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.http import HttpRequest

    from almanac.actions.activities import NewActivity
    from almanac.record.models import Activity
    from almanac.record.rules import Actor
    from almanac.sources.capture.recurring import Repeats

PREVIEWED = 4


def repeats_in(actor: Actor, given: Mapping[str, str], day: date | None = None) -> Repeats | None:
    """What the field “Repeats” says, from a day on; None where it was left empty."""
    text = given.get("repeats", "").strip()
    return understand_repeats(actor, text, day) if text else None


def planned(actor: Actor, new: NewActivity, given: Mapping[str, str]) -> Activity:
    """Write down a new activity, or the first of those that the form lets repeat."""
    repeats = repeats_in(actor, given, new.day)
    if repeats is None:
        return write_down(actor, [new])[0]
    first = repeats.recurrence.first
    if new.day is not None and new.day != first:
        raise CannotError(
            f"{new.day:%-d %B %Y} is a {new.day:%A}, and it repeats {rule_said(repeats.recurrence)}. "
            f"Choose {first:%-d %B %Y}, or other days."
        )
    return repeat(actor, _at_its_time(new, repeats), repeats.recurrence, skipped=repeats.skipped)[0]


def _at_its_time(new: NewActivity, repeats: Repeats) -> NewActivity:
    """With the time that the rule says, where it says one."""
    at = repeats.clock
    if at is None:
        return new
    zone = zone_of(new.zone or preferences.value("zone"))
    starts = datetime.combine(repeats.recurrence.first, at.begins, at.zone or zone)
    if new.starts_at is not None and new.starts_at != starts:
        raise CannotError(
            f"It starts at {new.starts_at.astimezone(zone):%H:%M}, and the rule says {at.begins:%H:%M}. "
            "Choose one."
        )
    ends = starts + timedelta(minutes=at.minutes) if at.minutes else new.ends_at
    return replace(new, day=repeats.recurrence.first, starts_at=starts, ends_at=ends)


def scope_in(given: Mapping[str, str]) -> Occurrences:
    """Which occurrences a form is for; this one where it does not say."""
    scope = given.get("scope", "")
    return Occurrences(scope) if scope in set(Occurrences) else Occurrences.THIS


@require_GET
def understood(request: HttpRequest) -> HttpResponse:
    """What the field would mean, while it is typed."""
    try:
        found = repeats_in(actor_of(request), request.GET, day_in(request.GET, "day"))
    except AlmanacError as error:
        return render(request, "almanac/plan/repeats.html", {"problem": error})
    context = {}
    if found is not None:
        days = [found.recurrence.first]
        while len(days) < PREVIEWED and (day := found.recurrence.following(days[-1])):
            days.append(day)
        context = {"said": rule_said(found.recurrence), "days": days}
    return render(request, "almanac/plan/repeats.html", context)


@require_POST
def cancel(request: HttpRequest, key: int) -> HttpResponse:
    activity = activity_or_404(request, key)
    try:
        cancel_occurrences(actor_of(request), activity, scope_in(request.POST))
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return back(request, reverse("activity", args=[key]))


@require_POST
def rule(request: HttpRequest, key: int) -> HttpResponse:
    """Another rule from this occurrence on."""
    activity = activity_or_404(request, key)
    try:
        text = request.POST.get("repeats", "").strip()
        if not text:
            raise CannotError(f"Say when it repeats, such as “{REPEATS_EXAMPLE}”.")
        found = understand_new_rule(actor_of(request), activity, text)
        change_rule(
            actor_of(request),
            activity,
            found.recurrence,
            skipped=found.skipped,
            at=found.clock,
            endless=found.endless,
        )
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("activity", args=[key]))


@require_POST
def skip(request: HttpRequest) -> HttpResponse:
    """Cancel every occurrence in a break."""
    actor = actor_of(request)
    found = find_break(actor, whole(request.POST, "break") or 0)
    try:
        if found is None:
            raise CannotError("There is no such time off any more.")
        skip_days(actor, found.first, found.last)
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("time-off"))
