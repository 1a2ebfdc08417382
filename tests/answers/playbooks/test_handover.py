"""Who could go on, what stops, and the book for the next person."""

import json
import re
from datetime import date, timedelta

from tests.factories import past as past_event

from almanac.actions.activities import NewActivity, change_activity, tap_energy, write_down
from almanac.actions.experiments import experiments
from almanac.actions.playbooks import playbooks
from almanac.actions.preferences import prefer
from almanac.actions.programs import begin_program
from almanac.actions.turnout import freeze_forecast, say_guess
from almanac.actions.workload import board
from almanac.answers.playbooks.absence_check import drill
from almanac.answers.playbooks.handover import handover
from almanac.answers.playbooks.stand_ins import bus_factors
from almanac.core.guesses.elicited import RawGuess
from almanac.press.handover import files
from almanac.record.models import Program
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)
MONDAY = date(2026, 3, 23)
TEXT = """# Meetups

- T-14 days: announce (2h) @ana
- T: run it <script>alert(1)</script>

## Who has access

- the mailing list: Ana
"""


def test_what_one_hour_would_raise(logbook, held):
    held(past_event(ago=30, signups=20, attended=10), past_event(ago=60, signups=40, attended=30))
    (meetups,) = bus_factors(OWNER)
    assert (meetups.people, meetups.is_written) == (1, False)
    assert [(r.name, r.times, r.alone) for r in meetups.runners] == [("you", 2, 2)]
    assert "write down its steps" in meetups.raise_it
    program = Program.objects.get()
    playbooks.write_playbook(OWNER, program, "- T: run it\n")
    assert "who has access" in bus_factors(OWNER)[0].raise_it
    playbooks.write_playbook(OWNER, program, TEXT)
    (meetups,) = bus_factors(OWNER)
    assert (meetups.people, meetups.named, meetups.access) == (
        2,
        ("ana",),
        ("the mailing list: Ana",),
    )
    assert "run one alone" in meetups.raise_it


def test_away_for_a_month(logbook, plan_event, held):
    held(past_event(ago=30, signups=20, attended=10))
    event = plan_event("Meetup 9", days=12)
    write_down(
        OWNER,
        [NewActivity(title="Report", status="planned", program="Meetups", fields={"due": MONDAY}),
         NewActivity(title="Later", status="planned", fields={"due": MONDAY + timedelta(days=90)})],
    )  # fmt: skip
    found = drill(OWNER, MONDAY)
    assert [row.title for row in found.happenings] == ["Meetup 9"]
    assert [row.title for row in found.promises] == ["Report"]
    assert [each.program.name for each in found.orphaned] == ["Meetups"]
    assert "no one else can take over Meetups" in found.sentence
    playbooks.write_playbook(OWNER, Program.objects.get(name="Meetups"), TEXT)
    assert drill(OWNER, MONDAY).orphaned == ()
    change_activity(OWNER, event, holder="Ana")
    assert drill(OWNER, MONDAY).happenings == ()


def test_somebody_else_can_run_the_next_one_from_the_book(logbook, plan_event, held):
    begin_program(OWNER, "Meetups", purpose="So that people meet.", goal="Be known")
    playbooks.write_playbook(OWNER, Program.objects.get(), TEXT)
    (past, _) = held(
        past_event(ago=30, signups=20, attended=10), past_event(ago=60, signups=40, attended=30)
    )
    playbooks.look_back(OWNER, past, went_badly="Few came", why="Snow")
    lesson = playbooks.propose(OWNER, past, "T-21d: announce", "announce")
    playbooks.decide(OWNER, lesson, accept=True)
    experiments.try_something(
        OWNER,
        "reminders",
        "people forget",
        "30 come",
        TODAY + timedelta(days=60),
        program="Meetups",
    )
    event = plan_event("Meetup 9", days=22)
    say_guess(OWNER, event, RawGuess(1, 909, 4, 80))
    freeze_forecast(OWNER, event)
    tap_energy(OWNER, past, gave=False)
    board.ask(OWNER, "Elsewhere")
    book = handover(OWNER, ["meetups"])
    text = files(book)["handover.md"].decode()
    for said in ("So that people meet.", "Be known", "announce", "Access: the mailing list: Ana", "Meetup 9",
                 "people", "10 came", "Few came", "T-21d: announce", "reminders, because people forget",
                 "19 March"):  # fmt: skip
        assert said in text, said
    for private in ("909", "Elsewhere"):
        assert private not in text
    made = files(book)
    assert made["handover.pdf"].startswith(b"%PDF")
    assert b"<script>alert" not in made["index.html"]
    assert re.search(rb"<h2[^>]*>How it is run", made["index.html"])


