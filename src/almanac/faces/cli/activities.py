"""`almanac log`, `heard` and `undo`: write a thing down once."""

from __future__ import annotations

import sys
from datetime import date, datetime, time
from shlex import quote as quoted
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from almanac.actions.capture import capture, understand
from almanac.actions.community.quotes import hear
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo as take_back
from almanac.actions.preferences import prefer
from almanac.answers.log import logbook
from almanac.answers.log.captured import understood
from almanac.answers.log.filing import suggested_program
from almanac.answers.log.logbook import find_program
from almanac.answers.log.plain import plain_activity, plain_day, reach_of
from almanac.answers.log.recurring import rule_said
from almanac.answers.log.repeated import written_a_moment_ago
from almanac.answers.log.search import search
from almanac.answers.words import counted, moment_said
from almanac.core.vocabulary import Kind, Status, status_named, values
from almanac.faces.cli import out
from almanac.faces.cli.open import open_logbook
from almanac.record.infra import clock
from almanac.record.models.programs import UNSORTED
from almanac.record.queries import preferences
from almanac.record.rules import OWNER
from almanac.sources.capture import line as reader

if TYPE_CHECKING:
    from almanac.record.models import Activity
    from almanac.sources.capture.line import Captured

MOST_SHOWN = 6

JsonFlag = Annotated[bool, Parameter(name="--json", negative="")]


def log(
    *text: str,
    program: str = "",
    on: str = "",
    held: Annotated[
        Literal["online", "in_person", "hybrid"] | None, Parameter(name="--format")
    ] = None,
    today: str = "",
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative="")] = False,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    again: Annotated[bool, Parameter(negative="")] = False,
    as_json: JsonFlag = False,
) -> int:
    """Write down what you did, or will do: “Gave the API talk at PyTexas, 80 people, 6h”.

    It understands days (yesterday, last Tuesday, 3 March, in 2 weeks at 18:00, Q3 2026), hours (6h,
    90 min, half a day), people (80 came, 61 signed up, about 50, expecting 40, venue holds 60), costs
    ($120), links, #tags and programs (“Talks: …”, “@Talks”). “Asked to”, “need to … by Friday” and
    “idea:” say that it is not done yet. What it did not understand is named. Without text, lines are
    read from standard input, one activity each.

    Parameters
    ----------
    text
        What you did.
    program
        The program it belongs to; made if it is new.
    on
        The day, in words of any language: “last friday”, “gestern”, 2026-03-05.
    held
        Where it is held, if the line does not say: online, in_person or hybrid.
    today
        Read words such as “yesterday” from this day on, instead of from now: 2026-03-05.
    yes
        Do not ask back.
    dry_run
        Only show what was understood.
    again
        Write it down even if the same line was written down within the last minute.
    as_json
        Print JSON.
    """
    written = " ".join(text)
    if not written and not sys.stdin.isatty():
        written = sys.stdin.buffer.read().decode("utf-8", "replace")
    open_logbook()

    now = _noon_of(today) if today else None
    read, unread = understand(OWNER, written, on, now)
    if unread:
        raise CannotError(f"Line {unread[0].number}: {unread[0].reason} Nothing was logged.")
    if dry_run:
        _show(read, as_json, [])
        return 0
    if out.is_terminal() and not yes and not as_json:
        unsure = next((item for item in read if item.unsure_day and item.day), None)
        if unsure is not None:
            _ask_date_order(unsure)
            read, _ = understand(OWNER, written, on, now)
        _show(read, as_json=False, made=[])
        if out.ask("Log it? [Y/n]  ", "y").lower().startswith("n"):
            out.say("Nothing was logged.")
            return 0
    before = [] if again else written_a_moment_ago(OWNER, read, program)
    made = before or capture(OWNER, read, program, held or "")
    if not before and any(activity.repeating for activity in made):
        _show_repeating(made, as_json)
        return 0
    _show(read, as_json, made, repeated=bool(before))
    if not as_json and len(read) == 1 and read[0].quote:
        out.say("Did somebody say that? almanac undo, then: almanac heard “…” --who NAME")
    return 0


