"""What one import stores, counts and tells, and what its undo puts back."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.conftest import NOW

import samples
from almanac.actions.errors import CannotError
from almanac.actions.imports import carrying_out
from almanac.actions.imports.carrying_out import carry_out, remember_mapping
from almanac.actions.keeping.undo import undo
from almanac.actions.playbooks.playbooks import write_playbook
from almanac.actions.programs import begin_program
from almanac.actions.turnout import say_counts
from almanac.answers.imports.import_plan import PlannedGuests
from almanac.answers.imports.reading_files import plan, read
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Change,
    ColumnMapping,
    Guest,
    Link,
    Program,
    Run,
    SeenGuest,
    SignupObservation,
    Turnout,
)
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document
from almanac.sources.recognise import UnmappedError

LATER = NOW + timedelta(days=1)
HEADER = samples.EVENTS.splitlines()[0]


def planned(text, name="file.csv", **options):
    return plan(OWNER, name, read(OWNER, Document(name, text.encode())), **options)


def bring_in(text, name="file.csv", **options):
    return carry_out(OWNER, planned(text, name, **options))


def said():
    """The latest line of the log."""
    return Change.objects.order_by("-pk").first().summary


def test_an_import_says_what_it_brought(logbook):
    found = bring_in(samples.EVENTS)
    assert said().endswith("“file.csv”: 4 events created, 2 programs created")
    assert (found.created, found.changed, found.unchanged, found.rejected) == (
        {"events": 4, "programs": 2, "pace": 0, "guests": 0}, {"events": 0}, {"events": 0}, {},
    )  # fmt: skip
    assert set(found.activities) == set(Activity.objects.values_list("pk", flat=True))
    assert found.rejected_file == ""
    row = Activity.objects.get(event_id="1")
    assert (row.created_at, row.updated_at) == (NOW, NOW)
    turnout = row.turnout
    assert set(turnout.origins) == {"seats", "interested", "signups", "attended"}
    assert all("file.csv" in origin for origin in turnout.origins.values())


def test_a_changed_event_is_undone_to_what_it_was(logbook):
    bring_in(samples.EVENTS)
    changed = samples.EVENTS.replace("First meetup", "The first").replace(",31,22,", ",33,22,")
    with clock.at(LATER):
        found = bring_in(changed)
        assert said().endswith("1 event changed")
        row = Activity.objects.get(event_id="1")
        assert (row.title, row.turnout.signups, row.updated_at) == ("The first", 33, LATER)
        assert found.activities == (row.pk,)
        undo(OWNER)
    row = Activity.objects.get(event_id="1")
    assert (row.title, row.turnout.signups, row.updated_at) == ("First meetup", 31, NOW)


def test_only_what_a_file_changes_has_a_new_origin(logbook):
    bring_in(samples.EVENTS, "old.csv")
    before = Activity.objects.get(event_id="2").updated_at
    with clock.at(LATER):
        bring_in(samples.EVENTS.replace(",,44,,,", ",,45,40,counted,"), "new.csv")
    row = Activity.objects.get(event_id="2")
    assert (row.turnout.signups, row.turnout.attended) == (45, 40)
    assert row.updated_at == before
    assert {"new.csv" in row.turnout.origins[name] for name in ("signups", "attended")} == {True}
    assert "attended_evidence" not in row.turnout.origins
    undo(OWNER)
    row = Turnout.objects.get(activity__event_id="2")
    assert (row.signups, row.attended) == (44, None)
    assert "old.csv" in row.origins["signups"]
    assert "attended" not in row.origins


def test_counts_of_an_event_that_had_none_are_undone(logbook):
    bring_in(f"{HEADER}\nM,9,T,2026-01-01T18:00:00Z,,past,,,,,,,,\n")
    assert not Turnout.objects.exists()
    bring_in(f"{HEADER}\nM,9,T,2026-01-01T18:00:00Z,,past,,,,,12,,,\n")
    assert Turnout.objects.get().signups == 12
    undo(OWNER)
    assert not Turnout.objects.exists()
    assert Activity.objects.exists()


def test_events_ahead_are_laid_out_and_those_behind_are_not(logbook):
    write_playbook(OWNER, begin_program(OWNER, "Meetups"), "- T: run it\n")
    bring_in(samples.EVENTS)
    assert [run.activity.event_id for run in Run.objects.all()] == ["4"]
    assert Program.objects.filter(name__iexact="meetups").count() == 1
    undo(OWNER)
    assert not Run.objects.exists()


def test_an_event_that_begins_just_now_is_not_laid_out(logbook):
    write_playbook(OWNER, begin_program(OWNER, "M"), "- T: run it\n")
    for number, starts in ((1, NOW), (2, NOW + timedelta(minutes=1))):
        bring_in(f"{HEADER}\nM,{number},T,{starts.isoformat()},,planned,,,,,,,,\n")
    assert [run.activity.event_id for run in Run.objects.all()] == ["2"]


def test_links_of_a_calendar_are_kept_and_undone(logbook):
    text = samples.ICS.replace("END:VEVENT", "URL:https://example.org/e\r\nEND:VEVENT", 1)
    bring_in(text, "calendar.ics", program="Docs")
    assert {link.url for link in Link.objects.all()} == {"https://example.org/e"}
    undo(OWNER)
    assert not Link.objects.exists()


def test_a_pace_and_the_people_of_a_list_are_undone(logbook):
    bring_in(samples.EVENTS)
    bring_in(samples.PACE)
    assert said().endswith("2 sign-up counts created")
    undo(OWNER)
    assert not SignupObservation.objects.exists()
    bring_in(samples.luma(), "guests.csv", keep_names=True)
    assert Guest.objects.count() == 8
    assert {guest.activity.event_id for guest in Guest.objects.all()} != {""}
    undo(OWNER)
    assert not Guest.objects.exists()


def test_the_people_of_a_list_whose_event_is_gone_are_refused(plan_event):
    event = plan_event("Docs evening", days=-26)
    bring_in(samples.luma(came=("alice",)), "guests.csv", target=event)
    found = planned(samples.luma(came=("alice",)), "guests.csv", target=event, keep_names=True)
    gone = type(found)(
        name=found.name, source=found.source, origin=found.origin,
        guests=(PlannedGuests((Guest(name="Ana"),), 1),),
    )  # fmt: skip
    with pytest.raises(CannotError, match="event is gone"):
        carry_out(OWNER, gone)
    assert not Guest.objects.exists()
    carry_out(OWNER, found)
    assert {guest.activity_id for guest in Guest.objects.all()} == {event.pk}


def test_how_far_an_import_is_goes_by_lots(logbook, monkeypatch):
    monkeypatch.setattr(carrying_out, "BATCH", 3)
    told = []
    carry_out(OWNER, planned(samples.EVENTS), lambda *done: told.append(done))
    assert told == [(3, 4), (4, 4), (4, 4)]
    told.clear()
    changed = samples.EVENTS.replace("meetup,", "evening,").replace("Cancelled", "Called off")
    carry_out(OWNER, planned(changed), lambda *done: told.append(done))
    assert told == [(3, 4), (4, 4)]


def test_what_does_nothing_leaves_no_line(logbook):
    bring_in(samples.EVENTS)
    lines = Change.objects.count()
    found = bring_in(samples.EVENTS)
    assert (found.activities, found.unchanged) == ((), {"events": 4})
    assert Change.objects.count() == lines


def test_a_count_a_person_gave_keeps_its_origin(logbook):
    bring_in(samples.EVENTS)
    event = Activity.objects.get(event_id="4")
    say_counts(OWNER, event, {"signups": 11})
    bring_in(samples.EVENTS.replace("Next meetup", "The next"))
    turnout = Turnout.objects.get(activity__event_id="4")
    assert (turnout.signups, turnout.origins["signups"]) == (11, "you said")


def test_what_a_list_says_beside_what_a_person_said_and_who_was_there(logbook):
    bring_in(samples.EVENTS)
    event = Activity.objects.get(event_id="4")
    say_counts(OWNER, event, {"signups": 3, "attended": 1})
    text = "Name,Email,Attended\nAda L,a@x.org,yes\nKim P,k@x.org,Attended (virtual)\nBo,b@x.org,Didn't attend\nTotal,3,2\n"
    found = planned(text, "list.csv", target=event)
    carry_out(OWNER, found)
    assert "the list says 2 came; you said 1, which stays" in found.remarks
    assert "“Total” adds others up and was left out" in found.remarks
    assert Turnout.objects.get(activity=event).attended == 1
    assert sorted(SeenGuest.objects.values_list("state", flat=True)) == [
        "attended",
        "attended",
        "signed_up",
    ]
    lines = Change.objects.count()
    bring_in(text, "list.csv", target=event)
    assert (Change.objects.count(), SeenGuest.objects.count()) == (lines, 3)


def mapping_of(text):
    with pytest.raises(UnmappedError) as asked:
        bring_in(text)
    return asked.value.table, asked.value.guess


def test_a_mapping_is_kept_changed_and_undone(logbook):
    table, guess = mapping_of(samples.PLAIN)
    remember_mapping(OWNER, table, guess)
    assert said() == f"Remembered the columns of “{table.name}”"
    kept = ColumnMapping.objects.get()
    assert (kept.mapping, kept.saved_at) == (guess, NOW)
    lines = Change.objects.count()
    remember_mapping(OWNER, table, guess)
    assert Change.objects.count() == lines
    fewer = {column: meaning for column, meaning in guess.items() if meaning in {"title", "day"}}
    remember_mapping(OWNER, table, fewer)
    assert ColumnMapping.objects.get().mapping == fewer
    undo(OWNER)
    assert ColumnMapping.objects.get().mapping == guess
    undo(OWNER)
    assert not ColumnMapping.objects.exists()


def test_rejected_rows_are_kept_once_and_never_written_over(logbook):
    def rejected(number):
        row = f"M,{number},T,someday,,past,,,,,4,,,\n"
        found = bring_in(f"{HEADER}\n{row}", "my events/2026.v2.csv")
        assert found.rejected == {"events": 1}
        return Path(found.rejected_file).name

    assert rejected(1) == rejected(1) == "my-events-2026.v2-rejected.csv"
    assert rejected(2) == "my-events-2026.v2-rejected-2.csv"
    assert rejected(1) == "my-events-2026.v2-rejected.csv"
    assert rejected(3) == "my-events-2026.v2-rejected-3.csv"
    assert rejected(2) == "my-events-2026.v2-rejected-2.csv"


def test_rejected_cells_do_not_run_and_long_names_are_cut(logbook):
    row = "+M,1,T,someday,,past,,,,,4,,,\n"
    found = bring_in(f"{HEADER}\n{row}", "n" * 90 + ".csv")
    file = Path(found.rejected_file)
    assert file.name == "n" * 80 + "-rejected.csv"
    with file.open(newline="") as opened:
        head, told = csv.reader(opened)
    assert head == ["row", "reason", *HEADER.split(",")]
    assert (told[0], told[2], told[3]) == ("2", "'+M", "1")


def test_days_of_imported_events_are_the_local_ones(logbook):
    bring_in(samples.EVENTS)
    assert Activity.objects.get(event_id="1").day == date(2026, 1, 14)
