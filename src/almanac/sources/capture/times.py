"""Times of day: at 7, 7pm, 18:30, 19h30, at noon."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import time, timedelta, timezone, tzinfo

from almanac.sources.base.zones import HOURS_EAST

_CLOCK = (
    r"(?:(?P<hour>\d{1,2})[:.](?P<minute>[0-5]\d)(?!\d|\.\d)\s*(?P<half>(?:am|pm)\b|a\.m\.|p\.m\.)?(?:\s*(?:h\b|uhr\b|o'clock))?"
    r"|(?P<hour2>\d{1,2})\s*(?P<half2>am\b|pm\b|a\.m\.|p\.m\.)"
    r"|(?P<quarter>half|quarter)\s+(?P<side>past|to)\s+(?P<of>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?:\s*(?P<half5>am|pm)\b)?"
    r"|(?P<word>noon|midday|midnight))"
)
_HOURS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_BARE = r"(?P<hour3>\d{1,2})(?:\s*(?:o'clock|uhr)|h(?P<minute3>[0-5]\d)?)?(?![\w:%]|[.,/]\d|\s*(?:people|ppl|%))"
_SPAN = r"(?P<hour4>\d{1,2})(?=\s*(?:-|–|to)\s*\d{1,2}(?::\d\d)?\s*(?:am|pm)\b)"
_UNTIL = (
    r"(?:\s*(?:-|–|to|until|till)\s*(?P<last_hour>\d{1,2})(?::(?P<last_minute>[0-5]\d)\s*(?P<last_half>am|pm)?|"
    r"\s*(?P<last_half2>am|pm))(?![\w:]))?"
)
AFTER_DAY = re.compile(
    rf",?\s*(?:(?P<lead>\b(?:at|from|starting at|um)\b|@)\s*)?(?:{_CLOCK}|{_SPAN}|(?(lead){_BARE}|(?!))){_UNTIL}"
)
ALONE = re.compile(
    rf"(?<![\w.,:$€£/-])(?:(?P<lead>\b(?:at|from|starting at)\b|@)\s*)?"
    rf"(?:{_CLOCK}|{_SPAN}|(?(lead){_BARE}|(?!)))(?!\s*(?:long|min|h\b|hrs?\b|hours?\b)){_UNTIL}"
)


_HINT = re.compile(
    r"\d[:.h]\d|\d\s*[ap]\.?m|\d\s*(?:o'clock|uhr)|\b(?:at|from)\s+\d|@\s*\d|noon|mid(?:day|night)|\b(?:half|quarter) (?:past|to)\b|\d\s*[-–]\s*\d"
)
_HOURS_EAST = HOURS_EAST | {
    "wat": 1, "cat": 2, "sast": 2, "eat": 3, "sgt": 8, "aest": 10, "aedt": 11, "brt": -3,
}  # fmt: skip
_ZONE = re.compile(rf"\s*\b({'|'.join(_HOURS_EAST)})\b")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, and the one it lasts until where that is said. zone: where it was said."""

    begins: time
    ends: time | None = None
    zone: tzinfo | None = None

    @property
    def minutes(self) -> int | None:
        """How long it lasts, over midnight too."""
        if self.ends is None:
            return None
        begins, ends = (each.hour * 60 + each.minute for each in (self.begins, self.ends))
        return (ends - begins) % (24 * 60)


def time_of_day(text: str, start: int) -> tuple[Clock | None, int]:
    """The time written at `start`, and where it ends; none leaves `start`."""
    match = AFTER_DAY.match(text, start)
    found = clock_of(match) if match else None
    return _zoned(text, found, match.end()) if match and found else (None, start)


def _zoned(text: str, found: Clock, end: int) -> tuple[Clock, int]:
    """The time with the zone named behind it, such as 4pm IST."""
    named = _ZONE.match(text, end)
    if not named:
        return found, end
    east = timezone(timedelta(hours=_HOURS_EAST[named[1]]))
    return replace(found, zone=east), named.end()


def find_time(text: str) -> tuple[Clock, int, int] | None:
    """The first time of day of a text, with where it stands."""
    if not _HINT.search(text):
        return None
    for match in ALONE.finditer(text):
        found = clock_of(match)
        if found:
            zoned, end = _zoned(text, found, match.end())
            return zoned, match.start(), end
    return None


def clock_of(match: re.Match[str]) -> Clock | None:
    """A time; “at 7” without more is in the evening, where events are, up to “at 8”."""
    groups = match.groupdict()
    last_half = groups["last_half"] or groups["last_half2"] or ""
    if groups["word"]:
        begins: time | None = time(0 if groups["word"] == "midnight" else 12)
    elif groups["quarter"]:
        begins = _past_or_to(groups)
    else:
        hour = groups["hour"] or groups["hour2"] or groups["hour3"] or groups["hour4"]
        minute = groups["minute"] or groups["minute3"] or "0"
        half = (groups["half"] or groups["half2"] or "").replace(".", "")
        if not half and last_half and int(hour) <= int(groups["last_hour"]):
            half = last_half
        bare = bool(groups["hour3"]) and not groups["minute3"]
        begins = _time(int(hour), int(minute), half, evening=bare)
    if begins is None or not groups["last_hour"]:
        return Clock(begins) if begins else None
    ends = _time(
        int(groups["last_hour"]), int(groups["last_minute"] or 0), last_half, evening=False
    )
    return Clock(begins, ends)


def _past_or_to(groups: dict[str, str | None]) -> time | None:
    """“Half past four”, “quarter to nine”: in the afternoon up to eight, as “at 7” is."""
    of = groups["of"] or ""
    hour = int(of) if of.isdecimal() else _HOURS.index(of) + 1
    minute = 30 if groups["quarter"] == "half" else 15
    if groups["side"] == "to":
        hour, minute = hour - 1 or 12, 60 - minute
    return _time(hour, minute, groups["half5"] or "", evening=True)


def _time(hour: int, minute: int, half: str, *, evening: bool) -> time | None:
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif evening and 1 <= hour <= 8:
        hour += 12
    return time(hour, minute) if hour < 24 else None
