"""Which text of the record may hold a person's name. Each model classifies every text it keeps.

A test fails when a text field is not classified; erasing and the privacy tests go by it.
"""

from __future__ import annotations

from enum import StrEnum


class Text(StrEnum):
    """name: of a person, or an address of theirs; free: what somebody wrote and may edit, which may
    mention a person; final: what may mention one and nobody edits any more, such as a line of the
    log or the name of a file; sealed: the same under a hash; plain: a key, a code, a hash."""

    NAME = "name"
    FREE = "free"
    FINAL = "final"
    SEALED = "sealed"
    PLAIN = "plain"


def classified(
    *, name: str = "", free: str = "", final: str = "", sealed: str = "", plain: str = ""
) -> dict[str, Text]:
    """Fields of a model by what their text may hold; each argument lists names."""
    kinds = {
        Text.NAME: name, Text.FREE: free, Text.FINAL: final, Text.SEALED: sealed, Text.PLAIN: plain,
    }  # fmt: skip
    return {field: kind for kind, fields in kinds.items() for field in fields.split()}
