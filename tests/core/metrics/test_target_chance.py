import numpy as np
import pytest
from scipy import stats

from almanac.core.metrics.future_sums import SeriesKind, final_change
from almanac.core.metrics.target_chance import Course, outlook
from almanac.core.refusals import Refusal


def flow(mean, n, seed=0):
    return [float(v) for v in np.random.default_rng(seed).poisson(mean, n)]


def test_draws_of_steady_noise_are_near_the_normal_sum():
    values = list(np.random.default_rng(4).normal(50, 5, 200))

    ends = final_change(values, [1.0] * 4, kind=SeriesKind.FLOW, counts=False, draws=8000)

    low, high = np.quantile(ends, [0.1, 0.9])
    normal = stats.norm(200, 10)
    assert low == pytest.approx(normal.ppf(0.1), abs=6)
    assert high == pytest.approx(normal.ppf(0.9), abs=6)


@pytest.mark.parametrize(
    ("target", "course"), [(2000, Course.BEHIND), (700, Course.AHEAD), (300, Course.REACHED)]
)
def test_courses(target, course):
    found = outlook(flow(20, 40), 20, [1.0] * 20, target, kind=SeriesKind.FLOW, counts=True)

    assert found.course is course
    assert found.left == 20


def test_a_target_that_is_over_is_reached_or_missed():
    past = flow(20, 30)

    assert outlook(past, 0, [], 100, kind=SeriesKind.FLOW, counts=True).course is Course.REACHED
    assert outlook(past, 0, [], 9000, kind=SeriesKind.FLOW, counts=True).course is Course.MISSED
    down = outlook([9.0, 7.0, 4.0], 0, [], 5, kind=SeriesKind.STOCK, counts=False, upward=False)
    assert down.course is Course.REACHED


def test_a_sum_with_gaps_and_a_short_past_are_refused():
    gaps = outlook([3.0, None, 4.0], 0, [1.0] * 5, 50, kind=SeriesKind.FLOW, counts=True)
    short = outlook([3.0, 4.0], 0, [1.0] * 5, 50, kind=SeriesKind.FLOW, counts=True)

    assert (gaps.course, gaps.refusal) == (Course.CANNOT_TELL, Refusal.MISSING_PERIODS)
    assert (short.course, short.refusal) == (Course.CANNOT_TELL, Refusal.TOO_FEW_VALUES)
    assert short.needed == pytest.approx(43 / 5)


def test_what_stands_grows_from_where_it_stands():
    followers = [1000.0 + 10 * n for n in range(40)]

    found = outlook(followers, 0, [1.0] * 12, 1450, kind=SeriesKind.STOCK, counts=False)

    assert found.so_far == 1390
    assert found.middle == pytest.approx(1510, abs=4)
    assert found.course is Course.AHEAD
    assert found.needed == pytest.approx(5)


def test_ranges_of_flat_and_trending_series_hold():
    """80 %; benchmarks/targets.py measures more kinds, and real ones."""
    random = np.random.default_rng(5)
    inside = 0
    for n in range(120):
        mean = np.full(60, 20.0) if n % 2 else np.linspace(10, 30, 60)
        series = random.poisson(random.gamma(8, mean / 8)).astype(float)
        ends = final_change(
            list(series[:48]), [1.0] * 12, kind=SeriesKind.FLOW, counts=True, draws=600
        )
        low, high = np.quantile(ends, [0.1, 0.9])
        inside += low <= series[48:].sum() <= high
    assert 82 <= inside <= 116


def test_constant_and_huge_series_are_forecast_too():
    for series in ([7.0] * 20, [0.0] * 20, [1e12] * 20, [1e-9, 2e-9] * 10):
        ends = final_change(series, [1.0] * 5, kind=SeriesKind.FLOW, counts=False, draws=200)
        assert np.isfinite(ends).all()


TENS = [9.0, 11, 10, 12, 8, 10, 11, 9, 10, 10]
STOCK = [500.0, 510, 530, 520, 540, 560, 550, 570, 300]
HUNDREDS = [float(v) for v in np.random.default_rng(1).poisson(100, 41)]


def ends(history, parts, target, *, kind=SeriesKind.FLOW, counts=True, since=0, now=None, **more):
    return outlook(history, since, parts, target, kind=kind, counts=counts, now=now, **more)


