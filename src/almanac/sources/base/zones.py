"""Zones by the letters people write for them, and times that a zone's clocks leave out."""

from __future__ import annotations

from datetime import UTC, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

HOURS_EAST = {
    "utc": 0, "gmt": 0, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "ist": 5.5, "jst": 9,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
"""Hours ahead of UTC, by what is read in a typed line and in a file alike."""


def is_skipped(moment: datetime) -> bool:
    """Whether the clocks of its zone go forward over that time, so that it never is. Midnight stands for
    a whole day, and is always one."""
    if moment.tzinfo is None or moment.time() == time():
        return False
    real = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return real.replace(tzinfo=None) != moment.replace(tzinfo=None)


def skipped_words(moment: datetime) -> str:
    return (
        f"{moment:%H:%M} does not exist on {moment:%-d %B %Y} in {moment.tzinfo}, because the clocks go "
        "forward; choose another time"
    )
