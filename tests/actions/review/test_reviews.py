"""Reviews: entries are made, changed and undone under their period; which reviews are public."""

from datetime import timedelta

import pytest
from tests.conftest import NOW

from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.actions.programs import begin_program
from almanac.actions.review import reviews
from almanac.answers.review.evidence import Audience
from almanac.record.infra import clock
from almanac.record.models import Change, Preference, ReviewEntry
from almanac.record.queries import preferences
from almanac.record.rules import OWNER

LATER = NOW + timedelta(days=1)


def said():
    """The latest line of the log."""
    return Change.objects.order_by("-pk").first().summary


def test_an_entry_is_made_changed_and_undone(logbook):
    made = reviews.edit_entry(OWNER, "2026-02", "talk:1", section="successes", text=" Well done. ")
    assert said() == "Edited the review of 2026-02"
    assert (made.period, made.key, made.section) == ("2026-02", "talk:1", "successes")
    assert (made.text, made.dropped, made.updated_at) == ("Well done.", False, NOW)
    with clock.at(LATER):
        reviews.edit_entry(OWNER, "2026-02", "talk:1", dropped=True)
        made.refresh_from_db()
        assert (made.text, made.dropped, made.updated_at) == ("Well done.", True, LATER)
        reviews.edit_entry(OWNER, "2026-02", "talk:1", text=" Other. ")
        made.refresh_from_db()
        assert (made.text, made.dropped) == ("Other.", True)
        undo(OWNER)
        undo(OWNER)
    made.refresh_from_db()
    assert (made.text, made.dropped, made.updated_at) == ("Well done.", False, NOW)
    undo(OWNER)
    assert not ReviewEntry.objects.exists()


def test_an_entry_may_begin_dropped_and_without_words(logbook):
    made = reviews.edit_entry(OWNER, "2026-02", "k" * 161, dropped=True)
    assert (made.key, made.text, made.dropped) == ("k" * 160, "", True)
    assert reviews.edit_entry(OWNER, "2026-02", "k" * 160, text="").text == ""
    assert ReviewEntry.objects.count() == 1


def test_an_entry_is_of_its_period_its_program_and_its_readers(logbook):
    program = begin_program(OWNER, "Talks")
    for more in ({}, {"program": program}, {"audience": Audience.PUBLIC}):
        reviews.edit_entry(OWNER, "2026-02", "talk:1", text="x", **more)
    assert set(ReviewEntry.objects.values_list("period", flat=True)) == {
        "2026-02", "2026-02:talks", "2026-02@public",
    }  # fmt: skip


def test_entries_that_cannot_be(logbook):
    reviews.edit_entry(OWNER, "2026-02", "talk:1", text="x" * 20_000)
    with pytest.raises(CannotError, match="20,000 characters"):
        reviews.edit_entry(OWNER, "2026-02", "talk:2", text="x" * 20_001)
    with pytest.raises(CannotError, match="no such paragraph"):
        reviews.edit_entry(OWNER, "2026-02", "own:x", text="x")
    with pytest.raises(CannotError, match="has the headings"):
        reviews.edit_entry(OWNER, "2026-02", "talk:2", section="music", text="x")
    reviews.edit_entry(OWNER, "2026-02", "opening", section="music", text="x")
    assert ReviewEntry.objects.count() == 2


def test_paragraphs_of_ones_own_are_numbered(logbook):
    first = reviews.add_words(OWNER, "2026-02", "failures", " Rain. ")
    assert (first.key, first.text, first.section) == ("own:1", "Rain.", "failures")
    for _ in range(9):
        latest = reviews.add_words(OWNER, "2026-02", "failures", "More rain.")
    assert latest.key == "own:10"
    assert reviews.add_words(OWNER, "2026-02", "failures", "Snow.").key == "own:11"
    assert reviews.add_words(OWNER, "2026-01", "failures", "Sun.").key == "own:1"
    with pytest.raises(CannotError, match="Write a sentence"):
        reviews.add_words(OWNER, "2026-02", "failures", " ")
    with pytest.raises(CannotError, match="has the headings"):
        reviews.add_words(OWNER, "2026-02", "music", "La.")


def test_reviews_stand_in_the_public_log_and_are_taken_out(logbook):
    reviews.show_review(OWNER, "2026-02", public=True)
    assert said() == "Added the review of 2026-02 to the public log"
    reviews.show_review(OWNER, "2026-01", public=True)
    assert preferences.value("public_reviews") == ["2026-01", "2026-02"]
    lines = Change.objects.count()
    reviews.show_review(OWNER, "2026-01", public=True)
    assert Change.objects.count() == lines
    reviews.show_review(OWNER, "2026-02", public=False)
    assert said() == "Removed the review of 2026-02 from the public log"
    assert preferences.value("public_reviews") == ["2026-01"]
    undo(OWNER)
    assert preferences.value("public_reviews") == ["2026-01", "2026-02"]
    undo(OWNER)
    undo(OWNER)
    assert not Preference.objects.filter(key="public_reviews").exists()
