"""“Every Tuesday and Thursday until June”: what repeats, out of a line in English."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from almanac.core.recurrence import WEEKDAYS, BadRuleError, Recurrence
from almanac.sources.base.cells import BadCellError
from almanac.sources.capture.dates import MONTHS, Asked
from almanac.sources.capture.days import find_days
from almanac.sources.capture.facts import LineReading
from almanac.sources.capture.times import Clock, find_time

_DAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|"
    r"sat(?:urday)?|sun(?:day)?)s?(?![a-z])"
)
_DAYS = rf"(?P<days>{_DAY}(?:\s*(?:,|/|\+|&|\band\b|, and\b)\s*{_DAY})*)"
_COUNTED = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "other": 2, "second": 2, "third": 3, "fourth": 4,
}  # fmt: skip
_N = rf"(?:\d{{1,6}}(?:st|nd|rd|th)?|{'|'.join(_COUNTED)})"
_NTH = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "last": "-1", "1st": "1",
        "2nd": "2", "3rd": "3", "4th": "4", "5th": "5"}  # fmt: skip
_ONE_NTH = rf"(?:{'|'.join(_NTH)})"
_JOIN = r"\s*(?:,|&|and|/)\s*"
_NTHS = rf"(?P<nths>{_ONE_NTH}(?:{_JOIN}{_ONE_NTH})*)"
_MONTHLY = r"(?:(?:(?:of\s+)?(?:the|each|every|a)|of)\s+month|monthly)"
_UNITS = {
    "day": "DAILY",
    "week": "WEEKLY",
    "month": "MONTHLY",
    "quarter": "MONTHLY",
    "year": "YEARLY",
}
_ADVERBS = {
    "daily": ("DAILY", 1), "weekly": ("WEEKLY", 1), "biweekly": ("WEEKLY", 2), "bi-weekly": ("WEEKLY", 2),
    "fortnightly": ("WEEKLY", 2), "monthly": ("MONTHLY", 1), "quarterly": ("MONTHLY", 3),
    "yearly": ("YEARLY", 1), "annually": ("YEARLY", 1),
}  # fmt: skip
_PLURAL = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days\b"
_DATES = r"(?P<date>\d{1,2}(?:st|nd|rd|th)?(?:\s*(?:,|&|and)\s*\d{1,2}(?:st|nd|rd|th)?)*)"
_EACH = r"\b(?:every|each)\s+"
_LETTER = r"(?:m|tu?|w|th|f)"
_AT = r"(?:(?:at|from|@)\s*\d|\d{1,2}(?::\d\d|\s*[ap]m))"
"""A time: Mon/Wed at 11:00 repeats, an offsite on Thu/Fri does not."""
_LETTERS = re.compile(rf"{_LETTER}(?:/{_LETTER})+|mwf|tth")
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?:{_EACH}|\bon\s+)?(?:\bthe\s+)?\b{_NTHS}\s+(?P<day>{_DAY})\s+{_MONTHLY}\b",
        rf"{_EACH}month\s+on\s+(?:the\s+)?{_NTHS}\s+(?P<day>{_DAY})",
        rf"{_EACH}(?P<nths>{_ONE_NTH}{_JOIN}{_ONE_NTH}|first|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)\s+(?P<day>{_DAY})",
        rf"\bmonthly,?\s+(?:on\s+)?(?:the\s+)?{_NTHS}\s+(?P<day>{_DAY})",
        rf"(?:\bon\s+)?\b(?:the\s+)?(?P<end>last day)\s+{_MONTHLY}\b",
        rf"(?:{_EACH}month|\bmonthly),?\s+on\s+(?:the\s+)?(?P<end>last day)\b",
        rf"\b(?P<adverb>quarterly),?\s+(?:on\s+)?(?:the\s+)?{_NTHS}\s+(?P<day>{_DAY})",
        rf"(?:{_EACH}month\s+)?\bon\s+the\s+{_DATES}\s+{_MONTHLY}\b",
        rf"(?:{_EACH}month|\bmonthly),?\s+on\s+(?:the\s+)?{_DATES}\b",
        r"(?:\bon\s+)?\b(?P<workdays>weekdays)(?=\s*(?:$|[,;\x00]|(?:at|until|till|from|starting|for|except)\b|x\s?\d))",
        rf"{_EACH}(?P<workdays>weekday|week day|workday|working day)s?\b",
        rf"{_EACH}(?P<weekends>weekend)s?\b",
        r"(?:\bon\s+)?\b(?P<weekends>weekends)(?=\s*(?:$|[,;\x00]|(?:at|until|till|from|starting|for|except)\b|x\s?\d))",
        rf"(?:{_EACH}|\bon\s+|\bfrom\s+)?(?<![\w/])(?P<span>{_DAY}\s*(?:-|–|to|through)\s*{_DAY})(?=,?\s+{_AT})",
        rf"{_EACH}(?:(?P<every>{_N})\s+)?{_DAYS}",
        rf"{_EACH}(?:(?P<every>{_N})\s+)?(?P<unit>day|week|month|quarter|year)s?(?![a-z])(?:,?\s+on\s+{_DAYS})?",
        rf"\b(?P<adverb>{'|'.join(_ADVERBS)}),?\s+(?:on\s+)?{_DAYS}",
        rf"\b(?P<adverb>{'|'.join(_ADVERBS)})(?=\s*(?:$|[,;\x00]|(?:at|until|till|from|starting|for|except|skipping)\b|x\s?\d|\d+ times))",
        rf"(?:\bon\s+)?\b(?P<days>{_PLURAL}(?:\s*(?:,|&|\band\b)\s*{_PLURAL})*)",
        rf"(?:\bon\s+)?(?<![\w/])(?P<days>{_DAY}(?:/{_DAY})+|{_LETTER}(?:/{_LETTER})+|mwf|tth)(?=,?\s+{_AT})",
    )
)
_FOR = re.compile(
    rf",?\s*\bfor\s+(?:the\s+)?(?:next\s+)?(?P<number>{_N})\s+(?P<unit>weeks|months|years|days|times|sessions|occurrences)\b"
    rf"|,?\s*(?<![\d:.])\b(?P<times>{_N})\s*(?:times|x|sessions|occurrences)(?![a-z])|,?\s*\bx\s?(?P<by>\d{{1,6}})\b"
)
_UNTIL = re.compile(
    r",?\s*\b(?:until|till|til|through|thru|up to|to the end of|ending(?: on)?)\s+(?:the\s+)?(?:end of\s+)?"
)
_EXCEPT = re.compile(
    r",?\s*\b(?:except|skipping|without|but not|not)\s+(?:on\s+)?(?:the\s+)?(?=\d|[a-z]{3,9}\s+\d)"
)
_FROM = re.compile(r",?\s*\b(?:starting|beginning|begins?|starts?|from)\s+(?:on\s+)?(?:the\s+)?")
_NOT_ON = re.compile(
    rf",?\s*\b(?:except|skipping|without|but not|not)\s+(?:on\s+)?(?P<days>{_DAY}(?:\s*(?:,|/|&|\band\b|\bor\b)\s*{_DAY})*)"
)
_NO_END = re.compile(r",?\s*\b(?:for ?ever|without (?:an )?end|no end|indefinitely)\b")
_ANOTHER = re.compile(
    rf",?\s*(?:\band\b|&|\+)\s+(?:on\s+)?{_DAY}\s+(?:at\s+|@\s*)?\d{{1,2}}(?::\d\d)?\s*(?:[ap]m)?\b"
)
"""Another day with a time of its own, which is another rule."""
_ODD_TIME = re.compile(r"(?<![\w.,:$€£/-])\d{1,2}:\d\d(?![\w:])|\bat \d{1,2}(?=\s*(?:$|[,;\x00]))")
_THEN = re.compile(r"[,;]?\s*\b(?:and\s+)?then\s+(?:an?\s+|the\s+)?(?P<what>\S.*)$")
_MANY = re.compile(rf"^\W*(?P<number>{_N})\s+(?P<what>[a-z][a-z -]*?s)(?=[\s\x00]*$)")
_MONTH_ALONE = re.compile(
    rf"(?P<month>{'|'.join(f'{m[:3]}(?:{m[3:]})?' for m in MONTHS)})\b\.?(?:\s+(?P<year>20\d\d))?"
)
MOST_YEARS = 10
MOST_TIMES = 1000


@dataclass(frozen=True, slots=True)
class Repeats:
    """recurrence: the days it repeats on; skipped: those it leaves out; then: the line of what follows;
    clock: the time, where the text alone is a rule; endless: it says that it has no end."""

    recurrence: Recurrence
    skipped: tuple[date, ...] = ()
    then: str = ""
    clock: Clock | None = None
    endless: bool = False


def repeats_said(text: str, today: date, *, month_first: bool | None = None) -> Repeats | None:
    """What a text such as “every Tuesday at 17:00 until June” says, from today on; None where it says none.

    Raises BadCellError for words in it that are no part of a rule.
    """
    reading = LineReading(" ".join(text.split()))
    found = find_repeats(reading, Asked(today, 1, month_first))
    if found is None:
        return None
    if time := find_time(reading.open):
        reading.take("time", time[0], *time[1:])
    rest = " ".join(reading.open.replace("\0", " ").split()).strip(" ,.;")
    if rest:
        raise BadCellError(f"“{rest[:60]}” is not understood; write the days and the time alone.")
    return replace(found, clock=time[0] if time else None)


def find_repeats(reading: LineReading, asked: Asked) -> Repeats | None:
    """The repetition of a line, taken from it; None where there is none. Its bounds (until, for six
    weeks, ten times, starting, except) are read only beside one."""
    match = next((found for form in _FORMS if (found := form.search(reading.open))), None)
    if match is None:
        return None
    then = _taken(reading, _THEN, match.end())
    start, end = match.span()
    reading.take("repeats", reading.line[start:end], start, end)
    if another := _ANOTHER.search(reading.open):
        line = reading.line[another.start() : another.end()].strip(" ,")
        raise BadCellError(f"“{line}” has a time of its own; write a second line for it.")
    never = _never_on(reading)
    skipped = days_after(reading, _EXCEPT, asked, many=True)
    if endless := _NO_END.search(reading.open):
        reading.take("until", endless[0], *endless.span())
    last = _until(reading, asked)
    named = match.groupdict()
    said = days_after(reading, _FROM, asked, many=True)
    last = said[1] if last is None and len(said) == 2 else last
    if not said and not any(
        named.get(name) for name in ("days", "day", "date", "workdays", "weekends", "span", "end")
    ):
        said = _any_day(reading, asked)
    first = said[0] if said else asked.today
    bound = _bound(reading, first)
    if (odd := _ODD_TIME.search(reading.open)) and not find_time(reading.open):
        raise BadCellError(f"“{odd[0]}” is no time of day; write at 17:00.")
    number = bound if isinstance(bound, int) else None
    if last is not None and last < first:
        raise BadCellError(
            f"It would end on {last:%-d %B %Y}, before it begins; choose a later day."
        )
    if number is not None and number > MOST_TIMES:
        raise BadCellError(
            f"Something can repeat {MOST_TIMES:,} times at most; say until when instead."
        )
    if number is None and last is None and bound is None:
        number = _number_of_them(reading)
    parts = _without(_rule(named, first), never)
    until = last or (bound if isinstance(bound, date) else None)
    if number is not None:
        parts |= {"COUNT": str(number)}
    elif until is not None:
        parts |= {"UNTIL": f"{until:%Y%m%d}"}
    try:
        # Every other Friday begins on the next one, in whichever week that is.
        each = Recurrence(_text({**parts, "INTERVAL": "1"}), first)
        begins = next(iter(each.between(first, first + timedelta(days=366 * MOST_YEARS))), None)
        if begins is None:
            return None
        return Repeats(
            Recurrence(_text(parts), begins), tuple(skipped), then, endless=endless is not None
        )
    except BadRuleError:
        return None


def _never_on(reading: LineReading) -> list[str]:
    """“except Fridays”: the weekdays it leaves out."""
    match = _NOT_ON.search(reading.open)
    if match is None:
        return []
    reading.take("until", match[0], *match.span())
    return _weekdays(match["days"])


def _without(parts: dict[str, str], never: list[str]) -> dict[str, str]:
    if not never:
        return parts
    if parts == {"FREQ": "DAILY"}:
        parts = {"FREQ": "WEEKLY", "BYDAY": ",".join(WEEKDAYS)}
    days = [day for day in parts.get("BYDAY", "").split(",") if day not in never]
    if parts["FREQ"] != "WEEKLY" or not days[0:1] or not days[0]:
        raise BadCellError("Only days of a week can be left out so; name the dates instead.")
    return parts | {"BYDAY": ",".join(days)}


def _text(parts: dict[str, str]) -> str:
    return ";".join(f"{key}={value}" for key, value in parts.items())


def _any_day(reading: LineReading, asked: Asked) -> list[date]:
    """The day a line names, on which what has no weekday begins."""
    alone = LineReading(reading.line)
    alone.open = reading.open
    for name, when, _, start, end in find_days(alone, asked):
        if name == "day" and not when.period and not when.last:
            reading.take("until", when.day, start, end)
            return [when.day]
    return []


def _taken(reading: LineReading, pattern: re.Pattern[str], after: int) -> str:
    """What follows “then”, in the writer's own letters."""
    match = pattern.search(reading.open, after)
    if match is None:
        return ""
    start, end = match.span()
    reading.take("then", reading.line[match.start("what") : end], start, end)
    return reading.line[match.start("what") : end].strip(" .")


