"""Dates of a column: how they are written is decided once, over all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from dateutil import parser as library

from almanac.core.vocabulary import DayPeriod
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
FOREIGN_WORDS = frozenset(
    ["titel", "thema", "datum", "anmeldungen", "teilnehmer", "veranstaltung", "beginn", "kosten", "vorname",
     "nachname", "startzeit", "dauer", "titre", "lieu", "inscrits", "présents", "coût", "événement", "jour", "nom",
     "sujet", "prénom", "durée", "invité", "hôte", "statut", "título", "titulo", "fecha", "lugar", "inscritos",
     "asistentes", "nombre", "inscrições", "participantes", "nome", "evento", "apellidos", "duración", "duração",
     "correo"]
)  # fmt: skip
FOREIGN_KEYS = frozenset({"tag", "ort", "data", "local", "tema", "gast", "estado"})
"""Headers of languages whose writers put the day first: words that are in no English one, and whole headers."""
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)(?!\d)")
_HALF = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)
_RANGE = re.compile(r"\s+(?:→|–|—|-|to|bis|until)\s+")
_OFFSET = re.compile(r"\(?\b(?:GMT|UTC)\s?([+-])(\d{1,2})(?::?(\d\d))?\)?")
_YEAR_FIRST = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s?[/.年-]\s?(\d{1,2})\s?[/.月-]\s?(\d{1,2})(?!\d)日?"
)
_QUARTER = re.compile(
    r"(?:[QT](?P<q1>[1-4])|(?P<q3>[1-4])\.? ?Quartal)[ /-]*(?P<y1>20\d\d)|(?P<y2>20\d\d)[ /-]*[QT](?P<q2>[1-4])",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"(?P<y1>20\d\d)[/.-](?P<m1>\d{1,2})|(?P<m2>\d{1,2})[/.](?P<y2>20\d\d)|(?P<name>[A-Za-z]{3,9})\.?,? (?P<y3>20\d\d)"
)
_DAYS = re.compile(
    r"(?:(?P<m1>[A-Za-z]{3,9})\.? )?(?P<d1>\d{1,2})\.?(?: (?P<m1b>[A-Za-z]{3,9})\.?)? ?(?:-|–|—|to|bis|until|till|au|al|a|até|→) ?"
    r"(?:(?P<m2>[A-Za-z]{3,9})\.? )?(?P<d2>\d{1,2})\.?,?(?: (?P<m2b>[A-Za-z]{3,9})\.?)?,? (?P<year>20\d\d)"
)
_ASIDE = re.compile(r"\([^)]*\)")
_NOISE = re.compile(
    r"(?<=\d)(?:st|nd|rd|th|º|ª|er)\b|\b(?:um|uhr|à|at|kl\.?|de|del|den|le|on)\b|"
    r"\b(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim)[a-zäöüéáçã]*day?,?\b",
    re.IGNORECASE,
)
_ZONES = HOURS_EAST | {"z": 0, "wet": 0, "mez": 1, "mesz": 2}
_TZINFOS = {name.upper(): timezone(timedelta(hours=hours)) for name, hours in _ZONES.items()}


ORDERS = {"day-first": False, "month-first": True}
"""What a person may say of 3/4, and whether the month then comes first."""


@dataclass(slots=True)
class DateOrders:
    """What was decided about the dates of one file, over all its columns.

    settled: whether the month comes first, where a column says so by its content. undecided: a date
    of a column that could be read either way, such as 03/04/2026.
    """

    remarks: list[str] = field(default_factory=list)
    settled: bool | None = None
    undecided: str = ""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the writer of a file writes dates. now: no event that has happened lies after it."""

    now: datetime | None = None
    month_first: bool | None = None
    orders: DateOrders = field(default_factory=DateOrders, compare=False)


