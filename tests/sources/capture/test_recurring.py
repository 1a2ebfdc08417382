"""What repeats, out of words; seen from Saturday 28 November 2026."""

from datetime import UTC, date, datetime, time

import pytest

from almanac.sources.base.cells import BadCellError
from almanac.sources.capture.line import read
from almanac.sources.capture.recurring import repeats_said

TODAY = date(2026, 11, 28)
RULES = [
    ("every Tuesday and Thursday at 17:00 until June", "WEEKLY;BYDAY=TU,TH;UNTIL=20270630", "2026-12-01"),
    ("first Monday of the month", "MONTHLY;BYDAY=1MO", "2026-12-07"),
    ("on the first Monday of every month at 10:00", "MONTHLY;BYDAY=1MO", "2026-12-07"),
    ("first and third Thursday of each month", "MONTHLY;BYDAY=1TH,3TH", "2026-12-03"),
    ("every last Friday", "MONTHLY;BYDAY=-1FR", "2026-12-25"),
    ("every third Thursday", "MONTHLY;BYDAY=3TH", "2026-12-17"),
    ("every month on the 15th", "MONTHLY;BYMONTHDAY=15", "2026-12-15"),
    ("on the 31st of every month", "MONTHLY;BYMONTHDAY=31", "2026-12-31"),
    ("monthly on the second Tuesday", "MONTHLY;BYDAY=2TU", "2026-12-08"),
    ("every other Friday for 6 weeks", "WEEKLY;INTERVAL=2;BYDAY=FR;UNTIL=20270108", "2026-12-04"),
    ("every second Wed", "WEEKLY;INTERVAL=2;BYDAY=WE", "2026-12-02"),
    ("every 2 weeks on Monday", "WEEKLY;INTERVAL=2;BYDAY=MO", "2026-11-30"),
    ("fortnightly on Wed until 3 March", "WEEKLY;INTERVAL=2;BYDAY=WE;UNTIL=20270303", "2026-12-02"),
    ("biweekly, starting 7 Jan", "WEEKLY;INTERVAL=2;BYDAY=TH", "2027-01-07"),
    ("every weekday at 9 until the end of the year", "WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261231", "2026-11-30"),
    ("Tuesdays and Thursdays at 17:00", "WEEKLY;BYDAY=TU,TH", "2026-12-01"),
    ("on Mondays from 5 January, 10 times", "WEEKLY;BYDAY=MO;COUNT=10", "2027-01-11"),
    ("every tues, wed & fri x4", "WEEKLY;BYDAY=TU,WE,FR;COUNT=4", "2026-12-01"),
    ("every day for 3 days", "DAILY;UNTIL=20261130", "2026-11-28"),
    ("every 3 days", "DAILY;INTERVAL=3", "2026-11-28"),
    ("weekly at 10:00 for ten sessions", "WEEKLY;BYDAY=SA;COUNT=10", "2026-11-28"),
    ("every quarter from 4 January", "MONTHLY;INTERVAL=3", "2027-01-04"),
    ("every year on 3 May", "YEARLY", "2027-05-03"),
    ("Every Thursday through March 2027", "WEEKLY;BYDAY=TH;UNTIL=20270331", "2026-12-03"),
    ("each Wednesday until 2027-01-20", "WEEKLY;BYDAY=WE;UNTIL=20270120", "2026-12-02"),
    ("weekdays at 9 for 2 weeks", "WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261211", "2026-11-30"),
    ("every Wednesday at 18:00 x10", "WEEKLY;BYDAY=WE;COUNT=10", "2026-12-02"),
    ("weekly x10 except 24 Dec", "WEEKLY;BYDAY=SA;COUNT=10", "2026-11-28"),
    ("monthly on the 31st", "MONTHLY;BYMONTHDAY=31", "2026-12-31"),
    ("on the 1st and 15th of every month", "MONTHLY;BYMONTHDAY=1,15", "2026-12-01"),
    ("monthly x2", "MONTHLY;COUNT=2", "2026-11-28"),
    ("Mon/Wed at 11:00", "WEEKLY;BYDAY=MO,WE", "2026-11-30"),
    ("on M/W/F at 9am", "WEEKLY;BYDAY=MO,WE,FR", "2026-11-30"),
    ("T/Th 9am", "WEEKLY;BYDAY=TU,TH", "2026-12-01"),
    ("every first and third Wed", "MONTHLY;BYDAY=1WE,3WE", "2026-12-02"),
    ("third Thursday monthly at 19:00", "MONTHLY;BYDAY=3TH", "2026-12-17"),
    ("on the last day of every month", "MONTHLY;BYMONTHDAY=-1", "2026-11-30"),
    ("monthly on the last day", "MONTHLY;BYMONTHDAY=-1", "2026-11-30"),
    ("on the fifth Friday of every month", "MONTHLY;BYDAY=5FR", "2027-01-29"),
    ("quarterly, first Wednesday", "MONTHLY;INTERVAL=3;BYDAY=1WE", "2026-12-02"),
    ("Tuesdays 12:30-13:15 from 8 December to 26 January", "WEEKLY;BYDAY=TU;UNTIL=20270126", "2026-12-08"),
    ("biweekly Wednesday 15:00", "WEEKLY;INTERVAL=2;BYDAY=WE", "2026-12-02"),
    ("weekends at noon", "WEEKLY;BYDAY=SA,SU", "2026-11-28"),
    ("every weekend", "WEEKLY;BYDAY=SA,SU", "2026-11-28"),
    ("daily at 8am except Fridays", "WEEKLY;BYDAY=MO,TU,WE,TH,SA,SU", "2026-11-28"),
    ("every weekday except Monday and Friday", "WEEKLY;BYDAY=TU,WE,TH", "2026-12-01"),
    ("Mon-Fri at 9", "WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-11-30"),
    ("Mondays at half past four", "WEEKLY;BYDAY=MO", "2026-11-30"),
    ("every Friday forever", "WEEKLY;BYDAY=FR", "2026-12-04"),
    ("2nd Tue of month", "MONTHLY;BYDAY=2TU", "2026-12-08"),
    ("every Monday for three months", "WEEKLY;BYDAY=MO;UNTIL=20270227", "2026-11-30"),
]  # fmt: skip
ONCE = [
    "monthly meetup on 5 May", "Published weekly newsletter", "Gave a talk on Tuesday", "daily standup",
    "first Monday of March", "everything about docs", "Meetup on Monday and Tuesday", "the every-day API", "",
    "Thu/Fri offsite", "Mon/Wed", "the M/F switch at home", "booth Sat & Sun at 10:00",
]  # fmt: skip


