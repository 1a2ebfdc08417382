"""Boards from Trello and tables, and busy blocks from calendars."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.conftest import shared

from almanac.sources.base.documents import Document
from almanac.sources.base.reading import table_from_text
from almanac.sources.base.rows import UnreadableError
from almanac.sources.calendars import busy
from almanac.sources.services import trello
from almanac.sources.tables import board_table

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
CARD = "65a0f1c0" + "a" * 16
BOARD = {
    "name": "Work",
    "lists": [
        {"id": "l1", "name": "Ideas", "closed": False},
        {"id": "l2", "name": "In progress", "closed": False},
        {"id": "l3", "name": "Shipped!", "closed": False},
    ],
    "labels": [{"id": "b1", "name": "docs", "color": "red"}],
    "members": [{"id": "m1", "fullName": "Robin Example", "username": "robin"}],
    "cards": [
        {
            "id": CARD, "name": "Write the guide", "desc": "With examples.", "idList": "l3",
            "due": "2024-02-10T22:30:00.000Z", "dueComplete": False, "closed": False,
            "labels": [{"name": "docs"}, {"name": "", "color": "green"}], "idMembers": ["m1"],
            "attachments": [{"url": "https://example.org/a"}, {"url": "javascript:alert(1)"}],
            "dateLastActivity": "2024-02-11T08:00:00.000Z",
        },
        {"id": "65a0f1c1" + "b" * 16, "name": "Archived", "idList": "l1", "closed": True},
        {"id": "65a0f1c2" + "c" * 16, "name": "A template", "idList": "l1", "isTemplate": True},
        {"id": "65a0f1c3" + "d" * 16, "name": "", "idList": "l1"},
    ],
    "checklists": [
        {"idCard": CARD, "name": "Steps", "checkItems": [
            {"id": "i2", "name": "second", "pos": 2, "state": "incomplete"},
            {"id": "i1", "name": "first", "pos": 1, "state": "complete"},
        ]},
    ],
    "actions": [
        {"type": "updateCard", "date": "2024-02-11T08:00:00.000Z",
         "data": {"card": {"id": CARD}, "listBefore": {"id": "l2"}, "listAfter": {"id": "l3"}}},
        {"type": "commentCard", "date": "2024-01-20T10:00:00.000Z",
         "data": {"card": {"id": CARD}, "text": "Looks good"}},
        {"type": "updateCard", "date": "2024-01-15T10:00:00.000Z",
         "data": {"card": {"id": CARD}, "listBefore": {"id": "l1"}, "listAfter": {"id": "l2"}}},
        {"type": "updateBoard", "date": "2024-01-14T10:00:00.000Z", "data": {}},
    ],
}  # fmt: skip


def test_a_card_comes_whole_with_its_history():
    found = trello.read(BOARD, BERLIN)
    guide, archived = found.cards
    assert (guide.status, guide.column, guide.holder) == ("done", "Shipped!", "Robin Example")
    assert guide.due == date(2024, 2, 10)
    assert guide.day == date(2024, 2, 11)
    assert guide.tags == ("docs", "green")
    assert guide.links == ("https://example.org/a",)
    assert [(i.title, i.done) for i in guide.items] == [("first", True), ("second", False)]
    assert [(m.came_from, m.went_to) for m in guide.moves] == [
        ("", "idea"), ("idea", "doing"), ("doing", "done"),
    ]  # fmt: skip
    assert guide.moves[0].at == guide.created_at == datetime.fromtimestamp(0x65A0F1C0, UTC)
    assert guide.comments == ("2024-01-20: Looks good",)
    assert archived.status == "dropped"
    assert [each.reason for each in found.rejected] == ["is a template", "has no title or no id"]
    assert any("1 updateBoard" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("column", "status"),
    [
        ("To Do", "planned"), ("Next up", "planned"), ("DONE ✅", "done"), ("In-Progress", "doing"),
        ("Requests", "asked"), ("Backlog", "idea"), ("Incomplete", "idea"), ("Not done yet", "idea"),
        ("Networking", "idea"), ("Interactive demos", "idea"), ("Someday", "idea"), ("Declined", "declined"),
    ],
)  # fmt: skip
def test_lists_are_read_by_their_words(column, status):
    assert trello.status_of(column) == status


def test_what_is_written_out_comes_back_the_same():
    cards = list(trello.read(BOARD, BERLIN).cards)
    again = trello.read(json.loads(json.dumps(trello.write("Work", cards))), BERLIN).cards
    for one, other in zip(cards, again, strict=True):
        for name in ("key", "title", "status", "due", "holder", "tags", "links", "items"):
            assert getattr(one, name) == getattr(other, name), name
        assert [(m.came_from, m.went_to) for m in one.moves] == [
            (m.came_from, m.went_to) for m in other.moves
        ]


@pytest.mark.parametrize(
    "broken",
    [
        {"cards": [{"id": 5, "name": 7, "idList": None, "labels": "x"}], "lists": [None, {"id": 1}]},
        {"cards": [{"id": "zz", "name": "x", "due": "soon", "idMembers": None}], "lists": []},
        {"cards": [{"id": "a" * 24, "name": "x", "idMembers": 5, "due": "9999-12-31T23:59:59-12:00",
                    "dateLastActivity": "0001-01-01T00:00:00+14:00", "dueComplete": True}],
         "lists": [], "actions": [{"data": "s", "date": "2024-01-01T00:00:00Z"}],
         "checklists": [{"checkItems": [{"pos": 10**400, "name": "x"}]}]},
        {"cards": [{}], "lists": [], "actions": [{"data": {"card": "x"}, "date": 5}],
         "checklists": [{"checkItems": [{"pos": "a"}]}]},
    ],
)  # fmt: skip
def test_a_board_cut_about_breaks_nothing(broken):
    trello.read(broken, BERLIN)


def test_the_shared_sample_comes_whole():
    board = json.loads(shared("fixtures/trello/trello2planka_sample-board-export.json").read_text())
    found = trello.read(board, BERLIN)
    assert len(found.cards) + len(found.rejected) == len(board["cards"]) == 10
    items = sum(len(c["checkItems"]) for c in board["checklists"])
    assert sum(len(card.items) for card in found.cards) == items
    comments = [a for a in board["actions"] if a["type"] == "commentCard"]
    assert sum(len(card.comments) for card in found.cards) == len(comments)


TABLE = """Card Name,List Name,Due Date,Labels,Members,Card Description,Hours,Checklist
Guide,Doing,2026-05-04,"docs, api",Robin,Text,4h,"[x] one
[ ] two"
,Doing,,,,,,
Big,Backlog,,,,,20000,
"""


def test_a_table_of_cards():
    found = board_table.read(table_from_text("b.csv", TABLE), BERLIN)
    guide, big = found.cards
    assert (guide.status, guide.hours, guide.due) == ("doing", 4.0, date(2026, 5, 4))
    assert [(i.title, i.done) for i in guide.items] == [("one", True), ("two", False)]
    assert [r.reason for r in found.rejected] == ["has no title"]
    assert big.hours is None
    assert any("says 20,000 hours; a card takes up to 2,000" in text for text in found.remarks)


# Calendars


def calendar(*events, zone=""):
    parts = "".join(f"BEGIN:VEVENT\r\n{event.strip()}\r\nEND:VEVENT\r\n" for event in events)
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{zone}{parts}END:VCALENDAR\r\n"
    return Document("c.ics", "\r\n".join(text.split("\r\n")).encode())


def event(start, end="", *more):
    lines = [f"UID:{start}{end}{len(more)}", "SUMMARY:Secret talk with Ana", f"DTSTART{start}"]
    return "\r\n".join([*lines, *([f"DTEND{end}"] if end else []), *more])


def read(*events):
    return busy.read(calendar(*events), BERLIN, FIRST, LAST)


def test_blocks_are_start_end_and_kind():
    found = read(
        event(":20260504T090000Z", ":20260504T100000Z"),
        event(":20260505T090000", ":20260505T100000"),
        event(";VALUE=DATE:20260506", ";VALUE=DATE:20260508"),
        event(":20260507T090000Z", ":20260507T100000Z", "TRANSP:TRANSPARENT"),
        event(":20260508T090000Z", ":20260508T100000Z", "STATUS:CANCELLED"),
        event(":20260509T090000Z"),
    )
    assert [row.kind for row in found.rows] == ["meeting", "meeting", "all_day"]
    assert found.rows[1].starts_at == datetime(2026, 5, 5, 7, tzinfo=UTC)
    assert found.rows[2].ends_at - found.rows[2].starts_at == timedelta(days=2)
    assert found.left_out == {"free": 1, "cancelled": 1, "without an end": 1}


@pytest.mark.parametrize(
    "data",
    [b"", b"BEGIN:VCARD\r\nEND:VCARD\r\n", b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n"],
)
def test_what_is_no_whole_calendar_is_refused(data):
    with pytest.raises(UnreadableError, match="broken calendar"):
        busy.read(Document("c.ics", data), BERLIN, FIRST, LAST)


def test_time_off_is_told_by_whole_words_and_takes_the_day():
    def named(title, *times):
        return event(*times).replace("Secret talk with Ana", title)

    found = read(
        named("New laptop setup", ":20260504T090000Z", ":20260504T100000Z"),
        named("Crypto meetup", ":20260505T090000Z", ":20260505T100000Z"),
        named("Plan the holiday party", ":20260506T090000Z", ":20260506T100000Z"),
        named("Vacation", ";VALUE=DATE:20260507", ";VALUE=DATE:20260509"),
    )
    assert [row.kind for row in found.rows] == ["meeting", "meeting", "meeting", "off"]


def test_what_repeats_too_often_is_refused_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr(busy, "MOST_BLOCKS", 300)
    with pytest.raises(UnreadableError, match="repeats too often"):
        read(event(":20250104T090000Z", ":20250104T100000Z", "RRULE:FREQ=DAILY"))


def test_repetitions_exceptions_and_the_change_of_the_clock():
    weekly = (
        "UID:w\r\nDTSTART;TZID=Europe/Berlin:20260316T090000\r\n"
        "DTEND;TZID=Europe/Berlin:20260316T093000\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\n"
        "EXDATE;TZID=Europe/Berlin:20260323T090000\r\nSUMMARY:Weekly"
    )
    moved = (
        "UID:w\r\nRECURRENCE-ID;TZID=Europe/Berlin:20260406T090000\r\n"
        "DTSTART;TZID=Europe/Berlin:20260407T150000\r\nDTEND;TZID=Europe/Berlin:20260407T153000\r\n"
        "SUMMARY:Weekly"
    )
    found = read(weekly, moved)
    assert [row.starts_at.isoformat()[:16] for row in found.rows] == [
        "2026-03-16T08:00", "2026-03-30T07:00", "2026-04-07T13:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rule", ["RRULE:FREQ=SECONDLY", "RRULE:FREQ=NONSENSE", "RRULE:FREQ=DAILY;UNTIL=x"]
)
def test_broken_repetitions_leave_the_rest(rule):
    found = read(
        event(":20260504T090000Z", ":20260504T100000Z", rule),
        event(":20260505T090000Z", ":20260505T100000Z"),
    )
    assert any(row.starts_at.day == 5 for row in found.rows)


def test_no_calendar_of_the_collection_breaks_anything():
    folder = shared("fixtures/ics/icalendar")
    read_ = 0
    for file in sorted(folder.glob("*.ics")):
        try:
            busy.read(Document(file.name, file.read_bytes()), BERLIN, FIRST, LAST)
            read_ += 1
        except UnreadableError as error:
            assert file.name in str(error)
    # The others are parts of calendars.
    assert read_ > 110
