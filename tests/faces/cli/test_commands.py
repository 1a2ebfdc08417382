"""Each command in this process, on the test's own logbook."""

import json

import pytest
from tests.factories import past

import samples
from almanac.faces.cli.app import COMMANDS, commands
from almanac.record.models import Activity, Forecast, Guess, Quote


def test_log_says_what_it_understood_and_can_be_undone(run):
    said = run("log", "Gave the API talk at PyTexas, 80 people, 6h", "--program", "talks")
    assert "Gave the API talk at PyTexas" in said
    assert "80 came" in said

    assert "Undone: Logged “Gave the API talk" in run("undo")
    assert not Activity.objects.exists()


def test_log_dry_run_writes_nothing(run):
    found = json.loads(run("log", "Gave a talk yesterday, $30", "--dry-run", "--json"))

    assert (
        found["activities"][0]["day"], found["activities"][0]["cost"], found["activities"][0]["id"],
    ) == ("2026-03-17", 30, None)  # fmt: skip
    assert not Activity.objects.exists()


def test_log_takes_words_without_quotation_marks(run):
    run("log", "Gave", "a", "talk", "--on", "vorgestern")

    assert Activity.objects.get().day.day == 16


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["log", "yesterday"], "is a day; say what happened"),
        (["log", "Talk", "--on", "never ever"], "2026-03-05"),
        (["undo"], "nothing to undo"),
        (["import"], "Name a file"),
        (["import", "/nowhere/at/all.csv"], "no such file"),
        (["forecast", "nothing like it"], "Nothing in the logbook"),
        (["restore", "/nowhere.zip"], "no backup"),
        (["erase", "al"], "three letters"),
        (["heard", "  "], "What did they say"),
        (["init", "--zone", "Mars/X"], "not a time zone"),
        (["outcome", "x"], "Say how many came"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_on_stderr(run, arguments, says):
    if arguments == ["undo"]:
        from almanac.record.models import Change

        Change.objects.all().delete()

    said = run(*arguments, code=1)

    assert says in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["log", "x", "--colour"], ["serve", "--port", "many"], ["guess"]]
)
def test_misuse_exits_with_2(run, arguments):
    said = run(*arguments, code=2)

    assert said.count("\n") == 1
    assert "--help" in said


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name, run):
    text = run(name, "--help")

    assert f"Usage: almanac {name}" in text
    assert "--json" in text


def test_the_list_of_commands_says_what_each_does(run):
    text = run("--help")

    for name, (_place, summary) in COMMANDS.items():
        assert name in text
        assert summary in text
    assert set(COMMANDS) <= set(commands())


def test_heard_is_private(run):
    run("heard", "I wouldn't have known about you otherwise", "--by", "DM", "--program", "talks")

    assert (Quote.objects.get().consent, Quote.objects.get().via) == ("none", "DM")


def test_import_json_counts_each_kind_of_row(run, tmp_path):
    (tmp_path / "events.csv").write_text(samples.EVENTS)
    (tmp_path / "pace.csv").write_text(samples.PACE)
    (tmp_path / "words.txt").write_text("just words")

    # Any file that cannot be read gives 1, after the others have landed.
    first = json.loads(run("import", str(tmp_path), "--json", code=1))
    again = json.loads(run("import", str(tmp_path), "--json", code=1))

    assert first["created"] == {"events": 4, "programs": 2, "pace": 2, "guests": 0}
    assert first["rejected"] == {"pace": 1}
    assert sum(again["created"].values()) + sum(again["changed"].values()) == 0
    assert again["unchanged"] == {"events": 4, "pace": 2}
    assert len(first["failed"]) == 1


def test_import_dry_run_changes_nothing(run, tmp_path):
    (tmp_path / "events.csv").write_text(samples.EVENTS)

    said = run("import", str(tmp_path / "events.csv"), "--dry-run")

    assert "4 events would be created" in said
    assert not Activity.objects.exists()


def test_import_picks_from_a_calendar(run, tmp_path):
    (tmp_path / "c.ics").write_text(samples.ICS)

    run("import", str(tmp_path / "c.ics"), "--pick", "1,3-4")
    assert Activity.objects.count() == 3
    run("import", str(tmp_path / "c.ics"), "--pick", "dentist")
    assert Activity.objects.count() == 4


def test_import_maps_columns_as_told(run, tmp_path):
    (tmp_path / "t.csv").write_text("Foo,Bar\nTreffen,2026-01-05\n")
    said = run("import", str(tmp_path / "t.csv"), code=1)
    assert "which is the title and which the day" in said

    run("import", str(tmp_path / "t.csv"), "--column", "Foo=title", "--column", "Bar=day")

    assert Activity.objects.get().title == "Treffen"


def test_forecast_freezes_before_it_shows_and_keeps_the_guess(run, plan_event):
    event = plan_event("Docs evening", counts={"signups": 20, "hoped": 25})

    found = json.loads(
        run("forecast", "docs evening", "--guess", "5", "25", "11", "80", "--reach", "25", "--json")
    )

    assert Forecast.objects.get().sha256 == found["sha256"]
    assert (found["guess"]["low"], found["guess"]["high"], found["guess"]["best"]) == (5, 25, 11)
    stages = {stage["stage"]: stage for stage in found["stages"]}
    assert 0 <= stages["attended"]["reaches"] <= 1
    assert len(stages["attended"]["dots"]) == 20
    assert stages["took_part"]["refusal"] == "too_few_pairs"
    text = run("forecast", str(event.pk))
    assert "Expect about" in text
    assert "Your guess: 5 to 25, best 11, 80 % sure." in text
    assert "●" in text


