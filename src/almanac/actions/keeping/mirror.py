"""The mirror: what others need if this machine or its owner is gone, where they can reach it.

The public log, and a verified backup of the record: without guesses, energy, quotes nobody agreed to
and what undo would bring back, but with activities marked private, which a successor needs; and the
playbooks as Markdown.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from almanac.actions.errors import CannotError
from almanac.actions.keeping.backups import back_up_record, opened
from almanac.actions.playbooks.playbooks import refuse_links, write_folder
from almanac.actions.preferences import prefer
from almanac.actions.review.publishing import publish
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.infra.routing import FILES, RECORD
from almanac.record.models import Change

if TYPE_CHECKING:
    from datetime import datetime

    from almanac.record.rules import Actor

README = "READ-ME-FIRST.md"
HEADING = "# If you need this, start here"
BACKUP = "almanac-record.zip"
PLAYBOOKS = "playbooks"
GIT_SECONDS = 300
PROGRAMS = """
    SELECT name, EXISTS (SELECT 1 FROM record_playbookversion v WHERE v.program_id = p.id)
    FROM record_program p WHERE NOT closed ORDER BY name
"""
PROGRAMS_ONLY = "SELECT name, 0 FROM record_program WHERE NOT closed ORDER BY name"


@dataclass(frozen=True, slots=True)
class Mirrored:
    """Where it is, how much it holds, and what is left to do by hand."""

    place: str
    folder: Path
    activities: int
    committed: bool
    pushed: bool


def mirror(actor: Actor, place: str) -> Mirrored:
    """Bring a mirror up to date: a folder, a Git checkout (committed, not pushed) or the address of
    a Git repository (cloned into this logbook's folder, committed and pushed)."""
    rules.require(rules.may_keep_logbook, actor)
    place = place.strip()
    if not place:
        raise CannotError("Name a folder or a Git repository that others can reach.")
    remote = _is_remote(place)
    folder = _cloned(place) if remote else Path(place).expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise CannotError(f"{folder} is a file; name a folder.")
    home = Path(settings.ALMANAC_HOME).resolve()
    if not remote and (folder == home or home in folder.parents):
        raise CannotError("An off-site copy inside the logbook’s own folder would be lost with it.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_what_is_not_ours(folder)
        publish(actor, folder / "public")
        write_folder(actor, folder / PLAYBOOKS)
        number = back_up_record(actor, folder / BACKUP)
        (folder / README).write_text(_readme(number), encoding="utf-8")
    except OSError as error:
        raise CannotError(
            f"{folder} cannot be written: {(error.strerror or 'no room').lower()}."
        ) from error
    committed = _commit(folder) if is_in_checkout(folder) else False
    pushed = committed and remote and _push(folder)
    prefer(actor, mirror=place)
    return Mirrored(place, folder, number, committed, pushed)


def _refuse_what_is_not_ours(folder: Path) -> None:
    """A backup is ours where our note stands beside it."""
    readme, backup, public = folder / README, folder / BACKUP, folder / "public"
    noted = readme.exists() and readme.read_bytes().startswith(HEADING.encode())
    strangers = [file for file in (readme, backup) if file.exists() and not noted]
    strangers += [file for file in (readme, backup, public) if file.is_symlink()]
    refuse_links(folder / PLAYBOOKS)
    if strangers:
        raise CannotError(
            f"{strangers[0]} is there and was not written by Almanac; nothing was changed. Move it "
            "away, or mirror into another folder."
        )


def kept_backup(actor: Actor, place: str) -> Path:
    """Where the mirror's backup lies, whether or not it is there."""
    rules.require(rules.may_keep_logbook, actor)
    folder = (
        Path(settings.ALMANAC_HOME) / "mirror" if _is_remote(place) else Path(place).expanduser()
    )
    return folder / BACKUP


@dataclass(frozen=True, slots=True)
class InMirror:
    """What the next person would find: activities, programs whose playbook is there and those without
    one; newer: changes made here since."""

    activities: int
    written: tuple[str, ...]
    lacking: tuple[str, ...]
    made_at: datetime
    newer: int


def open_mirror(actor: Actor, place: str) -> InMirror:
    """Restore the mirror's backup into an empty folder, as if this machine were gone, and look."""
    file = kept_backup(actor, place)
    if not file.is_file():
        raise CannotError(
            f"{file} is not there; make the off-site copy again with: almanac mirror {place}"
        )
    with opened(actor, file) as found:
        rows = _programs_in(found.folder / FILES[RECORD])
    return InMirror(
        found.activities,
        tuple(name for name, has in rows if has),
        tuple(name for name, has in rows if not has),
        found.made_at,
        Change.objects.filter(at__gt=found.made_at).count(),
    )


def _programs_in(file: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(file)) as database:
        try:
            return database.execute(PROGRAMS).fetchall()
        except sqlite3.OperationalError:
            # Made by a version that knew no playbooks.
            return database.execute(PROGRAMS_ONLY).fetchall()


def _is_remote(place: str) -> bool:
    path = Path(place).expanduser()
    bare = path.is_dir() and (path / "HEAD").is_file() and (path / "objects").is_dir()
    return bare or place.startswith(("git@", "ssh://", "https://", "http://", "file://"))


def _cloned(place: str) -> Path:
    folder = Path(settings.ALMANAC_HOME) / "mirror"
    if (folder / ".git").exists() and _git(folder, "remote", "get-url", "origin").strip() == place:
        _git(folder, "pull", "--ff-only", "--quiet", may_fail=True)
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    _git(Path(settings.ALMANAC_HOME), "clone", "--quiet", "--", place, str(folder))
    return folder


def is_in_checkout(folder: Path) -> bool:
    return any((place / ".git").exists() for place in (folder, *folder.parents))


def _commit(folder: Path) -> bool:
    """Commit what is the mirror's own; whatever else lies in the checkout is left alone."""
    ours = ["public", BACKUP, README, *([PLAYBOOKS] if (folder / PLAYBOOKS).exists() else [])]
    _git(folder, "add", "--", *ours)
    if not _git(folder, "status", "--porcelain", "--", *ours).strip():
        return False
    _git(
        folder,
        "-c", "user.name=Almanac", "-c", "user.email=almanac@localhost",
        "commit", "--quiet", "-m", f"Mirror of {clock.now():%Y-%m-%d}",
        "--", *ours,
    )  # fmt: skip
    return True


def _push(folder: Path) -> bool:
    _git(folder, "push", "--quiet", "origin", "HEAD")
    return True


def _git(folder: Path, *arguments: str, may_fail: bool = False) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - git alone, its arguments as a list
            ["git", *_harmless(folder), *arguments],  # noqa: S607 - whichever git the person has
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise CannotError("git is not installed. Use a plain folder.") from error
    except subprocess.TimeoutExpired as error:
        raise CannotError("git has not answered for five minutes; nothing was pushed.") from error
    if done.returncode and not may_fail:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CannotError(f"git {arguments[0]} failed: {said[:200]}")
    return done.stdout


def _harmless(folder: Path) -> list[str]:
    """Settings that keep what lies in a checkout from being run: hooks, the monitor of files, signing
    and filters, which whoever may write into the folder could have planted there."""
    settings_ = ["core.fsmonitor=false", f"core.hooksPath={os.devnull}", "commit.gpgSign=false"]
    settings_ += [
        "diff.external=",
        "core.pager=cat",
        "core.editor=true",
        "protocol.ext.allow=never",
    ]
    listed = subprocess.run(
        ["git", "config", "--name-only", "--get-regexp", r"^filter\."],  # noqa: S607
        cwd=folder, capture_output=True, text=True, timeout=GIT_SECONDS, check=False,
    )  # fmt: skip
    for name in {line.rpartition(".")[0] for line in listed.stdout.splitlines()}:
        settings_ += [
            f"{name}.clean=",
            f"{name}.smudge=",
            f"{name}.process=",
            f"{name}.required=false",
        ]
    return [part for setting in settings_ for part in ("-c", setting)]


def _readme(number: int) -> str:
    return (
        f"{HEADING}\n\n"
        "This folder is kept by Almanac, the logbook of a developer-relations practitioner.\n\n"
        "- `public/` is the public log: open `public/index.html`.\n"
        f"- `{PLAYBOOKS}/` says how each program is run.\n"
        f"- `{BACKUP}` holds the record ({number:,} activities, those not public among\n"
        "  them), without guesses, energy and quotes nobody agreed to. Keep it among colleagues.\n\n"
        "To go on from it: install Almanac, then\n\n"
        f"    almanac restore {BACKUP}\n    almanac serve\n"
    )
