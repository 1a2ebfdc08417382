"""Posteriors of a small level model and a small share model by NUTS, kept for the tests.

    python -m venv benchmarks/.bayes
    benchmarks/.bayes/bin/pip install "pymc==5.28.5" nutpie
    benchmarks/.bayes/bin/python benchmarks/oracles/nuts.py tests/core/oracles/nuts.json

Both models are written out here once more, from their description and not from Almanac's code; only
the values of the parameters are the product's (core/reference.py), copied below.
"""

from __future__ import annotations

import json
import sys
from math import log

import numpy as np
import pymc as pm
import pytensor.tensor as pt

PARAMETERS = {
    "program": 0.46,
    "drift": 0.31,
    "drift_years": 0.75,
    "formats": 0.16,
    "slot": 0.155,
    "tide": 0.095,
    "tide_years": 1.8,
    "habit_effect": 0.09,
    "noise": 0.225,
}
GENERAL, FORMAT, CLASS_MEAN = 0.5, 0.3, 2.75
HABIT_MEANS = (0.01, 0.05, 0.03, -0.03, -0.06)
KNOT = 0.5


def habit(starts: float, before: list[float]) -> list[float]:
    """First of its program; log of how many before; years since the first; pause; in 90 days."""
    if not before:
        return [1.0, -1.0, 0.0, 0.0, -1.0]
    lately = sum(when >= starts - 90 / 365.25 for when in before)
    return [
        0.0,
        (log(1 + len(before)) - 2) / 2,
        log(0.05 + starts - before[0]),
        (log(starts - before[-1] + 0.005) + 2) / 2,
        log(1 + lately) - 1,
    ]


def levels() -> dict[str, object]:
    random = np.random.default_rng(3)
    events = []
    for n in range(24):
        program = n % 3
        events.append(
            (program, n / 9, max(0, round(float(np.exp(random.normal(2.4 + 0.5 * program, 0.35))))))
        )
    upcoming = [(program, 24 / 9 + 0.1) for program in (0, 1, 2, 9)]
    every = [(p, s) for p, s, _ in events] + upcoming
    starts = np.array([s for _, s in every])
    programs = np.array([p for p, _ in every])
    names = sorted(set(programs.tolist()))
    habits = np.array([habit(s, [b for q, b, _ in events if q == p and b < s]) for p, s in every])
    first, last = events[0][1], events[-1][1]
    knots = np.arange(first, last + 2.0 + KNOT, KNOT)
    weights = np.zeros((len(every), len(knots)))
    for place, s in enumerate(starts):
        at = min(max((s - knots[0]) / KNOT, 0.0), len(knots) - 1.001)
        weights[place, int(at)], weights[place, int(at) + 1] = 1 - (at - int(at)), at - int(at)
    by = PARAMETERS
    gap = np.abs(knots[:, None] - knots[None, :])
    tide = np.linalg.cholesky(
        by["tide"] ** 2 * np.exp(-gap / by["tide_years"]) + 1e-6 * np.eye(len(knots))
    )
    same = programs[:, None] == programs[None, :]
    away = np.abs(starts[:, None] - starts[None, :])
    drift = np.where(same, by["drift"] ** 2 * np.exp(-away / by["drift_years"]), 0.0)
    drift = np.linalg.cholesky(drift + 1e-9 * np.eye(len(every)))
    # One format and no slot known: what one program's events share in format is one more constant,
    # and an event's own slot is a constant of its own.
    seen = np.array([log(count + 2) for _, _, count in events])
    with pm.Model():
        general = GENERAL * pm.Normal("general")
        form = FORMAT * pm.Normal("form")
        own = by["program"] * pm.Normal("own", shape=len(names))
        own_format = by["formats"] * pm.Normal("own_format", shape=len(names))
        effects = np.array(HABIT_MEANS) + by["habit_effect"] * pm.Normal("effects", shape=5)
        moving = pt.dot(tide, pm.Normal("tide", shape=len(knots)))
        drifting = pt.dot(drift, pm.Normal("drift", shape=len(every)))
        slot = by["slot"] * pm.Normal("slot", shape=len(every))
        which = np.array([names.index(p) for p in programs])
        level = (
            CLASS_MEAN
            + general
            + form
            + own[which]
            + own_format[which]
            + pt.dot(habits, effects)
            + pt.dot(weights, moving)
            + drifting
            + slot
        )
        pm.Deterministic("ahead", level[len(events) :])
        pm.Normal("seen", level[: len(events)], by["noise"], observed=seen)
        trace = pm.sample(
            4000,
            tune=2000,
            chains=4,
            cores=2,
            random_seed=1,
            target_accept=0.95,
            nuts_sampler="nutpie",
            progressbar=False,
        )
    ahead = trace.posterior["ahead"].values.reshape(-1, len(upcoming))
    return {
        "events": events,
        "upcoming": upcoming,
        "mean": ahead.mean(0).tolist(),
        "sd": ahead.std(0).tolist(),
    }


def shares() -> dict[str, object]:
    random = np.random.default_rng(5)
    rates = 1 / (1 + np.exp(-random.normal(0.4, 0.35, 9)))
    events = []
    for n in range(36):
        program, size = n % 9, int(random.integers(12, 70))
        share = random.beta(rates[program] * 14, (1 - rates[program]) * 14)
        events.append((program, size, int(random.binomial(size, share))))
    reference = {"mean": 0.66, "between": 9.0, "within": 14.0}
    usual, soft = 0.2, 0.5
    total = 1 / (reference["mean"] * (1 - reference["mean"]) * (reference["between"] + 1))
    around = max(total - usual**2 * np.exp(2 * soft**2), total / 3)
    which = np.array([p for p, _, _ in events])
    size = np.array([n for _, n, _ in events])
    came = np.array([k for _, _, k in events])
    asked, next_size = (0, 4, 8, 99), 50
    with pm.Model():
        mean = log(reference["mean"] / (1 - reference["mean"])) + np.sqrt(around) * pm.Normal(
            "mean"
        )
        spread = usual * pm.math.exp(soft * pm.Normal("spread"))
        steadiness = reference["within"] * pm.math.exp(0.6 * pm.Normal("steadiness"))
        own = mean + spread * pm.Normal("own", shape=10)  # the tenth is a program nobody knows
        share = pm.Deterministic("share", pm.math.sigmoid(own))
        pm.Deterministic("firmness", steadiness)
        pm.BetaBinomial(
            "came",
            n=size,
            alpha=share[which] * steadiness,
            beta=(1 - share[which]) * steadiness,
            observed=came,
        )
        trace = pm.sample(
            4000,
            tune=2000,
            chains=4,
            cores=2,
            random_seed=1,
            target_accept=0.95,
            nuts_sampler="nutpie",
            progressbar=False,
        )
    share = trace.posterior["share"].values.reshape(-1, 10)
    firm = trace.posterior["firmness"].values.reshape(-1)
    found = []
    for program in asked:
        p = share[:, min(9, program)]
        each = random.binomial(next_size, random.beta(p * firm, (1 - p) * firm))
        found.append(
            {
                "program": program,
                "mean": float(each.mean()),
                "sd": float(each.std()),
                "share": float(p.mean()),
            }
        )
    return {"events": events, "reference": "free-evening", "size": next_size, "next": found}


if __name__ == "__main__":
    made = {"pymc": pm.__version__, "levels": levels(), "shares": shares()}
    with open(sys.argv[1], "w") as file:  # noqa: PTH123
        json.dump(made, file, indent=1)