def test_guess_then_outcome_scores_it(run, plan_event):
    event = plan_event("Docs evening", days=1)
    run("guess", "Docs evening", "5", "25", "--sure", "90")
    run("forecast", "Docs evening", "--json")
    from datetime import timedelta

    from almanac.record.infra import clock

    with clock.at(clock.now() + timedelta(days=2)):
        found = json.loads(run("outcome", str(event.pk), "12", "--worth-it", "yes", "--json"))
        text = run("outcome", str(event.pk), "12")

    came = next(stage for stage in found["stages"] if stage["stage"] == "attended")
    assert (came["observed"], came["guess"]["inside"]) == (12, True)
    assert "the guess’s range" in text
    assert Guess.objects.count() == 1


def test_an_ambiguous_title_is_asked_back(run, plan_event):
    plan_event("Docs evening one")
    plan_event("Docs evening two")

    assert "could be any of these" in run("forecast", "docs", code=1)


def test_doctor_and_erase_have_json(run):
    found = json.loads(run("erase", "nobody at all", "--json"))
    assert found["erased"]
    assert found["rows"] == {}


def test_backtest_scores_a_file(run, tmp_path):
    events, forecasts = tmp_path / "events.csv", tmp_path / "out.csv"
    events.write_text("\n".join([samples.COLUMNS, *samples.event_lines()]))
    arguments = ("backtest", str(events), "--from", "2021-01-01", "--forecasts", str(forecasts))

    (found,) = json.loads(run(*arguments, "--json"))

    assert list(found) == [
        "horizon",
        "n",
        "crps",
        "crps_climatology",
        "skill",
        "skill_low",
        "skill_high",
        "coverage50",
        "coverage80",
        "coverage95",
        "mae",
        "fit_seconds",
        "forecast_ms",
    ]
    assert (found["horizon"], found["n"]) == ("announced", len(forecasts.read_text().split()) - 1)
    assert "off by" in run(*arguments)
    assert "nothing can be scored" in run("backtest", str(events), "--from", "2050-01-01")


def test_backtest_of_ones_own_logbook(run, held):
    held(
        past(ago=40, signups=25, attended=20),
        past(ago=20, signups=30, attended=22),
        past(ago=10, signups=28, attended=21),
    )

    (found,) = json.loads(run("backtest", "--stage", "attended", "--json"))

    assert (found["horizon"], found["n"]) == ("start", 3)


def test_backtest_says_what_is_wrong(run, tmp_path):
    table = tmp_path / "events.csv"
    table.write_text("program,event_id,observed_at,signups\na,b,2025-01-01T00:00:00Z,3\n")

    assert "holds no events" in run("backtest", str(table), code=1)
    assert "is not a day" in run("backtest", "--from", "soon", code=1)
    assert "--stage is one of" in run("backtest", "--stage", "tea", code=1)
    assert "write days or hours" in run("backtest", "--horizons", "x", code=1)
    assert run("backtest", str(tmp_path / "none.csv"), code=1).count("\n") == 1


def test_track_record_in_the_terminal(run, held, plan_event):
    assert run("track-record").startswith("No guess of yours has a result yet")
    event = plan_event("Evening", days=2)
    run("forecast", "Evening", "--guess", "10", "30", "20", "80")
    from datetime import timedelta

    from almanac.record.infra import clock

    with clock.at(clock.now() + timedelta(days=4)):
        run("outcome", "Evening", "18")
        said = run("track-record")
        found = json.loads(run("track-record", "--json"))

    assert "Your only result so far fell inside" in said
    assert [group["name"] for group in found["by_who"]] == ["the forecast", "you", "combined"]
    assert {entry["activity"] for entry in found["said"]} == {event.pk}


def test_what_to_provide_and_how_many_to_admit(run, held, plan_event):
    held(
        past(ago=30, signups=40, attended=26),
        past(ago=20, signups=50, attended=30),
        past(ago=10, signups=44, attended=27),
    )
    plan_event("Evening", days=5, counts={"signups": 48})

    text = run("forecast", "Evening", "--no-idea", "--costs", "3", "1", "--admit", "30")
    found = json.loads(run("forecast", "Evening", "--costs", "3", "1", "--admit", "30", "--json"))

    assert f"Provide for {found['provide']['number']}. " in text
    assert f"Admit {found['admit']['number']} for 30 seats" in text
    assert found["admit"]["number"] > 30
    assert "must be above 0" in run("forecast", "Evening", "--costs", "0", "0")
    assert "Seats can be from 1" in run("forecast", "Evening", "--admit", "0")
    assert "The risk can be" in run("forecast", "Evening", "--admit", "5", "--risk", "100")


def test_columns_named_by_hand_replace_the_remembered_ones(run, tmp_path):
    file = tmp_path / "plan.csv"
    file.write_text("Event,Date,Heads\nTea,03/02/2026,12\n")

    run("import", str(file), "--column", "Heads=attended", "--dates", "day-first")
    run("import", str(file), "--column", "Heads=signups", "--dates", "day-first")

    event = Activity.objects.get()
    assert (str(event.day), event.turnout.attended, event.turnout.signups) == ("2026-02-03", 12, 12)


def test_people_by_hand_become_no_title(run, tmp_path):
    file = tmp_path / "plan.csv"
    file.write_text("Who,Date\nada@example.org,2026-03-04\nole@example.org,2026-03-05\n")

    said = run("import", str(file), "--column", "Who=title", code=1)

    assert "holds people" in said
    assert not Activity.objects.exists()


def test_columns_of_a_known_format_are_its_own(run, tmp_path):
    file = tmp_path / "guests.csv"
    file.write_text(samples.luma(came=("alice",)))

    assert "--column was not used" in run("import", str(file), "--column", "name=title")