def _rule(said: dict[str, str | None], first: date) -> dict[str, str]:
    if said.get("nths"):
        day = _weekdays(said.get("day") or "")[0]
        places = re.findall(_ONE_NTH, said["nths"] or "")
        frequency, every = _ADVERBS[said.get("adverb") or "monthly"]
        interval = {"INTERVAL": str(every)} if every > 1 else {}
        days = ",".join(f"{_NTH[place]}{day}" for place in places)
        return {"FREQ": frequency, **interval, "BYDAY": days}
    if said.get("end"):
        return {"FREQ": "MONTHLY", "BYMONTHDAY": "-1"}
    if said.get("date"):
        dates = [str(int(day)) for day in re.findall(r"\d{1,2}", said["date"] or "1")]
        return {"FREQ": "MONTHLY", "BYMONTHDAY": ",".join(dates)}
    if said.get("workdays"):
        return {"FREQ": "WEEKLY", "BYDAY": ",".join(WEEKDAYS[:5])}
    if said.get("weekends"):
        return {"FREQ": "WEEKLY", "BYDAY": ",".join(WEEKDAYS[5:])}
    if said.get("span"):
        begins, ends = (
            WEEKDAYS.index(_weekdays(word)[0]) for word in re.findall(_DAY, said["span"] or "")
        )
        span = {WEEKDAYS[(begins + step) % 7] for step in range((ends - begins) % 7 + 1)}
        return {"FREQ": "WEEKLY", "BYDAY": ",".join(sorted(span, key=WEEKDAYS.index))}
    every = _number(said.get("every") or "one")
    frequency = _UNITS.get(said.get("unit") or "", "WEEKLY")
    every *= 3 if said.get("unit") == "quarter" else 1
    if said.get("adverb"):
        frequency, every = _ADVERBS[said["adverb"] or ""]
    parts = {"FREQ": frequency}
    if every > 1:
        parts["INTERVAL"] = str(every)
    if said.get("days"):
        parts["BYDAY"] = ",".join(_weekdays(said["days"] or ""))
    elif frequency == "WEEKLY":
        parts["BYDAY"] = WEEKDAYS[first.weekday()]
    return parts


