"""How long a task takes, from the person's own estimate corrected by how such estimates went.

The person's estimate times the ratios of their own past, weighted by likeness in size, person,
category and recency (guide of methods 3.2): history corrects a human better than it replaces one,
and no planning-fallacy factor is built in. One forecaster: a pool with narrower kernels, one ratio for all
and a regression was worse than it on 7,975 real estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from almanac.core.workload.expert_pool import (
    LEVELS,
    Floats,
    PoolCoverage,
    between,
    crps,
    sample_crps,
)
from almanac.core.workload.expert_pool import weighted_quantiles as quantiles_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

LEARNT = 200
"""Rows that are only learnt from, in a replay."""
WIDTH = 0.9
"""Of the kernel over log size."""
RECENCY = 0.9995
SAME_PERSON, SAME_CATEGORY = 10.0, 3.0
LATEST = 5000
PRIOR_RATIO = 0.05
PRIOR_SPREAD = 0.3
TASK_SPREAD = 0.65
PRIOR_WEIGHT = 4.0
"""Log ratio of actual to estimate before anything is known of a person: what is not known of the
person (guide of methods 3.3), and the spread of single tasks (3.1: .75 with many exactly on it)."""
SMALLEST = 1e-3
ONE_TASK, SHARED = 16.0, 0.3
"""Hours up to which an estimate is one task's, and the share of the variance that tasks of one estimate
have in common."""
ONE_TASK, SHARED = 16.0, 0.3
"""Hours up to which an estimate is one task's, and the share of the variance that tasks of one estimate
have in common."""


@dataclass(frozen=True, slots=True)
class Task:
    """An estimate and, where it is done, what it took, both in hours."""

    estimate: float
    actual: float
    person: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class ReplayedTasks:
    """Scores of a replay in hours; point: the estimate taken as it is; everyone: one ratio
    distribution for all."""

    n: int
    crps: float
    crps_point: float
    crps_global: float
    coverage: PoolCoverage


@dataclass(slots=True)
class _Past:
    """(n,) each: log estimate, log ratio, who, what kind, and how much recency leaves of it. usual:
    log ratios of any task, once they are asked for."""

    size: Floats
    ratio: Floats
    person: NDArray[np.int64]
    category: NDArray[np.int64]
    recency: Floats
    usual: Floats | None = None


_NORMAL: Floats = ndtri(LEVELS)


class EstimateHistory:
    """Past tasks as arrays, added to one by one; only the LATEST are looked at."""

    def __init__(self, tasks: Iterable[Task] = ()) -> None:
        self.size: list[float] = []
        self.ratio: list[float] = []
        self.person: list[int] = []
        self.category: list[int] = []
        self.numbers: dict[tuple[str, str], int] = {}
        self.kept: _Past | None = None
        self.kept_at = 0
        for task in tasks:
            self.add(task)

    def __len__(self) -> int:
        return len(self.ratio)

    def add(self, task: Task) -> None:
        estimate, actual = max(task.estimate, SMALLEST), max(task.actual, SMALLEST)
        self.size.append(float(np.log(estimate)))
        self.ratio.append(float(np.log(actual / estimate)))
        self.person.append(self._number("person", task.person))
        self.category.append(self._number("category", task.category))

    def _number(self, kind: str, name: str) -> int:
        return self.numbers.setdefault((kind, name), len(self.numbers))

    @property
    def doubt(self) -> float:
        """Standard deviation, in logs, of what all estimates may be wrong by together."""
        _, spread = self.usual
        n = min(len(self), LATEST)
        return float((1 / PRIOR_SPREAD**2 + n / spread**2) ** -0.5)

    @property
    def usual(self) -> tuple[float, float]:
        """Mean and spread of the log ratio of any task, the prior counting as PRIOR_WEIGHT tasks."""
        ratio = self._past().ratio
        n = len(ratio)
        mean = (PRIOR_WEIGHT * PRIOR_RATIO + float(ratio.sum())) / (PRIOR_WEIGHT + n)
        variance = PRIOR_WEIGHT * TASK_SPREAD**2 + float(((ratio - mean) ** 2).sum())
        return mean, float(np.sqrt(variance / (PRIOR_WEIGHT + n)))

    def alike(self, estimate: float, person: str, category: str) -> Floats:
        """Quantiles of the log ratio of tasks like this one; needs one past task at least."""
        past = self._past()
        return quantiles_of(past.ratio, self._likeness(past, estimate, person, category))

    def alike_or_usual(self, estimate: float, person: str, category: str) -> Floats:
        """The same, mixed with what is usual as far as few tasks are like it."""
        past = self._past()
        if past.usual is None:
            centre, spread = self.usual
            past.usual = centre + spread * _NORMAL
        usual = past.usual
        if not len(self):
            return usual
        weights = self._likeness(past, estimate, person, category)
        weights = weights / weights.sum()
        own = PRIOR_WEIGHT / (PRIOR_WEIGHT + 1 / float((weights**2).sum()))
        return quantiles_of(
            np.concatenate([past.ratio, usual]),
            np.concatenate([(1 - own) * weights, np.full(len(usual), own / len(usual))]),
        )

    def _likeness(self, past: _Past, estimate: float, person: str, category: str) -> Floats:
        gap = past.size - np.log(max(estimate, SMALLEST))
        same = past.person == self._number("person", person)
        near = np.exp(-0.5 * (gap / WIDTH) ** 2) + 1e-4
        weights = near * past.recency * np.where(same, SAME_PERSON, 1)
        weights *= np.where(past.category == self._number("category", category), SAME_CATEGORY, 1)
        return weights

    def _past(self) -> _Past:
        """The latest tasks as arrays, made once for each length of the history."""
        if self.kept is None or self.kept_at != len(self.ratio):
            ratio = np.array(self.ratio[-LATEST:])
            self.kept = _Past(
                np.array(self.size[-LATEST:]),
                ratio,
                np.array(self.person[-LATEST:]),
                np.array(self.category[-LATEST:]),
                RECENCY ** np.arange(len(ratio), dtype=float)[::-1],
            )
            self.kept_at = len(self.ratio)
        return self.kept


def forecast(
    history: EstimateHistory, estimate: float, person: str = "", category: str = ""
) -> Floats:
    """Quantiles at LEVELS of the hours a task of that estimate takes. With few past tasks what is
    usual has most of the weight. Very large ones are many tasks, whose errors even out in part."""
    ratios = history.alike_or_usual(estimate, person, category)
    middle = float(np.median(ratios))
    shared = sqrt(SHARED + (1 - SHARED) * min(1.0, ONE_TASK / max(estimate, SMALLEST)))
    return estimate * np.exp(middle + shared * (ratios - middle))


def replay(tasks: Sequence[Task], learnt: int = LEARNT) -> ReplayedTasks | None:
    """Forecast each task after the first `learnt` from those finished before it."""
    if len(tasks) <= learnt:
        return None
    history = EstimateHistory(tasks[:learnt])
    random = np.random.default_rng(20260102)
    own, point, everyone, pits = [], [], [], []
    ratios = np.sort(np.exp(history.ratio))
    for task in tasks[learnt:]:
        estimate, actual = max(task.estimate, SMALLEST), task.actual
        quantiles = estimate * np.exp(history.alike(estimate, task.person, task.category))
        uniform = float(random.uniform())
        own.append(float(crps(quantiles, actual)))
        pits.append(between(quantiles, actual, uniform)[2])
        point.append(abs(estimate - actual))
        everyone.append(sample_crps(estimate * _thinned(ratios), actual))
        history.add(task)
        ratios = np.insert(ratios, np.searchsorted(ratios, actual / estimate), actual / estimate)
    return ReplayedTasks(
        len(own),
        float(np.mean(own)),
        float(np.mean(point)),
        float(np.mean(everyone)),
        PoolCoverage.of(pits),
    )


def _thinned(ordered: Floats, most: int = 999) -> Floats:
    """At most so many values that stand for a sorted sample."""
    if len(ordered) <= most:
        return ordered
    return ordered[((np.arange(most) + 0.5) / most * len(ordered)).astype(int)]
