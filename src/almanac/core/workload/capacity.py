"""How many hours a week there are for commitments, from what was said and what was logged.

Two witnesses of the hours of a whole week: hours stated, and hours logged divided by the share of
the work that is logged, which is asked once. Both are log-normal and are put together by their
precision. Of those hours, what is never planned (a call, a bug, a question) leaves no room.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import hypot, inf, log, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]

RECENCY = 0.97
"""By week: how fast old weeks stop counting."""
STATED_DOUBT = 0.25
"""Sd, in logs, of hours that somebody states around what they turn out to be."""
UNSTATED_HOURS, UNSTATED_DOUBT = 30.0, 0.9
SPREAD, SPREAD_WEEKS = 0.35, 3.0
"""Sd of weeks around the usual one before any is known, and how many weeks that counts as."""
EMPTY_WEEKS = 4.0
"""How many weeks with work are taken for granted before weeks without any count in full."""
PERSISTENCE_PRIOR = (0.3, 6.0)
"""Autocorrelation of weeks before it is known, and how many weeks that counts as."""
UNPLANNED, UNPLANNED_WEEKS = 0.15, 0.25
"""Share of hours that were never planned before it is known, and how many weeks that counts as."""
MOST_UNPLANNED = 0.85
MOST_WEEK = 50.0
"""Hours of a week that are not gone beyond by dividing what is logged."""


class Logged(StrEnum):
    """What share of the work is logged, as the practitioner says."""

    ALL = "all"
    HALF = "half"
    BIG = "big"
    UNKNOWN = ""


LOGGED_SHARES = {
    Logged.ALL: (0.97, 0.1),
    Logged.HALF: (0.5, 0.25),
    Logged.BIG: (0.3, 0.35),
    Logged.UNKNOWN: (0.6, 0.6),
}
"""The share, and the sd of its log. Judgements, but for the answers' own words."""


@dataclass(frozen=True, slots=True)
class LoggedWeek:
    """Hours logged in one past week, made up for the share of it that was free; unplanned: of them, what
    had never been planned, as a share; None where nothing was ever planned."""

    hours: float
    unplanned: float | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """Hours of a week as the log of one more than them: level, its doubt, the spread of weeks around it
    and how much one week is like the next. empty: the share of weeks without any. weeks: how many it was
    learnt from. unplanned: the two parameters of a Beta for the share of hours never planned."""

    level: float
    doubt: float
    spread: float
    persistence: float
    last: float
    empty: float
    weeks: int
    logged: float
    """Hours logged in a usual week; 0 without any."""
    unplanned: tuple[float, float] = (0.0, 1.0)
    plans: bool = False
    """Whether work is planned ahead at all, so that the share never planned is learnt and not assumed."""

    @property
    def whole(self) -> float:
        """Hours of a usual week, of whatever work."""
        return float(np.expm1(self.level))

    @property
    def unplanned_share(self) -> float:
        a, b = self.unplanned
        return a / (a + b)

    @property
    def usual(self) -> float:
        """Hours of a usual week that are there for commitments."""
        return self.whole * (1 - self.unplanned_share)


