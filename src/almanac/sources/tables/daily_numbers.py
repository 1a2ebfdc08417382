"""Numbers by day, as analytics export them: a day, and a column for each thing that was counted."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from almanac.sources.base import cells
from almanac.sources.base.dates import DateColumn
from almanac.sources.base.rows import Gathering, MeasurementRow, UnreadableError
from almanac.sources.base.source import Harvest, Holds, Reads, Source
from almanac.sources.tables import mapped_table
from almanac.sources.tables.measurements_table import value_of

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.sources.base.reading import Table

NTH = "nth day"
"""GA4 counts days from the one its comment names."""
DAY = frozenset(
    {NTH, "date", "day", "datum", "fecha", "data", "week", "woche", "semaine", "month",
     "interval_start_timestamp"}
)  # fmt: skip
MOST_METRICS = 30
FEWEST_FILLED = 0.6
LONGEST_NTH = 4
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_RATE = re.compile(r"rate|%|ctr|average|avg|duration|position|per ", re.IGNORECASE)


def _day_column(table: Table) -> str:
    return next((key for key in table.keys if key in DAY), "")


def _numeric(table: Table) -> list[str]:
    """Columns of which nearly every cell is a number, in order."""
    day = _day_column(table)
    sample = [record for _, record, _ in table.records()][:200]
    found = []
    for key in table.keys:
        filled = [record.get(key, "").strip() for record in sample]
        filled = [text for text in filled if text]
        if key == day or not key or not filled:
            continue
        numbers = sum(bool(re.fullmatch(r"[-+]?[\d.,' \u00a0]+%?", text)) for text in filled)
        if numbers > FEWEST_FILLED * len(filled):
            found.append(key)
    return found


def recognises(table: Table) -> bool:
    day = _day_column(table)
    if not day or not table.rows or "title" in mapped_table.guess(table).values():
        return False
    numeric = _numeric(table)
    words = [key for key in table.keys if key not in numeric and key != day]
    # One column of words may part the numbers, such as a page or a channel; more make it another table.
    return bool(numeric) and len(words) <= 1 and len(numeric) >= len(words)


def read(table: Table, zone: tzinfo) -> Harvest:
    found = Gathering()
    day, numeric = _day_column(table), _numeric(table)[:MOST_METRICS]
    words = [key for key in table.keys if key not in numeric and key != day and key]
    about = _about(table)
    first = _first_day(table) if day == NTH else None
    if day == NTH and first is None:
        raise UnreadableError(
            f"{table.name} counts days without saying from which; export it with the date as a column."
        )
    records = [(line, _spaced(record, day, first), raw) for line, record, raw in table.records()]
    days = DateColumn(
        (r[day] for _, r, _ in records), zone, table.habits, held=[r[day] for _, r, _ in records]
    )
    names = dict(zip(table.keys, table.header, strict=False))
    sums: dict[tuple[str, object], tuple[int, float]] = {}
    for line, record, raw in records:
        try:
            when = days.read(record[day], "date")
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
            continue
        if when is None:
            continue
        for key in numeric:
            text = record.get(key, "")
            if cells.is_missing(text):
                continue
            value = found.optional(line, partial(value_of, text, decimal_comma=table.decimal_comma))
            if value is None:
                continue
            metric = f"{names[key].strip()}{f' ({about})' if about else ''}"[:120]
            _, before = sums.get((metric, when.day), (line, 0.0))
            sums[metric, when.day] = (line, value if _RATE.search(key) else before + value)
    if words:
        found.remark(f"numbers were added up over “{names[words[0]].strip()}”, a day each")
    rows = tuple(
        MeasurementRow(line, metric, when, value)  # type: ignore[arg-type]
        for (metric, when), (line, value) in sums.items()
    )
    return Harvest(
        DAILY, measurements=rows, rejected=tuple(found.rejected), remarks=tuple(found.remarks),
        columns=table.header,
    )  # fmt: skip


def _spaced(record: dict[str, str], day: str, first: date | None) -> dict[str, str]:
    """GA4 writes 20260501, or 0003 for the fourth day."""
    text = record.get(day, "").strip()
    if first is not None and text.isdecimal() and len(text) <= LONGEST_NTH:
        return record | {day: (first + timedelta(days=int(text))).isoformat()}
    return record | {day: _COMPACT.sub(r"\1-\2-\3", text) if _COMPACT.fullmatch(text) else text}


def _first_day(table: Table) -> date | None:
    for row in table.above:
        found = re.search(r"start date:?\s*(\d{4})-?(\d\d)-?(\d\d)", " ".join(row), re.IGNORECASE)
        if found:
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                return None
    return None


def _about(table: Table) -> str:
    """What the numbers are of: a title above the table, else the file's name without dates."""
    for row in table.above:
        text = " ".join(cell.strip(" #") for cell in row).strip()
        if len(text) > 3 and not re.match(
            r"-+$|(?:account|property|start date|end date)", text, re.IGNORECASE
        ):
            return cells.clean(text)[:50]
    stem = PurePosixPath(table.name).stem
    return " ".join(re.sub(r"[\d_-]+", " ", stem).split())[:50]


DAILY = Source(
    key="daily-numbers",
    title="numbers by day",
    holds=Holds.MEASUREMENTS,
    mark="a date beside columns of numbers (GA4, Plausible, Search Console, LinkedIn, Slack, Discord, GitHub traffic)",
    becomes="a metric for each column",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
    general=3,
)
SOURCES = (DAILY,)
