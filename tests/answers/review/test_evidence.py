"""Evidence."""

import pytest

from almanac.actions.programs import begin_program
from almanac.answers.errors import CannotAnswerError
from almanac.answers.review.composition import Audience, review
from almanac.record.rules import OWNER


def test_a_program_that_is_not_public_is_not_named_to_everyone(logbook):
    begin_program(OWNER, "Skunkworks")
    with pytest.raises(CannotAnswerError, match="not public"):
        review(OWNER, "2026", program="skunkworks", audience=Audience.PUBLIC)
    assert review(OWNER, "2026", program="skunkworks").program.name == "Skunkworks"
