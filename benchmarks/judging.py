"""Judging, by simulation: how often the truly best is in the first group, how large that group is, and
whether its chance to be first is what it says.

    .venv/bin/python benchmarks/judging.py [TRIALS]

Merits are normal. Judges differ in leniency by half of that, score with noise as large as the merits' spread,
and one in ten scores, compares or votes at random. `given` is the chance stated for the best; `expected`
what it would be if every stated chance were right. Of panels of five, two are taken: is who has the highest mean
of all five in the first group of the two? And one judge of a panel reverses, scores anything, has a friend, uses
the whole scale or is very lenient.
"""

import sys
import time
from multiprocessing import Pool

import numpy as np

from almanac.core.judging.pairs import by_pairs
from almanac.core.judging.score import Score
from almanac.core.judging.scores import by_scores
from almanac.core.judging.votes import by_votes

CARELESS = 0.1
SCORES = {
    "scores, 10 projects, 3 judges": (10, 3, 1.0, 1, 0.0),
    "scores, 30 projects, 10 judges see 40 %": (30, 10, 0.4, 1, 0.0),
    "the same, 4 criteria apart": (30, 10, 0.4, 4, 0.0),
    "the same, 4 criteria that hang together": (30, 10, 0.4, 4, 0.8),
    "scores, 60 projects, 20 judges see 20 %, 4 criteria": (60, 20, 0.2, 4, 0.5),
}
SCALES = {
    "1 to 5": (1, 5, 3.2, 0.9),
    "1 to 5, where most is good": (1, 5, 4.2, 0.9),
    "1 to 10": (1, 10, 6.0, 1.7),
    "1 to 10, where most is good": (1, 10, 8.5, 1.7),
    "0 to 100": (0, 100, 70.0, 15.0),
}
OUTLYING = {
    f"one of {judges} {kind}, {number} projects": (number, judges, kind)
    for kind in (
        "reverses",
        "scores anything",
        "has a friend",
        "uses the whole scale",
        "is lenient",
    )
    for number, judges in ((10, 3), (20, 5), (30, 10))
}
PAIRS = {
    "pairs, 30 projects apart, 10 each": (30, 10, 10, 1.5, 0.0),
    "pairs, 30 projects close, 15 each": (30, 10, 15, 0.5, 0.0),
    "pairs, 60 projects close, 20 each": (60, 20, 20, 0.5, 0.0),
    "pairs, 20 projects, a third by one who reverses": (20, 3, 20, 1.0, 0.33),
}
VOTES = {
    f"votes, {voters:,} voters, {n} projects, each sees {sees}": (n, voters, sees)
    for voters in (50, 200, 1000)
    for n, sees in ((30, 30), (30, 8), (60, 8))
}


def outcome(found, best):
    chances = {each.project: each.chance_first for each in found.placed}
    first = found.groups[0]
    return best in first, len(first), chances[best], sum(c * c for c in chances.values())


def names(number):
    return [str(place) for place in range(number)]


def score_trial(given):
    seed, number, judges, share, criteria, together = given
    rng = np.random.default_rng(seed)
    merits, scores = rng.standard_normal(number), []
    for judge, lenient in enumerate(rng.normal(0, 0.5, judges)):
        careless = rng.random() < CARELESS
        for project in range(number):
            if rng.random() > share:
                continue
            impression = rng.normal(0, np.sqrt(together))
            for criterion in range(criteria):
                value = merits[project] + lenient + impression
                value += rng.normal(0, np.sqrt(1 - together))
                value = rng.integers(1, 6) if careless else np.clip(round(3.3 + 0.8 * value), 1, 5)
                scores.append(Score(str(judge), str(project), float(value), str(criterion)))
    return outcome(by_scores(scores, names(number), seed=seed), str(merits.argmax()))


def panel(rng, merits, judges, scale):
    """A row a judge, each using the scale a little more or less than others."""
    low, high, centre, deviation = scale
    rows = []
    for lenient in rng.normal(0, 0.5, judges):
        seen = merits + 0.7 * rng.standard_normal(len(merits))
        seen = rng.standard_normal(len(merits)) if rng.random() < CARELESS / 2 else seen
        seen = np.exp(rng.normal(0, 0.2)) * seen + lenient
        rows.append(np.clip(np.round(centre + deviation * seen), low, high))
    return np.array(rows)


