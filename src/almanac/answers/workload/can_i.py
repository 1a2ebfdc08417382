"""“Can I?”: what one more promise does to all the others, before saying yes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from almanac.answers import words
from almanac.answers.errors import CannotAnswerError
from almanac.answers.workload.overview import (
    DAY_HOURS,
    DRAWN_WEEKS,
    NEW,
    WEEK,
    days_until,
    drawn,
    plate_of,
)
from almanac.core.workload import estimates
from almanac.core.workload.commitments import SURE, Promise
from almanac.record import rules
from almanac.record.infra.clock import monday_of
from almanac.record.models import Activity

if TYPE_CHECKING:
    from almanac.answers.workload.overview import Drawn
    from almanac.core.workload.commitments import WorkloadDraws
    from almanac.record.rules import Actor

MOST_HOURS, LEAST_HOURS = 2000, 0.1
MOST_AWAY = 60
LONGEST = timedelta(days=3 * 366)
_SPAN = re.compile(r"(\d+(?:[.,]\d+)?)\s*(d|day|days|h|hour|hours|w|week|weeks)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pushed:
    """A promise that becomes less sure: its chance before and after, and days it moves by."""

    activity: Activity
    before: float
    after: float
    days: float | None


@dataclass(frozen=True, slots=True)
class CanI:
    """before, after: the chance that all promises hold; own: that this one does; hours: middle and
    80 % range of what it really takes; fits_by: the Monday of the first week by whose end it fits
    85 times in 100; latest_start: the Monday of the latest week in which it can be begun so; kinds:
    drafts of an answer by name."""

    title: str
    due: date
    said_hours: float
    hours: tuple[float, float, float]
    before: float
    after: float
    own: float
    pushed: tuple[Pushed, ...]
    fits_by: date | None
    latest_start: date | None
    smaller: float | None
    unsized: int
    weeks: int
    sentence: str
    basis: tuple[str, ...]
    drafts: dict[str, str]
    fits: bool
    """As it is asked for: everything holds 85 times in 100, or it harms nothing that was sure."""


def hours_in(text: str) -> float:
    """Days of travel and the like: 2d, 3 days, 8h, 1w; bare numbers are days."""
    found = _SPAN.fullmatch(text.strip())
    if not found:
        raise CannotAnswerError(f"“{text[:20]}” is not a length of time; say 2d or 8h.")
    number = float(found[1].replace(",", "."))
    unit = (found[2] or "d")[0].lower()
    days = number / DAY_HOURS if unit == "h" else number * 7 if unit == "w" else number
    if days > MOST_AWAY:
        raise CannotAnswerError(f"{text} away is more than {MOST_AWAY} days; split it.")
    return days


def can_i(
    actor: Actor,
    title: str,
    hours: float,
    due: date,
    *,
    travel: float = 0.0,
    activity: Activity | None = None,
    on: Drawn | None = None,
) -> CanI:
    """Whether a promise of so many hours by that day fits. travel: whole days it takes beside the
    hours. activity: the row it already has, which is left out of what is promised."""
    rules.require(rules.may_read_private, actor)
    if not LEAST_HOURS <= hours <= MOST_HOURS:
        raise CannotAnswerError(f"Say from {LEAST_HOURS} to {MOST_HOURS:,} hours.")
    on = on or drawn(actor)
    if due < on.today:
        raise CannotAnswerError(f"{due} is over; say a day that is still to come.")
    if due > on.today + LONGEST:
        raise CannotAnswerError(f"{due} is more than three years away; nobody knows that week.")
    row = activity.pk if activity is not None else NEW
    plate = on.plate
    if activity is not None and any(each.activity.pk == row for each in on.found):
        rest = [each for each in on.found if each.activity.pk != row]
        plate = plate_of(rest, on.capacity, on.known, on.usual_free, on.mine, on.today)
    taken = estimates.forecast(on.mine.history, hours, category="")
    # A day away takes what a working day of a usual week really holds.
    day = on.capacity.usual / max(len(on.known.work_days), 1)
    whole = taken + travel * day
    extra = Promise(row, whole, days_until(due, on.today))
    before, after = plate.outlook(), plate.with_one_more(extra)
    rows = {each.activity.pk: each.activity for each in on.found}
    chances = {held.row: held for held in before.each}
    pushed = []
    for held in after.each:
        was = chances.get(held.row)
        if held.row == row or was is None or was.chance - held.chance < 0.02:
            continue
        moved = held.done - was.done if held.done is not None and was.done is not None else None
        pushed.append(Pushed(rows[held.row], was.chance, held.chance, moved))
    pushed.sort(key=lambda each: each.after - each.before)
    own = next(held.chance for held in after.each if held.row == row)
    mondays = [monday_of(on.today) + WEEK * n for n in range(DRAWN_WEEKS)]
    # A week ends on its Sunday, and this one begins today.
    ends = [days_until(monday + timedelta(days=6), on.today) for monday in mondays]
    begins = [float(max((monday - on.today).days, 0)) for monday in mondays]
    week, start = plate.fits_by(extra, ends), plate.latest_start(extra, begins)
    smaller = _smaller(plate, extra, hours) if not plate.fits(extra) else None
    low, middle, high = (float(np.quantile(whole, level)) for level in (0.1, 0.5, 0.9))
    asked = CanI(
        title, due, hours, (low, middle, high), before.together, after.together, own,
        tuple(pushed[:5]), _of(mondays, week), _of(mondays, start), smaller,
        len(on.promised.unsized), on.weeks, "", (), {}, plate.fits(extra),
    )  # fmt: skip
    return _worded(asked, on)


def _of(mondays: list[date], week: int | None) -> date | None:
    return None if week is None else mondays[week]


def _smaller(plate: WorkloadDraws, extra: Promise, hours: float) -> float | None:
    """The largest part of it, in steps of an eighth, with which everything holds 85 times in 100."""
    for eighths in range(7, 0, -1):
        less = Promise(extra.row, extra.hours * eighths / 8, extra.due)
        if plate.fits(less):
            return max(round(hours * eighths / 8 * 2) / 2, 0.5)
    return None


def times(chance: float) -> str:
    """A chance as so many times in 100; never certain."""
    return f"{min(max(round(100 * chance), 1), 99)} in 100"


def _worded(asked: CanI, on: Drawn) -> CanI:
    sentence = _sentence(asked)
    basis = tuple(_basis(asked, on))
    return replace(asked, sentence=sentence, basis=basis, drafts=_drafts(asked))


def _sentence(asked: CanI) -> str:
    before, after = times(asked.before), times(asked.after)
    if asked.fits and asked.after < SURE:
        return (
            f"It would fit by itself, {times(asked.own)}, and changes little: everything you "
            f"promised holds {before} now, and {after} with it."
        )
    if asked.fits:
        return (
            f"Yes, it fits: the chance that everything you promised still holds is {after} "
            f"(now {before})."
        )
    if asked.before < SURE:
        return (
            f"Your plate is full already: everything holds {before} now, and {after} with this one."
        )
    return f"Not as it is: everything holds {before} now, and {after} with this one."


def _basis(asked: CanI, on: Drawn) -> list[str]:
    low, middle, high = asked.hours
    said = [
        f"“{asked.said_hours:g} h” will really take about {middle:.0f} h; 8 times in 10 it is "
        f"{low:.0f} to {high:.0f} h"
        + (
            f", from {len(on.mine.history)} of your own estimates."
            if len(on.mine.history)
            else "; you have no finished estimates yet, so this is a usual spread."
        )
    ]
    if asked.weeks:
        weeks = words.counted(asked.weeks, "week", "weeks")
        said.append(f"A usual week of yours holds {on.capacity.usual:.0f} h, from {weeks}.")
    else:
        said.append(
            f"A week holds {on.capacity.usual:.0f} h because you said so; no past week is known yet."
        )
    if asked.unsized:
        many = words.counted(asked.unsized, "promise has", "promises have")
        said.append(f"{many} no hours and could not be counted.")
    return said


def _drafts(asked: CanI) -> dict[str, str]:
    """Kind words to start from; the person sends them, or does not."""
    when = f"the week of {asked.fits_by:%-d %B}" if asked.fits_by else ""
    drafts = {
        "no": (
            f"Thank you for thinking of me for {asked.title}. I looked at what I have promised "
            "already, and I could not do this well without letting somebody else down, so I have "
            "to say no this time. If it helps, I am glad to point you to somebody who might."
        ),
        "not_yet": (
            f"Thank you for asking me about {asked.title}. I would like to, but not by "
            f"{asked.due:%-d %B}: "
            + (
                f"I could give it the attention it needs by the end of {when}. Would that still help?"
                if when
                else "my next months are promised already. May I come back to you when that changes?"
            )
        ),
    }
    if asked.smaller is not None:
        drafts["smaller"] = (
            f"Thank you for asking me about {asked.title}. I cannot take on all of it by "
            f"{asked.due:%-d %B}, but I can offer about {asked.smaller:g} hours: if we leave out "
            "what matters least, I would gladly do the rest. What would you keep?"
        )
    return drafts
