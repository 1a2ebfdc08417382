"""Views at the same age: extrapolated, against views so far and the average of earlier posts.

    .venv/bin/python benchmarks/growth.py [PACE.csv]

Simulated posts whose growth and size differ; and real cumulative curves, the sign-ups of R-Ladies
events since their announcement, forecast to 90 % of the way to the event.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import numpy as np

from almanac.core.metrics.growth import AtAge, Reading, at_age, read_at

PACE = (
    Path(sys.argv[1])
    if len(sys.argv) > 1
    else Path(__file__).parents[2] / "shared" / "data" / "rladies-signup-pace.csv"
)


def post(random: np.random.Generator) -> list[Reading]:
    total = float(np.exp(random.normal(7, 1)))
    life, shape = float(np.exp(random.normal(np.log(12), 0.5))), float(random.uniform(0.4, 0.9))
    ages = [1, 3, 7, 14, 30, 60, 90]
    return [
        Reading(a, float(random.poisson(total * (1 - np.exp(-((a / life) ** shape))))))
        for a in ages
    ]


def score(name: str, curves: list[list[Reading]], young: float, age: int) -> None:
    errors = defaultdict(list)
    inside = []
    for place, each in enumerate(curves):
        if place < 4:
            continue
        truth = read_at(each, age)
        told = [r for r in each if r.age <= young]
        if truth is None or not told or told[-1].age < young / 2:
            continue
        others = curves[:place]
        found = at_age(told, others, age)
        if not isinstance(found, AtAge):
            continue
        levels = [v for o in others if (v := read_at(o, age)) is not None]
        truth_log = np.log1p(truth)
        errors["ours"].append(abs(np.log1p(found.views) - truth_log))
        errors["views so far"].append(abs(np.log1p(told[-1].views) - truth_log))
        errors["average of earlier posts"].append(abs(np.log1p(np.mean(levels)) - truth_log))
        inside.append(found.low <= truth <= found.high)
    shown = ", ".join(f"{k} {np.mean(v):.3f}" for k, v in errors.items())
    print(
        f"{name}, from day {young} to {age}: {len(inside)} posts; mean error in logs: {shown}; 80 % range held {np.mean(inside):.3f}"
    )


def real() -> list[list[Reading]]:
    by = defaultdict(list)
    starts = {}
    with PACE.open() as file:
        for row in csv.DictReader(file):
            key = row["program"], row["event_id"]
            starts[key] = datetime.fromisoformat(row["starts_at"])
            by[key].append((datetime.fromisoformat(row["observed_at"]), float(row["signups"])))
    curves = []
    for key, seen in sorted(by.items(), key=lambda item: starts[item[0]]):
        early = sorted(s for s in seen if s[0] <= starts[key])
        if len(early) >= 4:
            first = early[0][0]
            curves.append(
                [Reading((at - first).total_seconds() / 86400 + 0.5, n) for at, n in seen]
            )
    return curves


def main() -> None:
    random = np.random.default_rng(4)
    curves = [post(random) for _ in range(150)]
    for young, age in ((1, 7), (3, 30), (7, 30), (7, 90), (30, 90)):
        score("simulated", curves, young, age)
    if PACE.exists():
        for young, age in ((3, 7), (3, 14), (7, 14), (7, 21)):
            score("sign-ups", real(), young, age)


if __name__ == "__main__":
    main()
