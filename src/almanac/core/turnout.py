"""How many will be interested, sign up, come, take part: a distribution over counts at each stage.

Levels follow a local-level model of log(count + ½) per program (Harvey 1989), shrunk towards a
reference class and the logbook's other programs; shares follow a beta-binomial on a grid; sign-ups
so far enter by the share that is usually in at that hour. Stages chain by mixing, so uncertainty
is carried on, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import exp, log, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, stdtr, stdtrit

from almanac.core.counts import Counts, mixture
from almanac.core.reference import LEVELS, PACE, SHOW_RATES, SUBMISSION_RATES, LevelClass, RateClass
from almanac.core.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


Floats = NDArray[np.float64]

VERSION = "turnout-1"
"""Part of every frozen forecast: a changed model is a new version."""

TAILS = 4.0
"""Degrees of freedom of one event around its level: the fit to the R-Ladies archive gives 3.6."""

OWN_PAIRS_NEEDED = 3
OTHER_PROGRAMS_WEIGHT = 0.25
OTHER_PROGRAMS_MOST = 5.0
LARGEST = 1_000_000
USUAL_LARGEST = 10_000
"""Tails stop here unless a program has itself come near; no class holds a larger event."""


class Stage(StrEnum):
    SIGNUPS = "signups"
    ATTENDED = "attended"
    TOOK_PART = "took_part"
    SUBMISSIONS = "submissions"


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One event that has happened. `years_ago` counts back from the event to be forecast;
    a count is None where it is missing; `own` says whether it is of the same program."""

    row: int
    years_ago: float
    same_format: bool = True
    own: bool = True
    program: int = 0
    interested: int | None = None
    signups: int | None = None
    attended: int | None = None
    took_part: int | None = None
    submissions: int | None = None


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The event to be forecast, and what is known of it by now.

    hours_to_go: None while the time is open; 0 or less once it has begun (sign-ups are final).
    """

    kind: str
    format: str = ""
    price: float | None = None
    seats: int | None = None
    interested: int | None = None
    signups: int | None = None
    hours_to_go: float | None = None


@dataclass(frozen=True, slots=True)
class Because:
    """What a stage's forecast rests on: past events by row, classes by key, and facts in use."""

    rows: tuple[int, ...] = ()
    other_rows: tuple[int, ...] = ()
    classes: tuple[str, ...] = ()
    known: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class StageForecast:
    stage: Stage
    counts: Counts | None
    because: Because = field(default_factory=Because)
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class TurnoutForecast:
    version: str
    stages: tuple[StageForecast, ...]

    def __getitem__(self, stage: Stage) -> StageForecast:
        return {found.stage: found for found in self.stages}[stage]


GATHERINGS = frozenset({"event", "workshop", "hackathon", "stream", "talk"})


def forecast(upcoming: Upcoming, history: Sequence[PastEvent]) -> TurnoutForecast:
    """Forecast every stage of one event from past ones; a stage nothing speaks for is refused."""
    signups = _signups(upcoming, history)
    attended = _attended(upcoming, history, signups)
    took_part = _share(
        Stage.TOOK_PART, attended, None, _pairs(history, "attended", "took_part"), upcoming
    )
    base = signups if signups.counts is not None else attended
    submission_class = SUBMISSION_RATES[0] if upcoming.kind == "hackathon" else None
    before = "signups" if base is signups else "attended"
    submissions = _share(
        Stage.SUBMISSIONS, base, submission_class, _pairs(history, before, "submissions"), upcoming
    )
    return TurnoutForecast(VERSION, (signups, attended, took_part, submissions))


def level_class(kind: str, event_format: str) -> LevelClass | None:
    """The class of events whose sign-ups resemble this one's."""
    if kind in {"workshop", "hackathon"}:
        key = kind
    elif kind in {"event", "stream"}:
        online = event_format == "online" or (kind == "stream" and not event_format)
        key = "community-online" if online else "community-in-person"
    else:
        return None
    return next(found for found in LEVELS if found.key == key)


