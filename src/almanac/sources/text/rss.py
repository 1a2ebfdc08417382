"""RSS and Atom feeds: each entry is a post; and the feed that a page names."""

from __future__ import annotations

import calendar
import html
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from almanac.sources.base import cells
from almanac.sources.base.rows import Gathering, PostRow, UnreadableError
from almanac.sources.base.source import Harvest, Holds, Opened, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo


MOST_ENTRIES = 5_000
MOST_OF_A_PAGE = 500_000
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h[1-6])\b[^>]*>", re.IGNORECASE)
FEEDS = ("application/atom+xml", "application/rss+xml")


def recognises(opened: Opened) -> bool:
    start = opened.text.lstrip()[:2000].lower()
    return start.startswith("<") and any(mark in start for mark in ("<rss", "<feed", "<rdf:rdf"))


def read(opened: Opened, zone: tzinfo) -> Harvest:
    document = opened.document
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
        day, notes = _day(entry, zone), _summary(entry)
        title, _ = cells.title_and_rest(str(entry.get("title") or ""))
        if not title:
            title, notes = _first_line(notes)
        if not title:
            found.reject(number, "has no title and no text", (_link(entry),))
            continue
        if day is None:
            found.reject(number, "has no day", (title,))
            continue
        posts.append(
            PostRow(
                row=number,
                title=title,
                url=_link(entry),
                day=day,
                tags=tuple(str(tag.get("term") or "") for tag in entry.get("tags", ()))[:12],
                notes=notes,
            )
        )
    return Harvest(FEED, posts=tuple(posts), rejected=tuple(found.rejected))


def _first_line(notes: str) -> tuple[str, str]:
    """Posts of a microblog have no title: their first line is one, and the rest stays."""
    first, _, rest = notes.partition("\n")
    title, whole = cells.title_and_rest(first)
    return title, notes if whole else rest.strip()


def _summary(entry: Any) -> str:
    """The beginning of what it says, as plain text."""
    import nh3  # noqa: PLC0415 - only feeds need it here

    told = _BREAK.sub("\n", str(entry.get("summary") or "")[:20_000])
    return cells.clean(html.unescape(nh3.clean(told, tags=set())))[:600]


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


class _Links(HTMLParser):
    """Collects the feeds that a page names in its head."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "link" and "alternate" in told.get("rel", "").lower().split():
            self.found.append((told.get("type", "").lower(), told.get("href", "")))


def feed_of_page(page: str, address: str) -> str:
    """The address of the feed that a page names, Atom before RSS; empty where it names none."""
    links = _Links()
    links.feed(page[:MOST_OF_A_PAGE])
    found = [(FEEDS.index(kind), href) for kind, href in links.found if kind in FEEDS and href]
    return urljoin(address, min(found)[1]) if found else ""


FEED = Source(
    key="feed",
    title="a feed (RSS or Atom)",
    holds=Holds.POSTS,
    mark="RSS or Atom",
    becomes="posts with their own address; imported only once",
    reads=Reads.TEXT,
    recognises=recognises,
    read=read,
)
SOURCES = (FEED,)
