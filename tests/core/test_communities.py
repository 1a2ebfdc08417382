from math import log

import numpy as np
import pytest

from almanac.core.communities import NO_OTHERS, Community, Shared, likeness, others
from almanac.core.events import PastEvent, Stage, Upcoming
from almanac.core.history import History
from almanac.core.reference import LEVELS
from almanac.core.turnout import Learnt, forecast, learn_levels


def community(name, mean, number=60, came=None, seed=1):
    random = np.random.default_rng(seed)
    signups = np.exp(random.normal(log(mean), 0.5, number)).astype(int) + 1
    return Community(
        name,
        tuple(
            Shared("event", "in_person", False, int(n), None if came is None else round(n * came))
            for n in signups
        ),
    )


def own(mean, number=12):
    return [
        PastEvent(row=n, starts=n / 10, format="in_person", signups=mean + n % 3)
        for n in range(number)
    ]


def test_without_tables_there_is_nothing():
    assert others(own(20), []) == NO_OTHERS


def test_whom_one_resembles_weighs_more():
    large, small = community("large", 200), community("small", 16)

    like_small = likeness(own(15), [large, small])
    like_large = likeness(own(190), [large, small])

    assert like_small.weights[1] > 5 * like_small.weights[0]
    assert like_large.weights[0] > 5 * like_large.weights[1]
    for found in (like_small, like_large):
        assert found.reference + sum(found.weights) == pytest.approx(1)


def test_with_no_record_a_large_table_weighs_more_than_a_small_one():
    found = likeness([], [community("many", 40, 300), community("few", 40, 3)])

    assert found.weights[0] > 5 * found.weights[1]


def test_class_means_move_towards_tables_and_forecasts_follow():
    table = [community("large", 200, 300)]
    told = others([], table)
    reference = next(c for c in LEVELS if c.key == "community-in-person")

    assert reference.mean < told.class_means["community-in-person"] < log(202)
    learnt = Learnt(others=told)
    upcoming = Upcoming(format="in_person", starts=1.0)
    before = forecast(upcoming, [])[Stage.SIGNUPS].counts
    after = forecast(upcoming, History(), learn_levels((), learnt), learnt)[Stage.SIGNUPS]
    assert after.counts.quantile(0.5) > before.quantile(0.5)
    assert after.because.shared == 300


def test_shares_others_have_told_move_the_usual_share():
    told = others([], [community("few come", 40, 200, came=0.3)])
    upcoming = Upcoming(format="in_person", starts=1.0, signups=40, hours_to_go=0)

    usual = forecast(upcoming, [])[Stage.ATTENDED].counts
    moved = forecast(upcoming, History((), told.shares))[Stage.ATTENDED].counts

    assert moved.mean < usual.mean - 2
