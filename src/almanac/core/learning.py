"""The level model's parameters by maximum a posteriori: marginal likelihood and its gradient.

Rasmussen & Williams 2006, equations 5.8 and 5.9, with what is shared between programs kept apart
(Woodbury), so that an evaluation costs milliseconds for a thousand events.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi
from typing import TYPE_CHECKING

import numpy as np
from numpy.linalg import LinAlgError
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.linalg.lapack import dpotrf, dpotri
from scipy.optimize import minimize

from almanac.core.level_parameters import (
    NOISE_OF_FORMAT,
    LevelParameters,
    Pairs,
    components,
)
from almanac.core.levels import pairs_within
from almanac.core.reference import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from almanac.core.levels import Levels
    from almanac.core.shared_effects import SharedEffects

Floats = NDArray[np.float64]

LATEST = 1200
"""Only so many events, the latest, are learnt from."""
FEWEST = 40
"""With fewer the reference's own parameters stand."""
SOFTNESS, SOFTNESS_OF_NOISE = 0.12, 0.3
"""Sds, in logs, of a logbook's parameters around the reference's: a factor of 1.13, and of 1.35 for
noise. Looser ones forecast the reference's own archive worse, 2018 to 2020."""
MOST_STEPS = 12
IMPOSSIBLE = 1e12
"""What the search is told where rounding makes a covariance singular; it then turns back."""


@dataclass(frozen=True, slots=True)
class _Block:
    """One program's events: pairs (n, n), loadings (n, m), values, steadiness and formats (n,)."""

    pairs: Pairs
    loadings: Floats
    values: Floats
    steadiness: Floats
    formats: NDArray[np.int64]


def fit(levels: Levels, progress: Callable[[int], None] | None = None) -> LevelParameters:
    """Parameters most probable given the events these levels have learnt.

    progress: called after each step of the search with the number of steps done.
    """
    blocks = _blocks(levels)
    if sum(len(block.values) for block in blocks) < FEWEST:
        return levels.parameters
    centre = PARAMETERS.logs()
    names = list(centre)
    middle = np.array([centre[name] for name in names])
    softness = np.array([SOFTNESS_OF_NOISE if "noise" in name else SOFTNESS for name in names])
    done = 0

    def loss(at: Floats) -> tuple[float, Floats]:
        logs = dict(zip(names, at.tolist(), strict=True))
        try:
            value, slopes = marginal(levels.shared, blocks, LevelParameters.from_logs(logs))
        except LinAlgError:
            return IMPOSSIBLE, np.zeros(len(at))
        away = (at - middle) / softness
        slope = np.array([slopes[name] for name in names]) - away / softness
        return -value + 0.5 * float(away @ away), -slope

    def step(_: Floats) -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done)

    start = np.array([levels.parameters.logs()[name] for name in names])
    found = minimize(  # type: ignore[call-overload]
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(middle - 4 * softness, middle + 4 * softness, strict=True)),
        callback=step,
        options={"maxiter": MOST_STEPS, "ftol": 1e-6},
    )
    return LevelParameters.from_logs(dict(zip(names, found.x.tolist(), strict=True)))


def _blocks(levels: Levels) -> list[_Block]:
    began = np.sort(
        np.concatenate([np.zeros(0), *(program["began"] for program in levels.programs.values())])
    )
    since = began[-LATEST] if len(began) > LATEST else -np.inf
    found = []
    for program in levels.programs.values():
        late = program["began"] >= since
        if not late.any():
            continue
        every = pairs_within(program)
        pick = np.ix_(late, late)
        pairs = Pairs(**{name: getattr(every, name)[pick] for name in Pairs.__slots__})
        found.append(
            _Block(
                pairs=pairs,
                loadings=program["loadings"][late],
                values=program["value"][late],
                steadiness=program["steadiness"][late],
                formats=program["format"][late].astype(np.int64),
            )
        )
    return found


