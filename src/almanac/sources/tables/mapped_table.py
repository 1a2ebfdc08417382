"""Any other table, read by a mapping of its columns that a person confirms once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from almanac.sources.base import cells
from almanac.sources.base.rows import EventRow, Gathering
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.reading import Table

FIELDS = {
    "title": "title",
    "day": "date or time it starts",
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
    "submissions": "projects handed in",
    "announced_at": "when it was announced",
}
_WORDS = {
    "title": "title name event activity talk subject topic summary what task",
    "day": "date day when start starts starts_at start_time started datetime time event_date",
    "program": "program programme group series chapter team category project",
    "kind": "kind type",
    "event_id": "id event_id uid key",
    "status": "status state",
    "format": "format mode location_type",
    "place": "place venue location city where",
    "hours": "hours hrs effort duration_hours time_spent",
    "cost": "cost costs spend spent budget expense",
    "price": "price fee ticket_price",
    "url": "url link href website",
    "notes": "notes note description comment comments details",
    "seats": "seats capacity limit max_attendees",
    "interested": "interested interest leads",
    "signups": "signups sign_ups signed_up registered registrations rsvp rsvps yes_rsvp_count going",
    "attended": "attended attendance attendees came present checked_in participants showed_up",
    "took_part": "took_part active engaged",
    "submissions": "submissions projects entries",
    "announced_at": "announced announced_at created created_at published_at",
}
_BY_WORD = {word: field for field, words in _WORDS.items() for word in words.split()}
STATUSES = {
    "past": "done", "done": "done", "complete": "done", "completed": "done", "finished": "done",
    "planned": "planned", "upcoming": "planned", "scheduled": "planned", "todo": "planned",
    "to_do": "planned", "doing": "doing", "in_progress": "doing", "cancelled": "dropped",
    "canceled": "dropped", "dropped": "dropped", "idea": "idea", "asked": "asked",
    "declined": "declined",
}  # fmt: skip
FORMATS = {
    "online": "online", "virtual": "online", "remote": "online", "in_person": "in_person",
    "inperson": "in_person", "onsite": "in_person", "on_site": "in_person", "irl": "in_person",
    "physical": "in_person", "hybrid": "hybrid",
}  # fmt: skip
KINDS = ("event", "workshop", "hackathon", "stream", "talk", "post", "meeting", "task", "cfp")
_MEETUPS = {"meetup": "event", "webinar": "event", "conference": "event", "blog": "post",
            "article": "post", "livestream": "stream", "space": "stream"}  # fmt: skip


def signature(table: Table) -> str:
    """What tells this shape of table from another: its columns, whatever their order."""
    return hashlib.sha256("\n".join(sorted(table.keys)).encode()).hexdigest()


def guess(table: Table) -> dict[str, str]:
    """A first mapping of columns to fields, from the names of the columns."""
    mapping: dict[str, str] = {}
    for column in table.keys:
        word = "_".join(column.replace("-", " ").replace("/", " ").split())
        field = _BY_WORD.get(word)
        if field and field not in mapping.values():
            mapping[column] = field
    return mapping


def read(table: Table, mapping: dict[str, str], zone: tzinfo) -> Harvest:
    """Read the table by `mapping` (column → field); columns it does not name are left out."""
    found = Gathering()
    columns = {field: column for column, field in mapping.items()}
    samples = [record.get(columns.get("day", ""), "") for _, record, _ in table.records()]
    style = None if all(_is_iso(s) for s in samples if s.strip()) else cells.style_of(samples)
    if style is not None and ("%m/%d" in style or "%d/%m" in style):
        found.remark(f"dates were read as {'month/day' if '%m/%d' in style else 'day/month'}/year")
    events: list[EventRow] = []
    for line, record, raw in table.records():
        given = {field: record.get(column, "") for field, column in columns.items()}
        try:
            if len(raw) > len(table.header):
                raise cells.BadCellError(
                    f"has {len(raw)} cells where the header has {len(table.header)}"
                )
            events.append(_event(line, given, style, zone))
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
    left = [column for column in table.header if column.strip().lower() not in mapping]
    if left:
        found.remark(f"columns left out: {', '.join(left[:12])}")
    return Harvest(
        MAPPED,
        events=tuple(events),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=table.header,
    )


def _is_iso(text: str) -> bool:
    text = text.strip()
    return len(text) >= 10 and text[4:5] == "-" and text[7:8] == "-" and text[-1:] not in {"M", "m"}


def _event(line: int, given: dict[str, str], style: str | None, zone: tzinfo) -> EventRow:
    title, rest = cells.title_and_rest(given.get("title", ""))
    event_id = cells.clean(given.get("event_id", ""))[:200]
    if not title and not event_id:
        raise cells.BadCellError("has no title")
    when = given.get("day", "")
    starts_at = cells.styled(when, style, "date", zone)
    only_day = starts_at is not None and cells.is_day_only(when)
    kind = given.get("kind", "").strip().lower().replace(" ", "_")
    notes = "\n\n".join(filter(None, (rest, cells.clean(given.get("notes", "")))))
    return EventRow(
        row=line,
        title=title or f"Event {event_id}",
        event_id=event_id,
        program=cells.clean(given.get("program", ""))[:200],
        kind=kind if kind in KINDS else _MEETUPS.get(kind, ""),
        starts_at=None if only_day else starts_at,
        day=cells.day_of(starts_at) if only_day and starts_at else None,
        announced_at=cells.moment(given.get("announced_at", ""), "announced", zone),
        status=_known(given.get("status", ""), "status", STATUSES),
        format=_known(given.get("format", ""), "format", FORMATS),
        place=cells.clean(given.get("place", ""))[:200],
        url=given.get("url", "").strip()[:1000],
        notes=notes,
        hours=cells.hours(given.get("hours", ""), "hours"),
        cost=cells.amount(given.get("cost", ""), "cost"),
        price=cells.amount(given.get("price", ""), "price"),
        seats=cells.count(given.get("seats", ""), "seats"),
        interested=cells.count(given.get("interested", ""), "interested"),
        signups=cells.count(given.get("signups", ""), "signed up"),
        attended=cells.count(given.get("attended", ""), "came"),
        took_part=cells.count(given.get("took_part", ""), "took part"),
        submissions=cells.count(given.get("submissions", ""), "projects"),
    )


def _known(text: str, name: str, known: dict[str, str]) -> str:
    word = cells.clean(text).lower().replace(" ", "_").replace("-", "_")
    if word and word not in known:
        raise cells.BadCellError(f"{name} is “{text[:40]}”; it can be {', '.join(known)}")
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