@pytest.mark.parametrize(("text", "rule", "first"), RULES)
def test_a_rule_and_its_first_day(text, rule, first):
    found = repeats_said(text, TODAY)
    assert (found.recurrence.rule, str(found.recurrence.first)) == (f"FREQ={rule}", first)


@pytest.mark.parametrize("text", ONCE)
def test_what_happens_once(text):
    assert repeats_said(text, TODAY) is None


def test_days_left_out_and_what_follows():
    found = repeats_said(
        "every Tue until 30 June 2027 except 22 Dec and 29 Dec, then a Space", TODAY
    )
    assert found.skipped == (date(2026, 12, 22), date(2026, 12, 29))
    assert found.then == "Space"


def test_how_many_there_are_may_stand_first():
    found = line("Three groups every Tuesday at 17:00, then a Space").repeats
    assert found.recurrence.rule.endswith("COUNT=3")
    assert line("Three groups every Tuesday until June").repeats.recurrence["COUNT"] == ""


def line(text):
    return read(text, datetime(2026, 11, 28, 12, tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    ("text", "title", "kind", "starts"),
    [
        ("Small group every Tuesday and Thursday at 17:00 until June", "Small group", "event", "17:00"),
        ("Office hours first Monday of the month at 16:00", "Office hours", "event", "16:00"),
        ("plan: Evening meetup every last Thursday 18:30, 40 seats", "Evening meetup", "event", "18:30"),
        ("Three groups every Tuesday at 17:00, then a Space", "groups", "event", "17:00"),
        ("Write the newsletter every Friday", "Write the newsletter", "post", None),
    ],
)  # fmt: skip
def test_a_line_that_repeats_keeps_its_other_facts(text, title, kind, starts):
    found = line(text)
    assert found.repeats is not None
    assert (found.title, found.kind, found.status) == (title, kind, "planned")
    assert (f"{found.starts_at:%H:%M}" if found.starts_at else None) == starts
    assert found.not_understood == ()
    assert found.day == found.repeats.recurrence.first


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("every Tuesday at 17:00 and Thursday at 19:00", "“and Thursday at 19:00” has a time of its own"),
        ("every Tuesday at 25:00", "“25:00” is no time of day"),
        ("every Tuesday with cake", "“with cake” is not understood"),
        ("first Monday of the month except Mondays", "Only days of a week can be left out so"),
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused(text, said):
    with pytest.raises(BadCellError, match=said):
        repeats_said(text, TODAY)


def test_a_rule_alone_keeps_its_time():
    found = repeats_said("Tuesdays 12:30-13:15 until June", TODAY)
    assert (found.clock.begins, found.clock.ends) == (time(12, 30), time(13, 15))
    assert repeats_said("Mondays at half past four", TODAY).clock.begins == time(16, 30)
    assert repeats_said("Mondays at quarter to nine am", TODAY).clock.begins == time(8, 45)
    assert repeats_said("every Friday, no end", TODAY).endless


def test_how_often_alone_is_named_and_not_done():
    item = line("Coffee chat twice a week")
    assert (item.status, item.not_understood) == ("planned", ("twice a week",))


@pytest.mark.parametrize("line", ["every Monday", "Mondays at 5", "monthly x3"])
def test_a_rule_alone_says_nothing_to_do(line):
    with pytest.raises(BadCellError, match="says when; say what happened on it"):
        read(line, datetime(2026, 11, 28, 12, tzinfo=UTC), UTC)


def test_what_is_done_does_not_repeat():
    assert line("Held office hours every Tuesday last month").repeats is None
    assert line("Gave 3 talks every day at KubeCon").repeats is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Call every week until Christmas", "until Christmas"), ("Group every Tuesday until 32 June", "32 June"),
        ("Group every Monday until 1 January 2020", "before it begins"), ("Group every day x10000", "1,000 times at most"),
        ("Group every Monday for 10000 weeks", "too long"),
    ],
)  # fmt: skip
def test_an_end_that_cannot_be_is_said_and_nothing_is_planned(text, said):
    with pytest.raises(BadCellError, match=said):
        line(text)
