"""What is asked, answered and promised: what is stored, what the log says, what undo brings back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.conftest import NOW

from almanac.actions.activities import set_status
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.actions.preferences import prefer
from almanac.actions.workload import board
from almanac.record.infra import clock
from almanac.record.models import Activity, Change, Choice, Move, Part, PrivateChange, Request
from almanac.record.queries import preferences
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)
LATER = NOW + timedelta(days=2)


def said():
    """The latest line of the log."""
    return Change.objects.order_by("-pk").first().summary


@pytest.fixture
def asked(logbook):
    return board.ask(OWNER, "Judge the final", asked_by=" Ana  Example ", hours=6, due=TODAY)


@pytest.fixture
def call(logbook):
    return board.ask(OWNER, "CFP: docs days", kind="cfp", due=date(2026, 3, 10))


def test_who_asked_when_and_for_how_much_is_kept(asked):
    assert said() == "Received the request “Judge the final”"
    row = Request.objects.get()
    assert (row.asked_by, row.asked_on, row.hours_asked) == ("Ana Example", TODAY, 6)
    assert (asked.status, asked.due, asked.kind) == ("asked", TODAY, "task")
    undo(OWNER)
    assert not Activity.objects.exists()
    assert not Request.objects.exists()
    with pytest.raises(CannotError, match="is no kind"):
        board.ask(OWNER, "Sing", kind="song")


def test_a_long_name_of_who_asked_is_cut(logbook):
    board.ask(OWNER, "Judge", asked_by="a" * 130)
    assert Request.objects.get().asked_by == "a" * 120


@pytest.mark.parametrize("hours", [0, 0.25, 2000])
def test_hours_up_to_the_limit(logbook, hours):
    assert board.ask(OWNER, "Work", hours=hours).hours_planned == Decimal(str(hours))


@pytest.mark.parametrize("hours", [-0.01, 2000.01])
def test_hours_past_the_limit(logbook, hours):
    with pytest.raises(CannotError, match="between 0 and 2,000"):
        board.ask(OWNER, "Work", hours=hours)
    assert not Activity.objects.exists()


def test_hours_are_kept_to_the_hundredth(logbook):
    assert board.ask(OWNER, "Work", hours=1.23456).hours_planned == Decimal("1.23")


def test_an_answer_is_dated_and_undone_whole(asked):
    with clock.at(LATER):
        board.answer(OWNER, asked, "smaller", hours=2, due=date(2026, 5, 1), reply=" Only this. ")
        assert said() == "Answered the request “Judge the final”: yes, but smaller"
        row, activity = Request.objects.get(), Activity.objects.get()
        assert (row.answer, row.answered_on, row.reply) == (
            "smaller", date(2026, 3, 20), "Only this.",
        )  # fmt: skip
        assert (activity.hours_planned, activity.due) == (2, date(2026, 5, 1))
        assert activity.updated_at == LATER
        undo(OWNER)
    row, activity = Request.objects.get(), Activity.objects.get()
    assert (row.answer, row.answered_on, row.reply) == ("", None, "")
    assert (activity.status, activity.hours_planned, activity.due) == ("asked", 6, TODAY)
    assert activity.updated_at == NOW
    assert [move.went_to for move in Move.objects.all()] == ["asked"]


def test_a_reply_is_cut_at_four_thousand_letters(asked):
    board.answer(OWNER, asked, "no", reply="x" * 4001)
    assert Request.objects.get().reply == "x" * 4000


def test_a_yes_keeps_the_day_that_was_asked_for_and_a_not_yet_does_not(asked, call):
    board.answer(OWNER, asked, "yes")
    assert Activity.objects.get(pk=asked.pk).due == TODAY
    board.answer(OWNER, call, "not_yet")
    assert Activity.objects.get(pk=call.pk).due is None


def test_an_idea_of_ones_own_can_be_answered_too(plan_event):
    idea = plan_event("Zine", status="idea", hours=3)
    board.answer(OWNER, idea, "yes")
    row = Request.objects.get()
    assert (row.asked_on, row.hours_asked, row.answer) == (TODAY, 3, "yes")
    undo(OWNER)
    assert not Request.objects.exists()
    assert Activity.objects.get().status == "idea"


def test_an_answer_that_moves_nothing_is_no_move(plan_event):
    planned = plan_event("Zine")
    board.answer(OWNER, planned, "yes")
    assert [move.went_to for move in Move.objects.all()] == ["planned"]


@pytest.mark.parametrize("answer", ["no", "not_yet"])
def test_what_is_not_promised_is_no_choice(asked, answer):
    board.answer(OWNER, asked, answer, chances=(0.8, 0.4))
    assert not Choice.objects.exists()


def test_a_smaller_yes_said_knowing_is_a_choice(asked):
    board.answer(OWNER, asked, "smaller", hours=1, chances=(1.2, -0.1))
    kept = Choice.objects.get()
    assert (kept.before, kept.after, kept.title, kept.at) == (1.0, 0.0, "Judge the final", NOW)
    line = PrivateChange.objects.first()
    assert (line.summary, line.undo) == ("Accepted a request, with the chance seen", None)


def test_a_promise_of_something_new_brings_its_travel(logbook):
    made = board.promise(OWNER, "Keynote", 12, date(2026, 6, 1), travel=2.04, chances=(0.9, 0.5))
    assert said() == "Changed the commitment “Keynote”"
    assert (made.status, made.hours_planned, made.due) == ("planned", 12, date(2026, 6, 1))
    part = Part.objects.get()
    assert (part.kind, part.title, part.days, part.hours) == ("travel", "travel", 2, None)
    assert Choice.objects.get().after == 0.5
    undo(OWNER)
    assert not Activity.objects.exists()
    assert not Part.objects.exists()


def test_a_promise_without_travel_takes_no_part(logbook):
    board.promise(OWNER, "Keynote", 12, TODAY, travel=0.04)
    assert not Part.objects.exists()
    assert not Choice.objects.exists()
    board.promise(OWNER, "Keynote", 12, TODAY, travel=0.1)
    assert Part.objects.get().days == Decimal("0.1")


def test_a_promise_says_yes_to_what_was_asked(asked):
    with clock.at(LATER):
        board.promise(OWNER, "", 4, date(2026, 5, 1), activity=asked)
        row, activity = Request.objects.get(), Activity.objects.get()
        assert (row.answer, row.answered_on) == ("yes", date(2026, 3, 20))
        assert (activity.status, activity.hours_planned) == ("planned", 4)
        assert (activity.due, activity.updated_at) == (date(2026, 5, 1), LATER)
        assert [move.went_to for move in Move.objects.all()] == ["asked", "planned"]
        undo(OWNER)
    row, activity = Request.objects.get(), Activity.objects.get()
    assert (row.answer, row.answered_on) == ("", None)
    assert (activity.status, activity.hours_planned, activity.due) == ("asked", 6, TODAY)
    assert activity.updated_at == NOW


def test_a_promise_about_what_is_in_progress_leaves_it_there(asked):
    board.answer(OWNER, asked, "no")
    with pytest.raises(CannotError, match="declined already"):
        board.promise(OWNER, "", 4, TODAY, activity=asked)
    set_status(OWNER, asked, "doing")
    moves = Move.objects.count()
    board.promise(OWNER, "", 4, TODAY, activity=asked)
    assert Activity.objects.get().status == "doing"
    assert Request.objects.get().answer == "no"
    assert Move.objects.count() == moves


def test_a_part_touches_its_activity_and_is_undone(plan_event):
    event = plan_event("Conference")
    with clock.at(LATER):
        part = board.add_part(OWNER, event, " Train  there ", "travel", days=2.46, hours=3)
        assert said() == "Added “Train there” to “Conference”"
        assert (part.title, part.days, part.hours) == ("Train there", Decimal("2.5"), 3)
        assert Activity.objects.get().updated_at == LATER
        undo(OWNER)
    assert not Part.objects.exists()
    assert Activity.objects.get().updated_at == NOW
    with pytest.raises(CannotError, match="A part is one of"):
        board.add_part(OWNER, event, "x", "holiday")


@pytest.mark.parametrize("days", [0, -1, 0.04, 366.1])
def test_days_of_a_part_past_the_limit(plan_event, days):
    with pytest.raises(CannotError, match="up to 366 days"):
        board.add_part(OWNER, plan_event("Conference"), "x", "travel", days=days)


@pytest.mark.parametrize("days", [0.1, 366])
def test_days_of_a_part_up_to_the_limit(plan_event, days):
    part = board.add_part(OWNER, plan_event("Conference"), "x" * 301, "travel", days=days)
    assert part.days == Decimal(str(days))
    assert part.title == "x" * 300


def test_a_part_ticked_off_has_its_day_until_it_is_open_again(plan_event):
    event = plan_event("Conference")
    part = board.add_part(OWNER, event, "Train")
    with clock.at(LATER):
        board.change_part(OWNER, part, done=True)
        assert said() == "Finished “Train”"
        part.refresh_from_db()
        assert (part.done, part.done_on) == (True, date(2026, 3, 20))
        assert Activity.objects.get().updated_at == LATER
        undo(OWNER)
        part.refresh_from_db()
        assert (part.done, part.done_on) == (False, None)
        assert Activity.objects.get().updated_at == NOW
        board.change_part(OWNER, part, done=True)
        board.change_part(OWNER, part, done=False)
        assert said() == "Changed “Train”"
    part.refresh_from_db()
    assert (part.done, part.done_on) == (False, None)


def test_a_part_that_stays_as_it_is_leaves_no_line(plan_event):
    part = board.add_part(OWNER, plan_event("Conference"), "Train")
    before = Change.objects.count()
    board.change_part(OWNER, part, title="Train")
    assert Change.objects.count() == before


@pytest.mark.parametrize("most", [1, 500])
def test_a_limit_is_kept_beside_the_others_and_taken_away(logbook, most):
    board.set_limit(OWNER, "doing", most)
    board.set_limit(OWNER, "all", 7)
    assert preferences.value("limits") == {"doing": most, "all": 7}
    board.set_limit(OWNER, "doing", None)
    assert preferences.value("limits") == {"all": 7}


@pytest.mark.parametrize(
    ("column", "most", "why"),
    [("doing", 0, "between 1 and 500"), ("doing", 501, "between 1 and 500"),
     ("done", 3, "Limit one of")],
)  # fmt: skip
def test_limits_that_cannot_be(logbook, column, most, why):
    prefer(OWNER, limits={"all": 7})
    with pytest.raises(CannotError, match=why):
        board.set_limit(OWNER, column, most)
    assert preferences.value("limits") == {"all": 7}


def test_a_decision_closes_the_call(call):
    with clock.at(LATER):
        proposal = board.follow_proposal(OWNER, call, decision="accepted")
        assert said() == "The proposal “CFP: docs days” was accepted"
        call.refresh_from_db()
        assert (call.status, call.day) == ("done", date(2026, 3, 20))
        assert (proposal.submitted_on, proposal.decided_on) == (
            date(2026, 3, 10), date(2026, 3, 20),
        )  # fmt: skip
        assert [move.went_to for move in Move.objects.all()] == ["asked", "done"]
        undo(OWNER)
    call.refresh_from_db()
    assert (call.status, call.day) == ("asked", None)
    assert not type(proposal).objects.exists()


def test_a_decision_taken_back_has_no_day(call):
    handed_in = board.follow_proposal(OWNER, call, submitted_on=date(2026, 3, 2))
    assert said() == "The proposal “CFP: docs days” was no answer yet"
    assert (handed_in.decided_on, call.status) == (None, "asked")
    decided = board.follow_proposal(OWNER, call, decision="rejected")
    assert (decided.submitted_on, decided.decided_on) == (date(2026, 3, 2), TODAY)
    moves = Move.objects.count()
    board.follow_proposal(OWNER, call, decision="accepted")
    assert Move.objects.count() == moves
    open_again = board.follow_proposal(OWNER, call, decision="")
    assert (open_again.decision, open_again.decided_on) == ("", None)
    undo(OWNER)
    open_again.refresh_from_db()
    assert (open_again.decision, open_again.decided_on) == ("accepted", TODAY)
    assert open_again.submitted_on == date(2026, 3, 2)


def test_a_call_without_a_due_day_was_handed_in_by_the_day_it_is_decided(logbook):
    call = board.ask(OWNER, "CFP: other", kind="cfp")
    assert board.follow_proposal(OWNER, call, decision="accepted").submitted_on == TODAY


def test_proposals_that_cannot_be(call, asked):
    with pytest.raises(CannotError, match="is not a call for proposals"):
        board.follow_proposal(OWNER, asked, decision="accepted")
    with pytest.raises(CannotError, match="accepted or rejected"):
        board.follow_proposal(OWNER, call, decision="perhaps")
