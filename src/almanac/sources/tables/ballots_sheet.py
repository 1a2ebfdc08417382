"""Sheets of ballots as people keep them, each turned into a row a ballot: forms, a column for each judge,
criterion or project, lists of choices, places instead of scores."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from almanac.sources.base.reading import grid_of, table_from_grid
from almanac.sources.base.rows import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST = 200
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
INSTEAD = {
    "project": ("team", "team / project", "project / team", "team/project", "project/team"),
    "judge": ("your", "email address", "email", "e-mail"),
}
"""Columns that stand in for one that is missing: “Your name”, or the address a form collected."""
PLACES = re.compile(
    r"\b(?:rank(?:ing|s)?|place(?:ment|s)?|position|rang|platz|platzierung|classement|puesto|lugar)\b|1\s*(?:=|is)\s*(?:the\s*)?best"
)
"""Columns of places, where 1 is the best."""
GERMAN_GRADE = re.compile(r"(?:schul)?noten?")
DERIVED = re.compile(
    r"\b(?:(?:sub|grand)?totals?|sums?|averages?|avg|means?|median|weighted|std\.?(?: ?dev)?|votes|count|\w*summe|gesamt\w*|"
    r"insgesamt|durchschnitt\w*|mittelwert|schnitt|ergebnis|endnote|somme|moyenne|suma|promedio)\b|^media$|[øØ∑]"
    r"|^(?:final|overall|end)(?: (?:score|points|rating|mark|grade|result)s?)$|^final$|^results?$"
)
"""Columns made of others."""
ASIDE = re.compile(
    r"(?:the )?(?:project|judge|name|team|table|tisch|booth|time|date|timestamp|order|size|age|category|url|link|track|members?|"
    r"year|row|slot|seed|no\.?|nr\.?|number|start time|completion time|submitted at|duration)"
)
"""Columns of something else, by their whole name."""
HAS_ASIDE = re.compile(
    r"\b(?:comments?|feedback|notes?|remarks?|kommentare?|bemerkung\w*|commentaires?|comentarios?|phone|tel|e-?mail|weights?|"
    r"ids?|(?:table|booth|team|row|tisch) (?:no|nr|number|id|size)|year founded|founded|number of|members)\b|#|^conflict|^recus"
)
"""Columns of something else, by a word in their name."""
CRITERIA = re.compile(
    r"idea|idee|innovat|original|creativ|kreativ|design|tech|craft|execut|implement|umsetzung|impact|wirkung|present|pitch|"
    r"usab|\bux\b|\bui\b|quality|qualität|complet|function|funktion|theme|\bcode\b|feasib|overall|use of|relevan|potential|polish"
)
CHOICE = re.compile(
    r"(?:projects|(?:choice|vote|pick|favou?rite)s?(?: for)?|voted for|selected)(?: ?#?\d+)?"
)
IN_ORDER = re.compile(
    r"(?:(?:(?P<n>\d)(?:st|nd|rd|th)?|(?P<word>first|second|third|fourth|fifth))(?: (?:choice|place|pick|preference|vote))?"
    r"|(?:rank|place|preference) ?#?(?P<of>\d))"
)
"""Columns that hold who was put first, second, third."""
ORDINALS = ("first", "second", "third", "fourth", "fifth")
SIDES = re.compile(r"(?:project |option |item )?(left|right|a|b|1|2|first|second)")
WEIGHTED = re.compile(r"\d+(?:[.,]\d+)? ?%|[x×] ?\d\b", re.IGNORECASE)
WEIGHTS = re.compile(r"weights?|gewicht\w*|poids|peso", re.IGNORECASE)
_ADDED = re.compile(
    r"\(.*?\)|\[.*?\]|\b(?:names?|titles?|which|what|the|of|you are \w+ing|are you \w+ing)\b|['’]s\b|[:?*]"
)
_SUMMARY = re.compile(
    r"(?:sub|grand|gesamt)?[ -]?(?:totals?|sums?|averages?|avg|means?|median|summe|gesamt|durchschnitt|mittelwert|schnitt|moyenne|"
    r"somme|promedio|suma|std\.?(?: ?dev\w*)?|[øØ∑])(?: (?:score|points|rating|of .*))?"
)
ONE_JUDGE = "the judges"
"""Who scored, where a sheet has columns of criteria and names nobody."""


@dataclass(frozen=True, slots=True)
class BallotSheet:
    """names: what each column is; shown: its name as it was written, as a whole; rows: with their lines."""

    names: list[str]
    shown: list[str]
    rows: list[tuple[int, list[str]]]
    remarks: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    """Of a wide sheet, those the scores were read from."""
    best_is_least: frozenset[str] = field(default_factory=frozenset)
    """Names of columns, judges or criteria, whose scores are places, of which 1 is the best."""

    def has(self, *columns: str) -> bool:
        return set(columns) <= set(self.names)

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        return dict(zip(self.names, row, strict=False))


def read_sheet(text: str, name: str) -> BallotSheet:
    """A row a ballot. Raises UnreadableError where no ballots are recognised."""
    grid, delimiter = grid_of(name, text)
    table = table_from_grid(name, grid, "", delimiter)
    given = list(table.header) if table else []
    if table is None:
        raise UnreadableError(_needs(name, given))
    wide = len(given)
    rows = [
        (line, [" ".join(cell.split())[:LONGEST] for cell in (*row, *[""] * wide)][:wide])
        for line, row in table.rows
    ]
    names = _columns(given)
    kept = [(line, row) for line, row in rows if not _is_summary(names, row)]
    lines = {line for line, _ in kept}
    above = len(table.above)
    summed = [line for line, row in grid[above + 1 :] if line not in lines and any(row)]
    remarks = [f"{_rows(summed)} of totals or averages"] if summed else []
    sheet = BallotSheet(names, given, kept, tuple(f"{each} left out." for each in remarks))
    for shape in (_winners, _ranked, _choices, _transposed, _wide, _places):
        sheet = shape(sheet)
    if not any(sheet.has(*columns) for columns in KINDS.values()):
        raise UnreadableError(_needs(name, given))
    return sheet


def _needs(name: str, given: Sequence[str]) -> str:
    has = ", ".join(cell.strip().lower() for cell in given if cell.strip())[:120] or "none"
    return (
        f"{name} needs the columns judge, project, score; or judge, winner, loser; or voter, project; or "
        f"project and a column for each judge or criterion. It has {has}."
    )


def _rows(lines: Sequence[int]) -> str:
    named = ", ".join(map(str, lines[:5]))
    more = f" and {len(lines) - 5:,} more" if len(lines) > 5 else ""
    return f"{len(lines):,} {'row' if len(lines) == 1 else 'rows'} (row {named}{more})"


def _plain(cell: str) -> str:
    return " ".join(_ADDED.sub(" ", cell.lower()).split())


def _as_shown(cell: str) -> str:
    """A name without what stands in brackets."""
    return " ".join(re.sub(r"\(.*?\)|\[.*?\]", " ", cell).split())


def _columns(header: Sequence[str]) -> list[str]:
    """What each column is, by its name; the first of several that are the same."""
    plain = [_plain(cell) for cell in header]
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


def _is_summary(names: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row adds others up: it says so where a project, judge or voter is named."""
    named = [
        row[at] for at, name in enumerate(names) if name in {"project", "judge", "voter"}
    ] or row[:1]
    return any(_SUMMARY.fullmatch(cell.lower().rstrip(": ")) for cell in named)


