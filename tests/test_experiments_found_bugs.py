"""Cases a hunt for bugs in experiments, playbooks and handover has found, each as it was reported."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.actions.test_experiments import START, attempt, plan
from tests.conftest import NOW

from almanac.actions.activities import change_activity
from almanac.actions.errors import CannotError
from almanac.actions.experiments import protocols
from almanac.actions.keeping.undo import undo
from almanac.actions.metrics import begin_metric, measure
from almanac.actions.playbooks import playbooks
from almanac.actions.programs import begin_program
from almanac.answers.experiments.results import result
from almanac.core.effects import Design, bsts, log_ratio
from almanac.core.refusals import Refusal
from almanac.record.infra import clock
from almanac.record.models import Change, Experiment, Look, Program, Protocol, Retro
from almanac.record.rules import OWNER
from almanac.sources.text import playbook_text

TODAY = date(2026, 3, 18)


@pytest.fixture
def metrics(logbook):
    made = [begin_metric(OWNER, name, whole=False) for name in ("Balance", "Visits")]
    random = np.random.default_rng(1)
    for week in range(1, 28):
        day = START - timedelta(weeks=week)
        measure(OWNER, made[0], float(random.normal(0, 3)), day)
        measure(OWNER, made[1], 0.1, day)
    return made


def test_a_locked_protocol_is_not_undone(metrics):
    made = attempt()
    protocols.write_protocol(OWNER, made, plan(metrics))
    protocols.lock(OWNER, made)
    with pytest.raises(CannotError, match="before means before"):
        undo(OWNER, Change.objects.get(verb="write_protocol"))
    undo(OWNER)
    assert Experiment.objects.exists()
    assert Protocol.objects.get().locked_at


def test_a_fall_to_nothing_is_a_fall():
    random = np.random.default_rng(2)
    y = [float(v) for v in random.integers(15, 26, 24)] + [0.0] * 6
    found = log_ratio.estimate(Design.of(y, [], 24))
    assert found.effect == pytest.approx(-20, abs=2)
    assert found.is_clear
    assert found.log == pytest.approx(np.log(0.5 / 20), abs=0.3)


@pytest.mark.parametrize("other", [[0.1] * 24 + [0.3] * 6, [1e-7] * 24 + [1e13] * 6])
def test_comparisons_that_never_varied_before_break_nothing(other):
    random = np.random.default_rng(3)
    y = [float(v) for v in random.integers(15, 26, 30)]
    assert bsts.estimate(Design.of(y, [other], 24)).effect is not None
    constant = Design.of([0.1] * 24 + [0.2] * 6, [y], 24)
    for estimate in (bsts.estimate, log_ratio.estimate):
        assert estimate(constant).refusal is Refusal.NEVER_VARIED


def test_what_only_the_other_estimator_can_say_is_said(metrics):
    made = attempt()
    protocols.write_protocol(OWNER, made, plan(metrics, weeks_after=4))
    with clock.at(NOW + timedelta(weeks=8)):
        for week in range(4):
            measure(OWNER, metrics[0], 50.0 + week, START + timedelta(weeks=week))
            measure(OWNER, metrics[1], 0.1, START + timedelta(weeks=week))
        said = result(OWNER, made).lines[0]
    assert "Bayesian" in said
    assert "+5" in said


@pytest.mark.parametrize(
    "change", [{"smallest": -1.0}, {"smallest": -1.5}, {"starts": date(9999, 12, 31)}]
)
def test_protocols_beyond_reason_are_refused(metrics, change):
    with pytest.raises(CannotError):
        protocols.write_protocol(OWNER, attempt(), plan(metrics, **change))


def test_a_look_is_counted_each_time(browser_client, metrics):
    made = attempt()
    protocols.write_protocol(OWNER, made, plan(metrics))
    with clock.at(NOW + timedelta(weeks=2)):
        for metric in metrics:
            measure(OWNER, metric, 5.0, START)
        address = f"/experiments/{made.pk}/"
        assert b"Not over yet" in browser_client.get(f"{address}?look=1").content
        for _ in range(2):
            assert b"The answer" in browser_client.post(f"{address}look/").content
    assert Look.objects.count() == 2


def test_a_vague_name_is_a_question_back(run):
    attempt("reminders by mail")
    attempt("reminders by phone")
    assert "say its number" in run(
        "experiment", "close", "reminders", "not", "x", "--why", "x", code=1
    )


def test_rows_out_of_order_and_columns_twice_are_refused(run, tmp_path):
    file = tmp_path / "x.csv"
    days = [date(2025, 1, 6) + timedelta(weeks=n) for n in range(30)]
    file.write_text(
        "week,y\n" + "".join(f"{day},{n % 7}\n" for n, day in enumerate(reversed(days)))
    )
    asked = ["experiment", "analyse", str(file), "--outcome", "y", "--from", "20"]
    assert "not in order of time" in run(*asked, code=1)


def test_steps_move_along_with_their_event(logbook, plan_event):
    program = begin_program(OWNER, "Meetups")
    playbooks.write_playbook(OWNER, program, "- T-2d: food\n- T+1d: thanks\n")
    event = plan_event(days=20)
    food, thanks = event.parts.order_by("day")
    food.done = True
    food.save()
    change_activity(OWNER, event, start=(None, event.day + timedelta(days=30), "Europe/Berlin"))
    before = (food.day, thanks.day)
    food.refresh_from_db()
    thanks.refresh_from_db()
    assert (food.day, thanks.day) == (before[0], before[1] + timedelta(days=30))
    undo(OWNER)
    thanks.refresh_from_db()
    assert thanks.day == before[1]


def test_an_address_is_no_owner():
    (step,) = playbook_text.steps("- T-3 days: write to ana@example.org about it @bo.\n")
    assert (step.title, step.owner) == ("write to ana@example.org about it", "bo")


def test_folders_above_and_marks_before_a_heading(logbook, tmp_path, monkeypatch):
    begin_program(OWNER, "Meetups")
    folder = tmp_path / "books"
    folder.mkdir()
    (tmp_path / "here").mkdir()
    (folder / "notes.md").write_bytes("\ufeff# Meetups\n\n- T: run it\n".encode())
    monkeypatch.chdir(tmp_path / "here")
    from pathlib import Path

    assert playbooks.read_folder(OWNER, Path("../books"))["created"] == 1
    assert Program.objects.count() == 1
    with pytest.raises(CannotError, match="no folder"):
        playbooks.write_folder(OWNER, folder / "notes.md")


def test_a_second_retro_from_the_terminal_keeps_the_first(run, held):
    (event,) = held((4, 30, 12))
    run("retro", str(event.pk), "--well", "Talks")
    run("retro", str(event.pk), "--why", "Speakers")
    retro = Retro.objects.get()
    assert (retro.went_well, retro.why) == ("Talks", "Speakers")


def test_days_at_the_end_of_the_calendar(browser_client, logbook):
    assert browser_client.get("/absence-check/?from=9999-12-31").status_code == 200
