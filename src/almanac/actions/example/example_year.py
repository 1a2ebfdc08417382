"""Reads year.toml and lives it, so that its last weeks are the present ones."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from almanac.actions.activities import NewActivity, change_activity, tap_energy, write_down
from almanac.actions.capture import capture, understand
from almanac.actions.community.quotes import hear, note_consent
from almanac.actions.errors import CannotError
from almanac.actions.example import learning, workload
from almanac.actions.example.metrics import count
from almanac.actions.preferences import prefer
from almanac.actions.programs import begin_program
from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.core.guesses.elicited import RawGuess
from almanac.core.vocabulary import Evidence
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.infra.zones import zone_of
from almanac.record.models import Activity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo

    from almanac.record.rules import Actor

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FRIDAY = 4
EVENING, NOON = time(20, 30), time(12, 0)
OUTCOME_AFTER = timedelta(hours=15)
COUNTS_BEFORE = ("seats", "hoped", "interested", "signups")


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that happens at a moment of the year."""

    at: datetime
    act: Callable[[], object]


def play(actor: Actor, zone: str, year: dict[str, Any] | None = None) -> int:
    """Live the example year up to now; the number of activities. Only in an empty logbook."""
    rules.require(rules.may_change_record, actor)
    if Activity.objects.exists():
        raise CannotError("The example needs an empty logbook; this one has something in it.")
    now = clock.now()
    year = year if year is not None else read_year()
    stage = _Stage(actor, zone_of(zone), now.astimezone(zone_of(zone)).date())
    scenes = sorted(stage.scenes(year), key=lambda scene: scene.at)
    first = scenes[0].at - timedelta(days=2)
    with clock.at(first):
        prefer(actor, zone=zone, currency="USD", example=True, welcomed=True)
        for program in year["program"]:
            begin_program(actor, program["name"], purpose=program["purpose"], goal=program["goal"])
    for scene in scenes:
        if scene.at < now:
            with clock.at(scene.at):
                scene.act()
    if year.get("numbers", True):
        today = now.astimezone(zone_of(zone)).date()
        count(actor, today)
        workload.fill(actor, today, zone_of(zone))
        learning.fill(actor, today, zone_of(zone))
    return Activity.objects.count()


def read_year() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("year.toml").read_text(encoding="utf-8"))


class _Stage:
    def __init__(self, actor: Actor, zone: tzinfo, today: date) -> None:
        self.actor = actor
        self.zone = zone
        # From Friday on, next week is "this" one, so that the last week told is always just over.
        self.monday = clock.monday_of(today)
        if today.weekday() >= FRIDAY:
            self.monday += timedelta(weeks=1)
        self.today = today
        self.made: dict[str, Activity] = {}

    def scenes(self, year: dict[str, Any]) -> Iterator[Scene]:
        names = {program["key"]: program["name"] for program in year["program"]}
        for line in year["line"]:
            yield self._line(line, names)
        for quote in year["voice"]:
            yield self._quote(quote, names)
        for number, event in enumerate(year["event"]):
            yield from self._event(str(number), event, names)

    def _day(self, entry: dict[str, Any]) -> date:
        return self.monday + timedelta(weeks=entry["week"], days=DAYS.index(entry["day"]))

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone)

    def _line(self, line: dict[str, Any], names: dict[str, str]) -> Scene:
        day = self._day(line)
        ahead = line["say"].startswith(("plan:", "idea:", "asked:"))
        # Plans and ideas were typed on the Friday before last; the rest on the evening of its day.
        typed = self.monday - timedelta(days=10) if ahead else day

        def act() -> None:
            words = day.isoformat() if line["say"].startswith("plan:") else ""
            read, unread = understand(self.actor, line["say"], words)
            if unread:
                raise CannotError(f"The example cannot be read: {unread[0].reason}")
            made = capture(self.actor, read, names[line["program"]])
            if "energy" in line:
                tap_energy(self.actor, made[0], gave=line["energy"] == "gave")

        return Scene(self._moment(typed, EVENING), act)

    def _quote(self, quote: dict[str, Any], names: dict[str, str]) -> Scene:
        day = self._day(quote)

        def act() -> None:
            program = names[quote["program"]]
            heard = hear(self.actor, quote["text"], via=quote["via"], program=program)
            if "consent" in quote:
                note_consent(self.actor, heard, quote["consent"])

        return Scene(self._moment(day, EVENING), act)

    def _event(self, key: str, event: dict[str, Any], names: dict[str, str]) -> Iterator[Scene]:
        starts = self._moment(self._day(event), time.fromisoformat(event["time"]))
        planned = starts - timedelta(days=event["planned"])

        def plan() -> None:
            (self.made[key],) = write_down(self.actor, [self._new(event, starts, planned, names)])

        yield Scene(planned, plan)
        known = {name: event[name] for name in COUNTS_BEFORE if name in event}
        counted = min(starts - timedelta(hours=3), self._moment(self.today, NOON))
        if "signups" in known and event["week"] > 0:
            counted = self._moment(self.today, time(0, 30))
        if known:
            yield Scene(
                counted - timedelta(minutes=5),
                lambda: say_counts(self.actor, self.made[key], known),
            )
        if "guess" in event:
            yield self._guess(key, event, starts)
        if "came" in event or event.get("not_counted"):
            yield Scene(starts + OUTCOME_AFTER, lambda: self._outcome(key, event))

    def _new(
        self, event: dict[str, Any], starts: datetime, planned: datetime, names: dict[str, str]
    ) -> NewActivity:
        return NewActivity(
            title=event["title"],
            kind=event["kind"],
            status="planned",
            program=names[event["program"]],
            starts_at=starts,
            announced_at=planned,
            zone=str(self.zone),
            hours=event.get("hours_planned", event.get("hours")),
            cost=event.get("cost"),
            currency="USD" if "cost" in event else "",
            tags=tuple(event.get("tags", ())),
            fields={"format": event["format"]},
        )

    def _guess(self, key: str, event: dict[str, Any], starts: datetime) -> Scene:
        def act() -> None:
            activity = self.made[key]
            guess = event["guess"]
            if event.get("signups"):
                # What was in when she guessed: not everyone yet.
                say_counts(self.actor, activity, {"signups": round(event["signups"] * 0.8)})
            say_guess(self.actor, activity, None if guess == "no idea" else RawGuess(*guess))
            freeze_forecast(self.actor, activity)

        return Scene(starts - timedelta(days=event["guessed"]), act)

    def _outcome(self, key: str, event: dict[str, Any]) -> None:
        activity = self.made[key]
        after = {name: event[name] for name in ("took_part", "submissions") if name in event}
        if event.get("not_counted"):
            say_counts(self.actor, activity, {}, evidence=Evidence.NOT_MEASURED)
        else:
            say_counts(
                self.actor,
                activity,
                {"attended": event["came"]} | after,
                evidence=Evidence.COUNTED,
                worth_it=event.get("worth_it"),
            )
        if "hours" in event:
            change_activity(self.actor, activity, hours_spent=Decimal(str(event["hours"])))
        if "energy" in event:
            tap_energy(self.actor, activity, gave=event["energy"] == "gave")
