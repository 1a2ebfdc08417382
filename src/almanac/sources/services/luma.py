"""Luma guest lists, both the `api_id` and the `guest_id` header."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from almanac.core.vocabulary import GuestState
from almanac.sources.base import cells
from almanac.sources.base.rows import Gathering, GuestList, GuestRow
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.reading import Table

STATES = {
    "approved": GuestState.SIGNED_UP,
    "going": GuestState.SIGNED_UP,
    "pending_approval": GuestState.PENDING,
    "invited": GuestState.INVITED,
    "declined": GuestState.DECLINED,
    "waitlist": GuestState.WAITLISTED,
    "rejected": GuestState.DECLINED,
}


def recognises(table: Table) -> bool:
    keys = table.keys
    return (
        bool(keys)
        and keys[0] in {"api_id", "guest_id"}
        and {"approval_status", "name"} <= set(keys)
    )


def read(table: Table, zone: tzinfo) -> Harvest:
    found = Gathering()
    guests: list[GuestRow] = []
    event_ids: set[str] = set()
    for line, record, raw in table.records():
        event = re.search(r"/check-in/(evt-[A-Za-z0-9]+)", record.get("qr_code_url", ""))
        if event:
            event_ids.add(event.group(1))
        status = record.get("approval_status", "").strip().lower()
        try:
            state = STATES.get(status)
            if state is None:
                raise cells.BadCellError(
                    f"approval_status is “{status}”; Almanac knows {', '.join(STATES)}"
                )
            if state == GuestState.SIGNED_UP and record.get("checked_in_at", "").strip():
                state = GuestState.ATTENDED
            signed_up_at = cells.moment(record.get("created_at", ""), "created_at", zone)
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
            continue
        name = record.get("name", "").strip() or " ".join(
            part for part in (record.get("first_name", ""), record.get("last_name", "")) if part
        )
        guests.append(
            GuestRow(
                line, cells.person(name), cells.clean(record.get("email", "")), state, signed_up_at
            )
        )
    if len(event_ids) > 1:
        found.remark(f"guests of {len(event_ids)} events stand in one list; they were read as one")
    return Harvest(
        LUMA,
        guest_list=GuestList(tuple(guests), event_id=min(event_ids, default="")),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=table.header,
    )


LUMA = Source(
    key="luma",
    title="a Luma guest list",
    holds=Holds.GUESTS,
    mark="begins with `api_id` or `guest_id`",
    becomes="counts: approved, pending, invited, declined and waitlisted apart",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
)
SOURCES = (LUMA,)
