"""A line read: every fact it says, its title, and what was not understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from almanac.core.vocabulary import AHEAD, GATHERINGS, PEOPLE_COUNTS, REACH, Kind, Status
from almanac.sources.base import cells
from almanac.sources.capture import kinds
from almanac.sources.capture.dates import Asked, When
from almanac.sources.capture.days import find_days, name_unread
from almanac.sources.capture.durations import cover_other_numbers, find_lengths, find_money
from almanac.sources.capture.facts import LineFact, LineReading
from almanac.sources.capture.formats import format_of
from almanac.sources.capture.moments import Moment
from almanac.sources.capture.people import find_people
from almanac.sources.capture.quotes import Quoted, quoted
from almanac.sources.capture.recurring import Repeats, find_repeats
from almanac.sources.capture.talks import Talk, find_talk
from almanac.sources.capture.times import Clock, find_time
from almanac.sources.capture.titles import title_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, tzinfo

LONGEST = 2000
MOST_LINKS = 50
A_CROWD = 15
"""A meeting that so many attended was an event."""
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_TAG = re.compile(r"(?<![\w&#/])#(?!\d+\b)(\w[\w-]{0,58}\w|\w)")
_FACE = re.compile(r"(?<![^\s\x00])[:;]'?-?[()dp/|]+(?!\S)")
_HOW_OFTEN = re.compile(
    r"\b(?:once|twice|several times|(?:\d|two|three|four|five) times) (?:a|per|each|every) (?:day|week|month|year)\b"
)
"""How often, and not on which days: nothing that can be planned by itself."""
_PROMISED = re.compile(r"\b(?:accepted|upcoming|confirmed as (?:a )?speaker)\b")
_CHECKLIST = re.compile(r"^[-*•]\s+")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a person writes. month_first: None until they have said; programs: by lower-case name."""

    month_first: bool | None = None
    hours_a_day: float = 8
    programs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Captured:
    """What a line was understood to say; hours of effort, cost in `currency`.

    period: "month" or "quarter" where `day` is only its first day. travel: hours of `hours`.
    approximate: names of counts said with about, ~ or 50+. unsure_day: 3/4 could be 4 March.
    not_understood: pieces of the line that look like facts and are in none.
    """

    text: str
    title: str
    kind: str
    status: str
    day: date | None
    format: str = ""
    period: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    due: date | None = None
    hours: float | None = None
    travel: float | None = None
    cost: float | None = None
    currency: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    approximate: frozenset[str] = frozenset()
    reach: dict[str, int] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    program: str = ""
    repeats: Repeats | None = None
    talk: Talk | None = None
    not_understood: tuple[str, ...] = ()
    unsure_day: bool = False
    facts: tuple[LineFact, ...] = ()

    @property
    def quote(self) -> Quoted | None:
        """What somebody said, where the line is that and no activity."""
        return None if self.counts else quoted(self.text)


def read(
    text: str, now: datetime, zone: tzinfo, day_words: str = "", settings: Settings | None = None
) -> Captured:
    """Read one line. `now` is aware; days are the local ones of `zone`. `day_words` is a day said
    apart from the line, in any language dateparser knows. Raises BadCellError with a sentence.
    """
    settings = settings or Settings()
    line = _CHECKLIST.sub("", " ".join(cells.clean(text).split()))
    if not line:
        raise cells.BadCellError("Nothing to log.")
    if len(line) > LONGEST:
        raise cells.BadCellError(f"One line can be {LONGEST:,} characters at most.")
    today = now.astimezone(zone).date()
    reading = LineReading(line)
    prefixed = _prefix(reading)
    _links_and_tags(reading)
    _program(reading, settings)
    said = prefixed or kinds.status_said(reading.open)
    lean = _lean(reading, said)
    cover_other_numbers(reading)
    find_money(reading)
    asked = Asked(today, lean, settings.month_first)
    repeats = (
        find_repeats(reading, replace(asked, lean=1)) if lean >= 0 and said != Status.DONE else None
    )
    talk = find_talk(reading, replace(asked, lean=1)) if repeats is None else None
    when, clock = _days(reading, asked, said)
    if repeats is not None:
        when = When(repeats.recurrence.first)
    if day_words:
        when, clock = _apart(day_words, now, zone, settings)
    if clock is None and (alone := find_time(reading.open)):
        clock = alone[0]
        reading.take("time", clock, *alone[1:])
    kind, known_kind = kinds.kind_and_said(_without_status(reading), line)
    find_lengths(reading, settings.hours_a_day)
    moment = Moment(when, clock, zone)
    if clock is not None and moment.is_skipped:
        reading.facts = [fact for fact in reading.facts if fact.field != "time"]
        reading.not_understood.append(f"{clock.begins:%H:%M}, when the clocks go forward")
        moment = Moment(when, None, zone)
    ahead = moment.is_ahead(now, lean)
    waits = said in AHEAD and when is None
    name_unread(reading)
    if often := _HOW_OFTEN.search(reading.open):
        reading.name(*often.span())
    find_people(reading, kind, known_kind=known_kind, ahead=ahead or waits)
    status, moment = _settled(reading, said, moment, today, ahead=ahead)
    if kind not in GATHERINGS and _draws_people(reading, kind, known_kind=known_kind):
        kind = Kind.EVENT
    if repeats is not None:
        status = Status.PLANNED if status in {Status.DONE, Status.DOING} else status
        # “Small group every Tuesday at 17:00” names no kind; what repeats at a time is an event.
        kind = Kind.EVENT if kind == Kind.TASK and not known_kind and clock else kind
    item = _captured(reading, str(kind), str(status), moment, repeats)
    return replace(item, talk=talk)


