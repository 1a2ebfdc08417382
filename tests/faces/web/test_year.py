"""Year."""

from datetime import timedelta

from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.core.guesses.elicited import RawGuess
from almanac.record.infra import clock
from almanac.record.rules import OWNER


def test_the_track_record_says_what_cannot_be_said_yet(browser_client, plan_event):

    event = plan_event("Evening <b>", days=3)
    say_guess(OWNER, event, RawGuess(10, 30, 20, 80))
    freeze_forecast(OWNER, event)
    with clock.at(clock.now() + timedelta(days=5)):
        say_counts(OWNER, event, {"signups": 30, "attended": 22}, evidence="counted")
        text = browser_client.get("/accuracy/").content.decode()

    assert "yours 1 of 1 time" in text
    assert "too few to judge" in text
    assert "it’s too early to say who was closer" in text
    assert "Evening &lt;b&gt;" in text
