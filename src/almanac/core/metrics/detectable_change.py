"""How far a metric must move before the move means anything, from its own past alone.

The mean of some weeks against the mean before them: Student's t on the scale where the noise is even,
widened for weeks that are like each other, with single spikes left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from almanac.core.metrics.roots import LOWEST, root, unroot
from almanac.core.metrics.spikes import spikes
from almanac.core.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]

HORIZONS = (4, 8, 13)
"""Weeks after a change."""
FEWEST = 13
FULL_YEAR = 52
LATEST = 156
"""Only the latest three years speak of the noise of today."""
MOST_AUTOCORRELATION = 0.7
LEVEL = 0.05
MEMORY = 4
YEAR_WEEKS = 52.18
WIDER = 1.08
"""The weeks to come differ more from the past than the past within itself: measured by
benchmarks/sensitivity.py, where alarms without a change come to 3 to 5 in 100."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """After `weeks` weeks: bounds the weekly mean must cross to count as a change."""

    weeks: int
    below: float | None
    above: float
    usual: float
    """What those weeks would have without a change."""

    @property
    def share(self) -> float | None:
        """The rise as a share of the usual value."""
        return self.above / self.usual - 1 if self.usual > 0 else None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """usual: the weekly mean; noise: sd of one week; both without single spikes, of which one_offs are the
    places in what was given; autocorrelation: of neighbouring weeks; wide: whether less than a year is
    known, so that no season is."""

    usual: float
    noise: float
    autocorrelation: float
    weeks: int
    missing: int
    thresholds: tuple[Threshold, ...]
    wide: bool
    refusal: Refusal | None = None
    one_offs: tuple[int, ...] = ()


def sensitivity(weekly: Sequence[float | None], *, counts: bool) -> Sensitivity:
    """The card of one metric. weekly: one value a week, None where missing; counts: whole things
    that are never below 0, seen by their square roots."""
    latest = list(weekly[-LATEST:])
    alone = spikes(latest, counts=counts)
    series = np.array([np.nan if v is None else v for v in latest], dtype=float)
    missing = int(np.isnan(series).sum())
    series[list(alone)] = np.nan
    known = series[~np.isnan(series)]
    one_offs = tuple(len(weekly) - len(latest) + place for place in alone)
    usual = float(known.mean()) if len(known) else 0.0
    wide = len(known) < FULL_YEAR
    if len(known) < FEWEST or np.ptp(known) == 0:
        refusal = Refusal.TOO_FEW_VALUES if len(known) < FEWEST else Refusal.NEVER_VARIED
        return Sensitivity(usual, 0.0, 0.0, len(known), missing, (), True, refusal, one_offs)
    noise = float(known.std(ddof=1))
    scaled = root(series) if counts else series
    season = _season(scaled)
    r = _autocorrelation(scaled - season[: len(scaled)])
    if r > MOST_AUTOCORRELATION:
        refusal = Refusal.DRIFTS
        return Sensitivity(usual, noise, r, len(known), missing, (), True, refusal, one_offs)
    found = tuple(_threshold(scaled, season, r, weeks, counts) for weeks in HORIZONS)
    return Sensitivity(usual, noise, r, len(known), missing, found, wide, None, one_offs)


def _threshold(scaled: Floats, season: Floats, r: float, weeks: int, counts: bool) -> Threshold:
    left = (scaled - season[: len(scaled)])[~np.isnan(scaled)]
    n, used = len(left), 3 if season.any() else 1
    coming = float(season[len(scaled) : len(scaled) + weeks].mean())
    centre = float(left.mean()) + coming
    # Of what weeks have in common only what is more than chance makes of n is taken whole.
    sure = min(max(r - 0.2 / sqrt(n), 0.0), MOST_AUTOCORRELATION)
    spread = sqrt(float(np.sum((left - left.mean()) ** 2)) / (n - used))
    error = spread * sqrt(1 / weeks + used / n) * sqrt((1 + sure) / (1 - sure))
    reach = WIDER * error * float(stdtrit(n - used, 1 - LEVEL / 2))
    known = scaled[~np.isnan(scaled)]
    if not counts:
        fall = centre - reach
        lowest = 0.0 if known.min() >= 0 else -np.inf
        return Threshold(weeks, fall if fall > lowest else None, centre + reach, centre)
    # The mean of roots is below the root of the mean; all are moved by what that is.
    lift = spread**2 / 4
    ends = unroot(np.array([centre - reach, centre, centre + reach])) + lift
    below, usual, above = (float(end) for end in ends)
    return Threshold(weeks, below if centre - reach > LOWEST else None, above, usual)


def _season(scaled: Floats) -> Floats:
    """One yearly wave around 0, for the weeks given and the next ones; none before two years are known."""
    weeks = np.arange(len(scaled) + max(HORIZONS))
    where = np.flatnonzero(~np.isnan(scaled))
    if len(where) < 2 * FULL_YEAR:
        return np.zeros(len(weeks))
    angle = 2 * np.pi * weeks / YEAR_WEEKS
    wave = np.stack([np.ones(len(weeks)), np.sin(angle), np.cos(angle)], axis=1)
    beta = np.linalg.lstsq(wave[where], scaled[where], rcond=None)[0]
    found: Floats = wave[:, 1:] @ beta[1:]
    return found


def _autocorrelation(left: Floats) -> float:
    """Lag-one, from neighbouring weeks that are both known, and put right for its bias."""
    left = left - float(np.nanmean(left))
    both = ~np.isnan(left[1:]) & ~np.isnan(left[:-1])
    n = int(both.sum())
    if n < FEWEST // 2:
        return 0.0
    variance = float(np.nanmean(left**2))
    r = float(np.mean(left[1:][both] * left[:-1][both])) / variance if variance else 0.0
    return float(np.clip(r + (1 + 3 * r) / n, 0.0, 0.95))


@dataclass(frozen=True, slots=True)
class Moved:
    """How two metrics went together: correlation of their changes, the lag in weeks at which it
    was strongest, and the chance of one as strong among so many tries if they had nothing to do
    with each other (Bonferroni)."""

    correlation: float
    lag: int
    chance: float
    weeks: int


LAGS = 9


def _shared_memory(first: Floats, second: Floats) -> float:
    """By how much two series that remember look longer than they are (Bartlett 1946)."""
    total = 1.0
    for lag in range(1, MEMORY + 1):
        one = float(np.corrcoef(first[:-lag], first[lag:])[0, 1])
        two = float(np.corrcoef(second[:-lag], second[lag:])[0, 1])
        total += 2 * one * two
    return max(total, 1.0)


def moved_with(
    metric: Sequence[float | None], outcome: Sequence[float | None], tries: int = 1
) -> Moved | None:
    """Whether a metric has ever moved ahead of an outcome, by up to eight weeks; None with fewer
    than 43 changes of both. Changes are compared, as two things that both grow always go together.

    tries: how many metrics are asked of the same outcome.
    """
    first = np.diff(np.array([np.nan if v is None else v for v in metric], dtype=float))
    second = np.diff(np.array([np.nan if v is None else v for v in outcome], dtype=float))
    length = min(len(first), len(second))
    first, second = first[-length:], second[-length:]
    best: Moved | None = None
    for lag in range(min(LAGS, max(length - FULL_YEAR // 2, 0))):
        ahead, behind = first[: length - lag], second[lag:]
        both = ~np.isnan(ahead) & ~np.isnan(behind)
        n = int(both.sum())
        if n < FULL_YEAR - LAGS or np.ptp(ahead[both]) == 0 or np.ptp(behind[both]) == 0:
            continue
        r = float(np.corrcoef(ahead[both], behind[both])[0, 1])
        if best is None or abs(r) > abs(best.correlation):
            free = max(n / _shared_memory(ahead[both], behind[both]) - 2, 3.0)
            t = abs(r) * sqrt(free / max(1 - r**2, 1e-9))
            alone = 2 * (1 - float(stdtr(free, t)))
            best = Moved(r, lag, min(1.0, alone * LAGS * max(tries, 1)), n)
    return best
