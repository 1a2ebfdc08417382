"""What writing, looking back and looking after playbooks leaves behind, and what undo takes back."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.actions.playbooks import freshness, handover, playbooks
from almanac.actions.programs import begin_program
from almanac.record.infra import clock
from almanac.record.models import (
    Change,
    CheckedLink,
    Departure,
    Forecast,
    Lesson,
    Part,
    PlaybookVersion,
    Program,
    Retro,
    Run,
)
from almanac.record.rules import OWNER
from almanac.sources.base import fetching
from almanac.sources.text import playbook_text

TODAY = date(2026, 3, 18)
LINK = "https://example.org/how"


def said():
    """The latest line of the log."""
    return Change.objects.order_by("-pk").first().summary


@pytest.fixture
def meetups(logbook):
    return begin_program(OWNER, "Meetups")


@pytest.fixture
def event(meetups, plan_event):
    return plan_event("Meetup 9", days=20)


def linked(program, *urls):
    lines = "".join(f"- T: look at {url}\n" for url in urls)
    playbooks.write_playbook(OWNER, program, "# Meetups\n\n" + lines)


@pytest.fixture
def asked(monkeypatch):
    """What was asked of the net; hosts that begin with “gone” answer 404."""
    found = []

    def is_gone(url):
        found.append(url)
        return f"gone {'x' * 300}" if "//gone" in url else ""

    monkeypatch.setattr(fetching, "is_gone", is_gone)
    return found


# Playbooks


def test_a_version_is_kept_with_its_reason_and_time(meetups):
    made = playbooks.write_playbook(
        OWNER, meetups, "\r\n- T: run it\r\n\r\n", " So  what " + "w" * 300
    )
    assert said() == "Saved version 1 of the playbook of “Meetups”"
    assert (made.text, made.number, made.made_at) == ("- T: run it\n", 1, NOW)
    assert (made.why[:8], len(made.why)) == ("So what ", 300)


def test_a_playbook_has_up_to_so_many_letters(meetups):
    most = playbook_text.LONGEST - 1  # and the end of the last line
    playbooks.write_playbook(OWNER, meetups, "x" * most)
    with pytest.raises(CannotError, match="has up to"):
        playbooks.write_playbook(OWNER, meetups, "x" * (most + 1))
    assert PlaybookVersion.objects.count() == 1


def test_steps_are_laid_out_once_and_undone_together(event, meetups):
    text = "- T-3 days: buy food (1.5h) @ana\n- T+1 day: thank\n- T: open\n"
    playbooks.write_playbook(OWNER, meetups, text)
    run = playbooks.lay_out(OWNER, event)
    assert said() == "Added the playbook’s steps to “Meetup 9”"
    assert (run.laid_at, run.version.number) == (NOW, 1)
    parts = {part.title: part for part in Part.objects.all()}
    assert {title: part.kind for title, part in parts.items()} == {
        "buy food": "preparation", "open": "preparation", "thank": "follow_up",
    }  # fmt: skip
    food = parts["buy food"]
    assert (food.heading, food.hours, food.day) == ("@ana", 1.5, event.day - timedelta(days=3))
    assert food.outside_id.startswith("step:1:")
    assert (parts["thank"].heading, parts["thank"].hours) == ("", None)
    playbooks.write_playbook(OWNER, meetups, text + "- T: close\n")
    assert playbooks.lay_out(OWNER, event) == run
    assert Part.objects.count() == 3
    undo(OWNER)
    undo(OWNER)
    assert not Run.objects.exists()
    assert not Part.objects.exists()


def test_steps_of_what_has_no_day_have_no_dates(meetups):
    playbooks.write_playbook(OWNER, meetups, "- T: run it\n")
    (idea,) = write_down(OWNER, [NewActivity(title="Some day", status="idea", program="Meetups")])
    with pytest.raises(CannotError, match="has no date yet"):
        playbooks.lay_out(OWNER, idea)


def test_a_step_beyond_the_calendar_has_no_day(meetups):
    playbooks.write_playbook(OWNER, meetups, "- T+3 days: rest\n")
    (last,) = write_down(
        OWNER, [NewActivity(title="Last", status="planned", program="Meetups",
                            kind="event", day=date(9999, 12, 30))],
    )  # fmt: skip
    assert last.parts.get().day is None


def test_a_retro_is_undone_to_what_was_said_before(event):
    playbooks.look_back(OWNER, event, went_well="Talks")
    assert said() == "Saved the retrospective of “Meetup 9”"
    assert Retro.objects.get().at == NOW
    playbooks.look_back(OWNER, event, went_badly=" Noise ")
    assert (Retro.objects.get().went_well, Retro.objects.get().went_badly) == ("", "Noise")
    undo(OWNER)
    assert (Retro.objects.get().went_well, Retro.objects.get().went_badly) == ("Talks", "")
    undo(OWNER)
    assert not Retro.objects.exists()


def test_a_lesson_is_proposed_accepted_and_undone(event):
    lesson = playbooks.propose(OWNER, event, "- T-3 days:  buy food", " old  step ")
    assert said() == "Proposed for the playbook: “T-3 days: buy food”"
    assert (lesson.line, lesson.step, lesson.at) == ("- T-3 days: buy food", "old step", NOW)
    playbooks.decide(OWNER, lesson, accept=True)
    assert said() == "The lesson “T-3 days: buy food” is in the playbook"
    assert PlaybookVersion.objects.get().why == "Learnt from Meetup 9"
    undo(OWNER)
    lesson.refresh_from_db()
    assert lesson.state == "proposed"
    assert not PlaybookVersion.objects.exists()
    playbooks.say_helped(OWNER, lesson, "no")
    assert said() == "The lesson “T-3 days: buy food”: it did not"
    undo(OWNER)
    lesson.refresh_from_db()
    assert lesson.helped == ""
    undo(OWNER)
    assert not Lesson.objects.exists()


def test_a_folder_is_read_into_programs_by_slug_or_heading(meetups, tmp_path):
    begin_program(OWNER, "Hack days")
    (tmp_path / "meetups.md").write_text("# Another heading\n\n- T: run it\n")
    (tmp_path / "b.md").write_text("\n# hack days\n\n- T: code\n")
    assert playbooks.read_folder(OWNER, tmp_path) == {"created": 2, "changed": 0, "unchanged": 0}
    assert said() == "Imported 2 playbooks"
    assert set(Program.objects.values_list("name", flat=True)) == {"Meetups", "Hack days"}
    assert meetups.playbook_versions.get().why == "Read from meetups.md"
    (tmp_path / "b.md").write_text("# hack days\n\n- T: rest\n")
    assert playbooks.read_folder(OWNER, tmp_path) == {"created": 0, "changed": 1, "unchanged": 1}
    undo(OWNER)
    assert PlaybookVersion.objects.count() == 2


def test_a_folder_is_written_with_the_hash_of_every_file(meetups, tmp_path):
    playbooks.write_playbook(OWNER, meetups, "# Old heading\n\n- T: run it\n")
    begin_program(OWNER, "Talks")
    assert playbooks.write_folder(OWNER, tmp_path / "out") == 1
    file, mark = tmp_path / "out" / "meetups.md", tmp_path / "out" / ".almanac-playbooks"
    text = "# Old heading\n\n- T: run it\n"
    assert file.read_text() == text
    assert mark.read_text() == f"{sha256(text.encode()).hexdigest()} meetups.md\n"
    # Under another heading the file is still known by its hash.
    PlaybookVersion.objects.update(text="# New heading\n\n- T: run it\n")
    assert playbooks.write_folder(OWNER, tmp_path / "out") == 1
    assert file.read_text().startswith("# New heading")


# Who is gone, and links


def test_somebody_who_left_is_noted_and_undone(meetups):
    freshness.say_left(OWNER, "@Ana", date(2026, 3, 1))
    assert said() == "Ana left on 1 Mar 2026"
    freshness.say_left(OWNER, "ana", date(2026, 3, 2))
    assert Departure.objects.get().left_on == date(2026, 3, 2)
    undo(OWNER)
    assert Departure.objects.get().left_on == date(2026, 3, 1)
    lines = Change.objects.count()
    freshness.say_left(OWNER, "ANA", date(2026, 3, 1))
    freshness.say_left(OWNER, "ana")
    assert Change.objects.count() == lines
    freshness.say_back(OWNER, "ana")
    assert said() == "Ana is back"
    assert Departure.objects.get().left_on is None
    undo(OWNER)
    assert Departure.objects.get().left_on == date(2026, 3, 1)


def test_who_was_back_can_leave_again(meetups):
    freshness.say_left(OWNER, "Ana", date(2026, 3, 1))
    freshness.say_back(OWNER, "ana")
    assert freshness.say_left(OWNER, "ana").left_on == TODAY
    assert Departure.objects.count() == 1


def test_names_of_those_who_left(meetups):
    assert freshness.say_left(OWNER, "n" * 81).name == "n" * 80
    with pytest.raises(CannotError, match="handle of another server"):
        freshness.say_left(OWNER, "ana@example.social")
    with pytest.raises(CannotError, match="Nobody called"):
        freshness.say_back(OWNER, "bea")


def test_links_that_lead_nowhere_are_told_since_when(meetups, asked):
    with pytest.raises(CannotError, match="no playbook yet"):
        freshness.check_links(OWNER, meetups)
    linked(meetups, "https://gone.example/a", LINK)
    lines = Change.objects.count()
    (dead,) = freshness.check_links(OWNER, meetups)
    assert said() == "https://gone.example/a can’t be reached"
    assert (dead.dead_since, dead.checked_at, dead.says) == (NOW, NOW, "gone " + "x" * 195)
    assert Change.objects.count() == lines + 1
    assert Change.objects.first().undo is None
    with clock.at(NOW + timedelta(days=1)):
        freshness.check_links(OWNER, meetups)
    dead.refresh_from_db()
    assert (dead.dead_since, dead.checked_at) == (NOW, NOW + timedelta(days=1))
    assert Change.objects.count() == lines + 1


def test_a_link_that_leads_somewhere_again(meetups, monkeypatch):
    linked(meetups, LINK)
    for says in ("gone", ""):
        monkeypatch.setattr(fetching, "is_gone", lambda _, says=says: says)
        freshness.check_links(OWNER, meetups)
    assert said() == f"{LINK} can be reached again"
    assert CheckedLink.objects.get().dead_since is None


def test_links_are_looked_at_where_something_is_planned_within_sixty_days(
    meetups, plan_event, asked
):
    linked(meetups, LINK)
    plan_event("Far", days=61)
    plan_event("Over", days=-1)
    plan_event("An idea", days=3, status="idea")
    assert freshness.check_links_due(OWNER) == 0
    plan_event("Near", days=60)
    assert freshness.check_links_due(OWNER) == 1
    assert asked == [LINK]


def test_an_event_of_today_is_still_coming(meetups, plan_event, asked):
    linked(meetups, LINK)
    plan_event("Today", days=0)
    assert freshness.check_links_due(OWNER) == 1


def test_ten_links_are_looked_at_at_once(event, meetups, asked):
    linked(meetups, *(f"https://example.org/{number}" for number in range(12)))
    assert [freshness.check_links_due(OWNER) for _ in range(3)] == [10, 2, 0]
    assert len(set(asked)) == 12


def test_a_link_is_looked_at_again_after_a_week(event, meetups, asked):
    linked(meetups, LINK)
    freshness.check_links_due(OWNER)
    with clock.at(NOW + timedelta(days=7, seconds=-1)):
        assert freshness.check_links_due(OWNER) == 0
    with clock.at(NOW + timedelta(days=7)):
        assert freshness.check_links_due(OWNER) == 1


def test_a_link_found_dead_is_confirmed_once_and_then_weekly(event, meetups, asked):
    linked(meetups, "https://gone.example/a")
    freshness.check_links_due(OWNER)
    confirmed = NOW + freshness.CONFIRMED
    with clock.at(confirmed):
        assert freshness.check_links_due(OWNER) == 1
    with clock.at(confirmed + freshness.CONFIRMED):
        assert freshness.check_links_due(OWNER) == 0
    with clock.at(confirmed + timedelta(days=7)):
        assert freshness.check_links_due(OWNER) == 1


# Before a handover


def test_the_next_three_events_of_a_program_are_looked_at(plan_event):
    made = [plan_event(f"Meetup {number}", days=number) for number in (5, 2, 4, 3)]
    plan_event("Over", days=-2)
    plan_event("A task", days=1, kind="task")
    plan_event("An idea", days=1, status="idea")
    assert handover.look_ahead(OWNER, ["Meetups"]) == 3
    looked_at = set(Forecast.objects.values_list("activity", flat=True))
    assert looked_at == {event.pk for event in made[1:]}


def test_an_event_without_a_day_is_not_looked_at(logbook):
    write_down(OWNER, [NewActivity(title="When?", kind="event", status="planned", program="Talks")])
    assert handover.look_ahead(OWNER, ["Talks"]) == 0
