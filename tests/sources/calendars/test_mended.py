"""Calendars as other programs write them, against the standard."""

from datetime import UTC, date, datetime

import pytest

from almanac.sources.base.documents import Document
from almanac.sources.recognise import harvest

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def read(*lines, ends="\r\n", head=()):
    body = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", *head, "BEGIN:VEVENT", "UID:1",
            "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT", "END:VCALENDAR", ""]  # fmt: skip
    data = ends.join(body).encode()
    return harvest(Document("c.ics", data), UTC, NOW, lambda _table: None)


def starts(found):
    return [row.starts_at.astimezone(UTC).strftime("%m-%d %H:%M") for row in found.events]


@pytest.mark.parametrize("until", ["20260324T180000", "20260324", "20260324T170000Z"])
def test_the_last_day_of_a_repetition_is_one_of_it(until):
    found = read(
        "DTSTART;TZID=Europe/Berlin:20260303T180000",
        f"RRULE:FREQ=WEEKLY;UNTIL={until}",
        "SUMMARY:Evening",
    )

    assert starts(found) == ["03-03 17:00", "03-10 17:00", "03-17 17:00", "03-24 17:00"]


def test_a_daily_repetition_does_not_run_on_into_the_next_day():
    found = read(
        "DTSTART;TZID=Europe/Berlin:20260303T090000",
        "RRULE:FREQ=DAILY;UNTIL=20260305",
        "SUMMARY:Stand-up",
    )

    assert starts(found) == ["03-03 08:00", "03-04 08:00", "03-05 08:00"]


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ('"(UTC-05:00) Eastern Time (US & Canada)"', "07-14 22:00"),
        ("(UTC+01:00) Amsterdam\\, Berlin\\, Bern", "07-14 16:00"),
        ('"(UTC+05:30) Chennai, Kolkata"', "07-14 12:30"),
        ('"W. Europe Standard Time"', "07-14 16:00"),
        ("GMT+02:00", "07-14 16:00"),
    ],
)
def test_zones_in_words_are_read(zone, start):
    assert starts(read(f"DTSTART;TZID={zone}:20260714T180000", "SUMMARY:Talk")) == [start]


def test_lines_that_end_by_cr_alone_folds_inside_a_letter_and_midnight_as_24():
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:x",
        "BEGIN:VEVENT",
        "UID:1",
        "DTSTART:20260303T180000Z",
    ]
    lines += [
        "DTEND:20260303T240000Z",
        "SUMMARY:A party with friends \U0001f389",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    data = "\r\n".join(lines).encode()
    place = data.index("\U0001f389".encode()) + 2
    folded = data[:place] + b"\r\n " + data[place:]
    for version in (folded, data.replace(b"\r\n", b"\r")):
        (row,) = harvest(Document("c.ics", version), UTC, NOW, lambda _table: None).events
        assert row.title.endswith("\U0001f389")
        assert row.ends_at == datetime(2026, 3, 4, tzinfo=UTC)


def test_whole_days_end_with_the_last_of_them():
    (row,) = read("DTSTART;VALUE=DATE:20260303", "DTEND;VALUE=DATE:20260306", "SUMMARY:Camp").events

    assert (row.day, row.ends_at.date()) == (date(2026, 3, 3), date(2026, 3, 5))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYHOUR=1,2,3",
    ],
)
def test_rules_that_never_end_are_turned_away_at_once(rule):
    found = read("DTSTART:20260303T180000Z", f"RRULE:{rule}", "SUMMARY:Loop")

    assert found.events == ()
    assert len(found.rejected) == 1
