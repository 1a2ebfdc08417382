"""What an announcement tells of an event's size, as numbers: lead time, hour, habit, title."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from functools import lru_cache
from math import exp, log, log1p, sqrt
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from almanac.core.turnout.events import Announcement

Floats = NDArray[np.float64]

DAYS = 365.25
HOURS = (8, 10, 12, 14, 16, 18, 20, 22)
USUAL_HOURS = (0.04, 0.10, 0.11, 0.10, 0.23, 0.62, 0.27, 0.02)
"""How near events begin to each hour on average, so that an unknown hour counts as usual."""
TRAITS = (
    "lead",
    "far ahead",
    "at short notice",
    "lead, online",
    "far ahead, online",
    "at short notice, online",
    *(f"about {hour}:00" for hour in HOURS),
    "first of its program",
    "events before",
    "years since the first",
    "pause since the last",
    "events in 90 days",
    "words in the title",
    "length of the title",
    "no subject yet",
    "no subject yet, far ahead",
    "events of like title in a year",
    "number in the title",
    "paid",
    "seats",
)
"""Names of what `traits` returns, in its order."""

USUAL_LEAD = 15.0
BUCKETS = 512
LIKE = 0.55
"""Titles with so much in common (cosine) are of one series."""
FEWEST_USES = 8
MOST_WORDS = 200

_WORD = re.compile(r"[^\W\d_]{2,}")
_NOTHING_SAID = frozenset(
    [
        "the",
        "and",
        "with",
        "for",
        "from",
        "are",
        "our",
        "your",
        "you",
        "at",
        "by",
        "of",
        "to",
        "in",
        "on",
        "an",
        "is",
    ]
)
_NO_SUBJECT = re.compile(
    r"\b(tbc|tbd|tba|to be (announced|confirmed|determined|decided)|save the date|coming soon"
    r"|por confirmar|por definir|a definir|a confirmar|à confirmer|folgt)\b"
)


_NUMBER = re.compile(
    r"(?:#|\b(?:n[oº°]\.? ?|part|parte|partie|teil|session|sesi[oó]n|chapter|cap[ií]tulo|kapitel|week|semana|woche|meeting|"
    r"encontro|encuentro|vol\.?|module|m[oó]dulo|lesson|episode|folge))\s?(\d{1,2})\b|\b(\d{1,2}) ?(?:/|of) ?\d{1,2}\b"
)
"""A place in a series: “part 3”, “#12”, “2/6”."""


_OPEN_DOOR = re.compile(
    r"\b(?:office hours?|drop-?ins?|open hours?|sprechstunde|stammtisch|x spaces?|twitter spaces?|podcast)\b"
)


def is_open_door(title: str) -> bool:
    """Whether people come to it without signing up, as its title says."""
    return bool(_OPEN_DOOR.search(title.lower()))


@lru_cache(maxsize=4096)
def words_of(title: str) -> frozenset[str]:
    """The words of a title that may tell events apart, in lower case."""
    return frozenset(_WORD.findall(title.lower())) - _NOTHING_SAID


def vocabulary(titles: Iterable[str]) -> tuple[str, ...]:
    """The words used often enough for their own effect to be learnt; most frequent first."""
    uses = Counter(word for title in titles for word in words_of(title))
    often = sorted((-uses[word], word) for word in uses if uses[word] >= FEWEST_USES)
    return tuple(word for _, word in often[:MOST_WORDS])


@lru_cache(maxsize=1024)
def title_vector(title: str) -> Floats:
    """A title's words as a unit vector of shape (BUCKETS,): the dot product of two is the share
    of words in common (cosine). Words that fall into one bucket count as the same. Kept between calls: do not write into it."""
    vector = np.zeros(BUCKETS)
    for word in words_of(title):
        vector[crc32(word.encode()) % BUCKETS] = 1.0
    length = sqrt(float(vector.sum()))
    return vector / length if length else vector


def lead_of(plan: Announcement) -> float | None:
    """Days between announcement and start."""
    return None if plan.announced is None else (plan.starts - plan.known_from) * DAYS


def relative_lead(plan: Announcement) -> float:
    """log(lead / usual lead), within a quarter of a day and 60 days; 0 where it is unknown."""
    lead = lead_of(plan)
    return 0.0 if lead is None else log(min(max(lead, 0.25), 60.0) / USUAL_LEAD)


def traits(plan: Announcement, starts: Sequence[float], alike: int = 0) -> Floats:
    """Shape (len(TRAITS),). starts: when the program's earlier events began, ascending; only
    those that had begun by the announcement are looked at. alike: of them, those of a year before
    with much the same title, as parts of a series have."""
    return np.array(
        [
            *_lead(plan), *_hours(plan), *_habit(plan, starts), *_title(plan), *_series(plan, alike),
            *_limits(plan),
        ]
    )  # fmt: skip


def _lead(plan: Announcement) -> list[float]:
    lead = lead_of(plan)
    if lead is None:
        return [0.0] * 6
    lead = max(lead, 0.25)
    general = log(min(lead, 120.0) / USUAL_LEAD)
    found = [general, _far(lead), max(0.0, log(4.0 / lead))]
    return found + [value if plan.online else 0.0 for value in found]


def _far(lead: float) -> float:
    return max(0.0, log(min(max(lead, 0.25), 600.0) / 30.0))


def _hours(plan: Announcement) -> list[float]:
    if plan.hour is None:
        return [0.0] * len(HOURS)
    return _near_hours(plan.hour)


@lru_cache(maxsize=256)
def _near_hours(hour: float) -> list[float]:
    return [
        exp(-0.5 * ((hour - centre) / 1.2) ** 2) - usual
        for centre, usual in zip(HOURS, USUAL_HOURS, strict=True)
    ]


def _habit(plan: Announcement, starts: Sequence[float]) -> list[float]:
    before = starts[: bisect_left(starts, plan.known_from)]
    number = len(before)
    if not number:
        return [1.0, -1.0, 0.0, 0.0, -1.0]
    lately = number - bisect_left(before, plan.known_from - 90 / DAYS)
    return [
        0.0,
        (log1p(number) - 2) / 2,
        log(0.05 + plan.starts - before[0]),
        (log(plan.starts - before[-1] + 0.005) + 2) / 2,
        log1p(lately) - 1,
    ]


@lru_cache(maxsize=4096)
def _has_no_subject(title: str) -> float:
    return 1.0 if _NO_SUBJECT.search(title.lower()) else 0.0


@lru_cache(maxsize=4096)
def _number_in(title: str) -> int:
    found = _NUMBER.search(title.lower())
    return min(max(int(found[1] or found[2]), 1), 30) if found else 1


def _title(plan: Announcement) -> list[float]:
    if not plan.title:
        return [0.0] * 4
    lead = lead_of(plan)
    open_subject = _has_no_subject(plan.title)
    return [
        log1p(len(words_of(plan.title))) - 1.6,
        (log1p(len(plan.title)) - 3.7) / 0.5,
        open_subject,
        open_subject * (0.0 if lead is None else _far(lead)),
    ]


def _series(plan: Announcement, alike: int) -> list[float]:
    if not plan.title:
        return [0.0, 0.0]
    return [log1p(alike) - 0.4, log(_number_in(plan.title))]


def _limits(plan: Announcement) -> list[float]:
    return [
        1.0 if plan.price else 0.0,
        0.0 if not plan.seats else (log(plan.seats) - 3.5) / 2,
    ]
