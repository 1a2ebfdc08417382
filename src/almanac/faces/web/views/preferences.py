"""Settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from almanac.actions import preferences
from almanac.core.errors import AlmanacError
from almanac.faces.web.forms import PreferencesForm
from almanac.faces.web.views.requests import (
    actor_of,
    back,
    said,
)
from almanac.record.infra import sessions
from almanac.record.queries import preferences as settings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# Programs


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
            said(request, "Saved")
            return back(request, reverse("settings"))
    return render(
        request,
        "almanac/settings.html",
        {"form": form, "sessions": sessions.running(), "mine": request.session},
        status=400 if form.errors else 200,
    )
