"""Who could take over a program: what depends on one person, and what an hour would change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.playbooks.freshness import access_in, gone
from almanac.core.vocabulary import AHEAD, GATHERINGS, Status
from almanac.record import rules
from almanac.record.models import Activity, Part, PlaybookVersion, Program
from almanac.record.models.community.people import ERASED
from almanac.record.models.programs import UNSORTED
from almanac.record.queries import preferences
from almanac.record.queries.versions import record_version, remembered
from almanac.sources.text import playbook_template
from almanac.sources.text.playbook_text import names, steps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from almanac.record.rules import Actor

YEAR = timedelta(days=365)
YOU = "you"


@dataclass(frozen=True, slots=True)
class Runner:
    """Somebody who ran it, how often and when last; alone: how often with nobody else named at
    its steps."""

    name: str
    times: int
    last: date | None
    alone: int


@dataclass(frozen=True, slots=True)
class BusFactor:
    """One program. runners: who ran it in the last year, “you” for oneself; named: who is named in its
    playbook and is there; access: the lines on who has access; only: what one person alone has or
    knows, as (name, what); people: the smallest number whose absence stops it; raise_it: what an hour
    would do; has_events: runners are those of its events, else of all its work."""

    program: Program
    runners: tuple[Runner, ...]
    last: date | None
    named: tuple[str, ...]
    access: tuple[str, ...]
    only: tuple[tuple[str, str], ...]
    is_written: bool
    people: int
    raise_it: str
    has_events: bool

    @property
    def others(self) -> tuple[str, ...]:
        """Who could go on beside oneself: who ran it, and, where it is written down, who is named."""
        ran = [runner.name for runner in self.runners if runner.name != YOU]
        able = [*ran, *(self.named if self.is_written else ())]
        return tuple({name.casefold(): name for name in able}.values())

    def part_of(self, name: str) -> str:
        """What somebody is to the program: “ran 3 events”, “named in the playbook”, or nothing."""
        ran = next((each for each in self.runners if each.name.casefold() == name.casefold()), None)
        if ran is not None:
            if self.has_events:
                return f"ran {words.counted(ran.times, 'event', 'events')}"
            return f"did {words.counted(ran.times, 'activity', 'activities')}"
        named = {each.casefold() for each in self.named}
        return "named in the playbook" if name.casefold() in named else ""


def everybody(factors: Iterable[BusFactor]) -> list[str]:
    """Who ran or is named in any of these programs, oneself first."""
    found = {
        name.casefold(): name
        for factor in factors
        for name in (*(runner.name for runner in factor.runners), *factor.named)
    }
    return sorted(found.values(), key=lambda name: (name != YOU, name.casefold()))


@remembered(record_version, preferences.today)
def bus_factors(actor: Actor) -> list[BusFactor]:
    """Of every open program with something done in the last year or ahead; most at risk first."""
    rules.require(rules.may_read_record, actor)
    since = preferences.today() - YEAR
    helped = _helped(Part.objects.filter(activity__day__gte=since))
    done: dict[int, list[Activity]] = defaultdict(list)
    rows = Activity.objects.filter(status=Status.DONE, day__gte=since).order_by("-day")
    for row in rows.only("program_id", "holder", "day", "kind"):
        done[row.program_id].append(row)
    for program, runs in done.items():
        # Who ran a program is who ran its events; a program without any is its other work.
        done[program] = [row for row in runs if row.kind in GATHERINGS] or runs
    ahead = Activity.objects.filter(status__in=AHEAD).values_list("program_id", "holder")
    busy, mine = {key for key, _ in ahead}, {key for key, holder in ahead if not holder}
    latest = PlaybookVersion.objects.order_by("program_id", "number").values_list(
        "program_id", "text"
    )
    texts = {program: playbook_template.without_hints(text) for program, text in latest}
    left = gone()
    found = [
        _of(program, done[program.pk], helped, texts.get(program.pk, ""), left, program.pk in mine)
        for program in Program.objects.filter(closed=False).exclude(name=UNSORTED)
        if program.pk in busy or done[program.pk]
    ]
    return sorted(found, key=lambda each: (each.people, each.is_written, each.program.name))


def bus_factor(program: Program, done: list[Activity]) -> BusFactor:
    """Of one program; done: what was done of it, latest first."""
    latest = program.playbook_versions.last()
    return _of(
        program, done, _helped(Part.objects.filter(activity__program=program)),
        playbook_template.without_hints(latest.text) if latest else "", gone(),
        program.activities.filter(status__in=AHEAD, holder="").exists(),
    )  # fmt: skip


def _helped(parts: QuerySet[Part]) -> dict[int, set[str]]:
    """Who is named at the steps of an activity, by its number."""
    found: dict[int, set[str]] = {}
    rows = parts.filter(heading__startswith="@").values_list("activity_id", "heading").distinct()
    for key, heading in rows:
        found.setdefault(key, set()).add(heading[1:].casefold())
    return found


def _of(
    program: Program,
    done: list[Activity],
    helped: dict[int, set[str]],
    text: str,
    left: Collection[str],
    is_mine: bool,
) -> BusFactor:
    """text: of its playbook; left: who is gone; is_mine: whether one has promised something of it."""
    runners = [runner for runner in _runners(done, helped) if runner.name.casefold() not in left]
    access = access_in(text)
    named = [name for name in names(text) if name.casefold() not in left]
    only = _only(text, access, named)
    # Somebody could go on only where it is written down, or where they have done it.
    able = {runner.name.casefold() for runner in runners} | {name.casefold() for name in named}
    if is_mine:
        able.add(YOU)
    holders = [_present(line, named) for line in access if names(line)]
    people = min([len(able), *(len(each) for each in holders)])
    return BusFactor(
        program, tuple(runners), done[0].day if done else None, tuple(named), access, only,
        bool(text), people, _raise(text, access, runners, named, only),
        any(row.kind in GATHERINGS for row in done),
    )  # fmt: skip


def _runners(done: list[Activity], helped: dict[int, set[str]]) -> list[Runner]:
    found: dict[str, list[Activity]] = {}
    for row in done:
        if row.holder != ERASED:
            found.setdefault(row.holder or YOU, []).append(row)
    made = [
        Runner(name, len(rows), rows[0].day,
               sum(not helped.get(row.pk, set()) - {name.casefold()} for row in rows))
        for name, rows in found.items()
    ]  # fmt: skip
    return sorted(made, key=lambda each: -each.times)


def _present(line: str, named: list[str]) -> list[str]:
    there = {name.casefold() for name in named}
    return [name for name in names(line) if name.casefold() in there]


def _only(text: str, access: tuple[str, ...], named: list[str]) -> tuple[tuple[str, str], ...]:
    """Accounts that one person alone holds, and steps that are one person's."""
    found = [(holders[0], line) for line in access if len(holders := _present(line, named)) == 1]
    there = {name.casefold(): name for name in named}
    by_owner: dict[str, list[str]] = {}
    for step in steps(text):
        if step.owner.casefold() in there:
            by_owner.setdefault(there[step.owner.casefold()], []).append(step.title)
    if len(by_owner) == 1:
        found += [(name, ", ".join(titles[:3])) for name, titles in by_owner.items()]
    return tuple(found)


def _raise(
    text: str, access: tuple[str, ...], runners: list[Runner], named: list[str],
    only: tuple[tuple[str, str], ...],
) -> str:  # fmt: skip
    if not text:
        return "One hour to write down its steps."
    if not access:
        return "One hour to write down who has access to what."
    lost = [line for line in access if names(line) and not _present(line, named)]
    if lost:
        return f"One hour to find out who can give access to: {lost[0]}."
    if only and "@" in only[0][1]:
        return f"One hour to give a second person what only @{only[0][0]} has: {only[0][1]}."
    if len(runners) < 2 and not named:
        return "One hour with someone who helps run the next one and is named in its steps."
    return "One hour for someone named in its steps to run one alone."
