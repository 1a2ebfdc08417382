"""Today: what is due, what is next, requests, at most three questions, what was logged lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from almanac.answers.community.feedback import state_said, to_tell
from almanac.answers.community.people import follow_ups, identities_of, token_of
from almanac.answers.experiments.experiments import unanswered
from almanac.answers.guesses.accuracy import hit_rates
from almanac.answers.guesses.calibration import expected_of
from almanac.answers.hackathons.outcome import uses_due
from almanac.answers.log.inbox import waiting
from almanac.answers.metrics.targets import fallen_behind
from almanac.answers.workload.time_off import is_check_in_due, is_on_break
from almanac.core.vocabulary import Status
from almanac.record import rules
from almanac.record.infra import background, clock
from almanac.record.models import Activity, Break, Experiment, Part, Quote
from almanac.record.queries import activities as queries
from almanac.record.queries import forecasts, preferences

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from almanac.answers.guesses.accuracy import HitRates
    from almanac.answers.metrics.targets import TargetProgress
    from almanac.answers.turnout.expectation import StageView
    from almanac.record.models import Feedback, Person
    from almanac.record.rules import Actor
    from almanac.sources.text.inbox import InboxFile

MOST_NEXT = 4
MOST_GUESSES = 2
MOST_COUNTED = 40
"""Events after those that are counted; a page says no larger number."""
MOST_DUE = 12
MOST_REQUESTS = 5
AHEAD_DAYS, OVERDUE_DAYS = 7, 30
MOST_QUESTIONS = 3
MOST_LATELY = 8
MOST_FILES = 3
MOST_TOLD = 3
ENOUGH_TO_LOSE = 20


@dataclass(frozen=True, slots=True)
class Next:
    """Something ahead; expected is None until there is a forecast; asks: for the guess that comes before
    it, which the first two do; guessed: that was answered, and the forecast has not been made."""

    activity: Activity
    expected: StageView | None
    outdated: bool = False
    asks: bool = False
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A commitment, or one step of it, with its day; late where that is over."""

    activity: Activity
    step: Part | None
    day: date
    late: bool

    @property
    def hours(self) -> Decimal | None:
        return self.step.hours if self.step else self.activity.hours_planned


@dataclass(frozen=True, slots=True)
class Question:
    """One thing Today asks; `key` is what skipping it for good is kept under."""

    key: str
    activity: Activity
    days: int
    field: str = "attended"
    """The count that is asked for: who came, or how many projects of a hackathon use the product."""


@dataclass(frozen=True, slots=True)
class Today:
    day: date
    due: tuple[Due, ...]
    """Due in the next seven days or overdue by up to thirty; more are on the board."""
    more_due: int
    requests: tuple[Activity, ...]
    coming_up: tuple[Next, ...]
    more_ahead: int
    more_soon: int
    """Of more_ahead, those of the next seven days."""
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
    inbox: tuple[InboxFile, ...]
    """The first files that wait in the inbox."""
    more_in_inbox: int
    unread_in_inbox: int
    """How many files there cannot be read."""
    follow_ups: tuple[tuple[str, Person], ...]
    """People to talk to again by now, with the token of their page."""
    to_tell: tuple[tuple[Feedback, str], ...]
    """Feedback that has come to an end, with how, whose givers were not told yet."""
    behind: tuple[TargetProgress, ...]
    """Targets that were on course a week ago and are behind now."""
    problems: tuple[background.Problem, ...]
    """What failed in the background since it last went well."""


