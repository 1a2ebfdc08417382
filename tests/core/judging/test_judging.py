"""Judging, against choix, by simulation, and in everyday cases."""

import choix
import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from almanac.core.judging.pairs import bradley_terry, by_pairs
from almanac.core.judging.score import Score
from almanac.core.judging.scores import by_scores
from almanac.core.judging.votes import by_votes


@pytest.mark.parametrize("number", [3, 10, 40])
@pytest.mark.parametrize("penalty", [0.0, 0.1])
def test_bradley_terry_equals_choix(number, penalty):
    # Everybody has won and lost against everybody, so that there is a likeliest answer.
    random = np.random.default_rng(number)
    pairs = [
        pair for one in range(number) for two in range(number) if one != two
        for pair in [(one, two)] * int(random.integers(1, 7))
    ]  # fmt: skip
    theirs = choix.opt_pairwise(number, pairs, alpha=penalty, method="Newton-CG", tol=1e-12)
    winner, loser = np.array(pairs).T
    ours = bradley_terry(number, winner, loser, np.ones(len(pairs)), 2 * penalty)
    assert ours - ours.mean() == pytest.approx(theirs - theirs.mean(), abs=1e-6)


def panel(random, projects, judges, *, noise=0.7, severity=0.5, careless=0.1, seen=None):
    """Scores of 1 to 5: merits, severities, and some judges who score anything."""
    merits = random.standard_normal(projects)
    lenient = severity * random.standard_normal(judges)
    wild = random.random(judges) < careless
    scores = []
    for judge in range(judges):
        for project in random.permutation(projects)[: seen or projects]:
            value = merits[project] + lenient[judge] + noise * random.standard_normal()
            value = random.uniform(-2, 2) if wild[judge] else value
            scores.append(Score(f"J{judge}", f"P{project}", float(np.clip(round(3 + value), 1, 5))))
    return scores, [f"P{n}" for n in range(projects)], f"P{merits.argmax()}"


def by_weighting(table, number=1_000_000):
    """Chances to be first by drawing everything from its prior and weighting each draw by its likelihood:
    slow, and independent of the sampler."""
    random = np.random.default_rng(1)
    values, counts = np.unique(table, return_counts=True)
    cuts = np.array([-np.inf, *ndtri(np.cumsum(counts)[:-1] / table.size), np.inf])
    at = np.searchsorted(values, table)
    merits = random.standard_normal((number, table.shape[1]))
    merits *= np.sqrt(3 * 0.3 / random.chisquare(3, number))[:, None]
    severity = np.sqrt(3 * 0.1 / random.chisquare(3, number))
    common, weight = random.exponential(1, number), np.ones(number)
    for row in at:
        noise = np.sqrt(3 * common / random.chisquare(3, number))
        lenient = severity * random.standard_normal(number)
        for project, place in enumerate(row):
            expected = merits[:, project] + lenient
            weight *= ndtr((cuts[place + 1] - expected) / noise) - ndtr(
                (cuts[place] - expected) / noise
            )
    return np.bincount(merits.argmax(axis=1), weight, table.shape[1]) / weight.sum()


@pytest.mark.parametrize(
    "table",
    [
        [[5, 4, 2], [4, 4, 1]],
        [[9, 7, 7, 3], [8, 8, 5, 4]],
        [[5, 3, 1], [1, 2, 5], [4, 3, 2]],
        [[10, 10, 9, 10], [10, 9, 10, 2]],
    ],
)
def test_ordered_scores_agree_with_an_independent_computation(table):
    table = np.array(table, float)
    judges, projects = table.shape
    scores = [Score(f"J{j}", f"P{p}", table[j, p]) for j in range(judges) for p in range(projects)]
    names = [f"P{p}" for p in range(projects)]
    chance = {each.project: each.chance_first for each in by_scores(scores, names).placed}
    expected = by_weighting(table)
    assert [chance[name] for name in names] == pytest.approx(expected, abs=0.04)


def test_only_the_order_of_scores_counts():
    """The same scores with a wider gap below, or in other units, say the same."""
    random = np.random.default_rng(4)
    scores, names, _ = panel(random, 12, 4)
    stretched = {1.0: -40.0, 2.0: 2.0, 3.0: 3.0, 4.0: 400.0, 5.0: 900.0}
    others = [Score(s.judge, s.project, stretched[s.value]) for s in scores]
    assert by_scores(scores, names).groups == by_scores(others, names).groups


