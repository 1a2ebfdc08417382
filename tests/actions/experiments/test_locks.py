"""Locks."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.actions.experiments.test_protocols import START, attempt, plan
from tests.conftest import NOW

from almanac.actions.errors import CannotError
from almanac.actions.experiments import protocols
from almanac.actions.keeping.undo import undo
from almanac.actions.metrics import begin_metric, measure
from almanac.answers.experiments.results import result
from almanac.record.infra import clock
from almanac.record.models import Change, Experiment, Protocol
from almanac.record.rules import OWNER


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
    with pytest.raises(CannotError, match="can’t be undone"):
        undo(OWNER, Change.objects.get(verb="write_protocol"))
    undo(OWNER)
    assert Experiment.objects.exists()
    assert Protocol.objects.get().locked_at


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
