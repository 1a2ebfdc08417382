"""Steps."""

from datetime import timedelta

from almanac.actions.activities import change_activity
from almanac.actions.keeping.undo import undo
from almanac.actions.playbooks import playbooks
from almanac.actions.programs import begin_program
from almanac.record.rules import OWNER


def test_steps_move_along_with_their_event(logbook, plan_event):
    program = begin_program(OWNER, "Meetups")
    playbooks.write_playbook(OWNER, program, "- T-2d: food\n- T+1d: thanks\n")
    event = plan_event(days=20)
    food, thanks = event.parts.order_by("day")
    food.done = True
    food.save()
    change_activity(OWNER, event, start=(None, event.day + timedelta(days=30), "Europe/Berlin"))
    before = (food.day, thanks.day)
    food.refresh_from_db()
    thanks.refresh_from_db()
    assert (food.day, thanks.day) == (before[0], before[1] + timedelta(days=30))
    undo(OWNER)
    thanks.refresh_from_db()
    assert thanks.day == before[1]
