"""Makes what is missing: both database files, with every migration applied."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections

from almanac.core.errors import AlmanacError
from almanac.record.infra import belonging, search_index
from almanac.record.infra.routing import PRIVATE, RECORD

if TYPE_CHECKING:
    from collections.abc import Iterator

MIGRATIONS = Path(__file__).parents[1] / "migrations"


class NewerLogbookError(AlmanacError):
    """The logbook was made by a later version, whose tables this one does not know."""


def make_ready(*, anew: bool = False) -> None:
    """Bring both databases forward where they are behind; a glance where they are not.

    anew: make a file that is gone once more; else LostFileError says that it is.
    """
    if not anew:
        belonging.refuse_lost()
    if any(_is_behind(alias) for alias in (RECORD, PRIVATE)):
        with _alone():
            for alias in (RECORD, PRIVATE):
                if _is_behind(alias):
                    call_command("migrate", database=alias, verbosity=0, interactive=False)
    if not search_index.is_there():
        with _alone():
            search_index.build()
    if anew or not belonging.belong_together():
        with _alone():
            belonging.mark(anew=anew)
    _keep_for_owner()


def _keep_for_owner() -> None:
    """A home that others may enter must not show them what is in it."""
    for file in Path(settings.ALMANAC_HOME).glob("*.sqlite3*"):
        if file.stat().st_mode & 0o077:
            file.chmod(0o600)


@contextmanager
def _alone() -> Iterator[None]:
    """Let only one process at a time make or move tables; SQLite's own lock lapses with it."""
    with closing(sqlite3.connect(settings.ALMANAC_HOME / "making-ready", timeout=60)) as gate:
        gate.execute("BEGIN EXCLUSIVE")
        yield


def newest_migration() -> str:
    return max(file.stem for file in MIGRATIONS.glob("[0-9]*.py"))


def _is_behind(alias: str) -> bool:
    # Asking Django's own migration loader imports every migration; this is one small query.
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT max(name) FROM django_migrations WHERE app = %s", ["record"])
            (latest,) = cursor.fetchone()
    except DatabaseError:
        return True
    if latest is not None and latest > newest_migration():
        raise NewerLogbookError(
            "This logbook was made by a newer Almanac; nothing was changed. Install that version to open it."
        )
    return bool(latest != newest_migration())
