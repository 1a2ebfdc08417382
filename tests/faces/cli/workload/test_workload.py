"""`almanac board`, `load` and `can-i`, and the replays anyone can run on their own log."""

import csv
import json

import numpy as np
import pytest
from tests.core.workload.test_workload import tasks, worker
from tests.sources.services.test_trello import calendar, event

from almanac.actions.activities import NewActivity, write_down
from almanac.record.models import (
    Activity,
    Busy,
    CheckIn,
    Choice,
    ShownPlate,
)
from almanac.record.rules import OWNER


@pytest.fixture
def work_log(tmp_path):
    file = tmp_path / "work.csv"
    days = np.datetime64("2025-01-01") + np.arange(200)
    lines = [f"{d},{p.planned:g},{p.finished:g}" for d, p in zip(days, worker(3, 200), strict=True)]
    file.write_text("date,planned,finished\n" + "\n".join([*lines, "soon,3,4", "2025-12-01,-2,1"]))
    return file


def test_a_replay_of_finished_work_has_its_contract(run, work_log, tmp_path):
    out = tmp_path / "out.csv"
    found = json.loads(run("load", "--backtest", str(work_log), "--forecasts", str(out), "--json"))
    assert set(found) == {
        "n", "crps", "crps_plan", "crps_plan_x_ratio", "crps_trailing60", "coverage50",
        "coverage80", "coverage95",
    }  # fmt: skip
    assert found["n"] == 140
    assert found["crps"] < min(found["crps_plan"], found["crps_trailing60"])
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 140
    for row in rows:
        quantiles = [float(row[f"q{n:02}"]) for n in range(1, 100)]
        assert quantiles == sorted(quantiles)
        assert 0 <= float(row["cdf_below"]) <= float(row["cdf_at"]) <= 1
    assert "140 forecasts" in run("load", "--backtest", str(work_log))


def test_a_replay_of_estimates_has_its_contract(run, tmp_path):
    file = tmp_path / "tasks.csv"
    lines = [
        f"{t.person},{t.category},{t.estimate},{t.actual},2025-01-{1 + n // 20:02}"
        for n, t in enumerate(tasks(2, 500))
    ]
    file.write_text("person,category,estimate,actual,finished_on\n" + "\n".join(lines))
    found = json.loads(run("load", "--backtest-estimates", str(file), "--json"))
    assert set(found) == {"n", "crps", "crps_point", "crps_global", "coverage80"}
    assert found["n"] == 300
    assert found["crps"] < found["crps_point"]
    assert "300 tasks" in run("load", "--backtest-estimates", str(file))


