"""“Can I?”: whether one more commitment fits, before saying yes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from almanac.answers import words
from almanac.answers.errors import CannotAnswerError
from almanac.answers.workload import wording
from almanac.answers.workload.overview import (
    DRAWN_WEEKS,
    HAPPENINGS,
    NEW,
    days_until,
    drawn,
    plate_of,
)
from almanac.answers.workload.past_work import WEEK
from almanac.core.workload import estimates
from almanac.core.workload.capacity import Logged
from almanac.core.workload.commitments import HARM, Promise
from almanac.core.workload.spreading import DAY_HOURS
from almanac.record import rules
from almanac.record.models import Activity

if TYPE_CHECKING:
    from almanac.answers.workload.overview import Drawn, Sized
    from almanac.core.workload.commitments import WorkloadDraws
    from almanac.record.rules import Actor

MOST_HOURS, LEAST_HOURS = 2000, 0.1
MOST_AWAY = 60
LIKELY = 0.6
LONGEST = timedelta(days=3 * 366)
_SPAN = re.compile(r"(\d+(?:[.,]\d+)?)\s*(d|day|days|h|hour|hours|w|week|weeks)?", re.IGNORECASE)


class Fit(StrEnum):
    FITS = "fits"
    IF_MOVED = "fits_if_moved"
    NOT = "does_not_fit"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Pushed:
    """A commitment that becomes less sure: its chance before and after, and days it moves by."""

    activity: Activity
    before: float
    after: float
    days: float | None


@dataclass(frozen=True, slots=True)
class CanI:
    """own: the chance that it is done by its day; before, after: the chance that everything committed
    is, without and with it; hours: middle and 80 % range of what it really takes, travel included;
    travel: hours of that; moved: the commitment whose move makes room for it; fits_by: the Monday of the
    first week by whose end it fits; smaller: hours of it that fit as asked; drafts: of an answer, by name.
    The chances are None where nothing tells the hours of a week."""

    title: str
    due: date
    said_hours: float
    hours: tuple[float, float, float]
    travel: float
    verdict: Fit
    before: float | None = None
    after: float | None = None
    own: float | None = None
    moved: Activity | None = None
    pushed: tuple[Pushed, ...] = ()
    fits_by: date | None = None
    smaller: float | None = None
    sentence: str = ""
    basis: tuple[str, ...] = ()
    drafts: dict[str, str] | None = None

    @property
    def fits(self) -> bool:
        return self.verdict is Fit.FITS


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
    """Whether a commitment of `hours` by `due` fits. travel: whole days it takes beside the
    hours. activity: the row it already has, which is left out of the commitments."""
    rules.require(rules.may_read_private, actor)
    if not LEAST_HOURS <= hours <= MOST_HOURS:
        raise CannotAnswerError(f"Say from {LEAST_HOURS} to {MOST_HOURS:,} hours.")
    on = on or drawn(actor)
    if due < on.today:
        raise CannotAnswerError(f"{due} is over; say a day that is still to come.")
    if due > on.today + LONGEST:
        raise CannotAnswerError(f"{due} is more than three years away; nobody knows that week.")
    row = activity.pk if activity is not None else NEW
    taken = estimates.forecast(on.mine.history, hours, category="")
    # A day away takes what a working day of a usual week has for commitments.
    usual = on.capacity.usual if on.capacity else 0.0
    away = travel * usual / max(len(on.known.work_days), 1)
    whole = taken + away
    low, middle, high = (float(np.quantile(whole, level)) for level in (0.1, 0.5, 0.9))
    asked = CanI(title, due, hours, (low, middle, high), away, Fit.CANNOT_TELL)
    rest = [each for each in on.found if each.activity.pk != row]
    if travel > days_until(due, on.today):
        said = f"It doesn’t fit: {travel:g} days of travel are longer than there is until {wording.day_said(due, on.today)}."
        return replace(asked, verdict=Fit.NOT, own=0.0, sentence=said, drafts=_drafts(asked))
    if on.capacity is None or on.plate is None:
        return replace(asked, sentence=wording.NO_HOURS, drafts=_drafts(asked))
    plate = on.plate
    if len(rest) < len(on.found):
        plate = plate_of(rest, on.capacity, on.known, on.usual_free, on.mine, on.today)
    extra = Promise(row, whole, days_until(due, on.today))
    asked = _answered(asked, on, plate, rest, extra)
    basis = tuple(_basis(asked, on, plate, rest, travel))
    return replace(asked, sentence=_sentence(asked, on.today), basis=basis, drafts=_drafts(asked))


def _answered(
    asked: CanI, on: Drawn, plate: WorkloadDraws, rest: list[Sized], extra: Promise
) -> CanI:
    after = plate.with_one_more(extra)
    rows = {each.activity.pk: each.activity for each in rest}
    was = {held.row: held for held in plate.outlook().each}
    pushed = []
    for held in after.each:
        before = was.get(held.row)
        if before is None or before.chance - held.chance < HARM:
            continue
        known = held.done is not None and before.done is not None
        days = held.done - before.done if known else None  # type: ignore[operator]
        pushed.append(Pushed(rows[held.row], before.chance, held.chance, days))
    pushed.sort(key=lambda each: each.after - each.before)
    verdict, moved = Fit.FITS, None
    if not plate.fits(extra):
        # What stands in a calendar with other people does not move for it.
        movable = {key for key, each in rows.items() if each.kind not in HAPPENINGS}
        moved = rows.get(plate.fits_without(extra, movable) or -1)
        verdict = Fit.IF_MOVED if moved else Fit.NOT
    sundays = [on.monday + WEEK * n + timedelta(days=6) for n in range(DRAWN_WEEKS)]
    by = plate.fits_by(extra, [days_until(sunday, on.today) for sunday in sundays])
    return replace(
        asked,
        verdict=verdict,
        before=plate.all_in_time(),
        after=plate.all_in_time(extra),
        own=next(held.chance for held in after.each if held.row == extra.row),
        moved=moved,
        pushed=tuple(pushed[:5]),
        fits_by=None if by is None else on.monday + WEEK * by,
        smaller=None if verdict is Fit.FITS else _smaller(plate, extra, asked.said_hours),
    )


def _smaller(plate: WorkloadDraws, extra: Promise, hours: float) -> float | None:
    """The largest part of it, in steps of an eighth, that fits."""
    for eighths in range(7, 0, -1):
        less = Promise(extra.row, extra.hours * eighths / 8, extra.due)
        if plate.fits(less):
            return max(round(hours * eighths / 8 * 2) / 2, 0.5)
    return None


def _sentence(asked: CanI, today: date) -> str:
    chance = words.percent_chance(asked.own or 0.0)
    chance = f"{chance} of having it done by {wording.day_said(asked.due, today)}"
    if asked.verdict is Fit.FITS:
        return f"It fits: {chance}, and nothing else becomes late."
    if asked.verdict is Fit.IF_MOVED and asked.moved is not None:
        return f"It fits if “{asked.moved.title}” moves; as things are, {_why_not(asked, chance)}."
    later = (
        f"It would fit by the end of the week of {asked.fits_by:%-d %B %Y}."
        if asked.fits_by
        else f"No week of the next {DRAWN_WEEKS} has room for it."
    )
    why = _why_not(asked, chance)
    tight = asked.own is not None and asked.own >= LIKELY and not asked.pushed
    return f"{'It’s too tight' if tight else 'It doesn’t fit'}: {why}. {later}"


def _why_not(asked: CanI, chance: str) -> str:
    worst = asked.pushed[0] if asked.pushed else None
    if worst is not None and (asked.own or 0.0) > worst.after:
        return (
            f"“{worst.activity.title}” would probably be late: its chance of being on time falls from "
            f"{words.share(worst.before)} to {words.share(worst.after)}"
        )
    return chance


def _basis(
    asked: CanI, on: Drawn, plate: WorkloadDraws, rest: list[Sized], travel: float
) -> list[str]:
    low, middle, high = asked.hours
    before = [each for each in rest if each.due <= asked.due]
    committed = sum(each.middle for each in before)
    room = plate.hours_until(days_until(asked.due, on.today))[1]
    said = [
        f"By {wording.day_said(asked.due, on.today)} you have about {room:,.0f} h for commitments, and "
        + (
            f"{committed:,.0f} h are taken by {words.counted(len(before), 'commitment', 'commitments')}."
            if before
            else "nothing is committed until then."
        )
    ]
    number = len(on.mine.history)
    how = (
        f"going by {words.counted(number, 'finished estimate', 'finished estimates')} of yours"
        if number
        else "based on typical estimates; you have no finished ones yet"
    )
    days = f"{travel:g} {'day' if travel == 1 else 'days'}"
    away = f" and {days} of travel (about {asked.travel:,.0f} h)" if travel else ""
    range_ = f", likely {low:,.0f} to {high:,.0f}" if round(low) != round(high) else ""
    said.append(
        f"{asked.said_hours:g} h of work{away} will take about {middle:,.0f} h{range_}, {how}."
    )
    if on.capacity is not None:
        said += wording.capacity_said(
            on.capacity, Logged(on.known.settings["logged"]), on.known.settings["weekly_hours"]
        )
    if on.promised.overdue:
        over = words.counted(len(on.promised.overdue), "commitment is", "commitments are")
        said.append(f"{over} overdue and not counted.")
    if on.promised.unsized:
        many = words.counted(len(on.promised.unsized), "commitment has", "commitments have")
        said.append(f"{many} no hours and could not be counted.")
    return said


def _drafts(asked: CanI) -> dict[str, str]:
    """Kind words to start from; the person sends them, or does not."""
    when = f"the week of {asked.fits_by:%-d %B}" if asked.fits_by else ""
    drafts = {
        "no": (
            f"Thank you for thinking of me for “{asked.title}”. I’ve looked at my commitments, and I "
            "couldn’t do this well without letting someone else down, so I have to say no this "
            "time. I’m happy to suggest someone who might."
        ),
        "not_yet": (
            f"Thank you for asking me about “{asked.title}”. I would like to, but not by "
            f"{asked.due:%-d %B}: "
            + (
                f"I could give it the attention it needs by the end of {when}. Would that still help?"
                if when
                else "my next months are full. May I come back to you when that changes?"
            )
        ),
    }
    if asked.smaller is not None:
        drafts["smaller"] = (
            f"Thank you for asking me about “{asked.title}”. I can’t take on all of it by "
            f"{asked.due:%-d %B}, but I can offer about {asked.smaller:g} hours. If we leave "
            "out what matters least, I’d gladly do the rest. What would you keep?"
        )
    return drafts
