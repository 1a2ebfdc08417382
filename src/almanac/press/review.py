"""A review set as HTML, Markdown and PDF: one text, the same pictures, every number a footnote."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from django.template.loader import render_to_string

from almanac.answers.review.evidence import Audience
from almanac.answers.review.sentences import Fact
from almanac.charts import months
from almanac.press import documents, typesetting
from almanac.press.tags import markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from almanac.answers.review.composition import Review
    from almanac.answers.review.sentences import Row, Sentence
    from almanac.record.models import Activity

SECTIONS = (
    ("programs", "What was done"),
    ("targets", "Targets"),
    ("guessing", "Forecasts and results"),
    ("quotes", "Quotes"),
    ("energy", "Energising and draining work"),
    ("experiments", "What was tried"),
    ("rest", "Load and breaks"),
    ("coming", "Next"),
)


@dataclass(slots=True)
class Notes:
    """Footnotes in the order in which their numbers are met."""

    facts: list[Fact] = field(default_factory=list)

    def number(self, fact: Fact) -> int:
        self.facts.append(fact)
        return len(self.facts)


@dataclass(frozen=True, slots=True)
class ReviewDocument:
    """A review as one form; pictures: file names and bytes that stand beside it."""

    content: bytes
    pictures: dict[str, bytes]


def picture_of(review: Review, done: Iterable[Activity]) -> months.Months | None:
    """How much was done in each month; None for a period of one month."""
    first, last = review.period.first, review.period.last
    span = (last.year - first.year) * 12 + last.month - first.month + 1
    if not 2 <= span <= 36:
        return None
    numbers: Counter[tuple[int, int]] = Counter(
        (activity.day.year, activity.day.month) for activity in done if activity.day
    )
    starts = [first.replace(day=1) + relativedelta(months=k) for k in range(span)]
    values = [numbers[start.year, start.month] for start in starts]
    labels = [f"{start:%b}" if span <= 18 else f"{start:%b}"[:1] for start in starts]
    total = sum(values)
    busiest = starts[values.index(max(values))] if total else first
    title = f"{total} things done, most in {busiest:%B}" if total else "Nothing done yet"
    return months.lay_out(values, labels, title)


# HTML


def body(
    review: Review,
    done: Iterable[Activity],
    link: Callable[[Row], str] | None,
    rest: str = "",
    tools: Mapping[str, str] | None = None,
) -> str:
    """The review as HTML without what stands around it. link: where a row opens, or None where
    rows are named and not opened; rest: the address, but for its number, of all rows of a note; tools:
    HTML set below the opening and below chapters, by “opening” and their keys."""
    tools = tools or {}
    notes = Notes()

    def say(sentence: Sentence) -> str:
        return "".join(
            escape(part) if isinstance(part, str) else _html_fact(part.text, notes.number(part))
            for part in sentence
        )

    # In the order of `facts_of`, whose numbers the pages of sources go by.
    opening = [say(sentence) for sentence in review.opening]
    chapters = [
        {
            "heading": chapter.heading,
            "items": [
                markdown(item.text) if item.text else f"<p>{say(item.sentence)}</p>"
                for item in chapter.kept
            ],
            "empty": chapter.empty,
            "tools": tools.get(chapter.key, ""),
        }
        for chapter in review.chapters
    ]
    context = {
        "review": review,
        "rest": rest,
        "tools": tools,
        "picture": picture_of(review, done),
        "opening": opening,
        "own": markdown(review.own) if review.own else "",
        "chapters": chapters,
        "programs": [(part.name, say(part.sentence)) for part in review.programs],
        "guessing": [say(sentence) for sentence in review.guessing],
        "energy": [say(sentence) for sentence in review.energy],
        "experiments": [say(sentence) for sentence in review.experiments],
        "breaks": [say(sentence) for sentence in review.rest],
        "coming": [say(sentence) for sentence in review.coming],
        "notes": [
            (place, fact, _html_rows(fact.shown, link))
            for place, fact in enumerate(notes.facts, start=1)
        ],
    }
    return render_to_string("press/review.html", context)


def _html_rows(rows: Iterable[Row], link: Callable[[Row], str] | None) -> str:
    """Rows behind a number, as there may be thousands in a year's review."""
    return "; ".join(
        (f'<a href="{escape(link(row))}">{escape(row.title)}</a>' if link else escape(row.title))
        + (f' <span class="small">{escape(row.day)}</span>' if row.day else "")
        for row in rows
    )


