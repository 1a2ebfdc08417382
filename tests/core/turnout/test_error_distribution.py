import numpy as np
import pytest
from scipy import stats

from almanac.core.turnout.error_distribution import LATEST, SMOOTHING, Shape


def test_without_errors_it_is_a_t_distribution_with_an_sd_of_one():
    grid = np.linspace(-12, 12, 97)

    assert Shape().cdf(grid, online=True) == pytest.approx(stats.t.cdf(grid * np.sqrt(6 / 4), 6))


def test_nothing_between_the_errors_seen_and_the_ones_never_seen_is_impossible():
    random = np.random.default_rng(2)
    shape = Shape()
    for error in random.normal(0, 1, 400):
        shape.learn(float(error), online=True)

    steps = np.diff(shape.cdf(np.linspace(2, 20, 400), online=True))
    assert (steps > 0).all()
    # The density falls all the way: no second hump far out.
    assert (np.diff(steps[120:]) < 0).all()


def test_many_errors_make_it_what_they_were():
    random = np.random.default_rng(1)
    shape = Shape()
    for error in random.normal(0.5, 0.4, LATEST * 3):
        shape.learn(float(error), online=True)

    assert shape.learnt == LATEST * 3
    assert shape.quantile(0.5, online=True) == pytest.approx(0.45, abs=0.08)
    width = shape.quantile(0.9, online=True) - shape.quantile(0.1, online=True)
    assert width == pytest.approx(2 * 1.2816 * np.hypot(0.4, SMOOTHING), rel=0.3)


def test_ten_errors_widen_no_more_than_they_can_show():
    shape = Shape()
    for _ in range(10):
        shape.learn(4.0, online=False)

    # Ten of seventy lie far out, so less than a sixth of the mass does.
    assert shape.cdf(np.array([3.0]), online=False)[0] == pytest.approx(60 / 70, abs=0.02)


def test_it_goes_on_for_ever():
    far = Shape().cdf(np.array([-50.0, -9.0, 9.0, 50.0]), online=True)

    assert 0 < far[0] < far[1] < 1e-4
    assert 1 - 1e-4 < far[2] < far[3] < 1


def test_it_never_falls():
    shape = Shape()
    for error in (-40.0, 0.0, 1e9):
        shape.learn(error, online=True)

    assert (np.diff(shape.cdf(np.linspace(-60, 60, 2000), online=True)) >= -1e-12).all()


def test_online_errors_tell_little_of_events_in_person():
    shape = Shape()
    for _ in range(240):
        shape.learn(3.0, online=True)

    here, there = (shape.cdf(np.array([2.0]), online=online)[0] for online in (True, False))
    assert here == pytest.approx(60 / 300, abs=0.02)
    assert there == pytest.approx(60 / 120, abs=0.02)


def test_further_out_than_any_error_the_t_goes_on():
    far = np.array([-20.0, -8.5, 8.5, 20.0])
    exact = stats.t.cdf(far * np.sqrt(6 / 4), 6)
    assert Shape().cdf(far, online=True)[:2] == pytest.approx(exact[:2], rel=1e-3)
    assert 1 - Shape().cdf(far, online=True)[2:] == pytest.approx(1 - exact[2:], rel=1e-3)
    shape = Shape()
    for _ in range(240):
        shape.learn(0.0, online=True)
    assert shape.cdf(far, online=True)[:2] == pytest.approx(exact[:2] * 60 / 300, rel=1e-3)
    assert shape.cdf(far, online=False)[:2] == pytest.approx(exact[:2] * 60 / 120, rel=1e-3)


@pytest.mark.parametrize("side", [-8.0, 8.0])
def test_the_two_parts_meet_where_the_kept_ones_end(side):
    inside, outside = Shape().cdf(np.array([side * 0.9999, side * 1.0001]), online=True)
    assert inside == pytest.approx(outside, abs=1e-6)


def test_quantiles_are_where_the_distribution_reaches_them():
    shape = Shape()
    for error in (1.0, 2.0, -0.5):
        shape.learn(error, online=False)
    for level in (0.1, 0.5, 0.9):
        at = np.array([shape.quantile(level, online=False)])
        assert shape.cdf(at, online=False)[0] == pytest.approx(level, abs=1e-3)


def test_errors_beyond_three_hundred_are_forgotten():
    grid = np.linspace(-7, 7, 29)
    one, other = Shape(), Shape()
    for error in [5.0] * 7 + [-1.0] * 300:
        one.learn(error, online=True)
    for error in [-1.0] * 300:
        other.learn(error, online=True)
    for online in (True, False):
        assert one.cdf(grid, online) == pytest.approx(other.cdf(grid, online), abs=1e-9)
    assert (one.learnt, other.learnt) == (307, 300)
    other.learn(5.0, online=True)
    assert other.cdf(grid, True) != pytest.approx(one.cdf(grid, True), abs=1e-9)


@pytest.mark.parametrize("sign", [-1, 1])
def test_an_error_is_kept_within_what_there_is_room_for(sign):
    grid = np.linspace(-8, 8, 33)
    one, other = Shape(), Shape()
    one.learn(sign * 1e9, online=True)
    other.learn(sign * 7.7, online=True)
    assert one.cdf(grid, True) == pytest.approx(other.cdf(grid, True))
