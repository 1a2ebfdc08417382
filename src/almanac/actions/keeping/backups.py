"""Backups: one verified archive of everything that is the practitioner's, and the way back."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import zipfile
import zlib
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections

from almanac import __version__
from almanac.actions.errors import CannotError
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.infra.read_only import looking_into
from almanac.record.infra.ready import make_ready
from almanac.record.infra.routing import FILES, PRIVATE, RECORD
from almanac.record.infra.scratch import put_in_place, remove, scratch
from almanac.record.infra.search_index import drop_statements
from almanac.sources.base.reading import DAMAGED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from almanac.record.rules import Actor

MANIFEST = "almanac-backup.json"
CHUNK = 1 << 20
NOT_FOR_OTHERS = (
    *drop_statements(),
    "DELETE FROM record_voicepicture WHERE voice_id IN "
    "(SELECT id FROM record_voice WHERE consent <> 'given')",
    "DELETE FROM record_voice WHERE consent <> 'given'",
    "DELETE FROM record_attachment WHERE activity_id IN "
    "(SELECT id FROM record_activity WHERE visibility = 'private')",
    "DELETE FROM record_handledfile",
    "DELETE FROM record_change",
    "DELETE FROM record_publication",
    "DELETE FROM record_preference WHERE key = 'mirror'",
)
LATEST_ERASURE = "SELECT max(at) FROM record_change WHERE verb = 'erase'"
FIRST_ACTIVITY = "SELECT id || ' ' || created_at FROM record_activity ORDER BY id LIMIT 1"


@dataclass(frozen=True, slots=True)
class Backup:
    file: Path
    size: int
    activities: int


def back_up(actor: Actor, file: Path | None = None) -> Backup:
    """Write a backup and read it again before saying that it is there.

    It holds the private file too, because it is made by the practitioner, for the practitioner.
    """
    rules.require(rules.may_keep_logbook, actor)
    if connections[RECORD].vendor != "sqlite":
        raise CannotError(
            "The record is in PostgreSQL: back it up there with pg_dump, and copy "
            f"{settings.ALMANAC_HOME / FILES[PRIVATE]} beside it."
        )
    if file is None:
        folder = settings.ALMANAC_HOME / "backups"
        file = folder / f"almanac-{clock.now():%Y-%m-%d-%H%M%S}.zip"
    if file.exists():
        raise CannotError(f"{file} exists already; name another file.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotError(f"{file.parent} cannot hold a backup: {error.strerror}.") from error
    with scratch() as folder:
        for alias, name in FILES.items():
            _copy(alias, folder / name)
        half = _archived(folder, tuple(FILES.values()))
        half.chmod(0o600)
        activities = verify(actor, half)
        put_in_place(half, file)
        _delete_outdated(actor, folder / FILES[RECORD])
    return Backup(file, file.stat().st_size, activities)


def outdated(actor: Actor, before: datetime) -> list[Path]:
    """Backups and replaced files in the logbook's own folder from before a moment."""
    rules.require(rules.may_keep_logbook, actor)
    folder: Path = settings.ALMANAC_HOME / "backups"
    held = [*folder.glob("*.zip"), *folder.glob("replaced-*")]
    return sorted(place for place in held if place.stat().st_mtime < before.timestamp())


def _delete_outdated(actor: Actor, record: Path) -> None:
    """Backups that still hold somebody who was erased, now that there is one without them. record: the
    copy of the record that went into it."""
    with closing(sqlite3.connect(record)) as database:
        erased_at = database.execute(LATEST_ERASURE).fetchone()[0]
    if erased_at is None:
        return
    before = datetime.fromisoformat(erased_at).replace(tzinfo=UTC)
    for place in outdated(actor, before=before):
        remove(place)


def back_up_record(actor: Actor, file: Path) -> int:
    """The record alone as a verified SQLite file in a zip archive, for where a successor can reach
    it: without guesses, energy, quotes nobody agreed to, and what undo would bring back. Returns
    the number of activities."""
    rules.require(rules.may_keep_logbook, actor)
    if connections[RECORD].vendor != "sqlite":
        raise CannotError("The record is in PostgreSQL: back it up there with pg_dump.")
    name = FILES[RECORD]
    # Only what others may see ever lies in their folder.
    with scratch() as folder:
        _copy(RECORD, folder / name)
        with closing(sqlite3.connect(folder / name)) as database:
            for statement in NOT_FOR_OTHERS:
                database.execute(statement)
            database.commit()
            # Else what was deleted would still lie in the file's free pages.
            database.execute("VACUUM")
        half = _archived(folder, (name,))
        number = verify(actor, half)
        put_in_place(half, file)
    return number


def _archived(folder: Path, names: tuple[str, ...]) -> Path:
    """Files of a folder in a zip archive beside them, with what they are by their hashes."""
    contents = {name: _fingerprint(folder / name) for name in names}
    manifest = {"almanac": __version__, "at": clock.now().isoformat(), "files": contents}
    made = folder / "half.zip"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
        for name in names:
            archive.write(folder / name, name)
    return made


def verify(actor: Actor, file: Path) -> int:
    """Check every file of a backup against its hash and open it; the number of activities."""
    with opened(actor, file) as found:
        return found.activities


@dataclass(frozen=True, slots=True)
class OpenedBackup:
    folder: Path
    activities: int
    made_at: datetime


def opened(actor: Actor, file: Path) -> AbstractContextManager[OpenedBackup]:
    """A verified backup in an empty folder, for as long as it is looked at."""
    rules.require(rules.may_keep_logbook, actor)
    return _opening(file)


@contextmanager
def _opening(file: Path) -> Iterator[OpenedBackup]:
    with scratch() as folder:
        number = _unpack(file, folder)
        yield OpenedBackup(folder, number, _made_at(file))


