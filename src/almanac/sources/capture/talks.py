"""“Talked to Ada at VueConf, follow up in two weeks”: who was talked to, where, and when to talk again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.sources.capture.recurring import days_after

if TYPE_CHECKING:
    from datetime import date

    from almanac.sources.capture.dates import Asked
    from almanac.sources.capture.facts import LineReading

_AGAIN = (
    r"(?:ping|e-?mail|mail|call|message|text|dm|remind|write(?: to)?|get back to|reach (?:back )?out to|talk to|speak to|meet|see|"
    r"(?:check (?:back )?in|circle back|touch base|catch up|talk|speak|meet)(?: again)? (?:with|on|to))\s+(?:her|him|them|both)"
    r"|circle back|check (?:back )?in|touch base|(?:talk|speak|meet) again"
)
_FOLLOW = re.compile(
    r"(?:[,;.]\s*|\s+)(?:(?:and|to|then|will|should|must|need to|i'll|let's)\s+){0,2}"
    rf"(?:follow(?:ing)?[ -]?up(?:\s+with\s+(?:her|him|them))?|{_AGAIN})\s+(?:again\s+)?"
)
_NAME = r"[^\W\d_a-z][\w'’.-]*(?:\s+(?:(?:de|del|da|dos|di|du|la|le|van|von|der|den|bin|al|el|y)\s+){0,2}[^\W\d_a-z][\w'’-]*){0,3}"
_AND = r"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)"
_LAST = r"(?:\s*,)?(?:\s+and\s+|\s*&\s*)"
"""Names that are listed end with “and”; without it a comma may be followed by a company or a town."""
_WHO = re.compile(
    r"\b(?:(?:[Tt]alked|[Ss]poke|[Cc]hatted|[Cc]aught up|[Mm]et up|[Ll]unch|[Dd]inner|[Cc]offee|[Cc]all|1:1|1-1)"
    rf"\s+(?:to|with)|[Mm]et|DM (?:from|with))\s+(?P<who>(?:{_NAME}\s*,\s*)*{_NAME}{_LAST}{_NAME}|{_NAME})"
)


def names_in(who: str) -> list[str]:
    """Each of those who were named together."""
    return [name.strip() for name in re.split(_AND, who) if name.strip()]


_WHERE = re.compile(
    r"\b(?:at|during)\s+(?:the\s+)?(?P<where>[^\W\d_a-z][\w.'’+-]*(?:\s+[^\Wa-z_][\w.'’-]*){0,4})"
)


@dataclass(frozen=True, slots=True)
class Talk:
    """who: as they were named; where: empty where it was not said; again: when to talk again, None for
    never."""

    who: str
    where: str
    again: date | None


def find_talk(reading: LineReading, asked: Asked) -> Talk | None:
    """Who was talked to; the follow-up of the line is taken from it. None where it names nobody."""
    named = _WHO.search(reading.line)
    if named is None:
        return None
    days = days_after(reading, _FOLLOW, asked) if _FOLLOW.search(reading.open) else []
    where = _WHERE.search(reading.line, named.end())
    return Talk(
        named["who"].rstrip(".,"),
        where["where"] if where else "",
        days[0] if days and days[0] >= asked.today else None,
    )
