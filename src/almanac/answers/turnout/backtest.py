"""The past replayed, from a file or the record: how right would the forecasts have been?"""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from almanac.answers.errors import CannotAnswerError
from almanac.answers.imports import reading_files
from almanac.answers.turnout import event_history
from almanac.core import scoring
from almanac.core.counts import Counts
from almanac.core.turnout import replay
from almanac.core.turnout.events import PastEvent
from almanac.core.turnout.replay import Observation, ReplayedForecast
from almanac.core.turnout.stage_forecasts import VERSION
from almanac.core.vocabulary import Stage
from almanac.record import rules
from almanac.record.models import SignupObservation
from almanac.record.models.programs import UNSORTED
from almanac.record.queries import turnout as queries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from almanac.record.rules import Actor
    from almanac.sources.base.documents import Document
    from almanac.sources.base.rows import EventRow, PaceRow

STAGES = (Stage.SIGNUPS, Stage.ATTENDED, Stage.SUBMISSIONS)
LEVELS = tuple(level / 100 for level in range(1, 100))
HEADER = (
    "event_id",
    "horizon",
    "observed",
    "cdf_below",
    "cdf_at",
    *(f"q{level:02d}" for level in range(1, 100)),
)


@dataclass(frozen=True, slots=True)
class Archive:
    """Past events, earliest first, as forecasts see them; ids and sign-ups seen coming in by row.

    set_aside: rows that could not be used, each with the reason.
    """

    events: tuple[PastEvent, ...]
    ids: Mapping[int, str]
    observed: Mapping[int, tuple[Observation, ...]]
    set_aside: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Changes with anything a forecast could rest on."""
        told = [self.events, sorted(self.ids.items()), sorted(self.observed.items()), VERSION]
        return hashlib.sha256(repr(told).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Scores:
    """How right the forecasts at one horizon were; None where there is nothing to compare."""

    horizon: str
    n: int
    crps: float | None
    crps_climatology: float | None
    skill: float | None
    skill_low: float | None
    skill_high: float | None
    coverage50: float | None
    coverage80: float | None
    coverage95: float | None
    mae: float | None
    fit_seconds: float
    forecast_ms: float | None


def from_record(actor: Actor) -> Archive:
    """The logbook's own past."""
    rules.require(rules.may_read_record, actor)
    rows = queries.past_events().values_list(*queries.COLUMNS)
    events = sorted(
        map(event_history.past_event, rows), key=lambda event: (event.starts, event.row)
    )
    seen: dict[int, list[Observation]] = {}
    looks = SignupObservation.objects.values_list("activity_id", "observed_at", "signups")
    for key, at, number in looks:
        seen.setdefault(key, []).append(Observation(event_history.years_of(at), number))
    return Archive(
        tuple(events),
        {event.row: str(event.row) for event in events},
        {key: tuple(found) for key, found in seen.items()},
    )


def from_documents(actor: Actor, events: Document, pace: Document | None, stage: Stage) -> Archive:
    """Events of a file; raises UnreadableError, UnmappedError or CannotAnswerError."""
    rules.require(rules.may_read_record, actor)
    found = reading_files.read(actor, events)
    if not found.events:
        raise CannotAnswerError(f"{events.name} holds no events; a backtest needs an events table.")
    aside = [f"row {rejected.row}: {rejected.reason}" for rejected in found.rejected]
    programs: dict[str, int] = {}
    past: list[PastEvent] = []
    ids: dict[int, str] = {}
    keys: dict[tuple[str, str], int] = {}
    for row in found.events:
        starts = row.starts_at or _noon(row)
        if row.status != "done":
            continue
        if starts is None:
            aside.append(f"row {row.row}: has no start")
            continue
        program = programs.setdefault((row.program or UNSORTED).lower(), len(programs))
        past.append(_past_event(row, program, starts, stage))
        ids[row.row] = row.event_id or str(row.row)
        keys[row.program.lower(), row.event_id] = row.row
    past.sort(key=lambda event: (event.starts, event.row))
    looks = reading_files.read(actor, pace).pace if pace is not None else ()
    if pace is not None and not looks:
        raise CannotAnswerError(
            f"{pace.name} holds no sign-ups as they came in; it needs the columns program, "
            "event_id, starts_at, observed_at and signups."
        )
    return Archive(tuple(past), ids, _observed(looks, keys, past), tuple(aside))


