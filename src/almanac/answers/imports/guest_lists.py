"""A guest list against the record: everyone becomes a count, people only where names are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from almanac.answers.imports.event_rows import new_programs_of, planned_event
from almanac.answers.imports.import_plan import YOU_SAID, ImportPlan, PlannedEvent, PlannedGuests
from almanac.core.vocabulary import Evidence, GuestState
from almanac.record.infra import clock
from almanac.record.infra.zones import local_day
from almanac.record.models import Activity, Guest
from almanac.record.models.programs import UNSORTED
from almanac.record.queries import preferences
from almanac.sources.base.rows import EventRow
from almanac.sources.capture.kinds import kind_of

if TYPE_CHECKING:
    from almanac.sources.base.rows import GuestList

FEW_CHECK_INS = 0.1
ENOUGH_SIGNUPS = 10


def plan_guests(
    empty: ImportPlan,
    listed: GuestList,
    program: str,
    target: Activity | None,
    attendance: str,
    keep_names: bool,
) -> ImportPlan:
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
        planned = planned_event(
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
            guests=_people(listed, None, empty.source.key, keep_names),
            new_programs=new_programs_of(create),
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
    people = _people(listed, activity, empty.source.key, keep_names)
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


def _activity_of(listed: GuestList, plan_: ImportPlan) -> Activity | None:
    """The event in the logbook that a list is plainly of: by id, else by title and day."""
    row = _row_of(listed, plan_)
    rows = Activity.objects.select_related("program", "turnout")
    ids = {row.event_id, listed.event_id} - {""}
    found = rows.filter(event_id__in=ids).order_by("id").first()
    if found is None and listed.title and listed.starts_at:
        day = local_day(listed.starts_at, preferences.value("zone"))
        found = rows.filter(title__iexact=listed.title, day=day).first()
    return found


def _row_of(listed: GuestList, plan_: ImportPlan) -> EventRow:
    stem = plan_.name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    title = listed.title or stem.replace("_", " ").replace("-", " ").strip().capitalize()
    own = f"/{listed.starts_at:%Y%m%d}" if listed.starts_at else ""
    event_id = f"{plan_.source.key}:{listed.event_id or stem}{own}"[:200]
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
        format=plan_.source.format,
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
    return PlannedGuests(new, len(listed.guests))