@pytest.mark.parametrize(
    ("centre", "low", "high", "most"), [(3.2, 1, 5, 6), (6, 1, 10, 5), (70, 0, 100, 5)]
)
def test_two_of_five_judges_hold_who_wins_with_all_five(centre, low, high, most):
    """In a first group of a quarter of the field; of five classes, where many are equal, in a little more."""
    random, held, sizes = np.random.default_rng(7), 0, []
    for trial in range(40):
        merits = random.standard_normal(20)
        rows = [
            np.clip(np.round(centre + (high - low) / 5 * (merits + 0.7 * random.standard_normal(20))), low, high)
            for _ in range(5)
        ]  # fmt: skip
        means = np.mean(rows, axis=0)
        scores = [Score(f"J{j}", f"P{p}", rows[j][p]) for j in (0, 1) for p in range(20)]
        first = by_scores(scores, [f"P{n}" for n in range(20)], seed=trial).groups[0]
        held += bool(set(first) & {f"P{n}" for n in np.flatnonzero(means == means.max())})
        sizes.append(len(first))
    assert held >= 40 * 0.95
    assert np.median(sizes) <= most


@pytest.mark.parametrize(
    ("projects", "judges", "seen"), [(10, 3, None), (20, 5, None), (40, 12, 15)]
)
def test_the_best_is_in_the_first_group_as_often_as_is_said(projects, judges, seen):
    random, held, sizes = np.random.default_rng(projects), 0, []
    for trial in range(60):
        scores, names, best = panel(random, projects, judges, seen=seen)
        first = by_scores(scores, names, seed=trial).groups[0]
        held += best in first
        sizes.append(len(first))
    assert held >= 60 * 0.91
    # Three judges of ten projects tell little apart.
    assert np.median(sizes) <= max(4, projects / 4)


def test_one_lenient_and_one_wild_judge_do_not_decide():
    """The friend of the last project gives it 5 and everybody 1; another gives 5 to all they see."""
    random = np.random.default_rng(5)
    for trial in range(10):
        names = [f"P{n}" for n in range(8)]
        merits = np.linspace(2, -2, 8)
        scores = [
            Score(f"J{judge}", name, float(np.clip(round(3 + merits[n] + 0.4 * random.standard_normal()), 1, 5)))
            for judge in range(4) for n, name in enumerate(names)
        ]  # fmt: skip
        scores += [Score("Friend", name, 5.0 if name == "P7" else 1.0) for name in names]
        scores += [Score("Kind", name, 5.0) for name in names[4:]]
        found = by_scores(scores, names, seed=trial)
        assert "P0" in found.groups[0]
        assert "P7" not in found.groups[0]
        noise = {each.judge: each.noise for each in found.judges}
        assert noise["Friend"] == max(noise.values())
        assert next(each.severity for each in found.judges if each.judge == "Kind") < 0


def test_missing_ballots_do_not_cost_anybody_their_place():
    scores = [Score(f"J{n}", name, value) for n in range(6) for name, value in (("A", 5), ("B", 3), ("C", 1))
              if not (name == "A" and n > 2)]  # fmt: skip
    assert by_scores(scores, ["A", "B", "C"]).groups[0] == ["A"]


@pytest.mark.parametrize("voters", [50, 200, 1000])
def test_votes_hold_the_true_winner(voters):
    random, held, sizes = np.random.default_rng(voters), 0, []
    for trial in range(80):
        shares = random.beta(2, 6, 12)
        votes = [
            (f"V{v}", p) for v in range(voters) for p in np.flatnonzero(random.random(12) < shares)
        ]
        first = by_votes([f"P{n}" for n in range(12)], votes, seed=trial).groups[0]
        held += f"P{shares.argmax()}" in first
        sizes.append(len(first))
    assert held >= 80 * 0.91
    assert np.median(sizes) <= 3


def test_comparisons_say_how_many_more_would_decide():
    close = [("J", 0, 1)] * 12 + [("J", 1, 0)] * 8 + [("J", 0, 2), ("J", 1, 2)] * 9
    found = by_pairs(["A", "B", "C"], close)
    assert found.groups[0] == ["A", "B"]
    assert 5 < found.more < 400
    clear = by_pairs(["A", "B", "C"], [("J", 0, 1)] * 20 + [("J", 0, 2)] * 20 + [("J", 1, 2)] * 20)
    assert (clear.groups, clear.more) == ([["A"], ["B"], ["C"]], None)


def test_everyday_cases_outside_of_it():
    one = by_scores([Score("J", "A", 3.0)], ["A"])
    assert (one.groups, one.placed[0].chance_first) == ([["A"]], 1.0)
    assert one.judges[0].severity is None
    ties = by_scores(
        [Score(f"J{n}", name, 3.0) for n in range(5) for name in "ABC"], ["A", "B", "C"]
    )
    assert [sorted(group) for group in ties.groups] == [["A", "B", "C"]]
    unseen = by_scores([Score("J", "A", 5.0), Score("K", "A", 5.0)], ["A", "B"])
    assert [sorted(group) for group in unseen.groups] == [["A", "B"]]
    assert len(by_scores([], ["A", "B"]).placed) == 2
    assert by_votes(["A", "B"], [("V", 0), ("V", 0)]).groups == [["A", "B"]]
    assert by_scores([], []).placed == ()


