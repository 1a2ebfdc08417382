"""How right were you? Forecasts and guesses against what was counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.answers.turnout.expectation import counts_of, thawed
from almanac.core import scoring
from almanac.core.vocabulary import Evidence, Stage
from almanac.record import rules
from almanac.record.models import Activity, Forecast, Guess

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from almanac.core.scoring import HitRate, Scored
    from almanac.record.rules import Actor


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """How forecasts and guesses have done, with the activities each rests on."""

    forecasts: HitRate | None
    guesses: HitRate | None
    forecast_rows: tuple[tuple[Activity, Scored], ...]
    guess_rows: tuple[tuple[Activity, Scored], ...]


def track_record(actor: Actor, most: int = 200) -> TrackRecord:
    """Every counted outcome that was forecast or guessed before it happened, at the main stage."""
    rules.require(rules.may_read_private, actor)
    latest: dict[int, Forecast] = {}
    counted = Forecast.objects.filter(activity__turnout__attended_evidence=Evidence.COUNTED)
    rows = counted.select_related("activity__turnout", "activity__program").order_by("-made_at")
    for row in rows[: most * 3]:
        latest.setdefault(row.activity_id, row)
    guessed = {guess.activity_id: guess for guess in Guess.objects.order_by("-made_at")[: most * 3]}
    lonely = _activities(set(guessed) - set(latest))
    forecast_rows = [_scored_forecast(row) for row in list(latest.values())[:most]]
    guess_rows = [
        _scored_guess(activity, guessed[activity.pk])
        for activity in (*(row.activity for row in latest.values()), *lonely)
        if activity.pk in guessed
    ]
    said, mine = _present(forecast_rows), _present(guess_rows)
    return TrackRecord(
        scoring.hit_rate([scored for _, scored in said]),
        scoring.hit_rate([scored for _, scored in mine]),
        said,
        mine,
    )


def _activities(keys: Iterable[int]) -> list[Activity]:
    return list(
        Activity.objects.filter(
            pk__in=list(keys), turnout__attended_evidence=Evidence.COUNTED
        ).select_related("turnout", "program")
    )


def _scored_forecast(row: Forecast) -> tuple[Activity, Scored | None]:
    counts = thawed(row)[Stage.ATTENDED].counts
    observed = row.activity.turnout.attended
    if counts is None or observed is None:
        return row.activity, None
    return row.activity, scoring.score(counts, observed)


def _scored_guess(activity: Activity, guess: Guess) -> tuple[Activity, Scored | None]:
    counts = counts_of(guess)
    observed = getattr(activity.turnout, guess.stage, None)
    if counts is None or observed is None:
        return activity, None
    return activity, scoring.score(counts, observed)


def _present(
    rows: Sequence[tuple[Activity, Scored | None]],
) -> tuple[tuple[Activity, Scored], ...]:
    return tuple((activity, scored) for activity, scored in rows if scored is not None)
