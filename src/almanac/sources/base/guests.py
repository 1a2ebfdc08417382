"""Lists of people: who is on one, in which state, counted by person. Every service's list is a
declaration of its columns (GuestColumns); names and addresses go no further than counting them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from almanac.core.community.identity_words import are_two_people
from almanac.core.vocabulary import GuestState
from almanac.sources.base import cells
from almanac.sources.base.cells import cell
from almanac.sources.base.dates import DateColumn, Dated
from almanac.sources.base.rows import Gathering, GuestList, GuestRow
from almanac.sources.base.source import Harvest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, tzinfo

    from almanac.sources.base.reading import Table
    from almanac.sources.base.source import Source

WORDS = {
    GuestState.SIGNED_UP: (
        "approved going yes nimmt_teil attending confirmed registered accepted active valid paid complete completed "
        "ok succeeded success free booked rsvp'd rsvp signed up|signed_up|checked out|approve|y|true|x|member "
        "|nimmt teil|participe|asiste|angemeldet|zugesagt|bestätigt|bezahlt|ja|inscrit|confirmé|accepté|payé|oui|inscrito|confirmado|pagado|aceptado|sí|si|pago|sim"
    ),
    GuestState.ATTENDED: (
        "attended checked_in present came joined arrived checkedin |checked in|checked-in|showed up|did attend|attendee"
        "|teilgenommen|anwesend|eingecheckt|présent|a participé|presente|asistió|compareceu"
    ),
    GuestState.NO_SHOW: "no_show noshow absent missed |no show|no-show|did not attend|not checked in|nicht erschienen|abwesend|absent|ausente",
    GuestState.WAITLISTED: (
        "waitlist waitlisted waiting waiting_list standby |wait list|waiting list|on waitlist|on waiting list"
        "|warteliste|liste d'attente|lista de espera"
    ),
    GuestState.INVITED: "invited invite maybe interested not_responded |no response|not responded|noreply|eingeladen|invité|invitado|convidado",
    GuestState.PENDING: (
        "pending pending_approval awaiting unpaid open new submitted |pending approval|awaiting approval|awaiting payment|payment pending"
        "|ausstehend|offen|en attente|pendiente|pendente|n"
    ),
    GuestState.DECLINED: (
        "declined no rejected denied disapproved not_going not_attending |not going|abgelehnt|abgesagt|nein|refusé|non|rechazado|não|recusado"
    ),
    GuestState.CANCELLED: (
        "cancelled canceled refunded deleted transferred expired voided void withdrawn chargeback removed unregistered |not attending"
        "|storniert|annulliert|erstattet|annulé|remboursé|cancelado|reembolsado|partially refunded|cancelled by attendee"
    ),
}  # fmt: skip
STATES = {
    word.strip(): state
    for state, words in WORDS.items()
    for word in [*words.partition("|")[0].split(), *words.partition("|")[2].split("|")]
    if word.strip()
}
"""Every word services use for where a guest stands."""
RANK = (
    GuestState.ATTENDED, GuestState.SIGNED_UP, GuestState.PENDING, GuestState.WAITLISTED,
    GuestState.NO_SHOW, GuestState.INVITED, GuestState.DECLINED, GuestState.CANCELLED,
)  # fmt: skip
"""Of several rows of one person, the state that says most."""
EMAIL = (
    "email", "e-mail", "email address", "e-mail address", "user email", "attendee email", "mail", "ticket email",
    "guest email", "buyer email", "contact email", "e-mail-adresse", "benutzer-e-mail", "adresse e-mail", "courriel",
    "correo", "correo electrónico", "endereço de e-mail", "username", "your email", "work email", "email id",
)  # fmt: skip
NAME = (
    "name", "full name", "attendee name", "attendee", "guest name", "guest", "participant", "display name", "user name",
    "name (original name)", "user name (original name)", "ticket holder", "ticket full name", "vollständiger name", "nom complet",
    "nombre completo", "nombre", "nome", "nome completo", "your name", "contact", "member", "invitee name",
)  # fmt: skip
FIRST = (
    "first name",
    "first_name",
    "firstname",
    "attendee first name",
    "ticket first name",
    "vorname",
    "prénom",
    "given name",
    "primeiro nome",
)
LAST = ("last name", "last_name", "lastname", "surname", "attendee last name", "ticket last name", "nachname", "nom", "apellido", "apellidos", "sobrenome", "family name")  # fmt: skip
STATUS = ("status", "teilnehmerstatus", "bestellstatus", "statut du participant", "approval_status", "approval status", "attendee status", "rsvp", "rsvp status", "response", "order status", "state", "registration status", "ticket status", "payment status", "attendance status", "statut", "estado")  # fmt: skip
CAME = (
    "checked_in_at", "checked in", "checked-in", "check-in", "check in", "checkin", "checked in at", "check-in time", "check-in date",
    "checkin date (utc)", "checkin date", "attended", "attended?", "attendance", "present", "came", "showed up", "scanned at", "checked_in",
    "teilgenommen", "anwesend", "eingecheckt", "présent", "asistió", "attended live", "attended event", "ticket checked in at", "arrived",
)  # fmt: skip
NUMBER = ("quantity", "qty", "tickets", "ticket quantity", "number of tickets", "seats", "party size", "anzahl", "quantité", "cantidad", "number of guests incl. you")  # fmt: skip
BESIDE = (
    "guests",
    "number of guests",
    "additional guests",
    "plus ones",
    "plus one",
    "+1",
    "extra guests",
)
"""Others somebody brings along, beside themselves."""
TITLE = (
    "event name",
    "veranstaltungsname",
    "name der veranstaltung",
    "titel der veranstaltung",
    "nom de l'evenement",
    "titre de l'événement",
    "nombre de evento",
    "título del evento",
    "nome do evento",
    "título do evento",
    "event-name",
    "eventname",
    "nom de l'événement",
    "nombre del evento",
    "event",
    "event title",
    "veranstaltung",
    "événement",
    "evento",
    "webinar",
    "session",
)
DAY = ("event date", "event start", "event start date", "event start date & time", "event_start", "date attending", "event time", "event start time", "veranstaltungsdatum")  # fmt: skip
ORDERED = ("created_at", "bestelldatum", "date de commande", "fecha del pedido", "order date", "registered at", "registration date", "registration time", "paid date (utc)", "rsvped on", "purchase date", "date registered", "order created", "signed up at", "booking date", "created at", "timestamp", "order date and time", "created", "zeitstempel", "horodateur", "marca temporal")  # fmt: skip
YES, NO = (
    frozenset(
        [
            "yes",
            "y",
            "true",
            "x",
            "1",
            "✓",
            "✔",
            "ja",
            "oui",
            "sí",
            "si",
            "sim",
            "checked",
            "attended",
            "present",
        ]
    ),
    frozenset(["no", "n", "false", "0", "nein", "non", "não", "-", "–", "none"]),
)
ROBOTS = re.compile(
    r"\b(?:read\.?ai|otter\.?(?:ai|pilot)|fireflies|notetaker|note ?taker|meeting notes|tl;?dv|avoma|recorder|"
    r"zoom room|notes? bot|transcri\w+|supernormal|krisp|sembly|meetgeek|granola)\b"
    r"|^(?:\S+ ){0,2}(?:fathom|grain|gong|chorus|jamie)(?:['’]s)?(?:[ .]*(?:ai|io|app|bot|assistant|notes?|recording))$|^(?:fathom|grain|gong|chorus)$",
    re.IGNORECASE,
)
"""Names of robots. Those that people are called too stand alone, or beside a word of a machine."""
_TALLY = re.compile(
    r"(?:(?:grand |sub)?totals?|summe|gesamt|insgesamt|somme|suma|anzahl(?: \w+)?|(?:number|count) of \w+|average|durchschnitt)\s*:?\s*\d*",
    re.IGNORECASE,
)
_DID = re.compile(
    r"(?:yes|ja|oui|sí|si|attended|came|present|here|arrived|joined|checked[ -]?in|showed up|teilgenommen|anwesend|présente?|asistió)\b"
)
_DID_NOT = re.compile(r"\b(?:not|no|didn['’]?t|did n['’]t|never|absent|missed|nicht|nein|pas)\b")
"""How a cell of attendance begins, or what it holds, whatever else it says."""
_OFF = re.compile(r"cancel|storn|annul|refund|erstatt|rembours|reembols|withdr|unregist|abgemeldet")
_ASIDE = re.compile(
    r"\s*\((?P<in>[^()]*)\)\s*$|\s*[-|/,]\s*(?:(?:she|he|they|ze)\s*/\s*\w+(?:\s*/\s*\w+)?)\s*$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"^(?:she|he|they|ze|xe|it|any|sie|er|elle|il|ella|él)\s*/|^(?:external|unverified|guest|host|co-?host|me|presenter|panelist|extern|invité|gast|organizer|"
    r"iphone|ipad|android|phone|mobile|mac|pc|laptop)$|['’]s\s+(?:iphone|ipad|phone|macbook|laptop)|\b(?:inc|gmbh|ltd|llc|corp|labs|university|team)\b\.?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class GuestColumns:
    """The columns of a list, by the names each may have; a list of a service adds its own before the usual.

    per_ticket: a row is a ticket, so that one address with two names is two people. wants_event:
    whether a person must name the event.
    """

    name: tuple[str, ...] = NAME
    email: tuple[str, ...] = EMAIL
    status: tuple[str, ...] = STATUS
    came: tuple[str, ...] = CAME
    number: tuple[str, ...] = NUMBER
    beside: tuple[str, ...] = BESIDE
    title: tuple[str, ...] = TITLE
    day: tuple[str, ...] = DAY
    ordered: tuple[str, ...] = ORDERED
    per_ticket: bool = False
    wants_event: bool = False
    event_of: Callable[[dict[str, str]], str] | None = None
    """The id of the event a row is of, where the service hides it in a cell."""
    member: tuple[str, ...] = ()
    """Columns with the service's own number of a person, which tells two of one name apart."""


