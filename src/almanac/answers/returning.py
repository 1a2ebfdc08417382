"""How many of those on a list have come before: sums over kept guest lists, never a person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from almanac.record.models import Activity, Guest, GuestStatus
from almanac.record.queries import turnout as queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.events import PastEvent

ON_THE_LIST = frozenset({GuestStatus.SIGNED_UP, GuestStatus.ATTENDED, GuestStatus.NO_SHOW})
FEWEST_LISTED = 8
LEAST_COVERED, MOST_COVERED = 0.8, 1.1
REMINDER = "reminder"
"""The tag of events whose guests were reminded."""

Listed = dict[int, list[tuple[str, str]]]


def with_lists(events: Sequence[PastEvent]) -> list[PastEvent]:
    """Past events with the share of their list that had come to an earlier one, and whether there
    was a reminder. An event whose list is not the list of its sign-ups, or before anybody was seen
    to come, has None."""
    listed, reminded = _listed(), _reminded()
    seen: set[str] = set()
    found = []
    for event in sorted(events, key=lambda past: (past.starts, past.row)):
        guests = listed.get(event.row, [])
        found.append(
            replace(
                event,
                returning=_share(guests, seen, event.signups),
                reminded=float(event.row in reminded) if reminded else None,
            )
        )
        seen.update(who for who, status in guests if status == GuestStatus.ATTENDED)
    return found


def share_of_list(activity: Activity) -> float | None:
    """The share of an activity's list that has come to an earlier one."""
    turnout = activity.turnout_if_any
    if activity.begins is None or turnout is None or not activity.guests.exists():
        return None
    rows = queries.past_events().filter(day__lte=activity.day).exclude(pk=activity.pk)
    earlier = [row.pk for row in rows if row.begins is not None and row.begins < activity.begins]
    seen = set()
    for start in range(0, len(earlier), 500):
        came = Guest.objects.filter(
            status=GuestStatus.ATTENDED, activity_id__in=earlier[start : start + 500]
        )
        seen |= {_who(email, name) for email, name in came.values_list("email", "name")}
    own = activity.guests.values_list("email", "name", "status")
    guests = [(_who(email, name), status) for email, name, status in own]
    return _share([(who, status) for who, status in guests if who], seen - {""}, turnout.signups)


def _share(guests: Sequence[tuple[str, str]], seen: set[str], signups: int | None) -> float | None:
    """Only a list that is that of the sign-ups speaks: an attendance report says who came, and two
    lists of one event name the same people twice. A few names would be about single people."""
    on_the_list = {who for who, status in guests if status in ON_THE_LIST}
    if len(on_the_list) < FEWEST_LISTED or not seen or not signups:
        return None
    if not LEAST_COVERED <= len(on_the_list) / signups <= MOST_COVERED:
        return None
    return len(on_the_list & seen) / len(on_the_list)


def _listed() -> Listed:
    found: Listed = {}
    rows = Guest.objects.values_list("activity_id", "email", "name", "status")
    for key, email, name, status in rows.order_by("id").iterator(5000):
        who = _who(email, name)
        if who:
            found.setdefault(key, []).append((who, status))
    return found


def _who(email: str, name: str) -> str:
    """By e-mail, or else a name of more than one word; a single first name is nobody. A masked
    address is nobody's own."""
    email = email.strip().casefold()
    if "@" in email and "*" not in email:
        return email
    words = name.casefold().split()
    return " ".join(words) if len(words) > 1 else ""


def _reminded() -> frozenset[int]:
    rows = Activity.objects.filter(tags__name__iexact=REMINDER).values_list("pk", flat=True)
    return frozenset(rows)
