"""Reports of meetings: what stands above the list of people, and the list, in any of their layouts.

A report is read line by line: a header of people begins a list; a header above one line of values, or
a label beside a value, says something of the meeting; a line of one cell names what follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from almanac.core.vocabulary import GuestState
from almanac.sources.base import cells
from almanac.sources.base.cells import cell, column_key
from almanac.sources.base.dates import DateColumn
from almanac.sources.base.guests import (
    EMAIL,
    FIRST,
    LAST,
    NO,
    ROBOTS_LEFT_OUT,
    STATES,
    is_robot,
    name_in,
    person_key,
    plain_name,
)
from almanac.sources.base.rows import Gathering, GuestList, GuestRow
from almanac.sources.base.source import Harvest

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from almanac.sources.base.dates import Habits
    from almanac.sources.base.reading import Grid
    from almanac.sources.base.source import Source

NAME = (
    "name", "full name", "name (original name)", "user name (original name)", "user name", "participant", "participant name",
    "name (ursprünglicher name)", "vollständiger name", "nom complet", "nom (nom original)", "nom d’utilisateur", "nom de l'utilisateur (nom original)", "nombre (nombre original)",
    "nombre completo", "nome (nome original)", "nome completo", "名前（元の名前）", "名前 (元の名前)", "名前（本名）", "名前", "имя",
)  # fmt: skip
MAIL = (
    *EMAIL, "participant id (upn)", "participant id", "upn", "benutzer-e-mail-adresse", "e-mail de l’utilisateur", "e-mail de l'utilisateur",
    "correo electrónico del usuario", "e-mail do usuário", "ユーザーのメール", "ユーザーのeメール", "ユーザーのメールアドレス",
)  # fmt: skip
JOIN = (
    "join time", "first join", "first join time", "time joined", "joined at", "timestamp", "zeitstempel", "horodatage", "horodateur", "marca de tiempo", "carimbo de data/hora", "joined", "session start (utc)", "utc event timestamp", "beitrittszeit", "beitrittszeitpunkt", "erster beitritt", "heure d’arrivée", "heure d'arrivée",
    "heure de connexion", "première connexion", "hora de entrada", "hora de unión", "hora de inicio de sesión", "horário de entrada", "参加時刻", "参加時間", "入室時刻",
)  # fmt: skip
LEAVE = (
    "leave time", "last leave", "last leave time", "time exited", "left at", "left", "verlassenszeit", "austrittszeit", "letztes verlassen", "heure de départ", "dernière déconnexion",
    "hora de salida", "horário de saída", "退出時刻", "退出時間", "退室時刻",
)  # fmt: skip
SPENT = (
    "duration (minutes)", "total duration (minutes)", "duration", "in-meeting duration", "time in session (minutes)", "dauer (minuten)", "gesamtdauer (minuten)", "dauer",
    "durée (minutes)", "durée", "duración (minutos)", "duración", "duração (minutos)", "duração", "時間（分）", "合計時間（分）", "期間（分）", "user action", "benutzeraktion", "action de l'utilisateur", "action de l’utilisateur", "acción del usuario", "ação do usuário",
)  # fmt: skip
REGISTERED = (
    "registration time",
    "registered at",
    "registrierungszeit",
    "heure d'inscription",
    "hora de registro",
    "hora de inscripción",
    "hora de inscrição",
)
APPROVAL = (
    "approval status",
    "status",
    "genehmigungsstatus",
    "statut d'approbation",
    "estado de aprobación",
    "registration status",
)
ATTENDED = (
    "attended",
    "teilgenommen",
    "participé",
    "a participé",
    "asistió",
    "participou",
    "attended?",
)
TITLE = (
    "topic", "meeting title", "title", "webinar name", "webinar title", "event name", "event title", "meeting name", "thema", "sujet", "titre de la réunion", "tema", "besprechungstitel", "título de la reunión", "título da reunião", "トピック",
)  # fmt: skip
NUMBER = (
    "meeting id",
    "webinar id",
    "id",
    "meeting-id",
    "webinar-id",
    "id de réunion",
    "id de la réunion",
    "id de reunión",
    "id da reunião",
    "ミーティングid",
    "ミーティング id",
)
START = (
    "start time", "actual start time", "scheduled time", "meeting start time", "start", "scheduled start time", "startzeit", "tatsächliche startzeit", "heure de début", "hora de inicio", "hora de início", "開始時刻", "開始時間",
)  # fmt: skip
END = (
    "end time",
    "meeting end time",
    "actual end time",
    "end",
    "endzeit",
    "heure de fin",
    "hora de finalización",
    "hora de término",
    "終了時刻",
    "終了時間",
)
DATE = ("date", "meeting date", "datum", "fecha", "data")
PEOPLE = (
    "attended participants",
    "total number of participants",
    "participants",
    "unique viewers",
    "teilnehmer",
    "参加者",
    "参加者数",
)
HOSTS = (
    "host details",
    "panelist details",
    "gastgeber",
    "diskussionsteilnehmer",
    "détails de l'hôte",
    "informations sur l'hôte",
    "detalles del anfitrión",
    "detalles del panelista",
)
MOST_LINES = 40
_NAMED_DAY = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])")


@dataclass(slots=True)
class Section:
    """A list of people: what it is called, its header, its rows with their lines."""

    title: str
    header: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """What a report says of the meeting, and its lists of people."""

    meeting: dict[str, str] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)


def keys_of(row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(column_key, row))


def is_people_header(keys: tuple[str, ...]) -> bool:
    held = set(keys)
    named = bool(held & set(NAME)) or bool(held & set(FIRST) and held & set(LAST))
    return named and bool(held & {*JOIN, *SPENT, *REGISTERED})


def parse(grid: Grid) -> Report:
    report = Report()
    title = ""
    header: tuple[str, ...] = ()
    for place, (line, row) in enumerate(grid):
        keys = keys_of(row)
        filled = [text for text in row if text.strip()]
        below = grid[place + 1][1] if place + 1 < len(grid) else ()
        if is_people_header(keys):
            header = keys
            report.sections.append(Section(title, keys))
        elif len(filled) == 1 and len(filled[0]) < 60 and not 0 < len(header) <= 2:
            title, header = filled[0].strip().lower().strip(":").split(". ", 1)[-1], ()
        elif header:
            report.sections[-1].rows.append((line, dict(zip(header, row, strict=False))))
        elif bool({*keys} & {*TITLE, *NUMBER, *START}) and len(filled) > 2 and below:
            report.meeting |= {
                key: text.strip() for key, text in zip(keys, below, strict=False) if key
            }
        elif len(filled) == 2:
            report.meeting.setdefault(column_key(filled[0]).rstrip(":"), filled[1].strip())
    return report


def read_report(
    grid: Grid, source: Source, zone: tzinfo, habits: Habits, name: str = ""
) -> Harvest:
    """A guest list from a report of a meeting or of its registrations. name: of the file, which may
    hold the day where the report does not."""
    report, found = parse(grid), Gathering()
    sections = [each for each in report.sections if each.rows and each.title not in HOSTS]
    chosen = sections[:1] or report.sections[:1]
    meeting = report.meeting
    moments = [
        text
        for section in chosen
        for _, record in section.rows
        for names in (JOIN, LEAVE)
        if (text := cell(record, names))
    ]
    day = cell(meeting, DATE)
    moments += [text for names in (START, END) if (text := cell(meeting, names))]
    column = DateColumn([*moments, day], zone, habits, held=[*moments, day])
    people: dict[str, GuestRow] = {}
    joined: list[datetime] = []
    lines = 0
    is_register = False
    for section in chosen:
        is_register = is_register or bool({*section.header} & {*REGISTERED, *ATTENDED})
        for line, record in section.rows:
            lines += 1
            _take(people, line, record, column, joined, found)
    if lines > len(people) and people:
        found.remark(f"{lines} rows are {len(people)} people: some left and came back")
    found.remark(column.remark)
    stated = _number(meeting, PEOPLE)
    came = sum(guest.state is GuestState.ATTENDED for guest in people.values())
    if stated is not None and stated != came and not is_register:
        found.remark(f"the report's head says {stated} participants, its list has {came} people")
    if not people:
        found.remark("the report has a meeting but no people below it")
    starts = _moment(meeting, START, day, column) or min(joined, default=None)
    named = _NAMED_DAY.search(name)
    held_on = date.fromisoformat(named[0]) if starts is None and named else None
    return Harvest(
        source,
        guest_lists=(
            GuestList(
                tuple(people.values()),
                event_id=cell(meeting, NUMBER).replace(" ", "").replace("-", ""),
                title=cells.clean(cell(meeting, TITLE))[:300],
                starts_at=starts,
                ends_at=_moment(meeting, END, day, column) or max(joined, default=None),
                is_register=is_register,
                held_on=held_on,
            ),
        )
        if people
        else (),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
    )


def _take(
    people: dict[str, GuestRow], line: int, record: dict[str, str], column: DateColumn,
    joined: list[datetime], found: Gathering,
) -> None:  # fmt: skip
    name = name_in(record, NAME)
    email = cells.clean(cell(record, MAIL))
    if is_robot(name):
        found.remark(ROBOTS_LEFT_OUT)
        return
    key = person_key(name, email)
    if not key:
        return
    attended, approval = cell(record, ATTENDED).lower(), cell(record, APPROVAL).lower()
    state = GuestState.ATTENDED
    if attended in NO:
        state = GuestState.SIGNED_UP
    if attended in NO or not (attended or cell(record, JOIN) or cell(record, SPENT)):
        state = STATES.get(approval, GuestState.SIGNED_UP)
    for names in (JOIN, LEAVE):
        said = cell(record, names)
        if said and ":" in said and len(said) <= 8:
            continue  # a time of day without its day
        moment = found.optional(line, lambda text=said, of=names: column.read(text, of[0]))  # type: ignore[misc]
        joined += [moment.moment] if moment and state is GuestState.ATTENDED else []
    guest = GuestRow(line, cells.person(plain_name(name)), email, state, key=key)
    before = people.get(key)
    if before is None or before.state is not GuestState.ATTENDED:
        people[key] = guest


def _moment(
    meeting: dict[str, str], names: tuple[str, ...], day: str, column: DateColumn
) -> datetime | None:
    said = cell(meeting, names)
    if said and day and len(said) <= 11:
        said = f"{day} {said}"
    try:
        found = column.read(said or day, names[0])
    except cells.BadCellError:
        return None
    return found.moment if found and (said or not found.only_day) else None


def _number(meeting: dict[str, str], names: tuple[str, ...]) -> int | None:
    try:
        return cells.count(cell(meeting, names), "participants")
    except cells.BadCellError:
        return None
