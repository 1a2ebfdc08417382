"""Submissions given participants, replayed on simulated hosts: skill over the climatology of rates, beside
kernel weighting, and how often the 80 % range holds.

    .venv/bin/python benchmarks/submissions.py

Hosts, sizes and spreads as the open facts give them (docs/reference/classes.md): online jams, where the host
decides, and one platform's hackathons, where size does. The first 300 events are only learnt from.
"""

import time

import numpy as np
from scipy.special import expit, logit

from almanac.core.counts import Counts
from almanac.core.scoring import crps
from almanac.core.turnout.class_shares import StagePair
from almanac.core.turnout.reference import SUBMISSION_RATES
from almanac.core.turnout.submission_rates import submission_rates

EVENTS, LEARNT, STEP = 1200, 300, 3
SIZES = np.log([32, 70, 170, 550, 1500])


def jams(rng):
    """Medians and spreads by size; .68 between hosts and .63 within, of .93 over all."""
    size = np.exp(rng.normal(3.9, 0.95, EVENTS * 3))
    size = size[size >= 20][:EVENTS].astype(int)
    large = rng.random(EVENTS) < 0.04
    size[large] = np.exp(rng.normal(7.3, 0.4, large.sum())).astype(int)
    x = np.log(size)
    middle = np.interp(x, SIZES, logit([0.29, 0.24, 0.24, 0.20, 0.27]))
    spread = 0.85 * np.interp(x, SIZES, [1.2, 1.1, 1.1, 0.4, 0.7])
    hosts = []
    while len(hosts) < EVENTS:
        number = 1 if rng.random() < 0.6 else int(min(40, 1 + rng.pareto(1.2) * 2))
        hosts += [len(hosts)] * number
    host = np.unique(np.array(hosts[:EVENTS]), return_inverse=True)[1]
    between = 0.68 / 0.93
    effect = rng.standard_normal(host.max() + 1)[host]
    rate = expit(
        middle + spread * (between * effect + np.sqrt(1 - between**2) * rng.standard_normal(EVENTS))
    )
    order = rng.permutation(EVENTS)
    return size[order], rng.binomial(size, rate)[order], host[order], SUBMISSION_RATES[1]


def platform(rng):
    """Rates that fall with size; hosts matter less."""
    size = np.exp(rng.normal(np.log(73), 1.49, EVENTS)).clip(5, 20_000).astype(int)
    host = rng.integers(0, int(EVENTS * 0.7), EVENTS)
    effect = rng.normal(0, 0.5, EVENTS)[host]
    rate = expit(logit(0.27) - 0.41 * np.log(size / 35) + effect + rng.normal(0, 0.75, EVENTS))
    return size, rng.binomial(size, rate), host, SUBMISSION_RATES[0]


def crps_of(values, weights, observed):
    """Of a weighted sample."""
    order = np.argsort(values)
    values, weights = values[order], weights[order] / weights.sum()
    below = np.cumsum(weights)
    return float(
        weights @ np.abs(values - observed) - 2 * (weights * values) @ (below - weights / 2 - 0.5)
    )


def replay(size, made, host, reference):
    rows = []
    for n in range(LEARNT, EVENTS, STEP):
        before, after, hosts = size[:n], made[:n], host[:n]
        began = time.perf_counter()
        past = [
            StagePair(int(before[i]), int(after[i]), 1.0, i, int(hosts[i]))
            for i in range(n - 1, -1, -1)
        ]
        rates = submission_rates(past, int(host[n]), float(size[n]), reference)
        found = rates.counts(Counts.certain(int(size[n])))
        took = time.perf_counter() - began
        low, high = found.interval(0.8)
        rate = after / before
        near = np.exp(-0.5 * (np.log(before / size[n]) / 0.7) ** 2) + 0.01
        near *= np.where(hosts == host[n], 8, 1)
        rows.append(
            (
                crps(found, int(made[n])),
                crps_of(rate * size[n], np.ones(n), made[n]),
                crps_of(rate * size[n], near, made[n]),
                low <= made[n] <= high,
                size[n],
                abs(found.quantile(0.5) - made[n]),
                abs(after.sum() / before.sum() * size[n] - made[n]),
                took,
            )
        )
    return np.array(rows, float)


def main():
    for name, make in (("online jams", jams), ("one platform", platform)):
        rows = np.concatenate([replay(*make(np.random.default_rng(seed))) for seed in range(8)])
        ours, climatology, kernel, held = rows[:, :4].mean(axis=0)
        large = rows[rows[:, 4] >= 1000]
        print(
            f"{name}: skill {1 - ours / climatology:.3f} (kernel weighting {1 - kernel / climatology:.3f}), "
            f"80 % range holds {held:.3f} of {len(rows)}; {len(large)} of 1,000 and more: mean error "
            f"{large[:, 5].mean():.0f} (past rate x participants {large[:, 6].mean():.0f}); "
            f"{1000 * rows[:, 7].mean():.1f} ms each"
        )


if __name__ == "__main__":
    main()
