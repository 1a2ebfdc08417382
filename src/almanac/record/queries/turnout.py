"""Past events and their counts, as the forecast needs them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from almanac.core.vocabulary import GATHERINGS, Evidence, Status
from almanac.record.models import Activity, Turnout

if TYPE_CHECKING:
    from datetime import datetime

COLUMNS = (
    "id",
    "program_id",
    "program__name",
    "kind",
    "format",
    "day",
    "starts_at",
    "zone",
    "announced_at",
    "title",
    "price",
    "turnout__seats",
    "turnout__interested",
    "turnout__signups",
    "turnout__attended",
    "turnout__attended_evidence",
    "turnout__took_part",
    "turnout__submissions",
)


def past_events() -> QuerySet[Activity]:
    """Gatherings that took place, with some count or other."""
    counted = (
        Q(turnout__signups__isnull=False)
        | Q(turnout__attended__isnull=False)
        | Q(turnout__interested__isnull=False)
    )
    return Activity.objects.filter(
        counted, status=Status.DONE, kind__in=GATHERINGS, day__isnull=False
    )


def evidence_at(
    activity: Activity, turnout: Turnout | None, now: datetime, lapse_days: int
) -> Evidence:
    """What is declared of attendance; an outcome nobody gives lapses to not measured."""
    declared = Evidence(turnout.attended_evidence) if turnout else Evidence.UNDECLARED
    begins = activity.begins
    if declared is not Evidence.UNDECLARED or begins is None:
        return declared
    return Evidence.NOT_MEASURED if now - begins > timedelta(days=lapse_days) else declared
