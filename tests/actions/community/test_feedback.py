"""Feedback and leads, from hearing to telling."""

import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.community.feedback import (
    change_feedback,
    forget_feedback,
    move_feedback,
    note_feedback,
    say_told,
)
from almanac.actions.errors import CannotError
from almanac.actions.keeping.erasing import erase
from almanac.actions.keeping.undo import undo
from almanac.answers.community.feedback import STATES, feedback_counts, state_said, to_tell
from almanac.record.models import Change, Feedback, FeedbackState, Receiver
from almanac.record.rules import OWNER

TODAY = NOW.date()


def last():
    return Change.objects.order_by("-pk").first()


def stored():
    return Feedback.objects.get()


def test_it_goes_from_hearing_to_telling_and_back(logbook):
    row = note_feedback(
        OWNER, " The PDF should be a page ", who="Ada Lovelace, Kim", program="Talks"
    )
    assert (row.text, row.state, row.names) == (
        "The PDF should be a page", "heard", ["Ada Lovelace", "Kim"],
    )  # fmt: skip
    change_feedback(OWNER, row, ticket="https://example.org/1")
    assert (stored().state, stored().passed_on) == ("passed_on", TODAY)
    assert to_tell(OWNER) == ()
    move_feedback(OWNER, row, "done", "A template")
    assert (stored().ended_on, stored().became) == (TODAY, "A template")
    assert to_tell(OWNER) == (row,)
    say_told(OWNER, row)
    assert to_tell(OWNER) == ()
    undo(OWNER, last())
    assert to_tell(OWNER) == (row,)
    move_feedback(OWNER, row, "heard")
    assert (stored().passed_on, stored().ended_on, stored().told_on) == (None, None, None)
    forget_feedback(OWNER, row)
    assert not Feedback.objects.exists()
    assert last().undo is None


def test_its_program_is_that_of_the_activity_where_it_was_heard(logbook):
    (talk,) = write_down(OWNER, [NewActivity("VueConf", kind="talk", program="Talks", day=TODAY)])
    row = note_feedback(OWNER, "Shorter", activity=talk, ticket="JIRA-12")
    assert (row.program.name, row.state) == ("Talks", "passed_on")
    undo(OWNER, last())
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "  "}, "What did they say"),
        ({"text": "x" * 5001}, "5,000 characters"),
        ({"text": "x", "receiver": "the moon"}, "product, sales, other"),
        ({"text": "x", "who": "n" * 501}, "500 characters"),
        ({"text": "x", "ticket": "javascript:alert(1)"}, "address"),
    ],
)
def test_what_cannot_be_kept_is_said(logbook, fields, said):
    with pytest.raises(CannotError, match=said):
        note_feedback(OWNER, **fields)
    assert not Feedback.objects.exists()


def test_nobody_is_told_before_its_end_and_states_are_known(logbook):
    row = note_feedback(OWNER, "Shorter")
    with pytest.raises(CannotError, match="what became of it"):
        say_told(OWNER, row)
    with pytest.raises(CannotError, match="heard, passed_on"):
        move_feedback(OWNER, row, "shipped")
    assert move_feedback(OWNER, row, "heard") == row


@pytest.mark.parametrize("receiver", Receiver)
def test_every_state_has_a_word_for_every_receiver(receiver):
    assert len(STATES[receiver]) == len(FeedbackState)
    assert [state_said(receiver, state) for state in FeedbackState] == list(STATES[receiver])


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, []), (1, ["Product: 1 piece (1 heard)."]), (2, ["Product: 2 pieces (2 heard)."])],
)
def test_counts_agree(logbook, number, said):
    for _ in range(number):
        note_feedback(OWNER, "Shorter")
    assert [each.sentence for each in feedback_counts(OWNER)] == said


def test_erasing_takes_the_name_and_leaves_what_was_said(logbook):
    note_feedback(OWNER, "Ada Lovelace wants a page", who="Ada Lovelace, Kim Park")
    erase(OWNER, "Ada Lovelace")
    assert "Lovelace" not in f"{stored().who} {stored().text}"
    assert "Kim Park" in stored().who
