"""A year of days as a calendar: a column a week, a row a weekday, darker for more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

SIDE, GAP = 10, 2
HEAD, LEFT = 14, 26
SHADES = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """shade: 0 for nothing to SHADES; off: a day off."""

    x: int
    y: int
    shade: int
    off: bool
    label: str


@dataclass(frozen=True, slots=True)
class Heat:
    """Laid out in a box of width × height. months: where each begins; days: weekdays named."""

    width: int
    height: int
    side: int
    cells: tuple[Cell, ...]
    months: tuple[tuple[int, str], ...]
    days: tuple[tuple[int, str], ...]
    title: str


def lay_out(
    hours: Mapping[date, float], off: AbstractSet[date], first: date, last: date, title: str
) -> Heat:
    """hours: by day; off: days off; first: a Monday."""
    some = sorted(value for value in hours.values() if value > 0)
    edges = [some[len(some) * step // SHADES] for step in range(1, SHADES)] if some else []
    cells, months = [], []
    each = SIDE + GAP
    weeks = (last - first).days // 7 + 1
    for week in range(weeks):
        monday = first + timedelta(days=7 * week)
        if monday.day <= 7:
            months.append((LEFT + week * each, f"{monday:%b}"))
        for weekday in range(7):
            day = monday + timedelta(days=weekday)
            if day > last:
                continue
            value = hours.get(day, 0.0)
            shade = 0 if value <= 0 else 1 + sum(value > edge for edge in edges)
            words = f"{day:%-d %b}: " + (f"{value:g} h" if value else "nothing written down")
            cells.append(
                Cell(
                    LEFT + week * each,
                    HEAD + weekday * each,
                    shade,
                    day in off,
                    words + (", off" if day in off else ""),
                )
            )
    days = tuple((HEAD + place * each + SIDE - 1, name) for place, name in ((0, "Mon"), (4, "Fri")))
    return Heat(
        LEFT + weeks * each, HEAD + 7 * each, SIDE, tuple(cells), tuple(months), days, title
    )
