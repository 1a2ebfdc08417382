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
NO_SLOPE = 0.5
"""Half a chance of no trend at all; otherwise its change over the whole series is normal, with this sd in
the series' own sds: a straight line has 3.46."""
SLOPE_SPREAD = 1.5
TAILS = 3
"""Steps of the level have a t distribution's tails, so that a break now and then is no surprise."""
DAMPING, DAMPING_SPREAD = 0.993, 0.015
LEAST_DAMPING, MOST_DAMPING = 0.9, 0.999
"""By period: a trend goes on, but never for ever; how long is not known. Near 1, so that the line a series
is on is reached about as often as not."""
BEYOND = 0.85
FIRST_LEVEL = 10.0
ON = np.array([[1.0, 1.0], [0.0, 1.0]])
"""A period later the level has moved by the slope."""


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
    """What a series says of its level now, in standard units. weights, noise, drift: (g,) of each grid
    point; state: (g, 2) means of the level after the last value and of the slope; spread: (g, 2, 2) their
    covariance; centre, scale: to undo the units; evidence: log density of the values, up to what all
    series of one length share.
    """

    weights: Floats
    noise: Floats
    drift: Floats
    state: Floats
    spread: Floats
    centre: float
    scale: float
    known: int
    evidence: float = 0.0

    def paths(self, parts: Floats, draws: int, random: np.random.Generator) -> Floats:
        """Draws of the next values, shape (draws, periods). parts: how much of each period is drawn;
        of a part the noise of one value is larger, as less of it evens out."""
        ahead = len(parts)
        pick = random.choice(len(self.weights), draws, p=self.weights)
        normal = random.standard_normal((draws, 2))
        start, slope = (self.state[pick] + _correlated(self.spread[pick], normal)).T
        steps = self.drift[pick][:, None] * random.standard_t(TAILS, (draws, ahead))
        lasting = random.normal(DAMPING, DAMPING_SPREAD, (draws, 1))
        lasting = np.clip(lasting, LEAST_DAMPING, MOST_DAMPING)
        # What was seen for ten periods says little of a trend after ten more.
        fading = np.where(np.arange(ahead) < self.known, 1.0, BEYOND) * lasting
        trend = slope[:, None] * np.cumsum(np.cumprod(fading, axis=1), axis=1)
        levels = start[:, None] + np.cumsum(steps, axis=1) + trend
        noise = self.noise[pick][:, None] / np.sqrt(parts)
        values = levels + noise * random.standard_normal((draws, ahead))
        return self.centre + self.scale * values


def fit(
    values: Sequence[float | None], prior: LevelPrior = USUAL, least: float = 0.0
) -> LocalLevel:
    """values: one a period, None where missing; at least two known ones; least: sd of the noise of one
    value that is there whatever the values say."""
    series = np.array([np.nan if value is None else value for value in values], dtype=float)
    known = series[~np.isnan(series)]
    if len(known) < 2:
        raise ValueError("a level takes two values at least")
    centre = float(known.mean())
    scale = max(float(known.std(ddof=1)), least) or max(abs(centre) * 0.05, 1e-6)
    grid = np.meshgrid(NOISES, DRIFTS, [0.0, SLOPE_SPREAD / len(series)], indexing="ij")
    noise, drift, slope = (found.ravel() for found in grid)
    logs = _log_prior(noise, drift, prior) + np.log(np.where(slope > 0, 1 - NO_SLOPE, NO_SLOPE))
    noise = np.hypot(noise, least / scale)
    state = np.zeros((len(noise), 2))
    spread = np.zeros((len(noise), 2, 2))
    spread[:, 0, 0], spread[:, 1, 1] = FIRST_LEVEL, slope**2
    for value in (series - centre) / scale:
        state = state @ ON.T
        spread = ON @ spread @ ON.T
        spread[:, 0, 0] += drift**2
        if np.isnan(value):
            continue
        total = spread[:, 0, 0] + noise**2
        error = value - state[:, 0]
        logs = logs - 0.5 * (np.log(total) + error**2 / total)
        gain = spread[:, :, 0] / total[:, None]
        state = state + gain * error[:, None]
        spread = spread - gain[:, :, None] * spread[:, None, 0, :]
    weights = np.exp(logs - logs.max())
    evidence = float(logs.max() + np.log(weights.sum()) - len(known) * np.log(scale))
    return LocalLevel(
        weights / weights.sum(), noise, drift, state, spread, centre, scale, len(known), evidence
    )


def _correlated(spread: Floats, normal: Floats) -> Floats:
    """Draws with these covariances, (n, 2, 2), of which any part may be nothing, from standard normals."""
    first = np.sqrt(np.maximum(spread[:, 0, 0], 1e-18))
    across = spread[:, 0, 1] / first
    rest = np.sqrt(np.maximum(spread[:, 1, 1] - across**2, 0.0))
    return np.stack([first * normal[:, 0], across * normal[:, 0] + rest * normal[:, 1]], axis=1)


def _log_prior(noise: Floats, drift: Floats, prior: LevelPrior) -> Floats:
    """Inverse-gamma on both variances, on a grid even in their logs."""
    found = _inverse_gamma(noise, prior.noise**0.5, prior.noise_weight)
    return found + _inverse_gamma(drift, prior.drift, prior.drift_weight)


def _inverse_gamma(sd: Floats, usual: float, weight: float) -> Floats:
    return -weight * np.log(sd) - 0.5 * weight * usual**2 / sd**2 + weight * log(usual)
