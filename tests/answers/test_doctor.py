"""Doctor."""

from almanac.actions.turnout import freeze_forecast
from almanac.answers.doctor import examine
from almanac.record.models import Forecast
from almanac.record.rules import OWNER


def test_doctor_notices_a_changed_forecast(plan_event):
    frozen = freeze_forecast(OWNER, plan_event())
    Forecast.objects.filter(pk=frozen.pk).update(body=frozen.body | {"version": "better"})

    assert "broken" in {finding.state for finding in examine(OWNER)}
