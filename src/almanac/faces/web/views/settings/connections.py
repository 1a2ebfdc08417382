"""What goes out: the calendar feed, mail, reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from almanac.actions.review import mailing
from almanac.actions.workload import calendar_feed
from almanac.actions.workload.time_off import settle_workload
from almanac.answers.log.calendar import coming_reminders
from almanac.core.errors import AlmanacError
from almanac.faces.web.views.requests import actor_of, as_file, refused, said, whole
from almanac.record.queries import private

if TYPE_CHECKING:
    from django.http import HttpRequest

CALENDAR = "text/calendar; charset=utf-8"
REMINDERS = (
    ("due", "what is due, the day before"),
    ("outcome", "an event’s attendance, once it is over"),
    ("mail", "by mail too, once a day"),
)


@require_GET
def feed(_: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a private address; whoever has the address may read it."""
    made = calendar_feed.feed_of(token)
    if made is None:
        raise Http404("There is no such calendar.")
    return HttpResponse(made, content_type=CALENDAR)


@require_GET
def calendar_file(request: HttpRequest) -> HttpResponse:
    return as_file(calendar_feed.calendar(actor_of(request)), CALENDAR, "almanac.ics")


@require_POST
def feed_change(request: HttpRequest) -> HttpResponse:
    """A new address, shown once, or none any more."""
    actor = actor_of(request)
    if request.POST.get("do") == "close":
        calendar_feed.close_feed(actor)
        said(request, "The calendar’s address shows nothing any more")
    else:
        address = reverse("calendar-feed", args=[calendar_feed.open_feed(actor)])
        return render(
            request, "almanac/plan/feed.html", {"address": request.build_absolute_uri(address)}
        )
    return HttpResponseRedirect(reverse("settings") + "#calendar")


@require_POST
def mail_change(request: HttpRequest) -> HttpResponse:
    """The mail server, and a message to try it."""
    actor, given = actor_of(request), request.POST
    try:
        if given.get("do") == "try":
            to = mailing.send(actor, "Almanac: a test", "Mail works.\n", what="a test")
            said(request, f"Sent to {to}")
        else:
            values = {name: given.get(name, "") for name in mailing.FIELDS}
            mailing.set_up_mail(actor, **values | {"port": whole(given, "port")})
            said(request, "Saved")
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("settings") + "#mail")


@require_POST
def reminders_change(request: HttpRequest) -> HttpResponse:
    chosen = [name for name, _ in REMINDERS if name in request.POST.getlist("reminders")]
    try:
        settle_workload(actor_of(request), reminders=chosen)
        by_mail = "mail" in chosen and mailing.mailbox(actor_of(request)) is None
        said(request, "Saved. Mail goes out once a server is set up below" if by_mail else "Saved")
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("settings") + "#reminders")


@require_GET
def reminders(request: HttpRequest) -> HttpResponse:
    """What an open page reminds of, asked every ten minutes."""
    return render(
        request, "almanac/parts/reminders.html", {"found": coming_reminders(actor_of(request))}
    )


def connections() -> dict[str, object]:
    """What the settings page shows of them; a password is never shown again."""
    known = private.value("mail")
    return {
        "feed": bool(private.value("calendar_feed")),
        "mail": {name: value for name, value in known.items() if name != "password"},
        "has_password": bool(known.get("password")),
        "reminders": [
            (name, label, name in private.value("reminders")) for name, label in REMINDERS
        ],
    }
