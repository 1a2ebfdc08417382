"""The whole track record: every frozen forecast and guess against its outcome, and what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from almanac.answers import words
from almanac.answers.guesses.calibration import Calibration
from almanac.answers.turnout.expectation import raw_of, thawed
from almanac.core import scoring
from almanac.core.counts import Counts
from almanac.core.refusals import Refusal
from almanac.core.scoring import Skill
from almanac.core.vocabulary import Stage
from almanac.record import rules
from almanac.record.models import Activity, Forecast
from almanac.record.queries import forecasts
from almanac.record.queries.versions import private_version, record_version, remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from almanac.core.scoring import HitRate
    from almanac.record.models import Guess
    from almanac.record.rules import Actor

MODEL, YOU, TOGETHER = "the forecast", "you", "combined"
HORIZONS = (
    (28, "four weeks or more ahead"),
    (14, "two to four weeks ahead"),
    (7, "one to two weeks ahead"),
    (1, "one to seven days ahead"),
    (0, "on the last day"),
)
SHARES = (0.5, 0.8, 0.95)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said before the fact, and what happened. earlier: counts of the same stage that
    were known by then, for climatology."""

    activity: Activity
    stage: Stage
    who: str
    horizon: str
    counts: Counts
    observed: int
    earlier: tuple[int, ...]

    @property
    def crps(self) -> float:
        return scoring.crps(self.counts, self.observed)

    @property
    def climatology(self) -> float | None:
        """The CRPS of every earlier count, equally likely; None before there are any."""
        if not self.earlier:
            return None
        usual = Counts.of(np.bincount(self.earlier).astype(np.float64))
        return scoring.crps(usual, self.observed)

    @property
    def interval(self) -> tuple[int, int]:
        return self.counts.interval(0.8)

    @property
    def inside(self) -> bool:
        low, high = self.interval
        return low <= self.observed <= high


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the outcome fell inside a range. expected: the level of the ranges,
    more than `share` as people come whole; low, high: exact 95 % interval of the true share."""

    share: float
    inside: int
    of: int
    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Group:
    """What a group of things said shows; a refusal where it is too few to show anything."""

    name: str
    of: int
    crps: float
    skill: Skill | None
    coverage: tuple[Coverage, ...]
    pit: tuple[float, ...]
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The track record in full: by who said it, and the forecast's by stage, horizon, program."""

    said: tuple[Said, ...]
    main: tuple[Said, ...]
    """One stage of each event: who came, or else the first known; earliest event first."""
    by_who: tuple[Group, ...]
    by_stage: tuple[Group, ...]
    by_horizon: tuple[Group, ...]
    by_program: tuple[Group, ...]
    head_to_head: Group | None
    feedback: str
    headline: str
    """How often both ranges held, and what to do about it: the first sentence of the page."""

    @property
    def nearer(self) -> str:
        """Who was nearer on the events that both spoke of, in a sentence; empty without any."""
        duel = self.head_to_head
        if duel is None:
            return ""
        if duel.refusal or duel.skill is None:
            verdict = "it’s too early to say who was closer"
        elif duel.skill.low > 0:
            verdict = "you were closer than the forecast"
        elif duel.skill.high < 0:
            verdict = "the forecast was closer than you"
        else:
            verdict = "neither was clearly closer"
        return f"On the {words.counted(duel.of, 'event', 'events')} with a guess and a forecast, {verdict}."


@remembered(record_version, private_version)
def accuracy(actor: Actor) -> Accuracy:
    """How right forecasts and guesses have been. Guesses are the practitioner's own."""
    rules.require(rules.may_read_private, actor)
    said = _everything()
    latest = _latest(said)
    main = _main_stage(latest)
    by_who = [_group(who, [s for s in main if s.who == who]) for who in (MODEL, YOU, TOGETHER)]
    model = _main_stage(s for s in said if s.who == MODEL)
    newest = [s for s in latest if s.who == MODEL]
    yours = [s for s in latest if s.who == YOU]
    return Accuracy(
        said=tuple(latest),
        main=tuple(main),
        by_who=tuple(group for group in by_who if group is not None),
        by_stage=_groups(newest, lambda s: str(s.stage)),
        by_horizon=_groups(model, lambda s: s.horizon),
        by_program=_groups(
            [s for s in main if s.who == MODEL and not s.activity.program.is_unsorted],
            lambda s: s.activity.program.name,
        ),
        head_to_head=_head_to_head(latest),
        feedback=feedback(yours),
        headline=headline(by_who[0], by_who[1]),
    )


