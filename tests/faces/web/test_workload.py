"""Workload."""

from datetime import date, timedelta

import pytest

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.keeping.undo import undo
from almanac.actions.workload import board
from almanac.record.models import (
    Activity,
    CalendarFeed,
    SkippedQuestion,
)
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)


def test_a_yes_is_one_thing_and_undone_as_one(logbook):
    made = board.promise(
        OWNER, "Keynote", 6, TODAY + timedelta(days=9), travel=2, chances=(0.9, 0.5)
    )
    assert made.parts.get().days == 2
    undo(OWNER)
    assert not Activity.objects.exists()
    asked = board.ask(OWNER, "Judge", hours=4)
    board.promise(OWNER, "Judge", 6, TODAY + timedelta(days=9), activity=asked, travel=0)
    asked.refresh_from_db()
    assert (asked.status, asked.hours_planned, asked.request.answer) == ("planned", 6, "yes")
    undo(OWNER)
    undo(OWNER)
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "address", ["ftp://x.org/a.ics", "http://[::1", "http://8.8.8.8/\x01c.ics", "http://℀/"]
)
def test_mistyped_addresses_are_said_and_leave_nothing(run, browser_client, address):
    assert run("load", "calendar", address, code=1)
    answer = browser_client.post("/plan/time-off/calendar/", {"address": address}, follow=True)
    assert answer.status_code == 200
    assert not CalendarFeed.objects.exists()


def test_forms_of_wrong_kinds_are_no_crash(browser_client, logbook):
    asked = board.ask(OWNER, "Judge", hours=4)
    answer = {"answer": "yes", "before": "nan", "after": "nan"}
    assert browser_client.post(f"/activities/{asked.pk}/answer/", answer).status_code == 302
    for query in ("activity=999999999999", "activity=١"):
        assert browser_client.get(f"/plan/can-i/?{query}").status_code == 404
    for values in (
        {"day_starts": "09:00+02:00"},
        {"work_days": "1" * 5000},
        {"weekly_hours": "inf"},
    ):
        assert browser_client.post("/plan/time-off/settings/", values).status_code == 302
    assert browser_client.post("/plan/time-off/calendar/", {"name": "Empty"}).status_code == 302
    assert not CalendarFeed.objects.exists()


def test_a_silenced_nudge_is_known_to_nobody_else(browser_client, logbook):
    write_down(
        OWNER,
        [NewActivity(title="W", day=TODAY - timedelta(days=n), hours=1) for n in range(1, 40)],
    )
    assert "no full day off" in browser_client.get("/plan/time-off/").content.decode()
    browser_client.post("/questions/skip/", {"key": "nudge:day-off"})
    assert "no full day off" not in browser_client.get("/plan/time-off/").content.decode()
    assert not SkippedQuestion.objects.exists()
