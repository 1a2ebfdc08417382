"""Ballots as people keep them: forms, sheets, lists of choices, workbooks, other words for the columns."""

import io
import zipfile
from itertools import pairwise

import pytest

from almanac.sources.base.documents import Document
from almanac.sources.base.reading import documents_in
from almanac.sources.base.rows import UnreadableError
from almanac.sources.tables.ballots_table import ballots_text, read_ballots

XLSX = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="Ballots" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(*rows):
    cells = "".join(
        f'<row r="{line}">'
        + "".join(
            f'<c r="{"ABC"[at]}{line}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for at, cell in enumerate(row)
        )
        + "</row>"
        for line, row in enumerate(rows, start=1)
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in XLSX.items():
            archive.writestr(name, content)
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            f"{cells}</sheetData></worksheet>",
        )
    return packed.getvalue()


def scores(text):
    return [
        (each.judge, each.project, each.criterion, each.value)
        for each in read_ballots(text, "x").scores
    ]


@pytest.mark.parametrize(
    "header",
    [
        "judge,project,score",
        "Judge name,Project title,Score (1-5)",
        "Juror,Projekt,Punkte",
        "Reviewer's name,Name of the submission,Rating",
        "Your name,Which project are you judging?,Points*",
        "Email Address,Project,Stars",
        "Judge,Team,Score",
    ],
)
def test_columns_are_known_by_other_words(header):
    assert scores(f"{header}\nAda,One,5\n") == [("Ada", "One", "", 5)]


def test_a_form_with_a_question_for_each_criterion():
    text = (
        "Timestamp,Judge name,Project name,Idea [1-5],Craft (1-5),Comments\n"
        "2026-01-01,Ada,One,5,4,12\n2026-01-01,Ada,Two,3,,no\n"
    )
    found = read_ballots(text, "x")
    assert [(each.criterion, each.value) for each in found.scores] == [
        ("Idea", 5), ("Craft", 4), ("Idea", 3),
    ]  # fmt: skip
    assert found.columns == ("Idea", "Craft")
    assert found.remarks == ["1 score that is empty (row 3)."]


def test_judges_may_be_called_as_a_column_is():
    assert {row[0] for row in scores("Project,Mark,Will\nOne,5,4\nTwo,3,1\n")} == {"Mark", "Will"}


@pytest.mark.parametrize(
    "text",
    [
        "Voter,Projects\nv,One; Two\nw,Two\n",
        'Voter name,Votes\nv,"One, Two"\nw,Two\n',
        "Voter,Choice 1,Choice 2\nv,One,Two\nw,Two,\n",
    ],
)
def test_choices_in_one_cell_or_in_several_columns(text):
    found = read_ballots(text, "x")
    assert found.projects == ["One", "Two"]
    assert found.votes == [("v", 0), ("v", 1), ("w", 1)]


def test_names_with_commas_in_columns_of_their_own_stay_whole():
    found = read_ballots('Voter,Choice 1,Choice 2\nv,"Atlas, the map",Two\n', "x")
    assert found.projects == ["Atlas, the map", "Two"]


@pytest.mark.parametrize(
    ("header", "won"),
    [
        ("left,right", "left"),
        ("Project A,Project B", "A"),
        ("Option 1,Option 2", "1"),
        ("a,b", "one"),
    ],
)
def test_two_projects_and_which_won(header, won):
    text = f"Judge,{header},Winner\nx,One,Two,{won}\nx,One,Two,tie\n"
    found = read_ballots(text, "x")
    assert [(found.projects[pair[1]], found.projects[pair[2]]) for pair in found.pairs] == [
        ("One", "Two")
    ]
    assert found.remarks == ["1 row without winner or loser (row 3)."]


def test_a_workbook_is_read_as_its_first_sheet():
    data = workbook(("Judge", "Project", "Score"), ("Ada", "Tide, table", "5"))
    (sheet,) = documents_in("b.xlsx", data)
    assert scores(ballots_text(sheet)) == [("Ada", "Tide, table", "", 5)]