def show_class(kind: str, event_format: str, price: float | None) -> RateClass | None:
    """The class of events whose share of people coming resembles this one's."""
    if kind not in GATHERINGS:
        return None
    online = event_format == "online" or (kind == "stream" and not event_format)
    if price:
        key = "paid"
    elif online:
        key = "free-online"
    elif kind in {"workshop", "hackathon"}:
        key = f"{kind}-show"
    else:
        key = "free-evening"
    return next(found for found in SHOW_RATES if found.key == key)


# Sign-ups: a level that drifts, then what is in already.


def _signups(upcoming: Upcoming, history: Sequence[PastEvent]) -> StageForecast:
    stage = Stage.SIGNUPS
    begun = upcoming.hours_to_go is not None and upcoming.hours_to_go <= 0
    known = upcoming.signups
    facts = (("signups", known),) if known is not None else ()
    if begun and known is not None:
        return StageForecast(stage, Counts.certain(known), Because(known=facts))

    counted = [past for past in history if past.signups is not None]
    own = [past for past in counted if past.own]
    reference = level_class(upcoming.kind, upcoming.format)
    if reference is None and not own and known is None:
        refusal = Refusal.NO_SIGNUPS if upcoming.kind in GATHERINGS else Refusal.NOT_AN_EVENT
        return StageForecast(stage, None, refusal=refusal)

    because = Because(
        rows=tuple(past.row for past in own),
        other_rows=tuple(past.row for past in counted if not past.own),
        classes=(reference.key,) if reference else (),
        known=facts,
    )
    interest = _pairs(history, "interested", "signups", own_only=True)
    if upcoming.interested is not None and len(interest) >= OWN_PAIRS_NEEDED:
        prior = _carry(Counts.certain(upcoming.interested), _rate_posterior(None, interest))
        because = Because(
            rows=tuple(pair.row for pair in interest),
            known=(("interested", upcoming.interested), *facts),
        )
    else:
        series = [(past.years_ago, past.signups) for past in own if past.signups is not None]
        others = _other_series(counted, "signups")
        prior = _level(reference or _vague_level(), series, others)
    if known is not None:
        prior = _after_seeing(prior, known, upcoming.hours_to_go)
    if upcoming.seats is not None and (known is None or known <= upcoming.seats):
        prior = prior.capped(upcoming.seats)
    return StageForecast(stage, prior, because)


def _vague_level() -> LevelClass:
    """Where no class fits: as wide as the differences between all of them."""
    return LevelClass("", "", mean=3.2, between=1.6, drift=0.8, noise=0.8, events=0, source="")


def _other_series(
    counted: Iterable[PastEvent], count: str
) -> dict[int, list[tuple[float, int | None]]]:
    series: dict[int, list[tuple[float, int | None]]] = {}
    for past in counted:
        if not past.own and past.same_format:
            series.setdefault(past.program, []).append((past.years_ago, getattr(past, count)))
    return series


def _level(
    reference: LevelClass,
    own: Sequence[tuple[float, int | None]],
    others: dict[int, list[tuple[float, int | None]]],
) -> Counts:
    """The predictive distribution of the next count of a program whose log level drifts."""
    mean, variance = reference.mean, reference.between**2
    if others:
        mean, variance = _shrunk_class(reference, others)
    centre, spread = _filtered(mean, variance, own, reference)
    scale = sqrt((spread + reference.noise**2) * (TAILS - 2) / TAILS)
    largest = max(USUAL_LARGEST, 20 * max((count or 0 for _, count in own), default=0))
    tail = centre + float(stdtrit(TAILS, 0.9995)) * scale
    top = min(largest, LARGEST, exp(min(tail, log(LARGEST))) + 2)
    edges = np.log(np.arange(1, int(top) + 2))
    return Counts.of(np.diff(stdtr(TAILS, (edges - centre) / scale), prepend=0.0))


