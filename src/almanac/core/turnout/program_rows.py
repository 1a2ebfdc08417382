"""What one program's events have taught, and how far its forecasts were off."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FIRST = 3
"""A program's first events are of another size and no surprise where they are very far off."""
VERY_FAR = (2.2, 3.2)
"""From so many sds on they begin to be believed, and from so many they are, whole."""
MOST_MISSED = 4.0
OF_ANOTHER_SIZE = 1.5
OWN_WIDTH = 6.0
"""Programs differ in how far off forecasts of them are; as if so many forecasts of ordinary width had
been seen before."""
STEADINESS = 5.0
"""A program's own noise is as if so many events of ordinary noise had been seen before."""
FADING = 0.85
"""Both change with time: each error counts by this factor less at the next event."""


@dataclass(slots=True)
class ProgramRows:
    """What one program's events taught, in rows of growing arrays.

    factor: lower Cholesky factor of their covariance; shared: their loadings on what is shared,
    and seen: their values, both divided by the factor.
    """

    size: int = 0
    number: int = 0
    starts: list[float] = field(default_factory=list)
    rows: dict[str, Floats] = field(default_factory=dict)
    errors: float = 0.0
    """How many errors are remembered, each faded."""
    surprise: float = 0.0
    """Sum of squares of the faded errors, in sds without its own noise."""
    extra: float = 0.0
    """Sd of a level of its own, beside what programs of the archive differ by: for one whose first event
    was of another size altogether."""
    misses: float = 0.0
    """Sum of squares of how far off its forecasts were, in their plain sds, faded."""
    off: float = 0.0
    """Of the latest event, in sds."""

    def __getitem__(self, name: str) -> Floats:
        return self.rows[name][: self.size]

    @property
    def factor(self) -> Floats:
        return self.rows["factor"][: self.size, : self.size]

    @property
    def steadiness(self) -> float:
        """Factor on the variance of one event, from how far off past ones were."""
        return (STEADINESS + self.surprise) / (STEADINESS + self.errors)

    def was_a_fluke(self, error: float, sd: float) -> bool:
        """Whether its first event, believed to be its level, was none, as the next falls far below it."""
        return bool(self.extra) and self.number < FIRST and error < -VERY_FAR[1] * sd

    def begin_again(self) -> None:
        """Let go of what its events have taught of its level."""
        self.size, self.rows, self.extra = 0, {}, 0.0

    @property
    def width(self) -> float:
        """Factor on the sd of its next forecast, from how its past ones did; near 1 while they are few."""
        return sqrt((OWN_WIDTH + self.misses) / (OWN_WIDTH + self.errors))

    def remember(self, surprise: float, missed: float) -> None:
        """Take in the squares of one event's errors."""
        self.errors = 1 + FADING * self.errors
        self.surprise = surprise + FADING * self.surprise
        self.misses = missed + FADING * self.misses

    def append(self, **row: Floats | float) -> None:
        if not self.rows:
            self.rows = {name: np.zeros((16, *np.shape(value))) for name, value in row.items()}
            self.rows["factor"] = np.zeros((16, 16))
        if self.size == len(self.rows["seen"]):
            for name, held in self.rows.items():
                grow = ((0, self.size), *[(0, 0)] * (held.ndim - 1))
                self.rows[name] = np.pad(
                    held, ((0, self.size), (0, self.size)) if name == "factor" else grow
                )
        for name, value in row.items():
            if name == "factor":
                self.rows[name][self.size, : self.size + 1] = value
            else:
                self.rows[name][self.size] = value
        self.size += 1

    def widen(self, held: NDArray[np.int64], size: int) -> None:
        """Put what is shared into a longer vector; held: where each effect stands in it."""
        for name in ("shared", "loadings") if self.rows else ():
            rows = np.zeros((len(self.rows[name]), size))
            rows[:, held] = self.rows[name]
            self.rows[name] = rows

    def keep_latest(self, number: int) -> None:
        gone = self.size - number
        for name, held in self.rows.items():
            kept = held[gone : self.size]
            self.rows[name] = kept[:, gone : self.size].copy() if name == "factor" else kept.copy()
        self.size = number


def believed_of(error: float, before: int) -> float:
    """How far one of a program's first events is its level and no surprise, from 0 to 1. before: events
    learnt from."""
    begins, whole = VERY_FAR
    return min(max((error - begins) / (whole - begins), 0.0), 1.0) if before < FIRST else 0.0
