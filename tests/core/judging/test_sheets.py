"""What each project is told."""

import pytest

from almanac.core.judging.pairs import by_pairs
from almanac.core.judging.score import Score
from almanac.core.judging.scores import by_scores
from almanac.core.judging.sheets import pair_sheets, score_sheets, vote_sheets
from almanac.core.judging.votes import by_votes


def test_scores_are_corrected_for_severity_and_stand_beside_the_field():
    scores = [
        Score(judge, project, merit + leniency + (number % 2) * 0.2, criterion)
        for judge, leniency in (("Amal", 1.0), ("Britt", -1.0), ("Chen", 0.0))
        for project, merit in (("A", 4.0), ("B", 3.0), ("C", 2.0))
        for number, criterion in enumerate(("idea", "craft"))
        if not (judge == "Britt" and project == "A")
    ]
    found = by_scores(scores, ["A", "B", "C"])
    sheets = {sheet.project: sheet for sheet in score_sheets(scores, found)}
    a = sheets["A"]
    assert (a.judges, a.ballots, a.of) == (2, 4, 3)
    idea = next(each for each in a.criteria if each.criterion == "idea")
    # Amal and Chen gave 5 and 4; on one level that is near 4.
    assert idea.score == pytest.approx(4.0, abs=0.3)
    assert idea.field == pytest.approx(3.0, abs=0.3)
    assert idea.judges == 2
    assert sheets["C"].chance_first < 0.05
    assert [sheet.place for sheet in score_sheets(scores, found)] == sorted(
        sheet.place for sheet in sheets.values()
    )


def test_comparisons_and_votes_are_counted():
    pairs = [("x", 0, 1), ("x", 0, 2), ("y", 1, 2), ("y", 2, 1)]
    sheets = {s.project: s for s in pair_sheets("ABC", pairs, by_pairs(list("ABC"), pairs))}
    assert (sheets["A"].won, sheets["A"].lost, sheets["A"].judges) == (2, 0, 1)
    assert (sheets["C"].won, sheets["C"].lost, sheets["C"].judges) == (1, 2, 2)
    votes = [("x", 0), ("x", 0), ("y", 0), ("y", 1)]
    told = {s.project: s for s in vote_sheets("ABC", votes, by_votes(list("ABC"), votes))}
    assert (told["A"].votes, told["A"].voters) == (2, 2)
    assert told["C"].votes == 0


def test_a_shared_group_shares_its_places():
    scores = [Score("x", name, 3.0) for name in "ABCD"]
    found = by_scores(scores, list("ABCD"))
    assert {(sheet.place, sheet.to) for sheet in score_sheets(scores, found)} == {(1, 4)}
