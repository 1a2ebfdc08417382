"""Any other list of people. It names no event, so a person does; it is never a table of
events, and no name or address becomes a title.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from almanac.sources.base.guests import EMAIL, GuestColumns, is_people, read_guests
from almanac.sources.base.source import Harvest, Holds, Reads, Source
from almanac.sources.tables import mapped_table

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.reading import Table

COLUMNS = GuestColumns(wants_event=True)


def recognises(table: Table) -> bool:
    """Addresses or names of people, and no events: no title beside a day."""
    if _only_addresses(table) or mapped_table.names_guests(table):
        return True
    if not is_people(table.keys):
        return False
    guess = mapped_table.guess(table)
    has_event = {"title", "day"} <= set(guess.values())
    return not has_event or _one_each(table)


def _one_each(table: Table) -> bool:
    """Whether nearly every row has an address of its own, as guests have."""
    column = next((key for key in table.keys if key in EMAIL), "")
    found = [record.get(column, "").strip().lower() for _, record, _ in table.records()]
    filled = [email for email in found if "@" in email]
    return len(filled) > 1 and len(set(filled)) > 0.9 * len(found)


def _only_addresses(table: Table) -> bool:
    """One column of addresses, with a header or without."""
    cells = [row[0] for _, row in table.rows if row]
    return len(table.header) == 1 and bool(cells) and all("@" in text for text in cells)


def read(table: Table, zone: tzinfo) -> Harvest:
    if _only_addresses(table):
        headless = ((0, table.header),) if "@" in table.header[0] else ()
        table = replace(table, header=("email",), rows=(*headless, *table.rows))
    return read_guests(table, COLUMNS, PEOPLE, zone)


PEOPLE = Source(
    key="people",
    title="a list of people",
    holds=Holds.GUESTS,
    mark="e-mail addresses, or first and last names",
    becomes="counts of the event you name with `--event`",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
    general=4,
)
SOURCES = (PEOPLE,)
