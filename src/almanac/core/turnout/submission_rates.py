"""How many projects are handed in, of so many participants: past rates, by nearness in size and by host.

Rates differ by a factor of ten, by host more than by anything else, and fall with size on some platforms
and not on others. So a rate is learnt in three steps on the logit scale, each shrunk towards the one
before: a line in the log of size around the published class (ridge regression); what events of about this
size depart from it (kernel regression, Nadaraya 1964, Watson 1964); what this host's own events depart from
that, as far as they are of about this size (random effect). How far the next one may lie off is how far past
ones did, standardised and weighted by nearness in size, with a few draws of a t distribution, so that the
first events do not look certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, gammaln, logit
from scipy.stats import t as student

from almanac.core.counts import Counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.turnout.class_shares import StagePair
    from almanac.core.turnout.reference import RateClass

Floats = NDArray[np.float64]

MOST = 4000
"""Latest events that are learnt from."""
NEAR, NEAR_OWN = 0.7, 1.0
"""Sds of the kernels in the log of participants, for any event and for the host's own: a factor of two is
near."""
AS_EVENTS, LOCAL_SD = 6.0, 0.25
"""The line counts as so many events where events depart from it, by about so much in logits."""
LINE_SD, SLOPE_SD = 0.4, 0.25
"""Sds of the line's level and slope around the class's."""
BETWEEN, WITHIN, AS_HOSTS = 0.55, 0.8, 8.0
"""Sds of hosts, and of events of one host, in logits before any are seen (online jams: .63 within a host,
.93 over all); and how many events they count as."""
TAIL, TAIL_EVENTS, FAR_EVENTS = 5, 8.0, 4.0
"""Degrees of freedom of the tail; how many events it counts as, and how many those far away in size do."""
NODES, GRID = 80, 60


@dataclass(frozen=True, slots=True)
class SubmissionRates:
    """logits: of the next event's rate, equally likely, in order, shape (NODES,)."""

    logits: Floats

    def counts(self, participants: Counts) -> Counts:
        """How many of so many participants: a mixture of binomials over rates and participants."""
        numbers, weights = participants.nodes(NODES)
        total = np.zeros(int(numbers.max()) + 1)
        up = np.arange(len(total), dtype=float)
        log_factorial = gammaln(up + 1)
        handed_in = np.log(expit(self.logits))[:, None]
        kept = np.log(expit(-self.logits))[:, None]
        for number, weight in zip(numbers.tolist(), weights, strict=True):
            k = up[: number + 1]
            ways = log_factorial[number] - log_factorial[: number + 1] - log_factorial[number::-1]
            total[: number + 1] += weight * np.exp(ways + k * handed_in + (number - k) * kept).mean(
                axis=0
            )
        return Counts.of(total)


@dataclass(frozen=True, slots=True)
class _Past:
    """Past events, shape (n,) each. size: log of participants around the class's centre; residual: logit of
    the rate beside what its size says; noise: its sampling variance; host, weight: as of the pairs."""

    size: Floats
    residual: Floats
    noise: Floats
    host: NDArray[np.int64]
    weight: Floats


def submission_rates(
    pairs: Sequence[StagePair], host: int, participants: float, reference: RateClass
) -> SubmissionRates:
    """Where the rate of a host's next event may lie.

    pairs: participants and submissions of past events, latest first, by host (`program`). participants: of
    the next one. More projects than participants count as one each.
    """
    counted = [pair for pair in pairs if pair.before > 0][:MOST]
    before = np.array([pair.before for pair in counted], dtype=float)
    after = np.minimum(np.array([pair.after for pair in counted], dtype=float), before)
    size = np.log(before / reference.size_centre)
    here = log(max(participants, 1.0) / reference.size_centre)
    weight = np.array([pair.weight for pair in counted], dtype=float)
    logits = np.log((after + 0.5) / (before - after + 0.5))
    (level, slope), unsure = _line(size, logits, weight, reference)
    beside = logits - level - slope * size
    grid = np.linspace(min(here, size.min(initial=here)), max(here, size.max(initial=here)), GRID)
    near = _nearness(grid, size) * weight
    departs = near @ beside / (near.sum(axis=1) + AS_EVENTS)
    past = _Past(
        size,
        beside - np.interp(size, grid, departs),
        1 / (after + 0.5) + 1 / (before - after + 0.5),
        np.array([pair.program for pair in counted], dtype=np.int64),
        weight,
    )
    between, within = _variances(past)
    effect, left = _host_effect(past, host, here, between, within)
    middle = level + slope * here + float(np.interp(here, grid, departs)) + effect
    spot = np.array([1.0, here])
    around = float((_nearness(spot[1:], size) * weight).sum())
    unknown = float(spot @ unsure @ spot) + LOCAL_SD**2 * AS_EVENTS / (around + AS_EVENTS)
    spread = sqrt(left + within + unknown)
    return SubmissionRates(middle + spread * _errors(past, here, between, within))


