"""Will it be reached? A target against a forecast of its metric with the metric's own noise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from almanac.core.metrics.future_sums import (
    FEWEST,
    SeriesKind,
    final_change,
    one_offs,
    steps_in_place,
)
from almanac.core.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Course", "SeriesKind", "TargetOutlook", "outlook"]

CLEAR = 0.8
"""Ahead or behind is said from this chance on; it is wrong as often as it leaves open."""
WIDE = 1.0
"""A range wider than what is left to reach says nothing between the two."""
LATELY = 12


class Course(StrEnum):
    REACHED = "reached"
    AHEAD = "ahead"
    ON_COURSE = "on_course"
    BEHIND = "behind"
    CANNOT_TELL = "cannot_tell"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class TargetOutlook:
    """Where a target stands. so_far: of a flow the sum since the start, of a stock its last value;
    low, middle, high: what it comes to by the end, 80 %; chance: that the target is reached; pace:
    by period lately; needed: by period from now on; left: periods, the running one as far as it is open."""

    course: Course
    so_far: float | None = None
    low: float | None = None
    middle: float | None = None
    high: float | None = None
    chance: float | None = None
    pace: float | None = None
    needed: float | None = None
    left: float = 0.0
    refusal: Refusal | None = None
    upward: bool = True
    one_offs: tuple[int, ...] = ()
    """Places in the history, and after it of the running period, of spikes and jumps that came alone, which pace and range leave out."""


def outlook(
    history: Sequence[float | None],
    since: int,
    parts: Sequence[float],
    target: float,
    *,
    kind: SeriesKind,
    counts: bool,
    now: float | None = None,
    upward: bool = True,
    seed: int = 0,
) -> TargetOutlook:
    """history: one value a whole period, None where missing; since: index of the first of them that
    counts towards the target; parts: how much of each coming period is open, the running one first,
    none where it is over; now: what the running period has brought so far, or what stands now;
    counts: whole things, never below 0.

    upward: whether more is better. A flow with missing periods since the start is refused, as its
    sum is not known.
    """
    values = [None if value is None else float(value) for value in history]
    known = [value for value in values if value is not None]
    left = float(sum(parts))
    so_far = _so_far(values, since, kind, now)
    if so_far is None:
        return TargetOutlook(Course.CANNOT_TELL, left=left, refusal=Refusal.MISSING_PERIODS)
    done = so_far >= target if upward else so_far <= target
    # A sum cannot shrink again, unless it can.
    is_decided = kind is SeriesKind.FLOW and done is upward and min(known, default=0.0) >= 0
    if left <= 0 or is_decided:
        over = so_far if left <= 0 else None
        course = Course.REACHED if done else Course.MISSED
        return TargetOutlook(course, so_far, over, over, over, float(done), left=left)
    # What the running period has brought so far may be little, and yet a spike.
    seen = [*values, now] if kind is SeriesKind.FLOW and now else values
    alone = one_offs(seen, kind=kind, counts=counts)
    alone = tuple(place for place in alone if place < len(values) or (now or 0.0) > max(known))
    pace = _pace(values, kind, alone)
    needed = (target - so_far) / left
    if len(known) < FEWEST:
        return TargetOutlook(
            Course.CANNOT_TELL,
            so_far,
            pace=pace,
            needed=needed,
            left=left,
            refusal=Refusal.TOO_FEW_VALUES,
        )
    ends = so_far + final_change(values, parts, kind=kind, counts=counts, seed=seed)
    if min(known) >= 0:
        ends = np.maximum(ends, 0.0)
    low, middle, high = (float(found) for found in np.quantile(ends, [0.1, 0.5, 0.9]))
    come = np.rint(ends) if counts else ends
    chance = float(np.mean(come >= target if upward else come <= target))
    return TargetOutlook(
        _course(chance, high - low, abs(target - so_far)),
        so_far,
        low,
        middle,
        high,
        chance,
        pace,
        needed,
        left,
        upward=upward,
        one_offs=alone,
    )


def _so_far(
    values: Sequence[float | None], since: int, kind: SeriesKind, now: float | None
) -> float | None:
    if kind is not SeriesKind.FLOW:
        latest = next((value for value in reversed(values) if value is not None), None)
        return latest if now is None else now
    counted = values[since:]
    if any(value is None for value in counted):
        return None
    return float(sum(value for value in counted if value is not None)) + (now or 0.0)


def _pace(
    values: Sequence[float | None], kind: SeriesKind, without: Sequence[int] = ()
) -> float | None:
    """By period, over the latest dozen."""
    series = values if kind is SeriesKind.FLOW else steps_in_place(values)
    told = [None if place in without else value for place, value in enumerate(series)]
    lately = [value for value in told[-LATELY:] if value is not None]
    return sum(lately) / len(lately) if lately else None


def _course(chance: float, width: float, left: float) -> Course:
    if chance >= CLEAR:
        return Course.AHEAD
    if chance <= 1 - CLEAR:
        return Course.BEHIND
    return Course.CANNOT_TELL if width > WIDE * left else Course.ON_COURSE
