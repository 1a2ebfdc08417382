"""The title of a line: the sentence without the facts at its edges and between its separators."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from almanac.sources.capture.facts import LineReading

_SEPARATOR = re.compile(
    r"\s*(?:(?<!\d),|,(?!\d)|;|\||·|(?<=\s)[-–—](?=\s)|[–—]|[.:!?](?=\s|$)|[()\[\]]|\s\+\s)\s*"
)
_GLUE = (
    r"and|with|on|at|in|for|so far|already|about|to|we|i|had|has|have|was|were|only|just|of|it|total|in total|all|got|cost|costs|"
    r"costing|there|the|that|which|who|from|by|but|then|plus|incl\.?|including|altogether|again|up|around|yet|a|took|me|us|"
    r"spent|paid|long|this|until|is|are|day|date|when|budget|live|both|some"
)
_ONLY_GLUE = re.compile(rf"(?:\s|[\x00–—+&~/.,:;!?'’\"-]|\b(?:{_GLUE})\b)*", re.IGNORECASE)
_LEADING_FACT = re.compile(
    r"\s*\x00+(?:\s|[,;:.!?–—+&-]|(?:and|to|at|for|in|on|of|by|with|but|then|so far)\b)*",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”][^\"“”]*[\"“”]|(?<!\w)['‘][^'’]*['’](?!\w)")
_TRAILING = re.compile(
    r"(?:\s|[,;:–—+&@~/-]|\b(?:and|to|at|for|in|on|of|by|with|from|about|until|before|but|is|was|so far|already|had|took|cost|costs)(?=$|[\s,]*$))+$",
    re.IGNORECASE,
)
_OPEN, _CLOSED = "([", ")]"
BLANK = "\0"
_DASHES = "-–—+|·"
_MARKS = frozenset(f",;:.!?{_DASHES}")


def title_of(reading: LineReading) -> str:
    """What is left to call it by; empty where the line says nothing but facts."""
    if not reading.facts:
        return _joined(reading.line, [(0, len(reading.line))])
    known, said = _blanked(reading, inside=False), _blanked(reading, inside=True)
    kept = [
        (start, end)
        for start, end in _segments(reading.line, known)
        if BLANK not in said[start:end] or not _ONLY_GLUE.fullmatch(said, start, end)
    ]
    if not kept:
        return ""
    kept[0] = (_from(known, *kept[0]), kept[0][1])
    kept[-1] = (kept[-1][0], _until(known, *kept[-1]))
    return _joined(reading.line, kept)


def _blanked(reading: LineReading, *, inside: bool) -> str:
    """The line without what is wholly understood; inside: nor what describes the title."""
    text = reading.line
    for fact in reading.facts:
        if inside or not fact.inside:
            text = text[: fact.start] + BLANK * (fact.end - fact.start) + text[fact.end :]
    return text


def _segments(line: str, known: str) -> list[tuple[int, int]]:
    """(start, end) of what stands between separators; quoted text and facts are not split."""
    quoted = [match.span() for match in _QUOTED.finditer(line)]
    found, start = [], 0
    for match in _SEPARATOR.finditer(known):
        mark = match.end() - len(match[0].lstrip())
        if any(first < mark < last - 1 for first, last in quoted):
            continue
        found.append((start, match.start()))
        start = match.end()
    found.append((start, len(line)))
    return [(first, last) for first, last in found if line[first:last].strip()]


def _from(known: str, start: int, end: int) -> int:
    """Past the facts a segment begins with, and the little words that led on from them."""
    while led := _LEADING_FACT.match(known, start, end):
        start = led.end()
    return start


def _until(known: str, start: int, end: int) -> int:
    """Before the facts a segment ends with, and the little words that led up to them."""
    while True:
        rest = known[start:end].rstrip(" .!,;:")
        facts = len(rest) - len(rest.rstrip(BLANK))
        if not facts:
            return end
        rest = rest.rstrip(BLANK)
        glue = _TRAILING.search(rest)
        end = start + (glue.start() if glue else len(rest))


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
