"""Pictures of pages: rows with words beside them, for nothing, one and much."""

import re
from datetime import timedelta

import pytest

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.turnout import freeze_forecast, say_guess
from almanac.actions.workload import time_off
from almanac.core.guesses.elicited import RawGuess
from almanac.record.infra import clock
from almanac.record.rules import OWNER

PAGES = (
    "/accuracy/",
    "/year/",
    "/targets/",
    "/content/",
    "/working/",
    "/plan/workload/",
    "/programs/meetups/",
)


@pytest.mark.parametrize("came", [0, 1, 41, 2000])
def test_a_result_stands_beside_what_was_said(browser_client, came):
    today = clock.now().date()
    (event,) = write_down(OWNER, [
        NewActivity("Evening", kind="event", status="planned", day=today + timedelta(5), program="Meetups",
                    counts={"signups": 60})
    ])  # fmt: skip
    say_guess(OWNER, event, RawGuess(10, 50, 30, 80))
    freeze_forecast(OWNER, event)
    with clock.at(clock.now() + timedelta(days=8)):
        browser_client.post(
            f"/activities/{event.pk}/outcome/", {"attended": str(came), "evidence": "counted"}
        )
        page = browser_client.get("/accuracy/").content.decode()
        assert f"{came:,} attended" in page
        assert re.search(r'<line\s+class="came"', page)
        assert 'class="range"' in page
        assert 'class="yours"' in page
        program = browser_client.get("/programs/meetups/").content.decode()
        assert f"{came:,} came, 60 signed up" in program
        for address in PAGES:
            assert browser_client.get(address).status_code == 200, address


def test_the_next_events_expectation_stands_in_the_history(browser_client):
    today = clock.now().date()
    (event, _) = write_down(OWNER, [
        NewActivity("Next", kind="event", status="planned", day=today + timedelta(5), program="Meetups",
                    counts={"signups": 60}),
        NewActivity("Last", kind="event", status="done", day=today - timedelta(5), program="Meetups",
                    counts={"signups": 50, "attended": 20}, evidence="counted"),
    ])  # fmt: skip
    freeze_forecast(OWNER, event)
    page = browser_client.get("/programs/meetups/").content.decode()
    assert "expected</td>" in re.sub(r"\s+", " ", page)


def test_the_year_is_stacked_by_kind(browser_client):
    today = clock.now().date()
    write_down(
        OWNER, [NewActivity(f"Talk {n}", kind="talk", status="done", day=today) for n in range(3)]
    )
    write_down(OWNER, [NewActivity("Post", kind="post", status="done", day=today)])
    page = browser_client.get("/year/").content.decode()
    assert f"{today:%B}" in page
    assert 'class="k2"' in page
    assert 'class="k3"' in page


@pytest.mark.parametrize("days", [(), ((-20, -14),), ((-400, -390), (30, 40)), ((-3, 3),)])
def test_time_off_is_a_strip_of_a_year_and_a_quarter(browser_client, days):
    today = clock.now().date()
    for first, last in days:
        time_off.plan_break(OWNER, today + timedelta(first), today + timedelta(last))
    page = browser_client.get("/plan/time-off/").content.decode()
    assert ("in a year" in page) is bool(days)
    taken = sum(first <= 0 and last >= -365 for first, last in days)
    if days:
        assert f"{taken} {'break' if taken == 1 else 'breaks'} in a year" in page


def test_the_funnel_shows_what_is_counted_and_what_is_expected(browser_client):
    today = clock.now().date()
    (event,) = write_down(OWNER, [
        NewActivity("Next", kind="event", status="planned", day=today + timedelta(5), program="Meetups",
                    counts={"signups": 60, "interested": 200})
    ])  # fmt: skip
    freeze_forecast(OWNER, event)
    page = " ".join(browser_client.get(f"/activities/{event.pk}/").content.decode().split())
    assert "Interested" in page
    assert '<td class="n">200</td>' in page
    assert "expected, 8 in 10" in page