def _show_repeating(made: list[Activity], as_json: bool) -> None:
    """What was planned by a rule, each occurrence an activity of its own."""
    if as_json:
        says = {a.repeating_id: rule_said(a.repeating.recurrence) for a in made if a.repeating}
        out.data({
            "activities": [plain_activity(each) | {"repeats": says.get(each.repeating_id)} for each in made]
        })  # fmt: skip
        return
    first = next(activity for activity in made if activity.repeating)
    rule = rule_said(first.repeating.recurrence) if first.repeating else ""
    out.say(f"Planned {counted(len(made), 'activity', 'activities')}: {first.title}, {rule}")
    for activity in made[:MOST_SHOWN]:
        begins = activity.local_start or activity.day
        out.say(f"  {moment_said(begins)}  {activity.title}")
    if len(made) > MOST_SHOWN:
        out.say(f"  and {len(made) - MOST_SHOWN} more")
    last = first.repeating.recurrence.last if first.repeating else None
    if last is None or (made[-1].day and last > made[-1].day):
        out.say("  More are planned eight weeks ahead.")
    out.say("  Not right? almanac undo")


def _noon_of(words: str) -> datetime:
    try:
        day = date.fromisoformat(words)
    except ValueError as error:
        raise CannotError(f"--today is a day such as 2026-03-05, not “{words}”.") from error
    return datetime.combine(day, time(12), preferences.zone())


def _ask_date_order(unsure: Captured) -> None:
    """Ask once how dates are written, where a line shows that it matters."""
    said = out.ask(f"Is that {unsure.day:%-d %B} (day first)? [Y/n] ", "y").lower()
    prefer(OWNER, date_order="month" if said.startswith("n") else "day")


def _show(
    read: list[Captured], as_json: bool, made: list[Activity], *, repeated: bool = False
) -> None:
    if as_json:
        told: dict[str, Any] = {
            "activities": [_plain(item, made[i] if made else None) for i, item in enumerate(read)]
        }
        out.data(told | ({"repeated": True} if repeated else {}))
        return
    if repeated:
        titles = ", ".join(f"“{activity.title}”" for activity in made)
        out.say(f"Already logged within the last minute, so not logged twice: {titles}")
        out.say("  To log it again, add --again.")
        return
    for index, item in enumerate(read):
        out.say(f"{'Logged' if made else 'Understood'}: {item.title}")
        if item.not_understood:
            out.say(f"  Not understood: {', '.join(item.not_understood)}")
        out.say(f"  {'; '.join(understood(item))}")
        if item.unsure_day and item.day:
            out.say(
                f"  Read as {item.day:%-d %B}; if you write the month first: "
                "almanac init --dates month-first"
            )
        if made:
            _say_program(made[index], item)
    if made:
        out.say("  Not right? almanac undo")


def _say_program(activity: Activity, item: Captured) -> None:
    if activity.program.name != UNSORTED:
        out.say(f"  In {activity.program.name}")
        return
    near = suggested_program(OWNER, item.title, item.kind)
    if near:
        out.say(f"  Unsorted. {near}? almanac program file {activity.pk} --under {quoted(near)}")


def _plain(item: Captured, activity: Activity | None) -> dict[str, Any]:
    return {
        "id": activity.pk if activity else None,
        "title": item.title,
        "kind": item.kind,
        "status": item.status,
        "day": plain_day(item.day, item.period),
        "starts_at": item.starts_at,
        "ends_at": item.ends_at,
        "due": item.due,
        "hours": item.hours,
        "travel": item.travel,
        "counts": item.counts,
        "attended_evidence": (
            ("approximate" if "attended" in item.approximate else "counted")
            if "attended" in item.counts
            else None
        ),
        "reach": item.reach,
        "cost": item.cost,
        "currency": item.currency,
        "links": item.links,
        "tags": item.tags,
        "program": activity.program.name if activity else item.program or None,
        "not_understood": item.not_understood,
    }


def day_from(words: str) -> date:
    """A day in words, such as friday, last week or 2026-05-04; the logbook must be open."""

    found = reader.read("day", clock.now(), preferences.zone(), words).day
    if found is None:
        raise CannotError(f"“{words}” is not a day; write friday, yesterday or 2026-05-04.")
    return found


def day_ahead_if_any(words: str) -> date | None:
    """The same of something still to come: friday is the next one."""

    if not words:
        return None
    found = day_from(words)
    spelt = not any(letter.isdigit() for letter in words)
    return day_from(f"next {words}") if spelt and found < preferences.today() else found


