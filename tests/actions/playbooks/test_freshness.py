"""What has gone stale: people who left, links that lead nowhere, steps always done late."""

from datetime import date, timedelta

import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, set_status, write_down
from almanac.actions.errors import CannotError
from almanac.actions.experiments.experiments import try_something
from almanac.actions.keeping.erasing import erase
from almanac.actions.keeping.undo import undo
from almanac.actions.playbooks import freshness
from almanac.actions.playbooks.handover import look_ahead
from almanac.actions.playbooks.playbooks import decide, propose, write_playbook
from almanac.actions.programs import begin_program
from almanac.actions.workload import board
from almanac.answers.playbooks.absence_check import drill
from almanac.answers.playbooks.freshness import departures, links_in
from almanac.answers.playbooks.handover import handover
from almanac.answers.playbooks.playbooks import find_playbook, lessons_to_check
from almanac.answers.playbooks.stand_ins import bus_factors
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    CheckedLink,
    Departure,
)
from almanac.record.rules import OWNER
from almanac.sources.base import fetching

TODAY = date(2026, 3, 18)
TEXT = """# Meetups

- T-14 days: announce (2h) @ana, see https://example.org/how.
- T: run it

## Who has access

- the mailing list: @ana
- the room: @bea, @cem and (https://example.org/room)
"""


@pytest.fixture
def meetups(logbook):
    program = begin_program(OWNER, "Meetups")
    write_playbook(OWNER, program, TEXT)
    return program


def evening(title, days, holder="", status="planned"):
    (made,) = write_down(
        OWNER, [NewActivity(title=title, kind="event", program="Meetups", status=status,
                            day=TODAY + timedelta(days=days), fields={"holder": holder})],
    )  # fmt: skip
    return made


def stale():
    return find_playbook(OWNER, "meetups").stale


def test_somebody_who_left_is_asked_about_and_does_not_count(meetups):
    evening("Meetup 1", -20, "Dora", "done")
    (before,) = bus_factors(OWNER)
    assert before.named == ("ana", "bea", "cem")
    assert before.only[0] == ("ana", "the mailing list: @ana")
    assert before.only[1] == ("ana", "announce, see https://example.org/how.")
    assert before.people == 1
    assert "second person what only @ana has" in before.raise_it
    assert stale() == ()
    freshness.say_left(OWNER, "@Ana", date(2026, 3, 1))
    freshness.say_left(OWNER, "ana")
    assert Departure.objects.count() == 1
    (said,) = stale()
    assert said.startswith(
        "@ana, who is named for access (the mailing list: @ana), left on 1 March"
    )
    (after,) = bus_factors(OWNER)
    assert after.named == ("bea", "cem")
    assert after.people == 0
    assert "find out who can give access to" in after.raise_it
    freshness.say_back(OWNER, "ANA")
    assert stale() == ()
    with pytest.raises(CannotError, match="Nobody called"):
        freshness.say_back(OWNER, "ana")
    with pytest.raises(CannotError, match="Who has left"):
        freshness.say_left(OWNER, " @ ")
    freshness.say_left(OWNER, "bea")
    undo(OWNER)
    assert departures(OWNER) == []


def test_who_ran_it_alone(meetups):
    evening("Meetup 1", -40, "", "planned")
    first = Activity.objects.get(title="Meetup 1")
    set_status(OWNER, first, "done")
    evening("Meetup 2", -20, "Dora", "done")
    (found,) = bus_factors(OWNER)
    assert {(r.name, r.times, r.alone) for r in found.runners} == {("you", 1, 0), ("Dora", 1, 1)}
    assert found.others == ("Dora", "ana", "bea", "cem")


def test_links_are_looked_after_before_the_next_event(meetups, monkeypatch):
    assert links_in(TEXT) == ["https://example.org/how", "https://example.org/room"]
    answers = {
        "https://example.org/how": "example.org answered 404",
        "https://example.org/room": "",
    }
    asked = []

    def is_gone(url):
        asked.append(url)
        return answers[url]

    monkeypatch.setattr(fetching, "is_gone", is_gone)
    assert freshness.check_links_due(OWNER) == 0
    evening("Meetup 9", 20)
    assert freshness.check_links_due(OWNER) == 2
    assert freshness.check_links_due(OWNER) == 0
    assert stale() == ()
    with clock.at(NOW + timedelta(hours=7)):
        assert freshness.check_links_due(OWNER) == 1
        (said,) = stale()
        assert (
            "https://example.org/how has been broken since 18 March 2026: example.org answered 404"
            in said
        )
    with clock.at(NOW + timedelta(days=8)):
        answers["https://example.org/how"] = ""
        assert freshness.check_links(OWNER, meetups) == []
        assert stale() == ()
    assert CheckedLink.objects.count() == 2


def test_what_is_gone_and_what_is_only_silent(monkeypatch):
    def answering(error):
        def fetch(*_, **__):
            if error:
                raise error

        monkeypatch.setattr(fetching, "fetch", fetch)
        return fetching.is_gone("https://example.org/x")

    gone = fetching.NotThereError("example.org answered 404; what was known stays.")
    assert answering(gone) == "example.org answered 404"
    assert answering(fetching.UnreachableError("example.org did not answer")) == ""
    assert answering(None) == ""