def _noon(row: EventRow) -> datetime | None:
    day = row.day
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC) if day else None


def _past_event(row: EventRow, program: int, starts: datetime, stage: Stage) -> PastEvent:
    announced = row.announced_at
    return PastEvent(
        row=row.row,
        program=program,
        kind=row.kind or ("hackathon" if stage is Stage.SUBMISSIONS else "event"),
        format=row.format,
        starts=event_history.years_of(starts),
        announced=None
        if announced is None
        else min(map(event_history.years_of, (announced, starts))),
        **event_history.slot_of(row.starts_at),
        title=row.title,
        price=row.price,
        seats=row.seats,
        interested=row.interested,
        signups=row.signups,
        attended=row.attended,
        took_part=row.took_part,
        submissions=row.submissions,
    )


def _observed(
    looks: Sequence[PaceRow], keys: Mapping[tuple[str, str], int], past: Sequence[PastEvent]
) -> dict[int, tuple[Observation, ...]]:
    """Looks from before the start alone: what was seen later says nothing of the pace."""
    starts = {event.row: event.starts for event in past}
    seen: dict[int, list[Observation]] = {}
    for look in looks:
        row = keys.get((look.program.lower(), look.event_id))
        at = event_history.years_of(look.observed_at)
        if row is not None and at < starts[row]:
            seen.setdefault(row, []).append(Observation(at, look.signups))
    return {row: tuple(found) for row, found in seen.items()}


@dataclass(frozen=True, slots=True)
class Backtest:
    """Every forecast made, in the order made, and the seconds learning took."""

    archive: Archive
    made: tuple[ReplayedForecast, ...]
    fit_seconds: float

    @property
    def scores(self) -> tuple[Scores, ...]:
        horizons = dict.fromkeys(found.horizon for found in self.made)
        return tuple(
            _scores(horizon, [f for f in self.made if f.horizon == horizon], self.fit_seconds)
            for horizon in horizons
        )


def tested(archive: Archive, stage: Stage, since: datetime) -> list[PastEvent]:
    """The events to be forecast: a count for the stage, sign-ups where it rests on them."""
    first = event_history.years_of(since)
    return [
        event
        for event in archive.events
        if event.starts >= first
        and getattr(event, stage) is not None
        and (stage is Stage.SIGNUPS or event.signups)
    ]


