"""Occurrences changed, moved or cancelled: this one, those from it on, or all."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from almanac.actions.activities import change_links, change_tags, move_steps, move_to
from almanac.actions.errors import CannotError
from almanac.actions.programs import program_for
from almanac.actions.workload.repeating import make_until
from almanac.answers.log import change_lines
from almanac.answers.log.change_lines import ChangeLine
from almanac.core.vocabulary import AHEAD, Status
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Activity, Repeating
from almanac.record.models.recurring import SHARED
from almanac.record.queries import preferences
from almanac.record.tables import stored_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from almanac.core.recurrence import Recurrence
    from almanac.record.changelog import Line
    from almanac.record.models import Program
    from almanac.record.rules import Actor
    from almanac.sources.capture.times import Clock

PLACED = ("starts_at", "ends_at", "day", "zone", "period", "slot")
"""What says when an occurrence is."""

Start = tuple[datetime | None, date | None, str]


class Occurrences(StrEnum):
    """Which occurrences a change is for."""

    THIS = "this"
    ONWARD = "onward"
    ALL = "all"


def change_occurrences(
    actor: Actor,
    activity: Activity,
    scope: Occurrences,
    *,
    program: str | None = None,
    start: Start | None = None,
    tags: Iterable[str] | None = None,
    links: Iterable[str] | None = None,
    **fields: Any,
) -> Activity:
    """Change an occurrence and those after it, or all of them. What an occurrence was given of its own
    stays; days and times change only where the event has not begun."""
    rules.require(rules.may_change_record, actor)
    repeating = _of(activity)
    values = {name: fields[name] for name in SHARED if name in fields}
    with verb(actor, "change_repeating") as line:
        rows = _rows(activity, scope)
        changed = [name for name, value in values.items() if getattr(activity, name) != value]
        line.keep(
            repeating,
            *changed,
            "program_id",
            "starts",
            "minutes",
            "zone",
            "rule",
            "first",
            "updated_at",
        )
        wanted = program_for(program, line) if program is not None else repeating.program
        if wanted.pk != activity.program_id:
            changed.append("program")
        for row in rows:
            _carry(
                row,
                repeating,
                {name: values[name] for name in changed if name in values},
                wanted,
                line,
            )
        for name in changed:
            setattr(repeating, name, wanted if name == "program" else values[name])
        if start is not None:
            changed += _move(repeating, activity, rows, start, fields.get("ends_at"), line)
        own = {name: value for name, value in fields.items()
               if name not in SHARED and name not in {"ends_at", "announced_at"}
               and name in Activity.editable() and getattr(activity, name) != value}  # fmt: skip
        _give(activity, own, line)
        changed += own
        changed += change_tags(activity, tags, line) if tags is not None else []
        changed += change_links(activity, links, line) if links is not None else []
        if not changed:
            line.before.clear()
            line.created.clear()
            return activity
        repeating.updated_at = clock.now()
        repeating.save()
        line.summary = ChangeLine.CHANGED_REPEATING(
            fields=change_lines.fields(changed),
            title=repeating.title,
            number=max(1, len(line.before.get(stored_name(Activity), {}))),
        )
    return Activity.objects.get(pk=activity.pk)


def _give(row: Activity, values: dict[str, Any], line: Line) -> None:
    if not values:
        return
    line.keep(row, *values, "updated_at")
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = clock.now()
    row.save(update_fields=[*values, "updated_at"])


def _carry(
    row: Activity, repeating: Repeating, values: dict[str, Any], program: Program, line: Line
) -> None:
    """Give a row the new values where it still has those of the rule."""
    mine = {
        name: value
        for name, value in values.items()
        if getattr(row, name) == getattr(repeating, name)
    }
    if row.program_id == repeating.program_id != program.pk:
        line.keep(row, "program_id")
        row.program = program
        row.save(update_fields=["program"])
    _give(row, mine, line)


def _move(
    repeating: Repeating, pivot: Activity, rows: Sequence[Activity], start: Start,
    ends_at: datetime | None, line: Line,
) -> list[str]:  # fmt: skip
    """Move every row that has not begun as far as the pivot was moved: days by the rule, time by the
    clock. Returns which of the two changed."""
    moment, day, zone = start
    own = {row.pk: _own_parts(row, repeating) for row in rows if row.pk != pivot.pk}
    before = (repeating.starts, repeating.minutes, repeating.zone, repeating.rule)
    repeating.zone = zone or repeating.zone
    local = moment.astimezone(repeating.tzinfo) if moment else None
    repeating.starts = local.time().replace(tzinfo=None) if local else None
    if moment and ends_at:
        repeating.minutes = max(0, round((ends_at - moment).total_seconds() / 60))
    elif moment is None:
        repeating.minutes = None
    after = local.date() if local else day
    if after is None or pivot.day is None or pivot.slot is None:
        raise CannotError("Occurrences need a day.")
    shift = after - pivot.day
    if shift:
        moved = repeating.recurrence.moved(pivot.slot, pivot.slot + shift)
        repeating.rule, repeating.first = moved.rule, moved.first
    after_it = (repeating.starts, repeating.minutes, repeating.zone)
    if before == (*after_it, repeating.rule):
        return []
    lane = [row for row in rows if not _has_begun(row) and row.status in AHEAD]
    if shift and repeating.recurrence["FREQ"] == "WEEKLY":
        shifted = [row for row in lane if row.slot and row.slot.weekday() == pivot.slot.weekday()]
    else:
        shifted = lane
    slots = _new_slots(repeating, shifted, shift)
    # From the far end, so that no row is moved onto a slot that another still has.
    order = sorted(lane, key=lambda row: row.slot or date.min, reverse=shift > timedelta())
    for row in order:
        _place(row, repeating, slots.get(row.pk, row.slot), line, own.get(row.pk, _NOTHING))
    return ["day"] * bool(shift) + ["starts_at"] * (before[:3] != after_it)


def _new_slots(
    repeating: Repeating, rows: Sequence[Activity], shift: timedelta
) -> dict[int, date | None]:
    """The slot each row has by the new rule, in their order."""
    if not shift or not rows:
        return {}
    ordered = sorted(rows, key=lambda row: row.slot or date.min)
    if repeating.recurrence["FREQ"] != "MONTHLY":
        return {row.pk: row.slot + shift if row.slot else None for row in ordered}
    month = (ordered[0].slot or date.min).replace(day=1)
    days = repeating.days(month, month + timedelta(days=31 * (len(ordered) * 12 + 2)))
    by_month = {(day.year, day.month): day for day in days}
    return {
        row.pk: by_month.get((row.slot.year, row.slot.month), row.slot) if row.slot else None
        for row in ordered
    }


@dataclass(frozen=True, slots=True)
class _Own:
    """What somebody gave one occurrence by hand, other than the rule has it."""

    day: bool = False
    time: bool = False


_NOTHING = _Own()


def _own_parts(row: Activity, repeating: Repeating) -> _Own:
    if row.slot is None or row.day is None:
        return _NOTHING
    return _Own(row.day != row.slot, row.starts_at != repeating.starts_on(row.day))


def _place(
    row: Activity, repeating: Repeating, slot: date | None, line: Line, own: _Own = _NOTHING
) -> None:
    """Put a row where the rule has it now. A day or an hour that it was given by hand stays."""
    if slot is None or row.slot is None:
        return
    if (
        slot != row.slot
        and Activity.objects.filter(repeating=repeating, slot=slot).exclude(pk=row.pk).exists()
    ):
        raise CannotError(
            f"There is one on {slot:%-d %B %Y} already; cancel it first, or choose another day."
        )
    there, before = copy(row), row.day
    there.slot = slot
    day = row.day if own.day and row.day else slot
    if not own.time:
        there.set_start(repeating.starts_on(day), day, repeating.zone)
        there.ends_at = repeating.ends_on(day)
    if all(getattr(row, name) == getattr(there, name) for name in PLACED):
        return
    line.keep(row, *PLACED, "updated_at")
    for name in PLACED:
        setattr(row, name, getattr(there, name))
    row.updated_at = clock.now()
    row.save()
    move_steps(row, before, line)


def change_rule(
    actor: Actor,
    activity: Activity,
    recurrence: Recurrence,
    *,
    skipped: Iterable[date] = (),
    at: Clock | None = None,
    endless: bool = False,
) -> int:
    """Let it repeat by another rule from this occurrence on; how many are ahead then.

    Occurrences that the new rule has too stay, the others are cancelled. at: another time of day. A
    rule that says no end keeps the one there was, unless it is endless.
    """
    rules.require(rules.may_change_record, actor)
    repeating = _of(activity)
    with verb(actor, "change_rule") as line:
        line.keep(repeating, "rule", "first", "skipped", "made_until", "starts", "minutes", "updated_at")  # fmt: skip
        rows = [row for row in _rows(activity, Occurrences.ONWARD) if not _has_begun(row)]
        own = {row.pk: _own_parts(row, repeating) for row in rows}
        end = repeating.recurrence.bounded["UNTIL"]
        bounded = recurrence.bounded
        if end >= f"{recurrence.first:%Y%m%d}" and not endless and not bounded["UNTIL"]:
            bounded = bounded.having(UNTIL=end)
        repeating.rule, repeating.first = bounded.rule, bounded.first
        repeating.skipped = sorted({*repeating.skipped, *(day.isoformat() for day in skipped)})
        repeating.updated_at = clock.now()
        if at is not None:
            said = datetime.combine(recurrence.first, at.begins, at.zone or repeating.tzinfo)
            repeating.starts = said.astimezone(repeating.tzinfo).time()
            repeating.minutes = at.minutes if at.ends else repeating.minutes
        until = repeating.horizon(clock.now())
        days = set(repeating.days(min([activity.slot or repeating.first, repeating.first]), until))
        for row in rows:
            if row.slot in days and row.status == Status.DROPPED:
                move_to(row, Status.PLANNED, line)
            elif row.slot not in days and row.status in AHEAD and own[row.pk] == _NOTHING:
                move_to(row, Status.DROPPED, line)
            if at is not None and row.status in AHEAD:
                _place(row, repeating, row.slot, line, own[row.pk])
        repeating.made_until = min(
            repeating.made_until, repeating.first - timedelta(days=1), preferences.today()
        )
        repeating.save()
        made = make_until(repeating, until, line)
        line.summary = ChangeLine.RULE(title=repeating.title)
    return len(made) + sum(row.status in AHEAD for row in rows)


# Cancel


def cancel_occurrences(actor: Actor, activity: Activity, scope: Occurrences) -> int:
    """Cancel from this occurrence on, or all that have not begun; how many were cancelled. This one alone
    is cancelled like any activity, and leaves the others."""
    rules.require(rules.may_change_record, actor)
    repeating = _of(activity)
    with verb(actor, "cancel_repeating") as line:
        rows = [
            row for row in _rows(activity, scope) if row.status in AHEAD and not _has_begun(row)
        ]
        line.keep(repeating, "rule", "updated_at")
        if scope is not Occurrences.THIS:
            from_day = (
                activity.slot
                if scope is Occurrences.ONWARD and activity.slot
                else preferences.today()
            )
            last = max(from_day - timedelta(days=1), repeating.first - timedelta(days=1))
            repeating.rule = repeating.recurrence.bounded.having(UNTIL=f"{last:%Y%m%d}").rule
            repeating.updated_at = clock.now()
            repeating.save(update_fields=["rule", "updated_at"])
        for row in rows:
            move_to(row, Status.DROPPED, line)
        line.summary = ChangeLine.ENDED(title=repeating.title, number=len(rows))
    return len(rows)


def skip_days(actor: Actor, first: date, last: date) -> int:
    """Cancel every occurrence in these days, such as holidays, and make none there; how many were."""
    rules.require(rules.may_change_record, actor)
    rows = Activity.objects.filter(
        repeating__isnull=False, slot__range=(first, last), status__in=AHEAD
    ).select_related("repeating")
    number = 0
    with verb(actor, "skip_days") as line:
        for repeating in Repeating.objects.all():
            gone = {day.isoformat() for day in repeating.days(first, last)}
            if gone:
                line.keep(repeating, "skipped", "updated_at")
                repeating.skipped = sorted({*repeating.skipped, *gone})
                repeating.updated_at = clock.now()
                repeating.save(update_fields=["skipped", "updated_at"])
        for row in rows:
            if not _has_begun(row):
                move_to(row, Status.DROPPED, line)
                number += 1
        line.summary = ChangeLine.SKIPPED(first=first, last=last, number=number)
    return number


def _of(activity: Activity) -> Repeating:
    if activity.repeating is None:
        raise CannotError(f"“{activity.title}” does not repeat.")
    return activity.repeating


def _rows(activity: Activity, scope: Occurrences) -> list[Activity]:
    rows = Activity.objects.filter(repeating=_of(activity)).select_related("program")
    if scope is Occurrences.THIS:
        rows = rows.filter(pk=activity.pk)
    elif scope is Occurrences.ONWARD:
        rows = rows.filter(slot__gte=activity.slot)
    return list(rows.order_by("slot", "id"))


def _has_begun(row: Activity) -> bool:
    begins = row.begins
    return begins is not None and begins <= clock.now()
