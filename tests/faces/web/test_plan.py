"""Plan."""

import json
from datetime import date, timedelta

import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, change_activity, write_down
from almanac.actions.capture import capture, understand
from almanac.actions.turnout import freeze_forecast, say_guess
from almanac.actions.workload.time_off import plan_break
from almanac.answers.log.months import month
from almanac.faces.cli.app import main
from almanac.record.models import Activity, Repeating
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


# What repeats


@pytest.fixture
def weekly(logbook):
    (item,), _ = understand(OWNER, "Group every Tuesday at 17:00")
    return capture(OWNER, [item])


def page(client, key):
    return client.get(f"/activities/{key}/").content.decode()


def test_an_event_is_planned_to_repeat_by_the_form(browser_client):
    given = {
        "title": "Group", "kind": "event", "day": "2026-04-02", "starts": "17:00", "program": "Groups",
        "repeats": "every Tuesday and Thursday for 3 weeks", "seats": "12",
    }  # fmt: skip
    answer = browser_client.post("/new/event/", given)
    rows = list(Activity.objects.order_by("day"))
    assert answer.url == f"/activities/{rows[0].pk}/"
    assert [f"{row.day:%d.%m}" for row in rows] == [
        "02.04",
        "07.04",
        "09.04",
        "14.04",
        "16.04",
        "21.04",
    ]
    assert {row.turnout.seats for row in rows} == {12}
    assert "every Tuesday and Thursday until 21 April 2026" in page(browser_client, rows[0].pk)
    refused = browser_client.post("/new/event/", given | {"repeats": "now and then"})
    assert refused.status_code == 400
    assert "can’t be read as days" in refused.content.decode()
    assert 'value="now and then"' in refused.content.decode()


def test_the_field_says_what_it_means(browser_client):
    said = browser_client.get(
        "/repeats/understood/", {"repeats": "every other Friday", "day": "2026-04-01"}
    )
    assert "every 2 weeks on Friday: Fri 3 Apr, Fri 17 Apr" in " ".join(
        said.content.decode().split()
    )
    assert (
        b"can\xe2\x80\x99t be read"
        in browser_client.get("/repeats/understood/", {"repeats": "x"}).content
    )
    assert browser_client.get("/repeats/understood/").content.strip() == b""


def test_a_typed_line_opens_the_first(browser_client):
    answer = browser_client.post("/capture/", {"text": "Group every Tuesday at 17:00"})
    assert answer.url == f"/activities/{Activity.objects.order_by('day').first().pk}/"
    shown = browser_client.get(
        "/capture/understood/", {"text": "Group every Tuesday at 17:00"}
    ).content.decode()
    assert ">every Tuesday<" in shown


@pytest.mark.parametrize(("scope", "changed"), [("this", 1), ("onward", -1), ("all", 0)])
def test_one_form_changes_one_some_or_all(browser_client, weekly, scope, changed):
    second = weekly[1]
    form = browser_client.get(f"/activities/{second.pk}/edit/").content.decode()
    assert "from here on" in form
    given = {"title": "Circle", "kind": "event", "status": "planned", "day": second.day, "starts": "17:00",
             "zone": "UTC", "visibility": "private", "scope": scope}  # fmt: skip
    assert browser_client.post(f"/activities/{second.pk}/edit/", given).status_code == 302
    wanted = {1: 1, -1: len(weekly) - 1, 0: len(weekly)}[changed]
    assert Activity.objects.filter(title="Circle").count() == wanted


def test_another_rule_and_cancelling_by_the_page(browser_client, weekly):
    third = weekly[2]
    browser_client.post(f"/activities/{third.pk}/repeats/", {"repeats": "every other Tuesday"})
    assert Repeating.objects.get().rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
    left = Activity.objects.filter(status="planned").count()
    browser_client.post(f"/activities/{third.pk}/repeats/cancel/", {"scope": "onward"})
    assert Activity.objects.filter(status="planned").count() == 2 < left
    nothing = browser_client.post(f"/activities/{third.pk}/repeats/", {"repeats": ""}, follow=True)
    assert "Say when it repeats" in nothing.content.decode()


def test_holidays_cancel_what_repeats_in_them(browser_client, weekly):
    day = weekly[1].day
    taken = plan_break(OWNER, day - timedelta(days=1), day + timedelta(days=8))
    assert "Cancel what repeats in it" in browser_client.get("/plan/time-off/").content.decode()
    browser_client.post("/repeats/skip/", {"break": str(taken.pk)})
    assert [row.status for row in Activity.objects.order_by("slot")][:4] == [
        "planned",
        "dropped",
        "dropped",
        "planned",
    ]
    assert "Cancel what repeats in it" not in browser_client.get("/plan/time-off/").content.decode()
    gone = browser_client.post("/repeats/skip/", {"break": "999"}, follow=True)
    assert "no such time off" in gone.content.decode()


def test_commands_say_what_repeats(logbook, capsys):
    assert main(["log", "Group every Tuesday at 17:00 for 3 weeks", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)["activities"]
    assert [each["day"] for each in made] == ["2026-03-24", "2026-03-31", "2026-04-07"]
    assert {each["repeats"] for each in made} == {"every Tuesday until 7 April 2026"}
    assert main(["repeat", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert listed["next"] == "2026-03-24"
    assert main(["repeat", "rule", "Group", "every", "Wednesday", "until", "June"]) == 0
    assert main(["repeat", "skip", "2026-04-01", "2026-04-14"]) == 0
    assert main(["repeat", "cancel", "Group", "--which", "all"]) == 0
    assert main(["repeat"]) == 0
    assert "Over." in capsys.readouterr().out
    assert main(["repeat", "rule", "Group", "sometimes"]) == 1
    assert not Activity.objects.filter(status="planned").exists()


def test_planning_says_so_in_the_terminal(logbook, capsys):
    main(["log", "Group every Tuesday at 17:00"])
    said = capsys.readouterr().out
    assert said.startswith("Planned 9 activities: Group, every Tuesday\n")
    assert "More are planned eight weeks ahead." in said
    assert NOW.date() < Activity.objects.earliest("day").day
