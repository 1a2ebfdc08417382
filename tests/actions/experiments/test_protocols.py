"""Experiments: the light form, a locked protocol, peeking, findings, and what is known by now."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.errors import CannotError
from almanac.actions.experiments import experiments as verbs
from almanac.actions.experiments import protocols
from almanac.actions.keeping.undo import undo
from almanac.actions.metrics import begin_metric, measure
from almanac.answers import today
from almanac.answers.experiments import experiments as answers
from almanac.answers.experiments import protocols as protocol_answers
from almanac.answers.experiments.power import power_of
from almanac.answers.experiments.results import result
from almanac.answers.review import composition
from almanac.core.effects import Design, log_ratio
from almanac.core.effects.power import advice, power
from almanac.core.effects.together import pool
from almanac.core.refusals import Refusal
from almanac.record.infra import clock
from almanac.record.models import Experiment, Finding, Look, Protocol
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)
START = date(2026, 3, 23)


def attempt(trying="a reminder the day before", **more):
    return verbs.try_something(
        OWNER, trying, "people forget", "half of them come", TODAY + timedelta(days=60), **more
    )


@pytest.fixture
def weekly(logbook):
    """Thirty weeks of two metrics that go together."""
    random = np.random.default_rng(3)
    made = [begin_metric(OWNER, name, unit="people") for name in ("Sign-ups", "Visits")]
    for week in range(30, 0, -1):
        day = START - timedelta(weeks=week) + timedelta(days=2)
        if day > TODAY:
            continue
        trend = 1 + 0.2 * np.sin(week)
        measure(OWNER, made[0], float(random.poisson(20 * trend)), day)
        measure(OWNER, made[1], float(random.poisson(60 * trend)), day)
    return made


def plan(metrics, **more):
    values = {
        "metric": metrics[0], "comparisons": (metrics[1],), "change": "A mail the day before",
        "starts": START, "weeks_before": 26, "weeks_after": 6, "smallest": 0.3,
        "if_up": "keep it", "if_unclear": "try it twice more", "if_down": "stop",
    }  # fmt: skip
    return protocols.ProtocolDraft(**(values | more))


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (
            "Trying reminders because people forget; it worked if 30 come by 2026-05-01.",
            ("reminders", "people forget", "30 come", "2026-05-01"),
        ),
        (
            "we're trying a shorter form because it asks too much, it works if twice as many sign up by friday",
            ("a shorter form", "it asks too much", "twice as many sign up", "friday"),
        ),
        ("trying reminders", None),
    ],
)
def test_a_line_is_taken_apart(line, parts):
    found = answers.parts_of(line)
    assert found == (
        None
        if parts is None
        else dict(zip(("trying", "because", "worked_if", "by"), parts, strict=True))
    )


def test_the_light_form_needs_a_reason_and_an_end(logbook):
    for arguments, why in (
        (("", "x", "y", TODAY), "What are you trying"), (("x", " ", "y", TODAY), "Because of what"),
        (("x", "y", "", TODAY), "it worked"), (("x", "y", "z", date(2020, 1, 1)), "in the past"),
    ):  # fmt: skip
        with pytest.raises(CannotError, match=why):
            verbs.try_something(OWNER, *arguments)
    made = attempt(topic="Reminders", program="Meetups")
    assert (made.topic, made.program.name) == ("reminders", "Meetups")
    undo(OWNER)
    assert not Experiment.objects.exists()


def test_it_waits_on_today_until_it_is_answered(logbook):
    made = attempt()
    with clock.at(NOW + timedelta(days=70)):
        assert today.today(OWNER).experiment == made
        for verdict, happened, why, problem in (
            ("maybe", "x", "y", "one of"), ("not", " ", "y", "What happened"), ("not", "x", "", "And why"),
        ):  # fmt: skip
            with pytest.raises(CannotError, match=problem):
                verbs.close(OWNER, made, verdict, happened, why)
        verbs.close(
            OWNER, made, "not", "Nine came.", "The mail went out at midnight.", "Send it at noon"
        )
        assert today.today(OWNER).experiment is None
        with pytest.raises(CannotError, match="is closed"):
            verbs.close(OWNER, made, "worked", "x", "y")
    assert answers.experiments(OWNER, "midnight") == [made]
    assert answers.experiments(OWNER, "nothing like it") == []


def test_before_means_before(weekly):
    made = attempt()
    protocols.write_protocol(OWNER, made, plan(weekly))
    shown = power_of(OWNER, made.protocol)
    assert 0 < shown.chance < 1
    assert any("in 100" in sentence for sentence in shown.sentences)
    locked = protocols.lock(OWNER, made)
    assert len(locked.sha256) == 64
    assert protocols.lock(OWNER, made).locked_at == locked.locked_at
    with pytest.raises(CannotError, match="locked"):
        protocols.write_protocol(OWNER, made, plan(weekly, weeks_after=20))
    assert protocol_answers.deviations_by_itself(locked) == []
    Protocol.objects.update(smallest=0.01)
    assert "Changed since the lock: smallest." in protocol_answers.deviations_by_itself(
        Protocol.objects.get()
    )
    body = locked.body | {"smallest": 0.01}
    Protocol.objects.update(body=body)
    assert any(
        "was changed after it was locked" in said
        for said in protocol_answers.deviations_by_itself(Protocol.objects.get())
    )


def test_a_lock_that_would_come_too_late_is_refused(weekly):
    made = attempt()
    with pytest.raises(CannotError, match="no protocol"):
        protocols.lock(OWNER, made)
    protocols.write_protocol(OWNER, made, plan(weekly, starts=TODAY))
    with pytest.raises(CannotError, match="can’t have a protocol"):
        protocols.lock(OWNER, made)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"change": " "}, "What changes"), ({"if_down": ""}, "if it fell"),
        ({"smallest": 0.0}, "smallest change"), ({"weeks_after": 0}, "weeks before and after"),
    ],
)  # fmt: skip
def test_protocols_that_cannot_be(weekly, change, why):
    made = attempt()
    with pytest.raises(CannotError, match=why):
        protocols.write_protocol(OWNER, made, plan(weekly, **change))
    with pytest.raises(CannotError, match="its own comparison"):
        protocols.write_protocol(OWNER, made, plan([weekly[0], weekly[0]]))


def test_what_came_out_in_four_lines_with_looks_counted(weekly):
    made = attempt(topic="reminders")
    protocols.write_protocol(OWNER, made, plan(weekly))
    protocols.lock(OWNER, made)
    assert result(OWNER, made) is None
    random = np.random.default_rng(9)
    for week in range(6):
        day = START + timedelta(weeks=week, days=2)
        with clock.at(NOW + timedelta(weeks=week + 1, days=3)):
            measure(OWNER, weekly[0], float(random.poisson(60)), day)
            measure(OWNER, weekly[1], float(random.poisson(60)), day)
    with clock.at(NOW + timedelta(weeks=4)):
        early = result(OWNER, made)
        assert not early.over
        verbs.look(OWNER, made)
        assert Look.objects.count() == 1
        unpaid = log_ratio.estimate(early.analysis.design)
        assert early.analysis.first.low < unpaid.low
    with clock.at(NOW + timedelta(weeks=9)):
        found = result(OWNER, made)
        assert found.over
        assert verbs.look(OWNER, made) is None
        assert len(found.lines) == 4
        assert found.analysis.first.is_clear
        assert found.ratio[0] == pytest.approx(np.log(3), abs=0.4)
        assert "ranks 1 of" in found.lines[3]
        verbs.deviate(OWNER, made, "The second mail was late")
        verbs.close(OWNER, made, "worked", "Three times as many.", "It reminded them.")
    finding = Finding.objects.get()
    assert finding.log_effect == pytest.approx(found.ratio[0])
    assert finding.effect["lines"][0] == found.lines[0]
    (topic,) = answers.topics(OWNER)
    assert (
        topic.sentence.startswith("one experiment about reminders")
        or "1 experiment" in topic.sentence
    )


def test_missing_weeks_stay_missing(weekly):
    made = attempt()
    protocols.write_protocol(OWNER, made, plan(weekly, comparisons=()))
    weekly[0].measurements.filter(day__gte=START - timedelta(weeks=5)).delete()
    with clock.at(NOW + timedelta(weeks=3)):
        design, _ = protocol_answers.design_of(Protocol.objects.get(), TODAY + timedelta(weeks=3))
    assert np.isnan(design.y[-3:]).all()
    assert len(design.after) == 0


def test_findings_are_in_ones_review_and_not_in_public(logbook):
    made = attempt()
    verbs.close(OWNER, made, "partly", "SECRETFINDING", "Because.")
    write_down(OWNER, [NewActivity(title="Talk", day=TODAY, fields={"visibility": "public"})])
    for audience, shown in (("own", True), ("inside", True), ("public", False)):
        text = str(
            composition.review(OWNER, "2026", audience=composition.Audience(audience)).experiments
        )
        assert ("SECRETFINDING" in text) is shown


def test_small_tests_of_one_kind_say_more_together():
    """DerSimonian & Laird by hand: Q = 2.5, c = 37.5, so between² = .5/37.5 at these numbers."""
    found = pool([0.1, 0.3, 0.5], [0.2, 0.2, 0.2])
    assert found.mean == pytest.approx(0.3)
    q = sum(25 * (y - 0.3) ** 2 for y in (0.1, 0.3, 0.5))
    assert found.between**2 == pytest.approx(max(0.0, (q - 2) / (75 - 3 * 625 / 75)))
    assert found.high - found.low < 2 * 1.96 * 0.2
    assert 0.1 <= found.each[0] <= 0.3
    assert pool([0.1], [0.2]) is None


def test_power_rises_with_the_change_and_the_weeks():
    random = np.random.default_rng(4)
    before = Design(
        random.poisson(30, 40).astype(float), random.poisson(90, 40).astype(float)[:, None], 40
    )
    small, large = (power(before, 8, lift, runs=600) for lift in (0.1, 0.8))
    assert small.chance < large.chance
    assert large.chance > 0.9
    assert small.worth.exaggeration > large.worth.exaggeration
    assert power(before, 1, 0.3, runs=600).chance < power(before, 16, 0.3, runs=600).chance
    nothing = power(before, 8, 0.0, runs=2000)
    assert nothing.chance <= 0.075
    assert "4 times in 5" in advice(large, 0.8)
    short = power(Design.of([1.0, 2.0], [], 2), 8, 0.3)
    assert short.refusal is Refusal.TOO_FEW_BEFORE
    assert "Just try it" in advice(short, 0.3)
