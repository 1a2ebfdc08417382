"""Rows of ranges and results on one scale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac.charts.tracks import LANE, WIDTH, Mark, Span, TrackRow, lay_out, rounded_up


@pytest.mark.parametrize(
    ("value", "top"),
    [(0, 2), (1, 2), (2, 2), (3, 4), (7, 8), (9, 10), (11, 12), (41, 60), (83, 100), (161, 200), (2000, 2000)],
)  # fmt: skip
def test_a_scale_ends_on_a_round_number(value, top):
    assert rounded_up(value) == top


def test_places_follow_the_scale():
    rows = [TrackRow(((Span("range", 20, 60),), (Span("yours", 10, 30),)), (Mark("came", 41),))]
    found = lay_out(rows)
    assert found.ticks == (0, 30, 60)
    first, second = found.rows[0].rects
    assert (first.x, first.width) == (pytest.approx(333.3), pytest.approx(666.7))
    assert second.y > first.y + LANE - 1
    assert found.rows[0].marks == (("came", pytest.approx(683.3)),)


def test_nothing_and_nobody_are_drawn_without_a_scale_of_zero():
    assert lay_out([]).ticks == (0, 1, 2)
    found = lay_out([TrackRow(((Span("range", 0, 0),),), (Mark("came", 0),))])
    assert found.rows[0].rects[0].width == 0
    assert found.rows[0].marks == (("came", 0.0),)


def test_a_range_of_one_number_can_be_seen():
    narrow = lay_out([TrackRow(((Span("range", 2000, 2000),),))]).rows[0].rects[0]
    assert narrow.width > 0
    assert narrow.x + narrow.width <= WIDTH


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6)), max_size=12),
    st.one_of(st.none(), st.floats(0.5, 1e3)),
)
def test_everything_stays_in_its_box(values, top):
    rows = [
        TrackRow(((Span("range", min(a, b), max(a, b)),),), (Mark("came", c),))
        for a, b, c in values
    ]
    for row in lay_out(rows, top=top).rows:
        for rect in row.rects:
            assert rect.x >= 0
            assert rect.x + rect.width <= WIDTH + 0.11
        assert all(0 <= x <= WIDTH for _, x in row.marks)
