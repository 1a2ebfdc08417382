"""Time off, planned and taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.record.models import Break

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet


def breaks_between(first: date, last: date) -> QuerySet[Break]:
    """Every break with a day in this span, earliest first."""
    return Break.objects.filter(first__lte=last, last__gte=first).order_by("first", "id")


def break_on(day: date) -> Break | None:
    """The break that holds a day."""
    return breaks_between(day, day).first()