def _winners(sheet: BallotSheet) -> BallotSheet:
    """Winner and loser of rows that name two projects and which of them won, by its name or its side."""
    sides = [at for at, name in enumerate(sheet.names) if SIDES.fullmatch(name)]
    if not sheet.has("winner") or sheet.has("loser") or len(sides) != 2:
        return sheet
    won, labels = sheet.names.index("winner"), [sheet.names[at] for at in sides]
    made = []
    for line, row in sheet.rows:
        two = [row[at] for at in sides]
        said = row[won].casefold()
        of = [[name.casefold() for name in two], labels, [label.split()[-1] for label in labels]]
        place = next((names.index(said) for names in of if said in names), None)
        cells = [*row, "" if place is None else two[1 - place]]
        cells[won] = "" if place is None else two[place]
        made.append((line, cells))
    return BallotSheet([*sheet.names, "loser"], [*sheet.shown, "loser"], made, sheet.remarks)


def _order(name: str) -> int:
    """The place that a column stands for, from 1; 0 for none."""
    found = IN_ORDER.fullmatch(name)
    if found is None:
        return 0
    return ORDINALS.index(found["word"]) + 1 if found["word"] else int(found["n"] or found["of"])


def _ranked(sheet: BallotSheet) -> BallotSheet:
    """Who was put first, second and third: the others stand below, alike."""
    who = next((at for at, name in enumerate(sheet.names) if name in {"voter", "judge"}), None)
    columns = {at: place for at, name in enumerate(sheet.names) if (place := _order(name))}
    if who is None or len(columns) < 2 or sheet.has("project") or sheet.has("winner"):
        return sheet
    projects = dict.fromkeys(
        row[at] for _, row in sheet.rows for at in sorted(columns, key=columns.__getitem__) if row[at]
    )  # fmt: skip
    most = max(columns.values())
    made = []
    for line, row in sheet.rows:
        points = {row[at]: str(most + 1 - place) for at, place in columns.items() if row[at]}
        made += [(line, [row[who], project, points.get(project, "0")]) for project in projects]
    remark = (
        "The order of choices was read; what somebody did not choose stands below their choices."
    )
    return BallotSheet(["judge", "project", "score"], [], made, (*sheet.remarks, remark))


