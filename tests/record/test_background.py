"""What fails in the background is seen on Today and by doctor, and goes when it succeeds."""

import pytest
from django.db import OperationalError
from tests.conftest import text

from almanac.answers.doctor import examine
from almanac.core.errors import AlmanacError
from almanac.faces.cli import serve
from almanac.record.infra import background
from almanac.record.rules import OWNER


def failing(error):
    def task(_actor):
        raise error

    return task


@pytest.fixture
def tasks(monkeypatch, settings, tmp_path):
    settings.ALMANAC_HOME = tmp_path
    monkeypatch.setattr(serve.connections, "close_all", lambda: None)

    def run(**given):
        monkeypatch.setattr(
            serve, "TASKS", {name.capitalize(): task for name, task in given.items()}
        )
        serve.freshen()

    return run


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError("odd"), "failed unexpectedly (OSError)"), (MemoryError(), "failed unexpectedly (MemoryError)"),
        (AlmanacError("ChangeLine in a sentence."), "ChangeLine in a sentence."),
    ],
)  # fmt: skip
def test_a_task_that_fails_is_noted_and_the_others_have_their_turn(tasks, error, says):
    done = []
    tasks(first=failing(error), second=done.append)
    assert done == [OWNER]
    assert [(each.what, each.says) for each in background.problems()] == [("First", says)]
    tasks(first=done.append, second=done.append)
    assert background.problems() == []


def test_somebody_else_writing_is_no_problem(tasks):
    tasks(first=failing(OperationalError("database is locked")))
    assert background.problems() == []


def test_it_is_seen_on_today_and_by_doctor(browser_client, plan_event):
    plan_event("Meetup")
    with background.noted("Fetching subscribed calendars"):
        raise AlmanacError("example.org did not answer.")
    said = "Fetching subscribed calendars: example.org did not answer."
    assert said in text(browser_client.get("/"))
    assert any(check.says == said for check in examine(OWNER))
    with background.noted("Fetching subscribed calendars"):
        pass
    assert background.problems() == []


def test_a_damaged_note_is_none(settings, tmp_path):
    settings.ALMANAC_HOME = tmp_path
    (tmp_path / background.FILE).write_text("[1")
    assert background.problems() == []
