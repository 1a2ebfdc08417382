"""Exports cell by cell, and what reading one in counts, refuses and leaves as it was."""

import contextlib
import csv
import json
from datetime import date, timedelta

import duckdb
import pytest
from tests.conftest import NOW

from almanac import __version__
from almanac.actions.activities import NewActivity, write_down
from almanac.actions.community.quotes import hear
from almanac.actions.errors import CannotError
from almanac.actions.keeping import exporting
from almanac.actions.programs import begin_program
from almanac.actions.turnout import say_counts
from almanac.record.infra.ready import newest_migration
from almanac.record.models import Activity, Change, Preference, Program, SignupObservation
from almanac.record.rules import OWNER
from almanac.record.tables import record_tables


def table(file):
    with file.open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def exported(plan_event, out):
    """An export of one event, read from a logbook that is empty again."""
    plan_event("Meetup", hours=2.5, counts={"signups": 3})
    exporting.export(OWNER, out)
    for model in reversed(record_tables()):
        model.objects.all().delete()
    return out


def altered(folder, **changes):
    file = folder / "almanac-export.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def test_an_export_says_what_it_holds(plan_event, out):
    plan_event("Meetup", counts={"signups": 3})
    done = exporting.export(OWNER, out)
    assert done.folder == out
    manifest = json.loads((out / "almanac-export.json").read_text())
    assert manifest == {
        "almanac": __version__, "schema": newest_migration(), "at": NOW.isoformat(),
        "rows": done.rows,
    }  # fmt: skip
    assert (done.rows["activity"], done.rows["turnout"], done.rows["events"]) == (1, 1, 1)
    for name, number in done.rows.items():
        assert len(table(out / f"{name}.csv")) == number
    assert exporting.is_export(out)
    assert not exporting.is_export(out.parent)


def test_an_export_needs_a_folder_that_can_be(logbook, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotError, match="cannot hold an export"):
        exporting.export(OWNER, tmp_path / "file" / "out")


def test_the_events_table_holds_what_is_known_of_each(plan_event, out):
    ahead = plan_event("=Ahead", days=2, counts={"signups": 3}, announced_at=NOW)
    past = plan_event("Past", days=-30, status="done", counts={"signups": 9, "attended": 4},
                      evidence="counted")  # fmt: skip
    plan_event("Off", days=-2, status="dropped", counts={"signups": 1})
    Activity.objects.filter(pk=past.pk).update(event_id="mine")
    (allday,) = write_down(
        OWNER, [NewActivity("Whole day", kind="event", day=date(2026, 3, 1), counts={"signups": 2})]
    )
    plan_event("Nobody counted")
    exporting.export(OWNER, out)
    rows = {row["title"]: row for row in table(out / "events.csv")}
    assert list(rows) == ["Past", "Whole day", "Off", "'=Ahead"]
    told = rows["'=Ahead"]
    assert (told["program"], told["event_id"], told["status"]) == (
        "Meetups", f"almanac-{ahead.pk}", "planned",
    )  # fmt: skip
    assert told["starts_at"] == "2026-03-20T13:00:00+01:00"
    assert told["announced_at"] == "2026-03-18T13:00:00+01:00"
    assert (told["signups"], told["attended"], told["format"]) == ("3", "", "in_person")
    told = rows["Past"]
    assert (told["event_id"], told["status"], told["attended"]) == ("mine", "past", "4")
    assert (told["announced_at"], told["attended_evidence"]) == ("", "counted")
    assert rows["Off"]["status"] == "cancelled"
    assert rows["Whole day"]["starts_at"] == allday.day.isoformat()


def test_the_pace_table_is_in_the_order_sign_ups_were_seen(plan_event, out):
    event = plan_event("Meetup", days=5, program="=Meetups")
    for hours, signups in ((5, 4), (2, 3)):
        SignupObservation.objects.create(
            activity=event,
            observed_at=NOW - timedelta(hours=7 - hours),
            signups=signups,
        )
    exporting.export(OWNER, out)
    rows = table(out / "pace.csv")
    assert [row["signups"] for row in rows] == ["3", "4"]
    assert {(row["program"], row["event_id"]) for row in rows} == {
        ("'=Meetups", f"almanac-{event.pk}")
    }
    assert rows[0]["starts_at"] == "2026-03-23T12:00:00+00:00"
    assert rows[0]["observed_at"] == "2026-03-18T07:00:00+00:00"


