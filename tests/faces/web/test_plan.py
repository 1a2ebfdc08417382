"""Plan."""

from datetime import date, timedelta

from tests.conftest import NOW

from almanac.actions.activities import NewActivity, change_activity, write_down
from almanac.actions.turnout import freeze_forecast, say_guess
from almanac.actions.workload.time_off import plan_break
from almanac.answers.log.months import month
from almanac.record.rules import OWNER


def test_days_at_the_end_of_the_calendar(browser_client, logbook):
    assert browser_client.get("/absence-check/?from=9999-12-31").status_code == 200


def test_the_calendar_shows_what_is_due_and_time_off(browser_client, logbook):
    task = {"title": "Slides for the keynote", "kind": "task", "status": "planned"}
    write_down(OWNER, [NewActivity(**task, fields={"due": date(2026, 4, 9)})])
    plan_break(OWNER, date(2026, 4, 13), date(2026, 4, 17), "Lisbon")
    days = {day.day: day for week in month(OWNER, 2026, 4).weeks for day in week}
    assert [each.title for each in days[date(2026, 4, 9)].due] == ["Slides for the keynote"]
    assert [day for day, each in days.items() if each.off] == [
        date(2026, 4, n) for n in range(13, 18)
    ]
    page = browser_client.get("/plan/?month=2026-04").content.decode()
    assert "Due: Slides for the keynote" in page
    assert page.count("Lisbon") == 5


def test_what_is_due_on_its_own_day_stands_there_once(browser_client, logbook):
    day = date(2026, 4, 9)
    write_down(OWNER, [NewActivity(title="Post", status="planned", day=day, fields={"due": day})])
    assert browser_client.get("/plan/?month=2026-04").content.decode().count(">Post<") == 1


def test_an_event_in_a_break_says_so(browser_client, plan_event):
    event = plan_event(days=10)
    day = (NOW + timedelta(days=10)).date()
    assert "time off</a>:" not in browser_client.get(f"/activities/{event.pk}/").content.decode()
    plan_break(OWNER, day - timedelta(days=2), day)
    assert "time off</a>:" in browser_client.get(f"/activities/{event.pk}/").content.decode()


def test_an_event_moved_in_front_of_its_forecast_shows_it_as_not_counted(
    browser_client, plan_event
):
    event = plan_event(days=10)
    say_guess(OWNER, event, None)
    freeze_forecast(OWNER, event)
    earlier = NOW - timedelta(hours=30)
    change_activity(OWNER, event, start=(earlier, earlier.date(), "UTC"))
    page = browser_client.get(f"/activities/{event.pk}/").content.decode()
    assert "Forecast not counted" in page
    assert "Forecast before the event" not in page
