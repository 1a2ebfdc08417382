"""Playbooks: steps, versions and what changed, what good looks like, what runs say of the steps."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import unified_diff
from statistics import median
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.playbooks.freshness import stale
from almanac.core.vocabulary import GATHERINGS, Status
from almanac.record import rules
from almanac.record.models import Activity, Lesson, LessonState, PlaybookVersion, Program, Retro
from almanac.record.queries import preferences
from almanac.record.queries.attendance import signed_and_came
from almanac.record.queries.versions import record_version, remembered
from almanac.sources.text import playbook_template, playbook_text
from almanac.sources.text.playbook_text import Step

if TYPE_CHECKING:
    from almanac.record.rules import Actor

USUAL_OF = 12
MOST_VERSIONS = 50


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A version with what it changed, as lines that begin with + or -."""

    version: PlaybookVersion
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Playbook:
    """stale: what may not hold any more, in sentences; good: what good looks like, from the record."""

    program: Program
    version: PlaybookVersion | None
    steps: tuple[Step, ...]
    changes: tuple[VersionChange, ...]
    good: tuple[str, ...]
    stale: tuple[str, ...]
    proposed: tuple[Lesson, ...]
    learnt: tuple[Lesson, ...]
    runs: int


@dataclass(frozen=True, slots=True)
class PlaybookInBrief:
    """What an event's page needs of a playbook."""

    version: PlaybookVersion
    steps: tuple[Step, ...]
    stale: tuple[str, ...]


@remembered(record_version, preferences.today, most=32)
def playbook_in_brief(actor: Actor, program: Program) -> PlaybookInBrief | None:
    """The latest version with what is out of date in it; None where nothing is written."""
    rules.require(rules.may_read_record, actor)
    latest = PlaybookVersion.objects.filter(program=program).order_by("number").last()
    version = written(latest) if latest else None
    if version is None:
        return None
    steps = tuple(playbook_text.steps(version.text))
    return PlaybookInBrief(version, steps, tuple(stale(program, version.text)))


def written(version: PlaybookVersion) -> PlaybookVersion | None:
    """A version with what somebody wrote; None for a template that was saved untouched."""
    text = playbook_template.without_hints(version.text)
    if not text:
        return None
    version.text = text
    return version


def find_playbook(actor: Actor, slug: str) -> Playbook | None:
    rules.require(rules.may_read_record, actor)
    program = Program.objects.filter(slug=slug).first()
    if program is None:
        return None
    versions = list(program.playbook_versions.all())
    latest = written(versions[-1]) if versions else None
    lessons = list(Lesson.objects.filter(program=program).select_related("activity"))
    return Playbook(
        program, latest, tuple(playbook_text.steps(latest.text)) if latest else (),
        tuple(_changes(versions)), tuple(_good(program)), tuple(stale(program, latest.text if latest else "")),
        tuple(row for row in lessons if row.state == LessonState.PROPOSED),
        tuple(row for row in lessons if row.state == LessonState.ACCEPTED),
        Activity.objects.filter(program=program).exclude(run=None).count(),
    )  # fmt: skip


def lessons_to_check(actor: Actor, activity: Activity) -> list[Lesson]:
    """What earlier runs taught the playbook, and nobody has said yet whether it helped."""
    rules.require(rules.may_read_record, actor)
    rows = Lesson.objects.filter(
        program=activity.program, state=LessonState.ACCEPTED, helped="", activity__day__isnull=False
    )
    day = activity.day
    return (
        [] if day is None else list(rows.filter(activity__day__lt=day).select_related("activity"))
    )


def _changes(versions: list[PlaybookVersion]) -> list[VersionChange]:
    found = []
    recent = versions[-MOST_VERSIONS:]
    for before, after in zip([None, *recent], recent, strict=False):
        old = before.text.splitlines() if before else []
        diff = unified_diff(old, after.text.splitlines(), lineterm="", n=0)
        lines = [line for line in diff if not line.startswith(("---", "+++", "@@"))]
        found.append(VersionChange(after, tuple(lines[:60])))
    return found[::-1]


def _good(program: Program) -> list[str]:
    """Usual turnout, effort, no-show rate and whether it was worth it, of the last runs: of what
    people came to, where the program has any."""
    done = Activity.objects.filter(program=program, status=Status.DONE).select_related("turnout")
    gatherings = done.filter(kind__in=GATHERINGS)
    # A stream that warms up for a hackathon is no run of it.
    most = Counter(gatherings.values_list("kind", flat=True)).most_common(1)
    runs = gatherings.filter(kind=most[0][0]) if most else done
    rows = list(runs.order_by("-day")[:USUAL_OF])
    said = []
    came = [r.turnout.attended for r in rows if r.is_counted and r.turnout.attended is not None]
    if came:
        said.append(
            f"Usually {median(came):.0f} come ({min(came)} to {max(came)}, from "
            f"{words.counted(len(came), 'event', 'events')} with a count)."
        )
    signed, showed = signed_and_came(rows)
    if signed:
        said.append(
            f"Of {words.number(signed)} who signed up, {words.number(showed)} came ({words.share(showed / signed)})."
        )
    hours = [float(r.hours_spent) for r in rows if r.hours_spent is not None]
    if hours:
        said.append(f"It takes about {median(hours):.0f} h.")
    costs = [float(r.cost) for r in rows if r.cost is not None]
    if costs:
        said.append(f"It costs about {median(costs):,.0f}.")
    worth = Counter(r.turnout.worth_it for r in rows if r.turnout_if_any and r.turnout.worth_it)
    if worth:
        said.append(f"Worth it for those who came: {words.worth_said(worth)}.")
    return said


def latest_versions(actor: Actor) -> list[tuple[Program, PlaybookVersion | None]]:
    """Every program with the latest version of its playbook."""
    rules.require(rules.may_read_record, actor)
    rows = [program for program in Program.objects.all() if not program.is_unsorted]
    return [(program, program.playbook_versions.last()) for program in rows]


def find_lesson(actor: Actor, key: int) -> Lesson | None:
    rules.require(rules.may_read_record, actor)
    return Lesson.objects.filter(pk=key).first()


def retro_of(actor: Actor, activity: Activity) -> Retro | None:
    """The look back at an activity, if anybody did."""
    rules.require(rules.may_read_record, actor)
    return Retro.objects.filter(activity=activity).first()