def test_scores_beyond_all_measure_and_totals_are_refused():
    with pytest.raises(UnreadableError, match="above a million"):
        read_ballots("judge,project,score\nAda,A,1e308\n", "x")
    with pytest.raises(UnreadableError, match="It has project, votes"):
        read_ballots("Project,Votes\n", "x")
    with pytest.raises(UnreadableError, match="It has none"):
        read_ballots("", "x")


ORDERED = "Alpha", "Beta", "Gamma"


def by_judge(name, *extra):
    """Three judges who put Alpha before Beta before Gamma, with columns that are no judge's."""
    columns = ["Project", "Anna", "Ben", "Cy", *(key for key, *_ in extra)]
    rows = [("Alpha", "5", "4", "5"), ("Beta", "3", "3", "2"), ("Gamma", "1", "2", "1")]
    lines = [[*row, *(values[at] for _, *values in extra)] for at, row in enumerate(rows)]
    return "\n".join(",".join(line) for line in (columns, *lines)) + f"\n{name}"


@pytest.mark.parametrize(
    "column",
    [
        ("Total score", "14", "8", "4"), ("Summe", "14", "8", "4"), ("Gesamtpunkte", "14", "8", "4"),
        ("Moyenne", "4.67", "2.67", "1.33"), ("Ø", "4.67", "2.67", "1.33"), ("Mean score", "4.7", "2.7", "1.3"),
        ("Zusammen", "14", "8", "4"), ("Final", "1", "5", "9"), ("Rank", "1", "2", "3"), ("Classement", "1", "2", "3"),
        ("Votes", "1", "30", "99"), ("Table no.", "1", "5", "9"), ("Team ID", "1", "5", "9"), ("Phone", "123", "456", "789"),
        ("Comments Anna", "1", "5", "9"), ("Team size", "1", "5", "9"),
    ],
)  # fmt: skip
def test_columns_that_are_no_judge_are_none(column):
    found = read_ballots(by_judge("", column), "x")
    assert found.columns == ("Anna", "Ben", "Cy")


@pytest.mark.parametrize(
    "row",
    [
        "Average,3,3,2.7",
        "TOTAL,9,9,8",
        "Total:,9,9,8",
        "Durchschnitt,3,3,2.7",
        "Ø,3,3,2.7",
        "Mean score,3,3,3",
    ],
)
def test_rows_of_totals_are_no_project_and_named(row):
    found = read_ballots(by_judge(row), "x")
    assert tuple(found.projects) == ORDERED
    assert found.remarks == ["1 row (row 5) of totals or averages left out."]


def test_a_judge_called_average_is_none_and_one_called_max_is():
    found = read_ballots("judge,project,score\nMax,A,5\nAverage,A,5\nMax,B,2\nAverage,B,2\n", "x")
    assert {score.judge for score in found.scores} == {"Max"}


