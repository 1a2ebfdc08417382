"""Projects and sign-up answers, from the files people have."""

from datetime import UTC, datetime

import pytest

from almanac.sources.base.documents import Document
from almanac.sources.base.rows import UnreadableError
from almanac.sources.base.source import Opened
from almanac.sources.tables.ballots_table import read_ballots
from almanac.sources.tables.projects_table import read_projects
from almanac.sources.tables.signup_answers import read_signup_answers

NOW = datetime(2026, 3, 18, tzinfo=UTC)
DEVPOST = """Project Title,Submission Url,Project Status,Judging Status,Highest Step Completed,About The Project,\"Try it out" Links,Video Demo Link,Opt-In Prizes,Built With,Notes,Team Colleges/Universities,Submitter First Name,Submitter Last Name,Submitter Email,Team Member 1 First Name,Team Member 1 Last Name,Team Member 1 Email
Tide table,https://devpost.com/software/tide,Submitted (Gallery/Visible),Pending,Submit,"Tides, by the hour",https://tide.example,,Best,"python, our-api",,,Ada,Lovelace,ADA@example.org,Kim,Park,kim@example.org
Half done,https://devpost.com/software/half,Draft,Pending,Team,,,,,,,,Noor,Haddad,noor@example.org,,,
"""  # fmt: skip


def table(text, name="x.csv"):
    return Opened(Document(name, text.encode()), NOW).table


def test_devposts_export():
    found = read_projects(table(DEVPOST), "x.csv")
    (row,) = found.rows
    assert (row.title, row.team, row.uses) == (
        "Tide table",
        "Ada Lovelace, Kim Park",
        "python, our-api",
    )
    assert row.link == "https://devpost.com/software/tide"
    assert row.pitch == "Tides, by the hour"
    assert row.emails == ("ada@example.org", "kim@example.org")
    assert found.remarks == ["Left out, as not handed in: 1."]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Project,Team,GitHub,Stack,Used the API,In use after 30 days\nTide,Ada; Kim,https://github.com/x/y,Go,yes,no\n",
            ("Tide", "Ada, Kim", "https://github.com/x/y", "Go", True, False, None),
        ),
        (
            "name;members;demo;technologies;active 90 days\nTide;Ada, Kim;https://tide.example;Go;x\n",
            ("Tide", "Ada, Kim", "", "Go", None, None, True),
        ),
        (
            "Title\tLink\tPitch\nTide, by night\tjavascript:alert(1)\tTides\n",
            ("Tide, by night", "", "", "", None, None, None),
        ),
    ],
)
def test_any_table_with_a_row_a_project(text, wanted):
    (row,) = read_projects(table(text), "x.csv").rows
    assert (
        row.title,
        row.team,
        row.repository,
        row.uses,
        row.used,
        row.used_30,
        row.used_90,
    ) == wanted
    assert not row.link.startswith("javascript")


def test_a_project_twice_is_one_and_said():
    found = read_projects(table("Project,Stack\nTide,Go\ntide,Rust\n,Go\nB,\n"), "x.csv")
    assert [(row.title, row.uses) for row in found.rows] == [("tide", "Rust"), ("B", "")]
    assert found.remarks == [
        "“tide” stands in row 2 and row 3; the later one was read.", "1 row has no title.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "no column with the projects’ titles"),
        ("Project,Stack\n", "no column|no project"),
        ("Project,Stack\n,Go\n", "no project. 1 row has no title"),
        ("{}", "no column"),
    ],
)
def test_what_holds_no_project_is_said(text, said):
    with pytest.raises(UnreadableError, match=said):
        read_projects(table(text), "x.csv")


FORM = """Timestamp,Email Address,Full name,Why are you here?,How long have you been building software?,Do you come alone or in a team?,Would you use our API for your project?
2026-03-01 10:00,ada@example.org,Ada Lovelace,To learn,"I study, or began this year",Alone,Yes
2026-03-01 10:05,kim@example.org,Kim Park,For the prizes,5,In a team,No
2026-03-02 10:00,ADA@example.org,Ada Lovelace,To use your API,2,Alone,Yes
2026-03-02 10:00,,,To learn,2,Alone,Maybe
"""  # fmt: skip


