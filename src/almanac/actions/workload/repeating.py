"""What repeats is planned by a rule; its occurrences are made some weeks ahead."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from almanac.actions.activities import NewActivity, create_activity
from almanac.actions.errors import CannotError
from almanac.actions.playbooks.playbooks import lay_steps
from almanac.actions.programs import program_for
from almanac.answers.log.change_lines import ChangeLine
from almanac.core.recurrence import Recurrence
from almanac.core.vocabulary import AHEAD, Status
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Activity, Repeating
from almanac.record.models.recurring import AHEAD_DAYS, SHARED
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from almanac.record.changelog import Line
    from almanac.record.rules import Actor

REFILL = 7
"""They are made anew once so many of those days are gone."""
MOST_AT_ONCE = 400


def repeat(
    actor: Actor,
    new: NewActivity,
    recurrence: Recurrence,
    *,
    skipped: Iterable[date] = (),
    then: NewActivity | None = None,
) -> list[Activity]:
    """Plan an activity that repeats. new: the first occurrence, whose day the rule gives; then: one more
    activity that follows the last. Returns what was made, by day."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "repeat") as line:
        made = begin_repeating(line, new, recurrence, skipped=skipped, then=then)
        line.summary = ChangeLine.REPEATED(title=made[0].title, number=len(made))
    return made


def begin_repeating(
    line: Line,
    new: NewActivity,
    recurrence: Recurrence,
    *,
    skipped: Iterable[date] = (),
    then: NewActivity | None = None,
) -> list[Activity]:
    """The same as part of another verb; there is at least one."""
    if new.status not in AHEAD:
        raise CannotError("Only what is still ahead repeats; log what is done one by one.")
    if then is not None and recurrence.last is None:
        raise CannotError("Say until when it repeats, so that something can follow it.")
    recurrence = recurrence.bounded
    repeating = _begun(new, recurrence, sorted(set(skipped)), line)
    made = make_until(repeating, repeating.horizon(clock.now()), line, new)
    if not made:
        raise CannotError("All of its days are over; choose a later end.")
    if then is not None:
        made.append(create_activity(then, line))
    return made


def _begun(new: NewActivity, recurrence: Recurrence, skipped: list[date], line: Line) -> Repeating:
    title = " ".join(new.title.split())[:300]
    if not title:
        raise CannotError("An activity needs a title.")
    zone = new.zone or preferences.value("zone")
    starts = new.starts_at
    repeating = Repeating(
        rule=recurrence.rule,
        first=recurrence.first,
        zone=zone,
        skipped=[day.isoformat() for day in skipped],
        made_until=recurrence.first - timedelta(days=1),
        program=program_for(new.program, line),
        kind=new.kind,
        hours_planned=new.hours,
        seats=new.counts.get("seats"),
        currency=new.currency,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    for name, value in {**new.fields, "title": title}.items():
        if name in SHARED:
            setattr(repeating, name, value)
    if starts is not None:
        local = starts.astimezone(repeating.tzinfo)
        repeating.starts = local.time().replace(tzinfo=None)
        if new.ends_at is not None:
            repeating.minutes = max(0, round((new.ends_at - starts).total_seconds() / 60))
    if new.announced_at is not None:
        announced = new.announced_at.astimezone(repeating.tzinfo).date()
        repeating.announced_before = max(0, (recurrence.first - announced).days)
    repeating.save()
    line.create(repeating)
    return repeating


def make_ahead(actor: Actor) -> int:
    """Make the occurrences of the next weeks of everything that repeats; how many were made. Not undone
    by itself, as they follow from what was planned."""
    rules.require(rules.may_change_record, actor)
    now = clock.now()
    due = preferences.today() + timedelta(days=AHEAD_DAYS - REFILL)
    number = 0
    for repeating in Repeating.objects.filter(made_until__lt=due):
        last = repeating.recurrence.last
        if last is not None and last <= repeating.made_until:
            continue
        with verb(actor, "make_ahead") as line:
            made = make_until(repeating, repeating.horizon(now), line)
            line.undoable = not made
            line.summary = ChangeLine.REPEATED(title=repeating.title, number=len(made))
        number += len(made)
    return number


def make_until(
    repeating: Repeating, until: date, line: Line, first: NewActivity | None = None
) -> list[Activity]:
    """Occurrences up to a day. Steps of the program's playbook are added to each."""
    days = repeating.days(repeating.made_until + timedelta(days=1), until)[:MOST_AT_ONCE]
    there = set(repeating.occurrences.values_list("slot", flat=True))
    today = preferences.today()
    made = [
        _occurrence(repeating, day, line, first)
        for day in days
        if day not in there and day >= today
    ]
    repeating.made_until = max(repeating.made_until, until)
    repeating.save(update_fields=["made_until"])
    return made


def _occurrence(
    repeating: Repeating, day: date, line: Line, first: NewActivity | None = None
) -> Activity:
    seats = repeating.seats
    new = NewActivity(
        title=repeating.title,
        kind=repeating.kind,
        status=first.status if first else Status.PLANNED,
        program=repeating.program.name,
        day=day,
        starts_at=repeating.starts_on(day),
        ends_at=repeating.ends_on(day),
        announced_at=repeating.announced_on(day),
        zone=repeating.zone,
        counts={"seats": seats} if seats is not None else {},
        tags=first.tags if first else (),
        links=first.links if first else (),
        line=first.line if first else "",
        not_understood=first.not_understood if first else (),
        fields={
            name: getattr(repeating, name)
            for name in SHARED
            if name not in {"title", "kind", "currency"}
        }
        | {"repeating": repeating, "slot": day},
        currency=repeating.currency,
    )
    activity = create_activity(new, line)
    lay_steps(activity, line)
    return activity
