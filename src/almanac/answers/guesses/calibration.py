"""How a person's guesses are to be read by now: moved, widened, and weighed against the forecast."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.turnout.expectation import is_outdated, raw_of, thawed
from almanac.core import scoring
from almanac.core.counts import pooled
from almanac.core.guesses import pooling
from almanac.core.vocabulary import Stage
from almanac.record import rules
from almanac.record.models import Activity, Guess
from almanac.record.queries import forecasts
from almanac.record.queries import turnout as queries
from almanac.record.queries.versions import private_version, record_version, remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from almanac.answers.turnout.expectation import FrozenForecast, StageView
    from almanac.core.counts import Counts
    from almanac.core.guesses.elicited import RawGuess
    from almanac.record.rules import Actor


FAR_BEYOND = 5
"""A guess of more than so many times the largest event so far is asked about."""


@dataclass(slots=True)
class Calibration:
    """What a person's past guesses have taught, event by event."""

    past: list[tuple[RawGuess, int]] = field(default_factory=list)
    duels: list[tuple[float, float]] = field(default_factory=list)
    """CRPS of the forecast, and of the guess as it was to be read, on the same outcomes."""

    def read(self, raw: RawGuess) -> Counts:
        return pooling.recalibrated(raw, pooling.habit_of(self.past))

    @property
    def weight(self) -> float:
        """The guess's share when both are put together."""
        return pooling.weight_of_guess([d[0] for d in self.duels], [d[1] for d in self.duels])

    def together(self, forecast: Counts, raw: RawGuess) -> Counts:
        """Both put together; the forecast alone where the guess is set aside."""
        if is_far(forecast, raw):
            return forecast
        return pooled([forecast, self.read(raw)], [1 - self.weight, self.weight])

    def learn(self, raw: RawGuess, observed: int, forecast: Counts | None) -> None:
        if forecast is not None:
            own = scoring.crps(self.read(raw), observed)
            self.duels.append((scoring.crps(forecast, observed), own))
        self.past.append((raw, observed))


def is_far(forecast: Counts, raw: RawGuess) -> bool:
    """Whether a guess's whole range lies where the forecast sees less than one chance in a hundred: a
    slip of the keyboard, or something the record cannot know; either way it is no half of an answer."""
    return raw.low > forecast.quantile(0.99) or raw.high < forecast.quantile(0.01)


def doubt(actor: Actor, activity: Activity, raw: RawGuess) -> str:
    """A question back about a guess unlike anything its program has seen; empty otherwise."""
    rules.require(rules.may_read_private, actor)
    past = queries.past_events().filter(program_id=activity.program_id).exclude(pk=activity.pk)
    counts = past.values_list("turnout__attended", "turnout__signups")
    seen = [most for pair in counts if (most := max(filter(None, pair), default=0))]
    if not seen:
        return ""
    least, most = min(seen), max(seen)
    if raw.best > FAR_BEYOND * most + 20:
        return f"{raw.best:,}? The largest so far was {most:,}. Guess again if that was a typo."
    if raw.high == 0 and least > 2:
        return f"Nobody? The smallest so far was {least:,}. Guess again if that was a typo."
    return ""


@dataclass(frozen=True, slots=True)
class Combined:
    """The forecast and the person's guess as one distribution of a stage; low, high hold 80 %.
    of: outcomes that the reading of the guess rests on; weight: the guess's share, 0 where it is set
    aside."""

    stage: Stage
    counts: Counts
    weight: float
    of: int
    read: int
    """The middle of the guess as it is read, moved by how earlier guesses came out."""

    @property
    def low(self) -> int:
        return self.counts.interval(0.8)[0]

    @property
    def high(self) -> int:
        return self.counts.interval(0.8)[1]


def combined(
    actor: Actor, activity: Activity, guess: Guess | None, latest: FrozenForecast | None
) -> Combined | None:
    """Forecast and guess put together; None where there is only one of them."""
    return combined_of(actor, [(activity, guess, latest)]).get(activity.pk)


def combined_of(
    actor: Actor, said: Iterable[tuple[Activity, Guess | None, FrozenForecast | None]]
) -> Mapping[int, Combined]:
    """Forecast and guess put together, by activity; those that have only one of them are left out."""
    rules.require(rules.may_read_private, actor)
    found: dict[int, Combined] = {}
    past: _Scored | None = None
    for activity, guess, latest in said:
        raw = raw_of(guess) if guess else None
        if guess is None or raw is None or latest is None:
            continue
        stage = Stage(guess.stage)
        forecast = latest[stage].counts
        if forecast is None or forecast.is_certain:
            continue
        past = past or _scored_guesses()
        reading = past.before(activity)
        weight = 0.0 if is_far(forecast, raw) else reading.weight
        counts = reading.together(forecast, raw)
        found[activity.pk] = Combined(
            stage, counts, weight, len(reading.past), reading.read(raw).quantile(0.5)
        )
    return found


def expected(latest: FrozenForecast, both: Combined | None) -> StageView:
    """The one expectation of a coming event: combined once there is a guess of what is asked about
    and it is not set aside, else the forecast's own."""
    main = latest.main
    if both is None or both.stage is not main.stage or not both.weight:
        return main
    return replace(main, counts=both.counts, sentence=words.expectation(both.counts, main.stage))


@dataclass(frozen=True, slots=True)
class ComingExpectation:
    """What to expect of one coming event; outdated: facts have changed since its forecast."""

    view: StageView
    outdated: bool


def expected_of(actor: Actor, activities: Sequence[Activity]) -> dict[int, ComingExpectation]:
    """What to expect of coming events, by activity; those without a forecast are left out."""
    rules.require(rules.may_read_private, actor)
    latest = {key: thawed(row) for key, row in forecasts.latest_forecasts(activities).items()}
    guesses = forecasts.first_answers(activity.pk for activity in activities)
    said = [(one, guesses.get(one.pk), latest.get(one.pk)) for one in activities]
    both = combined_of(actor, said)
    return {
        activity.pk: ComingExpectation(
            expected(latest[activity.pk], both.get(activity.pk)),
            is_outdated(latest[activity.pk], activity)
            or forecasts.counted_since(activity.program, latest[activity.pk].made_at) > 0,
        )
        for activity in activities
        if activity.pk in latest
    }


@remembered(record_version, private_version)
def _scored_guesses() -> _Scored:
    return _Scored.read()


@dataclass(frozen=True, slots=True)
class _Scored:
    """Past events that were guessed and counted: (activity, guess, what came, forecast)."""

    events: tuple[tuple[Activity, Guess, int, Counts | None], ...]

    @classmethod
    def read(cls) -> _Scored:
        first = forecasts.counting_guesses(forecasts.guessed_activities())
        counted = list(forecasts.with_outcomes(first).values())
        latest = forecasts.latest_forecasts(counted)
        events = []
        for past in counted:
            guess = first[past.pk]
            stage = Stage(guess.stage)
            observed = forecasts.outcomes_of(past).get(stage)
            if observed is not None:
                made = latest.get(past.pk)
                events.append((past, guess, observed, thawed(made)[stage].counts if made else None))
        return cls(tuple(events))

    def before(self, activity: Activity) -> Calibration:
        """What guesses at events before this one have taught."""
        reading = Calibration()
        for past, guess, observed, forecast in self.events:
            earlier = activity.day is None or past.day is None or past.day < activity.day
            raw = raw_of(guess)
            if past.pk != activity.pk and earlier and raw is not None:
                reading.learn(raw, observed, forecast)
        return reading
