"""Programs."""

from datetime import timedelta

import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.actions.programs import begin_program, change_program, program_for
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Change, Program
from almanac.record.rules import OWNER


def test_programs_that_differ_by_a_sign_stay_apart(logbook):
    write_down(OWNER, [NewActivity("a", program="C"), NewActivity("b", program="C++")])

    assert {"C", "C++"} == set(Program.objects.values_list("name", flat=True))


def said():
    """The latest line of the log."""
    return Change.objects.order_by("-pk").first().summary


def test_a_program_begins_and_is_undone(logbook):
    made = begin_program(OWNER, "  Hack   days ", purpose="To build", owner="Ana")
    assert said() == "Created the program “Hack days”"
    assert (made.name, made.slug, made.purpose, made.owner) == (
        "Hack days", "hack-days", "To build", "Ana",
    )  # fmt: skip
    assert (made.created_at, made.updated_at) == (NOW, NOW)
    undo(OWNER)
    assert not Program.objects.exists()


def test_programs_that_cannot_begin(logbook):
    begin_program(OWNER, "Talks")
    for name, why in ((" ", "needs a name"), ("talks", "already")):
        with pytest.raises(CannotError, match=why):
            begin_program(OWNER, name)
    with pytest.raises(CannotError, match="A program has no size, slug"):
        begin_program(OWNER, "Other", size=3, slug="x")
    assert Program.objects.count() == 1


def test_a_program_has_an_address_of_its_own(logbook):
    assert begin_program(OWNER, "New").slug == "new-2"
    assert begin_program(OWNER, "Drill").slug == "drill-2"
    assert begin_program(OWNER, "Experiments").slug == "experiments-2"
    long = begin_program(OWNER, "n" * 201)
    assert (long.name, long.slug) == ("n" * 200, "n" * 200)


def test_a_program_is_changed_closed_reopened_and_undone(logbook):
    made = begin_program(OWNER, "Talks")
    with clock.at(NOW + timedelta(days=1)):
        change_program(OWNER, made, name="Speaking", goal="Trust")
        assert said() == "Changed name and goal of the program “Speaking”"
        made.refresh_from_db()
        assert (made.name, made.goal, made.updated_at) == (
            "Speaking", "Trust", NOW + timedelta(days=1),
        )  # fmt: skip
        undo(OWNER)
    made.refresh_from_db()
    assert (made.name, made.goal, made.updated_at) == ("Talks", "", NOW)
    lines = Change.objects.count()
    change_program(OWNER, made, name="Talks")
    assert Change.objects.count() == lines
    change_program(OWNER, made, closed=True)
    assert said() == "Closed the program “Talks”"
    change_program(OWNER, made, closed=False)
    assert said() == "Reopened the program “Talks”"


def test_a_program_cannot_be_called_as_another_or_nothing(logbook):
    begin_program(OWNER, "Talks")
    other = begin_program(OWNER, "Streams")
    for name in (" ", "TALKS"):
        with pytest.raises(CannotError, match="empty or taken"):
            change_program(OWNER, other, name=name)
    with pytest.raises(CannotError, match="A program has no slug"):
        change_program(OWNER, other, slug="x")
    assert change_program(OWNER, other, name="streams").name == "streams"


def test_a_program_is_found_by_its_name_or_its_address(logbook):
    made = begin_program(OWNER, "Hack days")
    with verb(OWNER, "test") as line:
        for name in ("hack DAYS", " Hack  days ", "hack-days"):
            assert program_for(name, line) == made
        assert not line.created
        assert program_for(" ", line).name == "unsorted"
        assert program_for("n" * 201, line).name == "n" * 200
        assert len(line.created["program"]) == 2
