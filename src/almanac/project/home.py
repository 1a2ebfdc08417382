"""Where the data lives: `ALMANAC_HOME`, else the platform's data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from almanac.core.errors import AlmanacError


class HomeError(AlmanacError):
    """The folder cannot be made; the message says so in one sentence."""


def home() -> Path:
    """The folder of this logbook, made readable by its owner alone."""
    named = os.environ.get("ALMANAC_HOME")
    if named:
        path = Path(named).expanduser().resolve()
    else:
        # Imported here because a named home, as in every test and script, does without it.
        from platformdirs import user_data_path  # noqa: PLC0415

        path = user_data_path("almanac", appauthor=False)
    if not path.is_dir():
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise HomeError(f"The logbook cannot live in {path}: {error.strerror}.") from error
    return path


def secret(folder: Path) -> str:
    """The key that signs this logbook's cookies; made once, readable by its owner alone.

    An empty file, as a full disk leaves, is none: a new key stands beside it before it takes its place.
    """
    file = folder / "secret"
    known = file.read_text() if file.exists() else ""
    if known.strip():
        return known
    key = secrets.token_urlsafe(50)
    made = folder / f"secret-{secrets.token_hex(8)}"
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(key)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        # Whoever links first among several that start at once has the key.
        os.link(made, file)
    except FileExistsError:
        if not file.read_text().strip():
            made.replace(file)
        return file.read_text()
    finally:
        made.unlink(missing_ok=True)
    return key
