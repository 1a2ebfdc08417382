from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

import samples
from almanac.core.vocabulary import GuestState
from almanac.sources.base.documents import Document
from almanac.sources.base.rows import UnreadableError
from almanac.sources.recognise import UnmappedError, harvest

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)


def read(text, name="file.csv", mapping=None):
    data = text if isinstance(text, bytes) else text.encode()
    return harvest(Document(name, data), BERLIN, NOW, lambda _table: mapping)


def test_events_table():
    found = read(samples.EVENTS)

    first, second, third, fourth = found.events
    assert (
        first.title, first.signups, first.attended, first.attended_evidence, first.status,
    ) == ("First meetup", 31, 22, "counted", "done")  # fmt: skip
    assert first.starts_at == datetime(2026, 1, 14, 17, tzinfo=UTC)
    assert (second.attended, second.attended_evidence) == (None, "")
    assert (third.status, third.signups, third.program) == ("dropped", 12, "")
    assert (fourth.status, fourth.seats) == ("planned", 40)
    assert found.rejected == ()


def test_events_table_reads_capacity_as_seats_and_any_column_order():
    found = read("signups,capacity,title,starts_at\n5,30,Hello,2026-01-01T10:00:00Z\n")

    assert (found.events[0].seats, found.events[0].signups) == (30, 5)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("M,9,T,0000-01-01T00:00:00Z,,past,,,,,,,,", "starts_at"),
        ("M,9,T,9999-12-31T00:00:00Z,,past,,,,,,,,", "year 9999"),
        ("M,,,2026-01-01T00:00:00Z,,past,,,,,,,,", "neither title nor event_id"),
        ("M,9,T,2026-01-01T00:00:00Z", "has 4 cells"),
    ],
)
def test_events_table_turns_rows_away_with_a_reason(row, reason):
    found = read(samples.EVENTS.splitlines()[0] + "\n" + row + "\n")

    assert len(found.rejected) == 1
    assert reason in found.rejected[0].reason
    assert found.rejected[0].row == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("M,9,T,2026-01-01T00:00:00Z,,past,,,,,-4,,,", "can’t be negative"),
        ("M,9,T,2026-01-01T00:00:00Z,,past,,,,,many,,,", "whole number"),
        ("M,9,T,2026-01-01T00:00:00Z,,maybe,,,,,,,,", "status"),
        ("M,9,T,2026-01-01T00:00:00Z,,past,moon,,,,,,,", "format"),
        ("M,9,T,2026-01-01T00:00:00Z,some day,past,,,,,,,,", "announced_at"),
        ("M,9,T,2026-01-01T00:00:00Z,,past,,,,,99999999999999999999,,,", "more than"),
        ("M,9,T,2026-01-01T00:00:00Z,,past,,,,,9,,counted,", "attended is empty"),
        ("M,9,T,2026-01-01T00:00:00Z,,past,,,,,9,50,not_measured,", "attended is 50"),
    ],
)
def test_an_unreadable_optional_cell_is_left_out_and_its_event_stays(row, reason):
    found = read(samples.EVENTS.splitlines()[0] + "\n" + row + "\n")

    assert not found.rejected
    assert found.events[0].title == "T"
    assert any(reason in remark and "row 2" in remark for remark in found.remarks)


def test_attended_above_signups_is_real():
    row = "M,9,T,2026-01-01T00:00:00Z,,past,,,,,20,31,counted,"

    found = read(samples.EVENTS.splitlines()[0] + "\n" + row + "\n")

    assert (found.events[0].signups, found.events[0].attended) == (20, 31)


def test_pace_table():
    found = read(samples.PACE)

    assert [row.signups for row in found.pace] == [2, 9, 9]


@pytest.mark.parametrize("first", ["api_id", "guest_id"])
def test_luma_keeps_every_state_apart(first):
    listed = read("\ufeff" + samples.luma(first, came=("alice",))).guest_list

    assert listed.counts() == {
        GuestState.ATTENDED: 1,
        GuestState.SIGNED_UP: 2,
        GuestState.PENDING: 1,
        GuestState.INVITED: 2,
        GuestState.DECLINED: 1,
        GuestState.WAITLISTED: 1,
    }
    assert listed.event_id == "evt-Ab12Cd"


def test_a_luma_state_nobody_knows_keeps_the_guest_and_is_said():
    found = read(samples.luma().replace("waitlist", "teleported"))

    assert any("teleported" in remark for remark in found.remarks)
    assert len(found.guest_list.guests) == 8


def test_eventbrite_counts_attendees_not_orders():
    listed = read(samples.EVENTBRITE).guest_list

    assert (listed.counts()) == {
        GuestState.ATTENDED: 1,
        GuestState.SIGNED_UP: 2,
        GuestState.CANCELLED: 1,
    }


def test_bevy_leaves_masked_addresses_out():
    found = read(samples.bevy())

    assert {""} == {guest.email for guest in found.guest_list.guests}
    assert any("masked" in remark for remark in found.remarks)


