"""Search finds words in any text, form and case; the index follows every change by itself."""

from datetime import date

import pytest
from django.db import connections

from almanac.actions.activities import NewActivity, change_activity, write_down
from almanac.actions.community.feedback import note_feedback
from almanac.actions.community.people import note_person
from almanac.actions.community.quotes import forget_quote, hear
from almanac.actions.experiments.experiments import try_something
from almanac.actions.hackathons.hackathons import read_project_file
from almanac.actions.keeping.undo import undo
from almanac.actions.playbooks.playbooks import write_playbook
from almanac.answers.community.people import find_person
from almanac.answers.log.search import MOST, search
from almanac.faces.cli.app import main
from almanac.record.infra import search_index
from almanac.record.models import Activity, Guest, Program
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document


@pytest.fixture(params=["with an index", "without"])
def logbook_of_words(request, logbook):
    if request.param == "with an index":
        search_index.build()
        assert search_index.is_there()
    (talk, meetup) = write_down(OWNER, [
        NewActivity("Talk about Übergänge", kind="talk", program="Talks", day=date(2026, 3, 1)),
        NewActivity("Meetup", program="Evenings", day=date(2026, 2, 1), fields={"notes": "two hackathons planned", "place": "Lisbon"}),
    ])  # fmt: skip
    return talk, meetup


def titles(text, **more):
    return [row.title for row in search(OWNER, text, **more).activities]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("übergänge", ["Talk about Übergänge"]), ("ÜBERGÄNGE talk", ["Talk about Übergänge"]), ("lisbon", ["Meetup"]),
        ("hackathons", ["Meetup"]), ("“two hackathons”", ["Meetup"]), ("“hackathons two”", []), ("talk lisbon", []),
        ("evenings", ["Meetup"]), ("hack", ["Meetup"]), ("", []), ('"', []), ("*", []), ("x' OR 1=1 --", []),
        ("NEAR(", []), ("meetup AND nothing", []), ("%", []),
    ],
)  # fmt: skip
def test_words_anywhere_in_any_case(logbook_of_words, text, found):
    assert titles(text) == found


def test_quotes_playbooks_experiments_and_people(logbook_of_words):
    talk, _ = logbook_of_words
    hear(OWNER, "I wouldn’t have known about you otherwise", who="Kim", program="Talks")
    write_playbook(
        OWNER,
        Program.objects.get(name="Talks"),
        "## Steps\n\n- T-3 days: write to the venue (1h)\n",
        "so",
    )
    write_playbook(
        OWNER,
        Program.objects.get(name="Talks"),
        "## Steps\n\n- T-3 days: call the hall (1h)\n",
        "so",
    )
    try_something(OWNER, "reminders", "they forget", "more come", date(2026, 5, 1))
    Guest.objects.create(activity=talk, name="Ada Lovelace", status="attended", source="x")
    assert [quote.who for quote in search(OWNER, "otherwise").quotes] == ["Kim"]
    assert [quote.who for quote in search(OWNER, "kim").quotes] == ["Kim"]
    assert [hit.line for hit in search(OWNER, "hall").playbooks] == ["T-3 days: call the hall (1h)"]
    assert not search(OWNER, "venue").playbooks, "an earlier version is not what holds"
    assert [each.trying for each in search(OWNER, "reminders").experiments] == ["reminders"]
    assert [hit.name for hit in search(OWNER, "lovelace").people] == ["Ada Lovelace"]
    assert search(OWNER, "lovelace", where="quotes").is_empty
    (hit,) = search(OWNER, "lovelace").people
    assert find_person(OWNER, hit.token).name == "Ada Lovelace"
    assert search(OWNER, "lovelace", until=date(2000, 1, 1)).is_empty


def test_people_written_down_feedback_and_projects(browser_client, logbook):
    note_person(OWNER, "Kim Park", handles="kim@example.org")
    note_feedback(OWNER, "Shorter docs", who="Kim Park")
    (hackathon,) = write_down(
        OWNER, [NewActivity("Spring", kind="hackathon", day=date(2026, 3, 1))]
    )
    file = Document("x.csv", b"Project,Team\nTide table,Kim Park\n")
    read_project_file(OWNER, hackathon, file)
    found = search(OWNER, "park")
    assert [hit.name for hit in found.people] == ["Kim Park"]
    assert [row.text for row in found.feedback] == ["Shorter docs"]
    assert [row.title for row in found.projects] == ["Tide table"]
    page = browser_client.get("/search/?q=park").content.decode()
    assert f"/community/people/{found.people[0].token}/" in page
    assert f"/activities/{hackathon.pk}/hackathon/#projects" in page
    change_activity(OWNER, hackathon, kind="event")
    page = browser_client.get("/search/?q=park").content.decode()
    assert "/hackathon/#projects" not in page
    assert search(OWNER, "park", since=date(2030, 1, 1)).feedback == ()
    assert search(OWNER, "otherwise", since=date(2030, 1, 1)).is_empty


def test_the_index_follows_changes_undo_and_deletion(logbook):
    search_index.build()
    (row,) = write_down(OWNER, [NewActivity("Workshop", day=date(2026, 3, 1))])
    change_activity(OWNER, row, title="Seminar")
    assert (titles("workshop"), titles("seminar")) == ([], ["Seminar"])
    undo(OWNER)
    assert titles("workshop") == ["Workshop"]
    undo(OWNER)
    assert titles("workshop") == []
    quote = hear(OWNER, "a kind word")
    forget_quote(OWNER, quote)
    assert search(OWNER, "kind").is_empty
    Activity.objects.bulk_create([])


def test_an_index_that_lost_a_trigger_is_made_anew(logbook):
    search_index.build()
    with connections["default"].cursor() as cursor:
        cursor.execute("DROP TRIGGER record_search_activity_ai")
    assert not search_index.is_there()
    write_down(OWNER, [NewActivity("Workshop", day=date(2026, 3, 1))])
    assert titles("workshop") == ["Workshop"], "LIKE finds it meanwhile"
    search_index.build()
    assert titles("workshops") == ["Workshop"]


def test_there_may_be_more_than_are_shown(browser_client, logbook):
    write_down(OWNER, [NewActivity(f"Answer {n}", day=date(2026, 3, 1)) for n in range(MOST + 1)])
    assert search(OWNER, "answer").more_activities
    page = browser_client.get("/search/?q=answer").content.decode()
    assert "All of them in the log" in page
    assert "No matches" in browser_client.get("/search/?q=nothing").content.decode()
    assert "is not a day" in browser_client.get("/search/?q=answer&since=soon").content.decode()
    assert browser_client.get("/search/").status_code == 200


def test_the_terminal_says_what_else_holds_the_words(logbook, capsys):
    hear(OWNER, "you helped me find docs", who="Kim")
    assert main(["list", "docs"]) == 0
    assert "“you helped me find docs”" in capsys.readouterr().out
    assert main(["list", "docs", "--json"]) == 0
    assert capsys.readouterr().out.strip() == "[]"
