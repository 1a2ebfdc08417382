"""Commitments against weeks of exactly twenty hours, where everything can be worked out by hand."""

import numpy as np
import pytest
from scipy import stats

from almanac.core.workload.capacity import Capacity
from almanac.core.workload.commitments import Promise, WorkloadDraws
from almanac.core.workload.expert_pool import LEVELS

TWENTY = Capacity(np.log(21), 0.0, 0.0, 0.0, 0.0, 0.0, 50, 20.0)
EVENLY = [1 / 7] * 7
WORKING = [0.2] * 5 + [0.0, 0.0]


def promise(row, hours, due):
    return Promise(row, np.full(200, float(hours)), due)


def sure(*promises, shares=EVENLY * 6):
    return WorkloadDraws(promises, TWENTY, shares, doubt=0.0, draws=200)


def said(outlook):
    return [(held.row, held.chance, held.done) for held in outlook.each]


# Hours drawn


def test_every_part_of_a_forecast_of_hours_is_drawn_as_often():
    on = WorkloadDraws([], TWENTY, EVENLY, doubt=0.0, draws=2000)
    found = np.sort(on._hours(Promise(3, LEVELS * 100, 7)))
    parts = np.clip((np.arange(1000) + 0.5) / 10, 0.25, 99.75)
    assert found == pytest.approx(np.repeat(parts, 2), abs=1e-4)


def test_two_commitments_are_not_drawn_alike_but_are_wrong_together():
    on = WorkloadDraws([], TWENTY, EVENLY, doubt=0.4, draws=20_000)
    one, other = (np.log(on._hours(promise(row, 10, 7))) - np.log(10) for row in (1, 2))
    assert one == pytest.approx(other)
    assert one == pytest.approx(np.log(on.bias), abs=1e-6)
    assert (one.mean(), one.std()) == (pytest.approx(0, abs=0.01), pytest.approx(0.4, rel=0.02))
    apart = WorkloadDraws([], TWENTY, EVENLY, doubt=0.0, draws=20_000)
    first, second = (apart._hours(Promise(row, LEVELS, 7)) for row in (1, 2))
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.03


# Hours there are


@pytest.mark.parametrize(
    ("day", "hours"),
    [(0, 0), (1, 4), (5, 20), (6, 20), (7, 20), (8, 22), (14, 30), (21, 40), (28, 50)],
)
def test_hours_lie_on_working_days_and_the_last_week_goes_on(day, hours):
    on = sure(shares=[*WORKING, *(share / 2 for share in WORKING)])
    assert on.room(day) == pytest.approx(np.full(200, hours))


def test_hours_between_two_days():
    on = sure(shares=WORKING * 3)
    assert on.hours_between(5, 7) == pytest.approx((0, 0, 0))
    assert on.hours_between(7, 14) == pytest.approx((20, 20, 20))
    assert on.hours_until(8) == pytest.approx((24, 24, 24))
    unsure = WorkloadDraws([], Capacity(np.log(21), 0.3, 0.0, 0.0, 0.0, 0.0, 50, 20.0), EVENLY)
    wanted = np.exp(stats.norm(np.log(21), 0.3).ppf([0.1, 0.5, 0.9])) - 1
    assert unsure.hours_until(7) == pytest.approx(tuple(wanted), rel=0.03)


# What becomes of commitments


def test_commitments_are_worked_by_the_day_they_are_due():
    found = sure(promise(3, 5, 28), promise(1, 10, 7), promise(2, 15, 8)).outlook()
    assert said(found) == [(1, 1, 3), (2, 0, 8), (3, 1, 10)]
    assert found.together == 0


def test_hours_that_just_suffice_suffice():
    found = sure(promise(1, 20, 7)).outlook()
    assert (found.together, said(found)) == (1, [(1, 1, 6)])
    assert sure(promise(1, 20, 7)).chance_by(7) == 1


def test_one_that_fails_early_is_not_made_good_later():
    found = sure(promise(1, 25, 7), promise(2, 1, 14), promise(3, 1, 21)).outlook()
    assert [held.chance for held in found.each] == [0, 1, 1]
    assert found.together == 0


def test_nothing_committed_has_no_chance():
    found = sure().outlook()
    assert (found.together, found.each, found.too_much) == (None, (), ())
    assert sure().all_in_time() == 1
    assert sure().chance_by(9) is None


def test_the_chance_of_everything_is_said_for_a_handful():
    made = [promise(n, 1, 7 * n) for n in range(1, 7)]
    assert sure(*made[:5]).outlook().together == 1
    assert sure(*made).outlook().together is None
    assert sure(*made).chance_by(35) == 1
    assert sure(*made).chance_by(42) is None


def test_what_lies_beyond_the_weeks_looked_at_has_no_day():
    assert said(sure(promise(1, 41, 21), shares=EVENLY * 2).outlook()) == [(1, 1, None)]


