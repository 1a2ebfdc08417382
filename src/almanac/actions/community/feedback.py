"""Feedback and leads: heard, passed on to product or sales, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from almanac.actions.activities import safe_url
from almanac.actions.errors import CannotError
from almanac.actions.programs import program_for
from almanac.answers.community.feedback import ENDED
from almanac.answers.log.change_lines import ChangeLine
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Feedback, FeedbackState, Receiver
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.models import Activity
    from almanac.record.rules import Actor

LONGEST = 5_000
LIMITS = {"who": 500, "ticket": 1000, "became": 300}


def note_feedback(
    actor: Actor, text: str, *, who: str = "", receiver: str = Receiver.PRODUCT, ticket: str = "",
    day: date | None = None, program: str = "", activity: Activity | None = None,
) -> Feedback:  # fmt: skip
    """Write down what somebody wants or lacks, or that somebody wants to buy."""
    rules.require(rules.may_change_record, actor)
    values = _checked(text=text, who=who, receiver=receiver, ticket=ticket)
    now, today = clock.now(), preferences.today()
    state = FeedbackState.PASSED_ON if values["ticket"] else FeedbackState.HEARD
    with verb(actor, "note_feedback") as line:
        made = Feedback.objects.create(
            **values, state=state, day=day or today,
            passed_on=today if state == FeedbackState.PASSED_ON else None,
            program=program_for(program, line) if program else activity.program if activity else None,
            activity=activity, created_at=now, updated_at=now,
        )  # fmt: skip
        line.create(made)
        line.summary = ChangeLine.FEEDBACK()
    return made


def change_feedback(actor: Actor, feedback: Feedback, **fields: Any) -> Feedback:
    """Change what it says, whom it came from, its ticket or what became of it."""
    rules.require(rules.may_change_record, actor)
    values: dict[str, Any] = dict(_checked(**fields))
    if values.get("ticket") and feedback.state == FeedbackState.HEARD:
        values |= {"state": FeedbackState.PASSED_ON, "passed_on": preferences.today()}
    return _save(actor, feedback, values)


def move_feedback(actor: Actor, feedback: Feedback, state: str, became: str = "") -> Feedback:
    """How far it has come: heard, passed on, done or not done; with a word of what became of it."""
    rules.require(rules.may_change_record, actor)
    if state not in FeedbackState.values:
        raise CannotError(f"Feedback is {', '.join(FeedbackState.values)}.")
    today = preferences.today()
    values: dict[str, Any] = {"state": state}
    if became.strip():
        values |= _checked(became=became)
    passed = state == FeedbackState.PASSED_ON
    if state == FeedbackState.HEARD:
        values["passed_on"] = None
    elif passed and feedback.passed_on is None:
        values["passed_on"] = today
    if state not in ENDED:
        values |= {"ended_on": None, "told_on": None}
    elif feedback.state != state:
        values |= {"ended_on": today, "told_on": None}
    return _save(actor, feedback, values)


def say_told(actor: Actor, feedback: Feedback) -> Feedback:
    """Those it came from know what became of it."""
    rules.require(rules.may_change_record, actor)
    if feedback.state not in ENDED:
        raise CannotError("First say what became of it.")
    return _save(actor, feedback, {"told_on": preferences.today()})


def _save(actor: Actor, feedback: Feedback, values: dict[str, Any]) -> Feedback:
    changed = {name: value for name, value in values.items() if getattr(feedback, name) != value}
    if not changed:
        return feedback
    with verb(actor, "change_feedback") as line:
        line.keep(feedback, *changed, "updated_at")
        for name, value in changed.items():
            setattr(feedback, name, value)
        feedback.updated_at = clock.now()
        feedback.save()
        line.summary = ChangeLine.FEEDBACK_CHANGED()
    return feedback


def forget_feedback(actor: Actor, feedback: Feedback) -> None:
    """Delete it for good; this cannot be undone."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "forget_feedback") as line:
        line.undoable = False
        line.summary = ChangeLine.FEEDBACK_DELETED()
        feedback.delete()


def _checked(**fields: str) -> dict[str, str]:
    values = {name: value.strip() for name, value in fields.items()}
    if "text" in values and not values["text"]:
        raise CannotError("What did they say they need? Enter it.")
    if len(values.get("text", "")) > LONGEST:
        raise CannotError(f"Feedback can be {LONGEST:,} characters at most.")
    if values.get("receiver", Receiver.PRODUCT) not in Receiver.values:
        raise CannotError(f"Feedback goes to {', '.join(Receiver.values)}.")
    for name, most in LIMITS.items():
        if len(values.get(name, "")) > most:
            raise CannotError(f"{name.capitalize()} can be {most} characters long.")
    ticket = values.get("ticket", "")
    if ticket.lower().startswith(("http:", "https:", "javascript:", "data:")):
        values["ticket"] = safe_url(ticket)
    return values
