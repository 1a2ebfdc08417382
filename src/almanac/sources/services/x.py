"""X's account analytics: a line a day, newest first, days without a zone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from almanac.sources.base import cells
from almanac.sources.base.rows import Gathering, MeasurementRow
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from almanac.sources.base.reading import Table

METRICS = {
    "impressions": "Impressions on X",
    "engagements": "Engagements on X",
    "new follows": "New follows on X",
    "profile visits": "Profile visits on X",
    "create post": "Posts on X",
}


def recognises(table: Table) -> bool:
    keys = set(table.keys)
    return {"date", "impressions", "engagements", "new follows"} <= keys and "post id" not in keys


def read(table: Table, _zone: tzinfo) -> Harvest:
    found = Gathering()
    rows: list[MeasurementRow] = []
    for line, record, raw in table.records():
        try:
            day = _day(record.get("date", ""))
            for column, metric in METRICS.items():
                number = cells.count(record.get(column, ""), column)
                if number is not None:
                    rows.append(MeasurementRow(line, metric, day, float(number)))
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
    found.remark("one viral day can be a hundred usual ones; look at the middle, not the mean")
    return Harvest(
        X,
        measurements=tuple(rows),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=table.header,
    )


def _day(text: str) -> date:
    for style in ("%a, %b %d, %Y", "%b %d, %Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), style).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise cells.BadCellError(f"Date is “{text[:30]}”, which is not a day such as Sat, Sep 6, 2025")


X = Source(
    key="x-analytics",
    title="X analytics",
    holds=Holds.MEASUREMENTS,
    mark="`Date`, `Impressions`, `Engagements`, `New follows`",
    becomes="five metrics by day, among them impressions and new follows",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
)
SOURCES = (X,)
