"""Experiments."""

from tests.actions.experiments.test_trials import attempt

from almanac.answers.experiments.experiments import by_number, find, parts_of
from almanac.record.rules import OWNER


def test_names_are_found_whatever_their_case_and_letters(logbook):
    made = attempt("Übung am Abend")
    assert find(OWNER, "übung") == made
    assert by_number(OWNER, 1234567890) is None
    parts = parts_of("trying a bus because it rains; it worked if 30 come by bus by 1.3.2027")
    assert (parts["worked_if"], parts["by"]) == ("30 come by bus", "1.3.2027")
