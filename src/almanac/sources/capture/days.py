"""When: days, periods, ranges of days and times, out of a line in English."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from almanac.sources.capture.facts import MOST
from almanac.sources.capture.times import time_of_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from almanac.sources.capture.facts import Reading
    from almanac.sources.capture.times import Clock

EARLIEST, LATEST = 1970, 2100
FARTHEST = 3660
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|"
    r"sat(?:urday)?|sun(?:day)?)(?![a-z])"
)
_FULL = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|tues|thurs?|mon|tue|wed|thu|fri)(?![a-z])"
_YEAR = r"(?:,?[\s-]*(?P<year>(?:19|20)\d\d)(?!\d)|,?\s*'(?P<short>\d\d)(?!\d))?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_LAST = r"(?P<last>\d{1,2})(?:st|nd|rd|th)?"
_TO = r"\s*(?:-|–|—|to|until|till|through|and|&)\s*"
_LEAD = rf"(?:{_WEEKDAY}\.?,?\s+(?:the\s+)?)?"
_NUMBER = (
    r"(?P<number>\d{1,4}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|a couple of|a few)"
)
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "a couple of": 2, "a few": 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class When:
    """A day, or a period from its first day; last: of several days; period: "month" or "quarter".

    unsure: 3/4 could be meant either way.
    """

    day: date
    last: date | None = None
    period: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reading depends on. lean: -1 what is told is over, 1 it lies ahead, 0 unknown."""

    today: date
    lean: int = 0
    month_first: bool | None = None


class NoDayError(ValueError):
    """It looks like a day, and there is none such."""


