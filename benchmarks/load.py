"""Forecasts of work, on simulated workers, side by side with what else one might do.

    .venv/bin/python benchmarks/load.py [CASES]

Workers are built from the published facts (planned to finished 1.46 in the median; tasks within
their estimate 37.5 to 53 % of the time, log ratios spread by .5 to 1.07; weeks that depend on each
other). Nothing here was used to choose a setting of the parts it scores but `throughput`'s two
(eagerness, doubt), which were chosen on other seeds.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

import numpy as np

from almanac.core.workload import commitments, estimates, throughput
from almanac.core.workload.capacity import Logged, LoggedWeek, learn
from almanac.core.workload.expert_pool import sample_crps

CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 600


def days(random: np.random.Generator, n: int, rho: float, noise: float, drift: float) -> list:
    """Days of a worker: what was planned and what was finished, in whole units."""
    state = np.zeros(n)
    for i in range(1, n):
        state[i] = rho * state[i - 1] + random.normal(0, noise * np.sqrt(1 - rho**2))
    room = 12 * np.exp(state + drift * np.linspace(0, 1, n))
    usual = np.exp(np.convolve(np.log(room), np.ones(20) / 20, "same"))
    planned = np.round(usual * np.exp(random.normal(np.log(1.46), 0.4, n)))
    finished = random.poisson(np.minimum(planned * 1.25, room * (planned / usual / 1.46) ** 0.35))
    return [
        throughput.PlannedPeriod(float(p), float(f)) for p, f in zip(planned, finished, strict=True)
    ]


def one_regression(rows: np.ndarray) -> float:
    """CRPS of the log-regression on the plan of the last 60 days with its residuals."""
    scores = []
    for now in range(throughput.LEARNT, len(rows)):
        past = rows[now - 60 : now]
        y = np.log1p(past[:, 1])
        x = np.stack([np.ones(60), np.log1p(past[:, 0]), np.linspace(-1, 0, 60)], axis=1)
        beta = np.linalg.solve(x.T @ x + np.diag(throughput.RIDGE), x.T @ y)
        at = np.array([1.0, np.log1p(rows[now, 0]), 0.0]) @ beta
        scores.append(sample_crps(np.maximum(np.expm1(at + y - x @ beta), 0), rows[now, 1]))
    return float(np.mean(scores))


def finished_work() -> None:
    random = np.random.default_rng(11)
    print("finished work, CRPS: ours, log-regression, plan, plan x ratio, last 60; 80 % range held")
    for n, rho, noise, drift in (
        (200, 0.3, 0.35, 0.0), (400, 0.5, 0.35, 0.0), (800, 0.8, 0.35, 0.0),
        (500, 0.5, 0.35, 1.0), (400, 0.3, 0.6, 0.0), (160, 0.5, 0.5, -0.7),
    ):  # fmt: skip
        found = []
        for _ in range(6):
            series = days(random, n, rho, noise, drift)
            one = throughput.replay(series)
            rows = np.array([(p.planned, p.finished) for p in series])
            found.append(
                (one.crps, one_regression(rows), one.crps_plan, one.crps_plan_x_ratio,
                 one.crps_trailing, one.coverage.eighty)
            )  # fmt: skip
        mean = np.mean(found, axis=0)
        print(f"n {n} rho {rho} noise {noise} drift {drift}: " + " ".join(f"{v:.3f}" for v in mean))


def tasks(random: np.random.Generator, n: int, people: int, spread: float, exact: float) -> list:
    biases = random.normal(0, 0.25, people)
    spreads = spread * np.exp(random.normal(0, 0.3, people))
    made = []
    for _ in range(n):
        who = int(random.integers(people))
        hours = max(0.25, round(4 * float(np.exp(random.normal(1.2, 0.9)))) / 4)
        took = hours
        if random.uniform() >= exact:
            log = biases[who] - 0.12 * (np.log(hours) - 1.2) + random.normal(0, spreads[who])
            took = max(0.1, round(hours * float(np.exp(log)), 1))
        made.append(estimates.Task(hours, took, str(who)))
    return made


def own_estimates() -> None:
    random = np.random.default_rng(12)
    print("\nestimates: CRPS as a share of the estimate as a point, and of one ratio for all; 80 %")
    for n, people, spread, exact in (
        (4000, 21, 0.75, 0.375), (6000, 247, 1.07, 0.1), (3000, 1, 0.5, 0.53), (600, 3, 0.75, 0.3),
    ):  # fmt: skip
        one = estimates.replay(tasks(random, n, people, spread, exact))
        print(
            f"n {n} people {people}: {one.crps / one.crps_point:.3f} "
            f"{one.crps / one.crps_global:.3f} {one.coverage.eighty:.3f}"
        )


def every_way_of_logging() -> None:
    """Chance that all of one to six commitments are done in time: said, and how often they were.

    As in tests/core/workload/test_capacity.py, with more cases."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.core.workload.test_capacity import one_of

    print(f"\ncommitments done in time, {CASES} cases each: said, held, Brier score")
    for name, hours, share, unplanned, answer in (
        ("logs everything, 28 h", 28, 1.0, 0.0, Logged.ALL),
        ("part-time, 14 h", 14, 1.0, 0.0, Logged.ALL),
        ("logs 30 %", 28, 0.3, 0.0, Logged.BIG),
        ("half unplanned", 28, 1.0, 0.5, Logged.ALL),
        ("logs half, a fifth unplanned", 35, 0.5, 0.2, Logged.HALF),
        ("logs everything, not asked", 28, 1.0, 0.0, Logged.UNKNOWN),
        ("logs 30 %, not asked", 28, 0.3, 0.0, Logged.UNKNOWN),
    ):
        for past in (2, 4, 8, 26):
            random = np.random.default_rng(13)
            found = np.array(
                [one_of(random, hours, share, unplanned, past, answer) for _ in range(CASES)]
            )
            said, held = found.mean(axis=0)
            brier = float(((found[:, 0] - found[:, 1]) ** 2).mean())
            print(f"  {name:30} {past:2} weeks: {said:.2f} {held:.2f} {brier:.3f}")


def speed() -> None:
    random = np.random.default_rng(14)
    capacity = learn([LoggedWeek(float(hours)) for hours in random.gamma(8, 2, 60)], 16)
    history = estimates.EstimateHistory(tasks(random, 400, 1, 0.6, 0.35))
    began = perf_counter()
    made = [
        commitments.Promise(n, estimates.forecast(history, float(random.uniform(1, 6))), n + 1)
        for n in range(300)
    ]
    plate = commitments.WorkloadDraws(made, capacity, [1 / 7] * 308, doubt=history.doubt)
    weeks = [7 * n for n in range(1, 44)]
    extra = commitments.Promise(999, estimates.forecast(history, 24.0), 105)
    (
        plate.outlook(),
        plate.with_one_more(extra),
        plate.fits_by(extra, weeks),
        plate.fits_without(extra, range(300)),
    )
    print(f"\n300 promises, 10,000 draws, one more asked for: {perf_counter() - began:.2f} s")


if __name__ == "__main__":
    finished_work()
    own_estimates()
    every_way_of_logging()
    speed()
