"""Board."""

from almanac.actions.activities import set_status
from almanac.actions.workload import board
from almanac.answers.workload import board as board_answers
from almanac.record.rules import OWNER


def test_a_no_taken_back_protects_nothing(logbook):
    asked = board.ask(OWNER, "Judge", hours=4)
    board.answer(OWNER, asked, "no")
    set_status(OWNER, asked, "planned")
    assert board_answers.requests(OWNER).protected == 0
