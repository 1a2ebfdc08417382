"""The board: answer what others ask, say what an activity takes, set limits, follow proposals."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from almanac.actions.activities import NewActivity, create_activity, note_move
from almanac.actions.errors import CannotError
from almanac.actions.preferences import prefer
from almanac.answers.log.change_lines import ChangeLine
from almanac.core.vocabulary import AHEAD, Kind, Status, values
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Answer,
    Choice,
    Decision,
    Part,
    PartKind,
    Proposal,
    Request,
)
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.changelog import Line
    from almanac.record.rules import Actor

MOST_HOURS, MOST_DAYS = 2000, 366
MOST_LIMIT = 500
BECOMES = {
    Answer.YES: Status.PLANNED,
    Answer.SMALLER: Status.PLANNED,
    Answer.NOT_YET: Status.IDEA,
    Answer.NO: Status.DECLINED,
}


ONE_TO_ONE = re.compile(
    r"(?:an?\s+)?(?:1:1|1-1|1on1|one[- ]on[- ]one|coffee chat)\b", re.IGNORECASE
)


def ask(
    actor: Actor,
    title: str,
    *,
    asked_by: str = "",
    hours: float | None = None,
    due: date | None = None,
    program: str = "",
    kind: str = Kind.TASK,
) -> Activity:
    """What somebody else asks for: it waits as “asked” until it is answered."""
    rules.require(rules.may_change_record, actor)
    hours = _hours(hours)
    if kind == Kind.TASK and ONE_TO_ONE.match(title.strip()):
        kind = Kind.MEETING
    if kind not in values(Kind):
        raise CannotError(f"“{str(kind)[:20]}” is no kind; say one of {', '.join(values(Kind))}.")
    with verb(actor, "ask") as line:
        activity = create_activity(
            NewActivity(title=title, kind=kind, status=Status.ASKED, program=program, hours=hours,
                        fields={"due": due}),
            line,
        )  # fmt: skip
        request = Request.objects.create(
            activity=activity,
            asked_by=" ".join(asked_by.split())[:120],
            asked_on=preferences.today(),
            hours_asked=activity.hours_planned,
        )
        line.create(request)
        line.summary = ChangeLine.ASKED(title=activity.title)
    return activity


def answer(
    actor: Actor,
    activity: Activity,
    said: str,
    *,
    reply: str = "",
    hours: float | None = None,
    due: date | None = None,
    chances: tuple[float, float] | None = None,
) -> Activity:
    """Say yes, not yet, smaller or no. chances: that everything holds before and with it, where
    that was looked at; a yes in spite of it is kept, for oneself, as a choice."""
    rules.require(rules.may_change_record, actor)
    given = Answer(said) if said in Answer.values else Answer.UNANSWERED
    if given == Answer.UNANSWERED:
        raise CannotError("Answer yes, smaller, not_yet or no.")
    if activity.status not in AHEAD:
        raise CannotError(f"{activity.title} is {activity.get_status_display()} already.")
    if given == Answer.SMALLER and hours is None:
        raise CannotError("How many hours would the smaller one take?")
    hours = _hours(hours)
    with verb(actor, "answer") as line:
        request = Request.objects.filter(activity=activity).first()
        if request is None:
            request = Request(activity=activity, asked_on=preferences.today(),
                              hours_asked=activity.hours_planned)  # fmt: skip
            request.save()
            line.create(request)
        line.keep(request, "answer", "answered_on", "reply")
        request.answer, request.answered_on = given, preferences.today()
        request.reply = reply.strip()[:4000]
        request.save()
        line.keep(activity, "status", "hours_planned", "due", "updated_at")
        came_from, activity.status = activity.status, BECOMES[given]
        if hours is not None:
            activity.hours_planned = Decimal(str(hours))
        if due is not None or given == Answer.NOT_YET:
            # The day that was asked for is not promised by a “not yet”.
            activity.due = due
        if activity.status != came_from:
            note_move(activity, came_from, line)
        activity.updated_at = clock.now()
        activity.save()
        line.summary = ChangeLine.ANSWERED(title=activity.title, answer=given.label)
    if given in (Answer.YES, Answer.SMALLER) and chances is not None:
        keep_choice(actor, activity, *chances)
    return activity


def promise(
    actor: Actor,
    title: str,
    hours: float,
    due: date,
    *,
    travel: float = 0.0,
    activity: Activity | None = None,
    chances: tuple[float, float] | None = None,
) -> Activity:
    """Say yes to something new, or to what stands on the board, as one verb: its hours, its day and
    the days of travel it takes. chances: as in `answer`."""
    rules.require(rules.may_change_record, actor)
    hours = _hours(hours) or 0.0
    if activity is not None and activity.status not in AHEAD:
        raise CannotError(f"{activity.title} is {activity.get_status_display()} already.")
    with verb(actor, "promise") as line:
        if activity is None:
            activity = create_activity(
                NewActivity(title=title, status=Status.PLANNED, hours=hours, fields={"due": due}),
                line,
            )
        else:
            _say_yes(activity, hours, due, line)
        if round(travel, 1) > 0:
            line.create(new_part(activity, "", PartKind.TRAVEL, days=travel))
        line.summary = ChangeLine.COMMITTED(title=activity.title)
    if chances is not None:
        keep_choice(actor, activity, *chances)
    return activity


def _say_yes(activity: Activity, hours: float, due: date, line: Line) -> None:
    line.keep(activity, "status", "hours_planned", "due", "updated_at")
    request = Request.objects.filter(activity=activity).first()
    if request is not None and activity.status == Status.ASKED:
        line.keep(request, "answer", "answered_on")
        request.answer, request.answered_on = Answer.YES, preferences.today()
        request.save(update_fields=["answer", "answered_on"])
    came_from = activity.status
    if came_from != Status.DOING:
        activity.status = Status.PLANNED
    activity.hours_planned, activity.due = Decimal(str(hours)), due
    activity.updated_at = clock.now()
    if activity.status != came_from:
        note_move(activity, came_from, line)
    activity.save()


def keep_choice(actor: Actor, activity: Activity, before: float, after: float) -> Choice:
    """That a yes was said knowing what it does to the rest; in the private file."""
    rules.require(rules.may_read_private, actor)
    with verb(actor, "keep_choice", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.ODDS()
        return Choice.objects.create(
            activity_id=activity.pk,
            title=activity.title,
            before=min(max(before, 0.0), 1.0),
            after=min(max(after, 0.0), 1.0),
            at=clock.now(),
        )


def add_part(actor: Actor, activity: Activity, title: str, kind: str = "item", **more: Any) -> Part:
    """Add preparation, travel, recovery or follow-up to an activity.

    more: hours, days, day, heading, done, outside_id.
    """
    rules.require(rules.may_change_record, actor)
    with verb(actor, "add_part") as line:
        part = new_part(activity, title, kind, **more)
        line.create(part)
        _touch(activity, line)
        line.summary = ChangeLine.PART(part=part.title, title=activity.title)
    return part


def _touch(activity: Activity, line: Line) -> None:
    """It was changed here, so that no older file overrules it."""
    line.keep(activity, "updated_at")
    activity.updated_at = clock.now()
    activity.save(update_fields=["updated_at"])


def new_part(activity: Activity, title: str, kind: str, **more: Any) -> Part:
    """A part that is saved; the verb around it leaves the line."""
    title = " ".join(title.split())[:300]
    if kind not in PartKind.values:
        raise CannotError(f"A part is one of {', '.join(PartKind.values)}.")
    title = title or PartKind(kind).label
    hours, days = _hours(more.pop("hours", None)), more.pop("days", None)
    if days is not None and not 0 < round(days, 1) <= MOST_DAYS:
        raise CannotError(f"A part takes up to {MOST_DAYS} days.")
    return Part.objects.create(
        activity=activity,
        title=title,
        kind=kind,
        hours=None if hours is None else Decimal(str(hours)),
        days=None if days is None else Decimal(str(round(days, 1))),
        **more,
    )


def change_part(actor: Actor, part: Part, **fields: Any) -> Part:
    """Change what is given: title, kind, hours, days, day, done."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "change_part") as line:
        changed = {name: value for name, value in fields.items() if getattr(part, name) != value}
        if not changed:
            return part
        if "done" in changed:
            changed["done_on"] = preferences.today() if changed["done"] else None
        line.keep(part, *changed)
        for name, value in changed.items():
            setattr(part, name, value)
        part.save(update_fields=list(changed))
        _touch(part.activity, line)
        done = changed.get("done")
        line.summary = (ChangeLine.PART_DONE if done else ChangeLine.PART_CHANGED)(part=part.title)
    return part


