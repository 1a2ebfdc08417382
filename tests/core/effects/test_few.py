"""A few before and a few after, against Student's interval."""

import numpy as np
import pytest
from scipy import stats

from almanac.answers.experiments.before_after import sentence
from almanac.core.effects.few import compare_few

BEFORE, AFTER = [24, 30, 33, 36, 35, 40], [38, 44, 46, 47, 49, 52]


def test_ranges_are_students_of_the_mean():
    found = compare_few(BEFORE, AFTER)
    for side, values in ((found.before, BEFORE), (found.after, AFTER)):
        low, high = stats.t.interval(0.8, 5, loc=np.mean(values), scale=stats.sem(values))
        assert (side.low, side.high) == (pytest.approx(low), pytest.approx(high))
    assert (found.above, found.below) == (6, 0)


def test_only_the_six_nearest_are_looked_at_and_three_are_needed():
    assert compare_few([*[900.0] * 5, *BEFORE], [*AFTER, 1.0]) == compare_few(BEFORE, AFTER)
    assert compare_few([1, 2], AFTER) is None
    assert compare_few(BEFORE, [1, 2]) is None
    assert compare_few([0, 0, 1], [0, 0, 0]).before.low == 0


def test_the_line_says_what_was_and_what_it_is_not():
    assert sentence(compare_few(BEFORE, AFTER), "came", "events") == (
        "Before: 33 came (30 to 36, 6 events). After: 46 (43 to 49, 6 events). All values after are "
        "above the median before; other things differ too, such as the months. Ranges "
        "hold 8 times in 10."
    )
    fell = sentence(compare_few(AFTER, BEFORE), "came", "events")
    assert "All values after are below the median before" in fell
    mixed = sentence(compare_few([1.5, 2, 4], [2.5, 1, 1.2]), "", "periods")
    assert "1 of 3 values after are above the median before" in mixed
    assert mixed.startswith("Before: 2.5 (1")


def test_no_change_is_called_all_above_about_as_often_as_chance():
    """Six after all above the median of six before: 1 in 13 by exchangeability is the most."""
    random = np.random.default_rng(3)
    said = sum(
        compare_few(list(random.normal(size=6)), list(random.normal(size=6))).above == 6
        for _ in range(2000)
    )
    assert said / 2000 < 0.08
