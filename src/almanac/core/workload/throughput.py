"""How much of what is planned gets finished: capacity learnt from what was finished before.

The evidence is throughput first (guide of methods 3.2): an empirical distribution of the past, and
what the plan adds to it. Five forecasters in a pool: the recent past, a longer one weighted by
recency, the plan times what share of plans was finished, and two regressions on the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from almanac.core.workload.expert_pool import (
    Floats,
    Pool,
    PoolCoverage,
    between,
    crps,
    sample_crps,
)
from almanac.core.workload.expert_pool import weighted_quantiles as quantiles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LEARNT = 60
"""Rows that are only learnt from, in a replay."""
WINDOW, LONG = 60, 180
RECENCY = 0.97
RIDGE = (0.1, 5.0, 20.0)
FEWEST = 8
TRUST = (1.0, 1.0, 1.0, 5.0, 4.0)
"""The regressions on the plan are believed first (guide of methods 3.2)."""


@dataclass(frozen=True, slots=True)
class PlannedPeriod:
    """A day or a week: what was planned for it and what was finished in it, in one unit of work."""

    planned: float
    finished: float


@dataclass(frozen=True, slots=True)
class Made:
    """One forecast of a replay with what came: quantiles at LEVELS."""

    row: int
    observed: float
    quantiles: Floats
    below: float
    at: float
    pit: float


@dataclass(frozen=True, slots=True)
class ReplayedPeriod:
    """Scores of a replay, in the unit of work; baselines are from the same rows."""

    made: tuple[Made, ...]
    crps: float
    crps_plan: float
    crps_plan_x_ratio: float
    crps_trailing: float
    coverage: PoolCoverage


def experts(past: Floats, planned: float) -> Floats:
    """What each forecaster says of a period with that plan. past: (n, 2) of planned and finished,
    oldest first, n ≥ FEWEST. Returns (experts, 200) quantiles."""
    unit = _unit(past[:, 1])
    past, planned = past / unit, planned / unit
    finished = past[:, 1]
    long = past[-LONG:]
    weights: Floats = RECENCY ** np.arange(len(past), dtype=float)[::-1][-LONG:]
    recent = past[-WINDOW:]
    said = [
        quantiles_of(recent[:, 1], np.ones(len(recent))),
        quantiles_of(long[:, 1], weights),
        _by_ratio(recent, planned),
        _by_regression(recent, planned, _trend),
        _by_regression(long, planned, _momentum(finished)),
    ]
    return np.maximum(np.stack(said), 0.0) * unit


def _unit(finished: Floats) -> float:
    """A tenth of a usual period, so that logarithms of one more mean the same in any unit."""
    some = finished[finished > 0]
    return float(np.median(some)) / 10 if len(some) else 1.0


def _by_ratio(past: Floats, planned: float) -> Floats:
    some = past[past[:, 0] > 0]
    if not len(some) or planned <= 0:
        return quantiles_of(past[:, 1], np.ones(len(past)))
    return quantiles_of(planned * some[:, 1] / some[:, 0], np.ones(len(some)))


def _trend(past: Floats) -> tuple[Floats, float]:
    return np.linspace(-1.0, 0.0, len(past)), 0.0


def _momentum(finished: Floats) -> Callable[[Floats], tuple[Floats, float]]:
    """The mean of the five periods before, in logs: busy times follow on busy times."""
    logs = np.log1p(np.concatenate([np.full(5, finished[0]), finished]))
    means = np.convolve(logs, np.ones(5) / 5, mode="valid")
    return lambda past: (means[-len(past) - 1 : -1], float(means[-1]))


def _by_regression(
    past: Floats, planned: float, third: Callable[[Floats], tuple[Floats, float]]
) -> Floats:
    """log(1 + finished) on 1, log(1 + planned) and a third column, by ridge; residuals added."""
    column, now = third(past)
    x = np.stack([np.ones(len(past)), np.log1p(past[:, 0]), column], axis=1)
    y = np.log1p(past[:, 1])
    centre = x.mean(axis=0)
    centre[0] = 0.0
    x = x - centre
    gram = x.T @ x
    beta = np.linalg.solve(gram + np.diag(RIDGE), x.T @ y + np.array([RIDGE[0] * y.mean(), 0, 0]))
    # Left out in turn, a residual is as large as it would have been unseen.
    leverage = np.einsum("ij,jk,ik->i", x, np.linalg.inv(gram + np.diag(RIDGE)), x)
    left = (y - x @ beta) / np.maximum(1 - leverage, 0.2)
    at = float((np.array([1.0, np.log1p(planned), now]) - centre) @ beta)
    return np.expm1(quantiles_of(at + left, np.ones(len(left))))


def forecast(past: Sequence[PlannedPeriod], planned: float) -> Floats | None:
    """Quantiles at LEVELS of what will be finished of a plan; None with fewer than FEWEST periods.

    The pool learns its weights and its calibration from the past, each period from those before.
    """
    rows = _rows(past)
    if len(rows) < FEWEST:
        return None
    pool = _taught(rows)
    return _settled(pool.forecast(experts(rows, planned)), rows)


def _rows(past: Sequence[PlannedPeriod]) -> Floats:
    return np.array([(each.planned, each.finished) for each in past], dtype=float).reshape(-1, 2)


def _taught(rows: Floats, random: np.random.Generator | None = None) -> Pool:
    pool = Pool(5, TRUST)
    random = random or np.random.default_rng(0)
    start = max(FEWEST, len(rows) - 400)
    for now in range(start, len(rows)):
        pool.learn(experts(rows[:now], rows[now, 0]), rows[now, 1], float(random.uniform()))
    return pool


def _settled(quantiles: Floats, rows: Floats) -> Floats:
    """Never below nothing; whole where only whole amounts were ever finished."""
    found = np.maximum(quantiles, 0.0)
    if np.all(rows[:, 1] == np.round(rows[:, 1])) and rows[:, 1].max() >= 1:
        found = np.round(found)
    return found


def replay(past: Sequence[PlannedPeriod], learnt: int = LEARNT) -> ReplayedPeriod | None:
    """Forecast each period after the first `learnt` from those before it. None where none is left."""
    rows = _rows(past)
    if len(rows) <= learnt:
        return None
    random = np.random.default_rng(20260101)
    pool = _taught(rows[:learnt], random)
    made, plan, ratio, trailing = [], [], [], []
    for now in range(learnt, len(rows)):
        planned, observed = rows[now]
        said = experts(rows[:now], planned)
        quantiles = _settled(pool.forecast(said), rows[:now])
        uniform = float(random.uniform())
        made.append(Made(now, observed, quantiles, *between(quantiles, observed, uniform)))
        pool.learn(said, observed, uniform)
        plan.append(abs(planned - observed))
        before = rows[max(0, now - WINDOW) : now]
        trailing.append(sample_crps(before[:, 1], observed))
        some = before[before[:, 0] > 0]
        scaled = planned * some[:, 1] / some[:, 0] if len(some) else before[:, 1]
        ratio.append(sample_crps(scaled, observed))
    scores = crps(np.stack([each.quantiles for each in made]), np.array([m.observed for m in made]))
    return ReplayedPeriod(
        tuple(made),
        float(scores.mean()),
        float(np.mean(plan)),
        float(np.mean(ratio)),
        float(np.mean(trailing)),
        PoolCoverage.of([each.pit for each in made]),
    )
