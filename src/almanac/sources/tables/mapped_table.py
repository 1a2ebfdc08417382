"""Any other table, read by a mapping of its columns that a person confirms once."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from almanac.core.vocabulary import Evidence, Kind, values
from almanac.sources.base import cells
from almanac.sources.base.dates import DateColumn, is_foreign
from almanac.sources.base.guests import EMAIL, FIRST, LAST, NAME, state_of
from almanac.sources.base.rows import EventRow, Gathering, UnreadableError
from almanac.sources.base.source import Harvest, Holds, Reads, Source
from almanac.sources.capture.kinds import kind_of

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from almanac.sources.base.reading import Table

FIELDS = {
    "title": "title",
    "day": "date or time it starts",
    "until": "date or time it ends",
    "program": "program",
    "kind": "kind",
    "event_id": "id",
    "status": "status",
    "format": "format (online, in person)",
    "place": "place",
    "hours": "hours of your work",
    "cost": "cost",
    "price": "price of a ticket",
    "url": "link",
    "notes": "notes",
    "seats": "seats",
    "interested": "interested",
    "signups": "signed up",
    "attended": "came",
    "took_part": "took part",
    "submissions": "submissions",
    "announced_at": "when it was announced",
}
_WORDS = {
    "title": "title name event activity talk subject topic summary what task event_name event_title description session "
    "titel thema veranstaltung bezeichnung aktivität titre nom intitulé sujet événement évènement título titulo nombre evento actividad nome atividade tema",
    "day": "date day when start starts starts_at start_time started datetime time event_date start_date date_and_time scheduled_at begin date_time "
    "datum tag beginn wann termin startdatum jour quand début date_de_début date_début fecha día dia cuándo inicio fecha_de_inicio data quando data_de_início",
    "until": "end ends ends_at end_time end_date ende enddatum fin date_de_fin fecha_de_fin fim data_de_fim",
    "program": "program programme group series chapter team category project programm gruppe reihe serie projekt kategorie groupe série projet catégorie programa grupo proyecto categoría projeto categoria",
    "kind": "kind type art typ event_type activity_type type_d'événement tipo",
    "event_id": "id event_id uid key kennung identifiant",
    "status": "status state stand zustand statut état etat estado situação",
    "format": "format mode location_type formato modus",
    "place": "place venue location city where ort stadt wo veranstaltungsort lieu ville où lugar ciudad dónde local cidade onde",
    "hours": "hours hrs effort duration_hours time_spent stunden aufwand heures durée horas duración duração",
    "cost": "cost costs spend spent budget expense kosten ausgaben coût coûts dépenses coste costo costes gasto custo custos",
    "price": "price fee ticket_price preis eintritt prix tarif precio preço",
    "url": "url link href website lien enlace",
    "notes": "notes note description comment comments details notizen anmerkungen bemerkung beschreibung remarques commentaires notas observaciones comentarios observações",
    "seats": "seats capacity limit max_attendees plätze kapazität places capacité plazas aforo capacidad vagas lugares capacidade",
    "interested": "interested interest leads interessiert interessenten intéressés interesados interessados",
    "signups": "signups sign_ups signed_up registered registrations rsvp rsvps yes_rsvp_count going registrants "
    "anmeldungen angemeldet registrierungen inscrits inscriptions inscritos inscripciones registrados inscrições",
    "attended": "attended attendance attendees came present checked_in participants showed_up people guests visitors actual_attendees actual_attendance "
    "teilnehmer teilnehmende teilnehmerzahl gäste besucher anwesend gekommen présents participants_présents asistentes asistieron participantes presentes compareceram",
    "took_part": "took_part active engaged aktiv",
    "submissions": "submissions projects entries einreichungen projekte soumissions projets envíos proyectos",
    "announced_at": "announced announced_at published_at angekündigt",
}
_BY_WORD = {word: field for field, words in _WORDS.items() for word in words.split()}
OF_THINGS = frozenset({"title", "event_id"})
"""Fields that name a thing, never a person."""
_STATUS_WORDS = {
    "done": "past done complete completed finished held closed delivered published over happened shipped resolved erledigt fertig abgeschlossen vorbei terminé fait passé hecho terminado completado feito concluído",
    "planned": "zu_erledigen a_fazer planned upcoming scheduled todo to_do confirmed accepted future open not_started next approved booked geplant offen bevorstehend prévu planifié à_faire planeado programado pendiente por_hacer planejado agendado",
    "doing": "doing in_progress started wip active ongoing in_review review in_arbeit läuft begonnen en_cours en_curso em_andamento",
    "dropped": "cancelled canceled dropped archived won't_do wont_do abandoned abgesagt annulé cancelado",
    "idea": "idea backlog proposed maybe draft triage someday ideas idee entwurf vorschlag idée brouillon borrador ideia",
    "asked": "asked requested invited angefragt demandé solicitado",
    "declined": "declined rejected no abgelehnt refusé rechazado recusado",
}
STATUSES = {word: status for status, words in _STATUS_WORDS.items() for word in words.split()}
FORMATS = {
    "online": "online", "virtual": "online", "remote": "online", "in_person": "in_person",
    "inperson": "in_person", "onsite": "in_person", "on_site": "in_person", "irl": "in_person",
    "physical": "in_person", "hybrid": "hybrid", "vor_ort": "in_person", "präsenz": "in_person",
    "en_ligne": "online", "présentiel": "in_person", "en_línea": "online", "presencial": "in_person",
    "hybride": "hybrid", "híbrido": "hybrid", "webinar": "online", "zoom": "online",
}  # fmt: skip
KINDS = tuple(values(Kind))
_MEETUPS = {"meetup": "event", "webinar": "event", "blog": "post", "blog_post": "post", "newsletter": "post",
            "article": "post", "livestream": "stream", "space": "stream", "vortrag": "talk", "conférence": "talk",
            "atelier": "workshop", "taller": "workshop", "charla": "talk", "palestra": "talk"}  # fmt: skip
OF_GUESTS = frozenset(
    ["registered", "attended", "waitlist", "waitlisted", "waiting list", "no show", "noshow", "going", "not going", "checked in",
     "invited", "rsvp", "signed up", "attendee", "speaker", "guest", "panelist", "participant", "angemeldet", "teilgenommen",
     "warteliste", "teilnehmer", "inscrit", "inscrito"]
)  # fmt: skip
"""What a list says of people and no table says of events."""
PEOPLE = frozenset(
    {*EMAIL, *FIRST, *LAST, "attendee name", "full name", "guest name", "assignee email"}
)
"""Columns that hold people, whatever the table."""


def is_of_people(table: Table, column: str) -> bool:
    """Whether a column holds names or addresses of people, which become no title and no id."""
    if column in PEOPLE:
        return True
    filled = _filled(table, column)
    addresses = sum("@" in text and " " not in text for text in filled)
    if filled and addresses > 0.3 * len(filled):
        return True
    if column not in NAME:
        return False
    return any(key in EMAIL for key in table.keys) or _guests_by_name(table, filled)


def _filled(table: Table, column: str) -> list[str]:
    return [r[column].strip() for _, r, _ in table.records() if r.get(column, "").strip()]


def _guests_by_name(table: Table, names: list[str]) -> bool:
    """Whether a column of names lists guests: beside it stands whether they signed up, came or spoke; or
    they read like people and many share a day, as events do not."""
    for key in table.keys:
        words = {text.lower().replace("_", " ").replace("-", " ") for text in _filled(table, key)}
        if words and words & OF_GUESTS and all(state_of(w) or w in OF_GUESTS for w in words):
            return True
    if len(names) < 3 or sum(map(_reads_like_a_person, names)) < 0.8 * len(names):
        return False
    day = next((key for key in table.keys if _BY_WORD.get(key.replace(" ", "_")) == "day"), "")
    days = _filled(table, day) if day else []
    return len(set(days)) <= 0.7 * len(days) if days else True


def _reads_like_a_person(text: str) -> bool:
    words = text.split()
    named = re.fullmatch(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,2}", text)
    return bool(named) and all(word[0].isupper() for word in words) and kind_of(text) == Kind.TASK


def signature(table: Table) -> str:
    """What tells this shape of table from another: its columns, whatever their order."""
    return hashlib.sha256("\n".join(sorted(table.keys)).encode()).hexdigest()


def names_guests(table: Table) -> bool:
    """Whether a table lists people by their names, and names no event."""
    return (
        any(is_of_people(table, key) for key in table.keys if key in NAME)
        and lacking(guess(table)) == "title"
    )


def lacking(mapping: dict[str, str]) -> str:
    """What a mapping lacks to tell of events: a title, a date, or nothing."""
    held = set(mapping.values())
    if not held & OF_THINGS:
        return "title"
    return "" if "day" in held else "date"


def people_as_titles(table: Table, mapping: dict[str, str]) -> list[str]:
    """Columns of people that a mapping would make titles or ids."""
    return [c for c, f in mapping.items() if f in OF_THINGS and is_of_people(table, c)]


def guess(table: Table) -> dict[str, str]:
    """A first mapping of columns to fields, from the names of the columns."""
    mapping: dict[str, str] = {}
    for column in table.keys:
        word = "_".join(column.replace("-", " ").replace("/", " ").split())
        field = _BY_WORD.get(word)
        if field in OF_THINGS and is_of_people(table, column):
            continue
        if field and field not in mapping.values():
            mapping[column] = field
    _second_title(table, mapping)
    return mapping


def _second_title(table: Table, mapping: dict[str, str]) -> None:
    """A column of notes stands in for a title that is empty everywhere, as Toggl's description does."""
    title = next((column for column, field in mapping.items() if field == "title"), "")
    if title and any(record.get(title, "").strip() for _, record, _ in table.records()):
        return
    notes = next((column for column, field in mapping.items() if field == "notes"), "")
    if title and notes:
        mapping[title], mapping[notes] = "notes", "title"