def _filtered(
    mean: float, variance: float, series: Sequence[tuple[float, int | None]], reference: LevelClass
) -> tuple[float, float]:
    """Kalman filter of a local level up to the event to come: posterior mean and variance."""
    then: float | None = None
    for years_ago, count in sorted(series, key=lambda point: -point[0]):
        if count is None:
            continue
        if then is not None:
            variance += reference.drift**2 * (then - years_ago)
        then = years_ago
        gain = variance / (variance + reference.noise**2)
        mean += gain * (log(count + 0.5) - mean)
        variance *= 1 - gain
    if then is not None:
        variance = min(variance + reference.drift**2 * max(then, 0.0), reference.between**2 * 2)
    return mean, variance


def _shrunk_class(
    reference: LevelClass, others: dict[int, list[tuple[float, int | None]]]
) -> tuple[float, float]:
    """A new program's level, given the class and the practitioner's other programs.

    The class of this practitioner may sit off the published one (sd half of that between
    programs); each other program's filtered level is one noisy look at it.
    """
    away = (reference.between / 2) ** 2
    precision, weighted = 1 / away, reference.mean / away
    for series in others.values():
        level, variance = _filtered(reference.mean, reference.between**2 * 4, series, reference)
        look = 1 / (reference.between**2 + variance)
        precision += look
        weighted += look * level
    return weighted / precision, reference.between**2 + 1 / precision


def _after_seeing(prior: Counts, so_far: int, hours_to_go: float | None) -> Counts:
    """The final sign-ups, given how many are in with so many hours to go.

    The number in is beta-binomial in the final one; before the earliest hour that was ever
    measured it only says that the final number will not be lower.
    """
    top = max(prior.last, 4 * so_far + 20)
    final = np.arange(so_far, top + 1)
    mass = np.full(len(final), 1e-12)
    start, stop = max(prior.first, so_far), prior.last + 1
    if stop > start:
        mass[start - so_far : stop - so_far] += prior.mass[start - prior.first :]
    shape = _pace(hours_to_go)
    if shape is not None:
        a, b = shape
        like = (
            _log_choose(final, so_far)
            + gammaln(so_far + a)
            + gammaln(final - so_far + b)
            - gammaln(final + a + b)
        )
        mass = mass * np.exp(like - like.max())
    return Counts.of(mass, so_far)


def _pace(hours_to_go: float | None) -> tuple[float, float] | None:
    if hours_to_go is None or hours_to_go > PACE[-1].hours:
        return None
    hours = [log(point.hours) for point in PACE]
    at = log(max(hours_to_go, PACE[0].hours))
    return (
        float(np.interp(at, hours, [point.a for point in PACE])),
        float(np.interp(at, hours, [point.b for point in PACE])),
    )


# Shares: a beta-binomial whose mean and concentration are learnt on a grid.


@dataclass(frozen=True, slots=True)
class _Pair:
    before: int
    after: int
    weight: float
    row: int
    own: bool


def _pairs(
    history: Iterable[PastEvent], before: str, after: str, *, own_only: bool = False
) -> list[_Pair]:
    """Past events with both counts; other programs' of the same format speak more softly."""
    found: list[_Pair] = []
    others: list[_Pair] = []
    for past in history:
        first, second = getattr(past, before), getattr(past, after)
        if first is None or second is None or first <= 0:
            continue
        if past.own:
            found.append(_Pair(first, second, 1.0, past.row, own=True))
        elif past.same_format and not own_only:
            others.append(_Pair(first, second, 0.0, past.row, own=False))
    softly = min(OTHER_PROGRAMS_WEIGHT, OTHER_PROGRAMS_MOST / max(len(others), 1))
    return found + [replace(pair, weight=softly) for pair in others]


def _attended(
    upcoming: Upcoming, history: Sequence[PastEvent], signups: StageForecast
) -> StageForecast:
    reference = show_class(upcoming.kind, upcoming.format, upcoming.price)
    pairs = _pairs(history, "signups", "attended")
    own_pairs = [pair for pair in pairs if pair.own]
    attended_only = [past for past in history if past.own and past.attended is not None]
    if signups.counts is not None and (
        own_pairs or not attended_only or upcoming.signups is not None
    ):
        result = _share(Stage.ATTENDED, signups, reference, pairs, upcoming)
        return _with_walk_ins(result, own_pairs)
    if attended_only:
        series = [(past.years_ago, past.attended) for past in attended_only]
        level = _expected_level(upcoming, reference)
        counts = _level(level, series, _other_series(history, "attended"))
        if upcoming.seats is not None and upcoming.format != "online":
            counts = counts.capped(upcoming.seats)
        rows = tuple(past.row for past in attended_only)
        return StageForecast(Stage.ATTENDED, counts, Because(rows=rows))
    refusal = Refusal.NO_CLASS if upcoming.kind in GATHERINGS else Refusal.NOT_AN_EVENT
    return StageForecast(Stage.ATTENDED, None, refusal=refusal)


