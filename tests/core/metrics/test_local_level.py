"""A level under noise, against the whole covariance of a series and against known distributions."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.metrics import local_level
from almanac.core.metrics.local_level import LocalLevel, fit


def single(*, noise=0.0, drift=0.0, slope=0.0, level=0.0, spread=0.0, centre=0.0, scale=1.0):
    parts = (np.array([each]) for each in (1.0, noise, drift, slope, level, spread))
    return LocalLevel(*parts, centre, scale, 9)


def drawn(model, ahead=3, draws=40_000):
    return model.paths(ahead, draws, np.random.default_rng(2))


def test_a_trend_goes_on_and_dies_down():
    found = drawn(single(slope=2.0, level=1.0, centre=50.0, scale=10.0), draws=2)
    d = local_level.DAMPING

    wanted = 50 + 10 * (1 + 2 * np.array([d, d + d**2, d + d**2 + d**3]))
    assert found == pytest.approx(np.stack([wanted, wanted]))


def test_no_trend_goes_on_for_ever():
    found = drawn(single(slope=1.0), ahead=500, draws=1)[0]

    assert found[10] > found[5] + 3
    assert found[499] < found[399] + 0.01


def test_doubt_of_the_level_is_shared_and_noise_is_not():
    level = drawn(single(spread=4.0, scale=3.0))
    assert level.std(axis=0) == pytest.approx([6] * 3, rel=0.02)
    assert level[:, 0] == pytest.approx(level[:, 2])
    noise = drawn(single(noise=2.0))
    assert noise.std(axis=0) == pytest.approx([2] * 3, rel=0.02)
    assert abs(np.corrcoef(noise.T)[0, 1]) < 0.03


def test_steps_of_the_level_add_up_and_have_heavy_tails():
    found = drawn(single(drift=0.5))
    steps = np.diff(found, axis=1, prepend=0)

    for step in steps.T:
        for share in (0.02, 0.2, 0.8, 0.98):
            wanted = 0.5 * stats.t(3).ppf(share)
            assert np.quantile(step, share) == pytest.approx(wanted, rel=0.06)
    assert abs(stats.spearmanr(steps[:, 0], steps[:, 1]).statistic) < 0.03


def test_grid_points_are_drawn_by_their_weight():
    zeros = np.zeros(2)
    both = LocalLevel(
        np.array([0.25, 0.75]), zeros, zeros, zeros, np.array([5.0, 9.0]), zeros, 0.0, 1.0, 9
    )

    assert (drawn(both)[:, 0] == 9).mean() == pytest.approx(0.75, abs=0.01)


def by_log(sd, usual, weight):
    """The density of an inverse-gamma variance, by the log of its root."""
    prior = stats.invgamma(weight / 2, scale=weight * usual**2 / 2)
    return prior.logpdf(sd**2) + 2 * np.log(sd)


def test_weights_are_priors_times_the_density_of_the_series():
    """Level, drift and noise written out in one covariance; what is missing is left out of it."""
    values = [3.0, 5.0, None, 4.0, 8.0, 7.0, None, 9.0]
    found = fit(values)
    where = np.array([n for n, value in enumerate(values) if value is not None])
    known = np.array([3.0, 5.0, 4.0, 8.0, 7.0, 9.0])
    y = (known - known.mean()) / known.std(ddof=1)
    times = where + 1.0
    size = len(local_level.SLOPES)
    bell = stats.norm(0, local_level.SLOPE_SPREAD).pdf(local_level.SLOPES)
    chances = (1 - local_level.NO_SLOPE) * bell / bell.sum()
    chances[size // 2] += local_level.NO_SLOPE
    prior = local_level.USUAL
    places = np.arange(0, len(found.weights), 29)
    wanted = []
    for noise, drift, slope in zip(
        found.noise[places], found.drift[places], found.slope[places], strict=True
    ):
        covariance = local_level.FIRST_LEVEL + drift**2 * np.minimum.outer(times, times)
        covariance = covariance + noise**2 * np.eye(6)
        density = stats.multivariate_normal(slope * times, covariance).logpdf(y)
        density += by_log(noise, prior.noise**0.5, prior.noise_weight)
        density += by_log(drift, prior.drift, prior.drift_weight)
        wanted.append(np.exp(density) * chances[np.argmin(np.abs(local_level.SLOPES / 8 - slope))])
    weights = found.weights[places]

    assert found.weights.sum() == pytest.approx(1)
    assert weights / weights.sum() == pytest.approx(np.array(wanted) / np.sum(wanted))
    assert sorted(set(found.slope)) == pytest.approx(list(local_level.SLOPES / 8))
    assert (found.centre, found.scale, found.known) == (6, pytest.approx(known.std(ddof=1)), 6)


def test_a_level_now_is_its_mean_given_the_whole_series():
    values = [3.0, 5.0, None, 4.0, 8.0, 7.0]
    found = fit(values)
    y = (np.array([3.0, 5.0, 4.0, 8.0, 7.0]) - found.centre) / found.scale
    times = np.array([1.0, 2, 4, 5, 6])
    for place in (0, 500, 1700, 2500):
        noise, drift, slope = found.noise[place], found.drift[place], found.slope[place]
        first = local_level.FIRST_LEVEL
        known = first + drift**2 * np.minimum.outer(times, times) + noise**2 * np.eye(5)
        now = first + drift**2 * times
        gain = now @ np.linalg.inv(known)
        assert found.level[place] == pytest.approx(slope * 6 + gain @ (y - slope * times))
        assert found.spread[place] == pytest.approx(first + drift**2 * 6 - gain @ now)


def test_what_never_varied_is_given_a_scale():
    assert fit([200.0, 200.0]).scale == pytest.approx(10)
    assert fit([-200.0, -200.0]).scale == pytest.approx(10)
    assert fit([0.0, 0.0, 0.0]).scale == pytest.approx(1e-6)


def test_one_value_makes_no_level():
    with pytest.raises(ValueError, match="two values"):
        fit([None, 4.0])
    assert fit([4.0, None, 5.0]).known == 2
