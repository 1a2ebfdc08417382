"""Everyday cases lie in their bands, and forecasts of one event agree with each other."""

from itertools import pairwise

import pytest
from tests.core.turnout.everyday import CAME, CASES, TEN, incoherences, level, past, to_come

from almanac.core.turnout.forecast import forecast
from almanac.core.vocabulary import Stage


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_everyday_case_lies_in_its_band(case):
    inside, found = case.verdict()

    assert inside, found


def test_growth_by_pace_is_the_same_factor_at_any_size():
    factors = []
    for size in (60, 600, 6000):
        event = to_come(14, lead=28, signups=size, format="online")
        factors.append(forecast(event, [])[Stage.SIGNUPS].counts.quantile(0.5) / size)

    assert max(factors) / min(factors) < 1.2


def test_one_huge_event_long_ago_leaves_small_forecasts_as_fine_as_they_were():
    own = past([12, 10, 11, 9], [8, 7, 7, 6])
    huge = past([100_000], [40_000], until=400, format="online", program=5, first_row=50)
    event = to_come(1, signups=9)

    plain, beside = (forecast(event, events)[CAME].counts for events in (own, own + huge))
    assert [plain.quantile(q) for q in (0.1, 0.5, 0.9)] == [
        beside.quantile(q) for q in (0.1, 0.5, 0.9)
    ]


def notes(event, events, stage):
    return {note.name: note for note in forecast(event, events)[stage].because.notes}


def test_what_was_given_is_named_used_or_not():
    assert not notes(to_come(interested=300), past(TEN), Stage.SIGNUPS)["interested"].used
    assert notes(to_come(signups=41, seats=40), past(TEN), Stage.SIGNUPS)["waiting"].value == 1
    assert notes(to_come(1, signups=61, format=""), [], CAME)["format"].used
    assert notes(to_come(kind="hackathon", program=9), past(TEN), Stage.SIGNUPS)["first"].used
    assert notes(to_come(), past(TEN, until=400), Stage.SIGNUPS)["pause"].value > 390
    six = past(None, [24, 26, 25, 28, 24, 27])
    assert not notes(to_come(signups=8), six, CAME)["signups"].used
    assert notes(to_come(1, signups=60), six, CAME)["signups"].used
    assert notes(to_come(1, signups=30, seats=12), [], CAME)["seats"].value == 12
    assert notes(to_come(2, lead=1), past(TEN), Stage.SIGNUPS)["lead"].value < -0.1
    assert not notes(to_come(), past(TEN), Stage.SIGNUPS)


@pytest.mark.parametrize("block", range(6))
def test_forecasts_of_one_event_agree_with_each_other(block):
    assert [
        found for seed in range(block * 50, (block + 1) * 50) for found in incoherences(seed)
    ] == []


@pytest.mark.parametrize("size", [3, 12, 40, 120, 250, 1000, 5000])
@pytest.mark.parametrize("number", [3, 5, 8, 12])
def test_equal_events_are_forecast_within_a_quarter(size, number):
    middle = forecast(to_come(), past(level(size, number)))[Stage.SIGNUPS].counts.quantile(0.5)

    assert 0.75 * size - 1 <= middle <= 1.3 * size + 1


@pytest.mark.parametrize("signups", [45, 90, 200])
def test_nearer_is_narrower(signups):
    widths = []
    for days in (21, 7, 2, 0.5):
        low, high = forecast(to_come(days, lead=28, signups=signups), past(TEN))[
            Stage.SIGNUPS
        ].counts.interval(0.8)
        widths.append(high - low)

    assert all(after <= 1.1 * before + 1 for before, after in pairwise(widths))
    assert widths[-1] < widths[0]
