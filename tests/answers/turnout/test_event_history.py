"""Event history."""

from almanac.answers.turnout.expectation import (
    body_of,
    compute,
    upcoming_of,
)
from almanac.core.turnout.events import PastEvent
from almanac.record.infra import clock
from almanac.record.queries import versions
from almanac.record.rules import OWNER


def come(kind, price, share, program=5, form=""):
    return [
        PastEvent(
            row=n, starts=n / 20, program=program, kind=kind, format=form, price=price,
            signups=40, attended=round(40 * share),
        )
        for n in range(40)
    ]  # fmt: skip


def test_the_forecast_is_the_same_however_long_the_process_has_lived(plan_event):
    """Events that came in one by one are learnt as if they had come at once, to the digit."""
    for n in range(24):
        plan_event(f"Evening {n}", days=-200 + 7 * n, status="done", counts={"signups": 30 + n})
    event = plan_event(days=7)
    body_of(compute(OWNER, event), upcoming_of(event, clock.now()))
    for n in range(24, 29):
        plan_event(f"Evening {n}", days=-200 + 7 * n, status="done", counts={"signups": 60 + n})
        kept = body_of(compute(OWNER, event), upcoming_of(event, clock.now()))
    for forget in versions.forgetting:
        forget()

    assert body_of(compute(OWNER, event), upcoming_of(event, clock.now())) == kept
