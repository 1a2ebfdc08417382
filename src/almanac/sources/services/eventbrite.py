"""Eventbrite attendee lists: one row for each attendee, so the buyer's e-mail repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.core.vocabulary import GuestState
from almanac.sources.base import cells
from almanac.sources.base.rows import Gathering, GuestList, GuestRow
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.reading import Table

STATES = {
    "": GuestState.SIGNED_UP,
    "attending": GuestState.SIGNED_UP,
    "checked in": GuestState.ATTENDED,
    "checked-in": GuestState.ATTENDED,
    "not attending": GuestState.CANCELLED,
    "cancelled": GuestState.CANCELLED,
    "canceled": GuestState.CANCELLED,
    "deleted": GuestState.CANCELLED,
    "refunded": GuestState.CANCELLED,
    "transferred": GuestState.CANCELLED,
    "waitlist": GuestState.WAITLISTED,
    "waiting": GuestState.WAITLISTED,
    "pending": GuestState.PENDING,
    "no show": GuestState.NO_SHOW,
    "no-show": GuestState.NO_SHOW,
}


def recognises(table: Table) -> bool:
    keys = set(table.keys)
    return bool(keys & {"order #", "order no.", "order id"}) and bool(
        keys & {"attendee status", "attendee #", "attendee no."}
    )


def read(table: Table, zone: tzinfo) -> Harvest:
    found = Gathering()
    guests: list[GuestRow] = []
    titles: set[str] = set()
    style = cells.style_of([record.get("order date", "") for _, record, _ in table.records()])
    for line, record, raw in table.records():
        status = record.get("attendee status", "").strip().lower()
        titles.add(cells.clean(record.get("event name", "")))
        try:
            if status not in STATES:
                raise cells.BadCellError(f"attendee status “{status}” is not one Almanac knows")
            ordered = cells.styled(record.get("order date", ""), style, "order date", zone)
            people = cells.count(record.get("quantity", ""), "quantity")
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
            continue
        if people is not None and people > 1:
            found.remark("an order for several people counts one for each attendee row")
        name = f"{record.get('first name', '')} {record.get('last name', '')}"
        email = cells.clean(record.get("email", ""))
        guests.append(GuestRow(line, cells.person(name), email, STATES[status], ordered))
    titles.discard("")
    return Harvest(
        EVENTBRITE,
        guest_list=GuestList(tuple(guests), title=min(titles, default="")),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=table.header,
    )


EVENTBRITE = Source(
    key="eventbrite",
    title="an Eventbrite attendee list",
    holds=Holds.GUESTS,
    mark="`Order #` and `Attendee Status`",
    becomes="one attendee a row, whoever bought the ticket",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
)
SOURCES = (EVENTBRITE,)
