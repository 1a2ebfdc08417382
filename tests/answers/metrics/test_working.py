"""Are the things we do working? Verdicts with reasons, what went in and what came out."""

from datetime import timedelta
from decimal import Decimal

import pytest

from almanac.actions.activities import NewActivity, tap_energy, write_down
from almanac.actions.community.quotes import hear
from almanac.actions.metrics import aim, begin_metric, measure, switch_on
from almanac.actions.programs import begin_program
from almanac.actions.turnout import say_counts
from almanac.answers.metrics.working import Working, programs_at_work
from almanac.record.infra import clock
from almanac.record.models import Activity, Program
from almanac.record.rules import OWNER


def event(days, came=None, signups=None, worth="", hours=2, program="Meetups", **more):
    today = clock.now().date()
    counts = {"signups": signups} if signups is not None else {}
    counts |= {"attended": came} if came is not None else {}
    (made,) = write_down(OWNER, [
        NewActivity(f"Evening {days}", kind="event", status="done", day=today - timedelta(days), program=program,
                    counts=counts, evidence="counted" if came is not None else "", hours=hours, **more)
    ])  # fmt: skip
    if worth:
        say_counts(OWNER, made, {}, worth_it=worth)
    return made


def only():
    (found,) = programs_at_work(OWNER)
    return found


def test_nothing_done_says_nothing(logbook):
    begin_program(OWNER, "Meetups")
    assert programs_at_work(OWNER) == ()


def test_one_event_can_not_tell_and_says_what_would_help(logbook):
    event(5, came=12, signups=30, worth="yes")
    found = only()
    assert found.verdict is Working.UNKNOWN
    assert "1 yes" in found.reasons[0]
    assert found.helps == (
        "Needs a target or three events that you rated worth it or not or eight events with a count."
    )
    assert found.inputs == "1 activity, 2 h"
    assert found.outputs == "12 attendances at 1 event"


@pytest.mark.parametrize(
    ("ratings", "verdict"),
    [(("yes", "yes", "yes"), Working.WORKING), (("no", "no", "no"), Working.NOT),
     (("yes", "no", "mixed"), Working.UNKNOWN), (("yes", "yes", "no"), Working.WORKING), (("no", "no"), Working.UNKNOWN)],
)  # fmt: skip
def test_own_ratings_decide_from_three_on(logbook, ratings, verdict):
    for place, worth in enumerate(ratings):
        event(10 + place, came=10, worth=worth)
    assert only().verdict is verdict


def test_attendance_against_its_past_decides_from_eight_events_on(logbook):
    for place, came in enumerate([40, 44, 39, 41, 9, 8, 10, 12]):
        event(80 - 10 * place, came=came)
    found = only()
    assert found.verdict is Working.NOT
    assert any("a median of" in reason and "(down)" in reason for reason in found.reasons)


def test_signs_that_disagree_are_both_named(logbook):
    for place, came in enumerate([40, 44, 39, 41, 9, 8, 10, 12]):
        event(80 - 10 * place, came=came, worth="yes")
    found = only()
    assert found.verdict is Working.UNKNOWN
    assert found.helps == "The signs disagree."
    assert len(found.reasons) == 2


def test_a_target_of_the_program_decides(logbook):
    event(5)
    metric = begin_metric(OWNER, "Stars", measure="stock")
    today = clock.now().date()
    for week in range(12):
        measure(OWNER, metric, 40 - week, today - timedelta(weeks=week))
    target = aim(OWNER, metric, 38, today + timedelta(30), since=today - timedelta(60))
    target.program = Program.objects.get()
    target.save()
    assert only().verdict is Working.WORKING


def test_a_target_of_what_one_does_says_nothing_of_what_came_of_it(logbook):
    (talk,) = write_down(
        OWNER, [NewActivity("Talk", kind="talk", program="Talks", day=clock.now().date())]
    )
    metric = switch_on(OWNER, "talks-given")
    aim(OWNER, metric, 1, clock.now().date() + timedelta(days=30), program="Talks")
    (work,) = programs_at_work(OWNER)
    assert (work.verdict, work.helps) == (Working.UNKNOWN, "Needs a target for what comes of it.")
    assert "That is what you did, not what came of it." in work.reasons[0]
    assert talk.program.name == "Talks"


def test_what_was_not_counted_is_no_zero(logbook):
    event(9)
    event(5, came=0)
    found = only()
    assert "0 attendances at 1 event" in found.outputs
    assert "1 event without a count" in found.outputs
    assert found.per == ()


def test_hours_and_money_per_person_are_of_the_whole_program(logbook):
    event(30, came=10, hours=5, cost=100, currency="EUR")
    event(5, came=30, hours=3)
    write_down(OWNER, [NewActivity("Slides", kind="task", status="done", hours=12, program="Meetups",
                                   day=clock.now().date() - timedelta(20))])  # fmt: skip
    (per,) = only().per
    assert (per.number, per.hours) == (40, 0.5)
    # 5 hours for the first ten people; 12 and 3 for the next thirty.
    assert (per.low, per.high) == (0.5, 0.5)
    assert per.costs == (("EUR", Decimal("2.5")),)
    assert per.sentence == "0.5 h and 2.50 EUR per person who came (0.5 to 0.5 h at single events)."


@pytest.mark.parametrize("came", [2000, 1])
def test_large_and_small_events_are_said_whole(logbook, came):
    event(5, came=came, hours=8)
    (per,) = only().per
    assert per.sentence == f"{8 / came:,.2g} h per person who came."


def test_energy_quotes_and_other_programs_are_apart(logbook):
    tap_energy(OWNER, event(5, came=3), gave=True)
    tap_energy(OWNER, event(6, came=3), gave=False)
    event(7, came=9, program="Talks")
    write_down(OWNER, [NewActivity("Loose", kind="task", status="done")])
    hear(OWNER, "Thank you", program="Meetups")
    found = {work.program.name: work for work in programs_at_work(OWNER)}
    assert set(found) == {"Meetups", "Talks"}
    assert (found["Meetups"].energising, found["Meetups"].draining) == (1, 1)
    assert "1 quote" in found["Meetups"].outputs
    assert "9 attendances at 1 event" in found["Talks"].outputs


def test_last_year_and_closed_programs_are_left_out(logbook):
    event(400, came=10)
    assert programs_at_work(OWNER) == ()
    event(5, came=10)
    Program.objects.update(closed=True)
    Activity.objects.update(notes="x")
    assert programs_at_work(OWNER, clock.now().date()) == ()


def test_the_pages_say_it(browser_client):
    for place in range(3):
        event(10 + place, came=10, signups=40, worth="yes")
    page = browser_client.get("/working/").content.decode()
    assert "Are the things we do working?" in page
    assert "Working" in page
    assert "3 yes" in page
    program = browser_client.get("/programs/meetups/").content.decode()
    assert "Was it worth it?" in program
    assert "per person who came" in program


def test_what_is_there_already_is_not_asked_for(logbook):
    for place, worth in enumerate(("mixed", "mixed", "no")):
        event(10 + place, came=10, worth=worth)
    assert only().helps == (
        "Needs a target or eight events with a count. The signs so far point neither way."
    )


def test_a_program_without_events_only_needs_a_target(logbook):
    write_down(
        OWNER,
        [
            NewActivity(
                "Answered", kind="task", status="done", program="Forum", day=clock.now().date()
            )
        ],
    )
    assert only().helps == "Needs a target."


def test_hours_nobody_logged_are_no_zero(logbook):
    event(30, came=10, hours=5)
    event(5, came=500, hours=None)
    (per,) = only().per
    assert (per.number, per.hours) == (510, 0.5)
