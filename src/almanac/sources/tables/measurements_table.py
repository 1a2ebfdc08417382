"""Measurements as a table or as npm gives them: a metric's name, a day, a value."""

from __future__ import annotations

import math
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from almanac.sources.base import cells
from almanac.sources.base.dates import DateColumn
from almanac.sources.base.formulas import whole
from almanac.sources.base.rows import Gathering, MeasurementRow
from almanac.sources.base.source import Harvest, Holds, Reads, Source

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from almanac.sources.base.reading import Table

COLUMNS = frozenset({"metric", "day", "value", "label"})
DAY = ("day", "date", "download_date", "week", "month")
DOWNLOADS = ("downloads", "num_downloads", "download_count")
_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:[.' \u00a0]\d{3})+|\d+)(?:,\d+)?")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:[,' \u00a0]\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")


def recognises(table: Table) -> bool:
    return {"metric", "day", "value"} <= set(table.keys) <= COLUMNS


def recognises_downloads(table: Table) -> bool:
    keys = set(table.keys)
    return any(name in keys for name in DOWNLOADS) and any(name in keys for name in DAY)


def read(table: Table, zone: tzinfo) -> Harvest:
    found = Gathering()
    rows = []
    for line, record, raw in table.records():
        try:
            name = cells.clean(whole(record.get("metric", "")))[:120]
            if not name:
                raise cells.BadCellError("names no metric")
            rows.append(
                MeasurementRow(
                    line,
                    name,
                    day_of(record.get("day", ""), zone),
                    value_of(record.get("value", ""), decimal_comma=table.decimal_comma),
                    cells.clean(whole(record.get("label", "")))[:60],
                )
            )
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
    return _harvest(MEASUREMENTS, rows, found, table)


def read_downloads(table: Table, zone: tzinfo) -> Harvest:
    """Downloads by day; a column beside them (package, version, category) becomes the label."""
    found = Gathering()
    day = next(name for name in DAY if name in table.keys)
    number = next(name for name in DOWNLOADS if name in table.keys)
    labels = [n for n in ("package", "project", "category", "version") if n in table.keys]
    metric = f"Downloads of {PurePosixPath(table.name).stem}"[:120]
    rows = []
    for line, record, raw in table.records():
        try:
            label = " ".join(cells.clean(record.get(name, "")) for name in labels)[:60]
            rows.append(
                MeasurementRow(
                    line, metric, day_of(record.get(day, ""), zone), value_of(record.get(number, ""), decimal_comma=table.decimal_comma),
                    label.strip(),
                )
            )  # fmt: skip
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
    return _harvest(DOWNLOADS_TABLE, rows, found, table)


def _harvest(source: Source, rows: list[MeasurementRow], found: Gathering, table: Table) -> Harvest:
    return Harvest(
        source,
        measurements=tuple(rows),
        rejected=tuple(found.rejected),
        remarks=tuple(found.remarks),
        columns=table.header,
    )


def holds_npm(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("downloads"), list)
        and bool(value.get("package"))
    )


def read_npm(value: dict[str, Any], zone: tzinfo) -> Harvest:
    """npm's answer on downloads of a package by day."""
    found = Gathering()
    metric = f"Downloads of {str(value['package'])[:80]}"
    rows = []
    for number, each in enumerate(value["downloads"], start=1):
        try:
            if not isinstance(each, dict):
                raise cells.BadCellError("is no day with its downloads")
            day = day_of(str(each.get("day", "")), zone)
            rows.append(
                MeasurementRow(number, metric, day, value_of(str(each.get("downloads", ""))))
            )
        except cells.BadCellError as error:
            found.reject(number, str(error))
    return Harvest(NPM, measurements=tuple(rows), rejected=tuple(found.rejected))


def mapped(
    table: Table, zone: tzinfo, *, metric: str, day: str, value: str, label: str = ""
) -> Harvest:
    """Any table, by the names of its columns as a person gives them."""
    columns = {name.strip().lower(): name.strip().lower() for name in (day, value)}
    missing = [name for name in columns if name not in table.keys]
    if missing:
        raise cells.BadCellError(
            f"{table.name} has no column “{missing[0]}”; it has {', '.join(table.header[:12])}."
        )
    found = Gathering()
    samples = [record.get(day.strip().lower(), "") for _, record, _ in table.records()]
    days = DateColumn(samples, zone, table.habits, held=samples)
    rows = []
    for line, record, raw in table.records():
        try:
            when = days.read(record.get(day.strip().lower(), ""), day)
            if when is None:
                raise cells.BadCellError("has no day")
            text = record.get(value.strip().lower(), "")
            number = value_of(text, decimal_comma=table.decimal_comma)
            rows.append(MeasurementRow(line, metric, when.day, number, label[:60]))
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
    return _harvest(MAPPED_MEASUREMENTS, rows, found, table)


def day_of(text: str, zone: tzinfo) -> date:
    """An ISO day or moment; a month stands for its first day."""
    text = text.strip()
    if re.fullmatch(r"\d{4}-\d{2}", text):
        text += "-01"
    moment = cells.moment(text, "day", zone)
    if moment is None:
        raise cells.BadCellError("has no day")
    return moment.date() if len(text) <= 10 else moment.astimezone(zone).date()


def value_of(text: str, *, decimal_comma: bool = False) -> float:
    """A number, with or without groups; never empty, as a gap is no row and not a zero. decimal_comma:
    the file parts columns by semicolons, so that 1.234,5 is a number and 1.300 is a thousand."""
    plain = text.strip().removesuffix("%").strip()
    if decimal_comma and _COMMA.fullmatch(plain):
        plain = re.sub(r"[.' \u00a0]", "", plain).replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise cells.BadCellError(f"value is “{text[:30]}”, which is not a number")
    number = float(re.sub(r"[,' \u00a0]", "", plain))
    if not math.isfinite(number) or abs(number) > 1e15:
        raise cells.BadCellError(f"value is {text[:30]}, which cannot be right")
    return number


MEASUREMENTS = Source(
    key="numbers-table",
    title="a table of measurements",
    holds=Holds.MEASUREMENTS,
    mark="`metric,day,value` and, if you like, `label`",
    becomes="values of metrics, which begin where they are new; a later correction keeps the old value",
    reads=Reads.TABLE,
    recognises=recognises,
    read=read,
)
DOWNLOADS_TABLE = Source(
    key="downloads",
    title="a table of downloads by day",
    holds=Holds.MEASUREMENTS,
    mark="a `downloads` column beside a day (npm, PyPI)",
    becomes="a metric of downloads for each package",
    reads=Reads.TABLE,
    recognises=recognises_downloads,
    read=read_downloads,
)
NPM = Source(
    key="npm",
    title="npm downloads by day",
    holds=Holds.MEASUREMENTS,
    mark="JSON with `package` and a list of `downloads`",
    becomes="a metric of downloads",
    reads=Reads.JSON,
    recognises=holds_npm,
    read=read_npm,
)
MAPPED_MEASUREMENTS = Source(
    key="mapped-numbers",
    title="any table of numbers by day",
    holds=Holds.MEASUREMENTS,
    mark="you name its columns with `almanac metric add NAME --from FILE`",
    becomes="values of one metric",
    reads=Reads.ASKED,
)
SOURCES = (MEASUREMENTS, DOWNLOADS_TABLE, NPM, MAPPED_MEASUREMENTS)
