"""What has been understood of a line so far, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

NEAR = 60
"""Characters before a number or a day that may say what it is."""
MOST = 60
"""Facts and unclear pieces taken from one line; what is beyond stays in the title."""


@dataclass(frozen=True, slots=True)
class LineFact:
    """One fact of a line: its field, its value, and the characters that say it (start to end).

    approximate: the writer said about, ~ or 50+. inside: it describes a word of the title (“45 min
    talk”), so that it counts and the words stay.
    """

    field: str
    value: Any
    start: int
    end: int
    approximate: bool = False
    inside: bool = False


class LineReading:
    """A line with its facts. What a fact covers is not read again."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.lower = _lower(line)
        self.open = self.lower
        """The line in lower case; what is understood is blanked, so that positions stay."""
        self.facts: list[LineFact] = []
        self.not_understood: list[str] = []

    def take(
        self, field: str, value: Any, start: int, end: int, *, approximate: bool = False,
        inside: bool = False,
    ) -> None:  # fmt: skip
        self.facts.append(LineFact(field, value, start, end, approximate, inside))
        self.cover(start, end)

    def cover(self, start: int, end: int) -> None:
        self.open = f"{self.open[:start]}{chr(0) * (end - start)}{self.open[end:]}"

    def before(self, place: int) -> str:
        """What stands before a place and is not understood: enough for the words that lead to it."""
        return self.open[max(0, place - NEAR) : place]

    def name(self, start: int, end: int) -> None:
        """Something that looks like a fact and is none: it is shown, and stays in the title."""
        said = self.line[start:end].strip(" ,;:.-()")
        if len(self.not_understood) < MOST and said and said not in self.not_understood:
            self.not_understood.append(said)

    @property
    def full(self) -> bool:
        return len(self.facts) >= MOST or len(self.not_understood) >= MOST

    def values(self, field: str) -> list[Any]:
        return [fact.value for fact in self.facts if fact.field == field]

    def first(self, field: str) -> Any:
        return next((fact.value for fact in self.facts if fact.field == field), None)


def _lower(line: str) -> str:
    """Lower case letter by letter: a few letters, such as İ, grow when they are made small."""
    lower = line.lower()
    if len(lower) == len(line):
        return lower
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in line)
