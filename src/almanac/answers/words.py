"""Numbers as a practitioner would say them. Every face uses these sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.core.vocabulary import DayPeriod, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from almanac.core.counts import Counts

STAGE_TITLES = {
    Stage.SIGNUPS: "Expected sign-ups",
    Stage.ATTENDED: "Expected attendance",
    Stage.TOOK_PART: "Expected to take part",
    Stage.SUBMISSIONS: "Expected submissions",
}
DONE_TITLES = {
    Stage.SIGNUPS: "Signed up",
    Stage.ATTENDED: "Attended",
    Stage.TOOK_PART: "Took part",
    Stage.SUBMISSIONS: "Submissions",
}
NOUNS = {
    Stage.SIGNUPS: ("sign-up", "sign-ups"),
    Stage.ATTENDED: ("person", "people"),
    Stage.TOOK_PART: ("person taking part", "people taking part"),
    Stage.SUBMISSIONS: ("submission", "submissions"),
}


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
    """“Expect about 13 people, likely 7 to 22.” The middle, and the range that holds 8 times in 10."""
    one, many = NOUNS[stage]
    if counts.is_certain:
        return f"{counted(counts.first, one, many)}, which is known."
    middle = counts.quantile(0.5)
    low, high = counts.interval(0.8)
    if low == high:
        return f"Expect {counted(middle, one, many)}."
    return f"Expect about {counted(middle, one, many)}, likely {span(low, high)}."


def percent_chance(probability: float) -> str:
    """“12 % chance”, never as certain."""
    if probability < 0.01:
        return "less than 1 % chance"
    if probability > 0.99:
        return "more than 99 % chance"
    return f"{round(100 * probability)} % chance"


def share(value: float) -> str:
    """“36 %”."""
    return f"{100 * value:.0f} %"


def change(value: float) -> str:
    """“+36 %” or “-5 %”."""
    return f"{100 * value:+.0f} %"


def joined(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def worth_said(ratings: Mapping[str, int]) -> str:
    """“2 yes, 1 for some”, of how often events were rated so, by the stored value."""
    named = (("yes", "yes"), ("mixed", "for some"), ("no", "no"))
    return ", ".join(f"{ratings[key]} {word}" for key, word in named if ratings.get(key))


def times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
