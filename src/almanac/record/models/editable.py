"""The fields of a model that a person edits; forms, verbs, commands and imports derive from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from django.db.models import Model

KEPT = frozenset({"id", "created_at", "updated_at"})
"""What every row keeps of itself."""


def editable_fields(model: type[Model], apart: AbstractSet[str]) -> tuple[str, ...]:
    """In the order of the model; apart: fields that only the record or a verb of its own sets."""
    return tuple(
        field.name
        for field in model._meta.concrete_fields
        if field.name not in KEPT and field.name not in apart
    )
