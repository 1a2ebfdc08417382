"""How many projects are handed in, of so many participants."""

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import binom

from almanac.core.counts import Counts
from almanac.core.turnout.class_shares import StagePair
from almanac.core.turnout.reference import SUBMISSION_RATES
from almanac.core.turnout.submission_rates import SubmissionRates, submission_rates

HACKATHON, JAM = SUBMISSION_RATES


def pairs(*counts, host=1, weight=1.0):
    return [
        StagePair(before, after, weight, row, host) for row, (before, after) in enumerate(counts)
    ]


def forecast(past, participants, host=1, reference=HACKATHON):
    rates = submission_rates(past, host, participants, reference)
    return rates.counts(Counts.certain(participants))


def middle(past, participants, host=1, reference=HACKATHON):
    return forecast(past, participants, host, reference).quantile(0.5) / participants


def width(found):
    low, high = found.interval(0.8)
    return high - low


def test_a_mixture_of_binomials_equals_scipys():
    rates = SubmissionRates(logit(np.array([0.1, 0.3, 0.8])))
    mixed = Counts.of(np.array([0.25, 0.75]), 19)
    found = rates.counts(mixed)
    k = np.arange(21)
    wanted = sum(
        weight / 3 * binom.pmf(k, n, p)
        for n, weight in ((19, 0.25), (20, 0.75))
        for p in (0.1, 0.3, 0.8)
    )
    assert found.first == 0
    assert found.mass == pytest.approx(wanted / wanted.sum(), abs=1e-9)


def test_the_line_is_the_ridge_regression_of_augmented_rows():
    """The same line from ordinary least squares with two rows for the prior (Hoerl and Kennard 1970)."""
    from almanac.core.turnout.submission_rates import (
        BETWEEN,
        LINE_SD,
        SLOPE_SD,
        WITHIN,
        _line,
    )

    rng = np.random.default_rng(3)
    size, y = rng.normal(0, 1, 40), rng.normal(-1, 1, 40)
    sd = np.sqrt(BETWEEN**2 + WITHIN**2)
    rows = np.vstack([np.column_stack([np.ones(40), size]), np.diag([sd / LINE_SD, sd / SLOPE_SD])])
    start = np.array([logit(HACKATHON.mean), HACKATHON.size_slope])
    wanted, *_ = np.linalg.lstsq(rows, np.append(y, start * rows[-2:].diagonal()), rcond=None)
    line, covariance = _line(size, y, np.ones(40), HACKATHON)
    assert line == pytest.approx(wanted)
    assert covariance == pytest.approx(sd**2 * np.linalg.inv(rows.T @ rows))


def test_without_a_past_it_is_the_class_by_size():
    assert middle([], 35) == pytest.approx(0.27, abs=0.03)
    assert middle([], 1800) == pytest.approx(0.066, abs=0.02)
    assert middle([], 1000, reference=JAM) == pytest.approx(0.23, abs=0.03)
    low, high = forecast([], 35).interval(0.9)
    assert low <= 2
    assert high >= 20


@pytest.mark.parametrize("rate", [0.02, 0.2, 0.5, 0.9])
def test_a_host_that_keeps_its_rate_is_believed(rate):
    past = pairs(*[(60, round(60 * rate))] * 8)
    others = pairs(*[(60, 14)] * 30, host=2)
    assert middle([*past, *others], 60) == pytest.approx(rate, abs=0.06)
    assert middle(others, 60, host=1) == pytest.approx(14 / 60, abs=0.05)


def test_nearness_in_size_decides_where_size_matters():
    rng = np.random.default_rng(5)
    small = [(n, round(n * 0.4)) for n in rng.integers(20, 40, 40)]
    large = [(n, round(n * 0.1)) for n in rng.integers(800, 1600, 40)]
    past = [StagePair(int(n), int(s), 1.0, row, row) for row, (n, s) in enumerate(small + large)]
    assert middle(past, 30, host=-1) == pytest.approx(0.4, abs=0.06)
    assert middle(past, 1200, host=-1) == pytest.approx(0.1, abs=0.03)


def test_it_is_wider_where_no_past_event_is_alike():
    past = pairs(*[(40, 11)] * 20, host=2)
    near = forecast(past, 400, host=1).interval(0.8)
    far = forecast(past, 4000, host=1).interval(0.8)
    assert far[1] / far[0] > 1.4 * near[1] / near[0]
    past = pairs(*[(400, 110)] * 20, host=2)
    assert width(forecast(past, 400, host=2)) < width(forecast(past, 400, host=1))


def test_one_event_is_no_certainty_and_a_jump_is_not_ruled_out():
    one = forecast(pairs((50, 25)), 50)
    low, high = one.interval(0.8)
    assert low < 15
    assert high > 20
    assert forecast(pairs(*[(50, 10)] * 10), 50).at_least(20) > 0.01


@pytest.mark.parametrize(
    "past",
    [
        pairs((50, 0)),
        pairs(*[(50, 0)] * 12),
        pairs((50, 50), (50, 50)),
        pairs((3, 9)),
        pairs((0, 0), (0, 4)),
        pairs((1, 1)),
        pairs((1_000_000, 90_000)),
        pairs((50, 10), weight=0.25),
    ],
)
@pytest.mark.parametrize("participants", [1, 30, 2000])
def test_everyday_and_odd_pasts_give_a_distribution(past, participants):
    found = forecast(past, participants)
    assert np.isfinite(found.mass).all()
    assert found.mass.sum() == pytest.approx(1)
    assert 0 <= found.first <= found.last <= participants


def test_nobody_who_takes_part_hands_nothing_in():
    assert forecast(pairs((50, 10)), 0).interval(0.8) == (0, 0)


def test_the_order_of_events_and_hosts_names_do_not_matter():
    past = [StagePair(30 + n, 5 + n % 9, 1.0, n, n % 4) for n in range(25)]
    renamed = [StagePair(p.before, p.after, 1.0, p.row, 90 - p.program) for p in past[::-1]]
    one = submission_rates(past, 2, 44, HACKATHON).logits
    other = submission_rates(renamed, 88, 44, HACKATHON).logits
    assert one == pytest.approx(other)


def test_ranges_hold_as_often_as_they_say_on_simulated_hosts():
    """Hosts differ by .68, events of one by .63 (online jams); the first 80 events are only learnt from."""
    rng = np.random.default_rng(11)
    number = 320
    size = np.exp(rng.normal(3.9, 0.9, number)).astype(int) + 5
    host = np.minimum(rng.geometric(0.05, number), 60)
    rate = expit(-1.1 + 0.68 * rng.standard_normal(61)[host] + 0.63 * rng.standard_normal(number))
    after = rng.binomial(size, rate)
    held = []
    for n in range(80, number):
        past = [
            StagePair(int(size[i]), int(after[i]), 1.0, i, int(host[i]))
            for i in range(n - 1, -1, -1)
        ]
        low, high = forecast(past, int(size[n]), int(host[n]), JAM).interval(0.8)
        held.append(low <= after[n] <= high)
    assert 0.74 <= np.mean(held) <= 0.89
