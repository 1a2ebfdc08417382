"""A metric over time: its values with gaps left open, the band of its noise, a target, breaks."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line with words: a definition that changed, or something done."""

    x: float
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Laid out in a box of width × height. paths: stretches without a gap; band: top and height of
    the usual, if known; target: height of its line."""

    width: int
    height: int
    base: float
    paths: tuple[str, ...]
    points: tuple[Point, ...]
    band: tuple[float, float] | None
    target: float | None
    ticks: tuple[tuple[float, str], ...]
    labels: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]
    title: str


def lay_out(
    values: Sequence[float | None],
    names: Sequence[str],
    title: str,
    *,
    band: tuple[float, float] | None = None,
    target: float | None = None,
    marks: Sequence[tuple[int, str, str]] = (),
    width: int = 640,
    height: int = 200,
) -> Chart:
    """values: one a period, None where missing; names: of the periods; band: lowest and highest
    usual value; marks: place among the periods, words and kind."""
    left, right, head, foot = 46, 10, 16, 24
    known = [value for value in values if value is not None]
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

    paths: list[list[str]] = []
    run: list[str] = []
    points = []
    for place, value in enumerate(values):
        if value is None:
            paths.append(run)
            run = []
            continue
        run.append(f"{x(place)},{y(value)}")
        points.append(Point(x(place), y(value), f"{names[place]}: {value:,.6g}"))
    paths.append(run)
    ticks = []
    level = bottom
    while level <= top + step / 2:
        ticks.append((y(level), _short(level)))
        level += step
    every = max(1, ceil(len(names) / 6))
    labels = [(x(place), names[place]) for place in range(0, len(names), every)]
    placed = tuple(
        Mark(x(place), label, kind) for place, label, kind in marks if 0 <= place < len(values)
    )
    lifted = (
        (y(min(band[1], top)), y(max(band[0], bottom)) - y(min(band[1], top))) if band else None
    )
    return Chart(
        width,
        height,
        base,
        tuple(" ".join(path) for path in paths if len(path) > 1),
        tuple(points),
        lifted,
        y(target) if target is not None else None,
        tuple(ticks),
        tuple(labels),
        placed,
        title,
    )


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
    paths: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            paths.append([])
            continue
        across = round(2 + place / room * (width - 4), 1)
        up = round(height - 3 - (value - low) / max(high - low, 1e-9) * (height - 6), 1)
        paths[-1].append(f"{across},{up}")
    alone = [tuple(map(float, run[0].split(","))) for run in paths if len(run) == 1]
    return Spark(
        width,
        height,
        tuple(" ".join(run) for run in paths if len(run) > 1),
        tuple((dot[0], dot[1]) for dot in alone),
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
