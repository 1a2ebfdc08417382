"""How many sign up: a level of log(count + ½) for each program, which drifts (Harvey 1989).

Shrunk towards a reference class and the logbook's other programs; what is in already enters by
the share that is usually in at that hour.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp, log, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, stdtr, stdtrit

from almanac.core.counts import Counts
from almanac.core.reference import LEVELS, PACE, LevelClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from almanac.core.events import PastEvent, Upcoming

Floats = NDArray[np.float64]

TAILS = 4.0
"""Degrees of freedom of an event around its forecast, level and noise together: the fit to the
R-Ladies archive gives 3.6, and prefers it to a t noise around a normal level by 26 points of
log-likelihood."""
LARGEST = 10_000_000
USUAL_LARGEST = 10_000
"""Tails stop here unless somebody has come near; no class holds a larger event."""


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


def level_class_in(kind: str, event_format: str, lot: int) -> LevelClass | None:
    """The class of sign-ups, with its mean in lots."""
    found = level_class(kind, event_format)
    return None if found is None else replace(found, mean=found.mean - log(lot))


def vague_level(lot: int) -> LevelClass:
    """Where no class fits: as wide as the differences between all of them."""
    mean = 3.2 - log(lot)
    return LevelClass("", "", mean=mean, between=1.6, drift=0.8, noise=0.8, events=0, source="")


def series_of(
    past: Iterable[PastEvent], count: str, upcoming: Upcoming | None
) -> list[tuple[float, float]]:
    """(years ago, log(count + ½)), as if each had been of the class to be forecast.

    A program that goes from online to in person takes its level along, moved by what lies
    between the two classes.
    """
    here = level_class(upcoming.kind, upcoming.format) if upcoming else None
    found = []
    for event in past:
        number = getattr(event, count)
        if number is None:
            continue
        there = level_class(event.kind, event.format) if event.format else None
        moved = here.mean - there.mean if here and there else 0.0
        found.append((event.years_ago, log(number + 0.5) + moved))
    return found


def series_of_others(
    counted: Iterable[PastEvent], count: str, upcoming: Upcoming
) -> dict[int, list[tuple[float, float]]]:
    series: dict[int, list[tuple[float, float]]] = {}
    for past in counted:
        if not past.own and alike(past, upcoming):
            series.setdefault(past.program, []).extend(series_of([past], count, None))
    return series


def alike(past: PastEvent, upcoming: Upcoming) -> bool:
    """Whether two events belong to the same class of sign-ups."""
    one, other = (level_class(event.kind, event.format) for event in (past, upcoming))
    return one == other if one and other else past.kind == upcoming.kind


def level(
    reference: LevelClass,
    own: Sequence[tuple[float, float]],
    others: dict[int, list[tuple[float, float]]],
    reaches: int = 0,
) -> Counts:
    """The predictive distribution of the next count of a program whose log level drifts.

    `reaches`: a count known to be reached, beyond which the tail must still go on.
    """
    mean, variance = reference.mean, reference.between**2
    if others:
        mean, variance = _shrunk_class(reference, others)
    centre, spread = filtered(mean, variance, own, reference)
    scale = sqrt((spread + reference.noise**2) * (TAILS - 2) / TAILS)
    logs = [value for series in (own, *others.values()) for _, value in series]
    highest = exp(max(logs)) if logs else 0.0
    largest = max(USUAL_LARGEST, 20 * highest, 20 * reaches)
    tail = exp(min(centre + float(stdtrit(TAILS, 0.9995)) * scale, log(LARGEST)))
    top = min(largest, max(tail, 12 * reaches)) + 2
    edges = np.log(np.arange(1, int(top) + 2))
    return Counts.of(np.diff(stdtr(TAILS, (edges - centre) / scale), prepend=0.0))


def filtered(
    mean: float, variance: float, series: Sequence[tuple[float, float]], reference: LevelClass
) -> tuple[float, float]:
    """Kalman filter of a local level up to the event to come: posterior mean and variance.

    After a long silence the variance stops at twice that between programs: by then the program
    is as good as new.
    """
    then: float | None = None
    for years_ago, value in sorted(series, key=lambda point: -point[0]):
        if then is not None:
            variance += reference.drift**2 * (then - years_ago)
        then = years_ago
        gain = variance / (variance + reference.noise**2)
        mean += gain * (value - mean)
        variance *= 1 - gain
    if then is not None:
        variance = min(variance + reference.drift**2 * max(then, 0.0), reference.between**2 * 2)
    return mean, variance


def _shrunk_class(
    reference: LevelClass, others: dict[int, list[tuple[float, float]]]
) -> tuple[float, float]:
    """A new program's level, given the class and the practitioner's other programs.

    The class of this practitioner may sit off the published one (sd half of that between
    programs); each other program's filtered level is one noisy look at it.
    """
    away = (reference.between / 2) ** 2
    precision, weighted = 1 / away, reference.mean / away
    for series in others.values():
        level, variance = filtered(reference.mean, reference.between**2 * 4, series, reference)
        look = 1 / (reference.between**2 + variance)
        precision += look
        weighted += look * level
    return weighted / precision, reference.between**2 + 1 / precision


def after_seeing(prior: Counts, so_far: int, hours_to_go: float | None) -> Counts:
    """The final sign-ups, given how many are in with so many hours to go.

    The number in is beta-binomial in the final one; before the earliest hour that was ever
    measured it only says that the final number will not be lower.
    """
    top = max(prior.last, so_far + 20)
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


def _log_choose(number: NDArray[np.int64], chosen: int) -> Floats:
    result: Floats = gammaln(number + 1.0) - gammaln(chosen + 1.0) - gammaln(number - chosen + 1.0)
    return result
