"""What is promised beside what is asked for, in weeks of exactly twenty hours."""

import numpy as np
import pytest

from almanac.core.workload.commitments import Capacity, Promise, WorkloadDraws

TWENTY = Capacity(np.log(21), 0.0, 0.0, 0.0, 0.0, 0.0, 50)


def promise(row, hours, due, **more):
    return Promise(row, np.full(200, float(hours)), float(due), **more)


def sure(*promises, free=(1.0,) * 6):
    return WorkloadDraws(promises, TWENTY, free, doubt=0.0, draws=200)


def said(outlook):
    return [
        (held.row, held.chance, None if held.done is None else round(held.done, 3))
        for held in outlook.each
    ]


def test_promises_are_worked_by_the_day_they_are_due():
    """Ten hours by day 7 hold; fifteen more by day 8 would take until 8.75; five by day 28 hold."""
    found = sure(promise(3, 5, 28), promise(1, 10, 7), promise(2, 15, 8)).outlook()

    assert said(found) == [(1, 1, 3.5), (2, 0, 8.75), (3, 1, 10.5)]
    assert found.together == 0


def test_hours_that_just_suffice_suffice():
    found = sure(promise(1, 20, 7)).outlook()

    assert (found.together, said(found)) == (1, [(1, 1, 7)])
    assert sure(promise(1, 20, 7)).chances_by([7]) == [1]


def test_one_that_fails_early_is_not_made_good_later():
    found = sure(promise(1, 25, 7), promise(2, 1, 14), promise(3, 1, 21)).outlook()

    assert [held.chance for held in found.each] == [0, 1, 1]
    assert found.together == 0
    assert sure().outlook().together == 1


def test_what_lies_beyond_the_weeks_looked_at_has_no_day():
    assert said(sure(promise(1, 41, 21), free=(1.0, 1.0)).outlook()) == [(1, 1, None)]


def test_chances_by_day_are_of_everything_due_by_then():
    on = sure(promise(1, 10, 7), promise(2, 15, 8))

    assert on.chances_by([6.9, 7, 7.9, 8, 30]) == [None, 1, 1, 0, 0]
    late = sure(promise(1, 90, 1, late=True), promise(2, 5, 7))
    assert late.chances_by([1, 7]) == [1, 0]


@pytest.mark.parametrize(
    ("extra", "together"),
    [
        (promise(9, 9, 3.5), 1),
        (promise(9, 11, 3.5), 0),
        (promise(9, 10, 7), 1),
        (promise(9, 11, 7), 0),
        (promise(9, 25, 14), 1),
        (promise(9, 26, 14), 0),
        (promise(9, 5, 14), 1),
        (promise(9, 5, 40), 1),
        (promise(9, 80, 40), 0),
    ],
)
def test_one_more_is_taken_up_in_its_turn(extra, together):
    """Ten hours due on day 7, five on day 14, twenty on day 28."""
    made = promise(1, 10, 7), promise(2, 5, 14), promise(3, 20, 28)
    late = promise(4, 0.5, 2, late=True)

    asked = sure(*made).with_one_more(extra)
    whole = sure(*made, extra).outlook()
    assert asked.together == together
    assert said(asked) == said(whole)
    assert said(sure(*made, late).with_one_more(extra)) == said(sure(*made, late, extra).outlook())


def test_one_more_delays_only_what_is_due_later():
    found = sure(promise(1, 10, 7), promise(2, 25, 14)).with_one_more(promise(9, 10, 10))

    assert said(found) == [(1, 1, 3.5), (9, 1, 7), (2, 0, 15.75)]
    first = sure(promise(1, 10, 7)).with_one_more(promise(9, 5, 2))
    assert said(first) == [(9, 1, 1.75), (1, 1, 5.25)]


def test_one_more_cannot_save_what_fails_before_it():
    failing = sure(promise(1, 5, 7), promise(2, 40, 14))
    assert failing.with_one_more(promise(9, 1, 28)).together == 0
    assert sure(promise(1, 25, 7)).with_one_more(promise(9, 1, 28)).together == 0


def test_one_more_may_leave_no_hour_free():
    found = sure(promise(1, 20, 7), promise(2, 15, 14)).with_one_more(promise(9, 5, 10.5))

    assert (found.together, [held.chance for held in found.each]) == (1, [1, 1, 1])


def test_where_all_is_lost_already_what_holds_itself_still_fits():
    lost = sure(promise(1, 30, 7))

    assert lost.fits(promise(9, 5, 70))
    assert not lost.fits(promise(9, 5, 10))
    assert sure(promise(1, 10, 7)).fits(promise(9, 10, 7))
    assert not sure(promise(1, 10, 7)).fits(promise(9, 11, 7))


def shares(share):
    return np.arange(200) < round(200 * share)


@pytest.mark.parametrize(
    ("before", "together", "own", "fits"),
    [
        (1.0, 0.85, 0.0, True),
        (1.0, 0.84, 1.0, False),
        (0.84, 0.83, 0.85, True),
        (0.84, 0.83, 0.84, False),
        (0.84, 0.81, 0.99, False),
        (0.85, 0.84, 0.99, False),
    ],
)
def test_hardly_less_sure_is_told_from_less_sure(before, together, own, fits):
    on = sure(promise(1, 1, 7))
    on.before = np.where(shares(before), 1.0, -1.0)[None]

    assert on._fits(shares(together), shares(own), 0.85) is fits


def test_the_first_day_by_which_it_fits():
    on = sure(promise(1, 10, 7))
    days = [0, 7, 10, 14]

    assert on.fits_by(promise(9, 24, 3), days) == 3
    assert on.fits_by(promise(9, 18, 3), days) == 2
    assert on.fits_by(promise(9, 10, 3), days) == 1
    assert on.fits_by(promise(9, 31, 3), days) is None


def test_the_latest_start_leaves_its_own_hours_before_its_day():
    """Ten hours are half a week."""
    on = sure()
    days = [0, 3.5, 7, 10.5, 14]

    assert on.latest_start(promise(9, 10, 14), days) == 3
    assert on.latest_start(promise(9, 11, 14), days) == 2
    assert on.latest_start(promise(9, 0, 10.5), days) == 2
    assert on.latest_start(promise(9, 21, 7), days) is None
    beside = sure(promise(1, 35, 14))
    assert beside.latest_start(promise(9, 5, 14), days) == 3
    assert beside.latest_start(promise(9, 6, 14), days) is None


def test_a_promise_that_may_hold_has_the_chance_of_its_hours():
    """Evenly from nothing to forty hours, in a week of twenty."""
    hours = np.linspace(0, 40, 200)
    found = WorkloadDraws([Promise(1, hours, 7.0)], TWENTY, [1.0] * 3, doubt=0.0).outlook()

    assert found.together == pytest.approx(0.5, abs=0.001)
    assert found.each[0].done == pytest.approx(7, abs=0.5)


def test_the_middle_of_hours_is_that_of_all_draws():
    """A hundred promises of evenly nought to two hours are done after a hundred hours."""
    many = [Promise(n, np.linspace(0, 2, 200), 50.0) for n in range(100)]
    on = WorkloadDraws(many, TWENTY, [1.0] * 8, doubt=0.0)

    assert on.needed[-1] == pytest.approx(100, abs=1.5)
    assert on.total[-1].std() == pytest.approx(np.sqrt(100 / 3), rel=0.1)
