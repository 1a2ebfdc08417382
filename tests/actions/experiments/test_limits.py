"""Exactly at the limits of protocols and counts and one past them; what the log says."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from tests.actions.experiments.test_trials import START, attempt, plan
from tests.conftest import NOW

from almanac.actions.errors import CannotError
from almanac.actions.experiments import experiments, protocols, trials
from almanac.actions.keeping.undo import undo
from almanac.record.infra import clock
from almanac.record.models import Change, Deviation, Experiment, Finding, Protocol, Trial
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)
THEN = NOW + timedelta(weeks=2)


def said():
    """The latest line of the log."""
    return Change.objects.order_by("-pk").first().summary


def on_versions(counted):
    made = attempt("a board at the door", program="")
    protocols.write_protocol(OWNER, made, plan(way="versions", counted=counted, planned=40))
    protocols.lock(OWNER, made)
    return made


@pytest.fixture
def rate(logbook):
    return on_versions("rate")


@pytest.fixture
def results(logbook):
    return on_versions("results")


def test_texts_are_kept_up_to_their_length(logbook):
    made = experiments.try_something(
        OWNER, "t" * 301, "b" * 601, "w" * 301, TODAY, topic="T" * 61
    )  # fmt: skip
    assert (made.trying, made.because, made.worked_if) == ("t" * 300, "b" * 600, "w" * 300)
    assert (made.topic, made.by, made.program) == ("t" * 60, TODAY, None)
    assert said() == f"Started the experiment “{'t' * 300}”"
    with pytest.raises(CannotError, match="in the past"):
        experiments.try_something(OWNER, "t", "b", "w", TODAY - timedelta(days=1))


def test_a_deviation_is_kept_with_its_time_and_undone(logbook):
    made = attempt()
    experiments.deviate(OWNER, made, " A day  late. ")
    assert said() == "Change to the plan of “a reminder the day before”: A day late."
    row = Deviation.objects.get()
    assert (row.words, row.at, row.experiment) == ("A day late.", NOW, made)
    undo(OWNER)
    assert not Deviation.objects.exists()
    assert experiments.deviate(OWNER, made, "w" * 601).words == "w" * 600
    with pytest.raises(CannotError, match="What goes otherwise"):
        experiments.deviate(OWNER, made, "  ")


def test_a_finding_is_kept_and_undone(logbook):
    made = attempt()
    experiments.close(OWNER, made, "not", " Nine came. ", " Rain. ", "Stop " + "d" * 300)
    found = Finding.objects.get()
    assert (found.happened, found.why, len(found.decision)) == ("Nine came.", "Rain.", 300)
    assert (found.closed_at, found.effect, found.log_effect) == (NOW, None, None)
    assert said().startswith("Result of “a reminder the day before”: ")
    undo(OWNER)
    assert not Finding.objects.exists()


@pytest.mark.parametrize(("planned", "fits"), [(1, False), (2, True), (10**8, True),
                                               (10**8 + 1, False)])  # fmt: skip
def test_versions_are_shown_to_two_and_up_to_a_hundred_million(logbook, planned, fits):
    draft = plan(way="versions", counted="rate", planned=planned)
    made = attempt(program="")
    if fits:
        assert protocols.write_protocol(OWNER, made, draft).planned == planned
    else:
        with pytest.raises(CannotError, match="about how many"):
            protocols.write_protocol(OWNER, made, draft)


def test_only_what_versions_can_bring_is_counted(logbook):
    with pytest.raises(CannotError, match="What is counted is one of"):
        protocols.write_protocol(
            OWNER, attempt(program=""), plan(way="versions", counted="attended", planned=40)
        )


@pytest.mark.parametrize(("planned", "fits"), [(11, False), (12, True), (500, True), (501, False)])
def test_pairs_of_events_up_to_the_limit(logbook, planned, fits):
    draft = plan(way="events", counted="attended", planned=planned)
    if fits:
        assert protocols.write_protocol(OWNER, attempt(weeks=2000), draft).planned == planned
    else:
        with pytest.raises(CannotError, match="500 the most"):
            protocols.write_protocol(OWNER, attempt(), draft)


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({"smallest": -0.99}, True), ({"smallest": -1}, False), ({"smallest": 0}, False),
        ({"smallest": 10}, True), ({"smallest": 10.01}, False),
        ({"weeks_after": 104}, True), ({"weeks_after": 105}, False), ({"weeks_after": 0}, False),
        ({"weeks_before": 1}, True), ({"weeks_before": 0}, False), ({"weeks_before": 105}, False),
        ({"starts": TODAY - timedelta(days=5 * 366)}, True),
        ({"starts": TODAY - timedelta(days=5 * 366 + 1)}, False),
    ],
)  # fmt: skip
def test_a_protocol_at_its_limits(logbook, change, fits):
    draft = plan(**({"way": "versions", "counted": "rate", "planned": 40} | change))
    made = attempt(program="")
    if not fits:
        with pytest.raises(CannotError):
            protocols.write_protocol(OWNER, made, draft)
    else:
        protocols.write_protocol(OWNER, made, draft)
    assert Protocol.objects.exists() is fits


def test_a_protocol_written_again_is_undone_to_what_it_was(logbook):
    made = attempt(program="")
    draft = {"way": "versions", "counted": "rate"}
    protocols.write_protocol(OWNER, made, plan(planned=40, audience="a" * 301, **draft))
    assert said() == "Wrote the protocol of “a reminder the day before”"
    assert Protocol.objects.get().audience == "a" * 300
    protocols.write_protocol(OWNER, made, plan(planned=50, **draft))
    assert Protocol.objects.get().planned == 50
    undo(OWNER)
    assert Protocol.objects.get().planned == 40
    undo(OWNER)
    assert not Protocol.objects.exists()


def test_counts_of_a_version_are_kept_and_undone(rate):
    with clock.at(THEN):
        made = trials.tally(OWNER, rate, changed=True, count=3, shown=100, day=START)
        assert said() == "“a board at the door”: 3 of 100 in the changed version"
        assert (made.day, made.at, made.changed) == (START, THEN, True)
        trials.tally(OWNER, rate, changed=False, count=2, shown=90)
        assert said() == "“a board at the door”: 2 of 90 in the usual version"
        assert Trial.objects.get(count=2).day == date(2026, 4, 1)
        undo(OWNER)
    assert [trial.count for trial in Trial.objects.all()] == [3]


def test_of_those_it_was_shown_to_everybody_can_do_it_and_nobody_more(rate):
    with clock.at(THEN):
        for count in (0, 5):
            trials.tally(OWNER, rate, changed=True, count=count, shown=5)
        with pytest.raises(CannotError, match="no more than 5"):
            trials.tally(OWNER, rate, changed=True, count=6, shown=5)
    assert Trial.objects.count() == 2


@pytest.mark.parametrize(
    ("count", "shown", "fits"),
    [
        (0, 1, True), (10**9, 1, True), (1, 10**9, True), (-1, 1, False), (1, 0, False),
        (10**9 + 1, 1, False), (1, 10**9 + 1, False),
    ],
)  # fmt: skip
def test_counts_at_their_limits(results, count, shown, fits):
    with clock.at(THEN):
        if fits:
            trials.tally(OWNER, results, changed=True, count=count, shown=shown)
        else:
            with pytest.raises(CannotError, match="To how many"):
                trials.tally(OWNER, results, changed=True, count=count, shown=shown)
    assert Trial.objects.exists() is fits


def test_results_count_from_the_start_to_today(results):
    with clock.at(THEN):
        today = date(2026, 4, 1)
        for day in (START, today):
            trials.tally(OWNER, results, changed=True, count=1, shown=1, day=day)
        for day in (START - timedelta(days=1), today + timedelta(days=1)):
            with pytest.raises(CannotError, match="count from 2026-03-23 to today"):
                trials.tally(OWNER, results, changed=True, count=1, shown=1, day=day)


def test_a_closed_experiment_takes_no_counts(results):
    with clock.at(THEN):
        experiments.close(OWNER, results, "not", "Nothing came.", "Too early")
        closed = Experiment.objects.get()
        with pytest.raises(CannotError, match="is closed"):
            trials.tally(OWNER, closed, changed=True, count=1, shown=1)


def test_the_coin_is_the_first_byte_of_the_hash_of_seal_and_pair():
    for pair in range(1, 20):
        byte = int(sha256(f"seal:{pair}".encode()).hexdigest()[:2], 16)
        assert trials.coin("seal", pair) is (byte in range(0, 256, 2))


def test_a_lock_says_so_and_cannot_be_undone(results):
    line = Change.objects.get(verb="lock_protocol")
    assert (line.summary, line.undo) == ("Locked the protocol of “a board at the door”", None)
    protocol = Protocol.objects.get()
    assert (protocol.locked_at, len(protocol.sha256)) == (NOW, 64)
    assert protocols.lock(OWNER, results) == protocol
    assert Change.objects.filter(verb="lock_protocol").count() == 1
