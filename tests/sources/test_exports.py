"""Exports of services as people have them: the reviewed files where present, and the project's own."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import SHARED

from almanac.answers.imports.guest_lists import title_of_file
from almanac.core.community.channels import Channel, answers_in, channel_of
from almanac.core.errors import AlmanacError
from almanac.sources.base import cells
from almanac.sources.base.dates import DateColumn, Habits
from almanac.sources.base.documents import Document
from almanac.sources.base.guests import STATES, is_robot, person_key, plain_name
from almanac.sources.base.reading import documents_in
from almanac.sources.recognise import UnmappedError, harvest, sources

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
CASES = SHARED / "cases" / "files"
ALMANAC = str(Path(sys.executable).with_name("almanac"))


def read(text, name="file.csv", zone=UTC, month_first=None):
    data = text if isinstance(text, bytes) else text.encode()
    return harvest(Document(name, data), zone, NOW, lambda _table: None, month_first)


def counts(found, position=0):
    return {str(state): number for state, number in found.guest_lists[position].counts().items()}


@pytest.mark.parametrize("part", range(4))
def test_reviewed_files_land_as_they_are_meant(part, tmp_path):
    if not CASES.is_dir():
        pytest.skip("needs ../shared/cases")
    cases = json.loads((CASES / "cases.json").read_text())[part::4]
    folder = tmp_path / "cases"
    folder.mkdir()
    for case in cases:
        for name in filter(None, (case["file"], case.get("then"))):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((CASES / name).read_bytes())
    (folder / "cases.json").write_text(json.dumps(cases))
    done = subprocess.run(
        [sys.executable, str(CASES.parent / "check.py"), ALMANAC, str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert f"{len(cases)} of {len(cases)} files right" in done.stdout, done.stdout


PEOPLE = {
    "luma.csv": "guest_id,name,email,created_at,approval_status,checked_in_at,qr_code_url\n1,Zebedee Quux,zebedee@quux.example,2026-03-02T08:00:00Z,approved,nonsense,\n",
    "eventbrite.csv": "Order #,Order Date,First Name,Last Name,Email,Quantity,Ticket Type,Attendee Status,Event Name\n1,2026-03-01,Zebedee,Quux,zebedee@quux.example,2,Free,Attending,Docs night\n",
    "zoom.csv": "Topic,ID,Host,Duration (minutes),Start time,End time,Participants\nOffice Hours,812,Zebedee Quux (zebedee@quux.example),61,03/05/2026 05:58:10 PM,03/05/2026 06:59:02 PM,1\n\nName (original name),Email,Total duration (minutes),Guest\nZebedee Quux,zebedee@quux.example,61,No\n",
    "meet.csv": "First name,Last name,Email,Duration,Time joined,Time exited\nZebedee,Quux,zebedee@quux.example,58 min,18:02,19:00\n",
    "tito.csv": "Ticket Reference,Ticket Full Name,Ticket Email,Event\nA-1,Zebedee Quux,zebedee@quux.example,Docs conf\n",
    "pretix.csv": "Order code;Event date;E-mail;Status;Attendee name;Product\nA;2026-03-05;zebedee@quux.example;paid;Zebedee Quux;Regular\n",
    "meetup.xls": "Name\tUser ID\tRSVP\tGuests\tRSVPed on\nZebedee Quux\tuser 1\tYes\t2\tMarch 1, 2026\n",
    "form.csv": "Timestamp,Email Address,Full name\n2026/09/20 10:00:00 AM GMT+3,zebedee@quux.example,Zebedee Quux\n",
    "heard.csv": "Timestamp,Email Address,Name,How did you hear about us?\n9/20/2026 10:00:00,zebedee@quux.example,Zebedee Quux,LinkedIn\n",
    "devpost.csv": "Submission Title,Submission Url,Built With,Submitter Email,Submitter First Name\nBot,https://devpost.com/a,py,zebedee@quux.example,Zebedee Quux\n",
    "toggl.csv": "User,Email,Project,Description,Start date,Duration\nZebedee Quux,zebedee@quux.example,Talks,Slides,2026-03-05,02:30:00\nZebedee Quux,zebedee@quux.example,Talks,,,\n",
    "sessionize.csv": "Session Id,Title,Owner,Owner Email,Scheduled At\n1,Docs as tests,Zebedee Quux,zebedee@quux.example,5 Mar 2026 10:00 AM\n,,Zebedee Quux,zebedee@quux.example,\n",
    "list.csv": "Name,Email\nZebedee Quux,zebedee@quux.example\nAda,ada@quux.example\n",
    "mixed.csv": "Title,Date,Full name,Email\nDocs night,2026-03-05,Zebedee Quux,zebedee@quux.example\n,,Zebedee Quux,zebedee@quux.example\n",
}  # fmt: skip


def test_names_and_addresses_stand_nowhere_in_the_home_folder(tmp_path):
    home, folder = tmp_path / "home", tmp_path / "files"
    folder.mkdir()
    for name, text in PEOPLE.items():
        (folder / name).write_text(text)
    done = subprocess.run(
        [ALMANAC, "import", str(folder), "--json"], capture_output=True, text=True, check=False,
        env=os.environ | {"ALMANAC_HOME": str(home), "TZ": "UTC"},
    )  # fmt: skip
    said = json.loads(done.stdout)

    assert said["created"]["events"] >= 9, done.stdout
    assert len(said["failed"]) == 1
    assert "--event" in said["failed"][0]
    for file in (file for file in home.rglob("*") if file.is_file()):
        held = file.read_bytes().lower()
        for trace in (b"zebedee", b"quux"):
            assert trace not in held, file
    assert "zebedee" not in done.stderr.lower()


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ("1,Ada,ada@x.example,approved,\n2,Ada,ADA@x.example,approved,", {"signed_up": 1}),
        ("1,Ada,ada@x.example,declined,2026-03-20T18:00:00Z", {"attended": 1}),
        ("1,Ada,ada@x.example,shortlisted,\n2,Bo,bo@x.example,,", {"signed_up": 2}),
        ("1,Ada,ada@x.example,pending_approval,", {"pending": 1}),
        ("1,,ada@x.example,approved,\n2,,bo@x.example,approved,", {"signed_up": 2}),
        ("1,Ada,,approved,\n2,Ada (she/her),,approved,", {"signed_up": 1}),
        ("1,read.ai notes,,approved,\n2,Bo,,approved,", {"signed_up": 1}),
        ("1,Ada,ada@x.example,cancelled,\n2,Ada,ada@x.example,approved,", {"signed_up": 1}),
    ],
)
def test_people_are_counted_by_person(rows, wanted):
    text = f"guest_id,name,email,approval_status,checked_in_at\n{rows}\n"

    assert counts(read(text)) == wanted


def test_tickets_count_where_nobody_is_named_and_guests_are_added():
    orders = "Order #,Order Date,Email,Quantity,Ticket Type,Status\n1,2026-10-24,a@x.example,3,Family,Attending\n2,2026-10-24,b@x.example,2,Family,Refunded\n"
    meetup = "Name\tUser ID\tRSVP\tGuests\tRSVPed on\nAda\t1\tYes\t2\tMarch 1, 2026\nBo\t2\tNo\t0\tMarch 1, 2026\n"

    assert counts(read(orders)) == {"signed_up": 3, "cancelled": 2}
    assert counts(read(meetup)) == {"signed_up": 3, "declined": 1}


def test_two_events_in_one_file_are_two_events():
    head = "Order #,Order Date,First Name,Last Name,Email,Event Name,Ticket Type,Attendee Status\n"
    found = read(
        f"{head}1,2026-03-10,Ada,A,a@x.example,Rome,E,Attending\n2,2026-03-10,Ada,A,a@x.example,Naples,E,Attending\n"
    )

    assert {listed.title: listed.counts() for listed in found.guest_lists}.keys() == {
        "Rome",
        "Naples",
    }


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Ria A (Ria Abara)", "Ria Abara"), ("Sol B (they/them)", "Sol B"), ("Tam (Acme Inc)", "Tam"),
     ("Uli (External)", "Uli"), ("Mia Rost (Acme)", "Mia Rost"), ("Otto Fink (Acme Labs)", "Otto Fink"), ("Ada - she/her", "Ada"), ("Bo (Guest)", "Bo"), ("Cy", "Cy")],
)  # fmt: skip
def test_brackets_hold_another_name_only_where_it_is_one(name, plain):
    assert plain_name(name) == plain


def test_robots_are_not_people():
    assert all(
        map(
            is_robot,
            (
                "read.ai meeting notes",
                "Otter.ai",
                "Fireflies Notetaker",
                "Fathom",
                "Ada's Fathom AI",
                "Jamie Assistant",
            ),
        )
    )
    assert not any(
        map(
            is_robot,
            (
                "Ottery St Mary",
                "Ada Reader",
                "Grainne",
                "Jamieson",
                "Jamie Oliver",
                "Gong Li",
                "Lisa Grain",
                "Chorus Otieno",
            ),
        )
    )
    assert person_key("", "a***@x.example") == ""


def test_every_word_of_a_status_has_one_meaning():
    assert STATES["refunded"] == "cancelled"
    assert STATES["warteliste"] == "waitlisted"
    assert STATES["en attente"] == "pending"


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.000", 1000), ("1,000", 1000), ("1 000", 1000), ("31", 31), ("31.0", 31), ("~60", 60),
     ("40+", 40), ("1.2k", 1200), ("about 70", 70), ("n/a", None), ("-", None), ("", None), ("0", 0)],
)  # fmt: skip
def test_counts_are_never_a_thousandth(text, number):
    assert cells.count(text, "came") == number
    assert cells.is_rough(text) == (text in {"~60", "40+", "1.2k", "about 70"})


@pytest.mark.parametrize("text", ["1.5", "many", "-3", "1.00.0", "12.3456"])
def test_what_is_no_count_is_refused(text):
    with pytest.raises(cells.BadCellError):
        cells.count(text, "came")


@pytest.mark.parametrize(
    ("samples", "more", "day"),
    [
        (["03/05/2026", "13/05/2026"], {}, date(2026, 5, 3)),
        (["03/05/2026", "03/25/2026"], {}, date(2026, 3, 5)),
        (["12/10/2026"], {"held": ["12/10/2026"]}, date(2026, 10, 12)),
        (["05/03/2026 6:00 PM"], {}, date(2026, 5, 3)),
        (["05/03/2026"], {"day_first": True}, date(2026, 3, 5)),
        (["05.03.2026"], {}, date(2026, 3, 5)),
        (["46086"], {}, date(2026, 3, 5)),
        (["March 5th, 2026"], {}, date(2026, 3, 5)),
        (["5. März 2026"], {}, date(2026, 3, 5)),
        (["5 mars 2026 18h30"], {}, date(2026, 3, 5)),
        (["5 de mayo de 2026"], {}, date(2026, 5, 5)),
        (["Thu, Mar 5, 2026"], {}, date(2026, 3, 5)),
        (["2026-03-05T18:00:00+01:00"], {}, date(2026, 3, 5)),
        (["05/Mar/26 6:00 PM"], {}, date(2026, 3, 5)),
        (["March 5, 2026 6:00 PM (GMT+1) → 8:00 PM"], {}, date(2026, 3, 5)),
    ],
)
def test_dates_are_decided_over_their_column(samples, more, day):
    column = DateColumn(samples, UTC, Habits(NOW), **more)

    assert column.read(samples[0], "date").day == day


@pytest.mark.parametrize(
    ("zone", "day"), [("America/New_York", date(2026, 3, 5)), ("Europe/Berlin", date(2026, 5, 3))]
)
def test_where_nothing_else_decides_the_person_or_their_zone_does(zone, day):
    cell = "03/05/2026"

    assert DateColumn([cell], ZoneInfo(zone), Habits(NOW)).read(cell, "date").day == day
    assert DateColumn([cell], ZoneInfo(zone), Habits(NOW, month_first=True)).read(
        cell, "date"
    ).day == date(2026, 3, 5)


def test_a_date_that_nothing_decides_is_named_and_one_column_decides_for_the_others():
    open_habits, shared_habits = Habits(NOW), Habits(NOW)

    DateColumn(["04/04/2026", "03/05/2026"], UTC, open_habits)
    assert open_habits.orders.undecided == "03/05/2026"
    assert open_habits.orders.remarks == ["dates were read as month/day/year"]

    DateColumn(["25/12/2025"], UTC, shared_habits)
    second = DateColumn(["03/05/2026"], UTC, shared_habits)
    assert second.read("03/05/2026", "date").day == date(2026, 5, 3)
    assert not shared_habits.orders.undecided


@pytest.mark.parametrize("day_first", [True, False])
@pytest.mark.parametrize(
    ("cell", "day", "last", "period"),
    [
        ("2026/03/05", date(2026, 3, 5), None, ""),
        ("2026-3-7", date(2026, 3, 7), None, ""),
        ("2026.04.02 18:00", date(2026, 4, 2), None, ""),
        ("2026年3月5日", date(2026, 3, 5), None, ""),
        ("May 7-9, 2026", date(2026, 5, 7), date(2026, 5, 9), ""),
        ("May 7–9, 2026", date(2026, 5, 7), date(2026, 5, 9), ""),
        ("7.–9. Mai 2026", date(2026, 5, 7), date(2026, 5, 9), ""),
        ("7 to 9 May 2026", date(2026, 5, 7), date(2026, 5, 9), ""),
        ("May 30 - June 1, 2026", date(2026, 5, 30), date(2026, 6, 1), ""),
        ("2026-Q3", date(2026, 7, 1), None, "quarter"),
        ("Q4 2026", date(2026, 10, 1), None, "quarter"),
        ("2. Quartal 2026", date(2026, 4, 1), None, "quarter"),
        ("March 2026", date(2026, 3, 1), None, "month"),
        ("2026-03", date(2026, 3, 1), None, "month"),
        ("Mai 2026", date(2026, 5, 1), None, "month"),
    ],
)
def test_a_date_written_in_words_or_year_first_means_the_same_everywhere(
    cell, day, last, period, day_first
):
    found = DateColumn([cell], UTC, Habits(NOW), day_first=day_first).read(cell, "date")

    assert (found.day, found.ends.date() if found.ends else None, found.period) == (
        day,
        last,
        period,
    )


ABROAD = {
    "zoom": (
        "Sujet,ID,Hôte,Durée (minutes),Heure de début,Heure de fin,Participants\n"
        "Atelier,812,Hôte,62,05/03/2026 18:00:10,05/03/2026 19:02:02,2\n\n"
        "Nom (nom d’origine),E-mail,Durée totale (minutes),Invité\nMia,mia@example.org,50,Oui\nOle,,41,Oui\n"
    ),
    "teams": (
        "1. Résumé\nTitre de la réunion\tAtelier\nHeure de début\t05/03/2026 18:00:11\n\n2. Participants\n"
        "Nom\tPremière connexion\tDernière déconnexion\tDurée\tE-mail\n"
        "Mia\t05/03/2026 18:00:11\t05/03/2026 19:00:00\t60\tmia@example.org\n"
        "Ole\t05/03/2026 18:01:11\t05/03/2026 19:00:00\t59\t\n"
    ),
    "meet": (
        "Vorname,Nachname,E-Mail-Adresse,Dauer,Beitrittszeit,Uhrzeit des Verlassens\n"
        "Mia,K,mia@example.org,58 Min.,18:02,19:00\nOle,L,,12 Min.,18:40,18:52\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", ABROAD)
def test_a_report_of_another_language_is_read_by_the_stems_of_its_words(key):
    found = read(ABROAD[key])

    assert found.source.key == key
    assert counts(found) == {"attended": 2}
    starts = found.guest_list.starts_at
    assert key == "meet" or starts.date() == date(2026, 3, 5)


def test_a_registration_report_may_be_of_a_meeting_that_lies_ahead():
    found = read(
        'Registration Report\nTopic,Meeting ID,Scheduled Time\nClinic,811,"12/03/2026 05:00:00 PM"\n'
        "Attendee Details\nFirst Name,Last Name,Email,Registration Time,Approval Status\n"
        'Mia,K,mia@example.org,"11/01/2026 12:00:00 PM",approved\n'
        'Ole,L,ole@example.org,"11/02/2026 12:00:00 PM",cancelled by self\n'
    )

    assert found.guest_list.starts_at == datetime(2026, 12, 3, 17, tzinfo=UTC)
    assert counts(found) == {"signed_up": 1, "cancelled": 1}


def test_a_list_of_meetings_is_events_and_not_people():
    found = read(
        "Topic,Meeting ID,User Name,User Email,Start Time,End Time,Duration (Minutes),Participants\n"
        "Office hours,844 1,Host,host@example.org,03/19/2026 05:00:00 PM,03/19/2026 06:00:00 PM,60,14\n"
        "Office hours,844 1,Host,host@example.org,03/26/2026 05:00:00 PM,03/26/2026 06:00:00 PM,60,9\n"
    )

    assert [(event.title, event.attended) for event in found.events] == [
        ("Office hours", 14), ("Office hours", 9),
    ]  # fmt: skip
    assert len({event.event_id for event in found.events}) == 2
    assert "host" not in str(found.events).lower()


@pytest.mark.parametrize(
    "listed",
    [
        "Name,Date,Status\nMia Kestrel,2026-03-05,registered\nOle Lind,2026-03-06,cancelled\n",
        "Name,Date,Role\nMia Kestrel,2026-03-05,Speaker\nOle Lind,2026-03-06,Attendee\n",
        "Name,Event date\nMia Kestrel,2026-03-05\nOle Lind,2026-03-05\nPia Marsh,2026-03-05\n",
        "ada@example.org\nole@example.org\n",
        "Email\nada@example.org\nole@example.org\n",
    ],
)
def test_names_without_addresses_are_people_and_no_titles(listed):
    found = read(listed)

    assert not found.events
    assert found.guest_list.wants_event
    assert len(found.guest_list.guests) in {2, 3}


@pytest.mark.parametrize(
    "listed",
    [
        "Name,Date,Status\nDocs Evening,2026-03-05,done\nTypes Night,2026-04-06,cancelled\n",
        "Name,Date\nTea Party,2026-03-05\nDocs Clinic,2026-04-06\nSpring Social,2026-05-07\n",
    ],
)
def test_a_column_called_name_may_still_name_events(listed):
    with pytest.raises(UnmappedError) as asked:
        read(listed)

    assert asked.value.guess["name"] == "title"


def test_answers_in_one_column_are_answers():
    found = read("How did you hear about us?\nA friend\nLinkedIn\n")

    assert [row.channel for row in found.referrals] == [Channel.FRIEND, Channel.SOCIAL]


def test_guests_of_two_luma_events_are_two_lists():
    head = "guest_id,name,email,approval_status,checked_in_at,qr_code_url\n"
    rows = [
        f"g{n},A,a{n}@e.org,approved,,https://luma.com/check-in/evt-{of}?pk={n}"
        for n, of in enumerate("aab")
    ]
    found = read(head + "\n".join(rows))

    assert {each.event_id: len(each.guests) for each in found.guest_lists} == {
        "evt-a": 2,
        "evt-b": 1,
    }


def test_ranges_give_an_end():
    found = DateColumn(["x"], UTC).read("March 5, 2026 6:00 PM (GMT+1) → 8:00 PM", "date")

    assert found.moment.isoformat() == "2026-03-05T18:00:00+01:00"
    assert found.ends.isoformat() == "2026-03-05T20:00:00+01:00"


@pytest.mark.parametrize("text", ["soon", "31/31/2026", "5", "99999", "2026-13-45", "x" * 200])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(cells.BadCellError):
        DateColumn([text], UTC).read(text, "date")


@pytest.mark.parametrize(
    ("answer", "channel"),
    [
        ("LinkedIn", "social media"), ("Discourse", "forum or chat community"), ("a friend on Twitter", "friend or colleague"),
        ("youtube", "blog or article or video"), ("Googled it", "search"), ("ChatGPT", "search"), ("your newsletter", "newsletter"),
        ("Changelog podcast", "podcast"), ("KubeCon booth", "event or conference"), ("my university", "work or school"),
        ("I already use it", "already a user"), ("-", "no answer"), ("", "no answer"), ("billboard", "other"),
        ("Stack Overflow", "forum or chat community"), ("colleague told me", "friend or colleague"),
    ],
)  # fmt: skip
def test_answers_are_sorted_into_the_channels_of_the_contract(answer, channel):
    assert channel_of(answer) == channel


def test_several_answers_in_a_cell_are_several():
    assert answers_in("A friend;Twitter") == ["A friend", "Twitter"]
    assert answers_in("LinkedIn, Google") == ["LinkedIn", "Google"]
    assert answers_in("Well, a friend told me") == ["Well, a friend told me"]
    assert {str(channel) for channel in Channel} >= {"other", "no answer"}


HEADERS = st.sampled_from(
    [text.split("\n", 1)[0] for text in PEOPLE.values()]
    + ["Title,Date,Signups,Attended", "Titel;Datum;Teilnehmer", "date,views,clones", "Episode,Published,Plays",
       "Title,Subject,Send Date,Unique Opens", "Summary,Issue key,Status,Created", "metric,day,value",
       "program,event_id,title,starts_at", "BEGIN:VCALENDAR", "Attendee Report,", "1. Summary"]
)  # fmt: skip
BODY = st.lists(
    st.lists(st.one_of(st.text(max_size=12), st.sampled_from(["2026-03-05", "1.000", "yes", "a@b.example", "~60"])), max_size=9),
    max_size=6,
)  # fmt: skip


@given(HEADERS, BODY)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_no_reader_ends_in_anything_but_rows_or_a_sentence(header, body):
    mark = ";" if header.count(";") else "\t" if "\t" in header else ","
    text = "\n".join(
        [header, *(mark.join(cell.replace("\n", " ") for cell in row) for row in body)]
    )
    try:
        found = read(text)
    except AlmanacError as error:
        assert "in it that Almanac cannot read (" not in str(error)
    else:
        assert found.source in sources()


@given(st.binary(max_size=600))
def test_no_bytes_end_in_anything_but_rows_or_a_sentence(data):
    try:
        read(data)
    except AlmanacError as error:
        assert "in it that Almanac cannot read (" not in str(error)


def test_a_task_that_is_ticked_off_is_done_wherever_it_stands():
    asana = "Task ID,Completed At,Name,Section/Column,Due Date\n1,2026-09-10,Pick venue,Doing,2026-09-09\n"
    trello = "Card Name,List Name,Due Complete,Archived\nA,To Do,true,\nB,To Do,,true\n"

    assert [card.status for card in read(asana).cards] == ["done"]
    assert [(card.status, card.archived) for card in read(trello).cards] == [
        ("done", False),
        ("planned", True),
    ]


def test_days_of_excel_may_have_a_decimal_comma():
    mapping = {"titel": "title", "datum": "day"}
    found = harvest(
        Document("t.csv", b"Titel;Datum\nDoku-Abend;46156,75\nDoku-Tag;46184\n"),
        UTC,
        NOW,
        lambda _t: mapping,
    )

    assert [row.starts_at or row.day for row in found.events] == [
        datetime(2026, 5, 14, 18, tzinfo=UTC), date(2026, 6, 11),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("Tea and Types - Guests - 2026-03-21-09-00-10", "Tea and Types"), ("docs_night_attendees", "Docs night"),
        ("Anmeldung Doku-Treff (Antworten) - Formularantworten 1", "Anmeldung Doku-Treff"), ("guests", "Guests"),
        ("Docs night (1)", "Docs night"), ("docs-night", "Docs night"),
    ],
)  # fmt: skip
def test_titles_lose_what_services_add_to_a_downloads_name(stem, title):
    assert title_of_file(stem) == title


@pytest.mark.parametrize(
    "word", ["Total", "Subtotal:", "Sous-total", "Zwischensumme", "Total geral", "Average", "Média"]
)
def test_a_row_of_totals_is_no_event(word):
    found = read(f"title,starts_at,signups\nTea,2026-03-05,12\n{word},,12\n")

    assert [event.title for event in found.events] == ["Tea"]


def test_a_notion_board_is_cards():
    found = read("Name,Assign,Due,Status,Tags\nAnswer,Ada,30/11/2026,In progress,talks\n")

    assert [(card.title, card.status, str(card.due)) for card in found.cards] == [
        ("Answer", "doing", "2026-11-30")
    ]


def test_a_web_page_and_a_damaged_workbook_are_named_as_what_they_are():
    with pytest.raises(AlmanacError, match="is a web page"):
        read("<!DOCTYPE html><html><body>Sign in</body></html>")
    with pytest.raises(AlmanacError, match="damaged or locked workbook"):
        list(documents_in("a.xlsx", b"PK\x03\x04rubbish"))
