"""Tables of ballots: scores, comparisons or votes, told apart by their columns."""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from almanac.core.judging.scores import Score
from almanac.sources.base.reading import text_of
from almanac.sources.base.rows import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.sources.base.documents import Document

MOST_ROWS = 200_000
LONGEST = 200
HIGHEST = 1e6
OF = re.compile(r"(\d+(?:[.,]\d+)?)\s*/\s*\d+")
NO_CONFLICT = frozenset(["", "no", "n", "none", "false", "0", "-", "–", "nein", "non"])
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


KINDS = {
    "scores": ("judge", "project", "score"),
    "pairs": ("judge", "winner", "loser"),
    "votes": ("voter", "project"),
}


NAMED = {
    "judge": "judge judges juror jury reviewer evaluator assessor scorer rater jurymitglied juror:in jurado juez juge juré",
    "voter": "voter elector wähler wähler:in votante votant",
    "project": "project submission entry projekt proyecto projet",
    "score": "score scores points rating grade stars punkte bewertung punktzahl puntos puntuación",
    "criterion": "criterion criteria kriterium criterio critère",
    "winner": "winner preferred better chosen gewinner gagnant ganador",
    "loser": "loser worse lost verlierer perdant perdedor",
}
"""What people call the columns; “Judge’s name” and “Project title” are the same as “judge” and “project”."""
COLUMN = {name: column for column, names in NAMED.items() for name in names.split()}
INSTEAD = {"project": ("team",), "judge": ("your", "email address", "email", "e-mail")}
"""Columns that stand in for one that is missing: “Your name”, or the address a form collected."""
ASIDE = frozenset(
    ["project", "judge", "comment", "comments", "feedback", "notes", "team", "total", "average", "mean", "sum",
     "table", "#", "id", "no", "no.", "number", "rank", "place", "row", "weight", "timestamp", "date", "time",
     "start time", "completion time", "submitted at", "email", "email address", "e-mail", "name"]
)  # fmt: skip
CHOICE = re.compile(
    r"(?:projects|(?:choice|vote|pick|favou?rite)s?(?: for)?|voted for|selected)(?: ?#?\d+)?"
)
SIDES = re.compile(r"(?:project |option |item )?(left|right|a|b|1|2|first|second)")
_ADDED = re.compile(
    r"\(.*?\)|\[.*?\]|\b(?:names?|titles?|which|what|the|of|you are \w+ing|are you \w+ing)\b|['’]s\b|[:?*]"
)


def ballots_text(document: Document) -> str:
    """The text of a file of ballots; of a workbook's sheet, as a CSV."""
    if document.cells is None:
        return text_of(document)[0].lstrip("\ufeff")
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows(row for row in document.cells if any(row))
    return made.getvalue()


def read_ballots(
    text: str, name: str, *, low: float | None = None, high: float | None = None
) -> Ballots:
    """low, high: the ends of the scale; scores outside it are left out and named. Raises UnreadableError
    where no ballot can be read."""
    separator = next((mark for mark in ("\t", ";") if mark in text.partition("\n")[0]), ",")
    try:
        rows = list(csv.reader(text.splitlines(), delimiter=separator))
    except csv.Error as error:
        raise UnreadableError(f"{name} is not a table: {error}.") from error
    given = rows[0] if rows else []
    short = [""] * len(given)
    wide = [_columns(given), *([*row, *short[len(row) :]] for row in rows[1:])]
    narrow = _one_choice_a_row(_winners(wide))
    rows = _long(narrow, given)
    header = rows[0]
    kind = next((kind for kind, columns in KINDS.items() if set(columns) <= set(header)), None)
    if kind is None:
        raise UnreadableError(
            f"{name} needs the columns judge, project, score; or judge, winner, loser; or voter, project. "
            f"It has {', '.join(cell.strip().lower() for cell in given[:8]) or 'none'}."
        )
    if len(rows) > MOST_ROWS:
        raise UnreadableError(
            f"{name} has {len(rows):,} rows; {MOST_ROWS:,} can be judged at once."
        )
    found = Ballots(kind)
    left_out: dict[str, list[int]] = {}
    known: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = {
            key: " ".join(cell.split())[:LONGEST] for key, cell in zip(header, row, strict=False)
        }
        if not any(cells.values()):
            continue
        reason = _take(found, cells, known, low, high)
        if reason:
            left_out.setdefault(reason, []).append(number)
    found.remarks = [_said(reason, numbers) for reason, numbers in left_out.items()]
    if len(rows) != len(wide):
        # Rows were made of each line, so their numbers would name others.
        found.remarks = [f"{remark.partition(' (row')[0]}." for remark in found.remarks]
    if rows is not narrow:
        found.columns = tuple(dict.fromkeys(row[1] for row in rows[1:]))
    if not found.number:
        raise UnreadableError(f"{name} holds no ballot. {' '.join(found.remarks)}".strip())
    return found


def _columns(header: Sequence[str]) -> list[str]:
    """What each column is, by its name; the first of several that are the same."""
    plain = [" ".join(_ADDED.sub(" ", cell.lower()).split()) for cell in header]
    found: list[str] = []
    for at, name in enumerate(plain):
        column = COLUMN.get(name, name)
        found.append(column if column not in found else header[at].strip().lower())
    for column, others in INSTEAD.items():
        if column in found or (column == "judge" and "project" not in found):
            continue
        other = next((name for name in others if name in found), None)
        if other is not None:
            found[found.index(other)] = column
    return found


