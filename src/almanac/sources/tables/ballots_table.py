"""Tables of ballots: scores, comparisons or votes, told apart by their columns."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from almanac.core.judging.score import Score
from almanac.sources.base.reading import table_from_text, text_of
from almanac.sources.base.rows import UnreadableError
from almanac.sources.tables.ballots_sheet import (
    IN_WORDS,
    KINDS,
    number,
    out_of,
    read_sheet,
    weighted,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.sources.base.documents import Document
    from almanac.sources.tables.ballots_sheet import BallotSheet

HIGHEST = 1e6
NO_CONFLICT = re.compile(
    r"(?:no|none|n|n/?a|nil|null|false|0|without|nein|kein\w*|non|aucun\w*|ningun\w*)\b.*|[-–—.\s]*",
    re.IGNORECASE,
)
"""What a cell of a column “conflict” says where there is none. Whatever else somebody wrote is one."""


@dataclass(slots=True)
class Ballots:
    """kind: scores, pairs or votes; only that list is filled. projects: in the order they appear.
    remarks: what was left out, and why. columns: of a sheet, those the scores were read from."""

    kind: str
    projects: list[str] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    pairs: list[tuple[str, int, int]] = field(default_factory=list)
    votes: list[tuple[str, int]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    columns: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        return len(self.scores) + len(self.pairs) + len(self.votes)

    def place(self, project: str) -> int:
        if project not in self._places:
            self._places[project] = len(self.projects)
            self.projects.append(project)
        return self._places[project]

    _places: dict[str, int] = field(default_factory=dict)


def ballots_text(*sheets: Document) -> str:
    """The text of a file of ballots; of a workbook, its sheets as one CSV. Where several sheets have one
    header and it names no judge, each sheet is a judge's; else the first that holds ballots is read."""
    first = sheets[0]
    if first.cells is None:
        return text_of(first)[0].lstrip("\ufeff")
    texts = [_csv(sheet.cells or ()) for sheet in sheets]
    filled = [[row for row in sheet.cells or () if any(row)] for sheet in sheets]
    header = filled[0][0] if filled[0] else ()
    judged = [
        any(cell.strip().lower() in {"judge", "voter"} for cell in rows[0])
        for rows in filled
        if rows
    ]
    if len(sheets) > 1 and all(rows and rows[0] == header for rows in filled):
        named = ("Judge", *header) if not judged[0] else header
        rows = [
            (*([] if judged[0] else [sheet.name.rpartition("/")[2]]), *row)
            for sheet, rows in zip(sheets, filled, strict=True)
            for row in rows[1:]
        ]
        return _csv((named, *rows))
    return next((text for text in texts if _holds_ballots(text)), texts[0])


def _csv(rows: Sequence[Sequence[str]]) -> str:
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows(row for row in rows if any(row))
    return made.getvalue()


def _holds_ballots(text: str) -> bool:
    try:
        read_ballots(text, "")
    except UnreadableError:
        return False
    return True


def read_ballots(
    text: str, name: str, *, low: float | None = None, high: float | None = None
) -> Ballots:
    """low, high: the ends of the scale; scores outside it are left out and named. Raises UnreadableError
    where no ballot can be read."""
    sheet = read_sheet(text, name)
    kind = next(kind for kind, columns in KINDS.items() if sheet.has(*columns))
    found = Ballots(kind, columns=sheet.columns)
    given = [sheet.cells(row).get("score", "") for _, row in sheet.rows]
    in_numbers = any(number(text) is not None for text in given)
    reader = _Reader(found, low, high, _largest(given), in_numbers)
    left_out: dict[str, list[int]] = {}
    for line, row in sheet.rows:
        cells = sheet.cells(row)
        if not any(cells.values()):
            continue
        reason = reader.take(cells)
        if reason:
            left_out.setdefault(reason, []).append(line)
    what = "score" if sheet.columns else "row"
    left = [_said(reason, lines, what) for reason, lines in left_out.items()]
    found.remarks = [*sheet.remarks, *left]
    _turn_places(sheet, found)
    table = table_from_text(name, text)
    if table and weighted(table.header, sheet.columns):
        found.remarks.append("Weights were not used: every criterion counts alike.")
    if not found.number:
        raise UnreadableError(f"{name} holds no ballot. {' '.join(found.remarks)}".strip())
    return found


