"""A metric over time: its values with gaps left open, the band of its noise, a target, breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class LineMark:
    """A vertical line with words: a definition that changed, or something done."""

    x: float
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """Laid out in a box of width × height. paths: stretches without a gap; band: top and height of
    the usual, if known; target: height of its line; beside: stretches of a second series, and area
    the polygons of its range."""

    width: int
    height: int
    base: float
    paths: tuple[str, ...]
    points: tuple[Point, ...]
    band: tuple[float, float] | None
    target: float | None
    ticks: tuple[tuple[float, str], ...]
    labels: tuple[tuple[float, str], ...]
    marks: tuple[LineMark, ...]
    title: str
    beside: tuple[str, ...] = ()
    area: tuple[str, ...] = ()


def lay_out(
    values: Sequence[float | None],
    names: Sequence[str],
    title: str,
    *,
    band: tuple[float, float] | None = None,
    target: float | None = None,
    marks: Sequence[tuple[int, str, str]] = (),
    beside: Sequence[float | None] = (),
    ranges: Sequence[tuple[float, float] | None] = (),
    width: int = 640,
    height: int = 200,
) -> LineChart:
    """values: one a period, None where missing; names: of the periods; band: lowest and highest
    usual value; marks: place among the periods, words and kind; beside: a second series, and ranges
    around it, both one a period."""
    left, right, head, foot = 46, 10, 16, 24
    known = [value for value in [*values, *beside] if value is not None]
    known += [end for ends in ranges if ends is not None for end in ends]
    edges = [*known, *(band or ()), *([target] if target is not None else []), 0.0]
    low, high = min(edges), max(edges)
    step = _step(max(high - low, 1e-9))
    bottom, top = (
        floor(low / step) * step,
        max(ceil(high / step) * step, floor(low / step) * step + step),
    )
    base = float(height - foot)

    def y(value: float) -> float:
        return float(round(base - (value - bottom) / (top - bottom) * (base - head), 1))

    room = max(len(values) - 1, 1)

    def x(place: int) -> float:
        return round(left + place / room * (width - left - right), 1)

    points = tuple(
        Point(x(place), y(value), f"{names[place]}: {value:,.6g}")
        for place, value in enumerate(values)
        if value is not None
    )
    ticks = []
    level = bottom
    while level <= top + step / 2:
        ticks.append((y(level), _short(level)))
        level += step
    every = max(1, ceil(len(names) / 6))
    labels = [(x(place), names[place]) for place in range(0, len(names), every)]
    placed = tuple(
        LineMark(x(place), label, kind) for place, label, kind in marks if 0 <= place < len(values)
    )
    lifted = (
        (y(min(band[1], top)), y(max(band[0], bottom)) - y(min(band[1], top))) if band else None
    )
    return LineChart(
        width,
        height,
        base,
        tuple(_joined(run, x, y) for run in _stretches(values) if len(run) > 1),
        points,
        lifted,
        y(target) if target is not None else None,
        tuple(ticks),
        tuple(labels),
        placed,
        title,
        tuple(_joined(run, x, y) for run in _stretches(beside) if len(run) > 1),
        tuple(_around(run, x, y) for run in _stretches(ranges) if len(run) > 1),
    )


T = TypeVar("T")


def _stretches(values: Sequence[T | None]) -> list[list[tuple[int, T]]]:
    """Places and values, cut where one is missing."""
    found: list[list[tuple[int, T]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append((place, value))
    return found


Scale = Callable[[int], float]


def _joined(run: list[tuple[int, float]], x: Scale, y: Callable[[float], float]) -> str:
    return " ".join(f"{x(place)},{y(value)}" for place, value in run)


def _around(
    run: list[tuple[int, tuple[float, float]]], x: Scale, y: Callable[[float], float]
) -> str:
    """Along the upper ends and back along the lower."""
    upper = [(place, ends[1]) for place, ends in run]
    lower = [(place, ends[0]) for place, ends in run]
    return _joined([*upper, *lower[::-1]], x, y)


@dataclass(frozen=True, slots=True)
class Spark:
    """A line the height of a word; paths as in Chart."""

    width: int
    height: int
    paths: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    label: str


def spark(
    values: Sequence[float | None], label: str, *, width: int = 130, height: int = 26
) -> Spark:
    known = [value for value in values if value is not None]
    low, high = min([*known, 0.0]), max([*known, 1e-9])
    room = max(len(values) - 1, 1)

    def x(place: int) -> float:
        return round(2 + place / room * (width - 4), 1)

    def y(value: float) -> float:
        return round(height - 3 - (value - low) / max(high - low, 1e-9) * (height - 6), 1)

    runs = _stretches(values)
    return Spark(
        width,
        height,
        tuple(_joined(run, x, y) for run in runs if len(run) > 1),
        tuple((x(run[0][0]), y(run[0][1])) for run in runs if len(run) == 1),
        label,
    )


def _step(span: float) -> float:
    rough = span / 4
    power = 10.0 ** floor(log10(rough))
    return next(nice * power for nice in (1, 2, 2.5, 5, 10) if nice * power >= rough)


def _short(value: float) -> str:
    if abs(value) >= 1_000_000:
        return f"{value / 1_000_000:,.6g}m"
    if abs(value) >= 10_000:
        return f"{value / 1000:,.6g}k"
    return f"{value:,.6g}"
