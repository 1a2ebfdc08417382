"""Backups of a logbook in two files of its own: what is in them, and what comes back."""

import json
import os
import sqlite3
import zipfile
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from types import SimpleNamespace

import pytest
from tests.conftest import NOW

from almanac import __version__
from almanac.actions.errors import CannotError
from almanac.actions.keeping import backups
from almanac.record.infra import clock, scratch
from almanac.record.rules import OWNER

RECORD, PRIVATE = "almanac.sqlite3", "private.sqlite3"
TABLES = """
    CREATE TABLE record_activity (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT, title TEXT, visibility TEXT);
    CREATE TABLE record_voice (id INTEGER PRIMARY KEY, text TEXT, consent TEXT);
    CREATE TABLE record_voicepicture (voice_id INTEGER, content TEXT);
    CREATE TABLE record_attachment (activity_id INTEGER, content TEXT);
    CREATE TABLE record_handledfile (name TEXT);
    CREATE TABLE record_change (summary TEXT, verb TEXT, at TEXT);
    CREATE TABLE record_publication (folder TEXT);
    CREATE TABLE record_preference (key TEXT);
"""
ROWS = """
    INSERT INTO record_activity VALUES (1, '2026-01-01', 'First', 'team'), (2, '2026-02-01', 'Second', 'private');
    INSERT INTO record_voice VALUES (1, 'ChangeLine freely', 'given'), (2, 'SECRETQUOTE', 'asked');
    INSERT INTO record_voicepicture VALUES (1, 'a'), (2, 'SECRETPICTURE');
    INSERT INTO record_attachment VALUES (1, 'b'), (2, 'SECRETATTACHMENT');
    INSERT INTO record_handledfile VALUES ('SECRETFILE');
    INSERT INTO record_change VALUES ('SECRETCHANGE', 'log', '2026-01-01 00:00:00');
    INSERT INTO record_publication VALUES ('here');
    INSERT INTO record_preference VALUES ('mirror'), ('zone');
"""


class Files:
    """Connections to files of a folder, in place of the test database."""

    def __init__(self, home, vendor="sqlite"):
        self.home, self.vendor, self.closed = home, vendor, 0

    def __getitem__(self, alias):
        name = {"default": RECORD, "private": PRIVATE}[alias]
        return SimpleNamespace(vendor=self.vendor, settings_dict={"NAME": self.home / name})

    def close_all(self):
        self.closed += 1


def run(file, script):
    with closing(sqlite3.connect(file)) as database:
        database.executescript(script)


def ask(file, query):
    with closing(sqlite3.connect(file)) as database:
        return [value for (value,) in database.execute(query)]


@pytest.fixture
def home(tmp_path, monkeypatch, settings):
    settings.ALMANAC_HOME = tmp_path / "home"
    settings.ALMANAC_HOME.mkdir()
    run(settings.ALMANAC_HOME / RECORD, TABLES + ROWS)
    run(
        settings.ALMANAC_HOME / PRIVATE,
        "CREATE TABLE guess (id INTEGER); INSERT INTO guess VALUES (7)",
    )
    monkeypatch.setattr(backups, "connections", Files(settings.ALMANAC_HOME))
    monkeypatch.setattr(backups, "make_ready", lambda **_: None)
    with clock.at(NOW):
        yield settings.ALMANAC_HOME


def packed(file, **contents):
    """An archive with these files and a manifest that knows their hashes."""
    names = {"record": RECORD, "private": PRIVATE}
    held = {names.get(name, name): content for name, content in contents.items()}
    files = {name: sha256(content).hexdigest() for name, content in held.items()}
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(backups.MANIFEST, json.dumps({"at": NOW.isoformat(), "files": files}))
        for name, content in held.items():
            archive.writestr(name, content)
    return file


