"""RSS and Atom feeds: each entry is a post."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from almanac.sources.base import cells
from almanac.sources.base.rows import Gathering, Harvest, PostRow, UnreadableError

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.reading import Document

MOST_ENTRIES = 5_000


def recognises(text: str) -> bool:
    start = text.lstrip("\ufeff \r\n\t")[:2000].lower()
    return start.startswith("<") and any(mark in start for mark in ("<rss", "<feed", "<rdf:rdf"))


def read(document: Document, zone: tzinfo) -> Harvest:
    # Pulls in an HTML parser that nothing else needs.
    import feedparser  # noqa: PLC0415

    told = feedparser.parse(document.data, sanitize_html=True, resolve_relative_uris=False)
    if told.bozo and not told.entries:
        raise UnreadableError(
            f"{document.name} looks like a feed but cannot be read; fetch it again."
        )
    found = Gathering()
    posts = []
    for number, entry in enumerate(told.entries[:MOST_ENTRIES], start=1):
        title, _ = cells.title_and_rest(str(entry.get("title") or ""))
        day = _day(entry, zone)
        if not title or day is None:
            found.reject(number, "has no title or no day", (title,))
            continue
        posts.append(
            PostRow(
                row=number,
                title=title,
                url=_link(entry),
                day=day,
                tags=tuple(str(tag.get("term") or "") for tag in entry.get("tags", ()))[:12],
            )
        )
    name = str(told.feed.get("title") or document.name)
    return Harvest(
        "feed", f"the feed of {name[:80]}", posts=tuple(posts), rejected=tuple(found.rejected)
    )


def _link(entry: Any) -> str:
    link = str(entry.get("link") or "")
    return link if link.startswith(("http://", "https://")) else ""


def _day(entry: Any, zone: tzinfo) -> date | None:
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC).astimezone(zone).date()
    except (ValueError, OverflowError, OSError):
        return None
