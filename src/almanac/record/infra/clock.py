"""What time it is, for every verb. The example year is written down at the times it tells of."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

_set: ContextVar[datetime | None] = ContextVar("almanac_clock", default=None)


def now() -> datetime:
    """The present moment, aware."""
    return _set.get() or timezone.now()


def monday_of(day: date) -> date:
    """The first day of the week a day is in."""
    return day - timedelta(days=day.weekday())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be another moment; only the example uses this, on a logbook labelled as one."""
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)
