"""What is out of date in a playbook, shown on the program's next event."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from almanac.core.vocabulary import Status
from almanac.record import rules
from almanac.record.models import Activity, CheckedLink, Departure, Program
from almanac.record.queries import preferences
from almanac.sources.text.playbook_text import names, steps

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.models import Part
    from almanac.record.rules import Actor

LATEST_RUNS = 3
LATE_DAYS = 3
"""A step done so many days after its own day, run after run, is written down wrongly."""
LINK = re.compile(r"https?://[^\s<>\[\]\"'`|“”‘’]+")
ACCESS = re.compile(r"^#+\s*(?:who has )?(?:access|accounts?)\b.*$", re.IGNORECASE)
HEADING = re.compile(r"^#{1,6}\s")
RULE = re.compile(r"^[\s|:\-]+$")
MOST_LINKS = 100
CONFIRMED = timedelta(hours=6)


def stale(program: Program, text: str) -> list[str]:
    """Sentences: steps that runs contradict, people who are gone, links that lead nowhere."""
    return [*_contradicted(program, text), *_without_holder(text), *_dead(text)]


def links_in(text: str) -> list[str]:
    found = (_without_tail(match) for match in LINK.findall(text))
    return list(dict.fromkeys(found))[:MOST_LINKS]


def _without_tail(link: str) -> str:
    """What ends the sentence, or the bracket around it, is no part of an address."""
    link = link.rstrip(".,;:!?*")
    while link.endswith(")") and link.count(")") > link.count("("):
        link = link[:-1].rstrip(".,;:!?*")
    return link


def access_in(text: str) -> tuple[str, ...]:
    """Lines under a heading on access or accounts; names of who has it, never the secrets."""
    found: list[str] = []
    inside = False
    for line in text.splitlines():
        if HEADING.match(line):
            inside = ACCESS.match(line) is not None
        elif inside and line.strip() and not RULE.match(line):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            found.append(", ".join(cell for cell in cells if cell).lstrip("-* "))
    return tuple(found[:40])


def departures(actor: Actor) -> list[Departure]:
    """Who has left, by name."""
    rules.require(rules.may_read_record, actor)
    return list(Departure.objects.filter(left_on__isnull=False))


def gone() -> dict[str, Departure]:
    """Who is not there today, by name, whatever its case."""
    rows = Departure.objects.filter(left_on__lte=preferences.today())
    return {row.name.casefold(): row for row in rows}


def _contradicted(program: Program, text: str) -> list[str]:
    """Steps still in the text that the last three finished runs all left undone once they were due, or
    all did later than written."""
    rows = Activity.objects.filter(
        program=program, status=Status.DONE, run__version__program=program
    )
    runs = list(rows.select_related("run").prefetch_related("parts").order_by("-day")[:LATEST_RUNS])
    if len(runs) < LATEST_RUNS:
        return []
    today = preferences.today()
    skipped: Counter[str] = Counter()
    late: dict[str, list[int]] = {}
    for run in runs:
        due = [part for part in run.parts.all() if _is_due_step(part, today)]
        done = {part.title for part in due if part.done}
        skipped.update({part.title for part in due} - done)
        for title in done:
            days = min(
                _days_late(part, preferences.day_of(run.run.laid_at))
                for part in due
                if part.title == title
            )
            if days >= LATE_DAYS:
                late.setdefault(title, []).append(days)
    return [
        said
        for title in dict.fromkeys(step.title for step in steps(text))
        for said in _of_step(title, skipped[title], late.get(title, []))
    ]


def _of_step(title: str, skipped: int, late: list[int]) -> list[str]:
    if skipped == LATEST_RUNS:
        return [f"“{title}” was skipped in the last {LATEST_RUNS} runs. Does it still belong here?"]
    if len(late) == LATEST_RUNS:
        return [
            f"“{title}” was done about {median(late):.0f} days later than planned in the last "
            f"{LATEST_RUNS} runs. Is the date still right?"
        ]
    return []


def _is_due_step(part: Part, today: date) -> bool:
    is_due = part.done or part.day is None or part.day < today
    return part.outside_id.startswith("step:") and is_due


def _days_late(part: Part, laid_on: date) -> int:
    """0 where it is not known, or its day was over before anybody could have done it."""
    if part.day is None or part.done_on is None or part.day < laid_on:
        return 0
    return (part.done_on - part.day).days


def _without_holder(text: str) -> list[str]:
    left = gone()
    access = access_in(text)
    said = []
    for name in names(text):
        row = left.get(name.casefold())
        if row is None:
            continue
        held = [line for line in access if name in names(line)]
        what = f"access ({'; '.join(held)})" if held else "a step"
        said.append(
            f"@{name}, who is named for {what}, left on {row.left_on:%-d %B %Y}. Who is it now?"
        )
    return said


def _dead(text: str) -> list[str]:
    """Only what failed twice some hours apart, as anything may be down for a moment."""
    rows = CheckedLink.objects.filter(url__in=links_in(text), dead_since__isnull=False)
    return [
        f"{row.url} has been broken since {row.dead_since:%-d %B %Y}: {row.says}"
        for row in rows
        if row.dead_since and row.dead_since + CONFIRMED <= row.checked_at
    ]
