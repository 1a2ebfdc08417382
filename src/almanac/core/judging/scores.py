"""Scores of several judges on criteria: merit, severity and noise of each, by Gibbs sampling.

Scores are ordered classes, and nothing more: what a judge thinks of a project lies between the cuts of the score
they gave (ordered probit, Albert and Chib 1993). The cuts are those that make all scores together normal, so
that the best of a scale, which most may have, says little, and one 0 among sevens no more than “the least”.

thought = merit of the project + leniency of the judge + level of the criterion + impression + noise of the judge.
Leniency and noise are learnt, as in many-facet measurement (Linacre 1989), so that a judge who gives low to
all, or anything to anybody, decides little. A judge's impression of a project colours every criterion they
score it on (the halo), so that four criteria are not four judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from almanac.core.judging.standings import JudgeReport, Standings, standings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from almanac.core.judging.score import Score

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

BURN, DRAWS = 400, 1600
NOISE_WEIGHT = 3.0
"""Scores' worth of what all judges' noise says of one judge's."""
SPREAD_WEIGHT = 1.5
HALO = 0.1
"""Usual variance of a judge's impression of a project, in that of all scores."""
SURE = 0.9
"""How surely a group holds the best. A few judges' scores tell less apart than many comparisons or votes: at .95,
two judges of five leave a third of the field in the first group, at .9 a fifth (benchmarks/judging.py)."""
FARTHEST = 8.0
"""Standard deviations beyond which no thought is drawn."""


def by_scores(scores: Sequence[Score], projects: list[str], *, seed: int = 0) -> Standings:
    """projects: all there are, scored or not."""
    judges = sorted({score.judge for score in scores})
    criteria = sorted({score.criterion for score in scores})
    if not scores or not projects:
        return standings_of(projects, np.zeros((1, len(projects))), (), 0, sure=SURE)
    project = _places(projects, [score.project for score in scores])
    judge = _places(judges, [score.judge for score in scores])
    criterion = _places(criteria, [score.criterion for score in scores])
    values = np.array([score.value for score in scores])
    low, high = _cuts(values)
    found = _sampled(
        low, high, project, judge, criterion, (len(projects), len(judges), len(criteria)),
        np.random.default_rng(seed),
    )  # fmt: skip
    # A latent deviation in points of the scale.
    scale = float(values.std()) or 1.0
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
    return standings_of(projects, merits, reports, len(scores), sure=SURE)


def _places(names: list[str], of: list[str]) -> Places:
    at = {name: place for place, name in enumerate(names)}
    return np.array([at[name] for name in of], dtype=np.int64)


def _cuts(values: Floats) -> tuple[Floats, Floats]:
    """Between which two cuts each score stands, where all scores together are standard normal."""
    _, at, times = np.unique(values, return_inverse=True, return_counts=True)
    inner = ndtri(np.cumsum(times)[:-1] / times.sum())
    cuts = np.concatenate(([-np.inf], inner, [np.inf]))
    return cuts[at], cuts[at + 1]


def _between(
    centre: Floats, deviation: Floats, low: Floats, high: Floats, random: np.random.Generator
) -> Floats:
    """Normal draws between low and high. Those above the centre are drawn mirrored, where the normal
    distribution is exact in its tail."""
    least, most = (low - centre) / deviation, (high - centre) / deviation
    mirrored = least > 0
    least, most = np.where(mirrored, -most, least), np.where(mirrored, -least, most)
    least, most = np.clip(least, -FARTHEST, FARTHEST), np.clip(most, -FARTHEST, FARTHEST)
    below = ndtr(least)
    drawn = ndtri(below + (ndtr(most) - below) * random.random(len(centre)))
    drawn = np.clip(drawn, least, most)
    return np.asarray(centre + deviation * np.where(mirrored, -drawn, drawn))


@dataclass(frozen=True, slots=True)
class _Sample:
    """A row a draw."""

    merits: Floats
    leniency: Floats
    noise: Floats


def _sampled(
    low: Floats, high: Floats, project: Places, judge: Places, criterion: Places, sizes: tuple[int, int, int],
    random: np.random.Generator,
) -> _Sample:  # fmt: skip
    projects, judges, criteria = sizes
    cells, cell, scored = np.unique(
        judge * projects + project, return_inverse=True, return_counts=True
    )
    judge_of, project_of = cells // projects, cells % projects
    has_halo = criteria > 1 and len(cells) < len(project)
    halo, colours = np.zeros(len(cells)), HALO if has_halo else 0.0
    merit, lenient, level = np.zeros(projects), np.zeros(judges), np.zeros(criteria)
    noise = np.full(judges, 0.5)
    spread, severity, common = 0.5, 0.25, 0.5
    kept: list[tuple[Floats, Floats, Floats]] = []
    for turn in range(BURN + DRAWS):
        expected = merit[project] + lenient[judge] + level[criterion] + halo[cell]
        thought = _between(expected, np.sqrt(noise)[judge], low, high, random)
        # Merit and leniency by what a judge gives a project on the whole, the impression integrated out:
        # drawn one given the other, the three would hardly move where noise is small.
        whole = np.bincount(cell, thought - level[criterion], len(cells)) / scored
        weight = 1 / (colours + noise[judge_of] / scored)
        merit = _drawn(whole - lenient[judge_of], weight, project_of, projects, spread, random)
        lenient = _drawn(whole - merit[project_of], weight, judge_of, judges, severity, random)
        if has_halo:
            beside = thought - merit[project] - lenient[judge] - level[criterion]
            halo = _drawn(beside, 1 / noise[judge], cell, len(cells), colours, random)
            colours = _variance(halo, HALO, random)
        lenient -= lenient.mean()
        rest = thought - merit[project] - lenient[judge] - halo[cell]
        if criteria > 1:
            level = _drawn(rest, 1 / noise[judge], criterion, criteria, 0.5, random)
            level -= level.mean()
        spread = _variance(merit, 0.3, random)
        severity = _variance(lenient, 0.1, random)
        residual = rest - level[criterion]
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
