"""Writing a line down: what it is understood as, corrections, and the saving."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from almanac.actions.capture import Correction, capture, corrected, understand
from almanac.actions.errors import CannotError
from almanac.actions.preferences import prefer
from almanac.answers.log import logbook
from almanac.answers.log.captured import COUNT_WORDS, other_facts
from almanac.answers.log.filing import suggested_program
from almanac.answers.log.recurring import rule_said
from almanac.answers.log.repeated import written_a_moment_ago
from almanac.core.errors import AlmanacError
from almanac.core.vocabulary import PEOPLE_COUNTS, Kind, Status, choices, values
from almanac.faces.web.views.requests import actor_of, back, noted, said

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from almanac.record.models import Activity
    from almanac.sources.capture.line import Captured

LARGEST_DIGITS = 8


@require_http_methods(["GET", "POST"])
def capture_page(request: HttpRequest) -> HttpResponse:
    """One line is saved at once; several are shown first."""
    text = request.POST.get("text", "")
    program = request.POST.get("program", "")
    programs = logbook.program_names(actor_of(request))
    context: dict[str, Any] = {"text": text, "program": program, "programs": programs}
    if request.method == "GET":
        return render(request, "almanac/activities/capture.html", context)
    try:
        if request.POST.get("date_order"):
            prefer(actor_of(request), date_order=request.POST["date_order"])
        read, unread = understand(actor_of(request), text)
        several = len(read) + len(unread) > 1
        quote = read[0].quote if read and not several else None
        if unread or ((several or quote) and "confirmed" not in request.POST):
            context |= {
                "read": read,
                "unread": unread,
                "quote": quote_form(read[0], program) if quote else "",
            }
            return render(request, "almanac/activities/capture.html", context)
        # Corrections belong to the text they were made for; it may have been typed on since.
        if not several and request.POST.get("read_of") == read[0].text:
            read = [corrected(read[0], _correction(request.POST, read[0]))]
        before = written_a_moment_ago(actor_of(request), read, program)
        made = before or capture(actor_of(request), read, program)
    except AlmanacError as error:
        return render(
            request, "almanac/activities/capture.html", context | {"problem": error}, status=400
        )
    if before:
        said(request, "Already saved within the last minute, so it was not saved twice")
        return back(request, reverse("today"))
    return _saved(request, made)


def _saved(request: HttpRequest, made: list[Activity]) -> HttpResponse:
    if len(made) > 1 and made[0].repeating is None:
        noted(request)
        return HttpResponseRedirect(reverse("log"))
    activity = made[0]
    unclear = ", ".join(activity.not_understood)
    noted(request, f"Not understood: {unclear}" if unclear else "")
    # An event ahead is opened, because the next thing to do with it is to guess; so is a line of
    # which something was not understood.
    ahead = activity.is_gathering and activity.status == Status.PLANNED
    if ahead or unclear:
        return HttpResponseRedirect(reverse("activity", args=[activity.pk]))
    return back(request, reverse("today"))


def _correction(given: QueryDict, item: Captured) -> Correction:
    """What the chips say. Raises CannotError for what no chip offers."""
    kind, status = given.get("kind", ""), given.get("status", "")
    if (kind and kind not in values(Kind)) or (status and status not in values(Status)):
        raise CannotError("Choose a kind and a status from the lists.")
    meanings = {
        name: str(given[f"meaning-{name}"]) for name in item.counts if f"meaning-{name}" in given
    }
    extra = {
        str(given[f"extra-{number}"]): number
        for number in loose_numbers(item)
        if given.get(f"extra-{number}") in PEOPLE_COUNTS
    }
    return Correction(
        kind=kind or None, status=status or None, day=_day(given), meanings=meanings, extra=extra
    )


def _day(given: QueryDict) -> date | None:
    said = given.get("day", "")
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise CannotError(f"“{said[:20]}” is not a day; write 2026-03-05.") from error


def loose_numbers(item: Captured) -> list[int]:
    """Whole numbers of a line that were not understood."""
    digits = (re.sub(r"[,. ]", "", text) for text in item.not_understood)
    return [
        int(text)
        for text in digits
        if text.isascii() and text.isdigit() and len(text) <= LARGEST_DIGITS
    ]


def quote_form(item: Captured, program: str = "") -> str:
    """The form of a new quote, filled with what a line says somebody said. program: chosen beside it."""
    quote = item.quote
    if quote is None:
        return ""
    day = item.day.isoformat() if item.day and not item.period else ""
    given = {
        "text": quote.words,
        "who": quote.who,
        "place": quote.beside,
        "day": day,
        "program": item.program or program,
    }
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{reverse('community')}?{query}#new"


@require_GET
def understood(request: HttpRequest) -> HttpResponse:
    """What a line would be saved as, while it is typed; each fact can be corrected."""
    text = request.GET.get("text", "")
    context: dict[str, Any] = {"lines": len([line for line in text.splitlines() if line.strip()])}
    try:
        read, unread = understand(actor_of(request), text) if text.strip() else ([], [])
        context |= {"read": read[:1], "unread": unread[:1]}
    except AlmanacError as error:
        read, context["problem"] = [], error
    if read and context["lines"] == 1:
        item = read[0]
        context |= {
            "kinds": choices(Kind),
            "statuses": choices(Status),
            "meanings": [(name, COUNT_WORDS[name]) for name in PEOPLE_COUNTS],
            "loose_numbers": loose_numbers(item),
            "quote": quote_form(item, request.GET.get("program", "")),
            "repeats": rule_said(item.repeats.recurrence) if item.repeats else "",
            "rest": other_facts(item),
            "near": ""
            if item.program
            else suggested_program(actor_of(request), item.title, item.kind),
        }
    return render(request, "almanac/activities/understood.html", context)
