"""Hackathons: whom one is for, who signed up, what was handed in and still runs, and the ballots."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from almanac.actions.errors import CannotError
from almanac.answers.imports.import_plan import YOU_SAID
from almanac.answers.log.change_lines import ChangeLine
from almanac.core.vocabulary import Kind
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import (
    USES,
    Hackathon,
    HackathonAudience,
    Judging,
    Length,
    Nearness,
    Project,
    SignupAnswer,
    Teams,
    Turnout,
)
from almanac.record.queries import preferences, seen_guests
from almanac.sources.base.documents import Document
from almanac.sources.base.source import Opened
from almanac.sources.tables.ballots_table import ballots_text, read_ballots
from almanac.sources.tables.projects_table import read_projects
from almanac.sources.tables.signup_answers import read_signup_answers

if TYPE_CHECKING:
    from almanac.record.changelog import Line
    from almanac.record.models import Activity
    from almanac.record.rules import Actor
    from almanac.sources.tables.projects_table import ProjectRow

CHOICES = {"audience": HackathonAudience, "teams": Teams, "length": Length, "nearness": Nearness}
TEXTS = {"theme": 300, "product": 120, "helps": 500}
LARGEST_BALLOTS = 4_000_000


def plan_hackathon(actor: Actor, activity: Activity, **fields: Any) -> Hackathon:
    """Say whom it is for and how it is run."""
    rules.require(rules.may_change_record, actor)
    values = _checked(fields)
    with verb(actor, "plan_hackathon") as line:
        made = _set(line, activity, values)
        line.summary = ChangeLine.HACKATHON(title=activity.title)
    return made


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in fields.items():
        if name in CHOICES:
            if value not in CHOICES[name].values:
                known = ", ".join(each for each in CHOICES[name].values if each)
                raise CannotError(f"{name.capitalize()} is one of {known}.")
            values[name] = value
        elif name in TEXTS:
            text = " ".join(str(value).split())
            if len(text) > TEXTS[name]:
                raise CannotError(f"{name.capitalize()} can be {TEXTS[name]} characters long.")
            values[name] = text
        elif name == "prizes":
            values[name] = _money(value)
        else:
            raise CannotError(f"A hackathon has no {name}.")
    return values


def _money(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        found = Decimal(str(value).replace(",", ""))
    except InvalidOperation as error:
        raise CannotError(f"“{str(value)[:20]}” is not an amount of money.") from error
    if not found.is_finite() or not 0 <= found < Decimal(10) ** 10:
        raise CannotError("Prizes are an amount of money, 0 or more.")
    return found.quantize(Decimal("0.01"))


def _set(line: Line, activity: Activity, values: dict[str, Any]) -> Hackathon:
    _is_one(activity)
    row = Hackathon.objects.filter(activity=activity).first()
    if row is None:
        row = Hackathon.objects.create(activity=activity, updated_at=clock.now(), **values)
        line.create(row)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if changed:
        line.keep(row, *changed, "updated_at")
        for name in changed:
            setattr(row, name, values[name])
        row.updated_at = clock.now()
        row.save()
    # Whoever holds the activity sees what it is now.
    row.activity = activity
    return row


def _is_one(activity: Activity) -> None:
    if activity.kind != Kind.HACKATHON:
        raise CannotError(f"“{activity.title}” is not a hackathon; change its kind first.")


def count_uses(actor: Actor, activity: Activity, **counts: int | None) -> Hackathon:
    """How many projects used the product: used, used_30, used_90. None: not known."""
    rules.require(rules.may_change_record, actor)
    if unknown := set(counts) - set(USES):
        raise CannotError(f"A hackathon has no {', '.join(sorted(unknown))}.")
    _is_one(activity)
    if activity.day is not None and activity.day > preferences.today():
        raise CannotError(f"“{activity.title}” has not taken place yet.")
    row = Hackathon.objects.filter(activity=activity).first()
    now = {name: counts.get(name, getattr(row, name, None)) for name in USES}
    if any(number is not None and not 0 <= number < 10**6 for number in now.values()):
        raise CannotError("How many projects? A whole number, 0 or more.")
    # Who uses it after 90 days used it before; who came back in between counts as well.
    handed = Turnout.objects.filter(activity=activity).values_list("submissions", flat=True).first()
    if handed is not None and any((now[name] or 0) > handed for name in USES):
        raise CannotError(f"{handed:,} projects were handed in, so no more can use the product.")
    first = now["used"]
    if first is not None and any((now[name] or 0) > first for name in USES[1:]):
        raise CannotError(
            "More projects use it later than used it at the hackathon; check the counts."
        )
    with verb(actor, "count_uses") as line:
        made = _set(line, activity, dict(counts))
        line.summary = ChangeLine.HACKATHON_USES(title=activity.title)
    return made


# Sign-up


def read_answers(
    actor: Actor, activity: Activity, document: Document
) -> tuple[int, dict[str, str]]:
    """Read the form's file: how many answered, and which column was read for each question. Whoever
    answered is kept as a keyed hash alone; a newer file of the same form replaces their answers."""
    rules.require(rules.may_read_private, actor)
    _is_one(activity)
    opened = Opened(document, clock.now())
    found = read_signup_answers(opened.table, document.name)
    secret = seen_guests.key_made()
    # Without an address nobody knows whether they came; what they answered counts.
    everybody = [(person, False, told) for person, told in found.answers.items()]
    everybody += [(f"row {row}", True, told) for row, told in found.nameless.items()]
    rows = [
        SignupAnswer(
            activity_id=activity.pk, digest=seen_guests.digest(secret, activity.pk, person),
            is_nameless=nameless, **told,
        )
        for person, nameless, told in everybody
    ]  # fmt: skip
    with verb(actor, "read_answers", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.SIGNUP_ANSWERS(title=activity.title)
        # A newer file of the form holds everybody without an address again.
        SignupAnswer.objects.filter(activity_id=activity.pk, is_nameless=True).delete()
        SignupAnswer.objects.bulk_create(
            rows, batch_size=500, update_conflicts=True, update_fields=list(found.columns),
            unique_fields=["activity_id", "digest"],
        )  # fmt: skip
    return len(rows), found.columns


def forget_answers(actor: Actor, activity: Activity) -> None:
    """Delete what people answered at sign-up; this cannot be undone."""
    rules.require(rules.may_read_private, actor)
    with verb(actor, "forget_answers", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.SIGNUP_ANSWERS_DELETED(title=activity.title)
        SignupAnswer.objects.filter(activity_id=activity.pk).delete()


# Projects


def read_project_file(
    actor: Actor, activity: Activity, document: Document
) -> tuple[dict[str, int], list[str]]:
    """Read what was handed in: new, changed and unchanged projects, and what was left out, in sentences.
    A project is the same by its title. Submissions are counted from it, where nobody said another number."""
    rules.require(rules.may_change_record, actor)
    _is_one(activity)
    opened = Opened(document, clock.now())
    found = read_projects(opened.table, document.name)
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    with verb(actor, "read_projects") as line:
        there_before = list(Project.objects.filter(activity=activity))
        known = {row.title.casefold(): row for row in there_before}
        renamed = _renamed(there_before, found.rows)
        made = []
        for row in found.rows:
            there = known.get(row.title.casefold()) or renamed.get(row.title)
            if there is None:
                made.append(_project(activity, row, document.name))
                counts["new"] += 1
            else:
                counts["changed" if _update(line, there, row) else "unchanged"] += 1
        line.create(*Project.objects.bulk_create(made, batch_size=500))
        remarks = [*found.remarks, *_count_submissions(line, activity, document.name)]
        line.summary = ChangeLine.PROJECTS(title=activity.title, number=counts["new"])
    _mark_handed_in(actor, activity, {email for row in found.rows for email in row.emails})
    return counts, remarks


def _project(activity: Activity, row: ProjectRow, source: str) -> Project:
    return Project(
        activity=activity, title=row.title, team=row.team, pitch=row.pitch, link=row.link,
        repository=row.repository, uses=row.uses, used=row.used, used_30=row.used_30, used_90=row.used_90,
        source=source[:200], created_at=clock.now(),
    )  # fmt: skip


def _update(line: Line, there: Project, row: ProjectRow) -> bool:
    """What a newer file says; what it leaves empty stays."""
    renamed = row.title.casefold() != there.title.casefold()
    names = (
        *(("title",) if renamed else ()),
        "team",
        "pitch",
        "link",
        "repository",
        "uses",
        *USES,
    )
    told = {name: getattr(row, name) for name in names}
    changed = [
        name
        for name, value in told.items()
        if value not in {None, ""} and getattr(there, name) != value
    ]
    if not changed:
        return False
    line.keep(there, *changed)
    for name in changed:
        setattr(there, name, told[name])
    there.save()
    return True


def _renamed(there: list[Project], rows: list[ProjectRow]) -> dict[str, Project]:
    """Projects that have another title in a newer file: by a link that only one has, there and here."""
    links = Counter(row.link for row in rows)
    held = Counter(project.link for project in there)
    titles = {row.title.casefold() for row in rows}
    old = {
        project.link: project
        for project in there
        if project.link and held[project.link] == 1 and project.title.casefold() not in titles
    }
    return {row.title: old[row.link] for row in rows if row.link in old and links[row.link] == 1}


def _count_submissions(line: Line, activity: Activity, file: str) -> list[str]:
    """Count the projects as submissions, unless a person said another number, which stays."""
    number = Project.objects.filter(activity=activity).count()
    turnout = Turnout.objects.filter(activity=activity).first()
    if turnout is None:
        turnout = Turnout.objects.create(
            activity=activity, submissions=number, origins={"submissions": file}
        )
        line.create(turnout)
        return []
    if turnout.submissions == number:
        return []
    if turnout.submissions is not None and turnout.origins.get("submissions", YOU_SAID) == YOU_SAID:
        return [
            f"{number:,} projects are listed; you said {turnout.submissions:,} submissions, which stays"
        ]
    line.keep(turnout, "submissions", "origins")
    turnout.submissions = number
    turnout.origins = turnout.origins | {"submissions": file}
    turnout.save(update_fields=["submissions", "origins"])
    return []


def _mark_handed_in(actor: Actor, activity: Activity, emails: set[str]) -> None:
    """Of those who answered at sign-up with an address, who handed something in; only where the file names
    addresses. Whoever was marked by an earlier file stays so."""
    secret = seen_guests.key()
    rows = list(SignupAnswer.objects.filter(activity_id=activity.pk, is_nameless=False))
    if not emails or secret is None or not rows:
        return
    handed = {seen_guests.digest(secret, activity.pk, email) for email in emails}
    changed = [
        row for row in rows if row.handed_in is not True and row.handed_in != (row.digest in handed)
    ]
    if not changed:
        return
    with verb(actor, "mark_handed_in", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.SIGNUP_ANSWERS(title=activity.title)
        for row in changed:
            row.handed_in = row.digest in handed
        SignupAnswer.objects.bulk_update(changed, ["handed_in"], batch_size=500)


def mark_projects(
    actor: Actor, activity: Activity, flags: dict[int, dict[str, bool | None]]
) -> int:
    """Whether projects used the product, then and later, by their number; how many were changed."""
    rules.require(rules.may_change_record, actor)
    number = 0
    with verb(actor, "mark_projects") as line:
        for project in Project.objects.filter(activity=activity, pk__in=flags):
            told = flags[project.pk]
            changed = [name for name in told if getattr(project, name) != told[name]]
            if not changed:
                continue
            line.keep(project, *changed)
            for name in changed:
                setattr(project, name, told[name])
            project.save(update_fields=changed)
            number += 1
        line.summary = ChangeLine.PROJECTS_MARKED(title=activity.title)
    return number


def forget_project(actor: Actor, project: Project) -> None:
    """Delete a project; this cannot be undone."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "forget_project") as line:
        line.undoable = False
        line.summary = ChangeLine.PROJECT_DELETED()
        activity = project.activity
        project.delete()
        _count_submissions(line, activity, "projects")