def is_people(keys: Sequence[str]) -> bool:
    """Whether a header is that of a list of people: an address, or a first and a last name."""
    held = set(keys)
    return bool(held & set(EMAIL)) or (bool(held & set(FIRST)) and bool(held & set(LAST)))


def person_key(name: str, email: str) -> str:
    """What tells one person of a list from another: the address in any case, else the name without
    pronouns, companies and devices; nothing where neither is there."""
    address = email.strip().casefold()
    if "@" in address and "*" not in address:
        return address
    return plain_name(name).casefold()


def plain_name(name: str) -> str:
    """“Ria A (Ria Abara)” is Ria Abara; “Sol B (they/them)” and “Mia Rost (Acme)” are who stands before
    the bracket: another name is one of two words, or begins like the first."""
    name = cells.person(name)
    found = _ASIDE.search(name)
    if not found:
        return name
    inside = (found["in"] or "").strip()
    outside = name[: found.start()].split()
    begins = bool(outside) and inside.lower().startswith(outside[0].lower()[:3])
    is_name = len(inside.split()) > 1 and (begins or len(outside) < 2)
    if (
        (is_name or begins)
        and not _NO_NAME.search(inside)
        and re.fullmatch(r"[^\W\d_][\w .'’-]*", inside)
    ):
        return inside
    return plain_name(name[: found.start()]) or name


