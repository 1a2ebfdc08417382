"""Whether a finding stands up: the same estimate where nothing was changed, or with less to rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from almanac.core.effects.design import FEWEST_BEFORE, LEVEL, Design, Effect, memory_of
from almanac.core.effects.log_ratio import HALF

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_CUTS = 30


@dataclass(frozen=True, slots=True)
class InTime:
    """Placebos in time: placebo: the change moved to every earlier date. clear: how many of them look clear;
    rank: where the real one stands by size of effect over error, 1 is the largest."""

    cuts: int
    clear: int
    rank: int


@dataclass(frozen=True, slots=True)
class Without:
    """The effect with one comparison left out."""

    comparison: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class Trend:
    """How the outcome moved against its comparisons before anything was changed: a period, with its
    95 % range; as a log where amounts allow it."""

    slope: float
    low: float
    high: float
    is_log: bool

    @property
    def is_clear(self) -> bool:
        return self.low > 0 or self.high < 0


def before_trend(design: Design) -> Trend | None:
    """None with fewer than eight periods before. Widened for memory as the estimates are."""
    past = design.before
    if len(past) < FEWEST_BEFORE:
        return None
    y, others = design.y[past], design.others[past].sum(axis=1)
    has_others = bool(design.others.shape[1])
    is_log = float(y.min()) >= 0 and (not has_others or float(others.min()) >= 0)
    if is_log:
        z = np.log(y + HALF) - (np.log(others + HALF) if has_others else 0.0)
    else:
        z = y - (design.others[past].mean(axis=1) if has_others else 0.0)
    t = past - past.mean()
    slope = float(t @ z / (t @ t))
    left = z - z.mean() - slope * t
    free = len(past) - 2
    error = np.sqrt(float(left @ left) / free / float(t @ t) * memory_of(left).inflation)
    reach = float(error * stdtrit(free, 1 - LEVEL / 2))
    return Trend(slope, slope - reach, slope + reach, is_log)


def in_time(design: Design, estimate: Callable[[Design], Effect], real: Effect) -> InTime | None:
    """None where no earlier cut has periods enough before it and as many after as the real one."""
    length = min(len(design.y) - design.start, max(2, design.start // 4))
    cuts = list(range(FEWEST_BEFORE, design.start - length + 1))
    if not cuts or real.effect is None or not real.error:
        return None
    step = max(1, -(-len(cuts) // MOST_CUTS))
    found = [estimate(design.cut_at(cut, cut + length)) for cut in cuts[::-step]]
    known = [each for each in found if each.effect is not None and each.error]
    own = abs(real.effect / real.error)
    sizes = [abs((each.effect or 0.0) / (each.error or 1.0)) for each in known]
    return InTime(
        len(known), sum(each.is_clear for each in known), 1 + sum(s >= own for s in sizes)
    )


def without_each(design: Design, estimate: Callable[[Design], Effect]) -> list[Without]:
    """Drop one comparison at a time; nothing where there is none to spare."""
    number = design.others.shape[1]
    if number < 2:
        return []
    columns = np.arange(number)
    return [
        Without(column, estimate(design.with_others(np.delete(columns, column))))
        for column in range(number)
    ]
