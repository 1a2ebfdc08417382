"""Posts with what was counted of them: X, LinkedIn, newsletters, Medium, Hashnode, podcasts, YouTube.

A platform is a declaration of its columns; drafts and rows of totals are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from almanac.sources.base import cells
from almanac.sources.base.cells import cell
from almanac.sources.base.dates import DateColumn
from almanac.sources.base.rows import Gathering, PostRow
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.reading import Table

OUT = frozenset(
    ["true", "yes", "1", "published", "sent", "public", "live", "complete", "completed"]
)


@dataclass(frozen=True, slots=True)
class PostColumns:
    """marks: columns that must be there. out: a column that says whether it is published. link: an
    address made of the key, where the table has none."""

    platform: str
    marks: frozenset[str]
    title: tuple[str, ...]
    day: tuple[str, ...]
    counts: dict[str, str]
    url: tuple[str, ...] = ("url", "link", "post link", "canonical url")
    key: tuple[str, ...] = ()
    out: tuple[str, ...] = ()
    link: str = ""


PLATFORMS = {
    "x-posts": (
        "X posts", "`Post id` beside `Impressions`",
        PostColumns(
            "X", frozenset({"post id", "post text", "impressions"}), ("post text",), ("date",),
            {"impressions": "views", "likes": "likes", "replies": "replies", "reposts": "reposts", "engagements": "engagements"},
            url=("post link",), key=("post id",),
        ),
    ),
    "linkedin-posts": (
        "LinkedIn posts", "`Post title` or `Post URL` beside `Impressions`",
        PostColumns(
            "LinkedIn", frozenset({"impressions", "created date"}), ("post title", "post url", "post link"), ("created date", "post publish date", "date"),
            {"impressions": "views", "clicks": "clicks", "likes": "likes", "reactions": "likes", "comments": "comments", "reposts": "reposts"},
            url=("post link", "post url"),
        ),
    ),
    "mailchimp": (
        "Mailchimp campaigns", "`Unique Opens` beside `Send Date`",
        PostColumns(
            "Mailchimp", frozenset({"send date", "unique opens"}), ("subject", "title"), ("send date",),
            {"total recipients": "recipients", "unique opens": "opens", "total clicks": "clicks"}, key=("unique id",),
        ),
    ),
    "substack": (
        "Substack posts", "`post_id` beside `is_published`",
        PostColumns(
            "Substack", frozenset({"post_id", "is_published", "title"}), ("title",), ("post_date", "email_sent_at"),
            {"views": "views", "opens": "opens", "recipients": "recipients"}, key=("post_id",), out=("is_published",),
        ),
    ),
    "newsletter": (
        "newsletters", "`Subject` beside `Opens` or `Recipients` (Buttondown, Beehiiv, ConvertKit)",
        PostColumns(
            "newsletter", frozenset({"subject"}), ("subject", "subject line", "title"), ("sent at", "send date", "sent", "publish date", "published at", "date", "publish_date", "published_at"),
            {"recipients": "recipients", "opens": "opens", "unique opens": "opens", "clicks": "clicks", "sent to": "recipients"}, out=("status",),
        ),
    ),
    "medium": (
        "Medium stories", "`Reads` beside `Views` and a title",
        PostColumns(
            "Medium", frozenset({"views", "reads"}), ("title", "story", "story title"), ("published", "published at", "publication date", "date", "first published", "published_at"),
            {"views": "views", "reads": "readers", "fans": "likes", "claps": "likes"},
        ),
    ),
    "hashnode": (
        "Hashnode posts", "`Reactions` beside `Views` and a title",
        PostColumns(
            "Hashnode", frozenset({"views", "reactions"}), ("title", "post", "post title"), ("published", "published at", "date", "published_at", "publishedat", "date added"),
            {"views": "views", "reactions": "likes", "comments": "comments", "responses": "comments"}, key=("cuid", "slug"),
        ),
    ),
    "podcast": (
        "podcast episodes", "`Episode` beside `Plays`, `Streams` or `Downloads`",
        PostColumns(
            "podcast", frozenset(), ("episode", "episode title", "episode name", "title"), ("published", "publish date", "release date", "published at", "date", "first published"),
            {"plays": "plays", "streams": "streams", "downloads": "downloads", "all time": "downloads", "listeners": "listeners", "total downloads": "downloads", "downloads (all time)": "downloads", "all-time downloads": "downloads",
             "all time downloads": "downloads", "lifetime downloads": "downloads"},
        ),
    ),
    "youtube-table": (
        "YouTube export in another language", "a video's title beside its views",
        PostColumns(
            "YouTube", frozenset({"videotitel", "aufrufe"}), ("videotitel", "titre de la vidéo", "título del vídeo", "título do vídeo"),
            ("veröffentlichungszeitpunkt des videos", "heure de publication de la vidéo", "hora de publicación del vídeo", "horário de publicação do vídeo"),
            {"aufrufe": "views", "vues": "views", "visualizaciones": "views", "visualizações": "views", "impressionen": "impressions", "impressions": "impressions"},
            key=("inhalt", "contenu", "contenido", "conteúdo"), link="https://www.youtube.com/watch?v={}",
        ),
    ),
}  # fmt: skip
ALSO = {
    "newsletter": ("recipients", "opens", "open rate", "sent to", "unique opens"),
    "podcast": (
        "plays",
        "streams",
        "downloads",
        "all time",
        "total downloads",
        "downloads (all time)",
        "all-time downloads",
        "all time downloads",
        "lifetime downloads",
    ),
    "linkedin-posts": ("post title", "post url", "post link"),
}
"""Of these, a table must have one more."""


def _recognises(key: str, table: Table) -> bool:
    columns = PLATFORMS[key][2]
    keys = set(table.keys)
    if key == "podcast" and not any(name.startswith("episode") for name in keys):
        return False
    if key == "youtube-table":
        return bool(keys & set(columns.title)) and bool(keys & set(columns.key))
    has_title = bool(keys & set(columns.title))
    more = ALSO.get(key)
    return columns.marks <= keys and has_title and (more is None or bool(keys & set(more)))


def _read(key: str, table: Table, zone: tzinfo) -> Harvest:
    columns = PLATFORMS[key][2]
    found = Gathering()
    records = list(table.records())
    days = DateColumn(
        (cell(r, columns.day) for _, r, _ in records),
        zone,
        table.habits,
        held=(cell(r, columns.day) for _, r, _ in records),
        day_first=True if table.decimal_comma else None,
    )
    posts: list[PostRow] = []
    drafts = 0
    for line, record, raw in records:
        said = cell(record, columns.title)
        title, rest = cells.title_and_rest(said.splitlines()[0] if said else "")
        out = cell(record, columns.out).lower()
        if columns.out and out and out not in OUT:
            drafts += 1
            continue
        if not title:
            found.reject(line, "has no title", raw)
            continue
        when = found.optional(line, lambda r=record: days.read(cell(r, columns.day), "date"))  # type: ignore[misc]
        if when is None and not cell(record, columns.day):
            drafts += 1
            continue
        counts: dict[str, int] = {}
        for column, what in columns.counts.items():
            number = found.optional(line, lambda c=column, r=record: cells.count(r.get(c, ""), c))  # type: ignore[misc]
            if number is not None:
                counts.setdefault(what, number)
        named = cells.clean(cell(record, columns.key))[:200]
        url = cell(record, columns.url)
        if not url.startswith(("http://", "https://")):
            url = columns.link.format(named) if columns.link and named else ""
        posts.append(
            PostRow(
                row=line,
                title=title,
                url=url[:1000],
                day=when.day if when else None,
                platform=columns.platform,
                notes=rest,
                key=f"{key}:{named}" if named else "",
                counts=tuple(counts.items()),
            )
        )
    if drafts:
        found.remark(f"{drafts} not published yet {'was' if drafts == 1 else 'were'} left out")
    source = next(source for source in SOURCES if source.key == key)
    return Harvest(
        source, posts=tuple(posts), rejected=tuple(found.rejected), remarks=tuple(found.remarks),
        columns=table.header,
    )  # fmt: skip


SOURCES = tuple(
    Source(
        key=key,
        title=title,
        holds=Holds.POSTS,
        mark=mark,
        becomes="posts with today’s views and reactions",
        reads=Reads.TABLE,
        recognises=partial(_recognises, key),
        read=partial(_read, key),
    )
    for key, (title, mark, _) in PLATFORMS.items()
)
