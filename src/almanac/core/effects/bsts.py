"""A local level with regression on comparisons, exact on a grid of its two standard deviations.

Brodersen et al. 2015 with the model of their R package; noise and level are summed over instead of
sampled. The product's own prior lets noise be large, as counts of twenty a week are noisy.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from almanac.core.effects.design import FEWEST_BEFORE, LEVEL, Design, Effect, Floats, varies
from almanac.core.effects.sequential import every_look
from almanac.core.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "bsts"
GRID = 22
DRAWS = 8000
ENDS = (LEVEL / 2, 1 - LEVEL / 2)
EXPECTED_SIZE = 3
MOST_CHOSEN = 6
SLAB = 0.01
LEVEL_WEIGHT = 32.0


@dataclass(frozen=True, slots=True)
class StructuralPrior:
    """level_sd: of a step of the level; r2, df: how much of the series the regression is expected to
    explain, and how many observations that counts as. In units of the series' sd before."""

    level_sd: float
    r2: float
    df: float


PRODUCT = StructuralPrior(0.1, 0.2, 2.0)
CAUSALIMPACT = StructuralPrior(0.01, 0.8, 50.0)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One choice of comparisons, noise and level: its weight, and what it says of the periods after:
    a mean and a covariance in standard units."""

    weight: float
    mean: Floats
    factor: Floats
    noise: float


def estimate(
    design: Design, prior: StructuralPrior = PRODUCT, draws: int = DRAWS, planned: int | None = None
) -> Effect:
    """The effect with its 95 % range; refuses without eight known periods before and one after.
    planned: as in `log_ratio.estimate`."""
    before, after = design.before, design.after
    if len(before) < FEWEST_BEFORE or not len(after):
        return Effect(NAME, refusal=Refusal.TOO_FEW_BEFORE)
    y = design.y[before]
    spread = float(y.std(ddof=1))
    if not varies(y):
        return Effect(NAME, refusal=Refusal.NEVER_VARIED)
    cells = _cells(design, (y - y.mean()) / spread, prior)
    drawn = _draw(cells, draws) * spread + y.mean()
    observed = design.y[after]
    gaps = observed.mean() - drawn.mean(axis=1)
    low, high = np.quantile(gaps, ENDS)
    middle, error = float(gaps.mean()), float(gaps.std())
    if planned is not None:
        reach = error * every_look(len(before), max(planned, len(after)), len(before) - 1)
        low, high = middle - reach, middle + reach
    return Effect(
        NAME,
        middle,
        float(low),
        float(high),
        middle * len(after),
        float(np.mean(np.sign(gaps) == np.sign(middle))),
        error,
        None,
        tuple(float(v) for v in drawn.mean(axis=0)),
        tuple((float(a), float(b)) for a, b in np.quantile(drawn, ENDS, axis=0).T),
    )


def _standard(design: Design) -> Floats:
    """Comparisons in units of their sd before; those that never varied before say nothing."""
    past = design.others[design.before]
    spread = past.std(axis=0, ddof=1) if past.shape[1] else np.empty(0)
    usable = np.array([varies(column) for column in past.T], dtype=bool)
    return (design.others[:, usable] - past[:, usable].mean(axis=0)) / spread[usable]


def _choices(number: int) -> Iterator[tuple[tuple[int, ...], float]]:
    """Subsets of comparisons with their prior chance; all of them where there are few or many."""
    if number <= EXPECTED_SIZE or number > MOST_CHOSEN:
        yield tuple(range(number)), 1.0
        return
    inside = EXPECTED_SIZE / number
    for size in range(number + 1):
        for chosen in combinations(range(number), size):
            yield chosen, inside**size * (1 - inside) ** (number - size)


def _cells(design: Design, y: Floats, prior: StructuralPrior) -> list[_Cell]:
    before, after = design.before.astype(float), design.after.astype(float)
    x = _standard(design)
    walk = np.minimum.outer(before, before) - before[0]
    eigenvalues, rotation = np.linalg.eigh(walk)
    turned_y, turned_end = rotation.T @ y, rotation.T @ walk[:, -1]
    noise_grid = np.geomspace(0.03, 2.0, GRID)
    level_grid = np.geomspace(0.1 * prior.level_sd, 10 * max(prior.level_sd, 0.05), GRID)
    logs: list[float] = []
    kept: list[tuple[Floats, Floats, float]] = []
    for chosen, chance in _choices(x.shape[1]):
        z = np.column_stack([np.ones(len(before)), x[design.before][:, list(chosen)]])
        future = np.column_stack([np.ones(len(after)), x[design.after][:, list(chosen)]])
        turned_z = rotation.T @ z
        gram = z[:, 1:].T @ z[:, 1:]
        slab = SLAB * (gram + np.diag(np.diag(gram))) / 2
        for noise in noise_grid:
            for level in level_grid:
                scale = noise**2 + level**2 * np.maximum(eigenvalues, 0.0)
                precision = np.zeros((z.shape[1], z.shape[1]))
                # The first level is about the first value, within the series' own spread.
                precision[0, 0] = 1.0
                precision[1:, 1:] = slab / noise**2
                shift = np.zeros(z.shape[1])
                shift[0] = y[0]
                information = precision + turned_z.T @ (turned_z / scale[:, None])
                right = precision @ shift + turned_z.T @ (turned_y / scale)
                factor = np.linalg.cholesky(information)
                theta = np.linalg.solve(information, right)
                log = -0.5 * float(np.log(scale).sum()) - float(np.log(np.diag(factor)).sum())
                log += 0.5 * float(np.linalg.slogdet(precision)[1])
                log -= 0.5 * float(
                    turned_y @ (turned_y / scale) + shift @ precision @ shift - right @ theta
                )
                log += _log_prior(noise, 1 - prior.r2, prior.df)
                log += _log_prior(level, prior.level_sd**2, LEVEL_WEIGHT)
                log += float(np.log(chance))
                logs.append(log)
                kept.append(
                    _ahead(theta, information, noise, level, scale, rotation, turned_end, z,
                           future, y, before, after)
                )  # fmt: skip
    weights = np.exp(np.array(logs) - max(logs))
    weights /= weights.sum()
    return [
        _Cell(float(weight), mean, factor, noise)
        for weight, (mean, factor, noise) in zip(weights, kept, strict=True)
    ]


def _log_prior(sd: float, guess: float, weight: float) -> float:
    """Density, by log sd, of an inverse-gamma variance around `guess` that counts as `weight`
    observations."""
    return -weight * float(np.log(sd)) - weight * guess / (2 * sd**2)


def _ahead(
    theta: Floats, information: Floats, noise: float, level: float, scale: Floats, rotation: Floats,
    turned_end: Floats, z: Floats, future: Floats, y: Floats, before: Floats, after: Floats,
) -> tuple[Floats, Floats, float]:  # fmt: skip
    """Mean and a square root of the covariance of what would have come after, noise aside."""
    gain = level**2 * (rotation @ (turned_end / scale))
    mean = future @ theta + gain @ (y - z @ theta)
    # How what is not known of level and regression moves the periods after.
    moved = future - gain @ z
    of_theta = np.linalg.solve(information, moved.T)
    covariance = moved @ of_theta
    end = float(before[-1] - before[0])
    left = level**2 * end - level**4 * float(turned_end @ (turned_end / scale))
    steps = after - before[-1]
    jitter = 1e-9 * max(float(np.abs(np.diag(covariance)).max()), 1.0)
    covariance = covariance + max(left, 0.0) + level**2 * np.minimum.outer(steps, steps)
    return mean, np.linalg.cholesky(covariance + jitter * np.eye(len(steps))), noise


def _draw(cells: list[_Cell], draws: int) -> Floats:
    random = np.random.default_rng(20150930)
    weights = np.array([cell.weight for cell in cells])
    numbers = random.multinomial(draws, weights)
    parts = []
    for cell, number in zip(cells, numbers, strict=True):
        if number:
            size = (int(number), len(cell.mean))
            parts.append(
                cell.mean
                + random.standard_normal(size) @ cell.factor.T
                + cell.noise * random.standard_normal(size)
            )
    return np.concatenate(parts)
