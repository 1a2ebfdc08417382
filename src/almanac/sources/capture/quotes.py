"""Whether a line is something somebody said about the work, rather than something done."""

from __future__ import annotations

import re
from dataclasses import dataclass

FEWEST_WORDS, MOST_BESIDE = 4, 14
_MARKS = {"“": "”", "„": "“”", '"': '"', "«": "»", "»": "«", "‘": "’", "‹": "›"}
_SAID = re.compile(
    r"^(?:(?:heard|quote)\b[^\w\s]*\s*|(?P<who>[^\W\d_][\w.’'-]*(?: [^\W\d_][\w.’'-]*){0,2})"
    r" (?:said|says|wrote|told me|dm'?e?d me|messaged)\b\s*[:,-]?\s*)",
    re.IGNORECASE,
)
_SPOKEN_TO = re.compile(
    r"\b(?:i|i['’]\w+|you|your|yours|you['’]\w+|me|my|we|our|us|thanks|thank)\b", re.IGNORECASE
)
_LED = re.compile(r"^\s*quote\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quoted:
    """words: what was said, without its marks; who: the name before “said”; beside: the rest."""

    words: str
    who: str
    beside: str


def quoted(line: str) -> Quoted | None:
    """The quote a line is, or None. Titles of talks stand in quotation marks too, so the words must be
    of one person to another: an “I” or a “you” is in them."""
    lead = _SAID.match(line)
    rest = line[lead.end() :] if lead else line
    who = (lead["who"] or "") if lead else ""
    if not rest or rest[0] not in _MARKS:
        led = _LED.match(line)
        return (
            Quoted(line[led.end() :].strip(), "", "") if led and line[led.end() :].strip() else None
        )
    ends = [rest.rfind(mark) for mark in _MARKS[rest[0]]]
    end = max(ends)
    if end < 1:
        return None
    words, beside = rest[1:end].strip(), rest[end + 1 :].strip(" .,;:–—-()")
    spoken = _SPOKEN_TO.search(words) is not None
    enough = len(words.split()) >= FEWEST_WORDS and len(beside.split()) <= MOST_BESIDE
    return Quoted(words, who, beside) if spoken and enough else None
