"""Can i."""

from datetime import date

from almanac.actions.activities import NewActivity, write_down
from almanac.record.models import (
    Activity,
    Choice,
)
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)


def test_can_i_yes_of_a_name_that_was_done_is_a_new_one(run):
    write_down(OWNER, [NewActivity(title="Newsletter", day=TODAY)])
    run("load", "hours", "30")
    run("can-i", "Newsletter", "--hours", "3", "--by", "2026-05-01", "--yes")
    assert Activity.objects.filter(title="Newsletter").count() == 2
    assert Choice.objects.get().activity_id == Activity.objects.latest("pk").pk
