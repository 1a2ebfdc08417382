"""Which class speaks for which event, and that the classes say what their sources do."""

from math import exp

import pytest

from almanac.core.turnout.reference import (
    LEVELS,
    NO_CLASS,
    SHOW_RATES,
    SUBMISSION_RATES,
    TRAIT_EFFECTS,
    level_class,
    submission_class,
)
from almanac.core.turnout.traits import TRAITS


@pytest.mark.parametrize(
    ("kind", "format_", "key"),
    [
        ("event", "in_person", "community-in-person"), ("event", "hybrid", "community-in-person"),
        ("event", "", "community-in-person"), ("event", "online", "community-online"),
        ("stream", "", "community-online"), ("stream", "online", "community-online"),
        ("stream", "in_person", "community-in-person"), ("workshop", "online", "workshop"),
        ("hackathon", "in_person", "hackathon"), ("talk", "in_person", ""), ("task", "", ""),
    ],
)  # fmt: skip
def test_the_class_of_an_events_sign_ups(kind, format_, key):
    assert level_class(kind, format_).key == key


def test_where_no_class_fits_the_range_is_the_widest():
    assert all(found.scale < NO_CLASS.scale for found in LEVELS)
    assert min(found.mean for found in LEVELS) < NO_CLASS.mean
    assert max(found.mean for found in LEVELS) > NO_CLASS.mean


def test_hackathons_have_the_median_their_source_gives():
    (found,) = (each for each in LEVELS if each.key == "hackathon")
    assert exp(found.mean) - 2 == pytest.approx(73, abs=1)


def test_fewer_hand_something_in_at_larger_hackathons():
    found, jams = SUBMISSION_RATES
    assert 20 < found.size_centre < 50
    assert found.mean == pytest.approx(0.27, abs=0.03)
    assert found.size_slope < jams.size_slope < 0


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Summer Game Jam 4", "jam-submissions"),
        ("JAM", "jam-submissions"),
        ("Jamaica hacks", "hackathon-submissions"),
    ],
)
def test_a_jam_is_told_by_its_title(title, key):
    assert submission_class(title).key == key


def test_shares_of_those_who_come_lie_between_none_and_all_in_the_order_known():
    means = {found.key: found.mean for found in SHOW_RATES}
    assert sorted(means, key=means.get) == [
        "free-online", "hackathon-show", "free-evening", "paid", "workshop-show",
    ]  # fmt: skip
    vague = min(SHOW_RATES, key=lambda found: found.between)
    assert vague.key == "free-online"


def test_every_effect_is_of_a_trait_there_is():
    assert set(TRAIT_EFFECTS) <= set(TRAITS)
