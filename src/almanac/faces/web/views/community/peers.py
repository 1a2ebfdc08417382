"""Peers: what they wrote, taking over from them, and sharing one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions.community import peers as verbs
from almanac.actions.errors import CannotError
from almanac.answers.community import peers as answers
from almanac.answers.community.shared_files import shareables, shared_file
from almanac.answers.log.logbook import program_names, today_for
from almanac.core.errors import AlmanacError
from almanac.faces.web.views.requests import (
    actor_of,
    amount,
    brought_in,
    day_in,
    noted,
    page_number,
    refused,
    said,
)
from almanac.record.queries.pages import cut
from almanac.sources.base.documents import Document
from almanac.sources.base.reading import text_of
from almanac.sources.text.shared_file import LONGEST, Shares

if TYPE_CHECKING:
    from django.http import HttpRequest

    from almanac.record.models import Peer

PAGE = 30
BECAME = {Shares.PLAYBOOK: "programs", Shares.FINDING: "experiments", Shares.METRIC: "metrics"}


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Everything they wrote, the unread first kept apart by a mark; and whom one follows."""
    actor = actor_of(request)
    if request.method == "POST":
        return _follow(request)
    unread = request.GET.get("show") != "all"
    rows, more = cut(answers.entries(actor, unread=unread), page_number(request), PAGE)
    context = {
        "peers": answers.peers(actor),
        "entries": rows,
        "unread": unread,
        "page": page_number(request),
        "more": more,
        "files": shareables(actor),
        "programs": program_names(actor),
        "today_iso": today_for(actor).isoformat(),
    }
    return render(request, "almanac/community/peers.html", context)


def _follow(request: HttpRequest) -> HttpResponse:
    actor, given = actor_of(request), request.POST
    try:
        if given.get("do") == "refresh":
            peers = [line.peer for line in answers.peers(actor)]
        else:
            peers = [verbs.follow(actor, given.get("site", ""), given.get("name", ""))]
        number = verbs.read_peers(actor, peers)
        problems = [peer.problem for peer in peers if peer.problem]
        said(request, f"{number:,} new" if number or not problems else problems[0])
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("peers"))


@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    """Mark what is shown as read, one entry or all of them."""
    actor = actor_of(request)
    wanted = request.POST.getlist("entry")
    rows = answers.entries(actor, unread=True)
    if wanted:
        rows = rows.filter(pk__in=[int(key) for key in wanted if key.isdecimal()])
    verbs.mark_read(actor, list(rows))
    noted(request)
    return HttpResponseRedirect(reverse("peers"))


def _peer(request: HttpRequest, key: int) -> Peer:
    found = answers.find_peer(actor_of(request), key)
    if found is None:
        raise Http404("There is no such peer.")
    return found


@require_POST
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Change or unfollow a peer, or log time with them."""
    actor, given, peer = actor_of(request), request.POST, _peer(request, key)
    try:
        if given.get("do") == "unfollow":
            verbs.unfollow(actor, peer)
            said(request, f"You no longer follow {peer.name}")
        elif given.get("do") == "talked":
            verbs.talked_with(
                actor, peer, given.get("about", ""), day_in(given, "day"), amount(given, "hours")
            )
            noted(request)
        else:
            fields = {name: given.get(name, "") for name in ("name", "site", "feed")}
            verbs.change_peer(actor, peer, **fields)
            noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("peers"))


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take over a file, uploaded or at an address."""
    actor, given = actor_of(request), request.POST
    file = request.FILES.get("file")
    try:
        if file is not None:
            if (file.size or 0) > LONGEST * 4:
                raise CannotError(f"{file.name} is too long to take over.")
            name = file.name or "file"
            text = text_of(Document(name, file.read()))[0]
        elif given.get("address", "").strip():
            name, text = verbs.fetched_file(actor, given["address"])
        else:
            raise CannotError("Choose a file, or enter its address.")
        kind, _ = verbs.take_over(actor, name, text, given.get("program", ""))
        noted(request)
        return HttpResponseRedirect(reverse(BECAME[kind]))
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("peers"))


@require_GET
def share(request: HttpRequest, name: str) -> HttpResponse:
    """One of one's own as a file."""
    shared = shared_file(actor_of(request), name)
    if shared is None:
        raise Http404("There is no such file to share.")
    file = f"{shared.kind}-{slugify(shared.title)[:60] or 'shared'}.md"
    return brought_in(shared.write().encode(), "text/markdown; charset=utf-8", save_as=file)


@require_POST
def publish(request: HttpRequest, name: str) -> HttpResponse:
    """Put it into the public log, or take it out."""
    actor = actor_of(request)
    row = next((each for each in shareables(actor) if each.key == name), None)
    if row is None:
        raise Http404("There is no such file to share.")
    verbs.show_file(actor, row.key, row.title, public=request.POST.get("public") == "1")
    noted(request)
    return HttpResponseRedirect(reverse("peers"))
