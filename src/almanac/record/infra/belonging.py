"""Whether both files of a logbook are there, and are of one logbook.

Both carry the same number in SQLite's own `application_id`, given when they are first made.
"""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import connections

from almanac.core.errors import AlmanacError
from almanac.record.infra.read_only import looking_into
from almanac.record.infra.routing import FILES

LARGEST_MARK = 2**31 - 1


class LostFileError(AlmanacError):
    """A file of the logbook is gone, or is of another logbook; the message says which."""


def refuse_lost() -> None:
    """Raise LostFileError where a file is gone and what is left knows that it was there."""
    files = _files()
    gone = [file for file in files if not _is_there(file)]
    if not gone:
        return
    home = Path(settings.ALMANAC_HOME)
    if any(_was_in_use(file) for file in files if file not in gone):
        raise LostFileError(
            f"{gone[0].name} is missing or empty in {home}, so nothing was opened. {AGAIN}"
        )
    if len(gone) == len(FILES) and any(home.glob("backups/*.zip")):
        raise LostFileError(f"Both files of the logbook are missing in {home}. {AGAIN}")


AGAIN = (
    "Put a backup in its place with almanac restore FILE, or go on without what was in it with "
    "almanac init --anew."
)


def belong_together() -> bool:
    """Whether both carry the same number; raises LostFileError where they carry two."""
    marks = {mark for mark in _marks().values() if mark}
    if len(marks) > 1:
        raise LostFileError(
            f"{' and '.join(FILES.values())} in {settings.ALMANAC_HOME} are of two different "
            f"logbooks, so nothing was opened. {AGAIN}"
        )
    return len(marks) == 1 and all(_marks().values())


def mark(*, anew: bool = False) -> None:
    """Give both files one number; anew: also where they carry two, that of the record."""
    marks = _marks()
    known = [number for number in marks.values() if number]
    number = known[0] if known else secrets.randbelow(LARGEST_MARK) + 1
    for alias, before in reversed(marks.items()):
        if not before or (anew and before != number):
            with connections[alias].cursor() as cursor:
                cursor.execute(f"PRAGMA application_id = {number:d}")


def _marks() -> dict[str, int]:
    marks = {}
    for alias in FILES:
        if connections[alias].vendor == "sqlite":
            with connections[alias].cursor() as cursor:
                marks[alias] = int(cursor.execute("PRAGMA application_id").fetchone()[0])
    return marks


def _files() -> list[Path]:
    home = Path(settings.ALMANAC_HOME)
    named = {Path(str(connections[alias].settings_dict["NAME"])) for alias in FILES}
    return [home / name for name in FILES.values() if home / name in named]


def _is_there(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except FileNotFoundError:
        return False


def _was_in_use(file: Path) -> bool:
    """Whether anything was ever written into it; a start that was killed leaves empty tables."""
    try:
        with looking_into(file) as database:
            if database.execute("PRAGMA application_id").fetchone()[0]:
                return True
            tables = database.execute(
                "SELECT name FROM sqlite_master WHERE name LIKE 'record_%' AND type = 'table'"
            )
            return any(
                database.execute(f'SELECT EXISTS (SELECT 1 FROM "{name}")').fetchone()[0]  # noqa: S608
                for (name,) in tables.fetchall()
            )
    except sqlite3.Error:
        return True
