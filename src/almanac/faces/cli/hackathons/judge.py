"""`almanac judge`: what several judges say together, and what they can't tell apart."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from almanac.actions.errors import CannotError
from almanac.answers import words
from almanac.answers.hackathons.judging import (
    TIES,
    account,
    judged,
    place_said,
    sheets_text,
)
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import documents_of
from almanac.sources.tables.ballots_table import ballots_text, read_ballots

if TYPE_CHECKING:
    from almanac.answers.hackathons.judging import JudgingVerdict

SHOWN = 30
SCALE = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(?:-|to|–)\s*(-?\d+(?:\.\d+)?)\s*")


def judge(
    file: Path,
    *,
    scale: str = "",
    sheets: Path | None = None,
    team: str = "",
    as_json: JsonFlag = False,
) -> int:
    """Rank projects by scores, comparisons or votes; projects that can't be told apart share a place.

    Lenient and severe judges are put on one level, and a judge whose scores go anywhere counts for
    little. Nothing of the file is stored.

    Parameters
    ----------
    file
        A CSV or workbook with judge, project, score and perhaps criterion, or a column for each criterion or
        judge; or judge, winner, loser; or voter, project. A column “conflict” leaves out the ballots it marks.
    scale
        The scale of the scores, such as 1-5; scores outside it are left out and named.
    sheets
        Where to write a feedback sheet for every team, as Markdown.
    team
        Print the sheet of one project: where it stands, on what, and what stood out.
    as_json
        Print JSON.
    """
    low, high = _scale(scale)
    ballots = read_ballots(ballots_text(*documents_of(file)), file.name, low=low, high=high)
    verdict = judged(ballots)
    found = verdict.standings
    if sheets is not None:
        sheets.write_text(sheets_text(verdict, file.stem), encoding="utf-8")
    if team:
        return _one_team(verdict, team, as_json=as_json)
    if as_json:
        out.data({
            "order": [each.project for each in found.placed],
            "chance_first": {each.project: round(each.chance_first, 4) for each in found.placed},
            "groups": found.groups,
            "groups_hold_the_best": found.sure,
            "judges": [
                {"judge": each.judge, "ballots": each.ballots, "severity": each.severity, "noise": each.noise}
                for each in found.judges
            ],
            "more": found.more,
            "remarks": list(verdict.remarks),
        })  # fmt: skip
        return 0
    for line in verdict.sentences:
        out.say(line)
    out.rows(
        ["place", "project", "chance of being first"],
        [
            [place_said(sheet), sheet.project, words.percent_chance(sheet.chance_first)]
            for sheet in verdict.sheets[:SHOWN]
        ],
    )
    for remark in verdict.remarks:
        out.say(f"Left out: {remark}")
    for line in verdict.missing:
        out.say(line)
    out.say(f"{verdict.groups} {TIES}")
    if sheets is not None:
        out.say(f"Wrote {sheets}")
    return 0


def _one_team(verdict: JudgingVerdict, team: str, *, as_json: bool) -> int:
    sheet = next((s for s in verdict.sheets if s.project.casefold() == team.casefold()), None)
    if sheet is None:
        raise CannotError(f"No project is called “{team}”.")
    lines = account(sheet, verdict.kind)
    if as_json:
        out.data(
            {
                "project": sheet.project,
                "places": [sheet.place, sheet.to],
                "of": sheet.of,
                "account": lines,
            }
        )
        return 0
    for line in (f"{sheet.project}", *lines):
        out.say(line)
    return 0


def _scale(text: str) -> tuple[float | None, float | None]:
    if not text:
        return None, None
    found = SCALE.fullmatch(text)
    if found is None or float(found[1]) >= float(found[2]):
        raise CannotError(f"“{text[:20]}” is not a scale; write 1-5.")
    return float(found[1]), float(found[2])
