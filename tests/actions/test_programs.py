"""Programs."""

from almanac.actions.activities import NewActivity, write_down
from almanac.record.models import Program
from almanac.record.rules import OWNER


def test_programs_that_differ_by_a_sign_stay_apart(logbook):
    write_down(OWNER, [NewActivity("a", program="C"), NewActivity("b", program="C++")])

    assert {"C", "C++"} == set(Program.objects.values_list("name", flat=True))
