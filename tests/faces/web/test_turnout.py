"""Turnout."""

import re
from datetime import timedelta

import pytest
from tests.conftest import text
from tests.factories import past

from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.core.guesses.elicited import RawGuess
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Change,
    Forecast,
    Guess,
)
from almanac.record.rules import OWNER


def test_planning_a_day_gone_by_is_a_question_back(browser_client):
    answer = browser_client.post(
        "/new/event/", {"title": "X", "kind": "event", "day": "2020-01-01"}
    )

    assert answer.status_code == 400
    assert b"That day is in the past" in answer.content


def test_the_guess_comes_before_the_forecast(browser_client, plan_event):
    event = plan_event(days=9, counts={"signups": 20})
    page = f"/activities/{event.pk}/"

    before = browser_client.get(page).content.decode()
    looked = browser_client.post(f"{page}forecast/")
    guessed = browser_client.post(
        f"{page}guess/", {"low": "5", "high": "25", "best": "11", "sure": "80"}, follow=True
    ).content.decode()

    assert "Guess" in before
    assert "No idea" in before
    assert "Expect about" not in before
    assert looked["Location"] == f"{page}guess/"
    assert "Expect about" in guessed
    assert "before you saw the forecast" in guessed
    assert (Guess.objects.count(), Forecast.objects.count()) == (1, 1)


def test_no_idea_leads_to_the_forecast_at_once(browser_client, plan_event):
    event = plan_event()

    page = browser_client.post(f"/activities/{event.pk}/guess/", {"no_idea": "1"}, follow=True)

    assert "Expect about" in page.content.decode()
    assert Guess.objects.get().no_idea


@pytest.mark.parametrize(
    "answers",
    [
        {"low": "30", "high": "10", "best": "20"},
        {"low": "", "high": "10", "best": "5"},
        {"low": "a", "high": "10", "best": "5"},
        {"low": "1", "high": "10", "best": "5", "sure": "200"},
        {"low": "1", "high": "99999999", "best": "5"},
    ],
)
def test_a_guess_that_is_none_is_asked_again(browser_client, plan_event, answers):
    event = plan_event()

    response = browser_client.post(f"/activities/{event.pk}/guess/", answers)

    assert response.status_code == 400
    assert b'role="alert"' in response.content
    assert (Guess.objects.count(), Forecast.objects.count()) == (0, 0)


def test_reaching_a_number_is_answered(browser_client, plan_event):
    event = plan_event()
    browser_client.post(f"/activities/{event.pk}/guess/", {"no_idea": "1"})

    found = browser_client.get(f"/activities/{event.pk}/", {"reach": "25"}).content.decode()

    assert re.search(r"25 people or more: .* chance", found)
    assert browser_client.get(f"/activities/{event.pk}/", {"reach": "lots"}).status_code == 200


def test_the_outcome_is_asked_once_and_scored(browser_client, plan_event):
    event = plan_event(days=2, counts={"signups": 30})
    browser_client.post(
        f"/activities/{event.pk}/guess/", {"low": "5", "high": "25", "best": "11", "sure": "80"}
    )
    with clock.at(clock.now() + timedelta(days=3)):
        assert "How many came?" in browser_client.get("/").content.decode()
        empty = browser_client.post(
            f"/activities/{event.pk}/outcome/", {"attended": "", "evidence": "counted"}
        )
        assert empty.status_code == 400
        said = browser_client.post(
            f"/activities/{event.pk}/outcome/",
            {"attended": "12", "evidence": "counted", "worth_it": "yes"},
            follow=True,
        ).content.decode()
        today = browser_client.get("/").content.decode()
        numbers = browser_client.get("/year/").content.decode()

    assert "<b>12 people</b> came" in said
    assert "worth it for those who came" in said
    assert "Forecast and guess:" in said
    assert "How many came?" not in today
    assert "1 of 1 time" in " ".join(numbers.split())


def test_nobody_counted_is_not_shown_as_zero(browser_client, plan_event):
    event = plan_event(days=-2)
    browser_client.post(f"/activities/{event.pk}/outcome/", {"evidence": "not_measured"})

    html = browser_client.get(f"/activities/{event.pk}/").content.decode()

    assert "Attendance was not measured" in html
    assert "<b>0" not in html


def test_counts_are_kept_with_where_they_come_from(browser_client, plan_event):
    event = plan_event()

    page = browser_client.post(
        f"/activities/{event.pk}/counts/",
        {"seats": "40", "hoped": "25", "interested": "212", "signups": "61", "evidence": ""},
        follow=True,
    ).content.decode()

    assert "entered by you" in page
    assert "212" in page
    bad = browser_client.post(f"/activities/{event.pk}/counts/", {"signups": "-4", "evidence": ""})
    assert bad.status_code == 400


