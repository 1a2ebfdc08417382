"""Estimates."""

import pytest

from almanac.core.workload import estimates


def test_few_estimates_leave_room(logbook):
    for known in (0, 3):
        history = estimates.EstimateHistory([estimates.Task(4.0, 4.0, category="task")] * known)
        hours = estimates.forecast(history, 10.0, category="task")
        assert hours[180] / hours[20] > 2.0


def test_doubt_of_all_estimates_is_that_of_a_mean_with_a_normal_prior():
    none = estimates.EstimateHistory([])
    assert none.doubt == pytest.approx(estimates.PRIOR_SPREAD)
    nine = estimates.EstimateHistory(
        [estimates.Task(4.0, 4.0 + i, category="task") for i in range(9)]
    )
    _, spread = nine.usual
    both = 1 / estimates.PRIOR_SPREAD**2 + 9 / spread**2
    assert nine.doubt == pytest.approx(both**-0.5)
