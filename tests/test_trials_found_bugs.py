"""What hunts for bugs in trials, protocols, playbooks and handovers have found: one test each."""

import socket
from datetime import date, timedelta

import pytest
from tests.actions.test_trials import START, attempt, evening, past, plan
from tests.conftest import NOW

from almanac.actions.activities import change_activity, set_status
from almanac.actions.errors import CannotError
from almanac.actions.experiments import experiments, protocols
from almanac.actions.keeping.undo import undo
from almanac.actions.metrics import begin_metric, measure
from almanac.actions.playbooks import freshness, playbooks
from almanac.actions.programs import begin_program
from almanac.actions.turnout import say_counts
from almanac.answers.experiments import protocols as answers
from almanac.answers.experiments.experiments import by_number, find, parts_of, topics
from almanac.answers.experiments.results import result
from almanac.answers.playbooks import freshness as stale_answers
from almanac.answers.playbooks.stand_ins import bus_factors
from almanac.record.infra import clock
from almanac.record.models import Activity, Change, Finding, Look, Program, Trial
from almanac.record.rules import OWNER
from almanac.sources.base import fetching
from almanac.sources.text import playbook_text

TODAY = date(2026, 3, 18)


@pytest.fixture
def dealt(logbook):
    past()
    made = attempt()
    written = plan(way="events", counted="attended", planned=6)
    protocols.write_protocol(OWNER, made, written)
    protocols.lock(OWNER, made)
    return made


def counted(event, came, weeks=30):
    with clock.at(NOW + timedelta(weeks=weeks)):
        say_counts(OWNER, event, {"attended": came}, evidence="counted")


def test_an_arm_is_not_swapped_by_undo(dealt):
    first, second = (evening(START + timedelta(weeks=n)) for n in (1, 2))
    arms = {trial.activity_id: trial.changed for trial in Trial.objects.all()}
    for change in Change.objects.filter(verb="write_down")[:2]:
        with pytest.raises(CannotError, match="Chance has dealt"):
            undo(OWNER, change)
    assert {trial.activity_id: trial.changed for trial in Trial.objects.all()} == arms
    assert {first.pk, second.pk} == set(arms)


def test_what_is_known_already_is_not_dealt(logbook):
    past()
    made = attempt()
    protocols.write_protocol(OWNER, made, plan(way="events", counted="signups", planned=6))
    known, open_ = (evening(START + timedelta(weeks=n)) for n in (1, 2))
    say_counts(OWNER, known, {"signups": 250})
    protocols.lock(OWNER, made)
    assert [trial.activity for trial in made.trials.all()] == [open_]


def test_a_week_that_began_before_is_neither_before_nor_after(logbook):
    metric = begin_metric(OWNER, "Sign-ups", unit="people")
    for week in range(30):
        measure(OWNER, metric, 20.0 + week % 5, date(2026, 3, 16) - timedelta(weeks=week))
    made = attempt()
    friday = date(2026, 3, 20)
    written = protocols.write_protocol(
        OWNER, made, plan(metric=metric, starts=friday, weeks_before=20, weeks_after=4)
    )
    protocols.lock(OWNER, made)
    with clock.at(NOW + timedelta(weeks=8)):
        design, times = answers.design_of(written, TODAY + timedelta(weeks=8))
    assert times[design.start] == "2026-03-23"
    assert 19 not in design.before
    assert answers.ends(written) == date(2026, 4, 20)


def test_closing_early_is_a_look_that_undo_does_not_take_back(logbook):
    metric = begin_metric(OWNER, "Sign-ups", unit="people")
    for week in range(1, 30):
        measure(OWNER, metric, 20.0 + week % 5, START - timedelta(weeks=week))
    made = attempt(weeks=2)
    protocols.write_protocol(OWNER, made, plan(metric=metric, weeks_before=20))
    made.refresh_from_db()
    assert made.by == START + timedelta(weeks=8)
    protocols.lock(OWNER, made)
    with clock.at(NOW + timedelta(weeks=4)):
        for week in range(3):
            measure(OWNER, metric, 30.0, START + timedelta(weeks=week))
        experiments.close(OWNER, made, "unclear", "x", "y")
        undo(OWNER)
        assert not Finding.objects.exists()
        assert Look.objects.count() == 1


def test_a_look_at_nothing_is_none(dealt, logbook):
    metric = begin_metric(OWNER, "Sign-ups", unit="people")
    made = attempt("music")
    protocols.write_protocol(OWNER, made, plan(metric=metric))
    assert experiments.look(OWNER, made) is None


