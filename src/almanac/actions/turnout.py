"""Turnout: say what was counted, say a guess, freeze a forecast. Before means before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from almanac.actions.activities import note_move
from almanac.actions.errors import CannotError
from almanac.answers.log import change_lines
from almanac.answers.log.change_lines import ChangeLine
from almanac.answers.turnout import expectation as answers
from almanac.core.guesses import elicited
from almanac.core.vocabulary import AHEAD, COUNTS, MEASURED, Evidence, Stage, Status
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.infra.seals import fingerprint
from almanac.record.models import Forecast, Guess, Turnout, WorthIt
from almanac.record.models.activities import ASIDE
from almanac.record.queries import forecasts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from almanac.core.guesses.elicited import RawGuess
    from almanac.record.models import Activity
    from almanac.record.rules import Actor

COUNTED = (*COUNTS, *ASIDE, "seats", "hoped")
LARGEST = 10_000_000


def say_counts(
    actor: Actor,
    activity: Activity,
    counts: Mapping[str, int | None],
    *,
    evidence: str | None = None,
    worth_it: str | None = None,
    origin: str = "you said",
) -> Turnout:
    """Say any count, how attendance was known, and whether it was worth it for those who came.

    evidence: counted, approximate, registered_only or not_measured; the first two need a number,
    the others have none. A count given as None is taken back to missing.
    """
    rules.require(rules.may_change_record, actor)
    _check_counts(counts)
    turnout = activity.turnout_if_any
    with verb(actor, "say_counts") as line:
        if turnout is None:
            turnout = Turnout.objects.create(activity=activity)
            line.create(turnout)
        wanted: dict[str, Any] = dict(counts)
        if evidence is not None:
            wanted["attended_evidence"] = Evidence(evidence)
            if evidence in {Evidence.REGISTERED_ONLY, Evidence.NOT_MEASURED}:
                wanted["attended"] = None
        if worth_it is not None:
            wanted["worth_it"] = WorthIt(worth_it)
        attended = wanted.get("attended", turnout.attended)
        declared = wanted.get("attended_evidence", turnout.attended_evidence)
        if declared in MEASURED and attended is None:
            raise CannotError(f"How many came? “{declared}” needs a number; 0 is one.")
        begins = activity.begins
        if declared in MEASURED and evidence and begins and begins > clock.now():
            raise CannotError(f"{activity.title} has not started, so there is no attendance yet.")
        changed = [name for name, value in wanted.items() if getattr(turnout, name) != value]
        if not changed and not line.created:
            return turnout
        line.keep(turnout, *changed, "origins", "outcome_at")
        for name in changed:
            setattr(turnout, name, wanted[name])
        origins = dict(turnout.origins)
        for name in changed:
            if name == "attended_evidence" and wanted[name]:
                origins[name] = origin
            elif wanted[name] is None or name not in COUNTED:
                origins.pop(name, None)
            else:
                origins[name] = origin
        turnout.origins = origins
        if evidence is not None:
            turnout.outcome_at = clock.now()
        turnout.save()
        _finish(activity, line)
        line.summary = ChangeLine.COUNTS(
            title=activity.title,
            counts=change_lines.counts({name: getattr(turnout, name) for name in changed}),
        )
    # The activity may hold an older copy of its turnout.
    activity.turnout = turnout
    return turnout


def _check_counts(counts: Mapping[str, int | None]) -> None:
    for name, value in counts.items():
        if name not in COUNTED:
            raise CannotError(f"There is no count called {name}.")
        if value is not None and not 0 <= value <= LARGEST:
            raise CannotError(f"{name} must lie between 0 and {LARGEST:,}.")


def _finish(activity: Activity, line: Any) -> None:
    """An outcome of something that has begun means that it is done."""
    begins = activity.begins
    declared = "turnout" in line.before or "turnout" in line.created
    if declared and activity.status in AHEAD and begins is not None and begins <= clock.now():
        line.keep(activity, "status", "updated_at")
        came_from = activity.status
        activity.status = Status.DONE
        note_move(activity, came_from, line)
        activity.updated_at = clock.now()
        activity.save(update_fields=["status", "updated_at"])


def say_guess(
    actor: Actor, activity: Activity, raw: RawGuess | None, *, saw_similar: bool = False
) -> Guess:
    """Freeze a guess, or “no idea” where raw is None, in the private file.

    saw_similar: made while looking at what similar past events came to. Every guess is kept; the
    first is the one that is scored.
    """
    rules.require(rules.may_read_private, actor)
    now = clock.now()
    _refuse_unless_gathering(activity)
    _refuse_if_begun(activity, now, "guess")
    tenth = raw.tenth_half_ninetieth if raw else (None, None, None)
    values = {
        "activity_id": activity.pk,
        "stage": str(Stage.ATTENDED),
        "no_idea": raw is None,
        "low": raw.low if raw else None,
        "high": raw.high if raw else None,
        "best": raw.best if raw else None,
        "sure": raw.sure if raw else None,
        "p10": tenth[0],
        "p50": tenth[1],
        "p90": tenth[2],
        "version": elicited.VERSION,
        "saw_similar": saw_similar,
        "saw_forecast": bool(forecasts.forecasts_before(activity)),
    }
    with verb(actor, "say_guess", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.GUESSED(number=activity.pk)
        sha256 = fingerprint(values | {"made_at": now.isoformat()})
        return Guess.objects.create(made_at=now, sha256=sha256, **values)


def freeze_forecast(actor: Actor, activity: Activity) -> Forecast:
    """Store what the model says now, hashed, before it is shown. Refused once it has begun."""
    rules.require(rules.may_change_record, actor)
    now = clock.now()
    _refuse_if_begun(activity, now, "forecast")
    _refuse_unless_gathering(activity)
    upcoming = answers.upcoming_of(activity, now)
    body = answers.body_of(answers.compute(actor, activity, now), upcoming)
    latest = forecasts.latest_forecast_of(activity)
    if latest is not None and _says_the_same(latest.body, body):
        return latest
    with verb(actor, "freeze_forecast") as line:
        line.undoable = False
        line.summary = ChangeLine.FORECAST(title=activity.title)
        sealed = {"activity": activity.pk, "made_at": now.isoformat(), "body": body}
        return Forecast.objects.create(
            activity=activity, made_at=now, body=body, sha256=fingerprint(sealed)
        )


def _says_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether looking again an hour later would store the same forecast twice."""
    stages = [body["stages"] for body in (one, other)]
    return bool(one["version"] == other["version"] and stages[0] == stages[1])


def _refuse_unless_gathering(activity: Activity) -> None:
    if not activity.is_gathering:
        raise CannotError(
            f"People do not sign up for or come to a {activity.get_kind_display()}, so there is "
            "nothing to expect; change its kind if they do."
        )


def _refuse_if_begun(activity: Activity, now: datetime, what: str) -> None:
    begins = activity.begins
    if begins is not None and begins <= now:
        raise CannotError(
            f"{activity.title} has begun, so a {what} now would not be from before; "
            "say how it went instead."
        )
    turnout = activity.turnout_if_any
    if turnout is not None and turnout.attended_evidence:
        raise CannotError(f"How {activity.title} went has been said; a {what} comes before that.")
    if activity.status not in AHEAD:
        raise CannotError(
            f"{activity.title} is {activity.get_status_display()}, so there is nothing to {what}."
        )