def test_the_same_ballots_give_the_same_result():
    scores, names, _ = panel(np.random.default_rng(3), 12, 4)
    assert by_scores(scores, names) == by_scores(scores, names)


def share_held(trial, number=40):
    """How often the best is in the first group; the chance given to it, and what that should be."""
    rows = np.array([trial(np.random.default_rng(seed), seed) for seed in range(number)], float)
    return rows.mean(axis=0)


def told(found, best):
    chances = {each.project: each.chance_first for each in found.placed}
    return best in found.groups[0], chances[best], sum(chance**2 for chance in chances.values())


def test_criteria_that_hang_together_are_no_further_judges():
    def trial(random, seed):
        merits = random.standard_normal(15)
        impressions = random.normal(0, 0.9, (5, 15))
        scores = [
            Score(f"J{j}", f"P{p}", round(3 + merits[p] + impressions[j, p] + random.normal(0, 0.4)), c)
            for j in range(5) for p in range(15) for c in ("idea", "craft", "use", "pitch")
        ]  # fmt: skip
        names = [f"P{n}" for n in range(15)]
        return told(by_scores(scores, names, seed=seed), f"P{merits.argmax()}")

    held, given, expected = share_held(trial, 30)
    assert held >= 0.87
    assert given > expected - 0.1


def test_a_close_field_is_not_decided_by_few_comparisons():
    def trial(random, seed):
        merits = random.normal(0, 0.4, 20)
        made = []
        for _ in range(120):
            one, other = map(int, random.choice(20, 2, replace=False))
            won = random.random() < 1 / (1 + np.exp(merits[other] - merits[one]))
            made.append((f"J{random.integers(6)}", one if won else other, other if won else one))
        names = [f"P{n}" for n in range(20)]
        return told(by_pairs(names, made, seed=seed), f"P{merits.argmax()}")

    held, given, expected = share_held(trial)
    assert held >= 0.88
    assert given > expected - 0.06


def test_a_judge_who_reverses_everything_does_not_decide():
    random, held = np.random.default_rng(3), 0
    for trial in range(20):
        merits = np.append(2.0, random.normal(0, 0.6, 9))
        made = []
        for _ in range(150):
            one, other = map(int, random.choice(10, 2, replace=False))
            judge = int(random.integers(4))
            chance = 1 / (1 + np.exp(merits[other] - merits[one]))
            won = random.random() < (1 - chance if judge == 0 else chance)
            made.append((f"J{judge}", one if won else other, other if won else one))
        found = by_pairs([f"P{n}" for n in range(10)], made, seed=trial)
        held += "P0" in found.groups[0]
    assert held >= 19


def test_the_luckiest_of_many_with_few_votes_is_drawn_towards_the_others():
    def trial(random, seed):
        shares = np.clip(random.normal(0.06, 0.012, 60), 0.01, 1)
        votes = [(f"V{v}", p) for v in range(50) for p in range(60) if random.random() < shares[p]]
        names = [f"P{n}" for n in range(60)]
        return told(by_votes(names, votes, seed=seed), f"P{shares.argmax()}")

    held, given, expected = share_held(trial, 60)
    assert held >= 0.88
    assert given > expected - 0.05


TEAMS = ("Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore")
WON = (
    (0, 7, 9, 7, 7, 9, 11), (6, 0, 7, 5, 11, 9, 9), (4, 6, 0, 7, 7, 8, 12), (6, 8, 6, 0, 6, 7, 10),
    (6, 2, 6, 7, 0, 7, 12), (4, 4, 5, 6, 6, 0, 6), (2, 4, 1, 3, 1, 7, 0),
)  # fmt: skip
PUBLISHED = (1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839, 0.0)


def test_bradley_terry_gives_the_published_estimates():
    """American League East, 1987: Agresti (2002), Categorical Data Analysis, 10.6; estimates as the
    BradleyTerry2 vignette prints them, beside Baltimore."""
    pairs = np.array(
        [(one, two) for one in range(7) for two in range(7) for _ in range(WON[one][two])]
    )
    found = bradley_terry(7, pairs[:, 0], pairs[:, 1], np.ones(len(pairs)), 0.0)
    assert found - found[TEAMS.index("Baltimore")] == pytest.approx(PUBLISHED, abs=5e-5)