def learn(
    weeks: Sequence[LoggedWeek], stated: float | None = None, logged: Logged = Logged.UNKNOWN
) -> Capacity | None:
    """weeks: oldest first; stated: hours a week, where somebody said so. None where neither is known."""
    hours = np.array([week.hours for week in weeks], dtype=float)
    worked = hours[hours > 0]
    if stated is None and not len(worked):
        return None
    age = RECENCY ** np.arange(len(hours))[::-1]
    nothing = float(age @ (hours <= 0)) if len(hours) else 0.0
    empty = nothing / (EMPTY_WEEKS + float(age.sum()))
    prior = log(1 + (UNSTATED_HOURS if stated is None else stated))
    doubt = UNSTATED_DOUBT if stated is None else STATED_DOUBT
    if not len(worked):
        rho = PERSISTENCE_PRIOR[0]
        return Capacity(prior, doubt, SPREAD, rho, 0.0, empty, len(hours), 0.0, _unplanned(weeks))

    weights: Floats = RECENCY ** np.arange(len(worked), dtype=np.float64)[::-1]
    mass = float(weights.sum())
    values = np.log1p(worked)
    mean = float(weights @ values) / mass
    residuals: Floats = (values - mean).astype(np.float64)
    squares = float(weights @ residuals**2)
    variance = (SPREAD_WEEKS * SPREAD**2 + squares) / (SPREAD_WEEKS + max(mass - 1, 0.0))
    rho = _persistence(residuals, weights, variance)
    sampling = variance * (1 + rho) / (1 - rho) / mass
    share, share_doubt = LOGGED_SHARES[logged]
    of_log = hypot(sqrt(sampling), share_doubt)
    precision, of_prior = 1 / of_log**2, 1 / doubt**2
    whole = log(1 + float(np.expm1(mean)) / share)
    level = (precision * whole + of_prior * prior) / (precision + of_prior)
    # Nobody has much more than they say, or than a full week.
    level = min(level, log(1 + min(1.15 * (stated or inf), MOST_WEEK)))
    return Capacity(
        level=level,
        doubt=(precision + of_prior) ** -0.5,
        spread=sqrt(variance),
        persistence=rho,
        last=float(residuals[-1]),
        empty=empty,
        weeks=len(hours),
        logged=float(np.expm1(mean)),
        unplanned=_unplanned(weeks),
        plans=any(week.unplanned is not None for week in weeks),
    )


def _persistence(residuals: Floats, weights: Floats, variance: float) -> float:
    usual, strength = PERSISTENCE_PRIOR
    n = len(residuals)
    pairs = float((weights[1:] * residuals[1:] * residuals[:-1]).sum()) if n > 1 else 0.0
    rho = usual * strength + pairs / max(variance, 1e-9)
    return float(np.clip(rho / (strength + max(float(weights.sum()) - 1, 0.0)), 0.0, 0.9))


def _unplanned(weeks: Sequence[LoggedWeek]) -> tuple[float, float]:
    """Weeks weigh alike; where nothing was ever planned, nothing is known but the prior."""
    shares = [week.unplanned for week in weeks if week.unplanned is not None and week.hours > 0]
    known = np.array(shares)
    weights = RECENCY ** np.arange(len(known))[::-1]
    total = UNPLANNED_WEEKS + float(weights.sum())
    told = UNPLANNED * UNPLANNED_WEEKS + (float(weights @ known) if len(known) else 0.0)
    share = min(told / total, MOST_UNPLANNED)
    # As sure as if two weeks more had been seen: a Beta of hardly any weight is all or nothing.
    return share * (total + 2), (1 - share) * (total + 2)


def draw_weeks(capacity: Capacity, weeks: int, draws: int, random: np.random.Generator) -> Floats:
    """Hours for commitments of each coming whole week, (draws, weeks)."""
    rho = capacity.persistence
    level = capacity.level + capacity.doubt * random.standard_normal(draws)
    # Weeks have heavier tails than a normal distribution: an ill week, a free one.
    steps = random.standard_t(6, size=(draws, weeks)) * np.sqrt(4 / 6)
    now = np.full(draws, capacity.last)
    made = np.empty((draws, weeks))
    for week in range(weeks):
        now = rho * now + capacity.spread * np.sqrt(1 - rho**2) * steps[:, week]
        made[:, week] = level + now
    # Logs are of one more than the hours.
    found: Floats = np.maximum(np.expm1(made), 0.0)
    if capacity.empty:
        found[random.uniform(size=found.shape) < capacity.empty] = 0.0
    a, b = capacity.unplanned
    if a > 0:
        found *= 1 - random.beta(a, b, (draws, 1))
    return found
