"""Comparisons of two: Bradley and Terry (1952), judges of unlike sharpness, and a spread that is learnt.

P(winner over loser) = expit(sharpness of the judge times the difference of merits). How far merits lie apart
is not known before, so draws are taken over several spreads, each weighted by its evidence (Laplace); with
one fixed spread a close field looks decided. A judge who goes against all others gets little sharpness, or
a negative one, so that none decides alone.
"""

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
    Places = NDArray[np.int64]

SPREADS = np.array([0.25, 0.4, 0.6, 0.9, 1.35, 2.0, 3.0])
USUAL_SPREAD, SPREAD_OF_IT = 0.7, 1.0
"""Sds of merits in logits that are tried; log-normal around the usual."""
SHARPNESS = 0.5
"""Sd of judges' sharpness around 1."""
ROUNDS = 12
DRAWS = 4000


def bradley_terry(
    number: int, winner: Places, loser: Places, sharp: Floats, precision: float
) -> Floats:
    """Merits in logits at the mode, with a normal prior of that precision. sharp: of each comparison's judge,
    1 for Bradley and Terry's own model. With precision 0 the comparisons must connect all."""

    def cost(merits: Floats) -> tuple[float, Floats]:
        apart = sharp * (merits[winner] - merits[loser])
        missed = sharp * expit(-apart)
        slope = np.bincount(loser, missed, number) - np.bincount(winner, missed, number)
        value = -float(log_expit(apart).sum()) + precision / 2 * float(merits @ merits)
        return value, slope + precision * merits

    def bend(merits: Floats) -> Floats:
        return _curvature(merits, winner, loser, sharp) + (precision + 1e-12) * np.eye(number)

    found = minimize(
        cost, np.zeros(number), jac=True, hess=bend, method="trust-exact", options={"gtol": 1e-10}
    ).x
    return np.asarray(found)


def _curvature(merits: Floats, winner: Places, loser: Places, sharp: Floats) -> Floats:
    apart = sharp * (merits[winner] - merits[loser])
    weight = sharp**2 * expit(apart) * expit(-apart)
    found = np.zeros((len(merits), len(merits)))
    np.add.at(found, (winner, winner), weight)
    np.add.at(found, (loser, loser), weight)
    np.add.at(found, (winner, loser), -weight)
    np.add.at(found, (loser, winner), -weight)
    return found


def by_pairs(
    projects: list[str], judged: Sequence[tuple[str, int, int]], *, seed: int = 0
) -> Standings:
    """judged: (judge, winner, loser), projects by their place."""
    number = len(projects)
    winner = np.array([pair[1] for pair in judged], dtype=np.int64)
    loser = np.array([pair[2] for pair in judged], dtype=np.int64)
    names = sorted({judge for judge, _, _ in judged})
    place = {judge: at for at, judge in enumerate(names)}
    judge = np.array([place[name] for name, _, _ in judged], dtype=np.int64)
    sharp = _sharpness(number, winner, loser, judge, len(names))[judge]
    draws = _draws(number, winner, loser, sharp, np.random.default_rng(seed))
    reports = _judges(judged, draws.mean(axis=0))
    return standings_of(projects, draws, reports, len(judged))


def _sharpness(number: int, winner: Places, loser: Places, judge: Places, judges: int) -> Floats:
    """Of each judge, by turns with the merits; 1 where there are fewer than three to be told apart."""
    sharp = np.ones(judges)
    if judges < 3:
        return sharp
    for _ in range(ROUNDS):
        merits = bradley_terry(number, winner, loser, sharp[judge], USUAL_SPREAD**-2)
        apart = merits[winner] - merits[loser]
        for _ in range(5):
            chance = expit(-sharp[judge] * apart)
            slope = np.bincount(judge, chance * apart, judges) - (sharp - 1) / SHARPNESS**2
            bend = np.bincount(judge, chance * (1 - chance) * apart**2, judges) + SHARPNESS**-2
            sharp = sharp + slope / bend
    return sharp


def _draws(
    number: int, winner: Places, loser: Places, sharp: Floats, random: np.random.Generator
) -> Floats:
    """Draws of the merits over every spread, as often as its evidence says, shape (DRAWS, number)."""
    fits, evidence = [], []
    for spread in SPREADS:
        merits = bradley_terry(number, winner, loser, sharp, spread**-2)
        precision = _curvature(merits, winner, loser, sharp) + np.eye(number) / spread**2
        apart = sharp * (merits[winner] - merits[loser])
        evidence.append(
            float(log_expit(apart).sum())
            - float(merits @ merits) / (2 * spread**2)
            - number * np.log(spread)
            - 0.5 * float(np.linalg.slogdet(precision)[1])
            - 0.5 * (np.log(spread / USUAL_SPREAD) / SPREAD_OF_IT) ** 2
        )
        fits.append((merits, precision))
    weight = np.exp(np.array(evidence) - max(evidence))
    times = random.multinomial(DRAWS, weight / weight.sum())
    made = [
        merits
        + random.standard_normal((times[at], number))
        @ np.linalg.cholesky(np.linalg.inv(precision)).T
        for at, (merits, precision) in enumerate(fits)
        if times[at]
    ]
    return np.concatenate(made)


def _judges(judged: Sequence[tuple[str, int, int]], merits: Floats) -> tuple[JudgeReport, ...]:
    """noise: the share of their comparisons that go against what all say together."""
    against: dict[str, list[bool]] = {}
    for judge, winner, loser in judged:
        against.setdefault(judge, []).append(bool(merits[winner] < merits[loser]))
    return tuple(
        JudgeReport(judge, len(each), None, sum(each) / len(each))
        for judge, each in sorted(against.items())
    )
