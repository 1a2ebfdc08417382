"""Courses of targets: sums, levels and rates, step by step."""

import numpy as np
import pytest

from almanac.core.metrics import future_sums, local_level, target_chance
from almanac.core.metrics.future_sums import Scale, SeriesKind, final_change
from almanac.core.metrics.target_chance import Course, outlook
from almanac.core.refusals import Refusal

FLOW, STOCK, RATE = SeriesKind.FLOW, SeriesKind.STOCK, SeriesKind.RATE


def asked(history, target, *, since=0, ahead=4, kind=FLOW, **more):
    return outlook(history, since, [1.0] * ahead, target, kind=kind, counts=False, **more)


@pytest.mark.parametrize(
    ("target", "upward", "reached"),
    [(9, True, True), (9.1, True, False), (9, False, True), (8.9, False, False)],
)
def test_a_sum_that_is_over_is_what_it_is(target, upward, reached):
    found = asked([5, 2, 3, 4], target, since=1, ahead=0, upward=upward)

    assert (found.so_far, found.low, found.middle, found.high) == (9, 9, 9, 9)
    assert found.course is (Course.REACHED if reached else Course.MISSED)
    assert found.chance == (1 if reached else 0)
    assert (found.left, found.refusal) == (0, None)


def test_a_sum_that_is_reached_stays_reached():
    found = asked([5, 2, 3, 4], 9, since=1)
    assert (found.course, found.so_far, found.chance, found.left) == (
        Course.REACHED, 9, 1, 4,
    )  # fmt: skip
    assert asked([5, 2, 3, 4], 9.5, since=1).course is Course.CANNOT_TELL
    assert asked([5.0, 2, 3, 4, 3, 2, 4], 9, upward=False).course is Course.MISSED
    assert asked([5.0, 2, 3, 4, 3, 2, 40], 9, kind=STOCK).course is not Course.REACHED


def test_too_few_values_still_say_pace_and_need():
    found = asked([5.0, None, 3, 4, 2, 1], 27, since=2)

    assert (found.course, found.refusal) == (Course.CANNOT_TELL, Refusal.TOO_FEW_VALUES)
    assert (found.so_far, found.pace, found.needed, found.left) == (10, 3, 17 / 4, 4)
    assert asked([5.0, 3, 3, 4, 2, 1], 27).refusal is None


def test_a_missing_period_that_counts_makes_the_sum_unknown():
    found = asked([5.0, None, 3, 4], 27, since=1)

    assert (found.refusal, found.left) == (Refusal.MISSING_PERIODS, 4)
    assert asked([None, None], 3, kind=STOCK).refusal is Refusal.MISSING_PERIODS


def test_an_outlook_is_the_sum_so_far_and_what_is_drawn():
    history = [float(v) for v in np.random.default_rng(3).normal(30, 6, 40)]
    ends = sum(history[30:]) + final_change(history, [1.0] * 8, kind=FLOW, counts=False, seed=5)
    low, middle, high = np.quantile(ends, [0.1, 0.5, 0.9])
    target = float(np.quantile(ends, 0.6))
    found = asked(history, target, since=30, ahead=8, seed=5)

    assert (found.low, found.middle, found.high) == pytest.approx((low, middle, high))
    assert found.chance == pytest.approx(0.4, abs=0.001)
    assert found.pace == pytest.approx(np.mean(history[-12:]))
    assert found.needed == pytest.approx((target - sum(history[30:])) / 8)
    assert (found.course, found.left) == (Course.ON_COURSE, 8)
    down = asked(history, target, since=30, ahead=8, seed=5, upward=False)
    assert down.chance == pytest.approx(0.6, abs=0.001)


@pytest.mark.parametrize(
    ("chance", "width", "course"),
    [
        (0.8, 99, Course.AHEAD),
        (0.79, 10, Course.ON_COURSE),
        (0.79, 10.1, Course.CANNOT_TELL),
        (0.21, 10, Course.ON_COURSE),
        (0.19, 99, Course.BEHIND),
        (1 - target_chance.CLEAR, 99, Course.BEHIND),
    ],
)
def test_a_range_wider_than_what_is_left_says_nothing(chance, width, course):
    assert target_chance._course(chance, width, 10) is course


def test_changes_over_a_gap_are_spread_evenly():
    assert future_sums.steps([None, 1.0, None, None, 7.0, 6.0, None]) == [2, 2, 2, -1]
    assert future_sums.steps([None, 4.0]) == []


def test_the_pace_is_that_of_the_latest_dozen():
    assert target_chance._pace([99.0, *[2.0] * 11, 8.0], FLOW) == 2.5
    assert target_chance._pace([5.0, *[0.0] * 12], FLOW) == 0
    assert target_chance._pace([1.0, 3.0, None, 9.0], FLOW) == pytest.approx(13 / 3)
    assert target_chance._pace([1.0, 3.0, None, 9.0], STOCK) == pytest.approx(8 / 3)
    assert target_chance._pace([None], FLOW) is None


def test_roots_of_counts_vary_by_one_and_come_back():
    random = np.random.default_rng(1)
    root = Scale("root", sums=True)
    roots = [root.see(float(v)) for v in random.poisson(20, 20_000)]

    assert np.std(roots) == pytest.approx(1, abs=0.02)
    assert root.undone(np.array([root.see(7.0)])) == pytest.approx([7])
    assert root.see(-3.0) == root.see(0.0)
    assert root.undone(np.array([0.5, -9.0])).tolist() == [0, 0]


