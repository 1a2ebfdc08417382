import pytest
from tests.factories import past

from almanac.actions.turnout import freeze_forecast
from almanac.answers.turnout.provisions import admission, provision
from almanac.record.rules import OWNER


def test_before_a_forecast_there_is_nothing_to_provide_from(plan_event):
    advice = provision(OWNER, plan_event(), 3, 1)

    assert advice.result is None
    assert advice.sentence.startswith("Make a forecast first")


def test_dearer_misses_mean_more_chairs(plan_event, held):
    held(past(ago=30, signups=40, attended=26), past(ago=20, signups=50, attended=30))
    event = plan_event(counts={"signups": 45})
    freeze_forecast(OWNER, event)

    cheap, dear = (provision(OWNER, event, few, 1).result.number for few in (1, 9))

    assert cheap < dear
    assert provision(OWNER, event, 0, 0).result is None


def test_ones_own_record_decides_how_many_to_admit(plan_event, held):
    vague = admission(OWNER, plan_event("First"), 30, 0.05)
    held(*(past(ago=10 * n + 9, signups=40, attended=20) for n in range(12)))
    known = admission(OWNER, plan_event("Second"), 30, 0.05)

    assert vague.result.number < known.result.number
    assert "12 past events of yours" in known.sentence
    assert "free evenings held in person" in vague.sentence


@pytest.mark.parametrize(
    ("event", "arguments", "reason"),
    [
        ({"format": "online"}, (30, 0.05), "no limit on seats"),
        ({}, (0, 0.05), "Seats can be"),
        ({}, (30, 0), "The risk can be"),
        ({"kind": "task"}, (30, 0.05), "no similar events show what share"),
    ],
)
def test_refusals_say_why(plan_event, event, arguments, reason):
    advice = admission(OWNER, plan_event(**event), *arguments)

    assert advice.result is None
    assert reason in advice.sentence


def test_walk_ins_make_admission_pointless(plan_event, held):
    held(past(ago=10, signups=20, attended=31))

    advice = admission(OWNER, plan_event(), 30, 0.05)

    assert advice.result is None
    assert "More people have come here than had signed up" in advice.sentence
