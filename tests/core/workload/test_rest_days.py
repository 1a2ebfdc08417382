"""Rest days."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from almanac.core.workload import rest_days


def test_an_hour_that_came_twice_is_an_hour():
    berlin = ZoneInfo("Europe/Berlin")
    block = rest_days.Block(
        datetime(2026, 10, 25, 0, tzinfo=UTC).astimezone(berlin),
        datetime(2026, 10, 25, 3, tzinfo=UTC).astimezone(berlin),
    )
    assert rest_days.hours_of(block) == 3


def day(number):
    return date(2026, 3, number)


def at(number, hour, minute=0):
    """In March 2026; the 4th is a Wednesday."""
    return datetime(2026, 3, number, hour, minute, tzinfo=UTC)


def week(*blocks):
    made = [rest_days.Block(*each) for each in blocks]
    return rest_days.week(made, time(9), time(18), {5, 6})


@pytest.mark.parametrize(("first", "ended"), [(3, day(16)), (4, None)])
def test_a_fortnight_off_needs_fourteen_known_days(first, ended):
    one, seven, fortnight = rest_days.last_off(set(), day(first), day(17))

    assert (one.days, one.ended, one.ago) == (1, day(16), 1)
    assert (seven.days, seven.ended, seven.ago) == (7, day(16), 1)
    assert (fortnight.days, fortnight.ended) == (14, ended)
    assert fortnight.ago == (1 if ended else None)


def test_days_off_count_only_in_a_row():
    worked = {day(n) for n in (8, 10, 17)}
    one, seven, _ = rest_days.last_off(worked, day(1), day(18))

    assert (one.ended, one.ago) == (day(16), 2)
    assert (seven.ended, seven.ago) == (day(7), 11)


def test_work_of_today_says_nothing_of_days_off():
    one, *_ = rest_days.last_off({day(17)}, day(1), day(17))

    assert (one.ended, one.ago) == (day(16), 1)


def test_evenings_are_what_lies_outside_of_the_working_day():
    assert week((at(4, 7), at(4, 8))).evening == 1
    assert week((at(4, 8, 30), at(4, 9, 30))).evening == 0.5
    assert week((at(4, 17), at(4, 20))).evening == 2
    assert week((at(4, 6), at(4, 21))).evening == 6
    assert week((at(4, 9), at(4, 18))).evening == 0


def test_a_night_is_parted_at_midnight():
    friday = week((at(6, 23), at(7, 2)))
    assert (friday.hours, friday.evening, friday.weekend) == (3, 1, 2)
    sunday = week((at(8, 22), at(9, 10)))
    assert (sunday.evening, sunday.weekend) == (9, 2)


def test_time_in_two_meetings_at_once_counts_once():
    found = week((at(4, 10), at(4, 12)), (at(4, 11), at(4, 11, 30)), (at(4, 11, 30), at(4, 13)))

    assert (found.hours, found.longest, found.evening, found.weekend) == (3, 3, 0, 0)


@pytest.mark.parametrize(("pause", "close"), [(0, 1), (4, 1), (5, 0), (9, 0)])
def test_back_to_back_is_less_than_a_short_pause(pause, close):
    found = week((at(4, 9), at(4, 10)), (at(4, 10, pause), at(4, 11)))

    assert found.back_to_back == close
    assert found.hours == pytest.approx(2 - pause / 60)


def test_the_longest_stretch_ends_with_a_pause():
    blocks = (at(4, 9), at(4, 10)), (at(4, 10, 3), at(4, 11)), (at(4, 11, 30), at(4, 12))

    assert week(*blocks).longest == 2
    assert week().longest == 0


def test_meetings_that_touch_are_merged_and_those_apart_are_not():
    made = [
        rest_days.Block(*each)
        for each in (
            (at(4, 12, 1), at(4, 13)), (at(4, 9), at(4, 10)), (at(4, 10), at(4, 12)),
            (at(4, 11), at(4, 11, 30)),
        )
    ]  # fmt: skip

    assert rest_days.merged(made) == [
        rest_days.Block(at(4, 9), at(4, 12)),
        rest_days.Block(at(4, 12, 1), at(4, 13)),
    ]


def test_a_meeting_that_ends_before_it_begins_takes_no_time():
    assert rest_days.hours_of(rest_days.Block(at(4, 10), at(4, 9))) == 0


def test_a_meeting_after_a_longer_one_that_holds_another_follows_without_a_pause():
    def block(first, last):
        return rest_days.Block(
            datetime(2026, 3, 16, first, tzinfo=UTC), datetime(2026, 3, 16, last, tzinfo=UTC)
        )

    found = rest_days.week([block(9, 12), block(10, 11), block(12, 13)], time(9), time(18), {5, 6})

    assert (found.back_to_back, found.longest) == (1, 4)


def test_a_pause_of_five_minutes_is_a_pause_in_both_counts():
    first = rest_days.Block(
        datetime(2026, 3, 16, 9, tzinfo=UTC), datetime(2026, 3, 16, 10, tzinfo=UTC)
    )
    second = rest_days.Block(
        datetime(2026, 3, 16, 10, 5, tzinfo=UTC), datetime(2026, 3, 16, 11, tzinfo=UTC)
    )

    found = rest_days.week([first, second], time(9), time(18), {5, 6})

    assert (found.back_to_back, found.longest) == (0, 1)
