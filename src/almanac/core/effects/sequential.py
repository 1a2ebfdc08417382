"""Looking early without being fooled: ranges and tests that hold at every look.

Howard et al. 2021 (normal mixture), Waudby-Smith et al. 2021 as GrowthBook computes it, and a
beta-binomial e-process for events that alternate between two arms.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, log, log1p, sqrt

import numpy as np
from scipy.special import betaln

from almanac.core.effects.design import LEVEL

RUNS = 20_000


def tuned_to(observations: float, level: float = LEVEL) -> float:
    """The variance of the mixture that makes a range narrowest after n observations."""
    return (-2 * log(level) + log(1 - 2 * log(level))) / observations


def mixture_reach(n: int, r2: float, level: float = LEVEL) -> float:
    """Half-width of a confidence sequence for the mean of n values of unit variance."""
    return sqrt((n * r2 + 1) / (n**2 * r2) * log((n * r2 + 1) / level**2))


@lru_cache(maxsize=256)
def every_look(before: int, planned: int, free: int, level: float = LEVEL) -> float:
    """By how many standard errors a difference of means reaches, so that its range holds at each of
    `planned` looks, one a period after `before` periods (Pocock 1977, with the mean before shared by
    all looks). By simulation; free: degrees of freedom of the error."""
    random = np.random.default_rng(19770401)
    looks = np.arange(1, planned + 1)
    after = np.cumsum(random.standard_normal((RUNS, planned)), axis=1) / looks
    first = random.standard_normal((RUNS, 1)) / sqrt(before)
    noise = np.sqrt(random.chisquare(free, (RUNS, 1)) / free)
    worst = (np.abs(after - first) / np.sqrt(1 / before + 1 / looks) / noise).max(axis=1)
    return float(np.quantile(worst, 1 - level))


def alternating_evidence(other: int, events: int, share: float = 0.5) -> float:
    """The e-value against two arms being alike, once `other` of `events` things fell into the second,
    to which `share` would fall by chance: at least 1/.05 = 20 says they differ, at whatever look."""
    if not 0 <= other <= events:
        raise ValueError("more events in one arm than there are events")
    a, b = 4 * share, 4 * (1 - share)
    value = betaln(other + a, events - other + b) - betaln(a, b)
    value -= other * log(share) + (events - other) * log1p(-share)
    return exp(min(float(value), 700.0))
