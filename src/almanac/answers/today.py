"""Today: what is next, at most three questions, what was captured lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from almanac.answers.experiments.experiments import unanswered
from almanac.answers.guesses.accuracy import hit_rates
from almanac.answers.turnout import expectation as turnouts
from almanac.answers.workload.time_off import is_check_in_due, is_on_break
from almanac.record import rules
from almanac.record.infra import background, clock
from almanac.record.models import Activity, Break, Experiment, Guess, Quote
from almanac.record.queries import activities as queries
from almanac.record.queries import forecasts, preferences

if TYPE_CHECKING:
    from datetime import datetime

    from almanac.answers.guesses.accuracy import HitRates
    from almanac.answers.turnout.expectation import FrozenForecast
    from almanac.record.rules import Actor

MOST_NEXT = 4
MOST_QUESTIONS = 3
MOST_LATELY = 8
ENOUGH_TO_LOSE = 20


@dataclass(frozen=True, slots=True)
class Next:
    """Something ahead; forecast is None until a guess, or “no idea”, came first."""

    activity: Activity
    forecast: FrozenForecast | None
    guess: Guess | None


@dataclass(frozen=True, slots=True)
class Question:
    """One thing Today asks; `key` is what skipping it for good is kept under."""

    key: str
    activity: Activity
    days: int


@dataclass(frozen=True, slots=True)
class Today:
    day: date
    coming_up: tuple[Next, ...]
    more_ahead: int
    questions: tuple[Question, ...]
    lately: tuple[Activity | Quote, ...]
    record: HitRates
    would_be_lost: int
    experiment: Experiment | None
    """One that is past its end without a finding; it waits here until it has one."""
    check_in: bool
    """Whether to ask for this week's check-in; it is one of the three questions."""
    on_break: Break | None
    """A break silences everything."""
    is_empty: bool
    is_example: bool
    problems: tuple[background.Problem, ...]
    """What failed in the background since it last went well."""


def today(actor: Actor, now: datetime | None = None) -> Today:
    """What a practitioner sees first."""
    rules.require(rules.may_read_private, actor)
    now = now or clock.now()
    settings = preferences.everything()
    day = now.astimezone(preferences.zone_of(settings["zone"])).date()
    coming = list(queries.coming_up(day)[: MOST_NEXT + 1])
    done = list(queries.log()[:MOST_LATELY])
    heard = list(Quote.objects.select_related("program")[:MOST_LATELY])
    both: list[Activity | Quote] = [*done, *heard]
    lately = sorted(both, key=_lately_key, reverse=True)[:MOST_LATELY]
    on_break = is_on_break(actor, day)
    asks_check_in = is_check_in_due(actor, day) and "check-in" not in preferences.skipped("")
    waits = None if on_break else next(iter(unanswered(actor, day)), None)
    questions = () if on_break else _questions(now, day, settings["lapse_days"])
    return Today(
        day=day,
        coming_up=_with_forecasts(coming[:MOST_NEXT]),
        more_ahead=max(0, len(coming) - MOST_NEXT),
        questions=questions[: MOST_QUESTIONS - asks_check_in - (waits is not None)],
        experiment=waits,
        check_in=asks_check_in,
        on_break=on_break,
        lately=tuple(lately),
        record=hit_rates(actor),
        would_be_lost=0 if on_break else _would_be_lost(settings),
        is_empty=not done and not coming and not Activity.objects.exists(),
        is_example=bool(settings["example"]),
        problems=tuple(background.problems()),
    )


def _would_be_lost(settings: dict[str, Any]) -> int:
    """Activities that would be gone with this machine; told once, until it is waved away or a
    mirror or an own backup elsewhere is made. 0 where there is nothing to tell."""
    told = settings["mirror"] or settings["example"] or preferences.skipped("mirror")
    if told:
        return 0
    number = Activity.objects.count()
    return number if number >= ENOUGH_TO_LOSE else 0


def _lately_key(row: Activity | Quote) -> tuple[date, datetime]:
    return (row.day or date.min, row.created_at)


def _with_forecasts(activities: list[Activity]) -> tuple[Next, ...]:
    latest = forecasts.latest_forecasts(activities)
    guesses = forecasts.first_answers(activity.pk for activity in activities)
    return tuple(
        Next(
            activity,
            turnouts.thawed(latest[activity.pk]) if activity.pk in latest else None,
            guesses.get(activity.pk),
        )
        for activity in activities
    )


def _questions(now: datetime, day: date, lapse_days: int) -> tuple[Question, ...]:
    """Outcomes not said yet, the latest first; skipped ones are never asked again."""
    skipped = preferences.skipped("outcome:")
    found: list[Question] = []
    earliest = day - timedelta(days=lapse_days)
    for activity in queries.awaiting_outcome(earliest, now, day)[: MOST_QUESTIONS + len(skipped)]:
        if str(activity.pk) in skipped or activity.day is None:
            continue
        found.append(Question(f"outcome:{activity.pk}", activity, (day - activity.day).days))
    return tuple(found[:MOST_QUESTIONS])
