"""Which numbers should I track? Two or three for each goal, each of which exists."""

import pytest

from almanac.actions.metrics import switch_on
from almanac.answers.metrics.advice import GOALS, advice, goal_called
from almanac.answers.metrics.catalogue import ENTRIES, catalogue
from almanac.record.rules import OWNER


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.key)
def test_every_goal_names_two_or_three_metrics_of_the_catalogue(logbook, goal):
    found = advice(OWNER, goal)
    assert 2 <= len(found) <= 3
    assert {each.entry.key for each in found} <= set(ENTRIES)
    assert all(each.sentence.endswith(".") for each in found)
    assert any(each.can_be_on for each in found)


def test_what_is_on_says_what_it_could_show(logbook):
    metric = switch_on(OWNER, "attendees")
    (first, *_) = advice(OWNER, goal_called("come"))
    assert (first.metric, first.can_be_on) == (metric, False)
    assert first.sentence


def test_nothing_is_advised_for_an_unknown_goal():
    assert goal_called("nonsense") is None
    assert goal_called("") is None


def test_the_catalogue_offers_what_can_be_on_and_folds_the_rest(browser_client):
    groups = catalogue(OWNER)
    for _, folded, listed in groups:
        assert all(bool(each.entry.needs) is folded for each in listed)
    page = browser_client.get("/catalogue/").content.decode()
    assert "Needs data from your community’s tools" in page
    answer = browser_client.get("/catalogue/choose/?goal=come").content.decode()
    assert "Show rate" in answer
    assert "Switch on" in answer
    assert browser_client.get("/catalogue/choose/?goal=%00").status_code == 200
