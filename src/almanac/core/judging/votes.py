"""Approval votes: how many of those who voted chose a project, as a Beta-binomial.

The shares of all projects have one Beta distribution, whose mean and spread are learnt from all of them
(empirical Bayes in full, over a grid weighted by evidence): of many projects with few votes each, the first
is mostly the luckiest, and is drawn towards the others as far as they lie together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaln

from almanac.core.judging.standings import JudgeReport, Standings, standings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

AROUND = np.array([0.8, 0.9, 1.0, 1.12, 1.25])
SPREADS = np.array([0.05, 0.1, 0.2, 0.35, 0.6, 1.0, 1.5, 2.2])
"""Means of the shares that are tried, as parts of the pooled share; and their sds, as parts of the mean."""
DRAWS = 4000


def by_votes(projects: list[str], votes: Sequence[tuple[str, int]], *, seed: int = 0) -> Standings:
    """votes: (voter, project by its place); a voter's vote for one project counts once."""
    single = set(votes)
    voters = sorted({voter for voter, _ in single})
    counts = np.bincount([project for _, project in single], minlength=len(projects))
    draws = _draws(counts.astype(float), len(voters), np.random.default_rng(seed))
    given = dict.fromkeys(voters, 0)
    for voter, _ in single:
        given[voter] += 1
    judges = tuple(JudgeReport(voter, given[voter], None, None) for voter in voters)
    return standings_of(projects, draws, judges, len(single), order=counts.astype(float))


def _draws(counts: Floats, voters: int, random: np.random.Generator) -> Floats:
    """Shares, a row a draw, over every common distribution as often as its evidence says."""
    pooled = (counts.sum() + 1) / (voters * len(counts) + 2)
    mean = np.clip(AROUND * pooled, 0.001, 0.999)[:, None]
    firmness = np.maximum(mean * (1 - mean) / (SPREADS * mean) ** 2 - 1, 0.2)
    a, b = (mean * firmness).ravel(), ((1 - mean) * firmness).ravel()
    evidence = (
        betaln(counts + a[:, None], voters - counts + b[:, None]) - betaln(a, b)[:, None]
    ).sum(axis=1)
    weight = np.exp(evidence - evidence.max())
    times = random.multinomial(DRAWS, weight / weight.sum())
    return np.concatenate(
        [
            random.beta(counts + a[at], voters - counts + b[at], size=(number, len(counts)))
            for at, number in enumerate(times)
            if number
        ]
    )
