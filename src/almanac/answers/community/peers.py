"""Peers one follows: what they wrote, and the time spent with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from almanac.answers.community.places import hours_together
from almanac.record import rules
from almanac.record.models import Peer, PeerEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from almanac.record.rules import Actor


@dataclass(frozen=True, slots=True)
class PeerLine:
    """A peer with how many entries were not read yet, and the hours spent with them."""

    peer: Peer
    unread: int
    hours: float


def peers(actor: Actor) -> list[PeerLine]:
    """Everybody one follows, by name."""
    rules.require(rules.may_read_private, actor)
    rows = Peer.objects.select_related("person").annotate(
        unread=Count("entries", filter=Q(entries__is_read=False))
    )
    hours = hours_together(actor, [row.person_id for row in rows if row.person_id])
    return [PeerLine(row, row.unread, hours.get(row.person_id or 0, 0.0)) for row in rows]


def find_peer(actor: Actor, key: int) -> Peer | None:
    rules.require(rules.may_read_private, actor)
    return Peer.objects.select_related("person").filter(pk=key).first()


def entries(actor: Actor, peer: Peer | None = None, *, unread: bool = False) -> QuerySet[PeerEntry]:
    """What peers wrote, the latest first."""
    rules.require(rules.may_read_private, actor)
    rows = PeerEntry.objects.select_related("peer")
    if peer is not None:
        rows = rows.filter(peer=peer)
    return rows.filter(is_read=False) if unread else rows
