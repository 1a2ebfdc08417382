"""Ticket shops: Eventbrite, Bevy, Tito, pretix and Meetup's attendee list. A declaration each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from almanac.sources.base.guests import GuestColumns, is_people, read_guests
from almanac.sources.base.source import Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.reading import Table
    from almanac.sources.base.source import Harvest

ORDER = frozenset(
    {
        "order #",
        "order no.",
        "order id",
        "order number",
        "bestellnr.",
        "bestellnummer",
        "n° de commande",
        "numéro de commande",
        "n.º de pedido",
        "número de pedido",
    }
)


def _eventbrite(table: Table) -> bool:
    keys = set(table.keys)
    shop = keys & {
        "attendee status",
        "attendee #",
        "attendee no.",
        "ticket type",
        "quantity",
        "total paid",
        "tickettyp",
        "ticketart",
        "teilnehmerstatus",
        "anzahl",
        "type de billet",
        "tipo de entrada",
        "quantité",
        "cantidad",
    }
    return bool(keys & ORDER) and bool(shop) and not _bevy(table)


def _bevy(table: Table) -> bool:
    return {"order number", "ticket number", "checkin date (utc)"} <= set(table.keys)


def _tito(table: Table) -> bool:
    keys = set(table.keys)
    return bool(keys & {"ticket reference", "ticket slug", "unique ticket url"}) and bool(
        keys & {"ticket full name", "ticket email", "ticket first name"}
    )


def _pretix(table: Table) -> bool:
    keys = set(table.keys)
    return "order code" in keys and bool(
        keys & {"product", "attendee name", "position id", "event date"}
    )


def _meetup(table: Table) -> bool:
    return {"user id", "rsvp"} <= set(table.keys) or {"member id", "rsvp"} <= set(table.keys)


def _forms(table: Table) -> bool:
    """Answers to a Google form begin with the moment they were given."""
    keys = table.keys
    return bool(keys) and keys[0] in FORMS and len(keys) > 2 and is_people(keys)


def _reader(source_key: str, columns: GuestColumns, table: Table, zone: tzinfo) -> Harvest:
    source = next(source for source in SOURCES if source.key == source_key)
    return read_guests(table, columns, source, zone)


EVENTBRITE_COLUMNS = GuestColumns(
    day=("event start date", "event start date & time", "date attending", "event date"),
    per_ticket=True,
)
BEVY_COLUMNS = GuestColumns(
    came=("checkin date (utc)",), status=("ticket status",), per_ticket=True
)
TITO_COLUMNS = GuestColumns(
    name=("ticket full name", "name"), email=("ticket email", "email"), status=("ticket status", "void status", "order status"),
    title=("event",), came=("checked in", "checked in at", "check-ins"), per_ticket=True,
)  # fmt: skip
PRETIX_COLUMNS = GuestColumns(
    name=("attendee name",), status=("status", "order status"), title=("event", "event name"),
    day=("event date", "event start date", "date"), per_ticket=True,
)  # fmt: skip
MEETUP_COLUMNS = GuestColumns(
    status=("rsvp",),
    ordered=("rsvped on",),
    number=(),
    came=("attended", "attendance"),
    member=("user id", "member id"),
)

FORMS = frozenset(
    {"timestamp", "zeitstempel", "horodateur", "marca temporal", "carimbo de data/hora"}
)
FORMS_COLUMNS = GuestColumns(
    status=("status",), title=(), ordered=tuple(FORMS), came=("attended", "checked in")
)

SOURCES = (
    Source(
        key="google-forms",
        title="answers to a Google form",
        holds=Holds.GUESTS,
        mark="`Timestamp` first, beside e-mail addresses or names",
        becomes="sign-ups of the event the file is called after; a “how did you hear” question is counted instead",
        reads=Reads.TABLE,
        recognises=_forms,
        read=partial(_reader, "google-forms", FORMS_COLUMNS),
        general=2,
    ),
    Source(
        key="bevy",
        title="a Bevy attendee list",
        holds=Holds.GUESTS,
        mark="`Ticket number` and `Checkin Date (UTC)`",
        becomes="counts; masked addresses are left out",
        reads=Reads.TABLE,
        recognises=_bevy,
        read=partial(_reader, "bevy", BEVY_COLUMNS),
    ),
    Source(
        key="eventbrite",
        title="an Eventbrite list of attendees or orders",
        holds=Holds.GUESTS,
        mark="`Order #` beside `Attendee Status`, `Ticket Type` or `Quantity`",
        becomes="an event for each that is named; tickets count, refunded and cancelled ones apart",
        reads=Reads.TABLE,
        recognises=_eventbrite,
        read=partial(_reader, "eventbrite", EVENTBRITE_COLUMNS),
    ),
    Source(
        key="tito",
        title="a Tito attendee list",
        holds=Holds.GUESTS,
        mark="`Ticket Reference` beside `Ticket Full Name` or `Ticket Email`",
        becomes="counts; void tickets apart",
        reads=Reads.TABLE,
        recognises=_tito,
        read=partial(_reader, "tito", TITO_COLUMNS),
    ),
    Source(
        key="pretix",
        title="a pretix list of orders",
        holds=Holds.GUESTS,
        mark="`Order code` beside `Product` or `Attendee name`",
        becomes="counts by event date; cancelled orders apart, checked in is having come",
        reads=Reads.TABLE,
        recognises=_pretix,
        read=partial(_reader, "pretix", PRETIX_COLUMNS),
    ),
    Source(
        key="meetup-attendees",
        title="a Meetup attendee list",
        holds=Holds.GUESTS,
        mark="`User ID` beside `RSVP`, also as TSV called .xls",
        becomes="counts; guests that members bring are added",
        reads=Reads.TABLE,
        recognises=_meetup,
        read=partial(_reader, "meetup-attendees", MEETUP_COLUMNS),
    ),
)
