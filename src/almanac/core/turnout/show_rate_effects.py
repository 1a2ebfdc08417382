"""The effect of a trait of events, such as a reminder, on the share of sign-ups that come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from almanac.core.turnout.class_shares import CONCENTRATIONS, MEANS, log_chances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.turnout.class_shares import StagePair, Usual

Floats = NDArray[np.float64]

EFFECTS = np.linspace(-3.0, 3.0, 61)
SPREAD = 1.0
"""Sd of an effect before anything is seen, in logits from a trait of 0 to one of 1."""


@dataclass(frozen=True, slots=True)
class ShareEffect:
    """Change of the logit of the share from a trait of 0 to one of 1; low, high: 80 %; centre: the
    usual trait, at which nothing moves; above: the chance that it is above 0."""

    mean: float
    low: float
    high: float
    above: float
    centre: float
    events: int

    def shift(self, trait: float) -> float:
        return self.mean * (trait - self.centre)


def effect_of(pairs: Sequence[StagePair], traits: Sequence[float], usual: Usual) -> ShareEffect:
    """The effect of a trait within one program, from its own events; pairs and traits alike long.

    Grid posterior over effect, mean share and concentration; the last two are summed over.
    """
    likely = _likelihoods(pairs, traits)
    return _effect(likely.sum(axis=0), pairs, traits, usual)


def _likelihoods(pairs: Sequence[StagePair], traits: Sequence[float]) -> Floats:
    """Log likelihood of each pair under each effect, mean and concentration: (pairs, e, m, c)."""
    away = np.asarray(traits, dtype=float) - _centre(traits)
    return np.stack(
        [log_chances(pairs, MEANS, CONCENTRATIONS, shifts=effect * away) for effect in EFFECTS],
        axis=1,
    )


def _centre(traits: Sequence[float]) -> float:
    return float(np.mean(traits)) if len(traits) else 0.0


def _effect(
    likely: Floats, pairs: Sequence[StagePair], traits: Sequence[float], usual: Usual
) -> ShareEffect:
    prior = usual.without(pairs[0].program)
    logs = logsumexp(likely + prior, axis=(1, 2)) - 0.5 * (EFFECTS / SPREAD) ** 2
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    reached = np.cumsum(weight)
    low, high = (float(EFFECTS[np.searchsorted(reached, level)]) for level in (0.1, 0.9))
    above = float(weight[EFFECTS > 0].sum() + weight[EFFECTS == 0].sum() / 2)
    return ShareEffect(float(weight @ EFFECTS), low, high, above, _centre(traits), len(pairs))
