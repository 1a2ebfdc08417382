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
MOST_NAMED = 4
LIKELY = 0.6
FAR = timedelta(days=92)
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
    travel: hours of that; moved: the commitments whose move makes room for it; committed, room: hours
    taken and hours there are by its day; already: commitments too many even without it; fits_by: the Monday of the
    first week by whose end it fits surely; reached: when it is done in the median after everything else; smaller: hours of it that fit as asked; drafts: of an answer, by name.
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
    moved: tuple[Activity, ...] = ()
    already: tuple[Activity, ...] = ()
    committed: float = 0.0
    room: float = 0.0
    pushed: tuple[Pushed, ...] = ()
    fits_by: date | None = None
    reached: date | None = None
    smaller: float | None = None
    sentence: str = ""
    basis: tuple[str, ...] = ()
    drafts: dict[str, str] | None = None

    @property
    def is_full(self) -> bool:
        """Whether more is committed by its day than there are hours, even without it."""
        return self.verdict is Fit.NOT and self.committed > self.room

    @property
    def fits(self) -> bool:
        return self.verdict is Fit.FITS

    def soon(self, today: date) -> date | None:
        """The Monday of the week by whose end it fits; None where that is too far ahead to be said."""
        return self.fits_by if self.fits_by and self.fits_by - today <= FAR else None


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
        return replace(
            asked, verdict=Fit.NOT, own=0.0, sentence=said, drafts=_drafts(asked, on.today)
        )
    if on.capacity is None or on.plate is None:
        return replace(asked, sentence=wording.NO_HOURS, drafts=_drafts(asked, on.today))
    plate = on.plate
    if len(rest) < len(on.found):
        plate = plate_of(rest, on.capacity, on.known, on.usual_free, on.mine, on.today)
    extra = Promise(row, whole, days_until(due, on.today))
    asked = _answered(asked, on, plate, rest, extra)
    basis = tuple(_basis(asked, on, rest, travel))
    return replace(
        asked, sentence=_sentence(asked, on.today), basis=basis, drafts=_drafts(asked, on.today)
    )


def _answered(
    asked: CanI, on: Drawn, plate: WorkloadDraws, rest: list[Sized], extra: Promise
) -> CanI:
    after = plate.with_one_more(extra)
    rows = {each.activity.pk: each.activity for each in rest}
    was = {held.row: held for held in plate.outlook().each}
    pushed = []
    for held in after.each:
        before = was.get(held.row)
        # An event is at its hour, whatever else there is to do.
        is_event = rows[held.row].kind in HAPPENINGS if held.row in rows else False
        if before is None or before.chance - held.chance < HARM or is_event:
            continue
        known = held.done is not None and before.done is not None
        days = held.done - before.done if known else None  # type: ignore[operator]
        pushed.append(Pushed(rows[held.row], before.chance, held.chance, days))
    pushed.sort(key=lambda each: each.after - each.before)
    verdict = Fit.FITS
    moved: tuple[Activity, ...] = ()
    if not plate.fits(extra):
        # What stands in a calendar with other people does not move for it.
        movable = {key for key, each in rows.items() if each.kind not in HAPPENINGS}
        moved = tuple(rows[row] for row in plate.fits_without(extra, movable))
        verdict = Fit.IF_MOVED if moved else Fit.NOT
    # A day before the one asked about would only put it in front of what is lost already.
    mondays = [on.monday + WEEK * n for n in range(DRAWN_WEEKS)]
    later = [monday for monday in mondays if monday + timedelta(days=6) >= asked.due]
    by = plate.fits_by(
        extra, [days_until(monday + timedelta(days=6), on.today) for monday in later]
    )
    return replace(
        asked,
        verdict=verdict,
        before=plate.all_in_time(),
        after=plate.all_in_time(extra),
        own=next(held.chance for held in after.each if held.row == extra.row),
        moved=moved,
        already=_to_move_first([rows[row] for row in plate.too_much()]),
        committed=sum(each.middle for each in rest if each.due <= asked.due),
        room=plate.hours_until(extra.due)[1],
        pushed=tuple(pushed[:5]),
        fits_by=None if by is None else later[by],
        reached=_reached(plate, extra, on.today),
        smaller=None if verdict is Fit.FITS else _smaller(plate, extra, asked.said_hours),
    )


def _reached(plate: WorkloadDraws, extra: Promise, today: date) -> date | None:
    """The median day on which it is done if everything else goes first."""
    last = replace(extra, due=7 * DRAWN_WEEKS)
    done = plate.with_one_more(last).each[-1].done
    return None if done is None else today + timedelta(days=round(done))


