"""Is this logbook in order, and what would be lost with this machine?"""

from __future__ import annotations

import os
import sqlite3
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections

from almanac.record import rules
from almanac.record.infra import background, clock
from almanac.record.infra.read_only import looking_into
from almanac.record.infra.ready import newest_migration
from almanac.record.infra.routing import FILES
from almanac.record.infra.seals import is_untouched
from almanac.record.models import Activity, Change, Forecast
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from almanac.record.rules import Actor

LATEST = "SELECT max(name) FROM django_migrations WHERE app = 'record'"
BEHIND = timedelta(days=1)
OLD_BACKUP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. state: fine, advice or broken."""

    what: str
    state: str
    says: str


def examine(actor: Actor) -> list[Check]:
    """Look at the files, the schema, the hashes of forecasts, and the backups."""
    found = examine_files(actor)
    home = Path(settings.ALMANAC_HOME)
    if not any(finding.state == "broken" for finding in found):
        found.append(_days())
    return [*found, *_background(), _backups(home), _mirror()]


def examine_files(actor: Actor) -> list[Check]:
    """Look at what lies in the logbook's folder, whether or not it can be opened."""
    rules.require(rules.may_keep_logbook, actor)
    home = Path(settings.ALMANAC_HOME)
    files = [_file(home / name) for alias, name in FILES.items() if _is_sqlite(alias)]
    return [_folder(home), *files, *_secret(home)]


def _is_sqlite(alias: str) -> bool:
    return connections[alias].vendor == "sqlite"


def _folder(home: Path) -> Check:
    if not os.access(home, os.W_OK):
        return Check("folder", "broken", f"{home} cannot be written to; check its permissions.")
    if home.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Check(
            "folder", "advice", f"Others on this computer can read {home}. Run: chmod 700 {home}"
        )
    return Check("folder", "fine", f"The logbook is in {home}.")


def _file(file: Path) -> Check:
    """One database file, looked at without Almanac's own connection."""
    name, says = file.name, "Restore a backup: almanac restore FILE"
    if not file.exists() or not file.stat().st_size:
        return Check(name, "broken", f"{name} is missing or empty. {says}")
    try:
        with looking_into(file) as database:
            sound = database.execute("PRAGMA quick_check").fetchone()[0]
            latest = database.execute(LATEST).fetchone()[0]
    except sqlite3.Error as error:
        return Check(name, "broken", f"{name} cannot be read: {error}. {says}")
    if sound != "ok":
        return Check(name, "broken", f"{name} is damaged: {sound.splitlines()[0]}. {says}")
    if latest != newest_migration():
        return Check(name, "broken", f"{name} was made by another version of Almanac.")
    return Check(name, "fine", f"{name} opens and is sound.")


def _secret(home: Path) -> list[Check]:
    """An empty key is made anew at every start, so it is only ever seen by somebody who looks."""
    file = home / "secret"
    if file.exists() and not file.read_text(errors="replace").strip():
        return [Check("secret", "broken", "The key for cookies is empty. Restart almanac serve.")]
    return []


def _background() -> list[Check]:
    return [
        Check("background", "advice", f"{problem.what}: {problem.says}")
        for problem in background.problems()
    ]


def _days() -> Check:
    broken = [row.pk for row in Forecast.objects.all() if not is_untouched(row)]
    if broken:
        named = ", ".join(str(key) for key in broken[:5])
        return Check(
            "forecasts",
            "broken",
            f"{len(broken)} forecasts were changed after they were made: {named}.",
        )
    latest = Change.objects.order_by("-at").values_list("at", flat=True).first()
    if latest and latest - clock.now() > BEHIND:
        return Check(
            "clock",
            "broken",
            f"This machine's clock is behind what you wrote on {latest:%-d %B %Y}; set it right.",
        )
    wrong = Activity.objects.filter(starts_at__isnull=False, day__isnull=True).count()
    frozen = Forecast.objects.count()
    if wrong:
        return Check("activities", "broken", f"{wrong} activities have a time and no day.")
    number = Activity.objects.count()
    return Check("activities", "fine", f"{number:,} activities, {frozen:,} forecasts.")


def _mirror() -> Check:
    place = preferences.value("mirror")
    if not place:
        return Check(
            "mirror", "advice", "There is no off-site copy for others: almanac mirror FOLDER"
        )
    return Check(
        "mirror", "fine", f"The off-site copy is at {place}. Update it with: almanac mirror"
    )


def _backups(home: Path) -> Check:
    made = sorted((home / "backups").glob("*.zip")) if (home / "backups").is_dir() else []
    if not made:
        return Check(
            "backup",
            "advice",
            "There is no backup. Make one with: almanac backup",
        )
    newest = datetime.fromtimestamp(made[-1].stat().st_mtime, UTC)
    if clock.now() - newest > OLD_BACKUP:
        return Check(
            "backup", "advice", f"The newest backup is from {newest:%-d %B %Y}. almanac backup"
        )
    return Check("backup", "fine", f"The newest backup is from {newest:%-d %B %Y}: {made[-1].name}")
