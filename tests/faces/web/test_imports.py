"""Imports."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.conftest import text

import samples
from almanac.record.models import (
    Activity,
)


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


def test_an_uploaded_table_is_mapped_once(browser_client):
    page = upload(browser_client, ("party.csv", samples.PLAIN))
    assert "what do its columns hold" in browser_client.get(page).content.decode()

    browser_client.post(
        f"{page}remember/",
        {"column-0-event": "title", "column-0-when": "day", "column-0-came": "attended"},
    )
    shown = browser_client.get(page).content.decode()
    assert "1 event" in shown
    done = browser_client.post(page, {"confirm": "1"}).content.decode()

    assert "1 row was not taken" in done
    (link,) = re.findall(r'href="(/import/rejected/[^"]+)"', done)
    assert b"sometime" in b"".join(browser_client.get(link).streaming_content)
    assert (
        "party.csv"
        in browser_client.get(upload(browser_client, ("party.csv", samples.PLAIN))).content.decode()
    )


def test_uploads_can_be_left_and_names_cannot_climb(browser_client):
    page = upload(browser_client, ("../../x.csv", samples.EVENTS))

    browser_client.post(f"{page}forget/")

    assert browser_client.get(page).status_code == 302
    for bad in ("/import/..%2f..%2fx/", "/import/" + "0" * 32 + "/"):
        assert browser_client.get(bad).status_code in {302, 404}
    assert browser_client.get("/import/rejected/..%2fsecret").status_code == 404
    assert browser_client.post("/import/").status_code == 400