def _captured(
    reading: LineReading, kind: str, status: str, moment: Moment, repeats: Repeats | None = None
) -> Captured:
    cost, currency = _cost(reading)
    said: dict[str, list[Any]] = {}
    for fact in reading.facts:
        said.setdefault(fact.field, []).append(fact.value)
    hours, travel = said.get("hours", []), said.get("travel", [])
    links = tuple(said.get("link", ()))
    return Captured(
        text=reading.line,
        title=_title(reading, {*said} - {"day", "time", "repeats", "until", "then"}),
        kind=kind,
        format=format_of(reading.line, kind, links),
        status=status,
        day=moment.day,
        period=moment.period,
        starts_at=moment.starts_at,
        ends_at=moment.ends_at,
        due=reading.first("due"),
        hours=round(sum(hours + travel), 2) if hours or travel else None,
        travel=round(sum(travel), 2) if travel else None,
        cost=cost,
        currency=currency,
        counts={name: sum(said[name]) for name in PEOPLE_COUNTS if name in said},
        approximate=frozenset(fact.field for fact in reading.facts if fact.approximate),
        reach={name: said[name][0] for name in REACH if name in said},
        links=links,
        tags=tuple(dict.fromkeys(said.get("tag", ()))),
        program=reading.first("program") or "",
        repeats=repeats,
        not_understood=tuple(reading.not_understood),
        unsure_day=bool(moment.when and moment.when.unsure),
        facts=tuple(sorted(reading.facts, key=lambda fact: fact.start)),
    )


def _draws_people(reading: LineReading, kind: str, *, known_kind: bool) -> bool:
    """Whatever people sign up for, or come to in numbers, is something that people come to."""
    if not known_kind:
        return any(map(reading.values, PEOPLE_COUNTS))
    many = sum(reading.values("attended")) >= A_CROWD
    promised = any(map(reading.values, ("signups", "interested", "seats")))
    # What people sign up for is a conference of one's own; one that is gone to has only people met.
    return (kind == Kind.MEETING and (many or promised)) or (kind == Kind.CONFERENCE and promised)


def _lean(reading: LineReading, said: str | None) -> int:
    """Which side of today a day without a year lies on: -1 before, 1 after, 0 the nearer one."""
    if said in {Status.DROPPED, Status.DECLINED}:
        return 0
    return 1 if said in AHEAD and said != Status.DOING else kinds.lean_of(reading.open)


def _title(reading: LineReading, known: set[str]) -> str:
    title, _ = cells.title_and_rest(title_of(reading))
    if title:
        return title
    if not known:
        when = "says when" if reading.first("repeats") else "is a day"
        raise cells.BadCellError(f"“{reading.line[:80]}” {when}; say what happened on it.")
    return cells.title_and_rest(reading.line)[0]


def _settled(
    reading: LineReading, said: str | None, moment: Moment, today: date, *, ahead: bool
) -> tuple[str, Moment]:
    """The status, and the day that goes with it."""
    status = said or _status(reading, moment, ahead=ahead)
    if said == Status.DONE and ahead:
        if not kinds.ERRAND.match(reading.lower):
            return Status.PLANNED, moment
        # “Booked the hall for 10 December” was done today; that day is its object's.
        for fact in [fact for fact in reading.facts if fact.field in {"day", "time"}]:
            reading.facts.remove(fact)
            reading.name(fact.start, fact.end)
        return status, Moment(When(today), None, moment.zone)
    if status == Status.DOING and moment.when is not None and moment.day != today:
        # “Planning offsite, 5 October” names a thing that is over, or still to come.
        status = Status.PLANNED if ahead else Status.DONE
    over = status not in {Status.PLANNED, Status.IDEA, Status.ASKED}
    if moment.when is None and (over or moment.clock):
        return status, Moment(When(today), moment.clock, moment.zone)
    return status, moment


def _status(reading: LineReading, moment: Moment, *, ahead: bool) -> str:
    """Where no word says it: by the day, by what it is due, by what is hoped for."""
    if ahead:
        return Status.PLANNED
    hopes = reading.values("hoped") and not reading.values("attended")
    often = _HOW_OFTEN.search(reading.lower)
    promised = _PROMISED.search(reading.lower) or reading.values("due") or hopes or often
    return Status.PLANNED if moment.when is None and promised else Status.DONE


def _prefix(reading: LineReading) -> str:
    """“idea:”, “todo:”, “[x]”: the status said before everything else."""
    found = kinds.PREFIX.match(reading.lower)
    if not found:
        return ""
    reading.take("prefix", found[0], 0, found.end())
    if found["box"]:
        return Status.DONE if found["box"] == "x" else Status.PLANNED
    return kinds.PREFIXES[found["word"]]


