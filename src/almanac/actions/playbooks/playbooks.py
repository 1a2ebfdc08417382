"""Playbooks: write, run, look back, learn; read from and written to a folder of Markdown."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING

from almanac.actions.errors import CannotError
from almanac.actions.programs import program_for
from almanac.answers import words
from almanac.answers.log.change_lines import ChangeLine
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Helped,
    Lesson,
    LessonState,
    Part,
    PartKind,
    PlaybookVersion,
    Program,
    Retro,
    Run,
)
from almanac.record.queries.names import called
from almanac.sources.text import playbook_template, playbook_text

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from almanac.record.changelog import Line
    from almanac.record.rules import Actor


MOST_DAYS = 365
MARKDOWN = (".md", ".markdown")
WRITTEN = ".almanac-playbooks"
"""Beside the files: their hashes as they were written, so that what nobody changed may be replaced."""


def write_playbook(actor: Actor, program: Program, text: str, why: str = "") -> PlaybookVersion:
    """A new version where the text has changed; else the one there is."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "write_playbook") as line:
        version = new_version(program, text, why, line)
        line.summary = ChangeLine.PLAYBOOK(program=program.name, number=version.number)
    return version


def add_step(
    actor: Actor, program: Program, title: str, days: int, *, before: bool = True,
    hours: float | None = None, owner: str = "",
) -> PlaybookVersion:  # fmt: skip
    """A step that many days before or after the event, for those who don't write Markdown."""
    rules.require(rules.may_change_record, actor)
    title = " ".join(title.split())
    owner = owner.strip().lstrip("@")
    line = f"- T{'-' if before else '+'}{days} days: {title}" if days else f"- T: {title}"
    line += f" ({hours:g}h)" if hours else ""
    line += f" @{owner}" if owner else ""
    if not title or playbook_text.step_of(line) is None or days > MOST_DAYS:
        raise CannotError(
            f"A step needs a few words, and at most {MOST_DAYS} days before or after."
        )
    latest = program.playbook_versions.last()
    text = latest.text if latest else f"# {program.name}\n\n## Steps\n\n"
    return write_playbook(
        actor, program, playbook_text.with_lesson(text, "", line), f"Added {title}"
    )


def remove_step(actor: Actor, program: Program, title: str) -> PlaybookVersion:
    """The playbook without the first step of that title."""
    rules.require(rules.may_change_record, actor)
    latest = program.playbook_versions.last()
    steps = playbook_text.steps(latest.text) if latest else []
    row = next((step.row for step in steps if step.title == title), None)
    if latest is None or row is None:
        raise CannotError("There is no such step any more.")
    rows = latest.text.splitlines()
    del rows[row - 1]
    return write_playbook(actor, program, "\n".join(rows), f"Removed {title}")


def new_version(program: Program, text: str, why: str, line: Line) -> PlaybookVersion:
    """The same within another verb."""
    text = text.replace("\r\n", "\n").strip() + "\n"
    if text.strip():
        text = playbook_template.without_hints(text)
        if not text:
            raise CannotError(
                "Nothing is written yet: change a step, or answer one of the questions. Questions you "
                "leave are not saved."
            )
    if len(text) > playbook_text.LONGEST:
        raise CannotError(
            f"A playbook has up to {playbook_text.LONGEST:,} letters; put the rest behind a link."
        )
    if not text.strip():
        raise CannotError("The playbook is empty. Write at least one step.")
    latest = program.playbook_versions.last()
    if latest is not None and latest.text == text:
        return latest
    made = PlaybookVersion.objects.create(
        program=program, number=latest.number + 1 if latest else 1, text=text,
        why=" ".join(why.split())[:300], made_at=clock.now(),
    )  # fmt: skip
    line.create(made)
    return made