def _weekdays(text: str) -> list[str]:
    words = (
        re.findall(r"th|tu|[mtwf]", text)
        if _LETTERS.fullmatch(text)
        else re.findall(r"[a-z]{3,}", text)
    )
    found = {WEEKDAYS[place] for word in words if word != "and"
             for place, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
             if word.startswith(name[:3]) or name.startswith(word)}  # fmt: skip
    return sorted(found, key=WEEKDAYS.index)


def _number(word: str) -> int:
    digits = re.match(r"\d+", word)
    return max(1, int(digits[0])) if digits else _COUNTED[word]


def _until(reading: LineReading, asked: Asked) -> date | None:
    """The last day: one that is named, or the end of a month or of the year."""
    match = _UNTIL.search(reading.open)
    if match is None:
        return None
    rest = reading.open[match.end() :]
    if year := re.match(r"(?:the\s+|this\s+)?year\b", rest):
        end, last = match.end() + year.end(), date(asked.today.year, 12, 31)
    elif (month := _MONTH_ALONE.match(rest)) and not re.match(r"\s*\d", rest[month.end() :]):
        end, last = match.end() + month.end(), _end_of(month, asked.today)
    else:
        found = days_after(reading, _UNTIL, asked)
        if not found and (word := re.match(r"\d{1,2}\s+[a-z]{3,}|[a-z]+", rest)):
            said = reading.line[match.start() : match.end() + word.end()].strip(" ,")
            raise BadCellError(f"“{said}” is not a day; write until 24 December.")
        return found[0] if found else None
    reading.take("until", last, match.start(), end)
    return last


