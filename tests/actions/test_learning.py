from datetime import timedelta

from almanac.actions import learning as verbs
from almanac.actions.imports import carry_out
from almanac.actions.learning import learn_if_due
from almanac.actions.turnout import freeze_forecast
from almanac.answers import history
from almanac.answers.imports import plan, read
from almanac.core.reference import PACE, PARAMETERS
from almanac.core.turnout import NOTHING_LEARNT
from almanac.record import clock
from almanac.record.models import Change, Learning
from almanac.record.rules import OWNER
from almanac.sources.reading import Document

HEADER = "program,event_id,title,starts_at,announced_at,status,format,signups\n"


def bring_in(number, *, signups=lambda n: 60 + n % 7, since=0):
    lines = [HEADER]
    for n in range(since, since + number):
        starts = clock.now() - timedelta(days=900 - n)
        announced = starts - timedelta(days=10)
        lines.append(
            f"Group {n % 5},e{n},Evening {n},{starts.isoformat()},{announced.isoformat()},past,"
            f"online,{signups(n)}\n"
        )
    document = Document("events.csv", "".join(lines).encode())
    carry_out(OWNER, plan(OWNER, document.name, read(OWNER, document)))


def test_a_steady_logbook_teaches_that_it_is_steady(logbook):
    bring_in(60)
    steps = []

    learnt = learn_if_due(OWNER, lambda done, most: steps.append((done, most)))

    assert learnt.events == 60
    assert learnt.body["parameters"]["noise_online"] < PARAMETERS.noise_online
    assert history.latest_learnt().parameters.noise_online < PARAMETERS.noise_online
    assert history.latest_learnt().pace == PACE
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]
    assert Change.objects.first().summary == (
        "Learnt from 60 past events how many people sign up here"
    )


def test_it_is_due_once_there_is_enough_that_is_new(logbook):
    bring_in(39)
    assert learn_if_due(OWNER) is None
    bring_in(6, since=39)
    assert learn_if_due(OWNER) is not None
    bring_in(10, since=45)
    assert learn_if_due(OWNER) is None
    bring_in(3, since=55)

    assert learn_if_due(OWNER).events == 58
    assert Learning.objects.count() == 2


def test_another_version_of_the_model_learns_for_itself(logbook, monkeypatch):
    bring_in(50)
    learn_if_due(OWNER)
    monkeypatch.setattr(verbs, "VERSION", "turnout-99")
    monkeypatch.setattr(history, "VERSION", "turnout-99")

    assert history.latest_learnt() == NOTHING_LEARNT
    assert learn_if_due(OWNER) is not None


def test_forecasts_use_what_was_learnt(logbook, plan_event):
    bring_in(60)
    event = plan_event(days=7, program="Group 1", format="online")
    before = freeze_forecast(OWNER, event)
    learn_if_due(OWNER)
    after = freeze_forecast(OWNER, event)

    assert before.body["stages"][0]["counts"] != after.body["stages"][0]["counts"]


def test_one_more_event_is_learnt_alone(logbook, plan_event, monkeypatch):
    bring_in(60)
    event = plan_event(days=7, program="Group 1", format="online")
    with history.before(event, clock.now()) as past:
        assert len(past.history.events) == 60
    calls = []
    monkeypatch.setattr(history, "learn_levels", lambda *given: calls.append(given))
    bring_in(1, since=60)

    with history.before(event, clock.now()) as past:
        assert (len(past.history.events), past.levels.learnt) == (61, 61)
    assert calls == []


def test_levels_kept_in_memory_are_those_learnt_from_scratch(logbook, plan_event):
    from almanac.answers.turnout import upcoming_of

    event = plan_event(days=7, program="Group 1", format="online")
    bring_in(60)
    with history.before(event, clock.now()):
        pass
    bring_in(3, since=60, signups=lambda n: 200)
    with history.before(event, clock.now()) as past:
        kept = past.levels.expect(upcoming_of(event, clock.now()))
    history.forget()
    with history.before(event, clock.now()) as past:
        anew = past.levels.expect(upcoming_of(event, clock.now()))

    assert kept.before == anew.before == 13
    assert abs(kept.mean - anew.mean) < 0.01
