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
    known period after, what would have come without; error: standard error, where there is one."""

    name: str
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    cumulative: float | None = None
    chance: float | None = None
    error: float | None = None
    expected: tuple[float, ...] = ()
    placebo_rank: int | None = None
    placebos: int | None = None
    weights: tuple[float, ...] = ()
    log: float | None = None
    """The change as the logarithm of a ratio, where the estimator works in those."""
    refusal: Refusal | None = None

    @property
    def is_clear(self) -> bool:
        """Whether its range leaves out no change at all."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def varies(values: Floats) -> bool:
    """Whether values differ by more than the rounding of numbers of their size."""
    return bool(len(values)) and float(np.ptp(values)) > 1e-9 * float(np.abs(values).max())


def autocorrelation(series: Floats) -> float:
    """Lag-1, with what is hidden by estimating the mean put back; clipped to [0, .9]."""
    left = series - series.mean()
    variance = float(left @ left)
    if variance <= 0:
        return 0.0
    r = float(left[1:] @ left[:-1]) / variance
    return float(np.clip(r + 1 / len(series), 0.0, 0.9))
