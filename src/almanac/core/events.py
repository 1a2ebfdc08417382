"""Events as forecasts see them: what has happened, what is to come, and the stages of both."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    SIGNUPS = "signups"
    ATTENDED = "attended"
    TOOK_PART = "took_part"
    SUBMISSIONS = "submissions"


GATHERINGS = frozenset({"event", "workshop", "hackathon", "stream", "talk"})


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One event that has happened. `years_ago` counts back from the event to be forecast;
    a count is None where it is missing; `own` says whether it is of the same program."""

    row: int
    years_ago: float
    kind: str = "event"
    format: str = ""
    own: bool = True
    program: int = 0
    interested: int | None = None
    signups: int | None = None
    attended: int | None = None
    took_part: int | None = None
    submissions: int | None = None


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The event to be forecast, and what is known of it by now.

    hours_to_go: None while the time is open; 0 or less once it has begun (sign-ups are final).
    """

    kind: str
    format: str = ""
    price: float | None = None
    seats: int | None = None
    interested: int | None = None
    signups: int | None = None
    hours_to_go: float | None = None
