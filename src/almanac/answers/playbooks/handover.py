"""A book for the next person: everything they need to run a program's next event, in its order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.errors import CannotAnswerError
from almanac.answers.experiments.experiments import result_said
from almanac.answers.playbooks.freshness import ACCESS, HEADING
from almanac.answers.playbooks.playbooks import Playbook, find_playbook
from almanac.answers.playbooks.stand_ins import YOU, bus_factor
from almanac.answers.turnout.expectation import prospect
from almanac.core.vocabulary import AHEAD, GATHERINGS, Status
from almanac.record import rules
from almanac.record.models import Activity, Experiment, Part, Program, Retro
from almanac.record.queries import preferences
from almanac.record.queries.names import program_called

if TYPE_CHECKING:
    from almanac.record.rules import Actor

HISTORY_LINES = 10
COMING = 12
RUNS = 200
DAY = "%-d %B %Y"
NOT_NOTED = "not noted yet"
COUNTED = (
    ("interested", "interested"), ("signups", "signed up"), ("attended", "came"),
    ("took_part", "took part"), ("submissions", "submissions"),
)  # fmt: skip
ASKED = (
    ("went_well", "What went well"), ("maximise", "How to do more of it"),
    ("went_badly", "What didn’t"), ("why", "Why"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HandoverChapter:
    """A heading and Markdown below it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Book:
    title: str
    made_on: date
    chapters: tuple[HandoverChapter, ...]


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


def _chapters(actor: Actor, program: Program) -> list[HandoverChapter]:
    book = find_playbook(actor, program.slug)
    assert book is not None
    today = preferences.today()
    ahead = Activity.objects.filter(program=program, status__in=AHEAD)
    dated = ahead.filter(day__gte=today).select_related("program", "turnout")
    coming = list(dated.order_by("day", "id")[:COMING])
    following = next((row for row in coming if row.is_gathering), None)
    later = [row for row in coming if row is not following]
    promised = ahead.exclude(pk__in=[row.pk for row in coming]).exclude(status=Status.IDEA)
    parts = [
        (program.name, _purpose(program)),
        ("Next", _next(actor, following, book) if following else ""),
        ("What may be out of date", "\n".join(f"- {line}" for line in book.stale)),
        ("Who can help, who has access", _people(program)),
        ("How it is run", _how(book)),
        ("What good looks like", "\n".join(f"- {line}" for line in book.good)),
        ("Upcoming", "\n".join(_line(actor, row) for row in later)),
        (
            "Other commitments",
            "\n".join(_promise(row) for row in promised.order_by("due", "id")),
        ),
        ("History in ten lines", _history(program)),
        ("Lessons", _learnt(program, book)),
        ("Experiments", _tried(program)),
    ]
    empty = {
        "Next": "Nothing planned.",
        "How it is run": "No playbook yet. Ask for it while you can.",
        "Who can help, who has access": "Nobody is named and access is not written down.",
        "Lessons": "No retrospective yet.",
    }
    return [
        HandoverChapter(title, text or empty.get(title, "")) for title, text in parts
        if text or title in empty
    ]  # fmt: skip


def _purpose(program: Program) -> str:
    lines = [program.purpose] if program.purpose else ["No purpose written down."]
    if program.goal:
        lines.append(f"Goal: {program.goal}.")
    if program.owner:
        lines.append(f"Owner: {program.owner}.")
    return "\n\n".join(lines)


# What is coming


def _next(actor: Actor, event: Activity, book: Playbook) -> str:
    """Everything that is known of the event somebody else may have to run, and what is not."""
    today = preferences.today()
    facts = [("What", event.title), ("When", _when(event)), ("Where", _where(event))]
    if event.holder:
        facts.append(("Held by", event.holder))
    facts.append(("Link", ", ".join(link.url for link in event.links.all()) or NOT_NOTED))
    turnout = event.turnout_if_any
    seats = turnout.seats if turnout is not None else None
    facts.append(("Seats", NOT_NOTED if seats is None else str(seats)))
    if event.price is not None:
        price = f"{event.price:g} {event.currency}".strip() if event.price else "free"
        facts.append(("Ticket", price))
    facts.append(("So far", _counts(event) or "interest and sign-ups unknown"))
    facts += _expected(actor, event)
    facts.append(("Takes", _hours(event)))
    lines = [f"- {name}: {value}" for name, value in facts if value]
    if event.notes:
        lines += ["", *(f"> {row}" for row in event.notes.splitlines())]
    for title, steps in _by_urgency(event, today).items():
        if steps:
            lines += ["", f"{title}:", "", *(_step(part, today) for part in steps)]
    fresh = _not_laid_out(event, book)
    if fresh:
        lines += ["", "Added to the playbook later:", "", *fresh]
    return "\n".join(lines)