def test_what_was_never_locked_says_so_and_is_not_pooled(logbook):
    metric = begin_metric(OWNER, "Sign-ups", unit="people")
    for week in range(1, 40):
        measure(
            OWNER, metric, 20.0 + week % 5 + (9 if week < 6 else 0), TODAY - timedelta(weeks=week)
        )
    made = attempt()
    made.topic = "mails"
    made.save()
    begun = TODAY - timedelta(weeks=5)
    written = protocols.write_protocol(
        OWNER, made, plan(metric=metric, starts=begun, weeks_before=20, weeks_after=4)
    )
    assert answers.NOT_LOCKED in answers.deviations_by_itself(written)
    assert result(OWNER, made).ratio is not None
    experiments.close(OWNER, made, "worked", "x", "y")
    assert Finding.objects.get().log_effect is None
    assert topics(OWNER)[0].together is None


def test_events_that_are_not_what_was_dealt_are_left_out_and_said(dealt):
    events = [evening(START + timedelta(weeks=n)) for n in range(12)]
    for number, event in enumerate(events):
        counted(event, 20 + number)
    assert "6 pairs" in result(OWNER, dealt).lines[0]
    change_activity(OWNER, events[0], start=(None, TODAY - timedelta(days=30), "UTC"))
    set_status(OWNER, events[3], "planned")
    with clock.at(NOW + timedelta(weeks=31)):
        found = result(OWNER, dealt)
    assert "4 pairs" in found.lines[0]
    assert any("1 pair left out" in said for said in found.also)
    assert any("1 pair over and not in it" in said for said in found.also)


def test_a_dropped_event_does_not_eat_a_pair(dealt):
    first = evening(START + timedelta(weeks=1))
    set_status(OWNER, first, "dropped")
    for week in range(2, 16):
        evening(START + timedelta(weeks=week))
    whole = [pair for pair in answers.pairs_of(dealt.protocol) if not pair.broken]
    assert len(whole) == 6
    assert not any(pair.is_half for pair in whole)


def test_imported_events_are_dealt_and_laid_out(dealt, run, tmp_path):
    playbooks.write_playbook(OWNER, Program.objects.get(name="Meetups"), "- T-7 days: remind\n")
    text = "program,event_id,title,starts_at,status\n" + "".join(
        f"Meetups,e{n},Evening e{n},2026-0{n}-10T18:00:00+01:00,planned\n" for n in (5, 6)
    )
    (tmp_path / "events.csv").write_text(text)
    run("import", str(tmp_path / "events.csv"))
    assert Activity.objects.filter(trials__experiment=dealt).count() == 2
    assert Activity.objects.get(event_id="e5").parts.filter(title="remind").exists()


def test_comparisons_clash_in_both_directions_and_drafts_do_not(logbook):
    a, b, c = (begin_metric(OWNER, name, unit="people") for name in "ABC")
    for week in range(1, 30):
        for metric in (a, b, c):
            measure(OWNER, metric, 20.0 + week % 7, TODAY - timedelta(weeks=week))
    one, two, draft = attempt("food"), attempt("music"), attempt("light")
    protocols.write_protocol(OWNER, draft, plan(metric=b))
    protocols.write_protocol(OWNER, one, plan(metric=a, comparisons=(b,)))
    protocols.lock(OWNER, one)
    with pytest.raises(CannotError, match="“food” compares with what this changes"):
        protocols.write_protocol(OWNER, two, plan(metric=b))
    with pytest.raises(CannotError, match="“food” compares with"):
        protocols.lock(OWNER, draft)


def test_it_is_not_looked_back_on_before_it_starts(logbook):
    past()
    with pytest.raises(CannotError, match="it starts on"):
        protocols.write_protocol(
            OWNER, attempt(weeks=0), plan(way="events", counted="attended", planned=6)
        )


def test_a_protocol_without_its_way_is_a_question(browser_client, logbook):
    made = attempt()
    assert browser_client.post(f"/experiments/{made.pk}/protocol/", {}).status_code == 400


def test_names_are_found_whatever_their_case_and_letters(logbook):
    made = attempt("Übung am Abend")
    assert find(OWNER, "übung") == made
    assert by_number(OWNER, 1234567890) is None
    parts = parts_of("trying a bus because it rains; it worked if 30 come by bus by 1.3.2027")
    assert (parts["worked_if"], parts["by"]) == ("30 come by bus", "1.3.2027")


# Playbooks


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Ana, @ana and @bea.", ["Ana", "bea"]),
        ("https://medium.com/@company and @scope/pkg", []),
        ("@zed@mastodon.social", []),
        ("@अमित opens", ["अमित"]),
        ("@Zoe\u0301 too", ["Zoé"]),
        ("write to ana@example.org", []),
    ],
)
def test_who_is_named(text, names):
    assert playbook_text.names(text) == names


def test_a_handle_in_an_address_is_no_owner():
    step = playbook_text.step_of("- T-1: toot at https://mastodon.social/@us (1.25h) @ana")
    assert (step.owner, step.hours) == ("ana", 1.25)
    assert step.title == "toot at https://mastodon.social/@us"


