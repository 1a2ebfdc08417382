"""What a series comes to: draws of the sum of coming periods, or of the change of what stands.

A level that drifts with a trend that dies down (local_level.py), on the scale on which the series is
even: as it is, by the square roots of counts, or by logs where it grows by a rate, whichever the series is likelier
under. Single spikes are pulled in. How wide it must be is learnt from how forecasts of the series' own past would have done.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from almanac.core.metrics import local_level
from almanac.core.metrics.roots import ANSCOMBE, root, unroot
from almanac.core.metrics.spikes import spikes

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]

DRAWS = 4000
FEWEST = 6
"""Values before anything is said of the course."""
ORIGINS, PAST_DRAWS = 8, 400
WIDTH_WEIGHT = 2.0
"""A series' own past forecasts widen or narrow as if so many neutral ones had been seen before."""
WIDER = 1.25
"""What is not yet known of a series makes it wider than the model says."""
NINETIETH = 1.2816
FURTHEST = 4.0
RARE = 0.34
"""Counts of fewer a period come one by one (a gamma-Poisson), and have no trend to speak of."""
RARE_WEIGHT = 1.0
LATELY = 24
EDGE = 3.5
"""A spike teaches no more than a value so many sds off."""
LEAST_STEP = 0.003
"""What stands changes by a share like this of itself a period, even where it never has."""
LEAST_ROOT = 0.5
"""Counts vary at least half as much as chance alone makes them: some are planned, like posts."""


class SeriesKind(StrEnum):
    """What a metric's values are: amounts of a period that add up, a level that
    stands, or a share or mean of each period anew."""

    FLOW = "flow"
    STOCK = "stock"
    RATE = "rate"


def final_change(
    values: Sequence[float | None],
    parts: Sequence[float],
    *,
    kind: SeriesKind,
    counts: bool,
    seed: int = 0,
    draws: int = DRAWS,
) -> Floats:
    """Draws of what the coming periods add: their sum, or the change of a level. Shape (draws,).

    values: whole periods; parts: how much of each coming period is still to come, 1 for a whole one.
    """
    random = np.random.default_rng(seed)
    if kind is SeriesKind.RATE:
        return _rate_change(values, len(parts), random, draws)
    lasting = np.asarray(parts, dtype=float)
    series = list(values) if kind is SeriesKind.FLOW else steps(values)
    counted = counts and kind is SeriesKind.FLOW
    if counted and (rare := _rare(series, float(lasting.sum()), random, draws)) is not None:
        return rare
    least = 0.0
    if kind is SeriesKind.STOCK:
        least = LEAST_STEP * max((abs(value) for value in values if value is not None), default=0.0)
    scale = Scale.of(series, counted, kind is SeriesKind.FLOW, least, far=len(lasting))
    calm = scale.without_spikes(series)
    found = _change(calm, lasting, scale, random, draws)
    width = own_width(series, len(lasting), scale)
    middle = float(np.median(found))
    return scale.floored(middle + width * (found - middle), series)


def steps(values: Sequence[float | None]) -> list[float | None]:
    """Change from one period to the next; over a gap it is spread evenly."""
    found: list[float | None] = []
    last: tuple[int, float] | None = None
    for place, value in enumerate(values):
        if value is None:
            continue
        if last is not None:
            gap = place - last[0]
            found.extend([(value - last[1]) / gap] * gap)
        last = (place, value)
    return found


def steps_in_place(values: Sequence[float | None]) -> list[float | None]:
    """The same, each at the place of the period it leads to."""
    first = next((place for place, value in enumerate(values) if value is not None), 0)
    return [*(None for _ in range(first + 1)), *steps(values)]


def one_offs(values: Sequence[float | None], *, kind: SeriesKind, counts: bool) -> tuple[int, ...]:
    """Places of periods with a spike, or of what stands, with a jump that came alone."""
    if kind is SeriesKind.RATE:
        return ()
    if kind is SeriesKind.FLOW:
        return spikes(values, counts=counts)
    return spikes(steps_in_place(values), counts=False)


def _rate_change(
    values: Sequence[float | None], ahead: int, random: np.random.Generator, draws: int
) -> Floats:
    """The last period's value against the latest: its level drifts, its noise does not add up."""
    latest = next(value for value in reversed(values) if value is not None)
    ends = local_level.fit(list(values)).paths(np.ones(ahead), draws, random)[:, -1]
    middle = float(np.median(ends))
    return middle + np.sqrt(WIDER) * (ends - middle) - latest


def _rare(
    series: Sequence[float | None], left: float, random: np.random.Generator, draws: int
) -> Floats | None:
    """Counts that are few and no more uneven than chance makes them; None for others."""
    known = np.array([value for value in series[-LATELY:] if value is not None])
    if not len(known) or known.mean() > RARE or known.var() > 2 * known.mean() + 0.5:
        return None
    rates = random.gamma(RARE_WEIGHT + known.sum(), 1 / len(known), draws)
    return random.poisson(rates * left).astype(float)


