"""`almanac judge`."""

import json

import pytest

SCORES = "judge,project,score\n" + "".join(
    f"J{n},{name},{value}\n" for n in range(5) for name, value in (("Atlas, the map", 5), ("Bee", 3), ("Cat", 1))
)  # fmt: skip


@pytest.fixture
def judged(tmp_path, run):
    def call(text, *arguments, code=0):
        file = tmp_path / "ballots.csv"
        file.write_text(text.replace("Atlas, the map", '"Atlas, the map"'))
        return run("judge", str(file), *arguments, code=code)

    return call


def test_scores_with_a_name_that_has_a_comma(judged):
    found = json.loads(judged(SCORES, "--json"))
    assert found["order"] == ["Atlas, the map", "Bee", "Cat"]
    assert found["groups"] == [["Atlas, the map"], ["Bee"], ["Cat"]]
    assert found["chance_first"]["Atlas, the map"] > 0.95
    assert [each["judge"] for each in found["judges"]] == ["J0", "J1", "J2", "J3", "J4"]
    assert "First is clear: Atlas, the map." in judged(SCORES)


def test_what_is_left_out_is_named(judged):
    text = SCORES + "J9,Bee,99\nJ9,,3\nJ9,Bee,good\nJ0,Bee,4\nJ9,Cat,\n"
    found = json.loads(judged(text, "--scale", "1-5", "--json"))
    assert found["remarks"] == [
        "1 row with a score outside the scale (row 17).",
        "1 row without project (row 18).",
        "1 row whose score is not a number (row 19).",
        "1 row that the same judge scored again; the last score counts (row 20).",
        "1 row without a score (row 21).",
    ]


def test_comparisons_and_votes(judged):
    pairs = "judge,winner,loser\n" + "J,A,B\nJ,B,A\nK,A,C\nK,B,C\n" * 5
    found = json.loads(judged(pairs, "--json"))
    assert sorted(found["groups"][0]) == ["A", "B"]
    assert "can’t be told apart" in judged(pairs)
    votes = "voter,project\n" + "".join(f"V{n},A\n" for n in range(30)) + "V1,B\n"
    assert json.loads(judged(votes, "--json"))["groups"] == [["A"], ["B"]]


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        ("a,b\n1,2\n", (), "needs the columns judge, project, score"),
        ("judge,project,score\n", (), "holds no ballot"),
        ("judge,project,score\nJ,A,x\n", (), "whose score is not a number"),
        ("judge,winner,loser\nJ,A,A\n", (), "compared with itself"),
        (SCORES, ("--scale", "5"), "is not a scale"),
    ],
)
def test_a_bad_file_gets_one_sentence(judged, capsys, text, arguments, said):
    assert said in judged(text, *arguments, code=1)