def test_a_backup_holds_both_files_and_what_they_are(home):
    made = backups.back_up(OWNER)

    assert made.file == home / "backups" / "almanac-2026-03-18-120000.zip"
    assert (made.size, made.activities) == (made.file.stat().st_size, 2)
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in made.file.parent.iterdir()] == [made.file.name]
    with zipfile.ZipFile(made.file) as archive:
        manifest = json.loads(archive.read("almanac-backup.json"))
        assert set(archive.namelist()) == {"almanac-backup.json", RECORD, PRIVATE}
        assert {each.compress_type for each in archive.infolist()} == {zipfile.ZIP_DEFLATED}
        assert manifest == {
            "almanac": __version__, "at": NOW.isoformat(),
            "files": {name: sha256(archive.read(name)).hexdigest() for name in (RECORD, PRIVATE)},
        }  # fmt: skip
    assert backups.verify(OWNER, made.file) == 2


def test_a_backup_needs_no_write_ahead_log(home):
    run(home / RECORD, "PRAGMA journal_mode=WAL")
    made = backups.back_up(OWNER)
    with backups.opened(OWNER, made.file) as found:
        assert ask(found.folder / RECORD, "PRAGMA journal_mode") == ["delete"]


def test_a_backup_writes_over_nothing(home, tmp_path):
    file = tmp_path / "deep" / "below" / "mine.zip"
    backups.back_up(OWNER, file)
    before = file.read_bytes()
    with pytest.raises(CannotError, match="exists already"):
        backups.back_up(OWNER, file)
    assert file.read_bytes() == before
    with pytest.raises(CannotError, match="cannot hold a backup"):
        backups.back_up(OWNER, file / "other.zip")


def test_an_opened_backup_is_there_for_as_long_as_it_is_looked_at(home):
    made = backups.back_up(OWNER)
    with backups.opened(OWNER, made.file) as found:
        assert (found.activities, found.made_at) == (2, NOW)
        assert ask(found.folder / PRIVATE, "SELECT id FROM guess") == [7]
    assert not found.folder.exists()


def test_the_record_for_others_is_without_what_is_ones_own(home, tmp_path):
    file = tmp_path / "record.zip"
    assert backups.back_up_record(OWNER, file) == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == ["home", "record.zip"]
    with backups.opened(OWNER, file) as found:
        assert [each.name for each in found.folder.iterdir()] == [RECORD]
        record = found.folder / RECORD
        assert ask(record, "SELECT id FROM record_voice") == [1]
        assert ask(record, "SELECT voice_id FROM record_voicepicture") == [1]
        assert ask(record, "SELECT activity_id FROM record_attachment") == [1]
        assert ask(record, "SELECT count(*) FROM record_handledfile") == [0]
        assert ask(record, "SELECT count(*) FROM record_change") == [0]
        assert ask(record, "SELECT count(*) FROM record_publication") == [0]
        assert ask(record, "SELECT key FROM record_preference") == ["zone"]
        assert ask(record, "SELECT title FROM record_activity") == ["First", "Second"]
        # Nothing lingers in free pages either.
        assert b"SECRET" not in record.read_bytes()
    assert ask(home / RECORD, "SELECT count(*) FROM record_change") == [1]


def test_a_backup_takes_the_place_of_the_logbook_and_what_was_there_is_kept(home):
    made = backups.back_up(OWNER)
    run(home / RECORD, "INSERT INTO record_activity VALUES (3, '2026-03-01', 'Third', 'private')")
    run(home / PRIVATE, "UPDATE guess SET id = 8")
    for name in (RECORD, PRIVATE):
        for ending in ("-wal", "-shm"):
            (home / f"{name}{ending}").touch()

    aside = backups.restore(OWNER, made.file)

    # Before the files that were there are kept, and before others take their place.
    assert backups.connections.closed == 2
    assert aside == home / "backups" / "replaced-2026-03-18-120000"
    assert ask(home / RECORD, "SELECT count(*) FROM record_activity") == [2]
    assert ask(home / PRIVATE, "SELECT id FROM guess") == [7]
    assert ask(aside / RECORD, "SELECT count(*) FROM record_activity") == [3]
    assert ask(aside / PRIVATE, "SELECT id FROM guess") == [8]
    assert sorted(each.name for each in home.iterdir()) == [RECORD, "backups", PRIVATE, "scratch"]
    again = backups.restore(OWNER, made.file)
    assert again.name == "replaced-2026-03-18-120000-again"
    assert backups.restore(OWNER, made.file).name.endswith("-again-again")


