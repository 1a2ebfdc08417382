"""The handover book as a site of one page, as Markdown and as PDF."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from almanac.press import documents, typesetting
from almanac.press.tags import markdown

if TYPE_CHECKING:
    from almanac.answers.playbooks.handover import Book

PAPER = """
#set page(paper: "a4", margin: (x: 2.6cm, y: 2.8cm), numbering: "1")
#set text(font: "Libertinus Serif", size: 11pt)
#set par(leading: 0.7em)
#show heading.where(level: 1): it => [#text(22pt)[#it.body] #v(-4pt) #line(length: 100%, stroke: 0.5pt)]
"""


def files(book: Book) -> dict[str, bytes]:
    """index.html, handover.md and handover.pdf."""
    return {
        "index.html": documents.html(book.title, html_body(book)),
        "handover.md": md(book).encode(),
        "handover.pdf": typesetting.pdf(_typst(book)),
    }


def md(book: Book) -> str:
    parts = [f"# {book.title}", f"As of {book.made_on:%-d %B %Y}."]
    for chapter in book.chapters:
        parts += [f"## {chapter.title}", chapter.text]
    return "\n\n".join(parts) + "\n"


def html_body(book: Book) -> str:
    """Cleaned, as chapters hold what people wrote."""
    parts = [f"<h1>{escape(book.title)}</h1><p>As of {book.made_on:%-d %B %Y}.</p>"]
    for chapter in book.chapters:
        parts.append(
            f'<section class="section"><h2>{escape(chapter.title)}</h2>{markdown(chapter.text)}</section>'
        )
    return "".join(parts)


def _typst(book: Book) -> str:
    parts = [
        PAPER, f"= {typesetting.escaped(book.title)}\n",
        typesetting.escaped(f"As of {book.made_on:%-d %B %Y}."),
    ]  # fmt: skip
    for chapter in book.chapters:
        parts.append(f"\n== {typesetting.escaped(chapter.title)}\n")
        for line in chapter.text.splitlines():
            heading = re.match(r"#+\s*(.*)", line)
            if heading:
                parts.append(f"\n=== {typesetting.escaped(heading[1])}\n")
            else:
                parts.append(typesetting.words(line))
    return "\n".join(parts)