@pytest.mark.parametrize(
    ("made", "gone"),
    [
        ([(1, 10, 7), (2, 15, 8)], (2,)),
        ([(1, 15, 7), (2, 10, 8)], (1,)),
        ([(1, 10, 7), (2, 10, 14)], ()),
        ([(1, 30, 7), (2, 30, 14), (3, 5, 15)], (1,)),
        ([(1, 30, 7), (2, 45, 14), (3, 5, 15)], (1, 2)),
        ([(1, 5, 7), (2, 5, 7), (3, 5, 7), (4, 40, 14)], (4,)),
    ],
)
def test_the_fewest_go_so_that_the_rest_is_in_time(made, gone):
    """Moore's algorithm (1968); by every choice of what stays, none drops fewer."""
    on = sure(*(promise(*one) for one in made))
    assert on.outlook().too_much == gone
    fewest = min(
        len(made) - kept.bit_count()
        for kept in range(2 ** len(made))
        if sure(*(promise(*one) for n, one in enumerate(made) if kept >> n & 1)).all_in_time() == 1
    )
    assert len(gone) == fewest


# One more


@pytest.mark.parametrize(
    ("extra", "together"),
    [
        ((9, 9, 4), 1),
        ((9, 12, 4), 0),
        ((9, 10, 7), 1),
        ((9, 11, 7), 0),
        ((9, 25, 14), 1),
        ((9, 26, 14), 0),
        ((9, 5, 40), 1),
        ((9, 90, 40), 0),
    ],
)
def test_one_more_is_as_if_it_had_been_there(extra, together):
    made = promise(1, 10, 7), promise(2, 5, 14), promise(3, 20, 28)
    on, whole = sure(*made), sure(*made, promise(*extra))
    assert on.all_in_time(promise(*extra)) == whole.all_in_time() == together
    asked, had = on.with_one_more(promise(*extra)), whole.outlook()
    assert said(asked) == said(had)


def test_it_fits_where_it_is_in_time_and_makes_nothing_late():
    on = sure(promise(1, 10, 7))
    assert on.fits(promise(9, 10, 7))
    assert not on.fits(promise(9, 11, 7))
    assert not on.fits(promise(9, 15, 3))
    assert on.fits(promise(9, 25, 14))
    # What is late already becomes no later by it.
    lost = sure(promise(1, 30, 7))
    assert lost.fits(promise(9, 5, 70))
    assert not lost.fits(promise(9, 5, 10))


def test_the_first_day_by_which_it_fits():
    on = sure(promise(1, 10, 7))
    days = [1, 7, 10, 14]
    assert on.fits_by(promise(9, 24, 3), days) == 3
    assert on.fits_by(promise(9, 18, 3), days) == 2
    assert on.fits_by(promise(9, 10, 3), days) == 1
    assert on.fits_by(promise(9, 31, 3), days) is None


def test_the_smallest_that_makes_room_is_named():
    on = sure(promise(1, 5, 7), promise(2, 8, 14), promise(3, 12, 14))
    assert on.fits_without(promise(9, 20, 14), {1, 2, 3}) == (1,)
    assert on.fits_without(promise(9, 23, 14), {1, 2, 3}) == (2,)
    assert on.fits_without(promise(9, 23, 14), {1, 3}) == (3,)
    assert on.fits_without(promise(9, 60, 14), {1, 2, 3}) == ()
    assert on.fits_without(promise(9, 20, 14), ()) == ()


def test_several_make_room_together_where_one_does_not():
    on = sure(promise(1, 10, 14), promise(2, 12, 14), promise(3, 14, 14), promise(4, 1, 14))
    assert on.fits_without(promise(9, 24, 14), {1, 2, 3, 4}) == (2, 3)
    assert on.fits_without(promise(9, 24, 14), {1, 2, 4}) == (1, 2)
    assert on.fits_without(promise(9, 24, 14), {1, 4}) == ()
    assert on.fits_without(promise(9, 40, 14), {1, 2, 3, 4}) == (4, 1, 2, 3)


def test_a_day_off_pushes_what_is_due():
    usual = sure(promise(1, 18, 14), shares=WORKING * 4).outlook()
    away = sure(promise(1, 18, 14), shares=[0.0] * 7 + WORKING * 3).outlook()
    assert (usual.each[0].done, away.each[0].done) == (4, 11)
    assert sure(promise(1, 18, 14), shares=[0.0] * 14).outlook().each[0].done is None


def test_a_commitment_that_may_be_in_time_has_the_chance_of_its_hours():
    """Evenly from nothing to forty hours, in a week of twenty."""
    found = WorkloadDraws([Promise(1, np.linspace(0, 40, 200), 7)], TWENTY, EVENLY * 3, doubt=0.0)
    assert found.outlook().together == pytest.approx(0.5, abs=0.001)


def test_the_middle_of_hours_is_that_of_all_draws():
    """A hundred of evenly nought to two hours are done after a hundred hours."""
    many = [Promise(n, np.linspace(0, 2, 200), 50) for n in range(100)]
    on = WorkloadDraws(many, TWENTY, EVENLY * 8, doubt=0.0)
    assert np.median(on.total[-1]) == pytest.approx(100, abs=1.5)
    assert on.total[-1].std() == pytest.approx(np.sqrt(100 / 3), rel=0.1)
