"""Names as they stand in addresses."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from django.utils.text import slugify

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import Model


def free_slug(
    model: type[Model], name: str, *, otherwise: str, most: int, reserved: Collection[str] = ()
) -> str:
    """A slug no other row of the model has; otherwise: for a name without any letter of ASCII; reserved:
    what stands at that place in addresses already."""
    base = slugify(name)[:most] or otherwise
    rows = model._default_manager.filter(slug__startswith=base)
    taken = {*rows.values_list("slug", flat=True), *reserved}
    numbered = (f"{base}-{number}" for number in count(2))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)
