"""What share is usual for a class of events, learnt from all programs at once.

Logits of programs' mean shares are normal around their class's, which lies around the reference's;
both and the spread are learnt on a grid (empirical Bayes in full: every spread and mean weighed by
its evidence). What one program told can be taken out again, as its own events speak for it apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, gammaln, logit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.turnout.reference import RateClass

Floats = NDArray[np.float64]

MEANS: Floats = expit(np.linspace(-5.0, 5.0, 81))
CONCENTRATIONS = np.geomspace(2.0, 120.0, 9)
USUAL_SPREAD, SPREAD_OF_IT = 0.2, 0.5
"""Sd of programs' means around their class's, in logits, before any is seen; log-normal. Measured
on workshops to July 2017, where .3 forecast 1 % worse and .15 no better."""
SPREAD_OF_STEADINESS = 0.6
CLASSES = np.array(
    [(mean, spread) for mean in np.linspace(-3.5, 3.5, 43) for spread in np.geomspace(0.1, 1.5, 7)]
)


@dataclass(frozen=True, slots=True)
class StagePair:
    """Counts of two stages of one past event; weight: how loudly it speaks."""

    before: int
    after: int
    weight: float
    row: int
    program: int = 0


def log_chances(
    pairs: Sequence[StagePair],
    means: Floats,
    concentrations: Floats,
    slope: float = 0.0,
    centre: float = 1.0,
    shifts: Sequence[float] | Floats = (),
) -> Floats:
    """Beta-binomial log likelihood of each pair, times its weight, shape (pairs, m, c).

    slope: change of the logit per unit of log size around `centre`; shifts: of each pair's logit
    beside. More coming than had signed up
    counts as all of them.
    """
    if not pairs:
        return np.zeros((0, len(means), len(concentrations)))
    before = np.array([pair.before for pair in pairs], dtype=float)
    after = np.array([min(pair.after, pair.before) for pair in pairs], dtype=float)
    weight = np.array([pair.weight for pair in pairs])
    share = means[None, :]
    if slope or len(shifts):
        moved = slope * np.log(before / centre) + (np.asarray(shifts) if len(shifts) else 0.0)
        share = expit(logit(means)[None, :] + moved[:, None])
    a = share[:, :, None] * concentrations
    b = concentrations - a
    up, off = after[:, None, None], (before - after)[:, None, None]
    whole = gammaln(concentrations) - gammaln(before[:, None] + concentrations)
    found: Floats = gammaln(a + up) + gammaln(b + off) - (gammaln(a) + gammaln(b))
    return weight[:, None, None] * (found + whole[:, None, :])


def steadiness(usual: float, spread: float, concentrations: Floats) -> Floats:
    """Log-normal density around the usual concentration, shape (1, c)."""
    found: Floats = -0.5 * (np.log(concentrations / usual) / spread)[None, :] ** 2
    return found


class Usual:
    """The share that is usual for one class, from pairs of any programs."""

    def __init__(self, reference: RateClass, pairs: Sequence[StagePair]) -> None:
        self.reference = reference
        self.pairs = tuple(pairs)
        slope, centre = reference.size_slope, reference.size_centre
        chances = log_chances(pairs, MEANS, CONCENTRATIONS, slope, centre)
        by_program: dict[int, Floats] = {}
        for pair, chance in zip(pairs, chances, strict=True):
            held = by_program.get(pair.program)
            by_program[pair.program] = chance if held is None else held + chance
        away = (logit(MEANS) - CLASSES[:, :1]) / CLASSES[:, 1:]
        self._of_program = np.exp(-0.5 * away**2)
        self._of_program /= self._of_program.sum(axis=1, keepdims=True)
        self._told = {name: self._evidence(chance) for name, chance in by_program.items()}
        self._all = self._prior() + sum(self._told.values(), np.zeros(1))

    def _evidence(self, chance: Floats) -> Floats:
        """Log evidence of one program's events for every class mean, spread and concentration."""
        top = chance.max()
        return np.log(self._of_program @ np.exp(chance - top) + 1e-300) + top

    def _prior(self) -> Floats:
        mean = self.reference.mean
        total = 1 / (mean * (1 - mean) * (self.reference.between + 1))
        around = max(total - USUAL_SPREAD**2 * exp(2 * SPREAD_OF_IT**2), total / 3)
        centre = log(mean / (1 - mean))
        found: Floats = -0.5 * (CLASSES[:, 0] - centre) ** 2 / around
        found = found - 0.5 * (np.log(CLASSES[:, 1] / USUAL_SPREAD) / SPREAD_OF_IT) ** 2
        return found[:, None] + steadiness(
            self.reference.within, SPREAD_OF_STEADINESS, CONCENTRATIONS
        )

    def without(self, program: int) -> Floats:
        """Log density of a program's mean share and concentration before its own events speak,
        over MEANS and CONCENTRATIONS, shape (m, c)."""
        evidence = self._all - self._told.get(program, 0.0)
        weight = np.exp(evidence - evidence.max())
        found: Floats = np.log(self._of_program.T @ weight + 1e-300)
        return found
