"""When: days, periods, ranges of days and times, out of a line in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from almanac.sources.capture.dates import (
    EVENINGS,
    MONTHS,
    WORDS,
    Asked,
    NoDayError,
    When,
    day_of,
    in_month,
    iso,
    named_day,
    nth_weekday,
    numeric,
    numeric_range,
    ordinal,
    quarter,
    relative,
    shifted,
    weekday_said,
    weekdays_said,
    word_said,
)
from almanac.sources.capture.facts import MOST
from almanac.sources.capture.times import time_of_day

if TYPE_CHECKING:
    from almanac.sources.capture.facts import LineReading
    from almanac.sources.capture.times import Clock

EARLIEST, LATEST = 1970, 2100
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
Reader = Callable[[re.Match[str], Asked], When]
_ON = r"\b(?:(?:on|from|since)\s+)?(?:the\s+)?"
_PART = r"(?P<part>\s+(?:morning|afternoon|evening|night|lunch(?:time)?))?"
_DATES: tuple[tuple[re.Pattern[str], tuple[tuple[str, Reader], ...]], ...] = tuple(
    (re.compile(hint), readers)
    for hint, readers in (
        (r"\d[./-]\d", (
            (r"(?:\bon\s+)?(?<!\d)(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)(?:\s*(?:to|until|till|through|[-–—/])\s*(?P<last>(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2})(?!\d))?", iso),
            (r"\b(?P<one>\d{1,2})\.?\s*[-–]\s*(?P<last>\d{1,2})\.(?P<two>\d{1,2})\.(?P<year>(?:19|20)\d\d)?(?!\d)", numeric_range),
            (rf"(?:\b(?:on|from)\s+)?{_LEAD}(?<![\d./,$€£:])(?!24/7)(?P<one>\d{{1,2}})(?:/(?P<two>\d{{1,2}})(?:/(?P<year>\d{{4}}|\d\d))?)(?![\d/]|\s*(?:showed|came|attended|turned|joined|signed|people))", numeric),
            (rf"(?:\b(?:on|from)\s+)?{_LEAD}(?<![\d./,$€£:])(?!24/7)(?P<one>\d{{1,2}})[.-](?P<two>\d{{1,2}})[.-](?P<year>\d{{4}}|\d\d)(?!\d)", numeric),
            (rf"(?:\b(?:on|from)\s+)?{_LEAD}(?<![\d./,$€£:])(?!24/7)(?P<one>\d{{1,2}})\.(?P<two>\d{{1,2}})\.(?P<year>(?:19|20)\d\d)?(?!\d)", numeric),
            (r"\b(?:on|from)\s+(?P<one>\d{1,2})\.(?P<two>\d{1,2})(?P<year>)(?![\d.%]|\s*h)", numeric),
        )),
        (r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", (
            (rf"\b(?:on\s+)?(?:the\s+)?(?P<nth>first|second|third|fourth|last|1st|2nd|3rd|4th)\s+(?P<name>{_WEEKDAY})\s+(?:of|in)\s+(?P<month>{_MONTH}){_YEAR}", nth_weekday),
        (rf"{_ON}{_LEAD}\b{_DAY}\s*(?:of\s+)?(?P<month>{_MONTH}){_TO}{_LAST}\s*(?:of\s+)?(?P<until>{_MONTH}){_YEAR}", named_day),
            (rf"{_ON}{_LEAD}(?P<month>{_MONTH})\s*{_DAY}{_TO}(?P<until>{_MONTH})\s*{_LAST}(?![\d:]){_YEAR}", named_day),
            (rf"{_ON}{_LEAD}\b{_DAY}{_TO}{_LAST}\s*(?:of\s+)?(?P<month>{_MONTH}){_YEAR}", named_day),
            (rf"{_ON}{_LEAD}(?P<month>{_MONTH})\s*{_DAY}{_TO}{_LAST}(?!\s*(?:[\d:h%]|am|pm|people|ppl)){_YEAR}", named_day),
            (rf"{_ON}{_LEAD}\b(?<![\d.,]){_DAY}[\s-]*(?:of\s+)?(?P<month>{_MONTH}){_YEAR}", named_day),
            (rf"{_ON}{_LEAD}(?P<month>{_MONTH})\s*{_DAY}(?!\d|:\d|\s*(?:people|ppl|am\b|pm\b)){_YEAR}", named_day),
            (rf"\b(?:(?:back\s+)?in|during|for|since|of)\s+(?:early\s+|mid[- ]|late\s+)?(?P<month>{_MONTH}){_YEAR}(?!\s*\d)", in_month),
            (rf"^(?:the |our |my )?(?P<month>{'|'.join(MONTHS)})(?P<year>)(?P<short>)\b(?=\s+(?:meet-?up|workshop|webinar|call|newsletter|hackathon|event|community|evening|office|ama|stream))", in_month),
            (rf"(?<![a-z'])(?P<month>{_MONTH}),?\s+(?:(?P<year>(?:19|20)\d\d)(?!\d)|'(?P<short>\d\d)(?!\d))", in_month),
        )),
        (r"day|ago|now|night|nite|morning|afternoon|evening|tom|tm[rw]|2morrow|week|month|quarter|year|fortnight", (
            (rf"\b(?P<words>{'|'.join(sorted((*WORDS, *EVENINGS), key=len, reverse=True))})\b", word_said),
            (rf"\b{_NUMBER}\s+(?P<unit>days?|weeks?|fortnights?|months?|years?)\s+(?:(?P<ago>ago)|from (?:now|today))\b", shifted),
            (rf"\b(?P<ago>(?!))?in\s+{_NUMBER}\s+(?P<unit>days?|weeks?|fortnights?|months?)(?:\s+time|'\s+time)?\b(?!')", shifted),
            (r"\b(?:(?:early|late|sometime|over|during|at|in|later|earlier)\s+)?(?P<which>last|past|next|this|coming|the(?= weekend))\s+(?P<unit>week(?:end)?|month|quarter|year)\b(?! of)", relative),
        )),
        (r"\b(?:mon|tue|wed|thu|fri|sat|sun)", (
            (rf"(?<![a-z])(?:on\s+|from\s+)?(?P<which>(?:last|next|this)\s+)?(?P<name>{_WEEKDAY})(?P<to>\s*(?:-|–|—|/|\bto\b|\bthrough\b|\band\b|&)\s*)(?P<end>{_WEEKDAY})", weekdays_said),
            (rf"\b(?:on\s+|from\s+)?(?P<which>last|next|this|coming|past)\s+(?P<name>{_WEEKDAY})\.?{_PART}\b", weekday_said),
            (rf"\b(?:on\s+)(?P<which>)(?P<name>{_WEEKDAY})\.?{_PART}\b", weekday_said),
            (rf"(?<![a-z])(?P<which>)(?P<name>{_FULL}){_PART}(?!s?')\b", weekday_said),
            (r"(?<![a-z])(?<!the )(?P<which>)(?P<name>sat|sun)(?=,?\s+(?:(?:at|from|@)\s*)?(?:\d{1,2}:\d\d|\d{1,2}\s*[ap]m\b))", weekday_said),
        )),
        (r"\d(?:st|nd|rd|th)\b", (
            (r"\b(?:on|from)\s+the\s+(?P<day>\d{1,2})(?:st|nd|rd|th)\b(?!\s+(?:of\s+)?[a-z]*\s*(?:floor|time|place|edition|anniversary))", ordinal),
        )),
        (r"q[1-4]|\d{4}-\d\d", (
            (r"(?:\b(?:in|during|for|over)\s+)q(?P<quarter>[1-4])(?P<year>)(?P<short>)(?!\w|\s*[/,]?\s*(?:20|'))", quarter),
        (r"\bq(?P<quarter>[1-4])(?P<year>)(?P<short>)(?=\s*(?:$|[:;,.)]))(?!\s*,?\s*(?:20|'))", quarter),
        (r"\b(?:in\s+|during\s+)?q(?P<quarter>[1-4])(?:\s*[/,]?\s*(?:(?P<year>(?:19|20)\d\d)(?!\d)|'(?P<short>\d\d)(?!\d)))\b", quarter),
            (r"\b(?P<year>(?:19|20)\d\d)[ -]?q(?P<quarter>[1-4])\b", quarter),
            (r"\b(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])(?![-\d])", lambda m, _: When(day_of(int(m["year"]), int(m["month"]), 1), period="month")),
        )),
    )
)  # fmt: skip
"""Ways to write a day, behind what a line must hold for any of them to be tried."""

_compiled = cache(re.compile)
"""Compiled when first needed: a command that writes one line down needs few of them."""
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
    r"(?<![\w./$€£:#-])(?!24/7)(?:\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}\.\d{1,2}\.(?:\d{2,4})?|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}:\d\d)(?![\w/:]|\s*(?:people|ppl|folks|showed|came|attended|turned|joined|signed))"
    r"|\b(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<after>[a-z]{3,10})\b"
    r"|\b(?P<before>[a-z]{3,10})\s+\d{1,2}(?:st|nd|rd|th)?(?![\w:%.,]\d|\w)"
)


def find_days(reading: LineReading, asked: Asked) -> list[tuple[str, When, Clock | None, int, int]]:
    """Each day of a line as (field, when, time, start, end), left to right; field "due" or "day".

    What looks like a day and is none is named on the reading.
    """
    found: list[tuple[str, When, Clock | None, int, int]] = []
    for hint, readers in _DATES:
        if not hint.search(reading.open):
            continue
        for pattern, reader in readers:
            for match in _compiled(pattern).finditer(reading.open):
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
                    if reader is relative:
                        reading.name(start, end)
                    continue
                if not EARLIEST <= when.day.year <= LATEST:
                    continue
                clock, end = time_of_day(reading.open, end)
                found.append(
                    ("due" if due else "day", when, clock, due.start() if due else start, end)
                )
                reading.cover(start, end)
    return sorted(found, key=lambda item: item[3])


def name_unread(reading: LineReading) -> None:
    """Name what is written as a day is and is none: 31/13, 30 Feb, Novmber 12."""
    if not _DIGIT.search(reading.open):
        return
    for match in _DATE_LIKE.finditer(reading.open):
        word = match["after"] or match["before"]
        if word is None or _is_month(word):
            reading.name(*match.span())
            reading.cover(*match.span())


@lru_cache(4096)
def _is_month(word: str) -> bool:
    """Whether a word is a month, or one mistyped."""
    return bool(_MONTH_WORD.fullmatch(word)) or bool(get_close_matches(word, MONTHS, 1, 0.8))