def run(
    archive: Archive,
    stage: Stage,
    since: datetime,
    horizons: Sequence[tuple[str, float]] = (),
    *,
    kept: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Backtest:
    """Replay the archive. kept: a file in which finished stretches wait, so that a run that was
    stopped goes on where it was; progress: called with the forecasts made and those to make."""
    to_test = tested(archive, stage, since)
    past = [event for event in archive.events if getattr(event, stage) is not None]
    if stage is not Stage.SIGNUPS:
        past = [event for event in past if event.signups]
    checkpoint = _Checkpoint(kept, f"{archive.digest} {stage} {since.isoformat()}")
    made: list[ReplayedForecast] = []
    seconds = 0.0
    for span in _whole(to_test) if stage is Stage.SIGNUPS else replay.spans(to_test):
        done = checkpoint.finished(span.begins)
        if done is None:
            began = perf_counter()
            done = list(
                replay.signups(span.events, past, perf_counter)
                if stage is Stage.SIGNUPS
                else replay.shares(stage, span.events, past, perf_counter)
            )
            seconds += perf_counter() - began - sum(found.seconds for found in done)
            checkpoint.keep(span.begins, done)
        made.extend(done)
        if progress:
            progress(len(made), len(to_test))
    if horizons and stage is Stage.SIGNUPS:
        by_row = {event.row: event for event in to_test}
        began = perf_counter()
        again = list(replay.paced(made, by_row, archive.observed, horizons, perf_counter))
        seconds += perf_counter() - began
        made.extend(again)
    checkpoint.forget()
    return Backtest(archive, tuple(made), seconds)


def _whole(tested: Sequence[PastEvent]) -> list[replay.ReplaySpan]:
    """Sign-ups are replayed in one walk: what a year teaches the next one goes on from."""
    return [replay.ReplaySpan(0.0, tuple(tested))] if tested else []


class _Checkpoint:
    """Finished stretches in a file of JSON lines; another run's file is not read."""

    def __init__(self, path: Path | None, run: str) -> None:
        self._path = path
        self._done: dict[float, list[ReplayedForecast]] = {}
        if path is None:
            return
        lines = path.read_text().splitlines() if path.exists() else []
        if not lines or lines[0] != run:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(run + "\n")
            return
        for line in lines[1:]:
            try:
                begins, rows = json.loads(line)
            except ValueError:
                break  # the line being written when the run was stopped
            self._done[begins] = [_unpacked(row) for row in rows]

    def finished(self, begins: float) -> list[ReplayedForecast] | None:
        return self._done.get(begins)

    def keep(self, begins: float, made: Sequence[ReplayedForecast]) -> None:
        if self._path is not None:
            with self._path.open("a") as file:
                file.write(json.dumps([begins, [_packed(found) for found in made]]) + "\n")

    def forget(self) -> None:
        if self._path is not None:
            self._path.unlink(missing_ok=True)


def _packed(found: ReplayedForecast) -> dict[str, Any]:
    plain = {field.name: getattr(found, field.name) for field in fields(found)}
    return plain | {
        "counts": found.counts.packed(most=1_000_000), "climatology": found.climatology.tolist(),
    }  # fmt: skip


def _unpacked(plain: dict[str, Any]) -> ReplayedForecast:
    counts, climatology = Counts.unpacked(plain["counts"]), np.array(plain["climatology"], np.int64)
    return ReplayedForecast(**plain | {"counts": counts, "climatology": climatology})


def _scores(horizon: str, made: Sequence[ReplayedForecast], fit_seconds: float) -> Scores:
    if not made:
        return Scores(horizon, 0, *(None,) * 9, fit_seconds, None)
    crps = [found.crps for found in made]
    usual = [found.crps_of_climatology for found in made]
    climatology = [own if of is None else of for of, own in zip(usual, crps, strict=True)]
    skill = scoring.skill(crps, climatology, [found.program for found in made])
    random = np.random.default_rng(0)
    pits = [found.pit(float(random.uniform())) for found in made]
    missed = [abs(found.quantile(0.5) - found.observed) for found in made]
    return Scores(
        horizon=horizon,
        n=len(made),
        crps=float(np.mean(crps)),
        crps_climatology=float(np.mean(climatology)),
        skill=skill.value if skill else None,
        skill_low=skill.low if skill else None,
        skill_high=skill.high if skill else None,
        coverage50=scoring.coverage(pits, 0.5),
        coverage80=scoring.coverage(pits, 0.8),
        coverage95=scoring.coverage(pits, 0.95),
        mae=float(np.mean(missed)),
        fit_seconds=fit_seconds,
        forecast_ms=1000 * float(np.mean([found.seconds for found in made])),
    )


def plain(scores: Scores) -> dict[str, Any]:
    """For JSON, with figures to six places."""
    return {
        name: round(value, 6) if isinstance(value, float) else value
        for name, value in asdict(scores).items()
    }


def write_forecasts(result: Backtest, file: TextIO) -> None:
    """One line a forecast: what was observed, where it fell, and 99 quantiles."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    for found in result.made:
        below, at = found.pit(0.0), found.pit(1.0)
        quantiles = (found.quantile(level) for level in LEVELS)
        writer.writerow(
            (
                result.archive.ids[found.row],
                found.horizon,
                found.observed,
                f"{below:.6f}",
                f"{at:.6f}",
                *quantiles,
            )
        )
