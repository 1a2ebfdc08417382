"""Other communities' events, from tables they have shared: further reference classes.

Each weighs as much as it is like one's own: whose community do these events look like? (Bayesian
model averaging over whom one resembles, the reference class of strangers being one candidate.)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log, pi
from typing import TYPE_CHECKING

from almanac.core.events import PastEvent, Plan
from almanac.core.level_parameters import GENERAL
from almanac.core.levels import OFFSET
from almanac.core.reference import LEVELS, SHOW_RATES, level_class
from almanac.core.shares import show_class
from almanac.core.usual import Pair

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIKE = 0.2
"""Sd between two communities that are alike, in logs of size and in logits of shares."""
OF_EVENTS = 0.7
"""Sd of one event around its community, programs included; four events tell as much as one that
stood alone, as they are mostly of the same program."""
HANGING_TOGETHER = 4.0
BELIEVED_AFTER = 30
"""So many events make a table as likely as the reference, before one's own have spoken."""
STRANGERS_SHARE = 0.9
"""Sd of a community's show rate around its class, in logits."""
MOST_PAIRS = 200


@dataclass(frozen=True, slots=True)
class Shared:
    """One event of a shared table."""

    kind: str
    format: str
    paid: bool
    signups: int
    attended: int | None = None


@dataclass(frozen=True, slots=True)
class Community:
    name: str
    events: tuple[Shared, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much each community weighs, of 1 shared with the reference class."""

    reference: float
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Summary:
    """Means by class: of log(sign-ups + 2), and of the logit of the share that came."""

    levels: Mapping[str, tuple[float, int]]
    shares: Mapping[str, tuple[float, int]]


def likeness(own: Sequence[PastEvent], communities: Sequence[Community]) -> Likeness:
    """Whom one's own events look like. Without any, a table weighs by how many events it holds."""
    mine = _summary(own)
    references = {found.key: found.mean for found in LEVELS}
    rates = {found.key: log(found.mean / (1 - found.mean)) for found in SHOW_RATES}
    logs = [0.0]
    logs[0] += sum(
        _fit(mean - references[key], GENERAL, number, None)
        for key, (mean, number) in mine.levels.items()
        if key in references
    )
    logs[0] += sum(
        _fit(mean - rates[key], STRANGERS_SHARE, number, None)
        for key, (mean, number) in mine.shares.items()
    )
    for community in communities:
        theirs = _summary(community.events)
        number = len(community.events)
        found = log(max(number, 0.5) / (number + BELIEVED_AFTER))
        found += _against(mine.levels, theirs.levels, references, GENERAL)
        found += _against(mine.shares, theirs.shares, rates, STRANGERS_SHARE)
        logs.append(found)
    top = max(logs)
    weights = [exp(each - top) for each in logs]
    total = sum(weights)
    return Likeness(weights[0] / total, tuple(weight / total for weight in weights[1:]))


def _against(
    mine: Mapping[str, tuple[float, int]],
    theirs: Mapping[str, tuple[float, int]],
    strangers: Mapping[str, float],
    strange: float,
) -> float:
    total = 0.0
    for key, (mean, number) in mine.items():
        if key in theirs:
            their_mean, their_number = theirs[key]
            total += _fit(mean - their_mean, LIKE, number, their_number)
        elif key in strangers:
            total += _fit(mean - strangers[key], strange, number, None)
    return total


def _fit(away: float, spread: float, own: int, theirs: int | None) -> float:
    """Log density of the distance between two communities' means."""
    variance = spread**2 + OF_EVENTS**2 * HANGING_TOGETHER / max(own, 1)
    if theirs is not None:
        variance += OF_EVENTS**2 * HANGING_TOGETHER / max(theirs, 1)
    return -0.5 * (away**2 / variance + log(2 * pi * variance))


def _summary(events: Sequence[PastEvent] | Sequence[Shared]) -> _Summary:
    levels: dict[str, list[float]] = {}
    shares: dict[str, list[float]] = {}
    for event in events:
        if event.signups is None:
            continue
        key = level_class(event.kind, event.format).key
        if key:
            levels.setdefault(key, []).append(log(event.signups + OFFSET))
        rate = _rate_key(event)
        if rate and event.signups and event.attended is not None:
            came = min(event.attended, event.signups)
            odds = (came + 0.5) / (event.signups - came + 0.5)
            shares.setdefault(rate, []).append(log(odds))
    return _Summary(_means(levels), _means(shares))


def _means(by_key: Mapping[str, list[float]]) -> dict[str, tuple[float, int]]:
    return {key: (sum(found) / len(found), len(found)) for key, found in by_key.items()}


def _rate_key(event: PastEvent | Shared) -> str:
    paid = event.paid if isinstance(event, Shared) else bool(event.price)
    plan = Plan(kind=event.kind, format=event.format, price=1.0 if paid else None)
    found = show_class(plan)
    return found.key if found else ""


@dataclass(frozen=True, slots=True)
class Others:
    """What shared tables tell a forecast. class_means: of log(sign-ups + 2), by class, moved
    towards communities that are alike; shares: sign-ups and attendance by class of shares; events:
    how many there are in the tables."""

    class_means: Mapping[str, float] = field(default_factory=dict)
    shares: Mapping[str, tuple[Pair, ...]] = field(default_factory=dict)
    events: int = 0


NO_OTHERS = Others()


def others(own: Sequence[PastEvent], communities: Sequence[Community]) -> Others:
    """What the communities tell whoever has had these events."""
    if not communities:
        return NO_OTHERS
    found = likeness(own, communities)
    return Others(
        _class_means(found, communities),
        _told_shares(found, communities),
        sum(len(community.events) for community in communities),
    )


def _class_means(found: Likeness, communities: Sequence[Community]) -> dict[str, float]:
    summaries = [_summary(community.events).levels for community in communities]
    moved = {}
    for reference in LEVELS:
        key, usual = reference.key, reference.mean
        means = [told[key][0] if key in told else usual for told in summaries]
        moved[key] = found.reference * usual + sum(
            weight * mean for weight, mean in zip(found.weights, means, strict=True)
        )
    return moved


def _told_shares(found: Likeness, communities: Sequence[Community]) -> dict[str, tuple[Pair, ...]]:
    """Each table counts as one program: it does not say which of its events belong together."""
    told: dict[str, list[Pair]] = {}
    for place, (weight, community) in enumerate(zip(found.weights, communities, strict=True)):
        for event in community.events[-MOST_PAIRS:]:
            key = _rate_key(event)
            if key and event.signups and event.attended is not None:
                pair = Pair(event.signups, event.attended, weight, 0, -1 - place)
                told.setdefault(key, []).append(pair)
    return {key: tuple(pairs) for key, pairs in told.items()}
