"""What a public log withstands: strangers' files, moved folders, cut ledgers, odd rows."""

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from almanac.actions import metrics
from almanac.actions.activities import NewActivity, change_activity, write_down
from almanac.actions.errors import CannotError
from almanac.actions.keeping.mirror import BACKUP, README, mirror
from almanac.actions.keeping.undo import undo
from almanac.actions.review import publishing, reviews
from almanac.actions.review.publishing import publish, verify_folder
from almanac.record.infra import clock
from almanac.record.models import Activity, Change, Measurement
from almanac.record.rules import OWNER


@pytest.fixture
def out(logbook, tmp_path):
    write_down(OWNER, [new("Open night"), new("A talk", kind="talk")])
    folder = tmp_path / "out"
    publish(OWNER, folder)
    return folder


def new(title, kind="event", days=-10, own=None, **fields):
    return NewActivity(
        title=title, kind=kind, status="done", program="Nights",
        starts_at=clock.now() + timedelta(days=days), zone="Europe/Berlin",
        fields={"visibility": "public", **fields}, **(own or {}),
    )  # fmt: skip


def the_talk():
    return Activity.objects.get(kind="talk")


@pytest.mark.parametrize("path", ["../precious.txt", "/tmp/precious.txt", "a/../../precious.txt"])
def test_no_list_of_files_leads_out_of_its_folder(out, path):
    precious = out.parent / "precious.txt"
    precious.write_text("mine")
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["files"][path] = "0" * 64
    (out / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(CannotError, match="not one that Almanac wrote"):
        publish(OWNER, out)
    (out / ".almanac-begun.json").write_text(json.dumps(manifest))
    with pytest.raises(CannotError):
        publish(OWNER, out)

    assert precious.read_text() == "mine"


def test_a_manifest_of_something_else_is_left_alone(logbook, tmp_path):
    (tmp_path / "main.js").write_text("run()")
    (tmp_path / "manifest.json").write_text('{"files": {"main.js": "/static/main.js"}}')

    with pytest.raises(CannotError, match="nothing was changed"):
        publish(OWNER, tmp_path)

    assert (tmp_path / "main.js").read_text() == "run()"


def test_a_page_somebody_edited_is_not_taken_away(out):
    (out / "talks.html").write_text("my own words")
    change_activity(OWNER, the_talk(), visibility="private")

    with pytest.raises(CannotError, match="has been changed"):
        publish(OWNER, out)

    assert (out / "talks.html").read_text() == "my own words"


def test_a_folder_that_leads_elsewhere_is_refused(logbook, tmp_path):
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.mkdir()
    out.mkdir()
    (out / "log").symlink_to(elsewhere)
    write_down(OWNER, [new("Open night")])

    with pytest.raises(CannotError, match="is a link"):
        publish(OWNER, out)

    assert not list(elsewhere.iterdir())


def test_an_older_folder_put_back_is_not_gone_on_with(out, tmp_path):
    older = {f: f.read_bytes() for f in out.rglob("*") if f.is_file()}
    change_activity(OWNER, the_talk(), title="A better talk")
    publish(OWNER, out)
    for file, content in older.items():
        file.write_bytes(content)
    change_activity(OWNER, the_talk(), title="The best talk")

    with pytest.raises(CannotError, match="cut, put back or written anew"):
        publish(OWNER, out)
    (out / "log.jsonl").unlink()
    with pytest.raises(CannotError, match="is gone"):
        publish(OWNER, out)


def test_a_missing_page_comes_back(out):
    (out / "index.html").unlink()

    assert publish(OWNER, out).written == 1
    assert verify_folder(OWNER, out).problems == ()


@pytest.mark.parametrize("stop_at", ["entries.json", "log.jsonl", "manifest.json"])
def test_a_first_publication_that_broke_off_is_gone_on_with(
    logbook, tmp_path, monkeypatch, stop_at
):
    write_down(OWNER, [new("Open night"), new("Long ago", days=-200)])
    put = publishing._put

    def full(file, content):
        if file.name == stop_at:
            raise OSError(28, "No space left on device")
        put(file, content)

    monkeypatch.setattr(publishing, "_put", full)
    with pytest.raises(CannotError, match="no space"):
        publish(OWNER, tmp_path / "out")
    monkeypatch.setattr(publishing, "_put", put)
    write_down(OWNER, [new("Meanwhile", days=-100)])

    publish(OWNER, tmp_path / "out")

    assert verify_folder(OWNER, tmp_path / "out").problems == ()


def test_what_a_broken_off_publication_left_is_put_right(out, monkeypatch):
    put = publishing._put

    def full(file, content):
        if file.name == "log.jsonl":
            raise OSError(28, "No space left on device")
        put(file, content)

    monkeypatch.setattr(publishing, "_put", full)
    change_activity(OWNER, the_talk(), title="Another name")
    with pytest.raises(CannotError, match="no space"):
        publish(OWNER, out)
    monkeypatch.setattr(publishing, "_put", put)
    change_activity(OWNER, the_talk(), title="A talk")

    publish(OWNER, out)

    assert verify_folder(OWNER, out).problems == ()
    assert "Another name" not in (out / "talks.html").read_text()


def test_a_moved_folder_goes_on(out):
    moved = out.with_name("moved")
    out.rename(moved)
    change_activity(OWNER, the_talk(), visibility="private")

    done = publish(OWNER, moved)

    assert [len(part) for part in (done.preview.fresh, done.preview.redacted)] == [0, 1]
    assert verify_folder(OWNER, moved).problems == ()


@pytest.mark.parametrize("held", ["[]", '{"activity-1": 5}', "{"])
def test_tampered_entries_are_told_of(out, held):
    (out / "entries.json").write_text(held)

    assert verify_folder(OWNER, out).problems


def test_what_is_in_a_public_review_changes_by_the_ledger_and_holds_no_hours(logbook, tmp_path):
    write_down(OWNER, [new("Night", own={"hours": 41, "cost": 1234, "currency": "EUR"})])
    reviews.show_review(OWNER, "2026", public=True)
    publish(OWNER, tmp_path)
    page = (tmp_path / "reviews" / "2026.html").read_text()
    write_down(OWNER, [new("Second night")])

    done = publish(OWNER, tmp_path)

    assert "41" not in page
    assert "1,234" not in page
    assert "review-2026" in {entry.key for entry in done.preview.changed}


def test_times_to_come_are_in_a_zone_everyone_knows(logbook, tmp_path):
    write_down(OWNER, [new("Coming", days=9)])
    Activity.objects.update(status="planned")
    publish(OWNER, tmp_path)

    calendar = (tmp_path / "coming.ics").read_text()

    assert "TZID" not in calendar
    assert "DTSTART:" in calendar


def test_a_mirror_holds_no_quote_nobody_agreed_to_and_no_undo(tmp_path):
    home = {**os.environ, "ALMANAC_HOME": str(tmp_path / "home")}

    def almanac(*arguments):
        subprocess.run(
            [str(Path(sys.executable).with_name("almanac")), *arguments],
            env=home, check=True, capture_output=True, timeout=120,
        )  # fmt: skip

    almanac("heard", "zugzwang was said")
    almanac("log", "Night of talks yesterday")
    almanac("mirror", str(tmp_path / "mirror"))
    with zipfile.ZipFile(tmp_path / "mirror" / BACKUP) as archive:
        archive.extract("almanac.sqlite3", tmp_path)

    assert b"zugzwang" not in (tmp_path / "almanac.sqlite3").read_bytes()
    with closing(sqlite3.connect(tmp_path / "almanac.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM record_activity").fetchone() == (1,)


@pytest.mark.parametrize("name", [README, BACKUP])
def test_a_mirror_leaves_strangers_files_alone(logbook, tmp_path, name):
    (tmp_path / name).write_text("mine")

    with pytest.raises(CannotError, match="nothing was changed"):
        mirror(OWNER, str(tmp_path))

    assert (tmp_path / name).read_text() == "mine"


def test_undo_does_not_take_later_work_with_it(logbook):
    stars = metrics.begin_metric(OWNER, "Stars")
    metrics.measure(OWNER, stars, 5, date(2026, 3, 1))
    begun = Change.objects.get(verb="begin_metric")
    with pytest.raises(CannotError, match="first"):
        undo(OWNER, begun)

    assert Measurement.objects.count() == 1
    undo(OWNER)
    undo(OWNER, begun)
    assert Measurement.objects.count() == 0
