"""Two versions shown side by side: which one had more of what is counted?"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, log1p, sqrt

from scipy.special import betaln

from almanac.core.effects.alternating import Lift
from almanac.core.effects.design import LEVEL
from almanac.core.effects.sequential import alternating_evidence, mixture_reach, tuned_to
from almanac.core.refusals import Refusal

FEWEST_RESULTS = 10
HALF = 0.5
NEAR_NONE, NEAR_ALL = 1e-15, 1 - 1e-15


@dataclass(frozen=True, slots=True)
class Version:
    """count: results so far, such as clicks; shown: how many people, days or posts it was shown to."""

    count: int
    shown: float


def rates(usual: Version, changed: Version, planned: int) -> Lift:
    """Each of those it was shown to gives one result or none. The range of the quotient of rates holds
    at every look, narrowest near `planned` people (asymptotic: Waudby-Smith et al. 2021)."""
    n = usual.count + changed.count
    if n < FEWEST_RESULTS or not min(usual.shown, changed.shown):
        return Lift(n, refusal=Refusal.TOO_FEW_TRIALS)
    both = (usual, changed)
    shares = [(v.count + HALF) / (v.shown + 2 * HALF) for v in both]
    more = _for_zeros(usual, changed)
    change = log((changed.count + more) / changed.shown) - log((usual.count + more) / usual.shown)
    error = sqrt(sum((1 - p) / (v.count + HALF) for p, v in zip(shares, both, strict=True)))
    shown = round(usual.shown + changed.shown)
    reach = error * sqrt(shown) * mixture_reach(shown, tuned_to(planned))
    return Lift(n, change, change - reach, change + reach, None, error)


def counts(usual: Version, changed: Version) -> Lift:
    """Any number of results can come from each; what falls into the changed version by chance is its
    part of what was shown. The range is what its bets do not refute."""
    # A third of a second to load, which most commands do without.
    from scipy.optimize import brentq  # noqa: PLC0415

    n = usual.count + changed.count
    if n < FEWEST_RESULTS or not min(usual.shown, changed.shown):
        return Lift(n, refusal=Refusal.TOO_FEW_TRIALS)
    share = changed.shown / (usual.shown + changed.shown)
    k = changed.count

    def left(part: float) -> float:
        """Below 0 where a true part of the changed version is not refuted."""
        a, b = 4 * share, 4 * (1 - share)
        bet = float(betaln(k + a, n - k + b) - betaln(a, b))
        return bet - k * log(part) - (n - k) * log1p(-part) - log(1 / LEVEL)

    seen = min(max(k / n, NEAR_NONE), NEAR_ALL)
    low = brentq(left, NEAR_NONE, seen) if left(NEAR_NONE) > 0 > left(seen) else NEAR_NONE
    high = brentq(left, seen, NEAR_ALL) if left(NEAR_ALL) > 0 > left(seen) else NEAR_ALL
    base = log(share) - log1p(-share)
    more = _for_zeros(usual, changed)
    middle = log((k + more) / (n - k + more)) - base
    low, high = (log(part) - log1p(-part) - base for part in (low, high))
    error = sqrt(1 / (usual.count + HALF) + 1 / (changed.count + HALF))
    return Lift(n, middle, low, high, alternating_evidence(k, n, share), error)


def _for_zeros(usual: Version, changed: Version) -> float:
    """Half a result more in each where one of them had none, as none has no logarithm."""
    return 0.0 if min(usual.count, changed.count) else HALF
