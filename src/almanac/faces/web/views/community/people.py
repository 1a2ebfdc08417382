"""People: everybody, one of them, and who may be the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions.community import people as verbs
from almanac.actions.errors import CannotError
from almanac.answers.community.feedback import feedback_of
from almanac.answers.community.one_to_ones import one_to_ones
from almanac.answers.community.people import (
    Presence,
    encounters_of,
    find_person,
    follow_ups,
    identities_of,
    key_of,
    may_be_same,
    people_called,
    token_of,
)
from almanac.answers.community.places import hours_with, places
from almanac.answers.community.quotes import quotes_of
from almanac.answers.community.returning import first_steps, presences
from almanac.answers.log.logbook import activities_called
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
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from almanac.answers.community.people import KnownPerson
    from almanac.record.models import Person

PAGE, MOST_ASKED = 50, 20
COUNTED = (Presence.FIRST, Presence.CAME_BACK, Presence.REGULAR, Presence.MISSING, Presence.NEVER)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    actor, words = actor_of(request), request.GET.get("words", "")
    wanted = request.GET.get("presence", "")
    found = people_called(actor, words)
    if wanted in set(Presence):
        found = [each for each in found if each.presence == wanted]
    number = page_number(request)
    start = (number - 1) * PAGE
    together, *each = presences(actor)
    context = {
        "people": found[start : start + PAGE],
        "page": number,
        "more": len(found) > start + PAGE,
        "words": words,
        "presence": wanted,
        "presences": list(Presence),
        "together": together,
        "shown": [(name, together.counts[name]) for name in COUNTED if together.counts[name]],
        "programs": [(row.program, [(name, row.counts[name]) for name in COUNTED]) for row in each],
        "steps": first_steps(actor),
        "places": places(actor),
        "talks": one_to_ones(actor),
        "due": [_with_token(card) for card in follow_ups(actor, preferences.today())],
    }
    return render(request, "almanac/community/people.html", context)


def _with_token(card: Person) -> dict[str, Any]:
    return {"token": token_of(identities_of(card)[0]), "name": card.name, "card": card}


def _known(request: HttpRequest, token: str) -> KnownPerson:
    found = find_person(actor_of(request), token)
    if found is None:
        raise Http404("There is no such person.")
    return found


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {
        "action": reverse("new-person"), "card": None, "name": "", "handles": "",
    }  # fmt: skip
    if request.method == "POST":
        try:
            card = verbs.note_person(actor_of(request), **_fields(request.POST))
        except AlmanacError as error:
            refused(request, error)
            return HttpResponseRedirect(reverse("new-person"))
        noted(request)
        return HttpResponseRedirect(_address(card))
    return render(request, "almanac/community/new_person.html", context)


def _fields(given: Mapping[str, str]) -> dict[str, Any]:
    texts = ("name", "handles", "met_at", "asked_for", "follow_up")
    fields: dict[str, Any] = {name: given.get(name, "").strip() for name in texts}
    return fields | {
        "notes": given.get("notes", "").strip(),
        "met_on": day_in(given, "met_on"),
        "follow_up_on": day_in(given, "follow_up_on"),
        "is_team": given.get("is_team") == "1",
    }


def _address(card: Person) -> str:
    return reverse("person", args=[token_of(identities_of(card)[0])])


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, token: str) -> HttpResponse:
    found = _known(request, token)
    if request.method == "POST":
        return _change(request, found)
    actor = actor_of(request)
    came = {visit.activity_id: visit.came for visit in found.visits}
    rows = {row.pk: row for row in activities_called(actor, [*came, *found.requests], most=500)}
    context = {
        "person": found,
        "card": found.card,
        "name": found.name,
        "handles": " ".join(found.handles),
        "action": reverse("person", args=[found.token]),
        "visits": [(rows[key], came[key]) for key in reversed(came) if key in rows],
        "requests": [rows[key] for key in found.requests if key in rows],
        "encounters": encounters_of(actor, found),
        "feedback": feedback_of(actor, found),
        "hours": hours_with(actor, found),
        "quotes": quotes_of(actor, found.quotes),
        "identities": _identities(found),
    }
    return render(request, "almanac/community/person.html", context)


def _identities(found: KnownPerson) -> list[tuple[str, str]]:
    """Each address or login, without the names they went by before."""
    return [
        (token_of(each), each.email or each.handle or "by name alone") for each in found.identities
    ]


def _change(request: HttpRequest, found: KnownPerson) -> HttpResponse:
    actor, given = actor_of(request), request.POST
    try:
        if given.get("do") == "delete" and found.card is not None:
            verbs.forget_person(actor, found.card)
            said(request, "Deleted")
            return HttpResponseRedirect(reverse("people"))
        card = verbs.card_of(actor, found)
        if given.get("do") == "done":
            verbs.follow_up_later(actor, card, None)
        else:
            card = verbs.change_person(actor, card, **_fields(given))
        noted(request)
    except AlmanacError as error:
        refused(request, error)
        return HttpResponseRedirect(reverse("person", args=[found.token]))
    return back(request, _address(card))


@require_POST
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Two people are one: somebody else by their name or address."""
    found, actor = _known(request, token), actor_of(request)
    wanted = request.POST.get("other", "")
    others = [each for each in people_called(actor, wanted) if each.token != found.token]
    try:
        if not wanted.strip() or not others:
            raise CannotError(f"Nobody else is called “{wanted[:60]}”.")
        if len(others) > 1:
            raise CannotError(f"“{wanted[:60]}” fits {len(others)} people; write a whole address.")
        found = verbs.merge(actor, found.token, others[0].token)
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("person", args=[found.token]))


@require_POST
def split(request: HttpRequest, token: str) -> HttpResponse:
    found = _known(request, token)
    try:
        key = key_of(actor_of(request), request.POST.get("key", ""))
        verbs.split(actor_of(request), found.token, key)
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("person", args=[token]))


@require_http_methods(["GET", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """Pairs that are alike, to be answered one after another."""
    actor, given = actor_of(request), request.POST
    if request.method == "POST":
        answer = verbs.say_same if given.get("same") == "yes" else verbs.say_apart
        first, second = (key_of(actor, given.get(name, "")) for name in ("first", "second"))
        try:
            answer(actor, first, second, given.get("evidence", ""))
            noted(request)
        except AlmanacError as error:
            refused(request, error)
        return HttpResponseRedirect(reverse("same-person"))
    found = may_be_same(actor)
    context = {"queue": found[:MOST_ASKED], "number": len(found)}
    return render(request, "almanac/community/same_person.html", context)
