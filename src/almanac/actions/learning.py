"""Learn from the whole logbook how turnout behaves here, once there is enough new to learn from."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from almanac.answers import backtest, history
from almanac.core import learning, pace, replay
from almanac.core.events import Stage
from almanac.core.reference import PACE
from almanac.core.turnout import VERSION, learn_levels
from almanac.record import clock, rules
from almanac.record.changelog import verb
from almanac.record.models import Learning

if TYPE_CHECKING:
    from collections.abc import Callable

    from almanac.answers.backtest import Archive
    from almanac.record.rules import Actor

AGAIN_AFTER = 1.25
"""Learnt again once there are so many times as many past events."""


def learn_if_due(
    actor: Actor, progress: Callable[[int, int], None] | None = None
) -> Learning | None:
    """Learn again where that is due; None where it is not.

    progress: called with the steps done and the most there will be.
    """
    rules.require(rules.may_change_record, actor)
    latest = Learning.objects.filter(version=VERSION).order_by("made_at", "id").last()
    number = history.signups_known()
    if number < learning.FEWEST or (latest and number < AGAIN_AFTER * latest.events):
        return None
    archive = backtest.from_record(actor)
    levels = learn_levels(archive.events, history.latest_learnt())
    steps = learning.MOST_STEPS + 1
    parameters = learning.fit(levels, (lambda done: progress(done, steps)) if progress else None)
    body = {"parameters": asdict(parameters), "pace": asdict(_pace_of(archive))}
    if progress:
        progress(steps, steps)
    with verb(actor, "learn") as line:
        line.undoable = False
        line.summary = f"Learnt from {number:,} past events how many people sign up here"
        return Learning.objects.create(
            made_at=clock.now(), version=VERSION, events=number, body=body
        )


def _pace_of(archive: Archive) -> pace.Pace:
    """How sign-ups come in here, from the events whose sign-ups were seen coming in."""
    past = [event for event in archive.events if event.signups is not None]
    watched = {event.row: event for event in past if event.row in archive.observed}
    announced = [
        made
        for period in replay.periods(list(watched.values()), Stage.SIGNUPS)
        for made in replay.signups(period, past)
    ]
    looks = replay.looks_at(announced, watched, archive.observed)
    return pace.fit([look for found in looks.values() for look in found], PACE)
