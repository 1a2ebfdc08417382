"""Dealing."""

from datetime import date, timedelta

import pytest
from tests.actions.experiments.test_trials import START, attempt, evening, past, plan
from tests.conftest import NOW

from almanac.actions.activities import change_activity, set_status
from almanac.actions.errors import CannotError
from almanac.actions.experiments import experiments, protocols
from almanac.actions.keeping.undo import undo
from almanac.actions.metrics import begin_metric, measure
from almanac.actions.turnout import say_counts
from almanac.answers.experiments import protocols as answers
from almanac.answers.experiments.experiments import topics
from almanac.answers.experiments.results import result
from almanac.record.infra import clock
from almanac.record.models import Finding, Look
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)


@pytest.fixture(autouse=True)
def _few_pairs(monkeypatch):
    """Six pairs, as protocols locked before the least was twelve still have."""
    monkeypatch.setattr(protocols, "FEWEST_PAIRS", 6)


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
    assert any("1 pair finished but not included" in said for said in found.also)


def test_comparisons_clash_in_both_directions_and_drafts_do_not(logbook):
    a, b, c = (begin_metric(OWNER, name, unit="people") for name in "ABC")
    for week in range(1, 30):
        for metric in (a, b, c):
            measure(OWNER, metric, 20.0 + week % 7, TODAY - timedelta(weeks=week))
    one, two, draft = attempt("food"), attempt("music"), attempt("light")
    protocols.write_protocol(OWNER, draft, plan(metric=b))
    protocols.write_protocol(OWNER, one, plan(metric=a, comparisons=(b,)))
    protocols.lock(OWNER, one)
    with pytest.raises(CannotError, match="“food” uses the metric this changes as its comparison"):
        protocols.write_protocol(OWNER, two, plan(metric=b))
    with pytest.raises(CannotError, match="“food” uses the metric"):
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
