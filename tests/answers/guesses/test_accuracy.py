from datetime import timedelta

import numpy as np
import pytest

from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.answers.guesses.accuracy import MODEL, TOGETHER, YOU, Said, accuracy, feedback
from almanac.core.counts import Counts
from almanac.core.guesses.elicited import RawGuess
from almanac.core.refusals import Refusal
from almanac.core.vocabulary import Stage
from almanac.record.infra import clock
from almanac.record.models import Activity
from almanac.record.rules import OWNER

NOW = clock.now


@pytest.fixture
def lived(plan_event):
    """Events guessed at, looked at and counted, one a week: (best guess, came)."""

    def live(*pairs, program="Meetups"):
        start = clock.now()
        for week, (best, came) in enumerate(pairs):
            with clock.at(start + timedelta(days=7 * week)):
                event = plan_event(f"Evening {week}", days=3, program=program)
                raw = RawGuess(max(0, best - 10), best + 10, best, 80) if best is not None else None
                say_guess(OWNER, event, raw)
                freeze_forecast(OWNER, event)
            with clock.at(start + timedelta(days=7 * week + 5)):
                counts = {"signups": came + 5, "attended": came}
                say_counts(OWNER, event, counts, evidence="counted")

    return live


def test_an_empty_logbook_says_what_to_do(logbook):
    found = accuracy(OWNER)

    assert found.said == ()
    assert found.by_who == ()
    assert found.head_to_head is None
    assert found.feedback.startswith("No guess of yours has a result yet")


def test_everything_said_stands_beside_what_happened(lived):
    lived((20, 22), (25, 18))

    found = accuracy(OWNER)

    told = {(s.activity.title, s.stage, s.who): s.observed for s in found.said}
    assert told == {
        ("Evening 0", Stage.SIGNUPS, MODEL): 27,
        ("Evening 0", Stage.ATTENDED, MODEL): 22,
        ("Evening 0", Stage.ATTENDED, YOU): 22,
        ("Evening 0", Stage.ATTENDED, TOGETHER): 22,
        ("Evening 1", Stage.SIGNUPS, MODEL): 23,
        ("Evening 1", Stage.ATTENDED, MODEL): 18,
        ("Evening 1", Stage.ATTENDED, YOU): 18,
        ("Evening 1", Stage.ATTENDED, TOGETHER): 18,
    }
    assert {s.horizon for s in found.said} == {"one to seven days ahead"}
    assert [(group.name, group.of) for group in found.by_who] == [
        (MODEL, 2),
        (YOU, 2),
        (TOGETHER, 2),
    ]
    assert {group.refusal for group in found.by_who} == {Refusal.TOO_FEW_SCORED}
    assert {group.skill for group in found.by_who} == {None}


def test_ten_outcomes_say_something(lived):
    lived(*((20, 19 + n % 4) for n in range(12)))

    found = accuracy(OWNER)

    you = next(group for group in found.by_who if group.name == YOU)
    assert you.of == 12
    assert you.refusal is None
    assert you.skill is not None
    assert sum(you.pit) == pytest.approx(1)
    assert [(c.share, c.inside) for c in you.coverage] == [(0.5, 12), (0.8, 12), (0.95, 12)]
    assert all(c.expected >= c.share for c in you.coverage)
    assert found.head_to_head.skill.value > 0


def test_together_uses_only_what_was_known_before(lived, monkeypatch):
    """The pool for an event stays as it was, whatever later events turn out to be."""
    lived((20, 22), (25, 18), (30, 12))
    before = {s.activity.title: s.interval for s in accuracy(OWNER).said if s.who == TOGETHER}
    last = Activity.objects.get(title="Evening 2")
    with clock.at(clock.now() + timedelta(days=60)):
        say_counts(OWNER, last, {"attended": 900, "signups": 950})

    after = {s.activity.title: s.interval for s in accuracy(OWNER).said if s.who == TOGETHER}
    assert after == before


def test_no_idea_and_attendance_nobody_counted_are_not_scored(lived, plan_event):
    lived((None, 15))
    event = plan_event("Uncounted", days=3)
    say_guess(OWNER, event, RawGuess(10, 30, 20, 80))
    freeze_forecast(OWNER, event)
    with clock.at(clock.now() + timedelta(days=20)):
        say_counts(OWNER, event, {"signups": 31}, evidence="registered_only")

    found = accuracy(OWNER)

    assert {(s.activity.title, s.stage, s.who) for s in found.said} == {
        ("Evening 0", Stage.SIGNUPS, MODEL),
        ("Evening 0", Stage.ATTENDED, MODEL),
        ("Uncounted", Stage.SIGNUPS, MODEL),
    }


def test_each_horizon_is_scored_by_itself(plan_event):
    event = plan_event(days=30)
    for days in (0, 20, 29.5):
        with clock.at(clock.now() + timedelta(days=days)):
            say_counts(OWNER, event, {"signups": int(5 + days)})
            freeze_forecast(OWNER, event)
    with clock.at(clock.now() + timedelta(days=31)):
        say_counts(OWNER, event, {"signups": 44, "attended": 30}, evidence="counted")

    found = accuracy(OWNER)

    assert [(group.name, group.of) for group in found.by_horizon] == [
        ("four weeks or more ahead", 1),
        ("one to two weeks ahead", 1),
        ("on the last day", 1),
    ]
    assert {s.horizon for s in found.said} == {"on the last day"}


def said_by(*inside):
    counts = Counts.of(np.ones(11), 10)
    return [Said(None, Stage.ATTENDED, YOU, "", counts, 15 if hit else 99, ()) for hit in inside]


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (
            [True] * 7 + [False] * 3,
            "7 of your last 10 results fell inside your 80 % range; about 8 should; too few to judge.",
        ),
        (
            [False] * 7 + [True] * 3,
            "3 of your last 10 results fell inside your 80 % range; about 8 should: "
            "make your ranges wider.",
        ),
        (
            [False] * 9 + [True] * 10,
            "10 of your last 10 results fell inside your 80 % range; about 8 should; too few to judge.",
        ),
        (
            [True],
            "Your only result so far fell inside your 80 % range; too few to judge.",
        ),
    ],
)
def test_feedback_in_words(inside, words):
    assert feedback(said_by(*inside)) == words
