import numpy as np
import pytest

from almanac.core.events import PastEvent, Stage, Upcoming
from almanac.core.history import History
from almanac.core.reference import SHOW_RATES
from almanac.core.share_effects import effect_of
from almanac.core.shares import show_class
from almanac.core.turnout import forecast
from almanac.core.usual import Pair, Usual

EVENING = next(found for found in SHOW_RATES if found.key == "free-evening")


def evenings(effect, number=30, seed=0):
    random = np.random.default_rng(seed)
    found = []
    for row in range(number):
        returning = random.uniform(0.1, 0.8)
        signups = int(random.integers(20, 60))
        share = 1 / (1 + np.exp(-(0.2 + effect * (returning - 0.45))))
        came = random.binomial(signups, random.beta(share * 14, (1 - share) * 14))
        found.append(
            PastEvent(
                row=row,
                starts=row / 10,
                format="in_person",
                signups=signups,
                attended=int(came),
                returning=returning,
            )
        )
    return found


def coming(returning):
    return Upcoming(format="in_person", starts=4.0, signups=40, hours_to_go=0, returning=returning)


def test_an_effect_is_found_and_its_range_holds_it():
    inside = 0
    for seed in range(40):
        events = evenings(1.5, seed=seed)
        pairs = [Pair(e.signups, e.attended, 1.0, e.row) for e in events]
        found = effect_of(pairs, [e.returning for e in events], Usual(EVENING, pairs))
        inside += found.low <= 1.5 <= found.high
    # 80 % ranges: 40 draws of .8 lie above 24 more than 99 times in a hundred.
    assert inside >= 25


def test_returning_people_sharpen_the_count_where_that_has_helped():
    history = History(evenings(2.5))

    few = forecast(coming(0.1), history)[Stage.ATTENDED]
    many = forecast(coming(0.8), history)[Stage.ATTENDED]

    assert few.counts.mean + 8 < many.counts.mean
    assert ("returning_percent", 80) in many.because.known


def test_an_effect_that_is_none_is_not_used():
    """The false-positive rate: without an effect it may earn its place now and then only."""
    used = 0
    for seed in range(40):
        history = History(evenings(0.0, seed=seed))
        used += history.returning(show_class(coming(0.5)), coming(0.5)) is not None
    assert used <= 8


def test_few_lists_change_nothing():
    history = evenings(3.0, number=8)
    with_list = forecast(coming(0.8), history)[Stage.ATTENDED]
    without = forecast(coming(None), history)[Stage.ATTENDED]

    assert with_list.counts.mass == pytest.approx(without.counts.mass)
    assert all(name != "returning_percent" for name, _ in with_list.because.known)