def test_a_forms_responses():
    found = read_signup_answers(table(FORM), "x.csv")
    assert set(found.columns) == {"why", "experience", "team", "would_use"}
    assert list(found.nameless) == [5]
    ada, kim = found.answers.values()
    assert ada == {"why": "product", "experience": "some", "team": "alone", "would_use": "yes"}
    assert kim == {"why": "prizes", "experience": "more", "team": "team", "would_use": "no"}


def test_the_third_question_is_read_for_both_its_halves():
    asked = "Do you come alone or in a team, and would you use our API?"
    text = f'Email,"{asked}"\nada@example.org,"Alone, and might use our API"\n'
    found = read_signup_answers(table(text), "x.csv")
    assert found.columns == {"would_use": asked.lower(), "team": asked.lower()}
    assert found.answers["ada@example.org"] == {"would_use": "maybe", "team": "alone"}


def test_a_column_for_each_choice_is_read():
    text = (
        "Email,Why are you here?,Why are you here? (To learn something new),Why are you here? (For the prizes)\n"
        "ada@example.org,,true,true\nkim@example.org,,FALSE,true\n"
    )
    for header in (text, text.replace("Why are you here?,", "", 1).replace(".org,,", ".org,")):
        found = read_signup_answers(table(header), "x.csv")
        assert [told["why"] for told in found.answers.values()] == ["learn prizes", "prizes"]


@pytest.mark.parametrize("text", ["Email,Name\nada@example.org,Ada\n", "x", "{}", ""])
def test_a_file_without_the_questions_is_said(text):
    with pytest.raises(UnreadableError, match="holds none of the questions"):
        read_signup_answers(table(text or " "), "x.csv")


@pytest.mark.parametrize(
    "text", ["Full name,Email\nAda,ada@example.org\n", "title,link,clicks\nA,https://x.example,3\n"]
)
def test_people_and_links_are_no_projects(text):
    with pytest.raises(UnreadableError, match="no column with"):
        read_projects(table(text), "x.csv")


@pytest.mark.parametrize(
    "title", ["What did you build?", "Projekt", "Name of the project *", "Entry"]
)
def test_titles_are_known_by_other_words(title):
    (project,) = read_projects(table(f"Team name,{title}\nRed,A tide table\n"), "x.csv").rows
    assert project.title == "A tide table"


def test_a_sheet_with_a_column_for_each_criterion_or_judge():
    wide = 'Judge,Project,Idea,Craft,Comment,Conflict\nAmal,Tide,4/5,3,nice,\nAmal,Bus,"2,5",,x,\nBritt,Tide,5,5,,former boss\n'
    found = read_ballots(wide, "x.csv")
    assert [(s.judge, s.project, s.criterion, s.value) for s in found.scores] == [
        ("Amal", "Tide", "Idea", 4), ("Amal", "Tide", "Craft", 3), ("Amal", "Bus", "Idea", 2.5),
    ]  # fmt: skip
    assert "2 scores of a judge with a conflict (row 4)." in found.remarks
    assert found.columns == ("Idea", "Craft")
    judges = read_ballots("Project,Amal,Britt\nTide,4,5\nBus,2,\n", "x.csv")
    assert [(s.judge, s.project, s.value) for s in judges.scores] == [
        ("Amal", "Tide", 4), ("Britt", "Tide", 5), ("Amal", "Bus", 2),
    ]  # fmt: skip


def test_a_column_without_a_name_and_one_of_tables_are_no_ballots():
    pandas = ",judge,project,score\n0,Amal,Tide,4\n1,Amal,Bus,3\n2,Britt,Tide,5\n"
    assert len(read_ballots(pandas, "x.csv").scores) == 3
    tables = read_ballots("Project,Table,Amal,Britt\nTide,12,4,5\nBus,7,2,3\n", "x.csv")
    assert {score.judge for score in tables.scores} == {"Amal", "Britt"}


def test_ballots_of_a_judge_with_a_conflict_are_left_out():
    text = "judge,project,score,conflict of interest\nAmal,A,3,\nAmal,B,5,yes\nBritt,B,4,no\n"
    found = read_ballots(text, "x.csv")
    assert [(s.judge, s.project) for s in found.scores] == [("Amal", "A"), ("Britt", "B")]
    assert found.remarks == ["1 row of a judge with a conflict (row 3)."]
