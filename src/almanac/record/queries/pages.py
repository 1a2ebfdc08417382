"""Long lists, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    Row = TypeVar("Row", bound=Model)


def cut(rows: QuerySet[Row], page: int, size: int) -> tuple[tuple[Row, ...], bool]:
    """The rows of a page, counted from 1, and whether another page follows."""
    start = (max(page, 1) - 1) * size
    found = tuple(rows[start : start + size + 1])
    return found[:size], len(found) > size
