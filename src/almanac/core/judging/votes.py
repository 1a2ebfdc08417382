"""Approval votes: how many of those who voted chose a project, as a Beta-binomial."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from almanac.core.judging.standings import JudgeReport, Standings, standings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

PRIOR = 1.0
"""Any share alike before a vote; with Jeffreys' prior four votes of five made a winner too sure."""
DRAWS = 4000


def by_votes(projects: list[str], votes: Sequence[tuple[str, int]], *, seed: int = 0) -> Standings:
    """votes: (voter, project by its place); a voter's vote for one project counts once."""
    single = set(votes)
    voters = sorted({voter for voter, _ in single})
    counts = np.bincount([project for _, project in single], minlength=len(projects))
    random = np.random.default_rng(seed)
    draws = random.beta(counts + PRIOR, len(voters) - counts + PRIOR, size=(DRAWS, len(projects)))
    given = dict.fromkeys(voters, 0)
    for voter, _ in single:
        given[voter] += 1
    judges = tuple(JudgeReport(voter, given[voter], None, None) for voter in voters)
    return standings_of(projects, draws, judges, len(single))