CASES = {
    "nothing in the running month, which is nearly over": (
        ends(TENS, [0.1], 105, now=0), (100, 103), (0, 0.05),
    ),
    "reached within the running month": (ends(TENS, [0.1], 109, now=9), None, (1, 1)),
    "two months at ten, twenty needed": (ends(TENS, [1, 1], 120), (115, 126), (0.35, 0.65)),
    "two months at ten, thirty needed": (ends(TENS, [1, 1], 130), (115, 126), (0, 0.1)),
    "half a month at ten": (ends(TENS, [0.5], 105, now=4), (106, 112), (0.9, 1)),
    "twelve asked of ten lately": (ends(TENS, [1] * 6, 172), (150, 170), (0.0, 0.35)),
    "a stock that fell once": (
        ends(STOCK, [0.4, 1, 1], 600, kind=SeriesKind.STOCK, now=300), (200, 450), (0, 0.05),
    ),
    "a stock near nothing": (
        ends([90.0, 70, 60, 40, 25, 10], [1] * 6, 50, kind=SeriesKind.STOCK, now=10), (0, 40), (0, 0.1),
    ),
    "a stock on its line": (
        ends([1000.0 + 20 * n for n in range(20)], [1] * 6, 1500, kind=SeriesKind.STOCK, now=1380),
        (1480, 1520), (0.3, 0.7),
    ),
    "a stock that stands still": (
        ends([500.0] * 8, [1] * 4, 505, kind=SeriesKind.STOCK, now=500), (485, 515), (0.02, 0.45),
    ),
    "a stock measured higher today": (
        ends([400.0, 401] * 10, [1, 1], 600, kind=SeriesKind.STOCK, now=700), (600, 720), (0.9, 1),
    ),
    "six months of nothing": (ends([0.0] * 6, [1] * 8, 2), (0, 4), (0.1, 0.5)),
    "two years of nothing": (ends([0.0] * 24, [1] * 8, 2), (0, 2), (0, 0.1)),
    "six equal months": (ends([10.0] * 6, [1] * 8, 140), (115, 170), (0.3, 0.7)),
    "growth of six percent on its line": (
        ends([round(100 * 1.06**n) for n in range(22)], [1] * 6,
             sum(100 * 1.06**n for n in range(22, 28)), since=22), (2000, 2900), (0.25, 0.75),
    ),
    "growth of six percent, asked for half of its line": (
        ends([round(100 * 1.06**n) for n in range(22)], [1] * 6, 1300, since=22), None, (0.97, 1),
    ),
    "a fall on its line": (
        ends([float(200 - 5 * n) for n in range(24)], [1] * 4, 4 * 80 - 30, since=24), (220, 380), (0.25, 0.75),
    ),
    "one viral week": (
        ends([*HUNDREDS, 3000.0], [1] * 10, 9000, since=31), (4700, 5400), (0, 0.02),
    ),
    "one viral week, running": (
        ends(HUNDREDS, [1] * 10, 9000, since=31, now=3000.0), (4700, 5400), (0, 0.02),
    ),
    "a new level of two weeks is none": (
        ends([*HUNDREDS, 290.0, 310], [1] * 10, 3000, since=43), (900, 6000), (0.05, 0.95),
    ),
    "at most a hundred, and ninety are in": (
        ends(TENS, [1, 1], 100, since=1, now=0.0, upward=False), None, (0, 0.02),
    ),
    "already too many": (ends(TENS, [1], 50, upward=False), None, (0, 0)),
    "a share": (
        ends([0.4, 0.5, 0.45, 0.6, 0.5, 0.55], [1, 1], 0.5, kind=SeriesKind.RATE, counts=False),
        (0.35, 0.7), (0.3, 0.8),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_everyday_targets_lie_in_their_bands(name):
    """band: of the whole 80 % range; chances: of reaching it."""
    found, band, (least, most) = CASES[name]

    assert least <= found.chance <= most
    if band is not None:
        assert band[0] <= found.low <= found.middle <= found.high <= band[1]


def test_a_one_off_is_named_and_in_neither_pace_nor_range():
    past = ends([*HUNDREDS, 3000.0], [1] * 10, 9000, since=31)
    running = ends(HUNDREDS, [1] * 10, 9000, since=31, now=3000.0)
    jump = ends(STOCK, [1, 1], 600, kind=SeriesKind.STOCK, now=300)

    assert past.one_offs == (41,)
    assert running.one_offs == (41,)
    assert past.pace == pytest.approx(np.mean(HUNDREDS[-11:]))
    assert jump.one_offs == (8,)
    assert jump.pace == 10
    assert ends(HUNDREDS, [1], 9000, now=3.0).one_offs == ()


def test_what_is_needed_and_what_is_left_are_of_one_result():
    found = ends(TENS, [0.25, 1, 1, 0.5], 155, now=6.0)

    assert (found.so_far, found.left) == (106, 2.75)
    assert found.needed == pytest.approx(49 / 2.75)
    assert found.low <= found.middle <= found.high


def test_growth_is_not_carried_on_for_longer_than_it_was_seen():
    found = ends([10.0, 14, 20, 28, 40, 56, 80, 110, 155, 220], [1] * 50, 100_000)

    assert found.high < 100_000
    assert found.low < found.middle < found.high
