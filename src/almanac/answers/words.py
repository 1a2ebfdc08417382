"""Numbers as a practitioner would say them. Every face uses these sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.core.vocabulary import DayPeriod, Stage

if TYPE_CHECKING:
    from datetime import date, datetime

    from almanac.core.counts import Counts

STAGE_TITLES = {
    Stage.SIGNUPS: "Will sign up",
    Stage.ATTENDED: "Will come",
    Stage.TOOK_PART: "Will take part",
    Stage.SUBMISSIONS: "Projects handed in",
}
DONE_TITLES = {
    Stage.SIGNUPS: "Signed up",
    Stage.ATTENDED: "Came",
    Stage.TOOK_PART: "Took part",
    Stage.SUBMISSIONS: "Projects handed in",
}
NOUNS = {
    Stage.SIGNUPS: ("sign-up", "sign-ups"),
    Stage.ATTENDED: ("person", "people"),
    Stage.TOOK_PART: ("person taking part", "people taking part"),
    Stage.SUBMISSIONS: ("project", "projects"),
}
SMALL = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number(value: int) -> str:
    return f"{value:,}"


def counted(value: int, one: str, many: str) -> str:
    return f"{number(value)} {one if value == 1 else many}"


def period_of(day: date, period: str) -> str:
    """“October 2026” or “Q3 2026”, of the first day of a month or quarter."""
    return f"{day:%B %Y}" if period == DayPeriod.MONTH else f"Q{(day.month + 2) // 3} {day.year}"


def moment_said(when: date | datetime | None) -> str:
    """“3 Apr 2026” or “3 Apr 2026, 18:00”; nothing for None."""
    if when is None:
        return ""
    day = f"{when.day} {when:%b %Y}"
    return f"{day}, {when:%H:%M}" if hasattr(when, "hour") else day


def span(low: int, high: int) -> str:
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def expectation(counts: Counts, stage: Stage) -> str:
    """“Most likely 9 to 16 people; one time in ten more than 24.” The middle half, and the tail, whose
    chance is said as it is where counts are too few for one in ten."""
    one, many = NOUNS[stage]
    if counts.is_certain:
        return f"{counted(counts.first, one, many)}, which is known."
    low, high = counts.interval(0.5)
    noun = one if low == high == 1 else many
    return f"Most likely {span(low, high)} {noun}; {_tail(counts)}."


def _tail(counts: Counts) -> str:
    top = counts.quantile(0.9)
    beyond = counts.at_least(top + 1)
    if beyond < 0.005:
        return f"at most {number(top)}"
    if 0.08 <= beyond <= 0.105:
        return f"one time in ten more than {number(top)}"
    return f"a chance of {max(1, round(100 * beyond))} % of more than {number(top)}"


def chance(probability: float) -> str:
    """A probability as times out of ten or a hundred, never as certain."""
    if probability < 0.01:
        return "less than one time in a hundred"
    if probability > 0.99:
        return "more than 99 times in a hundred"
    if probability < 0.095:
        return f"{_small(round(probability * 100))} time{_s(round(probability * 100))} in a hundred"
    if probability > 0.945:
        return f"{round(probability * 100)} times in a hundred"
    tenths = round(probability * 10)
    return f"{_small(tenths)} time{_s(tenths)} in ten"


def percent_chance(probability: float) -> str:
    """“12 % chance”, never as certain."""
    if probability < 0.01:
        return "less than 1 % chance"
    if probability > 0.99:
        return "more than 99 % chance"
    return f"{round(100 * probability)} % chance"


def share(value: float) -> str:
    return f"{value:.0%}"


def _small(value: int) -> str:
    return SMALL[value] if value < len(SMALL) else str(value)


def _s(value: int) -> str:
    return "" if value == 1 else "s"


def joined(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