def lay_out(actor: Actor, activity: Activity) -> Run | None:
    """Add the steps of its program's playbook to an activity, with dates; None without a playbook.
    Added once: steps skipped or added afterwards are remembered as they are."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "lay_out") as line:
        run = lay_steps(activity, line)
        if run is not None:
            line.summary = ChangeLine.STEPS(title=activity.title)
    return run


def lay_steps(activity: Activity, line: Line) -> Run | None:
    """The same within another verb."""
    version = activity.program.playbook_versions.last()
    if version is None or Run.objects.filter(activity=activity).exists():
        return Run.objects.filter(activity=activity).first()
    if activity.day is None:
        raise CannotError(f"{activity.title} has no date yet, so its steps have no dates.")
    run = Run.objects.create(activity=activity, version=version, laid_at=clock.now())
    line.create(run)
    for step in playbook_text.steps(version.text):
        kind = PartKind.PREPARATION if step.days <= 0 else PartKind.FOLLOW_UP
        line.create(
            Part.objects.create(
                activity=activity,
                kind=kind,
                title=step.title,
                heading=f"@{step.owner}" if step.owner else "",
                hours=None if step.hours is None else Decimal(str(step.hours)),
                day=_day(activity.day, step.days),
                outside_id=f"step:{version.number}:{step.row}",
            )
        )
    return run


def _day(day: date, days: int) -> date | None:
    """None beyond what a calendar has."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def look_back(
    actor: Actor, activity: Activity, *, went_well: str = "", maximise: str = "",
    went_badly: str = "", why: str = "",
) -> Retro:  # fmt: skip
    """The retro of an activity; said again it replaces the earlier one."""
    rules.require(rules.may_change_record, actor)
    values = {"went_well": went_well, "maximise": maximise, "went_badly": went_badly, "why": why}
    if not any(text.strip() for text in values.values()):
        raise CannotError("Enter at least one thing: what went well, or what didn’t.")
    with verb(actor, "look_back") as line:
        line.summary = ChangeLine.RETROSPECTIVE(title=activity.title)
        retro = Retro.objects.filter(activity=activity).first()
        if retro is None:
            retro = Retro.objects.create(activity=activity, at=clock.now(), **values)
            line.create(retro)
            return retro
        line.keep(retro, *values)
        for name, text in values.items():
            setattr(retro, name, text.strip())
        retro.save()
    return retro


def propose(actor: Actor, activity: Activity, lesson: str, step: str = "") -> Lesson:
    """A change as a line of the playbook, such as “T-7 days: remind everyone”; step names the one it
    replaces."""
    rules.require(rules.may_change_record, actor)
    lesson = " ".join(lesson.split())
    if playbook_text.step_of(lesson if lesson[:1] in "-*" else f"- {lesson}") is None:
        raise CannotError("Write it as a step, such as: T-7 days: remind everyone (1h)")
    with verb(actor, "propose_lesson") as line:
        made = Lesson.objects.create(
            activity=activity, program=activity.program, step=" ".join(step.split())[:300],
            line=lesson[:400], at=clock.now(),
        )  # fmt: skip
        line.create(made)
        line.summary = ChangeLine.LESSON(lesson=made.said)
    return made


def decide(actor: Actor, lesson: Lesson, *, accept: bool) -> Lesson:
    """Take a lesson into the playbook, as a new version, or not."""
    rules.require(rules.may_change_record, actor)
    if lesson.state != LessonState.PROPOSED:
        raise CannotError(f"{lesson.line} is decided already.")
    with verb(actor, "decide_lesson") as line:
        line.keep(lesson, "state")
        lesson.state = LessonState.ACCEPTED if accept else LessonState.DECLINED
        lesson.save(update_fields=["state"])
        if accept:
            latest = lesson.program.playbook_versions.last()
            text = playbook_text.with_lesson(
                latest.text if latest else "", lesson.step, lesson.line
            )
            new_version(lesson.program, text, f"Learnt from {lesson.activity.title}", line)
        line.summary = ChangeLine.LESSON_DECIDED(
            lesson=lesson.said, state=lesson.get_state_display()
        )
    return lesson


