"""A person's words inside XML: feeds and drawn cards."""

from __future__ import annotations

import re
from html import escape

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef]")


def holdable(text: str) -> str:
    """Strip what XML 1.0 cannot hold: control characters, lone surrogates and noncharacters."""
    return "".join(c for c in _FORBIDDEN.sub("", text) if ord(c) & 0xFFFE != 0xFFFE)


def escaped(text: str) -> str:
    """A text for an element or a quoted attribute."""
    return escape(holdable(text))
