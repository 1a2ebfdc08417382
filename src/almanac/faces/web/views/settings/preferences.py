"""Settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings as django_settings
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from almanac.actions import preferences
from almanac.actions.workload import time_off
from almanac.core.errors import AlmanacError
from almanac.faces.web.settings_form import PreferencesForm
from almanac.faces.web.views.requests import (
    actor_of,
    back,
    said,
)
from almanac.faces.web.views.settings.connections import connections
from almanac.record.infra import sessions
from almanac.record.queries import preferences as settings
from almanac.record.queries import private

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PRIVATE = ("checks_in", "nudges")
"""Settings that stand in the private file."""


@require_http_methods(["GET", "POST"])
def preferences_page(request: HttpRequest) -> HttpResponse:
    first = settings.everything() | {name: private.value(name) for name in PRIVATE}
    form = PreferencesForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"currency": form.cleaned_data["currency"].upper()}
        own = {name: values.pop(name) for name in PRIVATE}
        for name in ("hours_a_day", "week_start"):
            if values[name] is None:
                del values[name]
        if values.get("hours_a_day", 0.5).is_integer():
            values["hours_a_day"] = int(values["hours_a_day"])
        try:
            preferences.prefer(actor_of(request), **values)
            time_off.settle_workload(actor_of(request), **own)
        except AlmanacError as error:
            form.add_error(None, str(error))
        else:
            said(request, "Saved")
            return back(request, reverse("settings"))
    return render(
        request,
        "almanac/settings.html",
        {
            "form": form,
            "sessions": sessions.running(),
            "mine": request.session,
            "home": django_settings.ALMANAC_HOME,
            "mirror": settings.value("mirror"),
            **connections(),
        },
        status=400 if form.errors else 200,
    )
