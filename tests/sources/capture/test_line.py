from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac.sources.base.cells import BadCellError
from almanac.sources.capture.kinds import kind_of
from almanac.sources.capture.line import read

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
TODAY = date(2026, 3, 18)


def captured(text, on=""):
    return read(text, NOW, BERLIN, on)


def test_the_line_everyone_tries_first():
    item = captured("Gave the API talk at PyTexas, 80 people, 6h")

    assert (
        item.title, item.kind, item.status, item.day, item.hours, item.counts,
    ) == ("Gave the API talk at PyTexas", "talk", "done", TODAY, 6, {"attended": 80})  # fmt: skip


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", TODAY),
        ("yesterday", date(2026, 3, 17)),
        ("tomorrow", date(2026, 3, 19)),
        ("on Monday", date(2026, 3, 16)),
        ("last Wednesday", date(2026, 3, 11)),
        ("next Wednesday", date(2026, 3, 25)),
        ("2026-01-31", date(2026, 1, 31)),
        ("5 days ago", date(2026, 3, 13)),
        ("a week ago", date(2026, 3, 11)),
        ("in 2 weeks", date(2026, 4, 1)),
        ("on 3 February", date(2026, 2, 3)),
        ("on Feb 3rd, 2025", date(2025, 2, 3)),
        ("on 30 December", date(2025, 12, 30)),
    ],
)
def test_days(words, day):
    item = captured(f"Gave a talk {words}")

    assert (day, "Gave a talk") == (item.day, item.title)
    assert ("planned" if day > TODAY else "done") == item.status


@pytest.mark.parametrize(
    ("words", "hour", "minute"),
    [("18:30", 18, 30), ("at 6pm", 18, 0), ("at 12 am", 0, 0), ("at 9:15 am", 9, 15)],
)
def test_times_of_day_are_local(words, hour, minute):
    item = captured(f"Meetup next Tuesday {words}")

    assert datetime(2026, 3, 24, hour, minute, tzinfo=BERLIN) == item.starts_at


@pytest.mark.parametrize(
    ("words", "hours"), [("6h", 6), ("1.5 h", 1.5), ("90 min", 1.5), ("1h30", 1.5), ("2 hours", 2)]
)
def test_hours(words, hours):
    assert hours == captured(f"Wrote docs, {words}").hours


@pytest.mark.parametrize(
    ("words", "cost", "currency"),
    [
        ("$120", 120, "USD"),
        ("€45.50", 45.5, "EUR"),
        ("1,200 GBP", 1200, "GBP"),
        ("CHF 30", 30, "CHF"),
    ],
)
def test_costs(words, cost, currency):
    item = captured(f"Hackathon, {words}")

    assert (cost, currency, "Hackathon") == (item.cost, item.currency, item.title)


def test_counts_links_and_tags():
    item = captured(
        "Hackathon, 1,200 signed up, 40 submissions, 300 interested https://a.example/x #api #Go"
    )

    assert item.counts == {"signups": 1200, "submissions": 40, "interested": 300}
    assert (item.links, item.tags) == (("https://a.example/x",), ("api", "go"))


@pytest.mark.parametrize(
    ("prefix", "status"),
    [("idea", "idea"), ("asked", "asked"), ("plan", "planned"), ("doing", "doing")],
)
def test_prefixes_say_the_status(prefix, status):
    item = captured(f"{prefix}: judge the student hackathon")

    assert (status, "judge the student hackathon") == (item.status, item.title)


def test_days_said_apart_may_be_in_any_language():
    assert date(2026, 3, 16) == captured("Talk", "vorgestern").day
    assert date(2026, 3, 13) == captured("Talk", "last friday").day


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "x" * 6000, "12 people " * 1000, "yesterday", "on 3 March"]
)
def test_lines_that_cannot_be_read_say_why(text):
    with pytest.raises(BadCellError):
        captured(text)


def test_unknown_days_say_what_to_try():
    with pytest.raises(BadCellError, match="2026-03-05"):
        captured("Talk", "the day after never")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Wrote the retro of the hackathon", "task"),
        ("Published part four", "post"),
        ("Meeting about the hackathon", "meeting"),
        ("Winter hackathon", "hackathon"),
        ("Space: portfolios", "stream"),
        ("Answered eleven questions", "task"),
        ("CFP for PyCon submitted", "cfp"),
        ("Workshop on docs", "workshop"),
        ("Small group conversation", "event"),
    ],
)
def test_kinds(title, kind):
    assert kind == kind_of(title)


def test_what_people_sign_up_for_is_something_they_come_to():
    assert captured("Lunch and learn next Tuesday, 30 signed up").kind == "event"
    assert captured("Coffee and code tomorrow, 30 seats").kind == "event"
    assert captured("Lunch with two maintainers").kind == "meeting"


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_or_refused_with_a_sentence(text):
    try:
        item = captured(text)
    except BadCellError as error:
        assert str(error).endswith((".", "h"))
    else:
        assert item.title
        assert "\0" not in item.title


@pytest.mark.parametrize(
    ("line", "title", "begins", "ends"),
    [
        ("Thu/Fri offsite", "offsite", "2026-03-12", "2026-03-13"),
        ("booth next Sat & Sun", "booth", "2026-03-21", "2026-03-22"),
        ("Conference next Mon-Wed", "Conference", "2026-03-23", "2026-03-25"),
        ("workshop Mon and Tue", "workshop", "2026-03-16", "2026-03-17"),
    ],
)
def test_neighbouring_weekdays_are_one_stretch(line, title, begins, ends):
    item = read(line, NOW, UTC)

    assert (item.title, str(item.day), str(item.ends_at)[:10]) == (title, begins, ends)
    assert not item.not_understood


