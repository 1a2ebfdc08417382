"""Microsoft Teams attendance reports: the action list of 2020, the summary of 2021, the sections of 2023.

Tab-separated, mostly UTF-16. Times carry no zone and are read in the logbook's own. Somebody who
rejoins is one person: the same e-mail address or, where it is blank, the same name.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from almanac.core.vocabulary import Format, GuestState
from almanac.sources.base import cells
from almanac.sources.base.rows import Gathering, GuestList, GuestRow
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from almanac.sources.base.source import Opened

NAME = ("name", "full name")
EMAIL = ("email", "participant id (upn)")
JOIN = ("first join", "join time", "timestamp")
LEAVE = ("last leave", "leave time")
TITLE = ("meeting title",)
START = ("start time", "meeting start time")
END = ("end time", "meeting end time")
PEOPLE = ("attended participants", "total number of participants")
MARKS = ({"user action"}, {"participant id (upn)"}, {"first join"}, {"join time", "role"})
"""Beside a name, any of these makes a header one of Teams'."""
_ASIDE = re.compile(r"\s*\((?:external|unverified|guest|extern|invité|gast)\)\s*$", re.IGNORECASE)


@dataclass(slots=True)
class _Report:
    """What a report says of the meeting, and its first list of people."""

    meeting: dict[str, str] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)


def recognises(opened: Opened) -> bool:
    lines = opened.text[:4000].splitlines()[:40]
    headers = ({cell.strip().lower() for cell in re.split(r"[\t,;]", line)} for line in lines)
    return any(_is_header(keys) for keys in headers)


def _is_header(keys: set[str]) -> bool:
    return bool(keys & {*NAME}) and any(mark <= keys for mark in MARKS)


def read(opened: Opened, zone: tzinfo) -> Harvest:
    report = _parsed(opened.text)
    found = Gathering()
    records = [
        (line, dict(zip(report.header, row, strict=False)), row) for line, row in report.rows
    ]
    moments = [_cell(record, names) for _, record, _ in records for names in (JOIN, LEAVE)]
    style = cells.style_of([*moments, _cell(report.meeting, START), _cell(report.meeting, END)])
    people: dict[str, GuestRow] = {}
    seen: list[datetime] = []
    for line, record, raw in records:
        name = cells.person(_ASIDE.sub("", _cell(record, NAME)))
        email = cells.clean(_cell(record, EMAIL))
        if not name and not email:
            found.reject(line, "has neither a name nor an e-mail address", raw)
            continue
        try:
            for names in (JOIN, LEAVE):
                moment = cells.styled(_cell(record, names), style, names[0], zone)
                seen += [moment] if moment else []
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
            continue
        row = GuestRow(line, name, email, GuestState.ATTENDED)
        people.setdefault(email.lower() or name.lower(), row)
    stated = _cell(report.meeting, PEOPLE)
    if stated.isdecimal() and int(stated) != len(people):
        found.remark(f"the report's head says {stated} participants, its list has {len(people)}")
    starts_at = _moment(report.meeting, START, style, zone)
    return Harvest(
        TEAMS,
        guest_list=GuestList(
            tuple(people.values()),
            title=cells.clean(_cell(report.meeting, TITLE)),
            starts_at=starts_at or min(seen, default=None),
            ends_at=_moment(report.meeting, END, style, zone) or max(seen, default=None),
            is_register=False,
        ),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=report.header,
    )


def _parsed(text: str) -> _Report:
    """Key and value lines until the first list of people; that list ends at a blank line."""
    report = _Report()
    head = text[:4000]
    delimiter = max("\t,;", key=head.count)
    for line, row in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), start=1):
        row_cells = tuple(cell.strip() for cell in row)
        if not any(row_cells):
            if report.rows:
                break
        elif report.header:
            report.rows.append((line, row_cells))
        elif _is_header({cell.lower() for cell in row_cells}):
            report.header = tuple(cell.lower() for cell in row_cells)
        elif len(row_cells) > 1:
            report.meeting[row_cells[0].lower()] = row_cells[1]
    return report


def _cell(record: dict[str, str], names: tuple[str, ...]) -> str:
    return next((record[name] for name in names if record.get(name, "").strip()), "")


def _moment(
    meeting: dict[str, str], names: tuple[str, ...], style: str | None, zone: tzinfo
) -> datetime | None:
    try:
        return cells.styled(_cell(meeting, names), style, names[0], zone)
    except cells.BadCellError:
        return None


TEAMS = Source(
    key="teams",
    title="a Microsoft Teams attendance report",
    holds=Holds.GUESTS,
    mark="`Full Name` with `User Action` or `Join Time`, or `First Join`",
    becomes="people who were in the meeting, once each however often they rejoined",
    reads=Reads.TEXT,
    recognises=recognises,
    read=read,
    format=Format.ONLINE,
)
SOURCES = (TEAMS,)
