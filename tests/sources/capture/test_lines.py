"""Lines as people type them, with what they mean: lines.tsv, and the reviewed ones where present."""

import csv
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.conftest import shared

from almanac.core.errors import AlmanacError
from almanac.sources.capture.line import Settings, read

LINES = Path(__file__).parent / "lines.tsv"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
TODAY = NOW.date()
"""Lines of lines.tsv were written by people who had not seen how they are read."""


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def faults(row):
    """What of a line is read otherwise than it is meant."""
    item = read(row["line"], NOW, UTC)
    hours = float(row["hours"]) if row["hours"] not in {"", "*"} else None
    wrong = {
        "day": not _day_fits(row["day"], item.day),
        "kind": item.kind not in row["kinds"].split("|"),
        "status": item.status != row["status"],
        "hours": row["hours"] != "*" and item.hours != hours,
        "counts": row["counts"] != "*" and item.counts != json.loads(row["counts"]),
    }
    return [name for name, is_wrong in wrong.items() if is_wrong]


def _day_fits(wanted, day):
    if wanted in {"*", ""}:
        return wanted == "*" or day is None
    if "Q" in wanted:
        return day is not None and f"{day.year}-Q{(day.month + 2) // 3}" == wanted
    return day is not None and day.isoformat().startswith(wanted)


def test_lines_that_people_typed_are_read_as_they_are_meant():
    every = rows(LINES)
    wrong = {row["line"]: found for row in every if (found := faults(row))}

    assert len(every) > 400
    assert len(wrong) <= len(every) * 0.01, wrong


def test_reviewed_lines_are_read_as_they_are_meant():
    every = rows(shared("review/capture.tsv"))

    assert {row["line"]: found for row in every if (found := faults(row))} == {}


NUMBER = re.compile(r"\d+")
WORDS = st.sampled_from(
    [
        "people",
        "came",
        "signed",
        "up",
        "RSVPs",
        "on",
        "at",
        "Nov",
        "the",
        "in",
        "of",
        "talk",
        "workshop",
        "hours",
        "min",
        "days",
        "€",
        "$",
        "~",
        "about",
        ",",
        ";",
        "-",
        "(",
        ")",
        "/",
        ".",
        ":",
        "seats",
        "max",
        "expecting",
        "views",
        "projects",
        "last",
        "next",
        "week",
        "March",
        "#14",
        "v2",
        "episode",
        "and",
        "to",
    ]
)
PIECES = st.lists(st.one_of(WORDS, st.integers(0, 5000).map(str)), min_size=2, max_size=14)


@given(PIECES)
@example(["0", "/", "0", "came"])
@example(["14", "of", "31", "showed", "up"])
def test_every_number_of_a_line_lands_or_is_named_or_stays_in_the_title(pieces):
    line = " ".join(pieces)
    try:
        item = read(line, NOW, UTC)
    except AlmanacError:
        return
    covered = [False] * len(item.text)
    for fact in item.facts:
        assert not any(covered[fact.start : fact.end]), "no piece of a line is two facts"
        covered[fact.start : fact.end] = [True] * (fact.end - fact.start)
    kept = f"{item.title} {' '.join(item.not_understood)}"
    for number in NUMBER.finditer(item.text):
        assert covered[number.start()] or number[0] in NUMBER.findall(kept), (line, number[0], item)


@given(st.text(max_size=400))
def test_any_text_is_a_title_or_a_sentence(text):
    try:
        item = read(text, NOW, UTC)
    except AlmanacError as error:
        assert str(error).endswith((".", "!"))
    else:
        assert 0 < len(item.title) <= 300
        assert not {"Cc", "Cs"} & {category(letter) for letter in item.title}


@pytest.mark.parametrize(
    "line",
    ["x" * 10_000, "1" * 2000, "12 " * 600, "- " * 900, "nov " * 400, "مرحبا 12 شخص", "🎉" * 900,
     "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "a\x00b\x07c", "İ 12 people", "(" * 900],
)  # fmt: skip
def test_hostile_lines_end_in_a_title_or_a_sentence(line):
    try:
        assert read(line, NOW, UTC).title
    except AlmanacError as error:
        assert len(str(error)) < 200


@pytest.mark.parametrize(
    ("line", "day", "month_first"),
    [
        ("Talk, 3/4", date(2026, 4, 3), None),
        ("Talk, 3/4", date(2026, 4, 3), False),
        ("Talk, 3/4", date(2026, 3, 4), True),
        ("Talk, 14/11", date(2026, 11, 14), True),
        ("Talk, 11/14/2026", date(2026, 11, 14), False),
        ("Talk 14.11.", date(2026, 11, 14), True),
    ],
)
def test_dates_in_numbers_follow_the_setting_where_both_readings_are_possible(
    line, day, month_first
):
    item = read(f"{line}, 20 people came", NOW, UTC, "", Settings(month_first=month_first))

    assert item.day == day
    assert item.unsure_day == (line == "Talk, 3/4" and month_first is None)


@pytest.mark.parametrize(
    "said", ["31/13", "30 Feb", "13/13/2026", "2026-02-30", "Novmber 12", "35.11.", "25:30"]
)
def test_what_looks_like_a_date_and_is_none_is_named(said):
    item = read(f"Talk at PyCon, {said}, 20 people came", NOW, UTC)

    assert any(said.strip(".") in piece for piece in item.not_understood)
    assert item.counts == {"attended": 20}


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("spoke at PyCon DE last thursday ~120 ppl", "spoke at PyCon DE"),
        ("Yesterday: podcast interview w/ Kai, 1h15m", "podcast interview w/ Kai"),
        ("Published post 'Why 2 is enough' (4,300 views)", "Published post 'Why 2 is enough'"),
        ("hackathon 5-6 dec", "hackathon"),
        ("Talk on Monday about Monday.com", "Talk on Monday about Monday.com"),
        ("Gave a 45 min talk on Go", "Gave a 45 min talk on Go"),
        ("Talk: 'From 0 to 1M users', 40 came", "Talk: 'From 0 to 1M users'"),
        ("room was packed (~70), great crowd", "room was packed, great crowd"),
    ],
)
def test_titles_lose_facts_at_their_edges_and_nothing_of_their_middle(line, title):
    assert read(line, NOW, UTC).title == title


