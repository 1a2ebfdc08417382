"""What share goes on to the next stage: a beta-binomial, learnt on a grid of mean and concentration.

Stages chain by mixing, so uncertainty is carried on, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, gammaln, logit

from almanac.core.counts import Counts, mixture
from almanac.core.turnout.class_shares import (
    CONCENTRATIONS,
    MEANS,
    StagePair,
    Usual,
    log_chances,
    steadiness,
)
from almanac.core.turnout.reference import SHOW_RATES, RateClass
from almanac.core.vocabulary import GATHERINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.turnout.events import Announcement

Floats = NDArray[np.float64]

SMALL_MEANS: Floats = expit(np.linspace(-10.0, 5.0, 121))
WIDE_CONCENTRATIONS = np.geomspace(2.0, 5000.0, 12)
COMPONENTS = 8
NODES = 40
NARROW = 1.5
"""Sizes that differ by less than this factor lose the same share."""


def show_class(plan: Announcement) -> RateClass | None:
    """The class of events whose share of people coming resembles this one's."""
    if plan.kind not in GATHERINGS:
        return None
    if plan.price:
        key = "paid"
    elif plan.online:
        key = "free-online"
    elif plan.kind in {"workshop", "hackathon"}:
        key = f"{plan.kind}-show"
    else:
        key = "free-evening"
    return next(found for found in SHOW_RATES if found.key == key)


@dataclass(frozen=True, slots=True)
class RatePosterior:
    """A mixture of Betas for the share of the next event; shares move with size by `slope`."""

    means: Floats
    concentrations: Floats
    weights: Floats
    slope: float
    centre: float

    def moved(self, shift: float) -> RatePosterior:
        """The same with every mean share's logit moved by so much."""
        return replace(self, means=expit(logit(self.means) + shift)) if shift else self

    def betas_at(self, size: float) -> list[tuple[float, float]]:
        """(a, b) of each component, given the count of the stage before."""
        share = self.means
        if self.slope:
            share = expit(logit(share) + self.slope * log(max(size, 1.0) / self.centre))
        a = share * self.concentrations
        return list(zip(a.tolist(), (self.concentrations - a).tolist(), strict=True))


def rate_posterior(
    own: Sequence[StagePair],
    usual: Usual | None = None,
    program: int = 0,
    shifts: Sequence[float] = (),
) -> RatePosterior:
    """Grid posterior of one program's mean share and concentration, gathered into a few Betas.

    usual: what all programs tell of the class; without it the program's own events speak alone.
    shifts: how far each pair's logit was moved by what is known of it apart.
    """
    if usual is not None:
        grid = (MEANS, CONCENTRATIONS)
        slope, centre = usual.reference.size_slope, usual.reference.size_centre
        log_weight = usual.without(program)
    else:
        # Without a class a share may be one in a thousand, and as steady as it likes.
        grid, slope, centre = (SMALL_MEANS, WIDE_CONCENTRATIONS), 0.0, 1.0
        log_weight = steadiness(20.0, 1.5, grid[1]) + _even(grid[0])
    log_weight = log_weight + log_chances(own, *grid, slope, centre, shifts).sum(axis=0)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    mean, concentration = np.meshgrid(*grid, indexing="ij")
    return _gathered(mean, concentration, weight, slope, centre)


def _even(means: Floats) -> Floats:
    """The grid is even in the logit, so a density in the share carries the factor m(1 - m)."""
    return (np.log(means) + np.log1p(-means))[:, None]


def _gathered(
    mean: Floats, concentration: Floats, weight: Floats, slope: float, centre: float
) -> RatePosterior:
    """Merge grid points into groups of neighbouring means, each keeping its first two moments."""
    by_mean = weight.sum(axis=1)
    group = np.minimum((np.cumsum(by_mean) * COMPONENTS).astype(int), COMPONENTS - 1)
    each = np.repeat(group, weight.shape[1])
    flat, share, precision = weight.ravel(), mean.ravel(), concentration.ravel()
    mass = np.bincount(each, flat, COMPONENTS)
    held = mass > 1e-9
    safe = np.where(held, mass, 1.0)
    centre_of = np.bincount(each, flat * share, COMPONENTS) / safe
    spread = share * (1 - share) / (1 + precision) + share**2
    variance = np.bincount(each, flat * spread, COMPONENTS) / safe - centre_of**2
    matched = centre_of * (1 - centre_of) / np.maximum(variance, 1e-9) - 1
    return RatePosterior(centre_of[held], matched[held], mass[held] / mass.sum(), slope, centre)


def carry(before: Counts, rate: RatePosterior) -> Counts:
    """Mix the next stage over every count of the stage before: the chain of stages."""
    numbers, weights = before.nodes(NODES)
    top = int(numbers.max())
    up = np.arange(top + 1)
    log_factorial = gammaln(up + 1.0)
    total = np.zeros(top + 1)
    # The share moves with the log of size, slowly: sizes within a factor of NARROW have one.
    group = np.zeros(len(numbers), dtype=int)
    if rate.slope and top > NARROW * max(int(numbers.min()), 1):
        group = (np.log(np.maximum(numbers, 1)) / log(NARROW)).astype(int)
    for place in np.unique(group):
        sizes, shares = numbers[group == place], weights[group == place]
        size = float(sizes @ shares / shares.sum())
        every = up[: int(sizes.max()) + 1]
        for part, (a, b) in zip(rate.weights.tolist(), rate.betas_at(size), strict=True):
            gone_on = gammaln(every + a) - log_factorial[: len(every)] - gammaln(a)
            stayed = gammaln(every + b) - log_factorial[: len(every)] - gammaln(b)
            scales = log_factorial[sizes] - gammaln(sizes + a + b) + gammaln(a + b)
            for number, weight, scale in zip(sizes.tolist(), shares, scales, strict=True):
                chance = np.exp(gone_on[: number + 1] + stayed[number::-1] + scale)
                total[: number + 1] += part * weight * chance
    return Counts.of(total)


def with_walk_ins(expected: Counts, own_pairs: Sequence[StagePair]) -> Counts:
    """Where more have come than had signed up, leave room for it.

    A hurdle: some events have walk-ins at all, and those have a negative binomial number of
    them (shape 2, so that a crowd is possible) around the mean of the events that had any.
    """
    extra = [max(0, pair.after - pair.before) for pair in own_pairs]
    crowds = [number for number in extra if number]
    if not crowds:
        return expected
    mean, shape = sum(crowds) / len(crowds), 2.0
    number = np.arange(int(mean * 9) + 30)
    log_mass = gammaln(number + shape) - gammaln(number + 1) + number * log(mean / (mean + shape))
    happens = (len(crowds) + 0.5) / (len(extra) + 1)
    walked = expected.plus(Counts.of(np.exp(log_mass)))
    return mixture((expected, walked), (1 - happens, happens))
