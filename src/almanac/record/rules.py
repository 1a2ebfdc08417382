"""Who may see and do what: predicates every question and every verb asks first.

One practitioner alone for now; roles come with team use, and only this file will know them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.core.errors import AlmanacError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `owner` is the practitioner whose logbook it is."""

    name: str
    owner: bool = False


OWNER = Actor("you", owner=True)
STRANGER = Actor("somebody not signed in")


class ForbiddenError(AlmanacError):
    """The actor may not do this; the message says so in one sentence."""


def may_read_record(actor: Actor) -> bool:
    return actor.owner


def may_change_record(actor: Actor) -> bool:
    return actor.owner


def may_read_private(actor: Actor) -> bool:
    """Guesses not shared, energy and whatever else only the practitioner sees."""
    return actor.owner


def may_keep_logbook(actor: Actor) -> bool:
    """Back up, restore, export and erase."""
    return actor.owner


def require(predicate: Callable[[Actor], bool], actor: Actor) -> None:
    if not predicate(actor):
        what = predicate.__name__.removeprefix("may_").replace("_", " ")
        raise ForbiddenError(f"{actor.name} may not {what}; open the logbook with its own link.")