def _expected_level(upcoming: Upcoming, reference: RateClass | None) -> LevelClass:
    """The class of sign-ups, lowered by the share that usually comes."""
    level = level_class(upcoming.kind, upcoming.format) or _vague_level()
    if reference is None:
        return level
    return replace(
        level, mean=level.mean + log(reference.mean), between=sqrt(level.between**2 + 0.25)
    )


def _share(
    stage: Stage,
    before: StageForecast,
    reference: RateClass | None,
    pairs: Sequence[_Pair],
    upcoming: Upcoming,
) -> StageForecast:
    if before.counts is None:
        refusal = Refusal.NOT_AN_EVENT if upcoming.kind not in GATHERINGS else Refusal.NO_CLASS
        return StageForecast(stage, None, refusal=refusal)
    own = [pair for pair in pairs if pair.own]
    if reference is None and len(own) < OWN_PAIRS_NEEDED:
        return StageForecast(stage, None, refusal=Refusal.TOO_FEW_PAIRS)
    counts = _carry(before.counts, _rate_posterior(reference, pairs))
    because = Because(
        rows=tuple(pair.row for pair in own),
        other_rows=tuple(pair.row for pair in pairs if not pair.own),
        classes=(reference.key,) if reference else (),
        known=before.because.known if before.counts.is_certain else (),
    )
    return StageForecast(stage, counts, because)


@dataclass(frozen=True, slots=True)
class _RatePosterior:
    """A mixture of Betas for the share of the next event; shares move with size by `slope`."""

    means: Floats
    concentrations: Floats
    weights: Floats
    slope: float
    centre: float

    def betas_at(self, size: float) -> list[tuple[float, float]]:
        """(a, b) of each component, for so many people at the stage before."""
        share = self.means
        if self.slope:
            share = _expit(_logit(share) + self.slope * log(max(size, 1.0) / self.centre))
        a = share * self.concentrations
        return list(zip(a.tolist(), (self.concentrations - a).tolist(), strict=True))


MEANS = 1 / (1 + np.exp(-np.linspace(-5.0, 5.0, 61)))
CONCENTRATIONS = np.geomspace(2.0, 120.0, 7)
COMPONENTS = 8
NODES = 40


def _rate_posterior(reference: RateClass | None, pairs: Sequence[_Pair]) -> _RatePosterior:
    """Grid posterior of one program's mean share and concentration, gathered into a few Betas."""
    mean, concentration = np.meshgrid(MEANS, CONCENTRATIONS, indexing="ij")
    # The grid is even in the logit, so a density in the share carries the factor m(1 - m).
    log_weight = np.log(mean) + np.log1p(-mean)
    if reference is not None:
        a = reference.mean * reference.between
        b = (1 - reference.mean) * reference.between
        log_weight = log_weight + (a - 1) * np.log(mean) + (b - 1) * np.log1p(-mean)
    usual = reference.within if reference is not None else 10.0
    log_weight = log_weight - 0.5 * (np.log(concentration / usual) / 0.6) ** 2
    slope = reference.size_slope if reference is not None else 0.0
    centre = reference.size_centre if reference is not None else 1.0
    for pair in pairs:
        share = mean
        if slope:
            share = _expit(_logit(mean) + slope * log(pair.before / centre))
        log_weight = log_weight + pair.weight * _log_beta_binomial(
            min(pair.after, pair.before), pair.before, share, concentration
        )
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    return _gathered(mean, concentration, weight, slope, centre)


