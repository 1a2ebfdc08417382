"""Today."""

from datetime import timedelta

import pytest
from tests.conftest import NOW, text

from almanac.actions.activities import NewActivity, change_activity, write_down
from almanac.actions.community.feedback import move_feedback, note_feedback
from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.actions.workload import board, time_off
from almanac.answers.today import today
from almanac.answers.turnout.expectation import prospect
from almanac.core.guesses.elicited import RawGuess
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    EnergyTap,
    Guess,
    Part,
)
from almanac.record.rules import OWNER


def test_a_question_can_be_skipped_for_good(browser_client, plan_event):
    event = plan_event(days=-2)

    browser_client.post("/questions/skip/", {"key": f"outcome:{event.pk}"})

    assert "How many came?" not in browser_client.get("/").content.decode()


def test_an_empty_logbook_offers_the_example_and_one_click_back(browser_client):
    assert "Look around an example, or start your own?" in browser_client.get("/").content.decode()

    browser_client.post("/start/example/")
    assert Activity.objects.count() > 120
    assert "This is an example" in browser_client.get("/").content.decode()
    browser_client.post("/start/own/")

    assert (Activity.objects.count(), Guess.objects.count(), EnergyTap.objects.count()) == (0, 0, 0)
    assert "start your own?" in browser_client.get("/").content.decode()


def test_ones_own_logbook_is_never_cleared_at_once(browser_client, plan_event):
    plan_event()

    browser_client.post("/start/own/")
    browser_client.post("/start/example/")

    assert Activity.objects.count() == 1


def commitment(title, days, **more):
    (made,) = write_down(OWNER, [
        NewActivity(title, kind=more.pop("kind", "task"), status=more.pop("status", "planned"),
                    day=clock.now().date() + timedelta(days), **more)
    ])  # fmt: skip
    return made


@pytest.mark.parametrize(
    ("days", "there"), [(-31, False), (-30, True), (-1, True), (0, True), (7, True), (8, False)]
)
def test_what_is_due_this_week_or_overdue_stands_on_it(logbook, days, there):
    commitment("Slides", days)
    found = today(OWNER)
    assert bool(found.due) is there
    if there:
        assert found.due[0].late is (days < 0)


def test_steps_count_and_events_and_other_peoples_work_do_not(logbook):
    commitment("Evening", 3, kind="event")
    other = commitment("Theirs", 3)
    Activity.objects.filter(pk=other.pk).update(holder="Ana")
    event = commitment("Meetup", 20, kind="event")
    board.add_part(OWNER, event, "Remind everyone", "preparation", hours=1, day=clock.now().date())
    (due,) = today(OWNER).due
    assert (due.step.title, due.activity.title, due.hours) == ("Remind everyone", "Meetup", 1)


def test_it_is_done_where_it_stands(browser_client):
    task = commitment("Slides", 2)
    event = commitment("Meetup", 20, kind="event")
    part = board.add_part(OWNER, event, "Remind everyone", "preparation", day=clock.now().date())
    asked = board.ask(OWNER, "Judge the final", asked_by="Bea", hours=6)
    page = browser_client.get("/").content.decode()
    for words in (
        "Next seven days",
        "Slides",
        "Remind everyone",
        "Waiting for your answer",
        "Judge the final",
    ):
        assert words in page
    back = {"back": "/"}
    assert (
        browser_client.post(f"/activities/{task.pk}/status/", back | {"status": "done"})["Location"]
        == "/"
    )
    answer = browser_client.post(
        f"/activities/{event.pk}/parts/", back | {"part": part.pk, "done": "1"}
    )
    assert answer["Location"] == "/"
    assert (
        browser_client.post(f"/activities/{asked.pk}/answer/", back | {"answer": "no"})["Location"]
        == "/"
    )
    assert Activity.objects.get(pk=task.pk).status == "done"
    assert Part.objects.get().done
    assert Activity.objects.get(pk=asked.pk).status == "declined"
    page = browser_client.get("/").content.decode()
    assert "Nothing is due." in page
    assert "Waiting for your answer" not in page


def test_a_count_is_entered_where_it_is_asked(browser_client):
    event = commitment("Meetup", -1, kind="event")
    assert "How many came?" in browser_client.get("/").content.decode()
    answer = browser_client.post(
        f"/activities/{event.pk}/outcome/", {"attended": "34", "back": "/"}
    )
    assert answer["Location"] == "/"
    event.refresh_from_db()
    assert (event.turnout.attended, event.turnout.attended_evidence) == (34, "counted")
    assert (
        browser_client.post(
            f"/activities/{event.pk}/outcome/", {"attended": "", "back": "/"}
        ).status_code
        == 400
    )


def test_a_day_off_silences_requests_but_not_what_is_due(logbook):
    commitment("Slides", 2)
    board.ask(OWNER, "Judge the final")
    time_off.plan_break(OWNER, clock.now().date(), clock.now().date())
    found = today(OWNER)
    assert found.requests == ()
    assert len(found.due) == 1


