"""Hours of work by day, where one line a task tells only when it was finished."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

DAY_HOURS = 8.0
MOST_BACK = 60


def spread(by_day: dict[date, float], day: date, hours: float) -> dict[date, float]:
    """Hours of a day's work on the day it was finished, the rest on the working days before: nobody
    writes a guide of forty hours on one Friday. Adds to by_day, and returns what it added."""
    added: dict[date, float] = {}
    left = hours
    for back in range(MOST_BACK):
        then = day - timedelta(days=back)
        if back and then.weekday() >= 5:
            continue
        part = (
            min(left, max(DAY_HOURS - by_day.get(then, 0.0), 0.0)) if back else min(left, DAY_HOURS)
        )
        if back == MOST_BACK - 1:
            part = left
        by_day[then] = by_day.get(then, 0.0) + part
        added[then] = part
        left -= part
        if left <= 0:
            break
    return added
