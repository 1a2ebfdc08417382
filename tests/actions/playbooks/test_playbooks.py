"""Playbooks: steps, versions, runs, retros and lessons; folders of Markdown in and out."""

from datetime import date, timedelta

import pytest
from tests.conftest import text
from tests.factories import past

from almanac.actions.activities import set_status
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.actions.playbooks import playbooks
from almanac.actions.playbooks import playbooks as verbs
from almanac.actions.programs import begin_program
from almanac.actions.workload import board
from almanac.answers.playbooks.playbooks import find_playbook
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Lesson,
    Part,
    PlaybookVersion,
    Program,
    Retro,
    Run,
)
from almanac.record.rules import OWNER
from almanac.sources.base.rows import UnreadableError
from almanac.sources.text import playbook_text

TEXT = """# Meetups

Why we do it.

- T-14 days: announce (2h) @ana
- T - 1 week: remind the speakers
* T+2d: thank those who helped (1h)
- T: run it
- not a step
- T-: nothing
"""


@pytest.fixture
def meetups(logbook):
    program = begin_program(OWNER, "Meetups")
    verbs.write_playbook(OWNER, program, TEXT)
    return program


def test_steps_are_read_in_order_of_their_dates():
    found = playbook_text.steps(TEXT)
    assert [(s.days, s.title, s.hours, s.owner) for s in found] == [
        (-14, "announce", 2.0, "ana"), (-7, "remind the speakers", None, ""),
        (0, "run it", None, ""), (2, "thank those who helped", 1.0, ""),
    ]  # fmt: skip


def test_a_lesson_changes_a_named_step_or_adds_one():
    changed = playbook_text.with_lesson(TEXT, "Announce", "T-21 days: announce (2h)")
    assert "- T-21 days: announce (2h)" in changed
    assert "T-14" not in changed
    added = playbook_text.with_lesson(TEXT, "", "T-2 days: buy food")
    assert len(playbook_text.steps(added)) == 5
    assert playbook_text.steps(playbook_text.with_lesson("", "", "T: begin"))[0].title == "begin"


def test_a_changed_text_is_a_new_version_and_the_same_is_none(meetups):
    again = verbs.write_playbook(OWNER, meetups, TEXT.replace("\n", "\r\n"))
    assert again.number == 1
    verbs.write_playbook(
        OWNER, meetups, TEXT.replace("announce", "announce twice"), "nobody saw it"
    )
    found = find_playbook(OWNER, "meetups")
    assert [change.version.number for change in found.changes] == [2, 1]
    assert found.changes[0].lines == (
        "-- T-14 days: announce (2h) @ana", "+- T-14 days: announce twice (2h) @ana",
    )  # fmt: skip
    undo(OWNER)
    assert PlaybookVersion.objects.count() == 1
    for said, why in ((" \n", "playbook is empty"), ("x" * 300_000, "has up to")):
        with pytest.raises(CannotError, match=why):
            verbs.write_playbook(OWNER, meetups, said)


def test_planning_an_event_lays_out_its_steps_with_dates(meetups, plan_event):
    event = plan_event("Meetup 12", days=20)
    parts = {part.title: part for part in event.parts.all()}
    assert parts["announce"].day == event.day - timedelta(days=14)
    assert (parts["announce"].kind, parts["announce"].hours) == ("preparation", 2)
    assert parts["thank those who helped"].kind == "follow_up"
    assert verbs.lay_out(OWNER, event) == event.run
    assert event.parts.count() == 4
    undo(OWNER)
    assert not Activity.objects.exists()
    assert not Part.objects.exists()
    past = plan_event("Past", days=-3, status="done")
    assert not Run.objects.filter(activity=past).exists()
    other = plan_event("Elsewhere", program="No playbook")
    assert verbs.lay_out(OWNER, other) is None


