"""How a person's guesses are to be read by now: moved, widened, and weighed against the forecast."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from almanac.answers.turnout.expectation import raw_of, thawed
from almanac.core import scoring
from almanac.core.counts import pooled
from almanac.core.guesses import pooling
from almanac.core.vocabulary import Stage
from almanac.record import rules
from almanac.record.models import Activity, Guess
from almanac.record.queries import forecasts
from almanac.record.queries import turnout as queries

if TYPE_CHECKING:
    from almanac.answers.turnout.expectation import FrozenForecast
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
    rules.require(rules.may_read_private, actor)
    raw = raw_of(guess) if guess else None
    if guess is None or raw is None or latest is None:
        return None
    stage = Stage(guess.stage)
    forecast = latest[stage].counts
    if forecast is None or forecast.is_certain:
        return None
    reading = _reading_before(activity)
    weight = 0.0 if is_far(forecast, raw) else reading.weight
    return Combined(stage, reading.together(forecast, raw), weight, len(reading.past))


def _reading_before(activity: Activity) -> Calibration:
    """What guesses at events before this one have taught."""
    reading = Calibration()
    first = forecasts.counting_guesses(forecasts.guessed_activities())
    counted = [
        past
        for key, past in forecasts.with_outcomes(first).items()
        if key != activity.pk
        and (activity.day is None or past.day is None or past.day < activity.day)
    ]
    latest = forecasts.latest_forecasts(counted)
    for past in counted:
        guess = first[past.pk]
        raw, stage = raw_of(guess), Stage(guess.stage)
        observed = forecasts.outcomes_of(past).get(stage)
        if raw is not None and observed is not None:
            made = latest.get(past.pk)
            reading.learn(raw, observed, thawed(made)[stage].counts if made else None)
    return reading