def test_a_series_that_grows_by_a_rate_is_seen_by_its_logs():
    growing = [round(100 * 1.08**n) for n in range(24)]
    flat = [float(v) for v in np.random.default_rng(2).poisson(4, 40)]

    assert Scale.of(growing, counts=True, sums=True).name == "log"
    assert Scale.of(flat, counts=True, sums=True).name == "root"
    assert Scale.of([*growing, 0.0], counts=True, sums=True).name == "root"
    assert Scale.of(growing, counts=False, sums=True).name == "plain"


def test_a_level_may_fall_and_a_sum_of_what_never_was_negative_may_not():
    falling = [50.0 - n + (n % 3) for n in range(40)]

    assert final_change(falling, [1.0] * 3, kind=STOCK, counts=True).mean() < -1
    few = [0.0, 0.0, 1.0, 0.0] * 6
    assert final_change(few, [1.0] * 2, kind=FLOW, counts=False).min() == 0
    assert final_change([*few, -1.0], [1.0] * 2, kind=FLOW, counts=False).min() < 0


def test_what_is_drawn_is_as_wide_as_ones_own_past_says():
    values = [float(v) for v in np.random.default_rng(4).normal(50, 9, 24)]
    drawn = local_level.fit(values).paths(np.ones(4), 4000, np.random.default_rng(0)).sum(axis=1)
    width = own_width(values, 4)
    found = final_change(values, [1.0] * 4, kind=FLOW, counts=False)

    assert abs(width - 1) > 0.02
    assert found == pytest.approx(np.median(drawn) + width * (drawn - np.median(drawn)))


def test_counts_are_drawn_as_roots():
    values = [float(v) for v in np.random.default_rng(4).poisson(6, 24)]
    roots = [2 * np.sqrt(v + 3 / 8) for v in values]
    paths = local_level.fit(roots, least=0.5).paths(np.ones(4), 4000, np.random.default_rng(0))
    sums = np.maximum(np.maximum(paths, 0) ** 2 / 4 - 3 / 8, 0).sum(axis=1)
    found = final_change(values, [1.0] * 4, kind=FLOW, counts=True)

    assert np.median(found) == pytest.approx(np.median(sums), rel=0.02)
    assert found.std() == pytest.approx(sums.std(), rel=0.25)


def test_one_period_left_is_still_open():
    found = asked([5.0, 2, 3, 4, 3, 2, 4], 25, ahead=1)

    assert (found.left, found.needed) == (1, 2)
    assert found.low < found.high


def test_hardly_anything_left_to_reach_is_said_to_be_uncertain():
    """Half a chance of five more, of which the range is far wider than five."""
    random = np.random.default_rng(3)
    steps = [*random.normal(0, 20, 30), -5.0]
    found = asked([float(v) for v in np.cumsum(steps)], float(np.sum(steps)) + 5, kind=STOCK)

    assert 0.2 < found.chance < 0.8
    assert found.course is Course.CANNOT_TELL


def test_a_rate_is_compared_with_its_latest_value():
    rates = [0.4, 0.5, 0.45, 0.6, 0.5, 0.55, None]
    model = local_level.fit(rates)
    ends = model.paths(np.ones(3), 4000, np.random.default_rng(0))[:, -1]
    found = final_change(rates, [1.0] * 3, kind=RATE, counts=False)

    assert np.median(found) == pytest.approx(np.median(ends) - 0.55)
    assert found.std() == pytest.approx(ends.std() * np.sqrt(future_sums.WIDER))


def own_width(series, ahead):
    return future_sums.own_width(series, ahead, Scale("plain", sums=True))


def prior(squares, number, rel=0.02):
    weight = future_sums.WIDTH_WEIGHT
    wanted = np.sqrt((weight * future_sums.WIDER + squares) / (weight + number))
    return pytest.approx(wanted, rel=rel)


def test_forecasts_that_were_right_narrow_the_next():
    """Twenty values, five ahead: from origins 6, 7, 8, 9, 11, 12, 13 and 15."""
    assert own_width([7.0] * 20, 5) == prior(0, 8)


def test_a_past_too_short_to_forecast_hardly_changes_the_width():
    assert 1 <= own_width([7.0] * 8, 2) <= np.sqrt(future_sums.WIDER)
    assert own_width([7.0] * 9, 2) == prior(0, 2)
    assert own_width([7.0] * 8, 1) == prior(0, 2)


def test_one_wild_miss_counts_for_four_at_most():
    """Nine values and one ahead: from origins 6, 7 and 8, of which the last is far off."""
    assert own_width([7.0] * 8 + [1e9], 1) == prior(future_sums.FURTHEST**2, 3)


def test_periods_that_are_missing_are_no_miss():
    assert own_width([7.0] * 8 + [None], 1) == prior(0, 2)
    assert own_width([7.0] * 7 + [None, 7.0], 1) == prior(0, 2)
    assert own_width([None] * 3 + [7.0] * 6, 1) == prior(0, 0)


def test_misses_are_measured_by_the_side_they_fell_on():
    """From origins 6 and 7, one ahead, against the same draws."""
    series = [4.0, 6.0, 5.0, 7.0, 5.0, 4.0, 6.0, 9.0]
    random = np.random.default_rng(1)
    squares = 0.0
    for origin in (6, 7):
        model = local_level.fit(series[:origin])
        draws = model.paths(np.ones(1), future_sums.PAST_DRAWS, random)[:, 0]
        low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9])
        off = series[origin] - middle
        squares += (1.2816 * off / ((high - middle) if off > 0 else (middle - low))) ** 2

    assert own_width(series, 1) == prior(squares, 2, rel=1e-9)
