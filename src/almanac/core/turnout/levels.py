"""How many sign up: a Gaussian process over log(count + 2), learnt one event at a time.

Each program has a level of its own that drifts, by format, slot, title and lead time; all programs
share a tide online and one in person, and what an announcement tells (core/traits.py). The
process is kept as one triangular factor per program and one Gaussian over what is shared, so that
an event more costs milliseconds and every forecast uses only what had begun before it.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, replace
from math import exp, hypot, log, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import dger
from scipy.linalg.lapack import dtrtrs

from almanac.core.counts import Counts
from almanac.core.turnout.common_effects import SharedEffects, format_index
from almanac.core.turnout.error_distribution import Shape
from almanac.core.turnout.level_parameters import (
    EventSimilarity,
    LevelParameters,
    apart_of,
    covariance,
    variance,
)
from almanac.core.turnout.program_rows import MOST_MISSED, OF_ANOTHER_SIZE, ProgramRows, believed_of
from almanac.core.turnout.reference import PARAMETERS, LevelClass, level_class
from almanac.core.turnout.traits import LIKE, relative_lead, title_vector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.turnout.events import Announcement

Floats = NDArray[np.float64]

OFFSET = 2.0
"""Counts are seen as log(count + 2): with ½, the usual choice, empty events weigh too much."""
SURPRISE = 1.8
"""An event further from its forecast than so many sds teaches no more than one that far (Huber)."""
UNCLIPPED = 4.0
"""After an event that was off the same way by OFF_BEFORE sds the level has probably changed, so that the
next may teach up to so many sds."""
OFF_BEFORE = 1.0
LARGEST = 10_000_000
USUAL_LARGEST = 10_000
"""Tails stop here unless somebody has come near; no class holds a larger event."""
TINY = 1e-15
ROUGHLY = 0.15
"""Sd of the log of a count that was said as “about so many”: eight in ten lie within a fifth."""
MOST_OF_PROGRAM = 400
KEPT_OF_PROGRAM = 300


@dataclass(frozen=True, slots=True)
class Expected:
    """One event's level before the fact: log(count + 2) has this mean and sd, noise included.
    before: events of its program learnt from; online: whether it is."""

    mean: float
    sd: float
    before: int
    online: bool


class Levels:
    """What the events learnt so far say of the size of the next one."""

    def __init__(
        self,
        parameters: LevelParameters = PARAMETERS,
        words: Sequence[str] = (),
        first: float = 0.0,
        last: float = 0.0,
        shift: float = 0.0,
    ) -> None:
        """words: those with an effect of their own; first, last: years that events lie between;
        shift: added to every class's mean, where what is counted is a share of sign-ups."""
        self.parameters = parameters
        self.shared = SharedEffects(words, first, last)
        self.shape = Shape()
        self.programs: dict[int, ProgramRows] = {}
        self.highest = 0
        self._mean = self.shared.mean
        self._covariance = np.asfortranarray(self.shared.covariance(parameters))
        self._shift = shift
        self._kinds: dict[tuple[str, str], LevelClass] = {}

    @property
    def learnt(self) -> int:
        return self.shape.learnt

    def widen(self, words: Sequence[str], last: float) -> None:
        """Go on to `last`, in years, and give more words an effect; what was learnt stays.

        New knots of the tides follow from the ones before them (Gaussian conditioning); what a new
        word did before is not asked for again.
        """
        words = tuple(dict.fromkeys((*self.shared.words, *words)))
        wider = SharedEffects(words, self.shared.first, last)
        if wider.size == self.shared.size:
            return
        held = self.shared.places_in(wider)
        new = np.setdiff1d(np.arange(wider.size), held)
        prior = wider.covariance(self.parameters)
        told = np.linalg.solve(prior[np.ix_(held, held)], prior[np.ix_(held, new)]).T
        mean, found = wider.mean.copy(), np.zeros_like(prior)
        mean[held] = self._mean
        mean[new] += told @ (self._mean - wider.mean[held])
        across = told @ self._covariance
        found[np.ix_(held, held)] = self._covariance
        found[np.ix_(new, held)], found[np.ix_(held, new)] = across, across.T
        found[np.ix_(new, new)] = (
            prior[np.ix_(new, new)] - told @ prior[np.ix_(held, new)] + across @ told.T
        )
        for program in self.programs.values():
            program.widen(held, wider.size)
        self.shared, self._mean, self._covariance = wider, mean, np.asfortranarray(found)

    def _seen_from(self, plan: Announcement) -> _Sight:
        program = self.programs.get(plan.program)
        print_ = title_vector(plan.title)
        carried_over = self.class_of(plan).carried
        apart = hypot(apart_of(carried_over), program.extra if program else 0.0)
        pairs = _pairs(plan, print_, program, apart) if program and program.size else None
        alike = 0 if pairs is None else int(np.sum((pairs.words > LIKE) & (pairs.gap < 1.0)))
        loadings = self.shared.loadings(plan, program.starts if program else (), alike)
        loadings *= carried_over
        spread = variance(relative_lead(plan), float(print_ @ print_), self.parameters, apart)
        noise = float(self.parameters.noise(np.array([format_index(plan)]))[0])
        mean, through, rest = 0.0, np.zeros(0), loadings
        if program and pairs is not None:
            through = dtrtrs(program.factor, covariance(pairs, self.parameters), lower=1)[0]
            mean = float(through @ program["seen"])
            rest = loadings - through @ program["shared"]
            spread -= float(through @ through)
        carried = self._covariance @ rest
        return _Sight(
            own=mean,
            mean=mean + float(rest @ self._mean),
            spread=max(spread, 1e-9),
            shared=max(float(rest @ carried), 0.0),
            noise=noise,
            through=through,
            loadings=loadings,
            rest=rest,
            carried=carried,
            print=print_,
        )

    def expect(self, plan: Announcement) -> Expected:
        """What all events learnt so far say of one that is announced."""
        program = self.programs.get(plan.program)
        sight = self._seen_from(plan)
        steadiness = program.steadiness if program else 1.0
        reference = self.class_of(plan)
        sd = sqrt(sight.spread + sight.shared + sight.noise * steadiness)
        width = program.width if program else 1.0
        return Expected(
            reference.mean + reference.scale * sight.mean,
            reference.scale * sd * width,
            program.number if program else 0,
            plan.online,
        )

    def told_by(self, plan: Announcement) -> dict[str, float]:
        """What its lead time, hour and price add to an event's level, in logs, against what its program
        usually does; against the archive's events where it has none."""
        program = self.programs.get(plan.program)
        own = program["loadings"].mean(axis=0) if program and program.size else 0.0
        away = self._seen_from(plan).loadings - own
        scale = self.class_of(plan).scale
        return {
            name: scale * float(away[places] @ self._mean[places])
            for name, places in self.shared.reasons.items()
        }

    def contrast(self, one: Announcement, other: Announcement) -> tuple[float, float]:
        """Mean and sd of how much higher `one` lies than `other`, in logs: one event announced in
        two ways, so that whatever both have in common drops out."""
        seen, against = self._seen_from(one), self._seen_from(other)
        leads = relative_lead(one) - relative_lead(other)
        spread = (self.parameters.lead * leads) ** 2
        if len(seen.through):
            spread -= float(np.sum((seen.through - against.through) ** 2))
        rest = seen.rest - against.rest
        spread = max(spread, 0.0) + float(rest @ self._covariance @ rest)
        scale = self.class_of(one).scale
        return scale * (seen.mean - against.mean), scale * sqrt(max(spread, 0.0))

    def counts(self, expected: Expected, lot: int = 1, reaches: int = 0) -> Counts:
        """The distribution over counts, in lots of `lot` people.

        reaches: a count known to be reached, beyond which the tail must still go on.
        """
        most = max(USUAL_LARGEST, 20 * self.highest, 20 * reaches)
        furthest = self.shape.quantile(0.9997, expected.online)
        tail = exp(min(expected.mean + furthest * expected.sd, log(LARGEST)))
        top = int(min(most, max(tail, 12.0 * reaches)) / lot) + 2
        edges = np.log((np.arange(top) + 0.5) * lot + OFFSET)
        cumulative = self.shape.cdf((edges - expected.mean) / expected.sd, expected.online)
        return Counts.of(np.diff(cumulative, prepend=0.0) + TINY)

    def class_of(self, plan: Announcement) -> LevelClass:
        key = (plan.kind, plan.format)
        if key not in self._kinds:
            found = level_class(*key)
            self._kinds[key] = replace(found, mean=found.mean + self._shift)
        return self._kinds[key]

    def learn(
        self,
        plan: Announcement,
        count: int,
        expected: Expected | None = None,
        *,
        approximate: bool = False,
    ) -> None:
        """Take in an event that has happened. Events must come in the order they began.

        approximate: the count is a rough one, so that it moves the level less.

        expected: what was expected of it at its announcement. It tells how wide ranges must be;
        what could be expected just before it began, which is less far off, stands in for it.
        """
        reference = self.class_of(plan)
        value = (log(count + OFFSET) - reference.mean) / reference.scale
        self.highest = max(self.highest, count)
        sight = self._seen_from(plan)
        program = self.programs.setdefault(plan.program, ProgramRows())
        if program.was_a_fluke(value - sight.mean, sqrt(sight.spread + sight.shared + sight.noise)):
            program.begin_again()
            sight = self._seen_from(plan)
        noise = sight.noise * program.steadiness
        if approximate:
            noise += (ROUGHLY / reference.scale) ** 2
        total = sight.spread + sight.shared + noise
        error = value - sight.mean
        off = error / sqrt(total)
        if expected is not None:
            off = (log(count + OFFSET) - expected.mean) / expected.sd
        self.shape.learn(off, plan.online)
        # Undo the width the forecast had, so that it is measured against the plain one.
        own = off * (program.width if expected is not None else 1.0)
        sd = sqrt(total)
        told_all = min(max(error, -SURPRISE * sd), SURPRISE * sd)
        believed = believed_of(error / sd, program.number)
        clipped = sd * _clipped(error / sd, program.off)
        taken = clipped + believed * (error - clipped)
        program.off = error / sd
        usual = sight.spread + sight.shared + sight.noise
        program.remember(
            surprise=believed + (1 - believed) * min(error**2 / usual, 9.0),
            missed=believed + (1 - believed) * min(own**2, MOST_MISSED),
        )
        if not program.number and believed:
            program.extra = OF_ANOTHER_SIZE * believed
        corner = sqrt(sight.spread + noise + (program.extra**2 if not program.number else 0.0))
        program.append(
            factor=np.append(sight.through, corner),
            shared=sight.rest / corner,
            seen=(sight.mean + taken - sight.own) / corner,
            value=sight.mean + taken,
            loadings=sight.loadings,
            steadiness=noise / sight.noise,
            began=plan.starts,
            apart=hypot(apart_of(reference.carried), program.extra),
            format=float(format_index(plan)),
            lead=relative_lead(plan),
            weekday=-1.0 if plan.weekday is None else float(plan.weekday),
            hour=-99.0 if plan.hour is None else plan.hour,
            print=sight.print,
        )
        program.number += 1
        insort(program.starts, plan.starts)
        # One program's level is no news of all the others', so these hear no more than a surprise.
        self._mean = self._mean + sight.carried * (told_all / total)
        self._covariance = dger(
            -1 / total, sight.carried, sight.carried, a=self._covariance, overwrite_a=1
        )
        if program.size > MOST_OF_PROGRAM:
            self._thin(program)

    def _thin(self, program: ProgramRows) -> None:
        """Let go of the oldest events of a long program; what they said of all stays."""
        program.keep_latest(KEPT_OF_PROGRAM)
        pairs = pairs_within(program)
        block = covariance(pairs, self.parameters)
        formats = program["format"].astype(np.int64)
        block[np.diag_indices(program.size)] += (
            self.parameters.noise(formats) * program["steadiness"]
        )
        factor: Floats = np.linalg.cholesky(block).astype(np.float64)
        program.rows["factor"] = factor
        program.rows["shared"] = dtrtrs(factor, program["loadings"], lower=1)[0]
        program.rows["seen"] = dtrtrs(factor, program["value"], lower=1)[0]