@pytest.mark.parametrize(
    ("line", "counts", "approximate"),
    [
        ("Meetup, ~70 people", {"attended": 70}, True),
        ("Meetup, about 70 came", {"attended": 70}, True),
        ("Meetup, 70+ attendees", {"attended": 70}, True),
        ("Meetup, 35ish in the room", {"attended": 35}, True),
        ("Meetup, 30-40 people", {"attended": 35}, True),
        ("Meetup, two dozen people", {"attended": 24}, True),
        ("Meetup, 70 people", {"attended": 70}, False),
        ("Meetup, nobody came", {"attended": 0}, False),
        ("Meetup, 1.2k viewers", {"attended": 1200}, True),
    ],
)
def test_rough_counts_are_approximate(line, counts, approximate):
    item = read(line, NOW, UTC)

    assert (item.counts, "attended" in item.approximate) == (counts, approximate)


@pytest.mark.parametrize("name", ["Evenings", "Developer Talks"])
@pytest.mark.parametrize("form", ["{}: spoke on Go", "spoke on Go @{}", "spoke on Go, in {}"])
def test_a_program_is_named_before_a_colon_after_an_at_or_after_in(name, form):
    programs = {"evenings": "Evenings", "developer talks": "Developer Talks"}
    item = read(form.format(name), NOW, UTC, "", Settings(programs=programs))

    assert (item.program, item.title) == (name, "spoke on Go")


def test_periods_and_spans_of_days():
    month = read("Fireside chat in October, 70 guests", NOW, UTC)
    quarter = read("Q3 2026: gave 5 talks", NOW, UTC)
    span = read("Hackathon 21-23 Nov", NOW, UTC)
    evening = read("Meetup tomorrow at 7", NOW, UTC)
    zoned = read("Call on 5 Dec 4pm IST", NOW, UTC)

    assert (month.day, month.period) == (date(2026, 10, 1), "month")
    assert (quarter.day, quarter.period) == (date(2026, 7, 1), "quarter")
    assert (span.day, span.ends_at.date()) == (date(2026, 11, 21), date(2026, 11, 23))
    assert evening.starts_at == datetime(2026, 11, 29, 19, tzinfo=UTC)
    assert zoned.starts_at == datetime(2026, 12, 5, 10, 30, tzinfo=UTC)


@given(st.integers(-700, 700))
def test_a_day_without_a_year_is_the_nearest_one(shift):
    day = TODAY + timedelta(days=shift)
    item = read(f"Talk on APIs on {day:%-d %B}", NOW, UTC)

    assert (item.day.month, item.day.day) == (day.month, day.day)
    if abs(shift) < 180:
        assert item.day == day


def test_travel_counts_as_hours_and_is_named():
    item = read("Keynote in Lyon yesterday, 45 min talk, 2 days of travel", NOW, UTC)

    assert (item.hours, item.travel) == (16.75, 16)


def test_hours_of_a_day_follow_the_setting():
    assert read("Wrote docs, 2 days", NOW, UTC, "", Settings(hours_a_day=7)).hours == 14


@pytest.mark.parametrize(
    ("said", "cost"),
    [("€84", (84, "EUR")), ("EUR 180", (180, "EUR")), ("$300", (300, "USD")),
     ("1.234,50 €", (1234.5, "EUR")), ("$1,234.50", (1234.5, "USD")), ("3 x €20", (60, "EUR")),
     ("$1.2k", (1200, "USD")), ("120 euros", (120, "EUR"))],
)  # fmt: skip
def test_costs_in_the_ways_people_write_them(said, cost):
    item = read(f"Meetup, {said}", NOW, UTC)

    assert ((item.cost, item.currency), item.title) == (cost, "Meetup")


def test_a_second_currency_and_a_second_count_are_named_and_not_lost():
    item = read("Meetup, $300, €20, 40 people came, 50 attended", NOW, UTC)

    assert (item.cost, item.currency, item.counts) == (300, "USD", {"attended": 40})
    assert item.not_understood == ("50 attended", "€20")


def test_people_in_the_room_and_online_are_added_up():
    assert read("Talk, 30 in the room, 45 online", NOW, UTC).counts == {"attended": 75}
