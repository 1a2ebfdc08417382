"""What an announcement tells, worked out by hand from its parts."""

from math import log
from zlib import crc32

import numpy as np
import pytest
from scipy.stats import norm

from almanac.core.turnout.events import Upcoming
from almanac.core.turnout.traits import (
    TRAITS,
    lead_of,
    relative_lead,
    title_vector,
    traits,
    vocabulary,
    words_of,
)

YEAR = 365.25
LEADS = ("lead", "far ahead", "at short notice")


def ahead(days, **more):
    """An event that was announced so many days before it starts."""
    return Upcoming(starts=2.0, announced=2.0 - days / YEAR, **more)


def told(plan, starts=()):
    return dict(zip(TRAITS, traits(plan, list(starts)), strict=True))


@pytest.mark.parametrize(
    ("days", "lead", "far", "short"),
    [
        (0, log(0.25 / 15), 0, log(16)), (0.25, log(0.25 / 15), 0, log(16)),
        (2, log(2 / 15), 0, log(2)), (4, log(4 / 15), 0, 0), (15, 0, 0, 0), (30, log(2), 0, 0),
        (60, log(4), log(2), 0), (120, log(8), log(4), 0), (240, log(8), log(8), 0),
        (600, log(8), log(20), 0), (900, log(8), log(20), 0),
    ],
)  # fmt: skip
def test_the_lead_is_told_in_logs_of_days(days, lead, far, short):
    here, online = told(ahead(days, format="in_person")), told(ahead(days, format="online"))
    assert [here[name] for name in LEADS] == pytest.approx([lead, far, short])
    assert [here[f"{name}, online"] for name in LEADS] == [0, 0, 0]
    assert [online[name] for name in LEADS] == pytest.approx([lead, far, short])
    assert [online[f"{name}, online"] for name in LEADS] == pytest.approx([lead, far, short])


@pytest.mark.parametrize(
    ("days", "relative"),
    [(0.1, log(0.25 / 15)), (1, log(1 / 15)), (15, 0), (60, log(4)), (100, log(4))],
)
def test_the_lead_of_a_program_of_its_own_ends_at_sixty_days(days, relative):
    assert relative_lead(ahead(days)) == pytest.approx(relative)
    assert relative_lead(Upcoming(starts=2.0)) == 0


def test_what_is_announced_after_it_began_has_no_lead():
    assert lead_of(Upcoming(starts=2.0, announced=2.5)) == 0


@pytest.mark.parametrize("hour", [6.0, 9.5, 18.0, 23.9])
def test_hours_are_bumps_around_the_even_ones_less_what_is_usual(hour):
    usual = {8: 0.04, 10: 0.10, 12: 0.11, 14: 0.10, 16: 0.23, 18: 0.62, 20: 0.27, 22: 0.02}
    found = told(Upcoming(starts=2.0, hour=hour))
    for centre, expected in usual.items():
        bump = norm.pdf(hour, centre, 1.2) / norm.pdf(0, 0, 1.2)
        assert found[f"about {centre}:00"] == pytest.approx(bump - expected)


def test_the_first_event_of_a_program():
    found = told(ahead(10), starts=[])
    assert [
        found[name]
        for name in (
            "first of its program", "events before", "years since the first",
            "pause since the last", "events in 90 days",
        )
    ] == [1, -1, 0, 0, -1]  # fmt: skip


def test_what_began_before_the_announcement_is_the_habit():
    """Announced at 1.9: one event over 90 days before, one at 90, one lately, one just then."""
    found = told(
        Upcoming(starts=2.0, announced=1.9),
        [1.0, 1.9 - 90.5 / YEAR, 1.9 - 90 / YEAR, 1.8, 1.9, 1.95],
    )
    assert found["first of its program"] == 0
    assert found["events before"] == pytest.approx((log(1 + 4) - 2) / 2)
    assert found["years since the first"] == pytest.approx(log(0.05 + 1.0))
    assert found["pause since the last"] == pytest.approx((log(0.2 + 0.005) + 2) / 2)
    assert found["events in 90 days"] == pytest.approx(log(1 + 2) - 1)


@pytest.mark.parametrize(
    ("title", "subject_open"),
    [("Book club: TBC", 1), ("Date to be announced", 1), ("Save the Date!", 1),
     ("Notebooks in R", 0), ("Tema por definir", 1)],
)  # fmt: skip
def test_a_title_tells_its_words_its_length_and_whether_it_has_a_subject(title, subject_open):
    found = told(ahead(60, title=title))
    assert found["words in the title"] == pytest.approx(log(1 + len(words_of(title))) - 1.6)
    assert found["length of the title"] == pytest.approx((log(1 + len(title)) - 3.7) / 0.5)
    assert found["no subject yet"] == subject_open
    assert found["no subject yet, far ahead"] == pytest.approx(subject_open * log(2))


def test_no_title_and_no_lead_say_nothing_of_the_subject():
    untitled = told(ahead(60))
    assert {untitled[name] for name in TRAITS if "title" in name or "subject" in name} == {0}
    undated = told(Upcoming(starts=2.0, title="TBC"))
    assert (undated["no subject yet"], undated["no subject yet, far ahead"]) == (1, 0)


@pytest.mark.parametrize(
    ("price", "seats", "paid", "limit"),
    [(None, None, 0, 0), (0.0, 0, 0, 0), (0.5, 1, 1, -1.75), (9.0, 100, 1, (log(100) - 3.5) / 2)],
)
def test_a_price_and_seats(price, seats, paid, limit):
    found = told(Upcoming(starts=2.0, price=price, seats=seats))
    assert (found["paid"], found["seats"]) == (paid, pytest.approx(limit))


def test_words_are_those_that_may_tell_events_apart():
    assert words_of("The intro to R and Python 3, for you") == {"intro", "python"}
    assert words_of("Été à Köln") == {"été", "köln"}


def test_words_used_eight_times_are_known_the_most_frequent_first():
    titles = ["beta alpha"] * 8 + ["gamma"] * 9 + ["delta"] * 7
    assert vocabulary(titles) == ("gamma", "alpha", "beta")


def test_two_hundred_words_are_known_at_most():
    names = [f"x{one}{other}" for one in "abcdefghijklmnop" for other in "qrstuvwxyzabcd"]
    assert len(names) > 201
    assert vocabulary(names * 12) == tuple(sorted(names)[:200])


def test_titles_are_compared_by_the_words_they_share():
    one, other = title_vector("Intro to Shiny"), title_vector("Shiny night")
    assert one @ one == pytest.approx(1)
    assert one @ other == pytest.approx(1 / 2)
    assert np.flatnonzero(one).tolist() == sorted(
        crc32(word) % 512 for word in (b"intro", b"shiny")
    )
    assert title_vector("").tolist() == [0.0] * 512
