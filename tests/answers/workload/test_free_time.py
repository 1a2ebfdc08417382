"""Free time."""

from tests.sources.services.test_trello import calendar, event

from almanac.actions.workload import time_off
from almanac.answers.workload import overview as answers
from almanac.record.rules import OWNER


def test_meetings_that_overlap_count_once(logbook):
    feed = time_off.add_calendar(OWNER, "Work")
    blocks = [
        event(":20260318T080000Z", ":20260318T100000Z"),
        event(":20260318T090000Z", ":20260318T110000Z"),
    ]
    time_off.read_calendar(OWNER, feed, calendar(*blocks))
    assert answers.load(OWNER).weeks[0].meetings == 3
