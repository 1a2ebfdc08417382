"""Quantile dot plots: twenty dots, each one of twenty equally likely outcomes (Kay et al. 2016)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NICE = (1, 2, 2.5, 5, 10)
BINS = 34
MARK_LINE, LETTER = 22, 5.5
"""Height of a mark's label and half the width of a letter, as large as a phone shows them."""


@dataclass(frozen=True, slots=True)
class DotMark:
    """A line across the plot: a hope, a guess or what came of it. kind names its look."""

    at: int
    label: str
    kind: str = "hope"


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PlacedMark:
    x: float
    label_y: float
    label: str
    kind: str
    anchor: str


@dataclass(frozen=True, slots=True)
class DotPlot:
    """A dot plot laid out in a box of width × height; the template only writes it down."""

    width: int
    height: int
    radius: float
    base: float
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]
    marks: tuple[PlacedMark, ...]
    label: str


def lay_out(
    outcomes: Sequence[int], marks: Sequence[DotMark] = (), *, width: int = 640, height: int = 150
) -> DotPlot:
    """Place the dots of `outcomes` (sorted counts) and the marks on a common axis from 0."""
    small = width < 300
    height += 0 if small else MARK_LINE * max(len(marks) - 1, 0)
    top = max(*outcomes, *(mark.at for mark in marks), 4)
    step = _step(top, 2 if small else 6)
    end = max(step, ceil(top * 1.04 / step) * step)
    pad = 10 if small else 14
    scale = (width - 2 * pad) / end
    bins = BINS // 2 if small else BINS
    bin_width = max(1.0, end / bins)
    columns = Counter(floor(value / bin_width) for value in outcomes)
    tallest = max(columns.values())
    foot, head = (16, 14) if small else (18, 20 + MARK_LINE * max(len(marks) - 1, 0))
    base = float(height - foot)
    radius = min((base - head) / (2.15 * tallest), bin_width * scale / 2.15, 4.2 if small else 9.0)
    dots = []
    for column, number in sorted(columns.items()):
        centre = (column + 0.5) * bin_width if bin_width > 1 else float(column)
        for level in range(number):
            dots.append(Dot(pad + centre * scale, base - radius * (1.15 + 2.15 * level)))
    ticks = tuple(
        (round(pad + value * scale, 1), f"{value:,.0f}")
        for value in (step * i for i in range(int(end / step) + 1))
    )
    return DotPlot(
        width,
        height,
        round(radius, 2),
        base,
        tuple(Dot(round(dot.x, 1), round(dot.y, 1)) for dot in dots),
        ticks,
        _place(marks, pad, scale, width),
        _label(outcomes),
    )


def _place(marks: Sequence[DotMark], pad: int, scale: float, width: int) -> tuple[PlacedMark, ...]:
    placed = []
    for level, mark in enumerate(sorted(marks, key=lambda mark: mark.at)):
        x = pad + mark.at * scale
        room = len(mark.label) * LETTER
        anchor = "start" if x < room else "end" if x > width - room else "middle"
        placed.append(
            PlacedMark(round(x, 1), 12.0 + MARK_LINE * level, mark.label, mark.kind, anchor)
        )
    return tuple(placed)


def _step(top: int, most: int) -> float:
    """A round distance between ticks, whole for counts."""
    rough = max(top / most, 1)
    power = 10 ** floor(log10(rough))
    step = next(nice * power for nice in NICE if nice * power >= rough)
    return float(ceil(step))


def _label(outcomes: Sequence[int]) -> str:
    return (
        f"{len(outcomes)} equally likely outcomes, from {min(outcomes):,} to {max(outcomes):,}, "
        f"half of them from {outcomes[len(outcomes) // 4]:,} to {outcomes[-1 - len(outcomes) // 4]:,}"
    )


def as_text(outcomes: Sequence[int], columns: int = 60) -> str:
    """The same plot for a terminal."""
    end = max(*outcomes, 4)
    width = max(1, ceil((end + 1) / columns))
    heights = Counter(value // width for value in outcomes)
    last = max(heights)
    rows = [
        "".join("●" if heights[column] >= level else " " for column in range(last + 1)).rstrip()
        for level in range(max(heights.values()), 0, -1)
    ]
    axis = "─" * (last + 1)
    left, right = "0", f"{(last + 1) * width - 1:,}"
    return "\n".join(
        [*rows, axis, f"{left}{right.rjust(max(len(right) + 1, last + 1 - len(left)))}"]
    )