# Judging


def read_judging(
    actor: Actor,
    activity: Activity,
    document: Document,
    low: float | None = None,
    high: float | None = None,
) -> Judging:
    """Keep the ballots of a hackathon; a newer file takes their place."""
    rules.require(rules.may_change_record, actor)
    _is_one(activity)
    if low is not None and high is not None and low >= high:
        raise CannotError("The scale begins below its end; write 1 and 5.")
    text = ballots_text(document)
    if len(text) > LARGEST_BALLOTS:
        raise CannotError(f"{document.name} is too large for the ballots of one hackathon.")
    read_ballots(text, document.name, low=low, high=high)
    values = {"file": document.name[:200], "ballots": text, "low": low, "high": high}
    with verb(actor, "read_judging") as line:
        row = Judging.objects.filter(activity=activity).first()
        if row is None:
            row = Judging.objects.create(activity=activity, read_at=clock.now(), **values)
            line.create(row)
        else:
            line.keep(row, *values, "read_at")
            for name, value in values.items():
                setattr(row, name, value)
            row.read_at = clock.now()
            row.save()
        line.summary = ChangeLine.JUDGED(title=activity.title)
    return row


def forget_judging(actor: Actor, judging: Judging) -> None:
    """Delete the ballots; this cannot be undone."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "forget_judging") as line:
        line.undoable = False
        line.summary = ChangeLine.JUDGING_DELETED()
        judging.delete()
