"""Where people were met: at one's own events, at conferences, in other communities; and what came of the
time spent there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Count, Sum

from almanac.answers import words
from almanac.answers.community.people import everybody
from almanac.core.vocabulary import Kind, Status
from almanac.record import rules
from almanac.record.models import Activity, Encounter, Feedback
from almanac.record.queries import preferences
from almanac.record.queries.versions import record_version, remembered

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from almanac.answers.community.people import KnownPerson
    from almanac.record.rules import Actor


class Where(StrEnum):
    """Whose place it was."""

    OWN = "your own events"
    CONFERENCES = "conferences and talks"
    ELSEWHERE = "other communities and 1:1s"


KINDS = {
    Where.OWN: (Kind.EVENT, Kind.WORKSHOP, Kind.HACKATHON, Kind.STREAM),
    Where.CONFERENCES: (Kind.CONFERENCE, Kind.TALK, Kind.PODCAST),
    Where.ELSEWHERE: (Kind.ENGAGEMENT, Kind.MEETING),
}


@dataclass(frozen=True, slots=True)
class Place:
    """times: activities that are done; hours: those that were logged; met: people talked to there; came:
    of them, those on a guest list of one's own afterwards; feedback: pieces of it heard there."""

    where: Where
    times: int
    hours: float
    met: int
    came: int
    feedback: int

    @property
    def sentence(self) -> str:
        """“Conferences and talks: 8 times, 81 h; 2 people talked to, 1 came to yours later.”"""
        said = f"{self.where.capitalize()}: {words.counted(self.times, 'time', 'times')}"
        said += f", {self.hours:,.6g} h" if self.hours else ""
        if self.met:
            said += f"; {words.counted(self.met, 'person', 'people')} talked to, {self.came:,} came to yours later"
        if self.feedback:
            said += f"; {words.counted(self.feedback, 'piece', 'pieces')} of feedback"
        return f"{said}."


@remembered(record_version, preferences.today, most=2)
def places(actor: Actor) -> tuple[Place, ...]:
    """Each kind of place where anything was done."""
    rules.require(rules.may_read_private, actor)
    later = _on_lists_after(actor)
    found = []
    for where, kinds in KINDS.items():
        done = Activity.objects.filter(kind__in=kinds, status=Status.DONE)
        totals = done.aggregate(times=Count("pk"), hours=Sum("hours_spent"))
        met: dict[int, date | None] = {}
        talked = Encounter.objects.filter(activity__kind__in=kinds, activity__status=Status.DONE)
        for person, day in talked.order_by("activity__day").values_list(
            "person_id", "activity__day"
        ):
            met.setdefault(person, day)
        came = sum(
            day is not None and any(on > day for on in later.get(person, ()))
            for person, day in met.items()
        )
        heard = Feedback.objects.filter(activity__kind__in=kinds).count()
        if totals["times"]:
            found.append(
                Place(where, totals["times"], float(totals["hours"] or 0), len(met), came, heard)
            )
    return tuple(found)


def _on_lists_after(actor: Actor) -> dict[int, list[date]]:
    """Days on which each person who is written down stood on a list."""
    found: dict[int, list[date]] = defaultdict(list)
    today = preferences.today()
    for person in everybody(actor).people:
        if person.card is not None:
            found[person.card.pk] += [visit.day for visit in person.came if visit.day <= today]
    return found


def hours_together(actor: Actor, people: Iterable[int]) -> dict[int, float]:
    """Hours of work in which each of these people was talked to, by their number."""
    rules.require(rules.may_read_private, actor)
    rows = Encounter.objects.filter(person__in=list(people), activity__status=Status.DONE)
    sums = rows.values("person_id").annotate(hours=Sum("activity__hours_spent"))
    return {row["person_id"]: float(row["hours"] or 0) for row in sums}


def hours_with(actor: Actor, person: KnownPerson) -> float:
    """Hours of work in which somebody was talked to."""
    rules.require(rules.may_read_private, actor)
    if person.card is None:
        return 0.0
    return hours_together(actor, [person.card.pk]).get(person.card.pk, 0.0)
