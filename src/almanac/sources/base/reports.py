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
from almanac.sources.base.dates import DateColumn, is_foreign
from almanac.sources.base.guests import (
    FIRST,
    LAST,
    NO,
    ROBOTS_LEFT_OUT,
    is_robot,
    name_in,
    person_key,
    plain_name,
    state_of,
)
from almanac.sources.base.report_columns import (
    APPROVAL,
    ATTENDED,
    DATE,
    END,
    HOSTS,
    JOIN,
    LEAVE,
    MAIL,
    NAME,
    NUMBER,
    PEOPLE,
    REGISTERED,
    SPENT,
    START,
    TITLE,
    keys_of,
)
from almanac.sources.base.rows import Gathering, GuestList, GuestRow
from almanac.sources.base.source import Harvest

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from almanac.sources.base.dates import Habits
    from almanac.sources.base.reading import Grid
    from almanac.sources.base.source import Source

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


def is_people_header(keys: tuple[str, ...]) -> bool:
    held = set(keys)
    if is_meeting_header(keys):
        return False
    named = bool(held & set(NAME)) or bool(held & set(FIRST) and held & set(LAST))
    return named and bool(held & {*JOIN, *SPENT, *REGISTERED})


def is_meeting_header(keys: tuple[str, ...]) -> bool:
    """Whether columns tell of meetings: what each was about, when, and how many were there."""
    held = set(keys)
    return bool(held & {*TITLE}) and bool(held & {*START}) and bool(held & {*PEOPLE})


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
    is_register = any({*section.header} & {*REGISTERED, *ATTENDED} for section in chosen)
    came = any(cell(r, JOIN) for section in chosen for _, r in section.rows)
    # A registration report is of a meeting that may lie ahead; a list of who was there is not.
    held = [] if is_register and not came else [*moments, day]
    headers = [
        row for _, row in grid[:MOST_LINES]
        if is_people_header(keys_of(row)) or is_meeting_header(keys_of(row))
    ]  # fmt: skip
    foreign = is_foreign(column_key(text) for row in headers for text in row)
    column = DateColumn(
        [*moments, day], zone, habits, held=held, day_first=True if foreign else None
    )
    people: dict[str, GuestRow] = {}
    joined: list[datetime] = []
    lines = 0
    for section in chosen:
        for line, record in section.rows:
            lines += 1
            _take(people, line, record, column, joined, found)
    if lines > len(people) and people:
        found.remark(f"{lines} rows are {len(people)} people: some left and came back")
    stated = _number(meeting, PEOPLE)
    there = sum(guest.state is GuestState.ATTENDED for guest in people.values())
    if stated is not None and stated != there and not is_register:
        found.remark(f"the report's head says {stated} participants, its list has {there} people")
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
        state = state_of(approval) or GuestState.SIGNED_UP
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
