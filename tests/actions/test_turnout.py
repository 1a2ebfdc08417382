"""Counts and guesses: limits, where each number came from, the line of the log, and undo."""

from datetime import timedelta

import pytest
from tests.conftest import NOW
from tests.factories import past as past_event

from almanac.actions.activities import NewActivity, change_activity, set_status, write_down
from almanac.actions.capture import capture, understand
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.answers.guesses.accuracy import hit_rates
from almanac.answers.today import today
from almanac.answers.turnout import event_history
from almanac.answers.turnout.expectation import prospect, thawed
from almanac.core.guesses.elicited import VERSION, RawGuess
from almanac.core.refusals import Refusal
from almanac.core.vocabulary import Evidence, Stage
from almanac.record.infra import clock
from almanac.record.infra.seals import fingerprint, is_untouched
from almanac.record.models import Activity, Change, Forecast, Guess, Move, PrivateChange, Turnout
from almanac.record.rules import OWNER

DAY = timedelta(days=1)


def test_a_frozen_forecast_keeps_its_hash_and_opens_its_rows(plan_event, held):
    rows = held(
        past_event(ago=60, signups=30, attended=20), past_event(ago=30, signups=34, attended=22)
    )
    event = plan_event(days=7)

    frozen = freeze_forecast(OWNER, event)

    assert is_untouched(frozen)
    view = thawed(frozen)
    assert {row.pk for row in rows} == set(view[Stage.SIGNUPS].basis.rows)
    assert "2 past events of this program." in view[Stage.SIGNUPS].basis.sentences
    frozen.body["stages"][0]["counts"]["cumulative"][0] = 0.9
    assert not is_untouched(frozen)


def test_looking_again_without_news_freezes_nothing_new(plan_event):
    event = plan_event(days=30)

    first = freeze_forecast(OWNER, event)
    again = freeze_forecast(OWNER, event)
    say_counts(OWNER, event, {"signups": 12})
    changed = freeze_forecast(OWNER, Activity.objects.get(pk=event.pk))

    assert first.pk == again.pk
    assert changed.pk != first.pk
    assert Forecast.objects.count() == 2


def test_before_means_before(plan_event):
    event = plan_event(days=7)
    with clock.at(clock.now() + 8 * DAY):
        with pytest.raises(CannotError, match="has begun"):
            freeze_forecast(OWNER, event)
        with pytest.raises(CannotError, match="has begun"):
            say_guess(OWNER, event, RawGuess(1, 5, 3, 80))

    assert (Forecast.objects.count(), Guess.objects.count()) == (0, 0)


def test_a_forecast_that_its_event_was_moved_in_front_of_is_shown_and_never_scored(plan_event):
    event = plan_event(days=7)
    say_guess(OWNER, event, None)
    freeze_forecast(OWNER, event)
    assert prospect(OWNER, event).set_aside is None
    earlier = NOW - timedelta(hours=30)
    change_activity(OWNER, event, start=(earlier, earlier.date(), "UTC"))
    moved = Activity.objects.get(pk=event.pk)
    say_counts(OWNER, moved, {"attended": 20}, evidence="counted")
    found = prospect(OWNER, Activity.objects.get(pk=event.pk))
    assert found.latest is None
    assert found.set_aside.main.counts is not None
    assert {each.forecast for each in found.outcomes} == {None}
    assert hit_rates(OWNER).forecasts is None


def test_neither_guess_nor_forecast_can_be_undone(plan_event):
    event = plan_event()
    say_guess(OWNER, event, RawGuess(10, 30, 18, 80))
    freeze_forecast(OWNER, event)
    frozen = Change.objects.first()

    with pytest.raises(CannotError, match="can’t be undone"):
        undo(OWNER, frozen)

    assert frozen.verb == "freeze_forecast"


def test_a_guess_lives_in_the_private_file_with_its_raw_answers(plan_event):
    event = plan_event()

    said = say_guess(OWNER, event, RawGuess(10, 30, 18, 80))

    assert said._state.db == "private"
    assert (
        said.low, said.high, said.best, said.sure, said.p10, said.p50, said.p90,
    ) == (10, 30, 18, 80, 10, 18, 30)  # fmt: skip
    assert len(said.sha256) == 64
    assert not Change.objects.filter(verb="say_guess").exists()


def test_no_idea_is_an_answer(plan_event):
    said = say_guess(OWNER, plan_event(), None)

    assert said.no_idea
    assert None is said.low


def test_a_guess_after_looking_says_so(plan_event):
    event = plan_event()
    freeze_forecast(OWNER, event)

    assert say_guess(OWNER, event, RawGuess(1, 9, 4, 80)).saw_forecast


def test_only_what_happened_before_counts_as_history(plan_event, held):
    held(past_event(ago=30, signups=20, attended=10))
    plan_event("Dropped", days=-3, status="dropped", counts={"signups": 99})
    plan_event("Planned in the past", days=-2, counts={"signups": 98})
    event = plan_event(days=7)

    past = event_history.past_before(event, clock.now())
    assert [earlier.signups for earlier in past.history.events] == [20]


def test_sign_ups_seen_coming_in_are_known(plan_event):
    from almanac.answers.turnout.expectation import upcoming_of
    from almanac.record.models import SignupObservation

    event = plan_event(days=7)
    for days, signups in ((-9, 4), (-1, 11), (1, 99)):
        SignupObservation.objects.create(
            activity=event, observed_at=clock.now() + days * DAY, signups=signups
        )

    assert upcoming_of(event, clock.now()).signups == 11


