"""Expectation."""

from datetime import timedelta

from almanac.actions.turnout import freeze_forecast
from almanac.answers.turnout.expectation import (
    prospect,
)
from almanac.record.infra import clock
from almanac.record.models import Activity
from almanac.record.rules import OWNER


def test_a_forecast_made_after_a_corrected_start_is_not_shown_as_before(plan_event):
    event = plan_event(days=7)
    freeze_forecast(OWNER, event)
    Activity.objects.filter(pk=event.pk).update(
        starts_at=clock.now() - timedelta(days=2), day=(clock.now() - timedelta(days=2)).date()
    )

    assert prospect(OWNER, Activity.objects.get(pk=event.pk)).latest is None
