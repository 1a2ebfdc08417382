"""Time off, meetings, check-ins, energy and suggestions; and what of the workload is shared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from almanac.answers import words
from almanac.answers.workload.overview import load
from almanac.answers.workload.past_work import WEEK, past
from almanac.core.vocabulary import AHEAD, Status
from almanac.core.workload import rest_days
from almanac.core.workload.rest_days import Block, Off
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.infra.clock import monday_of
from almanac.record.infra.seals import of_token
from almanac.record.models import (
    Activity,
    Break,
    Busy,
    CalendarFeed,
    CheckIn,
    Choice,
    EnergyTap,
    ShownPlate,
)
from almanac.record.queries import preferences, private
from almanac.record.queries.breaks import break_on, breaks_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.record.rules import Actor

WEEKS = 12
CHECK_IN_WEEKS = 26
MOST_NUDGES = 2
MANY_CLOSE = 6
TIRED = 4
RECOVERY_HOURS = 8.0
MOST_CHOICES = 8
QUESTIONS = (
    ("load", "How full was this week?", "light", "too much"),
    ("recovery", "Did you recover between working days?", "not at all", "fully"),
    ("say_no", "Would you have liked to say no to something?", "not at all", "very much"),
)


@dataclass(frozen=True, slots=True)
class Nudge:
    """One thing to consider, why it is said, and how strong the evidence is."""

    key: str
    words: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Energy:
    """What gave and what took, by program: counts of taps in half a year."""

    program: str
    gave: int
    took: int


@dataclass(frozen=True, slots=True)
class TimeOff:
    """off: since the last full day, week and two weeks off; week: of the calendar, None without
    one; weeks: meeting hours by week, oldest first; recovery: what followed longer days."""

    today: date
    settings: dict[str, Any]
    off: tuple[Off, ...]
    known_since: date | None
    breaks: tuple[Break, ...]
    feeds: tuple[CalendarFeed, ...]
    week: rest_days.WeekLoad | None
    weeks: tuple[tuple[date, float], ...]
    unrested: tuple[Activity, ...]
    check_ins: tuple[CheckIn, ...]
    loads: dict[date, float]
    due_check_in: bool
    energy: tuple[Energy, ...]
    nudges: tuple[Nudge, ...]
    choices: tuple[Choice, ...]
    shown: tuple[ShownPlate, ...]
    on_break: Break | None


def time_off(actor: Actor) -> TimeOff:
    """Everything but the commitments themselves, for the practitioner alone."""
    rules.require(rules.may_read_private, actor)
    today = preferences.today()
    settings = private.everything()
    breaks = list(Break.objects.filter(last__gte=today - timedelta(days=400)))
    on_break = next((b for b in breaks if b.first <= today <= b.last), None)
    mine = past(today)
    worked = {day for day, hours in mine.by_day.items() if hours > 0} | _meeting_days(today)
    for taken in breaks:
        worked -= set(taken.days)
    first = min(worked, default=None)
    off = rest_days.last_off(worked, first or today, today)
    blocks = _blocks(monday_of(today) - WEEK * WEEKS, monday_of(today) + WEEK)
    starts, ends = private.working_hours(settings)
    weekend = set(range(7)) - set(settings["work_days"])
    this = [b for b in blocks if monday_of(b.starts.date()) == monday_of(today)]
    week = rest_days.week(this, starts, ends, weekend) if blocks else None
    check_ins = list(CheckIn.objects.filter(week__gte=today - WEEK * CHECK_IN_WEEKS))
    unrested = _unrested(today, worked)
    found = TimeOff(
        today=today,
        settings=settings,
        off=off if first else (),
        known_since=first,
        breaks=tuple(breaks),
        feeds=tuple(CalendarFeed.objects.all()),
        week=week,
        weeks=tuple(_meeting_weeks(blocks, today)),
        unrested=unrested,
        check_ins=tuple(check_ins),
        loads={
            each.week: sum(mine.by_day.get(each.week + timedelta(days=n), 0.0) for n in range(7))
            for each in check_ins
        },
        due_check_in=is_check_in_due(actor, today),
        energy=tuple(_energy(today)),
        nudges=(),
        choices=tuple(Choice.objects.all()[:MOST_CHOICES]),
        shown=tuple(ShownPlate.objects.filter(revoked_at=None, expires_at__gt=clock.now())),
        on_break=on_break,
    )
    return with_nudges(found)


def is_check_in_due(actor: Actor, today: date) -> bool:
    """On Thursday or later, when there is none for this week, it is wanted, and nobody is off."""
    rules.require(rules.may_read_private, actor)
    if not private.value("checks_in") or today.weekday() < 3:
        return False
    if break_on(today):
        return False
    return not CheckIn.objects.filter(week=monday_of(today)).exists()


def break_during(actor: Actor, activity: Activity) -> Break | None:
    """The break that an activity which is still ahead falls in."""
    rules.require(rules.may_read_private, actor)
    days = activity.days
    if not days or activity.period or activity.status not in AHEAD:
        return None
    return breaks_between(days[0], days[-1]).first()


def is_on_break(actor: Actor, today: date) -> Break | None:
    """A break silences everything; the one that holds today."""
    rules.require(rules.may_read_private, actor)
    return break_on(today)


def _blocks(first: date, last: date) -> list[Block]:
    zone = preferences.zone()
    begin = datetime.combine(first, time(0, 0), zone).astimezone(UTC)
    end = datetime.combine(last, time(0, 0), zone).astimezone(UTC)
    rows = Busy.objects.filter(kind="meeting", starts_at__gte=begin, starts_at__lt=end)
    return [
        Block(starts.astimezone(zone), ends.astimezone(zone))
        for starts, ends in rows.values_list("starts_at", "ends_at")
    ]


def _meeting_days(today: date) -> set[date]:
    zone = preferences.zone()
    rows = Busy.objects.filter(
        kind="meeting", starts_at__lt=datetime.combine(today + timedelta(days=1), time(0, 0), zone)
    )
    return {starts.astimezone(zone).date() for starts in rows.values_list("starts_at", flat=True)}


def _meeting_weeks(blocks: Sequence[Block], today: date) -> list[tuple[date, float]]:
    hours: dict[date, float] = {}
    for block in rest_days.merged(blocks):
        monday = monday_of(block.starts.date())
        hours[monday] = hours.get(monday, 0.0) + rest_days.hours_of(block)
    if not hours:
        return []
    mondays = [monday_of(today) - WEEK * n for n in range(WEEKS - 1, -1, -1)]
    return [(monday, hours.get(monday, 0.0)) for monday in mondays]


def _unrested(today: date, worked: set[date]) -> tuple[Activity, ...]:
    """Long days of the last month after which the next day was worked too."""
    rows = Activity.objects.filter(
        status=Status.DONE, holder="", day__gte=today - timedelta(days=30), day__lt=today,
        hours_spent__gte=RECOVERY_HOURS, kind__in=("event", "hackathon", "workshop", "talk"),
    ).select_related("program")  # fmt: skip
    return tuple(row for row in rows if row.day and row.day + timedelta(days=1) in worked)


def _energy(today: date) -> list[Energy]:
    taps = dict(
        EnergyTap.objects.filter(noted_at__date__gte=today - timedelta(days=183)).values_list(
            "activity_id", "gave"
        )
    )
    found: dict[str, list[int]] = {}
    rows = Activity.objects.filter(pk__in=taps).values_list("pk", "program__name")
    for key, program in rows:
        mine = found.setdefault(program, [0, 0])
        mine[0 if taps[key] else 1] += 1
    ordered = sorted(found.items(), key=lambda each: -(each[1][0] + each[1][1]))
    return [Energy(program, gave, took) for program, (gave, took) in ordered]


def with_nudges(found: TimeOff) -> TimeOff:
    """At most two, none while off, none where they are switched off."""
    if not found.settings["nudges"] or found.on_break:
        return found
    silenced = set(found.settings["silenced"])
    said = [nudge for nudge in _nudges(found) if nudge.key not in silenced]
    return replace(found, nudges=tuple(said[:MOST_NUDGES]))


def _nudges(found: TimeOff) -> list[Nudge]:
    said = []
    day_off = next((off for off in found.off if off.days == 1), None)
    if day_off is not None and (day_off.ago is None or day_off.ago > 13):
        since = (
            f"The last full day off was {words.counted(day_off.ago, 'day', 'days')} ago."
            if day_off.ago is not None
            else "Your log has no full day off."
        )
        said.append(
            Nudge(
                "day-off", f"{since} One this week?",
                "Many studies find that detaching from work helps people recover, mostly by their own "
                "account.",
            )
        )  # fmt: skip
    if found.week is not None and found.week.back_to_back >= MANY_CLOSE:
        said.append(
            Nudge(
                "back-to-back",
                f"{found.week.back_to_back} meetings this week begin within five minutes of "
                "another's end. Ten minutes between them?",
                "One laboratory study of 14 people (Microsoft, 2021) saw signs of stress build up in "
                "meetings without a break and not with one. That is limited evidence.",
            )
        )  # fmt: skip
    if found.unrested:
        said.append(
            Nudge(
                "recovery",
                f"You worked the day after {found.unrested[0].title}. Add a recovery "
                "day to an event, so that it counts in your workload.",
                "Common sense and what practitioners report; we know of no study.",
            )
        )  # fmt: skip
    return said


def support(check_ins: Sequence[CheckIn]) -> str:
    """Words when weeks were heavy; no score and no diagnosis."""
    latest = list(check_ins)[-3:]
    heavy = [each for each in latest if each.load >= TIRED and each.recovery <= 6 - TIRED]
    if len(heavy) < 3:
        return ""
    return (
        "Three weeks in a row you noted that it was too full and that you didn’t recover. You "
        "don’t have to carry that alone: someone you trust, your lead or your doctor can help, "
        "sooner rather than later. If you think of harming yourself, call your local emergency "
        "number or a crisis line now."
    )


# Showing it


PIECES = ("promises", "weeks", "titles", "words")


def compose(actor: Actor, wanted: Sequence[str], words_said: str) -> dict[str, Any]:
    """What a shared workload would show, of the pieces that are wanted and nothing else: weeks (hours
    due and what weeks hold), promises (how many, and hours), titles (those that are not private),
    words (what the person wrote)."""
    rules.require(rules.may_read_private, actor)
    found = load(actor)
    content: dict[str, Any] = {"made_on": found.today.isoformat()}
    if "weeks" in wanted:
        content["weeks"] = [
            {
                "monday": week.monday.isoformat(), "due": round(week.due, 1),
                "holds": round(week.holds, 1),
            }
            for week in found.weeks
        ]  # fmt: skip
    if "promises" in wanted:
        content["promises"] = {
            "number": len(found.promises) + len(found.unsized) + len(found.undated),
            "hours": round(sum(each.middle for each in found.promises), 1),
            "room": None if found.room is None else round(found.room[1], 1),
        }
    if "titles" in wanted:
        content["titles"] = [
            {"title": each.activity.title, "due": each.due.isoformat()}
            for each in found.promises
            if each.activity.visibility != "private"
        ]
    if "words" in wanted and words_said.strip():
        content["words"] = words_said.strip()[:2000]
    return content


def calendar_feeds(actor: Actor) -> list[CalendarFeed]:
    """Calendars that say when one is busy, by name."""
    rules.require(rules.may_read_private, actor)
    return list(CalendarFeed.objects.order_by("name", "id"))


def find_calendar(actor: Actor, key: int) -> CalendarFeed | None:
    rules.require(rules.may_read_private, actor)
    return CalendarFeed.objects.filter(pk=key).first()


def find_break(actor: Actor, key: int) -> Break | None:
    rules.require(rules.may_read_private, actor)
    return Break.objects.filter(pk=key).first()


def find_shared(actor: Actor, key: int) -> ShownPlate | None:
    """A picture of the workload that was shared, by its number."""
    rules.require(rules.may_read_private, actor)
    return ShownPlate.objects.filter(pk=key).first()


def shared_workload(token: str) -> ShownPlate | None:
    """What a link shows: nothing once it has expired or was revoked. The link is the permission."""
    row = ShownPlate.objects.filter(fingerprint=of_token(token)).first()
    if row is None or row.revoked_at is not None or row.expires_at <= clock.now():
        return None
    return row
