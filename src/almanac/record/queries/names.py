"""Finding programs, metrics and series by the name people gave them, whatever its case."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from almanac.record.models import Metric, Program, Series

if TYPE_CHECKING:
    from django.db.models import QuerySet

Named = TypeVar("Named", Program, Metric, Series)


def program_called(text: str) -> Program | None:
    """The program of that slug, else of that name."""
    return Program.objects.filter(slug=text).first() or called(Program.objects.all(), text)


def called(rows: QuerySet[Named], name: str) -> Named | None:
    """The one of `rows` whose name reads the same."""
    found = rows.filter(name__iexact=name).first()
    if found is not None or name.isascii():
        return found
    # SQLite folds the case of ASCII letters only.
    wanted = name.casefold()
    for key, text in rows.values_list("pk", "name"):
        if text.casefold() == wanted:
            return rows.get(pk=key)
    return None
