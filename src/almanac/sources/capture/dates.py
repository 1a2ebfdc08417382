"""The day that words or numbers name, seen from today."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from almanac.sources.base.cells import BadCellError

if TYPE_CHECKING:
    import re

FARTHEST = 3660
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
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
    """What a reading depends on. lean: -1 in the past, 1 in the future, 0 unknown."""

    today: date
    lean: int = 0
    month_first: bool | None = None


class NoDayError(BadCellError):
    """It looks like a day, and there is none such."""


def _year_of(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    return 2000 + int(groups["short"]) if groups.get("short") else None


def _month(word: str) -> int:
    return 1 + next(i for i, month in enumerate(MONTHS) if month.startswith(word[:3]))


def day_of(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoDayError from error


def _nearest(month: int, day: int, asked: Asked) -> date:
    """Without a year: the nearest such day, on the side the line leans to."""
    found = []
    # 29 February may be eight years away, as it was around 1900; any other day is within one.
    years = 8 if (month, day) == (2, 29) else 1
    for year in range(asked.today.year - years, asked.today.year + years + 1):
        if 1 <= day <= monthrange(year, month)[1]:
            found.append(date(year, month, day))
    if not found:
        raise NoDayError
    return _closest(found, asked)


def _closest(days: list[date], asked: Asked) -> date:
    sided = [day for day in days if (day - asked.today).days * asked.lean >= 0]
    return min(sided or days, key=lambda day: abs((day - asked.today).days))


def named_day(match: re.Match[str], asked: Asked) -> When:
    month, day = _month(match["month"]), int(match["day"])
    year = _year_of(match)
    first = day_of(year, month, day) if year else _nearest(month, day, asked)
    groups = match.groupdict()
    if not groups.get("last"):
        return When(first)
    until = _month(groups["until"]) if groups.get("until") else month
    last = day_of(first.year + (until < month), until, int(groups["last"]))
    if groups.get("until") and year and until < month:
        first, last = day_of(year - 1, month, day), day_of(year, until, int(groups["last"]))
    if last < first:
        raise NoDayError
    return When(first, last)


def iso(match: re.Match[str], _asked: Asked) -> When:
    first = day_of(int(match["year"]), int(match["month"]), int(match["day"]))
    if not match["last"]:
        return When(first)
    year, month, day = map(int, match["last"].replace("/", "-").replace(".", "-").split("-"))
    last = day_of(year, month, day)
    if last < first:
        raise NoDayError
    return When(first, last)


def numeric(match: re.Match[str], asked: Asked) -> When:
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
            found = day_of(year, month, day) if year else _nearest(month, day, asked)
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


def numeric_range(match: re.Match[str], asked: Asked) -> When:
    """17.-20.11.: always the day first."""
    first, last, month = int(match["one"]), int(match["last"]), int(match["two"])
    if not 1 <= month <= len(MONTHS) or first > last:
        raise NoDayError
    year = _year_of(match)
    day = day_of(year, month, first) if year else _nearest(month, first, asked)
    return When(day, day_of(day.year, month, last))


WORDS = {
    "today": 0, "just now": 0, "this morning": 0, "this afternoon": 0, "this week": 0,
    "earlier today": 0, "yesterday": -1, "day before yesterday": -2, "the day before yesterday": -2,
    "tomorrow": 1, "tmrw": 1, "tmr": 1, "tmw": 1, "tomorow": 1, "tommorow": 1, "tommorrow": 1,
    "2morrow": 1, "day after tomorrow": 2, "the day after tomorrow": 2,
}  # fmt: skip
EVENINGS = {"tonight": 0, "this evening": 0, "last night": -1, "yesterday evening": -1,
             "last evening": -1, "last nite": -1, "tonite": 0, "tomorrow night": 1, "tomorrow evening": 1}  # fmt: skip


def word_said(match: re.Match[str], asked: Asked) -> When:
    words = " ".join(match["words"].split())
    shift = EVENINGS.get(words, WORDS.get(words, 0))
    return When(asked.today + timedelta(days=shift))


def shifted(match: re.Match[str], asked: Asked) -> When:
    number = _NUMBERS.get(match["number"]) or int(match["number"])
    ahead = -1 if match["ago"] else 1
    unit = match["unit"].rstrip("s")
    if unit in {"month", "year"}:
        months = asked.today.month - 1 + ahead * number * (12 if unit == "year" else 1)
        if abs(months) > FARTHEST / 30:
            raise NoDayError
        year, month = asked.today.year + months // 12, months % 12 + 1
        return When(day_of(year, month, min(asked.today.day, monthrange(year, month)[1])))
    days = number * {"day": 1, "week": 7, "fortnight": 14}[unit]
    if days > FARTHEST:
        raise NoDayError
    return When(asked.today + timedelta(days=ahead * days))


def relative(match: re.Match[str], asked: Asked) -> When:
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


def weekday_said(match: re.Match[str], asked: Asked) -> When:
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


def weekdays_said(match: re.Match[str], asked: Asked) -> When:
    """“Thu/Fri”, “Mon-Wed”: the days from the one to the other. Joined by “and” they are neighbours."""
    first = weekday_said(match, asked).day
    wanted = next(i for i, name in enumerate(WEEKDAYS) if name.startswith(match["end"][:3]))
    length = (wanted - first.weekday()) % 7
    if length == 0 or (length > 1 and match["to"].strip() in {"and", "&", "/"}):
        raise NoDayError
    return When(first, first + timedelta(days=length))


def ordinal(match: re.Match[str], asked: Asked) -> When:
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


def nth_weekday(match: re.Match[str], asked: Asked) -> When:
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


def in_month(match: re.Match[str], asked: Asked) -> When:
    month, year = _month(match["month"]), _year_of(match)
    if year is None:
        firsts = [date(y, month, 1) for y in range(asked.today.year - 1, asked.today.year + 2)]
        this = Asked(asked.today.replace(day=1), asked.lean)
        return When(_closest(firsts, this), period="month")
    return When(day_of(year, month, 1), period="month")


def quarter(match: re.Match[str], asked: Asked) -> When:
    month, year = int(match["quarter"]) * 3 - 2, _year_of(match)
    if year is None:
        firsts = [date(y, month, 1) for y in range(asked.today.year - 1, asked.today.year + 2)]
        return When(_closest(firsts, asked), period="quarter")
    return When(day_of(year, month, 1), period="quarter")
