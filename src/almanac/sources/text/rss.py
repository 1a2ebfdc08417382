"""RSS and Atom feeds: each entry is a post."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from almanac.sources.base import cells
from almanac.sources.base.rows import Gathering, PostRow, UnreadableError
from almanac.sources.base.source import Harvest, Holds, Opened, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo


MOST_ENTRIES = 5_000


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
    return Harvest(FEED, posts=tuple(posts), rejected=tuple(found.rejected))


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