def restore(actor: Actor, file: Path) -> Path:
    """Put a verified backup in the place of this logbook; what it replaces is kept beside it.

    Returns the folder that now holds the replaced files.
    """
    rules.require(rules.may_keep_logbook, actor)
    if connections[RECORD].vendor != "sqlite":
        raise CannotError("The record is in PostgreSQL: restore it there with pg_restore.")
    home: Path = settings.ALMANAC_HOME
    with scratch() as folder:
        _unpack(file, folder)
        connections.close_all()
        aside = home / "backups" / f"replaced-{clock.now():%Y-%m-%d-%H%M%S}"
        while aside.exists():
            aside = aside.with_name(f"{aside.name}-again")
        aside.mkdir(parents=True)
        for alias, name in FILES.items():
            if (home / name).exists():
                _set_aside(alias, home / name, aside)
        connections.close_all()
        # A mirror's backup holds no private file. The one that is here speaks of activities by
        # number, so it stays only where the record is a copy of the same logbook.
        alike = _is_same_logbook(home, folder / FILES[RECORD])
        if alike:
            _use_no_number_twice(home, folder / FILES[RECORD])
        for name in FILES.values():
            if not (folder / name).exists():
                if alike:
                    continue
                (folder / name).touch()
            for leftover in (f"{name}-wal", f"{name}-shm"):
                (home / leftover).unlink(missing_ok=True)
            (folder / name).replace(home / name)
    make_ready(anew=True)
    return aside


def _set_aside(alias: str, file: Path, aside: Path) -> None:
    """A copy that needs no write-ahead log; of a file that is damaged, every byte there is."""
    try:
        _copy(alias, aside / file.name)
        with closing(sqlite3.connect(aside / file.name)) as database:
            is_whole = database.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.Error:
        is_whole = False
    if not is_whole:
        (aside / file.name).unlink(missing_ok=True)
        for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
            if (file.parent / name).exists():
                shutil.copy2(file.parent / name, aside / name)
    (aside / file.name).chmod(0o600)


def _is_same_logbook(home: Path, there: Path) -> bool:
    """By the number that files of one logbook carry; a copy of an earlier version carries none, and
    is the same where it begins alike."""
    marks = {_asked(home / name, "PRAGMA application_id") for name in FILES.values()} - {None, 0}
    mark = _asked(there, "PRAGMA application_id")
    if marks and mark:
        return mark in marks
    first = _asked(there, FIRST_ACTIVITY)
    return first is not None and first == _asked(home / FILES[RECORD], FIRST_ACTIVITY)


def _asked(file: Path, query: str) -> object:
    """What a file answers; None where it cannot."""
    try:
        with looking_into(file) as database:
            return (database.execute(query).fetchone() or (None,))[0]
    except sqlite3.Error:
        return None


def _use_no_number_twice(home: Path, restored: Path) -> None:
    """Let the restored record count on from where this one was: guesses and other private rows know
    their activity by number, and must not fall to another one."""
    try:
        with looking_into(home / FILES[RECORD]) as database:
            highest = dict(database.execute("SELECT name, seq FROM sqlite_sequence"))
    except sqlite3.Error:
        # What is damaged cannot say; the private file's numbers are the least there were.
        latest = _asked(home / FILES[PRIVATE], "SELECT max(activity_id) FROM record_guess")
        highest = {"record_activity": int(str(latest or 0))}
    with closing(sqlite3.connect(restored)) as database:
        known = dict(database.execute("SELECT name, seq FROM sqlite_sequence"))
        for name, number in highest.items():
            if name not in known:
                database.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (name, number))
            elif number > known[name]:
                database.execute(
                    "UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (number, name)
                )
        database.commit()


def _copy(alias: str, target: Path) -> None:
    source = str(connections[alias].settings_dict["NAME"])
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
        # One plain file: a backup must not need its write-ahead log.
        there.execute("PRAGMA journal_mode=DELETE")


def _made_at(file: Path) -> datetime:
    with zipfile.ZipFile(file) as archive:
        return datetime.fromisoformat(json.loads(archive.read(MANIFEST))["at"])


def _unpack(file: Path, folder: Path) -> int:
    try:
        with zipfile.ZipFile(file) as archive:
            manifest: dict[str, Any] = dict(json.loads(archive.read(MANIFEST)))
            sealed = dict(manifest["files"])
            for name in sealed:
                if name not in FILES.values():
                    raise ValueError(name)
                with archive.open(name) as source, (folder / name).open("wb") as target:
                    shutil.copyfileobj(source, target, CHUNK)
    except FileNotFoundError as error:
        raise CannotError(f"There is no backup at {file}.") from error
    except (*DAMAGED, zlib.error, AttributeError, TypeError) as error:
        raise CannotError(f"{file} is not a whole Almanac backup; nothing was changed.") from error
    if FILES[RECORD] not in sealed:
        raise CannotError(f"{file} is not a whole Almanac backup; nothing was changed.")
    for name in sealed:
        if sealed.get(name) != _fingerprint(folder / name):
            raise CannotError(f"{file} has been changed or damaged; nothing was restored from it.")
    return _open_and_count(folder)


def _open_and_count(folder: Path) -> int:
    number = 0
    for name in FILES.values():
        if not (folder / name).exists():
            continue
        try:
            with closing(sqlite3.connect(folder / name)) as database:
                sound = database.execute("PRAGMA integrity_check").fetchone()[0]
                if sound != "ok":
                    raise CannotError(f"{name} in the backup is damaged.")
                if name == FILES[RECORD]:
                    number = database.execute("SELECT count(*) FROM record_activity").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise CannotError(f"{name} in the backup is not a logbook.") from error
    return number


def _fingerprint(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
