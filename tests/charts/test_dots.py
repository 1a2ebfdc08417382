import xml.etree.ElementTree as ET

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from almanac.charts.dots import DotMark, as_text, lay_out

outcomes = st.lists(st.integers(0, 5_000), min_size=20, max_size=20).map(sorted)


@given(outcomes, st.integers(0, 6_000), st.sampled_from([(640, 170), (176, 64)]))
def test_everything_stays_inside_the_picture(values, hoped, size):
    plot = lay_out(
        values,
        [DotMark(hoped, "hoped for it"), DotMark(3, "you said 3", "guess")],
        width=size[0],
        height=size[1],
    )

    assert len(plot.dots) == 20
    for dot in plot.dots:
        assert dot.x - plot.radius + 0.2 >= 0
        assert dot.x + plot.radius - 0.2 <= plot.width
        assert dot.y - plot.radius >= 0
        assert dot.y + plot.radius <= plot.base + 0.2
    assert all(0 <= mark.x <= plot.width for mark in plot.marks)
    assert plot.ticks[0][1] == "0"
    assert len({text for _, text in plot.ticks}) == len(plot.ticks)


def test_the_picture_says_in_words_what_it_shows():
    plot = lay_out(list(range(1, 21)))

    assert plot.label == "20 equally likely outcomes, from 1 to 20, half of them from 6 to 15"


@pytest.mark.parametrize("size", ["wide", "small"])
def test_the_picture_is_well_formed(size):
    text = render_to_string("press/dots.html", {"plot": lay_out([0] * 20), "size": size})

    root = ET.fromstring(text)
    assert root.attrib["role"] == "img"
    assert len([e for e in root.iter() if e.tag.endswith("circle")]) == 20


@given(outcomes)
def test_the_text_picture_has_a_dot_for_each_outcome(values):
    text = as_text(values)

    assert text.count("●") == 20
    assert max(len(line) for line in text.splitlines()) <= 70
