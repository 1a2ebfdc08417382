"""Ballots as people keep them: forms, sheets, lists of choices, workbooks, other words for the columns."""

import io
import zipfile

import pytest

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
    assert found.remarks == ["1 row without a score."]


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
