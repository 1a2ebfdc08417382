"""Feedback and leads: what people need, where it stands, and who is to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from almanac.actions.community import feedback as verbs
from almanac.answers.community import feedback as answers
from almanac.answers.log.logbook import find_activity, program_names, today_for
from almanac.core.errors import AlmanacError
from almanac.faces.web.views.requests import (
    actor_of,
    back,
    day_in,
    noted,
    page_number,
    refused,
    said,
)
from almanac.record.models import FeedbackState, Receiver
from almanac.record.queries.pages import cut

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGE = 50


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "POST":
        return _add(request)
    rows, more = cut(answers.feedback(actor), page_number(request), PAGE)
    context = {
        "rows": [(row, _choices(row.receiver)) for row in rows],
        "counts": answers.feedback_counts(actor),
        "tell": [
            (row, answers.state_said(row.receiver, row.state)) for row in answers.to_tell(actor)
        ],
        "page": page_number(request),
        "more": more,
        "receivers": Receiver.choices,
        "programs": program_names(actor),
        "today_iso": today_for(actor).isoformat(),
    }
    return render(request, "almanac/community/feedback.html", context)


def _choices(receiver: str) -> list[tuple[str, str]]:
    return [(state.value, answers.state_said(receiver, state)) for state in FeedbackState]


def _add(request: HttpRequest) -> HttpResponse:
    actor, given = actor_of(request), request.POST
    key = given.get("activity", "")
    try:
        verbs.note_feedback(
            actor, given.get("text", ""), who=given.get("who", ""),
            receiver=given.get("receiver", Receiver.PRODUCT), ticket=given.get("ticket", ""),
            day=day_in(given, "day"), program=given.get("program", "").strip(),
            activity=find_activity(actor, int(key)) if key.isdecimal() else None,
        )  # fmt: skip
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return back(request, reverse("feedback"))


@require_POST
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Its text, its state, whether they were told; or delete it."""
    actor, given = actor_of(request), request.POST
    row = answers.find_feedback(actor, key)
    if row is None:
        raise Http404("There is no such feedback.")
    try:
        if given.get("do") == "delete":
            verbs.forget_feedback(actor, row)
            said(request, "Deleted")
            return HttpResponseRedirect(reverse("feedback"))
        if given.get("do") == "told":
            verbs.say_told(actor, row)
        else:
            before, fields = row.state, ("text", "who", "ticket", "became")
            texts = {name: given[name] for name in fields if name in given}
            row = verbs.change_feedback(actor, row, **texts)
            state = given.get("state", before)
            if state != before:
                verbs.move_feedback(actor, row, state)
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return back(request, f"{reverse('feedback')}#feedback-{key}")