def _year_of(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    return 2000 + int(groups["short"]) if groups.get("short") else None


def _month(word: str) -> int:
    return 1 + next(i for i, month in enumerate(MONTHS) if month.startswith(word[:3]))


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoDayError from error


def _nearest(month: int, day: int, asked: Asked) -> date:
    """Without a year: the nearest such day, on the side the line leans to."""
    found = []
    for year in range(asked.today.year - 8, asked.today.year + 9):
        if day <= monthrange(year, month)[1]:
            found.append(date(year, month, day))
    if not found:
        raise NoDayError
    return _closest(found, asked)


def _closest(days: list[date], asked: Asked) -> date:
    sided = [day for day in days if (day - asked.today).days * asked.lean >= 0]
    return min(sided or days, key=lambda day: abs((day - asked.today).days))


def _named_day(match: re.Match[str], asked: Asked) -> When:
    month, day = _month(match["month"]), int(match["day"])
    year = _year_of(match)
    first = _day(year, month, day) if year else _nearest(month, day, asked)
    groups = match.groupdict()
    if not groups.get("last"):
        return When(first)
    until = _month(groups["until"]) if groups.get("until") else month
    last = _day(first.year + (until < month), until, int(groups["last"]))
    if groups.get("until") and year and until < month:
        first, last = _day(year - 1, month, day), _day(year, until, int(groups["last"]))
    if last < first:
        raise NoDayError
    return When(first, last)


def _iso(match: re.Match[str], _asked: Asked) -> When:
    return When(_day(int(match["year"]), int(match["month"]), int(match["day"])))


def _numeric(match: re.Match[str], asked: Asked) -> When:
    """14/11, 3/14/2026, 14.11.: by what is possible, else by the setting, else day first."""
    one, two = int(match["one"]), int(match["two"])
    text = match["year"]
    year = None if not text else int(text) + (2000 if len(text) == 2 else 0)
    readings = []
    for month_first in (True, False):
        month, day = (one, two) if month_first else (two, one)
        if not 1 <= month <= 12 or not 1 <= day <= 31:
            continue
        try:
            found = _day(year, month, day) if year else _nearest(month, day, asked)
        except NoDayError:
            continue
        readings.append((month_first, found))
    if not readings:
        raise NoDayError
    if "." in match[0] and one <= 31 and len(readings) > 1:
        readings = [reading for reading in readings if not reading[0]]
    days = dict(readings)
    unsure = len(set(days.values())) > 1 and asked.month_first is None
    wanted = bool(asked.month_first)
    return When(days.get(wanted, readings[0][1]), unsure=unsure)


def _numeric_range(match: re.Match[str], asked: Asked) -> When:
    """17.-20.11.: always the day first."""
    first, last, month = int(match["one"]), int(match["last"]), int(match["two"])
    if not 1 <= month <= len(MONTHS) or first > last:
        raise NoDayError
    year = _year_of(match)
    day = _day(year, month, first) if year else _nearest(month, first, asked)
    return When(day, _day(day.year, month, last))


_WORDS = {
    "today": 0, "just now": 0, "this morning": 0, "this afternoon": 0, "this week": 0,
    "earlier today": 0, "yesterday": -1, "day before yesterday": -2, "the day before yesterday": -2,
    "tomorrow": 1, "tmrw": 1, "tmr": 1, "tmw": 1, "tomorow": 1, "tommorow": 1, "tommorrow": 1,
    "2morrow": 1, "day after tomorrow": 2, "the day after tomorrow": 2,
}  # fmt: skip
_EVENINGS = {"tonight": 0, "this evening": 0, "last night": -1, "yesterday evening": -1,
             "last evening": -1, "last nite": -1, "tonite": 0, "tomorrow night": 1, "tomorrow evening": 1}  # fmt: skip


def _word(match: re.Match[str], asked: Asked) -> When:
    words = " ".join(match["words"].split())
    shift = _EVENINGS.get(words, _WORDS.get(words, 0))
    return When(asked.today + timedelta(days=shift))


def _shifted(match: re.Match[str], asked: Asked) -> When:
    number = _NUMBERS.get(match["number"]) or int(match["number"])
    ahead = -1 if match["ago"] else 1
    unit = match["unit"].rstrip("s")
    if unit in {"month", "year"}:
        months = asked.today.month - 1 + ahead * number * (12 if unit == "year" else 1)
        if abs(months) > FARTHEST / 30:
            raise NoDayError
        year, month = asked.today.year + months // 12, months % 12 + 1
        return When(_day(year, month, min(asked.today.day, monthrange(year, month)[1])))
    days = number * {"day": 1, "week": 7, "fortnight": 14}[unit]
    if days > FARTHEST:
        raise NoDayError
    return When(asked.today + timedelta(days=ahead * days))


def _relative(match: re.Match[str], asked: Asked) -> When:
    """last week, next month, this quarter, the weekend."""
    today, shift = (
        asked.today,
        {"last": -1, "past": -1, "next": 1, "coming": 1}.get(match["which"], 0),
    )
    unit = match["unit"]
    if unit == "week":
        return When(today + timedelta(days=7 * shift))
    if unit == "weekend":
        saturday = today + timedelta(days=5 - today.weekday())
        if shift > 0 or (shift < 0 and saturday >= today):
            saturday += timedelta(days=7 * shift)
        return When(saturday, saturday + timedelta(days=1))
    if unit == "year":
        raise NoDayError
    if not shift:
        return When(today)
    if unit == "month":
        index = today.year * 12 + today.month - 1 + shift
        return When(date(index // 12, index % 12 + 1, 1), period="month")
    index = today.year * 4 + (today.month - 1) // 3 + shift
    return When(date(index // 4, index % 4 * 3 + 1, 1), period="quarter")


def _weekday(match: re.Match[str], asked: Asked) -> When:
    """“last Friday” lies before today, “next Friday” after it; “Friday” on the side it leans to."""
    which = (match["which"] or "").strip()
    wanted = next(i for i, name in enumerate(WEEKDAYS) if name.startswith(match["name"][:3]))
    back = (asked.today.weekday() - wanted) % 7
    if which in {"next", "coming"} or (which == "this" and asked.lean >= 0 and back):
        day = asked.today + timedelta(days=7 - back if back else 7)
    elif which in {"last", "past"}:
        day = asked.today - timedelta(days=back or 7)
    elif asked.lean > 0 and back:
        day = asked.today + timedelta(days=7 - back)
    else:
        day = asked.today - timedelta(days=back)
    return When(day)


def _ordinal(match: re.Match[str], asked: Asked) -> When:
    """“the 21st”: of this month or of the one beside it."""
    number, found = int(match["day"]), []
    for shift in (-2, -1, 0, 1, 2):
        index = asked.today.year * 12 + asked.today.month - 1 + shift
        year, month = index // 12, index % 12 + 1
        if 1 <= number <= monthrange(year, month)[1]:
            found.append(date(year, month, number))
    if not found:
        raise NoDayError
    return When(_closest(found, Asked(asked.today, asked.lean or -1)))


def _nth_weekday(match: re.Match[str], asked: Asked) -> When:
    """“first Tuesday in December”, “last Friday of October”."""
    month, name = _month(match["month"]), match["name"][:3]
    wanted = next(i for i, weekday in enumerate(WEEKDAYS) if weekday.startswith(name))
    nth = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2}.get(match["nth"], 3)
    said = _year_of(match)
    years = [said] if said else range(asked.today.year - 1, asked.today.year + 2)
    found = []
    for year in years:
        days = [date(year, month, n) for n in range(1, monthrange(year, month)[1] + 1)]
        of_name = [day for day in days if day.weekday() == wanted]
        found.append(of_name[-1] if match["nth"] == "last" else of_name[nth])
    return When(_closest(found, asked))


def _in_month(match: re.Match[str], asked: Asked) -> When:
    month, year = _month(match["month"]), _year_of(match)
    if year is None:
        firsts = [date(y, month, 1) for y in range(asked.today.year - 1, asked.today.year + 2)]
        this = Asked(asked.today.replace(day=1), asked.lean)
        return When(_closest(firsts, this), period="month")
    return When(_day(year, month, 1), period="month")


def _quarter(match: re.Match[str], asked: Asked) -> When:
    month, year = int(match["quarter"]) * 3 - 2, _year_of(match)
    if year is None:
        firsts = [date(y, month, 1) for y in range(asked.today.year - 1, asked.today.year + 2)]
        return When(_closest(firsts, asked), period="quarter")
    return When(_day(year, month, 1), period="quarter")


Reader = Callable[[re.Match[str], Asked], When]
_ON = r"\b(?:(?:on|from|since)\s+)?(?:the\s+)?"
_PART = r"(?P<part>\s+(?:morning|afternoon|evening|night|lunch(?:time)?))?"
_DATES: tuple[tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], Reader], ...]], ...] = tuple(
    (re.compile(hint), tuple((re.compile(pattern), reader) for pattern, reader in readers))
    for hint, readers in (
        (r"\d[./-]\d", (
            (r"(?:\bon\s+)?(?<!\d)(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)", _iso),
            (r"\b(?P<one>\d{1,2})\.?\s*[-–]\s*(?P<last>\d{1,2})\.(?P<two>\d{1,2})\.(?P<year>(?:19|20)\d\d)?(?!\d)", _numeric_range),
            (rf"(?:\b(?:on|from)\s+)?{_LEAD}(?<![\d./,$€£:])(?!24/7)(?P<one>\d{{1,2}})(?:/(?P<two>\d{{1,2}})(?:/(?P<year>\d{{4}}|\d\d))?)(?![\d/]|\s*(?:showed|came|attended|turned|joined|signed|people))", _numeric),
            (rf"(?:\b(?:on|from)\s+)?{_LEAD}(?<![\d./,$€£:])(?!24/7)(?P<one>\d{{1,2}})[.-](?P<two>\d{{1,2}})[.-](?P<year>\d{{4}}|\d\d)(?!\d)", _numeric),
            (rf"(?:\b(?:on|from)\s+)?{_LEAD}(?<![\d./,$€£:])(?!24/7)(?P<one>\d{{1,2}})\.(?P<two>\d{{1,2}})\.(?P<year>(?:19|20)\d\d)?(?!\d)", _numeric),
            (r"\b(?:on|from)\s+(?P<one>\d{1,2})\.(?P<two>\d{1,2})(?P<year>)(?![\d.%]|\s*h)", _numeric),
        )),
        (r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", (
            (rf"\b(?:on\s+)?(?:the\s+)?(?P<nth>first|second|third|fourth|last|1st|2nd|3rd|4th)\s+(?P<name>{_WEEKDAY})\s+(?:of|in)\s+(?P<month>{_MONTH}){_YEAR}", _nth_weekday),
        (rf"{_ON}{_LEAD}\b{_DAY}\s*(?:of\s+)?(?P<month>{_MONTH}){_TO}{_LAST}\s*(?:of\s+)?(?P<until>{_MONTH}){_YEAR}", _named_day),
            (rf"{_ON}{_LEAD}(?P<month>{_MONTH})\s*{_DAY}{_TO}(?P<until>{_MONTH})\s*{_LAST}(?![\d:]){_YEAR}", _named_day),
            (rf"{_ON}{_LEAD}\b{_DAY}{_TO}{_LAST}\s*(?:of\s+)?(?P<month>{_MONTH}){_YEAR}", _named_day),
            (rf"{_ON}{_LEAD}(?P<month>{_MONTH})\s*{_DAY}{_TO}{_LAST}(?!\s*(?:[\d:h%]|am|pm|people|ppl)){_YEAR}", _named_day),
            (rf"{_ON}{_LEAD}\b(?<![\d.,]){_DAY}[\s-]*(?:of\s+)?(?P<month>{_MONTH}){_YEAR}", _named_day),
            (rf"{_ON}{_LEAD}(?P<month>{_MONTH})\s*{_DAY}(?!\d|:\d|\s*(?:people|ppl|am\b|pm\b)){_YEAR}", _named_day),
            (rf"\b(?:(?:back\s+)?in|during|for|since|of)\s+(?:early\s+|mid[- ]|late\s+)?(?P<month>{_MONTH}){_YEAR}(?!\s*\d)", _in_month),
            (rf"^(?:the |our |my )?(?P<month>{'|'.join(MONTHS)})(?P<year>)(?P<short>)\b(?=\s+(?:meet-?up|workshop|webinar|call|newsletter|hackathon|event|community|evening|office|ama|stream))", _in_month),
            (rf"(?<![a-z'])(?P<month>{_MONTH}),?\s+(?:(?P<year>(?:19|20)\d\d)(?!\d)|'(?P<short>\d\d)(?!\d))", _in_month),
        )),
        (r"day|ago|now|night|nite|morning|afternoon|evening|tom|tm[rw]|2morrow|week|month|quarter|year|fortnight", (
            (rf"\b(?P<words>{'|'.join(sorted((*_WORDS, *_EVENINGS), key=len, reverse=True))})\b", _word),
            (rf"\b{_NUMBER}\s+(?P<unit>days?|weeks?|fortnights?|months?|years?)\s+(?:(?P<ago>ago)|from (?:now|today))\b", _shifted),
            (rf"\b(?P<ago>(?!))?in\s+{_NUMBER}\s+(?P<unit>days?|weeks?|fortnights?|months?)(?:\s+time|'\s+time)?\b(?!')", _shifted),
            (r"\b(?:(?:early|late|sometime|over|during|at|in|later|earlier)\s+)?(?P<which>last|past|next|this|coming|the(?= weekend))\s+(?P<unit>week(?:end)?|month|quarter|year)\b(?! of)", _relative),
        )),
        (r"\b(?:mon|tue|wed|thu|fri|sat|sun)", (
            (rf"\b(?:on\s+|from\s+)?(?P<which>last|next|this|coming|past)\s+(?P<name>{_WEEKDAY})\.?{_PART}\b", _weekday),
            (rf"\b(?:on\s+)(?P<which>)(?P<name>{_WEEKDAY})\.?{_PART}\b", _weekday),
            (rf"(?<![a-z])(?P<which>)(?P<name>{_FULL}){_PART}(?!s?')\b", _weekday),
        )),
        (r"\d(?:st|nd|rd|th)\b", (
            (r"\b(?:on|from)\s+the\s+(?P<day>\d{1,2})(?:st|nd|rd|th)\b(?!\s+(?:of\s+)?[a-z]*\s*(?:floor|time|place|edition|anniversary))", _ordinal),
        )),
        (r"q[1-4]|\d{4}-\d\d", (
            (r"(?:\b(?:in|during|for|over)\s+)q(?P<quarter>[1-4])(?P<year>)(?P<short>)(?!\w|\s*[/,]?\s*(?:20|'))", _quarter),
        (r"\bq(?P<quarter>[1-4])(?P<year>)(?P<short>)(?=\s*(?:$|[:;,.)]))(?!\s*,?\s*(?:20|'))", _quarter),
        (r"\b(?:in\s+|during\s+)?q(?P<quarter>[1-4])(?:\s*[/,]?\s*(?:(?P<year>(?:19|20)\d\d)(?!\d)|'(?P<short>\d\d)(?!\d)))\b", _quarter),
            (r"\b(?P<year>(?:19|20)\d\d)[ -]?q(?P<quarter>[1-4])\b", _quarter),
            (r"\b(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])(?![-\d])", lambda m, _: When(_day(int(m["year"]), int(m["month"]), 1), period="month")),
        )),
    )
)  # fmt: skip
"""Ways to write a day, behind what a line must hold for any of them to be tried."""

