"""`almanac judge`: what several judges say together, and what they can't tell apart."""

from __future__ import annotations

import re
from pathlib import Path

from almanac.actions.errors import CannotError
from almanac.answers import words
from almanac.core.judging.pairs import by_pairs
from almanac.core.judging.scores import by_scores
from almanac.core.judging.standings import Standings
from almanac.core.judging.votes import by_votes
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import one_document
from almanac.record.infra import clock
from almanac.sources.base.source import Opened
from almanac.sources.tables.ballots_table import Ballots, read_ballots

SHOWN = 30
SCALE = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(?:-|to|–)\s*(-?\d+(?:\.\d+)?)\s*")


def judge(file: Path, *, scale: str = "", as_json: JsonFlag = False) -> int:
    """Rank projects by scores, comparisons or votes; projects that can't be told apart share a place.

    Lenient and severe judges are put on one level, and a judge whose scores go anywhere counts for
    little. Nothing of the file is stored.

    Parameters
    ----------
    file
        A CSV with judge, project, score and perhaps criterion; or judge, winner, loser; or voter, project.
    scale
        The scale of the scores, such as 1-5; scores outside it are left out and named.
    as_json
        Print JSON.
    """
    low, high = _scale(scale)
    opened = Opened(one_document(file), clock.now())
    ballots = read_ballots(opened.text, file.name, low=low, high=high)
    found = _judged(ballots)
    if as_json:
        out.data({
            "order": [each.project for each in found.placed],
            "chance_first": {each.project: round(each.chance_first, 4) for each in found.placed},
            "groups": found.groups,
            "judges": [
                {"judge": each.judge, "ballots": each.ballots, "severity": each.severity, "noise": each.noise}
                for each in found.judges
            ],
            "more": found.more,
            "remarks": ballots.remarks,
        })  # fmt: skip
        return 0
    for line in said(found, ballots.kind):
        out.say(line)
    out.rows(
        ["place", "project", "chance of being first"],
        [
            [str(each.place), each.project, words.percent_chance(each.chance_first)]
            for each in found.placed[:SHOWN]
        ],
    )
    for remark in ballots.remarks:
        out.say(f"Left out: {remark}")
    return 0


def _scale(text: str) -> tuple[float | None, float | None]:
    if not text:
        return None, None
    found = SCALE.fullmatch(text)
    if found is None or float(found[1]) >= float(found[2]):
        raise CannotError(f"“{text[:20]}” is not a scale; write 1-5.")
    return float(found[1]), float(found[2])


def _judged(ballots: Ballots) -> Standings:
    if ballots.kind == "scores":
        return by_scores(ballots.scores, ballots.projects)
    if ballots.kind == "pairs":
        return by_pairs(ballots.projects, ballots.pairs)
    return by_votes(ballots.projects, ballots.votes)


UNITS = {
    "scores": ("score", "scores"),
    "pairs": ("comparison", "comparisons"),
    "votes": ("vote", "votes"),
}


def said(found: Standings, kind: str) -> list[str]:
    """“First is clear. Second to fourth can’t be told apart.”"""
    groups = found.groups
    first = groups[0]
    if len(first) == 1:
        lines = [f"First is clear: {first[0]}."]
    else:
        more = (
            f"; about {words.counted(found.more, f'more {UNITS[kind][0]}', f'more {UNITS[kind][1]}')} would decide"
            if found.more
            else ""
        )
        lines = [
            f"{words.joined(first) if len(first) <= 4 else f'The first {len(first)}'} can’t be told apart{more}."
        ]
    at = len(first)
    for group in groups[1:3]:
        if len(group) > 1:
            lines.append(f"Places {at + 1} to {at + len(group)} can’t be told apart.")
        at += len(group)
    return lines
