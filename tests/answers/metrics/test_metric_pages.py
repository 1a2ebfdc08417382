"""Metric pages."""

import numpy as np

from almanac.actions.metrics import begin_metric
from almanac.answers.metrics import metric_pages as answers
from almanac.core.metrics.detectable_change import moved_with
from almanac.record.rules import OWNER


def test_metrics_are_grouped_by_stage_and_by_goal(logbook, browser_client):
    begin_metric(OWNER, "Alpha", stage="revenue", goal="Be known", question="Do they find us?")
    begin_metric(OWNER, "Beta", stage="awareness")
    begin_metric(OWNER, "Gamma")
    assert [line.metric.name for line in answers.metrics(OWNER, by="stage")] == [
        "Beta", "Alpha", "Gamma",
    ]  # fmt: skip
    page = browser_client.get("/metrics/?by=goal").content.decode()
    assert "Be known → Do they find us?" in page
    assert page.index("Alpha") < page.index("Beta")
    assert "rowgroup" not in browser_client.get("/metrics/?by=nonsense").content.decode()


def test_unrelated_numbers_that_remember_are_seldom_said_to_move_together():
    """200 pairs of random walks pulled back to their mean; .16 before their memory was counted."""
    random = np.random.default_rng(4)
    said = 0
    for _ in range(200):
        pair = random.normal(size=(2, 80))
        for n in range(1, 80):
            pair[:, n] += 0.8 * pair[:, n - 1]
        said += moved_with(list(pair[0]), list(pair[1])).chance < 0.05
    assert said / 200 <= 0.08