ROBOTS_LEFT_OUT = "note-taking robots are not people and were left out"


def name_in(record: dict[str, str], names: Sequence[str]) -> str:
    """The name a row gives, in one column or in two."""
    first, last = cell(record, FIRST), cell(record, LAST)
    # “Nom” alone is a name; beside “Prénom” it is the family's.
    return f"{first} {last}".strip() if first else cell(record, names) or last


def state_of(status: str) -> GuestState | None:
    """The state a service's word stands for, however it goes on (“cancelled by self”); None for a word
    that is new."""
    word = " ".join(status.lower().replace("_", " ").split())
    known = STATES.get(status.lower().strip(), STATES.get(word))
    if known is None and _OFF.match(word):
        return GuestState.CANCELLED
    return known


def is_robot(name: str) -> bool:
    return bool(ROBOTS.search(name))


def read_guests(
    table: Table,
    columns: GuestColumns,
    source: Source,
    zone: tzinfo,
    found: Gathering | None = None,
) -> Harvest:
    """A list for each event that a table names, or one where it names none."""
    found = found or Gathering()
    records = list(table.records())
    ordered = DateColumn((cell(r, columns.ordered) for _, r, _ in records), zone, table.habits)
    days = DateColumn((cell(r, columns.day) for _, r, _ in records), zone, table.habits)
    scanned = DateColumn((cell(r, columns.came) for _, r, _ in records), zone, table.habits)
    lists: dict[tuple[str, ...], _List] = {}
    events = [columns.event_of(record) if columns.event_of else "" for _, record, _ in records]
    # A row without the id belongs to the one event of the file, where there is only one.
    ids = sorted(set(filter(None, events)))
    for (line, record, _raw), event in zip(records, events, strict=True):
        title = cells.clean(cell(record, columns.title))[:300]
        said = cell(record, columns.day)
        day = found.optional(line, lambda text=said: days.read(text, "event date"))  # type: ignore[misc]
        number = event or next(iter(ids), "")
        key = (title, day.day.isoformat() if day else "", number)
        of_event = lists.setdefault(key, _List(title, number))
        of_event.day = of_event.day or day
        _take(of_event, line, record, columns, ordered, scanned, found)
    for each in lists.values():
        for word in sorted(each.unknown):
            found.remark(f"status “{word}” is new to Almanac; those guests count as signed up")
        if each.unread:
            words = ", ".join(f"“{word}”" for word in sorted(each.unread)[:5])
            found.remark(f"attendance {words} is new to Almanac; those guests count as signed up")
    return Harvest(
        source,
        guest_lists=tuple(each.closed(columns) for each in lists.values()),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
    )


