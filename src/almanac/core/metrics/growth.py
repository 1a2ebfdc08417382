"""Posts compared at the same age: what a young one will have had by then, with its range.

In logs, views at one age are views at an earlier age plus a growth that posts share; how far they
share it is learnt from the posts that are old enough, around a usual curve. What a post of its
series usually gets by that age is the other witness; both are weighed by how sure they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, expm1, log, log1p, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from almanac.core.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

AGES = (7, 30, 90)
"""Days after publication at which posts are compared."""
HALF_LIFE, SHAPE = 9.0, 0.55
"""The usual curve: share of the views of a long life by an age, 1 - exp(-(age / life)^shape). A
judgement, wide, replaced by one's own posts as they come."""
USUAL_SPREAD = 0.45
USUAL_WEIGHT = 3.0
NEAR = 0.35
"""An observation stands for an age within this share of it, moved along the usual curve."""
FEWEST_OTHERS = 3
OFFSET = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """Views of one post at an age in days."""

    age: float
    views: float


@dataclass(frozen=True, slots=True)
class AtAge:
    """Views at an age. exact: whether they were read near it, and not extrapolated; low, high: 80 %;
    others: posts the growth was learnt from."""

    age: int
    views: float
    low: float
    high: float
    exact: bool
    others: int


def usual_share(age: float) -> float:
    """Share of a long life's views that a usual post has by that age."""
    return -expm1(-((max(age, 0.01) / HALF_LIFE) ** SHAPE))


def read_at(readings: Sequence[Reading], age: float) -> float | None:
    """Views at an age from readings on both sides of it or close to it; None where none is."""
    ordered = sorted(readings, key=lambda reading: reading.age)
    before = [r for r in ordered if r.age <= age]
    after = [r for r in ordered if r.age >= age]
    if before and after:
        first, second = before[-1], after[0]
        if first.age == second.age:
            return first.views
        # Between two readings views follow the usual curve, bent to meet both.
        share = usual_share(second.age) - usual_share(first.age)
        part = (usual_share(age) - usual_share(first.age)) / share if share > 0 else 0.0
        return first.views + part * (second.views - first.views)
    close = min(ordered, key=lambda r: abs(log(max(r.age, 0.5) / age)), default=None)
    if close is None or abs(log(max(close.age, 0.5) / age)) > NEAR:
        return None
    return close.views * usual_share(age) / usual_share(close.age)


def at_age(
    post: Sequence[Reading], others: Sequence[Sequence[Reading]], age: int
) -> AtAge | Refusal:
    """Views of a post at an age, read or extrapolated from its latest reading.

    others: readings of posts of the same platform that are older; those of its own series, if one
    wants to compare with it alone. Refused for a post without readings where others are too few.
    """
    exact = read_at(post, age)
    if exact is not None:
        return AtAge(age, exact, exact, exact, exact=True, others=0)
    levels = [found for each in others if (found := read_at(each, age)) is not None]
    latest = max(post, key=lambda reading: reading.age, default=None)
    if latest is not None and latest.age > age:
        # It is older by now, and nobody looked then.
        return Refusal.NOT_MEASURED
    if latest is None or latest.age <= 0:
        if len(levels) < FEWEST_OTHERS:
            return Refusal.TOO_FEW_POSTS
        centre, spread = _level(levels)
        return _range(age, centre, spread, len(levels) - 1, len(levels))
    growth, spread, number = _growth(others, latest.age, age)
    grown = log(latest.views + OFFSET) + growth
    # A handful of views says little of how many there will be, whatever the curve.
    spread = sqrt(spread**2 + 1 / (latest.views + OFFSET))
    if len(levels) >= FEWEST_OTHERS:
        level, of_level = _level(levels)
        weight = of_level**2 / (of_level**2 + spread**2)
        grown = weight * grown + (1 - weight) * level
        spread = sqrt(1 / (1 / spread**2 + 1 / of_level**2))
    ranged = _range(age, grown, spread, USUAL_WEIGHT + number, number)
    # Views only grow.
    least = latest.views if latest.age < age else 0.0
    return AtAge(
        age, max(ranged.views, least), max(ranged.low, least), max(ranged.high, least),
        exact=False, others=number,
    )  # fmt: skip


def _growth(
    others: Sequence[Sequence[Reading]], young: float, age: float
) -> tuple[float, float, int]:
    """Mean and sd of the log growth between two ages, from posts read at both, with shrinkage to
    the usual curve."""
    usual = log(usual_share(age) / usual_share(young))
    ratios = []
    for each in others:
        first, second = read_at(each, young), read_at(each, age)
        if first is not None and second is not None:
            ratios.append(log((second + OFFSET) / (first + OFFSET)))
    number = len(ratios)
    # The older the post already is, the less is open.
    open_share = min(1.0, abs(usual) / log(2))
    spread = USUAL_SPREAD * max(open_share, 0.15)
    mean = (USUAL_WEIGHT * usual + sum(ratios)) / (USUAL_WEIGHT + number)
    squares = USUAL_WEIGHT * spread**2 + sum((ratio - mean) ** 2 for ratio in ratios)
    variance = squares / (USUAL_WEIGHT + number)
    return mean, sqrt(variance * (1 + 1 / (USUAL_WEIGHT + number))), number


def _level(levels: Sequence[float]) -> tuple[float, float]:
    logs = np.array([log1p(level) for level in levels])
    n = len(logs)
    variance = (float(np.sum((logs - logs.mean()) ** 2)) + 2.0) / (n + 1.0)
    return float(logs.mean()), sqrt(variance * (1 + 1 / n))


def _range(age: int, centre: float, spread: float, free: float, others: int) -> AtAge:
    reach = float(stdtrit(max(free, 2.0), 0.9)) * spread
    low, high = exp(centre - reach) - OFFSET, exp(centre + reach) - OFFSET
    return AtAge(
        age, max(0.0, exp(centre) - OFFSET), max(0.0, low), high, exact=False, others=others
    )


@dataclass(frozen=True, slots=True)
class Landed:
    """How a series' posts did at an age against the posts outside of it. ratio: of their typical
    views; low, high: 80 %; posts, against: how many of each."""

    age: int
    ratio: float | None
    low: float | None
    high: float | None
    posts: int
    against: int
    refusal: Refusal | None = None


FEWEST_TO_COMPARE = 3


def landed(series: Sequence[float], rest: Sequence[float], age: int) -> Landed:
    """Compare views at one age, in logs (Welch 1947)."""
    one = np.array([log1p(views) for views in series])
    two = np.array([log1p(views) for views in rest])
    if len(one) < FEWEST_TO_COMPARE or len(two) < FEWEST_TO_COMPARE:
        return Landed(age, None, None, None, len(one), len(two), Refusal.TOO_FEW_POSTS)
    errors = one.var(ddof=1) / len(one), two.var(ddof=1) / len(two)
    error = sqrt(float(sum(errors)) or 1e-12)
    free = float(sum(errors)) ** 2 / float(
        errors[0] ** 2 / (len(one) - 1) + errors[1] ** 2 / (len(two) - 1) or 1e-12
    )
    away = float(one.mean() - two.mean())
    reach = float(stdtrit(max(free, 1.0), 0.9)) * error
    return Landed(age, exp(away), exp(away - reach), exp(away + reach), len(one), len(two))
