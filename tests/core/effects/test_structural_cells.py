"""Cells of the structural model with several comparisons, as one joint normal distribution."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.effects import Design, bsts


@pytest.fixture(scope="module")
def design():
    random = np.random.default_rng(5)
    others = random.normal(0, 1, (14, 4)).cumsum(axis=0)
    y = 0.8 * others[:, 0] - 0.5 * others[:, 2] + random.normal(0, 0.4, 14)
    y[4] = np.nan
    return Design(y, others, 11)


@pytest.fixture(scope="module")
def cells(design):
    past = design.y[design.before]
    return bsts._cells(design, (past - past.mean()) / past.std(ddof=1), bsts.PRODUCT)


def joint(design, chosen, noise, level):
    """Mean and covariance, without noise, of all known periods, before and then after."""
    periods = np.r_[design.before, design.after]
    past = design.others[design.before]
    x = (design.others - past.mean(axis=0)) / past.std(axis=0, ddof=1)
    x = x[periods][:, list(chosen)]
    n = len(design.before)
    gram = x[:n].T @ x[:n]
    # Half of Zellner's prior is kept on the diagonal (Brodersen et al. 2015, supplement).
    slab = bsts.SLAB * (gram / 2 + np.diag(np.diag(gram)) / 2) / noise**2
    walk = level**2 * (np.minimum.outer(periods, periods) - periods[0])
    return 1.0 + x @ np.linalg.inv(slab) @ x.T + walk


def test_cells_of_every_choice_are_joint_normals_conditioned(design, cells):
    n = len(design.before)
    past = design.y[design.before]
    y = (past - past.mean()) / past.std(ddof=1)
    noises = np.geomspace(0.03, 2.0, bsts.GRID)
    levels = np.geomspace(0.1 * 0.1, 10 * 0.1, bsts.GRID)
    choices = list(bsts._choices(4))
    assert len(cells) == len(choices) * len(noises) * len(levels)
    logs, weights = [], []
    for place in range(250, len(cells), 331):
        chosen, chance = choices[place // bsts.GRID**2]
        noise = noises[place // bsts.GRID % bsts.GRID]
        level = levels[place % bsts.GRID]
        covariance = joint(design, chosen, noise, level)
        known = covariance[:n, :n] + noise**2 * np.eye(n)
        gain = covariance[n:, :n] @ np.linalg.inv(known)
        cell = cells[place]
        assert cell.noise == pytest.approx(noise)
        assert cell.mean == pytest.approx(y[0] + gain @ (y - y[0]), rel=1e-5, abs=1e-5)
        left = covariance[n:, n:] - gain @ covariance[:n, n:]
        assert cell.factor @ cell.factor.T == pytest.approx(left, rel=1e-3, abs=1e-5)
        log = stats.multivariate_normal(np.full(n, y[0]), known).logpdf(y) + np.log(chance)
        log += bsts._log_prior(noise, 0.8, 2.0) + bsts._log_prior(level, 0.01, bsts.LEVEL_WEIGHT)
        logs.append(log)
        weights.append(cell.weight)
    top = int(np.argmax(logs))
    wanted = np.exp(np.array(logs) - logs[top])
    assert np.array(weights) / weights[top] == pytest.approx(wanted, rel=1e-4, abs=1e-9)


def test_draws_are_of_cells_by_weight():
    """One cell at 5 with noise of 2 and doubt of 1 shared by both periods, one certain of 9."""
    shared = np.array([[1.0, 0.0], [1.0, 0.0]])
    both = [
        bsts._Cell(0.8, np.array([5.0, 6.0]), shared, 2.0),
        bsts._Cell(0.2, np.array([9.0, 9.0]), np.zeros((2, 2)), 0.0),
        bsts._Cell(0.0, np.array([99.0, 99.0]), shared, 1.0),
    ]
    found = bsts._draw(both, 40_000)
    sure = (found == 9).all(axis=1)
    first, second = found[~sure].T

    assert found.shape == (40_000, 2)
    assert sure.mean() == pytest.approx(0.2, abs=0.01)
    assert (first.mean(), second.mean()) == pytest.approx((5, 6), abs=0.05)
    assert (first.std(), second.std()) == pytest.approx((5**0.5, 5**0.5), rel=0.02)
    assert np.cov(first, second)[0, 1] == pytest.approx(1, abs=0.08)
