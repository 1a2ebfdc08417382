"""Estimates."""

from almanac.core.workload import estimates


def test_few_estimates_leave_room(logbook):
    for known in (0, 3):
        history = estimates.EstimateHistory([estimates.Task(4.0, 4.0, category="task")] * known)
        hours = estimates.forecast(history, 10.0, category="task")
        assert hours[180] / hours[20] > 2.0
