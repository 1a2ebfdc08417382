"""Every command of the how-to pages runs, on a logbook with what those pages speak of."""

import re
import shlex
from datetime import date, timedelta
from pathlib import Path
from shutil import copy

import pytest

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.metrics import begin_metric, measure
from almanac.actions.playbooks.playbooks import write_playbook
from almanac.actions.turnout import say_counts
from almanac.record.models import Program
from almanac.record.rules import OWNER

PAGES = sorted((Path(__file__).parents[1] / "docs" / "how-to").glob("*.md"))
TODAY = date(2026, 3, 18)
ELSEWHERE = re.compile(r"https?://|^mirror|^drill machine|^backup")
"""What reaches the network, or copies files a test's transaction holds; these have tests of their own."""
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//sample//EN
BEGIN:VEVENT
UID:1
DTSTAMP:20260301T090000Z
DTSTART:20260320T090000Z
DTEND:20260320T100000Z
SUMMARY:Weekly
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def commands(page):
    return re.findall(r"^(?: {4,8}|\$ )almanac (.+)$", page.read_text(), re.MULTILINE)


@pytest.fixture
def world(logbook, tmp_path, monkeypatch):
    folder = tmp_path / "guides"
    (folder / "docs" / "playbooks").mkdir(parents=True)
    monkeypatch.chdir(folder)
    (folder / "docs" / "playbooks" / "talks.md").write_text(
        "# Talks\n\n- T-7 days: rehearse (2h)\n"
    )
    copy(PAGES[0].parents[1] / "events-example.csv", folder / "docs")
    (folder / "list.csv").write_text("Name,Email\nAda,ada@x.example\n")
    (folder / "answers-form.csv").write_text(
        "Email,Why are you here?,Would you use our API?\nada@x.example,To learn,Yes\n"
    )
    (folder / "projects.csv").write_text("Project,Used the API\nTide table,yes\nBus,yes\n")
    (folder / "ballots.csv").write_text(
        "judge,project,score\nAmal,Tide table,4\nAmal,Bus,3\nBritt,Tide table,5\nBritt,Bus,2\n"
    )
    (folder / "answers.csv").write_text("How did you hear about us?\nLinkedIn\na friend\n")
    (folder / "meetups.md").write_text("# Meetups\n\n- T-14 days: announce (2h) @ana\n")
    (folder / "work.ics").write_text(CALENDAR, newline="")
    days = [TODAY - timedelta(days=n) for n in range(90, 0, -1)]
    rows = [f"{day},{4 + day.day % 3},{3 + day.day % 4}" for day in days]
    (folder / "work.csv").write_text("\n".join(["date,planned,finished", *rows]) + "\n")
    rows = [f"ana,talk,{1 + n % 4},{1.3 * (1 + n % 4):.1f},{days[n % 90]}" for n in range(260)]
    text = "\n".join(["person,category,estimate,actual,finished_on", *rows])
    (folder / "tasks.csv").write_text(text + "\n")
    weeks = [date(2025, 9, 1) + timedelta(weeks=n) for n in range(30)]
    rows = [f"{day},{20 + n % 5},{60 + n % 7}" for n, day in enumerate(weeks)]
    rows[26] = rows[26].replace(str(weeks[26]), "2026-03-02")
    (folder / "weekly.csv").write_text("\n".join(["week,signups,others", *rows]) + "\n")
    for n in range(1, 13):
        day = TODAY - timedelta(weeks=n)
        (made,) = write_down(
            OWNER, [NewActivity(title=f"Meetup {13 - n}", kind="event", program="Meetups", day=day,
                                status="done")],
        )  # fmt: skip
        say_counts(OWNER, made, {"signups": 40 + n, "attended": 20 + n % 5}, evidence="counted")
        for name in ("Sign-ups", "Visits"):
            metric = begin_metric(OWNER, name, unit="people") if n == 1 else None
            metrics = {row.name: row for row in _metrics()}
            measure(OWNER, metric or metrics[name], 20.0 + n % 6, day)
    write_down(
        OWNER,
        [
            NewActivity(title="Conference", kind="talk", program="Talks", day=date(2026, 6, 1),
                        status="planned", hours=10),
            NewActivity(title="Final", kind="event", program="Hackathons", day=date(2026, 5, 1),
                        status="planned"),
        ],
    )  # fmt: skip
    write_playbook(OWNER, Program.objects.get(name="Meetups"), "- T-14 days: announce (2h) @ana\n")
    return folder


def _metrics():
    from almanac.record.models import Metric

    return Metric.objects.all()


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_what_a_page_says_to_type_can_be_typed(page, world, run):
    said = [line for line in commands(page) if not ELSEWHERE.search(line)]
    for line in said:
        run(*shlex.split(line))
    assert said or "`almanac" in page.read_text()
