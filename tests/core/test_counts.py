import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac.core.counts import Counts, mixture, raised

masses = st.lists(st.floats(0, 1), min_size=1, max_size=60).filter(lambda m: sum(m) > 1e-6)


def test_of_normalises_and_cuts_empty_ends():
    counts = Counts.of(np.array([0.0, 1.0, 3.0, 0.0]), first=2)

    assert (counts.first, counts.last) == (3, 4)
    assert counts.mass.tolist() == [0.25, 0.75]


def test_of_refuses_what_is_no_distribution():
    for mass in (np.zeros(3), np.array([np.nan, 1.0])):
        with pytest.raises(ValueError, match="mass"):
            Counts.of(mass)


@given(masses, st.integers(0, 50))
def test_mass_sums_to_one_and_quantiles_invert_the_cdf(mass, first):
    counts = Counts.of(np.array(mass), first)

    assert counts.mass.sum() == pytest.approx(1)
    for level in (0.1, 0.5, 0.9):
        found = counts.quantile(level)
        assert counts.cdf(found) >= level - 1e-9
        assert counts.cdf(found - 1) < level + 1e-9


@given(masses, st.integers(0, 80))
def test_at_least_is_what_the_cdf_leaves(mass, wanted):
    counts = Counts.of(np.array(mass))

    assert counts.at_least(wanted) == pytest.approx(1 - counts.cdf(wanted - 1), abs=1e-12)


@given(masses, st.integers(0, 80))
def test_capped_never_exceeds_the_seats_and_keeps_all_mass(mass, seats):
    capped = Counts.of(np.array(mass)).capped(seats)

    assert capped.last <= max(seats, 0)
    assert capped.mass.sum() == pytest.approx(1)


def test_dots_are_twenty_sorted_outcomes():
    dots = Counts.of(np.ones(100)).dots()

    assert len(dots) == 20
    assert sorted(dots) == list(dots)
    assert (dots[0], dots[-1]) == (2, 97)


def test_plus_is_the_sum_of_two_dice():
    die = Counts.of(np.ones(6), first=1)

    both = die.plus(die)

    assert (both.first, both.last) == (2, 12)
    assert both.cdf(2) == pytest.approx(1 / 36)
    assert both.mean == pytest.approx(7)


def test_mixture_weighs_its_parts():
    mixed = mixture([Counts.certain(2), Counts.certain(5)], [0.25, 0.75])

    assert mixed.mass.tolist() == [0.25, 0, 0, 0.75]


def test_nodes_keep_the_mean_of_a_wide_distribution():
    wide = Counts.of(np.exp(-np.arange(5000) / 700))

    numbers, weights = wide.nodes(40)

    assert len(numbers) <= 40
    assert float(numbers @ weights) == pytest.approx(wide.mean, rel=2e-3)


@pytest.mark.parametrize("size", [1, 3, 512, 20_000])
def test_packed_comes_back_nearly_the_same(size):
    counts = Counts.of(np.exp(-np.arange(size) / 500), first=4)

    again = Counts.unpacked(counts.packed())

    assert (counts.first, counts.last) == (again.first, again.last)
    for level in (0.05, 0.5, 0.95):
        assert again.quantile(level) == pytest.approx(counts.quantile(level), abs=1)


def test_coarse_counts_keep_mean_and_quantiles_in_bounded_room():
    wide = Counts.of(np.exp(-np.arange(50_000) / 3_000.0), 10)
    found, lot = wide.coarse()

    assert 1 < lot < 20
    assert len(found.mass) <= 4097
    assert found.mean * lot == pytest.approx(wide.mean - (lot - 1) / 2, rel=1e-3)
    for level in (0.1, 0.5, 0.9):
        assert found.quantile(level) * lot == pytest.approx(wide.quantile(level), abs=lot)
    short = Counts.certain(4)
    assert short.coarse() == (short, 1)


def test_raised_is_never_below_and_moves_half_way():
    base, above, below = (Counts.certain(number) for number in (20, 80, 5))
    half = raised(base, above, 0.5)

    assert half.quantile(0.5) == pytest.approx((20.5 * 80.5) ** 0.5 - 0.5, abs=1)
    assert raised(base, below, 0.5).quantile(0.5) == 20
