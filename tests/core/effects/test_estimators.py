"""Effects against published references; small counts against their own simulator."""

import csv

import numpy as np
import pytest
from tests.conftest import DATA

from almanac.core.effects import Design, bsts, log_ratio, panel, sequential
from almanac.core.effects.exaggeration import shrunken, worth
from almanac.core.effects.refuters import in_time, without_each
from almanac.core.refusals import Refusal


def table(name):
    with (DATA / "effects" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def column(rows, name):
    return [float(row[name]) if row[name] else None for row in rows]


def design(name, outcome, comparisons, start):
    rows = table(name)
    if isinstance(start, str):
        start = [next(iter(row.values())) for row in rows].index(start)
    return Design.of(column(rows, outcome), [column(rows, c) for c in comparisons], start)


def test_the_vignette_of_causalimpact():
    """google/CausalImpact: 11 [9.8, 11]; 10.53 [9.78, 11.28] by exact means."""
    found = bsts.estimate(design("causalimpact-vignette.csv", "y", ["x1"], 70), bsts.CAUSALIMPACT)
    assert found.effect == pytest.approx(10.53, abs=0.05)
    assert found.low == pytest.approx(9.81, abs=0.1)
    assert found.high == pytest.approx(11.28, abs=0.1)


def test_the_arma_example():
    """tfcausalimpact README: 4.89 [4.26, 5.47]."""
    found = bsts.estimate(design("causalimpact-arma.csv", "y", ["X"], 70), bsts.CAUSALIMPACT)
    assert found.effect == pytest.approx(4.89, abs=0.05)
    assert found.low == pytest.approx(4.28, abs=0.08)
    assert found.high == pytest.approx(5.48, abs=0.08)


def test_where_nothing_may_be_claimed():
    """R: -657 (736) [-2076, 832], p = .20; a maximum-likelihood port claims an effect here."""
    names = [f"NOT_CHANGED_{n}" for n in (1, 2, 3)]
    found = bsts.estimate(
        design("causalimpact-comparison.csv", "CHANGED", names, "2019-07-15"), bsts.CAUSALIMPACT
    )
    assert found.effect == pytest.approx(-690, abs=60)
    assert found.error == pytest.approx(736, abs=40)
    assert found.low < 0 < found.high
    assert not found.is_clear


@pytest.fixture
def california():
    names = [n for n in table("california-prop99.csv")[0] if n not in {"Year", "California"}]
    return design("california-prop99.csv", "California", names, "1989"), names


def test_proposition_99(california):
    """Arkhangelsky et al. 2021: DID -27.3, SDID -15.6, SC -19.6 (-19.5 at the exact optimum)."""
    smoking, names = california
    assert panel.did(smoking).effect == pytest.approx(-27.35, abs=0.01)
    assert panel.sdid(smoking).effect == pytest.approx(-15.6, abs=0.02)
    control = panel.synthetic_control(smoking)
    assert control.effect == pytest.approx(-19.51, abs=0.02)
    assert smoking.y[-1] - control.expected[-1] == pytest.approx(-26.6, abs=0.05)
    weights = dict(zip(names, control.weights, strict=True))
    for state, weight in (("Utah", 0.394), ("Montana", 0.232), ("Nevada", 0.205),
                          ("Connecticut", 0.109), ("New Hampshire", 0.045)):  # fmt: skip
        assert weights[state] == pytest.approx(weight, abs=0.002)
    assert (control.placebo_rank, control.placebos) == (3, 39)
    assert panel.sdid(smoking).error == pytest.approx(9.4, abs=0.3)


@pytest.mark.parametrize(
    ("effect", "error", "power", "sign", "exaggeration"),
    [(0.1, 3.28, 0.05, 0.464, 76.8), (2.0, 8.1, 0.057, 0.24, 9.55)],
)
def test_type_s_and_m(effect, error, power, sign, exaggeration):
    """Gelman & Carlin 2014, sections 2.1 and 2.2."""
    found = worth(effect, error)
    assert found.power == pytest.approx(power, abs=0.001)
    assert found.sign == pytest.approx(sign, abs=0.003)
    assert found.exaggeration == pytest.approx(exaggeration, rel=0.01)
    assert shrunken(10.0, 5.0, 5.0) == pytest.approx(5.0)


def test_looking_as_often_as_one_likes_is_paid_for():
    random = np.random.default_rng(5)
    wrong = 0
    for _ in range(600):
        arms = np.cumsum(random.integers(0, 2, 60))
        wrong += any(
            sequential.alternating_evidence(int(k), n) >= 20 for n, k in enumerate(arms, 1)
        )
    assert wrong / 600 <= 0.05
    assert sequential.alternating_evidence(60, 60) > 1e6
    with pytest.raises(ValueError, match="more events"):
        sequential.alternating_evidence(3, 2)
    widths = [sequential.mixture_reach(n, 0.01) for n in (10, 100, 1000)]
    assert widths == sorted(widths, reverse=True)


def weekly(random, lift, before=40, after=8):
    shared_trend = np.zeros(before + after)
    for i in range(1, before + after):
        shared_trend[i] = 0.5 * shared_trend[i - 1] + random.normal(0, 0.15)
    rate = 20 * np.exp(shared_trend)
    rate[before:] *= 1 + lift
    y = random.poisson(random.gamma(10, rate / 10)).astype(float)
    return Design(y, random.poisson(60 * np.exp(shared_trend)).astype(float)[:, None], before)


def test_the_one_read_first_is_seldom_wrong_and_finds_what_is_large():
    random = np.random.default_rng(6)
    wrong = sum(log_ratio.estimate(weekly(random, 0.0)).is_clear for _ in range(400))
    found = sum(log_ratio.estimate(weekly(random, 0.8)).is_clear for _ in range(200))
    assert wrong / 400 <= 0.075
    assert found / 200 >= 0.7


def test_placebos_in_time_and_dropped_comparisons():
    random = np.random.default_rng(7)
    real = weekly(random, 1.5)
    effect = log_ratio.estimate(real)
    placebo = in_time(real, log_ratio.estimate, effect)
    assert placebo.cuts > 10
    assert placebo.rank == 1
    two = Design(real.y, np.column_stack([real.others, real.others * 2]), real.start)
    assert len(without_each(two, log_ratio.estimate)) == 2
    assert without_each(real, log_ratio.estimate) == []


@pytest.mark.parametrize("estimate", [bsts.estimate, log_ratio.estimate, panel.did])
def test_what_cannot_be_said_is_refused(estimate):
    short = Design.of([1.0, 2.0, 3.0, 9.0], [[1.0, 2.0, 1.0, 2.0]], 3)
    assert estimate(short).refusal is not None
    constant = Design.of([5.0] * 20, [[3.0] * 20], 14)
    assert estimate(constant).refusal is Refusal.NEVER_VARIED
    nothing_after = Design.of([1.0, 2.0] * 10, [[2.0, 1.0] * 10], 20)
    assert estimate(nothing_after).refusal is Refusal.TOO_FEW_BEFORE


def test_refusals_by_estimator():
    alone = Design.of([3.0, 5.0, 4.0] * 8, [], 18)
    assert panel.did(alone).refusal is Refusal.NO_COMPARISON
    assert panel.sdid(alone).refusal is Refusal.NO_COMPARISON
    assert bsts.estimate(alone).effect is not None
    assert log_ratio.estimate(alone).effect is not None
    below = Design.of([3.0, -5.0, 4.0] * 8, [], 18)
    assert log_ratio.estimate(below).refusal is Refusal.BELOW_ZERO
    drifting = Design.of(list(np.exp(np.linspace(0, 4, 30))), [], 24)
    assert log_ratio.estimate(drifting).refusal is Refusal.DRIFTS


def test_missing_weeks_are_missing_and_one_after_is_enough():
    random = np.random.default_rng(8)
    whole = weekly(random, 0.5)
    y = whole.y.copy()
    y[[3, 11, 42]] = np.nan
    holed = Design(y, whole.others, whole.start)
    assert len(holed.before) == 38
    assert len(holed.after) == 7
    for estimate in (bsts.estimate, log_ratio.estimate):
        known = estimate(holed)
        assert known.effect == pytest.approx(estimate(whole).effect, abs=8)
        assert known.cumulative == pytest.approx(known.effect * 7)
    one = Design(whole.y[:41], whole.others[:41], 40)
    assert bsts.estimate(one).low < bsts.estimate(one).high
