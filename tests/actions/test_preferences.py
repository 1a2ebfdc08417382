"""Preferences: limits, the line they leave, and what undo brings back."""

import pytest
from tests.conftest import NOW

from almanac.actions import preferences as verbs
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.record.models import Change, Preference, SkippedQuestion
from almanac.record.queries import preferences
from almanac.record.rules import OWNER


def last():
    """The latest line of the log."""
    return Change.objects.order_by("-pk").first()


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("lapse_days", 9, "Days until “not measured”: 9"), ("asks_worth", False, "Ask whether an event was worth it: off"),
        ("welcomed", True, "Welcome: on"), ("limits", {}, "Limit: none"),
        ("limits", {"doing": 3, "all": 9}, "Limit for In progress: 3; Limit for All: 9"),
        ("currency", "USD", "Currency: USD"),
    ],
)  # fmt: skip
def test_a_preference_says_what_it_became_and_is_undone(logbook, key, value, said):
    before = preferences.value(key)
    verbs.prefer(OWNER, **{key: value})
    assert last().summary == said
    assert preferences.value(key) == value
    undo(OWNER)
    assert preferences.value(key) == before


def test_only_what_changes_is_said(logbook):
    verbs.prefer(OWNER, lapse_days=9)
    verbs.prefer(OWNER, lapse_days=9, currency="USD")
    assert last().summary == "Currency: USD"
    lines = Change.objects.count()
    verbs.prefer(OWNER, lapse_days=9, currency="USD")
    assert Change.objects.count() == lines
    verbs.prefer(OWNER, lapse_days=10)
    undo(OWNER)
    assert preferences.value("lapse_days") == 9


def test_the_usual_value_said_aloud_is_kept(logbook):
    verbs.prefer(OWNER, lapse_days=preferences.DEFAULTS["lapse_days"])
    assert preferences.is_set("lapse_days")


@pytest.mark.parametrize(
    "values",
    [
        {"lapse_days": 0}, {"lapse_days": 366}, {"lapse_days": 1.5}, {"lapse_days": "9"},
        {"currency": "EURO"}, {"currency": "EU"}, {"currency": "E1R"}, {"zone": "Berlin"},
        {"public_address": "ftp://a.example"}, {"nothing": 1},
    ],
)  # fmt: skip
def test_preferences_that_cannot_be(logbook, values):
    before = preferences.everything()
    with pytest.raises(CannotError):
        verbs.prefer(OWNER, **values)
    assert preferences.everything() == before


@pytest.mark.parametrize(
    "values",
    [
        {"lapse_days": 1}, {"lapse_days": 365}, {"currency": ""}, {"public_address": ""},
        {"public_address": "http://a.example"}, {"public_address": "https://a.example"},
    ],
)  # fmt: skip
def test_preferences_at_their_limits(logbook, values):
    verbs.prefer(OWNER, **values)
    assert preferences.everything() == preferences.everything() | values


@pytest.mark.parametrize(("zone", "kept"), [("Asia/Tokyo", "Asia/Tokyo"), ("Mars/Base", "UTC")])
def test_a_logbook_takes_the_zone_of_its_machine_once(logbook, zone, kept):
    verbs.settle(OWNER, zone)
    assert preferences.value("zone") == "Europe/Berlin"
    Preference.objects.all().delete()
    verbs.settle(OWNER, zone)
    assert preferences.value("zone") == kept
    assert (last().summary, last().undo) == (f"Started a logbook in {zone}", None)


def test_a_question_is_skipped_once_and_for_good_unless_undone(logbook):
    verbs.skip_question(OWNER, "q" * 101)
    row = SkippedQuestion.objects.get()
    assert (row.key, row.skipped_at) == ("q" * 100, NOW)
    assert last().summary == "Turned off a question"
    lines = Change.objects.count()
    verbs.skip_question(OWNER, "q" * 100)
    assert Change.objects.count() == lines
    undo(OWNER)
    assert not SkippedQuestion.objects.exists()
