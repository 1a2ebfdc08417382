"""Both files of a logbook are there and of one logbook, or it is said and nothing is made anew."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

RECORD, PRIVATE = "almanac.sqlite3", "private.sqlite3"


def almanac(home, *arguments):
    done = subprocess.run(
        [Path(sys.executable).with_name("almanac"), *arguments],
        env=os.environ | {"ALMANAC_HOME": str(home)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A logbook with something in both files, and another one."""
    folder = tmp_path_factory.mktemp("kept")
    for name in ("mine", "theirs"):
        almanac(folder / name, "log", "Gave the API talk, 80 people")
        almanac(folder / name, "load", "check-in", "3,3,3")
    return folder


@pytest.fixture
def home(kept, tmp_path):
    shutil.copytree(kept / "mine", tmp_path / "home")
    return tmp_path / "home"


def lose(home, name):
    for file in home.glob(f"{name}*"):
        file.unlink()


@pytest.mark.parametrize("name", [RECORD, PRIVATE])
@pytest.mark.parametrize("way", ["gone", "empty"])
def test_a_lost_file_is_said_by_every_command_and_made_only_when_asked(home, name, way):
    lose(home, name)
    if way == "empty":
        (home / name).touch()
    for command in (("log", "Something"), ("doctor",)):
        code, said = almanac(home, *command)
        assert code == 1
        assert f"{name} is missing or empty" in said
        assert "Traceback" not in said
    assert not (home / name).exists() or (home / name).stat().st_size == 0
    assert almanac(home, "init", "--anew")[0] == 0
    assert almanac(home, "doctor")[0] == 0


def test_files_of_two_logbooks_are_not_opened_together(home, kept):
    lose(home, PRIVATE)
    shutil.copy(kept / "theirs" / PRIVATE, home / PRIVATE)
    code, said = almanac(home, "list")
    assert code == 1
    assert "of two different logbooks" in said


def test_both_gone_beside_a_backup_is_said(home):
    almanac(home, "backup")
    lose(home, RECORD)
    lose(home, PRIVATE)
    code, said = almanac(home, "list")
    assert code == 1
    assert "Both files of the logbook are missing" in said
    backup = next((home / "backups").glob("*.zip"))
    assert almanac(home, "restore", str(backup), "--yes")[0] == 0
    assert "API talk" in almanac(home, "list")[1]


def test_a_start_that_was_killed_between_its_files_goes_on(tmp_path):
    home = tmp_path / "home"
    almanac(home, "init")
    for file in home.glob(f"{RECORD}*"):
        file.unlink()
    with closing(sqlite3.connect(home / PRIVATE)) as database:
        database.execute("PRAGMA application_id = 0")
        for (table,) in database.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE 'record_%' AND type = 'table'"
        ).fetchall():
            database.execute(f"DELETE FROM {table}")
        database.commit()
    assert almanac(home, "log", "First")[0] == 0


def test_a_logbook_of_an_earlier_version_is_given_its_number(home):
    for name in (RECORD, PRIVATE):
        with closing(sqlite3.connect(home / name)) as database:
            database.execute("PRAGMA application_id = 0")
    assert almanac(home, "list")[0] == 0
    marks = set()
    for name in (RECORD, PRIVATE):
        with closing(sqlite3.connect(home / name)) as database:
            marks |= set(database.execute("PRAGMA application_id").fetchone())
    assert len(marks) == 1
    assert 0 not in marks


@pytest.mark.parametrize("name", [RECORD, PRIVATE])
@pytest.mark.parametrize("damage", ["noise", "half"])
def test_doctor_names_the_damaged_file(home, name, damage):
    for log in home.glob("*-wal"):
        log.unlink()
    content = (home / name).read_bytes()
    (home / name).write_bytes(
        os.urandom(4096) if damage == "noise" else content[: len(content) // 2]
    )
    code, said = almanac(home, "doctor")
    assert code == 1
    broken = [line for line in said.splitlines() if " broken " in f" {line} "]
    assert [name in line for line in broken] == [True]
    assert "Traceback" not in said
