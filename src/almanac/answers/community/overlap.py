"""Overlap of guest lists, by keyed hashes: how many had signed up before, without anybody's name."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.answers.community.people import SIGNED_UP
from almanac.record import rules
from almanac.record.models import Activity
from almanac.record.queries import seen_guests

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.rules import Actor

MOST_PAIRS = 5


@dataclass(frozen=True, slots=True)
class Overlap:
    """lists: guest lists; people: on any of them; again: those who stood on two or more. moved: of one
    program's people, how many had stood on another's list before (program, its people, other, before)."""

    lists: int
    people: int
    again: int
    moved: tuple[tuple[str, int, str, int], ...]


def overlap(actor: Actor, since: date | None = None, until: date | None = None) -> Overlap:
    """Of those on a list within a time, who stood on an earlier one, whenever that was."""
    rules.require(rules.may_read_private, actor)
    rows = Activity.objects.values_list("pk", "day", "program__name")
    events = {pk: (day, program) for pk, day, program in rows if day is not None}
    stood: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for activity, person, state in seen_guests.everywhere():
        if activity in events and state in SIGNED_UP:
            stood[person].append((events[activity][0], activity))
    lists: set[int] = set()
    people = again = 0
    by_program: Counter[str] = Counter()
    before: Counter[tuple[str, str]] = Counter()
    for visits in stood.values():
        visits.sort()
        within = [
            (day, activity)
            for day, activity in visits
            if (since is None or day >= since) and (until is None or day <= until)
        ]
        if not within:
            continue
        lists.update(activity for _, activity in within)
        people += 1
        last, _ = within[-1]
        again += any(day < last for day, _ in visits)
        firsts: dict[str, date] = {}
        for day, activity in visits:
            firsts.setdefault(events[activity][1], day)
        for program in {events[activity][1] for _, activity in within}:
            by_program[program] += 1
            for other, day in firsts.items():
                before[program, other] += other != program and day < firsts[program]
    moved = [
        (program, by_program[program], other, number)
        for (program, other), number in before.most_common(MOST_PAIRS)
        if number
    ]
    return Overlap(len(lists), people, again, tuple(moved))
