"""“Talked to Ada at VueConf, follow up in two weeks”: whom to talk to again, and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.sources.capture.recurring import days_after

if TYPE_CHECKING:
    from datetime import date

    from almanac.sources.capture.dates import Asked
    from almanac.sources.capture.facts import LineReading

_FOLLOW = re.compile(
    r"[,;.]?\s*\b(?:and\s+|to\s+)?follow(?:ing)?[ -]?up(?:\s+with\s+(?:her|him|them))?\s+(?:again\s+)?"
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


@dataclass(frozen=True, slots=True)
class FollowUp:
    """who: as they were named; day: when to talk again."""

    who: str
    day: date


def find_follow_up(reading: LineReading, asked: Asked) -> FollowUp | None:
    """The follow-up of a line, taken from it; None where it names nobody or no day."""
    named = _WHO.search(reading.line)
    match = _FOLLOW.search(reading.open) if named else None
    if named is None or match is None:
        return None
    days = days_after(reading, _FOLLOW, asked)
    if not days or days[0] < asked.today:
        return None
    return FollowUp(named["who"].rstrip(".,"), days[0])
