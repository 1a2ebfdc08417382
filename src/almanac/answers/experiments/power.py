"""Before it starts: what a design could show, by simulation on the very numbers it would be tried on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from almanac.answers import words
from almanac.answers.experiments import protocols
from almanac.core.effects import alternating
from almanac.core.effects.power import WANTED, advice, power
from almanac.core.effects.sequential import mixture_reach, tuned_to
from almanac.core.refusals import Refusal
from almanac.record import rules
from almanac.record.models import Counted, Protocol, Way
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from almanac.record.rules import Actor

BASES = (0.02, 0.1, 0.3)
JUST_TRY = "Not enough data to say what this could show. Just try it, and note why."


@dataclass(frozen=True, slots=True)
class DesignPower:
    """chance: of a clear result if the change that matters is real, None where it cannot be said;
    detectable: the smallest rise found four times in five."""

    chance: float | None
    detectable: float | None
    sentences: tuple[str, ...]


def power_of(actor: Actor, protocol: Protocol) -> DesignPower:
    rules.require(rules.may_read_record, actor)
    ways = {Way.WEEKS: _weeks, Way.EVENTS: _events, Way.VERSIONS: _versions}
    made = (
        ways.get(Way(protocol.way), _retired)(protocol)
        if protocol.way in Way.values
        else _retired(protocol)
    )
    said = [*made.sentences, *protocols.overlapping(protocol)]
    return DesignPower(made.chance, made.detectable, tuple(said))


def _chance(protocol: Protocol, chance: float) -> str:
    return (
        f"If the change of {words.change(protocol.smallest)} you care about is real, the chance of a clear result is "
        f"{round(100 * chance)} %."
    )


def _when_clear(exaggeration: float, sign: float) -> str:
    return (
        f"When it is clear, it overstates {exaggeration:.1f}-fold on average, and "
        f"points the wrong way {100 * sign:.1f} times in 100."
    )


def _weeks(protocol: Protocol) -> DesignPower:
    design, _ = protocols.design_of(protocol, preferences.today())
    found = power(
        design.cut_at(design.start, design.start), protocol.weeks_after, protocol.smallest
    )
    said = []
    if found.refusal is not None:
        said.append(found.refusal.words)
    else:
        said.append(_chance(protocol, found.chance))
        if found.detectable is not None:
            said.append(
                f"It would find, 4 times in 5, a rise of {words.share(found.detectable)} or more."
            )
        if found.worth is not None and found.chance < WANTED:
            said.append(_when_clear(found.worth.exaggeration, found.worth.sign))
    said.append(advice(found, abs(protocol.smallest)))
    known = found.refusal is None
    return DesignPower(found.chance if known else None, found.detectable, tuple(said))


def _events(protocol: Protocol) -> DesignPower:
    past = protocols.past_readings(protocol)
    pairs = protocol.planned or 0
    found = alternating.power_of_pairs(past, pairs, protocol.smallest)
    if found is None:
        return DesignPower(None, None, (Refusal.TOO_FEW_TRIALS.words, JUST_TRY))
    said = [_chance(protocol, found.chance)]
    if found.detectable is not None:
        said.append(
            f"It would find, 4 times in 5, a rise of {words.share(found.detectable)} or more."
        )
    if found.chance < WANTED:
        if found.chance:
            said.append(_when_clear(found.exaggeration, found.sign))
        said.append(
            "More pairs or more similar events would show smaller changes. Or don’t test, just try it."
        )
    else:
        said.append("This design would find a change of that size at least 4 times in 5.")
    said.append("You can look as often as you like: the range stays valid.")
    return DesignPower(found.chance, found.detectable, tuple(said))


def _versions(protocol: Protocol) -> DesignPower:
    """What nobody knows yet is how many do it as usual, so it is said for three such shares."""
    shown = protocol.planned or 0
    if shown < 2 * alternating.FEWEST_PAIRS:
        return DesignPower(None, None, (Refusal.TOO_FEW_TRIALS.words, JUST_TRY))
    reach = float(np.sqrt(shown) * mixture_reach(shown, tuned_to(shown))) + float(ndtri(WANTED))
    said = []
    for base in BASES:
        is_rate = protocol.counted == Counted.RATE
        error = np.sqrt(4 * (1 - base if is_rate else 1.0) / (base * shown))
        rise = float(np.expm1(reach * error))
        told = (
            f"a rise of {words.share(rise)} or more"
            if rise <= 10
            else "only a rise to eleven times as many"
        )
        usual = (
            f"{100 * base:g} in 100 do it" if is_rate else f"there are {base:g} results for each"
        )
        said.append(f"If {usual} as usual, {told} would be found 4 times in 5.")
    said.append("You can look as often as you like: the range stays valid.")
    return DesignPower(None, None, tuple(said))


def _retired(_: Protocol) -> DesignPower:
    return DesignPower(None, None, (Refusal.RETIRED_WAY.words,))
