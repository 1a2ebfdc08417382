"""Makes what is missing: both database files, with every migration applied."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connections

from almanac.record.routing import PRIVATE, RECORD

MIGRATIONS = Path(__file__).parent / "migrations"


def make_ready() -> None:
    """Bring both databases forward where they are behind; a glance where they are not."""
    for alias in (RECORD, PRIVATE):
        if _is_behind(alias):
            call_command("migrate", database=alias, verbosity=0, interactive=False)


def newest_migration() -> str:
    return max(file.stem for file in MIGRATIONS.glob("[0-9]*.py"))


def _is_behind(alias: str) -> bool:
    # Asking Django's own migration loader imports every migration; this is one small query.
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM django_migrations WHERE app = %s AND name = %s",
                ["record", newest_migration()],
            )
            return cursor.fetchone() is None
    except DatabaseError:
        return True
