"""Settings, and what goes out: the calendar feed, mail and reminders."""

import re
import socket
import threading
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events
from django.conf import settings
from django.test import Client
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, change_activity, set_status, write_down
from almanac.actions.capture import capture, understand
from almanac.actions.errors import CannotError
from almanac.actions.imports.carrying_out import carry_out
from almanac.actions.keeping.undo import undo
from almanac.actions.preferences import prefer
from almanac.actions.review import mailing
from almanac.actions.workload.calendar_feed import calendar, close_feed, feed_of, open_feed
from almanac.actions.workload.time_off import settle_workload
from almanac.answers.imports.reading_files import plan, read
from almanac.answers.log.calendar import coming_reminders
from almanac.faces.cli.app import main
from almanac.record.infra import clock
from almanac.record.models import Activity, Part, PrivateChange, PrivateSetting
from almanac.record.queries import preferences, private
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document


def test_preferences_are_kept(browser_client):
    browser_client.post("/settings/", {"zone": "Asia/Tokyo", "currency": "jpy", "lapse_days": "30"})

    html = browser_client.get("/settings/").content.decode()
    assert 'value="Asia/Tokyo"' in html
    assert 'value="JPY"' in html
    assert browser_client.post("/settings/", {"zone": "x", "lapse_days": "0"}).status_code == 400


def test_every_setting_of_the_page_is_kept_and_shown(browser_client):
    given = {
        "zone": "Europe/Berlin", "theme": "dark", "date_order": "day", "week_start": "6", "currency": "eur",
        "hours_a_day": "7.5", "lapse_days": "21", "nudges": "on",
    }  # fmt: skip
    assert browser_client.post("/settings/", given).status_code == 302
    held = preferences.everything()
    assert (held["theme"], held["date_order"], held["week_start"], held["hours_a_day"]) == (
        "dark",
        "day",
        6,
        7.5,
    )
    assert private.value("checks_in") is False
    assert private.value("nudges") is True
    page = browser_client.get("/settings/").content.decode()
    assert '<html lang="en" data-theme="dark">' in page.replace('"en"  data', '"en" data')
    assert str(settings.ALMANAC_HOME) in page
    month = browser_client.get("/plan/").content.decode()
    assert month.index(">Sun<") < month.index(">Mon<")


def test_settings_out_of_range_are_refused(browser_client):
    for bad in (
        {"theme": "pink"},
        {"week_start": "3"},
        {"hours_a_day": "30"},
        {"date_order": "year"},
    ):
        given = {"zone": "Europe/Berlin", "lapse_days": "21", **bad}
        assert browser_client.post("/settings/", given).status_code == 400


# What goes out


def events(content):
    return {str(e["uid"]): e for e in icalendar.Calendar.from_ical(content).walk("VEVENT")}


@pytest.fixture
def planned(logbook):
    prefer(OWNER, zone="Europe/Berlin")
    (item,), _ = understand(OWNER, "Group every Tuesday at 17:00")
    groups = capture(OWNER, [item])
    task = NewActivity("Slides", kind="task", status="planned", fields={"due": date(2026, 3, 20)})
    trip = NewActivity("PyCon, all day", kind="conference", status="planned", day=date(2026, 4, 9))
    return [*groups, *write_down(OWNER, [task, trip])]


def test_times_stand_in_their_zone_and_read_back_the_same(planned):
    found = events(calendar(OWNER))
    first = found[f"almanac-{planned[0].pk}@almanac"]
    assert first["dtstart"].dt == planned[0].starts_at
    assert first["dtstart"].params["TZID"] == "Europe/Berlin"
    zones = [
        str(z["tzid"]) for z in icalendar.Calendar.from_ical(calendar(OWNER)).walk("VTIMEZONE")
    ]
    assert zones == ["Europe/Berlin"]
    due = found[f"almanac-{planned[-2].pk}-due@almanac"]
    assert (str(due["summary"]), due["dtstart"].dt, due["dtend"].dt) == (
        "Due: Slides",
        date(2026, 3, 20),
        date(2026, 3, 21),
    )
    assert f"almanac-{planned[-2].pk}@almanac" not in found
    whole = found[f"almanac-{planned[-1].pk}@almanac"]
    assert (whole["dtstart"].dt, whole["transp"]) == (date(2026, 4, 9), "TRANSPARENT")
    # A second library finds the same moments on both sides of the clock change.
    read_back = recurring_ical_events.of(icalendar.Calendar.from_ical(calendar(OWNER))).between(
        datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 8, tzinfo=UTC)
    )
    hours = sorted(
        e["dtstart"].dt.astimezone(UTC).hour for e in read_back if "Group" in str(e["summary"])
    )
    assert hours == [15, 15, 16]


