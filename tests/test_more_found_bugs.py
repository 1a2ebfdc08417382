"""Cases a second hunt for bugs has found, each as it was reported."""

from datetime import timedelta

import pytest

from almanac.actions.turnout import freeze_forecast, say_guess
from almanac.answers.guesses.calibration import combined
from almanac.answers.turnout import event_history
from almanac.answers.turnout.expectation import (
    body_of,
    compute,
    first_guess,
    prospect,
    thawed,
    upcoming_of,
)
from almanac.core.guesses.elicited import RawGuess
from almanac.core.turnout.events import PastEvent, Upcoming
from almanac.core.turnout.forecast import forecast
from almanac.core.vocabulary import Stage
from almanac.record.infra import clock
from almanac.record.models import Activity
from almanac.record.rules import OWNER
from almanac.sources.base.cells import clean


def test_the_forecast_is_the_same_however_long_the_process_has_lived(plan_event):
    """Events that came in one by one are learnt as if they had come at once, to the digit."""
    for n in range(24):
        plan_event(f"Evening {n}", days=-200 + 7 * n, status="done", counts={"signups": 30 + n})
    event = plan_event(days=7)
    body_of(compute(OWNER, event), upcoming_of(event, clock.now()))
    for n in range(24, 29):
        plan_event(f"Evening {n}", days=-200 + 7 * n, status="done", counts={"signups": 60 + n})
        kept = body_of(compute(OWNER, event), upcoming_of(event, clock.now()))
    event_history.forget()

    assert body_of(compute(OWNER, event), upcoming_of(event, clock.now())) == kept


def come(kind, price, share, program=5, form=""):
    return [
        PastEvent(
            row=n, starts=n / 20, program=program, kind=kind, format=form, price=price,
            signups=40, attended=round(40 * share),
        )
        for n in range(40)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("others", "upcoming"),
    [
        (come("hackathon", None, 0.95), Upcoming(kind="event", format="online", starts=3.0)),
        (
            come("event", None, 0.3, form="in_person"),
            Upcoming(kind="event", format="in_person", price=20.0, starts=3.0),
        ),
    ],
    ids=["hackathons say nothing of events", "free evenings say nothing of paid ones"],
)
def test_the_usual_share_is_learnt_from_events_of_the_class(others, upcoming):
    certain = Upcoming(
        **{n: getattr(upcoming, n) for n in ("kind", "format", "price", "starts")},
        signups=40, hours_to_go=0,
    )  # fmt: skip

    alone = forecast(certain, [])[Stage.ATTENDED].counts
    beside = forecast(certain, others)[Stage.ATTENDED].counts

    assert beside.mass == pytest.approx(alone.mass)


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


def test_a_forecast_made_after_a_corrected_start_is_not_shown_as_before(plan_event):
    event = plan_event(days=7)
    freeze_forecast(OWNER, event)
    Activity.objects.filter(pk=event.pk).update(
        starts_at=clock.now() - timedelta(days=2), day=(clock.now() - timedelta(days=2)).date()
    )

    assert prospect(OWNER, Activity.objects.get(pk=event.pk)).latest is None


def test_noncharacters_never_reach_a_page():
    assert clean("a\uffffb\ufffec\U0001ffffd") == "abcd"


def test_planning_a_day_gone_by_is_a_question_back(browser_client):
    answer = browser_client.post(
        "/new/event/", {"title": "X", "kind": "event", "day": "2020-01-01"}
    )

    assert answer.status_code == 400
    assert b"That day is past" in answer.content
