"""Flow over a board, counted by hand."""

import pytest

from almanac.core.workload.flow import Stay, cumulative, flow


def test_a_stretch_of_ten_days_counted_by_hand():
    """Whoever comes or goes on the first day belongs to the days before it."""
    stays = [
        Stay(97, 100),
        Stay(100, 104),
        Stay(102, 110),
        Stay(105, None),
        Stay(110, 112),
        Stay(115, 120),
    ]
    found = flow(stays, 100, 110)

    assert (found.days, found.came, found.left) == (10, 3, 2)
    assert found.in_progress == pytest.approx((4 + 8 + 5) / 10)
    assert found.throughput == pytest.approx(2 / 10)
    assert found.cycle == pytest.approx((4 + 8) / 2)
    assert found.expected_cycle == pytest.approx(1.7 / 0.2)
    assert found.cycle_of_one_more == pytest.approx(5)


def test_half_a_day_is_half_a_day_and_no_days_hold_nothing():
    stays = [Stay(9.0, 10.25), Stay(10.25, None)]

    half = flow(stays, 10, 10.5)
    assert (half.days, half.throughput, half.in_progress) == (0.5, 2.0, 1.0)
    none = flow(stays, 20, 20)
    assert (none.came, none.left, none.in_progress, none.throughput) == (0, 0, 0, 0)
    assert none.cycle_of_one_more is None


@pytest.mark.parametrize(
    ("came", "left", "steady"),
    [(2, 0, True), (3, 0, False), (10, 8, True), (10, 7, False), (20, 16, True), (20, 15, False)],
)
def test_a_board_is_steady_within_two_cards_or_a_fifth(came, left, steady):
    stays = [Stay(1, None)] * came + [Stay(-5, 2)] * left

    assert flow(stays, 0, 10).steady is steady


def test_both_edges_of_the_chart_count_the_day_itself():
    stays = [Stay(3, 5), Stay(1, None), Stay(2, 3)]

    assert cumulative(stays, [0, 1, 2.5, 3, 5]) == ([0, 1, 2, 3, 3], [0, 0, 0, 1, 2])
