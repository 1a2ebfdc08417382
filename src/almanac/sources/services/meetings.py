"""Meetings online: reports of Zoom, Microsoft Teams and Google Meet, all read alike.

Times carry no zone and are read in the logbook's own. Somebody who rejoins is one person: the same
e-mail address or, where it is blank, the same name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from almanac.core.vocabulary import Format
from almanac.sources.base import cells
from almanac.sources.base.cells import cell
from almanac.sources.base.dates import DateColumn
from almanac.sources.base.guests import FIRST, LAST
from almanac.sources.base.reading import MOST_ABOVE
from almanac.sources.base.report_columns import (
    END,
    JOIN,
    LEAVE,
    NAME,
    NUMBER,
    PEOPLE,
    REGISTERED,
    SPENT,
    START,
    TITLE,
    keys_of,
)
from almanac.sources.base.reports import (
    MOST_LINES,
    is_meeting_header,
    is_people_header,
    read_report,
)
from almanac.sources.base.rows import EventRow, Gathering
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.source import Opened

TEAMS_MARKS = (
    {"user action"}, {"participant id (upn)"}, {"first join"}, {"join time", "role"}, {"session id", "participant id"},
    {"benutzeraktion"}, {"action de l'utilisateur"}, {"action de l’utilisateur"}, {"acción del usuario"},
    {"heure d'arrivée", "rôle"}, {"heure d’arrivée", "rôle"}, {"hora de unión"}, {"beitrittszeit", "rolle"},
    {"first join time"}, {"erster beitritt"}, {"première connexion"},
)  # fmt: skip
MEET_MARKS = (
    {"time joined"}, {"time exited"}, {"first seen"}, {"beitrittszeit", "austrittszeit"}, {"hora de entrada", "hora de salida"},
    {"heure d'arrivée", "heure de départ", "durée"},
)  # fmt: skip
TEAMS_TITLES = frozenset(
    {
        "meeting title",
        "besprechungstitel",
        "titre de la réunion",
        "título de la reunión",
        "título da reunião",
    }
)
ZOOM_NAMES = frozenset(name for name in NAME if "(" in name or "（" in name)
ZOOM_HEADS = frozenset({*NUMBER, "topic", "thema", "sujet", "tema", "トピック"}) - {"id"}


def _headers(opened: Opened) -> list[set[str]]:
    return [set(keys_of(row)) for _, row in opened.grid[:MOST_LINES]]


def _people(opened: Opened) -> bool:
    return any(is_people_header(keys_of(row)) for _, row in opened.grid[:MOST_LINES])


def teams(opened: Opened) -> bool:
    named = [keys for keys in _headers(opened) if keys & {*NAME, "participant id"}]
    titled = any(
        keys_of(row)[0] in TEAMS_TITLES for _, row in opened.grid[:MOST_LINES] if len(row) == 2
    )
    return any(mark <= keys for keys in named for mark in TEAMS_MARKS) or (
        titled and _people(opened) and not meet(opened)
    )


def meet(opened: Opened) -> bool:
    headers = _headers(opened)
    own = any(mark <= keys for keys in headers for mark in MEET_MARKS)
    parted = any(all(keys & {*names} for names in (FIRST, LAST, JOIN, LEAVE)) for keys in headers)
    return _people(opened) and (own or parted)


def zoom(opened: Opened) -> bool:
    headers = _headers(opened)
    head = any(keys & ZOOM_HEADS for keys in headers[:8])
    mine = any(keys & ZOOM_NAMES and keys & {*JOIN, *SPENT, *REGISTERED} for keys in headers)
    first = {text for _, row in opened.grid[:1] for text in keys_of(row)}
    titled = any(
        report in text for text in first for report in ("attendee report", "registration report")
    )
    return mine or (head and _people(opened)) or titled


def zoom_meetings(opened: Opened) -> bool:
    """A list of meetings with how many were in each, and no people below."""
    return not _people(opened) and any(
        is_meeting_header(keys_of(row)) for _, row in opened.grid[:MOST_ABOVE]
    )


def _read_meetings(opened: Opened, zone: tzinfo) -> Harvest:
    found = Gathering()
    grid = opened.grid
    place = next(n for n, (_, row) in enumerate(grid) if is_meeting_header(keys_of(row)))
    header = keys_of(grid[place][1])
    rows = [(line, dict(zip(header, row, strict=False)), row) for line, row in grid[place + 1 :]]
    starts = [cell(record, START) for _, record, _ in rows]
    days = DateColumn(starts, zone, opened.habits, held=starts)
    events: list[EventRow] = []
    for line, record, raw in rows:
        title = cells.clean(cell(record, TITLE))[:300]
        if not title:
            found.reject(line, "has no topic", raw)
            continue
        begins = found.optional(line, lambda r=record: days.read(cell(r, START), "start time"))  # type: ignore[misc]
        ends = found.optional(line, lambda r=record: days.read(cell(r, END), "end time"))  # type: ignore[misc]
        came = found.optional(line, lambda r=record: cells.count(cell(r, PEOPLE), "participants"))  # type: ignore[misc]
        number = re.sub(r"[\s-]", "", cell(record, NUMBER))
        events.append(
            EventRow(
                row=line,
                title=title,
                # A meeting that repeats keeps its number, so the day belongs to what names it.
                event_id=f"{number}-{begins.day}" if number and begins else number,
                starts_at=begins.moment if begins else None,
                ends_at=ends.moment if ends and begins and ends.moment > begins.moment else None,
                format=Format.ONLINE,
                attended=came,
            )
        )
    if events:
        found.remark("participants are counted with the host, as the service counts them")
    return Harvest(
        MEETINGS, events=tuple(events), rejected=tuple(found.rejected), remarks=tuple(found.remarks),
        columns=grid[place][1],
    )  # fmt: skip


def _read_zoom(opened: Opened, zone: tzinfo) -> Harvest:
    return read_report(opened.grid, ZOOM, zone, opened.habits, opened.name)


def _read_teams(opened: Opened, zone: tzinfo) -> Harvest:
    return read_report(opened.grid, TEAMS, zone, opened.habits, opened.name)


def _read_meet(opened: Opened, zone: tzinfo) -> Harvest:
    return read_report(opened.grid, MEET, zone, opened.habits, opened.name)


TEAMS = Source(
    key="teams",
    title="a Microsoft Teams attendance report",
    holds=Holds.GUESTS,
    mark="`Full Name` with `User Action` or `Join Time`, or `First Join`",
    becomes="people who were in the meeting, once each however often they rejoined",
    reads=Reads.TEXT,
    recognises=teams,
    read=_read_teams,
    format=Format.ONLINE,
)
MEET = Source(
    key="meet",
    title="a Google Meet attendance report",
    holds=Holds.GUESTS,
    mark="`Time joined` beside names",
    becomes="people who were in the meeting, once each",
    reads=Reads.TEXT,
    recognises=meet,
    read=_read_meet,
    format=Format.ONLINE,
)
ZOOM = Source(
    key="zoom",
    title="a Zoom report",
    holds=Holds.GUESTS,
    mark="a block with `Topic` or `Meeting ID`, or `Name (Original Name)`",
    becomes="people once each however often they rejoin, of meetings, webinars and registrations",
    reads=Reads.TEXT,
    recognises=zoom,
    read=_read_zoom,
    format=Format.ONLINE,
)
MEETINGS = Source(
    key="meetings",
    title="a list of meetings",
    holds=Holds.EVENTS,
    mark="`Topic` beside `Start Time` and `Participants`, a meeting a row (Zoom's usage reports)",
    becomes="events held online, with how many were there",
    reads=Reads.TEXT,
    recognises=zoom_meetings,
    read=_read_meetings,
    format=Format.ONLINE,
)
SOURCES = (TEAMS, MEET, ZOOM, MEETINGS)
