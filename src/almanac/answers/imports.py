"""What importing a file would create, change, leave alone and turn away."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from almanac.record import clock, rules
from almanac.record.models import (
    Activity,
    ColumnMapping,
    Evidence,
    Guest,
    Kind,
    Program,
    SignupObservation,
    Status,
)
from almanac.record.models.programs import UNSORTED
from almanac.record.models.turnout import ASIDE, COUNTS
from almanac.record.queries import preferences
from almanac.record.zones import is_zone, local_day, name_of_offset, zone_of
from almanac.sources import plain_csv
from almanac.sources.capture_line import kind_of
from almanac.sources.recognise import harvest
from almanac.sources.rows import EventRow, GuestState, Rejected

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from almanac.record.rules import Actor
    from almanac.sources.reading import Document, Table
    from almanac.sources.rows import GuestList, Harvest, PaceRow

COUNT_FIELDS = ("seats", *COUNTS, *ASIDE)
FEW_CHECK_INS = 0.1
ENOUGH_SIGNUPS = 10
YOU_SAID = "you said"


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """One event to be created or changed: the values of both rows, by field."""

    row: int
    program: str
    activity: dict[str, Any]
    turnout: dict[str, Any]
    url: str = ""
    existing: Activity | None = None

    @property
    def title(self) -> str:
        return str(self.activity.get("title") or (self.existing.title if self.existing else ""))


@dataclass(frozen=True, slots=True)
class PlannedGuests:
    """A guest list for one event: counts, and people only where names are kept."""

    guests: tuple[Guest, ...] = ()
    people: int = 0
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What one file would do. Counts are by kind of row: events, pace, guests."""

    name: str
    source: str
    title: str
    origin: str
    create: tuple[PlannedEvent, ...] = ()
    change: tuple[PlannedEvent, ...] = ()
    unchanged: dict[str, int] = field(default_factory=dict)
    pace: tuple[SignupObservation, ...] = ()
    guests: PlannedGuests | None = None
    rejected: tuple[Rejected, ...] = ()
    rejected_kind: str = "events"
    remarks: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    new_programs: tuple[str, ...] = ()
    target: Activity | None = None

    @property
    def does_nothing(self) -> bool:
        keeps = self.guests is not None and bool(self.guests.guests)
        return not (self.create or self.change or self.pace or keeps)


def read(actor: Actor, document: Document, mapping: dict[str, str] | None = None) -> Harvest:
    """Read one document; raises UnreadableError, or UnmappedError for a table not seen before."""
    rules.require(rules.may_read_record, actor)
    now = clock.now()
    return harvest(
        document, preferences.zone(), now, lambda table: mapping or remembered_mapping(table)
    )


def remembered_mapping(table: Table) -> dict[str, str] | None:
    kept = ColumnMapping.objects.filter(signature=plain_csv.signature(table)).first()
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
) -> Plan:
    """What a harvest would do to the record.

    program: for rows that name none. chosen: row numbers of a calendar's events to take (None:
    all). target: the event a guest list belongs to. attendance: the evidence a person declares.
    """
    rules.require(rules.may_read_record, actor)
    empty = Plan(
        name=name,
        source=found.source,
        title=found.title,
        origin=f"{found.title}, {name}"[:200],
        rejected=found.rejected,
        rejected_kind="pace" if found.pace else "guests" if found.guest_list else "events",
        remarks=found.remarks,
        columns=found.columns,
    )
    if found.guest_list is not None:
        return _plan_guests(empty, found.guest_list, program, target, attendance, keep_names)
    if found.pace or found.source == "pace-table":
        return _plan_pace(empty, found.pace)
    events = [row for row in found.events if chosen is None or row.row in chosen]
    return _plan_events(empty, events, program)


# Events


def _plan_events(empty: Plan, events: Iterable[EventRow], program: str) -> Plan:
    now, home_zone = clock.now(), preferences.value("zone")
    existing = _existing(empty.source)
    create: list[PlannedEvent] = []
    change: list[PlannedEvent] = []
    unchanged = 0
    rejected = list(empty.rejected)
    seen: dict[tuple[str, str], tuple[int, EventRow]] = {}
    for row in events:
        named = row.program or program or UNSORTED
        event_id = row.event_id or _derived_id(row)
        key = (named.lower(), event_id)
        if key in seen:
            first, same = seen[key]
            if replace(same, row=0) == replace(row, row=0):
                unchanged += 1
            else:
                rejected.append(
                    Rejected(
                        row.row,
                        f"is the same event as row {first}, told differently",
                        (row.program, event_id, row.title),
                    )
                )
            continue
        seen[key] = (row.row, row)
        before = existing.get(key)
        planned = _planned(row, named, event_id, empty, now, home_zone, before)
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
        new_programs=_new_programs(create),
    )


