"""One line as a person types it: “Gave the API talk at PyTexas, 80 people, 6h #python”."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from almanac.core.vocabulary import GATHERINGS
from almanac.sources.base import cells

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

LONGEST = 5000
MOST_PIECES = 50
MOST_HOURS = 2000
FARTHEST = 3660
LAST_HOUR, LAST_MINUTE = 23, 59
CLOCK_GROUPS = 7
GAP = "\0"
When = tuple[date, datetime | None]
COUNTS = {
    "attended": r"people|persons|attendees|attended|came|guests|folks|viewers|listeners",
    "signups": r"signed[ -]up|sign-?ups|registered|registrations|rsvps?",
    "interested": r"interested",
    "submissions": r"submissions|projects|entries",
    "took_part": r"took part|participated|spoke up",
    "seats": r"seats",
}
KINDS = (
    ("hackathon", r"hackathons?|hack (?:day|night|week)"),
    ("workshop", r"workshops?|tutorial"),
    ("cfp", r"cfps?|call for (?:proposals|papers|speakers)|proposal|submitted (?:a|the|my) talk"),
    ("talk", r"talks?|keynotes?|spoke|speaking|panel|presented|lightning"),
    ("stream", r"streams?|streamed|livestream|spaces?|podcast|webinar|twitch|ama"),
    ("post", r"posts?|published|blog(?:ged)?|article|wrote|newsletter|thread|part \w+ of"),
    ("meeting", r"meetings?|met with|1:1|one-on-one|syncs?|stand-?up|call with|interview(?:ed)?|chat(?:ted)? with"),
    ("event", r"meet-?ups?|evenings?|events?|conversations?|conferences?|gathering|small group|office hours|hosted|party"),
)  # fmt: skip
FIRST_WORDS = (
    (
        "task",
        r"prepar\w+|set up|sent?|found|looked|travel\w*|book(?:ed)?|buy|bought|shopping|announced?|"
        r"ask(?:ed)?|invited?|answer(?:ed)?|read|fix(?:ed)?|made|make|hand(?:ed)?|talked to|review(?:ed)?|"
        r"organi[sz]ed?|(?:wrote|write) (?:down|the|a|to|docs|internal)",
    ),
    ("meeting", r"meetings?|met|lunch with|coffee with|1:1"),
    ("talk", r"gave|spoke|speak|presented|keynote|panel"),
    ("stream", r"streamed|space"),
    ("post", r"published?|publish|newsletter|wrote|blogged"),
)
"""What a line begins with says more than what it is about: the retro of a hackathon is a task."""

PREFIXES = {
    "idea": "idea",
    "todo": "planned",
    "plan": "planned",
    "planned": "planned",
    "asked": "asked",
    "doing": "doing",
    "done": "done",
    "declined": "declined",
}
CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_CODES = "USD|EUR|GBP|JPY|INR|CHF|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|BRL|MXN|ZAR"
_NUMBER = r"(\d{1,3}(?:[,\u00a0 ]\d{3})+|\d+)"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_CLOCK = r"(?:,?\s+(?:at\s+)?(\d{1,2}):(\d{2})\s*(am|pm)?|,?\s+at\s+(\d{1,2})\s*(am|pm)?|\s+(\d{1,2})(am|pm))"


@dataclass(frozen=True, slots=True)
class Captured:
    """What a line was understood to say; hours of effort, cost in `currency`."""

    text: str
    title: str
    kind: str
    status: str
    day: date | None
    starts_at: datetime | None = None
    hours: float | None = None
    cost: float | None = None
    currency: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def read(text: str, now: datetime, zone: tzinfo, day_words: str = "") -> Captured:
    """Read one line. `now` is aware; days are the local ones of `zone`. `day_words` is a day said
    apart from the line, in any language dateparser knows. Raises BadCellError with a sentence.
    """
    line = " ".join(cells.clean(text).split())
    if not line:
        raise cells.BadCellError("There is nothing to write down.")
    if len(line) > LONGEST:
        raise cells.BadCellError(f"One line can be {LONGEST:,} characters at most.")
    today = now.astimezone(zone).date()
    rest = _Rest(line)
    prefix = rest.find(r"^(" + "|".join(PREFIXES) + r")\s*:\s*")
    status = PREFIXES[prefix[1].lower()] if prefix else ""
    links = [found[0].rstrip(".,;)") for found in rest.find_all(r"https?://[^\s<>\"]+")]
    tags = [found[1].lower() for found in rest.find_all(r"(?<![\w&])#(\w[\w-]{0,58}\w|\w)")]
    when = _parse_words(day_words, now, zone) if day_words else _when(rest, today, zone)
    hours = _hours(rest)
    amount = _cost(rest)
    counts = _counts(rest)
    title, _ = cells.title_and_rest(rest.tidy() or line)
    day: date | None = when[0] if when else today
    if day is not None:
        cells.in_reason(datetime(day.year, day.month, day.day, tzinfo=zone), "the day")
    starts_at = when[1] if when else None
    ahead = starts_at > now if starts_at else day is not None and day > today
    # "idea:" and "asked:" need no day; everything else happened today unless a day was said.
    if status in {"idea", "asked"} and not when:
        day = None
    if ahead and "attended" in counts:
        # Nobody can be counted before the fact; a number of people ahead is a hope.
        counts["hoped"] = counts.pop("attended")
    return Captured(
        text=line,
        title=title,
        kind=_kind(line, counts),
        status=status or ("planned" if ahead else "done"),
        day=day,
        starts_at=starts_at,
        hours=hours,
        cost=amount[0] if amount else None,
        currency=amount[1] if amount else "",
        counts=counts,
        links=tuple(links),
        tags=tuple(dict.fromkeys(tags)),
    )


class _Rest:
    """The part of the line not yet understood; what is taken leaves a gap."""

    def __init__(self, line: str) -> None:
        self.line = line

    def find(self, pattern: str) -> re.Match[str] | None:
        found = re.search(pattern, self.line, re.IGNORECASE)
        if found:
            self.line = f"{self.line[: found.start()]} {GAP} {self.line[found.end() :]}"
        return found

    def find_all(self, pattern: str) -> list[re.Match[str]]:
        matches: list[re.Match[str]] = []
        while len(matches) < MOST_PIECES and (found := self.find(pattern)):
            matches.append(found)
        return matches

    def tidy(self) -> str:
        """What is left, without the commas and little words that led to a gap."""
        line = re.sub(
            rf"(?:[,;:(\u2013\u2014-]|\b(?:and|with|for|on|at))*\s*{GAP}\s*[,;)]*",
            f" {GAP}",
            self.line,
        )
        return " ".join(line.replace(GAP, " ").split()).strip(" ,;:-")


def _when(rest: _Rest, today: date, zone: tzinfo) -> When | None:
    for pattern, read in _DATES:
        found = rest.find(rf"\b(?:on\s+)?{pattern}{_CLOCK}?(?!\w)")
        if not found:
            continue
        day = read(found, today)
        if day is None:
            raise cells.BadCellError(f"“{found[0].strip()}” is not a day in the calendar.")
        clock = _clock(found.groups()[-CLOCK_GROUPS:])
        if clock is None:
            return day, None
        return day, datetime.combine(day, clock, zone)
    return None


def _clock(groups: tuple[str | None, ...]) -> time | None:
    hour = groups[0] or groups[3] or groups[5]
    if hour is None:
        return None
    half = (groups[2] or groups[4] or groups[6] or "").lower()
    number = int(hour) % 12 + (12 if half == "pm" else 0) if half else int(hour)
    minute = int(groups[1] or 0)
    if number > LAST_HOUR or minute > LAST_MINUTE:
        raise cells.BadCellError(f"{hour}:{minute:02} is not a time of day.")
    return time(number, minute)


def _iso(found: re.Match[str], _today: date) -> date | None:
    try:
        return cells.in_reason(datetime.fromisoformat(found[1]), "the date").date()
    except ValueError:
        return None


def _named(found: re.Match[str], today: date) -> date | None:
    return today + timedelta(days={"today": 0, "yesterday": -1, "tomorrow": 1}[found[1].lower()])


def _weekday(found: re.Match[str], today: date) -> date | None:
    """“last Friday” lies before today, “next Friday” after it, “Friday” was the latest one."""
    which, name = (found[1] or "").lower(), found[2].lower()
    wanted = next(i for i, weekday in enumerate(WEEKDAYS) if weekday.startswith(name[:3]))
    back = (today.weekday() - wanted) % 7
    if which in {"next", "this", "coming"}:
        return today + timedelta(days=7 - back if back else 7)
    if which == "last":
        back = back or 7
    return today - timedelta(days=back)


def _ago(found: re.Match[str], today: date) -> date | None:
    number = 1 if found[1].lower() in {"a", "one"} else int(found[1])
    days = number * {"d": 1, "w": 7}[found[2][0].lower()]
    return today - timedelta(days=days) if days <= FARTHEST else None


def _ahead(found: re.Match[str], today: date) -> date | None:
    number = 1 if found[1].lower() in {"a", "one"} else int(found[1])
    days = number * {"d": 1, "w": 7}[found[2][0].lower()]
    return today + timedelta(days=days) if days <= FARTHEST else None


def _by_dateparser(found: re.Match[str], today: date) -> date | None:
    words = found[0] if not found[1] else found[1]
    has_year = re.search(r"\d{4}", words)
    parsed = _parse(words, datetime.combine(today, time()), "current_period")
    if parsed is None or has_year:
        return parsed.date() if parsed else None
    # Without a year, the nearest such day: 3 March in January lies ahead, in June it is over.
    day = parsed.date()
    near = (_same_day(day, today.year + shift) for shift in (-1, 0, 1))
    return min((d for d in near if d), key=lambda d: abs((d - today).days), default=None)


def _same_day(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None


def _parse_words(words: str, now: datetime, zone: tzinfo) -> When:
    local = now.astimezone(zone)
    rest = _Rest(words)
    plain = _when(rest, local.date(), zone)
    if plain and not rest.tidy():
        return plain
    parsed = _parse(words, local.replace(tzinfo=None), "past")
    if parsed is None:
        raise cells.BadCellError(f"“{words}” is not a day Almanac understands; try 2026-03-05.")
    cells.in_reason(parsed, "the date")
    return parsed.date(), None


def _parse(words: str, base: datetime, prefer: str) -> datetime | None:
    # Imported here because it takes longer to load than everything else a capture does.
    import dateparser  # noqa: PLC0415

    parsed: datetime | None = dateparser.parse(
        words,
        settings={
            "RELATIVE_BASE": base,
            "PREFER_DATES_FROM": prefer,
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    return parsed


_DATES: tuple[tuple[str, Callable[[re.Match[str], date], date | None]], ...] = (
    (r"(\d{4}-\d{2}-\d{2})", _iso),
    (r"(today|yesterday|tomorrow)", _named),
    (r"(\d{1,4}|a|one)\s+(days?|weeks?)\s+ago", _ago),
    (r"in\s+(\d{1,4}|a|one)\s+(days?|weeks?)(?:\s+time)?", _ahead),
    (
        r"(?:(last|next|this|coming)\s+)?"
        r"(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|saturday|sunday)",
        _weekday,
    ),
    (rf"(\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})(?:,?\s+\d{{4}})?)", _by_dateparser),
    (rf"((?:{_MONTHS})\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?)", _by_dateparser),
)


def _hours(rest: _Rest) -> float | None:
    total = 0.0
    both = rest.find(r"\b(\d{1,3})\s*h\s*(\d{1,2})\s*(?:m|min)?\b")
    if both:
        return int(both[1]) + int(both[2]) / 60
    hours = rest.find(r"(?<![\w.])(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:h|hrs?|hours?)\b")
    if hours:
        total += float(hours[1].replace(",", "."))
    minutes = rest.find(r"(?<![\w.])(\d{1,4})\s*(?:min|mins|minutes)\b")
    if minutes:
        total += int(minutes[1]) / 60
    if total > MOST_HOURS:
        raise cells.BadCellError(f"{total:g} hours is more than Almanac takes for one activity.")
    return round(total, 2) if hours or minutes else None


def _cost(rest: _Rest) -> tuple[float, str] | None:
    number = r"(\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:[.,]\d{1,2})?)"
    signed = rest.find(rf"([$€£¥₹])\s?{number}(?!\w)")
    if signed:
        return _money(signed[2]), CURRENCIES[signed[1]]
    coded = rest.find(rf"\b{number}\s?({_CODES})\b")
    if coded:
        return _money(coded[1]), coded[2].upper()
    coded = rest.find(rf"\b({_CODES})\s?{number}\b")
    return (_money(coded[2]), coded[1].upper()) if coded else None


def _money(text: str) -> float:
    if re.fullmatch(r"\d+,\d{1,2}", text):
        text = text.replace(",", ".")
    return cells.amount(text, "the cost") or 0.0


def _counts(rest: _Rest) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, words in COUNTS.items():
        found = rest.find(rf"(?<![\w.,]){_NUMBER}\s+(?:{words})\b")
        if found:
            number = cells.count(found[1], "the number of people")
            if number is not None:
                counts[name] = number
    return counts


def _kind(line: str, counts: dict[str, int]) -> str:
    kind = kind_of(line)
    # Whatever people sign up for is something that people come to.
    if kind not in GATHERINGS and {"signups", "interested", "seats"} & set(counts):
        return "event"
    return kind


def kind_of(line: str) -> str:
    """The kind of activity a title speaks of; a task where none does."""
    lower = re.sub(rf"^({'|'.join(PREFIXES)})\s*:\s*", "", line.lower())
    for kind, words in FIRST_WORDS:
        if re.match(rf"(?:{words})\b", lower):
            return kind
    for kind, words in KINDS:
        if re.search(rf"\b(?:{words})\b", lower):
            return kind
    return "task"
