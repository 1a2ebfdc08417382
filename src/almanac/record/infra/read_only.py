"""A database file looked at beside Almanac's own connections, and never written to."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path


def looking_into(file: Path) -> AbstractContextManager[sqlite3.Connection]:
    """Raises sqlite3.Error where the file is missing, or is no database."""
    return closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True))
