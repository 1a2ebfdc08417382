"""Whether commitments will be done in time: hours they need against hours there are for them.

Both sides are drawn together 10,000 times. Work is taken up by the earliest day it is due, which is
the best anyone can do, so that a chance is never too low for want of order. What is overdue is no
part of it: nobody knows whether it is still to be done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from almanac.core.workload.capacity import draw_weeks
from almanac.core.workload.expert_pool import LEVELS, Floats

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from almanac.core.workload.capacity import Capacity

Singles = NDArray[np.float32]

DRAWS = 10_000
STRATA = 1000
SURE = 0.85
"""The service-level convention: commit to what is done in time 85 times in 100 (Vacanti 2015)."""
HARM = 0.05
"""A chance that falls by less stays what it was."""
WEEK = 7
MOST_TOGETHER = 5
"""The chance that everything is done in time says something of so few; of more it is always low."""
MOST_TRIED = 12
MOST_MOVED = 4
"""More commitments than these to move are no advice."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What is left to do of a commitment. hours: quantiles at LEVELS; due: days from now to the end of
    the day it is due; row: its activity."""

    row: int
    hours: Floats
    due: int


@dataclass(frozen=True, slots=True)
class Held:
    """chance: that a commitment is done by the end of its day; done: median day on which it is, from
    now, None where that lies beyond what was looked at."""

    row: int
    chance: float
    done: float | None


@dataclass(frozen=True, slots=True)
class CommitmentOutlook:
    """together: the chance that every commitment is done in time, None without any and with more than a
    handful; each: of every one, by due day; too_much: the fewest that must go or move so that the rest
    is done in time in the median, by due day."""

    together: float | None
    each: tuple[Held, ...]
    too_much: tuple[int, ...] = ()


class WorkloadDraws:
    """Commitments and weeks drawn once, to be asked with and without one more.

    slack: (commitments, draws) hours left between what is needed and what there is, by due day.
    """

    def __init__(
        self,
        promises: Sequence[Promise],
        capacity: Capacity,
        shares: Sequence[float],
        *,
        doubt: float = 0.15,
        draws: int = DRAWS,
        seed: int = 1,
    ) -> None:
        """shares: of each day from now on, in whole weeks, how much of a usual week lies in it; 0 on a
        day off. doubt: how far all estimates may be wrong together, in logs."""
        random = np.random.default_rng(seed)
        self.draws = draws
        self.capacity = capacity
        by_week = np.asarray(shares, dtype=np.float32).reshape(-1, WEEK)
        self.within = np.cumsum(by_week, axis=1)
        self.weeks = draw_weeks(capacity, len(by_week), draws, random).astype(np.float32)
        nothing = np.zeros((draws, 1), dtype=np.float32)
        whole = np.cumsum(self.weeks * self.within[:, -1], axis=1)
        self.edges = np.concatenate([nothing, whole], axis=1)
        middle = np.median(self.weeks, axis=0)
        self.usual_days = np.cumsum((by_week * middle[:, None]).ravel())
        self.bias = np.exp(doubt * random.standard_normal(draws)).astype(np.float32)
        self.strata = random.permutation(draws) * STRATA // draws
        self.promises = sorted(promises, key=lambda each: each.due)
        self.due = np.array([each.due for each in self.promises])
        self.hours = [self._hours(each) for each in self.promises]
        self.total = np.zeros((len(self.promises), draws), dtype=np.float32)
        self.slack = np.empty_like(self.total)
        so_far: Singles = np.zeros(draws, dtype=np.float32)
        for place, each in enumerate(self.promises):
            so_far = so_far + self.hours[place]
            self.total[place] = so_far
            self.slack[place] = self.room(each.due) - so_far
        self.chances: Floats = (self.slack >= 0).mean(axis=1)

    def _hours(self, promise: Promise) -> Singles:
        """(draws,) of its hours: every stratum of its quantiles as often as any other."""
        grid = np.interp((np.arange(STRATA) + 0.5) / STRATA, LEVELS, promise.hours)
        shift = int(np.random.default_rng(promise.row + 7).integers(self.draws))
        drawn: Singles = grid.astype(np.float32)[np.roll(self.strata, shift)] * self.bias
        return drawn

    def room(self, day: int) -> Singles:
        """(draws,) hours there are from now to the end of a day, counted from 1; the last week drawn
        goes on beyond."""
        weeks = self.weeks.shape[1]
        week = min(max(day - 1, 0) // WEEK, weeks - 1)
        days = day - WEEK * week
        share = float(self.within[week, min(days, WEEK) - 1]) if days > 0 else 0.0
        share += max(days - WEEK, 0) / WEEK * float(self.within[week, -1])
        found: Singles = self.edges[:, week] + np.float32(share) * self.weeks[:, week]
        return found

    def hours_until(self, day: int) -> tuple[float, float, float]:
        """Hours there are from now to the end of a day: 10 %, median and 90 %."""
        return self.hours_between(0, day)

    def hours_between(self, first: int, last: int) -> tuple[float, float, float]:
        """Hours from the end of one day to the end of another: 10 %, median and 90 %."""
        low, middle, high = np.quantile(self.room(last) - self.room(first), (0.1, 0.5, 0.9))
        return float(low), float(middle), float(high)

    def outlook(self) -> CommitmentOutlook:
        """Chance that commitments are done in time."""
        needed = np.median(self.total[:, :: max(1, self.draws // 500)], axis=1)
        each = tuple(
            Held(promise.row, float(chance), self._done(float(hours)))
            for promise, chance, hours in zip(self.promises, self.chances, needed, strict=True)
        )
        few = 0 < len(self.promises) <= MOST_TOGETHER
        return CommitmentOutlook(self.all_in_time() if few else None, each, self.too_much())

    def all_in_time(self, extra: Promise | None = None) -> float:
        """The chance that everything is done in time, and one more with it; 1 for nothing."""
        kept = (self.slack >= 0).all(axis=0)
        if extra is not None:
            hours, place = self._hours(extra), self._place(extra.due)
            kept &= self._own(extra.due, hours, place) >= 0
            kept &= (self.slack[place:] >= hours).all(axis=0)
        return float(kept.mean())

    def too_much(self) -> tuple[int, ...]:
        """Taken in order of due day, the longest goes where hours run out (Moore 1968)."""
        kept: list[tuple[float, int]] = []
        gone: set[int] = set()
        for place, promise in enumerate(self.promises):
            kept.append((float(np.median(self.hours[place])), promise.row))
            room = float(np.median(self.room(promise.due)))
            while sum(hours for hours, _ in kept) > room:
                longest = max(kept)
                kept.remove(longest)
                gone.add(longest[1])
        return tuple(promise.row for promise in self.promises if promise.row in gone)

    def chance_by(self, day: int) -> float | None:
        """The chance that everything due by the end of a day is done; None without or with many."""
        place = int((self.due <= day).sum())
        if not 0 < place <= MOST_TOGETHER:
            return None
        return float((self.slack[:place] >= 0).all(axis=0).mean())

    def _done(self, needed: float) -> float | None:
        """Median day on which so many hours have been worked."""
        place = int(np.searchsorted(self.usual_days, needed, side="left"))
        return None if place == len(self.usual_days) else float(place)

    # One more

    def with_one_more(self, extra: Promise) -> CommitmentOutlook:
        """The same draws with a commitment more."""
        hours, place = self._hours(extra), self._place(extra.due)
        middle = float(np.median(hours))
        later = (self.slack[place:] >= hours).mean(axis=1)
        own = float((self._own(extra.due, hours, place) >= 0).mean())
        needed = np.median(self.total, axis=1)
        before = float(needed[place - 1]) if place else 0.0
        each = [
            Held(p.row, float(self.chances[at]), self._done(float(needed[at])))
            for at, p in enumerate(self.promises[:place])
        ]
        each.append(Held(extra.row, own, self._done(before + middle)))
        each += [
            Held(p.row, float(chance), self._done(float(needed[place + at]) + middle))
            for at, (p, chance) in enumerate(zip(self.promises[place:], later, strict=True))
        ]
        return CommitmentOutlook(None, tuple(each))

    def _place(self, due: int) -> int:
        return int((self.due <= due).sum())

    def _own(self, due: int, hours: Singles, place: int) -> Singles:
        found: Singles = self.room(due) - hours
        return found - self.total[place - 1] if place else found

    def fits(self, extra: Promise, sure: float = SURE) -> bool:
        """Whether it is done in time so surely, and makes nothing else late that was sure."""
        return self._fits(self._hours(extra), extra.due, sure)

    def _fits(self, hours: Singles, due: int, sure: float, without: Collection[int] = ()) -> bool:
        """without: the places of commitments that are left out."""
        place = self._place(due)
        own = self._own(due, hours, place) + self._freed(without, before=place)
        if float((own >= 0).mean()) < sure:
            return False
        for at in range(place, len(self.promises)):
            if at in without:
                continue
            after = float((self.slack[at] + self._freed(without, before=at) >= hours).mean())
            if after < sure and self.chances[at] - after > HARM:
                return False
        return True

    def _freed(self, without: Collection[int], before: int) -> Singles:
        """(draws,) hours that those left out would have taken before a place."""
        nothing: Singles = np.zeros(self.draws, dtype=np.float32)
        return sum((self.hours[at] for at in without if at < before), start=nothing)

    def fits_by(self, extra: Promise, days: Sequence[int], sure: float = SURE) -> int | None:
        """The place of the first of these days by whose end it fits; None where it fits by none."""
        hours = self._hours(extra)
        return next((n for n, day in enumerate(days) if self._fits(hours, day, sure)), None)

    def fits_without(
        self, extra: Promise, movable: Collection[int], sure: float = SURE
    ) -> tuple[int, ...]:
        """Rows of the fewest commitments that, moved or given away, make room for it: the smallest one
        that is enough, else the longest together; empty where a handful is not enough.
        movable: the rows that can be."""
        hours = self._hours(extra)
        middles = [(float(np.median(own)), at) for at, own in enumerate(self.hours)]
        tried = [at for _, at in sorted(middles) if self.promises[at].row in movable]
        enough = [at for at in tried if middles[at][0] > 0][-MOST_TRIED:]
        alone = ((at,) for at in enough)
        together = (enough[-number:] for number in range(2, min(len(enough), MOST_MOVED) + 1))
        for places in (*alone, *together):
            if self._fits(hours, extra.due, sure, without=places):
                return tuple(self.promises[at].row for at in places)
        return ()
