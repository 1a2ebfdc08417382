"""What a practitioner can still change: when to announce, and whether to remind. Answered only
where the record can tell; what went together in the past need not have caused anything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from almanac.answers import words
from almanac.answers.turnout import event_history, expectation
from almanac.core.turnout import shares, show_rate_effects
from almanac.core.turnout.traits import DAYS, lead_of
from almanac.record import rules
from almanac.record.infra import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.counts import Counts
    from almanac.core.turnout.class_shares import StagePair
    from almanac.core.turnout.events import Upcoming
    from almanac.record.models import Activity
    from almanac.record.rules import Actor

LEADS = (3, 7, 14, 21, 28, 42, 60, 90)
ENOUGH_LEADS = 12
VARIED = 0.4
"""Sd of the log of lead times below which they were all much the same."""
CLEAR = 1.28
"""A difference is told only where it is on one side nine times in ten."""
ENOUGH_REMINDED = 5
NOT_A_CAUSE = "These went together in your past; one need not have caused the other."


@dataclass(frozen=True, slots=True)
class Lead:
    """Announcing `days` ahead, and the sign-ups to expect then."""

    days: int
    low: int
    middle: int
    high: int


@dataclass(frozen=True, slots=True)
class Timing:
    """When to announce, in a sentence; leads: what each would mean, or nothing where it is refused."""

    sentence: str
    leads: tuple[Lead, ...] = ()
    rows: tuple[int, ...] = ()


def announcement(actor: Actor, activity: Activity) -> Timing:
    """When to announce a future event, from the program's past lead times."""
    rules.require(rules.may_read_record, actor)
    now = clock.now()
    upcoming = expectation.upcoming_of(activity, now)
    if activity.begins is None or activity.begins <= now:
        return Timing("It needs a future date first.")
    if activity.announced_at is not None and activity.announced_at <= now:
        ahead = round((activity.begins - activity.announced_at).total_seconds() / 86400)
        return Timing(
            f"You announced it {words.counted(ahead, 'day', 'days')} ahead. Too few events to say what would be better."
        )
    past = event_history.past_before(activity, now)
    own = [
        (event.row, lead)
        for event in past.history.own(upcoming.program)
        if event.signups is not None and (lead := lead_of(event)) is not None and lead > 0
    ]
    if len(own) < ENOUGH_LEADS:
        return Timing(
            f"Can’t say yet: it needs {ENOUGH_LEADS} past events of this program with an announcement "
            f"date (you have {len(own)})."
        )
    spread = float(np.std([log(lead) for _, lead in own]))
    if spread < VARIED:
        return Timing(
            "Your past events were all announced about equally far ahead, so they can’t show what "
            "another date would do."
        )
    low, high = np.quantile([lead for _, lead in own], [0.1, 0.9])
    at_most = (activity.begins - now).total_seconds() / 86400
    days = [lead for lead in LEADS if low <= lead <= high and lead <= at_most]
    if len(days) < 2:
        return Timing("Too little time is left to choose an announcement date.")
    plans = [_announced(upcoming, lead) for lead in days]
    expected = [_within(past.levels.counts(past.levels.expect(plan)), upcoming) for plan in plans]
    middles = [past.levels.expect(plan).mean for plan in plans]
    best, worst = int(np.argmax(middles)), int(np.argmin(middles))
    mean, sd = past.levels.contrast(plans[best], plans[worst])
    leads = tuple(_lead(lead, counts) for lead, counts in zip(days, expected, strict=True))
    rows = tuple(row for row, _ in own)
    if mean < CLEAR * sd:
        return Timing(
            f"From {days[0]} to {days[-1]} days ahead, your past events show no clear difference.",
            leads,
            rows,
        )
    more = leads[best].middle - leads[worst].middle
    return Timing(
        f"Announced {days[best]} days ahead, expect about {words.number(leads[best].middle)} "
        f"sign-ups, {words.number(more)} more than {days[worst]} days ahead. {NOT_A_CAUSE}",
        leads,
        rows,
    )


def _within(counts: Counts, upcoming: Upcoming) -> Counts:
    """What is in already stays, and nobody sits where there is no seat."""
    if upcoming.signups is not None:
        counts = counts.from_at_least(upcoming.signups)
    if upcoming.seats is not None and (upcoming.signups or 0) <= upcoming.seats:
        counts = counts.capped(upcoming.seats)
    return counts


def _announced(upcoming: Upcoming, days: int) -> Upcoming:
    return replace(upcoming, announced=upcoming.starts - days / DAYS)


def _lead(days: int, counts: Counts) -> Lead:
    low, high = counts.interval(0.8)
    return Lead(days, low, counts.quantile(0.5), high)


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a reminder went with, in a sentence; low, high: people more, of those signed up, 80 %."""

    sentence: str
    low: int | None = None
    high: int | None = None


def reminder(actor: Actor, activity: Activity) -> Reminder:
    """What a reminder is worth here, from past events tagged #reminder and those that were not."""
    rules.require(rules.may_read_record, actor)
    now = clock.now()
    upcoming = expectation.upcoming_of(activity, now)
    reference = shares.show_class(upcoming)
    if reference is None:
        return Reminder("No similar events show what share of sign-ups comes.")
    past = event_history.past_before(activity, now)
    pairs, reminded = past.history.with_trait(upcoming, "reminded")
    usual = past.history.usual(reference, "signups", "attended", upcoming)
    with_one = sum(trait > 0 for trait in reminded)
    if min(with_one, len(reminded) - with_one) < ENOUGH_REMINDED:
        return Reminder(
            "Can’t tell yet: tag events that had a reminder with #reminder. It needs "
            f"{ENOUGH_REMINDED} with and {ENOUGH_REMINDED} without (you have {with_one} and "
            f"{len(reminded) - with_one})."
        )
    effect = show_rate_effects.effect_of(pairs, reminded, usual)
    low, high = (_share_more(pairs, effect.centre, change) for change in (effect.low, effect.high))
    pair = f"({with_one} with, {len(reminded) - with_one} without)"
    if effect.low <= 0 <= effect.high:
        return Reminder(
            "Can’t tell yet: with a reminder, the difference could be anything from "
            f"{_points(low)} to {_points(high)} per 100 sign-ups {pair}."
        )
    said = (
        f"With a reminder, likely {_points(low)} to {_points(high)} per 100 sign-ups came {pair}."
    )
    people = upcoming.signups
    if not people:
        return Reminder(f"{said} {NOT_A_CAUSE}")
    counts = round(low * people), round(high * people)
    return Reminder(
        f"{said} For {words.number(people)} sign-ups that is {_more(counts[0])} to {_more(counts[1])}. "
        f"{NOT_A_CAUSE}",
        *counts,
    )


def _points(share: float) -> str:
    return _more(round(100 * share))


def _more(number: int) -> str:
    return f"{abs(number)} {'fewer' if number < 0 else 'more'}"


def _share_more(pairs: Sequence[StagePair], centre: float, change: float) -> float:
    """The usual share with the trait less that without it."""
    came = sum(min(pair.after, pair.before) for pair in pairs) + 0.5
    odds = log(came / (sum(pair.before for pair in pairs) + 1 - came))
    with_it, without = (expit(odds + change * (x - centre)) for x in (1.0, 0.0))
    return float(with_it - without)
