"""Time off: since when there was none, and what a week did to evenings, weekends and pauses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

SHORT_PAUSE = timedelta(minutes=5)
"""Meetings with less between them are back to back."""
SPANS = (1, 7, 14)


@dataclass(frozen=True, slots=True)
class Off:
    """The last stretch of at least `days` days without work: when it ended, how long ago.
    None where none is known."""

    days: int
    ended: date | None
    ago: int | None


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of local time in which one is busy."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """hours in meetings, those in the evening or before the day begins and at the weekend, how
    many meetings followed on another without a pause, and the longest stretch without one."""

    hours: float
    evening: float
    weekend: float
    back_to_back: int
    longest: float


def last_off(worked: AbstractSet[date], first: date, today: date) -> tuple[Off, ...]:
    """Since when no full day, week or two weeks were off. worked: days with work on them; first:
    the first day that is known at all."""
    return tuple(_last_run(worked, first, today, span) for span in SPANS)


def _last_run(worked: AbstractSet[date], first: date, today: date, span: int) -> Off:
    # Today is not over, so it cannot have been a day off yet.
    run, day = 0, today - timedelta(days=1)
    while day >= first:
        if day in worked:
            run = 0
        else:
            run += 1
            if run == span:
                ended = day + timedelta(days=span - 1)
                return Off(span, ended, (today - ended).days)
        day -= timedelta(days=1)
    return Off(span, None, None)


def week(blocks: Sequence[Block], starts: time, ends: time, weekend: AbstractSet[int]) -> WeekLoad:
    """Of blocks within one week, in local time. starts, ends: of a working day; weekend: weekdays
    off, Monday is 0."""
    whole = merged(blocks)
    hours = sum(hours_of(block) for block in whole)
    off = sum(hours_of(part) for block in whole for part in _by_day(block)
              if part.starts.weekday() in weekend)  # fmt: skip
    evening = sum(
        _outside(part, starts, ends)
        for block in whole
        for part in _by_day(block)
        if part.starts.weekday() not in weekend
    )
    longest = max(map(hours_of, _runs(whole)), default=0.0)
    return WeekLoad(hours, evening, off, _back_to_back(blocks), longest)


def _back_to_back(blocks: Sequence[Block]) -> int:
    """How many begin within a short pause after everything before them has ended."""
    number, latest = 0, None
    for block in sorted(blocks, key=lambda each: each.starts):
        if latest is not None and timedelta(0) <= block.starts - latest < SHORT_PAUSE:
            number += 1
        latest = block.ends if latest is None else max(latest, block.ends)
    return number


def hours_of(block: Block) -> float:
    """Hours between its ends, whatever the clock did meanwhile."""
    # By instants: of two local times Python would subtract what the clock shows.
    return max(block.ends.timestamp() - block.starts.timestamp(), 0.0) / 3600


def merged(blocks: Sequence[Block], pause: timedelta = timedelta(0)) -> list[Block]:
    """Blocks that overlap or touch, or follow after less than a pause, as one; by start."""
    found: list[Block] = []
    for block in sorted(blocks, key=lambda each: each.starts):
        gap = block.starts - found[-1].ends if found else None
        if gap is not None and (gap <= timedelta(0) or gap < pause):
            found[-1] = Block(found[-1].starts, max(found[-1].ends, block.ends))
        else:
            found.append(block)
    return found


def _runs(blocks: Sequence[Block]) -> list[Block]:
    return merged(blocks, SHORT_PAUSE)


def _by_day(block: Block) -> list[Block]:
    parts, start = [], block.starts
    while start < block.ends:
        midnight = datetime.combine(
            start.date() + timedelta(days=1), time(0, 0), tzinfo=start.tzinfo
        )
        parts.append(Block(start, min(midnight, block.ends)))
        start = midnight
    return parts


def _outside(part: Block, starts: time, ends: time) -> float:
    day = part.starts.date()
    begin = datetime.combine(day, starts, tzinfo=part.starts.tzinfo)
    close = datetime.combine(day, ends, tzinfo=part.starts.tzinfo)
    first, last = max(part.starts, begin), min(part.ends, close)
    within = (last.timestamp() - first.timestamp()) / 3600
    return hours_of(part) - max(within, 0.0)
