import csv
from pathlib import Path

import pytest

import samples
from almanac.actions.errors import CannotError
from almanac.actions.imports.carrying_out import carry_out, remember_mapping
from almanac.actions.keeping.undo import undo
from almanac.actions.turnout import say_counts
from almanac.answers.imports.reading_files import plan, read
from almanac.answers.today import today
from almanac.record.models import Activity, Guest, Program, SignupObservation, Turnout
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document
from almanac.sources.recognise import UnmappedError


def bring_in(text, name="file.csv", **options):
    found = read(OWNER, Document(name, text.encode()))
    return carry_out(OWNER, plan(OWNER, name, found, **options))


def test_events_come_in_with_programs_and_again_nothing_changes(logbook):
    first = bring_in(samples.EVENTS)
    again = bring_in(samples.EVENTS)

    assert (first.created["events"], first.created["programs"]) == (4, 2)
    assert (
        again.created["events"], again.changed["events"], again.unchanged,
    ) == (0, 0, {"events": 4})  # fmt: skip
    assert {"Meetups", "unsorted"} == set(Program.objects.values_list("name", flat=True))
    cancelled = Activity.objects.get(event_id="3")
    assert (cancelled.status, cancelled.turnout.signups) == ("dropped", 12)


def test_a_changed_file_changes_only_what_it_says(logbook):
    bring_in(samples.EVENTS)

    again = bring_in(samples.EVENTS.replace(",9,,,\n", ",15,,,\n"))

    assert (again.changed["events"], again.unchanged) == (1, {"events": 3})
    assert Turnout.objects.get(activity__event_id="4").signups == 15


def test_a_file_does_not_overrule_what_a_person_said(logbook):
    bring_in(samples.EVENTS)
    event = Activity.objects.get(event_id="1")
    say_counts(OWNER, event, {"attended": 25}, evidence="counted")

    again = bring_in(samples.EVENTS)

    assert again.changed["events"] == 0
    assert Turnout.objects.get(activity=event).attended == 25


def test_an_import_is_undone_as_one(logbook):
    bring_in(samples.EVENTS)

    undo(OWNER)

    assert (
        Activity.objects.count(), Program.objects.count(), Turnout.objects.count(),
    ) == (0, 0, 0)  # fmt: skip


def test_the_same_event_told_twice_differently_is_turned_away(logbook):
    doubled = samples.EVENTS + samples.EVENTS.splitlines()[1].replace(",31,", ",99,") + "\n"

    result = bring_in(doubled)

    assert (result.created["events"], result.rejected) == (4, {"events": 1})
    assert Turnout.objects.get(activity__event_id="1").signups == 31


def test_rejected_rows_land_in_a_file_with_their_reasons(logbook):
    bad = samples.EVENTS + "=cmd|x,9,T,someday,,past,,,,,4,,,\n"

    result = bring_in(bad, "events.csv")

    with Path(result.rejected_file).open(newline="") as stream:
        header, row = list(csv.reader(stream))
    assert header[:3] == ["row", "reason", "program"]
    assert [row[0], row[2]] == ["6", "'=cmd|x"]
    assert "not a time" in row[1]


def test_pace_needs_its_events_and_is_idempotent(logbook):
    bring_in(samples.EVENTS)

    first, again = bring_in(samples.PACE), bring_in(samples.PACE)

    assert (first.created["pace"], first.rejected) == (2, {"pace": 1})
    assert (again.created["pace"], again.unchanged) == (0, {"pace": 2})
    assert list(SignupObservation.objects.values_list("signups", flat=True)) == [2, 9]


def test_guest_lists_become_counts_and_nobody_is_kept(logbook):
    bring_in(samples.luma(came=("alice", "bob")), "guests.csv")

    turnout = Turnout.objects.get()
    assert (
        turnout.signups, turnout.attended, turnout.attended_evidence, turnout.pending,
        turnout.invited, turnout.declined, turnout.waitlisted,
    ) == (3, 2, "counted", 1, 2, 1, 1)  # fmt: skip
    assert Guest.objects.count() == 0
    assert "Luma guest list, guests.csv" in turnout.origins["signups"]


def test_names_are_kept_only_when_asked_for_and_only_once(logbook):
    first = bring_in(samples.luma(), "guests.csv", keep_names=True)
    again = bring_in(samples.luma(), "guests.csv", keep_names=True)

    assert (first.created["guests"], again.created["guests"]) == (8, 0)
    assert {"invited"} == {g.status for g in Guest.objects.filter(name__in=["eve", "heidi"])}


def test_nobody_checked_in_is_not_nobody_came(logbook):
    found = read(OWNER, Document("guests.csv", samples.luma().encode()))
    planned = plan(OWNER, "guests.csv", found)
    carry_out(OWNER, planned)

    turnout = Turnout.objects.get()
    assert (turnout.attended, turnout.attended_evidence) == (None, "")
    assert any("perhaps attendance was not taken" in remark for remark in planned.remarks)


