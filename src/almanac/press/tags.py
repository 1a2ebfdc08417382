"""How values read in documents and on pages. A missing value is never shown as 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nh3
from django import template
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

from almanac.answers import words
from almanac.charts import dots

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from almanac.core.counts import Counts

register = template.Library()
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
ALLOWED_TAGS = {
    "p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "h3", "h4",
    "h5", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


@register.filter
def day(value: date | datetime | None, today: date | None = None) -> str:
    """“17 Nov”, with the year where it is another one."""
    if value is None:
        return "no date yet"
    if today is not None and value.year == today.year:
        return f"{value:%-d %b}"
    return f"{value:%-d %b %Y}"


@register.filter
def hours(value: Decimal | float | None) -> str:
    return "" if value is None else f"{float(value):,.6g}\u00a0h"


@register.filter
def money(value: Decimal | None, currency: str = "") -> str:
    if value is None:
        return ""
    text = f"{value:,.2f}".removesuffix(".00")
    return f"{text}\u00a0{currency}".strip()


@register.filter
def number(value: int | None) -> str:
    """A count with thin groups; a dash with words for screen readers where it is missing."""
    return words.number(value) if isinstance(value, int) else "–"


@register.filter
def percent(share: float) -> str:
    return f"{share * 100:.0f}\N{NO-BREAK SPACE}%"


@register.filter
def span(value: Any) -> str:
    """“6 to 14”: the 80 % range of anything with low and high."""
    if value is None or value.low is None:
        return "–"
    return words.span(value.low, value.high)


@register.filter
def counted(value: int, nouns: str) -> str:
    """{{ n|counted:"event,events" }}"""
    one, many = nouns.split(",")
    return words.counted(value, one, many) if isinstance(value, int) else f"– {many}"


@register.filter
def markdown(text: str) -> str:
    """A person's notes as HTML: Markdown without raw HTML, cleaned again afterwards. Headings stand
    below those of the page."""
    tokens = _markdown.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 2, 5)}"
    return mark_safe(  # noqa: S308 - nh3 has removed everything that is not listed above
        nh3.clean(
            _markdown.renderer.render(tokens, _markdown.options, {}),
            tags=ALLOWED_TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener noreferrer nofollow",
        )
    )


@register.inclusion_tag("press/dots.html")
def dotplot(
    counts: Counts,
    size: str = "wide",
    hoped: int | None = None,
    guessed: int | None = None,
    came: int | None = None,
) -> dict[str, Any]:
    """Twenty equally likely outcomes, with what was hoped, guessed and counted."""
    marks = []
    if isinstance(hoped, int):
        marks.append(dots.DotMark(hoped, f"hoped for {words.number(hoped)}", "hope"))
    if isinstance(guessed, int):
        marks.append(dots.DotMark(guessed, f"your guess {words.number(guessed)}", "guess"))
    if isinstance(came, int):
        marks.append(dots.DotMark(came, f"{words.number(came)} came", "came"))
    width, height = (640, 170) if size == "wide" else (176, 64)
    shown = marks if size == "wide" else marks[:1]
    return {"plot": dots.lay_out(counts.dots(), shown, width=width, height=height), "size": size}