def _not_laid_out(event: Activity, book: Playbook) -> list[str]:
    """Steps of the playbook as it is now that this event does not have."""
    if event.day is None:
        return []
    laid = {part.title for part in event.parts.all()}
    return [
        f"- {event.day + timedelta(days=step.days):%A, %-d %B}: {step.title}"
        for step in book.steps
        if step.title not in laid
    ]


def _hours(event: Activity) -> str:
    said = [] if event.hours_planned is None else [f"{float(event.hours_planned):g} h planned"]
    steps = [float(part.hours) for part in event.parts.all() if part.hours is not None]
    if steps:
        said.append(f"its steps add up to {sum(steps):g} h")
        rest = float(event.hours_planned or 0) - sum(steps)
        if rest >= 1:
            said[-1] += f"; the other {rest:g} h are not written down, such as the day itself"
    return ", ".join(said)


def _when(event: Activity) -> str:
    start = event.local_start
    if start is not None:
        return f"{start:%A, {DAY}, %H:%M} ({event.zone})"
    return f"{event.day:%A, {DAY}}; time not set" if event.day else "no date yet"


def _where(event: Activity) -> str:
    known = [event.get_format_display() if event.format else "", event.place]
    return ", ".join(part for part in known if part) or NOT_NOTED


def _counts(event: Activity) -> str:
    turnout = event.turnout_if_any
    said = []
    for name, label in COUNTED:
        value = getattr(turnout, name, None)
        if value is not None and (name != "attended" or event.is_counted):
            rough = name == "attended" and event.is_approximate
            said.append(f"{'about ' if rough else ''}{value} {label}")
    return ", ".join(said)


def _expected(actor: Actor, event: Activity) -> list[tuple[str, str]]:
    latest = prospect(actor, event).latest
    if latest is None:
        return [("Forecast", "not made yet")]
    return [("Forecast", latest.main.sentence)]


def _by_urgency(event: Activity, today: date) -> dict[str, list[Part]]:
    steps = sorted(
        (part for part in event.parts.all() if part.day is not None),
        key=lambda part: (part.day or today, part.pk),
    )
    waiting = [part for part in steps if not part.done]
    return {
        "Overdue": [part for part in waiting if part.day and part.day < today],
        "To do": [part for part in waiting if part.day and part.day >= today],
        "Done already": [part for part in steps if part.done],
    }


def _step(part: Part, today: date) -> str:
    owner = f" {part.heading}" if part.heading.startswith("@") else ""
    hours = f" ({float(part.hours):g} h)" if part.hours is not None else ""
    late = (today - part.day).days if part.day and not part.done else 0
    ago = f", {words.counted(late, 'day', 'days')} ago" if late > 0 else ""
    return f"- {part.day:%A, %-d %B}{ago}: {part.title}{hours}{owner}"


def _line(actor: Actor, row: Activity) -> str:
    line = f"- {row.day:{DAY}}: {row.title}"
    line += f", {row.place}" if row.place else ""
    line += f", owner {row.holder}" if row.holder else ""
    if row.is_gathering:
        _, sentence = _expected(actor, row)[0]
        line += f". {sentence[0].upper()}{sentence[1:]}"
    return line


def _promise(row: Activity) -> str:
    asked = getattr(row, "request", None)
    return (
        f"- {row.title}"
        + (f", by {row.promised_for:{DAY}}" if row.promised_for else ", no date")
        + (f", {float(row.hours_planned):g} h" if row.hours_planned else "")
        + (f", owner {row.holder}" if row.holder else "")
        + (f", asked for by {asked.asked_by}" if asked is not None and asked.asked_by else "")
    )


# How, and with whom


STEP_DAY = re.compile(r"(?P<lead>\s*[-*]\s+)T(?:(?P<side>[-+])(?P<number>\d+)(?: days?)?)?:")


def _how(book: Playbook) -> str:
    if book.version is None:
        return ""
    rows = book.version.text.splitlines()
    first = next((n for n, row in enumerate(rows) if row.strip()), 0)
    if rows and re.match(r"#\s", rows[first]):
        # Its title is the program's name, which the first chapter has.
        del rows[: first + 1]
    rows = _without_access(rows)
    # Its own headings stand below this chapter's.
    said = "\n".join(_lowered([_in_days(row) for row in rows])).strip()
    return f"{said}\n\nVersion {book.version.number}, of {book.version.made_at:{DAY}}."


