"""Pairs of events: in each, one as usual and one changed, joined by a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LEFT, RIGHT, HEAD, ROW = 46, 14, 8, 22


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair: its height, where its two dots are, and what it says."""

    y: float
    name: str
    usual: float
    changed: float
    label: str


@dataclass(frozen=True, slots=True)
class PairChart:
    """Laid out in a box of width × height; ticks: where along the scale, and their words."""

    width: int
    height: int
    base: float
    rows: tuple[PairRow, ...]
    ticks: tuple[tuple[float, str], ...]
    title: str


def lay_out(
    pairs: Sequence[tuple[str, float, float]], title: str, *, is_share: bool = False,
    width: int = 640,
) -> PairChart:  # fmt: skip
    """pairs: a name, the value as usual and the changed one."""
    top = max([value for _, *values in pairs for value in values] + [0.0]) or 1.0
    base = float(HEAD + ROW * len(pairs))

    def x(value: float) -> float:
        return round(LEFT + value / top * (width - LEFT - RIGHT), 1)

    def said(value: float) -> str:
        return f"{value:.0%}" if is_share else f"{value:,.6g}"

    rows = tuple(
        PairRow(HEAD + ROW * (place + 0.5), name, x(usual), x(changed),
            f"{name}: as usual {said(usual)}, changed {said(changed)}")
        for place, (name, usual, changed) in enumerate(pairs)
    )  # fmt: skip
    ticks = tuple((x(top * part), said(top * part)) for part in (0.0, 0.5, 1.0))
    return PairChart(width, int(base) + 24, base, rows, ticks, title)
