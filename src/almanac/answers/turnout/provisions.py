"""What an event's forecast is for: chairs and food, and how many to admit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.turnout import event_history, expectation
from almanac.core.turnout import provisioning, shares
from almanac.core.turnout.provisioning import Admission, Provision
from almanac.core.vocabulary import Stage
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.queries import forecasts

if TYPE_CHECKING:
    from almanac.record.models import Activity
    from almanac.record.rules import Actor

MOST_SEATS = 5_000


@dataclass(frozen=True, slots=True)
class Advice:
    """An answer in a sentence, with its number, or the reason why there is none."""

    sentence: str
    result: Provision | Admission | None = None


def provision(actor: Actor, activity: Activity, too_few: float, too_many: float) -> Advice:
    """How many chairs or meals, from the frozen forecast of who comes and the asker's own costs."""
    rules.require(rules.may_read_record, actor)
    latest = forecasts.latest_forecast_of(activity)
    if latest is None:
        return Advice("Make a forecast first; this advice is based on it.")
    view = expectation.thawed(latest)[Stage.ATTENDED]
    if view.counts is None:
        return Advice(view.sentence)
    if not (too_few >= 0 and too_many >= 0 and 0 < too_few + too_many < float("inf")):
        return Advice(
            "Enter the cost of one too few and of one too many; at least one must be above 0."
        )
    found = provisioning.provide(view.counts, too_few, too_many)
    sentence = (
        f"Provide for {words.number(found.number)}. On average {_average(found.spare)} will be left "
        f"over and {_average(found.missing)} missing; {words.percent_chance(found.short)} that you "
        "run short."
    )
    return Advice(sentence, found)


def admission(actor: Actor, activity: Activity, seats: int, risk: float) -> Advice:
    """How many to admit so that more than the seats come with at most this chance."""
    rules.require(rules.may_read_record, actor)
    if activity.format == "online":
        return Advice("Online events have no limit on seats, so you can admit everyone.")
    if not 1 <= seats <= MOST_SEATS:
        return Advice(f"Seats can be from 1 to {words.number(MOST_SEATS)}.")
    if not 0 < risk <= 0.5:
        return Advice("The risk can be from just above 0 to 50 %.")
    now = clock.now()
    upcoming = expectation.upcoming_of(activity, now)
    past = event_history.past_before(activity, now)
    own = past.history.pairs("signups", "attended", upcoming).own
    reference = shares.show_class(upcoming)
    if reference is None:
        return Advice("Can’t say yet: no similar events show what share of sign-ups comes.")
    usual = past.history.usual(reference, "signups", "attended", upcoming)
    if any(pair.after > pair.before for pair in own):
        return Advice(
            "More people have come here than had signed up, so limiting sign-ups would not limit "
            "attendance."
        )
    found = provisioning.admit(seats, shares.rate_posterior(own, usual, upcoming.program), risk)
    low, high = found.came.interval(0.8)
    number = len(own)
    rests = words.counted(number, "past event of yours", "past events of yours") if own else ""
    basis = f"{rests} and {reference.title}" if rests else reference.title
    if found.number <= seats:
        sentence = (
            f"Admit {words.number(seats)}, no more than the seats: the share of sign-ups that comes "
            f"is too uncertain for that risk. Based on {basis}."
        )
    else:
        sentence = (
            f"Admit {words.number(found.number)} for {words.counted(seats, 'seat', 'seats')}: "
            f"expect {words.span(low, high)} to come, with a {words.percent_chance(found.risk)} "
            f"of too few seats. Based on {basis}."
        )
    return Advice(sentence, found)


def _average(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}"
