"""What has gone stale in a playbook, told where it matters: when the program is next on."""

from __future__ import annotations

import re
from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

from almanac.record import rules
from almanac.record.models import Activity, CheckedLink, Departure, Program, Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from almanac.record.models import Part
    from almanac.record.rules import Actor

LATEST_RUNS = 3
LATE_DAYS = 3
"""A step done so many days after its own day, run after run, is written down wrongly."""
LINK = re.compile(r"https?://[^\s<>()\[\]\"'`]+")
NAME = re.compile(r"(?<![\w.])@(\w(?:[\w.\-]{0,58}\w)?)")
ACCESS = re.compile(r"^#+\s*(?:who has )?(?:access|accounts?)\b.*$", re.IGNORECASE)
MOST_LINKS = 100


def stale(program: Program, text: str) -> list[str]:
    """Sentences: steps that runs contradict, people who are gone, links that lead nowhere."""
    return [*_contradicted(program), *_without_holder(text), *_dead(text)]


def names_in(text: str) -> list[str]:
    """Everybody named with an @, in the order of their names."""
    return sorted(set(NAME.findall(text)), key=str.casefold)


def links_in(text: str) -> list[str]:
    found = (match.rstrip(".,;:!?*_") for match in LINK.findall(text))
    return list(dict.fromkeys(found))[:MOST_LINKS]


def access_in(text: str) -> tuple[str, ...]:
    """Lines under a heading on access or accounts; names of who has it, never the secrets."""
    found: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.startswith("#"):
            inside = ACCESS.match(line) is not None
        elif inside and line.strip():
            found.append(line.strip().lstrip("-* "))
    return tuple(found[:40])


def departures(actor: Actor) -> list[Departure]:
    """Who has left, by name."""
    rules.require(rules.may_read_record, actor)
    return list(Departure.objects.all())


def gone() -> dict[str, Departure]:
    """By name, whatever its case."""
    return {row.name.casefold(): row for row in Departure.objects.all()}


def _contradicted(program: Program) -> list[str]:
    """Steps that the last three finished runs all left undone, or all did later than written."""
    runs = list(
        Activity.objects.filter(program=program, status=Status.DONE)
        .exclude(run=None)
        .select_related("run")
        .prefetch_related("parts")
        .order_by("-day")[:LATEST_RUNS]
    )
    if len(runs) < LATEST_RUNS:
        return []
    skipped: Counter[str] = Counter()
    late: dict[str, list[int]] = {}
    for run in runs:
        for part in _steps(run.parts.all()):
            days = _days_late(part, run.run.laid_at.date())
            if not part.done:
                skipped[part.title] += 1
            elif days >= LATE_DAYS:
                late.setdefault(part.title, []).append(days)
    said = [
        f"“{title}” was skipped in each of the last {LATEST_RUNS} runs: does it still belong here?"
        for title, number in skipped.items()
        if number == LATEST_RUNS
    ]
    return said + [
        f"“{title}” was done about {median(days):.0f} days later than it says in each of the last "
        f"{LATEST_RUNS} runs: what does it say that for?"
        for title, days in late.items()
        if len(days) == LATEST_RUNS
    ]


def _days_late(part: Part, laid_on: date) -> int:
    """0 where it is not known, or its day was over before anybody could have done it."""
    if part.day is None or part.done_on is None or part.day < laid_on:
        return 0
    return (part.done_on - part.day).days


def _steps(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if part.outside_id.startswith("step:")]


def _without_holder(text: str) -> list[str]:
    left = gone()
    access = access_in(text)
    said = []
    for name in names_in(text):
        row = left.get(name.casefold())
        if row is None:
            continue
        held = [line for line in access if f"@{name}" in line]
        what = f"access ({'; '.join(held)})" if held else "a step"
        said.append(
            f"@{name}, who is named for {what}, left on {row.left_on:%-d %B %Y}: who is it now?"
        )
    return said


def _dead(text: str) -> list[str]:
    """Only what failed twice, as anything may be down for a moment."""
    rows = CheckedLink.objects.filter(url__in=links_in(text), dead_since__isnull=False)
    return [
        f"{row.url} leads nowhere since {row.dead_since:%-d %B %Y}: {row.says}"
        for row in rows
        if row.dead_since and row.dead_since < row.checked_at
    ]
