"""Will it be reached? A target against a forecast of its metric with the metric's own noise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from almanac.core.metrics import local_level
from almanac.core.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]

DRAWS = 4000
FEWEST = 6
"""Values before anything is said of the course."""
CLEAR = 0.8
"""Ahead or behind is said from this chance on; it is wrong as often as it leaves open."""
WIDE = 1.0
"""A range wider than what is left to reach says nothing between the two."""
ANSCOMBE = 0.375
ORIGINS, PAST_DRAWS = 8, 400
WIDTH_WEIGHT = 2.0
"""A series' own past forecasts widen or narrow as if so many neutral ones had been seen before."""
WIDER = 1.25
"""What is not yet known of a series makes it wider than the model says."""
NINETIETH = 1.2816
FURTHEST = 4.0


class SeriesKind(StrEnum):
    """What a metric's values are: amounts of a period that add up, a level that
    stands, or a share or mean of each period anew."""

    FLOW = "flow"
    STOCK = "stock"
    RATE = "rate"


class Course(StrEnum):
    REACHED = "reached"
    AHEAD = "ahead"
    ON_COURSE = "on_course"
    BEHIND = "behind"
    CANNOT_TELL = "cannot_tell"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class TargetOutlook:
    """Where a target stands. so_far: of a flow the sum since the start, of a stock its last value;
    low, middle, high: what it comes to by the end, 80 %; chance: that the target is reached; pace:
    by period so far; needed: by period from now on."""

    course: Course
    so_far: float | None = None
    low: float | None = None
    middle: float | None = None
    high: float | None = None
    chance: float | None = None
    pace: float | None = None
    needed: float | None = None
    periods_left: int = 0
    refusal: Refusal | None = None


def outlook(
    history: Sequence[float | None],
    since: int,
    ahead: int,
    target: float,
    *,
    kind: SeriesKind,
    counts: bool,
    upward: bool = True,
    seed: int = 0,
) -> TargetOutlook:
    """history: one value a period up to now, None where missing; since: index of the first period
    that counts towards the target; ahead: periods left; counts: whole things, never below 0.

    upward: whether more is better. A flow with missing periods since the start is refused, as its
    sum is not known.
    """
    values = [None if value is None else float(value) for value in history]
    known = [value for value in values if value is not None]
    so_far = _so_far(values, since, kind)
    if so_far is None:
        return TargetOutlook(
            Course.CANNOT_TELL, periods_left=ahead, refusal=Refusal.MISSING_PERIODS
        )
    if ahead <= 0:
        done = so_far >= target if upward else so_far <= target
        course = Course.REACHED if done else Course.MISSED
        return TargetOutlook(course, so_far, so_far, so_far, so_far, 1.0 if done else 0.0)
    if kind is SeriesKind.FLOW and so_far >= target and upward:
        return TargetOutlook(Course.REACHED, so_far, chance=1.0, periods_left=ahead)
    pace = _pace(values, kind)
    needed = (target - so_far) / ahead
    if len(known) < FEWEST:
        return TargetOutlook(
            Course.CANNOT_TELL,
            so_far,
            pace=pace,
            needed=needed,
            periods_left=ahead,
            refusal=Refusal.TOO_FEW_VALUES,
        )
    ends = so_far + final_change(values, ahead, kind=kind, counts=counts, seed=seed)
    low, middle, high = (float(found) for found in np.quantile(ends, [0.1, 0.5, 0.9]))
    chance = float(np.mean(ends >= target if upward else ends <= target))
    return TargetOutlook(
        _course(chance, high - low, abs(target - so_far)),
        so_far,
        low,
        middle,
        high,
        chance,
        pace,
        needed,
        ahead,
    )


def final_change(
    values: Sequence[float | None],
    ahead: int,
    *,
    kind: SeriesKind,
    counts: bool,
    seed: int = 0,
    draws: int = DRAWS,
) -> Floats:
    """Draws of what the next periods add: their sum, or the change of a level. Shape (draws,)."""
    if kind is SeriesKind.RATE:
        return _rate_change(values, ahead, np.random.default_rng(seed), draws)
    series = list(values) if kind is SeriesKind.FLOW else _steps(values)
    if kind is SeriesKind.STOCK:
        # It has been going on since it was last measured.
        ahead += next((gap for gap, v in enumerate(reversed(values)) if v is not None), 0)
    scale = _Scale(counts and kind is SeriesKind.FLOW, kind is SeriesKind.FLOW)
    found = _change(series, ahead, scale, np.random.default_rng(seed), draws)
    width = _own_width(series, ahead, scale)
    middle = float(np.median(found))
    moved = middle + width * (found - middle)
    return scale.floored(moved, series)


