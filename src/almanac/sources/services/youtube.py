"""YouTube Studio's exports: the table of videos, and the chart by day."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from almanac.sources.base import cells
from almanac.sources.base.rows import Gathering, PostReading, PostRow
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from almanac.sources.base.reading import Table

PLATFORM = "YouTube"
COUNTS = {"views": "views", "watch time (hours)": "hours watched", "impressions": "impressions"}


def recognises(table: Table) -> bool:
    keys = set(table.keys)
    return {"content", "video title", "video publish time"} <= keys and "date" not in keys


def recognises_chart(table: Table) -> bool:
    return {"date", "content", "video title", "video publish time"} <= set(table.keys)


def read(table: Table, _zone: tzinfo) -> Harvest:
    """Each video is a post; its counts are those of the day on which it is read."""
    found = Gathering()
    posts: list[PostRow] = []
    unlisted = 0
    for line, record, raw in table.records():
        key = record.get("content", "").strip()
        if key.lower() == "total":
            continue
        try:
            published = _day(record.get("video publish time", ""))
            title, _ = cells.title_and_rest(record.get("video title", ""))
            if not key or not title:
                raise cells.BadCellError("names no video")
            counts = tuple(
                (what, number)
                for column, what in COUNTS.items()
                if (number := _whole(record.get(column, ""), column)) is not None
            )
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
            continue
        if published is None:
            unlisted += 1
            continue
        posts.append(
            PostRow(
                row=line,
                title=title,
                url=f"https://www.youtube.com/watch?v={key}",
                day=published,
                platform=PLATFORM,
                counts=counts,
            )
        )
    if unlisted:
        found.remark(f"{unlisted} without a day of publication were left out: they are not public")
    return Harvest(
        VIDEOS,
        posts=tuple(posts),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=table.header,
    )


def read_chart(table: Table, _zone: tzinfo) -> Harvest:
    """Views by day, added up from the day of publication; the zeros before it mean nothing."""
    found = Gathering()
    if "views" not in table.keys:
        found.remark("it holds no views by day; choose Views in YouTube Studio before exporting")
        return _chart(table, (), found)
    by_video: dict[str, dict[date, int]] = {}
    about: dict[str, tuple[int, str, date | None]] = {}
    for line, record, raw in table.records():
        try:
            day = _day(record.get("date", ""))
            views = _whole(record.get("views", ""), "views")
            published = _day(record.get("video publish time", ""))
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
            continue
        key = record.get("content", "").strip()
        if day is None or views is None or not key or key.lower() == "total":
            continue
        about.setdefault(key, (line, record.get("video title", ""), published))
        if published is not None and day >= published:
            by_video.setdefault(key, {})[day] = views
    posts = []
    for key, days in by_video.items():
        line, title, published = about[key]
        total, readings = 0, []
        for day, views in sorted(days.items()):
            total += views
            readings.append(PostReading(day, "views", total))
        posts.append(
            PostRow(
                row=line,
                title=cells.title_and_rest(title)[0] or key,
                url=f"https://www.youtube.com/watch?v={key}",
                day=published,
                platform=PLATFORM,
                readings=tuple(readings),
            )
        )
    return _chart(table, tuple(posts), found)


def _chart(table: Table, posts: tuple[PostRow, ...], found: Gathering) -> Harvest:
    return Harvest(
        CHART,
        posts=posts,
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=table.header,
    )


def _day(text: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    for style in ("%Y-%m-%d", "%b %d, %Y", "%d %b %Y", "%B %d, %Y"):
        try:
            return datetime.strptime(text, style).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise cells.BadCellError(f"“{text[:30]}” is not a day such as Sep 27, 2024")


def _whole(text: str, name: str) -> int | None:
    """Counts may be fractions of an hour; what is negative is not a count of these."""
    text = text.strip().replace(",", "")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError as error:
        raise cells.BadCellError(f"{name} is “{text[:30]}”, which is not a number") from error
    if not 0 <= number < 1e15:
        raise cells.BadCellError(f"{name} is {text[:30]}, which cannot be right")
    return round(number)


CHART = Source(
    key="youtube-chart",
    title="a YouTube Studio chart by day",
    holds=Holds.POSTS,
    mark="`Date` beside `Content` and `Views`",
    becomes="views of each video by day",
    reads=Reads.TABLE,
    recognises=recognises_chart,
    read=read_chart,
)

VIDEOS = Source(
    key="youtube",
    title="a YouTube Studio table of videos",
    holds=Holds.POSTS,
    mark="`Content`, `Video title`, `Video publish time`",
    becomes="videos as posts; views, hours watched and impressions as of today",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
)
SOURCES = (CHART, VIDEOS)
