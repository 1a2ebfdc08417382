"""Can i."""

from datetime import date, timedelta

import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, write_down
from almanac.answers.workload import can_i as asking
from almanac.record.infra import clock
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)


@pytest.mark.parametrize("ahead", range(7))
def test_the_week_by_which_it_fits_is_right_on_every_day(logbook, ahead):
    write_down(
        OWNER,
        [NewActivity(title="Work", day=TODAY - timedelta(days=n), hours=6) for n in range(1, 200)
         if (TODAY - timedelta(days=n)).weekday() < 5],
    )  # fmt: skip
    with clock.at(NOW + timedelta(days=ahead)):
        today = TODAY + timedelta(days=ahead)
        found = asking.can_i(OWNER, "Guide", 40, today)
        sunday = found.fits_by + timedelta(days=6)
        assert asking.can_i(OWNER, "Guide", 40, sunday).after >= 0.8
