"""Which text of the record may hold a person's name. Each model classifies every text it keeps.

A test fails when a text field is not classified; erasing and the privacy tests go by it.
"""

from __future__ import annotations

from enum import StrEnum


class Text(StrEnum):
    """name: of a person, or an address of theirs; free: what somebody wrote, which may mention a
    person; plain: a key, a code, a hash, never a person."""

    NAME = "name"
    FREE = "free"
    PLAIN = "plain"


def classified(*, name: str = "", free: str = "", plain: str = "") -> dict[str, Text]:
    """Fields of a model by what their text may hold; each argument lists names."""
    kinds = {Text.NAME: name, Text.FREE: free, Text.PLAIN: plain}
    return {field: kind for kind, fields in kinds.items() for field in fields.split()}
