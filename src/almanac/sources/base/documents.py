"""A file as it came: its name and its bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """One file's name and bytes. cells: rows of a sheet of a workbook, which has no text."""

    name: str
    data: bytes
    cells: tuple[tuple[str, ...], ...] | None = None