def today(actor: Actor, now: datetime | None = None) -> Today:
    """What a practitioner sees first."""
    rules.require(rules.may_read_private, actor)
    now = now or clock.now()
    settings = preferences.everything()
    day = now.astimezone(preferences.zone_of(settings["zone"])).date()
    soon = day + timedelta(days=AHEAD_DAYS)
    coming = list(queries.next_of_each(queries.coming_up(day), soon)[: MOST_NEXT + MOST_COUNTED])
    done = list(queries.log()[:MOST_LATELY])
    heard = list(Quote.objects.select_related("program")[:MOST_LATELY])
    both: list[Activity | Quote] = [*done, *heard]
    lately = sorted(both, key=_lately_key, reverse=True)[:MOST_LATELY]
    on_break = is_on_break(actor, day)
    skipped = preferences.skipped("")
    asks_check_in = is_check_in_due(actor, day) and "check-in" not in skipped
    waits = None if on_break else next(iter(unanswered(actor, day)), None)
    questions: tuple[Question, ...] = ()
    if not on_break:
        questions = _questions(now, day, settings["lapse_days"], skipped)
        questions += _about_use(actor, day, skipped)
    due, asked = _due_and_asked(day)
    waits_in_inbox = waiting(actor)
    files = () if on_break else waits_in_inbox.files
    return Today(
        day=day,
        due=tuple(due[:MOST_DUE]),
        more_due=max(0, len(due) - MOST_DUE),
        requests=() if on_break else tuple(asked[:MOST_REQUESTS]),
        coming_up=_with_forecasts(actor, coming[:MOST_NEXT]),
        more_ahead=max(0, len(coming) - MOST_NEXT),
        more_soon=sum(row.day is not None and row.day <= soon for row in coming[MOST_NEXT:]),
        questions=questions[: MOST_QUESTIONS - asks_check_in - (waits is not None)],
        experiment=waits,
        check_in=asks_check_in,
        on_break=on_break,
        lately=tuple(lately),
        record=hit_rates(actor),
        would_be_lost=0 if on_break else _would_be_lost(settings),
        is_empty=not done and not coming and not Activity.objects.exists(),
        is_example=bool(settings["example"]),
        inbox=files[:MOST_FILES],
        more_in_inbox=max(0, len(files) - MOST_FILES),
        unread_in_inbox=0 if on_break else len(waits_in_inbox.unread),
        follow_ups=()
        if on_break
        else tuple(
            (token_of(identities_of(person)[0]), person)
            for person in follow_ups(actor, day)[:MOST_DUE]
        ),
        to_tell=()
        if on_break
        else tuple(
            (row, state_said(row.receiver, row.state)) for row in to_tell(actor)[:MOST_TOLD]
        ),
        behind=() if on_break else tuple(fallen_behind(actor, day)),
        problems=tuple(background.problems()),
    )


def _due_and_asked(day: date) -> tuple[list[Due], list[Activity]]:
    """Commitments and steps, overdue ones first; and requests without an answer."""
    first, last = day - timedelta(days=OVERDUE_DAYS), day + timedelta(days=AHEAD_DAYS)
    rows = list(queries.due_or_asked(first, last)[:200])
    found = [
        Due(row, None, row.promised_for or day, (row.promised_for or day) < day)
        for row in rows
        if row.status != Status.ASKED
    ]
    found += [
        Due(part.activity, part, part.day or day, (part.day or day) < day)
        for part in queries.steps_between(first, last)[:100]
    ]
    asked = [row for row in rows if row.status == Status.ASKED]
    return sorted(found, key=lambda each: each.day), asked


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


def _with_forecasts(actor: Actor, activities: list[Activity]) -> tuple[Next, ...]:
    coming = expected_of(actor, activities)
    without = [activity.pk for activity in activities if activity.pk not in coming]
    guessed = forecasts.first_answers(without)
    open_ones = [key for key in without if key not in guessed]
    return tuple(
        Next(
            activity,
            found.view if found else None,
            outdated=found is not None and found.outdated,
            asks=activity.pk in open_ones[:MOST_GUESSES],
            guessed=activity.pk in guessed,
        )
        for activity in activities
        for found in [coming.get(activity.pk)]
    )


def _about_use(actor: Actor, day: date, skipped: set[str]) -> tuple[Question, ...]:
    """Whether projects of a hackathon still use the product."""
    found = [
        Question(f"{field}:{activity.pk}", activity, (day - activity.day).days, field)
        for activity, field in uses_due(actor, day)
        if activity.day is not None
    ]
    return tuple(question for question in found if question.key not in skipped)


def _questions(
    now: datetime, day: date, lapse_days: int, every_skipped: set[str]
) -> tuple[Question, ...]:
    """Outcomes not said yet, the latest first; skipped ones are never asked again."""
    asked = "outcome:"
    skipped = {key.removeprefix(asked) for key in every_skipped if key.startswith(asked)}
    found: list[Question] = []
    earliest = day - timedelta(days=lapse_days)
    for activity in queries.awaiting_outcome(earliest, now, day)[: MOST_QUESTIONS + len(skipped)]:
        if str(activity.pk) in skipped or activity.day is None:
            continue
        found.append(Question(f"outcome:{activity.pk}", activity, (day - activity.day).days))
    return tuple(found[:MOST_QUESTIONS])