def test_a_forecast_that_facts_have_left_behind_is_marked_and_updated_where_it_stands(
    browser_client,
):
    event = commitment("Meetup", 9, kind="event", program="Meetups", counts={"signups": 20})
    browser_client.post(f"/activities/{event.pk}/guess/", {"no_idea": "1"})
    assert "outdated. <button" not in browser_client.get("/").content.decode()
    browser_client.post(f"/activities/{event.pk}/counts/", {"signups": "60"})
    assert "outdated. <button" in browser_client.get("/").content.decode()
    answer = browser_client.post(f"/activities/{event.pk}/forecast/", {"back": "/"})
    assert answer["Location"] == "/"
    assert "outdated. <button" not in browser_client.get("/").content.decode()


def test_a_moved_event_keeps_its_forecast_and_says_so(browser_client):
    event = commitment("Meetup", 9, kind="event", program="Meetups", counts={"signups": 20})
    browser_client.post(f"/activities/{event.pk}/guess/", {"no_idea": "1"})
    day = (clock.now().date() + timedelta(20)).isoformat()
    change_activity(
        OWNER,
        Activity.objects.get(pk=event.pk),
        start=(None, clock.now().date() + timedelta(20), "Europe/Berlin"),
    )
    page = browser_client.get(f"/activities/{event.pk}/").content.decode()
    assert day in page or "Expect about" in page
    assert "outdated</b>" in page
    assert "outdated. <button" in browser_client.get("/").content.decode()


def test_an_idea_with_a_due_day_stands_among_what_is_due(logbook):
    write_down(
        OWNER,
        [NewActivity("FAQ", status="idea", fields={"due": NOW.date()}), NewActivity("Zine", status="idea")],
    )  # fmt: skip
    assert [due.activity.title for due in today(OWNER).due] == ["FAQ"]


def test_events_beyond_the_first_four_are_counted_and_two_ask_for_a_guess(logbook, browser_client):
    days = [NOW.date() + timedelta(days=n) for n in (1, 2, 3, 4, 5, 6, 30)]
    write_down(
        OWNER, [NewActivity(f"Meetup {n}", kind="event", status="planned", day=day) for n, day in enumerate(days)]
    )  # fmt: skip
    found = today(OWNER)
    page = text(browser_client.get("/"))
    assert (len(found.coming_up), found.more_ahead, found.more_soon) == (4, 3, 2)
    assert [each.asks for each in found.coming_up] == [True, True, False, False]
    assert "2 more in the next seven days." in page


def test_a_guess_made_elsewhere_is_not_asked_for_again(browser_client, plan_event):
    event = plan_event("March", days=9)
    say_guess(OWNER, event, RawGuess(10, 20, 15, 80))
    (found,) = today(OWNER).coming_up
    assert (found.asks, found.guessed, found.expected) == (False, True, None)
    assert "Your guess is saved. <button" in text(browser_client.get("/"))
    browser_client.post(f"/activities/{event.pk}/forecast/", {"back": "/"})
    (found,) = today(OWNER).coming_up
    assert (found.guessed, found.expected is None) == (False, False)


def test_a_forecast_is_outdated_once_another_event_of_its_program_is_counted(plan_event):
    past, coming = plan_event("March", days=-1), plan_event("April", days=20)
    other = plan_event("Elsewhere", days=21, program="Other")
    for event in (coming, other):
        freeze_forecast(OWNER, event)
    with clock.at(NOW + timedelta(hours=2)):
        say_counts(OWNER, past, {"attended": 14}, evidence="counted")
        found = {each.activity.title: each.outdated for each in today(OWNER).coming_up}
        changes = prospect(OWNER, Activity.objects.get(pk=coming.pk)).changes
    assert found == {"April": True, "Elsewhere": False}
    assert changes == ("1 more event of this program was counted",)


def test_it_asks_once_how_many_projects_use_the_product_and_whom_to_tell(browser_client, logbook):
    day = NOW.date()
    (row,) = write_down(
        OWNER, [NewActivity("Spring hackathon", kind="hackathon", day=day - timedelta(days=35))]
    )
    say_counts(OWNER, row, {"attended": 20, "submissions": 5}, evidence="counted")
    page = text(browser_client.get("/"))
    assert "How many projects used the product?" in page
    browser_client.post(f"/activities/{row.pk}/hackathon/uses/", {"used": "3", "back": "/"})
    assert "How many projects use the product after 30 days?" in text(browser_client.get("/"))
    browser_client.post("/questions/skip/", {"key": f"used_30:{row.pk}"})
    assert "How many projects" not in text(browser_client.get("/"))
    told = note_feedback(OWNER, "Shorter docs", who="Ada")
    move_feedback(OWNER, told, "done")
    assert "Tell Ada:" in text(browser_client.get("/"))
    answer = browser_client.post(f"/community/feedback/{told.pk}/", {"do": "told", "back": "/"})
    assert answer.url == "/"
    assert "Tell Ada:" not in text(browser_client.get("/"))
