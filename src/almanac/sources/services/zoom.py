"""Zoom participant reports, with and without the meeting block above the table.

Times carry no zone and are read in the logbook's own. Somebody who rejoins is one person: the same
e-mail or, where it is blank, the same name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from almanac.core.vocabulary import Format, GuestState
from almanac.sources.base import cells
from almanac.sources.base.rows import Gathering, GuestList, GuestRow
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from almanac.sources.base.reading import Table

NAME = ("name (original name)", "名前（元の名前）", "名前 (元の名前)", "名前（本名）", "名前")
EMAIL = ("user email", "email", "ユーザーのメール", "ユーザーのeメール", "ユーザーのメールアドレス")
JOIN = ("join time", "参加時刻", "参加時間", "入室時刻")
LEAVE = ("leave time", "退出時刻", "退出時間", "退室時刻")
DURATION = (
    "duration (minutes)",
    "total duration (minutes)",
    "時間（分）",
    "合計時間（分）",
    "期間（分）",
)
TOPIC = ("topic", "トピック")
START = ("start time", "開始時刻", "開始時間")
END = ("end time", "終了時刻", "終了時間")
PEOPLE = ("participants", "参加者", "参加者数")
MEETING = ("meeting id", "ミーティングid", "ミーティング id")


def recognises(table: Table) -> bool:
    keys = [key for key in table.keys if key]
    if not keys:
        return False
    if keys[0] in MEETING:
        return True
    return keys[0] in NAME and bool(set(keys) & {*JOIN, *DURATION}) and bool(set(keys) & {*EMAIL})


def read(table: Table, zone: tzinfo) -> Harvest:
    found = Gathering()
    people, meeting = _split(table)
    if people is None:
        found.remark("the report has a meeting but no participants below it")
        return Harvest(ZOOM, remarks=tuple(found.remarks))
    style = cells.style_of([_cell(record, JOIN) for _, record, _ in people.records()])
    if style is not None and style.startswith(("%m/%d", "%d/%m")):
        found.remark(f"dates were read as {'month/day' if style[1] == 'm' else 'day/month'}/year")
    seen: dict[str, GuestRow] = {}
    joined: list[datetime] = []
    left: list[datetime] = []
    for line, record, raw in people.records():
        name, email = cells.person(_cell(record, NAME)), cells.clean(_cell(record, EMAIL))
        try:
            came = cells.styled(_cell(record, JOIN), style, "join time", zone)
            went = cells.styled(_cell(record, LEAVE), style, "leave time", zone)
            cells.count(_cell(record, DURATION), "duration")
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
            continue
        if not name and not email:
            found.reject(line, "has neither a name nor an e-mail address", raw)
            continue
        joined += [came] if came else []
        left += [went] if went else []
        person = email.lower() or original_name(name).lower()
        seen.setdefault(person, GuestRow(line, original_name(name), email, GuestState.ATTENDED))
    if len(seen) + len(found.rejected) < len(people.rows):
        found.remark(f"{len(people.rows)} rows are {len(seen)} people: some left and came back")
    starts_at, ends_at = _times(meeting, zone)
    stated = _stated(meeting)
    if stated is not None and stated != len(seen):
        found.remark(
            f"the report's head says {stated} participants, its table has {len(seen)} people"
        )
    return Harvest(
        ZOOM,
        guest_list=GuestList(
            tuple(seen.values()),
            event_id=_cell(meeting, MEETING).replace(" ", ""),
            title=cells.clean(_cell(meeting, TOPIC)),
            starts_at=starts_at or min(joined, default=None),
            ends_at=ends_at or max(left, default=None),
            is_register=False,
        ),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=people.header,
    )


def original_name(name: str) -> str:
    """“Nick (Original Name)” is the original name."""
    found = re.fullmatch(r".*?\((.+)\)\s*", name)
    return found.group(1) if found else name


def _split(table: Table) -> tuple[Table | None, dict[str, str]]:
    if table.keys[0] not in MEETING:
        return table, {}
    meeting: dict[str, str] = {}
    for position, (_line, row) in enumerate(table.rows):
        if row[0].strip().lower() in NAME:
            below = table.rows[position + 1 :]
            return type(table)(table.name, row, below, table.remark), meeting
        if not meeting:
            meeting = dict(zip(table.keys, row, strict=False))
    return None, meeting


def _cell(record: dict[str, str], names: tuple[str, ...]) -> str:
    return next((record[name] for name in names if record.get(name, "").strip()), "")


def _times(meeting: dict[str, str], zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    start, end = _cell(meeting, START), _cell(meeting, END)
    style = cells.style_of([start, end])
    try:
        return (
            cells.styled(start, style, "start time", zone),
            cells.styled(end, style, "end time", zone),
        )
    except cells.BadCellError:
        return None, None


def _stated(meeting: dict[str, str]) -> int | None:
    try:
        return cells.count(_cell(meeting, PEOPLE), "participants")
    except cells.BadCellError:
        return None


ZOOM = Source(
    key="zoom",
    title="a Zoom participant report",
    holds=Holds.GUESTS,
    mark="a meeting block, or `Name (Original Name)`",
    becomes="people, once each however often they rejoin",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
    format=Format.ONLINE,
)
SOURCES = (ZOOM,)
