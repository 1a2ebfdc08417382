"""False positives, coverage and power of the effects, on counts a week like those of DevRel.

    .venv/bin/python benchmarks/effects.py [RUNS]

The simulator: a latent trend shared with one comparison three times larger (innovations .15, phi 0
to .9), the series' own memory (0 to .4), Poisson-gamma noise, seasons, 26 to 80 weeks before, 4 to 16
after. Nothing of the estimators was chosen on it but by the guide they come from.
"""

from __future__ import annotations

import sys
from time import perf_counter

import numpy as np

from almanac.core.effects import Design, bsts, log_ratio, sequential
from almanac.core.effects.refuters import in_time

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 400
LIFT = 0.3


def memory(random: np.random.Generator, n: int, phi: float, spread: float) -> np.ndarray:
    found = np.zeros(n)
    found[0] = random.normal(0, spread / np.sqrt(max(1 - phi**2, 0.05)))
    for i in range(1, n):
        found[i] = phi * found[i - 1] + random.normal(0, spread)
    return found


def series(
    random: np.random.Generator, mean: float, phi: float, own: float, before: int, after: int,
    lift: float, season: float,
) -> Design:  # fmt: skip
    n = before + after
    shared = memory(random, n, phi, 0.15) + season * np.sin(
        2 * np.pi * np.arange(n) / 52 + random.uniform(0, 6.28)
    )
    mine = memory(random, n, own, 0.1 * np.sqrt(1 - own**2)) if own else np.zeros(n)
    rate = mean * np.exp(shared + mine)
    rate[before:] *= 1 + lift
    y = random.poisson(random.gamma(10, rate / 10))
    other = random.poisson(3 * mean * np.exp(shared))
    return Design(y.astype(float), other.astype(float)[:, None], before)


def main() -> None:
    random = np.random.default_rng(21)
    print("mean phi own before after season | log-ratio: wrong, held 0, held +30 %, found, refused"
          " | bsts: wrong, found")  # fmt: skip
    worst = held_worst = 0.0
    worst, held_worst = 0.0, 1.0
    for mean, phi, own, before, after, season in (
        (20, 0.3, 0.0, 40, 8, 0.0), (20, 0.9, 0.0, 40, 8, 0.0), (5, 0.5, 0.0, 26, 4, 0.0),
        (200, 0.5, 0.0, 52, 8, 0.0), (20, 0.5, 0.4, 40, 8, 0.0), (20, 0.9, 0.4, 80, 16, 0.0),
        (60, 0.0, 0.4, 26, 16, 0.0), (20, 0.5, 0.2, 52, 12, 0.2), (200, 0.9, 0.4, 26, 8, 0.2),
        (5, 0.0, 0.0, 80, 16, 0.2),
    ):  # fmt: skip
        wrong, held0, held3, found, refused, told = 0, 0, 0, 0, 0, 0
        bayes_wrong = bayes_found = 0
        for _ in range(RUNS):
            none = series(random, mean, phi, own, before, after, 0.0, season)
            some = series(random, mean, phi, own, before, after, LIFT, season)
            one, two = log_ratio.estimate(none), log_ratio.estimate(some)
            if one.refusal or two.refusal:
                refused += 1
                continue
            told += 1
            wrong += one.is_clear
            found += two.is_clear
            held0 += one.low <= 0 <= one.high
            true = float(some.y[before:].mean()) * (1 - 1 / (1 + LIFT))
            held3 += two.low <= true <= two.high
        for _ in range(min(RUNS, 200)):
            none = series(random, mean, phi, own, before, after, 0.0, season)
            some = series(random, mean, phi, own, before, after, LIFT, season)
            bayes_wrong += bsts.estimate(none, draws=1000).is_clear
            bayes_found += bsts.estimate(some, draws=1000).is_clear
        n, few = max(told, 1), min(RUNS, 200)
        worst, held_worst = max(worst, wrong / n), min(held_worst, held3 / n, held0 / n)
        print(
            f"{mean:>4} {phi:>3} {own:>3} {before:>6} {after:>5} {season:>6} |"
            f" {wrong / n:.3f} {held0 / n:.3f} {held3 / n:.3f} {found / n:.3f} {refused} |"
            f" {bayes_wrong / few:.3f} {bayes_found / few:.3f}", flush=True,
        )  # fmt: skip
    error = (0.05 * 0.95 / RUNS) ** 0.5
    print(f"log-ratio at its worst: wrong {worst:.3f}, held {held_worst:.3f}; s.e. {error:.3f}")
    looking(random)
    speed(random)


def looking(random: np.random.Generator) -> None:
    wrong = 0
    for _ in range(4 * RUNS):
        arms = np.cumsum(random.integers(0, 2, 60))
        wrong += any(
            sequential.alternating_evidence(int(k), n) >= 20 for n, k in enumerate(arms, start=1)
        )
    print(
        f"alternating arms, looked at after every one of 60 events: wrong {wrong / (4 * RUNS):.3f}"
    )


def speed(random: np.random.Generator) -> None:
    design = series(random, 20, 0.5, 0.2, 90, 10, 0.3, 0.0)
    began = perf_counter()
    real = bsts.estimate(design)
    quick = log_ratio.estimate(design)
    in_time(design, log_ratio.estimate, quick)
    in_time(design, lambda d: bsts.estimate(d, draws=500), real)
    print(f"100 points with every refuter: {perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main()
