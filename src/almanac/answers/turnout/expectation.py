"""How many to expect at one activity, what was said before, and how right it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from almanac.answers import words
from almanac.answers.turnout import event_history
from almanac.answers.turnout.based_on import Basis, basis
from almanac.core import scoring
from almanac.core.counts import Counts
from almanac.core.guesses import elicited
from almanac.core.refusals import Refusal
from almanac.core.turnout.forecast import StageForecast, TurnoutForecast, Upcoming, forecast
from almanac.core.vocabulary import AHEAD, MEASURED, Evidence, Format, Kind, Stage, Status
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.models import Activity, Forecast, Guess
from almanac.record.queries import forecasts, preferences
from almanac.record.queries import turnout as queries

if TYPE_CHECKING:
    from datetime import datetime

    from almanac.core.scoring import Scored
    from almanac.record.models import Turnout
    from almanac.record.rules import Actor

# What the model says now


def upcoming_of(activity: Activity, now: datetime) -> Upcoming:
    """What is known of an activity at this moment."""
    turnout = activity.turnout_if_any
    begins = activity.begins
    hours = None if begins is None else (begins - now).total_seconds() / 3600
    return Upcoming(
        **event_history.plan_of(activity, begins or now),
        seats=turnout.seats if turnout else None,
        interested=turnout.interested if turnout else None,
        signups=_signups_by(activity, turnout, now),
        hours_to_go=hours,
    )


def _signups_by(activity: Activity, turnout: Turnout | None, now: datetime) -> int | None:
    """The sign-ups said, or else the latest that were observed coming in."""
    if turnout is not None and turnout.signups is not None:
        return turnout.signups
    seen = activity.pace.filter(observed_at__lte=now).order_by("-observed_at").first()
    return None if seen is None else seen.signups


def compute(actor: Actor, activity: Activity, now: datetime | None = None) -> TurnoutForecast:
    """The model's forecast at this moment. Asking does not freeze it."""
    rules.require(rules.may_read_record, actor)
    now = now or clock.now()
    past = event_history.past_before(activity, now)
    return forecast(upcoming_of(activity, now), past.history, past.levels)


def body_of(found: TurnoutForecast, upcoming: Upcoming) -> dict[str, Any]:
    """A forecast as it is frozen: plain values, the same for the same forecast."""
    return {
        "version": found.version,
        "known": _known(upcoming),
        "stages": [_stage_body(stage) for stage in found.stages],
    }


def _known(upcoming: Upcoming) -> dict[str, Any]:
    """The facts a forecast is made from."""
    known = {name: getattr(upcoming, name) for name in CHANGES}
    known["starts"] = round(upcoming.starts, 4)
    hours = upcoming.hours_to_go
    return known | {"hours_to_go": None if hours is None else round(hours, 2)}


def _stage_body(stage: StageForecast) -> dict[str, Any]:
    if stage.counts is None:
        return {"stage": str(stage.stage), "refusal": str(stage.refusal)}
    return {
        "stage": str(stage.stage),
        "counts": stage.counts.packed(),
        "rows": list(stage.because.rows),
        "other_rows": list(stage.because.other_rows),
        "others": stage.because.others,
        "classes": list(stage.because.classes),
        "known": [list(fact) for fact in stage.because.known],
        "notes": [[note.name, round(note.value, 4), note.used] for note in stage.because.notes],
    }


