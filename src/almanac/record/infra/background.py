"""What went wrong in the background while the logbook is served, kept where pages and doctor see it."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from almanac.core.errors import AlmanacError
from almanac.record.infra import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "background.json"
LONGEST = 200
logger = logging.getLogger("django.almanac")


@dataclass(frozen=True, slots=True)
class Problem:
    """what: the task in words; says: what went wrong; since: ISO 8601."""

    what: str
    says: str
    since: str


@contextmanager
def noted(what: str) -> Iterator[None]:
    """One task: whatever it raises is noted and ends here, and goes when it next succeeds."""
    try:
        yield
    except AlmanacError as error:
        _note(what, str(error))
    except Exception as error:
        logger.exception("%s failed", what)
        _note(what, f"failed unexpectedly ({type(error).__name__})")
    else:
        _note(what, "")


def problems() -> list[Problem]:
    return [Problem(what, *known) for what, known in sorted(_known().items())]


def _note(what: str, says: str) -> None:
    known = _known()
    if says == known.get(what, ("", ""))[0]:
        return
    known.pop(what, None)
    if says:
        known[what] = (says[:LONGEST], clock.now().isoformat())
    file = _file()
    half = file.with_suffix(".half")
    try:
        half.write_text(json.dumps(known), encoding="utf-8")
        half.replace(file)
    except OSError:
        logger.exception("%s cannot be noted", what)


def _known() -> dict[str, tuple[str, str]]:
    try:
        held = json.loads(_file().read_text(encoding="utf-8"))
        return {str(what): (str(says), str(since)) for what, (says, since) in held.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _file() -> Path:
    return Path(settings.ALMANAC_HOME) / FILE
