"""Counts and guesses: limits, where each number came from, the line of the log, and undo."""

from datetime import timedelta

import pytest
from tests.conftest import NOW

from almanac.actions.activities import set_status
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.core.guesses.elicited import VERSION, RawGuess
from almanac.record.infra import clock
from almanac.record.infra.seals import fingerprint
from almanac.record.models import Activity, Change, Guess, Move, PrivateChange, Turnout
from almanac.record.rules import OWNER

LATER = NOW + timedelta(days=8)


def last():
    """The latest line of the log."""
    return Change.objects.order_by("-pk").first()


@pytest.mark.parametrize(
    ("count", "fits"), [(0, True), (10_000_000, True), (-1, False), (10_000_001, False)]
)
def test_counts_at_their_limits(plan_event, count, fits):
    event = plan_event()
    if fits:
        say_counts(OWNER, event, {"signups": count})
    else:
        with pytest.raises(CannotError, match="between 0 and 10,000,000"):
            say_counts(OWNER, event, {"signups": count})
    assert Turnout.objects.exists() is fits
    with pytest.raises(CannotError, match="no count called guests"):
        say_counts(OWNER, event, {"guests": 3})


def test_every_count_says_where_it_came_from_until_it_is_taken_back(plan_event):
    event = plan_event()
    say_counts(OWNER, event, {"signups": 3, "seats": 40, "waitlisted": 2}, origin="a list")
    assert last().summary == "Said of Meetup: signups 3, seats 40, waitlisted 2"
    say_counts(OWNER, event, {"signups": 4, "seats": None})
    assert last().summary == "Said of Meetup: signups 4, seats not known"
    turnout = Turnout.objects.get()
    assert turnout.origins == {"signups": "you said", "waitlisted": "a list"}
    assert (turnout.signups, turnout.seats, turnout.waitlisted) == (4, None, 2)
    assert event.turnout == turnout
    assert event.turnout.signups == 4
    undo(OWNER)
    turnout.refresh_from_db()
    assert turnout.origins == {"signups": "a list", "seats": "a list", "waitlisted": "a list"}
    undo(OWNER)
    assert not Turnout.objects.exists()


def test_an_outcome_is_dated_finishes_the_event_and_is_undone(plan_event):
    event = plan_event()
    with clock.at(LATER):
        say_counts(OWNER, event, {"attended": 9}, evidence="counted", worth_it="yes", origin="door")
        turnout, stored = Turnout.objects.get(), Activity.objects.get()
        assert (turnout.attended, turnout.attended_evidence, turnout.worth_it) == (
            9, "counted", "yes",
        )  # fmt: skip
        assert turnout.outcome_at == LATER
        assert turnout.origins == {"attended": "door", "attended_evidence": "door"}
        assert (stored.status, stored.updated_at) == ("done", LATER)
        assert [(move.came_from, move.went_to) for move in Move.objects.all()] == [
            ("", "planned"), ("planned", "done"),
        ]  # fmt: skip
        undo(OWNER)
    stored = Activity.objects.get()
    assert (stored.status, stored.updated_at) == ("planned", NOW)
    assert Move.objects.count() == 1


def test_an_event_that_begins_just_now_can_be_counted_and_one_a_moment_later_cannot(plan_event):
    event = plan_event()
    with clock.at(event.starts_at - timedelta(seconds=1)):
        with pytest.raises(CannotError, match="has not begun"):
            say_counts(OWNER, event, {"attended": 9}, evidence="counted")
        say_counts(OWNER, event, {"signups": 5})
        assert Activity.objects.get().status == "planned"
        assert Turnout.objects.get().outcome_at is None
    with clock.at(event.starts_at):
        say_counts(OWNER, event, {"attended": 9}, evidence="counted")
    assert Activity.objects.get().status == "done"


@pytest.mark.parametrize("evidence", ["registered_only", "not_measured"])
def test_other_evidence_takes_the_number_back(plan_event, evidence):
    event = plan_event(days=-3, status="done", counts={"attended": 9}, evidence="counted")
    say_counts(OWNER, event, {}, evidence=evidence)
    turnout = Turnout.objects.get()
    assert (turnout.attended, turnout.attended_evidence) == (None, evidence)
    assert turnout.origins == {"attended_evidence": "you said"}
    with pytest.raises(CannotError, match="How many came"):
        say_counts(OWNER, event, {}, evidence="counted")


def test_counts_said_again_leave_no_line(plan_event):
    event = plan_event(counts={"signups": 3})
    lines = Change.objects.count()
    say_counts(OWNER, event, {"signups": 3})
    assert Change.objects.count() == lines


def test_a_guess_is_kept_whole_and_can_be_checked(plan_event):
    event = plan_event()
    raw = RawGuess(10, 30, 20, 80)
    made = say_guess(OWNER, event, raw, saw_similar=True)
    line = PrivateChange.objects.order_by("-pk").first()
    assert (line.summary, line.undo) == (f"Guessed for activity {event.pk}", None)
    assert (made.low, made.high, made.best, made.sure) == (10, 30, 20, 80)
    assert (made.p10, made.p50, made.p90) == raw.tenth_half_ninetieth
    assert (made.no_idea, made.saw_similar, made.saw_forecast) == (False, True, False)
    assert (made.made_at, made.version, made.stage) == (NOW, VERSION, "attended")
    names = ("activity_id", "stage", "no_idea", "low", "high", "best", "sure", "p10", "p50", "p90",
             "version", "saw_similar", "saw_forecast")  # fmt: skip
    values = {name: getattr(made, name) for name in names}
    assert made.sha256 == fingerprint(values | {"made_at": NOW.isoformat()})


def test_a_forecast_is_frozen_with_its_line(plan_event):
    event = plan_event()
    made = freeze_forecast(OWNER, event)
    assert (last().summary, last().undo) == ("Froze a forecast of Meetup", None)
    body = {"activity": event.pk, "made_at": NOW.isoformat(), "body": made.body}
    assert made.sha256 == fingerprint(body)
    assert say_guess(OWNER, event, None).saw_forecast is True


def test_nothing_is_guessed_or_forecast_once_it_begins_or_is_given_up(plan_event):
    event, dropped, said = plan_event(), plan_event("Off"), plan_event("Known", days=3)
    set_status(OWNER, dropped, "dropped")
    say_counts(OWNER, said, {}, evidence="not_measured")
    for verb in (
        lambda each: say_guess(OWNER, each, None),
        lambda each: freeze_forecast(OWNER, each),
    ):
        with clock.at(event.starts_at - timedelta(seconds=1)):
            verb(event)
        with clock.at(event.starts_at), pytest.raises(CannotError, match="has begun"):
            verb(event)
        with pytest.raises(CannotError, match="is cancelled"):
            verb(dropped)
        with pytest.raises(CannotError, match="has been said"):
            verb(said)
    assert Guess.objects.count() == 1