def test_a_step_always_done_late_is_asked_about(meetups):
    for number in range(3):
        with clock.at(NOW + timedelta(days=60 * number)):
            event = evening(f"Meetup {number}", 60 * number + 30)
        with clock.at(NOW + timedelta(days=60 * number + 26)):
            for part in event.parts.all():
                board.change_part(OWNER, part, done=True)
        with clock.at(NOW + timedelta(days=60 * number + 31)):
            set_status(OWNER, event, "done")
    said = stale()
    assert any("“announce" in each and "about 10 days later" in each for each in said)
    event.parts.update(done_on=None)
    assert not any("later than it says" in each for each in stale())


def test_the_drill_says_what_others_need(meetups):
    evening("Meetup 9", 20)
    found = drill(OWNER, TODAY + timedelta(days=1))
    (need,) = found.needs
    assert need.steps[0].title == "announce, see https://example.org/how."
    assert "the room" in need.factor.access[1]
    assert found.orphaned == ()


def test_a_handover_looks_at_what_to_expect_first(meetups):
    event = evening("Meetup 9", 20)
    assert not event.forecasts.exists()
    assert look_ahead(OWNER, ["meetups"]) == 1
    assert event.forecasts.count() == 1
    book = handover(OWNER, ["meetups"])
    coming = next(chapter.text for chapter in book.chapters if chapter.title == "Next")
    assert "Expect about" in coming or "Nothing to rest on" in coming
    with pytest.raises(CannotError, match="no program called"):
        look_ahead(OWNER, ["nothing"])


def test_pages_and_commands(browser_client, run, meetups, monkeypatch):
    monkeypatch.setattr(fetching, "is_gone", lambda _: "")
    evening("Meetup 9", 20)
    page = browser_client.post(
        "/absence-check/left/", {"name": "ana"}, follow=True
    ).content.decode()
    assert "ana left on" in page
    assert "left on 18 March" in browser_client.get("/programs/meetups/playbook/").content.decode()
    browser_client.post("/absence-check/left/", {"back": "ana"})
    assert departures(OWNER) == []
    assert (
        "Who has left"
        in browser_client.post("/absence-check/left/", {"name": ""}, follow=True).content.decode()
    )
    browser_client.post("/programs/meetups/handover/")
    assert Activity.objects.get(title="Meetup 9").forecasts.exists()
    assert "bea left on" in run("playbook", "left", "bea")
    assert "bea is back" in run("playbook", "back", "bea")
    assert "All links work" in run("playbook", "links", "Meetups")
    said = run("drill")
    assert "needs access: the mailing list: @ana" in said


def test_the_next_run_asks_whether_what_was_learnt_helped(browser_client, meetups):
    first = evening("Meetup 1", -40, status="done")
    lesson = propose(OWNER, first, "T-3 days: print name tags")
    decide(OWNER, lesson, accept=True)
    second = evening("Meetup 2", -10, status="done")
    assert lessons_to_check(OWNER, first) == []
    page = browser_client.get(f"/activities/{second.pk}/").content.decode()
    assert "print name tags. <b>Did it help?</b>" in page
    answer = browser_client.post(
        "/programs/meetups/playbook/lesson/",
        {"lesson": lesson.pk, "helped": "yes", "back": f"/activities/{second.pk}/#retro"},
    )
    assert answer.url == f"/activities/{second.pk}/#retro"
    assert lessons_to_check(OWNER, second) == []


def test_what_is_stale_and_what_was_tried_stands_where_it_matters(browser_client, meetups):
    event = evening("Meetup 9", 20)
    freshness.say_left(OWNER, "ana")
    assert (
        "who is named for access" in browser_client.get(f"/activities/{event.pk}/").content.decode()
    )
    try_something(OWNER, "name tags", "strangers", "10 stay", TODAY, program="Meetups")
    assert "name tags" in browser_client.get("/programs/meetups/").content.decode()


def test_an_erased_person_is_in_no_playbook_and_nobody_else_is_touched(meetups):
    write_playbook(OWNER, meetups, TEXT + "\nManagement knows. Ana decides.\n")
    event = evening("Meetup 9", 20)
    freshness.say_left(OWNER, "ana")
    found = try_something(OWNER, "asking Ana first", "ana knows", "10 stay", TODAY)
    assert event.parts.filter(heading="@ana").exists()
    erase(OWNER, "Ana")
    text = "".join(row.text for row in meetups.playbook_versions.all())
    assert "@ana" not in text
    assert "Ana " not in text
    assert "Management knows. [erased] decides." in text
    assert "@bea" in text
    assert not event.parts.filter(heading="@ana").exists()
    assert not Departure.objects.exists()
    found.refresh_from_db()
    assert (found.trying, found.because) == ("asking [erased] first", "[erased] knows")