def test_links_keep_their_brackets():
    text = "(https://en.wikipedia.org/wiki/Event_(computing)), https://a.org/x_ “https://q.org” |https://t.org/y|"
    assert stale_answers.links_in(text) == [
        "https://en.wikipedia.org/wiki/Event_(computing)", "https://a.org/x_", "https://q.org",
        "https://t.org/y",
    ]  # fmt: skip


@pytest.mark.parametrize(("number", "gone"), [(socket.EAI_AGAIN, False), (socket.EAI_NONAME, True)])
def test_without_a_network_nothing_is_gone(monkeypatch, number, gone):
    def fails(*_, **__):
        raise socket.gaierror(number, "no")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    assert bool(fetching.is_gone("https://example.org/")) is gone


def test_a_link_seen_dead_twice_in_a_minute_is_not_dead(logbook, monkeypatch):
    monkeypatch.setattr(fetching, "is_gone", lambda _: "example.org answered 404")
    program = begin_program(OWNER, "Meetups")
    playbooks.write_playbook(OWNER, program, "- T: see https://example.org/x\n")
    freshness.check_links(OWNER, program)
    with clock.at(NOW + timedelta(minutes=1)):
        freshness.check_links(OWNER, program)
        text = program.playbook_versions.last().text
        assert stale_answers.stale(program, text) == []


def test_the_first_proposal_names_nobody(browser_client, logbook):
    begin_program(OWNER, "Meetups")
    page = browser_client.get("/programs/meetups/playbook/").content.decode()
    proposal = page.split('<textarea id="text"')[1].split("</textarea>")[0]
    assert playbook_text.names(proposal) == []


def test_steps_not_due_or_gone_from_the_text_are_not_skipped(logbook):
    program = begin_program(OWNER, "Meetups")
    playbooks.write_playbook(OWNER, program, "- T+30 days: write the report\n- T: greet\n")
    for week in (1, 2, 3):
        with clock.at(NOW - timedelta(weeks=week, days=1)):
            event = evening(TODAY - timedelta(weeks=week), "Meetups")
        set_status(OWNER, event, "done")
    (said,) = stale_answers.stale(program, program.playbook_versions.last().text)
    assert "greet" in said
    assert stale_answers.stale(program, "- T: begin\n") == []


def test_somebody_who_leaves_next_year_is_there_today(logbook):
    program = begin_program(OWNER, "Meetups")
    text = "- T: run it @ana\n\n## Who has access\n\n- Luma: @anabel\n"
    playbooks.write_playbook(OWNER, program, text)
    freshness.say_left(OWNER, "ana", date(2030, 1, 1))
    assert stale_answers.stale(program, text) == []
    freshness.say_left(OWNER, "ana", date(2026, 1, 1))
    (said,) = stale_answers.stale(program, text)
    assert "a step" in said
    assert "anabel" not in said
    freshness.say_back(OWNER, "ana")
    undo(OWNER)
    assert len(stale_answers.stale(program, text)) == 1
    with pytest.raises(CannotError, match="another server"):
        freshness.say_left(OWNER, "@zed@mastodon.social")


def test_a_program_that_is_only_planned_stands_on_you(logbook):
    evening(START, "Meetups")
    (found,) = bus_factors(OWNER)
    assert (found.people, found.others) == (1, ())


def test_a_playbook_is_written_out_again_under_another_heading(logbook, tmp_path):
    program = begin_program(OWNER, "Meetups")
    playbooks.write_playbook(OWNER, program, "# Meetups\n\n- T: run it\n")
    playbooks.write_folder(OWNER, tmp_path)
    playbooks.write_playbook(OWNER, program, "# How meetups are run\n\n- T: run it\n")
    assert playbooks.write_folder(OWNER, tmp_path) == 1
    assert (tmp_path / "meetups.md").read_text().startswith("# How meetups")
    (tmp_path / "meetups.md").write_text("somebody's notes")
    with pytest.raises(CannotError, match="is not this playbook"):
        playbooks.write_folder(OWNER, tmp_path)


def test_only_markdown_that_is_a_playbook_is_read(logbook, tmp_path):
    (tmp_path / "README.md").write_text("# About this folder\n")
    (tmp_path / "talks.md").write_text("# Talks\n\n- T: speak\n")
    (tmp_path / "hostname").write_text("box\n")
    playbooks.read_folder(OWNER, tmp_path)
    with pytest.raises(CannotError, match="no Markdown"):
        playbooks.read_folder(OWNER, tmp_path / "hostname")
    assert [program.name for program in Program.objects.all()] == ["Talks"]


def test_a_program_does_not_take_the_place_of_a_page(browser_client, logbook):
    for name in ("Drill", "Experiments", "New"):
        made = begin_program(OWNER, name)
        assert name in browser_client.get(f"/programs/{made.slug}/").content.decode()
        assert made.slug not in {"drill", "experiments", "new"}
