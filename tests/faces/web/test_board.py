"""Board, requests, load, “can I?” and time off as pages; and who may see what of them."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.conftest import NOW
from tests.sources.services.test_trello import calendar, event

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.capture import capture, understand
from almanac.actions.keeping.undo import undo
from almanac.actions.workload import board, time_off
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Break,
    Busy,
    CalendarFeed,
    CheckIn,
    Choice,
    PrivateSetting,
    ShownPlate,
)
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)


@pytest.fixture
def guide(logbook):
    (made,) = write_down(
        OWNER,
        [NewActivity(title="Write <the> guide", status="planned", hours=8,
                     fields={"due": TODAY + timedelta(days=20)})],
    )  # fmt: skip
    return made


def text(response):
    return response.content.decode()


def test_a_card_moves_and_can_be_undone(browser_client, guide):
    page = text(browser_client.get("/plan/board/"))
    assert "Write &lt;the&gt; guide" in page
    browser_client.post(
        f"/activities/{guide.pk}/status/", {"status": "doing", "back": "/plan/board/"}
    )
    guide.refresh_from_db()
    assert guide.status == "doing"
    assert "Undo" in text(browser_client.get("/plan/board/"))


def test_limits_are_kept_and_said(browser_client, guide):
    browser_client.post("/plan/board/limit/", {"column": "planned", "most": "1"})
    write_down(OWNER, [NewActivity(title="Another", status="planned")])
    assert "Over the limit" in text(browser_client.get("/plan/board/"))
    answer = browser_client.post(
        "/plan/board/limit/", {"column": "planned", "most": "many"}, follow=True
    )
    assert "not a whole number" in text(answer)


def test_a_request_is_noted_asked_about_and_answered(browser_client, logbook):
    browser_client.post(
        "/plan/requests/",
        {"title": "Judge", "asked_by": "Ana", "hours": "6", "due": "2026-04-10"},
    )
    asked = Activity.objects.get()
    page = text(browser_client.get("/plan/requests/"))
    assert "Ana asked" in page
    (link,) = re.findall(r'href="(/plan/can-i/\?activity=[^"]+)"', page)[:1]
    found = text(browser_client.get(link.replace("&amp;", "&")))
    assert "Say yes" in found
    assert "Answer with this text" in found
    browser_client.post(
        f"/activities/{asked.pk}/answer/", {"answer": "no", "reply": "Thank you, not now."}
    )
    page = text(browser_client.get("/plan/requests/"))
    assert "has saved 6 hours" in page
    bad = browser_client.post("/plan/requests/", {"title": "x", "hours": "lots"}, follow=True)
    assert "not a number" in text(bad)


def test_a_yes_from_can_i_goes_onto_the_board_and_is_kept(browser_client, guide):
    asked = {"title": "Keynote", "hours": "10", "by": "2026-05-01", "travel": "2d"}
    assert "say so once" in text(browser_client.get("/plan/can-i/", asked))
    settings = {
        "weekly_hours": "30",
        "work_days": "01234",
        "day_starts": "09:00",
        "day_ends": "18:00",
    }
    browser_client.post("/plan/time-off/settings/", settings | {"work_days": list("01234")})
    assert "It fits: " in text(browser_client.get("/plan/can-i/", asked))
    browser_client.post("/plan/can-i/", asked)
    keynote = Activity.objects.get(title="Keynote")
    assert (keynote.status, keynote.parts.get().kind) == ("planned", "travel")
    assert Choice.objects.get().title == "Keynote"
    assert "Requests you accepted" in text(browser_client.get("/plan/time-off/"))
    for asked_badly in ({"hours": "0", "by": "2026-05-01"}, {"hours": "3", "by": "2020-05-01"},
                        {"hours": "3", "by": "2026-05-01", "travel": "far"}):  # fmt: skip
        page = browser_client.get("/plan/can-i/", asked_badly)
        assert page.status_code == 200
        assert 'role="alert"' in text(page)


def test_what_an_activity_takes(browser_client, guide):
    address = f"/activities/{guide.pk}/parts/"
    browser_client.post(address, {"kind": "travel", "title": "Train", "days": "2"})
    part = guide.parts.get()
    assert "Train" in text(browser_client.get(f"/activities/{guide.pk}/"))
    browser_client.post(address, {"part": str(part.pk), "done": "1"})
    part.refresh_from_db()
    assert part.done
    bad = browser_client.post(address, {"kind": "travel", "days": "9000"}, follow=True)
    assert "up to 366 days" in text(bad)
    assert browser_client.post(address, {"part": "999"}, follow=True).status_code == 200


def test_the_load_page_tells_and_opens_its_rows(browser_client, guide):
    page = text(browser_client.get("/plan/workload/"))
    assert "1 commitment, " in page
    assert f'href="/activities/{guide.pk}/"' in page
    assert "Only you" in page


def test_how_much_is_logged_is_asked_once(browser_client, logbook):
    write_down(OWNER, [NewActivity(title="Work", day=TODAY - timedelta(days=7), hours=4)])
    page = text(browser_client.get("/plan/workload/"))
    assert "Is what you log about all you do in a week" in page
    browser_client.post("/plan/time-off/logged/", {"logged": "big"})
    page = text(browser_client.get("/plan/workload/"))
    assert "only the big things" in page
    assert "Is what you log" not in page
    browser_client.post("/plan/time-off/logged/", {"logged": "some"})
    assert "only the big things" in text(browser_client.get("/plan/workload/"))


def test_time_off_calendars_and_settings(browser_client, logbook):
    browser_client.post("/plan/time-off/break/", {"first": "2026-04-01", "last": "2026-04-05"})
    assert Break.objects.count() == 1
    browser_client.post("/plan/time-off/break/", {"cancel": str(Break.objects.get().pk)})
    assert not Break.objects.exists()
    file = SimpleUploadedFile(
        "work.ics", calendar(event(":20260318T090000Z", ":20260318T100000Z")).data
    )
    browser_client.post("/plan/time-off/calendar/", {"file": file, "name": "Work"})
    assert Busy.objects.get().title == ""
    assert "This week 1.0 h in meetings" in text(browser_client.get("/plan/time-off/"))
    bad = SimpleUploadedFile("x.ics", b"nonsense")
    answer = browser_client.post("/plan/time-off/calendar/", {"file": bad}, follow=True)
    assert answer.status_code == 200
    assert CalendarFeed.objects.count() == 1
    private = browser_client.post(
        "/plan/time-off/calendar/", {"address": "http://127.0.0.1/c.ics"}, follow=True
    )
    assert "private network" in text(private)
    browser_client.post("/plan/time-off/remove/", {"feed": str(CalendarFeed.objects.get().pk)})
    assert not Busy.objects.exists()
    browser_client.post(
        "/plan/time-off/settings/",
        {"weekly_hours": "20", "work_days": ["0", "1"], "day_starts": "08:00", "day_ends": "16:00"},
    )
    kept = dict(PrivateSetting.objects.values_list("key", "value"))
    assert (kept["weekly_hours"], kept["work_days"]) == (20, [0, 1])
    assert not {"nudges", "checks_in"} & set(kept), "those two are set on the settings page alone"
    assert browser_client.post("/plan/time-off/dance/").status_code == 404


def test_a_check_in_is_ones_own(browser_client, logbook):
    browser_client.post("/plan/time-off/check-in/", {"load": "4", "recovery": "2", "say_no": "5"})
    assert CheckIn.objects.get().say_no == 5
    page = text(browser_client.get("/plan/time-off/"))
    assert "no diagnosis" in page
    browser_client.post("/plan/time-off/check-in/", {"load": "9", "recovery": "2", "say_no": "5"})
    assert CheckIn.objects.get().load == 4
    browser_client.post("/plan/time-off/forget/")
    assert not CheckIn.objects.exists()


def test_a_plate_is_previewed_given_and_taken_back(browser_client, guide):
    shape = {"title": "Help", "pieces": ["promises", "words"], "words": "I am <full>"}
    preview = text(browser_client.post("/plan/time-off/show/", shape | {"step": "preview"}))
    assert "I am &lt;full&gt;" in preview
    assert not ShownPlate.objects.exists()
    file = browser_client.post("/plan/time-off/show/", shape | {"step": "file"})
    assert "attachment" in file["Content-Disposition"]
    made = text(browser_client.post("/plan/time-off/show/", shape | {"step": "link", "days": "7"}))
    (link,) = re.findall(r"/shown/[\w-]+/", made)

    outside = Client(HTTP_HOST="127.0.0.1:8765")
    shown = outside.get(link)
    assert shown.status_code == 200
    assert "I am &lt;full&gt;" in text(shown)
    assert "guide" not in text(shown)
    assert outside.get("/plan/workload/").status_code == 403
    browser_client.post("/plan/time-off/revoke/", {"shown": str(ShownPlate.objects.get().pk)})
    assert outside.get(link).status_code == 404


PRIVATE_WORDS = ("SECRETBREAK", "SECRETMEETING", "SECRETCHECK", "SECRETPLATE")


@pytest.fixture
def private_life(logbook):
    feed = time_off.add_calendar(OWNER, "SECRETMEETING", keeps_titles=True)
    time_off.read_calendar(OWNER, feed, calendar(event(":20260318T090000Z", ":20260318T100000Z")))
    time_off.plan_break(
        OWNER, TODAY + timedelta(days=30), TODAY + timedelta(days=40), "SECRETBREAK"
    )
    time_off.check_in(OWNER, 5, 1, 5, "SECRETCHECK")
    asked = board.ask(OWNER, "Judge", hours=4)
    board.answer(OWNER, asked, "yes", chances=(0.9, 0.2))
    time_off.share_workload(OWNER, "SECRETPLATE", {"made_on": "2026-03-18"}, 7)


def test_no_other_page_and_nobody_else_sees_what_is_private(browser_client, private_life):
    from tests.faces.web.test_pages import PAGES

    own = [
        page
        for page in PAGES
        if page.startswith(("/plan/time-off/", "/plan/workload/", "/plan/can-i/"))
    ]
    for page in set(PAGES) - set(own):
        seen = text(browser_client.get(page))
        assert not [word for word in PRIVATE_WORDS if word in seen], page
    stranger = Client(HTTP_HOST="127.0.0.1:8765")
    for page in PAGES:
        answer = stranger.get(page)
        assert answer.status_code == 403
        assert not [word for word in PRIVATE_WORDS if word in text(answer)]
    for what in (
        "settings",
        "break",
        "check-in",
        "calendar",
        "refresh",
        "show",
        "revoke",
        "forget",
    ):
        assert stranger.post(f"/plan/time-off/{what}/").status_code == 403
    assert CheckIn.objects.exists()


def test_today_asks_to_check_in_and_never_again(browser_client, logbook):
    with clock.at(NOW + timedelta(days=1)):
        write_down(OWNER, [NewActivity(title="Talk")])
        assert "How was the week?" in text(browser_client.get("/"))
        browser_client.post("/questions/skip/", {"key": "check-in"})
        assert "How was the week?" not in text(browser_client.get("/"))


# Several at once


def test_a_card_is_added_in_its_column_by_a_line(browser_client, logbook):
    browser_client.post("/plan/board/add/", {"text": "Slides by Friday, 3h", "status": "doing"})
    (card,) = Activity.objects.all()
    assert (card.title, card.status, float(card.hours_planned)) == ("Slides", "doing", 3.0)
    for given in ({"text": "", "status": "idea"}, {"text": "x", "status": "nowhere"}):
        answer = browser_client.post("/plan/board/add/", given, follow=True)
        assert 'class="flash error' in answer.content.decode()
    assert Activity.objects.count() == 1


def test_ticked_cards_move_together_and_are_undone_together(browser_client, logbook):
    rows = write_down(OWNER, [NewActivity(f"Card {n}", status="planned") for n in range(3)])
    browser_client.post("/plan/board/move/", {"card": [rows[0].pk, rows[1].pk], "status": "doing"})
    assert [row.status for row in Activity.objects.order_by("pk")] == ["doing", "doing", "planned"]
    undo(OWNER)
    assert {row.status for row in Activity.objects.all()} == {"planned"}
    for given in (
        {"status": "doing"},
        {"card": [rows[0].pk], "status": "x"},
        {"card": ["x"], "status": "doing"},
    ):
        answer = browser_client.post("/plan/board/move/", given, follow=True)
        assert 'class="flash error' in answer.content.decode()


def test_of_what_repeats_the_board_shows_the_next(browser_client, logbook):
    (item,), _ = understand(OWNER, "Group every Tuesday at 17:00")
    capture(OWNER, [item])
    page = browser_client.get("/plan/board/").content.decode()
    assert page.count('data-card="') == 1
    assert "↻" in page


def test_a_card_of_an_idea_has_a_day_only_where_one_is_said(browser_client, logbook):
    for line in ("Try a Discord stage", "Write the FAQ on Friday"):
        browser_client.post("/plan/board/add/", {"status": "idea", "text": line})

    assert [(row.title, row.day is None) for row in Activity.objects.order_by("pk")] == [
        ("Try a Discord stage", True),
        ("Write the FAQ", False),
    ]
