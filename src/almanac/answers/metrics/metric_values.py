"""A metric's values as a series of whole weeks or months, from the record or from measurements.

A period nobody measured is missing. Where the record itself feeds a metric, a period in which
nothing of the kind took place is a true zero, and one in which nobody counted is missing.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from almanac.answers.metrics import from_record
from almanac.core.vocabulary import EVENTS, GATHERINGS, MEASURED, Kind, Status
from almanac.record.infra.clock import monday_of
from almanac.record.models import Activity, Measure, Measurement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from almanac.record.models import Metric

WEEK, MONTH = "week", "month"
WEEKLY_GAP = 10
"""Days between values, in the median, up to which they are followed by the week."""
DAILY = 5
"""So many values in a usual period are taken for one a day."""
NEAR_USUAL = 0.2
"""A single value this near to its usual place in a period is the whole period's."""
WHOLE_FROM = 0.6
"""A share of the usual number of days from which a period counts as measured."""


@dataclass(frozen=True, slots=True)
class ValuePeriod:
    """One whole week (from Monday) or month; value: None where it is missing."""

    first: date
    value: float | None


@dataclass(frozen=True, slots=True)
class Values:
    """Everything measured of a metric: by day, with the label where several must not be summed."""

    metric: Metric
    label: str
    days: tuple[from_record.Fed, ...]
    missing: frozenset[date]
    """Days on which something took place that nobody counted."""
    is_fed: bool

    @property
    def latest(self) -> from_record.Fed | None:
        return self.days[-1] if self.days else None

    @property
    def is_weekly(self) -> bool:
        """Whether values come often enough for weeks; where the record feeds it, a silent week is a zero."""
        if self.is_fed or len(self.days) < 3:
            return True
        days = [fed.day for fed in self.days]
        gaps = [(b - a).days for a, b in pairwise(days) if b > a]
        return not gaps or statistics.median(gaps) <= WEEKLY_GAP

    def by(self, step: str, until: date) -> list[ValuePeriod]:
        """Whole periods from the first value to the last one that is over by `until`."""
        if not self.days:
            return []
        groups: dict[date, list[from_record.Fed]] = {}
        for fed in self.days:
            groups.setdefault(start_of(fed.day, step), []).append(fed)
        blind = {start_of(day, step) for day in self.missing}
        fewest = self._fewest(groups)
        blind |= {first for first, days in groups.items() if len(days) < fewest}
        found = []
        first = start_of(self.days[0].day, step)
        while next_start(first, step) <= until + timedelta(days=1):
            found.append(ValuePeriod(first, self._value(groups.get(first, []), first in blind)))
            first = next_start(first, step)
        return found

    def sum_between(self, first: date, after: date) -> float:
        """The sum of the values of days from `first` up to before `after`."""
        return float(sum(fed.value for fed in self.days if first <= fed.day < after))

    def open_from(self, step: str, today: date) -> date:
        """The first day of the running period whose part of a flow is still to come."""
        first = start_of(today, step)
        after = next_start(first, step)
        if self.is_fed:
            unknown = [day for day in self.missing if first <= day <= today]
            return min([today, *unknown])
        measured = [fed.day for fed in self.days if first <= fed.day <= today]
        if not measured:
            return first
        last = max(measured)
        usual = self._usual_place(step)
        if usual is not None and abs(_place(last, step) - usual) <= NEAR_USUAL:
            return after  # as measured as any other period ever was
        return last + timedelta(days=1)

    def _usual_place(self, step: str) -> float | None:
        """Where in its period the one value of a period usually stands, from 0 to 1; None where periods
        have several."""
        groups: dict[date, list[date]] = {}
        for fed in self.days:
            groups.setdefault(start_of(fed.day, step), []).append(fed.day)
        if statistics.median(len(days) for days in groups.values()) > 1:
            return None
        return statistics.median(_place(max(days), step) for days in groups.values())

    def _fewest(self, groups: Mapping[date, Sequence[from_record.Fed]]) -> float:
        """With fewer values a period that is measured by the day was measured in part only."""
        if self.is_fed or self.metric.measure != Measure.FLOW:
            return 0.0
        usual = statistics.median(len(days) for days in groups.values())
        return WHOLE_FROM * usual if usual >= DAILY else 0.0

    def _value(self, days: Sequence[from_record.Fed], blind: bool) -> float | None:
        measure = self.metric.measure
        if measure == Measure.FLOW:
            if blind or (not days and not self.is_fed):
                return None
            return sum(fed.value for fed in days)
        if not days:
            return None
        if measure == Measure.STOCK:
            return days[-1].value
        if all(fed.over for fed in days):
            return sum(fed.value for fed in days) / sum(fed.over or 0.0 for fed in days)
        return sum(fed.value for fed in days) / len(days)


def _place(day: date, step: str) -> float:
    first = start_of(day, step)
    return (day - first).days / (next_start(first, step) - first).days


def open_parts(first: date, by: date, step: str) -> tuple[float, ...]:
    """How much of each period lies between two days, both included, from the one that `first` is in."""
    found, begins = [], start_of(first, step)
    while begins <= by and first <= by:
        after = next_start(begins, step)
        days = (min(by + timedelta(days=1), after) - max(first, begins)).days
        found.append(days / (after - begins).days)
        begins = after
    return tuple(found)


def start_of(day: date, step: str) -> date:
    return monday_of(day) if step == WEEK else day.replace(day=1)


def next_start(first: date, step: str) -> date:
    if step == WEEK:
        return first + timedelta(days=7)
    return first + relativedelta(months=1)


def values_of(metric: Metric, label: str | None = None) -> Values:
    """All current values of one label, earliest first; of the first where none is named."""
    if metric.feed:
        return Values(metric, "", tuple(from_record.feed(metric)), _uncounted(metric), is_fed=True)
    label = labels_of(metric)[0] if label is None else label
    rows = (
        Measurement.objects.filter(metric=metric, label=label, replaced_at__isnull=True)
        .order_by("day")
        .values_list("day", "value")
    )
    days = tuple(from_record.Fed(day, value) for day, value in rows)
    return Values(metric, label, days, frozenset(), is_fed=False)


def labels_of(metric: Metric) -> list[str]:
    """The labels it is measured under; one that is empty where there are none."""
    if metric.feed:
        return [""]
    found = Measurement.objects.filter(metric=metric, replaced_at__isnull=True)
    return list(found.order_by("label").values_list("label", flat=True).distinct()) or [""]


def _uncounted(metric: Metric) -> frozenset[date]:
    """Days of gatherings whose count this metric adds up, and which nobody counted."""
    rows = Activity.objects.filter(kind__in=GATHERINGS, status=Status.DONE, day__isnull=False)
    # Hardly anybody counts who listens to a talk; its week is not missing for that.
    rows = rows.exclude(kind=Kind.TALK, turnout__isnull=True)
    if metric.program_id:
        rows = rows.filter(program=metric.program_id)
    if metric.feed == "attended":
        rows = rows.filter(kind__in=EVENTS).exclude(turnout__attended_evidence__in=MEASURED)
    elif metric.feed == "signups":
        rows = rows.filter(turnout__signups__isnull=True)
    else:
        return frozenset()
    days = rows.values_list("day", flat=True)
    return frozenset(day for day in days if day is not None)