def say_helped(actor: Actor, lesson: Lesson, helped: str) -> Lesson:
    """At the next run: did what was learnt help?"""
    rules.require(rules.may_change_record, actor)
    if helped not in Helped.values:
        raise CannotError("It helped, or it did not: yes or no.")
    with verb(actor, "say_helped") as line:
        line.keep(lesson, "helped")
        lesson.helped = helped
        lesson.save(update_fields=["helped"])
        line.summary = ChangeLine.LESSON_HELPED(
            lesson=lesson.said, helped=lesson.get_helped_display()
        )
    return lesson


# A folder of Markdown


def read_folder(actor: Actor, folder: Path) -> dict[str, int]:
    """A playbook for each Markdown file, under the program its first heading or its name says; how
    many were new, changed and unchanged."""
    rules.require(rules.may_change_record, actor)
    refuse_links(folder)
    files = sorted(folder.rglob("*.md")) if folder.is_dir() else [folder]
    root = folder if folder.is_dir() else folder.parent
    files = [
        file
        for file in files
        if file.suffix.lower() in MARKDOWN
        and file.stem.casefold() != "readme"
        and not any(part.startswith(".") for part in file.relative_to(root).parts)
    ]
    if not files or not files[0].exists():
        raise CannotError(f"There is no Markdown file in {folder}.")
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    with verb(actor, "read_playbooks") as line:
        for file in files:
            text = playbook_text.read(file)
            if not text.strip():
                continue
            name = _name(file, text)
            known = Program.objects.filter(slug=file.stem).first()
            known = known or called(Program.objects.all(), name)
            program = known or program_for(name, line)
            before = program.playbook_versions.count()
            after = new_version(program, text, f"Read from {file.name}", line).number
            counts["created" if not before else "changed" if after > before else "unchanged"] += 1
        line.summary = ChangeLine.PLAYBOOKS(
            playbooks=words.counted(len(files), "playbook", "playbooks")
        )
    return counts


def _name(file: Path, text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    name = first.lstrip("# ").strip() if first.startswith("# ") else ""
    return (name or file.stem.replace("-", " ").replace("_", " ").capitalize())[:200]


def write_folder(actor: Actor, folder: Path) -> int:
    """Every program's playbook as `slug.md`; a file of another text is replaced only where it is one
    of ours, told by its program's heading."""
    rules.require(rules.may_read_record, actor)
    refuse_links(folder)
    written = 0
    mark = folder / WRITTEN
    ours = dict(line.split(" ", 1)[::-1] for line in _lines(mark))
    for program in Program.objects.all():
        latest = program.playbook_versions.last()
        if latest is None:
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotError(f"{folder} is no folder that can be written to.") from error
        file = folder / f"{program.slug}.md"
        text = latest.text if latest.text.startswith("# ") else f"# {program.name}\n\n{latest.text}"
        there = playbook_text.read(file) if file.exists() else None
        is_ours = there is None or ours.get(file.name) == _hash(there) or _is_of(program, there)
        if not is_ours:
            raise CannotError(f"{file} is there and is not this playbook; name another folder.")
        file.write_text(text, encoding="utf-8")
        ours[file.name] = _hash(text)
        kept = "".join(f"{value} {name}\n" for name, value in sorted(ours.items()))
        mark.write_text(kept, encoding="utf-8")
        written += 1
    return written


def refuse_links(folder: Path) -> None:
    """A folder that is a link, or holds one, would be read or written somewhere else."""
    for file in (folder, *(sorted(folder.rglob("*")) if folder.is_dir() else ())):
        if file.is_symlink():
            raise CannotError(f"{file} is a link to somewhere else; nothing was changed.")


def _lines(mark: Path) -> list[str]:
    return (
        [row for row in playbook_text.read(mark).splitlines() if " " in row]
        if mark.is_file()
        else []
    )


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _is_of(program: Program, text: str) -> bool:
    """Whether a file begins as a version of this playbook did, or with the program's name."""
    first = text.partition("\n")[0].strip()
    begun = {version.text.partition("\n")[0].strip() for version in program.playbook_versions.all()}
    return first in begun | {f"# {program.name}"}
