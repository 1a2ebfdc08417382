"""Programs."""

from tests.conftest import text
from tests.factories import past

from almanac.actions.programs import begin_program
from almanac.record.models import (
    Program,
)
from almanac.record.rules import OWNER


def test_a_program_does_not_take_the_place_of_a_page(browser_client, logbook):
    for name in ("Drill", "Experiments", "New"):
        made = begin_program(OWNER, name)
        assert name in browser_client.get(f"/programs/{made.slug}/").content.decode()
        assert made.slug not in {"drill", "experiments", "new"}


def test_programs_have_pages_and_can_be_closed(browser_client, held):
    held(past(ago=30, signups=20, attended=12))
    html = browser_client.get("/programs/meetups/").content.decode()
    assert "Past 0" in html

    browser_client.post("/programs/meetups/close/")
    assert Program.objects.get(slug="meetups").closed
    browser_client.post("/programs/meetups/close/", {"reopen": "1"})
    assert not Program.objects.get(slug="meetups").closed
    browser_client.post("/new/program/", {"name": "Groups", "goal": "People who come back"})
    browser_client.post("/programs/groups/edit/", {"name": "Small groups"})
    assert Program.objects.filter(name="Small groups").exists()
    assert browser_client.post("/new/program/", {"name": "small groups"}).status_code == 400


def test_more_programs_than_a_page_holds_are_on_the_next(browser_client):
    for number in range(101):
        begin_program(OWNER, f"Program {number:03}")

    first, second = browser_client.get("/programs/"), browser_client.get("/programs/?page=2")

    assert first.content.decode().count("<tr>") == 1 + 100
    assert "Program 099" in text(first)
    assert "Program 100" not in text(first)
    assert 'rel="next"' in first.content.decode()
    assert "Program 100" in text(second)
    assert 'rel="next"' not in second.content.decode()
