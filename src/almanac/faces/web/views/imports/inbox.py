"""The inbox, and what hangs on an activity."""

from __future__ import annotations

from base64 import b64decode
from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from almanac.actions.errors import CannotError
from almanac.actions.imports import inbox as verbs
from almanac.answers.log.inbox import find_attachment, inbox_folder, nearest_activities, waiting
from almanac.answers.log.logbook import search_activities
from almanac.core.errors import AlmanacError
from almanac.faces.web.views.requests import (
    activity_or_404,
    actor_of,
    back,
    brought_in,
    day_in,
    noted,
    refused,
    said,
)
from almanac.record.queries import preferences, private

if TYPE_CHECKING:
    from django.http import HttpRequest

    from almanac.record.models import Activity
    from almanac.record.rules import Actor

WEEK = timedelta(days=7)
LARGEST_UPLOAD = 6_000_000
MOST_NAMED = 5


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    context = {
        "inbox": waiting(actor_of(request)),
        "nearest": nearest_activities(actor_of(request)),
        "folder": inbox_folder(),
        "own": private.value("inbox"),
        "next_week": preferences.today() + WEEK,
    }
    return render(request, "almanac/plan/inbox.html", context)


@require_POST
def file(request: HttpRequest, sha256: str) -> HttpResponse:
    """What becomes of one file."""
    actor, given = actor_of(request), request.POST
    try:
        wanted = given.get("do", "")
        if wanted == "log":
            verbs.log_file(actor, sha256)
        elif wanted == "quote":
            verbs.quote_file(actor, sha256, given.get("text", ""), given.get("who", ""))
        elif wanted == "follow":
            verbs.follow_up(actor, sha256, day_in(given, "day") or preferences.today() + WEEK)
        elif wanted == "attach":
            verbs.attach_file(actor, sha256, _meant(actor, given.get("to", "")))
        elif wanted == "delete":
            verbs.delete_file(actor, sha256)
        else:
            raise CannotError("Choose what becomes of the file.")
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return back(request, reverse("inbox"))


def _meant(actor: Actor, text: str) -> Activity:
    found = search_activities(actor, text, MOST_NAMED) if text.strip() else []
    if len(found) > 1:
        named = "; ".join(f"{row.pk}, {row.title[:60]}" for row in found)
        raise CannotError(f"“{text[:60]}” fits more than one activity. Give its number: {named}.")
    if not found:
        raise CannotError(f"No activity is called “{text[:60]}”; choose one from the list.")
    return found[0]


@require_POST
def folder(request: HttpRequest) -> HttpResponse:
    try:
        verbs.use_folder(actor_of(request), request.POST.get("folder", ""))
        said(request, "Saved")
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("inbox"))


@require_POST
def attach(request: HttpRequest, key: int) -> HttpResponse:
    """Attach an upload, or delete an attachment."""
    activity, actor = activity_or_404(request, key), actor_of(request)
    try:
        number = request.POST.get("delete", "")
        if number.isascii() and number.isdecimal() and len(number) < 16:
            row = find_attachment(actor, int(number))
            if row is None or row.activity_id != activity.pk:
                raise CannotError("There is no such attachment any more.")
            verbs.detach(actor, row)
        else:
            upload = request.FILES.get("file")
            if upload is None:
                raise CannotError("Choose a picture or a PDF.")
            if (upload.size or 0) > LARGEST_UPLOAD:
                raise CannotError("A picture can be 2 MB and a PDF 5 MB at most.")
            verbs.attach(actor, activity, upload.name or "attachment", bytes(upload.read()))
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("activity", args=[key]) + "#attachments")


@require_GET
def attachment(request: HttpRequest, key: int) -> HttpResponse:
    """The file itself: a picture to look at, a PDF to download, nothing that runs."""
    row = find_attachment(actor_of(request), key)
    if row is None or row.media_type not in verbs.SHOWN:
        raise Http404("There is no such attachment.")
    save_as = f"attachment-{row.pk}.pdf" if row.media_type == verbs.PDF else ""
    return brought_in(b64decode(row.content), row.media_type, save_as)
