"""What ballots say, in sentences."""

import pytest

from almanac.answers.hackathons.judging import said
from almanac.core.judging.standings import Placed, Standings


def standings(*sizes, more=None):
    places = [place for place, size in enumerate(sizes, start=1) for _ in range(size)]
    placed = [
        Placed("ABCDEFGHIJ"[at], place, 0.0, 0.0, 0.0, 0.0) for at, place in enumerate(places)
    ]
    return Standings(tuple(placed), (), more)


@pytest.mark.parametrize(
    ("sizes", "more", "lines"),
    [
        ((1,), None, ["First is clear: A."]),
        ((1, 1, 1), None, ["First is clear: A."]),
        ((1, 3), None, ["First is clear: A.", "Places 2 to 4 can’t be told apart."]),
        (
            (1, 2, 1, 3),
            None,
            ["First is clear: A.", "Places 2 to 3 can’t be told apart, nor can 5 to 7."],
        ),
        (
            (2, 2, 2, 2),
            12,
            [
                "A and B can’t be told apart; about 12 more comparisons would decide.",
                "Places 3 to 4 can’t be told apart, nor can 5 to 6 and 7 to 8.",
            ],
        ),
        ((5,), 1, ["The first 5 can’t be told apart; about 1 more comparison would decide."]),
    ],
)
def test_what_can_be_told_apart(sizes, more, lines):
    assert said(standings(*sizes, more=more), "pairs") == lines
