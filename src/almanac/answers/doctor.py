"""Is this logbook in order, and what would be lost with this machine?"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connections

from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.infra.ready import newest_migration
from almanac.record.infra.routing import PRIVATE, RECORD
from almanac.record.infra.seals import is_untouched
from almanac.record.models import Activity, Forecast
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from almanac.record.rules import Actor

OLD_BACKUP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. state: fine, advice or broken."""

    what: str
    state: str
    says: str


def examine(actor: Actor) -> list[Check]:
    """Look at the files, the schema, the hashes of forecasts, and the backups."""
    rules.require(rules.may_keep_logbook, actor)
    home = Path(settings.ALMANAC_HOME)
    found = [_folder(home)]
    for alias, name in ((RECORD, "the record"), (PRIVATE, "the private file")):
        found.append(_database(alias, name))
    if not any(finding.state == "broken" for finding in found):
        found.append(_days())
    found += [_backups(home), _mirror()]
    return found


def _folder(home: Path) -> Check:
    if not os.access(home, os.W_OK):
        return Check("folder", "broken", f"{home} cannot be written to; check its permissions.")
    if home.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Check("folder", "advice", f"Others on this machine can look into {home}; chmod 700.")
    return Check("folder", "fine", f"Everything lives in {home}.")


def _database(alias: str, name: str) -> Check:
    connection = connections[alias]
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM django_migrations WHERE app = %s AND name = %s",
                ["record", newest_migration()],
            )
            current = cursor.fetchone() is not None
    except DatabaseError as error:
        return Check(
            name, "broken", f"{name.capitalize()} cannot be opened: {error}. Restore a backup."
        )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check")
            sound = cursor.fetchone()[0]
        if sound != "ok":
            return Check(
                name, "broken", f"{name.capitalize()} is damaged: {sound}. Restore a backup."
            )
    if not current:
        return Check(name, "broken", f"{name.capitalize()} is of another version of Almanac.")
    return Check(name, "fine", f"{name.capitalize()} opens and is sound.")


def _days() -> Check:
    broken = [row.pk for row in Forecast.objects.all() if not is_untouched(row)]
    if broken:
        named = ", ".join(str(key) for key in broken[:5])
        return Check(
            "forecasts",
            "broken",
            f"{len(broken)} frozen forecasts were changed afterwards: {named}.",
        )
    wrong = Activity.objects.filter(starts_at__isnull=False, day__isnull=True).count()
    frozen = Forecast.objects.count()
    if wrong:
        return Check("activities", "broken", f"{wrong} activities have a time and no day.")
    number = Activity.objects.count()
    return Check("activities", "fine", f"{number:,} activities, {frozen:,} frozen forecasts.")


def _mirror() -> Check:
    place = preferences.value("mirror")
    if not place:
        return Check("mirror", "advice", "Nobody else could go on from here: almanac mirror FOLDER")
    return Check(
        "mirror", "fine", f"The mirror is at {place}; almanac mirror brings it up to date."
    )


def _backups(home: Path) -> Check:
    made = sorted((home / "backups").glob("*.zip")) if (home / "backups").is_dir() else []
    if not made:
        return Check(
            "backup",
            "advice",
            "There is no backup: all of this is lost with this machine. almanac backup",
        )
    newest = datetime.fromtimestamp(made[-1].stat().st_mtime, UTC)
    if clock.now() - newest > OLD_BACKUP:
        return Check(
            "backup", "advice", f"The newest backup is from {newest:%-d %B %Y}. almanac backup"
        )
    return Check("backup", "fine", f"The newest backup is from {newest:%-d %B %Y}: {made[-1].name}")
