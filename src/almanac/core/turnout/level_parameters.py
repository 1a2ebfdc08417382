"""The parameters of the level model, and how much two events of a program have in common.

Everything is in units of the reference class's scale, on the log of the count.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FORMATS = ("in_person", "online", "hybrid", "")
NOISE_OF_FORMAT = ("noise_in_person", "noise_online", "noise_other", "noise_other")
GENERAL = 0.5
"""Sd of a practitioner's whole community around the reference class. No archive tells: one
community is all that was measured. The spread of its programs is .4 to .5."""
FORMAT = 0.3
FIXED = {
    "events of like title in a year": 0.08,
    "number in the title": 0.08,
    "paid": 0.15,
    "seats": 0.15,
    "no subject yet": 0.4,
    "no subject yet, far ahead": 0.4,
}
"""Sds of effects that too few events of the archive carry for a spread to be learnt."""


@dataclass(frozen=True, slots=True)
class LevelParameters:
    """Standard deviations in log units, and lengths in years.

    program: of programs' lasting levels; drift, drift_years: of what comes and goes within one;
    formats: between the formats of one program; lead: of programs' own slopes on log lead time;
    slot: of a weekday and hour that recur; words: of titles alike; tide, tide_years: of what all
    programs share at a time, online and not; lead_effect, hour_effect, habit_effect,
    title_effect, word_effect: of the effects in `traits`; noise_*: of one event.
    """

    program: float
    drift: float
    drift_years: float
    formats: float
    lead: float
    slot: float
    words: float
    tide: float
    tide_years: float
    lead_effect: float
    hour_effect: float
    habit_effect: float
    title_effect: float
    word_effect: float
    noise_in_person: float
    noise_online: float
    noise_other: float

    def noise(self, formats: NDArray[np.int64]) -> Floats:
        """Variance of one event around its level, by index into FORMATS."""
        by_format = np.array([getattr(self, name) for name in NOISE_OF_FORMAT]) ** 2
        return by_format[formats]


@dataclass(frozen=True, slots=True)
class EventSimilarity:
    """What pairs of events of one program have in common, as arrays of any one shape.

    gap: years between them; apart: variance of what events of their class do not share with others; same_format, same_slot: 0 or 1; leads: product of relative leads;
    words: cosine of their titles.
    """

    gap: Floats
    apart: Floats
    same_format: Floats
    same_slot: Floats
    leads: Floats
    words: Floats


def covariance(pairs: EventSimilarity, by: LevelParameters) -> Floats:
    """The covariance of each pair of levels within one program: all components at once."""
    total: Floats = np.exp(pairs.gap * (-1 / by.drift_years))
    total *= by.drift**2
    total += by.program**2 + by.formats**2 * pairs.same_format + by.lead**2 * pairs.leads
    total += by.slot**2 * pairs.same_slot + by.words**2 * pairs.words + pairs.apart
    return total


def apart_of(carried: float) -> float:
    """Sd of what a class of which only a part is shared with others has for itself instead."""
    return sqrt(max(1 - carried**2, 0.0) * (GENERAL**2 + FORMAT**2))


def variance(relative_lead: float, words: float, by: LevelParameters, apart: float = 0.0) -> float:
    """The variance of one event's level; words: 1, or 0 where it has no title; apart: `apart_of`."""
    own = apart**2 + by.program**2 + by.drift**2 + by.formats**2 + by.slot**2
    return own + by.lead**2 * relative_lead**2 + by.words**2 * words