def _html_fact(text: str, number: int) -> str:
    return (
        f'{escape(text)}<sup><a id="ref-{number}" href="#note-{number}" '
        f'aria-label="what is behind {escape(text)}">{number}</a></sup>'
    )


def facts_of(review: Review) -> list[Fact]:
    """The numbers of a review in the order of their footnotes."""
    kept = [item.sentence for chapter in review.chapters for item in chapter.kept if not item.text]
    sentences = (
        *review.opening,
        *kept,
        *(part.sentence for part in review.programs),
        *review.guessing,
        *review.energy,
        *review.experiments,
        *review.rest,
        *review.coming,
    )
    return [part for sentence in sentences for part in sentence if isinstance(part, Fact)]


def html(review: Review, done: Iterable[Activity]) -> ReviewDocument:
    return ReviewDocument(documents.html(review.title, body(review, done, None)), {})


# Markdown


def md(review: Review, done: Iterable[Activity]) -> ReviewDocument:
    """With front matter that Jekyll, Hugo and dev.to read; the picture is a file beside it."""
    notes = Notes()

    def say(sentence: Sentence) -> str:
        return "".join(
            _md_escaped(part)
            if isinstance(part, str)
            else f"{_md_escaped(part.text)}[^{notes.number(part)}]"
            for part in sentence
        )

    pictures: dict[str, bytes] = {}
    lines = [
        "---",
        f"title: {json.dumps(review.title, ensure_ascii=False)}",
        f"date: {review.period.last.isoformat()}",
        "tags: [devrel, review]",
        "published: false",
        "---",
        "",
    ]
    lines += [say(sentence) for sentence in review.opening] + [""]
    picture = picture_of(review, done)
    if picture is not None:
        name = f"review-{review.slug}-months.svg"
        pictures[name] = months.as_svg(picture).encode()
        lines += [f"![{_md_escaped(picture.title)}]({name})", ""]
    if review.own:
        lines += [review.own, ""]
    for chapter in review.said:
        lines += [f"## {chapter.heading}", ""]
        for item in chapter.kept:
            lines += [item.text or f"- {say(item.sentence)}"]
        if not chapter.kept:
            lines.append(chapter.empty)
        lines.append("")
    for title, items in _sections(review, say):
        lines += [f"## {title}", "", *items, ""]
    for place, fact in enumerate(notes.facts, start=1):
        lines.append(f"[^{place}]: {_md_escaped(_rows_text(fact))}")
    return ReviewDocument(("\n".join(lines).rstrip() + "\n").encode(), pictures)


def _sections(review: Review, say: Callable[[Sentence], str]) -> list[tuple[str, list[str]]]:
    """The sections below the four headings, those that hold something."""
    held = {
        "programs": [f"- **{_md_escaped(p.name)}**: {say(p.sentence)}" for p in review.programs],
        "targets": [
            f"- **{_md_escaped(s.target.metric.name)}**: {_md_escaped(s.sentence)}"
            for s in review.targets
        ],
        "guessing": [f"- {say(sentence)}" for sentence in review.guessing],
        "quotes": [f"> {_md_escaped(v.text)}\n{_said_by(v.who)}" for v in review.quotes],
        "energy": [f"- {say(sentence)}" for sentence in review.energy],
        "experiments": [f"- {say(sentence)}" for sentence in review.experiments],
        "rest": [f"- {say(sentence)}" for sentence in review.rest],
        "coming": [f"- {say(sentence)}" for sentence in review.coming],
    }
    return [(title, held[key]) for key, title in SECTIONS if held[key]]


def _said_by(who: str) -> str:
    return f"> — {_md_escaped(who)}\n" if who else ""


_MD = re.compile(r"([\\`*_\[\]<>#|!])")


def _md_escaped(text: str) -> str:
    """Braces of Liquid, which Jekyll and dev.to run before Markdown, are written as entities."""
    plain = _MD.sub(r"\\\1", re.sub(r"\s+", " ", text))
    return re.sub(r"\{(?=[{%])", "&#123;", plain)


