"""Rest days."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from almanac.core.workload import rest_days


def test_an_hour_that_came_twice_is_an_hour():
    berlin = ZoneInfo("Europe/Berlin")
    block = rest_days.Block(
        datetime(2026, 10, 25, 0, tzinfo=UTC).astimezone(berlin),
        datetime(2026, 10, 25, 3, tzinfo=UTC).astimezone(berlin),
    )
    assert rest_days.hours_of(block) == 3