def test_one_check_in_of_thirty_is_a_test_of_the_scanner(logbook):
    bring_in(samples.bevy(people=30, came=1))

    assert (Turnout.objects.get().signups, Turnout.objects.get().attended) == (30, None)


def test_a_person_may_declare_how_attendance_was_known(logbook):
    bring_in(samples.bevy(people=30, came=1), attendance="registered_only")

    assert Turnout.objects.get().attended_evidence == "registered_only"


def test_a_guest_list_goes_to_the_event_it_is_of(plan_event):
    event = plan_event("Docs evening", days=-26, status="planned")

    bring_in(samples.luma(came=("alice",)), "guests.csv", target=event)

    assert (Activity.objects.count(), Turnout.objects.get(activity=event).signups) == (1, 3)


def test_zoom_finds_its_event_by_title_and_day(plan_event):
    event = plan_event("Docs hour", days=-26, program="Docs", counts={"signups": 20})

    bring_in(samples.ZOOM_BLOCK, "participants.csv")

    turnout = Turnout.objects.get(activity=event)
    assert (turnout.signups, turnout.attended, turnout.attended_evidence) == (20, 3, "counted")


def test_of_a_calendar_only_the_chosen_is_stored(logbook):
    found = read(OWNER, Document("calendar.ics", samples.ICS.encode()))
    work = {row.row for row in found.events if "Docs" in row.title}

    carry_out(OWNER, plan(OWNER, "calendar.ics", found, chosen=work, program="Docs"))

    assert Activity.objects.count() == 4
    assert not Activity.objects.filter(title="Dentist").exists()
    again = carry_out(OWNER, plan(OWNER, "calendar.ics", found, chosen=work, program="Docs"))
    assert (again.created["events"], again.changed["events"]) == (0, 0)


def test_a_mapping_is_remembered_for_the_next_file_like_it(logbook):
    with pytest.raises(UnmappedError) as asked:
        bring_in(samples.PLAIN)
    remember_mapping(OWNER, asked.value.table, asked.value.guess)

    result = bring_in(samples.PLAIN)

    assert (result.created["events"], result.rejected) == (1, {"events": 1})
    assert Activity.objects.get().program.name == "Fun"


def test_a_mapping_that_cannot_be_is_refused(logbook):
    with pytest.raises(UnmappedError) as asked:
        bring_in(samples.PLAIN)

    for wrong in (
        {"event": "nonsense"},
        {"nowhere": "title"},
        {"when": "day"},
        {"event": "title", "team": "title"},
    ):
        with pytest.raises(CannotError):
            remember_mapping(OWNER, asked.value.table, wrong)


def test_an_import_that_breaks_half_way_leaves_nothing(logbook, monkeypatch):
    from almanac.actions.imports import carrying_out

    def broken(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(carrying_out, "_turnout", broken)
    with pytest.raises(KeyboardInterrupt):
        bring_in(samples.EVENTS)

    assert (Activity.objects.count(), Program.objects.count()) == (0, 0)


def test_hostile_texts_stay_texts(logbook):
    row = '"=HYPERLINK(""http://x"")",1,<script>alert(1)</script>,2026-01-14T18:00:00Z,,past,,,,,3,,,\n'
    bring_in(samples.EVENTS.splitlines()[0] + "\n" + row)

    activity = Activity.objects.get()
    assert (
        activity.title, activity.program.name,
    ) == ("<script>alert(1)</script>", '=HYPERLINK("http://x")')  # fmt: skip


def test_imports_of_long_ago_raise_no_questions(logbook):
    bring_in(samples.EVENTS)

    assert today(OWNER).questions == ()


HEADER = samples.EVENTS.splitlines()[0] + "\n"


def test_no_file_overrules_what_a_person_said_of_attendance(logbook):
    row = "M,9,T,2026-01-01T00:00:00Z,,past,,,,,60,50,,\n"
    bring_in(HEADER + row)
    event = Activity.objects.get()
    say_counts(OWNER, event, {}, evidence="not_measured")

    bring_in(HEADER + row)
    bring_in(samples.luma(came=("alice", "bob")), target=Activity.objects.get())

    turnout = Turnout.objects.get()
    assert (turnout.attended, turnout.attended_evidence) == (None, "not_measured")


def test_guests_whose_status_nobody_knows_count_as_signed_up_and_it_is_said(logbook):
    text = samples.luma().replace("waitlist", "teleported").replace("pending_approval", "")

    found = bring_in(text)

    assert found.rejected == {}
    assert Turnout.objects.get().waitlisted is None
    assert Turnout.objects.get().signups == samples.luma().count("approved") + 2
