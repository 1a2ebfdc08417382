"""Past events as forecasts ask them: whose counts speak, how loudly, and how many at most."""

from math import inf, nextafter

import pytest

from almanac.core.turnout.events import PastEvent, Upcoming
from almanac.core.turnout.history import OWN_FADING, History, alike
from almanac.core.turnout.reference import SHOW_RATES

PLAN = Upcoming(program=1, format="in_person")


def past(row, *, program=1, starts=None, **more):
    fields = {"format": "in_person", "signups": 10, "attended": 5} | more
    return PastEvent(
        row=row, program=program, starts=float(row if starts is None else starts), **fields
    )


def pairs(events, plan=PLAN, **more):
    return History(events).pairs("signups", "attended", plan, **more)


def test_events_are_in_the_order_they_began():
    history = History([past(3, starts=2), past(1, starts=1), past(2, starts=1)])
    assert [event.row for event in history.events] == [1, 2, 3]
    assert [event.row for event in history.until(2.0)] == [1, 2]
    assert [event.row for event in history.until(nextafter(2.0, inf))] == [1, 2, 3]
    assert list(history.until(1.0)) == []
    assert list(history.own(9)) == []


@pytest.mark.parametrize("stage", ["interested", "signups", "attended", "took_part", "submissions"])
def test_the_largest_of_any_count_is_known(stage):
    nobody = {"signups": None, "attended": None}
    assert History([past(1, **(nobody | {stage: 70})), past(2, **nobody)]).largest == 70
    assert History().largest == 0


def test_rows_with_sign_ups_ones_own_and_the_latest_sixty_of_others():
    others = [past(row, program=2) for row in range(65)]
    own = [past(100), past(101, signups=None), past(102)]
    mine, named, number = History([*others, *own, past(103, program=3, signups=None)]).counted(1)
    assert mine == (100, 102)
    assert named == tuple(range(5, 65))
    assert number == 65


def test_ones_own_pairs_are_the_latest_sixty_with_both_counts():
    events = [past(row) for row in range(70)]
    events[65] = past(65, attended=None)
    events[66] = past(66, signups=None)
    events[67] = past(67, signups=0)
    events[68] = past(68, attended=0)
    found = pairs(events)
    assert found.own_rows == (69, 68, *range(64, 6, -1))
    assert len(found.own) == 60
    assert (found.own[0].before, found.own[0].after, found.own[1].after) == (10, 5, 0)


def test_one_sign_up_is_a_pair():
    assert pairs([past(1, signups=1, attended=1)]).own_rows == (1,)


def test_ones_own_of_another_format_speak_a_quarter_as_loudly():
    events = [past(1), past(2, format="online")]
    faded = 0.5 ** (1 / OWN_FADING)
    assert {pair.row: pair.weight for pair in pairs(events).own} == {1: faded, 2: 0.25}
    alone = pairs(events, own_only=True)
    assert [pair.weight for pair in alone.own] == [1.0, faded]
    assert alone.alike == ()


def test_events_alike_of_all_programs_fade_by_half_every_sixty():
    found = pairs([past(row, program=row % 3) for row in range(90)])
    assert [pair.row for pair in found.alike] == list(range(89, -1, -1))
    assert found.alike[0].weight == 1
    assert found.alike[60].weight == pytest.approx(0.5)
    assert found.alike[30].weight == pytest.approx(0.5**0.5)
    assert {pair.program for pair in found.alike} == {0, 1, 2}
    assert found.other_rows == tuple(row for row in range(89, -1, -1) if row % 3 != 1)


def test_two_hundred_alike_are_looked_at_and_no_more():
    found = pairs([past(row, program=2) for row in range(230)])
    assert [pair.row for pair in found.alike] == list(range(229, 29, -1))


def test_nothing_is_looked_at_beyond_a_thousand_events():
    old = [past(0, program=2), past(1, program=2)]
    others = [past(row, program=2, attended=None) for row in range(2, 1001)]
    assert [pair.row for pair in pairs([*old, *others]).alike] == [1]


def test_events_alike_need_both_counts_and_resemble_the_plan():
    found = pairs(
        [past(1, signups=0), past(2, signups=None), past(3, attended=None), past(4, attended=0),
         past(5, kind="workshop"), past(6, price=5.0), past(7, format="online"),
         past(8, format="")],
    )  # fmt: skip
    assert [pair.row for pair in found.alike] == [8, 4]


@pytest.mark.parametrize(
    ("event", "plan", "same"),
    [
        ({}, {}, True), ({"kind": "talk"}, {}, False), ({"price": 3.0}, {}, False),
        ({"price": 3.0}, {"price": 9.0}, True), ({"price": 0.0}, {}, True),
        ({"format": "online"}, {}, False), ({"format": "online"}, {"format": "online"}, True),
        ({"format": ""}, {"format": "online"}, True), ({"format": "hybrid"}, {}, True),
        ({"format": "in_person"}, {"format": "online"}, False),
    ],
)  # fmt: skip
def test_which_events_are_alike(event, plan, same):
    assert alike(past(1, **event), Upcoming(**({"format": "in_person"} | plan))) is same


def test_what_is_usual_is_worked_out_once_for_each_class_of_events():
    history = History([past(row, program=2) for row in range(3)])
    first = history.usual(SHOW_RATES[1], "signups", "attended", PLAN)
    assert [pair.row for pair in first.pairs] == [2, 1, 0]
    other_program = Upcoming(program=5, format="hybrid")
    assert history.usual(SHOW_RATES[1], "signups", "attended", other_program) is first
    for plan in (
        Upcoming(format="online"), Upcoming(format="in_person", price=3.0),
        Upcoming(format="in_person", kind="talk"),
    ):  # fmt: skip
        assert history.usual(SHOW_RATES[1], "signups", "attended", plan).pairs == ()
    assert history.usual(SHOW_RATES[2], "signups", "attended", PLAN) is not first


def test_pairs_whose_trait_is_known_come_with_it():
    history = History(
        [past(1, reminded=1.0), past(2), past(3, reminded=0.0), past(4, reminded=1.0, attended=None),
         past(5, program=2, reminded=1.0)],
    )  # fmt: skip
    found, values = history.with_trait(PLAN, "reminded")
    assert [pair.row for pair in found] == [3, 1]
    assert values == [0.0, 1.0]


def test_a_rough_count_says_less_of_a_share_than_a_counted_one():
    exact = PastEvent(row=1, program=1, starts=1.0, signups=40, attended=20)
    rough = PastEvent(row=2, program=1, starts=2.0, signups=40, attended=20, approximate=True)
    pairs = History([exact, rough]).pairs("signups", "attended", Upcoming(program=1), own_only=True)

    assert [pair.weight for pair in pairs.own] == [0.9, 0.5 ** (1 / OWN_FADING)]
    signups = History([exact, rough]).pairs("interested", "signups", Upcoming(program=1))
    assert signups.own == ()
