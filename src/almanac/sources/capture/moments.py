"""The moment of a line: its day or period and its time, in one zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from almanac.sources.base.zones import is_skipped

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from almanac.sources.capture.dates import When
    from almanac.sources.capture.times import Clock

LAST_MINUTE = time(23, 59)
MONTH = timedelta(days=27)


@dataclass(frozen=True, slots=True)
class Moment:
    """when: the day said, None where there is none; clock: the time said; zone: of the reader."""

    when: When | None
    clock: Clock | None
    zone: tzinfo

    @property
    def day(self) -> date | None:
        return self.when.day if self.when else None

    @property
    def period(self) -> str:
        return self.when.period if self.when else ""

    @property
    def is_skipped(self) -> bool:
        """Whether the clocks go forward over that time, so that it never is."""
        if self.when is None or self.clock is None or self.when.period:
            return False
        told_in = self.clock.zone or self.zone
        return is_skipped(datetime.combine(self.when.day, self.clock.begins, told_in))

    @property
    def starts_at(self) -> datetime | None:
        if self.when is None or self.clock is None or self.when.period:
            return None
        told_in = self.clock.zone or self.zone
        return datetime.combine(self.when.day, self.clock.begins, told_in).astimezone(self.zone)

    @property
    def ends_at(self) -> datetime | None:
        """The end said: of the last day, or the time on the same one; after midnight where that
        is earlier than the start."""
        if self.when is None or self.when.period:
            return None
        starts, last = self.starts_at, self.when.last
        if starts is None or self.clock is None or self.clock.ends is None:
            return datetime.combine(last, LAST_MINUTE, self.zone) if last else None
        told_in = self.clock.zone or self.zone
        end = datetime.combine(last or self.when.day, self.clock.ends, told_in)
        found = end.astimezone(self.zone)
        return found if found > starts else found + timedelta(days=1)

    def is_ahead(self, now: datetime, lean: int) -> bool:
        """Whether it has not begun; lean: 1 where the line tells of what is ahead."""
        if self.when is None:
            return False
        today = now.astimezone(self.zone).date()
        starts = self.starts_at
        if starts is not None:
            return starts > now
        if self.when.period:
            return self.when.day > today or (lean > 0 and self.when.day + MONTH >= today)
        return self.when.day > today
