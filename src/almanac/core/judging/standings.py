"""What draws of the projects' merits can tell apart: chances to be first, and groups in order."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SURE = 0.95
"""A group holds the best of those not placed before it so surely, where nothing else is asked."""

FARTHEST = 6.0
"""Where more than five times as many further ballots would be needed, no number of them is said."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One project. place: its group, from 1; merit: the mean of its draws; low, high: their 80 % range;
    chance_first: that it is the best of all."""

    project: str
    place: int
    merit: float
    low: float
    high: float
    chance_first: float


@dataclass(frozen=True, slots=True)
class JudgeReport:
    """severity: how far below the others a judge gives, in points, None where nothing tells; noise: how far
    their scores lie from what all say together; ballots: how many they gave."""

    judge: str
    ballots: int
    severity: float | None
    noise: float | None


@dataclass(frozen=True, slots=True)
class Standings:
    """placed: in order; more: about how many further ballots would decide who is first, None where that is
    clear, or where none would; sure: how surely a group holds the best of those not placed before it."""

    placed: tuple[Placed, ...]
    judges: tuple[JudgeReport, ...]
    more: int | None
    sure: float = SURE

    @property
    def groups(self) -> list[list[str]]:
        """Projects that cannot be told apart, in order."""
        found: dict[int, list[str]] = {}
        for each in self.placed:
            found.setdefault(each.place, []).append(each.project)
        return list(found.values())


def standings_of(
    projects: list[str], draws: Floats, judges: tuple[JudgeReport, ...], ballots: int, *, sure: float = SURE,
    order: Floats | None = None,
) -> Standings:  # fmt: skip
    """draws: a row a draw, a column a project; order: what projects stand by, else the means of their draws.
    Ties are broken by name: equal merits share a group, so that no tie-break separates what the ballots do
    not."""
    number = len(projects)
    if not number:
        return Standings((), judges, None, sure)
    merits = draws.mean(axis=0)
    means = merits if order is None else order
    first = _first(draws)
    left = sorted(range(number), key=lambda place: (-means[place], projects[place]))
    groups: list[list[int]] = []
    while left:
        best = _first(draws[:, np.array(left)])
        likely = sorted(
            range(len(left)), key=lambda at: (-best[at], -means[left[at]], projects[left[at]])
        )
        total, taken = 0.0, []
        for at in likely:
            taken.append(left[at])
            total += float(best[at])
            if total >= sure:
                break
        # Whoever stands as high as somebody in it is in it.
        least = min(means[place] for place in taken)
        group = [place for place in left if place in taken or means[place] >= least]
        groups.append(group)
        left = [place for place in left if place not in group]
    low, high = np.quantile(draws, (0.1, 0.9), axis=0)
    placed = tuple(
        Placed(
            projects[place], rank, float(merits[place]), float(low[place]), float(high[place]),
            float(first[place]),
        )
        for rank, group in enumerate(groups, start=1)
        for place in group
    )  # fmt: skip
    return Standings(placed, judges, _more(draws, groups[0], ballots), sure)


def _first(draws: Floats) -> Floats:
    """How often each is the best; those that are equally good share a draw."""
    best = draws == draws.max(axis=1, keepdims=True)
    return np.asarray((best / best.sum(axis=1, keepdims=True)).mean(axis=0))


def _more(draws: Floats, group: list[int], ballots: int) -> int | None:
    """Ballots until the first two differ by 1.64 standard deviations, if their distance stays."""
    if len(group) < 2:
        return None
    one, two = sorted(group, key=lambda place: -draws[:, place].mean())[:2]
    apart = draws[:, one] - draws[:, two]
    spread, distance = float(apart.std()), float(apart.mean())
    if distance <= 0.02 * spread:
        return None
    factor = (1.645 * spread / distance) ** 2
    return ceil(ballots * (factor - 1)) if 1 < factor <= FARTHEST else None
