"""Time that was tracked (Toggl, Clockify, Harvest), and submissions at a hackathon (Devpost)."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from almanac.core.vocabulary import Kind, Status
from almanac.sources.base import cells
from almanac.sources.base.cells import cell
from almanac.sources.base.dates import DateColumn
from almanac.sources.base.rows import EventRow, Gathering
from almanac.sources.base.source import Harvest, Holds, Reads, Source
from almanac.sources.capture.kinds import kind_of
from almanac.sources.tables.projects_table import DRAFTS

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from almanac.sources.base.reading import Table

TITLE = ("description", "task", "title", "notes")
PROJECT = ("project", "client")
STARTED = ("start date", "date", "start")
LASTED = ("duration", "duration (h)", "duration (decimal)", "hours", "time (h)", "time (decimal)")


def recognises(table: Table) -> bool:
    keys = set(table.keys)
    tracked = bool(keys & {"duration", "duration (h)", "duration (decimal)", "time (h)"})
    return (
        tracked
        and bool(keys & {"description", "task"})
        and "project" in keys
        and bool(keys & {"start date", "date"})
        and not keys & {"proposal title", "session id"}
    )


def read(table: Table, zone: tzinfo) -> Harvest:
    """Entries of one day and description are one activity; their hours add up."""
    found = Gathering()
    records = list(table.records())
    days = DateColumn((cell(r, STARTED) for _, r, _ in records), zone, table.habits)
    rows: dict[tuple[str, str, date], tuple[int, float]] = {}
    for line, record, raw in records:
        said = cell(record, TITLE)
        title, _ = cells.title_and_rest(said if said and said[0] != "(" else cell(record, PROJECT))
        try:
            when = days.read(cell(record, STARTED), "start date")
            hours = cells.hours(cell(record, LASTED), "duration")
            if not title or when is None:
                raise cells.BadCellError("has no description or no day")
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
            continue
        key = (title, cells.clean(cell(record, PROJECT))[:200], when.day)
        first, before = rows.get(key, (line, 0.0))
        rows[key] = (first, before + (hours or 0.0))
    return Harvest(
        TIME,
        events=tuple(
            EventRow(
                row=line, title=title, program=program, day=day, kind=str(kind_of(title)),
                hours=round(hours, 2), status=Status.DONE,
            )
            for (title, program, day), (line, hours) in rows.items()
        ),
        rejected=tuple(found.rejected),
        remarks=(*found.remarks, "names and addresses were not read"),
        columns=table.header,
    )  # fmt: skip


def _devpost(table: Table) -> bool:
    keys = set(table.keys)
    return bool(keys & {"submission title", "project title"}) and bool(
        keys & {"submission url", "built with", "submitter email"}
    )


def read_devpost(table: Table, zone: tzinfo) -> Harvest:  # noqa: ARG001 - a list of projects has no days
    titles = {
        cell(record, ("submission url", "submission title", "project title"))
        for _, record, _ in table.records()
        if cell(record, ("project status", "status")).lower() not in DRAFTS
    }
    stem = PurePosixPath(table.name).stem.replace("_", " ").replace("-", " ")
    row = EventRow(
        row=1, title=" ".join(stem.split()).capitalize()[:300] or "Hackathon", kind=Kind.HACKATHON,
        submissions=len(titles - {""}), event_id=f"devpost:{stem}"[:200],
    )  # fmt: skip
    return Harvest(
        DEVPOST, events=(row,), remarks=("projects were counted; names of people were not read. Give the hackathon its day",),
        columns=table.header,
    )  # fmt: skip


TIME = Source(
    key="time-entries",
    title="tracked time",
    holds=Holds.EVENTS,
    mark="`Duration` beside `Description`, `Project` and a date (Toggl, Clockify, Harvest)",
    becomes="activities with hours, one a day and description",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
)
DEVPOST = Source(
    key="devpost",
    title="Devpost submissions",
    holds=Holds.EVENTS,
    mark="`Submission Title` beside `Submission Url` or `Built With`",
    becomes="one hackathon with the number of its projects; no names",
    reads=Reads.TABLE,
    recognises=_devpost,
    read=read_devpost,
)
SOURCES = (TIME, DEVPOST)