def test_saturday_and_sunday_may_be_short_before_a_time():
    assert read("stream Sat at 20:00", NOW, UTC).title == "stream"
    assert read("sat on a panel", NOW, UTC).title == "sat on a panel"


@pytest.mark.parametrize(
    ("line", "named"),
    [("stream Tue and Thu at 20:00", "Thu at 20:00"), ("Meetup at 18:75", "18:75")],
)
def test_a_day_or_time_that_is_none_is_named(line, named):
    assert named in read(line, NOW, UTC).not_understood


@pytest.mark.parametrize(
    ("line", "who", "day", "title"),
    [
        ("talked to Ada at VueConf, follow up in two weeks", "Ada", date(2026, 4, 1), "talked to Ada at VueConf"),
        ("1:1 with Mei-Ling Chou; follow up on 3 April", "Mei-Ling Chou", date(2026, 4, 3), "1:1 with Mei-Ling Chou"),
        ("talked to Noor Haddad and Jan de Vries at PyCon, follow up in two weeks", "Noor Haddad and Jan de Vries", date(2026, 4, 1), "talked to Noor Haddad and Jan de Vries at PyCon"),
        ("Met Омар at FOSDEM and follow up with him next Friday", "Омар", date(2026, 3, 20), "Met Омар at FOSDEM"),
        ("met Ada and Bob at PyCon, ping her in a week", "Ada and Bob", date(2026, 3, 25), "met Ada and Bob at PyCon"),
        ("talked to Ada about limits at VueConf, get back to her on Friday", "Ada", date(2026, 3, 20), "talked to Ada about limits at VueConf"),
        ("met Grace at FOSDEM, will check in with her next Friday", "Grace", date(2026, 3, 20), "met Grace at FOSDEM"),
        ("coffee with Kim, email him on Friday", "Kim", date(2026, 3, 20), "coffee with Kim"),
        ("chatted with Kim; circle back in two weeks", "Kim", date(2026, 4, 1), "chatted with Kim"),
    ],
)  # fmt: skip
def test_whom_to_talk_to_again(line, who, day, title):
    item = read(line, NOW, UTC)
    assert (item.talk.who, item.talk.again, item.title) == (who, day, title)
    assert (item.status, str(item.day)) == ("done", "2026-03-18")


@pytest.mark.parametrize(
    "line", ["Follow up with the venue on Friday", "talked to Ada, follow up", "met the team"]
)
def test_a_follow_up_without_a_name_or_a_day_is_only_words(line):
    talk = read(line, NOW, UTC).talk
    assert talk is None or talk.again is None


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("talked to Ada at VueConf, follow up in two weeks", "VueConf"),
        ("talked to Ada about limits at the Go Meetup Berlin 2026, follow up tomorrow", "Go Meetup Berlin 2026"),
        ("talked to Ada at lunch, follow up tomorrow", ""),
        ("talked to Ada, follow up on Friday at 10:00", ""),
    ],
)  # fmt: skip
def test_where_somebody_was_talked_to(line, where):
    assert read(line, NOW, UTC).talk.where == where


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        ("ran a 48-hour hackathon for students, 30 came", None), ("Ran a 24h game jam, 12h", 12),
        ("2h hack session with the team", 2), ("hackathon in March, 14h", 14),
    ],
)  # fmt: skip
def test_how_long_a_hackathon_goes_on_is_not_how_long_one_worked(line, hours):
    item = read(line, NOW, UTC)
    assert (item.hours, item.not_understood) == (hours, ())


@pytest.mark.parametrize(
    ("line", "starts", "ends"),
    [
        ("planned: Hack 2027-02-12 18:00 to 2027-02-14", "2027-02-12 18:00", "2027-02-14 23:59"),
        ("planned: Hack 12 Feb 18:00 – 14 Feb 16:00", "2027-02-12 18:00", "2027-02-14 16:00"),
        ("planned: Hack from 12 February 2027 to 14 February 2027", "", "2027-02-14 23:59"),
        ("planned: workshop Tuesday to Thursday", "", "2026-03-26 23:59"),
    ],
)
def test_a_day_with_a_time_to_another_day_is_a_span(line, starts, ends):
    item = read(line, NOW, UTC)
    assert (f"{item.starts_at:%Y-%m-%d %H:%M}" if item.starts_at else "") == starts
    assert f"{item.ends_at:%Y-%m-%d %H:%M}" == ends
    assert item.not_understood == ()


@pytest.mark.parametrize("between", [" to ", "–", " - ", "/", " until "])
def test_two_days_in_numbers_are_a_span(between):
    item = read(f"planned: HackKöln 2027-02-13{between}2027-02-14", NOW, UTC)
    assert item.day == date(2027, 2, 13)
    assert item.ends_at is not None
    assert item.ends_at.date() == date(2027, 2, 14)
    assert item.not_understood == ()


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("Talked with Maria Silva, Google, follow up in 2 weeks", "Maria Silva"),
        ("met Ada Lovelace, Lisbon, follow up in 2 weeks", "Ada Lovelace"),
        ("met Ada, Kim Park and Noor, follow up in 2 weeks", "Ada, Kim Park and Noor"),
    ],
)
def test_a_company_or_a_town_is_nobody(line, who):
    assert read(line, NOW, UTC).talk.who == who
