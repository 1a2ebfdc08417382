"""Who comes to workshops, given the sign-ups: a hierarchical model fitted by NUTS, event by event.

    benchmarks/.bayes/bin/python benchmarks/oracles/workshops.py WORKSHOPS.csv 2016-11-01

Prints the mean CRPS of the NUTS-fitted model and of the climatology of rates, each event forecast
from those that had started before it, to be held against
`almanac backtest WORKSHOPS.csv --stage attended --from 2016-11-01`. The environment is that of
nuts.py; takes some ten seconds an event.
"""

from __future__ import annotations

import csv
import logging
import sys

import numpy as np
import pymc as pm
from scipy import stats

logging.getLogger("pymc").setLevel(logging.ERROR)


def crps(mass: np.ndarray, observed: int) -> float:
    return float(np.sum((np.cumsum(mass) - (np.arange(len(mass)) >= observed)) ** 2))


def forecast(past: list[tuple[str, int, int]], program: str, size: int) -> np.ndarray:
    names = sorted({p for p, _, _ in past} | {program})
    which = np.array([names.index(p) for p, _, _ in past])
    before = np.array([n for _, n, _ in past])
    after = np.array([min(k, n) for _, n, k in past])
    with pm.Model():
        mean = pm.Normal("mean", 1.0, 1.0)
        spread = pm.HalfNormal("spread", 0.5)
        steadiness = pm.LogNormal("steadiness", np.log(14), 1.0)
        own = mean + spread * pm.Normal("own", shape=len(names))
        share = pm.Deterministic("share", pm.math.sigmoid(own))
        pm.Deterministic("firm", steadiness)
        pm.BetaBinomial(
            "came",
            n=before,
            alpha=share[which] * steadiness,
            beta=(1 - share[which]) * steadiness,
            observed=after,
        )
        trace = pm.sample(
            500,
            tune=500,
            chains=2,
            cores=2,
            random_seed=1,
            nuts_sampler="nutpie",
            progressbar=False,
        )
    p = trace.posterior["share"].values[..., names.index(program)].reshape(-1)
    firm = trace.posterior["firm"].values.reshape(-1)
    values = np.arange(size + 1)
    return np.mean(
        [
            stats.betabinom.pmf(values, size, a * f, (1 - a) * f)
            for a, f in zip(p, firm, strict=True)
        ],
        axis=0,
    )


def main() -> None:
    with open(sys.argv[1]) as file:  # noqa: PTH123
        rows = sorted(
            (row["starts_at"], row["program"], int(row["signups"]), int(row["attended"]))
            for row in csv.DictReader(file)
            if row["signups"] and row["attended"] and int(row["signups"])
        )
    ours, usual = [], []
    for starts, program, size, counted in rows:
        if starts < sys.argv[2]:
            continue
        past = [(p, n, k) for s, p, n, k in rows if s < starts]
        mass, came = forecast(past, program, size), min(counted, size)
        ours.append(crps(mass, came))
        rates = np.bincount(
            [min(round(k / n * size), size) for _, n, k in past], minlength=size + 1
        )
        usual.append(crps(rates / rates.sum(), came))
        print(
            f"\r{len(ours)} events: NUTS {np.mean(ours):.3f}, climatology {np.mean(usual):.3f}",
            end="",
            flush=True,
        )
    print()


if __name__ == "__main__":
    main()
