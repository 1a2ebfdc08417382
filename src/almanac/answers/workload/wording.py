"""The workload in sentences: hours committed, the hours there are, what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.core.workload.capacity import Logged

if TYPE_CHECKING:
    from datetime import date

    from almanac.answers.workload.overview import Load
    from almanac.core.workload.capacity import Capacity

NO_HOURS = (
    "Can’t say yet how many hours a week you have: say so once (Workload, or almanac load hours 30), or "
    "log a week or two with hours."
)
ASKED = "Is what you log about all you do in a week, about half, or only the big things?"
SAID = {
    Logged.ALL: "about all you do",
    Logged.HALF: "about half of what you do",
    Logged.BIG: "only the big things",
}
MOST_NAMED = 3


def headline(found: Load) -> str:
    """“3 commitments, 40 h, due by 3 February; you have about 60 h until then (84 % chance that all are
    done in time).”"""
    if not found.promises:
        aside = found.unsized or found.undated
        return "No commitment has both hours and a date." if aside else "No commitments."
    number = words.counted(len(found.promises), "commitment", "commitments")
    hours = sum(each.middle for each in found.promises)
    last = max(each.due for each in found.promises)
    head = f"{number}, {hours:,.0f} h, due by {day_said(last, found.today)}"
    if found.outlook is None or found.room is None:
        return f"{head}."
    head = f"{head}; you have about {found.room[1]:,.0f} h for them until then"
    if found.outlook.together is not None:
        what = "that it is" if len(found.promises) == 1 else "that all are"
        return f"{head} ({words.percent_chance(found.outlook.together)} {what} done in time)."
    if not found.too_much:
        return f"{head}, and each fits by its day."
    named = [f"“{row.title}”" for row in found.too_much[:MOST_NAMED]]
    more = len(found.too_much) - len(named)
    named += [f"{more} more"] if more else []
    return f"{head}, so {words.joined(named)} won’t fit."


def sentences(found: Load) -> list[str]:
    said = [headline(found)]
    if found.overdue:
        hours = f", {found.overdue_hours:,.0f} h," if found.overdue_hours >= 0.5 else ""
        one = len(found.overdue) == 1
        over = words.counted(len(found.overdue), "commitment", "commitments")
        said.append(
            f"{over}{hours} {'is' if one else 'are'} overdue, and not counted here: mark "
            f"{'it' if one else 'each'} done, move it, or cancel it."
        )
    if found.capacity is None:
        said.append(NO_HOURS)
    else:
        said += capacity_said(found.capacity, found.logged, found.stated)
    aside = []
    if found.unsized:
        aside.append(
            f"{words.counted(len(found.unsized), 'commitment', 'commitments')} without hours"
        )
    if found.undated:
        aside.append(
            f"{words.counted(len(found.undated), 'commitment', 'commitments')} without a day"
        )
    if aside:
        said.append(f"Not counted: {words.joined(aside)}.")
    return said


def capacity_said(capacity: Capacity, logged: Logged, stated: float | None) -> list[str]:
    """Where the hours of a week come from."""
    known = []
    if stated is not None:
        known.append(f"you said {stated:g} h a week")
    if capacity.logged:
        weeks = words.counted(capacity.weeks, "week", "weeks")
        share = f", {SAID[logged]}" if logged else ""
        known.append(f"in {weeks} you logged about {capacity.logged:,.0f} h a week{share}")
    rest = "goes to unplanned work" if capacity.plans else "is kept for unplanned work"
    said = [
        f"A usual week leaves about {capacity.usual:,.0f} h for commitments: {words.joined(known)}, and the "
        f"rest {rest}."
    ]
    if capacity.logged and not logged:
        said.append(ASKED)
    return said


def day_said(day: date, today: date) -> str:
    """“3 February”, with the year where it is another."""
    return f"{day:%-d %B}" if day.year == today.year else f"{day:%-d %B %Y}"


def overbooked(found: Load) -> str:
    """“3 of the next 8 weeks are overbooked”: more hours due than there usually are."""
    over = sum(week.due > week.holds for week in found.weeks)
    number = len(found.weeks)
    if not over:
        return f"None of the next {number} weeks is overbooked"
    return f"{over} of the next {number} weeks {'is' if over == 1 else 'are'} overbooked"
