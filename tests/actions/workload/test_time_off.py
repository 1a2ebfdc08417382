"""What is one's own alone: limits, what the private log says, and when a calendar is fetched."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.conftest import NOW
from tests.sources.services.test_trello import calendar, event

from almanac.actions.errors import CannotError
from almanac.actions.workload import time_off
from almanac.answers.log import change_lines
from almanac.record.infra import clock
from almanac.record.models import (
    Break,
    Busy,
    CalendarFeed,
    Change,
    CheckIn,
    PrivateChange,
    ShownPlate,
)
from almanac.record.queries import private
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document
from almanac.sources.base.rows import UnreadableError

TODAY = date(2026, 3, 18)
ADDRESS = "https://example.org/c.ics"
MEETING = event(":20260320T090000Z", ":20260320T100000Z")


def last_private():
    """The latest line of the private log; it can never be undone."""
    line = PrivateChange.objects.order_by("-pk").first()
    assert line.undo is None
    return line.summary


def answering(monkeypatch, *answers):
    """Let the calendar's host give these answers, one after another; what it was asked."""
    asked, left = [], list(answers)

    def fetch(address, **more):
        asked.append((address, more))
        found = left.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(time_off.fetching, "fetch", fetch)
    return asked


def fetched(etag="", modified=""):
    return time_off.fetching.Fetched(calendar(MEETING).data, etag, modified)


@pytest.fixture
def feed(logbook):
    return time_off.add_calendar(OWNER, "Work", address=ADDRESS)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"weekly_hours": 0.9}, "from 1 to 100 hours"), ({"weekly_hours": 101}, "from 1 to 100"),
        ({"weekly_hours": "30"}, "from 1 to 100"), ({"work_days": [7]}, "working day"),
        ({"work_days": [-1]}, "working day"), ({"day_starts": "09:00+01:00"}, "not a time"),
        ({"day_ends": None}, "not a time"), ({"day_ends": "09:00"}, "ends after it begins"),
        ({"day_starts": "18:00"}, "ends after it begins"),
    ],
)  # fmt: skip
def test_settings_just_past_the_limit(logbook, values, why):
    with pytest.raises(CannotError, match=why):
        time_off.settle_workload(OWNER, **values)
    assert private.everything() == private.DEFAULTS


@pytest.mark.parametrize(
    "values",
    [{"weekly_hours": 1}, {"weekly_hours": 100}, {"work_days": [0, 6]}, {"day_ends": "09:01"}],
)
def test_settings_up_to_the_limit(logbook, values):
    time_off.settle_workload(OWNER, **values)
    assert private.everything() == private.DEFAULTS | values
    assert last_private() == f"Changed {change_lines.fields(values)}"


def test_settings_are_in_no_log_but_the_private_one(logbook):
    before = Change.objects.count()
    time_off.settle_workload(OWNER, weekly_hours=20, nudges=False)
    time_off.settle_workload(OWNER, weekly_hours=25)
    assert private.value("weekly_hours") == 25
    assert Change.objects.count() == before


def test_a_nudge_is_silenced_once(logbook):
    time_off.silence(OWNER, "a" * 41)
    time_off.silence(OWNER, "a" * 50)
    assert last_private() == "Turned off a suggestion"
    time_off.silence(OWNER, "other")
    assert private.value("silenced") == ["a" * 40, "other"]
    assert PrivateChange.objects.filter(verb="silence").count() == 2


def test_a_break_lasts_up_to_four_hundred_days_more(logbook):
    taken = time_off.plan_break(OWNER, TODAY, TODAY + timedelta(days=400), " " + "w" * 201)
    assert (taken.words, taken.noted_at) == ("w" * 200, NOW)
    assert last_private() == "Added time off from 18 Mar 2026 to 22 Apr 2027"
    time_off.cancel_break(OWNER, taken)
    assert last_private() == "Removed time off from 18 Mar 2026 to 22 Apr 2027"
    with pytest.raises(CannotError, match="way of life"):
        time_off.plan_break(OWNER, TODAY, TODAY + timedelta(days=401))
    assert not Break.objects.exists()


@pytest.mark.parametrize("answers", [(0, 3, 3), (3, 6, 3), (3, 3, 0), (3, 3, 6)])
def test_check_ins_off_the_scale(logbook, answers):
    with pytest.raises(CannotError, match="from 1 to 5"):
        time_off.check_in(OWNER, *answers)
    assert not CheckIn.objects.exists()


def test_check_ins_are_kept_by_week_until_they_are_forgotten(logbook):
    time_off.check_in(OWNER, 1, 5, 2, " Tired. " + "w" * 2000)
    assert last_private() == "Saved a check-in"
    time_off.check_in(OWNER, 2, 2, 2, day=date(2026, 3, 15))
    this, before = CheckIn.objects.order_by("-week")
    assert (this.load, this.recovery, this.say_no) == (1, 5, 2)
    assert (this.words[:6], len(this.words), this.noted_at) == ("Tired.", 2000, NOW)
    assert before.week == date(2026, 3, 9)
    assert time_off.forget_check_ins(OWNER) == 2
    assert last_private() == "Deleted all check-ins"
    assert not CheckIn.objects.exists()


def test_an_address_is_one_calendar(feed):
    assert last_private() == "Added the calendar “Work”"
    assert (feed.address, feed.added_at, feed.keeps_titles) == (ADDRESS, NOW, False)
    assert time_off.add_calendar(OWNER, "Again", address=ADDRESS) == feed
    time_off.remove_calendar(OWNER, feed)
    assert last_private() == "Removed the calendar “Work”"
    assert time_off.add_calendar(OWNER, "x" * 121).name == "x" * 120
    with pytest.raises(CannotError, match="needs a name"):
        time_off.add_calendar(OWNER, "  ")
    with pytest.raises(CannotError):
        time_off.add_calendar(OWNER, "", address="ftp://example.org/c.ics")
    assert CalendarFeed.objects.count() == 1


