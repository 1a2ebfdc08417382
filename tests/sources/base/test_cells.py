"""Cells."""

from datetime import date

import pytest

from almanac.actions.errors import CannotError
from almanac.actions.workload import board
from almanac.record.rules import OWNER
from almanac.sources.base.cells import BadCellError, amount, clean, hours


@pytest.mark.parametrize(
    ("text", "value"),
    [("$1,234.56", 1234.56), ("1.234,56 €", 1234.56), ("12,5", 12.5), ("1 200", 1200), ("0", 0)],
)
def test_amounts_are_read_as_written(text, value):
    assert value == amount(text, "cost")


@pytest.mark.parametrize("text", ["1.000", "1e5", "-5", "99999999999", "1,2,3", "1e999", "9" * 400])
def test_amounts_that_could_mean_anything_are_refused(text):
    with pytest.raises(BadCellError):
        amount(text, "cost")


@pytest.mark.parametrize(
    ("text", "value"), [("1:30", 1.5), ("12h30", 12.5), ("90 min", 1.5), ("6h", 6)]
)
def test_hours_are_read_as_written(text, value):
    assert value == hours(text, "hours")


def test_hours_no_year_has_are_refused():
    with pytest.raises(BadCellError):
        hours("1000000", "hours")


def test_noncharacters_never_reach_a_page():
    assert clean("a\uffffb\ufffec\U0001ffffd") == "abcd"


TODAY = date(2026, 3, 18)


def test_hours_have_one_limit(logbook):
    with pytest.raises(CannotError, match="Hours lie between"):
        board.promise(OWNER, "All", 9000, TODAY)
