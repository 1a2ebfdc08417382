"""How often trials are wrong, how often their ranges hold, and what they find, by simulation.

    .venv/bin/python benchmarks/trials.py [RUNS]

Looks every week paid for and not; pairs of events looked at after each; two versions looked at as
results come; stages before and after. Beside each, the plain test for one look.
"""

from __future__ import annotations

import sys

import numpy as np
from effects import series
from scipy.stats import ttest_1samp

from almanac.core.effects import Design, alternating, funnel, log_ratio, versions

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 400
random = np.random.default_rng(31)


def gatherings(mean: float, size: int | None = None) -> np.ndarray:
    """Turnout varies more than people who each decide alone."""
    return random.poisson(random.gamma(4, mean / 4, size))


def say(what: str, **rates: float) -> None:
    print(f"{what:<44} " + ", ".join(f"{k} {v / RUNS:.3f}" for k, v in rates.items()), flush=True)


def looks() -> None:
    for mean, phi, own, before, after in (
        (20, 0.5, 0.0, 40, 8), (20, 0.5, 0.4, 40, 16), (200, 0.9, 0.4, 26, 12), (5, 0.3, 0.0, 26, 8)
    ):  # fmt: skip
        paid = naive = once = found = 0
        for _ in range(RUNS):
            d = series(random, mean, phi, own, before, after, 0.0, 0.0)
            cuts = [
                Design(d.y[: before + k], d.others[: before + k], before)
                for k in range(1, after + 1)
            ]
            paid += any(log_ratio.estimate(cut, after).is_clear for cut in cuts)
            naive += any(log_ratio.estimate(cut).is_clear for cut in cuts)
            some = series(random, mean, phi, own, before, after, 1.0, 0.0)
            once += log_ratio.estimate(some).is_clear
            found += log_ratio.estimate(some, after).is_clear
        say(
            f"every week, {mean} a week, {phi}, {own}, {before}+{after}",
            wrong_paid=paid, wrong_unpaid=naive, found_double_paid=found, found_double_once=once,
        )  # fmt: skip


def pairs() -> None:
    for ratio in (1.0, 1.5, 2.0, 3.0):
        ever = held = once = 0
        for _ in range(RUNS):
            z = [
                alternating.log_count(gatherings(20 * ratio))
                - alternating.log_count(gatherings(20))
                for _ in range(15)
            ]
            ever += any(alternating.of_pairs(z[:k]).is_clear for k in range(6, 16))
            last = alternating.of_pairs(z)
            held += last.low <= np.log(ratio) <= last.high
            once += ttest_1samp(z, 0).pvalue < 0.05
        say(f"15 pairs, after each, x {ratio}", clear=ever, held=held, t_test_at_the_end=once)


def shown() -> None:
    for ratio in (1.0, 1.5, 2.0):
        ever = of_counts = held = 0
        for _ in range(RUNS):
            did = random.random((1000, 2)) < np.array([0.1, 0.1 * ratio])
            sums = did.cumsum(axis=0)
            both = [[versions.Version(int(v), k) for v in sums[k - 1]] for k in range(50, 1001, 50)]
            ever += any(versions.rates(*each, 2000).is_clear for each in both)
            last = versions.rates(*both[-1], 2000)
            held += last.low <= np.log(ratio) <= last.high
            made = random.poisson(0.3 * np.array([1, ratio]), (200, 2)).cumsum(axis=0)
            of_counts += any(
                versions.counts(*(versions.Version(int(v), k) for v in made[k - 1])).is_clear
                for k in range(10, 201, 10)
            )
        say(
            f"versions, 20 looks, x {ratio}",
            clear_rates=ever,
            held_rates=held,
            clear_counts=of_counts,
        )


def stages() -> None:
    for before, after in ((3, 3), (6, 4), (15, 6)):
        wrong = held = found = 0
        for _ in range(RUNS):
            for share in (0.4, 0.6):
                rows = [
                    [_event(part) for _ in range(n)] for part, n in ((0.4, before), (share, after))
                ]
                stage = funnel.stages(*rows, ("signups", "attended"))[1]
                if stage.low is None or stage.high is None:
                    continue
                wrong += share == 0.4 and stage.is_clear
                found += share == 0.6 and stage.is_clear
                held += share == 0.6 and stage.low <= np.log(1.5) <= stage.high
        say(
            f"share who come, {before} and {after} events",
            wrong=wrong,
            held=held,
            found_half_more=found,
        )


def _event(share: float) -> dict[str, int]:
    signups = 1 + int(gatherings(40))
    own = random.beta(12 * share, 12 * (1 - share))
    return {"signups": signups, "attended": int(random.binomial(signups, own))}


if __name__ == "__main__":
    for measured in (looks, pairs, shown, stages):
        measured()
