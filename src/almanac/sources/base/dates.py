"""Dates of a column: how they are written is decided once, over all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from dateutil import parser as library

from almanac.sources.base.cells import BadCellError, in_reason, is_day_only, is_missing
from almanac.sources.base.zones import HOURS_EAST

if TYPE_CHECKING:
    from collections.abc import Iterable

EXCEL_BEGINS = datetime(1899, 12, 30)  # noqa: DTZ001 - a day without a zone
EXCEL_DAYS = (20_000, 80_000)
MOST_SAMPLES = 2000
LONGEST = 80
MONTHS = {
    1: "januar jänner janvier enero janeiro gennaio januari", 2: "februar février fevrier febrero fevereiro febbraio februari",
    3: "märz maerz mars marzo março maart", 4: "april avril abril aprile", 5: "mai mayo maio maggio mei",
    6: "juni juin junio junho giugno", 7: "juli juillet julio julho luglio", 8: "august août aout agosto augustus",
    9: "september septembre septiembre setembro settembre", 10: "oktober octobre octubre outubro ottobre",
    11: "november novembre noviembre novembro", 12: "dezember décembre decembre diciembre dezembro dicembre december",
}  # fmt: skip
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FOREIGN = {
    word: _ENGLISH[number - 1] for number, words in MONTHS.items() for word in words.split()
}
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)(?!\d)")
_HALF = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)
_RANGE = re.compile(r"\s+(?:→|–|—|-|to|bis|until)\s+")
_OFFSET = re.compile(r"\(?\b(?:GMT|UTC)\s?([+-])(\d{1,2})(?::?(\d\d))?\)?")
_ASIDE = re.compile(r"\([^)]*\)")
_NOISE = re.compile(
    r"(?<=\d)(?:st|nd|rd|th|º|ª|er)\b|\b(?:um|uhr|à|at|kl\.?|de|del|den|le|on)\b|"
    r"\b(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim)[a-zäöüéáçã]*day?,?\b",
    re.IGNORECASE,
)
_ZONES = HOURS_EAST | {"z": 0, "wet": 0, "mez": 1, "mesz": 2}
_TZINFOS = {name.upper(): timezone(timedelta(hours=hours)) for name, hours in _ZONES.items()}


@dataclass(frozen=True, slots=True)
class Habits:
    """How the reader of a file writes dates. now: no event that has happened lies after it."""

    now: datetime | None = None
    month_first: bool | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """A cell read: the moment, or only the day; ends where it says a range."""

    moment: datetime
    only_day: bool
    ends: datetime | None = None

    @property
    def day(self) -> date:
        return self.moment.date()


class DateColumn:
    """A column of dates. held: cells of rows whose attendance is known, which cannot lie ahead.
    day_first: what the language of the file says, if anything."""

    def __init__(
        self,
        samples: Iterable[str],
        zone: tzinfo,
        habits: Habits | None = None,
        *,
        held: Iterable[str] = (),
        day_first: bool | None = None,
    ) -> None:
        self.zone = zone
        self.unsure = False
        self.numeric = False
        cells = [text for text in samples if text.strip()][:MOST_SAMPLES]
        self.serial = bool(cells) and all(_serial(text) is not None for text in cells)
        self.month_first = self._order(
            cells, list(held)[:MOST_SAMPLES], habits or Habits(), day_first
        )

    def _order(
        self, cells: list[str], held: list[str], habits: Habits, day_first: bool | None
    ) -> bool:
        """An impossible reading decides, then one that lies ahead, AM and PM, the language, the person."""
        pairs = [found for text in cells if (found := _NUMERIC.search(text))]
        if not pairs:
            return False
        self.numeric = any(found[2] != "." for found in pairs)
        first = any(int(found[1]) > 12 for found in pairs)
        second = any(int(found[3]) > 12 for found in pairs)
        if first != second:
            return second
        if habits.now is not None:
            ahead = {
                order: any(_lies_ahead(text, order, habits.now) for text in held)
                for order in (True, False)
            }
            if ahead[True] != ahead[False]:
                return ahead[False]
        if any(_HALF.search(text) for text in cells):
            return True
        if day_first is not None or any(found[2] == "." for found in pairs):
            return not (day_first or day_first is None)
        if habits.month_first is not None:
            return habits.month_first
        if str(getattr(self.zone, "key", "")).startswith(("America/", "US/")):
            return True
        if str(getattr(self.zone, "key", "")).startswith(("Europe/", "Africa/", "Australia/")):
            return False
        self.unsure = any(int(found[1]) != int(found[3]) for found in pairs)
        return True

    @property
    def remark(self) -> str:
        """How days were told from months, where the file does not say it in words."""
        if not self.numeric:
            return ""
        said = f"dates were read as {'month/day' if self.month_first else 'day/month'}/year"
        if not self.unsure:
            return said
        return f"{said}; if you write the day first, say so once: almanac init --dates day-first"

    def read(self, text: str, name: str) -> Dated | None:
        """One cell; None where it is empty or says so. Raises BadCellError with a reason."""
        text = " ".join(text.split())
        if is_missing(text):
            return None
        if len(text) > LONGEST:
            raise BadCellError(f"{name} is “{text[:40]}…”, which is not a date")
        if self.serial and (days := _serial(text)) is not None:
            moment = (EXCEL_BEGINS + timedelta(days=days)).replace(tzinfo=self.zone)
            return Dated(in_reason(_to_second(moment), name), float(days).is_integer())
        iso = _iso(text, self.zone)
        if iso is not None:
            return Dated(in_reason(iso, name), is_day_only(text))
        begins, *rest = _RANGE.split(text, maxsplit=1)
        zone = _offset(text) or self.zone
        moment = self._parsed(begins, zone, name)
        only_day = not _has_time(begins)
        ends = None
        if rest:
            ends = self._parsed(rest[0], zone, name, moment)
        return Dated(in_reason(moment, name), only_day, ends)

    def _parsed(
        self, text: str, zone: tzinfo, name: str, default: datetime | None = None
    ) -> datetime:
        plain = _plain(text)
        bare = default is not None and re.fullmatch(
            r"\d{1,2}:\d\d(?::\d\d)?(?:\s*[ap]\.?m\.?)?", plain, re.IGNORECASE
        )
        if not bare and len(re.findall(r"\d+|[A-Za-z]{3,}", plain)) < 2:
            raise BadCellError(f"{name} is “{text[:40]}”, which is not a date")
        base = default or datetime(2000, 1, 1, tzinfo=zone)
        try:
            found = library.parse(
                plain, dayfirst=not self.month_first, tzinfos=_TZINFOS,
                default=base.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None),
            )  # fmt: skip
        except (ValueError, OverflowError, TypeError) as error:
            raise BadCellError(f"{name} is “{text[:40]}”, which is not a date") from error
        if default is None and found.year == base.year and not re.search(r"\b(?:20)?00\b", plain):
            raise BadCellError(f"{name} is “{text[:40]}”, which has no year")
        return found if found.tzinfo else found.replace(tzinfo=zone)


def _lies_ahead(text: str, month_first: bool, now: datetime) -> bool:
    found = _NUMERIC.search(text)
    if not found:
        return False
    day, month = (int(found[3]), int(found[1])) if month_first else (int(found[1]), int(found[3]))
    year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
    try:
        return date(year, month, day) > (now + timedelta(days=1)).date()
    except ValueError:
        return False


def _serial(text: str) -> float | None:
    """A day as Excel counts them: 46086 or 46086.75."""
    if not re.fullmatch(r"\d{5}(?:[.,]\d+)?", text.strip()):
        return None
    value = float(text.strip().replace(",", "."))
    return value if EXCEL_DAYS[0] <= value <= EXCEL_DAYS[1] else None


def _to_second(moment: datetime) -> datetime:
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)


def _iso(text: str, zone: tzinfo) -> datetime | None:
    if not text[:4].isdigit():
        return None
    plain = text.removesuffix(" UTC")
    try:
        found = datetime.fromisoformat(plain)
    except ValueError:
        return None
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC if plain != text else zone)
    return found


def _offset(text: str) -> tzinfo | None:
    found = _OFFSET.search(text)
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    if minutes > 14 * 60:
        return None
    return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))


def _plain(text: str) -> str:
    """The cell in English, without weekdays, ordinals, offsets and asides."""
    text = _ASIDE.sub(" ", _OFFSET.sub(" ", text))
    text = re.sub(r"(\d{1,2})h(\d\d)\b", r"\1:\2", text)
    text = re.sub(r"[^\W\d_]{3,}\.?", lambda m: _FOREIGN.get(m[0].rstrip(".").lower(), m[0]), text)
    return " ".join(_NOISE.sub(" ", text).split())


def _has_time(text: str) -> bool:
    return not is_day_only(text) or bool(
        re.search(r"\d{1,2}h\d\d|\d\s*[ap]\.?m\b", text, re.IGNORECASE)
    )
