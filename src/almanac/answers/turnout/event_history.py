"""Past events as forecasts see them, and the levels learnt from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

from almanac.core.turnout.forecast import PastEvent, learn_levels
from almanac.core.turnout.history import History
from almanac.core.vocabulary import MEASURED, Evidence
from almanac.record.infra.zones import zone_of
from almanac.record.models import Activity, Change
from almanac.record.models.programs import UNSORTED
from almanac.record.queries import turnout as queries
from almanac.record.queries.versions import Version, record_version, remembered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.turnout.levels import Levels

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
DAYS_IN_YEAR = 365.25
MOST_EARLIER = 400
"""A forecast of something long past uses this many events before it, the latest."""
REMINDER = "reminder"
"""The tag of events whose guests were reminded."""


@dataclass(frozen=True, slots=True)
class PastEvents:
    """Events that had begun, earliest first, and the levels learnt from them."""

    history: History
    levels: Levels

    @classmethod
    def of(cls, events: Sequence[PastEvent]) -> PastEvents:
        history = History(events)
        return cls(history, learn_levels(history.events))


def years_of(moment: datetime) -> float:
    """Years since a fixed moment, as the core counts time."""
    return (moment - BEGINNING).total_seconds() / 86400 / DAYS_IN_YEAR


def moment_of(years: float) -> datetime:
    """The moment so many years after the fixed one, as exactly as the years are given."""
    return BEGINNING + timedelta(days=years * DAYS_IN_YEAR)


def slot_of(local: datetime | None) -> dict[str, Any]:
    """Weekday and hour of a local start; nothing where only the day is known."""
    if local is None:
        return {"weekday": None, "hour": None}
    return {"weekday": local.weekday(), "hour": local.hour + local.minute / 60}


def program_key(activity: int | None, program: int, name: str) -> int:
    """The program an event's past is looked for in; what is unsorted has none but itself."""
    return -(activity or 0) if name == UNSORTED else program


def plan_of(activity: Activity, begins: datetime) -> dict[str, Any]:
    """What is known of an activity once it is announced, without its seats."""
    return {
        "program": program_key(activity.pk, activity.program_id, activity.program.name),
        "kind": activity.kind,
        "format": activity.format,
        "starts": years_of(begins),
        "announced": years_of(activity.announced_at) if activity.announced_at else None,
        **slot_of(activity.local_start),
        "title": activity.title,
        "price": float(activity.price) if activity.price else None,
    }


def past_event(row: Sequence[Any]) -> PastEvent:
    """One row of `queries.past_events` in the order of `queries.COLUMNS`."""
    (key, program, name, kind, form, day, starts_at, zone) = row[:8]
    (announced_at, title, price, seats) = row[8:12]
    (interested, signups, attended, evidence, took_part, submissions) = row[12:]
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone_of(zone))
    return PastEvent(
        row=key,
        program=program_key(key, program, name),
        kind=kind,
        format=form,
        starts=years_of(starts_at or midnight),
        announced=years_of(announced_at) if announced_at else None,
        **slot_of(starts_at.astimezone(zone_of(zone)) if starts_at else None),
        title=title,
        price=float(price) if price else None,
        seats=seats,
        interested=interested,
        signups=signups,
        attended=attended if evidence in MEASURED else None,
        approximate=evidence == Evidence.APPROXIMATE,
        took_part=took_part,
        submissions=submissions,
    )


def past_before(activity: Activity, now: datetime) -> PastEvents:
    """What had begun before an activity began, or before now, without the activity itself."""
    moment = years_of(min(activity.begins or now, now))
    everything = whole_record()
    known = everything.history.events
    is_new = all(event.row != activity.pk for event in known)
    if is_new and (not known or known[-1].starts < moment):
        return everything
    earlier = [event for event in known if event.starts < moment and event.row != activity.pk]
    return PastEvents.of(earlier[-MOST_EARLIER:])


def events_version() -> Version:
    """Another one whenever a verb has changed a past event, or may have."""
    latest = record_version()
    with _touching:
        known = _touched.get("record")
        if known != latest:
            if known is None or known[0] != latest[0] or _may_touch(known[1], latest[1]):
                _touched["events"] = latest
            _touched["record"] = latest
        return _touched["events"]


_touched: dict[str, Version] = {}
"""The record's version when it was last asked for, and the latest that changed a past event."""
_touching = Lock()
APART = frozenset({"link", "part", "move", "voice", "voicepicture", "measurement", "postcount", "request",
                   "proposal", "target", "skippedquestion", "forecast", "repeating", "attachment", "handledfile",
                   "person", "encounter", "sameperson", "referral", "handedlink", "linkcount", "feedback",
                   "peer", "peerentry", "hackathon", "project", "judging"})  # fmt: skip
"""Tables that no forecast is learnt from."""
NEW = frozenset({"activity", "turnout", "program", "tag", "activity_tags"})
"""Tables in which new rows matter only where they are of a past event."""
MOST_CHANGES = 200


def _may_touch(since: tuple[int, datetime] | None, until: tuple[int, datetime] | None) -> bool:
    """Whether lines of the log after one, up to another, may have changed what forecasts learn from."""
    if since is None or until is None or since[0] >= until[0]:
        return True
    if not Change.objects.filter(pk=since[0], at=since[1]).exists():
        return True  # another logbook was restored in the place of this one
    lines = Change.objects.filter(pk__gt=since[0], pk__lte=until[0])
    undos = [undo for undo in lines.values_list("undo", flat=True)[: MOST_CHANGES + 1] if undo]
    if len(undos) > MOST_CHANGES or len(undos) < lines.count():
        return True
    made: set[int] = set()
    for undo in undos:
        if set(undo["before"]) - APART or set(undo["created"]) - APART - NEW:
            return True
        made |= set(undo["created"].get("activity", ()))
    return queries.past_events().filter(pk__in=made).exists() if made else False


@remembered(events_version, most=1)
def whole_record() -> PastEvents:
    """Every past event. Kept while past events stay as they are; always learnt from the start, so
    that the same record gives the same forecast in every process."""
    rows = queries.past_events().values_list(*queries.COLUMNS)
    return PastEvents.of(_with_reminders(list(map(past_event, rows))))


def _with_reminders(events: Sequence[PastEvent]) -> Sequence[PastEvent]:
    """The same events with whether their guests were reminded, where reminders are noted."""
    tagged = Activity.objects.filter(tags__name__iexact=REMINDER).values_list("pk", flat=True)
    reminded = frozenset(tagged)
    if not reminded:
        return events
    return [replace(event, reminded=float(event.row in reminded)) for event in events]