_DUE = re.compile(
    r"\b(?:(?:due|deadline|needed)\s*(?:on|by|is|:)?|by|before|until|till|no later than)\s+"
    r"(?:the\s+)?(?:end of\s+)?(?:on\s+)?$"
)
_OF_SOMETHING_ELSE = re.compile(
    r"\b(?:views?|reads?|downloads?|stars?|plays|listens|clicks|subscribers|followers|sign-?ups?|up|done|built|made)\s+$"
    r"|\b(?:first|last|past|next|every|each|per|within)\s+$"
)
_MONTH_WORD = re.compile(_MONTH)
_DIGIT = re.compile(r"\d")
_DATE_LIKE = re.compile(
    r"(?<![\w./$€£:#-])(?!24/7)(?:\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}\.\d{1,2}\.(?:\d{2,4})?|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}:[0-5]\d)(?![\w/:])"
    r"|\b(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<after>[a-z]{3,10})\b"
    r"|\b(?P<before>[a-z]{3,10})\s+\d{1,2}(?:st|nd|rd|th)?(?![\w:%.,]\d|\w)"
)


def find_days(reading: Reading, asked: Asked) -> Iterator[tuple[str, When, Clock | None, int, int]]:
    """Each day of a line as (field, when, time, start, end), left to right; field "due" or "day".

    What looks like a day and is none is named on the reading.
    """
    found: list[tuple[str, When, Clock | None, int, int]] = []
    for hint, readers in _DATES:
        if not hint.search(reading.open):
            continue
        for pattern, reader in readers:
            for match in pattern.finditer(reading.open):
                start, end = match.span()
                if len(found) >= MOST:
                    break
                before = reading.before(start)
                if _OF_SOMETHING_ELSE.search(before):
                    continue
                due = _DUE.search(before)
                try:
                    when = reader(match, Asked(asked.today, 1, asked.month_first) if due else asked)
                except NoDayError:
                    if reader is _relative:
                        reading.name(start, end)
                    continue
                if not EARLIEST <= when.day.year <= LATEST:
                    continue
                clock, end = time_of_day(reading.open, end)
                found.append(
                    ("due" if due else "day", when, clock, due.start() if due else start, end)
                )
                reading.cover(start, end)
    yield from sorted(found, key=lambda item: item[3])


def name_unread(reading: Reading) -> None:
    """Name what is written as a day is and is none: 31/13, 30 Feb, Novmber 12."""
    if not _DIGIT.search(reading.open):
        return
    for match in _DATE_LIKE.finditer(reading.open):
        word = match["after"] or match["before"]
        if word is None or _is_month(word):
            reading.name(*match.span())


@lru_cache(4096)
def _is_month(word: str) -> bool:
    """Whether a word is a month, or one mistyped."""
    return bool(_MONTH_WORD.fullmatch(word)) or bool(get_close_matches(word, MONTHS, 1, 0.8))