def _end_of(month: re.Match[str], today: date) -> date:
    number = 1 + next(n for n, name in enumerate(MONTHS) if name.startswith(month["month"][:3]))
    year = int(month["year"]) if month["year"] else today.year + (number < today.month)
    return date(year, number, monthrange(year, number)[1])


def days_after(
    reading: LineReading, lead: re.Pattern[str], asked: Asked, *, many: bool = False
) -> list[date]:
    """The day right behind a word such as “until”, or all of a list of them; nothing where there is none."""
    match = lead.search(reading.open)
    if match is None:
        return []
    alone = LineReading(reading.line)
    alone.cover(0, match.end())
    found: list[date] = []
    place = match.end()
    for _, when, _, start, end in find_days(alone, asked):
        between = reading.line[place:start].lower().strip(" ,")
        if when.period or between not in {"", "and", "on", "the"} or (found and not many):
            break
        found += [when.day, when.last] if many and when.last else [when.day]
        place = end
    if found:
        reading.take("until", found[0], match.start(), place)
    return found


def _bound(reading: LineReading, first: date) -> int | date | None:
    """How many there are, or the last day of so many weeks, months or years."""
    match = _FOR.search(reading.open)
    if match is None:
        return None
    reading.take("until", match[0], *match.span())
    number = _number(match["number"] or match["times"] or match["by"])
    unit = match["unit"] or "times"
    if number > MOST_TIMES and unit in {"weeks", "days", "months", "years"}:
        raise BadCellError(f"{number:,} {unit} is too long; say until when it repeats.")
    if unit in {"weeks", "days"}:
        return first + timedelta(days=number * (7 if unit == "weeks" else 1) - 1)
    if unit in {"months", "years"}:
        months = first.month - 1 + number * (12 if unit == "years" else 1)
        year, month = first.year + months // 12, months % 12 + 1
        return date(year, month, min(first.day, monthrange(year, month)[1])) - timedelta(days=1)
    return number


def _number_of_them(reading: LineReading) -> int | None:
    """“Three groups every Tuesday”: how many, where the line begins so."""
    head = reading.open.partition("\x00")[0]
    match = _MANY.match(head)
    if match is None:
        return None
    start = match.start("number")
    reading.take("until", match["number"], start, match.start("what"))
    return _number(match["number"])
