"""What is unsorted is in the log and the year, and never a program."""

from tests.factories import past

from almanac.actions.capture import capture, understand
from almanac.answers.guesses.accuracy import accuracy
from almanac.answers.review.candidate_sentences import candidates
from almanac.answers.review.evidence import Audience, gather
from almanac.answers.review.periods import period
from almanac.answers.turnout.event_history import whole_record
from almanac.answers.turnout.expectation import similar_events
from almanac.record.rules import OWNER


def write(line):
    read, _ = understand(OWNER, line)
    return capture(OWNER, read)[0]


def test_unsorted_events_are_nobodys_past(logbook):
    first = write("Hackathon on 1 March, 63 signed up, 11 came")
    second = write("Meetup on 5 March, 20 signed up, 15 came")
    coming = write("Meetup on 2 May at 18:00, 12 signed up")
    programs = {event.row: event.program for event in whole_record().history.events}

    assert programs[first.pk] != programs[second.pk]
    assert similar_events(OWNER, coming) == []


def test_unsorted_is_not_a_program_of_a_review_nor_of_accuracy(logbook):
    write("Hackathon on 1 March, 63 signed up, 11 came")
    found = gather(OWNER, period("2026"), Audience.OWN)

    assert [each.program.name for each in found.programs] == ["Other work"]
    assert not [each for each in candidates(found) if "Other work" in str(each.sentence)]
    assert len(found.done) == 1
    assert accuracy(OWNER).by_program == ()


def test_programs_are_still_pooled(held):
    held(past(ago=30, signups=20, attended=12), past(ago=20, signups=22, attended=14))
    events = whole_record().history.events

    assert len({event.program for event in events}) == 1
