"""Times that a zone's clocks leave out, and those they have twice."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from almanac.sources.base.zones import is_skipped
from almanac.sources.capture import line

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_out"),
    [
        (datetime(2026, 3, 29, 2, 0, tzinfo=BERLIN), True),
        (datetime(2026, 3, 29, 2, 59, tzinfo=BERLIN), True),
        (datetime(2026, 3, 29, 3, 0, tzinfo=BERLIN), False),
        (datetime(2026, 3, 29, 1, 59, tzinfo=BERLIN), False),
        (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN), False),
        (datetime(2026, 3, 29, 2, 30, tzinfo=UTC), False),
        (datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=2))), False),
        (datetime(2026, 3, 29, 2, 30), False),
        # Beirut goes forward at midnight; the day is there all the same.
        (datetime(2026, 3, 29, 0, 0, tzinfo=ZoneInfo("Asia/Beirut")), False),
        (datetime(2026, 3, 29, 0, 30, tzinfo=ZoneInfo("Asia/Beirut")), True),
    ],
)
def test_what_the_clocks_leave_out(moment, is_out):
    assert is_skipped(moment) is is_out


def test_a_line_names_a_time_that_never_is():
    found = line.read("Meetup on 29 March 2026 at 02:30", NOW, BERLIN)
    assert (found.day.isoformat(), found.starts_at) == ("2026-03-29", None)
    assert any("02:30" in piece for piece in found.not_understood)
    later = line.read("Meetup on 29 March 2026 at 03:30", NOW, BERLIN)
    assert later.starts_at == datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)