def read(table: Table, mapping: dict[str, str], zone: tzinfo) -> Harvest:
    """Read the table by `mapping` (column → field); columns it does not name are left out."""
    found = Gathering()
    columns = {field: column for column, field in mapping.items()}
    of_people = people_as_titles(table, mapping)
    if of_people:
        raise UnreadableError(
            f"{table.name}: “{of_people[0]}” holds people, who become no title and no id. If this is a list of "
            "guests, name their event with --event."
        )
    records = [
        (line, {field: record.get(column, "") for field, column in columns.items()}, raw)
        for line, record, raw in table.records()
    ]
    held = [
        given["day"]
        for _, given, _ in records
        if given.get("attended", "").strip() and given.get("day")
    ]
    samples = [given.get(name, "") for _, given, _ in records for name in ("day", "until")]
    speaks = True if table.decimal_comma or is_foreign(table.keys) else None
    dates = DateColumn(samples, zone, table.habits, held=held, day_first=speaks)
    events: list[EventRow] = []
    for line, given, raw in records:
        try:
            events.append(_event(line, given, dates, table, found))
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
    named = zip(table.header, table.keys, strict=True)
    left = [column for column, key in named if key and key not in mapping]
    if left:
        found.remark(f"columns left out: {', '.join(left[:12])}")
    return Harvest(
        MAPPED,
        events=tuple(events),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=table.header,
        table=table,
    )


