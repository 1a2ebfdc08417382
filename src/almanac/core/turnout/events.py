"""Events as forecasts see them: what has happened, what is to come, and the stages of both."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What is known of an event once it is announced.

    starts, announced: years, counted from any one moment for all events alike; announced: None
    where nobody wrote it down. weekday: 0 is Monday; hour: local, with fractions.
    """

    program: int = 0
    kind: str = "event"
    format: str = ""
    starts: float = 0.0
    announced: float | None = None
    weekday: int | None = None
    hour: float | None = None
    title: str = ""
    price: float | None = None
    seats: int | None = None

    @property
    def online(self) -> bool:
        return self.format == "online" or (self.kind == "stream" and not self.format)

    @property
    def known_from(self) -> float:
        """When forecasts for it can begin: at its announcement, or else at its start."""
        return self.starts if self.announced is None else min(self.announced, self.starts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEvent(Announcement):
    """One event that has happened; a count is None where it is missing. reminded: 1 where there
    was a reminder, 0 where there was none, None where reminders are not noted at all. approximate:
    attendance was said as “about so many”."""

    row: int = 0
    interested: int | None = None
    reminded: float | None = None
    signups: int | None = None
    attended: int | None = None
    approximate: bool = False
    took_part: int | None = None
    submissions: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming(Announcement):
    """The event to be forecast, and what is known of it by now.

    hours_to_go: None while the time is open; 0 or less once it has begun (sign-ups are final).
    """

    interested: int | None = None
    signups: int | None = None
    hours_to_go: float | None = None
