"""An HTML document that stands alone: one file, its style inside, no script."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from django.template.loader import render_to_string


def html(title: str, body: str) -> bytes:
    """body: HTML that has been escaped or cleaned already."""
    context = {"title": title, "body": body, "style": style()}
    return render_to_string("press/document.html", context).encode()


@lru_cache(maxsize=1)
def style() -> str:
    return (files("almanac.press") / "paper.css").read_text()
