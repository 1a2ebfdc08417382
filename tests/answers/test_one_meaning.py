"""One number, one meaning: what each page prints is recomputed from an export, and pages agree."""

import csv
import random
import re
from collections import defaultdict
from datetime import timedelta

import pytest

from almanac.actions import metrics as verbs
from almanac.actions.activities import NewActivity, write_down
from almanac.actions.example.example_year import play
from almanac.actions.keeping import exporting
from almanac.actions.turnout import say_counts
from almanac.answers.log import logbook as log_answers
from almanac.answers.metrics import metric_values
from almanac.answers.playbooks import playbooks
from almanac.answers.review import composition
from almanac.answers.workload import overview
from almanac.record.models import Program
from almanac.record.queries import preferences
from almanac.record.rules import OWNER

EVENTS = {"event", "workshop", "hackathon", "stream"}


@pytest.fixture(params=["example", 1, 2, 3])
def full(request, logbook):
    """The example's year, and logbooks of random activities."""
    today = preferences.today()
    if request.param == "example":
        play(OWNER, "Europe/Berlin")
        return
    dice = random.Random(request.param)
    kinds = ("event", "workshop", "hackathon", "talk", "stream", "post", "task", "meeting")
    for number in range(60):
        kind = dice.choice(kinds)
        day = today - timedelta(days=dice.randint(0, 400))
        hours = dice.choice([None, 0.5, 2, 6, 30])
        program = dice.choice(["", "Meetups", "Hackathons"])
        (row,) = write_down(
            OWNER,
            [NewActivity(title=f"{kind} {number}", kind=kind, status="done", day=day, hours=hours,
                         program=program)],
        )  # fmt: skip
        if kind in EVENTS | {"talk"} and dice.random() < 0.8:
            signups = dice.randint(0, 90)
            came = dice.randint(0, signups) if dice.random() < 0.7 else None
            evidence = dice.choice(["counted", "approximate", "registered_only"])
            counts = {"signups": signups} | ({} if came is None else {"attended": came})
            say_counts(OWNER, row, counts, evidence=None if came is None else evidence)


def rows_of(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def exported(full, tmp_path):
    """Done activities with their program's name and turnout, from the files of an export."""
    exporting.export(OWNER, tmp_path / "out")
    files = {path.stem: path for path in (tmp_path / "out").rglob("*.csv")}
    programs = {row["id"]: row for row in rows_of(files["program"].parent, "program")}
    turnouts = {row["activity_id"]: row for row in rows_of(files["turnout"].parent, "turnout")}
    done = []
    for row in rows_of(files["activity"].parent, "activity"):
        if row["status"] == "done" and row["day"]:
            row["name"] = programs[row["program_id"]]["name"]
            row["slug"] = programs[row["program_id"]]["slug"]
            row["turnout"] = turnouts.get(row["id"], {})
            done.append(row)
    return done


def came(row):
    measured = row["turnout"].get("attended_evidence") in {"counted", "approximate"}
    return int(row["turnout"]["attended"]) if measured and row["turnout"]["attended"] else None


def people(rows):
    counted = [came(row) for row in rows if row["kind"] in EVENTS and came(row) is not None]
    return sum(counted) if counted else None


def hours(rows):
    return sum(float(row["hours_spent"]) for row in rows if row["hours_spent"])


def of_year(rows, year):
    return [row for row in rows if row["day"].startswith(str(year))]


def test_the_year_its_review_and_the_metrics_say_what_the_export_says(exported):
    for year in {int(row["day"][:4]) for row in exported}:
        mine = of_year(exported, year)
        page = log_answers.year_so_far(OWNER, year)
        review = composition.review(OWNER, str(year))
        text = " ".join(
            str(getattr(part, "words", part)) for sentence in review.opening for part in sentence
        )
        assert page.total == sum(n for _, n, _ in page.kinds) == len(mine)
        assert float(page.hours or 0) == pytest.approx(hours(mine))
        assert page.attendance.people == people(mine)
        if hours(mine):
            assert f"{hours(mine):,.6g} h" in text


def test_a_programs_page_says_what_the_export_says(exported):
    for program in Program.objects.all():
        mine = [row for row in exported if row["slug"] == program.slug]
        page = log_answers.program_page(OWNER, program.slug)
        assert page.done == len(mine)
        assert float(page.hours or 0) == pytest.approx(hours(mine))
        assert page.attendance.people == people(mine)


def test_metrics_fed_by_the_record_add_up_to_the_same(exported):
    totals = {
        "attendees": people(exported) or 0,
        "hours": hours(exported),
        "posts-published": sum(row["kind"] == "post" for row in exported),
    }
    for key, total in totals.items():
        metric = verbs.switch_on(OWNER, key)
        values = metric_values.values_of(metric)
        assert sum(fed.value for fed in values.days) == pytest.approx(total), key


def test_hours_of_a_week_are_the_same_in_the_metric_and_the_workload(exported):
    metric = verbs.switch_on(OWNER, "hours")
    today = preferences.today()
    weeks = {p.first: p.value for p in metric_values.values_of(metric).by("week", today)}
    mine = [row for row in exported if not row["holder"]]
    if len(mine) < len([row for row in exported if row["hours_spent"]]):
        pytest.skip("cards of others have hours that are not one's own")
    for week in overview.load(OWNER).back:
        if week.monday in weeks:
            assert (week.hours or 0) == pytest.approx(weeks[week.monday] or 0)


def test_what_a_playbook_calls_usual_is_of_runs_of_one_kind(exported):
    for program in Program.objects.all():
        runs = defaultdict(list)
        for row in exported:
            if row["slug"] == program.slug and row["kind"] in EVENTS | {"talk"}:
                runs[row["kind"]].append(row)
        page = playbooks.find_playbook(OWNER, program.slug)
        (said,) = [line for line in page.good if line.startswith("Usually ")] or [""]
        if said:
            number = int(re.search(r"from (\d+) event", said)[1])
            assert number <= max(len(rows) for rows in runs.values())


def test_no_list_calls_unsorted_a_program(exported):
    assert "unsorted" not in {program.name for program, _ in playbooks.latest_versions(OWNER)}
