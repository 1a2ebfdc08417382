"""Peers: whom one follows, what their feeds say, and what one takes over from them. Nothing is sent."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import Q

from almanac.actions.activities import NewActivity, create_activity, web_address
from almanac.actions.community.people import meet, new_person
from almanac.actions.errors import CannotError
from almanac.actions.experiments.experiments import try_something
from almanac.actions.metrics import begin_metric
from almanac.actions.playbooks.playbooks import new_version
from almanac.actions.preferences import list_in
from almanac.actions.programs import program_for
from almanac.answers import words
from almanac.answers.log.change_lines import ChangeLine
from almanac.core.errors import AlmanacError
from almanac.core.vocabulary import Kind
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Direction, Measure, Peer, PeerEntry, Person
from almanac.record.queries import preferences
from almanac.sources.apart import Errand, read_apart
from almanac.sources.base import fetching
from almanac.sources.base.documents import Document
from almanac.sources.base.limits import UPLOAD
from almanac.sources.base.reading import text_of
from almanac.sources.base.rows import UnreadableError
from almanac.sources.text.rss import feed_of_page
from almanac.sources.text.shared_file import LONGEST, Shares, read_shared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from almanac.record.models import Activity
    from almanac.record.rules import Actor
    from almanac.sources.base.rows import PostRow
    from almanac.sources.text.shared_file import SharedFile

MOST_BYTES, MOST_ENTRIES, AT_ONCE = 3_000_000, 200, 8
ACCEPT = "application/atom+xml, application/rss+xml, text/html;q=0.8, */*;q=0.5"
TRIES_FOR = timedelta(days=90)
"""An experiment that was taken over is asked about after so long, if nobody says otherwise."""


def follow(actor: Actor, site: str, name: str = "", feed: str = "") -> Peer:
    """Follow somebody's public log, blog or feed by its address. Nothing is fetched yet."""
    rules.require(rules.may_change_record, actor)
    site, feed = (web_address(text) for text in (site, feed))
    if not (site or feed):
        raise CannotError("Where do they write? Enter the address of their site or feed.")
    given = {site, feed} - {""}
    if Peer.objects.filter(Q(site__in=given) | Q(feed__in=given)).exists():
        raise CannotError("You follow this address already.")
    name = " ".join(name.split())[:200] or fetching.host_of(site or feed)
    now = clock.now()
    with verb(actor, "follow") as line:
        peer = Peer.objects.create(
            name=name, site=site, feed=feed, person=Person.objects.filter(name__iexact=name).first(),
            created_at=now, updated_at=now,
        )  # fmt: skip
        line.create(peer)
        line.summary = ChangeLine.PEER()
    return peer


def change_peer(actor: Actor, peer: Peer, *, name: str, site: str, feed: str) -> Peer:
    """Correct a name or an address; a new address is read from its start."""
    rules.require(rules.may_change_record, actor)
    name, site, feed = " ".join(name.split())[:200], web_address(site), web_address(feed)
    if not name:
        raise CannotError("What are they called?")
    if not (site or feed):
        raise CannotError("Where do they write? Enter the address of their site or feed.")
    moved = (site, feed) != (peer.site, peer.feed)
    with verb(actor, "change_peer") as line:
        line.keep(peer, "name", "site", "feed", "etag", "modified", "person_id", "updated_at")
        if name != peer.name:
            peer.person = Person.objects.filter(name__iexact=name).first()
        peer.name, peer.site, peer.feed, peer.updated_at = name, site, feed, clock.now()
        if moved:
            peer.etag = peer.modified = ""
        peer.save()
        line.summary = ChangeLine.PEER_CHANGED()
    return peer