def test_what_to_provide_is_asked_and_answered(browser_client, plan_event, held):
    held(past(ago=30, signups=40, attended=26), past(ago=20, signups=50, attended=30))
    event = plan_event("Evening", counts={"signups": 45, "seats": 30})
    page = f"/activities/{event.pk}/provisions/"

    empty = browser_client.get(page).content.decode()
    early = browser_client.get(page, {"few": "3", "many": "1"}).content.decode()
    freeze_forecast(OWNER, event)
    asked = browser_client.get(page, {"few": "3", "many": "1"}).content.decode()
    admitted = browser_client.get(page, {"seats": "30", "risk": "5"}).content.decode()
    wrong = browser_client.get(page, {"seats": "many"}).content.decode()

    assert 'value="30"' in empty
    assert "Make a forecast first" in early
    assert "Provide for " in asked
    assert "for 30 seats" in admitted
    assert "is not a whole number" in wrong
    assert not Change.objects.filter(verb="provide").exists()


def test_similar_events_are_shown_only_after_the_first_guess(browser_client, plan_event, held):
    held(past(ago=30, signups=41, attended=26), past(ago=20, signups=52, attended=33))
    event = plan_event("Evening", days=5)
    page = f"/activities/{event.pk}/guess/"

    first = browser_client.get(page).content.decode()
    browser_client.post(page, {"low": "10", "high": "30", "best": "20", "sure": "80"})
    second = browser_client.get(page).content.decode()
    browser_client.post(page, {"low": "25", "high": "40", "best": "30", "sure": "80"})

    assert "Similar past events" not in first
    assert ">52<" not in first
    assert "Similar past events" in second
    assert ">52<" in second
    kept = list(Guess.objects.order_by("id").values_list("best", "saw_similar"))
    assert kept == [(20, False), (30, True)]
    assert re.search(r"best <b ?>20<", text(browser_client.get(f"/activities/{event.pk}/")))


def test_plan_an_event_by_a_handful_of_questions(browser_client):
    answer = browser_client.post(
        "/new/event/",
        {
            "title": "Evening on tests", "kind": "event", "program": "Evenings", "day": "2026-04-20",
            "starts": "18:30", "format": "in_person", "announced": "2026-03-30", "seats": "40",
            "hoped": "25",
        },
    )  # fmt: skip
    made = Activity.objects.get()

    assert answer["Location"] == f"/activities/{made.pk}/"
    assert (made.turnout.seats, made.turnout.hoped) == (40, 25)
    assert made.local_start.hour == 18
    assert made.announced_at.astimezone(made.tzinfo).date().isoformat() == "2026-03-30"
    page = browser_client.get(answer["Location"]).content.decode()
    assert "Guess" in page


def test_a_plan_announced_after_it_is_held_is_a_question_back(browser_client):
    answer = browser_client.post(
        "/new/event/",
        {"title": "X", "kind": "event", "day": "2026-04-20", "announced": "2026-05-01"},
    )

    assert answer.status_code == 400
    assert b"cannot be announced after it is held" in answer.content
    assert not Activity.objects.exists()


def test_one_page_to_send_needs_a_forecast_first(browser_client, plan_event):
    event = plan_event()

    assert browser_client.get(f"/activities/{event.pk}/expectation/").status_code == 302
    freeze_forecast(OWNER, event)
    shown = browser_client.get(f"/activities/{event.pk}/expectation/")
    file = browser_client.get(f"/activities/{event.pk}/expectation/?file=1")

    assert b"How accurate are these forecasts?" in shown.content
    assert file["Content-Disposition"].startswith("attachment")
    assert b"<style>" in file.content
    assert b"<script" not in file.content


def test_a_card_is_made_only_of_what_is_over(browser_client, plan_event):
    event = plan_event(counts={"signups": 30})
    say_guess(OWNER, event, RawGuess(5, 40, 20, 80))
    freeze_forecast(OWNER, event)

    assert browser_client.get(f"/activities/{event.pk}/card.png").status_code == 404
    with clock.at(event.begins):
        say_counts(OWNER, event, {"attended": 9}, evidence="counted")
        png = browser_client.get(f"/activities/{event.pk}/card.png")
        svg = browser_client.get(f"/activities/{event.pk}/card.svg")
        page = browser_client.get(f"/activities/{event.pk}/")
    assert png.content.startswith(b"\x89PNG")
    assert b"I guessed 20" in svg.content
    assert browser_client.get(f"/activities/{event.pk}/card.gif").status_code == 404
    assert b"card.png" in page.content


def test_both_together_stand_beside_the_guess(browser_client, plan_event):
    event = plan_event()
    say_guess(OWNER, event, RawGuess(5, 40, 20, 80))
    freeze_forecast(OWNER, event)

    assert b"Forecast alone" in browser_client.get(f"/activities/{event.pk}/").content
    timing = browser_client.get(f"/activities/{event.pk}/timing/").content
    assert "Can’t say yet".encode() in timing
