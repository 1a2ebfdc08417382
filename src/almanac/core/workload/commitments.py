"""Whether everything promised still holds: hours needed against hours that weeks really hold.

Both sides are drawn together 10,000 times. Work is taken up by the earliest day it is due, which is
the best anyone can do, so that a chance of holding all promises is never too low for want of order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from almanac.core.workload.expert_pool import LEVELS, Floats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DRAWS = 10_000
STRATA = 1000
SURE = 0.85
"""The service-level convention: promise what holds 85 times in 100 (Vacanti 2015)."""
WEEK = 7
RECENCY = 0.97
"""By week: how fast old weeks stop counting for how much a week holds."""
HARDLY = 0.02
"""A chance that falls by less stays what it was."""
PRIOR_WEEKS = 3.0
"""How many weeks the declared hours count as."""
PRIOR_SPREAD = 0.35
EMPTY_WEEKS = 4.0
"""How many weeks with work are taken for granted before weeks without any count in full."""
PERSISTENCE_PRIOR = (0.3, 6.0)
"""Autocorrelation of weeks before it is known, and how many weeks that counts as."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What is left to do of it. hours: quantiles at LEVELS; due: days from now until it must be
    done; row: its activity; late: its day is over, so that it takes hours but cannot hold."""

    row: int
    hours: Floats
    due: float
    late: bool = False


@dataclass(frozen=True, slots=True)
class Capacity:
    """Hours a week holds, as the log of one more than them: level, its doubt, the spread of weeks around it and
    how much one week is like the next. empty: the share of weeks that hold nothing. weeks: how many
    it was learnt from."""

    level: float
    doubt: float
    spread: float
    persistence: float
    last: float
    empty: float
    weeks: int

    @property
    def usual(self) -> float:
        """Hours of a usual week."""
        return float(np.expm1(self.level))


def learn(weekly: Sequence[float], declared: float) -> Capacity:
    """Capacity from hours finished in past weeks, oldest first, each made up for the share of it
    that was free; declared hours are the prior."""
    prior = float(np.log1p(max(declared, 1.0)))
    hours = np.asarray(weekly, dtype=float)
    age = RECENCY ** np.arange(len(hours))[::-1]
    nothing = float(age @ (hours <= 0)) if len(hours) else 0.0
    empty = nothing / (EMPTY_WEEKS + float(age.sum()))
    values = np.log1p(hours[hours > 0])
    n = len(values)
    weights = RECENCY ** np.arange(n)[::-1]
    mass = float(weights.sum())
    level = (PRIOR_WEEKS * prior + float(weights @ values)) / (PRIOR_WEEKS + mass)
    left = values - level
    variance = (PRIOR_WEEKS * PRIOR_SPREAD**2 + float(weights @ left**2)) / (PRIOR_WEEKS + mass)
    usual, strength = PERSISTENCE_PRIOR
    pairs = float((weights[1:] * left[1:] * left[:-1]).sum()) if n > 1 else 0.0
    rho = (usual * strength + pairs / max(variance, 1e-9)) / (strength + max(mass - 1, 0.0))
    rho = float(np.clip(rho, 0.0, 0.9))
    inflation = (1 + rho) / (1 - rho)
    doubt = float(np.sqrt(variance * inflation / (PRIOR_WEEKS + mass)))
    last = float(left[-1]) if n else 0.0
    return Capacity(level, doubt, float(np.sqrt(variance)), rho, last, empty, len(hours))


def draw_weeks(
    capacity: Capacity, free: Sequence[float], draws: int, random: np.random.Generator
) -> Floats:
    """Hours each coming week holds, (draws, weeks). free: of each week, how much of a usual one is
    left beside meetings, travel and breaks; 0 holds nothing."""
    weeks = len(free)
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
    found: Floats = np.maximum(np.expm1(made), 0.0) * np.asarray(free)
    if capacity.empty:
        found[random.uniform(size=found.shape) < capacity.empty] = 0.0
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """chance: that a promise is done when it is due; done: median day on which it is, from now,
    None where that lies beyond what was looked at."""

    row: int
    chance: float
    done: float | None


@dataclass(frozen=True, slots=True)
class CommitmentOutlook:
    """together: the chance that every promise holds; each: of every promise, by due day."""

    together: float
    each: tuple[Held, ...]


def _tightest(slack: NDArray[np.float32]) -> NDArray[np.float32]:
    """The running minimum over rows, a row at a time: `accumulate` does it a number at a time."""
    found = slack.copy()
    for row in range(1, len(found)):
        np.minimum(found[row], found[row - 1], out=found[row])
    return found


class WorkloadDraws:
    """Promises and weeks drawn once, to be asked with and without one more.

    slack: (promises, draws) hours left between what is needed and what there is, by due day.
    """

    def __init__(
        self,
        promises: Sequence[Promise],
        capacity: Capacity,
        free: Sequence[float],
        *,
        doubt: float = 0.15,
        draws: int = DRAWS,
        seed: int = 1,
    ) -> None:
        """doubt: how far all estimates may be wrong together, in logs."""
        self.random = np.random.default_rng(seed)
        self.draws = draws
        self.capacity = capacity
        self.normal = np.random.default_rng(seed + 1).standard_normal((2000, 2))
        self.weeks = draw_weeks(capacity, free, draws, self.random).astype(np.float32)
        nothing = np.zeros((draws, 1), dtype=np.float32)
        self.edges = np.concatenate([nothing, np.cumsum(self.weeks, axis=1)], axis=1)
        self.usual_edges = np.median(self.edges, axis=0)
        bias = np.exp(doubt * self.random.standard_normal(draws))
        self.bias = bias.astype(np.float32)
        self.strata = self.random.permutation(draws) * STRATA // draws
        self.promises = sorted(promises, key=lambda each: each.due)
        self.due: Floats = np.array([each.due for each in self.promises])
        total = np.zeros((len(self.promises), draws), dtype=np.float32)
        so_far = np.zeros(draws, dtype=np.float32)
        for place, each in enumerate(self.promises):
            so_far = so_far + self._hours(each)
            total[place] = so_far
        self.needed = np.median(total[:, :: max(1, draws // 500)], axis=1)
        self.total = total
        self.slack = np.empty_like(total)
        for place, each in enumerate(self.promises):
            self.slack[place] = np.inf if each.late else self.room(each.due) - total[place]
        # The tightest of the promises before, and of those from a place on.
        self.before = _tightest(self.slack)
        self.after = _tightest(self.slack[::-1])[::-1]

    def _hours(self, promise: Promise) -> NDArray[np.float32]:
        """(draws,) of its hours: every stratum of its quantiles as often as any other."""
        grid = np.interp((np.arange(STRATA) + 0.5) / STRATA, LEVELS, promise.hours)
        shift = int(np.random.default_rng(promise.row + 7).integers(self.draws))
        drawn: NDArray[np.float32] = (
            grid.astype(np.float32)[np.roll(self.strata, shift)] * self.bias
        )
        return drawn

    def room(self, day: float) -> NDArray[np.float32]:
        """(draws,) hours that the time from now to a day holds; weeks are worked evenly, and the
        last one drawn goes on beyond."""
        weeks = self.weeks.shape[1]
        place = max(day, 0.0) / WEEK
        whole = min(int(place), weeks - 1)
        found: NDArray[np.float32] = self.edges[:, whole] + (place - whole) * self.weeks[:, whole]
        return found

    def outlook(self) -> CommitmentOutlook:
        """Whether what is promised holds."""
        if not self.promises:
            return CommitmentOutlook(1.0, ())
        chances = (self.slack >= 0).mean(axis=1)
        return CommitmentOutlook(
            float((self.before[-1] >= 0).mean()),
            tuple(
                Held(promise.row, float(chances[place]), self._done(float(self.needed[place])))
                for place, promise in enumerate(self.promises)
                if not promise.late
            ),
        )

    def chances_by(self, days: Sequence[float]) -> list[float | None]:
        """The chance that everything due by each day holds; None where nothing is due by then."""
        found: list[float | None] = []
        for day in days:
            place = int((self.due <= day).sum())
            found.append(float((self.before[place - 1] >= 0).mean()) if place else None)
        return found

    def holds(self, share: float, sure: float = 0.9) -> tuple[float, float, float]:
        """Hours that a share of a usual week holds: what it holds so surely, the middle, and what it
        holds as seldom."""
        level = self.capacity.level + self.capacity.doubt * self.normal[:, 0]
        hours = share * np.maximum(np.expm1(level + self.capacity.spread * self.normal[:, 1]), 0.0)
        low, middle, high = np.quantile(hours, (1 - sure, 0.5, sure))
        return float(low), float(middle), float(high)

    def _done(self, needed: float) -> float | None:
        """Median day on which so many hours have been worked."""
        edges = self.usual_edges
        if needed > edges[-1]:
            return None
        place = int(np.searchsorted(edges, needed, side="left"))
        if place == 0:
            return 0.0
        step = float(edges[place] - edges[place - 1])
        return WEEK * (place - 1 + (needed - float(edges[place - 1])) / step)

    def with_one_more(self, extra: Promise) -> CommitmentOutlook:
        """The same draws with a promise more."""
        hours, place, own = self._beside(extra)
        chances = (self.slack >= 0).mean(axis=1)
        later = (self.slack[place:] >= hours).mean(axis=1)
        middle = float(np.median(hours))
        needed = float(self.needed[place - 1]) if place else 0.0
        each = [
            Held(p.row, float(chances[at]), self._done(float(self.needed[at])))
            for at, p in enumerate(self.promises[:place])
            if not p.late
        ]
        each.append(Held(extra.row, float((own >= 0).mean()), self._done(needed + middle)))
        each += [
            Held(p.row, float(later[at]), self._done(float(self.needed[place + at]) + middle))
            for at, p in enumerate(self.promises[place:])
            if not p.late
        ]
        return CommitmentOutlook(float(self._together(place, hours, own).mean()), tuple(each))

    def _beside(self, extra: Promise) -> tuple[NDArray[np.float32], int, NDArray[np.float32]]:
        """Its hours, its place among those promised, and the hours left by its day."""
        hours, place = self._hours(extra), self._place(extra)
        return hours, place, self._own_slack(extra, hours, place)

    def _place(self, extra: Promise) -> int:
        return int((self.due <= extra.due).sum())

    def _own_slack(
        self, extra: Promise, hours: NDArray[np.float32], place: int
    ) -> NDArray[np.float32]:
        found = self.room(extra.due) - hours
        return found - self.total[place - 1] if place else found

    def _together(
        self, place: int, hours: NDArray[np.float32], own: NDArray[np.float32]
    ) -> NDArray[np.bool_]:
        kept = own >= 0
        if place:
            kept &= self.before[place - 1] >= 0
        if place < len(self.promises):
            kept &= self.after[place] >= hours
        return kept

    def fits_by(self, extra: Promise, days: Sequence[float], sure: float = SURE) -> int | None:
        """The place of the first of these days, from now, by which it fits so surely; None where
        it fits by none."""
        hours = self._hours(extra)
        for number, day in enumerate(days):
            moved = Promise(extra.row, extra.hours, day)
            place = self._place(moved)
            own = self._own_slack(moved, hours, place)
            if self._fits(self._together(place, hours, own), own >= 0, sure):
                return number
        return None

    def _fits(self, together: NDArray[np.bool_], own: NDArray[np.bool_], sure: float) -> bool:
        """Everything holds so surely with it; or, where that is lost already, it holds itself and
        makes the rest hardly less sure."""
        chance = float(together.mean())
        before = float((self.before[-1] >= 0).mean()) if self.promises else 1.0
        return chance >= sure or (
            before < sure and float(own.mean()) >= sure and chance >= before - HARDLY
        )

    def fits(self, extra: Promise, sure: float = SURE) -> bool:
        """Whether it fits as it is asked for."""
        hours, place, own = self._beside(extra)
        return self._fits(self._together(place, hours, own), own >= 0, sure)

    def latest_start(self, extra: Promise, days: Sequence[float], sure: float = SURE) -> int | None:
        """The place of the latest of these days, from now, on which it can be begun and still fits
        so surely; None where even the first is too late.

        Where all are worked by the earliest due day, beginning later only asks that its own hours
        fit between its beginning and its day.
        """
        hours, place, own = self._beside(extra)
        kept = self._together(place, hours, own)
        room = self.room(extra.due)
        latest = None
        for number, day in enumerate(days):
            begun = hours <= room - self.room(day)
            if day >= extra.due or not self._fits(kept & begun, (own >= 0) & begun, sure):
                break
            latest = number
        return latest
