"""Bevy attendee lists. Masked e-mails are kept out: they collide between people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.core.vocabulary import GuestState
from almanac.sources.base import cells
from almanac.sources.base.rows import Gathering, GuestList, GuestRow
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.reading import Table


def recognises(table: Table) -> bool:
    return {"order number", "ticket number", "checkin date (utc)"} <= set(table.keys)


def read(table: Table, zone: tzinfo) -> Harvest:
    found = Gathering()
    guests: list[GuestRow] = []
    for line, record, raw in table.records():
        try:
            # The cells carry their own offset although the header already says UTC.
            paid = cells.moment(record.get("paid date (utc)", ""), "paid date", zone)
            came = cells.moment(record["checkin date (utc)"], "checkin date", zone)
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
            continue
        email = cells.clean(record.get("email", ""))
        if "*" in email:
            email = ""
            found.remark("masked e-mail addresses were left out; several people share one")
        name = f"{record.get('first name', '')} {record.get('last name', '')}"
        state = GuestState.ATTENDED if came else GuestState.SIGNED_UP
        guests.append(GuestRow(line, cells.person(name), email, state, paid))
    return Harvest(
        BEVY,
        guest_list=GuestList(tuple(guests)),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=table.header,
    )


BEVY = Source(
    key="bevy",
    title="a Bevy attendee list",
    holds=Holds.GUESTS,
    mark="`Ticket number` and `Checkin Date (UTC)`",
    becomes="counts; masked addresses are left out",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
)
SOURCES = (BEVY,)