@pytest.mark.parametrize(
    "text",
    [
        "Judge,Project,Ranking\nA,Alpha,1\nA,Beta,2\nA,Gamma,3\n",
        "Judge,Project,Rank\nA,Alpha,1\nA,Beta,2\nA,Gamma,3\n",
        "Judge,Project,Points (1 = best)\nA,Alpha,1\nA,Beta,2\nA,Gamma,3\n",
        "Project,Place Anna,Place Ben\nAlpha,1,1\nBeta,2,2\nGamma,3,3\n",
        "Project,Anna rank,Ben rank\nAlpha,1,1\nBeta,2,2\nGamma,3,3\n",
        "Judge,Project,Idea rank,Craft rank\nA,Alpha,1,1\nA,Beta,2,2\nA,Gamma,3,3\n",
        "Voter,Project,Rank\nA,Alpha,1\nA,Beta,2\nA,Gamma,3\n",
        "Jury;Projekt;Note\nA;Alpha;1,3\nA;Beta;2\nA;Gamma;3,7\n",
        "Judge,1st,2nd,3rd\nA,Alpha,Beta,Gamma\n",
        "Voter,First choice,Second choice,Third choice\nA,Alpha,Beta,Gamma\nB,Alpha,Beta,\n",
        "Judge,Alpha,Beta,Gamma\nA,5,3,1\nB,4,3,2\n",
        "Awards night 2026,,\n,,\nTeam / Project,A,B\nAlpha,5,4\nBeta,3,3\nGamma,1,2\n",
        "sep=;\nJudge;Project;Score\nA;Alpha;7,5\nA;Beta;6,5\nA;Gamma;6\n",
        "Judge,Project,Score\nA,Alpha,★★★\nA,Beta,★★☆\nA,Gamma,★☆☆\n",
        "Judge,Project,Score\nA,Alpha,5 - Excellent\nA,Beta,4 (good)\nA,Gamma,3 points\n",
        "Judge,Project,Score\nA,Alpha,Strongly agree\nA,Beta,Agree\nA,Gamma,Neutral\n",
        'Judge,Project,Score\nA,Alpha,"1,050"\nA,Beta,980\nA,Gamma,940\n',
        "Judge,Project,Score\nA,Alpha,10/10\nA,Beta,60/100\nA,Gamma,50/100\n",
        "Judge,Project,Score\nA,Alpha,90 %\nA,Beta,80 %\nA,Gamma,70 %\n",
    ],
)
def test_what_people_write_is_in_the_order_they_mean(text):
    found = read_ballots(text, "x")
    most = {
        name: [score.value for score in found.scores if score.project == name] for name in ORDERED
    }
    assert all(
        one > other
        for first, second in pairwise(ORDERED)
        for one, other in zip(most[first], most[second], strict=True)
    )


def test_one_name_in_several_spellings_is_one():
    found = read_ballots(
        'judge,project,score\nAnna,Alpha,5\nanna,"beta ",3\nBen,ALPHA,4\nBen,Beta,"2"\n', "x"
    )
    assert (found.projects, {each.judge for each in found.scores}) == (
        ["Alpha", "beta"],
        {"Anna", "Ben"},
    )
    votes = read_ballots("voter,project\nAnna,A\nanna ,A\nANNA,A\nBen,B\n", "x")
    assert len(set(votes.votes)) == 2
    assert read_ballots('judge,project,score\nA,"Tide\ntable",5\n', "x").projects == ["Tide table"]


@pytest.mark.parametrize("cell", ["No conflict", "N/A", "none known", "-", "", "nein", "Aucun"])
def test_no_conflict_in_many_words(cell):
    text = f"judge,project,score,conflict\nA,One,5,{cell}\nA,Two,3,my own team\n"
    assert scores(text) == [("A", "One", "", 5)]


def test_weights_and_the_criteria_of_nobody_are_said():
    weighted = "Judge,Project,Idea (40%),Craft (60%)\nA,One,5,4\n"
    assert "Weights were not used" in read_ballots(weighted, "x").remarks[-1]
    alone = read_ballots("Project,Idea,Tech,Pitch\nOne,5,4,3\nTwo,1,2,3\n", "x")
    assert {each.judge for each in alone.scores} == {"the judges"}
    assert "No judge is named" in alone.remarks[0]


def sheet(name, *rows):
    return Document(name, b"P", tuple(rows))


def test_a_sheet_for_each_judge_is_read_whole():
    header = ("Project", "Idea", "Tech")
    sheets = (
        sheet("b.xlsx/Anna", header, ("Alpha", "5", "4"), ("Beta", "3", "2")),
        sheet("b.xlsx/Ben", header, ("Alpha", "1", "2"), ("Beta", "5", "5")),
    )
    found = scores(ballots_text(*sheets))
    assert {row[0] for row in found} == {"Anna", "Ben"}
    assert len(found) == 8


def test_a_sheet_before_the_ballots_is_passed_over():
    sheets = (
        sheet("b.xlsx/Info", ("Hackathon", "2026"), ("Place", "Hall")),
        sheet("b.xlsx/Scores", ("Judge", "Project", "Score"), ("Ada", "One", "5")),
    )
    assert scores(ballots_text(*sheets)) == [("Ada", "One", "", 5)]
