"""Forecasts of work, on simulated workers, side by side with what else one might do.

    .venv/bin/python benchmarks/load.py [CASES]

Workers are built from the published facts (planned to finished 1.46 in the median; tasks within
their estimate 37.5 to 53 % of the time, log ratios spread by .5 to 1.07; weeks that depend on each
other). Nothing here was used to choose a setting of the parts it scores but `throughput`'s two
(eagerness, doubt), which were chosen on other seeds.
"""

from __future__ import annotations

import sys
from time import perf_counter

import numpy as np

from almanac.core.workload import commitments, estimates, throughput
from almanac.core.workload.expert_pool import sample_crps

CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 600
TENTHS = 10


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


def one_case(random: np.random.Generator) -> tuple[float, bool]:
    """A worker with a past and a plate: the chance that all promises hold, and whether they did."""
    weeks, ahead = int(random.integers(6, 60)), 12
    rho, noise = random.uniform(0, 0.7), random.uniform(0.2, 0.6)
    usual = random.uniform(8, 35)
    state = [random.normal(0, noise)]
    for _ in range(weeks + ahead):
        state.append(rho * state[-1] + random.normal(0, noise * np.sqrt(1 - rho**2)))
    room = usual * np.exp(np.array(state[1:]))
    past = tasks(random, int(random.integers(0, 120)), 1, random.uniform(0.3, 0.9), 0.35)
    own = tasks(random, int(random.integers(2, 16)), 1, 0.6, 0.35)
    own = [estimates.Task(t.estimate, t.actual) for t in own]
    if past:
        # The same person as before, with the same habits.
        ratios = [p.actual / p.estimate for p in past]
        own = [estimates.Task(t.estimate, t.estimate * float(random.choice(ratios))) for t in own]
        past = [estimates.Task(p.estimate, p.actual) for p in past]
    capacity = commitments.learn(
        list(room[:weeks]), declared=usual * float(np.exp(random.normal(0, 0.3)))
    )
    history = estimates.EstimateHistory(past)
    load = random.uniform(0.3, 1.3)
    total, due = 0.0, []
    for task in own:
        total += task.estimate
        due.append(min(total / usual / load * 7, ahead * 7.0))
    made = [
        commitments.Promise(n, estimates.forecast(history, task.estimate), day)
        for n, (task, day) in enumerate(zip(own, due, strict=True))
    ]
    plate = commitments.WorkloadDraws(
        made, capacity, [1.0] * ahead, doubt=history.doubt, draws=2000
    )
    edges = np.concatenate([[0.0], np.cumsum(room[weeks : weeks + ahead])])
    needed = np.cumsum([task.actual for task in own])
    held = all(
        float(np.interp(day / 7, np.arange(ahead + 1), edges)) >= n
        for day, n in zip(due, needed, strict=True)
    )
    return plate.outlook().together, held


def all_hold() -> None:
    random = np.random.default_rng(13)
    found = np.array([one_case(random) for _ in range(CASES)])
    print(f"\nchance that all promises hold, {CASES} cases: said, held, number, by tenth")
    for tenth in range(TENTHS):
        inside = (found[:, 0] >= tenth / 10) & (found[:, 0] < (tenth + 1) / 10 + (tenth == 9))
        if inside.any():
            said, held = found[inside].mean(axis=0)
            print(
                f"  {tenth / 10:.1f} to {(tenth + 1) / 10:.1f}: {said:.3f} {held:.3f} {inside.sum()}"
            )
    print(f"  all: {found[:, 0].mean():.3f} {found[:, 1].mean():.3f}")


def speed() -> None:
    random = np.random.default_rng(14)
    capacity = commitments.learn(list(random.gamma(8, 2, 60)), 16)
    history = estimates.EstimateHistory(tasks(random, 400, 1, 0.6, 0.35))
    began = perf_counter()
    made = [
        commitments.Promise(n, estimates.forecast(history, float(random.uniform(1, 6))), float(n))
        for n in range(300)
    ]
    plate = commitments.WorkloadDraws(made, capacity, [1.0] * 44, doubt=history.doubt)
    weeks = [7.0 * n for n in range(1, 44)]
    extra = commitments.Promise(999, estimates.forecast(history, 24.0), 105.0)
    (
        plate.outlook(),
        plate.with_one_more(extra),
        plate.fits_by(extra, weeks),
        plate.latest_start(extra, weeks),
    )
    print(f"\n300 promises, 10,000 draws, one more asked for: {perf_counter() - began:.2f} s")


if __name__ == "__main__":
    finished_work()
    own_estimates()
    all_hold()
    speed()
