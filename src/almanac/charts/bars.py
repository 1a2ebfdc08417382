"""A small histogram: shares in equal bins, with a line where each would be if all were alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Laid out in a box of width × height; the template only writes it down."""

    width: int
    height: int
    base: float
    even: float
    bars: tuple[Bar, ...]
    label: str


def lay_out(shares: Sequence[float], *, width: int = 300, height: int = 96) -> Bars:
    """Place the bars of `shares`, which sum to 1."""
    foot, head, gap = 18, 6, 2
    base = float(height - foot)
    most = max(*shares, 2 / len(shares))
    scale = (base - head) / most
    each = (width - gap) / len(shares)
    bars = tuple(
        Bar(
            round(gap + place * each, 1),
            round(base - share * scale, 1),
            round(each - gap, 1),
            round(share * scale, 1),
        )
        for place, share in enumerate(shares)
    )
    label = "Shares of outcomes in each tenth of the ranges: " + ", ".join(
        f"{share:.0%}" for share in shares
    )
    return Bars(width, height, base, round(base - scale / len(shares), 1), bars, label)
