"""Guesses put right by their own record, and put together with the model and with one another."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from almanac.core.guesses.elicited import two_sided

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.counts import Counts
    from almanac.core.guesses.elicited import RawGuess

FIRST_WIDTH = 1.4
"""A new person's ranges are widened by so much: 80 % ranges hit 68 % (Speirs-Bridge et al. 2010),
less in real projects (Jørgensen et al. 2004)."""
WIDTH_WEIGHT = 4.0
SHIFT_WEIGHT = 5.0
NARROWEST_SIDE = 0.1
"""A side of a range left with no room at all is read as one of a tenth."""
FURTHEST = 4.0
"""One wild miss, in a person's own sds, counts as no more than this."""
POOL_WEIGHT = 5.0


@dataclass(frozen=True, slots=True)
class Habit:
    """How a person's guesses have been off. shift: in logs, added to the best guess; width: factor
    on the log width; of: outcomes it rests on."""

    shift: float = 0.0
    width: float = FIRST_WIDTH
    of: int = 0


NEW_PERSON = Habit()


def habit_of(past: Sequence[tuple[RawGuess, int]]) -> Habit:
    """Shift and width in log space, both with shrinkage to a new person's; what is not known of the
    shift widens the rest."""
    if not past:
        return NEW_PERSON
    errors = [log(observed + 0.5) - log(raw.best + 0.5) for raw, observed in past]
    shift = sum(errors) / (len(errors) + SHIFT_WEIGHT)
    squares = 0.0
    for (raw, _), error in zip(past, errors, strict=True):
        below, above = raw.widths
        left = error - shift
        squares += min(abs(left) / max(above if left > 0 else below, NARROWEST_SIDE), FURTHEST) ** 2
    width = sqrt((WIDTH_WEIGHT * FIRST_WIDTH**2 + squares) / (WIDTH_WEIGHT + len(past)))
    width *= sqrt(1 + 1 / (len(past) + SHIFT_WEIGHT))
    return Habit(shift, width, len(past))


def recalibrated(raw: RawGuess, habit: Habit) -> Counts:
    """The guess as this person's record says it should be read."""
    below, above = (max(width, NARROWEST_SIDE) * habit.width for width in raw.widths)
    centre = log(raw.best + 0.5) + habit.shift
    return two_sided(centre, below, above, float(np.exp(centre + 4.5 * above)))


def weight_of_guess(model: Sequence[float], guess: Sequence[float]) -> float:
    """How much of the pool a person's guess gets, from the CRPS of both on the same outcomes.

    Half at first; the share of the error that the model made, with POOL_WEIGHT outcomes' worth of
    an even start.
    """
    off_model, off_guess = sum(model), sum(guess)
    if not model or off_model + off_guess <= 0:
        return 0.5
    start = POOL_WEIGHT * (off_model + off_guess) / (2 * len(model))
    return (start + off_model) / (2 * start + off_model + off_guess)
