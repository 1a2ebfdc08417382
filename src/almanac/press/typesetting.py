"""Typst, the one way in which documents become PDF and pictures become PNG."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


def png(svg: str, width: int, height: int, scale: float = 1.0) -> bytes:
    """An SVG as PNG, `width` pixels wide; in typst's fonts, or the machine's where those lack a letter."""
    page = f"#set page(width: {width}pt, height: {height}pt, margin: 0pt)\n"
    page += f'#image("picture.svg", width: {width}pt)'
    return _compile(page, {"picture.svg": svg.encode()}, "png", ppi=72 * scale)


def pdf(source: str, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """A typst document with its pictures by file name."""
    return _compile(source, pictures or {}, "pdf")


def _compile(
    source: str, files: Mapping[str, bytes], form: Literal["pdf", "png"], ppi: float = 144.0
) -> bytes:
    # 80 MB that only documents need are not loaded at every start.
    import typst  # noqa: PLC0415

    given: Any = {"main.typ": source.encode(), **files}
    # Fonts of the machine stand in for letters that typst's own do not have.
    try:
        made = typst.compile(given, format=form, ppi=ppi)
    except typst.TypstError as error:
        if "internal error" not in str(error):
            raise
        # typst 0.15 fails to tag some documents with many footnotes; untagged it sets them.
        made = typst.compile(given, format=form, ppi=ppi, pdf_tags=False)
    return bytes(made[0] if isinstance(made, list) else made)


_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\#$*_`<>@[]~/-+=;'\"{}"})


def escaped(text: str) -> str:
    """A person's words as typst markup that shows them and does nothing else."""
    return text.translate(_SPECIAL)


def words(text: str) -> str:
    """A person's Markdown as typst: paragraphs and list items; the rest stays as it is written."""
    lines = []
    for line in text.splitlines():
        item = re.match(r"(\s*)[-*+]\s+(.*)", line)
        lines.append(f"{item[1]}- {escaped(item[2])}" if item else escaped(line))
    return "\n".join(lines)