@dataclass(frozen=True, slots=True)
class Dated:
    """A cell read: the moment, or only the day; ends where it says a range. period: “month” or “quarter”
    where it says no more than that, and the moment is its first day."""

    moment: datetime
    only_day: bool
    ends: datetime | None = None
    period: str = ""

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
        habits = habits or Habits()
        cells = [text for text in samples if text.strip()][:MOST_SAMPLES]
        self.serial = bool(cells) and all(_serial(text) is not None for text in cells)
        self.month_first = self._order(cells, list(held)[:MOST_SAMPLES], habits, day_first)

    def _order(
        self, cells: list[str], held: list[str], habits: Habits, day_first: bool | None
    ) -> bool:
        """Whether the month comes first; month first where nothing says so, which is then noted."""
        pairs = [found for text in cells if (found := _NUMERIC.search(text))]
        if not pairs:
            return False
        decided = self._decided(pairs, cells, held, habits, day_first)
        orders = habits.orders
        month_first = orders.settled if decided is None else decided
        if month_first is None and not orders.undecided:
            both_ways = (found[0] for found in pairs if int(found[1]) != int(found[3]))
            orders.undecided = next(both_ways, "")
        if orders.settled is None:
            orders.settled = decided
        order = month_first is not False
        if any(found[2] != "." for found in pairs):
            said = f"dates were read as {'month/day' if order else 'day/month'}/year"
            if said not in orders.remarks:
                orders.remarks.append(said)
        return order

    def _decided(
        self,
        pairs: list[re.Match[str]],
        cells: list[str],
        held: list[str],
        habits: Habits,
        day_first: bool | None,
    ) -> bool | None:
        """An impossible reading decides, then one that lies ahead, AM and PM, the language, the person."""
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
        return None

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
        plain = _plain(text)
        period = _period(text, plain, self.zone)
        if period is not None:
            return Dated(in_reason(period.moment, name), True, period=period.period)
        several = _DAYS.fullmatch(plain)
        if several:
            return self._days(several, name)
        begins, *rest = _RANGE.split(text, maxsplit=1)
        zone = _offset(text) or self.zone
        moment = self._parsed(begins, zone, name)
        only_day = not _has_time(begins)
        ends = None
        if rest:
            ends = self._parsed(rest[0], zone, name, moment)
        return Dated(in_reason(moment, name), only_day, ends)

    def _days(self, found: re.Match[str], name: str) -> Dated:
        """Some days in words: “7-9 May 2026”, “May 30 - June 1, 2026”."""
        begins_in, ends_in = found["m1"] or found["m1b"], found["m2"] or found["m2b"]
        first, last = begins_in or ends_in, ends_in or begins_in
        begins = self._parsed(f"{found['d1']} {first} {found['year']}", self.zone, name)
        ends = self._parsed(f"{found['d2']} {last} {found['year']}", self.zone, name)
        return Dated(in_reason(begins, name), True, ends)

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


def is_foreign(keys: Iterable[str]) -> bool:
    """Whether a header is in a language that writes the day before the month."""
    return any(
        key in FOREIGN_KEYS or FOREIGN_WORDS & set(re.findall(r"[^\W\d_]+", key)) for key in keys
    )


def day_of(cell: str, *, month_first: bool) -> str:
    """“3 April 2026”: a date such as 03/04/2026 read one way or the other."""
    read = library.parse(cell, dayfirst=not month_first)
    return f"{read.day} {read:%B %Y}"


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
    text = _YEAR_FIRST.sub(lambda found: f"{int(found[3])} {_month(found[2])} {found[1]} ", text)
    text = re.sub(r"(\d{1,2})h(\d\d)\b", r"\1:\2", text)
    text = re.sub(r"[^\W\d_]{3,}\.?", lambda m: _FOREIGN.get(m[0].rstrip(".").lower(), m[0]), text)
    return " ".join(_NOISE.sub(" ", text).split())


def _month(number: str) -> str:
    """A month's English name; a number that is no month stays as it is, to be refused."""
    return _ENGLISH[int(number) - 1] if 1 <= int(number) <= 12 else number


def _period(text: str, plain: str, zone: tzinfo) -> Dated | None:
    """A month or a quarter: 2026-03, 03/2026, “March 2026”, 2026-Q3, “Q3 2026”. plain: the text in
    English (`_plain`)."""
    quarter = _QUARTER.fullmatch(text)
    if quarter:
        number = quarter["q1"] or quarter["q2"] or quarter["q3"]
        year = quarter["y1"] or quarter["y2"]
        first = datetime(int(year), 3 * int(number) - 2, 1, tzinfo=zone)
        return Dated(first, True, period=DayPeriod.QUARTER)
    month = _MONTH.fullmatch(plain)
    if not month:
        return None
    named = month["name"].title()[:3] if month["name"] else ""
    if named and named not in _ENGLISH:
        return None
    number = _ENGLISH.index(named) + 1 if named else int(month["m1"] or month["m2"])
    if not 1 <= number <= 12:
        return None
    year = month["y1"] or month["y2"] or month["y3"]
    return Dated(datetime(int(year), number, 1, tzinfo=zone), True, period=DayPeriod.MONTH)


def _has_time(text: str) -> bool:
    return not is_day_only(text) or bool(
        re.search(r"\d{1,2}h\d\d|\d\s*[ap]\.?m\b", text, re.IGNORECASE)
    )
