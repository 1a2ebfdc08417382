"""A level that drifts under noise, with both unknown: the local-level model on an exact grid.

Harvey 1989, chapter 2, with the two standard deviations summed over instead of estimated, so that
ranges hold what is not known of them. Missing values are missing, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]

NOISES = np.geomspace(0.03, 1.6, 14)
DRIFTS = np.geomspace(0.003, 1.2, 14)
"""Standard deviations in units of the series' own; drift is by period."""
SLOPES = np.linspace(-3.6, 3.6, 13)
"""Change over the whole of the series, in its own sds: a straight line has 3.46."""
NO_SLOPE = 0.5
SLOPE_SPREAD = 1.5
TAILS = 3
"""Steps of the level have a t distribution's tails, so that a break now and then is no surprise."""
DAMPING = 0.97
"""By period: a trend goes on, but never for ever."""
FIRST_LEVEL = 10.0


@dataclass(frozen=True, slots=True)
class LevelPrior:
    """noise_weight: how many observations the noise prior counts as, around noise (a share of the
    series' variance); drift_weight, drift: the same of the level's sd by period."""

    noise: float = 0.8
    noise_weight: float = 2.0
    drift: float = 0.06
    drift_weight: float = 0.3


USUAL = LevelPrior()


@dataclass(frozen=True, slots=True)
class LocalLevel:
    """What a series says of its level now. weights: (g,) of each grid point; level, spread: mean
    and variance of the level after the last value, in standard units; centre, scale: to undo them.
    """

    weights: Floats
    noise: Floats
    drift: Floats
    slope: Floats
    level: Floats
    spread: Floats
    centre: float
    scale: float
    known: int

    def paths(self, ahead: int, draws: int, random: np.random.Generator) -> Floats:
        """Draws of the next `ahead` values, shape (draws, ahead)."""
        pick = random.choice(len(self.weights), draws, p=self.weights)
        start = self.level[pick] + np.sqrt(self.spread[pick]) * random.standard_normal(draws)
        steps = self.drift[pick][:, None] * random.standard_t(TAILS, (draws, ahead))
        trend = self.slope[pick][:, None] * np.cumsum(DAMPING ** np.arange(1, ahead + 1))
        levels = start[:, None] + np.cumsum(steps, axis=1) + trend
        values = levels + self.noise[pick][:, None] * random.standard_normal((draws, ahead))
        return self.centre + self.scale * values


def fit(values: Sequence[float | None], prior: LevelPrior = USUAL) -> LocalLevel:
    """values: one a period, None where missing; at least two known ones."""
    series = np.array([np.nan if value is None else value for value in values], dtype=float)
    known = series[~np.isnan(series)]
    if len(known) < 2:
        raise ValueError("a level takes two values at least")
    centre = float(known.mean())
    scale = float(known.std(ddof=1)) or max(abs(centre) * 0.05, 1e-6)
    slopes = SLOPES / len(series)
    grid = np.meshgrid(NOISES, DRIFTS, slopes, indexing="ij")
    noise, drift, slope = (found.ravel() for found in grid)
    logs = _log_prior(noise, drift, prior) + np.tile(_log_slopes(), len(NOISES) * len(DRIFTS))
    level = np.zeros(len(noise))
    spread = np.full(len(noise), FIRST_LEVEL)
    for value in (series - centre) / scale:
        level = level + slope
        spread = spread + drift**2
        if np.isnan(value):
            continue
        total = spread + noise**2
        error = value - level
        logs = logs - 0.5 * (np.log(total) + error**2 / total)
        gain = spread / total
        level = level + gain * error
        spread = spread * (1 - gain)
    weights = np.exp(logs - logs.max())
    return LocalLevel(
        weights / weights.sum(), noise, drift, slope, level, spread, centre, scale, len(known)
    )


def _log_slopes() -> Floats:
    """Half a chance of no trend at all; the rest is normal."""
    found = np.exp(-0.5 * (SLOPES / SLOPE_SPREAD) ** 2)
    found = (1 - NO_SLOPE) * found / found.sum()
    found[len(SLOPES) // 2] += NO_SLOPE
    logs: Floats = np.log(found)
    return logs


def _log_prior(noise: Floats, drift: Floats, prior: LevelPrior) -> Floats:
    """Inverse-gamma on both variances, on a grid even in their logs."""
    found = _inverse_gamma(noise, prior.noise**0.5, prior.noise_weight)
    return found + _inverse_gamma(drift, prior.drift, prior.drift_weight)


def _inverse_gamma(sd: Floats, usual: float, weight: float) -> Floats:
    return -weight * np.log(sd) - 0.5 * weight * usual**2 / sd**2 + weight * log(usual)
