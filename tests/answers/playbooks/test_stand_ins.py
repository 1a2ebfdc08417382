"""Stand ins."""

from datetime import date

import pytest
from tests.actions.experiments.test_trials import START, evening

from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.actions.playbooks import freshness, playbooks
from almanac.actions.programs import begin_program
from almanac.answers.playbooks import freshness as stale_answers
from almanac.answers.playbooks.stand_ins import bus_factors
from almanac.record.rules import OWNER


def test_somebody_who_leaves_next_year_is_there_today(logbook):
    program = begin_program(OWNER, "Meetups")
    text = "- T: run it @ana\n\n## Who has access\n\n- Luma: @anabel\n"
    playbooks.write_playbook(OWNER, program, text)
    freshness.say_left(OWNER, "ana", date(2030, 1, 1))
    assert stale_answers.stale(program, text) == []
    freshness.say_left(OWNER, "ana", date(2026, 1, 1))
    (said,) = stale_answers.stale(program, text)
    assert "a step" in said
    assert "anabel" not in said
    freshness.say_back(OWNER, "ana")
    undo(OWNER)
    assert len(stale_answers.stale(program, text)) == 1
    with pytest.raises(CannotError, match="another server"):
        freshness.say_left(OWNER, "@zed@mastodon.social")


def test_a_program_that_is_only_planned_stands_on_you(logbook):
    evening(START, "Meetups")
    (found,) = bus_factors(OWNER)
    assert (found.people, found.others) == (1, ())
