"""What each project is told: its scores by criterion, lenient and severe judges on one level, beside the
field's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.judging.score import Score
    from almanac.core.judging.standings import Standings


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """criterion: empty where there is only one; score: the mean over judges, each corrected for severity;
    field: of all projects; judges: how many gave it."""

    criterion: str
    score: float
    field: float
    judges: int


@dataclass(frozen=True, slots=True)
class TeamSheet:
    """One project. place, to: the places its group shares; of: projects in all; judges, ballots: of its own;
    criteria: only where there are scores. won, lost: comparisons; votes, voters: of votes."""

    project: str
    place: int
    to: int
    of: int
    chance_first: float
    judges: int = 0
    ballots: int = 0
    criteria: tuple[CriterionScore, ...] = ()
    won: int = 0
    lost: int = 0
    votes: int = 0
    voters: int = 0


def _sheets(found: Standings) -> list[TeamSheet]:
    """Of each project, in order, the places that its group shares, from 1, and its chance to be first."""
    chance = {each.project: each.chance_first for each in found.placed}
    made: list[TeamSheet] = []
    for group in found.groups:
        first, last = len(made) + 1, len(made) + len(group)
        made += [TeamSheet(name, first, last, len(chance), chance[name]) for name in group]
    return made


def score_sheets(scores: Sequence[Score], found: Standings) -> list[TeamSheet]:
    """In the order of the standings."""
    severity = {each.judge: each.severity or 0.0 for each in found.judges}
    own: dict[str, dict[str, list[tuple[str, float]]]] = defaultdict(lambda: defaultdict(list))
    for score in scores:
        value = score.value + severity.get(score.judge, 0.0)
        own[score.project][score.criterion].append((score.judge, value))
    field: dict[str, list[float]] = defaultdict(list)
    for by_criterion in own.values():
        for criterion, given in by_criterion.items():
            field[criterion].append(fmean(value for _, value in given))
    made = []
    for sheet in _sheets(found):
        mine = own[sheet.project]
        judges = {judge for each in mine.values() for judge, _ in each}
        criteria = tuple(
            CriterionScore(
                criterion, fmean(value for _, value in each), fmean(field[criterion]), len(each)
            )
            for criterion, each in sorted(mine.items())
        )
        ballots = sum(len(each) for each in mine.values())
        made.append(replace(sheet, judges=len(judges), ballots=ballots, criteria=criteria))
    return made


def pair_sheets(
    projects: Sequence[str], pairs: Sequence[tuple[str, int, int]], found: Standings
) -> list[TeamSheet]:
    won: dict[str, int] = defaultdict(int)
    lost: dict[str, int] = defaultdict(int)
    judges: dict[str, set[str]] = defaultdict(set)
    for judge, winner, loser in pairs:
        won[projects[winner]] += 1
        lost[projects[loser]] += 1
        judges[projects[winner]].add(judge)
        judges[projects[loser]].add(judge)
    return [
        replace(
            sheet,
            judges=len(judges[name]),
            ballots=won[name] + lost[name],
            won=won[name],
            lost=lost[name],
        )
        for sheet in _sheets(found)
        for name in [sheet.project]
    ]


def vote_sheets(
    projects: Sequence[str], votes: Sequence[tuple[str, int]], found: Standings
) -> list[TeamSheet]:
    single = set(votes)
    voters = len({voter for voter, _ in single})
    counts: dict[str, int] = defaultdict(int)
    for _, place in single:
        counts[projects[place]] += 1
    return [
        replace(sheet, judges=number, ballots=number, votes=number, voters=voters)
        for sheet in _sheets(found)
        for number in [counts[sheet.project]]
    ]
