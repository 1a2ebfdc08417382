"""What a significant result would be worth: power, chance of the wrong sign, exaggeration.

Gelman & Carlin 2014. And what is left of an estimate once that is taken off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from almanac.core.effects.design import LEVEL


@dataclass(frozen=True, slots=True)
class Worth:
    """power: chance of a clear result; sign: chance that a clear one points the wrong way (type S);
    exaggeration: by how much a clear one overstates (type M)."""

    power: float
    sign: float
    exaggeration: float


def worth(effect: float, error: float, level: float = LEVEL) -> Worth:
    """Of a design that finds a true effect of that size with that standard error."""
    z = float(ndtri(1 - level / 2))
    size = abs(effect) / error
    above, below = float(ndtr(size - z)), float(ndtr(-size - z))
    power = above + below
    # Mean of |estimate| where it is beyond ±z, in closed form.
    density = np.exp(-0.5 * np.array([z - size, z + size]) ** 2) / np.sqrt(2 * np.pi)
    beyond = size * above + density[0] + density[1] - size * below
    return Worth(power, below / power, float(beyond / power / size) if size else float("inf"))


def shrunken(estimate: float, error: float, usual: float) -> float:
    """The estimate drawn towards none, as far as its error against the usual size of such effects
    says (a normal prior of that standard deviation)."""
    return estimate * usual**2 / (usual**2 + error**2)
