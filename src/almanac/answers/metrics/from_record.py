"""What of the record feeds a metric: values by day, with the rows they came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Sum

from almanac.core.vocabulary import EVENTS, GATHERINGS, Kind, Status
from almanac.core.workload.spreading import spread
from almanac.record.models import Activity, Quote, Referral
from almanac.record.queries import preferences
from almanac.record.queries.attendance import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from django.db.models import QuerySet

    from almanac.record.models import Metric


@dataclass(frozen=True, slots=True)
class Fed:
    """One day's value; over: of a rate, what it is divided by, so that days add up rightly."""

    day: date
    value: float
    over: float | None = None


def feed(metric: Metric) -> list[Fed]:
    """Values by day, earliest first. An unknown feed has none."""
    name, _, rest = metric.feed.partition(":")
    read = FEEDS.get(name)
    return read(metric, rest) if read else []


def _done(metric: Metric) -> QuerySet[Activity]:
    found = Activity.objects.filter(status=Status.DONE, day__isnull=False)
    return found.filter(program=metric.program_id) if metric.program_id else found


def _gatherings(metric: Metric) -> QuerySet[Activity]:
    return _done(metric).filter(kind__in=GATHERINGS)


def _by_day(rows: Iterable[tuple[Any, Any]]) -> list[Fed]:
    return [Fed(day, float(value)) for day, value in rows if value is not None]


def _count(rows: QuerySet[Activity]) -> list[Fed]:
    return _by_day(rows.order_by("day").values_list("day").annotate(Count("pk")))


def _hours(rows: QuerySet[Activity]) -> list[Fed]:
    """Hours of a long task lie on the working days before it was finished, as on the workload page."""
    known = rows.filter(hours_spent__isnull=False).order_by("day", "id")
    by_day: dict[date, float] = {}
    for day, hours in known.values_list("day", "hours_spent"):
        if day is not None:
            spread(by_day, day, float(hours or 0))
    return [Fed(day, hours) for day, hours in sorted(by_day.items())]


def _sum(rows: QuerySet[Activity], name: str) -> list[Fed]:
    known = rows.filter(**{f"{name}__isnull": False}).order_by("day")
    return _by_day(known.values_list("day").annotate(Sum(name)))


def _rate(rows: QuerySet[Activity], above: str, below: str) -> list[Fed]:
    known = rows.filter(**{f"{above}__isnull": False, f"{below}__gt": 0}).order_by("day")
    sums = known.values_list("day").annotate(over=Sum(below), part=Sum(above))
    return [Fed(day, float(part), float(over)) for day, over, part in sums]


def _counted(metric: Metric) -> QuerySet[Activity]:
    return counted(_done(metric).filter(kind__in=EVENTS))


def _audiences(metric: Metric) -> QuerySet[Activity]:
    return counted(_done(metric).filter(kind=Kind.TALK))


def _costed(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Costs in the preferred currency; where none is preferred, those without one."""
    currency = preferences.value("currency")
    return rows.filter(Q(currency=currency) | Q(currency=""), cost__isnull=False)


def _quotes(metric: Metric, _rest: str) -> list[Fed]:
    rows = Quote.objects.filter(program=metric.program_id) if metric.program_id else Quote.objects
    return _by_day(rows.order_by("day").values_list("day").annotate(Count("pk")))


def _referrals(metric: Metric, channel: str) -> list[Fed]:
    rows = Referral.objects.filter(channel=channel) if channel else Referral.objects.all()
    if metric.program_id:
        rows = rows.filter(program=metric.program_id)
    return _by_day(rows.order_by("day").values_list("day").annotate(Count("pk")))


FEEDS: dict[str, Callable[[Metric, str], list[Fed]]] = {
    "events_held": lambda m, _: _count(_done(m).filter(kind__in=EVENTS)),
    "signups": lambda m, _: _sum(_gatherings(m), "turnout__signups"),
    "attended": lambda m, _: _sum(_counted(m), "turnout__attended"),
    "audience": lambda m, _: _sum(_audiences(m), "turnout__attended"),
    "submissions": lambda m, _: _sum(_gatherings(m), "turnout__submissions"),
    "talks": lambda m, _: _count(_done(m).filter(kind=Kind.TALK)),
    "posts": lambda m, _: _count(_done(m).filter(kind=Kind.POST)),
    "hours": lambda m, _: _hours(_done(m)),
    "costs": lambda m, _: _sum(_costed(_done(m)), "cost"),
    "tagged": lambda m, tag: _count(
        _done(m).filter(pk__in=Activity.objects.filter(tags__name__iexact=tag).values("pk"))
    ),
    "show_rate": lambda m, _: _rate(
        _counted(m).filter(turnout__attended__lte=F("turnout__signups")),
        "turnout__attended",
        "turnout__signups",
    ),
    "signup_rate": lambda m, _: _rate(_gatherings(m), "turnout__signups", "turnout__interested"),
    "cost_per_attendee": lambda m, _: _rate(_costed(_counted(m)), "cost", "turnout__attended"),
    "voices": _quotes,
    "referrals": _referrals,
}

ROWS: dict[str, str] = {
    "events_held": "status=done",
    "signups": "status=done",
    "attended": "status=done",
    "audience": "kind=talk&status=done",
    "submissions": "status=done",
    "talks": "kind=talk&status=done",
    "posts": "kind=post&status=done",
    "hours": "status=done",
    "costs": "status=done",
    "show_rate": "status=done",
    "signup_rate": "status=done",
    "cost_per_attendee": "status=done",
}
"""How the log is narrowed to the rows behind a feed."""
