"""How often links were followed: the table of any link tool, or of web analytics by campaign."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from almanac.sources.base import cells
from almanac.sources.base.dates import DateColumn
from almanac.sources.base.formulas import whole
from almanac.sources.base.rows import Gathering, LinkCountRow
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.reading import Table

SHORT = (
    "short link", "short_link", "shortlink", "short url", "short_url", "shorturl", "shortened url", "shortened link",
    "bitlink", "bitly link", "tiny url", "tinyurl", "qr code", "link", "links", "short",
)  # fmt: skip
CAMPAIGN = (
    "utm_campaign", "utm campaign", "campaign", "campaigns", "campaign name", "session campaign", "session - campaign",
    "first user campaign", "session manual campaign name", "first user manual campaign name", "manual campaign name",
)  # fmt: skip
LONG = (
    "long url", "long_url", "longurl", "destination", "destination url", "destination_url", "destination link",
    "original url", "original_url", "target url", "target", "url",
)  # fmt: skip
COUNTED = {
    "visitors": ("unique visitors", "unique_visitors", "visitors", "total users", "users", "active users", "new users"),
    "clicks": (
        "unique clicks", "unique_clicks", "engagements", "total engagements", "clicks", "total clicks", "total_clicks", "click count", "click_count",
        "link clicks", "human clicks", "hits",
    ),
    "scans": ("unique scans", "scans", "total scans", "qr scans", "scan count"),
    "visits": ("visits", "sessions", "total visits"),
}  # fmt: skip
"""What a tool counts, those that come nearest to people first."""
DAY = ("date", "day", "datum", "as of")
MOMENT = (*DAY, "timestamp", "time", "clicked at", "clicked_at", "created at", "created_at")
VISITOR = frozenset(
    ["country", "browser", "device", "os", "referrer", "referer", "city", "user agent", "ip"]
)
"""Columns of a log with a row a click."""
START = re.compile(r"start date:?\s*(\d{4})-?(\d{2})-?(\d{2})", re.IGNORECASE)
END = re.compile(r"end date:?\s*(\d{4})-?(\d{2})-?(\d{2})", re.IGNORECASE)
"""Above the table of Google Analytics: the first and last day of the time that it counts."""


def recognises(table: Table) -> bool:
    keys = set(table.keys)
    named = _campaigns(table) or (keys & set(SHORT) and not keys & {"impressions", "views"})
    return bool(named) and bool(_counted(table) or _is_log(table))


def _campaigns(table: Table) -> tuple[str, ...]:
    """Columns with campaigns; in a file that is named after them, `name` is one."""
    more = ("name",) if "utm" in table.name.lower() and "campaign" in table.name.lower() else ()
    return tuple(key for key in (*CAMPAIGN, *more) if key in table.keys)


def _is_log(table: Table) -> bool:
    """A row a click: a link and a moment, and what is known of the visitor."""
    keys = set(table.keys)
    return bool(keys & set(SHORT) and keys & set(MOMENT) and keys & VISITOR)


def _counted(table: Table) -> tuple[str, str] | None:
    """The column that is read, and what it counts."""
    keys = set(table.keys)
    return next(
        ((name, what) for what, names in COUNTED.items() for name in names if name in keys), None
    )


def read(table: Table, zone: tzinfo) -> Harvest:
    found = Gathering()
    column, what = _counted(table) or ("", "clicks")
    when = next((key for key in table.keys if key in (DAY if column else MOMENT)), "")
    begun, ended = _above(table, START), _above(table, END)
    campaigns = _campaigns(table)
    records = list(table.records())
    days = DateColumn((record.get(when, "") for _, record, _ in records), zone, table.habits)
    rows = []
    for line, record, raw in records:
        address = whole(cells.cell(record, SHORT))
        campaign = whole(cells.cell(record, campaigns))
        try:
            if not (address or campaign):
                raise cells.BadCellError("names no link")
            count = cells.count(record.get(column, ""), column) if column else 1
            if count is None:
                raise cells.BadCellError(f"has no {column}")
            dated = days.read(record.get(when, ""), "day") if when else None
            day = dated.day if dated else ended
            if (
                day is not None
                and table.habits.now
                and day > table.habits.now.astimezone(zone).date()
            ):
                raise cells.BadCellError(f"is of {day}, which is still to come")
            rows.append(
                LinkCountRow(
                    line, address[:1000], whole(cells.cell(record, LONG))[:1000], campaign[:200],
                    day, count, what,
                    begun if dated is None and ended else None,
                )
            )  # fmt: skip
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
    return Harvest(
        LINKS,
        link_counts=tuple(rows),
        rejected=tuple(found.rejected),
        remarks=(
            f"“{column}” was read, as {what}" if column else "each row was read as one click",
            *found.remarks,
        ),
        columns=table.header,
    )


def _above(table: Table, pattern: re.Pattern[str]) -> date | None:
    """A day that is said above a table of what it is of."""
    found = next((m for row in table.above if (m := pattern.search(" ".join(row)))), None)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


LINKS = Source(
    key="links",
    title="a table of links and their clicks",
    holds=Holds.LINK_COUNTS,
    mark="a short link or a `utm_campaign`, beside `clicks`, `visitors` or `scans`",
    becomes="how often each link you handed out was followed",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
    general=1,
)
SOURCES = (LINKS,)