def _choices(sheet: BallotSheet) -> BallotSheet:
    """A row a vote, where a voter's choices stand in one cell or in columns of their own."""
    columns = [at for at, name in enumerate(sheet.names) if CHOICE.fullmatch(name)]
    if not sheet.has("voter") or sheet.has("project") or not columns:
        return sheet
    voter, made = sheet.names.index("voter"), []
    for line, row in sheet.rows:
        for at in columns:
            mark = next((mark for mark in (";", "|") if mark in row[at]), ",")
            parts = row[at].split(mark) if len(columns) == 1 else [row[at]]
            made += [(line, [row[voter], part.strip()]) for part in parts if part.strip()]
    remarks = (
        *sheet.remarks,
        *(["Choices count alike, whatever their order."] * (len(columns) > 1)),
    )
    return BallotSheet(["voter", "project"], [], made, remarks)


def _transposed(sheet: BallotSheet) -> BallotSheet:
    """A row for each judge and a column for each project."""
    if not sheet.has("judge") or sheet.has("project") or sheet.has("winner") or sheet.has("score"):
        return sheet
    columns = _of_numbers(sheet)
    if len(columns) < 2:
        return sheet
    judge = sheet.names.index("judge")
    made = [
        (line, [row[judge], _as_shown(sheet.shown[at]), row[at]])
        for line, row in sheet.rows
        for at in columns
    ]
    return BallotSheet(["judge", "project", "score"], [], made, sheet.remarks)


def _of_numbers(sheet: BallotSheet) -> list[int]:
    """Columns that hold scores: numbers, and neither something else nor made of the others."""
    from_names = [
        at
        for at, name in enumerate(sheet.names)
        if name and name not in COLUMN.values() and not (ASIDE.fullmatch(name) or HAS_ASIDE.search(name))
        and any(number(row[at]) is not None for _, row in sheet.rows)
    ]  # fmt: skip
    own = [at for at in from_names if not DERIVED.search(sheet.names[at])] or from_names
    scores = [at for at in own if not _is_place(sheet, at)] or own
    return _without_sums(sheet, scores)


def _is_place(sheet: BallotSheet, at: int) -> bool:
    return bool(PLACES.search(sheet.names[at]) or PLACES.search(sheet.shown[at].lower()))


def _without_sums(sheet: BallotSheet, columns: list[int]) -> list[int]:
    """Without a last column that is the sum or the mean of those before it, whatever it is called."""
    if len(columns) < 3 or len(sheet.rows) < 3:
        return columns
    *others, last = columns
    for _, row in sheet.rows:
        values, total = [number(row[at]) for at in others], number(row[last])
        known = [value for value in values if value is not None]
        if total is None or not known:
            return columns
        if abs(total - sum(known)) > 0.01 and abs(total - sum(known) / len(known)) > 0.06:
            return columns
    return others