def marginal(
    effects: SharedEffects, blocks: list[_Block], by: LevelParameters
) -> tuple[float, dict[str, float]]:
    """Log marginal likelihood, and its slope on the log of each parameter."""
    prior = _Prior.of(effects, by)
    slopes = dict.fromkeys(by.logs(), 0.0)
    precision, weighted = prior.precision.copy(), np.zeros(effects.size)
    square = log_det = 0.0
    solved = []
    for block in blocks:
        parts = components(block.pairs, by)
        noise = by.noise(block.formats) * block.steadiness
        matrix = np.sum(list(parts.values()), axis=0)
        matrix[np.diag_indices(len(noise))] += noise
        factor, failed = dpotrf(matrix, lower=1)
        if failed:
            raise LinAlgError
        log_det += 2 * float(np.log(np.diag(factor)).sum())
        inverse, _ = dpotri(factor, lower=1)
        inverse = np.tril(inverse) + np.tril(inverse, -1).T
        values = block.values - block.loadings @ effects.mean
        through = inverse @ block.loadings
        precision += block.loadings.T @ through
        weighted += through.T @ values
        square += float(values @ inverse @ values)
        solved.append((block, parts, noise, inverse, through, inverse @ values))
    factored = cho_factor(precision, lower=True, check_finite=False)
    away = cho_solve(factored, weighted, check_finite=False)
    spread = cho_solve(factored, np.eye(effects.size), check_finite=False)
    log_det += prior.log_det + 2 * float(np.log(np.diag(factored[0])).sum())
    for block, parts, noise, inverse, through, own in solved:
        left = own - through @ away
        pull = np.outer(left, left) - inverse + (through @ spread) @ through.T
        for name, part in parts.items():
            slopes[name] += float(np.sum(pull * part))
        by_gap = parts["drift"] * block.pairs.gap / by.drift_years
        slopes["drift_years"] += 0.5 * float(np.sum(pull * by_gap))
        for index, name in enumerate(NOISE_OF_FORMAT):
            here = block.formats == index
            slopes[name] += float(np.sum(np.diag(pull)[here] * noise[here]))
    prior.add_slopes(slopes, away, spread)
    number = sum(len(block.values) for block in blocks)
    value = -0.5 * (square - float(weighted @ away) + log_det + number * log(2 * pi))
    return value, slopes


@dataclass(frozen=True, slots=True)
class _Prior:
    """The prior of what programs share, in the form the likelihood needs."""

    effects: SharedEffects
    by: LevelParameters
    precision: Floats
    tide_precision: Floats
    log_det: float

    @classmethod
    def of(cls, effects: SharedEffects, by: LevelParameters) -> _Prior:
        variances = effects.spreads(by) ** 2
        factored = cho_factor(effects.tide(by), lower=True)
        tide_precision = cho_solve(factored, np.eye(len(effects.knots)))
        precision, log_det = np.diag(1 / variances), float(np.log(variances).sum())
        for tide in effects.tides:
            precision[tide, tide] = tide_precision
            log_det += 2 * float(np.log(np.diag(factored[0])).sum())
            log_det -= float(np.log(variances[tide]).sum())
        return cls(effects, by, precision, tide_precision, log_det)

    def add_slopes(self, slopes: dict[str, float], away: Floats, spread: Floats) -> None:
        """away, spread: posterior of the effects, as distance from their prior mean."""
        second = np.diag(self.precision) * (away**2 + np.diag(spread)) - 1
        for group, places in self.effects.groups.items():
            slopes[group] += float(second[places].sum())
        knots = self.effects.knots
        gap = np.abs(knots[:, None] - knots[None, :])
        smooth = self.by.tide**2 * np.exp(-gap / self.by.tide_years)
        changes = {"tide": 2 * smooth, "tide_years": smooth * gap / self.by.tide_years}
        for tide in self.effects.tides:
            around = np.outer(away[tide], away[tide]) + spread[tide, tide]
            for name, change in changes.items():
                turned = self.tide_precision @ change
                slopes[name] += 0.5 * float(
                    np.sum((turned @ self.tide_precision) * around) - np.trace(turned)
                )
