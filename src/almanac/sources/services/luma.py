"""Luma guest lists, both the `api_id` and the `guest_id` header."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from almanac.sources.base.guests import NAME, GuestColumns, read_guests
from almanac.sources.base.rows import Gathering
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.reading import Table

COLUMNS = GuestColumns(
    name=NAME, status=("approval_status",), came=("checked_in_at",), number=(), beside=(),
    title=("event_name",), day=("event_start_at",), ordered=("created_at",),
)  # fmt: skip


def recognises(table: Table) -> bool:
    keys = set(table.keys)
    return bool(keys & {"api_id", "guest_id"}) and {"approval_status", "name"} <= keys


def read(table: Table, zone: tzinfo) -> Harvest:
    found = Gathering()
    ids = {
        event[1]
        for _, record, _ in table.records()
        if (event := re.search(r"/check-in/(evt-[A-Za-z0-9]+)", record.get("qr_code_url", "")))
    }
    if len(ids) > 1:
        found.remark(f"guests of {len(ids)} events stand in one list; they were read as one")
    harvest = read_guests(table, COLUMNS, LUMA, zone, found)
    lists = tuple(replace(each, event_id=min(ids, default="")) for each in harvest.guest_lists)
    return replace(harvest, guest_lists=lists)


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
