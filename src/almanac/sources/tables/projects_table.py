"""Projects handed in at a hackathon: Devpost's export, or any table with a row a project."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from almanac.sources.base.cells import cell, clean
from almanac.sources.base.formulas import whole
from almanac.sources.base.rows import UnreadableError

if TYPE_CHECKING:
    from almanac.sources.base.reading import Table

TITLE = (
    "project title",
    "submission title",
    "project name",
    "project",
    "name of project",
    "name of the project",
    "submission",
    "submission name",
    "entry",
    "what did you build",
    "what did you make",
    "what are you building",
    "projekt",
    "projektname",
    "projekttitel",
    "proyecto",
    "projet",
)
ALSO_TITLE = ("title", "name")
"""Titles only beside what projects have: what they are built with, their code, a team or a pitch."""
LINK = (
    "submission url",
    "project url",
    "project link",
    "url",
    "link",
    "demo",
    "demo url",
    "try it out links",
    "video demo link",
)
REPOSITORY = (
    "repository",
    "repo",
    "github",
    "github link",
    "github url",
    "source code",
    "code",
    "gitlab",
)
USES = ("built with", "built_with", "technologies", "tech stack", "uses", "stack", "tags")
PITCH = (
    "about the project",
    "tagline",
    "pitch",
    "description",
    "plain description",
    "summary",
    "elevator pitch",
)
MEMBERS = re.compile(
    r"^(?:submitter|team(?: member)?(?: \d+)?|member(?: \d+)?|authors?|participants?|team name|builders?)(?:.*name)?s?$"
)
NAMED = re.compile(r"(?:submitter|team member \d+|member \d+) (first|last) name")
EMAIL = re.compile(r"e-?mail")
FLAGS = {
    "used_90": re.compile(r"(?:used?|using|in use|active).*\b90\b|\b90\b.*(?:use|active)"),
    "used_30": re.compile(r"(?:used?|using|in use|active).*\b30\b|\b30\b.*(?:use|active)"),
    "used": re.compile(r"^(?:used?|uses|using)(?: (?:the |our |it|product|api|sdk).*)?$|uses? (?:the )?product|did you use"),
}  # fmt: skip
YES, NO = (
    frozenset(["yes", "y", "true", "1", "x", "ja", "oui", "sí", "si"]),
    frozenset(["no", "n", "false", "0", "nein", "non"]),
)
DRAFTS = frozenset(["draft", "not submitted", "unsubmitted", "in progress"])
MOST = 20_000


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project. emails: of its team, for counting who handed something in, and never kept."""

    row: int
    title: str
    team: str = ""
    pitch: str = ""
    link: str = ""
    repository: str = ""
    uses: str = ""
    used: bool | None = None
    used_30: bool | None = None
    used_90: bool | None = None
    emails: tuple[str, ...] = ()


@dataclass(slots=True)
class Projects:
    """rows: each project once; remarks: what was left out, and why, in sentences."""

    rows: list[ProjectRow] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_projects(table: Table | None, name: str) -> Projects:
    """Raises UnreadableError where the table has no column of projects."""
    title = _title(table.keys) if table is not None else ""
    if table is None or not title:
        raise UnreadableError(
            f"{name} has no column with the projects’ titles, such as “Project title” or “Submission Title”."
        )
    found = Projects()
    seen: dict[str, int] = {}
    by_title: dict[str, ProjectRow] = {}
    drafts = nameless = 0
    for line, record, _ in table.records():
        told = clean(whole(record.get(title, "")))[:300]
        if not told:
            nameless += any(text.strip() for text in record.values())
            continue
        if cell(record, ("project status", "submission status", "status")).lower() in DRAFTS:
            drafts += 1
            continue
        project = _project(line, told, record)
        number = 1
        while _is_another(project, by_title.get(project.title.casefold())):
            number += 1
            project = replace(project, title=f"{told[:290]} ({number})")
        key = project.title.casefold()
        by_title[key] = project
        if key in seen:
            found.remarks.append(
                f"“{told[:60]}” stands in row {seen[key]} and row {line}; the later one was read."
            )
            found.rows = [row for row in found.rows if row.title.casefold() != key]
        seen[key] = line
        found.rows.append(project)
    if drafts:
        found.remarks.append(f"Left out, as not handed in: {drafts:,}.")
    if nameless:
        found.remarks.append(
            f"{nameless:,} {'row has' if nameless == 1 else 'rows have'} no title."
        )
    if len(found.rows) > MOST:
        raise UnreadableError(
            f"{name} has {len(found.rows):,} projects; {MOST:,} can be read at once."
        )
    if not found.rows:
        raise UnreadableError(f"{name} holds no project. {' '.join(found.remarks)}".strip())
    return found


def _is_another(one: ProjectRow, other: ProjectRow | None) -> bool:
    """Whether two rows of one title are two projects: by their links, else by who handed them in."""
    if other is None:
        return False
    if one.link and other.link:
        return one.link != other.link
    return bool(one.emails and other.emails and not set(one.emails) & set(other.emails))


def _title(keys: tuple[str, ...]) -> str:
    plain = {key.rstrip("?:* "): key for key in reversed(keys)}
    found = next((plain[name] for name in TITLE if name in plain), "")
    if found or not (set(keys) & {*REPOSITORY, *USES, *PITCH} or any(map(MEMBERS.match, keys))):
        return found
    return next((plain[name] for name in ALSO_TITLE if name in plain), "")


def _project(line: int, title: str, record: dict[str, str]) -> ProjectRow:
    flags = {name: _flag(record, pattern) for name, pattern in FLAGS.items()}
    return ProjectRow(
        line, title, _team(record), clean(whole(cell(record, PITCH)))[:2_000],
        _address(cell(record, LINK)), _address(cell(record, REPOSITORY)),
        ", ".join(_parts(whole(cell(record, USES))))[:500],
        flags["used"], flags["used_30"], flags["used_90"], _emails(record),
    )  # fmt: skip


def _parts(text: str) -> list[str]:
    return [part for part in (clean(each) for each in re.split(r"[,;\n]+", text)) if part]


def _flag(record: dict[str, str], pattern: re.Pattern[str]) -> bool | None:
    for key, text in record.items():
        if not pattern.search(key) or (pattern is FLAGS["used"] and re.search(r"\b[39]0\b", key)):
            continue
        told = text.strip().lower()
        if told in YES | NO:
            return told in YES
    return None


def _team(record: dict[str, str]) -> str:
    names = [
        clean(f"{text} {record.get(key.replace('first', 'last'), '')}")
        for key, text in record.items()
        if (named := NAMED.search(key)) and named[1] == "first" and text.strip()
    ]
    for key, text in record.items():
        if not names and MEMBERS.match(key) and text.strip() and "@" not in text:
            names += _parts(whole(text))
    return ", ".join(dict.fromkeys(name for name in names if name))[:500]


def _emails(record: dict[str, str]) -> tuple[str, ...]:
    cells = (text for key, text in record.items() if EMAIL.search(key))
    found = (email.strip().lower() for text in cells for email in re.split(r"[,;\s]+", text))
    return tuple(dict.fromkeys(email for email in found if "@" in email))


def _address(text: str) -> str:
    first = re.split(r"[\s,;]+", text.strip())[0] if text.strip() else ""
    return first[:1000] if first.lower().startswith(("http://", "https://")) else ""
