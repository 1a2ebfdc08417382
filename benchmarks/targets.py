"""How right the outlook of a target is: coverage of its 80 % range, and of "ahead" and "behind".

    .venv/bin/python benchmarks/targets.py [FOLDER]

On 200 simulated series (flat, drifting, trending, seasonal, overdispersed, sparse), and on every
real series that FOLDER (../shared/data where it is beside the checkout) yields: sign-ups and events
by month of the whole archive and of each program, and the columns of the files on effects.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from almanac.core.metrics.future_sums import SeriesKind, final_change
from almanac.core.metrics.target_chance import Course, outlook

FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data"


def simulated(random: np.random.Generator) -> tuple[list[float], bool, SeriesKind]:
    n = int(random.integers(24, 120))
    t = np.arange(n)
    mean = float(np.exp(random.uniform(np.log(2), np.log(200))))
    kind = random.choice(["flat", "drift", "ar", "trend", "season", "sparse"])
    log = np.full(n, np.log(mean))
    if kind == "drift":
        log += np.cumsum(random.normal(0, 0.05, n))
    if kind == "ar":
        s = np.zeros(n)
        for i in range(1, n):
            s[i] = 0.5 * s[i - 1] + random.normal(0, 0.2)
        log += s
    if kind == "trend":
        log += np.log1p(t * random.uniform(-0.4, 2.0) / n)
    if kind == "season":
        log += 0.3 * np.sin(2 * np.pi * t / 12 + random.uniform(0, 6))
    if kind == "sparse":
        log += np.log(0.2)
    shape = float(random.choice([4.0, 10.0, 100.0]))
    return (
        list(random.poisson(random.gamma(shape, np.exp(log) / shape)).astype(float)),
        True,
        SeriesKind.FLOW,
    )


def months(moments: list[tuple[str, float]]) -> list[float]:
    total: Counter[tuple[int, int]] = Counter()
    for when, number in moments:
        total[int(when[:4]), int(when[5:7])] += number
    first, last = min(total), max(total)
    span = (last[0] - first[0]) * 12 + last[1] - first[1]
    return [
        float(total[first[0] + (first[1] - 1 + k) // 12, (first[1] - 1 + k) % 12 + 1])
        for k in range(span)
    ]


def real() -> list[tuple[list[float], bool, SeriesKind]]:
    found: list[tuple[list[float], bool, SeriesKind]] = []
    events = FOLDER / "rladies-events.csv"
    if events.exists():
        with events.open() as file:
            rows = [
                row for row in csv.DictReader(file) if row["status"] == "past" and row["signups"]
            ]
        by = defaultdict(list)
        for row in rows:
            by[row["program"]].append(row)
        for group in [rows, *sorted(by.values(), key=len, reverse=True)[:60]]:
            if len(group) >= 30:
                found.append(
                    (
                        months([(r["starts_at"], float(r["signups"])) for r in group]),
                        True,
                        SeriesKind.FLOW,
                    )
                )
                found.append(
                    (months([(r["starts_at"], 1.0) for r in group]), True, SeriesKind.FLOW)
                )
    for name in (
        "california-prop99",
        "covid-deaths-england-wales",
        "causalimpact-comparison",
        "causalimpact-vignette",
    ):
        path = FOLDER / "effects" / f"{name}.csv"
        if path.exists():
            with path.open() as file:
                table = list(csv.DictReader(file))
            for column in list(table[0])[1:]:
                try:
                    found.append(([float(row[column]) for row in table], False, SeriesKind.STOCK))
                except ValueError:
                    continue
    return found


def measure(name: str, series: list[tuple[list[float], bool, SeriesKind]]) -> None:
    random = np.random.default_rng(1)
    inside, said, wrong, kinds = [], Counter(), Counter(), Counter()
    for values, counts, kind in series:
        for share in (0.5, 0.7):
            known = int(len(values) * share)
            ahead = max(2, min(len(values) - known, int(len(values) * 0.25), 12))
            if known < 12 or known + ahead > len(values):
                continue
            past, future = values[:known], values[known : known + ahead]
            parts = [1.0] * ahead
            draws = final_change(past, parts, kind=kind, counts=counts)
            came = sum(future) if kind is SeriesKind.FLOW else future[-1] - past[-1]
            low, high = np.quantile(draws, [0.1, 0.9])
            inside.append(low <= came <= high)
            # A target as people set them: what went before, and up to a half more or less.
            usual = np.mean(past[-12:]) * ahead if kind is SeriesKind.FLOW else past[-1]
            target = float(usual * random.uniform(0.7, 1.5))
            found = (
                outlook(past, known, parts, target, kind=kind, counts=counts)
                if kind is SeriesKind.FLOW
                else outlook(past, 0, parts, target, kind=kind, counts=counts)
            )
            reached = (came if kind is SeriesKind.FLOW else future[-1]) >= target
            kinds[found.course] += 1
            if found.course in {Course.AHEAD, Course.BEHIND} and found.chance is not None:
                said[found.course] += 1
                wrong[found.course] += reached != (found.course is Course.AHEAD)
                said["doubt"] += min(found.chance, 1 - found.chance)
    covers = float(np.mean(inside))
    print(
        f"{name}: {len(inside)} outlooks, 80 % range held {covers:.3f} (± {1.96 * (0.16 / len(inside)) ** 0.5:.3f})"
    )
    for course in (Course.AHEAD, Course.BEHIND):
        if said[course]:
            print(
                f"  {course}: said {said[course]} times, wrong {wrong[course] / said[course]:.3f}"
            )
    spoken = said[Course.AHEAD] + said[Course.BEHIND]
    print(
        f"  wrong as often as it says: {said['doubt'] / spoken:.3f} expected, {(wrong[Course.AHEAD] + wrong[Course.BEHIND]) / spoken:.3f} seen; {dict(kinds)}"
    )


if __name__ == "__main__":
    random = np.random.default_rng(0)
    measure("simulated", [simulated(random) for _ in range(200)])
    if FOLDER.exists():
        measure("real", real())
    else:
        print("(no real series beside the checkout)")
