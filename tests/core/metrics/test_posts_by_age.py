"""Posts at an age, by the formulas of their guide and by scipy."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.metrics import growth
from almanac.core.metrics.growth import AtAge, Reading, at_age, landed, read_at, usual_share
from almanac.core.refusals import Refusal


def share(age):
    """Weibull, as the usual curve is."""
    return stats.weibull_min(growth.SHAPE, scale=growth.HALF_LIFE).cdf(age)


def test_the_usual_curve_is_weibull_and_begins_just_after_publication():
    for age in (0.5, 9, 90):
        assert usual_share(age) == pytest.approx(share(age))
    assert usual_share(0) == usual_share(-3) == pytest.approx(share(0.01))


def test_views_between_readings_follow_the_usual_curve():
    readings = [Reading(40, 300), Reading(5, 100), Reading(80, 900), Reading(1, 10)]
    part = (share(30) - share(5)) / (share(40) - share(5))

    assert read_at(readings, 30) == pytest.approx(100 + 200 * part)
    assert read_at(readings, 40) == 300
    assert read_at([Reading(40, 300), Reading(40, 300)], 40) == 300


def test_too_late_for_the_curve_views_stay_what_they_were():
    """By then it has reached all there is, in numbers of a machine."""
    assert read_at([Reading(1e6, 100), Reading(3e6, 500)], 2e6) == 100


@pytest.mark.parametrize(
    ("age", "read"), [(0.349, True), (0.351, False), (-0.349, True), (-0.351, False)]
)
def test_a_reading_stands_for_ages_near_to_it(age, read):
    at = 30 * np.exp(age)
    found = read_at([Reading(at, 100.0)], 30)

    assert (found is not None) is read
    if read:
        assert found == pytest.approx(100 * share(30) / share(at))


def test_the_nearer_of_two_readings_is_taken():
    found = read_at([Reading(24, 100), Reading(27, 110)], 30)

    assert found == pytest.approx(110 * share(30) / share(27))
    assert read_at([Reading(0.6, 5), Reading(1.4, 8)], 1.6) == pytest.approx(
        8 * share(1.6) / share(1.4)
    )
    assert read_at([Reading(0, 5)], 0.6) == pytest.approx(5 * share(0.6) / share(0.01))


def test_an_age_that_was_read_needs_no_others():
    assert at_age([Reading(30, 70), Reading(60, 80)], [], 30) == AtAge(30, 70, 70, 70, True, 0)


def series(*views, at=30):
    return [[Reading(at, each)] for each in views]


def usual_of(*views):
    """Mean log and the sd of a new one, with two squares imagined."""
    logs = np.log1p(views)
    n = len(logs)
    variance = (((logs - logs.mean()) ** 2).sum() + 2) / (n + 1)
    return logs.mean(), np.sqrt(variance * (1 + 1 / n))


@pytest.mark.parametrize("post", [[], [Reading(0, 3)]])
def test_a_post_without_readings_is_a_post_like_the_others(post):
    views = (100, 300, 200, 250, 90)
    found = at_age(post, series(*views), 30)
    centre, spread = usual_of(*views)
    reach = stats.t.ppf(0.9, 4) * spread

    assert found.views == pytest.approx(np.exp(centre) - 1)
    assert (found.low, found.high) == pytest.approx(
        (np.exp(centre - reach) - 1, np.exp(centre + reach) - 1)
    )
    assert (found.exact, found.others, found.age) == (False, 5, 30)
    assert at_age(post, series(1, 2), 30) is Refusal.TOO_FEW_POSTS
    assert at_age(post, series(1, 2, 3), 30).others == 3
    assert at_age([Reading(0.5, 3)], series(1, 2), 30).others == 0


def test_three_others_have_two_degrees_of_freedom_and_nothing_is_below_nothing():
    found = at_age([], series(0, 0, 1), 30)
    centre, spread = usual_of(0, 0, 1)

    assert found.low == 0
    assert at_age([], series(0, 0, 0), 30).views == 0
    assert found.high == pytest.approx(np.exp(centre + stats.t.ppf(0.9, 2) * spread) - 1)


def test_alone_a_post_grows_by_the_usual_curve():
    usual = np.log(share(90) / share(7))
    spread = growth.USUAL_SPREAD * min(1, usual / np.log(2)) * np.sqrt(4 / 3)
    spread = np.sqrt(spread**2 + 1 / 101)
    reach = stats.t.ppf(0.9, growth.USUAL_WEIGHT) * spread

    found = at_age([Reading(2, 40), Reading(7, 100)], [], 90)

    assert found.views == pytest.approx(101 * np.exp(usual) - 1)
    assert found.low == pytest.approx(max(100, 101 * np.exp(usual - reach) - 1))
    assert found.high == pytest.approx(101 * np.exp(usual + reach) - 1)
    assert (found.exact, found.others) == (False, 0)


def test_growth_and_level_are_weighed_by_how_sure_they_are():
    others = [[Reading(7, a), Reading(30, b)] for a, b in ((100, 150), (80, 200), (40, 90))]
    mean, spread, number = growth._growth(others, 7, 30)
    spread = np.sqrt(spread**2 + 1 / 61)
    level, of_level = usual_of(150, 200, 90)
    weights = np.array([spread**-2, of_level**-2])
    centre = np.average([np.log(61) + mean, level], weights=weights)
    reach = stats.t.ppf(0.9, growth.USUAL_WEIGHT + 3) / np.sqrt(weights.sum())

    found = at_age([Reading(7, 60)], others, 30)

    assert number == 3
    assert found.views == pytest.approx(np.exp(centre) - 1)
    assert found.low == pytest.approx(max(60, np.exp(centre - reach) - 1))
    assert found.high == pytest.approx(np.exp(centre + reach) - 1)
    assert found.others == 3


def test_what_is_nearly_over_is_open_by_a_little_all_the_same():
    _, sd, number = growth._growth([], 300, 330)

    assert number == 0
    assert sd == pytest.approx(growth.USUAL_SPREAD * 0.15 * np.sqrt(4 / 3))


def test_what_is_open_is_no_wider_than_a_doubling():
    assert growth._growth([], 0.1, 90)[1] == pytest.approx(growth.USUAL_SPREAD * np.sqrt(4 / 3))
    assert share(15) < 2 * share(7)
    part = np.log(share(15) / share(7)) / np.log(2)
    assert growth._growth([], 7, 15)[1] == pytest.approx(
        growth.USUAL_SPREAD * part * np.sqrt(4 / 3)
    )


def test_posts_read_at_one_age_only_say_nothing_of_growth():
    others = [[Reading(7, 100), Reading(30, 150)], [Reading(7, 100)], [Reading(30, 150)]]

    assert growth._growth(others, 7, 30)[2] == 1


def test_landing_is_welch_in_logs():
    one, two = [10.0, 30.0, 25.0, 60.0], [5.0, 8.0, 4.0]
    found = landed(one, two, 7)
    test = stats.ttest_ind(np.log1p(one), np.log1p(two), equal_var=False)
    ends = test.confidence_interval(0.8)

    assert found.ratio == pytest.approx(np.exp(np.log1p(one).mean() - np.log1p(two).mean()))
    assert (found.low, found.high) == pytest.approx((np.exp(ends.low), np.exp(ends.high)))
    assert (found.age, found.posts, found.against, found.refusal) == (7, 4, 3, None)


def test_landing_needs_three_posts_on_each_side():
    for one, two in (([1.0] * 2, [1.0] * 3), ([1.0] * 3, [1.0] * 2)):
        found = landed(one, two, 7)
        assert (found.ratio, found.low, found.high) == (None, None, None)
        assert (found.posts, found.against) == (len(one), len(two))
        assert found.refusal is Refusal.TOO_FEW_POSTS


def test_posts_that_all_had_the_same_are_compared_without_doubt():
    found = landed([3.0] * 3, [1.0] * 4, 7)

    assert (found.low, found.ratio, found.high) == pytest.approx((2, 2, 2), rel=1e-4)