def _rate_change(
    values: Sequence[float | None], ahead: int, random: np.random.Generator, draws: int
) -> Floats:
    """The last period's value against the latest: its level drifts, its noise does not add up."""
    latest = next(value for value in reversed(values) if value is not None)
    ends = local_level.fit(list(values)).paths(ahead, draws, random)[:, -1]
    middle = float(np.median(ends))
    return middle + np.sqrt(WIDER) * (ends - middle) - latest


@dataclass(frozen=True, slots=True)
class _Scale:
    """rooted: counts are seen by their square roots; sums: whether values add up."""

    rooted: bool
    sums: bool

    def floored(self, changes: Floats, series: Sequence[float | None]) -> Floats:
        """What never was below nothing adds nothing at the least."""
        below = any(value is not None and value < 0 for value in series)
        return changes if below or not self.sums else np.maximum(changes, 0.0)


def _change(
    series: Sequence[float | None],
    ahead: int,
    scale: _Scale,
    random: np.random.Generator,
    draws: int,
) -> Floats:
    seen = [None if v is None else _root(v) if scale.rooted else v for v in series]
    paths = local_level.fit(seen).paths(ahead, draws, random)
    if scale.rooted:
        paths = _unroot(paths)
    return paths.sum(axis=1)


def _own_width(series: Sequence[float | None], ahead: int, scale: _Scale) -> float:
    """Factor on the width, from how far off forecasts of this series' own past would have been.

    Rolling origin, horizons like the one asked for; shrunk, as they overlap and are few.
    """
    horizon = max(1, min(ahead, len(series) // 4))
    last = len(series) - horizon
    first = max(FEWEST, len(series) // 3)
    if last <= first:
        return 1.0
    origins = np.unique(np.linspace(first, last, ORIGINS).astype(int))
    squares = 0.0
    number = 0
    random = np.random.default_rng(1)
    for origin in origins:
        came = series[origin : origin + horizon]
        told = series[:origin]
        if any(v is None for v in came) or sum(v is not None for v in told) < FEWEST:
            continue
        draws = _change(told, horizon, scale, random, PAST_DRAWS)
        low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9])
        off = sum(v for v in came if v is not None) - middle
        half = max(float(high - middle if off > 0 else middle - low), 1e-9)
        squares += min((off / half * NINETIETH) ** 2, FURTHEST**2)
        number += 1
    return float(np.sqrt((WIDTH_WEIGHT * WIDER + squares) / (WIDTH_WEIGHT + number)))


def _so_far(values: Sequence[float | None], since: int, kind: SeriesKind) -> float | None:
    if kind is not SeriesKind.FLOW:
        return next((value for value in reversed(values) if value is not None), None)
    counted = values[since:]
    if any(value is None for value in counted):
        return None
    return float(sum(value for value in counted if value is not None))


def _pace(values: Sequence[float | None], kind: SeriesKind) -> float | None:
    """By period, over the latest dozen."""
    series = values if kind is SeriesKind.FLOW else _steps(values)
    lately = [value for value in series[-12:] if value is not None]
    return sum(lately) / len(lately) if lately else None


def _steps(values: Sequence[float | None]) -> list[float | None]:
    """Change from one period to the next; over a gap it is spread evenly."""
    steps: list[float | None] = []
    last: tuple[int, float] | None = None
    for place, value in enumerate(values):
        if value is None:
            continue
        if last is not None:
            gap = place - last[0]
            steps.extend([(value - last[1]) / gap] * gap)
        last = (place, value)
    return steps


def _course(chance: float, width: float, left: float) -> Course:
    if chance >= CLEAR:
        return Course.AHEAD
    if chance <= 1 - CLEAR:
        return Course.BEHIND
    return Course.CANNOT_TELL if width > WIDE * left else Course.ON_COURSE


def _root(value: float) -> float:
    """Twice the square root, after which counts vary alike whatever their size (Anscombe 1948)."""
    return float(2 * np.sqrt(max(value, 0.0) + ANSCOMBE))


def _unroot(values: Floats) -> Floats:
    return np.maximum(np.maximum(values, 0.0) ** 2 / 4 - ANSCOMBE, 0.0)