def _event(
    line: int, given: dict[str, str], dates: DateColumn, table: Table, found: Gathering
) -> EventRow:
    title, rest = cells.title_and_rest(given.get("title", ""))
    event_id = cells.clean(given.get("event_id", ""))[:200]
    if not title and not event_id:
        raise cells.BadCellError("has no title")
    when = dates.read(given.get("day", ""), "date") if given.get("day", "").strip() else None
    until = found.optional(line, lambda: dates.read(given.get("until", ""), "end"))
    kind = given.get("kind", "").strip().lower().replace(" ", "_")
    notes = "\n\n".join(filter(None, (rest, cells.clean(given.get("notes", "")))))
    ends = (until.moment if until else None) or (when.ends if when else None)
    attended = given.get("attended", "")
    rough = cells.is_rough(attended) if attended.strip() else False

    def counted(name: str, words: str) -> int | None:
        if not given.get(name):
            return None
        return found.optional(line, lambda: cells.count(given.get(name, ""), words))

    def amount(name: str) -> float | None:
        if not given.get(name):
            return None
        return found.optional(
            line, lambda: cells.amount(given.get(name, ""), name, decimal_comma=table.decimal_comma)
        )

    came = counted("attended", "came")
    place = cells.clean(given.get("place", ""))[:200]
    return EventRow(
        row=line,
        title=title or f"Event {event_id}",
        event_id=event_id,
        program=cells.clean(given.get("program", ""))[:200],
        kind=kind if kind in KINDS else _MEETUPS.get(kind, ""),
        starts_at=when.moment if when and not when.only_day else None,
        day=when.day if when and when.only_day else None,
        period=when.period if when else "",
        ends_at=ends if ends and when and ends > when.moment else None,
        announced_at=_moment(found, line, given.get("announced_at", ""), dates),
        status=_known(given.get("status", ""), "status", STATUSES, found, line),
        format=_known(given.get("format", ""), "format", FORMATS, found, line)
        or FORMATS.get(place.lower().replace(" ", "_"), ""),
        place=place,
        url=given.get("url", "").strip()[:1000],
        notes=notes,
        hours=found.optional(line, lambda: cells.hours(given.get("hours", ""), "hours")),
        cost=amount("cost"),
        price=amount("price"),
        seats=counted("seats", "seats"),
        interested=counted("interested", "interested"),
        signups=counted("signups", "signed up"),
        attended=came,
        attended_evidence=Evidence.APPROXIMATE if came is not None and rough else "",
        took_part=counted("took_part", "took part"),
        submissions=counted("submissions", "projects"),
    )


def _moment(found: Gathering, line: int, text: str, dates: DateColumn) -> datetime | None:
    if not text:
        return None
    said = found.optional(line, lambda: dates.read(text, "announced"))
    return said.moment if said else None


def _known(text: str, name: str, known: dict[str, str], found: Gathering, line: int) -> str:
    word = cells.clean(text).lower().replace(" ", "_").replace("-", "_")
    if word and word not in known and not cells.is_missing(text):
        found.remark(
            f"row {line}: {name} “{cells.clean(text)[:40]}” is not one Almanac knows, so it was left out"
        )
    return known.get(word, "")


MAPPED = Source(
    key="csv",
    title="any other table",
    holds=Holds.EVENTS,
    mark="you name its columns once",
    becomes="events; the mapping is remembered",
    reads=Reads.ASKED,
)
SOURCES = (MAPPED,)