def _largest(given: Sequence[str]) -> float | None:
    """The largest n of scores out of n, where several stand in one file."""
    ends = {end for text in given if (end := out_of(text)) is not None}
    return max(ends) if len(ends) > 1 else None


def _turn_places(sheet: BallotSheet, found: Ballots) -> None:
    """Places become scores, so that the first has most."""
    turned = sheet.best_is_least
    if not turned or not found.scores:
        return
    most = max(score.value for score in found.scores)
    found.scores = [
        replace(score, value=most + 1 - score.value)
        if "" in turned or score.criterion in turned or score.judge in turned
        else score
        for score in found.scores
    ]
    found.remarks.append("Places were read, of which 1 is the best.")


@dataclass(slots=True)
class _Reader:
    """Takes rows into ballots. largest: what scores out of several ends are brought to."""

    found: Ballots
    low: float | None
    high: float | None
    largest: float | None
    in_numbers: bool
    known: dict[tuple[str, ...], int] = field(default_factory=dict)
    spelled: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, cells: dict[str, str]) -> str:
        """Take one row; why it was not taken, else empty."""
        found = self.found
        conflict = next((key for key in cells if key.startswith(("conflict", "recus"))), "")
        if conflict and not NO_CONFLICT.fullmatch(cells[conflict]):
            return "of a judge with a conflict"
        columns = KINDS[found.kind]
        named = columns[:2] if found.kind != "pairs" else columns
        if missing := [column for column in named if not cells.get(column)]:
            return f"without {' or '.join(missing)}"
        who, *what = (self._one(column, cells[column]) for column in named)
        if found.kind == "votes":
            found.votes.append((who, found.place(what[0])))
            return ""
        if found.kind == "pairs":
            if what[0] == what[1]:
                return "where a project is compared with itself"
            found.pairs.append((who, found.place(what[0]), found.place(what[1])))
            return ""
        return self._score(who, what[0], cells)

    def _one(self, column: str, text: str) -> str:
        """As it was first written: “anna” and “Anna” are one."""
        of = column if column in {"judge", "voter"} else "project"
        return self.spelled.setdefault((of, text.casefold()), text)

    def _score(self, judge: str, project: str, cells: dict[str, str]) -> str:
        found = self.found
        found.place(project)
        text = cells.get("score", "")
        if not text:
            return "that is empty" if self.found.columns else "without a score"
        value = number(text) if self.in_numbers else IN_WORDS.get(text.lower())
        if value is None:
            return "whose score is not a number"
        if self.largest is not None:
            value *= self.largest / (out_of(text) or self.largest)
        if abs(value) > HIGHEST:
            return "with a score above a million"
        if (self.low is not None and value < self.low) or (
            self.high is not None and value > self.high
        ):
            return "with a score outside the scale"
        criterion = cells.get("criterion", "")
        score = Score(judge, project, value, criterion)
        key = (judge, project, criterion.casefold())
        if key in self.known:
            # Whoever scores twice has changed their mind.
            found.scores[self.known[key]] = score
            return "that the same judge scored again; the last score counts"
        self.known[key] = len(found.scores)
        found.scores.append(score)
        return ""


def _said(reason: str, lines: Sequence[int], what: str) -> str:
    # Of a wide sheet, several scores stand in one row.
    rows = list(dict.fromkeys(lines))
    named = ", ".join(map(str, rows[:5]))
    more = f" and {len(rows) - 5:,} more" if len(rows) > 5 else ""
    return f"{len(lines):,} {what if len(lines) == 1 else f'{what}s'} {reason} (row {named}{more})."