def _in_days(row: str) -> str:
    """A step's “T-60 days:” as a newcomer reads it."""
    found = STEP_DAY.match(row)
    if found is None:
        return row
    side, number = found["side"], int(found["number"] or 0)
    when = f"{words.counted(number, 'day', 'days')} {'before' if side == '-' else 'after'}"
    return f"{found['lead']}{when if number else 'On the day'}:{row[found.end() :]}"


def _lowered(rows: list[str]) -> list[str]:
    """Headings one level down, but for what is code."""
    found, is_code = [], False
    for row in rows:
        if row.lstrip().startswith(("```", "~~~")):
            is_code = not is_code
        found.append(f"#{row}" if HEADING.match(row) and not is_code else row)
    return found


def _without_access(rows: list[str]) -> list[str]:
    """Who has access has a chapter of its own."""
    kept, inside = [], False
    for row in rows:
        if HEADING.match(row):
            inside = ACCESS.match(row) is not None
        if not inside:
            kept.append(row)
    return kept


def _people(program: Program) -> str:
    done = Activity.objects.filter(program=program, status=Status.DONE)
    gatherings = done.filter(kind__in=GATHERINGS)
    rows = list((gatherings if gatherings.exists() else done).order_by("-day")[:RUNS])
    found = bus_factor(program, rows)
    keeper = next(iter(preferences.value("own_names")), "") or "The owner of this logbook"
    lines = [
        f"- {keeper if each.name == YOU else each.name} ran {each.times} of the last "
        f"{words.counted(len(rows), 'run', 'runs')}"
        + (f", most recently on {each.last:{DAY}}" if each.last else "")
        for each in found.runners
    ]
    alone = {line: name for name, line in found.only}
    lines += [
        f"- Access: {line}" + (f" (only @{alone.pop(line)} has it)" if line in alone else "")
        for line in found.access
    ]
    lines += [f"- Only @{name} is named for: {what}" for what, name in alone.items()]
    if not found.access:
        lines.append("- Who has access to what is not written down.")
    return "\n".join(lines)


# What was


def _history(program: Program) -> str:
    done = Activity.objects.filter(program=program, status=Status.DONE, day__isnull=False)
    done = done.select_related("turnout").prefetch_related("links").order_by("-day")
    runs = list(done.filter(kind__in=GATHERINGS)[:HISTORY_LINES])
    beside = list(done.exclude(kind__in=GATHERINGS)[: HISTORY_LINES - len(runs)])
    latest = sorted([*runs, *beside], key=lambda row: row.day or date.min, reverse=True)
    return "\n".join(_done(row) for row in latest)


def _done(row: Activity) -> str:
    facts = [_counts(row)]
    if row.hours_spent is not None:
        facts.append(f"{float(row.hours_spent):g} h")
    if row.cost is not None:
        facts.append(f"cost {row.cost:,.0f} {row.currency}".strip())
    said = ", ".join(fact for fact in facts if fact)
    links = "".join(f" <{link.url}>" for link in row.links.all())
    return f"- {row.day:{DAY}}: {row.title}{f': {said}' if said else ''}{links}"


def _learnt(program: Program, book: Playbook) -> str:
    lines = []
    for retro in Retro.objects.filter(activity__program=program).select_related("activity"):
        said = [(title, getattr(retro, name)) for name, title in ASKED if getattr(retro, name)]
        lines.append(f"- {retro.activity.title}, {retro.at:{DAY}}")
        lines += [f"    - {title}: {' '.join(text.split())}" for title, text in said]
        if not retro.activity.lessons.exists():
            lines.append("    - No step was changed afterwards.")
    lines += [
        f"- Now in the playbook: {lesson.line}"
        + (f" ({lesson.get_helped_display()})" if lesson.helped else "")
        for lesson in book.learnt
    ]
    lines += [f"- Proposed: {lesson.line}" for lesson in book.proposed]
    return "\n".join(lines)


def _tried(program: Program) -> str:
    rows = Experiment.objects.filter(program=program).select_related("finding", "protocol")
    lines = []
    for row in rows:
        finding = getattr(row, "finding", None)
        protocol = getattr(row, "protocol", None)
        state = (
            f"{result_said(finding)} Why: {finding.why}"
            + (f" Decision: {finding.decision}" if finding.decision else "")
            if finding
            else f"no result yet; it worked if {row.worked_if}; look back on {row.by:{DAY}}"
        )
        if not finding and protocol is not None and protocol.locked_at:
            state += f". Running: {protocol.change}"
        lines.append(f"- {row.trying}, because {row.because}: {state}")
    return "\n".join(lines)