@dataclass(frozen=True, slots=True)
class HitRates:
    """How often outcomes fell inside the 80 % ranges of the forecast and of one's own guesses."""

    forecasts: HitRate | None
    guesses: HitRate | None


@remembered(record_version, private_version)
def hit_rates(actor: Actor) -> HitRates:
    """The short form of `accuracy`, from the same things said: one stage of each event."""
    rules.require(rules.may_read_private, actor)
    main = _main_stage(_latest(_everything(pooled=False)))

    def of(who: str) -> HitRate | None:
        scored = [scoring.score(said.counts, said.observed) for said in main if said.who == who]
        return scoring.hit_rate(scored)

    return HitRates(of(MODEL), of(YOU))


def headline(model: Group | None, yours: Group | None) -> str:
    """“The forecast’s range held 8 of 8 times, yours 1 of 7. …”, of the 80 % ranges."""
    if model is None and yours is None:
        return "No forecast or guess has a result yet."
    said = []
    if model is not None:
        said.append(f"the forecast’s range held {_times(model)}")
    if yours is not None:
        said.append(f"{'yours' if said else 'your range held'} {_times(yours)}")
    sentence = ", ".join(said)
    return f"{sentence[:1].upper()}{sentence[1:]}. A good range holds about 8 times in 10{_advice(yours)}."


def _times(group: Group) -> str:
    held = group.coverage[SHARES.index(0.8)]
    return f"{held.inside} of {words.counted(held.of, 'time', 'times')}"


def _advice(yours: Group | None) -> str:
    if yours is None:
        return ""
    held = yours.coverage[SHARES.index(0.8)]
    if held.low <= 0.8 <= held.high:
        return "; too few to judge yours yet" if held.of < scoring.ENOUGH_TO_TELL else ""
    return ", so make yours wider" if held.inside < 0.8 * held.of else ", so yours can be narrower"


def feedback(yours: Sequence[Said]) -> str:
    """What a person may learn from their own ranges, in words."""
    if not yours:
        return "No guess of yours has a result yet."
    last = yours[-10:]
    inside, of = sum(said.inside for said in last), len(last)
    if of == 1:
        where = "inside" if inside else "outside"
        return f"Your only result so far fell {where} your 80 % range; too few to judge."
    sentence = (
        f"{inside} of your last {of} results fell inside your 80 % range; about "
        f"{round(0.8 * of)} should"
    )
    low, high = scoring.exact_interval(inside, of)
    if low <= 0.8 <= high:
        return f"{sentence}; too few to judge."
    if inside < 0.8 * of:
        return f"{sentence}: make your ranges wider."
    return f"{sentence}: you can make your ranges narrower."


# Gathering


def _everything(*, pooled: bool = True) -> list[Said]:
    """Everything said and counted, earliest event first. pooled: with both put together too, and with
    what came of every event, said of or not, to compare with."""
    counted = forecasts.with_outcomes(forecasts.predicted_activities())
    made_before = forecasts.all_forecasts_before(counted.values())
    guesses = forecasts.counting_guesses(counted)
    found: list[Said] = []
    past: dict[Stage, list[int]] = {stage: [] for stage in Stage}
    reading = Calibration()
    every = forecasts.every_outcome() if pooled and counted else [
        (key, forecasts.outcomes_of(activity)) for key, activity in counted.items()
    ]  # fmt: skip
    for key, outcomes in every:
        activity = counted.get(key)
        said = [] if activity is None else _said_of(
            activity, outcomes, made_before, guesses, past, reading, pooled=pooled
        )  # fmt: skip
        found += said
        for stage, observed in outcomes.items():
            past[stage].append(observed)
    return found


def _said_of(
    activity: Activity,
    outcomes: dict[Stage, int],
    made_before: dict[int, list[Forecast]],
    guesses: dict[int, Guess],
    past: dict[Stage, list[int]],
    reading: Calibration,
    *,
    pooled: bool,
) -> list[Said]:
    """What was said of one event; reading: how the person's guesses read, which learns from it."""
    made = _forecasts_of(activity, made_before.get(activity.pk, []), outcomes, past)
    found = list(made)
    guess = guesses.get(activity.pk)
    raw = raw_of(guess) if guess else None
    if guess and raw and (stage := Stage(guess.stage)) in outcomes:
        observed = outcomes[stage]
        horizon = _horizon(activity, guess.made_at)
        earlier = tuple(past[stage])
        found.append(Said(activity, stage, YOU, horizon, raw.counts, observed, earlier))
        model = next((s for s in reversed(made) if s.stage == stage), None)
        if pooled and model is not None:
            both = reading.together(model.counts, raw)
            found.append(Said(activity, stage, TOGETHER, model.horizon, both, observed, earlier))
        if pooled:
            reading.learn(raw, observed, model.counts if model else None)
    return found


