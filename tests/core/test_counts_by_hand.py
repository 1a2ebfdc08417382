"""Distributions of four or five counts, of which everything can be added up."""

import numpy as np
import pytest

from almanac.core.counts import Counts, mixture


def four():
    """2, 3, 4, 5 with chances of 1/10, 2/10, 3/10 and 4/10."""
    return Counts.of(np.array([1.0, 2.0, 3.0, 4.0]), 2)


def same(found, first, mass):
    return found.first == first and found.mass.tolist() == pytest.approx(mass)


def test_what_a_distribution_is_asked():
    counts = four()

    assert (counts.first, counts.last, counts.is_certain) == (2, 5, False)
    assert counts.values.tolist() == [2, 3, 4, 5]
    assert counts.mean == pytest.approx(4)
    assert [counts.cdf(n) for n in (1, 2, 3, 4, 5, 9)] == pytest.approx([0, 0.1, 0.3, 0.6, 1, 1])
    assert [counts.at_least(n) for n in (0, 2, 3, 5, 6)] == pytest.approx([1, 1, 0.9, 0.4, 0])


@pytest.mark.parametrize(
    ("level", "count"),
    [(0, 2), (0.1, 2), (0.11, 3), (0.3, 3), (0.31, 4), (0.6, 4), (0.61, 5), (1, 5), (1.1, 5)],
)
def test_a_quantile_is_the_smallest_count_that_reaches_it(level, count):
    assert four().quantile(level) == count


def test_ranges_leave_as_much_out_on_both_sides():
    assert four().interval(0.8) == (2, 5)
    assert four().interval(0.5) == (3, 5)
    assert four().interval(0.2) == (4, 4)
    assert four().dots(5) == (2, 3, 4, 5, 5)
    assert len(four().dots()) == 20


def test_certainty_is_one_count():
    assert same(Counts.certain(7), 7, [1])
    assert Counts.certain(7).is_certain


def test_only_ends_that_hold_next_to_nothing_are_cut_off():
    counts = Counts.of(np.array([1e-12, 1.0, 0.0, 1.0, 1e-12, 0.0]), 10)

    assert same(counts, 11, [0.5, 0, 0.5])
    assert len(Counts.of(np.array([1e-8, 1.0])).mass) == 2
    assert len(Counts.of(np.array([1e-9, 1.0])).mass) == 2
    assert len(Counts.of(np.array([4e-10, 1.0])).mass) == 1
    assert len(Counts.of(np.array([4e-7, 1000.0])).mass) == 1
    assert same(Counts.of(np.ones(2)), 0, [0.5, 0.5])


@pytest.mark.parametrize("mass", [[np.inf, 1.0], [-2.0, 1.0], [0.0], [1.0, -1.0]])
def test_no_mass_is_no_distribution(mass):
    with pytest.raises(ValueError, match="mass"):
        Counts.of(np.array(mass))


def test_whoever_finds_no_seat_is_turned_away():
    assert same(four().capped(4), 2, [0.1, 0.2, 0.7])
    assert same(four().capped(3), 2, [0.1, 0.9])
    assert same(four().capped(2), 2, [1])
    assert same(four().capped(1), 1, [1])
    assert same(four().capped(5), 2, [0.1, 0.2, 0.3, 0.4])
    assert same(four().capped(50), 2, [0.1, 0.2, 0.3, 0.4])


def test_what_is_known_to_be_reached_leaves_the_rest():
    assert same(four().from_at_least(1), 2, [0.1, 0.2, 0.3, 0.4])
    assert same(four().from_at_least(2), 2, [0.1, 0.2, 0.3, 0.4])
    assert same(four().from_at_least(3), 3, [2 / 9, 3 / 9, 4 / 9])
    assert same(four().from_at_least(4), 4, [3 / 7, 4 / 7])
    assert same(four().from_at_least(5), 5, [1])
    assert same(four().from_at_least(9), 9, [1])


def test_two_counts_add_up():
    coin = Counts.of(np.array([0.5, 0.5]), 1)

    assert same(four().plus(coin), 3, [0.05, 0.15, 0.25, 0.35, 0.2])


def test_a_mixture_of_what_overlaps_adds_masses():
    coin = Counts.of(np.array([0.5, 0.5]), 1)

    assert same(mixture([four(), coin], [0.6, 0.4]), 1, [0.2, 0.26, 0.12, 0.18, 0.24])
    assert same(mixture([coin, four()], [2, 3]), 1, [0.2, 0.26, 0.12, 0.18, 0.24])


def test_what_is_packed_is_values_and_what_is_reached_by_them():
    assert four().packed() == {"values": [2, 3, 4, 5], "cumulative": [0.1, 0.3, 0.6, 1.0]}
    assert same(Counts.unpacked(four().packed()), 2, [0.1, 0.2, 0.3, 0.4])
    gap = {"values": [2, 4, 5], "cumulative": [0.2, 0.6, 1.0]}
    assert same(Counts.unpacked(gap), 2, [0.2, 0.2, 0.2, 0.4])


def geometric(size, mean=700):
    return Counts.of(np.exp(-np.arange(size) / mean), 4)


def test_long_distributions_are_packed_with_their_tail():
    wide = geometric(20_000)
    packed = wide.packed()
    again = Counts.unpacked(packed)

    assert len(geometric(512).packed()["values"]) == 512
    assert 480 < len(packed["values"]) <= 514
    assert (packed["values"][0], packed["values"][-1]) == (wide.first, wide.last)
    for value, reached in zip(packed["values"], packed["cumulative"], strict=True):
        assert wide.cdf(value) == pytest.approx(reached, abs=1e-8)
    body = [value for value in packed["values"] if wide.cdf(value) < 0.97]
    assert np.diff([wide.cdf(value) for value in body]).max() < 0.98 / 255 + 0.002
    for chance in (1e-2, 1e-3, 1e-4, 1e-5):
        end = wide.quantile(1 - chance)
        assert again.at_least(end) == pytest.approx(wide.at_least(end), rel=0.02)


def test_few_counts_stand_for_themselves():
    numbers, weights = four().nodes(4)

    assert numbers.tolist() == [2, 3, 4, 5]
    assert weights.tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])


def test_many_counts_are_grouped_evenly_and_ever_finer_towards_the_tail():
    wide = geometric(9000)
    numbers, weights = wide.nodes(40)
    reached = np.cumsum(weights)

    assert len(numbers) <= 40
    assert weights.sum() == pytest.approx(1)
    assert weights[:28] == pytest.approx(np.full(28, 0.92 / 28), rel=0.06)
    assert reached[27] == pytest.approx(0.92, abs=0.002)
    assert weights[28:38] == pytest.approx(0.08 / 2.0 ** np.arange(1, 11), rel=0.06)
    assert float(numbers @ weights) == pytest.approx(wide.mean, abs=0.5)
    end = wide.quantile(0.92 / 28)
    inside = np.arange(wide.first, end + 1)
    mass = wide.mass[: len(inside)]
    assert numbers[0] == pytest.approx(inside @ mass / mass.sum(), abs=1)
