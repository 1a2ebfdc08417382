"""One cell into one value, or a sentence saying why not."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from almanac.core.errors import AlmanacError
from almanac.sources.base.zones import is_skipped, skipped_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

YEARS = (1970, 2100)
LARGEST_COUNT = 10_000_000
LARGEST_AMOUNT = 9_999_999_999
MOST_HOURS = 99_999
TITLE_LENGTH = 300


class BadCellError(AlmanacError):
    """A cell that cannot be used; the message is the reason shown beside its row."""


def clean(text: str) -> str:
    """Text without control characters, which no database and no page should meet."""
    if text.isprintable():
        return text.strip()
    kept = (
        char
        for char in text
        if char in "\n\t"
        or (unicodedata.category(char) not in {"Cc", "Cs"} and ord(char) & 0xFFFE != 0xFFFE)
    )
    return "".join(kept).strip()


def person(name: str) -> str:
    """A person's name with single spaces, so that it is found again."""
    return " ".join(clean(name).split())


def title_and_rest(text: str) -> tuple[str, str]:
    """A title within its length, and the whole text where it had to be cut."""
    line = " ".join(clean(text).split())
    if len(line) <= TITLE_LENGTH:
        return line, ""
    return line[: TITLE_LENGTH - 1] + "…", line


def column_key(header: str) -> str:
    """What a column is known by: its name in lower case, however it is spaced and its apostrophes curl."""
    return " ".join(header.lower().replace("’", "'").split())


def cell(record: dict[str, str], names: Iterable[str]) -> str:
    """The first filled cell among columns of these names."""
    return next((record[name].strip() for name in names if record.get(name, "").strip()), "")


