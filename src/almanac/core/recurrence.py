"""Days of something that repeats: an RFC 5545 rule from a first day on.

The arithmetic is python-dateutil's; a rule says days only, so that clock changes never move them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from dateutil.rrule import rrulestr

from almanac.core.errors import AlmanacError

if TYPE_CHECKING:
    from collections.abc import Iterator

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST = 20_000
"""Days looked at before a rule is taken to have none."""
_PART = re.compile(r"(?:FREQ|INTERVAL|BYDAY|BYMONTHDAY|BYMONTH|BYSETPOS|COUNT|UNTIL|WKST)=[\w,+-]+")
_EVERY = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}


class BadRuleError(AlmanacError):
    """A rule that says no days."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """rule: an RRULE without its start, such as “FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270630”."""

    rule: str
    first: date

    def __post_init__(self) -> None:
        parts = self.rule.split(";")
        if not all(_PART.fullmatch(part) for part in parts) or self["FREQ"] not in _EVERY:
            raise BadRuleError(f"“{self.rule[:60]}” is not a rule for days.")
        try:
            next(self._days(), None)
        except (ValueError, OverflowError) as error:
            raise BadRuleError(f"“{self.rule[:60]}” is not a rule for days.") from error

    def __getitem__(self, name: str) -> str:
        """A part of the rule by its name; empty where it does not have it."""
        found = (part.partition("=") for part in self.rule.split(";"))
        return next((value for key, _, value in found if key == name), "")

    def having(self, **parts: str) -> Recurrence:
        """The same with parts set; an empty one is taken out."""
        held = dict(part.split("=", 1) for part in self.rule.split(";")) | parts
        return replace(
            self, rule=";".join(f"{key}={value}" for key, value in held.items() if value)
        )

    def _days(self) -> Iterator[date]:
        # Built anew each time, as an iterator of dateutil remembers what it has said.
        for place, moment in enumerate(
            rrulestr(self.rule, dtstart=datetime.combine(self.first, time()))
        ):
            if place >= MOST:
                return
            yield moment.date()

    def between(self, first: date, last: date) -> list[date]:
        """Its days from one to another, both included."""
        found = []
        for day in self._days():
            if day > last:
                break
            if day >= first:
                found.append(day)
        return found

    def following(self, day: date) -> date | None:
        """The first of its days after one; None where it has ended."""
        return next((each for each in self._days() if each > day), None)

    @property
    def last(self) -> date | None:
        """The last day; None where it goes on."""
        if not (self["UNTIL"] or self["COUNT"]):
            return None
        return max(self._days(), default=None)

    @property
    def bounded(self) -> Recurrence:
        """The same with its last day said instead of how many there are, so that its start can move."""
        if not self["COUNT"]:
            return self
        last = self.last or self.first
        return self.having(COUNT="", UNTIL=f"{last:%Y%m%d}")

    def ending(self, last: date) -> Recurrence:
        """The same up to a day; never longer than it was."""
        known = self.bounded.last
        return self.bounded.having(UNTIL=f"{min(last, known) if known else last:%Y%m%d}")

    def moved(self, before: date, after: date) -> Recurrence:
        """The rule once the day that was at `before` is at `after`: its weekday, or its place in the month."""
        if before == after:
            return self
        old, new = WEEKDAYS[before.weekday()], WEEKDAYS[after.weekday()]
        if self["FREQ"] == "WEEKLY":
            days = [day for day in self["BYDAY"].split(",") if day and day != old]
            named = sorted({*days, new}, key=WEEKDAYS.index)
            return replace(self.bounded.having(BYDAY=",".join(named)), first=min(self.first, after))
        if self["FREQ"] == "MONTHLY" and self["BYDAY"]:
            return self.bounded.having(
                BYDAY=place_in_month(after, from_end=self["BYDAY"][0] == "-")
            )
        if self["FREQ"] == "MONTHLY":
            return self.bounded.having(BYMONTHDAY=str(after.day))
        return replace(self.bounded, first=after)


def place_in_month(day: date, *, from_end: bool = False) -> str:
    """“1MO” of the first Monday of a month, “-1MO” of the last where it is told from the end."""
    if from_end:
        return f"-1{WEEKDAYS[day.weekday()]}"
    return f"{(day.day - 1) // 7 + 1}{WEEKDAYS[day.weekday()]}"
