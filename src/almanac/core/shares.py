"""What share goes on to the next stage: a beta-binomial, learnt on a grid of mean and concentration.

Stages chain by mixing, so uncertainty is carried on, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from almanac.core.counts import Counts, mixture
from almanac.core.events import GATHERINGS
from almanac.core.reference import SHOW_RATES, RateClass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.events import PastEvent, Plan, Upcoming

Floats = NDArray[np.float64]

OTHER_FORMAT_WEIGHT = 0.25
MOST_PAIRS = 60
MOST_OTHER_PAIRS = 200
MOST_LOOKED_AT = 1000
"""Events further back than so many others say nothing of shares."""
MEANS = 1 / (1 + np.exp(-np.linspace(-5.0, 5.0, 81)))
SMALL_MEANS = 1 / (1 + np.exp(-np.linspace(-10.0, 5.0, 121)))
CONCENTRATIONS = np.geomspace(2.0, 120.0, 9)
WIDE_CONCENTRATIONS = np.geomspace(2.0, 5000.0, 12)
USUAL_SPREAD, SPREAD_OF_IT = 0.3, 0.5
"""Sd of programs' means around their class's, in logits, before any is seen; log-normal."""
CLASSES = np.array(
    [
        (logit, spread)
        for logit in np.linspace(-3.5, 3.5, 43)
        for spread in np.geomspace(0.1, 1.5, 7)
    ]
)
COMPONENTS = 8
NODES = 40


@dataclass(frozen=True, slots=True)
class Pair:
    """Counts of two stages of one past event; weight: how loudly it speaks."""

    before: int
    after: int
    weight: float
    row: int
    own: bool
    program: int = 0


def pairs_of(
    history: Sequence[PastEvent],
    before: str,
    after: str,
    upcoming: Upcoming,
    *,
    own_only: bool = False,
) -> list[Pair]:
    """Latest past events with both counts, of a history that is given earliest first.

    One's own held in another format speak more softly; those of other programs tell what is usual
    for the class.
    """
    found: list[Pair] = []
    others: list[Pair] = []
    for past in reversed(history[-MOST_LOOKED_AT:]):
        if len(found) >= MOST_PAIRS and len(others) >= MOST_OTHER_PAIRS:
            break
        first, second = getattr(past, before), getattr(past, after)
        if first is None or second is None or first <= 0:
            continue
        own = past.program == upcoming.program
        resembles = not past.format or alike(past, upcoming)
        if own and len(found) < MOST_PAIRS:
            weight = 1.0 if resembles or own_only else OTHER_FORMAT_WEIGHT
            found.append(Pair(first, second, weight, past.row, own=True, program=past.program))
        elif not own and resembles and not own_only and len(others) < MOST_OTHER_PAIRS:
            others.append(Pair(first, second, 1.0, past.row, own=False, program=past.program))
    return found + others


def alike(past: PastEvent, upcoming: Upcoming) -> bool:
    """Whether the shares of two events resemble each other: the same kind, and both online or
    neither."""
    return past.kind == upcoming.kind and past.online == upcoming.online


def show_class(plan: Plan) -> RateClass | None:
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

    def betas_at(self, size: float) -> list[tuple[float, float]]:
        """(a, b) of each component, for so many people at the stage before."""
        share = self.means
        if self.slope:
            share = _expit(_logit(share) + self.slope * log(max(size, 1.0) / self.centre))
        a = share * self.concentrations
        return list(zip(a.tolist(), (self.concentrations - a).tolist(), strict=True))


def rate_posterior(reference: RateClass | None, pairs: Sequence[Pair]) -> RatePosterior:
    """Grid posterior of one program's mean share and concentration, gathered into a few Betas.

    With a class, what is usual is learnt from the other programs around it; without one, the
    program's own events speak alone.
    """
    own = [pair for pair in pairs if pair.own]
    if reference is not None:
        grid = (MEANS, CONCENTRATIONS)
        told = tuple((p.program, p.before, p.after) for p in pairs if not p.own)
        log_weight = _usual(reference, told)
        slope, centre = reference.size_slope, reference.size_centre
    else:
        # Without a class a share may be one in a thousand, and as steady as it likes.
        grid, slope, centre = (SMALL_MEANS, WIDE_CONCENTRATIONS), 0.0, 1.0
        log_weight = _steadiness(20.0, 1.5, grid[1]) + _even(grid[0])
    mean, concentration = np.meshgrid(*grid, indexing="ij")
    for pair in own:
        log_weight = log_weight + pair.weight * _log_chance(
            pair, mean, concentration, slope, centre
        )
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    return _gathered(mean, concentration, weight, slope, centre)


@lru_cache(maxsize=64)
def _usual(reference: RateClass, others: tuple[tuple[int, int, int], ...]) -> Floats:
    """Log density of a new program's mean share and concentration over the grid, shape (m, c).

    Logits of programs' means are normal around their class's, which lies around the reference's;
    both and the spread are learnt, on a grid (empirical Bayes in full: every spread and mean
    weighed by its evidence). others: program, before, after.
    """
    mean, concentration = np.meshgrid(MEANS, CONCENTRATIONS, indexing="ij")
    by_program: dict[int, Floats] = {}
    for program, before, after in others:
        pair = Pair(before, after, 1.0, 0, own=False)
        chance = _log_chance(pair, mean, concentration, reference.size_slope, reference.size_centre)
        by_program[program] = by_program.get(program, np.zeros_like(mean)) + chance
    centre = _logit(np.array([reference.mean]))[0]
    total = 1 / (reference.mean * (1 - reference.mean) * (reference.between + 1))
    around = max(total - USUAL_SPREAD**2 * exp(2 * SPREAD_OF_IT**2), total / 3)
    # (class, spread) by mean: the programs' means under every hypothesis.
    away = (_logit(MEANS) - CLASSES[:, :1]) / CLASSES[:, 1:]
    of_program = np.exp(-0.5 * away**2)
    of_program /= of_program.sum(axis=1, keepdims=True)
    log_weight = -0.5 * (CLASSES[:, 0] - centre) ** 2 / around
    log_weight = log_weight - 0.5 * (np.log(CLASSES[:, 1] / USUAL_SPREAD) / SPREAD_OF_IT) ** 2
    evidence = log_weight[:, None] + _steadiness(reference.within, 0.6, CONCENTRATIONS)
    for chance in by_program.values():
        top = chance.max()
        evidence = evidence + np.log(of_program @ np.exp(chance - top) + 1e-300) + top
    weight = np.exp(evidence - evidence.max())
    found: Floats = np.log(of_program.T @ weight + 1e-300)
    return found


def _log_chance(
    pair: Pair, mean: Floats, concentration: Floats, slope: float, centre: float
) -> Floats:
    share = mean
    if slope:
        share = _expit(_logit(mean) + slope * log(pair.before / centre))
    return _log_beta_binomial(min(pair.after, pair.before), pair.before, share, concentration)


def _even(means: Floats) -> Floats:
    """The grid is even in the logit, so a density in the share carries the factor m(1 - m)."""
    found: Floats = (np.log(means) + np.log1p(-means))[:, None]
    return found


def _steadiness(usual: float, spread: float, concentrations: Floats) -> Floats:
    """Log-normal around the usual concentration, shape (1, c)."""
    found: Floats = -0.5 * (np.log(concentrations / usual) / spread)[None, :] ** 2
    return found


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
    sizes = zip(numbers.tolist(), weights.tolist(), strict=True)
    shared: list[tuple[Floats, Floats]] | None = None
    if not rate.slope:
        shared = [
            (
                gammaln(up + a) - log_factorial - gammaln(a),
                gammaln(up + b) - log_factorial - gammaln(b),
            )
            for a, b in rate.betas_at(1.0)
        ]
    for number, weight in sizes:
        end = number + 1
        for index, (a, b) in enumerate(rate.betas_at(number)):
            if shared is not None:
                gone_on, stayed = shared[index][0][:end], shared[index][1][:end]
            else:
                gone_on = gammaln(up[:end] + a) - log_factorial[:end] - gammaln(a)
                stayed = gammaln(up[:end] + b) - log_factorial[:end] - gammaln(b)
            scale = log_factorial[number] - gammaln(number + a + b) + gammaln(a + b)
            part = weight * float(rate.weights[index])
            total[:end] += part * np.exp(gone_on + stayed[::-1] + scale)
    return Counts.of(total)


def _log_beta_binomial(after: int, before: int, mean: Floats, concentration: Floats) -> Floats:
    a, b = mean * concentration, (1 - mean) * concentration
    return (
        gammaln(after + a)
        + gammaln(before - after + b)
        - gammaln(before + concentration)
        + gammaln(concentration)
        - gammaln(a)
        - gammaln(b)
    )


def with_walk_ins(expected: Counts, own_pairs: Sequence[Pair]) -> Counts:
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


def _logit(share: Floats) -> Floats:
    return np.log(share / (1 - share))


def _expit(value: Floats) -> Floats:
    return 1 / (1 + np.exp(-value))
