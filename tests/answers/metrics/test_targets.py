"""Targets against days, labels, percentages and gaps."""

from datetime import date, timedelta

import pytest
from tests.factories import past

from almanac.actions import metrics as verbs
from almanac.actions.activities import NewActivity, write_down
from almanac.answers.metrics import metric_values
from almanac.answers.metrics.targets import progress
from almanac.core.metrics.target_chance import Course
from almanac.record.rules import OWNER
from almanac.sources.base.cells import BadCellError
from almanac.sources.tables.measurements_table import value_of


def weekly(metric, values, first=date(2025, 6, 2), label=""):
    for week, value in enumerate(values):
        verbs.measure(OWNER, metric, value, first + timedelta(days=7 * week), label=label)


def test_a_target_that_ended_mid_week_is_over_and_counts_its_last_days(logbook):
    posts = verbs.begin_metric(OWNER, "Posts")
    weekly(posts, [1] * 42)
    late = verbs.aim(OWNER, posts, 50, date(2026, 3, 18), since=date(2026, 1, 5))
    kept = verbs.aim(OWNER, posts, 11, date(2026, 3, 18), since=date(2026, 1, 5))

    assert progress(late, today=date(2026, 6, 20)).course == "not reached"
    assert progress(kept, today=date(2026, 6, 20)).outlook.course is Course.REACHED


def test_days_before_the_target_began_do_not_count(logbook):
    views = verbs.begin_metric(OWNER, "Views")
    verbs.measure(OWNER, views, 1000, date(2025, 6, 3))
    for week in range(30):
        verbs.measure(OWNER, views, 1, date(2025, 6, 24) + timedelta(days=7 * week))
    aim = verbs.aim(OWNER, views, 100, date(2026, 6, 30), since=date(2025, 6, 20))

    found = progress(aim, today=date(2026, 1, 20)).outlook

    assert found.course is not Course.REACHED
    assert found.so_far is None or found.so_far < 60


def test_what_stands_today_counts_today(logbook):
    stars = verbs.begin_metric(OWNER, "Stars", measure="stock")
    weekly(stars, [400 + (week % 2) for week in range(41)])
    verbs.measure(OWNER, stars, 700, date(2026, 3, 17))
    aim = verbs.aim(OWNER, stars, 600, date(2026, 4, 30), since=date(2026, 1, 1))

    assert progress(aim, today=date(2026, 3, 18)).outlook.so_far == 700


def test_parts_of_what_stands_lie_between_where_it_was_and_the_aim(logbook):
    stars = verbs.begin_metric(OWNER, "Stars", measure="stock")
    verbs.measure(OWNER, stars, 400, date(2025, 12, 30))
    rate = verbs.begin_metric(OWNER, "Satisfaction", measure="rate")
    standing_aim = verbs.aim(OWNER, stars, 600, date(2026, 12, 31), since=date(2026, 1, 1))
    rate_aim = verbs.aim(OWNER, rate, 0.6, date(2026, 12, 31), since=date(2026, 1, 1))

    parts = verbs.break_down(OWNER, standing_aim, verbs.QUARTER)

    assert [round(part.value) for part in parts] == [449, 499, 550, 600]
    assert {part.value for part in verbs.break_down(OWNER, rate_aim, verbs.QUARTER)} == {0.6}


def test_sixty_percent_of_a_share_is_a_share(logbook):
    rate = verbs.begin_metric(OWNER, "Show rate of mine", measure="rate", whole=False)
    stars = verbs.begin_metric(OWNER, "Stars")

    assert verbs.read_value(rate, "60%") == pytest.approx(0.6)
    assert verbs.read_value(stars, "60") == 60


@pytest.mark.parametrize("text", ["1,5", "12,50", "3,14", "1,2345", "1 5"])
def test_a_decimal_comma_is_refused_and_never_multiplied(text):
    with pytest.raises(BadCellError, match="not a number"):
        value_of(text)


def test_groups_of_three_are_numbers():
    assert [value_of(t) for t in ("1,234", "12 345.5", "1'000'000")] == [1234, 12345.5, 1e6]


