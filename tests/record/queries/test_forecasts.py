"""Which guess and which forecast count."""

from datetime import timedelta

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.answers.guesses.accuracy import accuracy, hit_rates
from almanac.answers.review.evidence import Audience, gather
from almanac.answers.review.periods import period
from almanac.core.guesses.elicited import RawGuess
from almanac.core.vocabulary import Stage
from almanac.record.infra import clock
from almanac.record.models import Activity
from almanac.record.queries import forecasts
from almanac.record.rules import OWNER


def outcome(event, came):
    with clock.at(event.begins + timedelta(hours=3)):
        say_counts(OWNER, event, {"attended": came}, evidence="counted")
        Activity.objects.filter(pk=event.pk).update(status="done")
    return Activity.objects.get(pk=event.pk)


def test_a_guess_made_after_the_number_was_seen_counts_nowhere(plan_event):
    """The year in review scored it; the track record did not."""
    event = plan_event(days=7)
    say_guess(OWNER, event, None)
    freeze_forecast(OWNER, event)
    say_guess(OWNER, event, RawGuess(5, 20, 10, 80))
    done = outcome(event, 14)

    with clock.at(done.begins + timedelta(days=1)):
        (expected,) = gather(OWNER, period("2026"), Audience.OWN).expected
        assert expected.guess is None
        assert hit_rates(OWNER).guesses is None
        assert [said.who for said in accuracy(OWNER).said if said.who == "you"] == []
    assert forecasts.counting_guesses([event.pk]) == {}
    assert forecasts.first_answer_of(event).no_idea


def test_the_first_guess_counts_and_the_second_is_kept(plan_event):
    event = plan_event(days=7)
    say_guess(OWNER, event, RawGuess(9, 11, 10, 80))
    say_guess(OWNER, event, RawGuess(50, 60, 55, 80))

    assert forecasts.counting_guesses([event.pk])[event.pk].best == 10


def test_a_forecast_from_after_the_beginning_counts_nowhere(plan_event):
    event = plan_event(days=7)
    freeze_forecast(OWNER, event)
    moved = clock.now() - timedelta(days=1)
    Activity.objects.filter(pk=event.pk).update(starts_at=moved, day=moved.date())
    event = Activity.objects.get(pk=event.pk)

    assert forecasts.forecasts_before(event) == []
    assert forecasts.latest_forecast_of(event) is None
    assert forecasts.latest_forecasts([event]) == {}


def test_outcomes_are_what_somebody_counted(plan_event):
    event = plan_event(days=-3, status="done", counts={"signups": 9, "attended": 4})

    assert forecasts.outcomes_of(event) == {Stage.SIGNUPS: 9}
    assert forecasts.counted_attendance(event) is None


def test_of_some_events_the_outcomes_and_their_order_are_those_of_all(logbook, monkeypatch):
    monkeypatch.setattr(forecasts, "BATCH", 2)
    today = clock.now().date()
    made = write_down(
        OWNER,
        [
            NewActivity(f"Meetup {ago}", kind="event", status="done", day=today - timedelta(ago))
            for ago in (9, 3, 20, 20, 40)
        ],
    )
    for activity in made:
        say_counts(OWNER, activity, {"attended": 12}, evidence="counted")
    assert forecasts.predicted_activities() == set()
    every = [key for key, _ in forecasts.every_outcome()]
    some = [made[3].pk, made[0].pk, made[4].pk]
    assert len(every) == 5
    assert list(forecasts.with_outcomes(some)) == [key for key in every if key in some]
    assert forecasts.with_outcomes([]) == {}
