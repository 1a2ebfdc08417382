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
    projects: list[str], draws: Floats, judges: tuple[JudgeReport, ...], ballots: int, *, sure: float = SURE
) -> Standings:  # fmt: skip
    """draws: a row a draw, a column a project. Ties are broken by the mean, then by name: equal merits share
    a group, so that no tie-break separates what the ballots do not."""
    number = len(projects)
    if not number:
        return Standings((), judges, None, sure)
    means = draws.mean(axis=0)
    first = np.bincount(draws.argmax(axis=1), minlength=number) / len(draws)
    left = sorted(range(number), key=lambda place: (-means[place], projects[place]))
    groups: list[list[int]] = []
    while left:
        columns = np.array(left)
        best = np.bincount(draws[:, columns].argmax(axis=1), minlength=len(left)) / len(draws)
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
            projects[place], rank, float(means[place]), float(low[place]), float(high[place]),
            float(first[place]),
        )
        for rank, group in enumerate(groups, start=1)
        for place in group
    )  # fmt: skip
    return Standings(placed, judges, _more(draws, groups[0], ballots), sure)


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
    return ceil(ballots * (factor - 1)) if 1 < factor <= 20 else None
