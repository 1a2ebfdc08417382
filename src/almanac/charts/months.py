"""A bar a month: how much was done, as a picture for pages and for files."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

INK, SOFT, RULE, SEA = "#221d17", "#665d50", "#d8cebb", "#23565e"
SERIF = "'Libertinus Serif', Georgia, serif"


@dataclass(frozen=True, slots=True)
class MonthBar:
    x: float
    y: float
    width: float
    height: float
    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Months:
    """Laid out in a box of width × height; title says what it shows."""

    width: int
    height: int
    base: float
    bars: tuple[MonthBar, ...]
    title: str


def lay_out(
    values: Sequence[int], labels: Sequence[str], title: str, *, width: int = 640, height: int = 150
) -> Months:
    foot, head, gap = 20, 18, 6
    base = float(height - foot)
    scale = (base - head) / max(*values, 1)
    each = width / max(len(values), 1)
    bars = tuple(
        MonthBar(
            round(place * each + gap / 2, 1),
            round(base - value * scale, 1),
            round(max(each - gap, 1.0), 1),
            round(value * scale, 1),
            value,
            label,
        )
        for place, (value, label) in enumerate(zip(values, labels, strict=True))
    )
    return Months(width, height, base, bars, title)


def as_svg(picture: Months) -> str:
    """The picture with colours of its own, for files."""
    drawn = [f'<path d="M0 {picture.base}H{picture.width}" stroke="{RULE}"/>']
    for bar in picture.bars:
        middle = round(bar.x + bar.width / 2, 1)
        drawn.append(
            f'<rect x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}" fill="{SEA}"/>'
            f'<text x="{middle}" y="{picture.height - 5}" font-size="11" text-anchor="middle" '
            f'fill="{SOFT}">{escape(bar.label)}</text>'
        )
        if bar.value:
            drawn.append(
                f'<text x="{middle}" y="{bar.y - 4}" font-size="11" text-anchor="middle" '
                f'fill="{INK}">{bar.value}</text>'
            )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{picture.width}" '
        f'height="{picture.height}" viewBox="0 0 {picture.width} {picture.height}" role="img" '
        f'font-family="{SERIF}"><title>{escape(picture.title)}</title>{"".join(drawn)}</svg>'
    )