def _wide(sheet: BallotSheet) -> BallotSheet:
    """A row a score, of a sheet with a column for each criterion (judge, project, idea, craft) or for each
    judge (project, Amal, Britt)."""
    if not sheet.has("project") or set(sheet.names) & {"score", "winner", "voter"}:
        return sheet
    columns = _of_numbers(sheet)
    if not columns:
        return sheet
    shown = [_as_shown(sheet.shown[at]) or sheet.names[at] for at in columns]
    by_judge = not sheet.has("judge")
    criteria = [name for name in shown if CRITERIA.search(name.lower())]
    remarks = list(sheet.remarks)
    if by_judge and len(criteria) * 2 > len(columns):
        by_judge = False
        sheet = BallotSheet(
            [*sheet.names, "judge"], [*sheet.shown, "judge"],
            [(line, [*row, ONE_JUDGE]) for line, row in sheet.rows],
        )  # fmt: skip
        remarks.append(
            "No judge is named; the columns were read as the criteria of one, so nothing is known of judges."
        )
    kept = [
        at
        for at, name in enumerate(sheet.names)
        if name == "judge" or name.startswith(("conflict", "recus"))
    ]
    project = sheet.names.index("project")
    names = [
        "project",
        "judge" if by_judge else "criterion",
        "score",
        *(sheet.names[at] for at in kept),
    ]
    made = [
        (line, [row[project], name, row[at], *(row[place] for place in kept)])
        for line, row in sheet.rows
        for at, name in zip(columns, shown, strict=True)
    ]
    places = frozenset(
        name for at, name in zip(columns, shown, strict=True) if _is_place(sheet, at)
    )
    return BallotSheet(names, names, made, tuple(remarks), tuple(shown), places)


def _places(sheet: BallotSheet) -> BallotSheet:
    """Where a column of places stands instead of scores, or the only one of scores is of places."""
    names = list(sheet.names)
    who = "judge" if "judge" in names else "voter" if "voter" in names else ""
    if sheet.columns or not who or "project" not in names or "winner" in names:
        return sheet
    if "score" in names:
        at = names.index("score")
        least = PLACES.search(sheet.shown[at].lower()) if at < len(sheet.shown) else None
        return _least(sheet) if least else sheet
    at = next((at for at, name in enumerate(names) if PLACES.search(name)), -1)
    if at < 0 and "judge" in names:
        at = next((at for at, name in enumerate(names) if GERMAN_GRADE.fullmatch(name)), -1)
    if at < 0 or not any(number(row[at]) is not None for _, row in sheet.rows):
        return sheet
    names[at] = "score"
    names[names.index(who)] = "judge"
    return _least(BallotSheet(names, sheet.shown, sheet.rows, sheet.remarks))


def _least(sheet: BallotSheet) -> BallotSheet:
    return BallotSheet(
        sheet.names, sheet.shown, sheet.rows, sheet.remarks, sheet.columns, frozenset({""})
    )


_OF = re.compile(r"(\d+(?:[.,]\d+)?)\s*/\s*(\d+)")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_FIRST = re.compile(
    r"([-+]?\d+(?:[.,]\d+)?)\s*(?:[-–—:(=]|points?\b|pts?\b|punkte?\b|%|stars?\b|sterne\b).*"
)
IN_WORDS = {
    "strongly disagree": 1, "disagree": 2, "neutral": 3, "neither": 3, "agree": 4, "strongly agree": 5,
    "poor": 1, "fair": 2, "good": 3, "very good": 4, "excellent": 5,
}  # fmt: skip
"""Scores of a scale in words, where a file has no numbers."""


def out_of(text: str) -> float | None:
    """The n of “8/n”."""
    found = _OF.fullmatch(text.strip())
    return float(found[2]) if found and float(found[2]) else None


def number(text: str) -> float | None:
    """A score as people write it: 7,5; 8/10; 4 - good; ★★★. None where it is none."""
    text = text.strip()
    if found := _OF.fullmatch(text):
        text = found[1]
    elif "★" in text or "⭐" in text:
        return float(text.count("★") + text.count("⭐"))
    elif _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif found := _FIRST.fullmatch(text.lower()):
        text = found[1]
    if not re.fullmatch(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[-+]?\d+)?", text.lower()):
        return None
    return float(text.replace(",", "."))


def weighted(header: Iterable[str], used: Sequence[str]) -> bool:
    """Whether a table gives weights: in the names of the columns that were used, or in one of their own."""
    return any(
        WEIGHTS.fullmatch(cell.strip()) or (WEIGHTED.search(cell) and _as_shown(cell) in used)
        for cell in header
    )
