"""One event of a file against the record: what of it is new, what differs."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from almanac.answers.imports.import_plan import YOU_SAID, ImportPlan, PlannedEvent
from almanac.core.vocabulary import COUNTS, Kind, Status
from almanac.record.infra.zones import is_zone, local_day, name_of_offset, zone_of
from almanac.record.models import Program
from almanac.record.models.activities import ASIDE
from almanac.sources.capture.formats import format_of_place
from almanac.sources.capture.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from almanac.record.models import Activity
    from almanac.sources.base.rows import EventRow

COUNT_FIELDS = ("seats", *COUNTS, *ASIDE)


def planned_event(
    row: EventRow,
    program: str,
    event_id: str,
    plan_: ImportPlan,
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
        activity |= {"event_id": event_id, "source": plan_.source.key}
        activity["kind"] = row.kind or _kind(row, program, plan_.source.key)
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
        "period": row.period,
    }
    over = row.starts_at < now if row.starts_at else day is not None and day < now.date()
    values["status"] = row.status or (Status.DONE if over else Status.PLANNED)
    optional = {
        "announced_at": row.announced_at,
        "ends_at": row.ends_at,
        "format": row.format or format_of_place(row.place),
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


def new_programs_of(create: Iterable[PlannedEvent]) -> tuple[str, ...]:
    known = {name.lower() for name in Program.objects.values_list("name", flat=True)}
    wanted = {item.program.lower(): item.program for item in create}
    return tuple(name for lower, name in wanted.items() if lower not in known)
