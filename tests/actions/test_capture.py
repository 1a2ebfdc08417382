"""Capture."""

import pytest

from almanac.actions.capture import capture, understand
from almanac.actions.errors import CannotError
from almanac.actions.turnout import say_counts
from almanac.record.rules import OWNER


def test_people_ahead_are_a_hope_not_a_count(logbook):
    read_, _ = understand(OWNER, "Conference talk next friday, 80 people")
    (event,) = capture(OWNER, read_)

    assert (event.turnout.hoped, event.turnout.attended, event.turnout.attended_evidence) == (
        80,
        None,
        "",
    )
    with pytest.raises(CannotError, match="has not begun"):
        say_counts(OWNER, event, {"attended": 3}, evidence="counted")
