"""Experiments."""

from datetime import timedelta

import numpy as np
import pytest
from tests.actions.experiments.test_protocols import START, attempt, plan
from tests.conftest import NOW

from almanac.actions.experiments import protocols
from almanac.actions.metrics import begin_metric, measure
from almanac.record.infra import clock
from almanac.record.models import Look
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
