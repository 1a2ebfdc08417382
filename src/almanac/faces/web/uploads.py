"""Files a person has dropped in and not yet confirmed, kept in the logbook's own folder."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from almanac.actions.errors import CannotError
from almanac.sources.base.reading import LARGEST_FILE, MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile

KEPT_SECONDS = 24 * 3600
MOST_FILES = 50
TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A folder of files awaiting one confirmation."""

    token: str
    folder: Path

    @property
    def files(self) -> list[tuple[str, Path]]:
        """Each file's own name and where it lies."""
        return [(file.name.split("-", 1)[1], file) for file in sorted(self.folder.iterdir())]

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def keep(files: Sequence[UploadedFile[bytes]]) -> Upload:
    """Put uploaded files aside until they are confirmed; forgotten ones go after a day."""
    _forget_old()
    if not files:
        raise CannotError("Choose a file first, or drop one here.")
    if len(files) > MOST_FILES:
        raise CannotError(f"Import at most {MOST_FILES} files at once.")
    token = secrets.token_hex(16)
    folder = _room() / token
    folder.mkdir(parents=True, mode=0o700)
    for number, file in enumerate(files):
        if (file.size or 0) > LARGEST_FILE:
            shutil.rmtree(folder)
            raise CannotError(
                f"{file.name} is larger than {LARGEST_FILE // MEGABYTE} MB; export a shorter period."
            )
        name = re.sub(r"[^\w. ()+-]", "_", Path(file.name or "file").name)[-120:] or "file"
        with (folder / f"{number:03}-{name}").open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
    return Upload(token, folder)


def find(token: str) -> Upload:
    folder = _room() / token
    if not TOKEN.fullmatch(token) or not folder.is_dir():
        raise CannotError("Those files are gone. Upload them again.")
    return Upload(token, folder)


def _room() -> Path:
    return Path(settings.ALMANAC_HOME) / "uploads"


def _forget_old() -> None:
    room = _room()
    if not room.is_dir():
        return
    for folder in room.iterdir():
        if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