# What was frozen


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage of a frozen forecast, ready to be shown; low and high hold 80 %."""

    stage: Stage
    title: str
    sentence: str
    counts: Counts | None
    basis: Basis
    refusal: Refusal | None = None

    @property
    def low(self) -> int | None:
        return self.counts.interval(0.8)[0] if self.counts else None

    @property
    def high(self) -> int | None:
        return self.counts.interval(0.8)[1] if self.counts else None

    @property
    def quantiles(self) -> list[tuple[str, int]]:
        if self.counts is None:
            return []
        levels = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
        return [(f"{level:.0%}", self.counts.quantile(level)) for level in levels]

    def reaching(self, number: int) -> str:
        """The chance of reaching a number the practitioner names, as a sentence."""
        if self.counts is None:
            return self.sentence
        one, many = words.NOUNS[self.stage]
        likely = words.percent_chance(self.counts.at_least(number))
        return f"{words.counted(number, one, many)} or more: {likely}."


@dataclass(frozen=True, slots=True)
class FrozenForecast:
    made_at: datetime
    sha256: str
    version: str
    known: dict[str, Any]
    stages: tuple[StageView, ...]

    def __getitem__(self, stage: Stage) -> StageView:
        # A KeyError, because templates try the subscript before the attribute.
        return {view.stage: view for view in self.stages}[stage]

    @property
    def shown(self) -> tuple[StageView, ...]:
        """Every stage but projects where nobody builds any."""
        hides = self.known["kind"] != "hackathon"
        return tuple(
            view
            for view in self.stages
            if not (hides and view.stage is Stage.SUBMISSIONS and view.counts is None)
        )

    @property
    def main(self) -> StageView:
        """The stage people ask about: who will come, or else who signs up."""
        attended, signups = self[Stage.ATTENDED], self[Stage.SIGNUPS]
        # That nobody signs up for it is no answer to how many will come.
        no_list = signups.refusal in {Refusal.NO_SIGNUPS, Refusal.NO_SIGNUPS_NOTED}
        return attended if attended.counts is not None or no_list else signups


def thawed(row: Forecast) -> FrozenForecast:
    """A frozen forecast as it was, ready to be shown."""
    stages = tuple(_view(stage, row.body["known"]) for stage in row.body["stages"])
    return FrozenForecast(row.made_at, row.sha256, row.body["version"], row.body["known"], stages)


def _view(body: dict[str, Any], known: dict[str, Any]) -> StageView:
    stage = Stage(body["stage"])
    title = words.STAGE_TITLES[stage]
    if "refusal" in body:
        refusal = Refusal(body["refusal"])
        return StageView(stage, title, refusal.words, None, Basis(()), refusal)
    counts = Counts.unpacked(body["counts"])
    said = words.expectation(counts, stage)
    return StageView(stage, title, said, counts, basis(stage, body, known))


# One activity, whole


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """One stage after the fact: what was counted, and how forecast and guess did."""

    stage: Stage
    title: str
    observed: int | None
    refusal: Refusal | None
    forecast: Scored | None = None
    guess: Scored | None = None


@dataclass(frozen=True, slots=True)
class Prospect:
    """Everything an event page says of turnout. latest: the newest forecast made before it began;
    first: the earliest; moved: a sentence on how the forecast has changed; changes: facts that changed
    since; set_aside: where there is no latest one, the forecast that the event was moved in front of."""

    activity: Activity
    turnout: Turnout | None
    evidence: Evidence
    has_begun: bool
    guess: Guess | None
    latest: FrozenForecast | None
    first: FrozenForecast | None
    set_aside: FrozenForecast | None
    moved: str
    changes: tuple[str, ...]
    outcomes: tuple[StageOutcome, ...]
    asks_outcome: bool
    lapsed: bool

    @property
    def can_be_guessed(self) -> bool:
        """Whether it is in the future, not cancelled, and nobody has seen a forecast yet."""
        return not self.has_begun and self.latest is None and self.activity.status in AHEAD


def prospect(actor: Actor, activity: Activity, now: datetime | None = None) -> Prospect:
    """The turnout of one activity: before, what to expect; after, how right that was."""
    rules.require(rules.may_read_record, actor)
    now = now or clock.now()
    turnout = activity.turnout_if_any
    evidence = queries.evidence_at(activity, turnout, now, preferences.value("lapse_days"))
    begins = activity.begins
    has_begun = begins is not None and begins <= now
    rows = forecasts.forecasts_before(activity)
    latest = thawed(rows[-1]) if rows else None
    first = thawed(rows[0]) if len(rows) > 1 else None
    guess = first_guess(actor, activity)
    changes = changes_since(latest, activity, now) if latest and not has_begun else ()
    if latest and not has_begun:
        more = forecasts.counted_since(activity.program, latest.made_at)
        one, many = (
            "more event of this program was counted",
            "more events of this program were counted",
        )
        changes += (words.counted(more, one, many),) if more else ()
    declared = turnout is not None and bool(turnout.attended_evidence)
    happened = has_begun and activity.status in {*AHEAD, Status.DONE}
    return Prospect(
        activity=activity,
        turnout=turnout,
        evidence=evidence,
        has_begun=has_begun,
        guess=guess,
        latest=latest,
        first=first,
        set_aside=_set_aside(activity) if latest is None and has_begun else None,
        moved=_moved(first, latest),
        changes=changes,
        outcomes=outcomes_of(turnout, evidence, latest, guess),
        asks_outcome=activity.is_gathering and happened and not declared,
        lapsed=not declared and evidence is Evidence.NOT_MEASURED,
    )


def _set_aside(activity: Activity) -> FrozenForecast | None:
    row = forecasts.last_forecast_after(activity)
    return thawed(row) if row else None


CHANGES = {
    "seats": "seats", "interested": "interested", "signups": "signed up", "format": "format",
    "kind": "kind", "price": "ticket price",
}  # fmt: skip
"""Facts a forecast rests on, beside the start, as pages call them."""


def changes_since(latest: FrozenForecast, activity: Activity, now: datetime) -> tuple[str, ...]:
    """The facts a forecast made now would not share, such as “date: 16 January, now 13 February”."""
    known = _known(upcoming_of(activity, now))
    # Forecasts of earlier versions do not hold when it was to start.
    compared = (*CHANGES, "starts") if "starts" in latest.known else CHANGES
    said = []
    for name in compared:
        if latest.known.get(name) != known[name]:
            then, now_ = (_fact(name, facts.get(name), activity) for facts in (latest.known, known))
            change = f"{then}, now {now_}" if then != now_ else "another hour"
            said.append(f"{CHANGES.get(name, 'date')}: {change}")
    return tuple(said)


def _fact(name: str, value: Any, activity: Activity) -> str:
    if value in (None, ""):
        return "not known"
    if name == "starts":
        return f"{event_history.moment_of(value).astimezone(activity.tzinfo):%-d %B %Y}"
    if name in {"kind", "format"}:
        return str(Kind(value).label if name == "kind" else Format(value).label)
    return f"{value:,.6g}"


def is_outdated(latest: FrozenForecast, activity: Activity) -> bool:
    """The same by what stands with the activity itself, for lists: nothing else is read."""
    turnout = activity.turnout_if_any
    said = {name: getattr(turnout, name, None) for name in ("seats", "interested", "signups")}
    now = {name: value for name, value in said.items() if value is not None}
    now |= {"kind": activity.kind, "format": activity.format}
    if activity.begins is not None and "starts" in latest.known:
        now["starts"] = round(event_history.years_of(activity.begins), 4)
    return any(latest.known.get(name) != value for name, value in now.items())


def first_guess(actor: Actor, activity: Activity) -> Guess | None:
    rules.require(rules.may_read_private, actor)
    return forecasts.first_answer_of(activity)


def similar_events(actor: Actor, activity: Activity, most: int = 8) -> list[Activity]:
    """The latest past events of the program that somebody counted anything of."""
    rules.require(rules.may_read_record, actor)
    if activity.program.is_unsorted:
        return []
    past = queries.past_events().filter(program_id=activity.program_id).exclude(pk=activity.pk)
    if activity.day is not None:
        past = past.filter(day__lt=activity.day)
    return list(past.select_related("turnout").order_by("-day", "-id")[:most])


def _moved(first: FrozenForecast | None, latest: FrozenForecast | None) -> str:
    if first is None or latest is None:
        return ""
    then, now = first.main, latest[first.main.stage]
    if then.counts is None or now.counts is None:
        return ""
    before, after = words.span(*then.counts.interval(0.8)), words.span(*now.counts.interval(0.8))
    return f"On {first.made_at:%-d %B}: {before}; now: {after}." if before != after else ""


def outcomes_of(
    turnout: Turnout | None, evidence: Evidence, latest: FrozenForecast | None, guess: Guess | None
) -> tuple[StageOutcome, ...]:
    """Each stage that has a count or a forecast, scored where it has both."""
    found = []
    for stage in Stage:
        observed = getattr(turnout, stage, None) if turnout else None
        if stage is Stage.ATTENDED and evidence not in MEASURED:
            observed = None
        refusal = None
        if observed is None:
            undeclared = stage is Stage.ATTENDED and evidence is Evidence.UNDECLARED
            refusal = Refusal.NOT_ASKED_YET if undeclared else Refusal.NOT_MEASURED
        said = latest[stage].counts if latest else None
        mine = counts_of(guess) if guess and guess.stage == stage else None
        scored = scoring.score(said, observed) if said and observed is not None else None
        guessed = scoring.score(mine, observed) if mine and observed is not None else None
        found.append(
            StageOutcome(stage, words.DONE_TITLES[stage], observed, refusal, scored, guessed)
        )
    return tuple(found)


def raw_of(guess: Guess) -> elicited.RawGuess | None:
    """The answers as given; None for “no idea”."""
    if guess.low is None or guess.high is None or guess.best is None or guess.sure is None:
        return None
    return elicited.RawGuess(guess.low, guess.high, guess.best, guess.sure)


def counts_of(guess: Guess) -> Counts | None:
    """A guess as a distribution; None for “no idea”."""
    raw = raw_of(guess)
    return raw.counts if raw else None