def test_a_record_alone_leaves_the_private_file_of_the_same_logbook(home, tmp_path):
    backups.back_up_record(OWNER, tmp_path / "record.zip")
    backups.restore(OWNER, tmp_path / "record.zip")
    assert ask(home / PRIVATE, "SELECT id FROM guess") == [7]
    assert ask(home / RECORD, "SELECT count(*) FROM record_change") == [0]


def test_a_record_of_another_logbook_leaves_nothing_private_behind(home, tmp_path):
    backups.back_up_record(OWNER, tmp_path / "record.zip")
    run(home / RECORD, "UPDATE record_activity SET created_at = '2020-01-01' WHERE id = 1")
    aside = backups.restore(OWNER, tmp_path / "record.zip")
    assert (home / PRIVATE).read_bytes() == b""
    assert ask(aside / PRIVATE, "SELECT id FROM guess") == [7]


def test_a_backup_is_restored_where_there_was_no_logbook(home, tmp_path):
    backups.back_up_record(OWNER, tmp_path / "record.zip")
    (home / RECORD).unlink()
    (home / PRIVATE).unlink()
    aside = backups.restore(OWNER, tmp_path / "record.zip")
    assert list(aside.iterdir()) == []
    assert ask(home / RECORD, "SELECT count(*) FROM record_activity") == [2]
    assert (home / PRIVATE).read_bytes() == b""


def test_what_is_made_ready_is_what_was_restored(home, monkeypatch):
    made = backups.back_up(OWNER)
    run(home / RECORD, "DELETE FROM record_activity")
    seen = []
    monkeypatch.setattr(
        backups, "make_ready",
        lambda **_: seen.append(ask(home / RECORD, "SELECT count(*) FROM record_activity")),
    )  # fmt: skip
    backups.restore(OWNER, made.file)
    assert seen == [[2]]


