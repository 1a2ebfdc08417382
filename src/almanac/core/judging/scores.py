"""Scores of several judges on criteria: merit, severity and noise of each, by Gibbs sampling.

score = merit of the project + leniency of the judge + level of the criterion + noise of the judge. Leniency and
noise are learnt, as in many-facet measurement (Linacre 1989), so that a judge who gives low to all, or
anything to anybody, decides little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from almanac.core.judging.standings import JudgeReport, Standings, standings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

BURN, DRAWS = 400, 1600
NOISE_WEIGHT = 3.0
"""Scores' worth of what all judges' noise says of one judge's."""
SPREAD_WEIGHT = 1.5


@dataclass(frozen=True, slots=True)
class Score:
    judge: str
    project: str
    value: float
    criterion: str = ""


def by_scores(scores: Sequence[Score], projects: list[str], *, seed: int = 0) -> Standings:
    """projects: all there are, scored or not."""
    judges = sorted({score.judge for score in scores})
    criteria = sorted({score.criterion for score in scores})
    if not scores or not projects:
        return standings_of(projects, np.zeros((1, len(projects))), (), 0)
    project = _places(projects, [score.project for score in scores])
    judge = _places(judges, [score.judge for score in scores])
    criterion = _places(criteria, [score.criterion for score in scores])
    values = np.array([score.value for score in scores])
    scale = float(values.std()) or 1.0
    found = _sampled(
        values / scale, project, judge, criterion, (len(projects), len(judges), len(criteria)),
        np.random.default_rng(seed),
    )  # fmt: skip
    leniency, noise = found.leniency.mean(axis=0) * scale, found.noise.mean(axis=0) * scale
    ballots = np.bincount(judge, minlength=len(judges))
    reports = tuple(
        JudgeReport(
            name, int(ballots[at]), float(-leniency[at]) if len(judges) > 1 else None,
            float(noise[at]) if len(judges) > 1 else None,
        )
        for at, name in enumerate(judges)
    )  # fmt: skip
    merits = found.merits * scale + float(values.mean())
    return standings_of(projects, merits, reports, len(scores))


def _places(names: list[str], of: list[str]) -> Places:
    at = {name: place for place, name in enumerate(names)}
    return np.array([at[name] for name in of], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Sample:
    """A row a draw."""

    merits: Floats
    leniency: Floats
    noise: Floats


def _sampled(
    values: Floats, project: Places, judge: Places, criterion: Places, sizes: tuple[int, int, int],
    random: np.random.Generator,
) -> _Sample:  # fmt: skip
    projects, judges, criteria = sizes
    mean = float(values.mean())
    y = values - mean
    merit, lenient, level = np.zeros(projects), np.zeros(judges), np.zeros(criteria)
    noise = np.full(judges, 0.5)
    spread, severity, common = 0.5, 0.25, 0.5
    kept: list[tuple[Floats, Floats, Floats]] = []
    for turn in range(BURN + DRAWS):
        weight = 1 / noise[judge]
        merit = _drawn(
            y - lenient[judge] - level[criterion], weight, project, projects, spread, random
        )
        lenient = _drawn(
            y - merit[project] - level[criterion], weight, judge, judges, severity, random
        )
        lenient -= lenient.mean()
        if criteria > 1:
            level = _drawn(
                y - merit[project] - lenient[judge], weight, criterion, criteria, 0.5, random
            )
            level -= level.mean()
        spread = _variance(merit, 0.3, random)
        severity = _variance(lenient, 0.1, random)
        residual = y - merit[project] - lenient[judge] - level[criterion]
        squares = np.bincount(judge, residual**2, judges)
        counts = np.bincount(judge, minlength=judges)
        noise = (NOISE_WEIGHT * common + squares) / random.chisquare(NOISE_WEIGHT + counts)
        noise = np.clip(noise, 1e-4, 25.0)
        rate = 1 + NOISE_WEIGHT / 2 * float((1 / noise).sum())
        common = float(np.clip(random.gamma(1 + NOISE_WEIGHT / 2 * judges) / rate, 1e-4, 4.0))
        if turn >= BURN:
            kept.append((merit.copy(), lenient.copy(), np.sqrt(noise)))
    merits, leniency, noises = (np.array(each) for each in zip(*kept, strict=True))
    return _Sample(merits, leniency, noises)


def _drawn(
    residual: Floats, weight: Floats, group: Places, number: int, variance: float,
    random: np.random.Generator,
) -> Floats:  # fmt: skip
    """Effects of groups with a normal prior, given the rest."""
    precision = np.bincount(group, weight, number) + 1 / variance
    centre = np.bincount(group, weight * residual, number) / precision
    return np.asarray(centre + random.standard_normal(number) / np.sqrt(precision))


def _variance(effects: Floats, usual: float, random: np.random.Generator) -> float:
    """Of effects, with a weak prior around what is usual."""
    squares = 2 * SPREAD_WEIGHT * usual + float((effects**2).sum())
    return float(np.clip(squares / random.chisquare(2 * SPREAD_WEIGHT + len(effects)), 1e-3, 25.0))