def test_replays_of_what_is_no_log(run, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("date,planned\n2025-01-01,3\n")
    assert "finished is missing" in run("load", "--backtest", str(file), code=1)
    file.write_text("date,planned,finished\n2025-01-01,3,2\n")
    assert "nothing left to score" in run("load", "--backtest", str(file), code=1)
    assert "no such file" in run("load", "--backtest", "/nowhere.csv", code=1)


def test_can_i_answers_and_a_yes_is_kept(run):
    asked = ["can-i", "Keynote in Lisbon", "--hours", "24", "--by", "2027-03-10", "--travel", "2d"]
    refused = json.loads(run(*asked, "--json"))
    assert (refused["verdict"], refused["chance"]) == ("cannot_tell", None)
    assert "almanac load hours" in run(*asked)
    run("load", "hours", "30")
    assert "It fits: " in run(*asked)
    plain = json.loads(run(*asked, "--json"))
    assert plain["verdict"] == "fits"
    assert 0 <= plain["chance_after"] <= plain["chance_before"] <= 1
    assert set(plain) >= {"pushes", "fits_by_week", "moves", "travel_hours", "drafts", "hours"}
    assert not Activity.objects.exists()
    assert "on your board" in run(*asked, "--yes")
    keynote = Activity.objects.get()
    assert (keynote.status, keynote.hours_planned, str(keynote.due)) == (
        "planned",
        24,
        "2027-03-10",
    )
    assert keynote.parts.get().days == 2
    assert Choice.objects.get().activity_id == keynote.pk
    assert "say no this time" in run(
        "can-i", "Other", "--hours", "4", "--by", "friday", "--draft", "no"
    )
    assert "is over" in run("can-i", "x", "--hours", "4", "--by", "2020-01-01", code=1)


def test_the_board_from_the_terminal(run, tmp_path):
    assert "The board is empty" in run("board")
    said = run(
        "board", "ask", "Judge the final", "--by", "Ana", "--hours", "6", "--due", "2026-04-01"
    )
    assert "Asked: Judge the final" in said
    assert "Waiting: Judge the final" in run("board", "requests")
    run(
        "board",
        "answer",
        "Judge the final",
        "smaller",
        "--hours",
        "2",
        "--words",
        "Two hours, gladly.",
    )
    assert "has saved 4 h" in run("board", "requests")
    run("board", "part", "Judge", "travel", "--days", "1", "--words", "Train")
    run("board", "tick", "Judge", "train")
    assert Activity.objects.get().parts.get().done
    run("board", "limit", "planned", "1")
    run("board", "due", "Judge", "2026-04-02")
    assert "Planned: 1 of 1" in run("board")
    assert "Judge the final is in progress" in run("board", "move", "Judge", "doing")
    plain = json.loads(run("board", "--json"))
    assert plain["in_progress"] == 1
    assert "Nothing that was in progress" in run("board", "flow")
    assert json.loads(run("board", "flow", "--json"))["in_progress"] >= 0
    assert "1 cards" in run("board", "export", "trello", "--file", str(tmp_path / "b.json"))
    assert "already" in run("board", "export", "csv", "--file", str(tmp_path / "b.json"), code=1)
    assert "Unused" in run("board", "dance", code=2)
    assert "Move it to one of" in run("board", "move", "Judge", "nowhere", code=1)


def test_a_call_for_proposals_from_the_terminal(run):
    write_down(OWNER, [NewActivity(title="CFP PyCon", kind="cfp", status="planned")])
    run("board", "cfp", "CFP PyCon", "submitted", "--due", "2026-02-01")
    run("board", "cfp", "CFP PyCon", "accepted")
    assert "1 of 1 answered ones accepted" in run("board", "requests")


def test_the_load_from_the_terminal(run, tmp_path):
    assert "No commitments" in run("load")
    assert json.loads(run("load", "--json"))["refusal"]
    file = tmp_path / "work.ics"
    file.write_bytes(calendar(event(":20260320T090000Z", ":20260320T100000Z")).data)
    assert "1 busy block from" in run("load", "calendar", str(file))
    run("load", "calendar", str(file))
    assert Busy.objects.count() == 1
    assert not Busy.objects.get().title
    assert "private network" in run("load", "calendar", "https://127.0.0.1/c.ics", code=1)
    assert "Off from 24 December" in run("load", "break", "2026-12-24", "2027-01-03")
    assert "nobody else" in run("load", "check-in", "3,4,2")
    assert CheckIn.objects.get().recovery == 4
    assert "from 1 to 5" in run("load", "check-in", "3,4", code=1)
    assert "24 h" in run("load", "hours", "24")
    write_down(OWNER, [NewActivity(title="Guide", status="planned", hours=5, day=None)])
    plain = json.loads(run("load", "--json"))
    assert len(plain["weeks"]) == 8
    assert plain["usual_week"] == pytest.approx(24 * 0.85, abs=1)
    assert plain["undated"]
    assert json.loads(run("load", "week", "--json"))["fits"] == []
    assert "nothing committed" in run("load", "week")
    assert "about half of what you do" in run("load", "logged", "half")
    page = tmp_path / "plate.html"
    run("load", "show", "weeks,words", "--file", str(page), "--words", "Help <b>me</b>")
    assert "Help &lt;b&gt;me" in page.read_text()
    said = json.loads(run("load", "show", "weeks", "--json"))
    assert ShownPlate.objects.count() == 1
    assert "shows nothing" in run("load", "revoke", str(said["id"]))
    assert "of promises, weeks" in run("load", "show", "everything", code=1)


def test_a_decimal_comma_is_not_a_thousand(run, tmp_path):
    file = tmp_path / "w.csv"
    file.write_text("date;planned;finished\n" + "2025-01-01;1,5;0,5\n" * 80)
    assert "0 usable rows" in run("load", "--backtest", str(file), code=1)


def test_files_that_are_there_stay(run, tmp_path):
    page = tmp_path / "keep.html"
    page.write_text("mine")
    assert "there already" in run("load", "show", "weeks", "--file", str(page), code=1)
    log = tmp_path / "w.csv"
    log.write_text(
        "date,planned,finished\n" + "".join(f"2025-03-{1 + n % 28:02},3,2\n" for n in range(80))
    )
    assert "the log itself" in run("load", "--backtest", str(log), "--forecasts", str(log), code=1)
    assert page.read_text() == "mine"