def _forecasts_of(
    activity: Activity,
    rows: Iterable[Forecast],
    outcomes: dict[Stage, int],
    past: dict[Stage, list[int]],
) -> list[Said]:
    """The latest forecast at each horizon, where it was one: what was certain is not scored."""
    latest = {_horizon(activity, row.made_at): row for row in rows}
    return [
        Said(activity, view.stage, MODEL, horizon, view.counts, outcomes[view.stage], earlier)
        for horizon, row in latest.items()
        for view in thawed(row).stages
        if view.counts is not None and not view.counts.is_certain and view.stage in outcomes
        for earlier in [tuple(past[view.stage])]
    ]


def _horizon(activity: Activity, made_at: datetime) -> str:
    begins = activity.begins
    days = (begins - made_at).total_seconds() / 86400 if begins else 0.0
    return next((name for least, name in HORIZONS if days >= least), HORIZONS[-1][1])


def _latest(said: Iterable[Said]) -> list[Said]:
    """Of several forecasts of one event's stage, the last."""
    kept = {(s.activity.pk, s.stage, s.who): s for s in said}
    return list(kept.values())


def _main_stage(said: Iterable[Said]) -> list[Said]:
    """One stage of each event, so that none counts twice: who came, or else the first known."""
    found = list(said)
    main: dict[int, Stage] = {}
    for each in found:
        if each.stage is Stage.ATTENDED or each.activity.pk not in main:
            main[each.activity.pk] = each.stage
    return [each for each in found if main[each.activity.pk] is each.stage]


# What it shows


def _groups(said: Sequence[Said], by: Callable[[Said], str]) -> tuple[Group, ...]:
    names = dict.fromkeys(map(by, said))
    found = [_group(name, [s for s in said if by(s) == name]) for name in names]
    return tuple(group for group in found if group is not None)


def _group(name: str, said: Sequence[Said]) -> Group | None:
    if not said:
        return None
    pairs = [(s.counts, s.observed) for s in said]
    compared = [(s.crps, s.climatology, s.activity.program_id) for s in said]
    fair = [(crps, usual, block) for crps, usual, block in compared if usual is not None]
    enough = len(said) >= scoring.ENOUGH_TO_TELL
    skill = None
    if enough and fair:
        skill = scoring.skill([f[0] for f in fair], [f[1] for f in fair], _blocks(fair))
    return Group(
        name=name,
        of=len(said),
        crps=float(np.mean([s.crps for s in said])),
        skill=skill,
        coverage=tuple(_coverage(pairs, share) for share in SHARES),
        pit=scoring.pit_histogram(pairs) if enough else (),
        refusal=None if enough else Refusal.TOO_FEW_SCORED,
    )


def _blocks(fair: Sequence[tuple[float, float, int]]) -> list[int]:
    """Programs, or single events where there are too few programs to be resampled."""
    programs = [block for _, _, block in fair]
    return programs if len(set(programs)) >= 5 else list(range(len(fair)))


def _coverage(pairs: Sequence[tuple[Counts, int]], share: float) -> Coverage:
    inside = 0
    for counts, observed in pairs:
        lowest, highest = counts.interval(share)
        inside += lowest <= observed <= highest
    expected = float(np.mean([scoring.expected_coverage(counts, share) for counts, _ in pairs]))
    low, high = scoring.exact_interval(inside, len(pairs))
    return Coverage(share, inside, len(pairs), expected, low, high)


def _head_to_head(latest: Sequence[Said]) -> Group | None:
    """Your guesses against the forecast, on the events that both spoke of: skill above 0 means
    that you were nearer."""
    model = {(s.activity.pk, s.stage): s for s in latest if s.who == MODEL}
    yours = [s for s in latest if s.who == YOU and (s.activity.pk, s.stage) in model]
    group = _group("you against the forecast", yours)
    if group is None or group.refusal:
        return group
    against = [model[s.activity.pk, s.stage].crps for s in yours]
    fair = [(s.crps, a, s.activity.program_id) for s, a in zip(yours, against, strict=True)]
    skill = scoring.skill([f[0] for f in fair], [f[1] for f in fair], _blocks(fair))
    return Group(**{n: getattr(group, n) for n in Group.__slots__} | {"skill": skill})
