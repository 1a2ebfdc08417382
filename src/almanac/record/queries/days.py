"""Rows within a time, whatever they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from datetime import date


def within(since: date | None, until: date | None) -> Q:
    """Those whose `day` lies within, both ends included; an end that is missing sets no limit."""
    return (Q(day__gte=since) if since else Q()) & (Q(day__lte=until) if until else Q())