def _winners(rows: list[list[str]]) -> list[list[str]]:
    """Winner and loser of rows that name two projects and which of them won, by its name or its side."""
    header = rows[0]
    sides = [at for at, name in enumerate(header) if SIDES.fullmatch(name)]
    if "winner" not in header or "loser" in header or len(sides) != 2:
        return rows
    won, labels = header.index("winner"), [header[at] for at in sides]
    made = [[*header, "loser"]]
    for row in rows[1:]:
        two = [row[at].strip() for at in sides]
        said = row[won].strip().casefold()
        of = [[name.casefold() for name in two], labels, [label.split()[-1] for label in labels]]
        place = next((names.index(said) for names in of if said in names), None)
        cells = [*row[: len(header)], "" if place is None else two[1 - place]]
        cells[won] = "" if place is None else two[place]
        made.append(cells)
    return made


def _one_choice_a_row(rows: list[list[str]]) -> list[list[str]]:
    """A row a vote, where a voter's choices stand in one cell or in columns of their own."""
    header = rows[0]
    columns = [at for at, name in enumerate(header) if CHOICE.fullmatch(name)]
    if "voter" not in header or "project" in header or not columns:
        return rows
    made = [["voter", "project"]]
    for row in rows[1:]:
        for at in columns:
            mark = next((mark for mark in (";", "|") if mark in row[at]), ",")
            made += [
                [row[header.index("voter")], part.strip()]
                for part in (row[at].split(mark) if len(columns) == 1 else [row[at]])
                if part.strip()
            ]
    return made


def _long(rows: list[list[str]], given: Sequence[str]) -> list[list[str]]:
    """A row a score, also of a sheet with a column for each criterion (judge, project, idea, craft) or for
    each judge (project, Amal, Britt)."""
    names = rows[0]
    if "project" not in names or set(names) & {"score", "winner", "voter"}:
        return rows
    by_judge = "judge" not in names
    shown = [" ".join(re.sub(r"\(.*?\)|\[.*?\]", " ", cell).split()) for cell in given]
    columns = [
        place
        for place, name in enumerate(names)
        if name and name not in ASIDE and not name.startswith(("conflict", "recus"))
        and any(_number(row[place]) is not None for row in rows[1:])
    ]  # fmt: skip
    if not columns:
        return rows
    kept = [
        place
        for place, name in enumerate(names)
        if name == "judge" or name.startswith(("conflict", "recus"))
    ]
    made = [["project", "judge" if by_judge else "criterion", "score", *(names[at] for at in kept)]]
    for row in rows[1:]:
        if not any(cell.strip() for cell in row):
            continue
        made += [
            [row[names.index("project")], shown[place], row[place], *(row[at] for at in kept)]
            for place in columns
        ]
    return made


def _take(
    found: Ballots, cells: dict[str, str], known: dict[tuple[str, ...], int], low: float | None,
    high: float | None,
) -> str:  # fmt: skip
    """Take one row; why it was not taken, else empty."""
    conflict = _conflict(cells)
    if conflict and cells[conflict].lower() not in NO_CONFLICT:
        return "of a judge with a conflict"
    columns = KINDS[found.kind]
    named = columns[:2] if found.kind != "pairs" else columns
    if not all(cells.get(column) for column in named):
        return f"without {' or '.join(column for column in named if not cells.get(column))}"
    if found.kind == "votes":
        found.votes.append((cells["voter"], found.place(cells["project"])))
        return ""
    if found.kind == "pairs":
        if cells["winner"] == cells["loser"]:
            return "where a project is compared with itself"
        found.pairs.append(
            (cells["judge"], found.place(cells["winner"]), found.place(cells["loser"]))
        )
        return ""
    place = found.projects[found.place(cells["project"])]
    if not cells.get("score"):
        return "without a score"
    value = _number(cells["score"])
    if value is None:
        return "whose score is not a number"
    if abs(value) > HIGHEST:
        return "with a score above a million"
    if (low is not None and value < low) or (high is not None and value > high):
        return "with a score outside the scale"
    key = (cells["judge"], place, cells.get("criterion", ""))
    score = Score(cells["judge"], place, value, cells.get("criterion", ""))
    if key in known:
        # Whoever scores twice has changed their mind.
        found.scores[known[key]] = score
        return "that the same judge scored again; the last score counts"
    known[key] = len(found.scores)
    found.scores.append(score)
    return ""


def _conflict(cells: dict[str, str]) -> str:
    return next((key for key in cells if key.startswith(("conflict", "recus"))), "")


def _number(text: str) -> float | None:
    # “4/5” is four.
    of = OF.fullmatch(text.strip())
    try:
        value = float((of[1] if of else text).replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _said(reason: str, numbers: list[int]) -> str:
    named = ", ".join(str(number) for number in numbers[:5])
    more = f" and {len(numbers) - 5:,} more" if len(numbers) > 5 else ""
    return (
        f"{len(numbers):,} {'row' if len(numbers) == 1 else 'rows'} {reason} (row {named}{more})."
    )
