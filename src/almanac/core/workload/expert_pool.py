"""Several ways to forecast an amount, weighed by how they have done, and widened where they erred.

Forecasts are quantiles at LEVELS. Experts are averaged by quantiles (Lichtendahl et al. 2013) with
weights that follow their CRPS; levels are then bent to what past outcomes say of them (conformal
recalibration, Kuleshov et al. 2018). Nothing is learnt from an outcome before it is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]

LEVELS: Floats = (np.arange(200) + 0.5) / 200
EAGERNESS = 80.0
"""How fast weight goes to whoever did better: by mean CRPS, as a share of the best."""
MEMORY = 0.99
"""By outcome: what was long ago counts less."""
RECENT = 250
DOUBT = 80.0
"""Calibration is bent only as far as so many imagined right outcomes allow."""


def crps(quantiles: Floats, observed: Floats | float) -> Floats:
    """Continuous ranked probability score from quantiles at LEVELS along the last axis, in the
    unit of the outcome: twice the mean pinball loss (Gneiting & Raftery 2007)."""
    y = np.asarray(observed, dtype=float)[..., None]
    loss = np.where(y >= quantiles, LEVELS * (y - quantiles), (1 - LEVELS) * (quantiles - y))
    return 2 * loss.mean(axis=-1)


def sample_crps(sample: Floats, observed: float) -> float:
    """The same of an equally weighted sample, exactly."""
    ordered = np.sort(sample)
    n = len(ordered)
    spread = float(((2 * np.arange(1, n + 1) - n - 1) * ordered).sum()) / n**2
    return float(np.abs(ordered - observed).mean()) - spread


def weighted_quantiles(values: Floats, weights: Floats, levels: Floats = LEVELS) -> Floats:
    """Quantiles of a weighted sample, by linear interpolation between its middle ranks."""
    order = np.argsort(values, kind="stable")
    ordered, mass = values[order], weights[order]
    ranks = (np.cumsum(mass) - mass / 2) / mass.sum()
    return np.interp(levels, ranks, ordered)


def between(quantiles: Floats, observed: float, uniform: float) -> tuple[float, float, float]:
    """P(Y < observed), P(Y ≤ observed) and the PIT randomised by `uniform` of a forecast whose
    quantiles are at LEVELS: mass where quantiles are equal, straight lines between."""
    below = _below(quantiles, observed, strictly=True)
    upto = max(_below(quantiles, observed, strictly=False), below)
    return below, upto, below + uniform * (upto - below)


def _below(quantiles: Floats, value: float, *, strictly: bool) -> float:
    place = int(np.searchsorted(quantiles, value, side="left" if strictly else "right"))
    if place == 0:
        # Half a step of mass lies below the lowest quantile, and half above the highest.
        return 0.0 if value < quantiles[0] else float(LEVELS[0] / 2)
    if place == len(quantiles):
        return 1.0 if value > quantiles[-1] else 1 - float(LEVELS[0] / 2)
    low, high = quantiles[place - 1], quantiles[place]
    if value <= low or high <= low:
        return float(LEVELS[place - 1])
    return float(
        LEVELS[place - 1] + (value - low) / (high - low) * (LEVELS[place] - LEVELS[place - 1])
    )


@dataclass(slots=True)
class Pool:
    """What is known of `experts` forecasters from the outcomes so far."""

    experts: int
    trust: tuple[float, ...] = ()
    """How far each is believed before it has said anything; alike where this is empty."""
    scores: Floats = field(init=False)
    seen: float = 0.0
    pits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scores = np.zeros(self.experts)

    @property
    def weights(self) -> Floats:
        """(experts,), summing to one."""
        believed = np.array(self.trust or [1.0] * self.experts)
        if not self.seen:
            start: Floats = believed / believed.sum()
            return start
        mean = self.scores / self.seen
        best = max(float(mean.min()), 1e-12)
        known = self.seen / (self.seen + 10)
        raised = believed * np.exp(-EAGERNESS * known * (mean / best - 1))
        return raised / raised.sum()

    def forecast(self, each: Floats) -> Floats:
        """Quantiles at LEVELS from those of each expert, (experts, 200)."""
        return self._bent(np.sort(self.weights @ each))

    def _bent(self, pooled: Floats) -> Floats:
        if not self.pits:
            return pooled
        recent = np.array(self.pits[-RECENT:])
        right = (np.arange(int(DOUBT)) + 0.5) / DOUBT
        ordered = np.sort(np.concatenate([recent, right]))
        levels = np.interp(LEVELS, (np.arange(len(ordered)) + 0.5) / len(ordered), ordered)
        return _at(pooled, levels)

    def learn(self, each: Floats, observed: float, uniform: float) -> None:
        """Take in an outcome and what each expert had said of it."""
        pooled = np.sort(self.weights @ each)
        self.pits.append(between(pooled, observed, uniform)[2])
        self.scores = MEMORY * self.scores + crps(each, observed)
        self.seen = MEMORY * self.seen + 1


def _at(quantiles: Floats, levels: Floats) -> Floats:
    """A forecast at other levels; beyond the outermost its last steps go on."""
    inner = np.interp(levels, LEVELS, quantiles)
    low, high = quantiles[1] - quantiles[0], quantiles[-1] - quantiles[-2]
    step = LEVELS[1] - LEVELS[0]
    inner = np.where(levels < LEVELS[0], quantiles[0] - (LEVELS[0] - levels) / step * low, inner)
    beyond = quantiles[-1] + (levels - LEVELS[-1]) / step * high
    return np.where(levels > LEVELS[-1], beyond, inner)


@dataclass(frozen=True, slots=True)
class PoolCoverage:
    """How often outcomes fell inside the central ranges of 50, 80 and 95 %."""

    fifty: float
    eighty: float
    ninety_five: float

    @classmethod
    def of(cls, pits: Sequence[float]) -> PoolCoverage:
        found = np.array(pits)
        shares = [float(np.mean(np.abs(found - 0.5) <= share / 2)) for share in (0.5, 0.8, 0.95)]
        return cls(*shares)