def test_an_empty_program_says_what_to_ask_for(logbook):
    begin_program(OWNER, "New")
    text = files(handover(OWNER, ["New"]))["handover.md"].decode()
    assert "Ask for it while you can" in text
    assert "Nothing planned" in text


def test_handover_and_drill_from_the_terminal(run, held, plan_event, tmp_path):
    held(past_event(ago=30, signups=20, attended=10))
    plan_event("Meetup 9", days=12)
    out = tmp_path / "book"
    assert "handover.pdf" in run("handover", "Meetups", "--out", str(out))
    run("handover", "Meetups", "--out", str(out), "--format", "md")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("mine")
    assert "not written by Almanac" in run(
        "handover", "Meetups", "--out", str(tmp_path / "mine"), code=1
    )
    assert (tmp_path / "mine" / "index.html").read_text() == "mine"
    assert "no program called" in run("handover", "Nothing", "--out", str(out), code=1)
    assert "Name a program" in run("handover", code=1)
    assert "no one else can take over" in run("drill")
    plain = json.loads(run("drill", "--from", "2026-03-23", "--days", "20", "--json"))
    assert plain["stops"] == ["Meetups"]
    assert "There is no off-site copy" in run("drill", "machine", code=1)
    prefer(OWNER, mirror=str(tmp_path / "nowhere"))
    assert "is not there" in run("drill", "machine", code=1)
    assert "Play away" in run("drill", "party", code=1)


def test_the_pages(browser_client, held, plan_event):
    held(past_event(ago=30, signups=20, attended=10))
    plan_event("Meetup 9", days=12)
    assert "no one else can take over" in browser_client.get("/absence-check/").content.decode()
    page = browser_client.get("/programs/meetups/handover/")
    assert "Meetup 9" in page.content.decode()
    assert browser_client.get("/programs/meetups/handover/?as=pdf").content.startswith(b"%PDF")
    assert (
        "## Who can help"
        in browser_client.get("/programs/meetups/handover/?as=md").content.decode()
    )
    assert browser_client.get("/programs/nothing/handover/").status_code == 404


def test_the_book_begins_with_the_next_event_and_says_what_is_not_noted(logbook, plan_event, held):
    program = begin_program(OWNER, "Meetups")
    (past,) = held(past_event(ago=30, signups=20, attended=10))
    playbooks.write_playbook(OWNER, program, TEXT)
    playbooks.look_back(OWNER, past, went_badly="Few came", why="Snow")
    event = plan_event("Meetup 9", days=10)
    playbooks.write_playbook(
        OWNER, program, TEXT.replace("- T: run", "- T-1d: remind (1h)\n- T: run")
    )
    chapters = handover(OWNER, ["meetups"]).chapters
    assert [chapter.title for chapter in chapters[:3]] == [
        "Meetups", "Next", "Who can help, who has access",
    ]  # fmt: skip
    said = chapters[1].text
    for wanted in ("- What: Meetup 9", "- Link: not noted yet", "- Seats: not noted yet",
                   "interest and sign-ups unknown", "Forecast: not made yet",
                   "Overdue", "days ago: announce", "its steps add up to 2 h",
                   "Added to the playbook later", ": remind"):  # fmt: skip
        assert wanted in said, wanted
    assert f"{event.day:%A}" in said
    people, how = chapters[2].text, chapters[3].text
    assert "Access: the mailing list: Ana" in people
    assert "the mailing list" not in how
    learnt = next(chapter.text for chapter in chapters if chapter.title == "Lessons")
    assert "No step was changed afterwards." in learnt
    prefer(OWNER, own_names=["Mia"])
    assert "Mia ran" in handover(OWNER, ["meetups"]).chapters[2].text
