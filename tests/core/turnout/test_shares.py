"""The share that goes on: its width, not only its mean."""

import numpy as np
import pytest
from scipy.special import betaln, expit
from scipy.stats import betabinom

from almanac.core.counts import Counts
from almanac.core.turnout.class_shares import CONCENTRATIONS, MEANS, StagePair
from almanac.core.turnout.shares import carry, rate_posterior


def moments(pairs):
    """Mean and variance of the next share by brute force over the same prior: a flat mean share,
    and the usual steadiness."""
    means = expit(np.linspace(-10.0, 5.0, 2001))
    concentrations = CONCENTRATIONS
    logs = (np.log(means) + np.log1p(-means))[:, None] + np.zeros((1, len(concentrations)))
    for pair in pairs:
        a = means[:, None] * concentrations
        b = concentrations - a
        logs = logs + pair.weight * (
            betaln(a + pair.after, b + pair.before - pair.after) - betaln(a, b)
        )
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    spread = means[:, None] * (1 - means[:, None]) / (1 + concentrations) + means[:, None] ** 2
    mean = float((weight * means[:, None]).sum())
    return mean, float((weight * spread).sum()) - mean**2


def of(posterior):
    mean = float(posterior.weights @ posterior.means)
    spread = posterior.means * (1 - posterior.means) / (1 + posterior.concentrations)
    return mean, float(posterior.weights @ (spread + posterior.means**2)) - mean**2


PAIRS = [StagePair(before, after, 1.0, row) for row, (before, after) in enumerate(
    [(40, 22), (55, 24), (30, 19), (61, 30), (44, 17), (38, 25)]
)]  # fmt: skip


def test_the_width_of_the_posterior_is_that_of_brute_force():
    mean, variance = of(rate_posterior(PAIRS))
    exact_mean, exact_variance = moments(PAIRS)

    assert mean == pytest.approx(exact_mean, abs=0.02)
    assert variance == pytest.approx(exact_variance, rel=0.2)


def test_what_is_carried_is_as_wide_as_the_posterior_says():
    posterior = rate_posterior(PAIRS)
    counts = carry(Counts.certain(50), posterior)
    k = np.arange(51)
    exact = sum(
        weight * betabinom.pmf(k, 50, mean * c, (1 - mean) * c)
        for weight, mean, c in zip(
            posterior.weights, posterior.means, posterior.concentrations, strict=True
        )
    )
    variance = float(exact @ k**2) - float(exact @ k) ** 2

    mine = np.arange(counts.first, counts.last + 1)
    assert counts.mean == pytest.approx(float(exact @ k), rel=1e-3)
    assert float(counts.mass @ mine**2) - counts.mean**2 == pytest.approx(variance, rel=0.01)


def test_ranges_of_new_events_hold_as_often_as_they_say():
    """200 histories of 8 events from a known share and steadiness; the ninth falls inside."""
    random = np.random.default_rng(4)
    inside = 0
    for _ in range(200):
        share, steady = random.beta(6, 6), 14
        sizes = random.integers(20, 60, 9)
        came = random.binomial(sizes, random.beta(share * steady, (1 - share) * steady, 9))
        pairs = [StagePair(int(n), int(k), 1.0, i) for i, (n, k) in enumerate(zip(sizes, came))]  # noqa: B905
        low, high = carry(Counts.certain(int(sizes[8])), rate_posterior(pairs[:8])).interval(0.8)
        inside += low <= came[8] <= high

    assert 0.74 <= inside / 200 <= 0.92


def test_the_grid_reaches_both_ends():
    assert (MEANS[0], MEANS[-1]) == (pytest.approx(expit(-5.0)), pytest.approx(expit(5.0)))
