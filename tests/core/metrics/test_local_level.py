"""A level under noise, against the whole covariance of a series and against known distributions."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.metrics import local_level
from almanac.core.metrics.local_level import LocalLevel, fit


def single(*, noise=0.0, drift=0.0, slope=0.0, level=0.0, spread=0.0, centre=0.0, scale=1.0):
    one, n, d = (np.array([each]) for each in (1.0, noise, drift))
    state, covariance = np.array([[level, slope]]), np.array([[[spread, 0.0], [0.0, 0.0]]])
    return LocalLevel(one, n, d, state, covariance, centre, scale, 9)


def drawn(model, ahead=3, draws=40_000):
    return model.paths(np.ones(ahead), draws, np.random.default_rng(2))


def test_a_trend_goes_on_and_dies_down(monkeypatch):
    monkeypatch.setattr(local_level, "DAMPING_SPREAD", 0.0)
    found = drawn(single(slope=2.0, level=1.0, centre=50.0, scale=10.0), draws=2)
    d = local_level.DAMPING

    wanted = 50 + 10 * (1 + 2 * np.array([d, d + d**2, d + d**2 + d**3]))
    assert found == pytest.approx(np.stack([wanted, wanted]))


def test_no_trend_goes_on_for_ever():
    found = drawn(single(slope=1.0), ahead=5000, draws=300)

    assert np.median(found[:, 10] - found[:, 5]) > 4
    assert (found[:, 4999] - found[:, 4899]).max() < 1


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
    state = np.array([[5.0, 0.0], [9.0, 0.0]])
    both = LocalLevel(np.array([0.25, 0.75]), zeros, zeros, state, np.zeros((2, 2, 2)), 0.0, 1.0, 9)

    assert (drawn(both)[:, 0] > 7).mean() == pytest.approx(0.75, abs=0.01)


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
    prior = local_level.USUAL
    places = np.arange(0, len(found.weights), 7)
    wanted = []
    for place in places:
        noise, drift = found.noise[place], found.drift[place]
        slope = local_level.SLOPE_SPREAD / 8 if place % 2 else 0.0
        covariance = local_level.FIRST_LEVEL + drift**2 * np.minimum.outer(times, times)
        covariance = covariance + noise**2 * np.eye(6) + slope**2 * np.outer(times, times)
        density = stats.multivariate_normal(np.zeros(6), covariance).logpdf(y)
        density += by_log(noise, prior.noise**0.5, prior.noise_weight)
        density += by_log(drift, prior.drift, prior.drift_weight)
        wanted.append(np.exp(density))
    weights = found.weights[places]

    assert found.weights.sum() == pytest.approx(1)
    assert weights / weights.sum() == pytest.approx(np.array(wanted) / np.sum(wanted))
    assert (found.centre, found.scale, found.known) == (6, pytest.approx(known.std(ddof=1)), 6)


def test_a_level_now_is_its_mean_given_the_whole_series():
    values = [3.0, 5.0, None, 4.0, 8.0, 7.0]
    found = fit(values)
    y = (np.array([3.0, 5.0, 4.0, 8.0, 7.0]) - found.centre) / found.scale
    times = np.array([1.0, 2, 4, 5, 6])
    for place in (0, 101, 170, 391):
        noise, drift = found.noise[place], found.drift[place]
        slope = (local_level.SLOPE_SPREAD / 6) ** 2 if place % 2 else 0.0
        first = local_level.FIRST_LEVEL
        level = first + drift**2 * np.minimum.outer(times, times) + slope * np.outer(times, times)
        cross = np.stack([first + drift**2 * times + slope * 6 * times, slope * times])
        gain = cross @ np.linalg.inv(level + noise**2 * np.eye(5))
        before = np.array([[first + drift**2 * 6 + slope * 36, slope * 6], [slope * 6, slope]])
        assert found.state[place] == pytest.approx(gain @ y)
        assert found.spread[place] == pytest.approx(before - gain @ cross.T, abs=1e-9)


def test_level_and_slope_are_drawn_together():
    zeros = np.zeros(1)
    spread = np.array([[[4.0, -1.5], [-1.5, 1.0]]])
    model = LocalLevel(np.ones(1), zeros, zeros, np.array([[1.0, 0.5]]), spread, 0.0, 1.0, 9)
    one = np.clip(local_level.DAMPING, 0, 1)
    found = model.paths(np.ones(2), 200_000, np.random.default_rng(1))
    slopes = (found[:, 1] - found[:, 0]) / one**2

    assert found[:, 0].var() == pytest.approx(4 + one**2 - 3 * one, rel=0.02)
    assert slopes.var() == pytest.approx(1, rel=0.02)
    assert slopes.mean() == pytest.approx(0.5, abs=0.02)


def test_a_part_of_a_period_has_more_noise_for_its_size():
    model = single(noise=1.0, level=3.0)
    found = model.paths(np.array([1.0, 0.25]), 40_000, np.random.default_rng(1))
    assert found.std(axis=0) == pytest.approx([1, 2], rel=0.02)


def test_noise_that_is_there_whatever_the_values_say():
    calm, floored = fit([10.0] * 12), fit([10.0] * 12, least=2.0)
    sd = floored.noise[floored.weights.argmax()] * floored.scale
    assert sd >= 2
    assert calm.noise[calm.weights.argmax()] * calm.scale < 0.5


def test_what_never_varied_is_given_a_scale():
    assert fit([200.0, 200.0]).scale == pytest.approx(10)
    assert fit([-200.0, -200.0]).scale == pytest.approx(10)
    assert fit([0.0, 0.0, 0.0]).scale == pytest.approx(1e-6)


def test_one_value_makes_no_level():
    with pytest.raises(ValueError, match="two values"):
        fit([None, 4.0])
    assert fit([4.0, None, 5.0]).known == 2
