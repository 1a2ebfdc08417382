"""Weeks ahead: what becomes due in each as a bar, what it holds as a range beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class WeekBar:
    """due: height of the bar; low, middle, high: y of what it holds; over: more due than that."""

    x: float
    centre: float
    right: float
    width: float
    y: float
    due: float
    low: float
    middle: float
    high: float
    over: bool
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Weeks:
    width: int
    height: int
    base: float
    weeks: tuple[WeekBar, ...]
    title: str


def lay_out(
    rows: Sequence[tuple[str, float, float, float, float]],
    title: str,
    *,
    width: int = 640,
    height: int = 190,
) -> Weeks:
    """rows: a label, hours due, and the low end, middle and high end of what the week holds."""
    foot, head = 22, 10
    base = float(height - foot)
    most = max((max(due, high) for _, due, _, _, high in rows), default=1.0) or 1.0
    scale = (base - head) / most
    each = width / max(len(rows), 1)

    def y(hours: float) -> float:
        return round(base - hours * scale, 1)

    weeks = tuple(
        WeekBar(
            round(place * each + each * 0.18, 1),
            round(place * each + each * 0.5, 1),
            round(place * each + each * 0.82, 1),
            round(each * 0.64, 1),
            y(due),
            round(due * scale, 1),
            y(low),
            y(middle),
            y(high),
            due > middle,
            label,
            f"{label}: {due:.0f} h due, {low:.0f} to {high:.0f} h available",
        )
        for place, (label, due, low, middle, high) in enumerate(rows)
    )
    return Weeks(width, height, base, weeks, title)
