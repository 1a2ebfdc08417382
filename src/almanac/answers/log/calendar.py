"""What a calendar elsewhere shows: events, what is due, and what was cancelled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from almanac.core.vocabulary import GATHERINGS, TAKES_PLACE, Status
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.models import Activity, Change, Person
from almanac.record.queries import preferences, private
from almanac.record.queries.activities import steps_between

if TYPE_CHECKING:
    from almanac.record.models import Part
    from almanac.record.rules import Actor

UID = "almanac-{key}@almanac"
"""The name of an activity in calendars elsewhere, by which it comes back."""
BACK, AHEAD = timedelta(days=60), timedelta(days=800)
BEFORE_DUE = timedelta(hours=-15)
"""Nine in the morning of the day before, from the midnight on which a day begins."""
AFTER_EVENT = timedelta(minutes=30)
SHOWN = (Status.PLANNED, Status.DOING, Status.DONE, Status.DROPPED)


@dataclass(frozen=True, slots=True)
class CalendarItem:
    """starts_at, ends_at: in the zone of the event, None where it is a whole day; version: grows with every
    change; key, written_at: of its activity; alarms: how long after the start (after the end where
    `after_end`), and what to say."""

    uid: str
    title: str
    day: date
    last: date
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    url: str
    cancelled: bool
    key: int
    written_at: datetime
    changed_at: datetime
    version: int = 0
    alarm: str = ""
    alarm_at: timedelta = timedelta()
    alarm_after_end: bool = False


def calendar_items(actor: Actor) -> list[CalendarItem]:
    """Everything with a day, from two months ago to two years ahead, soonest first."""
    rules.require(rules.may_read_private, actor)
    today = preferences.today()
    reminders = set(private.value("reminders"))
    span = (today - BACK, today + AHEAD)
    rows = (
        Activity.objects.filter(
            Q(day__range=span) | Q(due__range=span), status__in=SHOWN, period="", holder=""
        )
        .prefetch_related("links")
        .order_by("day", "starts_at", "id")
    )
    found = [item for row in rows for item in _items(row, reminders)]
    found += [_step(part, reminders) for part in steps_between(*span)]
    found += [_follow_up(person) for person in Person.objects.filter(follow_up_on__range=span)]
    undone = _undone_at()
    found = [_as_of(item, undone.get(item.key, item.changed_at)) for item in found]
    return sorted(found, key=lambda item: (item.day, item.uid))


def _undone_at() -> dict[int, datetime]:
    """When a change of an activity was last undone. Undoing puts back the time of the change before,
    and a calendar elsewhere takes only what is later than what it has."""
    found: dict[int, datetime] = {}
    undone = Change.objects.exclude(undone_at=None).order_by("undone_at")
    for at, undo in undone.values_list("undone_at", "undo"):
        if undo and at is not None:
            found |= dict.fromkeys(map(int, undo["before"].get("activity", {})), at)
    return found


def _as_of(item: CalendarItem, undone_at: datetime) -> CalendarItem:
    at = max(item.changed_at, undone_at)
    return replace(item, changed_at=at, version=max(0, int((at - item.written_at).total_seconds())))


def _items(row: Activity, reminders: set[str]) -> list[CalendarItem]:
    found = []
    own = row.kind in TAKES_PLACE or row.due is None
    if row.day is not None and own:
        if row.kind in TAKES_PLACE or row.status == Status.DONE:
            asks = row.kind in GATHERINGS and "outcome" in reminders
            found.append(_item(row, row.day, "", "How many came?" if asks else "", after_end=True))
        else:
            remind = f"Due tomorrow: {row.title}" if "due" in reminders else ""
            found.append(_item(row, row.day, "", remind))
    if row.due is not None and row.status != Status.DONE:
        remind = f"Due tomorrow: {row.title}" if "due" in reminders else ""
        found.append(_item(row, row.due, "Due: ", remind))
    return found


def _step(part: Part, reminders: set[str]) -> CalendarItem:
    """A step of a playbook on the day it is due."""
    row, day = part.activity, part.day or preferences.day_of(part.activity.created_at)
    title = f"{part.title} ({row.title})"
    return CalendarItem(
        uid=UID.format(key=f"{part.pk}-step"),
        title=f"Due: {title}",
        day=day,
        last=day,
        starts_at=None,
        ends_at=None,
        place="",
        url="",
        cancelled=False,
        key=row.pk,
        written_at=row.created_at,
        changed_at=row.updated_at,
        alarm=f"Due tomorrow: {title}" if "due" in reminders else "",
        alarm_at=BEFORE_DUE,
    )


def _follow_up(person: Person) -> CalendarItem:
    """Somebody to talk to again; the feed is the practitioner's own."""
    day = person.follow_up_on or preferences.day_of(person.created_at)
    about = f": {person.follow_up}" if person.follow_up else ""
    return CalendarItem(
        uid=UID.format(key=f"{person.pk}-person"), title=f"Follow up with {person.name}{about}", day=day, last=day,
        starts_at=None, ends_at=None, place="", url="", cancelled=False, key=0,
        written_at=person.created_at, changed_at=person.updated_at,
    )  # fmt: skip


def _item(
    row: Activity, day: date, prefix: str, alarm: str, *, after_end: bool = False
) -> CalendarItem:
    starts = row.local_start if not prefix else None
    ends = row.ends_at.astimezone(row.tzinfo) if row.ends_at and starts else None
    links = list(row.links.all())
    return CalendarItem(
        uid=UID.format(key=row.pk) if not prefix else UID.format(key=f"{row.pk}-due"),
        title=f"{prefix}{row.title}",
        day=day,
        last=day if prefix else max(row.days, default=day),
        starts_at=starts,
        ends_at=ends or (starts + timedelta(hours=1) if starts else None),
        place=row.place if not prefix else "",
        url=links[0].url if links else "",
        cancelled=row.status == Status.DROPPED,
        key=row.pk,
        written_at=row.created_at,
        changed_at=row.updated_at,
        alarm=alarm,
        alarm_at=AFTER_EVENT if after_end else BEFORE_DUE,
        alarm_after_end=after_end,
    )


def coming_reminders(actor: Actor, now: datetime | None = None) -> list[str]:
    """What to be reminded of today, of what was chosen: what is due by tomorrow, and events that are over
    without a count."""
    rules.require(rules.may_read_private, actor)
    now = now or clock.now()
    chosen = set(private.value("reminders"))
    today = preferences.day_of(now)
    found = []
    if "due" in chosen:
        span = (today, today + timedelta(days=1))
        rows = Activity.objects.filter(
            Q(due__range=span) | Q(~Q(kind__in=TAKES_PLACE), due=None, day__range=span, period=""),
            status__in=(Status.PLANNED, Status.DOING),
            holder="",
        )
        found += [
            f"Due {'today' if (row.due or row.day) == today else 'tomorrow'}: {row.title}"
            for row in rows.order_by("due", "day", "id")
        ]
        found += [
            f"Due {'today' if part.day == today else 'tomorrow'}: {part.title} ({part.activity.title})"
            for part in steps_between(*span)
        ]
    if "outcome" in chosen:
        midnight = datetime.combine(today - timedelta(days=1), time(), preferences.zone())
        rows = Activity.objects.filter(
            Q(turnout__isnull=True) | Q(turnout__attended_evidence=""),
            kind__in=GATHERINGS, starts_at__range=(midnight, now), status__in=(Status.PLANNED, Status.DOING, Status.DONE),
        )  # fmt: skip
        found += [f"How many came to “{row.title}”?" for row in rows.order_by("starts_at", "id")]
    return found