def test_blocks_are_read_from_five_years_ago_to_a_year_ahead(logbook):
    feed = time_off.add_calendar(OWNER, "Work", keeps_titles=True)
    days = [NOW + timedelta(days=days) for days in (-5 * 366 - 1, -5 * 366 + 1, 365, 367)]
    events = [event(f":{day:%Y%m%dT%H%M%SZ}", f":{day:%Y%m%dT13%M%SZ}") for day in days]
    time_off.read_calendar(OWNER, feed, calendar(*events))
    assert last_private() == "Read 2 busy blocks from the calendar “Work”"
    assert [block.starts_at for block in feed.blocks.all()] == days[1:3]
    assert CalendarFeed.objects.get().fetched_at == NOW
    time_off.read_calendar(OWNER, feed, calendar(MEETING))
    assert Busy.objects.get().starts_at == datetime(2026, 3, 20, 9, tzinfo=UTC)
    assert Busy.objects.get().ends_at == datetime(2026, 3, 20, 10, tzinfo=UTC)


def test_a_file_that_is_no_calendar_is_not_kept(logbook):
    with pytest.raises(UnreadableError):
        time_off.read_new_calendar(OWNER, "Work", Document("c.ics", b"not a calendar"))
    assert not CalendarFeed.objects.exists()
    made, found = time_off.read_new_calendar(OWNER, "Work", calendar(MEETING), keeps_titles=True)
    assert (made.name, made.keeps_titles, len(found.rows)) == ("Work", True, 1)
    assert CalendarFeed.objects.get() == made
    with pytest.raises(CannotError, match="is a file"):
        time_off.fetch_calendar(OWNER, made)


def test_a_calendar_that_never_could_be_fetched_is_not_kept(logbook, monkeypatch):
    answering(monkeypatch, time_off.fetching.UnreachableError("example.org did not answer"))
    with pytest.raises(CannotError, match="did not answer"):
        time_off.subscribe_calendar(OWNER, "Work", ADDRESS)
    assert not CalendarFeed.objects.exists()


def test_a_calendar_that_could_be_fetched_once_stays(logbook, monkeypatch):
    answering(monkeypatch, fetched(), time_off.fetching.UnreachableError("x" * 301))
    made = time_off.subscribe_calendar(OWNER, "Work", ADDRESS, keeps_titles=True)
    assert (made.keeps_titles, made.blocks.count(), made.problem) == (True, 1, "")
    with pytest.raises(CannotError, match="xxx"):
        time_off.subscribe_calendar(OWNER, "Work", ADDRESS)
    assert CalendarFeed.objects.get().problem == "x" * 300
    assert Busy.objects.count() == 1


def test_what_the_host_said_of_it_is_asked_with_next_time(feed, monkeypatch):
    asked = answering(monkeypatch, fetched("e1", "yesterday"), None, fetched("e2", ""))
    assert time_off.fetch_calendar(OWNER, feed) is True
    again = CalendarFeed.objects.get()
    assert (again.etag, again.modified, again.fetched_at) == ("e1", "yesterday", NOW)
    with clock.at(NOW + timedelta(days=1)):
        assert time_off.fetch_calendar(OWNER, again) is False
        assert CalendarFeed.objects.get().fetched_at == NOW + timedelta(days=1)
        assert time_off.fetch_calendar(OWNER, again) is True
    assert CalendarFeed.objects.get().etag == "e2"
    assert [more["etag"] for _, more in asked] == ["", "e1", "e1"]
    assert {address for address, _ in asked} == {ADDRESS}


def test_a_calendar_is_due_after_six_hours(feed, monkeypatch):
    time_off.add_calendar(OWNER, "A file")
    asked = answering(monkeypatch, fetched(), fetched())
    assert time_off.fetch_due(OWNER) == 1
    with clock.at(NOW + timedelta(hours=6)):
        assert time_off.fetch_due(OWNER) == 0
    with clock.at(NOW + timedelta(hours=6, seconds=1)):
        assert time_off.fetch_due(OWNER) == 1
    assert len(asked) == 2


@pytest.mark.parametrize("days", [1, 90])
def test_a_link_lasts_as_long_as_it_was_given(logbook, days):
    shown = time_off.share_workload(OWNER, "  ", {"made_on": "2026-03-18"}, days)
    assert last_private() == "Shared the workload"
    row = ShownPlate.objects.get()
    assert (row.title, row.made_at) == ("My plate", NOW)
    assert row.expires_at == NOW + timedelta(days=days)
    assert len(shown.token) == 32
    time_off.revoke_share(OWNER, row)
    assert last_private() == "Stopped sharing the workload"
    row = ShownPlate.objects.get()
    assert (row.revoked_at, row.content) == (NOW, {})


@pytest.mark.parametrize("days", [0, 91])
def test_a_link_lasts_from_one_to_ninety_days(logbook, days):
    with pytest.raises(CannotError, match="from 1 to 90 days"):
        time_off.share_workload(OWNER, "Plate", {}, days)
    assert not ShownPlate.objects.exists()


def test_a_long_title_of_what_is_shown_is_cut(logbook):
    assert time_off.share_workload(OWNER, "t" * 201, {}, 7).row.title == "t" * 200
