"""Logs of work from a file, replayed: how right would forecasts of it have been?"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import numpy as np

from almanac.answers.errors import CannotAnswerError
from almanac.core.workload import estimates, throughput
from almanac.core.workload.expert_pool import LEVELS
from almanac.record import rules
from almanac.sources.base.reading import table_from_text, text_of

if TYPE_CHECKING:
    from almanac.core.workload.estimates import ReplayedTasks
    from almanac.core.workload.throughput import ReplayedPeriod
    from almanac.record.rules import Actor
    from almanac.sources.base.documents import Document
    from almanac.sources.base.reading import Table

WORK = ("date", "planned", "finished")
TASKS = ("person", "category", "estimate", "actual", "finished_on")
LARGEST, SMALLEST = 1e9, 1e-6
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
HEADER = (
    "date", "horizon", "observed", "cdf_below", "cdf_at", *(f"q{n:02}" for n in range(1, 100))
)  # fmt: skip
CENTILES = np.arange(1, 100) / 100


@dataclass(frozen=True, slots=True)
class Work:
    """A replay of finished work. dates: as the file writes them; set_aside: why rows were."""

    dates: tuple[str, ...]
    result: ReplayedPeriod
    set_aside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tasks:
    result: ReplayedTasks
    set_aside: tuple[str, ...]


def replay_work(actor: Actor, document: Document) -> Work:
    """Of `date,planned,finished`, a row a day or a week, in any one unit of work."""
    rules.require(rules.may_read_record, actor)
    rows: list[tuple[str, throughput.PlannedPeriod]] = []
    aside: list[str] = []
    for line, record, _ in _table(document, WORK).records():
        try:
            planned, finished = (_amount(record, name) for name in WORK[1:])
            rows.append((_date(record["date"]), throughput.PlannedPeriod(planned, finished)))
        except ValueError as error:
            aside.append(f"row {line} {error}")
    rows.sort(key=lambda row: row[0])
    result = throughput.replay([row for _, row in rows])
    if result is None:
        raise CannotAnswerError(
            f"{document.name} has {len(rows)} usable rows; the first {throughput.LEARNT} are only "
            "learnt from, so there is nothing left to score."
        )
    return Work(tuple(day for day, _ in rows), result, tuple(aside))


def replay_tasks(actor: Actor, document: Document) -> Tasks:
    """Of `person,category,estimate,actual,finished_on`."""
    rules.require(rules.may_read_record, actor)
    rows: list[tuple[str, estimates.Task]] = []
    aside: list[str] = []
    for line, record, _ in _table(document, TASKS).records():
        try:
            estimate, actual = _amount(record, "estimate"), _amount(record, "actual")
            if estimate == 0:
                raise ValueError("estimates nothing")
            who, what = record["person"].strip(), record["category"].strip()
            rows.append((_date(record["finished_on"]), estimates.Task(estimate, actual, who, what)))
        except ValueError as error:
            aside.append(f"row {line} {error}")
    rows.sort(key=lambda row: row[0])
    result = estimates.replay([row for _, row in rows])
    if result is None:
        raise CannotAnswerError(
            f"{document.name} has {len(rows)} usable rows; the first {estimates.LEARNT} are only "
            "learnt from, so there is nothing left to score."
        )
    return Tasks(result, tuple(aside))


def _table(document: Document, columns: tuple[str, ...]) -> Table:
    text, remark = text_of(document)
    table = table_from_text(document.name, text, remark)
    missing = [name for name in columns if table is None or name not in table.keys]
    if table is None or missing:
        raise CannotAnswerError(
            f"{document.name} needs the columns {','.join(columns)}; {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing."
        )
    return table


def _amount(record: dict[str, str], name: str) -> float:
    text = record.get(name, "").strip()
    if "," in text and not _THOUSANDS.fullmatch(text):
        raise ValueError(f"says “{text[:20]}” for {name}; write a decimal point")
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        raise ValueError(f"says “{text[:20]}” for {name}") from None
    if not 0 <= value <= LARGEST or 0 < value < SMALLEST:
        raise ValueError(f"says {text[:20]} for {name}, which is no amount of work")
    return value


def _date(text: str) -> str:
    """A day or time as the file has it, so that text order is time order; anything else is refused."""
    from datetime import datetime  # noqa: PLC0415 - beside its only use

    try:
        return datetime.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise ValueError(f"says “{text[:20]}” for its day; write 2026-05-04") from None


def write_work(found: Work, file: TextIO) -> None:
    """A line a forecast: what was finished, where it fell, and 99 quantiles."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    for made in found.result.made:
        quantiles = np.interp(CENTILES, LEVELS, made.quantiles)
        writer.writerow(
            (found.dates[made.row].removesuffix("T00:00:00"), "start", f"{made.observed:g}",
             f"{made.below:.6f}", f"{made.at:.6f}", *(f"{q:.6g}" for q in quantiles))
        )  # fmt: skip


def plain_work(found: Work) -> dict[str, float]:
    result = found.result
    return {
        "n": len(result.made), "crps": result.crps, "crps_plan": result.crps_plan,
        "crps_plan_x_ratio": result.crps_plan_x_ratio, "crps_trailing60": result.crps_trailing,
        "coverage50": result.coverage.fifty, "coverage80": result.coverage.eighty,
        "coverage95": result.coverage.ninety_five,
    }  # fmt: skip


def plain_tasks(found: Tasks) -> dict[str, float]:
    result = found.result
    return {
        "n": result.n, "crps": result.crps, "crps_point": result.crps_point,
        "crps_global": result.crps_global, "coverage80": result.coverage.eighty,
    }  # fmt: skip
