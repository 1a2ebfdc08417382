"""Names."""

import pytest

from almanac.actions.errors import CannotError
from almanac.actions.metrics import begin_metric
from almanac.actions.programs import begin_program
from almanac.answers.metrics import metric_pages as answers
from almanac.record.models import Program
from almanac.record.rules import OWNER


def test_names_that_differ_by_the_case_of_any_letter_are_one(logbook):
    begin_metric(OWNER, "Größe Übung")
    with pytest.raises(CannotError, match="already"):
        begin_metric(OWNER, "größe übung")
    begin_program(OWNER, "Écoles")
    with pytest.raises(CannotError, match="already"):
        begin_program(OWNER, "écoles")
    assert answers.find_metric(OWNER, "GRÖSSE ÜBUNG").name == "Größe Übung"
    assert Program.objects.filter(name__icontains="coles").count() == 1
