"""Past events as forecasts see them, and what has been learnt from them so far."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import RLock
from typing import TYPE_CHECKING, Any

from django.db import connections

from almanac.answers.returning import with_lists
from almanac.core import communities
from almanac.core.communities import Community, Others, Shared
from almanac.core.history import History
from almanac.core.level_parameters import LevelParameters
from almanac.core.pace import Pace
from almanac.core.turnout import NOTHING_LEARNT, VERSION, Learnt, PastEvent, learn_levels
from almanac.record.models import Change, Evidence, Learning, OpenTable
from almanac.record.queries import turnout as queries
from almanac.record.routing import RECORD
from almanac.record.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from almanac.core.levels import Levels
    from almanac.record.models import Activity

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
DAYS_IN_YEAR = 365.25
MOST_LEARNT_ANEW = 400
"""A forecast of something long past is made from so many events before it, the latest."""

LEARNT_ANEW_AFTER = 1.25
"""Words and tides are laid out anew once there are so many times as many events."""


@dataclass(frozen=True, slots=True)
class Past:
    """Events that had begun, earliest first, with the levels learnt from them."""

    history: History
    levels: Levels
    learnt: Learnt


def years_of(moment: datetime) -> float:
    """Years since a fixed moment, as the core counts time."""
    return (moment - BEGINNING).total_seconds() / 86400 / DAYS_IN_YEAR


def slot_of(local: datetime | None) -> dict[str, Any]:
    """Weekday and hour of a local start; nothing where only the day is known."""
    if local is None:
        return {"weekday": None, "hour": None}
    return {"weekday": local.weekday(), "hour": local.hour + local.minute / 60}


def plan_of(activity: Activity, begins: datetime) -> dict[str, Any]:
    """What is known of an activity once it is announced, without its seats."""
    return {
        "program": activity.program_id,
        "kind": activity.kind,
        "format": activity.format,
        "starts": years_of(begins),
        "announced": years_of(activity.announced_at) if activity.announced_at else None,
        **slot_of(activity.local_start),
        "title": activity.title,
        "price": float(activity.price) if activity.price else None,
    }


@contextmanager
def before(activity: Activity, now: datetime) -> Iterator[Past]:
    """What had begun before an activity began, or before now, without the activity itself.

    Nobody else can teach the levels anything while they are looked at.
    """
    moment = years_of(min(activity.begins or now, now))
    with _kept.lock:
        everything = _kept.up_to_date()
        known = everything.history.events
        is_new = all(event.row != activity.pk for event in known)
        if is_new and (not known or known[-1].starts < moment):
            yield everything
            return
    earlier = [event for event in known if event.starts < moment and event.row != activity.pk]
    yield _learnt_from(earlier[-MOST_LEARNT_ANEW:], everything.learnt)


def _learnt_from(events: Sequence[PastEvent], learnt: Learnt) -> Past:
    history = History(events, learnt.others.shares)
    return Past(history, learn_levels(history.events, learnt), learnt)


def past_event(row: Sequence[Any]) -> PastEvent:
    """One row of `queries.past_events` in the order of `queries.COLUMNS`."""
    (key, program, kind, form, day, starts_at, zone, announced_at, title, price, seats) = row[:11]
    (interested, signups, attended, evidence, took_part, submissions) = row[11:]
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone_of(zone))
    return PastEvent(
        row=key,
        program=program,
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
        attended=attended if evidence == Evidence.COUNTED else None,
        took_part=took_part,
        submissions=submissions,
    )


class _Kept:
    """Levels kept in memory while the record stays as it is; an event more is learnt alone."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.forget()

    def forget(self) -> None:
        self._state: object = None
        self._anew_at = 0
        self._others: tuple[tuple[str, ...], int, Others] = ((), 0, communities.NO_OTHERS)
        self._past = _learnt_from((), NOTHING_LEARNT)

    def up_to_date(self) -> Past:
        state = _state_of_record()
        if state != self._state:
            self._past = self._refreshed()
            self._state = state
        return self._past

    def _refreshed(self) -> Past:
        rows = queries.past_events().values_list(*queries.COLUMNS)
        past = with_lists(list(map(past_event, rows)))
        events = sorted(past, key=lambda event: (event.starts, event.row))
        known = len(self._past.history.events)
        goes_on = tuple(events[:known]) == self._past.history.events
        learnt = replace(latest_learnt(), others=self._others_of(events, goes_on))
        history = History(events, learnt.others.shares)
        old = self._past
        if (
            not known
            or not goes_on
            or learnt != old.learnt
            or len(events) > LEARNT_ANEW_AFTER * self._anew_at
        ):
            self._anew_at = len(events)
            return _learnt_from(events, learnt)
        for event in events[known:]:
            if event.signups is not None:
                old.levels.learn(event, event.signups)
        return Past(history, old.levels, learnt)

    def _others_of(self, events: Sequence[PastEvent], goes_on: bool) -> Others:
        """What shared tables tell; whom one's events look like is asked anew as levels are."""
        tables = tuple(OpenTable.objects.values_list("sha256", flat=True))
        known, at, found = self._others
        if not goes_on or tables != known or len(events) > LEARNT_ANEW_AFTER * at:
            found = communities.others(events, shared_communities())
            self._others = (tables, len(events), found)
        return found


def shared_communities() -> list[Community]:
    """The tables that others have shared, as the core sees them."""
    return [
        Community(
            table.name,
            tuple(
                Shared(
                    kind=row["kind"],
                    format=row["format"],
                    paid=row["price"] not in {"", "free"},
                    signups=row["signups"],
                    attended=row["attended"],
                )
                for row in table.rows
            ),
        )
        for table in OpenTable.objects.all()
    ]


def latest_learnt() -> Learnt:
    """What was last learnt from this logbook by this version of the model, if anything."""
    row = Learning.objects.filter(version=VERSION).order_by("made_at", "id").last()
    if row is None:
        return NOTHING_LEARNT
    return Learnt(LevelParameters(**row.body["parameters"]), Pace(**row.body["pace"]))


def signups_known() -> int:
    """Past events that can be learnt from."""
    return queries.past_events().filter(turnout__signups__isnull=False).count()


def _state_of_record() -> object:
    """Changes whenever any verb has changed the record."""
    latest = Change.objects.order_by("-pk").values_list("pk", "at").first()
    return connections[RECORD].settings_dict["NAME"], latest


_kept = _Kept()
forget = _kept.forget