def test_a_retro_teaches_the_playbook(meetups, held):
    (event,) = held(past(ago=4, signups=30, attended=12))
    with pytest.raises(CannotError, match="at least one thing"):
        verbs.look_back(OWNER, event)
    verbs.look_back(
        OWNER, event, went_well="Good talks", went_badly="Few came", why="Late announcement"
    )
    verbs.look_back(OWNER, event, went_well="Very good talks")
    assert Retro.objects.get(activity=event).went_well == "Very good talks"
    with pytest.raises(CannotError, match="Write it as a step"):
        verbs.propose(OWNER, event, "announce earlier")
    lesson = verbs.propose(OWNER, event, "T-21 days: announce (2h)", "announce")
    assert find_playbook(OWNER, "meetups").proposed == (lesson,)
    verbs.decide(OWNER, lesson, accept=True)
    found = find_playbook(OWNER, "meetups")
    assert found.steps[0].days == -21
    assert found.version.why == "Learnt from Past 0"
    with pytest.raises(CannotError, match="decided already"):
        verbs.decide(OWNER, lesson, accept=False)
    verbs.say_helped(OWNER, lesson, "yes")
    assert Lesson.objects.get().helped == "yes"
    with pytest.raises(CannotError, match="yes or no"):
        verbs.say_helped(OWNER, lesson, "perhaps")
    declined = verbs.propose(OWNER, event, "T: sing")
    verbs.decide(OWNER, declined, accept=False)
    assert len(find_playbook(OWNER, "meetups").learnt) == 1


def test_what_good_looks_like_comes_from_the_record(meetups, held):
    held(past(ago=30, signups=20, attended=10), past(ago=60, signups=40, attended=30), past(ago=90))
    said = " ".join(find_playbook(OWNER, "meetups").good)
    assert "Usually 20 come (10 to 30" in said
    assert "Of 60 who signed up, 40 came (67 %)." in said


def test_a_step_that_three_runs_left_out_is_asked_about(meetups, plan_event):
    for number in range(3):
        event = plan_event(f"Meetup {number}", days=2 + number)
        for part in event.parts.exclude(title="remind the speakers"):
            board.change_part(OWNER, part, done=True)
        assert find_playbook(OWNER, "meetups").stale == ()
        with clock.at(event.starts_at):
            set_status(OWNER, event, "done")
    (stale,) = find_playbook(OWNER, "meetups").stale
    assert "remind the speakers" in stale


