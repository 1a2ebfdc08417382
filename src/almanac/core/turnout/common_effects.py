"""What all programs share: a general level, formats, a tide online and one in person, what an
announcement tells, and words of titles. One Gaussian vector; this is its layout and its prior.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from almanac.core.turnout.level_parameters import FIXED, FORMAT, FORMATS, GENERAL, LevelParameters
from almanac.core.turnout.reference import TRAIT_EFFECTS
from almanac.core.turnout.traits import TRAITS, traits, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.turnout.events import Announcement

Floats = NDArray[np.float64]

KNOT_YEARS = 0.5
AHEAD_YEARS = 2.0
REASONS = {
    "lead": ("lead", "far ahead", "at short notice"),
    "hour": ("about",),
    "price": ("paid",),
}
"""What of an announcement is told when it moves a forecast: the beginnings of its traits' names."""


class SharedEffects:
    """Places of each effect in the vector, its prior, and how much of each an event carries."""

    def __init__(self, words: Sequence[str], first: float, last: float) -> None:
        """words: those with an effect of their own; first, last: years that events lie between."""
        self.first = first
        self.knots = np.arange(first, last + AHEAD_YEARS + KNOT_YEARS, KNOT_YEARS)
        k, before = len(self.knots), 1 + len(FORMATS)
        self.tides = (slice(before, before + k), slice(before + k, before + 2 * k))
        self._traits = before + 2 * k
        after = self._traits + len(TRAITS)
        self.words = tuple(words)
        self._words = {word: after + place for place, word in enumerate(words)}
        self.size = after + len(words)
        self.mean = np.zeros(self.size)
        self.mean[self._traits : after] = [TRAIT_EFFECTS.get(name, 0.0) for name in TRAITS]
        self.groups: dict[str, list[int]] = {"word_effect": list(self._words.values())}
        for place, name in enumerate(TRAITS):
            if name not in FIXED:
                self.groups.setdefault(effect_group(name), []).append(self._traits + place)

        self.reasons = {
            name: [
                self._traits + place
                for place, trait in enumerate(TRAITS)
                if trait.startswith(begins)
            ]
            for name, begins in REASONS.items()
        }

    def spreads(self, by: LevelParameters) -> Floats:
        """Prior sd of each effect; the tides', which are correlated, at any one moment."""
        found = np.zeros(self.size)
        found[0] = GENERAL
        found[1 : 1 + len(FORMATS)] = FORMAT
        for tide in self.tides:
            found[tide] = by.tide
        for name, sd in FIXED.items():
            found[self._traits + TRAITS.index(name)] = sd
        for group, places in self.groups.items():
            found[places] = getattr(by, group)
        return found

    def tide(self, by: LevelParameters) -> Floats:
        """Covariance of one tide at its knots (Ornstein-Uhlenbeck), shape (k, k)."""
        gap = np.abs(self.knots[:, None] - self.knots[None, :])
        return by.tide**2 * np.exp(-gap / by.tide_years) + 1e-6 * np.eye(len(gap))

    def covariance(self, by: LevelParameters) -> Floats:
        found = np.diag(self.spreads(by) ** 2)
        for tide in self.tides:
            found[tide, tide] = self.tide(by)
        return found

    def places_in(self, wider: SharedEffects) -> NDArray[np.int64]:
        """Where each of these effects stands in a wider vector, shape (size,)."""
        k = len(self.knots)
        found = np.arange(self.size)
        found[self.tides[1]] = wider.tides[1].start + np.arange(k)
        found[self._traits : self._traits + len(TRAITS)] = wider._traits + np.arange(len(TRAITS))
        for word, place in self._words.items():
            found[place] = wider._words[word]
        return found

    def loadings(self, plan: Announcement, starts: Sequence[float], alike: int = 0) -> Floats:
        """How much of each effect an event carries; starts, alike: see `traits`."""
        found = np.zeros(self.size)
        found[0] = 1.0
        found[1 + format_index(plan)] = 1.0
        last = len(self.knots) - 1.001
        place = min(max((plan.starts - self.knots[0]) / KNOT_YEARS, 0.0), last)
        knot, part = int(place), place - int(place)
        tide = self.tides[1 if plan.online else 0].start + knot
        found[tide], found[tide + 1] = 1 - part, part
        found[self._traits : self._traits + len(TRAITS)] = traits(plan, starts, alike)
        for word in words_of(plan.title):
            if word in self._words:
                found[self._words[word]] = 1.0
        return found


def format_index(plan: Announcement) -> int:
    """Place in FORMATS."""
    return FORMATS.index("online" if plan.online else plan.format)


def effect_group(trait: str) -> str:
    """The parameter that scales a trait's effect."""
    groups = {
        "habit_effect": ("first", "events", "years", "pause", "words in"),
        "hour_effect": ("about",),
        "lead_effect": ("lead", "far", "at short"),
        "title_effect": ("length",),
    }
    return next(group for group, starts in groups.items() if trait.startswith(starts))