def test_an_update_grows_and_a_cancellation_is_said(planned):
    before = events(calendar(OWNER))[f"almanac-{planned[0].pk}@almanac"]
    with clock.at(NOW + timedelta(minutes=5)):
        change_activity(OWNER, planned[0], title="Circle")
        set_status(OWNER, planned[1], "dropped")
    after = events(calendar(OWNER))
    changed, gone = (after[f"almanac-{row.pk}@almanac"] for row in planned[:2])
    assert changed["sequence"] > before["sequence"]
    assert changed["last-modified"].dt > before["last-modified"].dt
    assert (str(changed["status"]), str(gone["status"])) == ("CONFIRMED", "CANCELLED")


def test_a_cancellation_that_is_undone_is_newer_than_it(planned):
    name = f"almanac-{planned[1].pk}@almanac"
    with clock.at(NOW + timedelta(minutes=5)):
        set_status(OWNER, planned[1], "dropped")
    gone = events(calendar(OWNER))[name]
    with clock.at(NOW + timedelta(minutes=9)):
        undo(OWNER)
    back = events(calendar(OWNER))[name]
    assert (str(gone["status"]), str(back["status"])) == ("CANCELLED", "CONFIRMED")
    assert back["sequence"] > gone["sequence"]
    assert back["last-modified"].dt > gone["last-modified"].dt


def test_steps_stand_in_it_on_their_day(planned):
    settle_workload(OWNER, reminders=["due"])
    Part.objects.create(activity=planned[0], title="Book the room", day=date(2026, 3, 19))
    Part.objects.create(activity=planned[0], title="Done", day=date(2026, 3, 19), done=True)
    steps = [e for e in events(calendar(OWNER)).values() if "Book the room" in str(e["summary"])]
    assert [(str(e["summary"]), e["dtstart"].dt) for e in steps] == [
        ("Due: Book the room (Group)", date(2026, 3, 19))
    ]
    with clock.at(datetime(2026, 3, 19, 6, tzinfo=UTC)):
        assert "Due today: Book the room (Group)" in coming_reminders(OWNER)


def test_almanac_takes_its_own_calendar_back_without_doubling(planned):
    change_activity(
        OWNER, planned[2], start=(planned[2].starts_at + timedelta(days=1), None, "Europe/Berlin")
    )
    before = list(Activity.objects.order_by("pk").values_list("pk", "title", "day", "status"))
    document = Document("almanac.ics", calendar(OWNER))
    found = read(OWNER, document)
    carry_out(OWNER, plan(OWNER, document.name, found))
    after = list(Activity.objects.order_by("pk").values_list("pk", "title", "day", "status"))
    assert after == before
    assert "1 due date is left out" in found.remarks[0]


def test_the_feed_has_one_address_that_can_be_closed(browser_client, planned):
    client = Client(HTTP_HOST="127.0.0.1:8765")
    page = browser_client.post("/settings/feed/", {"do": "open"}).content.decode()
    (path,) = re.findall(r"http://[^/]+(/feed/[\w-]+/almanac\.ics)", page)
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert len(events(answer.content)) == len(planned)
    assert open_feed(OWNER) not in path
    assert client.get(path).status_code == 404
    token = open_feed(OWNER)
    assert feed_of(token) is not None
    assert token not in str(list(PrivateSetting.objects.values_list("value", flat=True)))
    browser_client.post("/settings/feed/", {"do": "close"})
    assert feed_of(token) is None
    close_feed(OWNER)
    assert client.get("/calendar.ics").status_code in {302, 403}
    assert browser_client.get("/calendar.ics")["Content-Disposition"].endswith('"almanac.ics"')


def test_reminders_of_what_one_chose(browser_client, planned):
    settle_workload(OWNER, reminders=["due", "outcome"])
    with clock.at(datetime(2026, 3, 19, 8, tzinfo=UTC)):
        assert coming_reminders(OWNER) == ["Due tomorrow: Slides"]
        assert b"Due tomorrow: Slides" in browser_client.get("/reminders/").content
    with clock.at(planned[0].starts_at + timedelta(hours=2)):
        assert coming_reminders(OWNER) == ["How many came to “Group”?"]
    alarms = [
        a
        for e in icalendar.Calendar.from_ical(calendar(OWNER)).walk("VEVENT")
        for a in e.walk("VALARM")
    ]
    assert {str(a["description"]) for a in alarms} == {"How many came?", "Due tomorrow: Slides"}
    browser_client.post("/settings/reminders/", {"reminders": ["due", "nonsense"]})
    assert dict(PrivateSetting.objects.values_list("key", "value"))["reminders"] == ["due"]
    with pytest.raises(CannotError):
        settle_workload(OWNER, reminders=["everything"])