@dataclass(frozen=True, slots=True)
class Scale:
    """How a series is seen: "plain", "root" or "log"; sums: whether values add up; least: the smallest
    sd of one value, as it is seen; whole: whether they are counts."""

    name: str
    sums: bool
    least: float = 0.0
    whole: bool = False

    @classmethod
    def of(
        cls,
        series: Sequence[float | None],
        counts: bool,
        sums: bool,
        least: float = 0.0,
        far: int = 0,
    ) -> Scale:
        """far: how many periods ahead; nothing grows by a rate for longer than was seen of it."""
        if not counts:
            return cls("plain", sums, least)
        known = [value for value in series if value is not None]
        root = cls("root", sums, LEAST_ROOT, whole=True)
        if min(known, default=0.0) < 1:
            return root
        usual = float(np.sqrt(np.median(known)))
        seen = [root, cls("plain", sums, LEAST_ROOT * usual, whole=True)]
        if far <= 1 + len(known) / 2:
            seen.append(cls("log", sums, LEAST_ROOT / usual, whole=True))
        return max(seen, key=lambda scale: scale.evidence(series))

    def seen(self, series: Sequence[float | None]) -> list[float | None]:
        return [None if value is None else self.see(value) for value in series]

    def see(self, value: float) -> float:
        if self.name == "root":
            return float(root(np.array(value)))
        return float(np.log(value)) if self.name == "log" else value

    def undone(self, values: Floats) -> Floats:
        if self.name == "root":
            return np.maximum(unroot(values), 0.0)
        return np.exp(np.minimum(values, 50.0)) if self.name == "log" else values

    def evidence(self, series: Sequence[float | None]) -> float:
        """Log density of the series, of its own values and not of how they are seen."""
        known = np.array([value for value in series if value is not None])
        if len(known) < FEWEST:
            return -np.inf
        slopes = {"log": 1 / known, "root": 1 / np.sqrt(known + ANSCOMBE), "plain": np.ones(1)}
        return self.fit(series).evidence + float(np.log(slopes[self.name]).sum())

    def fit(self, series: Sequence[float | None]) -> local_level.LocalLevel:
        return local_level.fit(self.seen(series), least=self.least)

    def without_spikes(self, series: Sequence[float | None]) -> list[float | None]:
        """The same with each spike pulled to the edge of what is usual."""
        found = spikes(series, counts=self.whole)
        rest = [v for n, v in enumerate(self.seen(series)) if v is not None and n not in found]
        if not found:
            return list(series)
        middle, sd = float(np.median(rest)), max(float(np.std(rest)), self.least)
        calm = list(series)
        for place in found:
            value = self.see(series[place] or 0.0)
            pulled = middle + float(np.clip(value - middle, -EDGE * sd, EDGE * sd))
            calm[place] = float(self.undone(np.array([pulled]))[0])
        return calm

    def floored(self, changes: Floats, series: Sequence[float | None]) -> Floats:
        """What never was below nothing adds nothing at the least."""
        below = any(value is not None and value < 0 for value in series)
        return changes if below or not self.sums else np.maximum(changes, 0.0)


def _change(
    series: Sequence[float | None],
    parts: Floats,
    scale: Scale,
    random: np.random.Generator,
    draws: int,
) -> Floats:
    paths = scale.fit(series).paths(parts, draws, random)
    whole: Floats = scale.undone(paths) @ parts
    return whole


def own_width(series: Sequence[float | None], ahead: int, scale: Scale) -> float:
    """Factor on the width, from how far off forecasts of this series' own past would have been.

    Rolling origin, horizons like the one asked for; shrunk, as they overlap and are few.
    """
    horizon = max(1, min(ahead, len(series) // 4))
    last = len(series) - horizon
    first = max(FEWEST, len(series) // 3)
    if last <= first:
        return float(np.sqrt(WIDER))
    origins = np.unique(np.linspace(first, last, ORIGINS).astype(int))
    squares = 0.0
    number = 0
    random = np.random.default_rng(1)
    for origin in origins:
        came = series[origin : origin + horizon]
        told = series[:origin]
        if any(v is None for v in came) or sum(v is not None for v in told) < FEWEST:
            continue
        draws = _change(scale.without_spikes(told), np.ones(horizon), scale, random, PAST_DRAWS)
        low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9])
        off = sum(v for v in came if v is not None) - middle
        half = max(float(high - middle if off > 0 else middle - low), 1e-9)
        squares += min((off / half * NINETIETH) ** 2, FURTHEST**2)
        number += 1
    return float(np.sqrt((WIDTH_WEIGHT * WIDER + squares) / (WIDTH_WEIGHT + number)))
