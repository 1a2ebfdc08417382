"""Whether a finding stands up: the same estimate where nothing was changed, or with less to rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from almanac.core.effects.design import FEWEST_BEFORE, Design, Effect

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_CUTS = 30


@dataclass(frozen=True, slots=True)
class InTime:
    """Placebos in time: the change moved to every earlier cut. clear: how many of them look clear;
    rank: where the real one stands by size of effect over error, 1 is the largest."""

    cuts: int
    clear: int
    rank: int


@dataclass(frozen=True, slots=True)
class Without:
    """The effect with one comparison left out."""

    comparison: int
    effect: Effect


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
