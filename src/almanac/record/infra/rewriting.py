"""Deleted rows linger in the free pages of a SQLite file, and in its write-ahead log, until both are
written anew."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connections

from almanac.record.infra import search_index
from almanac.record.infra.routing import PRIVATE, RECORD

DUE = "rewriting-due"
PATIENCE, PAUSE = 5.0, 0.2
"""Seconds to wait for others who read the file, and between two looks."""


def rewrite(patience: float = PATIENCE) -> list[str]:
    """Write both files anew; the names of those that somebody else holds open. They are gone over
    again when the logbook is next opened."""
    due = Path(settings.ALMANAC_HOME) / DUE
    due.touch(mode=0o600)
    search_index.forget_deleted()
    held = [name for alias in (RECORD, PRIVATE) if (name := _held(alias, patience))]
    if not held:
        due.unlink(missing_ok=True)
    return held


def rewrite_if_due() -> None:
    if (Path(settings.ALMANAC_HOME) / DUE).exists():
        rewrite(patience=0)


def _held(alias: str, patience: float) -> str:
    """The name of the file where its log could not be emptied, else nothing."""
    if connections[alias].vendor != "sqlite":
        return ""
    until = time.monotonic() + patience
    with connections[alias].cursor() as cursor:
        while True:
            try:
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                if not cursor.fetchone()[0]:
                    return ""
            except OperationalError:
                pass  # somebody is writing; there may be time
            if time.monotonic() >= until:
                return Path(connections[alias].settings_dict["NAME"]).name
            time.sleep(PAUSE)