def unfollow(actor: Actor, peer: Peer) -> None:
    """Stop following; what was read of them goes too. This cannot be undone."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "unfollow") as line:
        line.undoable = False
        line.summary = ChangeLine.PEER_REMOVED()
        peer.delete()


def talked_with(
    actor: Actor, peer: Peer, about: str, day: date | None = None, hours: float | None = None
) -> Activity:
    """Time with a peer is work: it is logged, and counts as time with them."""
    rules.require(rules.may_change_record, actor)
    title = " ".join(about.split()) or f"Talked with {peer.name}"
    with verb(actor, "talked_with") as line:
        person = peer.person or Person.objects.filter(name__iexact=peer.name).first()
        person = person or new_person(line, peer.name)
        if peer.person_id != person.pk:
            line.keep(peer, "person_id")
            peer.person = person
            peer.save(update_fields=["person"])
        new = NewActivity(
            title=title, kind=Kind.ENGAGEMENT, day=day or preferences.today(), hours=hours
        )
        activity = create_activity(new, line)
        meet(line, person, activity)
        line.summary = ChangeLine.LOGGED(title=activity.title)
    return activity


# Reading


@dataclass(frozen=True, slots=True)
class _Look:
    """What one peer's address gave: posts, or None where it has not changed; or the problem."""

    feed: str
    posts: tuple[PostRow, ...] | None = None
    etag: str = ""
    modified: str = ""
    problem: str = ""


def read_peers(actor: Actor, peers: Sequence[Peer]) -> int:
    """Fetch what peers wrote, several at once; how many entries are new. What went wrong with one is kept
    beside it, and the others are read."""
    rules.require(rules.may_change_record, actor)
    zone, now = preferences.zone(), clock.now()

    def look(peer: Peer) -> _Look:
        try:
            return _fetched(peer, Errand((), zone, now))
        except AlmanacError as error:
            return _Look(peer.feed, problem=str(error)[:300])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        looks = list(pool.map(look, peers))
    with verb(actor, "read_peers") as line:
        number = sum(_take(peer, found) for peer, found in zip(peers, looks, strict=True))
        line.undoable = not number
        line.summary = ChangeLine.PEERS_READ(
            entries=words.counted(number, "new entry", "new entries")
        )
    return number


def _fetched(peer: Peer, errand: Errand) -> _Look:
    feed = peer.feed or _feed_of(peer.site)
    got = fetching.fetch(
        feed, etag=peer.etag, modified=peer.modified, accept=ACCEPT, most=MOST_BYTES
    )
    if got is None:
        return _Look(feed)
    with tempfile.TemporaryDirectory(prefix="almanac-") as folder:
        file = Path(folder) / "feed.xml"
        file.write_bytes(got.data)
        name = fetching.host_of(feed)
        errand = Errand(((name, file),), errand.zone, errand.now)
        outcome = next(iter(read_apart(errand, UPLOAD)), None)
    if outcome is None or outcome.harvest is None or outcome.harvest.source.key != "feed":
        raise UnreadableError(f"{name} has no feed at {feed}; enter the address of its feed.")
    if outcome.harvest.rejected and not outcome.harvest.posts:
        first = outcome.harvest.rejected[0]
        raise UnreadableError(
            f"Nothing in the feed of {name} can be read: the first entry {first.reason}."
        )
    return _Look(feed, outcome.harvest.posts[:MOST_ENTRIES], got.etag, got.modified)


def _feed_of(site: str) -> str:
    """The feed a site names, or its own address where that is one."""
    got = fetching.fetch(site, accept=ACCEPT, most=MOST_BYTES)
    page = text_of(Document("page", got.data))[0] if got else ""
    if page.lstrip()[:5].lower() in {"<?xml", "<rss ", "<feed"}:
        return site
    found = feed_of_page(page, site)
    if not found:
        raise UnreadableError(
            f"{fetching.host_of(site)} names no feed; enter the address of its feed."
        )
    return fetching.checked(found)


def _take(peer: Peer, found: _Look) -> int:
    peer.fetched_at, peer.problem = clock.now(), found.problem
    number = 0
    if not found.problem:
        peer.feed = found.feed
    if found.posts is not None and not found.problem:
        peer.etag, peer.modified = found.etag, found.modified
        number = len(_entries(peer, found.posts))
    peer.save(update_fields=["feed", "fetched_at", "problem", "etag", "modified"])
    return number


