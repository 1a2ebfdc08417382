from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.answers.guesses.calibration import combined
from almanac.answers.turnout.expectation import (
    first_guess,
    thawed,
)
from almanac.core.counts import pooled
from almanac.core.guesses.elicited import RawGuess
from almanac.core.guesses.pooling import NEW_PERSON, recalibrated
from almanac.core.vocabulary import Stage
from almanac.record.infra import clock
from almanac.record.rules import OWNER


def said_and_frozen(event, raw):
    say_guess(OWNER, event, raw)
    return first_guess(OWNER, event), thawed(freeze_forecast(OWNER, event))


def test_a_first_guess_is_read_as_a_new_persons_and_has_half_of_the_say(plan_event):
    event = plan_event(days=7)
    raw = RawGuess(20, 60, 35, 80)
    guess, latest = said_and_frozen(event, raw)

    found = combined(OWNER, event, guess, latest)

    both = pooled([latest[Stage.ATTENDED].counts, recalibrated(raw, NEW_PERSON)], [0.5, 0.5])
    assert (found.weight, found.of) == (0.5, 0)
    assert found.counts.interval(0.8) == both.interval(0.8)


def test_past_outcomes_change_how_a_guess_is_read(plan_event):
    for n in range(3):
        past = plan_event(f"Past {n}", days=2 + n)
        said_and_frozen(past, RawGuess(50, 90, 70, 80))
        with clock.at(past.begins):
            say_counts(OWNER, past, {"attended": 8}, evidence="counted")
    event = plan_event("Next", days=9)
    guess, latest = said_and_frozen(event, RawGuess(50, 90, 70, 80))

    found = combined(OWNER, event, guess, latest)

    assert found.of == 3
    assert found.weight < 0.5
    assert found.counts.quantile(0.5) < 50


def test_no_idea_and_no_forecast_give_nothing_together(plan_event):
    event = plan_event(days=7)
    say_guess(OWNER, event, None)

    assert combined(OWNER, event, first_guess(OWNER, event), None) is None


def test_no_idea_first_teaches_nothing_of_later_guesses(plan_event):
    for n in range(3):
        past = plan_event(f"Past {n}", days=2 + n)
        say_guess(OWNER, past, None)
        freeze_forecast(OWNER, past)
        say_guess(OWNER, past, RawGuess(9, 11, 10, 80))
        with clock.at(past.begins):
            from almanac.actions.turnout import say_counts

            say_counts(OWNER, past, {"attended": 10}, evidence="counted")
    event = plan_event("Next", days=9)
    say_guess(OWNER, event, RawGuess(5, 20, 10, 80))
    latest = thawed(freeze_forecast(OWNER, event))

    assert combined(OWNER, event, first_guess(OWNER, event), latest).of == 0
