"""The first rows of a table as they would stand in the logbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.sources.tables.mapped_table import FIELDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.sources.base.rows import EventRow

ROWS = 3


def landing(
    events: Sequence[EventRow], mapping: dict[str, str]
) -> tuple[list[str], list[list[str]]]:
    """Names of the fields that `mapping` fills, and the first three rows as text, field by field."""
    held = set(mapping.values())
    fields = [name for name in FIELDS if name in held]
    rows = [[_said(event, name) for name in fields] for event in events[:ROWS]]
    return [FIELDS[name] for name in fields], rows


def _said(event: EventRow, name: str) -> str:
    if name == "day":
        return words.moment_said(event.starts_at or event.day)
    if name in {"until", "announced_at"}:
        return words.moment_said(event.ends_at if name == "until" else event.announced_at)
    value = getattr(event, name)
    if value is None:
        return ""
    return f"{value:,g}" if isinstance(value, float) else str(value)[:80]
