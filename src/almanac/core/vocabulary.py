"""The words of the record: values as they are stored, with what people read for them.

Every floor uses these; the record makes the choices of its fields from them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A stored value, its label, and the label of several."""

    label: str
    plural: str

    def __new__(cls, value: str, label: str = "", plural: str = "") -> Self:
        term = str.__new__(cls, value)
        term._value_ = value
        term.label = label
        term.plural = plural or f"{label}s"
        return term

    @property
    def noun(self) -> tuple[str, str]:
        """The word for one, and for several."""
        return self.label, self.plural


def choices(terms: type[Term]) -> list[tuple[str, str]]:
    """Stored values with their labels, as a Django field takes them."""
    return [(term.value, term.label) for term in terms]


def values(terms: type[Term]) -> list[str]:
    """The stored values."""
    return [term.value for term in terms]


class Kind(Term):
    EVENT = "event", "event"
    WORKSHOP = "workshop", "workshop"
    HACKATHON = "hackathon", "hackathon"
    STREAM = "stream", "stream or space", "streams and spaces"
    TALK = "talk", "talk"
    PODCAST = "podcast", "podcast"
    VIDEO = "video", "video"
    POST = "post", "post"
    CONFERENCE = "conference", "conference"
    ENGAGEMENT = "engagement", "engagement"
    MEETING = "meeting", "meeting"
    TASK = "task", "task"
    CFP = "cfp", "call for proposals", "calls for proposals"


GATHERINGS = (Kind.EVENT, Kind.WORKSHOP, Kind.HACKATHON, Kind.STREAM, Kind.TALK)
"""Kinds that people come to."""

EVENTS = tuple(kind for kind in GATHERINGS if kind is not Kind.TALK)
"""Gatherings that are one's own to hold; a talk has an audience."""

TAKES_PLACE = (*GATHERINGS, Kind.CONFERENCE, Kind.MEETING)
"""Kinds with a time of their own, which can't be done before it."""


class Status(Term):
    ASKED = "asked", "requested"
    IDEA = "idea", "idea"
    PLANNED = "planned", "planned"
    DOING = "doing", "in progress"
    DONE = "done", "done"
    DECLINED = "declined", "declined"
    DROPPED = "dropped", "cancelled"


def status_named(word: str) -> Status | None:
    """A status by its stored value or by the label people read; None for any other word."""
    plain = word.strip().lower().replace("_", " ")
    return next((term for term in Status if plain in {term.value, term.label}), None)


AHEAD = (Status.ASKED, Status.IDEA, Status.PLANNED, Status.DOING)
"""Not done yet, and not given up."""


class Format(Term):
    UNKNOWN = "", "not said"
    IN_PERSON = "in_person", "in person"
    ONLINE = "online", "online"
    HYBRID = "hybrid", "hybrid"


class Evidence(Term):
    """How a count of attendance came to be: declared by a person, never inferred."""

    UNDECLARED = "", "not said yet"
    COUNTED = "counted", "counted"
    APPROXIMATE = "approximate", "approximate"
    REGISTERED_ONLY = "registered_only", "only registrations are known"
    NOT_MEASURED = "not_measured", "not measured"


MEASURED = (Evidence.COUNTED, Evidence.APPROXIMATE)
"""Somebody said how many came: after counting, or about."""


class DayPeriod(Term):
    """What the day of an activity stands for: itself, or the month or quarter it begins."""

    DAY = "", "day"
    MONTH = "month", "month"
    QUARTER = "quarter", "quarter"


class GuestState(Term):
    SIGNED_UP = "signed_up", "signed up"
    ATTENDED = "attended", "came"
    NO_SHOW = "no_show", "did not come"
    WAITLISTED = "waitlisted", "on the waitlist"
    INVITED = "invited", "only invited"
    PENDING = "pending", "waiting for approval"
    DECLINED = "declined", "declined"
    CANCELLED = "cancelled", "cancelled"


class Stage(StrEnum):
    """The stages of turnout that are forecast, in order."""

    SIGNUPS = "signups"
    ATTENDED = "attended"
    TOOK_PART = "took_part"
    SUBMISSIONS = "submissions"


COUNTS = ("interested", *Stage)
"""The counts of an event, in the order in which people pass them."""

PEOPLE_COUNTS = (*COUNTS, "seats", "hoped")
"""Every number of people that can be said of an activity: its counts, its seats, and the hope."""

REACH = ("views", "readers", "subscribers", "contacts")
"""People reached who did not come to anything."""
