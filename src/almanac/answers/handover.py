"""If somebody is gone tomorrow: what stands on one person, what stops, and a book for the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.bus_factor import YOU, BusFactor, bus_factor, bus_factors
from almanac.answers.errors import CannotAnswerError
from almanac.answers.playbooks import Playbook, find_playbook
from almanac.answers.turnout import prospect
from almanac.record import rules
from almanac.record.models import Activity, Experiment, Part, Program, Retro, Status
from almanac.record.models.activities import AHEAD
from almanac.record.queries import preferences
from almanac.record.queries.names import program_called

if TYPE_CHECKING:
    from almanac.record.rules import Actor

HISTORY_LINES = 10
COMING = 12


# The drill


@dataclass(frozen=True, slots=True)
class Need:
    """A program with something in that time: who could go on, and what they need for it."""

    factor: BusFactor
    steps: tuple[Part, ...]
    """Steps of its playbook that fall into it and are not done."""


@dataclass(frozen=True, slots=True)
class Drill:
    """You are away from one day to another: what stops, what is promised, who could. orphaned: those
    programs nobody else could go on with."""

    first: date
    last: date
    happenings: tuple[Activity, ...]
    promises: tuple[Activity, ...]
    needs: tuple[Need, ...]
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
    events = words.counted(len(happenings), "happening", "happenings")
    others = words.counted(len(promises), "other promise", "other promises")
    said = f"Away from {first:%-d %B} to {last:%-d %B}: {events} and {others} fall into it."
    if orphaned:
        names = ", ".join(each.program.name for each in orphaned)
        said += f" Nobody else could go on with {names}."
    elif inside:
        said += " For each somebody else could go on, by what is written down."
    return Drill(first, last, happenings, promises, needs, orphaned, said)


# The book


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading and Markdown below it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Book:
    title: str
    made_on: date
    chapters: tuple[Chapter, ...]


def handover(actor: Actor, names: list[str]) -> Book:
    """From which somebody who never saw a program can run its next event. All that is not private to
    the practitioner's own file; activities marked private are in it, as a successor needs them."""
    rules.require(rules.may_read_record, actor)
    programs = [_program(name) for name in names]
    if not programs:
        raise CannotAnswerError("Name a program: almanac handover PROGRAM")
    chapters = [chapter for program in programs for chapter in _chapters(actor, program)]
    title = f"Handover: {', '.join(program.name for program in programs)}"
    return Book(title, preferences.today(), tuple(chapters))


def _program(name: str) -> Program:
    found = program_called(name)
    if found is None:
        raise CannotAnswerError(f"There is no program called {name}.")
    return found


def _chapters(actor: Actor, program: Program) -> list[Chapter]:
    book = find_playbook(actor, program.slug)
    assert book is not None
    parts = [
        (program.name, _purpose(program)),
        ("People", _people(program)),
        ("How it is run", _how(book)),
        ("What good looks like", "\n".join(f"- {line}" for line in book.good)),
        ("What is coming", _coming(actor, program)),
        ("What is promised", _promised(program)),
        ("History in ten lines", _history(program)),
        ("What was learnt", _learnt(program, book)),
        ("What was tried, and found", _tried(program)),
    ]
    empty = {
        "How it is run": "Nothing is written down yet. Ask for it while you can.",
        "What is coming": "Nothing is planned.",
        "What is promised": "Nothing is promised that is not done.",
    }
    return [
        Chapter(title, text or empty.get(title, "")) for title, text in parts
        if text or title in empty
    ]  # fmt: skip


def _purpose(program: Program) -> str:
    lines = [program.purpose] if program.purpose else ["Its purpose is not written down."]
    if program.goal:
        lines.append(f"It serves this goal: {program.goal}")
    if program.owner:
        lines.append(f"Looked after by {program.owner}.")
    return "\n\n".join(lines)


def _people(program: Program) -> str:
    done = list(Activity.objects.filter(program=program, status=Status.DONE).order_by("-day")[:200])
    found = bus_factor(program, done)
    lines = [
        f"- {'whoever kept this logbook' if each.name == YOU else each.name} ran {each.times} of the last "
        f"{len(done)}"
        + (f", {each.alone} of them alone" if each.alone else "")
        + (f", the last on {each.last:%-d %B %Y}" if each.last else "")
        for each in found.runners
    ]
    lines += [f"- access: {line}" for line in found.access]
    lines += [f"- only @{name} has or knows: {what}" for name, what in found.only]
    return "\n".join(lines)


def _how(book: Playbook) -> str:
    if book.version is None:
        return ""
    rows = book.version.text.splitlines()
    # Its own headings stand below this chapter's.
    return "\n".join(f"##{row}" if row.startswith("#") else row for row in rows)


def _coming(actor: Actor, program: Program) -> str:
    today = preferences.today()
    rows = Activity.objects.filter(program=program, status__in=AHEAD, day__gte=today)
    lines = []
    for row in rows.select_related("program", "turnout").order_by("day")[:COMING]:
        line = f"- {row.day:%-d %B %Y}: {row.title}"
        line += f", {row.place}" if row.place else ""
        if row.is_gathering:
            latest = prospect(actor, row).latest
            if latest is not None:
                line += f". {latest.main.sentence}"
        lines.append(line)
        lines += [
            f"    - {part.day:%-d %B}: {part.title}{' (done)' if part.done else ''}"
            for part in row.parts.all()
            if part.day is not None
        ]
    return "\n".join(lines)


def _promised(program: Program) -> str:
    rows = Activity.objects.filter(program=program, status__in=(Status.PLANNED, Status.DOING))
    return "\n".join(
        f"- {row.title}"
        + (f", by {row.promised_for:%-d %B %Y}" if row.promised_for else ", no day noted")
        + (f", {float(row.hours_planned):g} h" if row.hours_planned else "")
        + (f", held by {row.holder}" if row.holder else "")
        for row in rows.order_by("due", "day", "id")
    )


def _history(program: Program) -> str:
    rows = Activity.objects.filter(program=program, status=Status.DONE, day__isnull=False)
    lines = []
    for row in rows.select_related("turnout").order_by("-day")[:HISTORY_LINES]:
        came = f", {row.turnout.attended} came" if row.is_counted else ""
        lines.append(f"- {row.day:%-d %B %Y}: {row.title}{came}")
    return "\n".join(lines)


def _learnt(program: Program, book: Playbook) -> str:
    lines = [
        f"- {lesson.line}" + (f" ({lesson.get_helped_display()})" if lesson.helped else "")
        for lesson in book.learnt
    ]
    for retro in Retro.objects.filter(activity__program=program).select_related("activity"):
        said = [text for text in (retro.went_well, retro.went_badly, retro.why) if text]
        lines.append(f"- {retro.activity.title}: {' '.join(said)}")
    return "\n".join(lines)


def _tried(program: Program) -> str:
    rows = Experiment.objects.filter(program=program).select_related("finding")
    lines = []
    for row in rows:
        finding = getattr(row, "finding", None)
        state = (
            f"{finding.get_verdict_display()}. {finding.happened} Why: {finding.why}"
            if finding
            else f"not known yet; look back on {row.by:%-d %B %Y}"
        )
        lines.append(f"- {row.trying}, because {row.because}: {state}")
    return "\n".join(lines)