def _entries(peer: Peer, posts: Sequence[PostRow]) -> list[PeerEntry]:
    known = set(peer.entries.values_list("key", flat=True))
    new = {}
    for post in posts:
        key = sha256((post.url or f"{post.title}|{post.day}").encode()).hexdigest()
        if key not in known:
            new[key] = PeerEntry(
                peer=peer, key=key, title=post.title[:300], summary=post.notes,
                link=post.url[:1000], day=post.day, seen_at=clock.now(),
            )  # fmt: skip
    return PeerEntry.objects.bulk_create(new.values(), batch_size=500)


def mark_read(actor: Actor, entries: Sequence[PeerEntry]) -> int:
    """Mark entries as read; how many were not."""
    rules.require(rules.may_change_record, actor)
    unread = [entry for entry in entries if not entry.is_read]
    if not unread:
        return 0
    with verb(actor, "mark_read") as line:
        for entry in unread:
            line.keep(entry, "is_read")
            entry.is_read = True
        PeerEntry.objects.bulk_update(unread, ["is_read"], batch_size=500)
        line.summary = ChangeLine.PEERS_MARKED(
            entries=words.counted(len(unread), "entry", "entries")
        )
    return len(unread)


# Taking over, and sharing


def fetched_file(actor: Actor, address: str) -> tuple[str, str]:
    """The name and the text of a shared file on the web."""
    rules.require(rules.may_change_record, actor)
    got = fetching.fetch(web_address(address), accept="text/markdown, */*;q=0.5", most=LONGEST * 4)
    name = address.rstrip("/").rpartition("/")[2]
    return name, text_of(Document(name, got.data))[0] if got else ""


def take_over(actor: Actor, name: str, text: str, program: str = "") -> tuple[Shares, int]:
    """Take over a shared file, with its source named: a playbook becomes the newest version of a program's,
    a metric is begun, a finding becomes an experiment of one's own. What it became, and its number."""
    rules.require(rules.may_change_record, actor)
    found = read_shared(name, text)
    source = _source(found)
    if found.kind is Shares.PLAYBOOK:
        if not program.strip():
            raise CannotError("For which program? A playbook belongs to one.")
        with verb(actor, "take_over") as line:
            version = new_version(
                program_for(program, line), found.text, f"Taken over from {source}", line
            )
            line.summary = ChangeLine.PLAYBOOK(program=version.program.name, number=version.number)
        return found.kind, version.program_id
    if found.kind is Shares.METRIC:
        measure, direction = found.fields.get("measure", ""), found.fields.get("direction", "")
        metric = begin_metric(
            actor, found.title,
            definition=f"{found.fields.get('definition') or found.text} (Taken over from {source})",
            formula=found.fields.get("formula", ""), program=program,
            unit=found.fields.get("unit", "")[:40],
            measure=measure if measure in Measure.values else Measure.FLOW,
            direction=direction if direction in Direction.values else Direction.UP,
        )  # fmt: skip
        return found.kind, metric.pk
    experiment = try_something(
        actor, found.title, f"{source} tried it: {found.fields.get('happened') or found.text}"[:600],
        found.fields.get("worked_if") or "it does here too", preferences.today() + TRIES_FOR,
        topic=found.fields.get("topic", ""), program=program,
    )  # fmt: skip
    return found.kind, experiment.pk


def _source(found: SharedFile) -> str:
    name = found.source or "somebody who did not say who they are"
    return f"{name}, {found.link}" if found.link else name


def show_file(actor: Actor, key: str, title: str, *, public: bool) -> None:
    """Let a playbook, finding or metric stand in the public log as a file, or take it out. key: its kind
    and number, “playbook-3”."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "show_file") as line:
        list_in("public_files", key, line, listed=public)
        line.summary = (ChangeLine.FILE_PUBLIC if public else ChangeLine.FILE_PRIVATE)(title=title)
