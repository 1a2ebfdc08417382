"""Defects that were found by hunting for them, each with the case that showed it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import samples
from almanac.actions import quotes
from almanac.actions.activities import NewActivity, change_activity, write_down
from almanac.actions.capture import capture, understand
from almanac.actions.errors import CannotError
from almanac.actions.imports.carrying_out import carry_out
from almanac.actions.keeping import erasing, exporting
from almanac.actions.keeping.undo import undo
from almanac.actions.programs import begin_program, change_program
from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.answers.doctor import examine
from almanac.answers.imports.reading_files import plan, read
from almanac.core.guesses.elicited import RawGuess
from almanac.record.models import Activity, Change, Forecast, Guest, Program, Quote, Turnout
from almanac.record.rules import OWNER
from almanac.sources.base.cells import BadCellError, amount, hours, is_day_only, style_of
from almanac.sources.base.reading import Document

HEADER = samples.EVENTS.splitlines()[0] + "\n"


def bring_in(text, name="file.csv", **options):
    found = read(OWNER, Document(name, text.encode()))
    return carry_out(OWNER, plan(OWNER, name, found, **options))


@pytest.mark.parametrize(
    ("text", "value"),
    [("$1,234.56", 1234.56), ("1.234,56 €", 1234.56), ("12,5", 12.5), ("1 200", 1200), ("0", 0)],
)
def test_amounts_are_read_as_written(text, value):
    assert value == amount(text, "cost")


@pytest.mark.parametrize(
    "text", ["1.000", "1e5", "-5", "99999999999", "1,2,3", "NaN", "1e999", "9" * 400]
)
def test_amounts_that_could_mean_anything_are_refused(text):
    with pytest.raises(BadCellError):
        amount(text, "cost")


@pytest.mark.parametrize(
    ("text", "value"), [("1:30", 1.5), ("12h30", 12.5), ("90 min", 1.5), ("6h", 6)]
)
def test_hours_are_read_as_written(text, value):
    assert value == hours(text, "hours")


def test_hours_no_year_has_are_refused():
    with pytest.raises(BadCellError):
        hours("1000000", "hours")


def test_one_odd_date_does_not_spoil_the_others():
    assert style_of(["03/05/2026", "03/16/2026", "TBD"]) == "%m/%d/%Y"
    assert is_day_only("Tue, Mar 03, 2026")
    assert not is_day_only("2026-03-03T18:00")


@pytest.mark.parametrize(
    "row",
    [
        "M,9,T,2026-01-01T00:00:00Z,,past,,,,,9,,counted,",
        "M,9,T,2026-01-01T00:00:00Z,,past,,,,,9,50,not_measured,",
    ],
)
def test_counts_and_evidence_that_contradict_each_other_are_turned_away(logbook, row):
    assert bring_in(HEADER + row + "\n").rejected == {"events": 1}


def test_no_file_overrules_what_a_person_said_of_attendance(logbook):
    row = "M,9,T,2026-01-01T00:00:00Z,,past,,,,,60,50,,\n"
    bring_in(HEADER + row)
    event = Activity.objects.get()
    say_counts(OWNER, event, {}, evidence="not_measured")

    bring_in(HEADER + row)
    bring_in(samples.luma(came=("alice", "bob")), target=Activity.objects.get())

    turnout = Turnout.objects.get()
    assert (turnout.attended, turnout.attended_evidence) == (None, "not_measured")


def test_a_guest_list_of_nobody_counts_nobody(logbook):
    text = samples.luma().replace("approved", "x").replace("invited", "x").replace("declined", "x")
    text = text.replace("pending_approval", "x").replace("waitlist", "x")

    result = bring_in(text)

    assert result.rejected == {"guests": 8}
    assert not Turnout.objects.exists()


def test_undo_leaves_a_program_that_others_have_come_to_use(logbook):
    (made,) = write_down(OWNER, [NewActivity("T1", program="X")])
    line = Change.objects.first()
    quotes.hear(OWNER, "Thank you", program="X")
    change_program(OWNER, made.program, purpose="Mine")

    undo(OWNER, line)

    assert Program.objects.get(name="X").purpose == "Mine"
    assert Quote.objects.get().program is not None


def test_a_program_in_use_cannot_be_unbegun(logbook):
    begin_program(OWNER, "Y")
    line = Change.objects.first()
    write_down(OWNER, [NewActivity("T", program="Y")])

    with pytest.raises(CannotError, match="in use"):
        undo(OWNER, line)

    assert Change.objects.get(pk=line.pk).undone_at is None


def test_undo_on_a_page_undoes_only_what_that_page_did(browser_client, plan_event):
    event = plan_event("Important")
    nothing = browser_client.post(
        f"/activities/{event.pk}/status/", {"status": "planned"}, follow=True
    )
    unknown = browser_client.post("/undo/", {"change": "999999"}, follow=True)

    assert b"Nothing was changed" in nothing.content
    assert b'name="change"' not in nothing.content
    assert b"nothing was undone" in unknown.content
    assert Activity.objects.filter(pk=event.pk).exists()


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


def test_before_the_fact_means_before_the_answer(logbook):
    read_, _ = understand(OWNER, "idea: Meetup about X")
    (event,) = capture(OWNER, read_)
    say_counts(OWNER, event, {"attended": 50}, evidence="counted")
    event = Activity.objects.get(pk=event.pk)

    for verb in (
        lambda: say_guess(OWNER, event, RawGuess(49, 51, 50, 80)),
        lambda: freeze_forecast(OWNER, event),
    ):
        with pytest.raises(CannotError, match="has been said"):
            verb()


def test_people_ahead_are_a_hope_not_a_count(logbook):
    read_, _ = understand(OWNER, "Conference talk next friday, 80 people")
    (event,) = capture(OWNER, read_)

    assert (event.turnout.hoped, event.turnout.attended, event.turnout.attended_evidence) == (
        80,
        None,
        "",
    )
    with pytest.raises(CannotError, match="has not begun"):
        say_counts(OWNER, event, {"attended": 3}, evidence="counted")


def test_tasks_are_not_guessed(logbook):
    (task,) = write_down(OWNER, [NewActivity("Write book", kind="task", status="planned")])

    with pytest.raises(CannotError, match="come to a task"):
        say_guess(OWNER, task, None)


def test_programs_that_differ_by_a_sign_stay_apart(logbook):
    write_down(OWNER, [NewActivity("a", program="C"), NewActivity("b", program="C++")])

    assert {"C", "C++"} == set(Program.objects.values_list("name", flat=True))


def test_erase_finds_names_however_they_are_written(logbook):
    bring_in(samples.bevy().replace("Person 1,X", "Ada ,  Lovelace"), keep_names=True)
    Guest.objects.create(
        activity=Activity.objects.first(), name="ŽOFIA Nováková", status="signed_up", source="x"
    )
    quotes.hear(OWNER, "A quote about Zadie Smith")
    begin_program(OWNER, "Z", owner="Zadie Smith")
    event = Activity.objects.first()
    change_activity(OWNER, event, place="At Zadie Smith's", notes='O\'Brien said "hi"')
    change_activity(OWNER, event, notes="gone")

    assert erasing.erase(OWNER, "ada lovelace").guests == 1
    assert erasing.erase(OWNER, "žofia nováková").guests == 1
    assert len(erasing.traces(OWNER, "Zadie Smith").mentions) == 3
    assert erasing.erase(OWNER, "O'Brien").changes == 1
    assert "O'Brien" not in json.dumps(list(Change.objects.values_list("undo", flat=True)))
    assert erasing.without("İİ … Ada Lovelace", "Ada Lovelace") == "İİ … [erased]"


def test_erase_reaches_files_waiting_to_be_imported(browser_client, settings):
    page = browser_client.post(
        "/import/", {"files": [SimpleUploadedFile("g.csv", samples.luma().encode())]}
    )["Location"]

    found = erasing.erase(OWNER, "carol@example.org")

    assert len(found.files) == 1
    assert browser_client.get(page).status_code == 302


def test_doctor_notices_a_changed_forecast(plan_event):
    frozen = freeze_forecast(OWNER, plan_event())
    Forecast.objects.filter(pk=frozen.pk).update(body=frozen.body | {"version": "better"})

    assert "broken" in {finding.state for finding in examine(OWNER)}


def test_times_in_the_hour_the_clock_jumps_are_the_same_twice(logbook):
    text = "title,starts_at\nA,2025-10-26T02:30:00\nB,2026-03-29T02:30:00\n"
    bring_in(text)

    assert bring_in(text).unchanged == {"events": 2}


def test_a_large_log_and_odd_texts_survive_an_export(logbook, tmp_path):
    rows = "".join(
        f"M,{n},Evening {n},2024-01-14T18:00:00Z,,past,,,,,{n % 90},,,\n" for n in range(14_000)
    )
    bring_in(HEADER + rows)
    write_down(
        OWNER, [NewActivity("\\N"), NewActivity("=1+1 meetup", kind="event", counts={"signups": 1})]
    )
    exporting.export(OWNER, tmp_path / "out")
    events = (tmp_path / "out" / "events.csv").read_text()
    again = bring_in(events)

    import duckdb

    titles = duckdb.sql(f"SELECT title FROM '{tmp_path}/out/activity.parquet'").fetchall()
    assert ("\\N",) in titles
    assert (again.created["events"], again.changed["events"]) == (0, 0)
    assert sum(exporting.read_in(OWNER, tmp_path / "out")["created"].values()) == 0


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("link", "https://a.example", "javascript:alert(1)"),
        ("activity", ",event,", ",foo,"),
        ("turnout", ",,counted,", ",,bogus,"),
        ("activity", ",1,event", ",999,event"),
    ],
)
def test_a_tampered_export_is_refused(plan_event, tmp_path, table, old, new):
    plan_event(
        "T",
        days=-3,
        status="done",
        links=("https://a.example",),
        counts={"signups": 3, "attended": 2},
        evidence="counted",
    )
    exporting.export(OWNER, tmp_path / "out")
    file = tmp_path / "out" / f"{table}.csv"
    text = file.read_text()
    file.write_text(text.replace(old, new) if old in text else text.replace("counted", "bogus"))
    Turnout.objects.all().delete()
    Activity.objects.all().delete()
    Change.objects.all().delete()
    Program.objects.all().delete()

    with pytest.raises(CannotError):
        exporting.read_in(OWNER, tmp_path / "out")


@pytest.mark.parametrize(
    "address",
    [
        "/log/?page=" + "9" * 5000,
        "/year/?year=²²²²",
        "/plan/?month=9999-99",
        "/activities/1/?reach=²",
    ],
)
def test_odd_addresses_break_nothing(browser_client, address):
    assert browser_client.get(address).status_code in {200, 404}


@pytest.mark.parametrize("headers", [{"host": "["}, {"origin": "http://["}])
def test_odd_headers_are_refused(browser_client, headers):
    assert browser_client.post("/capture/", {"text": "x"}, headers=headers).status_code in {
        400,
        403,
    }


def test_undoing_the_last_thing_ends(logbook):
    write_down(OWNER, [NewActivity("A")])
    undo(OWNER)
    lines = Change.objects.filter(undo__isnull=False, undone_at=None).count()
    for _ in range(lines):
        undo(OWNER)

    with pytest.raises(CannotError, match="nothing to undo"):
        undo(OWNER)