def _clipped(error: float, off: float) -> float:
    """What of an error an event may teach, as surprises teach less (Huber). error, off: in sds, of this
    event and of the one before it in its program."""
    lasting = error * off > 0 and abs(off) > OFF_BEFORE
    reach = UNCLIPPED if lasting else SURPRISE
    return min(max(error, -reach), reach)


SLOT_HOURS = 2.0
"""From so many hours apart on, two times of one weekday have nothing in common."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """An event seen from all that was learnt: its mean, and where its variance comes from."""

    own: float
    mean: float
    spread: float
    shared: float
    noise: float
    through: Floats
    loadings: Floats
    rest: Floats
    carried: Floats
    print: Floats


def _near(hours: Floats) -> Floats:
    """How near two hours of the day are, from 0 to 1. A tent, because a box ("less than an hour apart")
    is no covariance: three events half an hour from each other would contradict it."""
    return np.maximum(1.0 - np.abs(hours) / SLOT_HOURS, 0.0)


def _pairs(
    plan: Announcement, print_: Floats, program: ProgramRows, apart: float
) -> EventSimilarity:
    same_slot = np.zeros(program.size)
    if plan.weekday is not None and plan.hour is not None:
        near = _near(program["hour"] - plan.hour)
        same_slot = near * (program["weekday"] == plan.weekday)
    return EventSimilarity(
        gap=np.abs(program["began"] - plan.starts),
        apart=program["apart"] * apart,
        same_format=(program["format"] == format_index(plan)).astype(float),
        same_slot=same_slot,
        leads=program["lead"] * relative_lead(plan),
        words=program["print"] @ print_,
    )


def pairs_within(program: ProgramRows) -> EventSimilarity:
    """All pairs of a program's events, each of shape (n, n)."""
    began, formats, lead = program["began"], program["format"], program["lead"]
    weekday, hour, prints = program["weekday"], program["hour"], program["print"]
    near = _near(hour[:, None] - hour[None, :])
    known = (weekday >= 0) & (hour >= 0)
    same_slot = near * ((weekday[:, None] == weekday[None, :]) & known[:, None] & known[None, :])
    np.fill_diagonal(same_slot, 1.0)
    return EventSimilarity(
        gap=np.abs(began[:, None] - began[None, :]),
        apart=program["apart"][:, None] * program["apart"][None, :],
        same_format=(formats[:, None] == formats[None, :]).astype(float),
        same_slot=same_slot,
        leads=lead[:, None] * lead[None, :],
        words=prints @ prints.T,
    )
