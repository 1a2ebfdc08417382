"""Who comes back: over all, by program, and at each event."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from almanac.answers.community.people import LATELY, Presence, everybody, presence_of
from almanac.core.community.identities import is_somebody
from almanac.core.scoring import exact_interval
from almanac.core.vocabulary import MEASURED
from almanac.record import rules
from almanac.record.models import Activity, Program
from almanac.record.queries import preferences
from almanac.record.queries.versions import record_version, remembered

if TYPE_CHECKING:
    from almanac.record.rules import Actor


@dataclass(frozen=True, slots=True)
class ReturningAtEvent:
    """One event by person. came: None where attendance was not taken; first and returning: of those who
    signed up, walk-ins included."""

    event: str
    title: str
    day: date | None
    signed_up: int
    came: int | None
    first: int
    returning: int


@dataclass(frozen=True, slots=True)
class PresenceCounts:
    """How many people there are of each presence; of one program, or of all."""

    program: str
    counts: dict[Presence, int]

    @property
    def people(self) -> int:
        return sum(self.counts.values())


@remembered(record_version, preferences.today, most=2)
def presences(actor: Actor) -> tuple[PresenceCounts, ...]:
    """First of all programs together, then of each; team members are left out."""
    rules.require(rules.may_read_private, actor)
    found = everybody(actor)
    today = preferences.today()
    names = _program_names()
    every: dict[str, dict[Presence, int]] = defaultdict(lambda: dict.fromkeys(Presence, 0))
    for person in found.people:
        if person.card and person.card.is_team:
            continue
        every[""][person.presence] += bool(person.visits)
        days: dict[int, list[date]] = defaultdict(list)
        for visit in person.came:
            days[visit.program_id].append(visit.day)
        for program, of_it in days.items():
            every[names.get(program, "")][presence_of(of_it, today)] += 1
    together = PresenceCounts("", every.pop("", dict.fromkeys(Presence, 0)))
    return (together, *(PresenceCounts(name, counts) for name, counts in sorted(every.items())))


@remembered(record_version, most=2)
def returning(actor: Actor) -> tuple[ReturningAtEvent, ...]:
    """Each event with a guest list that keeps names, in order."""
    rules.require(rules.may_read_private, actor)
    lists: dict[int, list[tuple[int, bool | None]]] = defaultdict(list)
    unnamed: set[int] = set()
    for number, person in enumerate(everybody(actor).people):
        if person.card and person.card.is_team:
            continue
        if not any(map(is_somebody, person.identities)):
            unnamed.add(number)
        for visit in person.visits:
            lists[visit.activity_id].append((number, visit.came))
    rows = Activity.objects.filter(pk__in=lists).select_related("turnout")
    seen: set[int] = set()
    found = []
    for row in sorted(rows, key=_by_start):
        here = lists[row.pk]
        numbers = {number for number, _ in here}
        said = row.turnout_if_any
        # A list with marks that nobody takes for attendance is none.
        took = any(came is not None for _, came in here) and (
            said is None or said.attended_evidence in MEASURED
        )
        found.append(
            ReturningAtEvent(
                row.event_id or str(row.pk), row.title, row.day, len(numbers),
                sum(came is True for _, came in here) if took else None,
                len(numbers - seen), len(numbers & seen),
            )
        )  # fmt: skip
        seen |= numbers - unnamed
    return tuple(found)


def _by_start(row: Activity) -> tuple[datetime, int]:
    return (row.begins or datetime.max.replace(tzinfo=UTC), row.pk)


def _program_names() -> dict[int, str]:
    return dict(Program.objects.values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class FirstStep:
    """Of people whose first event was one of a program and lies a while back: how many came again, and the
    95 % range of that share; moved: where else they came, the most often first."""

    program: str
    people: int
    came_again: int
    low: float
    high: float
    moved: tuple[tuple[str, int], ...]


@remembered(record_version, preferences.today, most=2)
def first_steps(actor: Actor) -> tuple[FirstStep, ...]:
    """Which first steps keep people; those of the last weeks have not had time to come again."""
    rules.require(rules.may_read_private, actor)
    names = _program_names()
    until = preferences.today() - LATELY
    people: Counter[int] = Counter()
    again: Counter[int] = Counter()
    moved: dict[int, Counter[int]] = defaultdict(Counter)
    for person in everybody(actor).people:
        if not person.came or person.came[0].day > until or (person.card and person.card.is_team):
            continue
        first = person.came[0].program_id
        people[first] += 1
        again[first] += len(person.came) > 1
        moved[first].update({visit.program_id for visit in person.came} - {first})
    return tuple(
        FirstStep(
            names.get(key, ""), number, again[key], *exact_interval(again[key], number),
            tuple((names.get(other, ""), times) for other, times in moved[key].most_common(3)),
        )
        for key, number in people.most_common()
    )  # fmt: skip
