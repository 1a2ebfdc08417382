"""Feedback and leads: where each stands, in the words of whoever receives it, and who is to be told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.record import rules
from almanac.record.models import Feedback, FeedbackState, Receiver
from almanac.record.models.community.people import ERASED
from almanac.record.queries.days import within
from almanac.record.queries.versions import record_version, remembered

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from almanac.answers.community.people import KnownPerson
    from almanac.record.rules import Actor

STATES = {
    Receiver.PRODUCT: ("heard", "ticket", "shipped", "won’t ship"),
    Receiver.SALES: ("heard", "handed over", "became a customer", "came to nothing"),
    Receiver.OTHER: ("heard", "passed on", "done", "not done"),
}
"""What each state is called, in the order of the states."""
ENDED = (FeedbackState.DONE, FeedbackState.CLOSED)


def state_said(receiver: str, state: str) -> str:
    """A state in the words of its receiver."""
    return STATES[Receiver(receiver)][FeedbackState.values.index(state)]


def state_called(text: str) -> FeedbackState | None:
    """A state by its stored name, or by what any receiver calls it."""
    wanted = text.strip().lower().replace("’", "'").replace("_", " ").replace("-", " ")
    for place, state in enumerate(FeedbackState):
        called = {state.value.replace("_", " "), str(state.label)}
        called |= {names[place].replace("’", "'") for names in STATES.values()}
        if wanted in called or (wanted == "customer" and state is FeedbackState.DONE):
            return state
    return None


def feedback(
    actor: Actor, since: date | None = None, until: date | None = None
) -> QuerySet[Feedback]:
    """Everything heard within a time, or ever; the latest first."""
    rules.require(rules.may_read_private, actor)
    return Feedback.objects.filter(within(since, until)).select_related("program", "activity")


def find_feedback(actor: Actor, key: int) -> Feedback | None:
    rules.require(rules.may_read_private, actor)
    return Feedback.objects.select_related("program", "activity").filter(pk=key).first()


@remembered(record_version, most=2)
def to_tell(actor: Actor) -> tuple[Feedback, ...]:
    """What has come to an end and was asked for by somebody who was not told yet; the oldest first."""
    rules.require(rules.may_read_private, actor)
    rows = Feedback.objects.filter(state__in=ENDED, told_on__isnull=True).exclude(
        who__in=("", ERASED)
    )
    return tuple(rows.order_by("ended_on", "pk"))


def feedback_of(actor: Actor, person: KnownPerson) -> list[tuple[Feedback, str]]:
    """What came from somebody, with where it stands; the latest first."""
    rules.require(rules.may_read_private, actor)
    rows = Feedback.objects.filter(who__icontains=person.name)
    return [
        (row, state_said(row.receiver, row.state))
        for row in rows
        if person.name.casefold() in {name.casefold() for name in row.names}
    ]


@dataclass(frozen=True, slots=True)
class FeedbackCounts:
    """How many of one receiver there are, and where they stand."""

    receiver: Receiver
    total: int
    counts: tuple[tuple[str, int], ...]

    @property
    def sentence(self) -> str:
        """“Product: 6 pieces of feedback, 2 with a ticket, 1 shipped.”"""
        parts = [f"{number:,} {name}" for name, number in self.counts if number]
        what = ("lead", "leads") if self.receiver == Receiver.SALES else ("piece", "pieces")
        return f"{self.receiver.label.capitalize()}: {words.counted(self.total, *what)} ({', '.join(parts)})."


def feedback_counts(
    actor: Actor, since: date | None = None, until: date | None = None
) -> list[FeedbackCounts]:
    """By receiver, those that have any."""
    rules.require(rules.may_read_private, actor)
    found = Counter(feedback(actor, since, until).values_list("receiver", "state"))
    made = []
    for receiver in Receiver:
        numbers = tuple(
            (state_said(receiver, state), found[receiver, state]) for state in FeedbackState
        )
        total = sum(number for _, number in numbers)
        if total:
            made.append(FeedbackCounts(receiver, total, numbers))
    return made
