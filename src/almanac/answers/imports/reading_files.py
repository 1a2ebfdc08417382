"""What importing a file would create, change, leave alone and turn away."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.imports.cards import plan_cards
from almanac.answers.imports.event_rows import new_programs_of, planned_event
from almanac.answers.imports.guest_lists import plan_guests
from almanac.answers.imports.import_plan import YOU_SAID, ImportPlan, PlannedEvent
from almanac.answers.imports.other_rows import (
    plan_link_counts,
    plan_measurements,
    plan_posts,
    plan_quotes,
    plan_referrals,
)
from almanac.answers.imports.planned_by_hand import PlannedByHand
from almanac.core.vocabulary import Status
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.models import Activity, ColumnMapping, SignupObservation
from almanac.record.models.programs import UNSORTED
from almanac.record.queries import preferences
from almanac.sources.apart import Errand, read_apart
from almanac.sources.base.limits import TERMINAL, UPLOAD, within
from almanac.sources.base.rows import Rejected
from almanac.sources.base.source import Holds
from almanac.sources.recognise import harvest
from almanac.sources.tables import mapped_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from almanac.record.rules import Actor
    from almanac.sources.apart import Outcome
    from almanac.sources.base.documents import Document
    from almanac.sources.base.reading import Table
    from almanac.sources.base.rows import EventRow, PaceRow
    from almanac.sources.base.source import Harvest


def read(
    actor: Actor,
    document: Document,
    mapping: dict[str, str] | None = None,
    month_first: bool | None = None,
) -> Harvest:
    """Read one document; raises UnreadableError, or UnmappedError for a table not seen before.

    mapping: of its columns, instead of the remembered one. month_first: how its writer writes 3/4,
    where a person has said so of this file.
    """
    rules.require(rules.may_read_record, actor)
    with within(TERMINAL, document.name):
        return harvest(
            document,
            preferences.zone(),
            clock.now(),
            lambda table: mapping or remembered_mapping(table),
            _habit() if month_first is None else month_first,
        )


def read_uploads(
    actor: Actor,
    files: Sequence[tuple[str, Path]],
    mappings: dict[int, dict[str, str]],
    orders: dict[int, bool],
) -> Iterator[Outcome]:
    """Read files by name and path in a process of their own, document by document.

    mappings and orders: what a person chose for a document, by its number: its columns, and whether
    the month comes first.
    """
    rules.require(rules.may_read_record, actor)
    remembered = dict(ColumnMapping.objects.values_list("signature", "mapping"))
    errand = Errand(
        tuple(files), preferences.zone(), clock.now(), _habit(), remembered, mappings, orders
    )
    return read_apart(errand, UPLOAD)


def _habit() -> bool | None:
    return preferences.DATE_ORDERS.get(preferences.value("date_order"))


def remembered_mapping(table: Table) -> dict[str, str] | None:
    kept = ColumnMapping.objects.filter(signature=mapped_table.signature(table)).first()
    return dict(kept.mapping) if kept else None


def plan(
    actor: Actor,
    name: str,
    found: Harvest,
    *,
    program: str = "",
    chosen: Collection[int] | None = None,
    target: Activity | None = None,
    attendance: str = "",
    keep_names: bool = False,
) -> ImportPlan:
    """What a harvest would do to the record.

    program: for rows that name none. chosen: row numbers of a calendar's events to take (None:
    all). target: the event a guest list belongs to. attendance: the evidence a person declares.
    """
    rules.require(rules.may_read_record, actor)
    empty = ImportPlan(
        name=name,
        source=found.source,
        origin=f"{found.source.title}, {name}"[:200],
        rejected=found.rejected,
        remarks=found.remarks,
        columns=found.columns,
    )
    match found.source.holds:
        case Holds.GUESTS:
            return plan_guests(empty, found.guest_lists, program, target, attendance, keep_names)
        case Holds.PACE:
            return _plan_pace(empty, found.pace)
        case Holds.POSTS:
            return plan_posts(empty, found.posts, program)
        case Holds.MEASUREMENTS:
            return plan_measurements(empty, found.measurements)
        case Holds.QUOTES:
            return plan_quotes(empty, found.quotes)
        case Holds.CARDS:
            return plan_cards(empty, found.cards, program)
        case Holds.REFERRALS:
            return plan_referrals(empty, found.referrals)
        case Holds.LINK_COUNTS:
            return plan_link_counts(empty, found.link_counts)
        case Holds.EVENTS if target is not None and found.source.key == DEVPOST:
            return _submissions_of(empty, found.events, target)
        case Holds.EVENTS:
            events = [row for row in found.events if chosen is None or row.row in chosen]
            return _plan_events(empty, events, program)


DEVPOST = "devpost"


def _submissions_of(empty: ImportPlan, events: Iterable[EventRow], target: Activity) -> ImportPlan:
    """How many projects a file lists, for the hackathon that a person named."""
    number = next((row.submissions for row in events if row.submissions is not None), None)
    turnout = target.turnout_if_any
    remark = "the projects themselves are read with almanac hackathon projects, or on the hackathon’s page"
    stays = (
        turnout is not None
        and turnout.submissions is not None
        and (
            turnout.submissions == number
            or turnout.origins.get("submissions", YOU_SAID) == YOU_SAID
        )
    )
    if number is None or stays:
        return replace(empty, unchanged={"events": 1}, remarks=(*empty.remarks, remark))
    item = PlannedEvent(1, target.program.name, {}, {"submissions": number}, existing=target)
    return replace(empty, change=(item,), remarks=(*empty.remarks, remark))


def _plan_events(empty: ImportPlan, events: Iterable[EventRow], program: str) -> ImportPlan:
    now, home_zone = clock.now(), preferences.value("zone")
    rows = [
        (row, row.program or program or UNSORTED, row.event_id or _derived_id(row))
        for row in events
    ]
    existing = _existing(empty.source.key)
    by_hand = PlannedByHand.of(
        (row.title, event_id)
        for row, named, event_id in rows
        if (named.lower(), event_id) not in existing
    )
    create: list[PlannedEvent] = []
    change: list[PlannedEvent] = []
    unchanged = cancelled = 0
    rejected = list(empty.rejected)
    seen: dict[tuple[str, str], tuple[int, EventRow]] = {}
    for row, named, event_id in rows:
        key = (named.lower(), event_id)
        if key in seen:
            first, same = seen[key]
            if replace(same, row=0) == replace(row, row=0):
                unchanged += 1
            else:
                rejected.append(
                    Rejected(
                        row.row,
                        f"is the same event as row {first}, with different values",
                        (row.program, event_id, row.title),
                    )
                )
            continue
        seen[key] = (row.row, row)
        before = existing.get(key)
        joined = by_hand.find(row, event_id, home_zone) if before is None else None
        if joined is not None and joined.stays:
            unchanged += 1
            continue
        if (
            joined is None
            and before is None
            and row.status == Status.DROPPED
            and empty.source.key == "ics"
        ):
            cancelled += 1
            continue
        before = before or (joined.activity if joined else None)
        planned = planned_event(row, named, event_id, empty, now, home_zone, before)
        if joined is not None and not joined.activity.event_id:
            planned.activity["event_id"] = event_id
        if before is None:
            create.append(planned)
        elif planned.activity or planned.turnout:
            change.append(planned)
        else:
            unchanged += 1
    return replace(
        empty,
        create=tuple(create),
        change=tuple(change),
        unchanged={"events": unchanged},
        rejected=tuple(rejected),
        remarks=(*empty.remarks, *_left_out(cancelled)),
        new_programs=new_programs_of(create),
    )


def _left_out(cancelled: int) -> tuple[str, ...]:
    if not cancelled:
        return ()
    said = words.counted(cancelled, "cancelled event was", "cancelled events were")
    return (f"{said} left out",)


def _existing(source: str) -> dict[tuple[str, str], Activity]:
    rows = Activity.objects.select_related("program", "turnout")
    if source == "ics":
        rows = rows.filter(source="ics")
    # What has no id of its own is exported under this one, and comes back under it.
    return {
        (row.program.name.lower(), row.event_id or f"almanac-{row.pk}"): row
        for row in rows.iterator(2000)
    }


def _derived_id(row: EventRow) -> str:
    when = row.starts_at or row.day or ""
    seed = f"{row.title}|{when}"
    return f"row-{hashlib.sha256(seed.encode()).hexdigest()[:16]}"


def _plan_pace(empty: ImportPlan, rows: Iterable[PaceRow]) -> ImportPlan:
    wanted = list(rows)
    ids = {row.event_id for row in wanted}
    by_id: dict[str, list[Activity]] = {}
    for activity in Activity.objects.exclude(event_id="").select_related("program"):
        if activity.event_id in ids:
            by_id.setdefault(activity.event_id, []).append(activity)
    known = {
        (activity_id, moment): count
        for activity_id, moment, count in SignupObservation.objects.values_list(
            "activity_id", "observed_at", "signups"
        )
    }
    new: list[SignupObservation] = []
    rejected = list(empty.rejected)
    unchanged = 0
    for row in wanted:
        cells = (row.program, row.event_id, row.observed_at.isoformat(), str(row.signups))
        event = _event_of(row, by_id.get(row.event_id, []))
        if event is None:
            rejected.append(
                Rejected(
                    row.row, "is of an event that is not in the logbook; import it first", cells
                )
            )
            continue
        before = known.get((event.pk, row.observed_at))
        if before is None:
            known[event.pk, row.observed_at] = row.signups
            new.append(
                SignupObservation(activity=event, observed_at=row.observed_at, signups=row.signups)
            )
        elif before == row.signups:
            unchanged += 1
        else:
            rejected.append(
                Rejected(
                    row.row, f"says {row.signups} where {before} stands for that moment", cells
                )
            )
    return replace(empty, pace=tuple(new), unchanged={"pace": unchanged}, rejected=tuple(rejected))


def _event_of(row: PaceRow, candidates: list[Activity]) -> Activity | None:
    named = [
        activity
        for activity in candidates
        if not row.program
        or row.program.lower() in {activity.program.name.lower(), activity.program.slug}
    ]
    return named[0] if len(named) == 1 else None
