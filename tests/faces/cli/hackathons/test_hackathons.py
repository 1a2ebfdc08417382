"""`almanac hackathon` and the sheets of `almanac judge`."""

import json

import pytest
from tests.answers.hackathons.test_worth import coming, year  # noqa: F401


def told(run, *arguments, code=0):
    return json.loads(run(*arguments, "--json", code=code))


def test_before_it(run, year, coming):  # noqa: F811
    said = run("hackathon", "worth", "Next")
    assert "Expect" in said
    assert "Ask the organiser:" in said
    assert "What would change this: From about" in said
    found = told(run, "hackathon", "worth", "Next")
    assert [each["stage"] for each in found["stages"]][:3] == ["Signed up", "Present", "Handed in"]
    assert found["alternatives"][0]["program"] == "Groups"
    assert found["stages"][3]["refusal"].startswith("can’t say yet")
    assert "Noted" in run("hackathon", "plan", "Next", "--audience", "students", "--prizes", "100")
    assert told(run, "hackathon", "plan", "Next", "--teams", "pairs")["audience"] == "students"
    assert "one of students" in run("hackathon", "plan", "Next", "--audience", "cats", code=1)


def test_at_sign_up(run, coming, tmp_path):  # noqa: F811
    assert "would you use our API" in run("hackathon", "questions", "--product", "our API")
    assert "our product" in told(run, "hackathon", "questions")["text"]
    form = tmp_path / "form.csv"
    rows = "".join(f"p{n}@example.org,To learn,Yes\n" for n in range(9))
    form.write_text(f"Email,Why are you here?,Would you use it?\n{rows}", "utf-8")
    said = run("hackathon", "answers", str(form), "--event", "Next")
    assert said.startswith("9 people answered.\nOf 9 who answered, 9 would use your product")
    assert "Why are you here?" in run("hackathon", "audience", "Next")
    found = told(run, "hackathon", "answers", str(form), "--event", "Next")
    assert found["questions"][0]["groups"][0]["signed_up"] == 9


def test_after_it(run, year, tmp_path):  # noqa: F811
    table = tmp_path / "projects.csv"
    table.write_text("Project,Used the API\nTide,yes\n", "utf-8")
    said = run("hackathon", "projects", str(table), "--event", "Third")
    assert "1 new, 0 changed, 0 unchanged." in said
    assert "you said 9 submissions" in said
    assert told(run, "hackathon", "projects", str(table), "--event", "Third")["unchanged"] == 1
    said = run("hackathon", "use", "Third", "--used", "4", "--after-30", "2")
    assert "4 projects used the product, and 2 still did" in said
    assert told(run, "hackathon", "use", "Third", "--after-90", "0")["used_90"] == 0
    assert "Say --used" in run("hackathon", "use", "Third", code=1)
    assert "handed in for" in run("hackathon", "outcome", "Third")
    assert told(run, "hackathon", "outcome", "Third")["projects"] == ["Tide"]
    assert "Third" in run("hackathon")
    assert len(told(run, "hackathon", "list")) == 3


def test_nothing_yet(run):
    assert "No hackathons yet" in run("hackathon")
    assert "Nothing in the logbook" in run("hackathon", "worth", "Next", code=1)


@pytest.fixture
def ballots(tmp_path):
    file = tmp_path / "ballots.csv"
    rows = "".join(
        f'{judge},"{project}",{score}\n'
        for judge in ("Amal", "Britt", "Chen")
        for project, score in (("Tide, by night", 5), ("Bus", 3))
        if not (judge == "Chen" and project == "Bus")
    )
    file.write_text(f"judge,project,score\n{rows}", "utf-8")
    return file


def test_a_sheet_for_every_team_or_one(run, ballots, tmp_path):
    sheets = tmp_path / "sheets.md"
    said = run("judge", str(ballots), "--sheets", str(sheets))
    assert "Chen scored 1 of 2 projects." in said
    assert "share their places" in said
    assert "## Tide, by night" in sheets.read_text("utf-8")
    assert run("judge", str(ballots), "--team", "bus").startswith("Bus\nPlace")
    assert told(run, "judge", str(ballots), "--team", "Bus")["of"] == 2
    assert "No project is called" in run("judge", str(ballots), "--team", "Nobody", code=1)