def test_parquet_files_hold_values_with_their_types(plan_event, out):
    event = plan_event("Meetup", hours=2.5)
    exporting.export(OWNER, out)
    (row,) = duckdb.sql(
        "SELECT id, title, hours_planned, day, starts_at, ends_at, notes "
        f"FROM '{out}/activity.parquet'"
    ).fetchall()
    assert row[:4] == (event.pk, "Meetup", event.hours_planned, event.day)
    assert row[4] == event.starts_at
    assert row[5:] == (None, "")


def test_reading_in_counts_what_is_new_and_what_was_there(exported):
    found = exporting.read_in(OWNER, exported)
    assert (found["created"]["activity"], found["unchanged"]["activity"]) == (1, 0)
    line = Change.objects.order_by("-pk").first()
    total = sum(found["created"].values())
    assert (line.summary, line.undo) == (f"Imported an export of {total:,} rows", None)
    again = exporting.read_in(OWNER, exported)
    assert (again["created"]["activity"], again["unchanged"]["activity"]) == (0, 1)
    assert Change.objects.order_by("-pk").first() == line


def test_a_dry_run_counts_and_writes_nothing(exported):
    found = exporting.read_in(OWNER, exported, dry_run=True)
    assert found["created"]["activity"] == 1
    assert not any(model.objects.exists() for model in record_tables())


@pytest.mark.parametrize("kind", ["activity", "program", "quote"])
def test_what_a_logbook_just_begun_has_set_gives_way_and_nothing_else(exported, kind):
    Preference.objects.create(key="zone", value="Asia/Tokyo", pk=900)
    exporting.read_in(OWNER, exported)
    assert not Preference.objects.filter(pk=900).exists()
    Preference.objects.create(key="lapse_days", value=5, pk=901)
    if kind != "activity":
        Activity.objects.all().delete()
        Program.objects.all().delete()
    if kind == "program":
        begin_program(OWNER, "Other")
    elif kind == "quote":
        hear(OWNER, "Nice")
    with contextlib.suppress(CannotError):  # whether or not the rest fits
        exporting.read_in(OWNER, exported)
    assert Preference.objects.filter(pk=901).exists()


def test_an_export_of_another_version_is_refused(exported):
    altered(exported, schema="0001_other", almanac="9.9")
    with pytest.raises(CannotError, match=r"written by Almanac 9\.9"):
        exporting.read_in(OWNER, exported)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"rows": 3}', "null"])
def test_a_manifest_that_is_none_is_refused(exported, text):
    (exported / "almanac-export.json").write_text(text)
    with pytest.raises(CannotError, match="not a whole export"):
        exporting.read_in(OWNER, exported)


def test_rows_that_are_missing_or_too_many_are_told(exported):
    rows = json.loads((exported / "almanac-export.json").read_text())["rows"]
    altered(exported, rows=rows | {"activity": 2})
    with pytest.raises(CannotError, match=r"activity.csv has 1 rows and should have 2"):
        exporting.read_in(OWNER, exported)
    assert not Activity.objects.exists()


def test_the_row_that_differs_or_is_damaged_is_named(exported):
    exporting.read_in(OWNER, exported)
    Activity.objects.update(title="Other")
    with pytest.raises(CannotError, match=r"activity.csv row 2 differs"):
        exporting.read_in(OWNER, exported)
    Activity.objects.all().delete()
    file = exported / "activity.csv"
    file.write_text(file.read_text().replace("2.5", "two"))
    with pytest.raises(CannotError, match=r"activity.csv row 2 is damaged"):
        exporting.read_in(OWNER, exported)


def test_an_export_that_contradicts_itself_is_refused_whole(exported):
    file = exported / "turnout.csv"
    rows = table(file)
    with file.open("w", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0])
        writer.writeheader()
        writer.writerow(rows[0] | {"activity_id": "999"})
    with pytest.raises(CannotError, match="contradicts itself"):
        exporting.read_in(OWNER, exported)
    assert not Activity.objects.exists()


def test_counts_of_zero_and_texts_of_nothing_come_back_as_they_were(plan_event, out):
    event = plan_event("Meetup", days=-2, status="done")
    say_counts(OWNER, event, {"signups": 0, "attended": 0}, evidence="counted")
    before = Activity.objects.values().get(), type(event.turnout).objects.values().get()
    exporting.export(OWNER, out)
    for model in reversed(record_tables()):
        model.objects.all().delete()
    exporting.read_in(OWNER, out)
    assert (Activity.objects.values().get(), type(event.turnout).objects.values().get()) == before
