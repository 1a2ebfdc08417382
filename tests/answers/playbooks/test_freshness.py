"""Freshness."""

from datetime import date, timedelta

import pytest
from tests.actions.experiments.test_trials import evening
from tests.conftest import NOW

from almanac.actions.activities import set_status
from almanac.actions.playbooks import playbooks
from almanac.actions.programs import begin_program
from almanac.answers.playbooks import freshness as stale_answers
from almanac.record.infra import clock
from almanac.record.rules import OWNER
from almanac.sources.text import playbook_text

TODAY = date(2026, 3, 18)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Ana, @ana and @bea.", ["Ana", "bea"]),
        ("https://medium.com/@company and @scope/pkg", []),
        ("@zed@mastodon.social", []),
        ("@अमित opens", ["अमित"]),
        ("@Zoe\u0301 too", ["Zoé"]),
        ("write to ana@example.org", []),
    ],
)
def test_who_is_named(text, names):
    assert playbook_text.names(text) == names


def test_a_handle_in_an_address_is_no_owner():
    step = playbook_text.step_of("- T-1: toot at https://mastodon.social/@us (1.25h) @ana")
    assert (step.owner, step.hours) == ("ana", 1.25)
    assert step.title == "toot at https://mastodon.social/@us"


def test_links_keep_their_brackets():
    text = "(https://en.wikipedia.org/wiki/Event_(computing)), https://a.org/x_ “https://q.org” |https://t.org/y|"
    assert stale_answers.links_in(text) == [
        "https://en.wikipedia.org/wiki/Event_(computing)", "https://a.org/x_", "https://q.org",
        "https://t.org/y",
    ]  # fmt: skip


def test_steps_not_due_or_gone_from_the_text_are_not_skipped(logbook):
    program = begin_program(OWNER, "Meetups")
    playbooks.write_playbook(OWNER, program, "- T+30 days: write the report\n- T: greet\n")
    for week in (1, 2, 3):
        with clock.at(NOW - timedelta(weeks=week, days=1)):
            event = evening(TODAY - timedelta(weeks=week), "Meetups")
        set_status(OWNER, event, "done")
    (said,) = stale_answers.stale(program, program.playbook_versions.last().text)
    assert "greet" in said
    assert stale_answers.stale(program, "- T: begin\n") == []
