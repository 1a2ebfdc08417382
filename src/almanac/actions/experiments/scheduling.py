"""What follows once an event has its day: playbook steps are added, and it is assigned to an arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.core.vocabulary import Status

if TYPE_CHECKING:
    from almanac.record.changelog import Line
    from almanac.record.models import Activity


def scheduled(activity: Activity, line: Line) -> None:
    """Within any verb that plans something; what was done before stays as it is."""
    if activity.status == Status.PLANNED and activity.is_gathering and activity.day is not None:
        # Every line that is written down comes by here; most need neither.
        from almanac.actions.experiments.trials import deal  # noqa: PLC0415
        from almanac.actions.playbooks.playbooks import lay_steps  # noqa: PLC0415

        lay_steps(activity, line)
        deal(activity, line)
