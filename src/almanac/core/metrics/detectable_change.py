"""How far a metric must move before the move means anything, from its own past alone.

The mean of some weeks against the mean before them: a t interval whose error is inflated for
autocorrelation (finite AR(1), methods of interrupted series), on a scale where the noise is even.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

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
ANSCOMBE = 0.375
YEAR_WEEKS = 52.18
SHORT = 1.25
"""Less than a year of history has not seen every season: the card is this much wider."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """After so many weeks: what the weekly mean must fall below, or rise above, to be believed."""

    weeks: int
    below: float | None
    above: float
    usual: float
    """What those weeks would have without a change: by the season, where one is known."""

    @property
    def share(self) -> float | None:
        """The rise as a share of the usual value."""
        return self.above / self.usual - 1 if self.usual > 0 else None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """usual: the weekly mean, at this time of the year where there is a season; noise: sd of one week; autocorrelation: of neighbouring
    weeks, as used; wide: whether history is short, so that thresholds are wider."""

    usual: float
    noise: float
    autocorrelation: float
    weeks: int
    missing: int
    thresholds: tuple[Threshold, ...]
    wide: bool
    refusal: Refusal | None = None


def sensitivity(weekly: Sequence[float | None], *, counts: bool) -> Sensitivity:
    """The card of one metric. weekly: one value a week, None where missing; counts: whole things
    that are never below 0, seen by their square roots."""
    series = np.array([np.nan if v is None else v for v in weekly[-LATEST:]], dtype=float)
    known = series[~np.isnan(series)]
    missing = int(np.isnan(series).sum())
    if len(known) < FEWEST:
        return _refused(known, missing, Refusal.TOO_FEW_VALUES)
    if np.ptp(known) == 0:
        return _refused(known, missing, Refusal.NEVER_VARIED)
    scaled = _root(series) if counts else series
    wave = _wave(scaled)
    left = scaled - wave.design @ wave.beta
    r = _autocorrelation(left)
    noise = float(np.nanstd(known, ddof=1))
    if r > MOST_AUTOCORRELATION:
        return Sensitivity(
            float(known.mean()),
            noise,
            r,
            len(known),
            missing,
            (),
            wide=True,
            refusal=Refusal.DRIFTS,
        )
    wide = len(known) < FULL_YEAR
    # What was never below 0 cannot fall below it, so no such fall is worth waiting for.
    lowest = 0.0 if known.min() >= 0 else -np.inf
    found = tuple(_threshold(left, wave, r, weeks, wide, counts, lowest) for weeks in HORIZONS)
    usual = found[0].usual if len(wave.beta) > 1 else float(known.mean())
    return Sensitivity(usual, noise, r, len(known), missing, found, wide)


def _refused(known: Floats, missing: int, refusal: Refusal) -> Sensitivity:
    usual = float(known.mean()) if len(known) else 0.0
    return Sensitivity(usual, 0.0, 0.0, len(known), missing, (), wide=True, refusal=refusal)


def _threshold(
    left: Floats, wave: _Wave, r: float, weeks: int, wide: bool, counts: bool, lowest: float
) -> Threshold:
    n = int((~np.isnan(left)).sum())
    used = len(wave.beta)
    coming = _design(len(left) + np.arange(weeks), used > 1).mean(axis=0)
    after = _inflation(r, weeks)
    # What is uncertain of the mean, and of the season it is compared with, in the past.
    before = float(coming @ wave.inverse @ coming) * _inflation(r, n) * n
    # What autocorrelation hides of the variance around an estimated mean is put back.
    spread = float(np.nansum(left**2)) / max(n - used, 2) / max(1 - _inflation(r, n), 0.2)
    free = max(4.0, (n - used) * (1 - r) / (1 + r))
    error = sqrt(spread * (after + before)) * float(stdtrit(free, 1 - LEVEL / 2))
    if wide:
        error *= SHORT
    centre = float(coming @ wave.beta)
    if not counts:
        fall = centre - error
        return Threshold(weeks, fall if fall > lowest else None, centre + error, centre)
    # The mean of roots is below the root of the mean; both ends are moved by what that is.
    lift = float(np.nanvar(left)) / 4
    low, high = (
        float(_unroot(np.array([max(end, 0.0)]))[0]) for end in (centre - error, centre + error)
    )
    below = low + lift if centre - error > _floor() else None
    usual = float(_unroot(np.array([max(centre, 0.0)]))[0]) + lift
    return Threshold(weeks, below, high + lift, usual)


def _floor() -> float:
    return 2 * sqrt(ANSCOMBE)


def _inflation(r: float, n: int) -> float:
    """Variance of the mean of n neighbours of an AR(1) series, in units of one value's."""
    if n == 0:
        return 1.0
    lags = np.arange(1, n)
    return float((1 + 2 * np.sum((1 - lags / n) * r**lags)) / n)


def _autocorrelation(left: Floats) -> float:
    """Lag-one, from neighbouring weeks that are both known; put right for its bias, and leaning to
    the safe side by its own error."""
    both = ~np.isnan(left[1:]) & ~np.isnan(left[:-1])
    n = int(both.sum())
    if n < FEWEST // 2:
        return 0.5
    variance = float(np.nanmean(left**2))
    r = float(np.mean(left[1:][both] * left[:-1][both])) / variance if variance else 0.0
    return float(np.clip(r + (1 + 3 * r) / n + 1 / sqrt(n), 0.0, 0.95))


@dataclass(frozen=True, slots=True)
class _Wave:
    """The usual value and, where two years are known, one yearly wave; inverse: of X'X."""

    design: Floats
    beta: Floats
    inverse: Floats


def _design(weeks: NDArray[np.int64], seasonal: bool) -> Floats:
    columns = [np.ones(len(weeks))]
    if seasonal:
        angle = 2 * np.pi * weeks / YEAR_WEEKS
        columns += [np.sin(angle), np.cos(angle)]
    return np.stack(columns, axis=1)


def _wave(scaled: Floats) -> _Wave:
    where = ~np.isnan(scaled)
    design = _design(np.arange(len(scaled)), int(where.sum()) >= 2 * FULL_YEAR)
    inverse: Floats = np.linalg.inv(design[where].T @ design[where]).astype(np.float64)
    beta = inverse @ design[where].T @ scaled[where]
    return _Wave(design, beta, inverse)


def _root(values: Floats) -> Floats:
    return 2 * np.sqrt(np.maximum(values, 0.0) + ANSCOMBE)


def _unroot(values: Floats) -> Floats:
    return values**2 / 4 - ANSCOMBE


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