def test_a_target_follows_the_label_there_is(logbook):
    downloads = verbs.begin_metric(OWNER, "Downloads")
    weekly(downloads, [10] * 41, label="npm")
    aim = verbs.aim(OWNER, downloads, 300, date(2026, 6, 28), since=date(2026, 1, 5))

    assert progress(aim, today=date(2026, 3, 18)).outlook.refusal is None


def test_a_week_in_which_nobody_counted_is_missing(logbook, held):
    held(past(ago=60, signups=30, attended=20), past(ago=30, signups=30))
    attendees = verbs.switch_on(OWNER, "attendees")

    values = [p.value for p in metric_values.values_of(attendees).by("week", date(2026, 3, 15))]

    assert 20 in values
    assert None in values


def test_a_week_measured_in_part_is_missing(logbook):
    visits = verbs.begin_metric(OWNER, "Visits")
    for day in range(30):
        verbs.measure(OWNER, visits, 10, date(2026, 1, 3) + timedelta(days=day))

    values = [p.value for p in metric_values.values_of(visits).by("week", date(2026, 2, 8))]

    assert values == [None, 70, 70, 70, 70, None]


def test_parts_of_what_stands_begin_where_the_label_there_is_stood(logbook):
    stars = verbs.begin_metric(OWNER, "Stars", measure="stock")
    verbs.measure(OWNER, stars, 400, date(2025, 12, 30), label="GitHub")
    aim = verbs.aim(OWNER, stars, 600, date(2026, 12, 31), since=date(2026, 1, 1))

    assert round(verbs.break_down(OWNER, aim, verbs.QUARTER)[0].value) == 449


def monthly(metric, values, day, first=1, year=2026):
    for place, value in enumerate(values):
        verbs.measure(OWNER, metric, value, date(year, first + place, day))


NOVEMBER = date(2026, 11, 28)
TENS = [9, 11, 10, 12, 8, 10, 11, 9, 10, 10]


def test_the_running_month_counts_as_far_as_it_has_run(logbook):
    signups = verbs.begin_metric(OWNER, "Signups")
    monthly(signups, TENS, 15)
    verbs.measure(OWNER, signups, 0, date(2026, 11, 27))
    behind = verbs.aim(OWNER, signups, 105, date(2026, 11, 30), since=date(2026, 1, 1))
    found = progress(behind, today=NOVEMBER)

    assert found.sentence == (
        "Behind: expect 101 to 102 by 30 November 2026. The target is 105 (less than 1 % chance). "
        "You need 5 more in 3 days; lately it was 10 a month."
    )
    verbs.measure(OWNER, signups, 9, date(2026, 11, 27))
    reached = verbs.aim(OWNER, signups, 109, date(2026, 11, 30), since=date(2026, 1, 1))
    assert progress(reached, today=NOVEMBER).sentence == "Reached: 109 of 109 by 30 November 2026."


def test_a_month_measured_when_months_are_measured_is_whole(logbook):
    views = verbs.begin_metric(OWNER, "Views")
    monthly(views, [100] * 11, 15)
    aim = verbs.aim(OWNER, views, 1200, date(2026, 12, 31), since=date(2026, 1, 1))

    assert progress(aim, today=date(2026, 11, 20)).outlook.left == 1
    assert progress(aim, today=date(2026, 11, 20)).outlook.so_far == 1100


def test_a_month_nobody_has_measured_yet_is_open(logbook):
    views = verbs.begin_metric(OWNER, "Views")
    monthly(views, [100] * 10, 15)
    aim = verbs.aim(OWNER, views, 1200, date(2026, 12, 31), since=date(2026, 1, 1))
    found = progress(aim, today=NOVEMBER).outlook

    assert (found.so_far, found.left) == (1000, 2)


