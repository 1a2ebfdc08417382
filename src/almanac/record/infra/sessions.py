"""Browsers that are signed in: one small file each, so that ending one is deleting it.

The cookie is a random token; only its hash is kept. A file's time of change is when it was last used.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from almanac.record.infra import clock
from almanac.record.infra.seals import of_token

LASTS = timedelta(days=30)
IDLE = timedelta(days=7)
TOUCH_AFTER = timedelta(minutes=1)
KEY = re.compile(r"[0-9a-f]{64}")
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Session:
    """key: the hash of its cookie; browser: as it named itself."""

    key: str
    browser: str
    opened_at: datetime
    seen_at: datetime


def cookie_name() -> str:
    """A name of its own for each logbook, because cookies of one host are shared by its ports."""
    return f"almanac_{of_token(settings.SECRET_KEY)[:8]}"


def begin(browser: str = "") -> str:
    """Sign a browser in; its cookie, which is kept nowhere else."""
    room = _room()
    room.mkdir(mode=0o700, exist_ok=True)
    running()
    token = secrets.token_urlsafe(32)
    now = clock.now()
    content = {"browser": browser[:LONGEST], "opened_at": now.isoformat()}
    file = room / of_token(token)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump(content, stream)
    _touch(file, now)
    return token


def of_cookie(cookie: str | None) -> Session | None:
    """The session of a cookie, noted as used now; None where it has ended, lapsed or never was."""
    session = _read(_room() / of_token(cookie)) if cookie else None
    now = clock.now()
    if session is None or _has_lapsed(session, now):
        return None
    if now - session.seen_at > TOUCH_AFTER:
        _touch(_room() / session.key, now)
    return session


def running() -> list[Session]:
    """Every session that has not lapsed, the latest used first; lapsed ones are removed."""
    room, now = _room(), clock.now()
    found = []
    for file in room.iterdir() if room.is_dir() else ():
        session = _read(file)
        if session is None or _has_lapsed(session, now):
            file.unlink(missing_ok=True)
        else:
            found.append(session)
    return sorted(found, key=lambda session: session.seen_at, reverse=True)


def end(key: str) -> bool:
    """Sign a browser out; whether it was signed in."""
    file = _room() / key
    if not KEY.fullmatch(key) or not file.exists():
        return False
    file.unlink(missing_ok=True)
    return True


def _has_lapsed(session: Session, now: datetime) -> bool:
    return now - session.opened_at > LASTS or now - session.seen_at > IDLE


def _read(file: Path) -> Session | None:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        seen_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        opened_at = datetime.fromisoformat(content["opened_at"])
        return Session(file.name, str(content["browser"]), opened_at, seen_at)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _touch(file: Path, now: datetime) -> None:
    try:
        os.utime(file, (now.timestamp(), now.timestamp()))
    except OSError:
        # Ended in this moment, or a folder that cannot be written to: it lapses sooner.
        return


def _room() -> Path:
    return Path(settings.ALMANAC_HOME) / "sessions"
