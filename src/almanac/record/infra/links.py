"""One-time links: how a person on this machine opens the logbook in a browser, without a password."""

from __future__ import annotations

import json
import os
import secrets
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from almanac.record.infra import clock
from almanac.record.infra.seals import of_token

LASTS = timedelta(minutes=15)


def new_link() -> str:
    """A token that opens the logbook once, within a quarter of an hour. A new one replaces it."""
    token = secrets.token_urlsafe(24)
    content = {"sha256": of_token(token), "until": (clock.now() + LASTS).timestamp()}
    file = _file()
    half = file.with_suffix(".half")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump(content, stream)
    half.replace(file)
    return token


def spend(token: str) -> bool:
    """Whether the token opens the logbook; it never does so again."""
    file = _file()
    try:
        content = json.loads(file.read_text())
        right = secrets.compare_digest(content["sha256"], of_token(token))
        if not right or content["until"] <= clock.now().timestamp():
            return False
        # Renaming lets only one of two simultaneous visitors have it.
        taken = file.with_name(f"link.{secrets.token_hex(4)}")
        file.rename(taken)
        taken.unlink()
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return True


def _file() -> Path:
    return Path(settings.ALMANAC_HOME) / "link"