def set_limit(actor: Actor, column: str, most: int | None) -> None:
    """How many cards a column, everything in progress (“all”) or one person (“person”) may hold; None
    is no limit."""
    rules.require(rules.may_change_record, actor)
    if column not in (*AHEAD, "all", "person"):
        raise CannotError(f"Limit one of {', '.join(AHEAD)}, all or person.")
    if most is not None and not 1 <= most <= MOST_LIMIT:
        raise CannotError(f"A limit is between 1 and {MOST_LIMIT}.")
    limits = {key: value for key, value in preferences.value("limits").items() if key != column}
    prefer(actor, limits=limits if most is None else limits | {column: most})


def follow_proposal(
    actor: Actor,
    activity: Activity,
    *,
    submitted_on: date | None = None,
    decision: str | None = None,
) -> Proposal:
    """A call for proposals: when it was handed in, and what became of it."""
    rules.require(rules.may_change_record, actor)
    if activity.kind != Kind.CFP:
        raise CannotError(f"{activity.title} is not a call for proposals.")
    if decision is not None and decision not in Decision.values:
        raise CannotError("A proposal is accepted or rejected.")
    with verb(actor, "follow_proposal") as line:
        proposal, fresh = Proposal.objects.get_or_create(activity=activity)
        if fresh:
            line.create(proposal)
        else:
            line.keep(proposal, "submitted_on", "decision", "decided_on")
        if submitted_on is not None:
            proposal.submitted_on = submitted_on
        if decision is not None:
            proposal.decision = decision
            proposal.decided_on = preferences.today() if decision else None
        if decision:
            proposal.submitted_on = proposal.submitted_on or activity.due or preferences.today()
        proposal.save()
        if decision:
            line.keep(activity, "status", "day", "updated_at")
            came_from, activity.status = activity.status, Status.DONE
            activity.day = activity.day or preferences.today()
            if came_from != activity.status:
                note_move(activity, came_from, line)
            activity.save(update_fields=["status", "day"])
        line.summary = ChangeLine.PROPOSAL(
            title=activity.title, decision=proposal.get_decision_display()
        )
    return proposal


def _hours(hours: float | None) -> float | None:
    if hours is None:
        return None
    if not 0 <= hours <= MOST_HOURS:
        raise CannotError(f"Hours lie between 0 and {MOST_HOURS:,}; split what is larger.")
    return round(hours, 2)
