"""Sign-ups as they come in: the final count, given how many are in with hours to go.

Some of those who are in will cancel; those who stay are a share of the final count, beta-binomial
around a share that grows with the time since the announcement and shrinks with the time to go.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields, replace
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln

from almanac.core.counts import Counts

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]

USUAL_LEAD = 15.0
"""Days; stands in where nobody wrote down when an event was announced."""
LEAVING_NODES = 20
UNTHINKABLE = 1e-12


@dataclass(frozen=True, slots=True)
class Pace:
    """How sign-ups come in.

    The logit of the mean share in is level + to_go * log(days to go + ¼) + since * log(days since
    the announcement + ¼); its concentration is exp(firmness + firmness_to_go * log(days to go +
    ¼)). leaving: share of those in who will cancel; loyalty: its concentration.
    """

    level: float
    to_go: float
    since: float
    firmness: float
    firmness_to_go: float
    leaving: float
    loyalty: float

    def beta(self, days_to_go: float, lead: float | None) -> tuple[float, float]:
        """(a, b) of the share of the final sign-ups that is in."""
        ahead = log(max(days_to_go, 0.0) + 0.25)
        whole = max(USUAL_LEAD, 1.8 * days_to_go) if lead is None else lead
        gone = log(max(whole - days_to_go, 0.0) + 0.25)
        share = 1 / (1 + exp(-(self.level + self.to_go * ahead + self.since * gone)))
        share = min(max(share, 1e-4), 1 - 1e-4)
        weight = exp(min(max(self.firmness + self.firmness_to_go * ahead, -1.0), 7.0))
        return share * weight, (1 - share) * weight


@dataclass(frozen=True, slots=True)
class PaceLook:
    """One look at an event's sign-ups before it began, and what they came to.

    prior: what was expected before any were in.
    """

    program: int
    so_far: int
    days_to_go: float
    lead: float | None
    final: int
    prior: Counts
    weight: float = 1.0


def after_seeing(
    prior: Counts, so_far: int, days_to_go: float, lead: float | None, by: Pace
) -> Counts:
    """The final sign-ups, given that `so_far` are in with `days_to_go`."""
    return _Bayes.of(prior, so_far, by).final(by.beta(days_to_go, lead))


@dataclass(frozen=True, slots=True)
class _Bayes:
    """Everything of the final count's posterior that does not depend on the share that is in.

    staying: how many of those in will not cancel, shape (s, 1), with their log probabilities;
    finals: counts, shape (n,); logs: log prior plus log of the ways to choose, shape (s, n).
    """

    staying: NDArray[np.int64]
    weights: Floats
    finals: NDArray[np.int64]
    logs: Floats

    @classmethod
    def of(cls, prior: Counts, so_far: int, by: Pace) -> _Bayes:
        staying, weights = _staying(so_far, by)
        top = max(prior.last, 2 * so_far + 20)
        mass = np.full(top - prior.first + 1, UNTHINKABLE)
        mass[: len(prior.mass)] += prior.mass
        finals = np.arange(prior.first, top + 1)
        rest = finals - staying
        ways = gammaln(finals + 1.0) - gammaln(np.maximum(rest, 0) + 1.0)
        logs = np.where(rest >= 0, np.log(mass) + ways, -np.inf)
        return cls(staying, weights, finals, logs)

    def masses(self, beta: tuple[float, float]) -> Floats:
        a, b = beta
        rest = np.maximum(self.finals - self.staying, 0)
        left_open = gammaln(np.arange(int(rest.max()) + 1) + b)
        like = self.logs + left_open[rest] - gammaln(self.finals + a + b)
        # What depends on the number staying alone is the same for every final count.
        chances = np.exp(like - like.max(axis=1, keepdims=True))
        return self.weights @ (chances / chances.sum(axis=1, keepdims=True))

    def final(self, beta: tuple[float, float]) -> Counts:
        return Counts.of(self.masses(beta), int(self.finals[0]))


def _staying(so_far: int, by: Pace) -> tuple[NDArray[np.int64], Floats]:
    """How many of those in will not cancel, at a few counts: (s, 1) and probabilities (s,)."""
    if so_far == 0:
        return np.zeros((1, 1), dtype=np.int64), np.ones(1)
    a, b = (1 - by.leaving) * by.loyalty, by.leaving * by.loyalty
    stay = np.arange(so_far + 1)
    log_mass = (
        betaln(stay + a, so_far - stay + b) - gammaln(stay + 1.0) - gammaln(so_far - stay + 1.0)
    )
    numbers, weights = Counts.of(np.exp(log_mass - log_mass.max())).nodes(LEAVING_NODES)
    return numbers[:, None], weights


SOFTNESS = (0.3, 0.15, 0.15, 0.4, 0.2)
"""Sds of a logbook's pace around the reference's. How many cancel is not learnt: a list of
sign-ups shows only what is left of them."""
FEWEST_EVENTS = 5
LEARNT = tuple(field.name for field in fields(Pace))[:5]


def fit(seen: Sequence[PaceLook], reference: Pace) -> Pace:
    """The pace most probable given looks at past events; the reference's where there are few."""
    # A third of a second to load, which most commands do without.
    from scipy.optimize import minimize  # noqa: PLC0415

    if len({(look.program, look.final, look.prior.mean) for look in seen}) < FEWEST_EVENTS:
        return reference
    centre, soft = np.array(astuple(reference)[:5]), np.array(SOFTNESS)
    known = [(look, _Bayes.of(look.prior, look.so_far, reference)) for look in seen]

    def loss(at: Floats) -> float:
        by = replace(reference, **dict(zip(LEARNT, at.tolist(), strict=True)))
        total = 0.5 * float(np.sum(((at - centre) / soft) ** 2))
        for look, bayes in known:
            masses = bayes.masses(by.beta(look.days_to_go, look.lead))
            place = look.final - int(bayes.finals[0])
            chance = masses[place] / masses.sum() if 0 <= place < len(masses) else 0.0
            total -= look.weight * log(max(chance, UNTHINKABLE))
        return total

    found = minimize(loss, centre, method="L-BFGS-B", options={"maxiter": 25, "ftol": 1e-6})
    return replace(reference, **dict(zip(LEARNT, found.x.tolist(), strict=True)))