class _List:
    """People of one event, each once."""

    def __init__(self, title: str, event_id: str = "") -> None:
        self.title = title
        self.event_id = event_id
        self.day: Dated | None = None
        self.people: dict[str, GuestRow] = {}
        self.unknown: set[str] = set()
        self.unread: set[str] = set()
        self.scans: list[date] = []

    def closed(self, columns: GuestColumns) -> GuestList:
        day = self.day
        return GuestList(
            tuple(self.people.values()),
            event_id=self.event_id,
            title=self.title,
            starts_at=day.moment if day and not day.only_day else None,
            held_on=day.day if day else min(self.scans, default=None),
            wants_event=columns.wants_event,
        )


def _take(
    into: _List, line: int, record: dict[str, str], columns: GuestColumns, ordered: DateColumn,
    scanned: DateColumn, found: Gathering,
) -> None:  # fmt: skip
    name = name_in(record, columns.name)
    email = cells.clean(cell(record, columns.email))
    if "*" in email:
        email = ""
        found.remark("masked e-mail addresses were left out; several people share one")
    if name and is_robot(name):
        found.remark(ROBOTS_LEFT_OUT)
        return
    if "@" not in email and _TALLY.fullmatch(name):
        found.remark(f"“{name[:40]}” adds others up and was left out")
        return
    state = _state(into, cell(record, columns.status), cell(record, columns.came), scanned)
    when = found.optional(line, lambda: ordered.read(cell(record, columns.ordered), "signed up"))
    number = found.optional(line, lambda: cells.count(cell(record, columns.number), "quantity"))
    beside = found.optional(line, lambda: cells.count(cell(record, columns.beside), "guests"))
    people = max(1, number or 1) + (beside or 0)
    key = person_key(name, email)
    member = cell(record, columns.member).casefold()
    if member and "@" not in key:
        key = member
    if columns.per_ticket and key and name:
        key = f"{key}|{plain_name(name).casefold()}"
    ticket = columns.per_ticket and not name
    if not key or ticket:
        key = f"row {line}"
    stable = "" if key.startswith("row ") else key
    guest = GuestRow(
        line, cells.person(plain_name(name)), email, state, when.moment if when else None, people,
        stable,
    )  # fmt: skip
    before = into.people.get(key)
    if before is not None and before.name and are_two_people(before.name, name):
        # A ticket that somebody bought for another carries the buyer's address.
        key = f"{key}|{plain_name(name).casefold()}"
        guest, before = replace(guest, key=key), into.people.get(key)
    if before is None:
        into.people[key] = guest
    else:
        best = min((before.state, state), key=RANK.index)
        into.people[key] = GuestRow(
            before.row, before.name or guest.name, before.email or guest.email, best,
            before.signed_up_at, max(before.number, people), stable,
        )  # fmt: skip


def _state(into: _List, status: str, came: str, scanned: DateColumn) -> GuestState:
    """A check-in beats every status; an unknown or empty one keeps the guest."""
    state = state_of(status)
    if status.strip() and state is None:
        into.unknown.add(cells.clean(status)[:40])
    mark = came.lower().strip()
    if mark in NO or (mark and STATES.get(mark) in {GuestState.NO_SHOW, GuestState.DECLINED}):
        return state if state not in {None, GuestState.ATTENDED} else GuestState.SIGNED_UP
    if mark in YES or STATES.get(mark) is GuestState.ATTENDED:
        return GuestState.ATTENDED
    if mark:
        try:
            moment = scanned.read(came, "check-in")
        except cells.BadCellError:
            moment = None
        if moment is not None:
            into.scans.append(moment.moment.astimezone(scanned.zone).date())
            return GuestState.ATTENDED
        if _DID_NOT.search(mark):
            return GuestState.SIGNED_UP if state in {None, GuestState.ATTENDED} else state
        if _DID.match(mark):
            return GuestState.ATTENDED
        into.unread.add(cells.clean(came)[:40])
    return state or GuestState.SIGNED_UP