def test_what_the_record_feeds_is_open_from_today(logbook, held):
    metric = verbs.switch_on(OWNER, "posts-published")
    aim = verbs.aim(OWNER, metric, 12, date(2026, 12, 31), since=date(2026, 1, 1))
    write_down(
        OWNER,
        [
            NewActivity(title=f"Post {n}", kind="post", status="done", day=date(2026, n, 5))
            for n in range(1, 4)
        ],
    )
    found = progress(aim, today=NOVEMBER).outlook

    assert found.left == pytest.approx(3 / 30 + 1)


def test_a_level_goes_on_from_the_day_it_was_measured(logbook):
    actives = verbs.begin_metric(OWNER, "Actives", measure="stock")
    monthly(actives, [500, 510, 530, 520, 540, 560, 550, 570, 300], 20, first=2)
    aim = verbs.aim(OWNER, actives, 600, date(2027, 1, 31), since=date(2026, 1, 1))
    found = progress(aim, today=NOVEMBER)

    assert found.outlook.so_far == 300
    assert found.outlook.left == pytest.approx(11 / 31 + 3)
    assert found.outlook.low >= 0
    assert found.sentence.endswith("The jump in October 2026 is taken as a one-off.")


def test_a_viral_week_is_named(logbook):
    views = verbs.begin_metric(OWNER, "Views")
    weekly(views, [100 + n % 7 for n in range(41)] + [3000], first=date(2026, 2, 2))
    aim = verbs.aim(OWNER, views, 9000, date(2027, 2, 1), since=date(2026, 9, 7))

    assert progress(aim, today=NOVEMBER).sentence.endswith(
        "The week of 16 November 2026 (3,000) is left out as a one-off."
    )


def test_a_target_that_should_fall_speaks_of_fewer(logbook):
    bugs = verbs.begin_metric(OWNER, "Open issues", measure="stock", direction="down")
    monthly(bugs, [90, 88, 85, 80, 78, 75, 72, 70, 66, 64], 25)
    aim = verbs.aim(OWNER, bugs, 50, date(2027, 3, 31), since=date(2026, 1, 1))

    assert " fewer a month; lately it was -2.9 a month." in progress(aim, today=NOVEMBER).sentence


def test_parts_of_periods():
    week = metric_values.open_parts(date(2026, 11, 26), date(2026, 12, 8), "week")
    assert week == (pytest.approx(4 / 7), 1, pytest.approx(2 / 7))
    assert metric_values.open_parts(date(2026, 12, 9), date(2026, 12, 8), "week") == ()


def test_a_stock_that_should_come_down_is_known_by_its_start(logbook):
    bugs = verbs.begin_metric(OWNER, "Bugs", measure="stock")
    monthly(bugs, [120, 112, 105, 99, 93, 86, 80, 73, 66, 60], 28)
    near = verbs.aim(OWNER, bugs, 50, date(2026, 12, 31), since=date(2026, 1, 31))
    far = verbs.aim(OWNER, bugs, 20, date(2026, 12, 31), since=date(2026, 1, 31))

    assert progress(near, today=NOVEMBER).course == "ahead"
    assert progress(far, today=NOVEMBER).course == "behind"


def test_what_is_measured_by_the_month_is_followed_by_the_month(logbook):
    views = verbs.begin_metric(OWNER, "Views")
    monthly(views, [100, 110, 120, 105, 115, 125, 130, 120, 135, 140], 28)
    reached = verbs.aim(OWNER, views, 300, date(2026, 12, 31), since=date(2026, 7, 1))
    open_ = verbs.aim(OWNER, views, 780, date(2026, 12, 31), since=date(2026, 7, 1))

    assert progress(reached, today=NOVEMBER).course == "reached"
    found = progress(open_, today=NOVEMBER)
    assert (found.step, found.outlook.refusal) == ("month", None)
    assert 0.2 < found.outlook.chance < 0.9


def test_nothing_is_over_before_its_day(logbook):
    views = verbs.begin_metric(OWNER, "Views")
    monthly(views, [100] * 11, 1)
    aim = verbs.aim(OWNER, views, 1300, date(2026, 11, 29), since=date(2026, 1, 1))

    assert progress(aim, today=NOVEMBER).course == "behind"
