"""Bsts."""

import numpy as np
import pytest

from almanac.core.effects import Design, bsts, log_ratio
from almanac.core.refusals import Refusal


@pytest.mark.parametrize("other", [[0.1] * 24 + [0.3] * 6, [1e-7] * 24 + [1e13] * 6])
def test_comparisons_that_never_varied_before_break_nothing(other):
    random = np.random.default_rng(3)
    y = [float(v) for v in random.integers(15, 26, 30)]
    assert bsts.estimate(Design.of(y, [other], 24)).effect is not None
    constant = Design.of([0.1] * 24 + [0.2] * 6, [y], 24)
    for estimate in (bsts.estimate, log_ratio.estimate):
        assert estimate(constant).refusal is Refusal.NEVER_VARIED


def test_every_cell_is_the_joint_gaussian_conditioned():
    """Regression, walk and noise written out in one dense covariance, and conditioned on before."""
    random = np.random.default_rng(5)
    other = random.normal(0, 1, 16).cumsum()
    design = Design.of(list(0.8 * other + random.normal(0, 0.4, 16)), [list(other)], 12)
    past, future = design.before, design.after
    y = (design.y[past] - design.y[past].mean()) / design.y[past].std(ddof=1)
    prior = bsts.PRODUCT
    cells = bsts._cells(design, y, prior)

    x = bsts._standard(design)
    z = np.column_stack([np.ones(16), x[np.r_[past, future]]])
    times = np.r_[past, future].astype(float)
    walk = np.minimum.outer(times, times) - times[0]
    noises = np.geomspace(0.03, 2.0, bsts.GRID)
    levels = np.geomspace(0.1 * prior.level_sd, 10 * max(prior.level_sd, 0.05), bsts.GRID)
    n = len(past)
    logs = []
    for cell, (noise, level) in zip(cells, [(a, b) for a in noises for b in levels], strict=True):
        slab = bsts.SLAB * float(z[:n, 1] @ z[:n, 1]) / noise**2
        start = np.array([y[0], 0.0])
        joint = z @ np.diag([1.0, 1 / slab]) @ z.T + level**2 * walk
        known = joint[:n, :n] + noise**2 * np.eye(n)
        gain = joint[n:, :n] @ np.linalg.inv(known)
        off = y - z[:n] @ start
        assert cell.mean == pytest.approx(z[n:] @ start + gain @ off, abs=1e-6)
        left = joint[n:, n:] - gain @ joint[:n, n:]
        assert cell.factor @ cell.factor.T == pytest.approx(left, rel=1e-4, abs=1e-6)
        density = -0.5 * (np.linalg.slogdet(known)[1] + off @ np.linalg.solve(known, off))
        density += bsts._log_prior(noise, 1 - prior.r2, prior.df)
        density += bsts._log_prior(level, prior.level_sd**2, bsts.LEVEL_WEIGHT)
        logs.append(density)
    chances = np.exp(np.array(logs) - max(logs))
    assert [cell.weight for cell in cells] == pytest.approx(list(chances / chances.sum()), abs=1e-6)
