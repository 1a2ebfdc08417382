"""How long it took, and what it cost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from almanac.sources.capture.quantities import ABOUT, WORDS, numeral

if TYPE_CHECKING:
    from almanac.sources.capture.facts import LineReading

MOST_HOURS = 2000
MOST_DAYS = 31
CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
CODES = "usd|eur|gbp|jpy|inr|chf|cad|aud|nzd|sek|nok|dkk|pln|czk|brl|mxn|zar|ngn|kes|sgd|hkd"
_NAMED = {"dollar": "USD", "buck": "USD", "euro": "EUR", "pound": "GBP", "franc": "CHF"}
_SMALL = "|".join(word for word, value in WORDS.items() if 0 < value <= 12 and " " not in word)
_N = rf"(?<![\w.,:/#$€£¥₹-])(?P<n>\d{{1,4}}(?:[.,]\d{{1,2}})?|(?<![a-z])(?:{_SMALL}|an?|a couple of))"
_LENGTH = re.compile(
    rf"(?:{ABOUT}\s*|\bfor\s+|\btook(?:\s+me)?\s+|\bspent\s+)?(?:"
    r"(?<![\w.,:/])(?P<h>\d{1,3})\s?(?:h|hrs?|hours?)(?:\s+and)?\s?(?P<m>[0-5]?\d)\s?(?:m|mins?|minutes?)?(?![\w])"
    r"|(?<![\w.,:/])(?P<h2>\d{1,2}):(?P<m2>[0-5]\d)\s?(?:h|hrs?|hours?)\b"
    rf"|{_N}[ -]?(?:full |whole |long |solid )?(?P<half1>and a half )?(?P<unit>h|hrs?|hours?|mins?|minutes?|m|days?)(?P<half>\s+and a half)?(?![\w'’])"
    r"|(?P<words>\bhalf an hour|\bhalf[ -]hour|\ban hour and a half|\bhalf a day|\bhalf[ -]day|"
    r"\b(?:all|the whole|a whole|the full|a full) (?:day|morning|afternoon|evening)|"
    r"\bthe (?:morning|afternoon) (?=on\b|with\b|working\b|doing\b)))"
)
_BESIDE = re.compile(
    r"\b(?:views?|reads?|downloads?|stars?|plays|listens|clicks|subscribers|followers) in $|\b(?:first|last|past|next|within|every|each|per|top|day|in the|under|after|by)\s+$"
)
_FOLLOWS = re.compile(
    r"\s*(?:ago\b|from now|later\b|before\b|after\b|long video|old\b|in a row|a week\b|per\b|notice|"
    r"of code\b|(?:users|views|downloads|people|devs|developers|requests|rows|lines|records)\b)"
)
_HACKATHON = re.compile(r"[- ]?(?:\w+ )?(?:hack\w*|(?:game |code )?jams?)\b")
OF_A_HACKATHON = 12
"""Hours from which “a 24-hour hackathon” says how long it goes on, and not how long one worked."""
_TRAVEL_AFTER = re.compile(
    r"\s*(?:of\s+)?(?:travel(?:l?ing)?|on the (?:train|road)|flying|transit)\b"
)
_TRAVEL_BEFORE = re.compile(
    r"\b(?:travel(?:l?ed|l?ing)?|train|flights?|drive)\s*(?:time|:|was|of|took)?\s*$"
)
_DESCRIBES = re.compile(r"[ -]*[a-z]")
_SPENT = re.compile(
    r"(?:\b(?:spent|took|takes|for|about|around|over)\s+(?:me\s+)?|[(,;+]\s*)a days?$"
)
_LENGTH_HINT = re.compile(r"\d\s?-?[hm]|hour|hrs?\b|min|day|morning|afternoon|evening")
_CLIP = re.compile(
    r"(?<![\w:])\d{1,3}:\d\d(?::\d\d)?[\s-]*(?:long|(?:min(?:utes?)?\b(?! of))|videos?|clip|screencast|recording)"
    r"|\+\d[\d ()/-]{6,}\d"
)
"""Lengths of videos and telephone numbers: neither a time of day nor work."""

_MONEY = re.compile(
    r"(?<![\w])(?:(?P<times>\d{1,3})\s?[x×]\s?)?(?:(?P<sign>[$€£¥₹])\s?(?P<a>\d[\d.,'\u00a0]{0,20}\d|\d)(?P<ka>\s?k\b)?"
    rf"|(?P<code>\b(?:{CODES})|us\$|a\$|c\$)\s?(?P<b>\d[\d.,'\u00a0]{{0,20}}\d|\d)(?P<kb>\s?k\b)?"
    rf"|(?P<c>\d[\d.,'\u00a0]{{0,20}}\d|\d)(?P<kc>\s?k)?\s?(?:(?P<sign2>[€£¥₹$])|(?P<code2>{CODES})\b|"
    r"(?P<name>dollars?|bucks|euros?|pounds|francs?)\b))(?!\w)"
)  # fmt: skip


_MONEY_HINT = re.compile(rf"[$€£¥₹]|(?:{CODES}|dollars?|bucks|euros?|pounds|francs?)\b")
_TICKET = re.compile(
    r"\s*(?:a|per|/)\s*(?:seat|person|head|ticket|pp|guest|month|year)\b|\s*(?:tickets?|entry|entrance|each\b)"
)


def find_lengths(reading: LineReading, hours_a_day: float) -> None:
    """Hours of effort; several are added up, and those of travel are named as travel."""
    if not _LENGTH_HINT.search(reading.open):
        return
    for match in _LENGTH.finditer(reading.open):
        before, end = reading.before(match.start()), match.end()
        if reading.full:
            return
        if _BESIDE.search(before) or _FOLLOWS.match(reading.open, end):
            continue
        if match["unit"] == "m" and reading.line[match.end("unit") - 1] == "M":
            continue
        hours = _hours(match, hours_a_day)
        if hours is None or hours > MOST_HOURS:
            reading.name(*match.span())
            continue
        if hours >= OF_A_HACKATHON and _HACKATHON.match(reading.open, end):
            continue
        if (
            match["n"] == "a"
            and match["unit"].startswith("day")
            and not _SPENT.search(before + match[0])
        ):
            continue
        if _says_again(reading, match.start()):
            # “The whole day (8h)” says one length twice.
            reading.cover(*match.span())
            continue
        after = _TRAVEL_AFTER.match(reading.open, end)
        led = _TRAVEL_BEFORE.search(before)
        inside = bool(_DESCRIBES.match(reading.open, end)) and after is None
        if after:
            end = after.end()
        reading.take(
            "travel" if after or led else "hours", hours, match.start(), end, inside=inside
        )


def _says_again(reading: LineReading, start: int) -> bool:
    lengths = (fact for fact in reading.facts if fact.field in {"hours", "travel"})
    return any(reading.line[fact.end : start].strip() == "(" for fact in lengths)


def _hours(match: re.Match[str], hours_a_day: float) -> float | None:
    if match["h"]:
        return int(match["h"]) + int(match["m"]) / 60
    if match["h2"]:
        return int(match["h2"]) + int(match["m2"]) / 60
    if match["words"]:
        words = match["words"]
        if "hour" in words:
            return 1.5 if "and a half" in words else 0.5
        return hours_a_day / (1 if words.endswith(" day") and "half" not in words else 2)
    text = match["n"]
    if text == "a" and match["unit"] in {"h", "m"}:
        return None
    number = 2.0 if text.startswith("a couple") else 1.0 if text in {"a", "an"} else (
        float(WORDS[text]) if text in WORDS else numeral(text)
    )  # fmt: skip
    number += 0.5 if match["half"] or match["half1"] else 0
    unit = match["unit"]
    if unit.startswith("d"):
        return number * hours_a_day if number <= MOST_DAYS else None
    return number if unit.startswith("h") else round(number / 60, 2)


def cover_other_numbers(reading: LineReading) -> None:
    """Blank what looks like a time or a count and is neither; it stays in the title."""
    for match in _CLIP.finditer(reading.open) if ":" in reading.open or "+" in reading.open else ():
        reading.cover(*match.span())


def find_money(reading: LineReading) -> None:
    """Costs as ("cost", (amount, currency)); several in one currency are added up later."""
    if not _MONEY_HINT.search(reading.open):
        return
    for match in _MONEY.finditer(reading.open):
        if reading.full:
            return
        text = match["a"] or match["b"] or match["c"]
        thousand = match["ka"] or match["kb"] or match["kc"]
        sign, code = match["sign"] or match["sign2"], match["code"] or match["code2"]
        if sign:
            currency = CURRENCIES[sign]
        elif code:
            currency = {"us$": "USD", "a$": "AUD", "c$": "CAD"}.get(code, code.upper())
        else:
            currency = _NAMED[match["name"].rstrip("s")]
        value = money(text)
        if value is None:
            reading.name(*match.span())
            continue
        if _TICKET.match(reading.open, match.end()):
            # The price of a ticket is no cost of one's own; it stays in the title.
            reading.cover(*match.span())
            continue
        value *= int(match["times"] or 1) * (1000 if thousand else 1)
        reading.take("cost", (value, currency), *match.span())


def money(text: str) -> float | None:
    """1,234.50 and 1.234,50 alike: the last mark before one or two digits is the decimal one."""
    found = re.fullmatch(r"(\d{1,3}(?:[.,'\u00a0]\d{3})*|\d{1,10})(?:[.,](\d{1,2}))?", text)
    if not found:
        return None
    return float(f"{re.sub(r'[^0-9]', '', found[1])}.{found[2] or 0}")
