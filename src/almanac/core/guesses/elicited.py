"""What a person said before the fact: four raw answers, and the distribution they describe.

Low, high, best and how sure, asked in that order (four-step elicitation, Speirs-Bridge et al.
2010). The distribution is log-normal on each side of the best guess, so that all raw answers are
met exactly however lopsided they are; width is not corrected here.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np
from scipy.special import ndtr, ndtri

from almanac.core.counts import Counts
from almanac.core.errors import AlmanacError

VERSION = "guess-1"
LARGEST = 300_000
NARROWEST = 1e-9
"""A best guess on one of the ends leaves no room on that side, but no division by zero."""
SURE_RANGE = (50, 99)
"""Below 50 % a range says little, and nobody is 100 % sure of a range."""


class UnusableGuessError(AlmanacError):
    """Raw answers that cannot be read as a guess; the message says what to change."""


@dataclass(frozen=True, slots=True)
class RawGuess:
    """The answers as given. low, best, high: people; sure: percent, that it falls inside."""

    low: int
    high: int
    best: int
    sure: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high:
            raise UnusableGuessError(
                "The low end must not be above the high end, and neither below 0."
            )
        if not self.low <= self.best <= self.high:
            raise UnusableGuessError(
                f"Your best guess must lie between {self.low} and {self.high}."
            )
        if self.high > LARGEST:
            raise UnusableGuessError(f"Guess at most {LARGEST:,} people.")
        if not SURE_RANGE[0] <= self.sure <= SURE_RANGE[1]:
            raise UnusableGuessError(
                f"How sure is a percentage from {SURE_RANGE[0]} to {SURE_RANGE[1]}."
            )

    @property
    def widths(self) -> tuple[float, float]:
        """The log-normal's sd below and above the best guess."""
        reach = float(ndtri(0.5 + self.sure / 200))
        centre = log(self.best + 0.5)
        below = (centre - log(self.low + 0.5)) / reach
        above = (log(self.high + 0.5) - centre) / reach
        return max(below, NARROWEST), max(above, NARROWEST)

    def quantile(self, level: float) -> float:
        """The count below which a share `level` of the guess lies, as a real number."""
        below, above = self.widths
        z = float(ndtri(level))
        return max(0.0, exp(log(self.best + 0.5) + z * (below if z < 0 else above)) - 0.5)

    @property
    def tenth_half_ninetieth(self) -> tuple[int, int, int]:
        return tuple(round(self.quantile(level)) for level in (0.1, 0.5, 0.9))  # type: ignore[return-value]

    @property
    def counts(self) -> Counts:
        """The guess as a distribution over counts, to be scored like a forecast."""
        return two_sided(log(self.best + 0.5), *self.widths, self.quantile(0.9999))


def two_sided(centre: float, below: float, above: float, most: float) -> Counts:
    """Log-normal on each side of `centre`, the log of count + ½; most: where its tail may end."""
    top = int(min(LARGEST, most + 2))
    away = np.log(np.arange(1, top + 2)) - centre
    cumulative = ndtr(np.where(away < 0, away / below, away / above))
    mass = np.diff(cumulative, prepend=0.0)
    # Whatever lies beyond the largest count is put there, so that the median stays put.
    mass[-1] += 1 - cumulative[-1]
    return Counts.of(mass)
