"""Where people are lost between interest and showing up, and what to try."""

from datetime import timedelta

import pytest

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.experiments.experiments import try_something
from almanac.answers.turnout.losses import losses
from almanac.record.infra import clock
from almanac.record.models import Experiment, Program
from almanac.record.rules import OWNER


def evening(days, kind="event", **counts):
    evidence = "counted" if "attended" in counts else ""
    write_down(OWNER, [
        NewActivity(f"Evening {days}", kind=kind, status="done", day=clock.now().date() - timedelta(days),
                    program="Small groups", counts=counts, evidence=evidence, fields={"format": "online"})
    ])  # fmt: skip


def found():
    return losses(OWNER, Program.objects.get(name="Small groups"))


def test_the_smallest_share_is_named_against_what_is_usual(logbook):
    evening(30, interested=200, signups=60, attended=9)
    evening(10, interested=240, signups=64, attended=12)
    lost = found()
    assert lost.sentence == "The weakest step is from signing up to coming: 17 of 100 take it."
    first, second = lost.steps
    assert first.sentence == "Of 440 who were interested, 124 signed up (28 %, 2 events)."
    assert second.sentence == (
        "Of 124 who signed up, 21 came (17 %, 2 events). At free online events elsewhere it is about 37 %, from articles."
    )
    assert {attempt.topic for attempt in lost.attempts} >= {"reminders", "smaller groups"}
    assert all("25 % of those who sign up come" in attempt.worked_if for attempt in lost.attempts)


def test_before_signing_up_has_its_own_attempts(logbook):
    evening(10, interested=1000, signups=20, attended=15)
    lost = found()
    assert lost.sentence == "The weakest step is from interest to signing up: 2 of 100 take it."
    assert all("of those interested sign up" in attempt.worked_if for attempt in lost.attempts)


@pytest.mark.parametrize(
    "counts",
    [
        {},
        {"signups": 4, "attended": 1},
        {"signups": 30},
        {"attended": 30},
        {"signups": 0, "attended": 0},
    ],
)
def test_too_little_says_nothing(logbook, counts):
    evening(5, **counts)
    assert found() is None


def test_walk_ins_never_make_more_than_everybody(logbook):
    evening(5, signups=20, attended=35)
    (step,) = found().steps
    assert (step.number_after, step.share) == (20, 1.0)


def test_an_attempt_opens_as_an_experiment_ready_to_save(browser_client):
    evening(10, interested=200, signups=60, attended=9)
    page = browser_client.get("/programs/small-groups/").content.decode()
    assert "The weakest step is from signing up to coming" in page
    attempt = found().attempts[0]
    form = browser_client.get("/experiments/", {
        "trying": attempt.trying, "because": attempt.because, "worked_if": attempt.worked_if,
        "by": attempt.by.isoformat(), "topic": attempt.topic, "program": "Small groups",
    })  # fmt: skip
    assert form.status_code == 200
    assert attempt.trying in form.content.decode()
    assert not Experiment.objects.exists()
    browser_client.post("/experiments/", {
        "line": "", "trying": attempt.trying, "because": attempt.because, "worked_if": attempt.worked_if,
        "by": attempt.by.isoformat(), "topic": attempt.topic, "program": "Small groups",
    })  # fmt: skip
    assert Experiment.objects.get().topic == attempt.topic


def test_what_was_tried_here_is_not_offered_again(logbook):
    evening(10, interested=200, signups=60, attended=9)
    first = found().attempts[0]
    try_something(OWNER, first.trying, first.because, first.worked_if, first.by, topic=first.topic,
                  program="Small groups")  # fmt: skip
    assert first.topic not in {attempt.topic for attempt in found().attempts}