@pytest.mark.parametrize("text", [samples.ZOOM_PLAIN, samples.ZOOM_BLOCK])
def test_zoom_counts_people_who_rejoin_once(text):
    listed = read(text).guest_list

    assert [guest.name for guest in listed.guests] == ["Alice Original", "Bob", "Carol"]
    assert not listed.is_register
    assert listed.starts_at.astimezone(BERLIN).date() == date(2026, 2, 20)


def test_zoom_block_names_the_meeting():
    listed = read(samples.ZOOM_BLOCK).guest_list

    assert (listed.title, listed.event_id) == ("Docs hour", "123456789")


def test_zoom_japanese_headers_and_dates():
    listed = read(samples.ZOOM_JAPANESE).guest_list

    assert [guest.name for guest in listed.guests] == ["花子", "太郎"]
    assert listed.starts_at == datetime(2026, 2, 20, 18, 0, 10, tzinfo=BERLIN)


def test_zoom_day_first_dates_are_read_the_same_in_every_row():
    text = samples.ZOOM_PLAIN.replace("02/20/2026", "20/02/2026").replace(" PM", "")

    found = read(text)

    assert found.guest_list.starts_at.month == 2
    assert any("day/month" in remark for remark in found.remarks)


def test_meetup_rest():
    past, called_off = read(samples.MEETUP_REST, "events.json").events

    assert (
        past.title, past.signups, past.waitlisted, past.seats, past.attended, past.attended_evidence,
    ) == ("Python evening", 44, 3, 50, 30, "")  # fmt: skip
    assert (past.program, past.zone, past.format) == ("Pythonistas", "+01:00", "in_person")
    assert (called_off.status, called_off.signups) == ("dropped", 12)


def test_meetup_graph():
    (event,) = read(samples.MEETUP_GRAPH, "events.json").events

    assert (
        event.title, event.signups, event.format, event.status,
    ) == ("Online hour", 71, "online", "done")  # fmt: skip


def test_calendar_recurrence_exceptions_and_whole_days():
    found = read(samples.ICS, "calendar.ics")

    when = [(row.title, row.starts_at or row.day) for row in found.events]
    assert found.choosable
    assert [
        ("Docs hour", datetime(2026, 3, 5, 18, tzinfo=BERLIN)),
        ("Dentist", date(2026, 3, 10)),
        ("Docs hour", datetime(2026, 3, 12, 18, tzinfo=BERLIN)),
        ("Docs hour, moved", datetime(2026, 3, 27, 20, tzinfo=BERLIN)),
        ("Docs hour", datetime(2026, 4, 2, 18, tzinfo=BERLIN)),
    ] == when
    assert len({row.event_id for row in found.events}) == 5


def test_calendar_that_repeats_every_second_is_turned_away():
    text = samples.ICS.replace("RRULE:FREQ=WEEKLY;COUNT=5", "RRULE:FREQ=SECONDLY")

    found = read(text, "calendar.ics")

    assert "repeats within the day" in found.rejected[0].reason


def test_plain_table_asks_for_its_columns_and_then_reads_them():
    with pytest.raises(UnmappedError) as asked:
        read(samples.PLAIN)
    assert (asked.value.guess) == {
        "event": "title",
        "when": "day",
        "team": "program",
        "came": "attended",
        "cost": "cost",
    }

    found = read(
        samples.PLAIN.replace("Broken date,sometime,Fun,12,\n", ""), mapping=asked.value.guess
    )

    (event,) = found.events
    assert (event.title, event.attended, event.cost) == ("Spring party", 33, 1200.5)
    assert event.starts_at == datetime(2026, 3, 14, 18, tzinfo=BERLIN)
    assert any("month/day" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "empty.csv", "is empty"),
        (b"   \n ", "blank.csv", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "picture.png", "not a text file"),
        (b"{", "broken.json", "broken JSON at line 1"),
        (b"[" * 100_000, "deep.json", "cannot be read"),
        (b'{"a": 1}', "other.json", "not something Almanac can import"),
        (b"<html></html>", "page.html", "is a web page"),
        (b"just words", "words.txt", "not something"),
        (b"BEGIN:VCALENDAR\nX\n", "bad.ics", "broken calendar"),
        (b"a," * 10_000 + b"b\n1\n", "wide.csv", "columns"),
        (b"\xff\xfea\x00,\x00b", "half.csv", "breaks off"),
        (b"PK\x03\x04rubbish", "bad.zip", "damaged"),
    ],
)
def test_what_cannot_be_read_says_so_in_one_sentence(data, name, says):
    from almanac.sources.base.reading import documents_in

    with pytest.raises(UnreadableError, match=says) as refused:  # noqa: PT012 - either may refuse
        for document in documents_in(name, data):
            harvest(document, BERLIN, NOW, lambda _table: None)

    assert name in str(refused.value)
    assert "\n" not in str(refused.value)