def _new_programs(create: Iterable[PlannedEvent]) -> tuple[str, ...]:
    known = {name.lower() for name in Program.objects.values_list("name", flat=True)}
    wanted = {item.program.lower(): item.program for item in create}
    return tuple(name for lower, name in wanted.items() if lower not in known)


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


def _planned(
    row: EventRow,
    program: str,
    event_id: str,
    plan_: Plan,
    now: datetime,
    home_zone: str,
    before: Activity | None,
) -> PlannedEvent:
    activity = _activity_values(row, now, home_zone)
    turnout = {
        name: value for name in COUNT_FIELDS if (value := getattr(row, name, None)) is not None
    }
    if row.attended_evidence:
        turnout["attended_evidence"] = row.attended_evidence
    if before is None:
        activity |= {"event_id": event_id, "source": plan_.source}
        activity["kind"] = row.kind or _kind(row, program, plan_.source)
        return PlannedEvent(row.row, program, activity, turnout, row.url)
    given = {name: value for name, value in activity.items() if _differs(before, name, value)}
    # The status a file implies by its date never overrules what a person has set since.
    if not row.status:
        given.pop("status", None)
    counts = before.turnout_if_any
    told = {
        name: value
        for name, value in turnout.items()
        if counts is None
        or (getattr(counts, name) != value and counts.origins.get(name) != YOU_SAID)
    }
    if counts is not None and counts.origins.get("attended_evidence") == YOU_SAID:
        # However attendance was known, a person has said so; no file knows better.
        told.pop("attended_evidence", None)
        told.pop("attended", None)
    return PlannedEvent(row.row, program, given, told, row.url, before)


def _activity_values(row: EventRow, now: datetime, home_zone: str) -> dict[str, Any]:
    zone = row.zone if row.zone and is_zone(row.zone) else ""
    if not zone:
        zone = name_of_offset(row.starts_at) if row.starts_at else home_zone
        home = zone_of(home_zone)
        if (
            row.starts_at
            and row.starts_at.utcoffset() == row.starts_at.astimezone(home).utcoffset()
        ):
            zone = home_zone
    day = local_day(row.starts_at, zone) if row.starts_at else row.day
    values: dict[str, Any] = {
        "title": row.title,
        "zone": zone,
        "starts_at": row.starts_at,
        "day": day,
    }
    over = row.starts_at < now if row.starts_at else day is not None and day < now.date()
    values["status"] = row.status or (Status.DONE if over else Status.PLANNED)
    optional = {
        "announced_at": row.announced_at,
        "ends_at": row.ends_at,
        "format": row.format,
        "place": row.place,
        "notes": row.notes,
        "price": _decimal(row.price),
        "cost": _decimal(row.cost),
        "hours_spent": _decimal(row.hours),
    }
    return values | {name: value for name, value in optional.items() if value not in (None, "")}


def _kind(row: EventRow, program: str, source: str) -> str:
    told = kind_of(f"{row.title} {program}")
    if source in {"ics", "csv"}:
        return told if told != Kind.TASK else Kind.EVENT
    return Kind.HACKATHON if told == Kind.HACKATHON else Kind.EVENT


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


def _differs(before: Activity, name: str, value: Any) -> bool:
    if name == "zone" and value.startswith(("+", "-")):
        return False  # a bare offset says less than the zone already kept
    kept = getattr(before, name)
    if isinstance(kept, datetime) and isinstance(value, datetime):
        # Times in the hour a clock jumps are never equal across zones, but are in UTC.
        return kept.astimezone(UTC) != value.astimezone(UTC)
    return bool(kept != value)


# Sign-ups as they came in


def _plan_pace(empty: Plan, rows: Iterable[PaceRow]) -> Plan:
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


# Guest lists


