"""Comparisons of two: Bradley and Terry (1952), with a normal prior for what was compared little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from almanac.core.judging.standings import JudgeReport, Standings, standings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PRIOR_SD = 1.5
"""Of merits in logits: one project in six beats an average one four times in five."""
DRAWS = 4000


def bradley_terry(number: int, pairs: Sequence[tuple[int, int]], penalty: float = 0.0) -> Floats:
    """Merits in logits, centred, by maximum likelihood. pairs: (winner, loser).

    penalty: times the sum of squares, as choix's alpha. Without one, the comparisons must connect all.
    """
    wins = _wins(number, pairs)

    def cost(merits: Floats) -> tuple[float, Floats]:
        apart = merits[:, None] - merits[None, :]
        missed = wins * expit(-apart)
        slope = -missed.sum(axis=1) + missed.sum(axis=0) + 2 * penalty * merits
        return float(-(wins * log_expit(apart)).sum() + penalty * (merits**2).sum()), slope

    def bend(merits: Floats) -> Floats:
        return _curvature(wins, merits) + 2 * penalty * np.eye(number) + 1e-12 * np.eye(number)

    found = minimize(
        cost, np.zeros(number), jac=True, hess=bend, method="trust-exact", options={"gtol": 1e-10}
    ).x
    return np.asarray(found - found.mean())


def _curvature(wins: Floats, merits: Floats) -> Floats:
    apart = merits[:, None] - merits[None, :]
    weight = (wins + wins.T) * expit(apart) * expit(-apart)
    return np.asarray(np.diag(weight.sum(axis=1)) - weight)


def _wins(number: int, pairs: Sequence[tuple[int, int]]) -> Floats:
    """How often the project of a row beat that of a column."""
    wins = np.zeros((number, number))
    for winner, loser in pairs:
        wins[winner, loser] += 1
    return wins


def by_pairs(
    projects: list[str], judged: Sequence[tuple[str, int, int]], *, seed: int = 0
) -> Standings:
    """judged: (judge, winner, loser), projects by their place."""
    number, penalty = len(projects), 0.5 / PRIOR_SD**2
    pairs = [(winner, loser) for _, winner, loser in judged]
    merits = bradley_terry(number, pairs, penalty)
    precision = _curvature(_wins(number, pairs), merits) + np.eye(number) / PRIOR_SD**2
    random = np.random.default_rng(seed)
    root = np.linalg.cholesky(np.linalg.inv(precision))
    draws = merits + random.standard_normal((DRAWS, number)) @ root.T
    return standings_of(projects, draws, _judges(judged, merits), len(pairs))


def _judges(judged: Sequence[tuple[str, int, int]], merits: Floats) -> tuple[JudgeReport, ...]:
    """noise: the share of their comparisons that go against what all say together."""
    against: dict[str, list[bool]] = {}
    for judge, winner, loser in judged:
        against.setdefault(judge, []).append(bool(merits[winner] < merits[loser]))
    return tuple(
        JudgeReport(judge, len(each), None, sum(each) / len(each))
        for judge, each in sorted(against.items())
    )
