"""Talks and proposals: Sessionize and pretalx. Accepted ones are talks, the others calls for proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.core.vocabulary import Kind, Status
from almanac.sources.base import cells
from almanac.sources.base.cells import cell
from almanac.sources.base.dates import DateColumn
from almanac.sources.base.guests import YES
from almanac.sources.base.rows import EventRow, Gathering
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.reading import Table

TITLE = ("title", "proposal title", "session title", "submission title")
STATE = ("proposal state", "state", "status", "session status", "submission state")
STARTS = ("scheduled at", "start", "starts at", "slot start", "scheduled start")
ENDS = ("end", "ends at", "slot end")
ROOM = ("room", "hall")
ID = ("session id", "id", "code", "proposal id")
ACCEPTED = frozenset(
    ["accepted", "confirmed", "accept_queue", "accepted_queue", "scheduled", "approved"]
)
REJECTED = frozenset(
    ["rejected", "declined", "withdrawn", "canceled", "cancelled", "deleted", "decline_queue"]
)


def _sessionize(table: Table) -> bool:
    return {"session id", "title"} <= set(table.keys) and bool(
        set(table.keys) & {"speaker id", "owner", "owner informed", "date submitted"}
    )


def _pretalx(table: Table) -> bool:
    keys = set(table.keys)
    return bool(keys & {"proposal title", "submission title"}) and bool(
        keys & {"proposal state", "session type", "submission type", "state", "track"}
    )


def read(table: Table, zone: tzinfo) -> Harvest:
    found = Gathering()
    records = list(table.records())
    starts = DateColumn((cell(r, STARTS) for _, r, _ in records), zone, table.habits)
    ends = DateColumn((cell(r, ENDS) for _, r, _ in records), zone, table.habits)
    rows: dict[str, EventRow] = {}
    for line, record, raw in records:
        title, _ = cells.title_and_rest(cell(record, TITLE))
        if not title:
            found.reject(line, "has no title", raw)
            continue
        when = found.optional(line, lambda r=record: starts.read(cell(r, STARTS), "start"))  # type: ignore[misc]
        until = found.optional(line, lambda r=record: ends.read(cell(r, ENDS), "end"))  # type: ignore[misc]
        state = cell(record, STATE).lower().replace(" ", "_")
        confirmed = cell(record, ("owner confirmed",)).lower() in YES
        accepted = state in ACCEPTED or (not state and (confirmed or when is not None))
        named = cells.clean(cell(record, ID))[:100]
        # A session with two speakers stands there twice.
        rows.setdefault(
            named or title,
            EventRow(
                row=line,
                title=title,
                event_id=f"{'pretalx' if _pretalx(table) else 'sessionize'}:{named}"
                if named
                else "",
                kind=Kind.TALK if accepted else Kind.CFP,
                starts_at=when.moment if when and not when.only_day else None,
                day=when.day if when and when.only_day else None,
                ends_at=until.moment if until else None,
                status="" if accepted else Status.DECLINED if state in REJECTED else Status.DOING,
                place=cells.clean(cell(record, ROOM))[:200],
                notes=cells.clean(cell(record, ("description", "abstract")))[:20_000],
            ),
        )
    return Harvest(
        PRETALX if _pretalx(table) else SESSIONIZE,
        events=tuple(rows.values()), rejected=tuple(found.rejected),
        remarks=(*found.remarks, "names and addresses of speakers were not read"), columns=table.header,
    )  # fmt: skip


SESSIONIZE = Source(
    key="sessionize",
    title="Sessionize sessions",
    holds=Holds.EVENTS,
    mark="`Session Id` beside `Title` and `Owner` or `Speaker Id`",
    becomes="accepted ones as talks, the others as calls for proposals; no names of speakers",
    reads=Reads.TABLE,
    recognises=_sessionize,
    read=read,
)
PRETALX = Source(
    key="pretalx",
    title="pretalx sessions",
    holds=Holds.EVENTS,
    mark="`Proposal title` beside `Proposal state` or `Session type`",
    becomes="accepted ones as talks, the others as calls for proposals; no names of speakers",
    reads=Reads.TABLE,
    recognises=_pretalx,
    read=read,
)
SOURCES = (SESSIONIZE, PRETALX)
