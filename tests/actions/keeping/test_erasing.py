"""Erasing."""

import json
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.sources.services.test_trello import calendar, event

import samples
from almanac.actions.activities import NewActivity, change_activity, write_down
from almanac.actions.imports.carrying_out import carry_out
from almanac.actions.keeping.erasing import erase
from almanac.actions.workload import time_off
from almanac.answers.imports.reading_files import plan, read
from almanac.record.models import (
    Activity,
    Break,
    Busy,
    CalendarFeed,
    Change,
    Guest,
)
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document


def bring_in(text, name="file.csv", **options):
    found = read(OWNER, Document(name, text.encode()))
    return carry_out(OWNER, plan(OWNER, name, found, **options))


def test_erase_finds_names_however_they_are_written(logbook):
    bring_in(samples.bevy().replace("Person 1,X", "Ada ,  Lovelace"), keep_names=True)
    Guest.objects.create(
        activity=Activity.objects.first(), name="ŽOFIA Nováková", status="signed_up", source="x"
    )
    event = Activity.objects.first()
    change_activity(OWNER, event, notes='O\'Brien said "hi"')
    change_activity(OWNER, event, notes="gone")

    assert erase(OWNER, "ada lovelace").counts["guest"] == 1
    assert erase(OWNER, "žofia nováková").counts["guest"] == 1
    assert erase(OWNER, "O'Brien").counts["log line"] == 1
    assert "O'Brien" not in json.dumps(list(Change.objects.values_list("undo", flat=True)))


def test_erase_reaches_files_waiting_to_be_imported(browser_client, settings):
    page = browser_client.post(
        "/import/", {"files": [SimpleUploadedFile("g.csv", samples.luma().encode("utf-16"))]}
    )["Location"]

    assert erase(OWNER, "carol@example.org").files == 1
    assert browser_client.get(page).status_code == 302


TODAY = date(2026, 3, 18)


def test_a_person_is_erased_from_what_is_private_too(logbook):
    feed = time_off.add_calendar(OWNER, "Ana Example", keeps_titles=True)
    time_off.read_calendar(OWNER, feed, calendar(
        event(":20260318T080000Z", ":20260318T100000Z").replace("Secret talk with Ana", "1:1 Ana Example")
    ))  # fmt: skip
    time_off.plan_break(OWNER, TODAY, TODAY, "with Ana Example")
    erase(OWNER, "Ana Example")
    texts = [Busy.objects.get().title, Break.objects.get().words, CalendarFeed.objects.get().name]
    assert not [text for text in texts if "Ana" in text]


def test_a_short_name_is_no_part_of_another_word(logbook):
    from almanac.record.models import Request

    activity, other = write_down(
        OWNER,
        [
            NewActivity(title="Meeting with the manager", kind="meeting", day=date(2026, 3, 2)),
            NewActivity(title="Coffee with Ana's team", kind="meeting", day=date(2026, 3, 3)),
        ],
    )
    Request.objects.create(
        activity=activity, asked_by="a partner manager", asked_on=date(2026, 3, 1)
    )

    found = erase(OWNER, "Ana")

    assert [mention.title for mention in found.mentions] == [other.title]
    assert Request.objects.get().asked_by == "a partner manager"
    summaries = " ".join(Change.objects.values_list("summary", flat=True))
    assert "manager" in summaries
    assert "Ana" not in summaries
