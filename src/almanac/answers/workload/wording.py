"""The load in sentences: what is promised, what weeks hold, what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.workload.can_i import times

if TYPE_CHECKING:
    from almanac.answers.workload.overview import Load


def headline(found: Load) -> str:
    if not found.promises:
        return "Nothing is promised that has hours and a day."
    number = words.counted(len(found.promises), "promise", "promises")
    hours = sum(each.middle for each in found.promises)
    return (
        f"You have {number} with {hours:,.0f} h in them; all of them hold "
        f"{times(found.outlook.together)}."
    )


def sentences(found: Load) -> list[str]:
    said = [headline(found)]
    weeks = words.counted(found.known_weeks, "week", "weeks")
    said.append(
        f"A usual week of yours holds {found.capacity.usual:.0f} h, learnt from {weeks}."
        if found.known_weeks
        else f"A week holds {found.capacity.usual:.0f} h because you said so; past weeks will tell."
    )
    if found.overdue:
        over = words.counted(len(found.overdue), "promise is", "promises are")
        said.append(f"{over} past the day, with no word of what became of it.")
    aside = []
    if found.unsized:
        aside.append(f"{words.counted(len(found.unsized), 'promise', 'promises')} without hours")
    if found.undated:
        aside.append(f"{words.counted(len(found.undated), 'promise', 'promises')} without a day")
    if aside:
        said.append(f"Not counted: {' and '.join(aside)}.")
    return said