def _plan_guests(
    empty: Plan,
    listed: GuestList,
    program: str,
    target: Activity | None,
    attendance: str,
    keep_names: bool,
) -> Plan:
    if not listed.guests:
        return replace(empty, remarks=(*empty.remarks, "nobody is on it"))
    counts = _counts_of(listed)
    activity = target or _activity_of(listed, empty)
    turnout: dict[str, Any] = dict(counts)
    remarks = list(empty.remarks)
    came = counts.get("attended")
    if attendance:
        turnout["attended_evidence"] = attendance
        if attendance != Evidence.COUNTED:
            turnout.pop("attended", None)
    elif came is not None and not _looks_partial(came, counts.get("signups")):
        turnout["attended_evidence"] = Evidence.COUNTED
    elif came is not None:
        turnout.pop("attended")
        remarks.append(f"only {came} of {counts['signups']} checked in; was attendance taken?")
    elif listed.is_register:
        remarks.append("nobody is checked in, which may mean nobody scanned; was attendance taken?")
    if activity is None:
        row = _row_of(listed, empty)
        planned = _planned(
            row,
            program or UNSORTED,
            row.event_id,
            empty,
            clock.now(),
            preferences.value("zone"),
            None,
        )
        create = (replace(planned, turnout=turnout),)
        return replace(
            empty,
            create=create,
            remarks=tuple(remarks),
            guests=_people(listed, None, empty.source, keep_names),
            new_programs=_new_programs(create),
        )
    before = activity.turnout_if_any
    if before is not None:
        turnout = {
            name: value
            for name, value in turnout.items()
            if getattr(before, name) != value and before.origins.get(name) != YOU_SAID
        }
        if before.origins.get("attended_evidence") == YOU_SAID:
            turnout.pop("attended", None)
    people = _people(listed, activity, empty.source, keep_names)
    change = PlannedEvent(0, activity.program.name, {}, turnout, existing=activity)
    return replace(
        empty,
        change=(change,) if turnout else (),
        unchanged={} if turnout else {"events": 1},
        guests=people,
        remarks=tuple(remarks),
        target=activity,
    )


def _counts_of(listed: GuestList) -> dict[str, int]:
    """Everyone apart: on the waitlist, only invited, waiting, declined, cancelled, not come."""
    states = listed.counts()
    came, absent = states.get(GuestState.ATTENDED, 0), states.get(GuestState.NO_SHOW, 0)
    counts: dict[str, int] = {}
    if listed.is_register:
        counts["signups"] = states.get(GuestState.SIGNED_UP, 0) + came + absent
    if came:
        counts["attended"] = came
    names = {
        GuestState.WAITLISTED: "waitlisted",
        GuestState.INVITED: "invited",
        GuestState.PENDING: "pending",
        GuestState.DECLINED: "declined",
        GuestState.CANCELLED: "cancelled",
        GuestState.NO_SHOW: "no_shows",
    }
    return counts | {name: states[state] for state, name in names.items() if states.get(state)}


def _looks_partial(came: int, signups: int | None) -> bool:
    """A single scan among hundreds is a test of the scanner, not attendance."""
    return signups is not None and signups >= ENOUGH_SIGNUPS and came < FEW_CHECK_INS * signups


def _activity_of(listed: GuestList, plan_: Plan) -> Activity | None:
    """The event in the logbook that a list is plainly of: by id, else by title and day."""
    row = _row_of(listed, plan_)
    rows = Activity.objects.select_related("program", "turnout")
    ids = {row.event_id, listed.event_id} - {""}
    found = rows.filter(event_id__in=ids).order_by("id").first()
    if found is None and listed.title and listed.starts_at:
        day = local_day(listed.starts_at, preferences.value("zone"))
        found = rows.filter(title__iexact=listed.title, day=day).first()
    return found


def _row_of(listed: GuestList, plan_: Plan) -> EventRow:
    stem = plan_.name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    title = listed.title or stem.replace("_", " ").replace("-", " ").strip().capitalize()
    own = f"/{listed.starts_at:%Y%m%d}" if listed.starts_at else ""
    event_id = f"{plan_.source}:{listed.event_id or stem}{own}"[:200]
    kind = kind_of(title)
    return EventRow(
        row=0,
        title=title[:300] or "An event",
        event_id=event_id,
        kind=kind
        if kind in {"event", "workshop", "hackathon", "stream", "talk", "meeting"}
        else "event",
        starts_at=listed.starts_at,
        ends_at=listed.ends_at,
        format="online" if plan_.source == "zoom" else "",
    )


def _people(
    listed: GuestList, activity: Activity | None, source: str, keep_names: bool
) -> PlannedGuests:
    if not keep_names:
        return PlannedGuests(people=len(listed.guests))
    kept = set()
    if activity is not None:
        kept = set(activity.guests.values_list("name", "email", "status"))
    new = tuple(
        Guest(
            name=guest.name[:200], email=guest.email[:254], status=str(guest.state), source=source
        )
        for guest in listed.guests
        if (guest.name[:200], guest.email[:254], str(guest.state)) not in kept
    )
    return PlannedGuests(new, len(listed.guests), unchanged=not new)