# Mail


class Server(threading.Thread):
    """As much of an SMTP server as a message takes."""

    def __init__(self, refuses=""):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.refuses, self.got = refuses, []

    def run(self):
        connection, _ = self.socket.accept()
        with connection, connection.makefile("rwb", buffering=0) as stream:
            stream.write(b"220 here\r\n")
            data = False
            for line in stream:
                if data:
                    self.got.append(line.decode())
                    if line == b".\r\n":
                        data = False
                        stream.write(b"250 kept\r\n")
                    continue
                word = line.split()[0].decode().upper()
                if word == self.refuses:
                    stream.write(b"550 no\r\n")
                elif word == "DATA":
                    data = True
                    stream.write(b"354 go on\r\n")
                elif word == "QUIT":
                    stream.write(b"221 bye\r\n")
                    return
                else:
                    stream.write(b"250 fine\r\n")


@pytest.fixture
def server():
    made = Server()
    made.start()
    yield made
    made.socket.close()


def set_up(port):
    mailing.set_up_mail(
        OWNER, host="127.0.0.1", port=port, sender="me@example.org", to="boss@example.org"
    )


def test_a_week_goes_by_mail(browser_client, logbook, server):
    write_down(OWNER, [NewActivity("Wrote a guide", day=NOW.date(), hours=3)])
    set_up(server.port)
    page = browser_client.get("/review/?period=2026-W12").content.decode()
    assert "Week of 16 March 2026" in page
    answer = browser_client.post("/review/?period=2026-W12", {"do": "mail", "to": ""}, follow=True)
    assert "Sent to boss@example.org" in answer.content.decode()
    server.join(5)
    text = "".join(server.got)
    assert "Subject: Week of 16 March 2026" in text
    assert "Wrote a guide" in text
    assert PrivateChange.objects.latest("pk").summary == "Mailed Week of 16 March 2026"


def test_mail_that_cannot_go_says_why_and_sends_nothing(logbook):
    with pytest.raises(CannotError, match="No mail server"):
        mailing.send(OWNER, "x", "y")
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    set_up(port)
    with pytest.raises(CannotError, match="Nothing was sent"):
        mailing.send(OWNER, "x", "y")
    with pytest.raises(CannotError, match="not a mail address"):
        mailing.send(OWNER, "x", "y", to="boss@example.org\nBcc: all@example.org")
    refusing = Server(refuses="RCPT")
    refusing.start()
    set_up(refusing.port)
    with pytest.raises(CannotError, match="refused the address"):
        mailing.send(OWNER, "x", "y")
    refusing.socket.close()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"host": "mail.example.org"}, "from which address"),
        ({"host": "h", "sender": "x", "to": "y@example.org"}, "not a mail address"),
        (
            {"host": "h", "sender": "x@example.org", "to": "y@example.org", "port": 99999},
            "A port is",
        ),
    ],
)
def test_a_server_is_checked(logbook, values, said):
    with pytest.raises(CannotError, match=said):
        mailing.set_up_mail(OWNER, **values)


def test_an_empty_password_keeps_the_one_that_was_and_no_host_forgets_it(browser_client, logbook):
    given = {
        "host": "h",
        "sender": "x@example.org",
        "to": "y@example.org",
        "password": "SECRETWORD",
        "port": "25",
    }
    browser_client.post("/settings/mail/", given)
    browser_client.post("/settings/mail/", given | {"password": ""})
    assert mailing.mailbox(OWNER).password == "SECRETWORD"
    assert "SECRETWORD" not in browser_client.get("/settings/").content.decode()
    browser_client.post("/settings/mail/", {"host": ""})
    assert mailing.mailbox(OWNER) is None


def test_reminders_go_once_a_day(planned, server):
    settle_workload(OWNER, reminders=["due", "mail"])
    assert not mailing.send_reminders(OWNER)
    set_up(server.port)
    with clock.at(datetime(2026, 3, 19, 5, tzinfo=UTC)):
        assert not mailing.send_reminders(OWNER)
    with clock.at(datetime(2026, 3, 19, 9, tzinfo=UTC)):
        assert mailing.send_reminders(OWNER)
        assert not mailing.send_reminders(OWNER)
    server.join(5)
    assert "Due tomorrow: Slides" in "".join(server.got)


def test_the_calendar_by_a_command(planned, tmp_path, capsys):
    assert main(["export", str(tmp_path / "mine.ics")]) == 0
    assert len(events((tmp_path / "mine.ics").read_bytes())) == len(planned)
    assert main(["review", "2026-W12", "--mail"]) == 1
    assert "No mail server" in capsys.readouterr().err
