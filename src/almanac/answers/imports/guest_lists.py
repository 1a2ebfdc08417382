"""A guest list against the record: everyone becomes a count, people only where names are kept."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from almanac.answers.imports.event_rows import new_programs_of, planned_event
from almanac.answers.imports.import_plan import YOU_SAID, ImportPlan, PlannedEvent, PlannedGuests
from almanac.core.vocabulary import MEASURED, Evidence, GuestState, Status
from almanac.record.infra import clock
from almanac.record.infra.zones import local_day
from almanac.record.models import Activity, Guest
from almanac.record.models.programs import UNSORTED
from almanac.record.queries import preferences, seen_guests
from almanac.sources.base.rows import EventRow, GuestRow, UnreadableError
from almanac.sources.capture.kinds import kind_of

if TYPE_CHECKING:
    from almanac.record.models import Turnout
    from almanac.sources.base.rows import GuestList

FEW_CHECK_INS = 0.1
ENOUGH_SIGNUPS = 10


def plan_guests(
    empty: ImportPlan,
    lists: tuple[GuestList, ...],
    program: str,
    target: Activity | None,
    attendance: str,
    keep_names: bool,
) -> ImportPlan:
    """A list for each event. Raises UnreadableError for a list whose event a person must name."""
    lists = tuple(listed for listed in lists if listed.guests)
    if not lists:
        return replace(empty, remarks=(*empty.remarks, "it lists nobody"))
    if target is None and any(listed.wants_event for listed in lists):
        raise UnreadableError(
            f"{empty.name} looks like a list of people; say which event it belongs to with --event, by its "
            "number or words of its title."
        )
    if target is not None and len(lists) > 1:
        raise UnreadableError(
            f"{empty.name} holds guests of {len(lists)} events; import it without naming one."
        )
    plan_ = empty
    for listed in lists:
        plan_ = _with_list(plan_, listed, program, target, attendance, keep_names)
    return replace(plan_, new_programs=new_programs_of(plan_.create))


def _with_list(
    plan_: ImportPlan, listed: GuestList, program: str, target: Activity | None, attendance: str,
    keep_names: bool,
) -> ImportPlan:  # fmt: skip
    activity = target or _activity_of(listed, plan_)
    counts = _counts_of(_merged(listed, activity) if activity is not None else listed)
    turnout: dict[str, Any] = dict(counts)
    remarks = list(plan_.remarks)
    came = counts.get("attended")
    if attendance:
        turnout["attended_evidence"] = attendance
        if attendance not in MEASURED:
            turnout.pop("attended", None)
    elif came is not None and not _looks_partial(came, counts.get("signups")):
        turnout["attended_evidence"] = Evidence.COUNTED
    elif came is not None:
        turnout.pop("attended")
        remarks.append(
            f"only {came} of {counts['signups']} checked in, so perhaps attendance was not taken"
        )
    elif listed.is_register:
        remarks.append("nobody is checked in, so perhaps attendance was not taken")
    if activity is None:
        row = _row_of(listed, plan_)
        if not row.starts_at and not row.day:
            remarks.append("the file has no date; set the event’s date in the logbook")
        if not listed.title and not program:
            remarks.append("named after the file and unsorted; choose its event with --event")
        planned = planned_event(
            row,
            program or UNSORTED,
            row.event_id,
            plan_,
            clock.now(),
            preferences.value("zone"),
            None,
        )
        people = _people(listed, None, plan_.source.key, keep_names)
        return replace(
            plan_,
            create=(*plan_.create, replace(planned, turnout=turnout)),
            remarks=tuple(dict.fromkeys(remarks)),
            guests=(*plan_.guests, replace(people, position=len(plan_.create))),
        )
    before = activity.turnout_if_any
    if before is not None:
        remarks += [
            f"the list says {turnout[name]:,} {word}; you said {getattr(before, name):,}, which stays"
            for name, word in (("signups", "signed up"), ("attended", "came"))
            if name in turnout
            and _is_yours(name, before)
            and getattr(before, name) not in {None, turnout[name]}
        ]
        turnout = {
            name: value
            for name, value in turnout.items()
            if getattr(before, name) != value
            and before.origins.get(name) != YOU_SAID
            and not _is_lower(name, value, before)
        }
        if before.origins.get("attended_evidence") == YOU_SAID:
            turnout.pop("attended", None)
            turnout.pop("attended_evidence", None)
    people = replace(_people(listed, activity, plan_.source.key, keep_names), target=activity)
    fields = _day_if_missing(listed, activity)
    change = PlannedEvent(0, activity.program.name, fields, turnout, existing=activity)
    unchanged = dict(plan_.unchanged)
    if not turnout and not fields:
        unchanged["events"] = unchanged.get("events", 0) + 1
    return replace(
        plan_,
        change=(*plan_.change, *((change,) if turnout or fields else ())),
        unchanged=unchanged,
        guests=(*plan_.guests, people),
        remarks=tuple(dict.fromkeys(remarks)),
        target=target,
    )


def _day_if_missing(listed: GuestList, activity: Activity) -> dict[str, Any]:
    """The day the check-ins tell of, for an event that has none yet."""
    zone = preferences.value("zone")
    day = local_day(listed.starts_at, zone) if listed.starts_at else listed.held_on
    if activity.day is not None or day is None:
        return {}
    over = day < preferences.today()
    return {"day": day, "starts_at": listed.starts_at} | ({"status": Status.DONE} if over else {})


def _merged(listed: GuestList, activity: Activity) -> GuestList:
    """The list with everybody an earlier one had and this one lacks, each in the state they had."""
    secret = seen_guests.key()
    if secret is None:
        return listed
    before = seen_guests.seen(activity.pk)
    for guest in listed.guests:
        if guest.key:
            before.pop(seen_guests.digest(secret, activity.pk, guest.key), None)
    gone = tuple(
        GuestRow(0, "", "", GuestState(state), number=number) for state, number in before.values()
    )
    return replace(listed, guests=(*listed.guests, *gone))


def _is_yours(name: str, before: Turnout) -> bool:
    said = before.origins.get(name) == YOU_SAID
    return said or (name == "attended" and before.origins.get("attended_evidence") == YOU_SAID)


def _is_lower(name: str, value: Any, before: Turnout) -> bool:
    """A shorter export never lowers who signed up or came."""
    known = getattr(before, name)
    return name in {"signups", "attended"} and known is not None and value < known


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
    if found is None and listed.title and (listed.starts_at or listed.held_on):
        starts = listed.starts_at
        day = local_day(starts, preferences.value("zone")) if starts else listed.held_on
        found = rows.filter(title__iexact=listed.title, day=day).first()
    return found


def _row_of(listed: GuestList, plan_: ImportPlan) -> EventRow:
    stem = plan_.name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    title = listed.title or title_of_file(stem)
    when = listed.starts_at or listed.held_on
    # A meeting has one number for all its days; a list of sign-ups is of one event, whatever its day.
    of_one = bool(listed.event_id) and listed.is_register
    own = f"/{when:%Y%m%d}" if when and not of_one else ""
    own += f"/{listed.title}" if listed.title and not listed.event_id else ""
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
        day=listed.held_on if listed.starts_at is None else None,
        ends_at=listed.ends_at,
        format=plan_.source.format,
    )


_DOWNLOADED = re.compile(
    r"\s*\((?:responses|antworten|réponses|respuestas|respostas)\)|\s+-\s+(?:form responses|formularantworten|réponses au formulaire|respuestas de formulario|respostas ao formulário)\b.*$"
    r"|\s+-\s+(?:guests?|attendees?|registrations?|registrants|orders?|participants?|attendance|export|gäste|teilnehmer)\b.*$"
    r"|[\s_-]+(?:guests?|attendees?|guest[\s_-]?list|attendee[\s_-]?list|attendance(?:[\s_-]?report)?|registrations?|export)"
    r"(?:[\s_-]*\d[\d\s_.-]*)?$|[\s_-]*\(\d+\)$|[\s_-]+\d{4}[-_]\d\d[-_]\d\d(?:[-_T ]\d\d[-_.:]?\d\d(?:[-_.:]?\d\d)?)?$",
    re.IGNORECASE,
)
"""What services add to the title of an event in the name of a download."""


def title_of_file(stem: str) -> str:
    """“Tea and Types - Guests - 2026-03-21-09-00-10” is Tea and Types."""
    title = stem.replace("_", " ").strip()
    while (shorter := _DOWNLOADED.sub("", title).strip(" -_")) and shorter != title:
        title = shorter
    if "-" in title and " " not in title:
        title = title.replace("-", " ")
    title = " ".join(title.split())
    return title[:1].upper() + title[1:]


def _people(
    listed: GuestList, activity: Activity | None, source: str, keep_names: bool
) -> PlannedGuests:
    everybody = tuple(guest for guest in listed.guests if guest.key)
    if not keep_names:
        return PlannedGuests(people=len(listed.guests), seen=everybody)
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
    return PlannedGuests(new, len(listed.guests), seen=everybody)
