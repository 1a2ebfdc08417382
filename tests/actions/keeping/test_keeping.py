import csv
import sqlite3
import zipfile

import duckdb
import pytest

import samples
from almanac.actions.activities import NewActivity, tap_energy, write_down
from almanac.actions.community import quotes
from almanac.actions.errors import CannotError
from almanac.actions.imports.carrying_out import carry_out
from almanac.actions.keeping import backups, exporting
from almanac.actions.keeping.erasing import erase
from almanac.actions.turnout import freeze_forecast, say_guess
from almanac.answers.community.traces import traces
from almanac.answers.imports.reading_files import plan, read
from almanac.core.guesses.elicited import RawGuess
from almanac.record.models import Activity, Change, Forecast, Guest, Program, Quote, Tag
from almanac.record.rules import OWNER
from almanac.record.tables import record_tables, unlisted
from almanac.sources.base.documents import Document


@pytest.fixture
def full(plan_event):
    """A logbook with a row in every table, and texts that spreadsheets would run."""
    event = plan_event(
        "=SUM(A1)", days=9, counts={"signups": 3}, tags=("+tag",), links=("https://a.example",)
    )
    say_guess(OWNER, event, RawGuess(1, 9, 4, 80))
    freeze_forecast(OWNER, event)
    tap_energy(OWNER, event, gave=True)
    quotes.hear(OWNER, '-1 for you\nand "quotes"', via="DM", who="Mallory M", program="Meetups")
    for text in (samples.EVENTS, samples.PACE):
        found = read(OWNER, Document("f.csv", text.encode()))
        carry_out(OWNER, plan(OWNER, "f.csv", found))
    found = read(OWNER, Document("guests.csv", samples.luma(came=("alice",)).encode()))
    carry_out(OWNER, plan(OWNER, "guests.csv", found, keep_names=True))
    return event


def values():
    return {
        model._meta.model_name: list(model.objects.order_by("pk").values())
        for model in record_tables()
    }


def test_every_table_has_its_place_in_an_export():
    assert set() == unlisted()


def test_an_export_read_into_a_fresh_logbook_is_the_same(full, tmp_path):
    before = values()
    done = exporting.export(OWNER, tmp_path / "out")
    assert done.rows["activity"] == Activity.objects.count()
    for model in reversed(record_tables()):
        model.objects.all().delete()

    first = exporting.read_in(OWNER, tmp_path / "out")
    after = values()
    again = exporting.read_in(OWNER, tmp_path / "out")

    before_changes, after_changes = before.pop("change"), after.pop("change")
    assert before == after
    assert before_changes == after_changes[: len(before_changes)]
    assert sum(first["created"].values()) > 0
    assert sum(again["created"].values()) == 0


def test_exported_texts_do_not_run_and_parquet_holds_them_as_they_are(full, tmp_path):
    exporting.export(OWNER, tmp_path / "out")

    for file in (tmp_path / "out").glob("*.csv"):
        with file.open(newline="") as stream:
            for row in csv.reader(stream):
                assert not any(cell.startswith(("=", "+", "@")) for cell in row), (file, row)
    titles = duckdb.sql(f"SELECT title FROM '{tmp_path}/out/activity.parquet'").fetchall()
    assert ("=SUM(A1)",) in titles


def test_the_exported_events_table_can_be_imported(full, tmp_path):
    exporting.export(OWNER, tmp_path / "out")
    for model in reversed(record_tables()):
        model.objects.all().delete()

    data = (tmp_path / "out" / "events.csv").read_bytes()
    found = read(OWNER, Document("events.csv", data))
    result = carry_out(OWNER, plan(OWNER, "events.csv", found))

    assert (result.rejected, result.created["events"]) == ({}, 6)


def test_an_export_holds_nothing_private(full, tmp_path):
    exporting.export(OWNER, tmp_path / "out")

    names = {file.stem for file in (tmp_path / "out").iterdir()}
    assert not names & {"guess", "energytap", "privatechange"}


def test_an_export_does_not_write_over_anything(logbook, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(CannotError, match="not empty"):
        exporting.export(OWNER, tmp_path)


def test_an_export_that_differs_is_refused_whole(full, tmp_path):
    exporting.export(OWNER, tmp_path / "out")
    Activity.objects.filter(pk=full.pk).update(title="Something else")
    Program.objects.create(
        name="Mine", slug="mine", created_at=full.created_at, updated_at=full.created_at
    )
    before = values()

    with pytest.raises(CannotError, match="differs"):
        exporting.read_in(OWNER, tmp_path / "out")

    assert before == values()


@pytest.mark.parametrize("damage", ["truncate", "garble", "missing", "rows"])
def test_a_damaged_export_changes_nothing(full, tmp_path, damage):
    exporting.export(OWNER, tmp_path / "out")
    file = tmp_path / "out" / "activity.csv"
    if damage == "truncate":
        file.write_bytes(file.read_bytes()[:200])
    elif damage == "garble":
        file.write_text(file.read_text().replace("2026-03-27T", "never", 1))
    elif damage == "missing":
        file.unlink()
    else:
        file.write_text("\n".join(file.read_text().splitlines()[:-1]) + "\n")
    for model in reversed(record_tables()):
        model.objects.all().delete()

    with pytest.raises(CannotError):
        exporting.read_in(OWNER, tmp_path / "out")

    assert Activity.objects.count() == 0


def test_erase_removes_a_person_everywhere_and_keeps_the_counts(full):
    quotes.hear(OWNER, "Nice", who="alice@example.org", via="mail from alice@example.org")
    write_down(OWNER, [NewActivity("Call with alice@example.org", kind="meeting")])
    signups = [row.turnout.signups for row in Activity.objects.filter(turnout__isnull=False)]

    counts = erase(OWNER, "Alice@example.org").counts

    assert (counts["guest"], counts["quote"], counts["activity"]) == (1, 1, 1)
    assert Activity.objects.filter(title="Call with [erased]").exists()
    assert not Guest.objects.filter(email__icontains="alice").exists()
    assert not Quote.objects.filter(who__icontains="alice").exists()
    assert not Change.objects.filter(summary__icontains="alice@").exists()
    assert signups == [
        row.turnout.signups for row in Activity.objects.filter(turnout__isnull=False)
    ]
    assert traces(OWNER, "alice@example.org").total == 0


def test_tags_are_restored_by_name_only_once(full):
    assert Tag.objects.count() == 1
    assert Forecast.objects.count() == 1


def _backup(tmp_path, content=b"x"):
    file = tmp_path / "b.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(backups.MANIFEST, content)
    return file


@pytest.mark.parametrize("content", [b"x", b"{}", b'{"files": {}}'])
def test_what_is_not_a_backup_is_refused(logbook, tmp_path, content):
    with pytest.raises(CannotError, match="not a whole Almanac backup"):
        backups.verify(OWNER, _backup(tmp_path, content))


def test_a_backup_that_is_not_there_is_said_so(logbook, tmp_path):
    with pytest.raises(CannotError, match="no backup at"):
        backups.verify(OWNER, tmp_path / "gone.zip")


def test_a_backup_of_something_else_is_refused(logbook, tmp_path):
    database = tmp_path / "almanac.sqlite3"
    sqlite3.connect(database).close()
    file = tmp_path / "b.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            backups.MANIFEST, '{"files": {"almanac.sqlite3": "0", "private.sqlite3": "0"}}'
        )
        for name in backups.FILES.values():
            archive.write(database, name)

    with pytest.raises(CannotError, match="changed or damaged"):
        backups.verify(OWNER, file)