def _rows_text(fact: Fact) -> str:
    named = "; ".join(f"{row.title} ({row.day})" if row.day else row.title for row in fact.shown)
    return f"{named}; and {fact.more} more" if fact.more else named


# PDF


def pdf(review: Review, done: Iterable[Activity]) -> ReviewDocument:
    """Sources stand in an appendix, so that a year's text is a few pages and reads without them."""
    escaped, titles = typesetting.escaped, dict(SECTIONS)
    notes = Notes()

    def say(sentence: Sentence) -> str:
        return "".join(
            escaped(part)
            if isinstance(part, str)
            else f"{escaped(part.text)}#super[{notes.number(part)}]"
            for part in sentence
        )

    parts = [TYPST, f"= {escaped(review.title)}\n"]
    parts += [f"{say(sentence)}\n" for sentence in review.opening]
    pictures: dict[str, bytes] = {}
    picture = picture_of(review, done)
    if picture is not None:
        pictures["months.svg"] = months.as_svg(picture).encode()
        alt = json.dumps(picture.title, ensure_ascii=False)
        parts.append(f'#image("months.svg", width: 100%, alt: {alt})\n')
    if review.own:
        parts.append(f"\n{typesetting.words(review.own)}\n")
    for chapter in review.said:
        parts.append(f"== {chapter.heading}\n")
        for item in chapter.kept:
            parts.append(
                f"{typesetting.words(item.text)}\n" if item.text else f"- {say(item.sentence)}\n"
            )
        if not chapter.kept:
            parts.append(f"_{escaped(chapter.empty)}_\n")
    if review.programs:
        parts.append(f"== {titles['programs']}\n")
        parts += [f"- *{escaped(p.name)}*: {say(p.sentence)}\n" for p in review.programs]
    if review.targets:
        parts.append(f"== {titles['targets']}\n")
        parts += [
            f"- *{escaped(s.target.metric.name)}*: {escaped(s.sentence)}\n" for s in review.targets
        ]
    for title, sentences in (
        (titles["guessing"], review.guessing),
        (titles["energy"], review.energy),
        (titles["experiments"], review.experiments),
        (titles["rest"], review.rest),
        (titles["coming"], review.coming),
    ):
        if sentences:
            parts.append(f"== {title}\n")
            parts += [f"- {say(sentence)}\n" for sentence in sentences]
    if review.quotes:
        parts.append(f"== {titles['quotes']}\n")
        for quote in review.quotes:
            who = f", attribution: [{escaped(quote.who)}]" if quote.who else ""
            parts.append(f"#quote(block: true{who})[{escaped(quote.text)}]\n")
    parts.append(_appendix(notes))
    return ReviewDocument(typesetting.pdf("\n".join(parts), pictures), {})


def _appendix(notes: Notes) -> str:
    """The sources of the numbers, small and in two columns; equal ones stand once."""
    if not notes.facts:
        return ""
    rows: dict[str, list[int]] = {}
    for place, fact in enumerate(notes.facts, start=1):
        rows.setdefault(_rows_text(fact), []).append(place)
    lines = [
        f"*{', '.join(map(str, places))}* {typesetting.escaped(text)}\n"
        for text, places in rows.items()
    ]
    return APPENDIX + "\n".join(lines) + "]"


TYPST = """
#set page(paper: "a4", margin: (x: 2.4cm, y: 2.2cm), numbering: "1")
#set text(font: "Libertinus Serif", size: 10.5pt, number-type: "old-style")
#set par(justify: true, leading: 0.7em)
#show heading.where(level: 1): it => [#text(22pt)[#it.body] #v(-4pt) #line(length: 100%, stroke: 0.5pt) #v(4pt)]
#show heading.where(level: 2): it => [#v(8pt) #text(13pt)[#it.body] #v(2pt)]
#show heading: set block(sticky: true)
#set list(marker: [•])
"""
APPENDIX = """
#pagebreak(weak: true)
== Sources of the numbers
#set text(7.5pt)
#set par(justify: false, leading: 0.5em, spacing: 0.7em)
#columns(2, gutter: 14pt)[
"""

__all__ = ["Audience", "ReviewDocument", "body", "html", "md", "pdf", "picture_of"]