def _gathered(
    mean: Floats, concentration: Floats, weight: Floats, slope: float, centre: float
) -> _RatePosterior:
    """Merge grid points into groups of neighbouring means, each keeping its first two moments."""
    by_mean = weight.sum(axis=1)
    group = np.minimum((np.cumsum(by_mean) * COMPONENTS).astype(int), COMPONENTS - 1)
    each = np.repeat(group, weight.shape[1])
    flat, share, precision = weight.ravel(), mean.ravel(), concentration.ravel()
    mass = np.bincount(each, flat, COMPONENTS)
    held = mass > 1e-9
    safe = np.where(held, mass, 1.0)
    centre_of = np.bincount(each, flat * share, COMPONENTS) / safe
    spread = share * (1 - share) / (1 + precision) + share**2
    variance = np.bincount(each, flat * spread, COMPONENTS) / safe - centre_of**2
    matched = centre_of * (1 - centre_of) / np.maximum(variance, 1e-9) - 1
    return _RatePosterior(centre_of[held], matched[held], mass[held] / mass.sum(), slope, centre)


def _carry(before: Counts, rate: _RatePosterior) -> Counts:
    """Mix the next stage over every count of the stage before: the chain of stages."""
    numbers, weights = before.nodes(NODES)
    top = int(numbers.max())
    up = np.arange(top + 1)
    log_factorial = gammaln(up + 1.0)
    total = np.zeros(top + 1)
    sizes = zip(numbers.tolist(), weights.tolist(), strict=True)
    shared: list[tuple[Floats, Floats]] | None = None
    if not rate.slope:
        shared = [
            (
                gammaln(up + a) - log_factorial - gammaln(a),
                gammaln(up + b) - log_factorial - gammaln(b),
            )
            for a, b in rate.betas_at(1.0)
        ]
    for number, weight in sizes:
        end = number + 1
        for index, (a, b) in enumerate(rate.betas_at(number)):
            if shared is not None:
                gone_on, stayed = shared[index][0][:end], shared[index][1][:end]
            else:
                gone_on = gammaln(up[:end] + a) - log_factorial[:end] - gammaln(a)
                stayed = gammaln(up[:end] + b) - log_factorial[:end] - gammaln(b)
            scale = log_factorial[number] - gammaln(number + a + b) + gammaln(a + b)
            part = weight * float(rate.weights[index])
            total[:end] += part * np.exp(gone_on + stayed[::-1] + scale)
    return Counts.of(total)


def _log_beta_binomial(after: int, before: int, mean: Floats, concentration: Floats) -> Floats:
    a, b = mean * concentration, (1 - mean) * concentration
    return (
        gammaln(after + a)
        + gammaln(before - after + b)
        - gammaln(before + concentration)
        + gammaln(concentration)
        - gammaln(a)
        - gammaln(b)
    )


def _with_walk_ins(result: StageForecast, own_pairs: Sequence[_Pair]) -> StageForecast:
    """Where more have come than had signed up, leave room for it: Gamma-Poisson walk-ins."""
    extra = [max(0, pair.after - pair.before) for pair in own_pairs]
    if result.counts is None or not any(extra):
        return result
    shape, rate = sum(extra) + 0.5, len(extra) + 0.5
    number = np.arange(int(shape / rate * 4 + 30))
    log_mass = (
        gammaln(number + shape)
        - gammaln(shape)
        - gammaln(number + 1)
        + shape * log(rate / (rate + 1))
        - number * log(rate + 1)
    )
    without = sum(1 for walked in extra if walked == 0) / len(extra)
    walked = Counts.of(np.exp(log_mass))
    both = mixture((result.counts, result.counts.plus(walked)), (without, 1 - without))
    return replace(result, counts=both)


def _log_choose(number: NDArray[np.int64], chosen: int) -> Floats:
    result: Floats = gammaln(number + 1.0) - gammaln(chosen + 1.0) - gammaln(number - chosen + 1.0)
    return result


def _logit(share: Floats) -> Floats:
    return np.log(share / (1 - share))


def _expit(value: Floats) -> Floats:
    return 1 / (1 + np.exp(-value))
