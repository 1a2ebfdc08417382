"""Who was on an event's earlier lists, by keyed hashes: nobody can tell who they are without the key."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from almanac.record.models import Change, PrivateSetting, SeenGuest, SignupAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable

KEY = "guest-key"
EVERYWHERE = 0
"""Stands for an activity where somebody is to have one digest on every list."""


def key() -> bytes | None:
    """The key of the hashes; None until somebody was first seen."""
    found = PrivateSetting.objects.filter(key=KEY).values_list("value", flat=True).first()
    return bytes.fromhex(str(found)) if found else None


def key_made() -> bytes:
    """The key, made now where there was none."""
    made, _ = PrivateSetting.objects.get_or_create(
        key=KEY, defaults={"value": secrets.token_hex(32)}
    )
    return bytes.fromhex(str(made.value))


def digest(secret: bytes, activity: int, person: str) -> str:
    """The same person has another digest on each event's list, and one more that is the same on all."""
    return hmac.new(secret, f"{activity}:{person}".encode(), sha256).hexdigest()[:32]


def seen(activity: int) -> dict[str, tuple[str, int]]:
    """State and number of people by digest, of imports that were not undone."""
    rows = list(SeenGuest.objects.filter(activity_id=activity))
    undone = _undone({row.change for row in rows})
    return {row.digest: (row.state, row.number) for row in rows if row.change not in undone}


def _undone(changes: set[int]) -> set[int]:
    return set(
        Change.objects.filter(pk__in=changes, undone_at__isnull=False).values_list("pk", flat=True)
    )


def everywhere() -> list[tuple[int, str, str]]:
    """Event, person and state of everybody on any list, by a digest that is the same on all lists; those
    seen before there was one are left out."""
    columns = ("activity_id", "person", "state", "change")
    rows = list(SeenGuest.objects.exclude(person="").values_list(*columns))
    undone = _undone({change for *_, change in rows})
    return [
        (activity, person, state)
        for activity, person, state, change in rows
        if change not in undone
    ]


def of_person(names: Iterable[str], model: type[SeenGuest | SignupAnswer]) -> list[int]:
    """Rows of somebody, by any of their names or addresses."""
    secret = key()
    if secret is None:
        return []
    persons = [name.casefold() for name in names]
    found: list[int] = []
    for activity in model.objects.values_list("activity_id", flat=True).distinct():
        digests = [digest(secret, activity, person) for person in persons]
        rows = model.objects.filter(activity_id=activity, digest__in=digests)
        found += rows.values_list("pk", flat=True)
    return found
