"""False alarms of the sensitivity card: how often weeks in which nothing changed leave its bounds.

    .venv/bin/python benchmarks/sensitivity.py [SERIES]

Nominal 5 %. Weekly counts with an autocorrelated latent rate, overdispersion and, in half of the
rows, a season; thresholds after 4, 8 and 13 weeks from the history before.
"""

from __future__ import annotations

import sys

import numpy as np

from almanac.core.metrics.detectable_change import moved_with, sensitivity

SERIES = int(sys.argv[1]) if len(sys.argv) > 1 else 400


def weekly(
    random: np.random.Generator, mean: float, phi: float, n: int, shape: float, season: float
) -> np.ndarray:
    """The series' own autocorrelation is at most phi, as Poisson noise comes on top."""
    log = np.zeros(n)
    log[0] = random.normal(0, 0.25)
    for i in range(1, n):
        log[i] = phi * log[i - 1] + random.normal(0, 0.25 * np.sqrt(1 - phi**2))
    log += season * np.sin(2 * np.pi * np.arange(n) / 52.18 + random.uniform(0, 6.28))
    return random.poisson(random.gamma(shape, mean * np.exp(log) / shape)).astype(float)


def main() -> None:
    random = np.random.default_rng(1)
    worst = 0.0
    print("mean   phi  weeks  season   false alarms after 4, 8, 13 weeks   refused")
    for mean in (2, 5, 20, 60, 200):
        for phi in (0.0, 0.3, 0.5):
            for n, season in ((52, 0.0), (104, 0.0), (104, 0.2)):
                alarms, told, refused = np.zeros(3), 0, 0
                for _ in range(SERIES):
                    series = weekly(random, mean, phi, n + 13, 10.0, season)
                    card = sensitivity(list(series[:n]), counts=True)
                    if card.refusal:
                        refused += 1
                        continue
                    told += 1
                    for place, threshold in enumerate(card.thresholds):
                        after = series[n : n + threshold.weeks].mean()
                        low = -1.0 if threshold.below is None else threshold.below
                        alarms[place] += not low <= after <= threshold.above
                rates = alarms / max(told, 1)
                if season == 0.0:
                    worst = max(worst, float(rates.max()))
                print(
                    f"{mean:>4}  {phi:>4}  {n:>5}  {season:>6}   {rates[0]:.3f} {rates[1]:.3f} {rates[2]:.3f}                     {refused}"
                )
    print(
        f"worst without a season {worst:.3f}; standard error of a rate of .05 with {SERIES}: {(0.05 * 0.95 / SERIES) ** 0.5:.3f}"
    )


def moved_by_chance() -> None:
    """How often two numbers that have nothing to do with each other are said to have moved so."""
    random = np.random.default_rng(2)
    print("\ntwo unrelated metrics said to have moved together, at 5 %, nine lags tried")
    print("mean   phi  weeks   said")
    for mean in (5, 60):
        for phi in (0.0, 0.5, 0.9):
            for n in (60, 104):
                said = told = 0
                for _ in range(SERIES):
                    first, second = (weekly(random, mean, phi, n, 10.0, 0.0) for _ in range(2))
                    moved = moved_with(list(first), list(second))
                    told += moved is not None
                    said += moved is not None and moved.chance < 0.05
                print(f"{mean:>4}  {phi:>4}  {n:>5}   {said / max(told, 1):.3f} of {told}")


if __name__ == "__main__":
    main()
    moved_by_chance()
