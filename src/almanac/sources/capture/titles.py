"""The title of a line: the sentence without the facts at its edges and between its separators."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from almanac.sources.capture.facts import Reading

_SEPARATOR = re.compile(
    r"\s*(?:(?<!\d),|,(?!\d)|;|\||·|(?<=\s)[-–—](?=\s)|[–—]|[.:!?](?=\s|$)|[()\[\]]|\s\+\s)\s*"
)
_GLUE = (
    r"and|with|on|at|in|for|so far|already|about|to|we|i|had|has|have|was|were|only|just|of|it|total|in total|all|got|cost|costs|"
    r"costing|there|the|that|which|who|from|by|but|then|plus|incl\.?|including|altogether|again|up|around|yet|a|took|me|us|"
    r"spent|paid|long|this|until|is|are|day|date|when|budget|live|both|some"
)
_ONLY_GLUE = re.compile(rf"(?:\s|[-–—+&~/.,:;!?'’\"]|\b(?:{_GLUE})\b)*", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:\s|[,;:.!?–—+&-]|(?:and|to|at|for|in|on|of|by|with|but|then|so far)\b)+", re.IGNORECASE
)
_TRAILING = re.compile(
    r"(?:\s|[,;:–—+&@~/-]|\b(?:and|to|at|for|in|on|of|by|with|from|about|until|before|but|is|was|so far|already|had|took|cost|costs)(?=$|[\s,]*$))+$",
    re.IGNORECASE,
)
_OPEN, _CLOSED = "([", ")]"
_DASHES = "-–—+|·"
_MARKS = frozenset(f",;:.!?{_DASHES}")


def title_of(reading: Reading) -> str:
    """What is left to call it by; empty where the line says nothing but facts."""
    known, said = _mask(reading, inside=False), _mask(reading, inside=True)
    kept = [
        (start, end)
        for start, end in _segments(reading.line, known)
        if not any(said[start:end])
        or not _ONLY_GLUE.fullmatch(_unsaid(reading.line, said, start, end))
    ]
    if not kept:
        return ""
    first, last = kept[0], kept[-1]
    kept[0] = (_from(reading.line, known, *first), kept[0][1])
    kept[-1] = (kept[-1][0], _until(reading.line, known, *last))
    return _joined(reading.line, kept)


def _unsaid(line: str, said: list[bool], start: int, end: int) -> str:
    return "".join(line[place] for place in range(start, end) if not said[place])


def _mask(reading: Reading, *, inside: bool) -> list[bool]:
    """Which characters are wholly understood; inside: also those that describe the title."""
    known = [False] * len(reading.line)
    for fact in reading.facts:
        if inside or not fact.inside:
            for place in range(fact.start, fact.end):
                known[place] = True
    return known


def _segments(line: str, known: list[bool]) -> list[tuple[int, int]]:
    """(start, end) of what stands between separators; quoted text and facts are not split."""
    quoted = [
        match.span()
        for match in re.finditer(r"[\"“”][^\"“”]*[\"“”]|(?<!\w)['‘][^'’]*['’](?!\w)", line)
    ]
    found, start = [], 0
    for match in _SEPARATOR.finditer(line):
        mark = match.start() + len(match[0]) - len(match[0].lstrip())
        if known[min(mark, len(known) - 1)] or any(a < mark < b - 1 for a, b in quoted):
            continue
        found.append((start, match.start()))
        start = match.end()
    found.append((start, len(line)))
    return [(a, b) for a, b in found if line[a:b].strip()]


def _from(line: str, known: list[bool], start: int, end: int) -> int:
    """Past the facts a segment begins with, and the little words that led on from them."""
    place = start
    while True:
        ahead = place
        while ahead < end and line[ahead].isspace():
            ahead += 1
        if ahead >= end or not known[ahead]:
            return place
        while ahead < end and known[ahead]:
            ahead += 1
        glue = _LEADING.match(line[ahead:end])
        place = ahead + (glue.end() if glue else 0)


def _until(line: str, known: list[bool], start: int, end: int) -> int:
    place = end
    while True:
        back = place
        while back > start and line[back - 1] in " .!,;:":
            back -= 1
        if back <= start or not known[back - 1]:
            return place
        while back > start and known[back - 1]:
            back -= 1
        glue = _TRAILING.search(line[start:back])
        place = start + glue.start() if glue else back


def _joined(line: str, kept: list[tuple[int, int]]) -> str:
    """The segments, each behind the separator it had; what stood in brackets stands in brackets."""
    text = ""
    for start, end in kept:
        piece = line[start:end]
        before = line[:start].rstrip()
        if before.endswith(tuple(_OPEN)) and line[end:].lstrip()[:1] in set(_CLOSED):
            text += f" ({piece})"
        elif not text:
            text = piece
        else:
            mark = before[-1:] if before[-1:] in _MARKS else ""
            space = " " if mark in _DASHES else ""
            text += f"{space}{mark} {piece}"
    last = kept[-1][1]
    if line[last : last + 1] in {"?", "!"}:
        text += line[last]
    return " ".join(text.split()).strip(" ,;:–—-@")
