"""Cases a hunt for bugs in board, load and can-i has found, each as it was reported."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.conftest import NOW
from tests.sources.test_boards import calendar, event

from almanac.actions.activities import NewActivity, change_activity, set_status, write_down
from almanac.actions.errors import CannotError
from almanac.actions.imports.carrying_out import carry_out
from almanac.actions.keeping.erasing import erase
from almanac.actions.keeping.undo import undo
from almanac.actions.preferences import prefer
from almanac.actions.workload import board, time_off
from almanac.answers.imports.reading_files import plan, read
from almanac.answers.workload import board as board_answers
from almanac.answers.workload import can_i as asking
from almanac.answers.workload import overview as answers
from almanac.core.workload import estimates, rest_days
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Break,
    Busy,
    CalendarFeed,
    Change,
    CheckIn,
    Choice,
    Move,
    SkippedQuestion,
)
from almanac.record.rules import OWNER
from almanac.sources.base.reading import Document

TODAY = date(2026, 3, 18)
KEY = "5f0000000000000000000001"


def trello(**card):
    lists = [
        {"id": "L", "name": "To do"},
        {"id": "M", "name": "Doing"},
        {"id": "D", "name": "Done"},
    ]
    base = {"id": KEY, "name": "Card", "idList": "L", "dateLastActivity": "2026-03-01T10:00:00Z"}
    more = {name: card.pop(name) for name in ("actions", "members") if name in card}
    return Document("b.json", json.dumps({"lists": lists, "cards": [base | card], **more}).encode())


def bring_in(document):
    return carry_out(OWNER, plan(OWNER, document.name, read(OWNER, document)))


def test_after_a_break_a_week_holds_what_weeks_hold(logbook):
    time_off.plan_break(OWNER, TODAY - timedelta(days=3), TODAY + timedelta(days=4))
    assert max(week.holds for week in answers.load(OWNER).weeks) < 60


def test_long_tasks_do_not_make_weeks_larger(logbook):
    """Thirty hours a week, finished as sixty every other Friday."""
    friday = date(2026, 3, 13)
    write_down(
        OWNER,
        [NewActivity(title=f"Guide {n}", day=friday - timedelta(weeks=2 * n), hours=60) for n in range(20)],
    )  # fmt: skip
    assert answers.load(OWNER).capacity.usual == pytest.approx(30, abs=6)


def test_silent_weeks_count_where_hardly_any_is_silent(logbook):
    days = [TODAY - timedelta(weeks=n, days=2) for n in range(1, 40)]
    write_down(OWNER, [NewActivity(title="Work", day=day, hours=8) for day in days if day.day > 4])
    found = answers.load(OWNER)
    assert found.capacity.empty > 0.05
    assert any(week.hours is None for week in found.back)


@pytest.mark.parametrize("ahead", range(7))
def test_the_week_by_which_it_fits_is_right_on_every_day(logbook, ahead):
    write_down(
        OWNER,
        [NewActivity(title="Work", day=TODAY - timedelta(days=n), hours=6) for n in range(1, 200)
         if (TODAY - timedelta(days=n)).weekday() < 5],
    )  # fmt: skip
    with clock.at(NOW + timedelta(days=ahead)):
        today = TODAY + timedelta(days=ahead)
        found = asking.can_i(OWNER, "Guide", 40, today)
        sunday = found.fits_by + timedelta(days=6)
        assert asking.can_i(OWNER, "Guide", 40, sunday).after >= 0.8


def test_few_estimates_leave_room(logbook):
    for known in (0, 3):
        history = estimates.EstimateHistory([estimates.Task(4.0, 4.0, category="task")] * known)
        hours = estimates.forecast(history, 10.0, category="task")
        assert hours[180] / hours[20] > 2.0


def test_an_import_of_a_label_is_undone_as_one(logbook):
    bring_in(trello())
    write_down(OWNER, [NewActivity(title="Precious", status="planned")])
    bring_in(trello(labels=[{"name": "Talks"}], dateLastActivity="2026-03-02T10:00:00Z"))
    assert [tag.name for tag in Activity.objects.get(title="Card").tags.all()] == ["talks"]
    undo(OWNER)
    assert Activity.objects.filter(title="Precious").exists()
    assert not Activity.objects.get(title="Card").tags.exists()
    assert Change.objects.filter(undone_at__isnull=False).count() == 1


def test_a_card_touched_before_the_last_import_is_still_newer(logbook):
    bring_in(trello())
    bring_in(trello(idList="D", dateLastActivity="2026-03-10T10:00:00Z"))
    card = Activity.objects.get()
    assert card.status == "done"
    assert card.moves.last().went_to == "done"
    assert board_answers.board(OWNER).in_progress == 0


def test_ticked_off_where_it_lay_it_is_not_in_progress(logbook):
    bring_in(trello(dueComplete=True))
    assert Move.objects.last().went_to == "done"
    assert board_answers.flow(OWNER).in_progress < 1


def test_what_was_taken_away_here_does_not_come_back(logbook):
    document = trello(labels=[{"name": "docs"}])
    bring_in(document)
    change_activity(OWNER, Activity.objects.get(), tags=[])
    bring_in(document)
    assert not Activity.objects.get().tags.exists()


def test_cards_of_a_name_of_ones_own_are_ones_load(logbook):
    prefer(OWNER, own_names=["Ana Me"])
    document = trello(members=[{"id": "M", "fullName": "Ana Me"}], idMembers=["M"])
    bring_in(document)
    assert Activity.objects.get().holder == ""


def test_a_changed_table_says_that_it_was_left(logbook):
    def table(due):
        return Document("b.csv", f"title,list,due\nGuide,Doing,{due}\n".encode())

    bring_in(table("2026-04-01"))
    again = bring_in(table("2026-04-08"))
    assert Activity.objects.count() == 1
    assert again.rejected == {"cards": 1}


def test_a_yes_is_one_thing_and_undone_as_one(logbook):
    made = board.promise(
        OWNER, "Keynote", 6, TODAY + timedelta(days=9), travel=2, chances=(0.9, 0.5)
    )
    assert made.parts.get().days == 2
    undo(OWNER)
    assert not Activity.objects.exists()
    asked = board.ask(OWNER, "Judge", hours=4)
    board.promise(OWNER, "Judge", 6, TODAY + timedelta(days=9), activity=asked, travel=0)
    asked.refresh_from_db()
    assert (asked.status, asked.hours_planned, asked.request.answer) == ("planned", 6, "yes")
    undo(OWNER)
    undo(OWNER)
    assert not Activity.objects.exists()


def test_can_i_yes_of_a_name_that_was_done_is_a_new_one(run):
    write_down(OWNER, [NewActivity(title="Newsletter", day=TODAY)])
    run("can-i", "Newsletter", "--hours", "3", "--by", "2026-05-01", "--yes")
    assert Activity.objects.filter(title="Newsletter").count() == 2
    assert Choice.objects.get().activity_id == Activity.objects.latest("pk").pk


def test_days_of_a_conference_are_split_and_long_travel_spreads(logbook):
    feed = time_off.add_calendar(OWNER, "Work")
    time_off.read_calendar(OWNER, feed, calendar(event(":20260330T060000Z", ":20260402T150000Z")))
    assert answers.load(OWNER).weeks[2].holds < 0.3 * answers.load(OWNER).weeks[3].holds
    (trip,) = write_down(
        OWNER, [NewActivity(title="Tour", status="planned", fields={"due": date(2026, 4, 13)})]
    )
    board.add_part(OWNER, trip, "", "travel", days=15, day=date(2026, 4, 13))
    found = answers.load(OWNER).weeks
    assert [week.holds for week in found[4:7]] == [0, 0, 0]


def test_a_decimal_comma_is_not_a_thousand(run, tmp_path):
    file = tmp_path / "w.csv"
    file.write_text("date;planned;finished\n" + "2025-01-01;1,5;0,5\n" * 80)
    assert "0 usable rows" in run("load", "--backtest", str(file), code=1)


def test_files_that_are_there_stay(run, tmp_path):
    page = tmp_path / "keep.html"
    page.write_text("mine")
    assert "there already" in run("load", "show", "weeks", "--file", str(page), code=1)
    log = tmp_path / "w.csv"
    log.write_text(
        "date,planned,finished\n" + "".join(f"2025-03-{1 + n % 28:02},3,2\n" for n in range(80))
    )
    assert "the log itself" in run("load", "--backtest", str(log), "--forecasts", str(log), code=1)
    assert page.read_text() == "mine"


@pytest.mark.parametrize(
    "address", ["ftp://x.org/a.ics", "http://[::1", "http://8.8.8.8/\x01c.ics", "http://℀/"]
)
def test_mistyped_addresses_are_said_and_leave_nothing(run, browser_client, address):
    assert run("load", "calendar", address, code=1)
    answer = browser_client.post("/plan/time-off/calendar/", {"address": address}, follow=True)
    assert answer.status_code == 200
    assert not CalendarFeed.objects.exists()


def test_forms_of_wrong_kinds_are_no_crash(browser_client, logbook):
    asked = board.ask(OWNER, "Judge", hours=4)
    answer = {"answer": "yes", "before": "nan", "after": "nan"}
    assert browser_client.post(f"/activities/{asked.pk}/answer/", answer).status_code == 302
    for query in ("activity=999999999999", "activity=١"):
        assert browser_client.get(f"/plan/can-i/?{query}").status_code == 404
    for values in (
        {"day_starts": "09:00+02:00"},
        {"work_days": "1" * 5000},
        {"weekly_hours": "inf"},
    ):
        assert browser_client.post("/plan/time-off/settings/", values).status_code == 302
    assert browser_client.post("/plan/time-off/calendar/", {"name": "Empty"}).status_code == 302
    assert not CalendarFeed.objects.exists()


def test_a_kind_that_is_none_and_long_numbers(run):
    assert "is no kind" in run("board", "ask", "Z", "--kind", "party", code=1)
    for arguments in (["board", "limit", "doing", "9" * 5000], ["load", "check-in", "3,4," + "9" * 5000],
                      ["load", "revoke", "9" * 5000]):  # fmt: skip
        assert run(*arguments, code=2 if arguments[1] != "check-in" else 1)


def test_an_hour_that_came_twice_is_an_hour():
    berlin = ZoneInfo("Europe/Berlin")
    block = rest_days.Block(
        datetime(2026, 10, 25, 0, tzinfo=UTC).astimezone(berlin),
        datetime(2026, 10, 25, 3, tzinfo=UTC).astimezone(berlin),
    )
    assert rest_days.hours_of(block) == 3


def test_a_no_taken_back_protects_nothing(logbook):
    asked = board.ask(OWNER, "Judge", hours=4)
    board.answer(OWNER, asked, "no")
    set_status(OWNER, asked, "planned")
    assert board_answers.requests(OWNER).protected == 0


def test_meetings_that_overlap_count_once(logbook):
    feed = time_off.add_calendar(OWNER, "Work")
    blocks = [
        event(":20260318T080000Z", ":20260318T100000Z"),
        event(":20260318T090000Z", ":20260318T110000Z"),
    ]
    time_off.read_calendar(OWNER, feed, calendar(*blocks))
    assert answers.load(OWNER).weeks[0].meetings == 3


def test_the_example_takes_what_was_private_with_it(logbook):
    from almanac.actions.example import play
    from almanac.actions.example.own_logbook import clear

    play(OWNER, "Europe/Berlin")
    assert Break.objects.exists()
    assert CheckIn.objects.exists()
    clear(OWNER)
    assert not Break.objects.exists()
    assert not CheckIn.objects.exists()


def test_a_silenced_nudge_is_known_to_nobody_else(browser_client, logbook):
    write_down(
        OWNER,
        [NewActivity(title="W", day=TODAY - timedelta(days=n), hours=1) for n in range(1, 40)],
    )
    assert "No full day off" in browser_client.get("/plan/time-off/").content.decode()
    browser_client.post("/questions/skip/", {"key": "nudge:day-off"})
    assert "No full day off" not in browser_client.get("/plan/time-off/").content.decode()
    assert not SkippedQuestion.objects.exists()


def test_a_person_is_erased_from_what_is_private_too(logbook):
    feed = time_off.add_calendar(OWNER, "Ana Example", keeps_titles=True)
    time_off.read_calendar(OWNER, feed, calendar(
        event(":20260318T080000Z", ":20260318T100000Z").replace("Secret talk with Ana", "1:1 Ana Example")
    ))  # fmt: skip
    time_off.plan_break(OWNER, TODAY, TODAY, "with Ana Example")
    erase(OWNER, "Ana Example")
    texts = [Busy.objects.get().title, Break.objects.get().words, CalendarFeed.objects.get().name]
    assert not [text for text in texts if "Ana" in text]


def test_hours_have_one_limit(logbook):
    with pytest.raises(CannotError, match="Hours lie between"):
        board.promise(OWNER, "All", 9000, TODAY)
