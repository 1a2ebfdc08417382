"""From interest to showing up, stage by stage: at which one did a change act?

A stage's rate is a quotient of sums, and its error comes from how much events differ, so that one
large event does not look like many people deciding alone (jackknife of a ratio: Cochran 1977, ch. 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from almanac.core.effects.alternating import HALF, log_count
from almanac.core.effects.design import LEVEL, Floats, leaves_out_none
from almanac.core.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FEWEST = 3


@dataclass(frozen=True, slots=True)
class StageEffect:
    """name: what is counted, of: out of what, empty for the count itself. usual, changed: rates, or
    mean counts; log, low, high: of their quotient; events: how many say it, in each of the two."""

    name: str
    of: str
    events: tuple[int, int]
    usual: float | None = None
    changed: float | None = None
    log: float | None = None
    low: float | None = None
    high: float | None = None
    refusal: Refusal | None = None

    @property
    def is_clear(self) -> bool:
        return leaves_out_none(self.low, self.high)


def stages(
    usual: Sequence[Mapping[str, float | None]], changed: Sequence[Mapping[str, float | None]],
    names: Sequence[str],
) -> list[StageEffect]:  # fmt: skip
    """The first stage any event knows as a count, then each as a share of the last one known before
    it. names: in the order people go through them."""
    known = [name for name in names if any(row.get(name) is not None for row in [*usual, *changed])]
    if not known:
        return []
    first = [
        [row[known[0]] for row in rows if row.get(known[0]) is not None]
        for rows in (usual, changed)
    ]
    found = [_count(known[0], *([float(v or 0) for v in part] for part in first))]
    for before, name in pairwise(known):
        parts = [
            [
                (float(row[name] or 0), float(row[before] or 0))
                for row in rows
                if row.get(name) is not None and row.get(before)
            ]
            for rows in (usual, changed)
        ]
        found.append(_rate(name, before, *parts))
    return found


def _count(name: str, usual: list[float], changed: list[float]) -> StageEffect:
    events = (len(usual), len(changed))
    if min(events) < FEWEST:
        return StageEffect(name, "", events, refusal=Refusal.TOO_FEW_EVENTS)
    logs = [np.array([log_count(v) for v in part]) for part in (usual, changed)]
    log = float(logs[1].mean() - logs[0].mean())
    # Counts that never varied still vary as people who each decide alone would.
    errors = [
        max(float(part.var(ddof=1)), 1 / (float(np.mean(counts)) + HALF)) / len(part)
        for part, counts in zip(logs, (usual, changed), strict=True)
    ]
    return _ranged(name, "", events, float(np.mean(usual)), float(np.mean(changed)), log, errors)


def _rate(
    name: str, of: str, usual: list[tuple[float, float]], changed: list[tuple[float, float]]
) -> StageEffect:
    events = (len(usual), len(changed))
    if min(events) < FEWEST:
        return StageEffect(name, of, events, refusal=Refusal.TOO_FEW_EVENTS)
    rates, errors = [], []
    for part in (usual, changed):
        a, b = np.array(part).T
        rate = a.sum() / b.sum()
        if rate <= 0:
            return StageEffect(name, of, events, refusal=Refusal.TOO_FEW_EVENTS)
        # A stage cannot be surer than people who each decide alone.
        least = max(1 - rate, 0.0) / a.sum()
        errors.append(max(_jackknife(a, b), float(least)))
        rates.append(float(rate))
    log = float(np.log(rates[1] / rates[0]))
    return _ranged(name, of, events, rates[0], rates[1], log, errors)


def _jackknife(part: Floats, whole: Floats) -> float:
    """Variance of the log of a quotient of sums, leaving out one event at a time."""
    n = len(part)
    without = np.log((part.sum() - part + HALF) / (whole.sum() - whole + HALF))
    return float(((without - without.mean()) ** 2).sum()) * (n - 1) / n


def _ranged(
    name: str, of: str, events: tuple[int, int], usual: float, changed: float, log: float,
    errors: list[float],
) -> StageEffect:  # fmt: skip
    """With the degrees of freedom of Welch 1947."""
    total = max(sum(errors), 1e-12)
    parts = sum(e**2 / (n - 1) for e, n in zip(errors, events, strict=True))
    free = total**2 / parts if parts else float(sum(events) - 2)
    reach = float(np.sqrt(total) * stdtrit(free, 1 - LEVEL / 2))
    return StageEffect(name, of, events, usual, changed, log, log - reach, log + reach)
