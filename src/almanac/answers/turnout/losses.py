"""Hundreds interested, sixty signed up, a handful came: where people are lost, and what to try next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.turnout.event_history import plan_of
from almanac.core.turnout.events import Announcement
from almanac.core.turnout.shares import show_class
from almanac.core.vocabulary import EVENTS, Status
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.models import Activity, Experiment
from almanac.record.queries import preferences
from almanac.record.queries.attendance import signed_and_came
from almanac.record.queries.versions import record_version, remembered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.record.models import Program
    from almanac.record.rules import Actor

FEWEST_PEOPLE = 10
"""With fewer people at the stage before, a share says nothing about where they are lost."""
MOST_EVENTS = 24
MOST_TRIED = 3
TRY_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class LossStep:
    """One stage to the next, over events that have both counts; usual: the share at such events
    elsewhere, None where nothing is published."""

    name: str
    before: str
    after: str
    number_before: int
    number_after: int
    events: int
    usual: float | None
    usual_of: str
    is_sure: bool = True
    """Whether what is usual rests on counted events, and not on what articles say."""

    @property
    def share(self) -> float:
        return min(1.0, self.number_after / self.number_before)

    @property
    def sentence(self) -> str:
        """“Of 61 who signed up, 8 came (13 %). At free online events elsewhere it is about 37 %.”"""
        head = (
            f"Of {words.number(self.number_before)} who {self.before}, {words.number(self.number_after)} "
            f"{self.after} ({words.share(self.share)}, {words.counted(self.events, 'event', 'events')})."
        )
        if self.usual is None:
            return head
        sure = "" if self.is_sure else ", from articles"
        return f"{head} At {self.usual_of} elsewhere it is about {words.share(self.usual)}{sure}."


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something to try, as the fields of an experiment."""

    name: str
    trying: str
    because: str
    worked_if: str
    by: date
    topic: str


@dataclass(frozen=True, slots=True)
class Losses:
    """Where a program loses people. worst: the step that keeps the smallest share."""

    steps: tuple[LossStep, ...]
    worst: LossStep
    attempts: tuple[Attempt, ...]
    tried: tuple[Experiment, ...]
    """Experiments about the same things, of this program or another, latest first."""

    @property
    def sentence(self) -> str:
        where = {"signing-up": "from interest to signing up", "coming": "from signing up to coming"}
        kept = round(100 * self.worst.share)
        return f"The weakest step is {where[self.worst.name]}: {kept} of 100 take it."


ATTEMPTS = {
    "signing-up": (
        ("say the date, hour and place first", "the date, hour and place in the first line of the announcement",
         "people decide by whether they have time", "announcement"),
        ("a personal invitation", "a personal invitation to twenty of those interested",
         "nobody feels meant by a post to everyone", "invitations"),
        ("a shorter form", "a sign-up form with name and address only",
         "each question loses some of those who began", "sign-up form"),
    ),
    "coming": (
        ("confirm your seat the day before", "asking everyone to confirm their seat the day before",
         "people forget, and a seat nobody confirms costs nothing", "reminders"),
        ("a question to answer beforehand", "one question that everyone answers beforehand",
         "whoever has answered something has begun to take part", "questions beforehand"),
        ("a smaller group", "half as many seats, said in the invitation",
         "in a small group people notice who is missing", "smaller groups"),
        ("another hour", "an hour later in the day",
         "the hour may fall into work or dinner", "hour"),
    ),
}  # fmt: skip


@remembered(record_version, preferences.today, most=32)
def losses(actor: Actor, program: Program, today: date | None = None) -> Losses | None:
    """Over the program's latest events; None where no step has enough people to say anything."""
    rules.require(rules.may_read_record, actor)
    if program.is_unsorted:
        return None
    today = today or preferences.today()
    rows = list(
        Activity.objects.filter(
            program=program, status=Status.DONE, kind__in=EVENTS, day__lte=today
        )
        .filter(turnout__signups__gt=0)
        .select_related("turnout", "program")
        .order_by("-day", "-pk")[:MOST_EVENTS]
    )
    steps = [
        step
        for step in (_signing_up(rows), _coming(rows))
        if step is not None and step.number_before >= FEWEST_PEOPLE
    ]
    if not steps:
        return None
    worst = min(steps, key=lambda step: step.share)
    tried = set(Experiment.objects.filter(program=program).values_list("topic", flat=True))
    every = _attempts(worst, today)
    attempts = tuple(each for each in every if each.topic not in tried)
    about = Experiment.objects.filter(topic__in={each.topic for each in every})
    about = about.select_related("program", "finding").order_by("-by")[:MOST_TRIED]
    return Losses(tuple(steps), worst, attempts, tuple(about))


def _signing_up(rows: Sequence[Activity]) -> LossStep | None:
    both = [row.turnout for row in rows if row.turnout.interested]
    before = sum(turnout.interested or 0 for turnout in both)
    after = sum(min(turnout.signups or 0, turnout.interested or 0) for turnout in both)
    if not before:
        return None
    return LossStep(
        "signing-up", "were interested", "signed up", before, after, len(both), None, ""
    )


def _coming(rows: Sequence[Activity]) -> LossStep | None:
    both = [row for row in rows if row.is_counted]
    before, after = signed_and_came(both)
    if not before:
        return None
    latest = both[0]
    usual = show_class(Announcement(**plan_of(latest, latest.begins or clock.now())))
    return LossStep(
        "coming", "signed up", "came", before, after, len(both),
        usual.mean if usual else None, usual.title if usual else "",
        bool(usual and usual.events),
    )  # fmt: skip


GOALS = {
    "signing-up": "{share} of those interested sign up",
    "coming": "{share} of those who sign up come",
}


def _attempts(worst: LossStep, today: date) -> list[Attempt]:
    hoped = min(worst.share * 1.5, max(worst.usual or 0.9, worst.share * 1.2), 0.9)
    goal = GOALS[worst.name].format(share=words.share(hoped))
    return [
        Attempt(name, trying, because, goal, today + TRY_FOR, topic)
        for name, trying, because, topic in ATTEMPTS[worst.name]
    ]
