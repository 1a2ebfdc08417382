"""Every fact a forecast was given is named in its sentences, used or not, and nothing else is."""

import pytest
from tests.core.turnout.everyday import CAME, CASES, TEN, past, to_come

from almanac.answers import words
from almanac.answers.turnout.based_on import basis
from almanac.answers.turnout.expectation import body_of
from almanac.core.counts import Counts
from almanac.core.turnout.forecast import forecast
from almanac.core.vocabulary import Stage


def said(event, events):
    """The sentences of every stage that is forecast."""
    body = body_of(forecast(event, events), event)
    return {
        stage["stage"]: " ".join(basis(Stage(stage["stage"]), stage, body["known"]).sentences)
        for stage in body["stages"]
        if "refusal" not in stage
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_was_given_is_named(case):
    event, found = case.upcoming, said(case.upcoming, case.past)
    every = " ".join(found.values())
    own = [one for one in case.past if one.program == event.program]

    assert all(found.values())
    if event.signups is not None:
        assert f"{event.signups:,} signed up" in every
    if event.interested is not None:
        assert f"{event.interested:,} " in every
        assert ("not used" in every) == (len([o for o in own if o.interested is not None]) < 3)
    if event.seats is not None and not event.online and "attended" in found:
        assert "seat" in found["attended"]
    waits = event.seats is not None and (event.signups or 0) > event.seats and not event.online
    if waits and "signups" in found:
        assert "waiting list" in found["signups"]
    if not event.format and event.kind == "event" and "attended" in found:
        assert "online or in person" in found["attended"]
    counted = any(one.attended is not None or one.signups is not None for one in own)
    assert (
        any("of this program" in one and "No past" not in one for one in found.values()) <= counted
    )
    for stage, noted in (("signups", "sign-ups"), ("attended", "attendance")):
        if f"No past {noted} of this program" in found.get(stage, ""):
            assert not any(getattr(one, stage) and one.signups for one in own)


def test_a_program_with_sign_ups_alone_is_not_said_to_have_no_past():
    found = said(to_come(signups=30), past([30, 32, 28, 31]))
    assert "4 past events of this program" in found["signups"]
    assert "No past attendance of this program yet" in found["attended"]


def test_a_past_held_another_way_is_said():
    for change in ({"format": "online"}, {"price": 150.0}):
        assert (
            "held another way"
            in said(to_come(signups=30, **change), past(TEN, [8] * 10))["attended"]
        )
    assert "held another way" not in said(to_come(signups=30), past(TEN, [8] * 10))["attended"]


def test_a_first_of_its_kind_and_a_silence_are_said():
    assert (
        "You have no hackathon yet"
        in said(to_come(kind="hackathon", program=9), past(TEN))["signups"]
    )
    assert (
        "13 months before, so the range is wider"
        in said(to_come(), past(TEN, until=400))["signups"]
    )


def test_signups_that_were_not_used_say_why():
    six = past(None, [24, 26, 25, 28, 24, 27])

    assert "8 signed up: not used" in said(to_come(signups=8), six)["attended"]
    assert "not used" not in said(to_come(1, signups=60), six)["attended"]


@pytest.mark.parametrize(
    ("mass", "tail"),
    [
        ([0.5, 0.3, 0.11, 0.09], "Expect about 0 people, likely 0 to 2."),
        ([0.2, 0.8], "Expect about 1 person, likely 0 to 1."),
        ([0.02, 0.98], "Expect 1 person."),
        ([1.0], "0 people, which is known."),
    ],
)
def test_what_is_expected_is_a_middle_and_a_range(mass, tail):
    import numpy as np

    assert words.expectation(Counts.of(np.array(mass)), CAME) == tail


def test_a_number_that_cannot_be_reached_has_no_chance_and_no_sentence():
    event = to_come(1, signups=41, seats=40)
    counts = forecast(event, past(TEN))[CAME].counts

    assert counts.at_least(41) == 0
    assert "more than 40" not in words.expectation(counts, CAME)
