"""Room for copies that are being made: in the logbook's own folder, for its owner alone.

What a killed process leaves behind is swept when the logbook is next opened.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = "scratch"


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder for as long as it is needed; its name says which process made it."""
    room = Path(settings.ALMANAC_HOME) / FOLDER
    room.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=room, prefix=f"{os.getpid()}-") as made:
        yield Path(made)


def sweep() -> int:
    """Remove what processes that are gone have left; how many folders that were."""
    room = Path(settings.ALMANAC_HOME) / FOLDER
    gone = [left for left in room.iterdir() if not _runs(left.name)] if room.is_dir() else []
    for left in gone:
        shutil.rmtree(left, ignore_errors=True)
    return len(gone)


def _runs(name: str) -> bool:
    number, _, _ = name.partition("-")
    if not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def remove(place: Path) -> None:
    """A file, or a folder with all that is in it; nothing where it is gone already."""
    if place.is_dir():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)


def put_in_place(made: Path, place: Path) -> None:
    """Move a finished file to where it belongs, whole or not at all, onto another disk too."""
    half = place.with_name(f".{place.name}.half")
    try:
        shutil.copyfile(made, half)
        shutil.copymode(made, half)
        half.replace(place)
    finally:
        half.unlink(missing_ok=True)
