"""`almanac list`, `program`, `completion`, and an import that goes on after a bad file."""

import json

import pytest

import samples
from almanac.record.models import Activity, Program


def test_activities_are_listed_and_narrowed(run):
    run("log", "Gave the API talk, 80 people, 6h #api", "--on", "2026-03-05", "--program", "Talks")
    run("log", "idea: a summer hackathon")

    rows = json.loads(run("list", "--json"))
    assert [row["title"] for row in rows] == ["Gave the API talk", "a summer hackathon"]
    talk = rows[0]
    assert (talk["kind"], talk["status"], talk["day"], talk["hours"]) == (
        "talk", "done", "2026-03-05", 6.0,
    )  # fmt: skip
    assert talk["counts"] == {"attended": 80}
    assert (talk["attended"], talk["signups"], talk["format"]) == (80, None, None)
    assert (talk["program"], talk["tags"], talk["reach"]) == ("Talks", ["api"], {})
    for narrow, number in (
        (["API"], 1), (["--program", "talks"], 1), (["--kind", "hackathon"], 1),
        (["--status", "idea"], 1), (["--status", "requested"], 0), (["--status", "asked"], 0),
        (["--since", "2026-03-01"], 1), (["--until", "2026-03-01"], 0),
    ):  # fmt: skip
        assert len(json.loads(run("list", *narrow, "--json"))) == number, narrow
    assert "Gave the API talk" in run("list")
    assert "No activities match" in run("list", "zzz")
    assert "requested, idea" in run("list", "--status", "dancing", code=1)
    assert "event, workshop" in run("list", "--kind", "party", code=1)
    assert "no program called" in run("list", "--program", "zzz", code=1)


def test_programs_are_added_edited_closed_and_reopened(run):
    assert "No programs yet" in run("program")
    assert "Added Meetups" in run("program", "add", "Meetups", "--goal", "Adoption")
    run("program", "edit", "meetups", "--owner", "Ana", "--public", "--rename", "Evenings")
    row = Program.objects.get()
    assert (row.name, row.goal, row.owner, row.public) == ("Evenings", "Adoption", "Ana", True)
    assert "Say what changes" in run("program", "edit", "Evenings", code=1)
    assert "Closed" in run("program", "close", "Evenings")
    (listed,) = json.loads(run("program", "list", "--json"))
    assert (listed["closed"], listed["done"], listed["ahead"]) == (True, 0, 0)
    assert "Reopened" in run("program", "reopen", "Evenings")
    assert "Ana" in run("program")
    assert "There is a program" in run("program", "add", "evenings", code=1)
    assert "no program called" in run("program", "close", "zzz", code=1)
    assert "Undone" in run("undo")
    assert Program.objects.get().closed


def test_completion_knows_the_commands(run):
    assert "board" in run("completion", "bash")
    assert json.loads(run("completion", "fish", "--json"))["shell"] == "fish"


def test_a_bad_file_names_itself_and_the_others_land(run, tmp_path):
    header = (
        "Meeting ID,Topic,Start Time,End Time,Participants\n1,Sync,yesterday evening,later,x\n\n"
    )
    (tmp_path / "a.csv").write_text(
        header + "Name (Original Name),User Email,Join Time\nAna,,soon\n"
    )
    (tmp_path / "b.json").write_text("{broken")
    (tmp_path / "c.csv").write_text(samples.EVENTS)

    plain = json.loads(run("import", *map(str, sorted(tmp_path.iterdir())), "--json", code=1))

    assert Activity.objects.filter(event_id="1").exists()
    assert any("b.json" in sentence for sentence in plain["failed"])


def test_a_reader_that_meets_what_nobody_foresaw_stops_nobody(run, tmp_path, monkeypatch):
    from almanac.sources import recognise
    from almanac.sources.services import luma

    def broken(*_):
        raise KeyError("surprise")

    odd = [source for source in recognise.sources() if source.key == "luma"][0]  # noqa: RUF015
    monkeypatch.setattr(
        recognise, "sources", lambda: (type(odd)(**{
            name: getattr(odd, name) for name in odd.__slots__
        } | {"read": broken}),)
    )  # fmt: skip
    (tmp_path / "guests.csv").write_text(samples.luma())

    said = json.loads(run("import", str(tmp_path / "guests.csv"), "--json", code=1))

    assert "guests.csv has something in it" in said["failed"][0]
    assert "KeyError" in said["failed"][0]
    assert luma.LUMA.key == "luma"


@pytest.mark.parametrize(
    "group", ["board", "experiment", "load", "metric", "playbook", "program", "quotes"]
)
def test_every_group_lists_what_it_holds(group, run):
    assert run(group, "list") == run(group)


def test_a_command_that_is_not_there_is_said_so(run):
    said = run("metrics", code=2)
    assert said == "There is no command “metrics”. Did you mean “metric”? See: almanac --help\n"
    assert "almanac metric --help" in run("metric", "nope", code=2)


def test_limits_are_said_in_the_boards_words(run):
    assert run("board", "limit", "in progress", "1") == "In progress holds 1 card.\n"
    run("board", "limit", "all", "9")
    assert "Limit for In progress: 1; Limit for All: 9" in run("undo")
