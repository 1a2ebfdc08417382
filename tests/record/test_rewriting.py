"""Erased bytes leave the files and their logs, at once or when the logbook is next opened alone."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

ALMANAC = Path(sys.executable).with_name("almanac")


def almanac(home, *arguments):
    return subprocess.run(
        [ALMANAC, *arguments], env=os.environ | {"ALMANAC_HOME": str(home)}, capture_output=True,
        text=True, check=True,
    ).stdout  # fmt: skip


def holding(home):
    return [f.name for f in home.glob("*.sqlite3*") if b"zelda" in f.read_bytes().lower()]


def test_a_reader_keeps_erased_bytes_until_it_goes(tmp_path):
    home = tmp_path / "home"
    almanac(home, "heard", "Well done", "--who", "Zelda Quimby")
    almanac(home, "load", "check-in", "3,3,3", "--words", "Zelda Quimby helped")
    with closing(sqlite3.connect(home / "almanac.sqlite3", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM record_activity").fetchone()
        said = almanac(home, "erase", "Zelda Quimby", "--yes")
        assert "almanac.sqlite3: another program holds it open" in said
        assert holding(home)
    assert (home / "rewriting-due").exists()
    almanac(home, "list")
    assert holding(home) == []
    assert not (home / "rewriting-due").exists()
