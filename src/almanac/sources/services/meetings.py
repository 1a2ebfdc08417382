"""Meetings online: reports of Zoom, Microsoft Teams and Google Meet, all read alike.

Times carry no zone and are read in the logbook's own. Somebody who rejoins is one person: the same
e-mail address or, where it is blank, the same name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.core.vocabulary import Format
from almanac.sources.base.reports import (
    JOIN,
    MOST_LINES,
    NAME,
    NUMBER,
    REGISTERED,
    SPENT,
    is_people_header,
    keys_of,
    read_report,
)
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
ZOOM_HEADS = frozenset({*NUMBER, "topic", "thema", "トピック"}) - {"id"}


def _headers(opened: Opened) -> list[set[str]]:
    return [set(keys_of(row)) for _, row in opened.grid[:MOST_LINES]]


def _people(opened: Opened) -> bool:
    return any(is_people_header(keys_of(row)) for _, row in opened.grid[:MOST_LINES])


def teams(opened: Opened) -> bool:
    named = [
        keys
        for keys in _headers(opened)
        if keys & {"name", "full name", "participant id", "vollständiger name", "nom complet"}
    ]
    titled = any(
        keys_of(row)[0] in TEAMS_TITLES for _, row in opened.grid[:MOST_LINES] if len(row) == 2
    )
    return any(mark <= keys for keys in named for mark in TEAMS_MARKS) or (
        titled and _people(opened) and not meet(opened)
    )


def meet(opened: Opened) -> bool:
    return _people(opened) and any(mark <= keys for keys in _headers(opened) for mark in MEET_MARKS)


def zoom(opened: Opened) -> bool:
    headers = _headers(opened)
    head = any(keys & ZOOM_HEADS for keys in headers[:8])
    mine = any(keys & ZOOM_NAMES and keys & {*JOIN, *SPENT, *REGISTERED} for keys in headers)
    first = {text for _, row in opened.grid[:1] for text in keys_of(row)}
    return (
        mine
        or (head and _people(opened))
        or bool(first & {"attendee report", "registration report"})
        or (
            head
            and len(opened.grid) < 4
            and bool(
                headers
                and headers[0] & {"topic"}
                and headers[0] & {"participants", "id", "meeting id"}
            )
        )
    )


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
SOURCES = (TEAMS, MEET, ZOOM)
