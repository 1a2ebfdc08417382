"""Experiments on events, versions and programs: dealt by chance, counted, and told in four lines."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, change_activity, set_status, write_down
from almanac.actions.errors import CannotError
from almanac.actions.experiments import experiments, protocols, trials
from almanac.actions.keeping.undo import undo
from almanac.actions.metrics import begin_metric, measure
from almanac.actions.playbooks import playbooks
from almanac.actions.turnout import say_counts
from almanac.answers.experiments import protocols as answers
from almanac.answers.experiments.power import power_of
from almanac.answers.experiments.results import of_stage, result
from almanac.record.infra import clock
from almanac.record.models import Activity, Change, Experiment, Program, Trial
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)
START = date(2026, 3, 23)
SAID = {"if_up": "keep it", "if_unclear": "try again", "if_down": "stop"}


@pytest.fixture(autouse=True)
def _few_pairs(monkeypatch):
    """Six pairs, as protocols locked before the least was twelve still have."""
    monkeypatch.setattr(protocols, "FEWEST_PAIRS", 6)


def attempt(trying="a reminder the day before", program="Meetups", weeks=40):
    return experiments.try_something(
        OWNER, trying, "people forget", "half of them come", TODAY + timedelta(weeks=weeks),
        program=program,
    )  # fmt: skip


def plan(**more):
    values = {"change": "A mail", "starts": START, "smallest": 0.5, **SAID}
    return protocols.ProtocolDraft(**(values | more))


def evening(day, program="Meetups", status="planned", **counts):
    """An event; with counts, one that is done and was counted."""
    (made,) = write_down(
        OWNER, [NewActivity(title=f"Evening {day:%-d %b %y}", kind="event", program=program, day=day,
                            status=status)],
    )  # fmt: skip
    if counts:
        say_counts(OWNER, made, counts, evidence="counted" if "attended" in counts else None)
    return made


def past(program="Meetups", number=10, mean=20, seed=1):
    random = np.random.default_rng(seed)
    for week in range(1, number + 1):
        evening(
            TODAY - timedelta(weeks=2 * week), program, "done",
            signups=int(random.poisson(2 * mean)), attended=int(random.poisson(mean)),
        )  # fmt: skip


@pytest.fixture
def on_events(logbook):
    past()
    made = attempt()
    protocols.write_protocol(OWNER, made, plan(way="events", counted="attended", planned=7))
    return made


def run_pairs(made, ratio, seed=3):
    """Every dealt event takes place and is counted."""
    random = np.random.default_rng(seed)
    with clock.at(NOW + timedelta(weeks=38)):
        for trial in made.trials.select_related("activity"):
            came = int(random.poisson(20 * (ratio if trial.changed else 1)))
            say_counts(OWNER, trial.activity, {"signups": 60, "attended": came}, evidence="counted")


def test_chance_deals_events_before_they_happen(on_events):
    early = [evening(START + timedelta(weeks=n)) for n in range(3)]
    assert not Trial.objects.exists()
    protocols.lock(OWNER, on_events)
    assert [t.activity for t in on_events.trials.all()] == early
    late = evening(START + timedelta(weeks=5))
    idea = evening(START + timedelta(weeks=6), status="idea")
    assert late.trials.get().changed != on_events.trials.get(activity=early[2]).changed
    assert not idea.trials.exists()
    set_status(OWNER, idea, "planned")
    assert idea.trials.get().pair == 3
    moved = Change.objects.filter(verb="set_status").first()
    with pytest.raises(CannotError, match="Chance has dealt it"):
        undo(OWNER, moved)
    assert idea.trials.get().pair == 3
    elsewhere = evening(START + timedelta(weeks=7), program="Other")
    assert not elsewhere.trials.exists()
    change_activity(OWNER, elsewhere, program="Meetups")
    assert elsewhere.trials.get().changed != idea.trials.get().changed
    with clock.at(NOW + timedelta(weeks=30)):
        assert not evening(START + timedelta(weeks=10)).trials.exists()


def test_the_arm_is_what_the_lock_says_and_no_more_than_planned_are_dealt(on_events):
    locked = protocols.lock(OWNER, on_events)
    for week in range(20):
        evening(START + timedelta(weeks=week))
    found = list(on_events.trials.all())
    assert len(found) == 14
    for first, second in zip(found[::2], found[1::2], strict=True):
        assert first.changed == trials.coin(locked.sha256, first.pair)
        assert second.changed is not first.changed
    assert len({trials.coin(locked.sha256, pair) for pair in range(40)}) == 2


def test_events_in_four_lines_at_any_time(on_events):
    shown = power_of(OWNER, on_events.protocol)
    assert 0 < shown.chance <= 1
    protocols.lock(OWNER, on_events)
    for week in range(14):
        evening(START + timedelta(weeks=2 * week))
    assert result(OWNER, on_events) is None
    run_pairs(on_events, 3)
    found = result(OWNER, on_events)
    assert len(found.lines) == 4
    assert "7 pairs" in found.lines[0]
    assert "in 2 of 128 ways" in found.lines[3]
    assert found.ratio[0] == pytest.approx(np.log(3), abs=0.3)
    stages = [of_stage(stage) for stage in found.stages]
    assert stages[1][0] == "came, of those who signed up"
    assert "→" in stages[1][1]
    with clock.at(NOW + timedelta(weeks=39)):
        assert experiments.look(OWNER, on_events) is None
        experiments.close(OWNER, on_events, "worked", "Three times as many.", "They had forgotten.")
    assert on_events.finding.log_effect == pytest.approx(found.ratio[0])


def test_a_pair_of_which_one_was_dropped_is_left_out_and_said(on_events):
    protocols.lock(OWNER, on_events)
    for week in range(14):
        evening(START + timedelta(weeks=2 * week))
    dropped = on_events.trials.first().activity
    run_pairs(on_events, 1)
    set_status(OWNER, dropped, "dropped")
    assert "6 pairs" in result(OWNER, on_events).lines[0]
    with clock.at(dropped.begins + timedelta(hours=4)):
        set_status(OWNER, dropped, "done")
    assert "7 pairs" in result(OWNER, on_events).lines[0]
    change_activity(OWNER, dropped, program="Elsewhere")
    found = result(OWNER, on_events)
    assert "6 pairs" in found.lines[0]
    assert any("left out" in said for said in found.also)


def test_events_that_took_place_are_not_locked_afterwards(on_events):
    evening(START + timedelta(weeks=1), status="done")
    with pytest.raises(CannotError, match="done after the start"):
        protocols.lock(OWNER, on_events)


# Versions


@pytest.fixture
def on_versions(logbook):
    made = attempt("a shorter subject line", program="")
    protocols.write_protocol(OWNER, made, plan(way="versions", counted="rate", planned=2000))
    return made


def test_two_versions_are_counted_and_compared(on_versions):
    shown = power_of(OWNER, on_versions.protocol)
    assert shown.chance is None
    assert "in 100 do it" in shown.sentences[0]
    with pytest.raises(CannotError, match="locked"):
        trials.tally(OWNER, on_versions, changed=True, count=3, shown=100)
    protocols.lock(OWNER, on_versions)
    assert result(OWNER, on_versions) is None
    with clock.at(NOW + timedelta(weeks=2)):
        for changed, count in ((False, 40), (True, 90), (True, 5)):
            trials.tally(OWNER, on_versions, changed=changed, count=count, shown=500)
        found = result(OWNER, on_versions)
        assert "+19%" in found.lines[0]
        undo(OWNER)
        found = result(OWNER, on_versions)
        assert found.lines[0].startswith("+125%")
        assert found.lines[3] == "As usual 40 of 500, changed 90 of 500."
        for wrong in ({"count": 9, "shown": 5}, {"count": 0, "shown": 0}):
            with pytest.raises(CannotError):
                trials.tally(OWNER, on_versions, changed=True, **wrong)
        with pytest.raises(CannotError, match="count from"):
            trials.tally(OWNER, on_versions, changed=True, count=1, shown=5, day=TODAY)


def test_any_number_of_results_from_each(logbook):
    made = attempt("a board at the door", program="")
    protocols.write_protocol(OWNER, made, plan(way="versions", counted="results", planned=40))
    protocols.lock(OWNER, made)
    with clock.at(NOW + timedelta(weeks=2)):
        trials.tally(OWNER, made, changed=False, count=30, shown=20)
        trials.tally(OWNER, made, changed=True, count=90, shown=20)
        found = result(OWNER, made)
    assert found.lines[0].startswith("+200%")
    assert "to 1" in found.also[0]


# What cannot be


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"way": "dance"}, "compared with one of"),
        ({"way": "events", "counted": "attended", "planned": 5}, "6 are the least"),
        ({"way": "events", "counted": "rate", "planned": 6}, "What is counted"),
        ({"way": "versions", "counted": "rate"}, "about how many"),
        ({"way": "programs", "counted": "attended"}, "compared with one of"),
        ({"way": "weeks"}, "one metric"),
    ],
)
def test_what_a_way_asks_for_is_required(logbook, more, why):
    with pytest.raises(CannotError, match=why):
        protocols.write_protocol(OWNER, attempt(), plan(**more))


def test_events_need_a_program(logbook):
    with pytest.raises(CannotError, match="Of which program"):
        protocols.write_protocol(
            OWNER, attempt(program=""), plan(way="events", counted="attended", planned=6)
        )


def test_a_comparison_that_is_changed_itself_is_refused_and_overlaps_are_said(logbook):
    metrics = [begin_metric(OWNER, name, unit="people") for name in ("Sign-ups", "Visits", "Stars")]
    for week in range(1, 30):
        for metric in metrics:
            measure(OWNER, metric, 20.0 + week % 7, TODAY - timedelta(weeks=week))
    first, second, third = attempt("food"), attempt("music"), attempt("light")
    protocols.write_protocol(OWNER, first, plan(metric=metrics[0]))
    protocols.lock(OWNER, first)
    with pytest.raises(CannotError, match="by “food”"):
        protocols.write_protocol(
            OWNER, second, plan(metric=metrics[1], comparisons=(metrics[0], metrics[2]))
        )
    assert not hasattr(Experiment.objects.get(pk=second.pk), "protocol")
    later = START + timedelta(weeks=40)
    written = protocols.write_protocol(
        OWNER, second, plan(metric=metrics[1], comparisons=(metrics[0], metrics[2]), starts=later)
    )
    assert [row.name for row in answers.comparisons(written)] == ["Sign-ups", "Stars"]
    design, _ = answers.design_of(written, later)
    assert design.others.shape[1] == 2
    other = protocols.write_protocol(OWNER, third, plan(metric=metrics[0], starts=START))
    assert "“food” changes the same" in power_of(OWNER, other).sentences[-1]


def test_an_event_nobody_counted_breaks_no_pair_by_a_zero(on_events):
    protocols.lock(OWNER, on_events)
    for week in range(2):
        evening(START + timedelta(weeks=week))
    with clock.at(NOW + timedelta(weeks=5)):
        for trial in on_events.trials.all():
            say_counts(OWNER, trial.activity, {"signups": 10}, evidence="not_measured")
        assert result(OWNER, on_events) is None
    assert Activity.objects.filter(trials__experiment=on_events).count() == 2


def counted(event, came, weeks=30):
    with clock.at(NOW + timedelta(weeks=weeks)):
        say_counts(OWNER, event, {"attended": came}, evidence="counted")


@pytest.fixture
def dealt(logbook):
    past()
    made = attempt()
    written = plan(way="events", counted="attended", planned=6)
    protocols.write_protocol(OWNER, made, written)
    protocols.lock(OWNER, made)
    return made


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
