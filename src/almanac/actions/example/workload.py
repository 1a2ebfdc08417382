"""The example's workload: requests, parts of events, time off, check-ins."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from almanac.actions.activities import change_activity, set_status
from almanac.actions.workload.board import add_part, answer, ask, follow_proposal, set_limit
from almanac.actions.workload.time_off import check_in, plan_break, settle_workload
from almanac.core.vocabulary import Kind
from almanac.record.infra import clock
from almanac.record.models import Activity

if TYPE_CHECKING:
    from datetime import tzinfo

    from almanac.record.rules import Actor

CHECK_INS = ((3, 3, 2), (4, 3, 3), (4, 2, 4), (5, 2, 5), (3, 3, 3), (4, 3, 4))
"""Of the last weeks, oldest first."""
REQUESTS = (
    (40, "A workshop for a partner's sales team", "a partner manager", 14, "no", None),
    (33, "A chapter for somebody's book", "an editor", 30, "not_yet", None),
    (24, "A panel at the autumn meetup", "a meetup organiser", 8, "yes", None),
    (19, "A migration guide for every customer", "the support team", 24, "smaller", 8.0),
)
"""Days ago, what, who asked, hours, the answer, the hours offered."""
CALLS = ((150, "CFP: a docs conference", "accepted"), (120, "CFP: a cloud summit", "rejected"))
TRAVEL = (("Trains there and back", "travel", 2.0, None), ("A day to recover", "recovery", 1.0, None),
          ("Rehearse it twice", "preparation", None, 6.0))  # fmt: skip


def fill(actor: Actor, today: date, zone: tzinfo) -> None:
    """After the year is played: what stands on the board, and what is hers alone."""
    settle_workload(actor, logged="big")
    for since, title, who, hours, said, offered in REQUESTS:
        day = today - timedelta(days=since)
        with clock.at(_at(day, zone)):
            asked = ask(actor, title, asked_by=who, hours=hours, due=day + timedelta(days=30))
        with clock.at(_at(day + timedelta(days=2), zone)):
            answer(actor, asked, said, hours=offered)
            if said == "yes":
                settled = asked
    with clock.at(_at(today - timedelta(days=6), zone)):
        change_activity(actor, settled, hours_spent=settled.hours_planned)
        set_status(actor, settled, "done")
    for ago, title, decision in CALLS:
        with clock.at(_at(today - timedelta(days=ago), zone)):
            call = ask(actor, title, hours=4, kind=Kind.CFP)
        with clock.at(_at(today - timedelta(days=ago - 40), zone)):
            follow_proposal(actor, call, decision=decision)
    keynote = Activity.objects.filter(title__startswith="Keynote", status="planned").first()
    if keynote is not None:
        for what, kind, days, needs in TRAVEL:
            add_part(actor, keynote, what, kind, days=days, hours=needs)
    set_limit(actor, "doing", 3)
    monday = clock.monday_of(today)
    plan_break(
        actor, monday - timedelta(weeks=16), monday - timedelta(weeks=15, days=1), "the lake"
    )
    plan_break(actor, monday + timedelta(weeks=4), monday + timedelta(weeks=5, days=4), "holidays")
    for back, answers in enumerate(reversed(CHECK_INS), start=1):
        day = monday - timedelta(weeks=back) + timedelta(days=4)
        with clock.at(_at(day, zone)):
            check_in(actor, *answers, day=day)


def _at(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(17, 0), zone)