def test_attendance_nobody_declared_is_not_evidence(plan_event):
    plan_event("File only", days=-9, status="done", counts={"signups": 30, "attended": 30})
    event = plan_event(days=7)

    past = event_history.past_before(event, clock.now())
    (earlier,) = past.history.events

    assert (earlier.signups, earlier.attended) == (30, None)


def test_counted_needs_a_number_and_zero_is_one(plan_event):
    event = plan_event(days=-1, status="done")

    with pytest.raises(CannotError, match="0 is one"):
        say_counts(OWNER, event, {}, evidence=Evidence.COUNTED)
    say_counts(OWNER, event, {"attended": 0}, evidence=Evidence.COUNTED)

    assert (event.turnout.attended, event.turnout.attended_evidence) == (0, "counted")


def test_not_measured_has_no_number(plan_event):
    event = plan_event(days=-1, status="done", counts={"attended": 12}, evidence="counted")

    say_counts(OWNER, event, {}, evidence=Evidence.NOT_MEASURED)

    assert None is Turnout.objects.get(activity=event).attended


def test_an_outcome_finishes_what_was_planned_and_scores_both(plan_event, held):
    held(
        past_event(ago=60, signups=30, attended=20),
        past_event(ago=30, signups=34, attended=22),
        past_event(ago=15, signups=28, attended=21),
    )
    event = plan_event(days=7, counts={"signups": 30})
    say_guess(OWNER, event, RawGuess(40, 60, 50, 80))
    freeze_forecast(OWNER, event)
    with clock.at(clock.now() + 8 * DAY):
        event = Activity.objects.get(pk=event.pk)
        assert prospect(OWNER, event).asks_outcome
        say_counts(OWNER, event, {"attended": 21}, evidence=Evidence.COUNTED, worth_it="yes")
        after = prospect(OWNER, event)
        record = hit_rates(OWNER)

    came = next(stage for stage in after.outcomes if stage.stage is Stage.ATTENDED)
    assert (event.status, came.observed) == ("done", 21)
    assert came.forecast.inside
    assert not came.guess.inside
    assert came.forecast.crps < came.guess.crps
    assert not after.asks_outcome
    assert (
        record.forecasts.inside, record.forecasts.of, record.guesses.inside, record.guesses.of,
    ) == (1, 1, 0, 1)  # fmt: skip
    assert record.guesses.refusal == Refusal.TOO_FEW_SCORED


def test_an_outcome_nobody_gives_lapses_to_not_measured(plan_event):
    event = plan_event(days=1)
    for later, evidence, asked in ((2, Evidence.UNDECLARED, 1), (30, Evidence.NOT_MEASURED, 0)):
        with clock.at(clock.now() + later * DAY):
            found = prospect(OWNER, event)
            assert evidence == found.evidence
            assert asked == len(today(OWNER).questions)
    assert getattr(event.turnout_if_any, "attended_evidence", "") == ""


def test_undoing_an_outcome_brings_the_question_back(plan_event):
    event = plan_event(days=-2)
    say_counts(OWNER, event, {"attended": 5}, evidence=Evidence.COUNTED)
    assert today(OWNER).questions == ()

    undo(OWNER)

    assert [event.pk] == [question.activity.pk for question in today(OWNER).questions]
    assert Activity.objects.get(pk=event.pk).status == "planned"


def test_today_never_asks_more_than_three_things_and_skips_for_good(plan_event):
    from almanac.actions.preferences import skip_question

    for number in range(5):
        plan_event(f"Event {number}", days=-2 - number)

    first = today(OWNER).questions
    assert len(first) == 3
    skip_question(OWNER, first[0].key)
    assert first[0].key not in {question.key for question in today(OWNER).questions}


def test_moved_says_how_the_forecast_tightened(plan_event):
    event = plan_event(days=10)
    freeze_forecast(OWNER, event)
    with clock.at(clock.now() + 9 * DAY):
        say_counts(OWNER, event, {"signups": 40})
        event = Activity.objects.get(pk=event.pk)
        assert prospect(OWNER, event).changes == ("signed up: not known, now 40",)
        freeze_forecast(OWNER, event)
        found = prospect(OWNER, event)

    assert found.moved.startswith("On 18 March:")
    assert found.changes == ()


def test_before_the_fact_means_before_the_answer(logbook):
    read_, _ = understand(OWNER, "idea: Meetup about X")
    (event,) = capture(OWNER, read_)
    say_counts(OWNER, event, {"attended": 50}, evidence="counted")
    event = Activity.objects.get(pk=event.pk)

    for verb in (
        lambda: say_guess(OWNER, event, RawGuess(49, 51, 50, 80)),
        lambda: freeze_forecast(OWNER, event),
    ):
        with pytest.raises(CannotError, match="has been said"):
            verb()


def test_tasks_are_not_guessed(logbook):
    (task,) = write_down(OWNER, [NewActivity("Write book", kind="task", status="planned")])

    with pytest.raises(CannotError, match="come to a task"):
        say_guess(OWNER, task, None)


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
    assert last().summary == "Counts of “Meetup”: signed up 3, seats 40, on the waiting list 2"
    say_counts(OWNER, event, {"signups": 4, "seats": None})
    assert last().summary == "Counts of “Meetup”: signed up 4, seats not known"
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
        with pytest.raises(CannotError, match="has not started"):
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
    assert (last().summary, last().undo) == ("Made a forecast for “Meetup”", None)
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
