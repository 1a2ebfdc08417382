"""Placebos, trends and power, with estimators whose answers are known."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.effects import Design, bsts
from almanac.core.effects.design import Effect, memory_of
from almanac.core.effects.power import LIFTS, Power, advice, power
from almanac.core.effects.refuters import Trend, before_trend, in_time, without_each
from almanac.core.effects.sequential import every_look
from almanac.core.refusals import Refusal


def numbered(periods, start):
    return Design(np.arange(float(periods)), np.empty((periods, 0)), start)


class Estimator:
    """Remembers what it was asked of; its effect is that of its cut, with a range of one."""

    def __init__(self, effects=float, error=1.0):
        self.asked = []
        self.effects, self.error = effects, error

    def __call__(self, design):
        self.asked.append((design.start, len(design.y)))
        effect = self.effects(design.start)
        return Effect("x", effect, effect - 1, effect + 1, error=self.error)


def test_placebos_stand_at_every_cut_with_periods_enough():
    """Forty before and six after: cuts from 8 to 34, each with six periods after it."""
    estimate = Estimator(lambda cut: (cut - 20) / 2, error=1.5)
    found = in_time(numbered(46, 40), estimate, Effect("x", -6.0, error=2.0))

    assert sorted(estimate.asked) == [(cut, cut + 6) for cut in range(8, 35)]
    assert found.cuts == 27
    assert found.clear == sum(abs(cut - 20) / 2 > 1 for cut in range(8, 35))
    assert found.rank == 1 + sum(abs(cut - 20) / 3 >= 3 for cut in range(8, 35))


def test_a_long_history_is_cut_thirty_times_at_most_from_the_latest():
    estimate = Estimator()
    in_time(numbered(105, 100), estimate, Effect("x", 1.0, error=1.0))

    assert [cut for cut, _ in estimate.asked] == list(range(95, 7, -3))


def test_a_long_time_after_is_compared_over_a_quarter_of_the_time_before():
    estimate = Estimator()
    in_time(numbered(80, 24), estimate, Effect("x", 1.0, error=1.0))

    assert sorted(estimate.asked) == [(cut, cut + 6) for cut in range(8, 19)]


def test_placebos_need_a_cut_and_an_error():
    real = Effect("x", 1.0, error=1.0)
    assert in_time(numbered(12, 10), Estimator(), real).cuts == 1
    assert in_time(numbered(12, 9), Estimator(), real) is None
    assert in_time(numbered(46, 40), Estimator(), Effect("x")) is None
    assert in_time(numbered(46, 40), Estimator(), Effect("x", 1.0, error=0.0)) is None
    nothing = in_time(numbered(46, 40), Estimator(error=0.0), real)
    assert (nothing.cuts, nothing.clear, nothing.rank) == (0, 0, 1)


def test_each_comparison_is_left_out_once():
    design = Design(np.zeros(4), np.tile([1.0, 10.0, 100.0], (4, 1)), 2)
    found = without_each(design, lambda d: Effect("x", float(d.others[0].sum())))

    assert [(each.comparison, each.effect.effect) for each in found] == [
        (0, 110),
        (1, 101),
        (2, 11),
    ]
    assert len(without_each(design.with_others(np.array([0, 1])), Estimator())) == 2
    assert without_each(design.with_others(np.array([0])), Estimator()) == []


def trended(z, periods):
    line = stats.linregress(periods, z)
    left = z - line.intercept - line.slope * periods
    reach = line.stderr * np.sqrt(memory_of(left).inflation)
    reach *= stats.t.ppf(0.975, len(z) - 2)
    return line.slope, line.slope - reach, line.slope + reach


def test_the_trend_before_is_against_the_sum_of_comparisons():
    random = np.random.default_rng(4)
    y, others = random.poisson(30, 24).astype(float), random.poisson(50, (24, 2)).astype(float)
    y[5] = np.nan
    known = np.array([n for n in range(20) if n != 5])
    z = np.log(y[known] + 0.5) - np.log(others[known].sum(axis=1) + 0.5)
    found = before_trend(Design(y, others, 20))

    assert (found.slope, found.low, found.high) == pytest.approx(trended(z, known))
    assert found.is_log


def test_the_trend_of_amounts_below_nothing_is_against_the_mean_of_comparisons():
    random = np.random.default_rng(4)
    y, others = random.normal(0, 3, 20), random.normal(5, 1, (20, 2))
    found = before_trend(Design(y, others, 20))
    wanted = trended(y - others.mean(axis=1), np.arange(20))

    assert (found.slope, found.low, found.high) == pytest.approx(wanted)
    assert not found.is_log
    below = before_trend(Design(np.abs(y), others - 50, 20))
    assert not below.is_log
    assert before_trend(Design(np.abs(y), others[:, :0], 20)).is_log


@pytest.mark.parametrize(
    ("low", "high", "clear"),
    [(0.1, 0.5, True), (0, 0.5, False), (-0.5, 0, False), (-0.5, -0.1, True), (-0.1, 0.5, False)],
)
def test_a_trend_is_clear_where_its_range_leaves_out_none(low, high, clear):
    assert Trend((low + high) / 2, low, high, is_log=True).is_clear is clear


def test_a_trend_of_counts_may_begin_with_none():
    y = np.array([0.0, 3, 1, 0, 4, 2, 5, 3, 1, 2])

    assert before_trend(Design(y, np.empty((10, 0)), 10)).is_log
    assert before_trend(Design(y, y[::-1, None], 10)).is_log


@pytest.mark.parametrize(("periods", "known"), [(7, False), (8, True)])
def test_a_trend_takes_eight_periods(periods, known):
    y = np.random.default_rng(1).poisson(20, 10).astype(float)

    assert (before_trend(Design(y, np.empty((10, 0)), periods)) is not None) is known


# Power


def quiet(n=60):
    y = np.exp(np.random.default_rng(6).normal(4, 0.3, n))
    return Design(y, np.empty((n, 0)), n)


def remembering(n=50):
    random = np.random.default_rng(8)
    z = [random.normal()]
    for _ in range(n - 1):
        z.append(0.5 * z[-1] + random.normal())
    return Design(np.exp(4 + 0.25 * np.array(z)), np.empty((n, 0)), n)


def simulated(design, after, lift, runs):
    """Shares of clear results, and the usual error, of series that remember as this one does."""
    random = np.random.default_rng(1)
    z = np.log(design.y + 0.5)
    n, r = len(z), memory_of(z).r
    steps = (z[1:] - z.mean()) - r * (z[:-1] - z.mean())
    clear, errors = 0, []
    for _ in range(runs):
        series = [random.choice(z) - z.mean()]
        for step in random.choice(steps - steps.mean(), n + after - 1):
            series.append(r * series[-1] + step)
        past, present = np.array(series[:n]), np.array(series[n:]) + np.log(1 + lift)
        inflation = memory_of(past).inflation
        error = past.std(ddof=1) * np.sqrt(inflation * (1 / n + 1 / after))
        bound = stats.t.ppf(0.975, max(4, (n - 1) / inflation))
        clear += abs(present.mean() - past.mean()) > bound * error
        errors.append(error)
    return clear / runs, np.median(errors)


@pytest.mark.parametrize(
    ("design", "after", "lift"), [(quiet(), 8, 0.3), (remembering(), 8, 1.0), (quiet(), 2, -0.4)]
)
def test_power_is_the_share_of_clear_results_among_series_like_this(design, after, lift):
    chance, error = simulated(design, after, lift, 2500)
    found = power(design, after, lift, runs=2500)

    assert found.chance == pytest.approx(chance, abs=0.045)
    away = abs(np.log(1 + lift)) / error
    wanted = stats.norm.sf(1.96 - away) + stats.norm.cdf(-1.96 - away)
    assert found.worth.power == pytest.approx(wanted, abs=0.045)
    memory = memory_of(np.log(design.y + 0.5)).r
    assert (found.memory, found.weeks, found.refusal) == (memory, len(design.y), None)


def test_the_detectable_rise_is_the_first_that_is_found_four_times_in_five():
    design = quiet()
    found = power(design, 8, 0.3, runs=200)
    place = list(LIFTS).index(found.detectable)

    assert power(design, 8, LIFTS[place], runs=200).chance >= 0.8
    assert power(design, 8, LIFTS[place - 1], runs=200).chance < 0.8
    wild = Design(np.exp(np.random.default_rng(1).normal(6, 3, 12)), np.empty((12, 0)), 12)
    assert power(wild, 1, 0.3, runs=50).detectable is None
    assert power(design, 8, 0.0, runs=20).worth is None


def test_power_is_of_the_ratio_to_comparisons():
    y = quiet().y
    twin = Design(y, (y * np.exp(np.random.default_rng(2).normal(0, 0.02, 60)))[:, None], 60)

    assert power(twin, 8, 0.1, runs=100).chance > 0.95 > power(quiet(), 8, 0.1, runs=100).chance


def test_power_takes_eight_weeks_before_and_one_after():
    assert power(quiet(8), 1, 0.3, runs=5).refusal is None
    for refused in (power(quiet(7), 1, 0.3), power(quiet(8), 0, 0.3)):
        assert refused.refusal is Refusal.TOO_FEW_BEFORE
        assert (refused.chance, refused.detectable, refused.memory) == (0, None, 0)
    assert power(quiet(7), 1, 0.3).weeks == 7
    zero = Design(np.array([0.0, 3, 1, 4, 2, 0, 5, 2, 3]), np.empty((9, 0)), 9)
    assert power(zero, 2, 0.3, runs=5).refusal is None


def test_more_weeks_are_advised_up_to_twice_the_change():
    assert "More weeks after" in advice(Power(0.5, 0.4, None, 0.1, 40), 0.2)
    assert "cannot be seen" in advice(Power(0.5, 0.5, None, 0.1, 40), 0.2)


# The structural model


@pytest.mark.parametrize("number", [0, 1, 3, 7, 20])
def test_few_and_many_comparisons_are_all_taken(number):
    assert list(bsts._choices(number)) == [(tuple(range(number)), 1.0)]


@pytest.mark.parametrize("number", [4, 5, 6])
def test_subsets_have_three_comparisons_on_average(number):
    choices = list(bsts._choices(number))

    assert len({chosen for chosen, _ in choices}) == 2**number
    assert sum(chance for _, chance in choices) == pytest.approx(1)
    assert sum(chance * len(chosen) for chosen, chance in choices) == pytest.approx(3)
    for chosen, chance in choices:
        alike = stats.binom(number, 3 / number).pmf(len(chosen))
        assert chance == pytest.approx(alike / sum(len(c) == len(chosen) for c, _ in choices))


def test_the_prior_of_a_variance_is_inverse_gamma():
    prior = stats.invgamma(3.5, scale=3.5 * 0.4)
    sds = np.array([0.2, 0.7, 1.5])
    wanted = prior.logpdf(sds**2) + 2 * np.log(sds)
    found = np.array([bsts._log_prior(float(sd), 0.4, 7.0) for sd in sds])

    assert np.diff(found) == pytest.approx(np.diff(wanted))


def test_comparisons_are_in_units_of_their_own_past():
    others = np.column_stack([[1.0, 3.0, 5.0, 9.0], [2.0, 2.0, 2.0, 7.0], [0.0, 0.0, 3.0, 6.0]])
    found = bsts._standard(Design(np.zeros(4), others, 3))

    assert found[:, 0] == pytest.approx([-1, 0, 1, 3])
    assert found[:, 1] == pytest.approx((others[:, 2] - 1) / np.sqrt(3))
    assert found.shape == (4, 2)


@pytest.mark.parametrize("planned", [None, 2, 9])
def test_the_structural_effect_is_what_came_less_what_was_expected(planned):
    y = np.random.default_rng(7).normal(50, 4, 26)
    y[20:] += 6
    found = bsts.estimate(Design(y, np.empty((26, 0)), 20), draws=2000, planned=planned)

    assert found.effect == pytest.approx(y[20:].mean() - np.mean(found.expected))
    assert found.cumulative == pytest.approx(6 * found.effect)
    assert len(found.expected) == len(found.band) == 6
    for (low, high), middle in zip(found.band, found.expected, strict=True):
        assert low < middle < high
        assert high - low > 3 * 4
    assert 0.9 < found.chance <= 1
    if planned:
        reach = found.error * every_look(20, max(planned, 6), 19)
        assert (found.low, found.high) == pytest.approx(
            (found.effect - reach, found.effect + reach)
        )
