"""The one-page expectation and the share card: what they say, what they keep to themselves."""

import pytest

from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.answers.turnout.expectation import prospect
from almanac.core.guesses.elicited import RawGuess
from almanac.press import typesetting
from almanac.press.expectation import expectation
from almanac.press.share_card import share_card
from almanac.record.infra import clock
from almanac.record.rules import OWNER

HOSTILE = "<script>alert(1)</script> & “Night” #eval(1) $x$ [y]"


@pytest.fixture
def over(plan_event):
    event = plan_event(HOSTILE, days=7, counts={"signups": 30, "hoped": 25})
    say_guess(OWNER, event, RawGuess(20, 60, 40, 80))
    freeze_forecast(OWNER, event)
    return event


def test_an_expectation_shows_the_forecast_and_not_the_guess(over):
    page = expectation(prospect(OWNER, over))
    text = page.html.decode()

    assert "Expect about" in text
    assert prospect(OWNER, over).latest.sha256 in text
    assert "&lt;script&gt;" in text
    assert "<script" not in text
    assert "Your guess" not in text
    assert prospect(OWNER, over).guess.sha256 not in text
    assert "http" not in text.replace("http://www.w3.org", "")


def test_without_a_forecast_there_is_no_page(plan_event):
    assert expectation(prospect(OWNER, plan_event())) is None


def test_a_card_says_what_was_said_and_what_came(over):
    assert share_card(prospect(OWNER, over)) is None
    with clock.at(over.begins):
        say_counts(OWNER, over, {"attended": 9}, evidence="counted")
        found = share_card(prospect(OWNER, over))

    low_high = prospect(OWNER, over).latest.main.counts.interval(0.8)
    assert (
        found.sentence == f"I guessed 40, the forecast was {low_high[0]} to {low_high[1]}; 9 came."
    )
    assert "<script" not in found.svg
    assert found.png.startswith(b"\x89PNG")


def test_a_card_without_a_guess_names_the_almanac_alone(plan_event):
    event = plan_event(days=7, counts={"signups": 30})
    freeze_forecast(OWNER, event)
    with clock.at(event.begins):
        say_counts(OWNER, event, {"attended": 9}, evidence="counted")
        found = share_card(prospect(OWNER, event))

    assert found.sentence.startswith("The forecast was ")


def test_words_of_a_person_are_only_words_in_typst():
    made = typesetting.pdf(typesetting.escaped(HOSTILE + " \\ ~ -- == */ // *bold* _it_ `raw` @x"))

    assert made.startswith(b"%PDF")