def scored(rows, judges, seed):
    number = rows.shape[1]
    scores = [Score(str(j), str(p), float(rows[j, p])) for j in judges for p in range(number)]
    return by_scores(scores, names(number), seed=seed)


def two_of_five(given):
    seed, number, scale = given
    rng = np.random.default_rng(seed)
    rows = panel(rng, rng.standard_normal(number), 5, scale)
    means = rows.mean(axis=0)
    winners = {str(place) for place in np.flatnonzero(means == means.max())}
    first = scored(rows, rng.choice(5, 2, replace=False), seed).groups[0]
    return bool(winners & set(first)), len(first) / number


def outlying(given):
    seed, number, judges, kind = given
    rng = np.random.default_rng(seed)
    merits = rng.standard_normal(number)
    rows = panel(rng, merits, judges, (1, 10, 5.5, 1.5))
    seen = merits + 0.7 * rng.standard_normal(number)
    friend = np.where(np.arange(number) == rng.integers(number), 3.0, -2.0)
    rows[0] = {
        "reverses": 5.5 - 1.5 * seen,
        "scores anything": rng.integers(1, 11, number),
        "has a friend": 5.5 + 1.5 * friend,
        "uses the whole scale": 5.5 + 4.5 * seen,
        "is lenient": 9.0 + 1.5 * seen,
    }[kind]
    rows = np.clip(np.round(rows), 1, 10)
    return outcome(scored(rows, range(judges), seed), str(merits.argmax()))


def pair_trial(given):
    seed, number, judges, each, spread, reversed_share = given
    rng = np.random.default_rng(seed)
    merits, made = rng.normal(0, spread, number), []
    careless = rng.random(judges) < CARELESS
    for _ in range(number * each // 2):
        one, other = rng.choice(number, 2, replace=False)
        judge = int(rng.integers(judges))
        chance = 1 / (1 + np.exp(merits[other] - merits[one]))
        if rng.random() < reversed_share:
            judge, chance = judges, 1 - chance
        elif careless[judge]:
            chance = 0.5
        won = rng.random() < chance
        made.append((str(judge), int(one if won else other), int(other if won else one)))
    return outcome(by_pairs(names(number), made, seed=seed), str(merits.argmax()))


def vote_trial(given):
    seed, number, voters, sees = given
    rng = np.random.default_rng(seed)
    merits, made = rng.standard_normal(number), []
    for voter in range(voters):
        seen = rng.choice(number, sees, replace=False)
        liked = (merits[seen] if rng.random() > CARELESS else 0) + rng.gumbel(size=sees)
        chosen = seen[np.argsort(-liked)[: rng.integers(1, 6)]]
        made += [(str(voter), int(project)) for project in chosen]
    return outcome(by_votes(names(number), made, seed=seed), str(merits.argmax()))


def main():
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with Pool(2) as pool:
        for name, scale in SCALES.items():
            for number in (15, 30):
                rows = pool.map(two_of_five, [(seed, number, scale) for seed in range(trials)])
                held, share = np.array(rows, float).T
                print(
                    f"two of five, {name}, {number} projects: the first of five in the first group "
                    f"{held.mean():.3f}, group {np.median(share):.2f} of the field",
                    flush=True,
                )
        kinds = (
            (SCORES, score_trial),
            (OUTLYING, outlying),
            (PAIRS, pair_trial),
            (VOTES, vote_trial),
        )
        for settings, trial in kinds:
            for name, setting in settings.items():
                rows = pool.map(trial, [(seed, *setting) for seed in range(trials)])
                held, size, given, expected = np.array(rows, float).T
                print(
                    f"{name}: best in the first group {held.mean():.3f}, group {np.median(size):.0f} of "
                    f"{setting[0]}, chance given {given.mean():.2f}, expected {expected.mean():.2f}",
                    flush=True,
                )
    rng = np.random.default_rng(1)
    scores = [
        Score(str(j), str(p), float(rng.integers(1, 6))) for j in range(60) for p in range(200)
    ]
    began = time.perf_counter()
    by_scores(scores, names(200))
    print(f"200 projects, 60 judges, 12,000 scores: {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