def _without_status(reading: LineReading) -> str:
    """The words that may say the kind: without what only asks, plans or dreams."""
    return kinds.ABOUT_IT.sub("", re.sub(r"^[\x00\s]+", "", reading.open))


def _links_and_tags(reading: LineReading) -> None:
    if "http" in reading.lower:
        for match in islice(_URL.finditer(reading.line), MOST_LINKS):
            url = match[0].rstrip(".,;)")
            reading.take("link", url, match.start(), match.start() + len(url))
    if "#" in reading.open:
        for match in islice(_TAG.finditer(reading.open), MOST_LINKS):
            reading.take("tag", match[1], *match.span())
    if ":" in reading.open or ";" in reading.open:
        for match in _FACE.finditer(reading.open):
            reading.take("face", match[0], *match.span())


def _program(reading: LineReading, settings: Settings) -> None:
    """“Talks: …”, “@Program”, “in Evenings”: only programs there are."""
    if not settings.programs:
        return
    text = reading.open
    for name in sorted(settings.programs, key=len, reverse=True):
        squeezed = re.sub(r"[\W_]+", "", name)
        if name not in text and squeezed not in text:
            continue
        word = re.escape(name)
        for pattern in (
            rf"^[\x00\s]*{word}\s*:\s*",
            rf"(?<!\S)@\s?(?:{word}|{re.escape(squeezed)})(?!\w)",
            rf"\b(?:in|for) (?:the )?{word}(?: program)?(?!\w)",
        ):
            if (found := re.search(pattern, text)) and found[0].strip():
                start = found.end() - len(found[0].lstrip("\x00 "))
                reading.take("program", settings.programs[name], start, found.end())
                return


def _days(reading: LineReading, asked: Asked, said: str | None) -> tuple[When | None, Clock | None]:
    """The day of the line and its time; the day it is due is a fact of its own."""
    first: When | None = None
    clock: Clock | None = None
    ended = 0
    for name, when, at, start, end in find_days(reading, asked):
        if first is not None and _is_span(first, when, reading.line[ended:start]):
            first = replace(first, last=when.day)
            clock = replace(clock, ends=at.begins) if clock and at else clock
            reading.take("day", when.day, ended, end)
            continue
        ended = end
        if name == "due" and said == Status.DONE:
            continue
        if name == "due":
            if reading.first("due") is None:
                reading.take("due", when.day, start, end)
            else:
                reading.name(start, end)
        elif first is None or _same(first, when):
            first, clock = (
                (when, clock or at) if first is None or first.last is None else (first, clock or at)
            )
            reading.take("day", when.day, start, end)
        elif said == Status.ASKED or (
            first.period and not when.period and when.day.month == first.day.month
        ):
            first, clock = when, clock or at
            reading.take("day", when.day, start, end)
        else:
            reading.name(start, end)
    return first, clock


_UNTIL = re.compile(r"\s*(?:,?\s*\b(?:to|until|till|through)\b|[-–—])\s*", re.IGNORECASE)


def _is_span(first: When, other: When, between: str) -> bool:
    """“12 Feb 18:00 to 14 Feb”: two days, of which the second ends what the first begins."""
    days = not (first.period or first.last or other.period or other.last)
    return days and first.day < other.day and _UNTIL.fullmatch(between) is not None


def _same(first: When, other: When) -> bool:
    return first.day == other.day or bool(first.last and first.day <= other.day <= first.last)


def _apart(
    words: str, now: datetime, zone: tzinfo, settings: Settings
) -> tuple[When, Clock | None]:
    """A day said beside the line, with --on."""
    local = now.astimezone(zone)
    reading = LineReading(words.strip())
    asked = Asked(local.date(), 0, settings.month_first)
    for name, when, clock, start, end in find_days(reading, asked):
        if name == "day" and start == 0 and end == len(reading.line):
            return when, clock
    # Imported here because it takes longer to load than everything else a capture does.
    import dateparser  # noqa: PLC0415

    base = local.replace(tzinfo=None)
    rules = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "past", "RETURN_AS_TIMEZONE_AWARE": False}
    parsed = dateparser.parse(words, settings=rules)
    if parsed is None:
        raise cells.BadCellError(f"“{words}” is not a day Almanac understands; try 2026-03-05.")
    cells.in_reason(parsed, "the date")
    return When(parsed.date()), None


def _cost(reading: LineReading) -> tuple[float | None, str]:
    costs = [fact for fact in reading.facts if fact.field == "cost"]
    if not costs:
        return None, ""
    currency = costs[0].value[1]
    for fact in costs:
        if fact.value[1] != currency:
            reading.facts.remove(fact)
            reading.name(fact.start, fact.end)
    total = sum(fact.value[0] for fact in costs if fact.value[1] == currency)
    if total > cells.LARGEST_AMOUNT:
        raise cells.BadCellError(f"{total:,.0f} {currency} cannot be right.")
    return round(total, 2), currency
