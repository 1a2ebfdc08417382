"""A change made in some programs and not in others: difference in differences with partial pooling.

Each program's change is a mean log count after less one before, drawn towards the others of its arm
as far as its own events say little (random effects: DerSimonian & Laird 1986, with the range of
Knapp & Hartung 2003).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from almanac.core.effects.alternating import log_count
from almanac.core.effects.design import LEVEL, Floats, leaves_out_none
from almanac.core.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST_EVENTS = 2
FEWEST_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Group:
    """One program: counts of its events before and after."""

    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def is_known(self) -> bool:
        return min(len(self.before), len(self.after)) >= FEWEST_EVENTS


@dataclass(frozen=True, slots=True)
class Each:
    """A changed program's own change beside the others', on the log scale; drawn: after pooling."""

    change: float
    error: float
    drawn: float


@dataclass(frozen=True, slots=True)
class Difference:
    """log: how much more the changed programs changed than the others, with its 95 % range; between:
    how much programs differ in their change; free: degrees of freedom; each: of every changed program, None where unknown."""

    log: float | None = None
    low: float | None = None
    high: float | None = None
    error: float | None = None
    between: float | None = None
    free: float | None = None
    each: tuple[Each | None, ...] = ()
    refusal: Refusal | None = None

    @property
    def is_clear(self) -> bool:
        return leaves_out_none(self.low, self.high)


def difference(
    changed: Sequence[Group], others: Sequence[Group], level: float = LEVEL
) -> Difference:
    """Programs with fewer than two events before or after say nothing; refuses without one changed
    and three other programs that do."""
    own = [group for group in changed if group.is_known]
    beside = [group for group in others if group.is_known]
    if not own or len(beside) < FEWEST_OTHERS:
        return Difference(refusal=Refusal.TOO_FEW_PROGRAMS)
    logs = [
        [np.array([log_count(v) for v in part]) for part in (group.before, group.after)]
        for group in [*own, *beside]
    ]
    spread = sum(float(((part - part.mean()) ** 2).sum()) for pair in logs for part in pair)
    free = sum(len(part) - 1 for pair in logs for part in pair)
    noise = max(spread / free, 1e-12)
    change = np.array([after.mean() - before.mean() for before, after in logs])
    variance = noise * np.array([1 / len(before) + 1 / len(after) for before, after in logs])
    # One noisy changed program among calm others must not borrow their calm.
    for place in range(len(own)):
        variance[place] = max(variance[place], _own_variance(*logs[place]))
    arms = [np.arange(len(logs)) < len(own), np.arange(len(logs)) >= len(own)]

    def about_means(weights: np.ndarray) -> tuple[list[float], float]:
        means = [float(np.average(change[arm], weights=weights[arm])) for arm in arms]
        q = sum(
            float(weights[arm] @ (change[arm] - m) ** 2) for arm, m in zip(arms, means, strict=True)
        )
        return means, q  # fmt: skip

    w = 1 / variance
    _, q = about_means(w)
    degrees = len(logs) - 2
    scale = float(w.sum() - sum((w[arm] ** 2).sum() / w[arm].sum() for arm in arms))
    between2 = max(0.0, (q - degrees) / scale)
    w = 1 / (variance + between2)
    means, q = about_means(w)
    error = float(np.sqrt(sum(1 / w[arm].sum() for arm in arms) * max(1.0, q / degrees)))
    reach = error * float(stdtrit(degrees, 1 - level / 2))
    effect = means[0] - means[1]
    kept = between2 / (between2 + variance)
    found = iter(
        Each(float(change[i] - means[1]), float(np.sqrt(variance[i])),
             float(effect + kept[i] * (change[i] - means[0])))
        for i in range(len(own))
    )  # fmt: skip
    each = tuple(next(found) if group.is_known else None for group in changed)
    return Difference(
        effect, effect - reach, effect + reach, error, float(np.sqrt(between2)), degrees, each
    )


def _own_variance(before: Floats, after: Floats) -> float:
    """Of a program's change, from its own events alone."""
    return float(before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after))


def rank_among(changed: Sequence[Group], others: Sequence[Group]) -> tuple[int, int] | None:
    """Where the change stands by size when each other program is taken for the changed one: 1 is the
    largest. And among how many."""
    real = difference(changed, others)
    beside = [group for group in others if group.is_known]
    if real.log is None or len(beside) <= FEWEST_OTHERS:
        return None
    placebos = [
        difference([group], [*beside[:place], *beside[place + 1 :]])
        for place, group in enumerate(beside)
    ]
    sizes = [abs(each.log) for each in placebos if each.log is not None]
    return 1 + sum(size >= abs(real.log) for size in sizes), 1 + len(sizes)


def level_at(look: int) -> float:
    """What of the 5 % the so-manieth look may spend, so that all looks together spend no more."""
    return LEVEL / (look * (look + 1))


def error_ahead(
    changed: Sequence[Group], others: Sequence[Group], after: float
) -> tuple[float | None, int]:
    """The standard error that is to come, and its degrees of freedom, if programs do not differ in how
    they change and have `after` times as many events after as before. None with too few."""
    own = [group for group in changed if len(group.before) >= FEWEST_EVENTS]
    beside = [group for group in others if len(group.before) >= FEWEST_EVENTS]
    if not own or len(beside) < FEWEST_OTHERS or after <= 0:
        return None, 0
    logs = [np.array([log_count(v) for v in group.before]) for group in [*own, *beside]]
    spread = sum(float(((part - part.mean()) ** 2).sum()) for part in logs)
    noise = spread / sum(len(part) - 1 for part in logs)

    def of_arm(groups: Sequence[Group]) -> float:
        weights = [1 / (1 / len(g.before) + 1 / (after * len(g.before))) for g in groups]
        return noise / sum(weights)

    return float(np.sqrt(of_arm(own) + of_arm(beside))), len(logs) - 2
