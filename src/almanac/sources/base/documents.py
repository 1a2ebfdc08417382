"""A file as it came: its name and its bytes."""

from __future__ import annotations

from dataclasses import dataclass

MOST_COLUMNS = 500
MOST_ROWS = 200_000
"""Of a table, whether it is a text or a sheet of a workbook."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file's name and bytes. cells: rows of a sheet of a workbook, which has no text."""

    name: str
    data: bytes
    cells: tuple[tuple[str, ...], ...] | None = None