def _line(
    size: Floats, logits: Floats, weight: Floats, reference: RateClass
) -> tuple[Floats, Floats]:
    """Level and slope in the log of size, shrunk towards the class's, and their covariance."""
    start = np.array([float(logit(reference.mean)), reference.size_slope])
    rows = np.column_stack([np.ones_like(size), size])
    variance = BETWEEN**2 + WITHIN**2
    weighted = rows.T * weight
    precision = weighted @ rows + variance * np.diag([LINE_SD**-2, SLOPE_SD**-2])
    line = start + np.linalg.solve(precision, weighted @ (logits - rows @ start))
    return np.asarray(line, float), np.asarray(variance * np.linalg.inv(precision), float)


def _nearness(at: Floats, size: Floats) -> Floats:
    found: Floats = np.exp(-0.5 * ((at[:, None] - size[None, :]) / NEAR) ** 2)
    return found


def _variances(past: _Past) -> tuple[float, float]:
    """Variances between hosts and of one host's events, by moments, around what is usual."""
    names, place, events = np.unique(past.host, return_inverse=True, return_counts=True)
    means = np.bincount(place, past.residual, len(names)) / np.maximum(events, 1)
    noise = np.minimum(past.noise, 1.0)
    free = len(place) - len(names)
    squares = float(((past.residual - means[place]) ** 2).sum())
    squares -= float(noise.sum()) * free / max(len(place), 1)
    within = (AS_HOSTS * WITHIN**2 + max(squares, 0.0)) / (AS_HOSTS + free)
    chance = within / events + np.bincount(place, noise, len(names)) / events**2
    outside = float((means**2 - chance).sum())
    return (AS_HOSTS * BETWEEN**2 + max(outside, 0.0)) / (AS_HOSTS + len(names)), within


def _host_effect(
    past: _Past, host: int, here: float, between: float, within: float
) -> tuple[float, float]:
    """How far the host lies off what is usual, by its own events near this size, and the variance of that."""
    alike = np.where(past.host == host, np.exp(-0.5 * ((here - past.size) / NEAR_OWN) ** 2), 0.0)
    precision = past.weight * alike / (within + past.noise)
    left = 1 / (1 / between + float(precision.sum()))
    return left * float(precision @ past.residual), left


def _errors(past: _Past, here: float, between: float, within: float) -> Floats:
    """Equally likely standardised errors: of each past event forecast from all others, and of the tail."""
    _, place = np.unique(past.host, return_inverse=True)
    precision = 1 / (within + past.noise)
    others = np.bincount(place, precision)[place] - precision if len(place) else precision
    told = precision * past.residual
    told = np.bincount(place, told)[place] - told if len(place) else told
    left = 1 / (1 / between + others)
    errors = (past.residual - left * told) / np.sqrt(left + within + past.noise)
    parts = (np.arange(NODES) + 0.5) / NODES
    near = past.weight * (
        _nearness(np.array([here]), past.size)[0] + FAR_EVENTS / max(len(errors), 1)
    )
    values = np.append(errors, student.ppf(parts, TAIL))
    weights = np.append(near, np.full(NODES, TAIL_EVENTS / NODES))
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) - 0.5 * weights[order]
    found: Floats = np.interp(parts, reached / weights.sum(), values[order])
    return found
