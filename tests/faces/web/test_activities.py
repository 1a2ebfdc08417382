"""Activities."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from tests.conftest import text

from almanac.actions.activities import change_activity
from almanac.record.models import (
    Activity,
    Change,
    EnergyTap,
)
from almanac.record.rules import OWNER


def test_editing_one_field_leaves_times_to_the_second(browser_client, plan_event):
    event = plan_event()
    starts = datetime(2027, 3, 5, 20, 0, 30, tzinfo=UTC)
    times = {
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=30),
        "announced_at": datetime(2027, 2, 1, 15, 30, tzinfo=UTC),
    }
    change_activity(
        OWNER,
        event,
        start=(starts, None, "America/New_York"),
        ends_at=times["ends_at"],
        announced_at=times["announced_at"],
    )
    from almanac.faces.web.forms import ActivityForm

    initial = ActivityForm.of(Activity.objects.get(pk=event.pk)).initial
    form = {
        k: "" if v is None else v.strftime("%H:%M") if k in {"starts", "ends"} else str(v)
        for k, v in initial.items()
    }

    browser_client.post(f"/activities/{event.pk}/edit/", form | {"place": "The library"})

    after = Activity.objects.get(pk=event.pk)
    assert times == {name: getattr(after, name) for name in times}
    assert after.place == "The library"


def test_moving_the_start_moves_the_end(browser_client, plan_event):
    event = plan_event()
    change_activity(OWNER, event, ends_at=event.starts_at + timedelta(hours=2))
    from almanac.faces.web.forms import ActivityForm

    initial = ActivityForm.of(Activity.objects.get(pk=event.pk)).initial
    form = {
        k: "" if v is None else v.strftime("%H:%M") if k in {"starts", "ends"} else str(v)
        for k, v in initial.items()
    }

    browser_client.post(f"/activities/{event.pk}/edit/", form | {"day": "2026-05-05"})

    after = Activity.objects.get(pk=event.pk)
    assert timedelta(hours=2) == after.ends_at - after.starts_at


def test_new_activities_keep_both_kinds_of_hours(browser_client):
    browser_client.post(
        "/new/activity/",
        {
            "title": "T",
            "kind": "task",
            "status": "done",
            "visibility": "private",
            "hours_planned": "3",
            "hours_spent": "5",
        },
    )

    assert (Activity.objects.get().hours_planned, Activity.objects.get().hours_spent) == (3, 5)


def test_capture_writes_one_line_at_once_and_offers_undo(browser_client):
    response = browser_client.post(
        "/capture/", {"text": "Gave a talk, 2h", "back": "/programs/"}, follow=True
    )

    assert response.redirect_chain[-1][0] == "/programs/"
    assert "Logged “Gave a talk" in response.content.decode()
    (change,) = re.findall(rb'name="change"\s+value="(\d+)"', response.content)
    browser_client.post("/undo/", {"change": change.decode()})
    assert not Activity.objects.exists()


def test_undo_leads_back_to_the_page_unless_that_page_is_undone(browser_client):
    browser_client.post("/capture/", {"text": "Gave a talk, 2h"})
    talk = Activity.objects.get()
    made = Change.objects.latest("id")
    page = f"/activities/{talk.pk}/"
    browser_client.post(page + "field/hours_spent/", {"value": "3"})
    changed = Change.objects.latest("id")

    assert f'name="back"\n          value="{page}"' in browser_client.get(page).content.decode()
    first = browser_client.post("/undo/", {"change": changed.pk, "back": page})
    second = browser_client.post("/undo/", {"change": made.pk, "back": page})

    assert (changed.pk != made.pk, first.url, second.url) == (True, page, "/")


def test_capture_shows_many_lines_before_it_writes_them(browser_client):
    text = "\n".join(f"Talk {n}, {n}h" for n in range(1, 21))

    shown = browser_client.post("/capture/", {"text": text})
    assert (shown.status_code, Activity.objects.count()) == (200, 0)
    browser_client.post("/capture/", {"text": text, "confirmed": "1", "program": "Talks"})

    assert Activity.objects.filter(program__name="Talks").count() == 20


def test_capture_names_the_line_that_cannot_be_read(browser_client):
    response = browser_client.post("/capture/", {"text": "Fine\nyesterday", "confirmed": "1"})

    assert b"Line 2" in response.content
    assert not Activity.objects.exists()


def test_what_is_typed_is_understood_while_typing(browser_client):
    response = browser_client.get("/capture/understood/", {"text": "Gave a talk, 80 people, 6h"})

    assert "80 = " in text(response)
    assert '<option value="attended" selected>' in " ".join(response.content.decode().split())
    assert "6 h" in text(response)
    assert browser_client.get("/capture/understood/", {"text": ""}).status_code == 200
    assert not Activity.objects.exists()


def test_activities_are_made_edited_dropped_and_brought_back(browser_client):
    values = {
        "title": "Docs evening", "kind": "event", "status": "planned", "program": "Docs",
        "day": "2026-04-14", "starts": "18:30", "zone": "Europe/Berlin", "format": "online",
        "visibility": "private", "tags": "docs, #api", "links": "https://a.example", "notes": "*hello*",
        "hours_planned": "3", "price": "5",
    }  # fmt: skip
    made = browser_client.post("/new/activity/", values)
    activity = Activity.objects.get()
    page = made["Location"]
    assert (activity.local_start.hour, activity.local_start.minute) == (18, 30)
    assert sorted(tag.name for tag in activity.tags.all()) == ["api", "docs"]

    browser_client.post(f"{page}edit/", values | {"title": "Docs night", "day": "", "starts": ""})
    activity.refresh_from_db()
    assert (activity.title, activity.day, activity.starts_at) == ("Docs night", None, None)
    browser_client.post(f"{page}status/", {"status": "dropped"})
    assert "Restore" in browser_client.get(page).content.decode()
    browser_client.post(f"{page}status/", {"status": "back"})
    assert Activity.objects.get().status == "planned"
    form = browser_client.get(f"{page}edit/").content.decode()
    assert 'value="Docs night"' in form


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""}, {"day": "0000-01-01"}, {"day": "9999-01-01"}, {"starts": "18:00", "day": ""},
        {"zone": "Mars/X"}, {"links": "javascript:alert(1)"}, {"hours_planned": "-1"},
        {"kind": "alien"}, {"cost": "NaN"}, {"currency": "EURO"},
    ],
)  # fmt: skip
def test_a_form_that_makes_no_sense_says_why(browser_client, wrong):
    values = {
        "title": "T",
        "kind": "event",
        "status": "planned",
        "visibility": "private",
        "day": "2026-04-14",
    }

    response = browser_client.post("/new/activity/", values | wrong)

    assert response.status_code == 400
    assert not Activity.objects.exists()


def test_energy_is_a_tap(browser_client, plan_event):
    event = plan_event()

    for choice, gave in (("gave", True), ("took", False)):
        browser_client.post(f"/activities/{event.pk}/energy/", {"energy": choice})
        assert gave == EnergyTap.objects.get().gave
    browser_client.post(f"/activities/{event.pk}/energy/", {"energy": "none"})
    assert not EnergyTap.objects.exists()


def test_an_activity_is_duplicated_without_its_day_and_what_came_of_it(browser_client, plan_event):
    event = plan_event(
        "Evening on tests", days=-5, status="done", counts={"signups": 30, "attended": 12}
    )
    assert f"?like={event.pk}" in browser_client.get(f"/activities/{event.pk}/").content.decode()
    form = browser_client.get(f"/new/activity/?like={event.pk}")
    page = form.content.decode()
    assert 'value="Evening on tests"' in page
    assert str(event.day) not in page
    assert browser_client.get("/new/activity/?like=999999").status_code == 404
    assert browser_client.get("/new/activity/?like=x").status_code == 200
    assert Activity.objects.count() == 1
