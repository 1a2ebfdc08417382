"""If you were away for some days: what stops, what is due, who could take over and what they need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.playbooks.stand_ins import BusFactor, bus_factors
from almanac.core.vocabulary import Status
from almanac.record import rules
from almanac.record.models import Activity, Part

if TYPE_CHECKING:
    from almanac.record.rules import Actor


@dataclass(frozen=True, slots=True)
class Need:
    """A program with something in that time: who could go on, and what they need for it."""

    factor: BusFactor
    steps: tuple[Part, ...]
    """Steps of its playbook that fall into it and are not done."""


@dataclass(frozen=True, slots=True)
class Drill:
    """What is due while you are away, and who could take over.

    orphaned: programs no one else can take over.
    """

    first: date
    last: date
    by_day: tuple[Activity, ...]
    """Everything due in that time, soonest first: the happenings and the promises."""
    happenings: tuple[Activity, ...]
    promises: tuple[Activity, ...]
    needs: tuple[Need, ...]
    """Of the programs whose playbook is written down."""
    unwritten: tuple[BusFactor, ...]
    orphaned: tuple[BusFactor, ...]
    sentence: str


def drill(actor: Actor, first: date, days: int = 30) -> Drill:
    rules.require(rules.may_read_record, actor)
    last = first + timedelta(days=days - 1)
    mine = Activity.objects.filter(status__in=(Status.PLANNED, Status.DOING), holder="")
    rows = mine.select_related("program").order_by("day", "due", "id")
    inside = [row for row in rows if row.promised_for and first <= row.promised_for <= last]
    inside.sort(key=lambda row: (row.promised_for or last, row.pk))
    happenings = tuple(row for row in inside if row.is_gathering or row.kind in {"talk", "stream"})
    promises = tuple(row for row in inside if row not in happenings)
    due = Part.objects.filter(activity__in=mine, done=False, day__range=(first, last))
    steps: dict[int, list[Part]] = {}
    for part in due.select_related("activity").order_by("day", "id"):
        steps.setdefault(part.activity.program_id, []).append(part)
    touched = {row.program_id for row in inside} | set(steps)
    needs = tuple(
        Need(each, tuple(steps.get(each.program.pk, ())))
        for each in bus_factors(actor)
        if each.program.pk in touched
    )
    orphaned = tuple(need.factor for need in needs if not need.factor.others)
    unwritten = tuple(need.factor for need in needs if not need.factor.is_written)
    needs = tuple(need for need in needs if need.factor.is_written)
    events = words.counted(len(happenings), "event", "events")
    others = words.counted(len(promises), "other commitment", "other commitments")
    said = f"Away from {first:%-d %B} to {last:%-d %B}: {events} and {others} fall in that time."
    if orphaned:
        names = ", ".join(each.program.name for each in orphaned)
        said += f" Of the programs concerned, no one else can take over {names}."
    elif inside:
        said += " Someone else can take over each of them."
    return Drill(
        first, last, tuple(inside), happenings, promises, needs, unwritten, orphaned, said
    )  # fmt: skip
