"""Almanac's own events table and sign-up pace table (docs/reference/events-table.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from almanac.core.vocabulary import Kind, values
from almanac.sources.base import cells
from almanac.sources.base.formulas import whole
from almanac.sources.base.rows import EventRow, Gathering, PaceRow
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, tzinfo

    from almanac.sources.base.reading import Table

Value = TypeVar("Value")

COLUMNS = [
    "program",
    "event_id",
    "title",
    "starts_at",
    "announced_at",
    "status",
    "format",
    "seats",
    "price",
    "interested",
    "signups",
    "attended",
    "attended_evidence",
    "submissions",
]
PACE_COLUMNS = ("program", "event_id", "starts_at", "observed_at", "signups")
STATUSES = {"": "", "past": "done", "cancelled": "dropped", "planned": "planned"}
FORMATS = ("online", "in_person", "hybrid")
EVIDENCES = ("counted", "approximate", "registered_only", "not_measured")
MAY_ALSO = frozenset({"capacity", "kind", "took_part", "waitlisted", "cancelled", "no_shows"})


def recognises(table: Table) -> bool:
    keys = set(table.keys)
    return (
        "starts_at" in keys and bool(keys & {"event_id", "title"}) and keys <= {*COLUMNS, *MAY_ALSO}
    )


def recognises_pace(table: Table) -> bool:
    return {"event_id", "observed_at", "signups"} <= set(table.keys) <= set(PACE_COLUMNS)


def read(table: Table, zone: tzinfo) -> Harvest:
    found = Gathering()
    events: list[EventRow] = []
    if len(set(table.keys)) != len(table.keys):
        found.remark("a column stands twice in the header; the last one was read")
    for line, record, raw in table.records():
        if len(raw) != len(table.header):
            found.reject(
                line, f"has {len(raw)} cells where the header has {len(table.header)}", raw
            )
            continue
        try:
            events.append(_event(line, record, zone, found))
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
    return Harvest(
        EVENTS_TABLE,
        events=tuple(events),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=table.header,
    )


def _event(line: int, record: dict[str, str], zone: tzinfo, found: Gathering) -> EventRow:
    def optional(name: str, read: Callable[[str, str], Value | None]) -> Value | None:
        return found.optional(line, lambda: read(record.get(name, ""), name))

    def one_of(name: str, allowed: Sequence[str]) -> str:
        return optional(name, lambda text, of: cells.choice(text, of, allowed)) or ""

    def when(text: str, name: str) -> datetime | None:
        return cells.moment(text, name, zone)

    starts = record.get("starts_at", "")
    starts_at = cells.moment(starts, "starts_at", zone)
    title, rest = cells.title_and_rest(whole(record.get("title", "")))
    event_id = cells.clean(whole(record.get("event_id", "")))[:200]
    if not title and not event_id:
        raise cells.BadCellError("neither title nor event_id says which event this is")
    if starts_at is not None and not _has_offset(starts):
        found.remark("times without an offset were read in your own time zone")
    seats = "seats" if record.get("seats") else "capacity"
    only_day = starts_at is not None and cells.is_day_only(starts)
    evidence = one_of("attended_evidence", EVIDENCES)
    attended = optional("attended", cells.count)
    if evidence in {"counted", "approximate"} and attended is None:
        found.remark(
            f"row {line}: attended_evidence is {evidence}, but attended is empty, so it was left out"
        )
        evidence = ""
    if evidence in {"registered_only", "not_measured"} and attended is not None:
        found.remark(
            f"row {line}: attended_evidence is {evidence}, yet attended is {attended}, which was left out"
        )
        attended = None
    return EventRow(
        row=line,
        title=title or f"Event {event_id}",
        event_id=event_id,
        program=cells.clean(whole(record.get("program", "")))[:200],
        kind=one_of("kind", values(Kind)),
        starts_at=None if only_day else starts_at,
        day=cells.day_of(starts_at) if only_day and starts_at else None,
        announced_at=optional("announced_at", when),
        status=STATUSES[one_of("status", tuple(STATUSES)[1:])],
        format=one_of("format", FORMATS),
        notes=rest,
        price=optional("price", cells.amount),
        seats=optional(seats, cells.count),
        interested=optional("interested", cells.count),
        signups=optional("signups", cells.count),
        attended=attended,
        attended_evidence=evidence,
        took_part=optional("took_part", cells.count),
        submissions=optional("submissions", cells.count),
        waitlisted=optional("waitlisted", cells.count),
        cancelled=optional("cancelled", cells.count),
        no_shows=optional("no_shows", cells.count),
    )


def _has_offset(text: str) -> bool:
    return text.rstrip().endswith("Z") or "+" in text or "-" in text[10:]


def read_pace(table: Table, zone: tzinfo) -> Harvest:
    found = Gathering()
    pace: list[PaceRow] = []
    for line, record, raw in table.records():
        try:
            if len(raw) != len(table.header):
                raise cells.BadCellError(
                    f"has {len(raw)} cells where the header has {len(table.header)}"
                )
            observed = cells.moment(record.get("observed_at", ""), "observed_at", zone)
            signups = cells.count(record.get("signups", ""), "signups")
            event_id = cells.clean(whole(record.get("event_id", "")))
            if observed is None or signups is None or not event_id:
                raise cells.BadCellError("event_id, observed_at and signups are all needed")
            starts_at = cells.moment(record.get("starts_at", ""), "starts_at", zone)
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
            continue
        program = cells.clean(whole(record.get("program", "")))
        pace.append(PaceRow(line, program, event_id, starts_at, observed, signups))
    return Harvest(
        PACE_TABLE,
        pace=tuple(pace),
        rejected=tuple(found.rejected),
        columns=table.header,
    )


PACE_TABLE = Source(
    key="pace-table",
    title="a sign-up pace table",
    holds=Holds.PACE,
    mark="`event_id,observed_at,signups`",
    becomes="sign-ups as they came in",
    reads=Reads.TABLE,
    recognises=recognises_pace,
    read=read_pace,
)

EVENTS_TABLE = Source(
    key="events-table",
    title="an events table",
    holds=Holds.EVENTS,
    mark="a header within [these columns](../reference/events-table.md)",
    becomes="events with their counts",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
)
SOURCES = (PACE_TABLE, EVENTS_TABLE)
