"""A playbook's Markdown: its steps, dated from the event on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

from almanac.sources.base.rows import UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

LINE = re.compile(
    r"^\s*[-*]\s+(?:\[[ xX]\]\s+)?T\s*(?:(?P<sign>[+\-−–])\s*(?P<number>\d{1,3})\s*"
    r"(?P<unit>d|days?|w|weeks?)?)?\s*:\s*(?P<rest>\S.*?)\s*$"
)
HOURS = re.compile(r"\s*\((?P<hours>\d{1,3}(?:\.\d{1,2})?)\s*h\)")
NAME = re.compile(r"(?<![\w./@])@([^\s@,;:()\[\]<>{}|/\\\"'`*!?“”‘’]{1,60}+)(?![/@])")
"""Somebody named with an @; not a handle in an address, nor one of another server."""
BEFORE_MARK = re.compile(r"\s+([,.;:])")
LONGEST = 200_000
MOST_STEPS = 500


@dataclass(frozen=True, slots=True)
class Step:
    """days: from the event on, negative before it; row: its line, counted from 1."""

    title: str
    days: int
    hours: float | None
    owner: str
    row: int


def names(text: str) -> list[str]:
    """Everybody named with an @, each once whatever its case, in the order of their names."""
    found: dict[str, str] = {}
    for match in NAME.findall(normalize("NFC", text)):
        name = match.rstrip(".-_…")
        if name:
            found.setdefault(name.casefold(), name)
    return sorted(found.values(), key=str.casefold)


def read(file: Path) -> str:
    """The text of a file of Markdown; UnreadableError where it is none."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{file} cannot be read as UTF-8 text; nothing was read.") from error


def steps(text: str) -> list[Step]:
    """Lines such as “- T-14 days: announce (2h) @ana”, in order of their dates."""
    found: list[Step] = []
    for row, line in enumerate(text.splitlines(), start=1):
        step = step_of(line, row)
        if step is not None and len(found) < MOST_STEPS:
            found.append(step)
    return sorted(found, key=lambda step: (step.days, step.row))


def step_of(line: str, row: int = 1) -> Step | None:
    """A single line read as a step; None where it is none."""
    match = LINE.match(line)
    if match is None:
        return None
    days = int(match["number"] or 0) * (7 if (match["unit"] or "").startswith("w") else 1)
    rest = match["rest"]
    rest = normalize("NFC", rest)
    hours = HOURS.search(rest)
    title = " ".join(NAME.sub("", HOURS.sub("", rest)).split())
    title = BEFORE_MARK.sub(r"\1", title).rstrip(",")
    if not title:
        return None
    return Step(
        title[:300],
        days if match["sign"] == "+" else -days,
        float(hours["hours"]) if hours else None,
        _first_named(rest),
        row,
    )


def _first_named(text: str) -> str:
    match = NAME.search(text)
    return match[1].rstrip(".-_…") if match else ""


def _place(earlier: list[int], known: list[Step], length: int) -> int:
    """Below those that come before it; above the first of all steps where none does."""
    if earlier:
        return max(earlier)
    return min((each.row for each in known), default=length + 1) - 1


def with_lesson(text: str, step: str, line: str) -> str:
    """The text with the step of that title replaced by a line, or, where none has that title, with the
    line after the last step that is due no later."""
    rows = text.splitlines()
    wanted = line if line.lstrip().startswith(("-", "*")) else f"- {line}"
    known = steps(text)
    same = next((each for each in known if each.title.casefold() == step.casefold()), None)
    if same is not None:
        rows[same.row - 1] = wanted
    else:
        new = step_of(wanted)
        earlier = [each.row for each in known if new is not None and each.days <= new.days]
        rows.insert(_place(earlier, known, len(rows)), wanted)
    return "\n".join(rows).rstrip() + "\n"
