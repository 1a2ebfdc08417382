"""Which forecast and which guess of an event count, and what came of it: decided here, once.

Before means before: a forecast counts if it was made before the event began, a guess if it was the
first answer given, and an outcome if somebody counted it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from almanac.core.vocabulary import MEASURED, Stage, Status
from almanac.record.models import Activity, Forecast, Guess, Turnout
from almanac.record.models.programs import UNSORTED
from almanac.record.queries.versions import record_version, remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.db.models import QuerySet

    from almanac.record.models import Program

Item = TypeVar("Item")
BATCH = 500
"""SQLite takes a bounded number of values in one query."""


def forecasts_before(activity: Activity) -> list[Forecast]:
    """Frozen forecasts of an event from before it began, oldest first."""
    rows = Forecast.objects.filter(activity=activity).order_by("made_at", "id")
    return [row for row in rows if _is_before(row, activity)]


def last_forecast_after(activity: Activity) -> Forecast | None:
    """The newest forecast that no longer stands from before the event, as it was moved to an earlier
    time; None where there is none. It is shown and never scored."""
    rows = Forecast.objects.filter(activity=activity).order_by("-made_at", "-id")
    return next((row for row in rows if not _is_before(row, activity)), None)


def latest_forecast_of(activity: Activity) -> Forecast | None:
    """The newest forecast from before it began; None where there is none."""
    rows = forecasts_before(activity)
    return rows[-1] if rows else None


def all_forecasts_before(activities: Iterable[Activity]) -> dict[int, list[Forecast]]:
    """The same of many events by their key, oldest first; events without any are left out."""
    by_key = {activity.pk: activity for activity in activities}
    found: dict[int, list[Forecast]] = {}
    for keys in _in_batches(list(by_key)):
        rows = Forecast.objects.filter(activity_id__in=keys).order_by("made_at", "id")
        for row in rows:
            if _is_before(row, by_key[row.activity_id]):
                found.setdefault(row.activity_id, []).append(row)
    return found


def latest_forecasts(activities: Iterable[Activity]) -> dict[int, Forecast]:
    """The newest forecast of each event from before it began, by the event's key."""
    return {key: rows[-1] for key, rows in all_forecasts_before(activities).items()}


def counted_since(program: Program, moment: datetime) -> int:
    """Events of a program whose attendance was counted later than a moment."""
    return sum(at > moment for at in _counted_at().get(program.pk, ()))


@remembered(record_version)
def _counted_at() -> dict[int, list[datetime]]:
    """When attendance was counted, by program, of those with as much in common as a program has."""
    found: dict[int, list[datetime]] = {}
    rows = Turnout.objects.filter(outcome_at__isnull=False, attended_evidence__in=MEASURED)
    rows = rows.exclude(activity__program__name=UNSORTED)
    for key, at in rows.values_list("activity__program_id", "outcome_at"):
        if at is not None:
            found.setdefault(key, []).append(at)
    return found


def _is_before(row: Forecast, activity: Activity) -> bool:
    begins = activity.begins
    return begins is None or row.made_at < begins


def first_answer_of(activity: Activity) -> Guess | None:
    """What was first answered when asked for a guess, “no idea” included."""
    return Guess.objects.filter(activity_id=activity.pk).order_by("made_at", "id").first()


def first_answers(keys: Iterable[int]) -> dict[int, Guess]:
    """The first answer for each event, “no idea” included, by the event's key."""
    found: dict[int, Guess] = {}
    for some in _in_batches(list(keys)):
        for row in Guess.objects.filter(activity_id__in=some).order_by("made_at", "id"):
            found.setdefault(row.activity_id, row)
    return found


def counting_guesses(keys: Iterable[int]) -> dict[int, Guess]:
    """The guess that counts for each event: the first answer, where it was a guess. Whoever had no
    idea first has seen the forecast by the time of a second answer."""
    return {key: row for key, row in first_answers(keys).items() if not row.no_idea}


def guessed_activities() -> list[int]:
    """Keys of the events that anybody was asked about."""
    return list(Guess.objects.order_by().values_list("activity_id", flat=True).distinct())


def counted_attendance(activity: Activity) -> int | None:
    """How many came, where somebody counted; None where it is not known."""
    turnout = activity.turnout_if_any
    return turnout.attended if turnout is not None and activity.is_counted else None


def outcomes_of(activity: Activity) -> dict[Stage, int]:
    """What came of an event, stage by stage; a stage nobody counted is left out."""
    turnout = activity.turnout_if_any
    if turnout is None:
        return {}
    found = {stage: getattr(turnout, stage) for stage in Stage}
    found[Stage.ATTENDED] = counted_attendance(activity)
    return {stage: count for stage, count in found.items() if count is not None}


def predicted_activities() -> set[int]:
    """Keys of the events that have a forecast or an answer, whenever it was made."""
    forecast = Forecast.objects.order_by().values_list("activity_id", flat=True).distinct()
    return {*forecast, *guessed_activities()}


def with_outcomes(keys: Iterable[int]) -> dict[int, Activity]:
    """Finished events of these keys with any outcome, earliest first, by key."""
    rows = _finished().select_related("turnout", "program")
    found = (activity for some in _in_batches(list(keys)) for activity in rows.filter(pk__in=some))
    return {each.pk: each for each in sorted(found, key=_order) if outcomes_of(each)}


def every_outcome() -> list[tuple[int, dict[Stage, int]]]:
    """What came of every finished event, earliest first, by its key: counts alone, as there are many."""
    rows = _finished().order_by("day", "starts_at", "id")
    fields = (f"turnout__{stage}" for stage in Stage)
    found = []
    for key, evidence, *counts in rows.values_list("pk", "turnout__attended_evidence", *fields):
        outcomes = {
            stage: count
            for stage, count in zip(Stage, counts, strict=True)
            if count is not None and (stage is not Stage.ATTENDED or evidence in MEASURED)
        }
        if outcomes:
            found.append((key, outcomes))
    return found


def _finished() -> QuerySet[Activity]:
    return Activity.objects.filter(turnout__isnull=False, day__isnull=False, status=Status.DONE)


def _order(activity: Activity) -> tuple[date, float, int]:
    starts = activity.starts_at.timestamp() if activity.starts_at else float("-inf")
    return (activity.day or date.min, starts, activity.pk)


def _in_batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
