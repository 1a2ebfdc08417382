"""Imports."""

import re
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.conftest import text

import samples
from almanac.answers.imports import reading_files
from almanac.record.models import Activity, ColumnMapping, Preference
from almanac.sources.base.limits import Limits


def test_the_same_file_twice_in_one_upload_comes_in_once(browser_client):
    files = [SimpleUploadedFile(name, samples.EVENTS.encode()) for name in ("a.csv", "b.csv")]
    files.append(SimpleUploadedFile("c.zip", b"PK\x03\x04rubbish"))
    files.append(SimpleUploadedFile("d.csv", samples.PACE.encode()))
    page = browser_client.post("/import/", {"files": files})["Location"]

    shown = browser_client.get(page).content.decode()
    done = browser_client.post(page, {"confirm": "1"})

    assert "damaged" in shown
    assert done.status_code == 200
    assert Activity.objects.count() == 4
    assert "d.csv" in done.content.decode()


def upload(client, *files):
    made = client.post(
        "/import/", {"files": [SimpleUploadedFile(name, text.encode()) for name, text in files]}
    )
    assert made.status_code == 302, made.content
    return made["Location"]


def test_files_are_shown_before_they_change_anything(browser_client):
    page = upload(browser_client, ("events.csv", samples.EVENTS), ("words.txt", "just words"))

    shown = browser_client.get(page).content.decode()
    assert "4 events" in shown
    assert "not something Almanac can import" in shown
    assert not Activity.objects.exists()
    done = browser_client.post(page, {"confirm": "1"}).content.decode()

    assert Activity.objects.count() == 4
    assert "Your 2026 so far: 2 events" in done
    assert "Next meetup" in done
    assert browser_client.get(page).status_code == 302


def test_of_an_uploaded_calendar_only_the_ticked_is_stored(browser_client):
    page = upload(browser_client, ("calendar.ics", samples.ICS))
    shown = text(browser_client.get(page))
    row = re.search(
        r'value="(\d+)"[^>]*>\s*<label[^>]*>\s*<span class="small" ?>10 Mar 2026', shown
    )[1]

    browser_client.post(page, {"confirm": "1", "pick-0": row})

    assert [activity.title for activity in Activity.objects.all()] == ["Dentist"]


def test_an_uploaded_guest_list_goes_to_the_chosen_event(browser_client, plan_event):
    event = plan_event("Docs evening", days=-26)
    page = upload(browser_client, ("guests.csv", samples.luma(came=("alice",))))
    assert "Docs evening" in browser_client.get(page).content.decode()

    browser_client.post(page, {"confirm": "1", "event-0": str(event.pk), "attendance-0": "counted"})

    event = Activity.objects.get(pk=event.pk)
    assert (Activity.objects.count(), event.turnout.signups, event.turnout.attended) == (1, 3, 1)


def test_the_columns_of_an_uploaded_table_are_shown_chosen_and_remembered(browser_client):
    page = upload(browser_client, ("party.csv", samples.PLAIN))
    shown = text(browser_client.get(page))
    assert "First rows, as they would be saved" in shown
    assert "14 Mar 2026, 18:00" in shown
    assert "<td>1,200.5</td>" in shown

    chosen = {"column-0-event": "title", "column-0-when": "day", "column-0-came": "signups"}
    again = text(browser_client.post(page, chosen | {"again": "1"}))
    assert "<td>1,200.5</td>" not in again
    assert not ColumnMapping.objects.exists()
    done = browser_client.post(page, chosen | {"confirm": "1"}).content.decode()

    assert Activity.objects.get().turnout.signups == 33
    assert ColumnMapping.objects.get().mapping["came"] == "signups"
    assert "1 row was not imported" in done
    (link,) = re.findall(r'href="(/import/rejected/[^"]+)"', done)
    assert b"sometime" in b"".join(browser_client.get(link).streaming_content)
    assert (
        "party.csv"
        in browser_client.get(upload(browser_client, ("party.csv", samples.PLAIN))).content.decode()
    )


def test_a_table_without_a_date_asks_for_one_and_offers_no_people_as_titles(browser_client):
    page = upload(browser_client, ("list.csv", "Talk,Speaker email\nTypes,ada@example.org\n"))
    shown = text(browser_client.get(page))

    assert "at least a title and a day" in shown
    offered = re.search(r'name="column-0-speaker email".*?</select>', shown, re.DOTALL)[0]
    assert 'value="title"' not in offered
    assert 'value="notes"' in offered


def test_a_file_whose_dates_could_be_either_is_asked_about_once(browser_client):
    Preference.objects.filter(key="zone").delete()
    page = upload(browser_client, ("events.csv", "Event,Date\nTea,03/04/2026\n"))
    shown = text(browser_client.get(page))
    assert "Which day is 03/04/2026 in this file?" in shown
    assert "3 April 2026" in shown

    again = text(browser_client.post(page, {"dates-0": "day-first", "again": "1"}))
    assert "Which day is" in again
    assert "checked" in again
    browser_client.post(page, {"dates-0": "day-first", "confirm": "1"})
    assert Activity.objects.get().day == date(2026, 4, 3)


def test_a_file_that_takes_too_much_does_not_stop_the_others(browser_client, monkeypatch):
    monkeypatch.setattr(reading_files, "UPLOAD", Limits(60, 80))
    deep = "Event,Date\n" + "".join(f"Tea {n},2026-01-01\n" for n in range(150_000))
    page = upload(browser_client, ("a.csv", deep), ("b.csv", samples.EVENTS))

    shown = text(browser_client.get(page))
    assert "a.csv needs more than 60 s or 80 MB to read here" in shown
    browser_client.post(page, {"confirm": "1"})
    assert Activity.objects.count() == 4


def test_uploads_can_be_left_and_names_cannot_climb(browser_client):
    page = upload(browser_client, ("../../x.csv", samples.EVENTS))

    browser_client.post(f"{page}forget/")

    assert browser_client.get(page).status_code == 302
    for bad in ("/import/..%2f..%2fx/", "/import/" + "0" * 32 + "/"):
        assert browser_client.get(bad).status_code in {302, 404}
    assert browser_client.get("/import/rejected/..%2fsecret").status_code == 404
    assert browser_client.post("/import/").status_code == 400