def _to_move_first(too_many: list[Activity]) -> tuple[Activity, ...]:
    """What is too much as it is, without what stands in other people's calendars where it can be."""
    movable = tuple(each for each in too_many if each.kind not in HAPPENINGS)
    return movable or tuple(too_many)


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
    if asked.verdict is Fit.IF_MOVED:
        verb = "moves" if len(asked.moved) == 1 else "move"
        titles = words.joined([f"“{each.title}”" for each in asked.moved])
        return f"It fits if {titles} {verb}; as things are, {_why_not(asked, chance)}."
    later = f"{_first_room(asked, today)}."
    if asked.is_full:
        return (
            f"It doesn’t fit: you have about {asked.room:,.0f} h for commitments until "
            f"{wording.day_said(asked.due, today)}, and {asked.committed:,.0f} h are already taken. {later}"
        )
    tight = asked.own is not None and asked.own >= LIKELY and not asked.pushed
    why = _why_not(asked, chance)
    return f"{'It’s too tight' if tight else 'It doesn’t fit'}: {why}. {later}"


def _first_room(asked: CanI, today: date) -> str:
    soon = asked.soon(today)
    if soon is not None:
        return f"It would fit by the end of the week of {wording.day_said(soon, today)}"
    if asked.reached is None:
        return f"No week of the next {DRAWN_WEEKS} has room for it"
    return f"After everything else, you’d get to it around {asked.reached:%B %Y}"


def _why_not(asked: CanI, chance: str) -> str:
    worst = asked.pushed[0] if asked.pushed else None
    if worst is not None and (asked.own or 0.0) > worst.after:
        return (
            f"“{worst.activity.title}” would probably be late: its chance of being on time falls from "
            f"{words.share(worst.before)} to {words.share(worst.after)}"
        )
    return chance


def _basis(asked: CanI, on: Drawn, rest: list[Sized], travel: float) -> list[str]:
    low, middle, high = asked.hours
    before = [each for each in rest if each.due <= asked.due]
    said = []
    if not asked.is_full:
        taken = f"{asked.committed:,.0f} h are taken by {words.counted(len(before), 'commitment', 'commitments')}"
        said.append(
            f"By {wording.day_said(asked.due, on.today)} you have about {asked.room:,.0f} h for commitments, and "
            f"{taken if before else 'nothing is committed until then'}."
        )
    number = len(on.mine.history)
    how = (
        f"going by {words.counted(number, 'finished estimate', 'finished estimates')} of yours"
        if number
        else "based on typical estimates; you have no finished ones yet"
    )
    days = f"{travel:g} {'day' if travel == 1 else 'days'}"
    away = f" and {days} of travel" if travel else ""
    range_ = f", likely {low:,.0f} to {high:,.0f}" if round(low) != round(high) else ""
    said.append(
        f"{asked.said_hours:g} h of work{away} will take about {middle:,.0f} h{range_}, {how}."
    )
    if travel and on.capacity is not None:
        said[-1] += (
            f" Being away {days} costs about {asked.travel:,.0f} of the {on.capacity.usual:,.0f} h a week "
            "you have for commitments."
        )
    if on.capacity is not None:
        said += wording.capacity_said(
            on.capacity, Logged(on.known.settings["logged"]), on.known.settings["weekly_hours"]
        )
    if asked.already:
        titles = [f"“{each.title}”" for each in asked.already[:MOST_NAMED]]
        more = len(asked.already) - MOST_NAMED
        named = words.joined([*titles, *([f"{more} more"] if more > 0 else [])])
        said.append(f"Even without it you can’t finish everything on time. To move first: {named}.")
    if on.promised.overdue:
        over = words.counted(len(on.promised.overdue), "commitment is", "commitments are")
        said.append(f"{over} overdue and not counted.")
    if on.promised.unsized:
        many = words.counted(len(on.promised.unsized), "commitment has", "commitments have")
        said.append(f"{many} no hours and could not be counted.")
    return said


def _drafts(asked: CanI, today: date) -> dict[str, str]:
    """Kind words to start from; the person sends them, or does not."""
    soon, due = asked.soon(today), wording.day_said(asked.due, today)
    when = f"the week of {wording.day_said(soon, today)}" if soon else ""
    drafts = {
        "no": (
            f"Thank you for thinking of me for “{asked.title}”. I’ve looked at my commitments, and I "
            "couldn’t do this well without letting someone else down, so I have to say no this "
            "time. I’m happy to suggest someone who might."
        ),
        "not_yet": (
            f"Thank you for asking me about “{asked.title}”. I would like to, but not by "
            f"{due}: "
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
            f"{due}, but I can offer about {asked.smaller:g} hours. If we leave "
            "out what matters least, I’d gladly do the rest. What would you keep?"
        )
    return drafts
