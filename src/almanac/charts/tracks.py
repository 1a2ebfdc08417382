"""Rows of one scale: ranges as bars and results as marks, in a box that stretches with the page.

Text stands beside the boxes as HTML, so that it keeps its size on a phone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, LANE, GAP = 1000, 14, 4
NARROWEST = 6
"""A range of one number is still drawn this wide."""


@dataclass(frozen=True, slots=True)
class Span:
    """A range in the data's unit; kind is its class in the stylesheet."""

    kind: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A single value in the data's unit, drawn as a line over all lanes."""

    kind: str
    value: float


@dataclass(frozen=True, slots=True)
class TrackRow:
    """lanes: spans that share a height, from the top; marks: lines across them."""

    lanes: tuple[tuple[Span, ...], ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Rect:
    kind: str
    x: float
    y: int
    width: float
    height: int


@dataclass(frozen=True, slots=True)
class Track:
    """One row laid out in a box of WIDTH × height."""

    height: int
    rects: tuple[Rect, ...]
    marks: tuple[tuple[str, float], ...]
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class Tracks:
    """Rows in their order; ticks: the scale's start, middle and end in the data's unit."""

    rows: tuple[Track, ...]
    ticks: tuple[float, float, float]


def lay_out(rows: Sequence[TrackRow], *, top: float | None = None) -> Tracks:
    """Place rows on one scale from 0 to a round number that holds everything.

    top: the end of the scale where it is fixed, such as 1 for shares.
    """
    ends = [span.high for row in rows for lane in row.lanes for span in lane]
    ends += [mark.value for row in rows for mark in row.marks]
    end = top if top is not None else rounded_up(max(ends, default=0.0))
    return Tracks(tuple(_track(row, end) for row in rows), (0.0, end / 2, end))


def rounded_up(value: float) -> float:
    """The next of 2, 4, 10, 20, 40, 60, 80, 100, … so that half of it is round too."""
    if value <= 2:
        return 2.0
    power = 10.0 ** math.floor(math.log10(value))
    steps = (1.0, 1.2, 1.6, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)
    fits = [step * power for step in steps if step * power >= value and (step * power) % 2 == 0]
    return fits[0] if fits else 10.0 * power


def _track(row: TrackRow, end: float) -> Track:
    height = len(row.lanes) * LANE + (len(row.lanes) - 1) * GAP
    rects = tuple(
        _rect(span, place * (LANE + GAP), end)
        for place, lane in enumerate(row.lanes)
        for span in lane
    )
    marks = tuple((mark.kind, _x(mark.value, end)) for mark in row.marks)
    return Track(max(height, LANE), rects, marks)


def _x(value: float, end: float) -> float:
    return round(min(max(value, 0.0), end) / end * WIDTH, 1) if end > 0 else 0.0


def _rect(span: Span, y: int, end: float) -> Rect:
    low, high = _x(span.low, end), _x(span.high, end)
    width = high - low
    if span.high > 0 and width < NARROWEST:
        low = min(low, WIDTH - NARROWEST)
        width = NARROWEST
    return Rect(span.kind, round(low, 1), y, round(width, 1), LANE)