MISSING = frozenset(
    ["", "-", "--", "–", "—", "n/a", "na", "n.a.", "k.a.", "k. a.", "none", "null", "nan", "?", "tbd", "tba",
     "unknown", "unbekannt", "not counted", "no data", "#n/a", "n/d", "s/d"]
)  # fmt: skip
"""What people write into a cell they have no value for."""
_ROUGH = re.compile(
    r"^(?:~|≈|±|>|<|about |around |roughly |approx\.? ?|approximately |ca\.? ?|circa |env\.? |environ |aprox\.? )\s*|\s*\+$",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[.,' \u00a0\u202f’]\d{3})+")
_WHOLE = re.compile(r"([+-]?\d+)(?:[.,]0{1,2})?")
_THOUSANDS = re.compile(r"(\d+(?:[.,]\d{1,2})?)\s?([km])\b\.?", re.IGNORECASE)


def is_missing(text: str) -> bool:
    return text.strip().lower() in MISSING


def is_rough(text: str) -> bool:
    """Whether a count is a rough one: ~60, 40+, 1.2k."""
    text = text.strip()
    return bool(_ROUGH.search(text) or _THOUSANDS.fullmatch(_ROUGH.sub("", text)))


def count(text: str, name: str) -> int | None:
    """A whole number of people; None where the cell is empty or says so. A mark before exactly three
    digits parts thousands, as counts have no fractions: 1.000 and 1,000 are a thousand."""
    if is_missing(text):
        return None
    plain = _ROUGH.sub("", text.strip()).strip()
    thousands = _THOUSANDS.fullmatch(plain)
    if thousands:
        factor = 1000 if thousands[2].lower() == "k" else 1_000_000
        return _within(round(float(thousands[1].replace(",", ".")) * factor), text, name)
    if _GROUPED.fullmatch(plain):
        plain = re.sub(r"[^\d+-]", "", plain)
    found = _WHOLE.fullmatch(plain)
    if not found or not plain.isascii():
        raise BadCellError(f"{name} is “{_short(text)}”, which is not a whole number")
    if len(found[1]) > 12:
        raise BadCellError(f"{name} is {_short(text)}, which is more than {LARGEST_COUNT:,}")
    return _within(int(found[1]), text, name)


def _within(number: int, text: str, name: str) -> int:
    if number < 0:
        raise BadCellError(f"{name} is {_short(text)}; a count can’t be negative")
    if number > LARGEST_COUNT:
        raise BadCellError(f"{name} is {_short(text)}, which is more than {LARGEST_COUNT:,}")
    return number


_AMOUNT = re.compile(
    r"(?:[^\d.,+-]*)(\d+|\d{1,3}(?:[ ,'\u00a0\u202f]\d{3})+|\d{1,3}(?:\.\d{3}){2,})([.,]\d{1,2})?(?:[^\d.,+-]*)"
)
_EUROPEAN = re.compile(r"[^\d.,+-]*(\d{1,3}(?:[.\u00a0\u202f ]\d{3})+),(\d{1,2})[^\d.,+-]*")
_COMMA = re.compile(r"[^\d.,+-]*(\d{1,3}(?:[.' \u00a0\u202f]\d{3})+|\d+)(?:,(\d+))?[^\d.,+-]*")


def amount(
    text: str, name: str, most: float = LARGEST_AMOUNT, *, decimal_comma: bool = False
) -> float | None:
    """An amount of money; None where the cell is empty. Signs and codes of currencies are dropped.

    decimal_comma: in files that part columns by semicolons the comma is the decimal mark, and a point
    parts thousands. Elsewhere what can be read in two ways, such as 1.000, is refused.
    """
    text = text.strip()
    if is_missing(text):
        return None
    comma = _EUROPEAN.fullmatch(text) or (_COMMA.fullmatch(text) if decimal_comma else None)
    plain = _AMOUNT.fullmatch(text)
    if comma:
        digits = f"{re.sub(r'[^0-9]', '', comma[1])}.{comma[2] or 0}"
    elif plain:
        whole, rest = re.sub(r"\D", "", plain[1]), (plain[2] or ".0")[1:]
        digits = f"{whole}.{rest}"
    else:
        raise BadCellError(f"{name} is “{_short(text)}”, which is not a plain number")
    if len(digits) > 20 or float(digits) > most:
        raise BadCellError(f"{name} is {_short(text)}, which cannot be right")
    return float(digits)


def hours(text: str, name: str) -> float | None:
    """Hours of work: 1.5, 1:30, 1h30 or 90 min; None where the cell is empty."""
    text = text.strip().lower()
    if is_missing(text):
        return None
    clock = re.fullmatch(r"(\d{1,5})\s*(?::|h)\s*([0-5]?\d)(?::([0-5]\d))?\s*(?:m|min)?", text)
    if clock:
        return round(int(clock[1]) + int(clock[2]) / 60 + int(clock[3] or 0) / 3600, 2)
    minutes = re.fullmatch(r"(\d{1,6})\s*(?:m|min|mins|minutes)", text)
    if minutes:
        return round(int(minutes[1]) / 60, 2)
    return amount(re.sub(r"\s*(?:h|hrs?|hours?)$", "", text), name, MOST_HOURS)


def choice(text: str, name: str, allowed: Sequence[str]) -> str:
    """One of the allowed words; empty stays empty."""
    word = text.strip().lower().replace(" ", "_").replace("-", "_")
    if word and word not in allowed:
        raise BadCellError(f"{name} is “{_short(text)}”; it can be {', '.join(allowed)}")
    return word


def moment(text: str, name: str, zone: tzinfo) -> datetime | None:
    """An ISO 8601 time; one without an offset is read in `zone`. None where empty."""
    text = text.strip()
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise BadCellError(
            f"{name} is “{_short(text)}”, which is not a time such as 2026-03-05T18:00:00+01:00"
        ) from error
    return in_reason(found if found.tzinfo else found.replace(tzinfo=zone), name)


def is_day_only(text: str) -> bool:
    """Whether a cell names a day without a time."""
    return not re.search(r"\d\s*[:T]\s*\d|\d\s*[ap]m\b", text, re.IGNORECASE)


def in_reason(found: datetime, name: str) -> datetime:
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise BadCellError(
            f"{name} is in the year {found.year}; Almanac reads {YEARS[0]} to {YEARS[1]}"
        )
    if is_skipped(found):
        raise BadCellError(f"{name}: {skipped_words(found)}")
    return found


def day_of(found: datetime) -> date:
    return found.date()


def from_milliseconds(value: float, name: str) -> datetime:
    try:
        return in_reason(datetime.fromtimestamp(value / 1000, UTC), name)
    except (ValueError, OverflowError, OSError) as error:
        raise BadCellError(f"{name} is {value}, which is not a time") from error


def _short(text: str) -> str:
    line = " ".join(clean(text).split())
    return line if len(line) <= 40 else line[:39] + "…"


def offset_name(minutes: int) -> str:
    """An offset from UTC as the name of a zone, such as +02:00."""
    sign = "+" if minutes >= 0 else "-"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if minutes else "UTC"