def test_a_backup_that_was_changed_is_not_restored(home, tmp_path):
    made = backups.back_up(OWNER)
    with zipfile.ZipFile(made.file) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    held[PRIVATE] += b"x"
    with zipfile.ZipFile(tmp_path / "changed.zip", "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    before = (home / RECORD).read_bytes()
    with pytest.raises(CannotError, match="changed or damaged"):
        backups.restore(OWNER, tmp_path / "changed.zip")
    assert (home / RECORD).read_bytes() == before


def test_an_archive_of_other_files_is_refused(home, tmp_path):
    other = packed(tmp_path / "b.zip", record=(home / RECORD).read_bytes(), strange=b"x")
    with pytest.raises(CannotError, match="not a whole"):
        backups.verify(OWNER, other)
    alone = packed(tmp_path / "c.zip", private=(home / PRIVATE).read_bytes())
    with pytest.raises(CannotError, match="not a whole"):
        backups.verify(OWNER, alone)


def test_a_file_that_is_no_logbook_is_refused(home, tmp_path):
    text = packed(tmp_path / "b.zip", record=b"not a database, only words that go on" * 40)
    with pytest.raises(CannotError, match="is not a logbook"):
        backups.verify(OWNER, text)
    empty = packed(tmp_path / "c.zip", record=b"")
    with pytest.raises(CannotError, match="is not a logbook"):
        backups.verify(OWNER, empty)


def test_what_is_in_postgresql_is_backed_up_there(home, monkeypatch, tmp_path):
    monkeypatch.setattr(backups, "connections", Files(home, "postgresql"))
    for refused in (
        lambda: backups.back_up(OWNER), lambda: backups.back_up_record(OWNER, tmp_path / "r.zip"),
        lambda: backups.restore(OWNER, tmp_path / "r.zip"),
    ):  # fmt: skip
        with pytest.raises(CannotError, match="in PostgreSQL"):
            refused()
    assert not (home / "backups").exists()


@pytest.mark.parametrize("file", [RECORD, PRIVATE])
@pytest.mark.parametrize("damage", ["noise", "zeroes", "cut", "empty", "missing"])
def test_a_backup_is_restored_whatever_became_of_the_files(home, file, damage):
    good = backups.back_up(OWNER).file
    there = home / file
    before = there.read_bytes()
    match damage:
        case "noise":
            there.write_bytes(b"no database at all" * 400)
        case "zeroes":
            there.write_bytes(before[:100] + b"\0" * (len(before) - 100))
        case "cut":
            there.write_bytes(before[: len(before) // 2 + 7])
        case "empty":
            there.write_bytes(b"")
        case "missing":
            there.unlink()
    damaged = there.read_bytes() if there.exists() else None
    aside = backups.restore(OWNER, good)

    assert ask(home / RECORD, "SELECT count(*) FROM record_activity") == [2]
    assert ask(home / PRIVATE, "SELECT id FROM guess") == [7]
    if damage in {"noise", "cut"}:
        assert (aside / file).read_bytes() == damaged
    if (aside / file).exists():
        assert (aside / file).stat().st_mode & 0o077 == 0
    assert not list((home / "scratch").iterdir())


def test_a_killed_backup_leaves_nothing_that_the_next_start_does_not_sweep(home, monkeypatch):
    held = home / "scratch"
    with scratch.scratch() as folder:
        (folder / "private.sqlite3").write_bytes(b"x")
        assert held.stat().st_mode & 0o077 == 0
        assert scratch.sweep() == 0
    (held / "999999999-left").mkdir(parents=True)
    (held / "999999999-left" / "private.sqlite3").write_bytes(b"private")
    (held / "stray").mkdir()
    assert scratch.sweep() == 2
    assert not list(held.iterdir())


def test_nothing_unredacted_ever_lies_where_others_read(home, tmp_path, monkeypatch):
    shared = tmp_path / "shared"
    shared.mkdir()
    seen = []
    original = backups._archived

    def looking(*given):
        seen.append(sorted(path.name for path in shared.iterdir()))
        return original(*given)

    monkeypatch.setattr(backups, "_archived", looking)
    backups.back_up_record(OWNER, shared / "record.zip")
    assert seen == [[]]
    assert [path.name for path in shared.iterdir()] == ["record.zip"]


def test_a_backup_deletes_older_ones_that_hold_somebody_erased_since(home, tmp_path):
    old, kept = backups.back_up(OWNER).file, tmp_path / "elsewhere.zip"
    (home / "backups" / "replaced-2026").mkdir()
    backups.back_up(OWNER, kept)
    for place in (old, home / "backups" / "replaced-2026", kept):
        os.utime(place, (NOW.timestamp() - 10,) * 2)
    run(
        home / RECORD,
        f"INSERT INTO record_change VALUES ('Erased a person', 'erase', '{NOW:%F %T}')",
    )
    with clock.at(NOW + timedelta(seconds=1)):
        new = backups.back_up(OWNER).file
    assert sorted((home / "backups").iterdir()) == [new]
    assert kept.exists()


def test_numbers_go_on_after_an_older_copy_is_restored(home):
    made = backups.back_up(OWNER)
    (home / "mirror").mkdir()
    alone = home / "mirror" / "alone.zip"
    backups.back_up_record(OWNER, alone)
    run(home / RECORD, "INSERT INTO record_activity VALUES (3, '2026-03-01', 'Third', 'private')")
    backups.restore(OWNER, alone)
    run(home / RECORD, "INSERT INTO record_activity (title) VALUES ('Fourth')")
    assert ask(home / RECORD, "SELECT max(id) FROM record_activity") == [4]
    assert made.activities == 2


def test_a_lost_record_is_restored_beside_its_own_private_file(home):
    for name in (RECORD, PRIVATE):
        run(home / name, "PRAGMA application_id = 77")
    (home / "mirror").mkdir()
    alone = home / "mirror" / "alone.zip"
    backups.back_up_record(OWNER, alone)
    (home / RECORD).unlink()
    backups.restore(OWNER, alone)
    assert ask(home / PRIVATE, "SELECT id FROM guess") == [7]
