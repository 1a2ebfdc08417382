"""dev.to articles as its API gives them: one, or a list."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from almanac.sources.base import cells
from almanac.sources.base.rows import Gathering, PostRow
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

MOST = 10**12
PLATFORM = "dev.to"
COUNTS = {
    "page_views_count": "views",
    "public_reactions_count": "reactions",
    "comments_count": "comments",
}


def articles_in(value: Any) -> Iterator[dict[str, Any]]:
    """The articles of a JSON value; none where it holds something else."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and item.get("type_of") == "article":
            yield item


def recognises(value: Any) -> bool:
    return next(articles_in(value), None) is not None


def read(value: Any, zone: tzinfo) -> Harvest:
    found = Gathering()
    posts: list[PostRow] = []
    for number, article in enumerate(articles_in(value), start=1):
        title, _ = cells.title_and_rest(str(article.get("title") or ""))
        published = _moment(article, zone)
        if not title or published is None:
            found.reject(number, "is not published, or has no title", (title,))
            continue
        canonical = str(article.get("canonical_url") or "")
        own = str(article.get("url") or "")
        posts.append(
            PostRow(
                row=number,
                title=title,
                url=canonical or own,
                elsewhere=(own,) if own and canonical and own != canonical else (),
                day=published.date(),
                platform=PLATFORM,
                tags=_tags(article),
                series=str(article.get("collection_name") or ""),
                counts=tuple(
                    (what, int(article[name]))
                    for name, what in COUNTS.items()
                    if isinstance(article.get(name), int) and 0 <= article[name] < MOST
                ),
            )
        )
    return Harvest(
        DEVTO,
        posts=tuple(posts),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
    )


def _moment(article: dict[str, Any], zone: tzinfo) -> datetime | None:
    for name in ("published_at", "published_timestamp"):
        text = str(article.get(name) or "")
        try:
            found = datetime.fromisoformat(text)
            return found.astimezone(zone) if found.tzinfo else found
        except (ValueError, OverflowError):
            continue
    return None


def _tags(article: dict[str, Any]) -> tuple[str, ...]:
    """The list and the single article hold the two names with their types swapped."""
    for name in ("tags", "tag_list"):
        if isinstance(article.get(name), list):
            return tuple(str(tag) for tag in article[name])
    text = str(article.get("tag_list") or article.get("tags") or "")
    return tuple(tag.strip() for tag in text.split(",") if tag.strip())


DEVTO = Source(
    key="devto",
    title="dev.to articles",
    holds=Holds.POSTS,
    mark="JSON with `type_of: article`, as its API gives them",
    becomes="posts with views, reactions and comments as of today; series and tags",
    reads=Reads.JSON,
    recognises=recognises,
    read=read,
)
SOURCES = (DEVTO,)
