"""What each project is told: its scores by criterion, lenient and severe judges on one level, beside the
field's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from almanac.core.judging.scores import Score
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
    judges: int
    ballots: int
    criteria: tuple[CriterionScore, ...] = ()
    won: int = 0
    lost: int = 0
    votes: int = 0
    voters: int = 0


def _places(found: Standings) -> dict[str, tuple[int, int]]:
    """The first and the last place that each project's group shares, from 1."""
    places: dict[str, tuple[int, int]] = {}
    begun = 0
    for group in found.groups:
        for project in group:
            places[project] = (begun + 1, begun + len(group))
        begun += len(group)
    return places


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
    for placed in found.placed:
        mine = own[placed.project]
        judges = {judge for each in mine.values() for judge, _ in each}
        criteria = tuple(
            CriterionScore(
                criterion, fmean(value for _, value in each), fmean(field[criterion]), len(each)
            )
            for criterion, each in sorted(mine.items())
        )
        ballots = sum(len(each) for each in mine.values())
        made.append(_sheet(found, placed.project, len(judges), ballots, criteria=criteria))
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
        _sheet(
            found, name, len(judges[name]), won[name] + lost[name], won=won[name], lost=lost[name]
        )
        for name in (placed.project for placed in found.placed)
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
        _sheet(found, name, counts[name], counts[name], votes=counts[name], voters=voters)
        for name in (placed.project for placed in found.placed)
    ]


def _sheet(
    found: Standings, project: str, judges: int, ballots: int, *,
    criteria: tuple[CriterionScore, ...] = (), won: int = 0, lost: int = 0, votes: int = 0, voters: int = 0,
) -> TeamSheet:  # fmt: skip
    place, to = _places(found)[project]
    chance: Mapping[str, float] = {each.project: each.chance_first for each in found.placed}
    return TeamSheet(
        project, place, to, len(found.placed), chance[project], judges, ballots, criteria, won, lost, votes,
        voters,
    )  # fmt: skip
