"""What every estimator is given, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.refusals import Refusal

Floats = NDArray[np.float64]

FEWEST_BEFORE = 8
LEVEL = 0.05
MOST_MEMORY = 0.85
MUCH_MEMORY = 0.4
SHORT, SHORT_MEMORY = 20, 0.2
LAGS = 8
MUCH_LONGER = 1.5


@dataclass(frozen=True, slots=True)
class Design:
    """y: (periods,) the outcome; others: (periods, comparisons); start: the first period after.
    Missing values are NaN and never zero."""

    y: Floats
    others: Floats
    start: int

    @classmethod
    def of(
        cls, y: Sequence[float | None], others: Sequence[Sequence[float | None]], start: int
    ) -> Design:
        outcome = np.array([np.nan if v is None else v for v in y], dtype=float)
        columns = [[np.nan if v is None else v for v in other] for other in others]
        matrix = np.array(columns, dtype=float).T if columns else np.empty((len(outcome), 0))
        return cls(outcome, matrix.reshape(len(outcome), len(columns)), start)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Periods in which nothing is missing."""
        found: NDArray[np.bool_] = ~np.isnan(self.y) & ~np.isnan(self.others).any(axis=1)
        return found

    @property
    def before(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.known[: self.start])

    @property
    def after(self) -> NDArray[np.int64]:
        return self.start + np.flatnonzero(self.known[self.start :])

    def cut_at(self, start: int, end: int) -> Design:
        """The same series as if the change had come earlier, up to where it really came."""
        return Design(self.y[:end], self.others[:end], start)

    def with_others(self, columns: NDArray[np.int64]) -> Design:
        return Design(self.y, self.others[:, columns], self.start)


@dataclass(frozen=True, slots=True)
class Effect:
    """effect: mean change a period in the outcome's unit, with its 95 % range; cumulative: over all
    periods after; chance: that the change has the sign it is estimated to have; expected: of each
    known period after, what would have come without, and in `band` its 95 % range; error: standard
    error, where there is one, with its degrees of freedom; slow: the range was widened for a series that wanders slowly."""

    name: str
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    cumulative: float | None = None
    chance: float | None = None
    error: float | None = None
    free: float | None = None
    expected: tuple[float, ...] = ()
    band: tuple[tuple[float, float], ...] = ()
    placebo_rank: int | None = None
    placebos: int | None = None
    weights: tuple[float, ...] = ()
    log: float | None = None
    """The change as the logarithm of a ratio, where the estimator works in those."""
    slow: bool = False
    refusal: Refusal | None = None

    @property
    def is_clear(self) -> bool:
        """Whether its range leaves out no change at all."""
        return leaves_out_none(self.low, self.high)


def leaves_out_none(low: float | None, high: float | None) -> bool:
    """Whether a range says that something changed; one that is not known does not."""
    return low is not None and high is not None and (low > 0 or high < 0)


def varies(values: Floats) -> bool:
    """Whether values differ by more than the rounding of numbers of their size."""
    return bool(len(values)) and float(np.ptp(values)) > 1e-9 * float(np.abs(values).max())


@dataclass(frozen=True, slots=True)
class Memory:
    """How much one period is like the next. r: lag-1 autocorrelation, with what is hidden by
    estimating the mean put back, clipped to [0, .9]; inflation: by how much it multiplies the
    variance of a mean; slow: whether the series wanders for longer than r says, or is too short to
    tell, and was given more."""

    r: float
    inflation: float
    slow: bool

    @property
    def is_too_long(self) -> bool:
        return self.r > MOST_MEMORY


def memory_of(series: Floats) -> Memory:
    """Lag one says most; eight lags together, where they say half as much again (Bartlett 1946)."""
    left = series - series.mean()
    n, variance = len(series), float(left @ left)
    if variance <= 0:
        return Memory(0.0, 1.0, slow=False)

    def lag(k: int) -> float:
        return float(left[k:] @ left[:-k]) / variance + 1 / n

    r = lag(1)
    # Lag one is estimated too low where it is high, and hardly at all from a short history.
    unsure = 4 * r / n if r > MUCH_MEMORY else 0.0
    unsure += SHORT_MEMORY if n < SHORT else 0.0
    r = float(np.clip(r + unsure, 0.0, 0.9))
    short = (1 + r) / (1 - r)
    long = 1 + 2 * sum(lag(k) for k in range(1, min(LAGS, n // 3) + 1))
    slow = long > MUCH_LONGER * short
    return Memory(r, long if slow else short, slow or unsure > 0)