def day_if_any(words: str) -> date | None:
    return day_from(words) if words else None


def listed(
    words: str = "",
    *,
    program: str = "",
    kind: str = "",
    status: str = "",
    since: str = "",
    until: str = "",
    as_json: JsonFlag = False,
) -> int:
    """List activities, newest first; all of them, or those the options name.

    Parameters
    ----------
    words
        Only those whose title, place or notes hold these words.
    program
        Only those of this program.
    kind
        Only this kind, such as talk.
    status
        Only this status: requested, idea, planned, in progress, done, declined or cancelled.
    since
        From this day on, such as monday or 2026-05-04.
    until
        Up to this day.
    as_json
        Print JSON.
    """
    open_logbook()
    wanted = status_named(status) if status else None
    if status and wanted is None:
        raise CannotError(f"The status is one of {', '.join(term.label for term in Status)}.")
    if kind and kind not in values(Kind):
        raise CannotError(f"The kind is one of {', '.join(values(Kind))}.")
    found_program = find_program(OWNER, program) if program else None
    if program and found_program is None:
        raise CannotError(f"There is no program called {program}; almanac program lists them.")
    rows = logbook.listed(
        OWNER,
        logbook.Filter(
            words=words,
            program=found_program.slug if found_program else "",
            kind=kind,
            status=wanted or "",
            since=day_if_any(since),
            until=day_if_any(until),
        ),
    )
    if as_json:
        reach = reach_of(rows)
        out.data([plain_activity(row, reach.get(row.pk)) for row in rows])
    elif not rows:
        out.say("No activities match.")
    else:
        out.rows(
            ["", "day", "what", "kind", "status", "program"],
            [
                [
                    str(row.pk),
                    f"{row.day:%-d %b %Y}" if row.day else "",
                    row.title,
                    Kind(row.kind).label,
                    row.get_status_display(),
                    row.program.label,
                ]
                for row in rows
            ],
            right=frozenset({0}),
        )
    if words and not as_json:
        _say_elsewhere(words)
    return 0


def _say_elsewhere(text: str) -> None:
    """What else holds the words: quotes, feedback, playbooks, experiments, projects, people."""
    found = search(OWNER, text)
    for quote in found.quotes[:MOST_SHOWN]:
        out.say(f"Quote, {quote.day:%-d %b %Y}: “{quote.text[:120]}”")
    for hit in found.playbooks:
        out.say(f"Playbook of {hit.version.program.name}: {hit.line}")
    for each in found.experiments[:MOST_SHOWN]:
        out.say(f"Experiment {each.pk}: {each.trying}")
    for row in found.feedback[:MOST_SHOWN]:
        out.say(f"Feedback {row.pk}: {row.text[:120]}")
    for project in found.projects[:MOST_SHOWN]:
        out.say(f"Project, {project.activity.title}: {project.title}")
    for person in found.people[:MOST_SHOWN]:
        out.say(f"{person.name}: {person.activity.title if person.activity else 'written down'}")


def heard(
    text: str,
    *,
    by: str = "",
    who: str = "",
    on: str = "",
    program: str = "",
    as_json: JsonFlag = False,
) -> int:
    """Save what somebody said about your work. It stays private until you note their consent.

    Parameters
    ----------
    text
        Their words.
    by
        How it reached you: DM, survey, over coffee.
    who
        Who said it, if you want to keep that.
    on
        The day, if it was not today.
    program
        The program it is about.
    as_json
        Print JSON.
    """
    open_logbook()

    day = day_if_any(on)
    quote = hear(OWNER, text, via=by, who=who, day=day, program=program)
    if as_json:
        out.data({"id": quote.pk, "text": quote.text, "via": quote.via, "consent": quote.consent})
    else:
        out.say(f"Saved, only you can see it: “{quote.text}”")
        out.say("  When they say you may use it, note it under Community in almanac serve.")
    return 0


def undo(*, as_json: JsonFlag = False) -> int:
    """Take back the latest thing you did, such as a log line or an import.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()

    change = take_back(OWNER)
    if as_json:
        out.data({"undone": change.summary, "verb": change.verb, "at": change.at})
    else:
        out.say(f"Undone: {change.summary}")
    return 0