def test_a_folder_of_markdown_in_and_out(logbook, tmp_path):
    (tmp_path / "in" / ".git").mkdir(parents=True)
    (tmp_path / "in" / ".git" / "x.md").write_text("# Not mine\n")
    (tmp_path / "in" / "meet-ups.md").write_text("- T: run it\n")
    (tmp_path / "in" / "b.md").write_text("# Hack days\n\n- T-3d: buy food\n")
    assert verbs.read_folder(OWNER, tmp_path / "in") == {"created": 2, "changed": 0, "unchanged": 0}
    assert {p.name for p in Program.objects.all()} == {"Meet ups", "Hack days"}
    assert verbs.read_folder(OWNER, tmp_path / "in")["unchanged"] == 2
    assert verbs.write_folder(OWNER, tmp_path / "out") == 2
    assert verbs.write_folder(OWNER, tmp_path / "out") == 2
    assert (tmp_path / "out" / "meet-ups.md").read_text() == "# Meet ups\n\n- T: run it\n"
    (tmp_path / "out" / "hack-days.md").write_text("something else")
    with pytest.raises(CannotError, match="is not this playbook"):
        verbs.write_folder(OWNER, tmp_path / "out")
    (tmp_path / "in" / "c.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableError, match="UTF-8"):
        verbs.read_folder(OWNER, tmp_path / "in")
    with pytest.raises(CannotError, match="no Markdown"):
        verbs.read_folder(OWNER, tmp_path / "nowhere")


def test_pages_of_a_playbook(browser_client, meetups, held):
    page = text(browser_client.get("/programs/meetups/playbook/"))
    assert "14 d before" in page
    browser_client.post(
        "/programs/meetups/playbook/", {"text": TEXT + "<script>alert(1)</script>\n"}
    )
    page = browser_client.get("/programs/meetups/playbook/").content.decode()
    assert "<script>alert" not in page
    (event,) = held(past(ago=4, signups=30, attended=12))
    browser_client.post(
        f"/activities/{event.pk}/retrospective/", {"went_well": "Talks", "why": "Speakers"}
    )
    browser_client.post(
        f"/activities/{event.pk}/retrospective/", {"lesson": "T-3d: food", "step": ""}
    )
    assert "Speakers" in browser_client.get(f"/activities/{event.pk}/").content.decode()
    lesson = Lesson.objects.get()
    browser_client.post(
        "/programs/meetups/playbook/lesson/", {"lesson": str(lesson.pk), "accept": "1"}
    )
    browser_client.post(
        "/programs/meetups/playbook/lesson/", {"lesson": str(lesson.pk), "helped": "no"}
    )
    lesson.refresh_from_db()
    assert (lesson.state, lesson.helped) == ("accepted", "no")
    assert browser_client.get("/programs/nothing/playbook/").status_code == 404
    assert (
        browser_client.post("/programs/meetups/playbook/lesson/", {"lesson": "x"}).status_code
        == 302
    )
    assert (
        "In case you’re not here"
        in browser_client.get(
            f"/programs/{begin_program(OWNER, 'New').slug}/playbook/"
        ).content.decode()
    )


def test_the_same_from_the_terminal(run, meetups, held, plan_event, tmp_path):
    (event,) = held(past(ago=4, signups=30, attended=12))
    assert "Meetups: version 1" in run("playbook")
    assert "T-14: announce, 2 h @ana" in run("playbook", "show", "meetups")
    said = run("retro", str(event.pk), "--well", "Talks", "--lesson", "T-3d: food")
    assert "playbook accept" in said
    assert "in the playbook" in run("playbook", "accept", str(Lesson.objects.get().pk))
    assert "Saved" in run("playbook", "helped", str(Lesson.objects.get().pk), "yes")
    file = tmp_path / "m.md"
    file.write_text(TEXT)
    assert "Version 3" in run("playbook", "write", "Meetups", str(file))
    assert "1 playbook in" in run("playbook", "export", str(tmp_path / "out"))
    assert "1 unchanged" in run("playbook", "read", str(file))
    other = plan_event("Later", days=40)
    assert "4 steps" in run("playbook", "run", str(other.pk))
    assert "no lesson" in run("playbook", "accept", "9" * 12, code=1)
    assert "no program" in run("playbook", "show", "zzz", code=1)
    assert date(2026, 4, 13) in {part.day for part in other.parts.all()}


def test_a_playbook_is_written_out_again_under_another_heading(logbook, tmp_path):
    program = begin_program(OWNER, "Meetups")
    playbooks.write_playbook(OWNER, program, "# Meetups\n\n- T: run it\n")
    playbooks.write_folder(OWNER, tmp_path)
    playbooks.write_playbook(OWNER, program, "# How meetups are run\n\n- T: run it\n")
    assert playbooks.write_folder(OWNER, tmp_path) == 1
    assert (tmp_path / "meetups.md").read_text().startswith("# How meetups")
    (tmp_path / "meetups.md").write_text("somebody's notes")
    with pytest.raises(CannotError, match="is not this playbook"):
        playbooks.write_folder(OWNER, tmp_path)


def test_only_markdown_that_is_a_playbook_is_read(logbook, tmp_path):
    (tmp_path / "README.md").write_text("# About this folder\n")
    (tmp_path / "talks.md").write_text("# Talks\n\n- T: speak\n")
    (tmp_path / "hostname").write_text("box\n")
    playbooks.read_folder(OWNER, tmp_path)
    with pytest.raises(CannotError, match="no Markdown"):
        playbooks.read_folder(OWNER, tmp_path / "hostname")
    assert [program.name for program in Program.objects.all()] == ["Talks"]


def test_folders_above_and_marks_before_a_heading(logbook, tmp_path, monkeypatch):
    begin_program(OWNER, "Meetups")
    folder = tmp_path / "books"
    folder.mkdir()
    (tmp_path / "here").mkdir()
    (folder / "notes.md").write_bytes("\ufeff# Meetups\n\n- T: run it\n".encode())
    monkeypatch.chdir(tmp_path / "here")
    from pathlib import Path

    assert playbooks.read_folder(OWNER, Path("../books"))["created"] == 1
    assert Program.objects.count() == 1
    with pytest.raises(CannotError, match="no folder"):
        playbooks.write_folder(OWNER, folder / "notes.md")
