import numpy as np
import pytest

from almanac.core.metrics import growth
from almanac.core.metrics.growth import AtAge, Reading, at_age, landed, read_at, usual_share
from almanac.core.refusals import Refusal


def curve(total, life=9.0, shape=0.55, ages=(1, 3, 7, 14, 30, 60, 90)):
    return [Reading(a, float(round(total * (1 - np.exp(-((a / life) ** shape)))))) for a in ages]


def test_views_are_read_between_two_readings_and_never_far_from_one():
    post = [Reading(5, 100), Reading(40, 300)]

    assert read_at(post, 5) == 100
    assert 100 < read_at(post, 30) < 300
    assert read_at(post, 90) is None
    assert read_at([Reading(33, 100)], 30) == pytest.approx(100 * usual_share(30) / usual_share(33))
    assert read_at([], 7) is None


def test_a_young_post_is_extrapolated_as_older_ones_grew():
    others = [curve(1000 * n, life=30, shape=0.8) for n in range(1, 12)]
    young = curve(5000, life=30, shape=0.8)[:3]
    truth = curve(5000, life=30, shape=0.8)[-1].views

    found = at_age(young, others, 90)

    assert isinstance(found, AtAge)
    assert found.low < truth < found.high
    assert found.views == pytest.approx(truth, rel=0.25)
    assert (found.exact, found.others) == (False, 11)


def test_what_nobody_read_then_is_not_guessed_backwards():
    assert at_age([Reading(400, 900)], [], 7) is Refusal.NOT_MEASURED


def test_a_post_without_readings_rests_on_the_others_or_is_refused():
    others = [curve(1000 + 10 * n) for n in range(5)]

    assert at_age([], others[:2], 30) is Refusal.TOO_FEW_POSTS
    found = at_age([], others, 30)
    assert found.low < read_at(others[0], 30) < found.high


def test_views_only_grow():
    found = at_age([Reading(29, 500)], [curve(10)] * 6, 90)

    assert found.low >= 500


def test_eighty_in_a_hundred_fall_inside():
    random = np.random.default_rng(0)
    curves = [
        curve(
            np.exp(random.normal(7, 1)), np.exp(random.normal(2.4, 0.4)), random.uniform(0.4, 0.9)
        )
        for _ in range(90)
    ]
    inside = 0
    for place in range(10, 90):
        found = at_age(curves[place][:3], curves[:place], 30)
        inside += found.low <= read_at(curves[place], 30) <= found.high
    assert 54 <= inside <= 74


def test_whether_a_series_landed_is_said_with_its_doubt():
    random = np.random.default_rng(1)
    usual = list(np.exp(random.normal(6, 0.4, 12)))

    clear = landed([views * 4 for views in usual[:6]], usual[6:], 30)
    none = landed(usual[:6], usual[6:], 30)

    assert clear.low > 1.5
    assert none.low < 1 < none.high
    assert landed([1.0], usual, 7).refusal is Refusal.TOO_FEW_POSTS


def test_growth_is_a_mean_with_three_posts_worth_of_the_usual_curve():
    others = [[Reading(7, 100), Reading(90, last)] for last in (150, 260, 420)]
    usual = np.log(usual_share(90) / usual_share(7))
    ratios = np.log([151 / 101, 261 / 101, 421 / 101])

    mean, sd, number = growth._growth(others, 7, 90)

    prior_sd = growth.USUAL_SPREAD * min(1, usual / np.log(2))
    assert number == 3
    assert mean == pytest.approx((usual + ratios.mean()) / 2)
    variance = (3 * prior_sd**2 + ((ratios - mean) ** 2).sum()) / 6
    assert sd == pytest.approx(np.sqrt(variance * 7 / 6))
