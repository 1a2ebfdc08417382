"""Luma guest lists, both the `api_id` and the `guest_id` header."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from almanac.sources.base.guests import NAME, GuestColumns, read_guests
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.reading import Table


def event_of(record: dict[str, str]) -> str:
    """The id of the event a row's QR code lets in to."""
    event = re.search(r"/check-in/(evt-[A-Za-z0-9]+)", record.get("qr_code_url", ""))
    return event[1] if event else ""


COLUMNS = GuestColumns(
    name=NAME, status=("approval_status",), came=("checked_in_at",), number=(), beside=(),
    title=("event_name",), day=("event_start_at",), ordered=("created_at",), event_of=event_of,
)  # fmt: skip


def recognises(table: Table) -> bool:
    keys = set(table.keys)
    return bool(keys & {"api_id", "guest_id"}) and {"approval_status", "name"} <= keys


def read(table: Table, zone: tzinfo) -> Harvest:
    return read_guests(table, COLUMNS, LUMA, zone)


LUMA = Source(
    key="luma",
    title="a Luma guest list",
    holds=Holds.GUESTS,
    mark="`api_id` or `guest_id` beside `approval_status`",
    becomes="counts: approved, pending, invited, declined and waitlisted apart; a check-in counts as having come",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
)
SOURCES = (LUMA,)
