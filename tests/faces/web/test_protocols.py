"""Experiments as pages: from a vague sentence to an answer."""

from datetime import date, timedelta

import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.metrics import begin_metric, measure
from almanac.record.infra import clock
from almanac.record.models import Experiment, Finding, Look, Program, Protocol
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)


def text(response):
    return response.content.decode()


def test_a_vague_sentence_comes_back_taken_apart(browser_client, logbook):
    answer = browser_client.post("/experiments/", {"line": "a <shorter> form"})
    assert answer.status_code == 400
    assert 'value="a &lt;shorter&gt; form"' in text(answer)
    given = {"trying": "a shorter form", "because": "it asks too much", "worked_if": "10 more", "by": "2026-06-01",
             "topic": "forms"}  # fmt: skip
    browser_client.post("/experiments/", given)
    made = Experiment.objects.get()
    assert (made.because, made.topic) == ("it asks too much", "forms")
    browser_client.post(
        "/experiments/",
        {"line": "trying reminders because people forget; it worked if 30 come by 2026-05-01"},
    )
    assert Experiment.objects.count() == 2
    assert "a shorter form" in text(browser_client.get("/experiments/?words=asks"))
    assert "No matches" in text(browser_client.get("/experiments/?words=zzz"))


@pytest.fixture
def reminders(logbook):
    metric = begin_metric(OWNER, "Sign-ups", unit="people")
    for week in range(1, 20):
        measure(OWNER, metric, float(20 + week % 5), TODAY - timedelta(weeks=week))
    return Experiment.objects.create(
        trying="reminders", because="people forget", worked_if="30 come", by=TODAY + timedelta(days=60),
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip


PLAN = {
    "way": "weeks", "metric": "sign-ups", "change": "A mail", "starts": "2026-03-23",
    "weeks_before": "16", "weeks_after": "4", "smallest": "30", "if_up": "keep", "if_unclear": "again",
    "if_down": "stop",
}  # fmt: skip


def test_from_protocol_to_finding(browser_client, reminders):
    address = f"/experiments/{reminders.pk}/"
    bad = browser_client.post(f"{address}protocol/", PLAN | {"smallest": "", "change": "A <mail>"})
    assert bad.status_code == 400
    assert "how large a change" in text(bad)
    assert "A &lt;mail&gt;" in text(bad)
    browser_client.post(f"{address}protocol/", PLAN)
    page = text(browser_client.get(address))
    assert "Smallest change it can show" in page
    browser_client.post(f"{address}lock/")
    assert Protocol.objects.get().locked_at
    assert "hash" in text(browser_client.get(address))
    metric = Protocol.objects.get().metric
    with clock.at(NOW + timedelta(weeks=3)):
        for week in range(2):
            measure(OWNER, metric, 60.0, date(2026, 3, 25) + timedelta(weeks=week))
        hidden = text(browser_client.get(address))
        assert "Not over yet" in hidden
        assert "a week," not in hidden
        seen = browser_client.post(f"{address}look/", follow=True)
        assert "It isn’t over yet" in text(seen)
        assert Look.objects.count() == 1
        browser_client.post(f"{address}deviate/", {"words": "one mail late"})
    with clock.at(NOW + timedelta(weeks=8)):
        page = text(browser_client.get(address))
        assert "The answer" in page
        assert "one mail late" in page
        browser_client.post(
            f"{address}close/", {"verdict": "worked", "happened": "60 came", "why": "Mail"}
        )
        assert Finding.objects.get().verdict == "worked"
        assert "60 came" in text(browser_client.get(address))
    late = browser_client.post(f"{address}protocol/", PLAN | {"smallest": "40"}, follow=True)
    assert "It’s locked" in text(late)
    assert Protocol.objects.get().smallest == 0.3
    assert browser_client.post(f"{address}dance/").status_code == 404
    assert browser_client.get("/experiments/999/").status_code == 404


def test_the_same_from_the_terminal(run, reminders):
    asked = ["--metric", "Sign-ups", "--change", "A mail", "--starts", "2026-03-23", "--if-up", "keep",
             "--if-unclear", "again", "--if-down", "stop"]  # fmt: skip
    assert "Saved" in run("experiment", "protocol", "reminders", *asked)
    assert "the chance of a clear result is" in run("experiment", "power", "reminders")
    assert "Locked" in run("experiment", "lock", "reminders")
    assert "Saved with" in run("experiment", "deviate", "reminders", "one mail late")
    assert "one mail late" in run("experiment", "show", "reminders")
    assert "It fell short" in run(
        "experiment", "close", "reminders", "not", "9 came", "--why", "Snow"
    )
    assert "Snow" in run("experiment")
    line = "trying food because people stay; it worked if 20 stay by 2026-06-01"
    assert "Saved: food" in run("experiment", "try", line)
    assert "Say it as" in run("experiment", "try", "food", code=1)
    assert "no experiment called" in run("experiment", "show", "zzz", code=1)


def test_each_way_asks_for_its_own_fields(browser_client, reminders):
    address = f"/experiments/{reminders.pk}/protocol/"
    assert 'name="metric"' not in text(browser_client.get(address))
    for way, field in (("weeks", "comparisons"), ("events", "planned"), ("versions", "planned")):
        page = text(browser_client.get(f"{address}?way={way}"))
        assert "reminders</textarea>" in page
        assert f'name="{field}"' in page
    assert "has no program" in text(browser_client.get(f"{address}?way=events"))
    assert browser_client.get(f"{address}?way=dance").status_code == 200


def test_versions_are_counted_on_the_page(browser_client, reminders):
    address = f"/experiments/{reminders.pk}/"
    plan = PLAN | {"way": "versions", "counted": "rate", "planned": "1000"}
    browser_client.post(f"{address}protocol/", plan)
    browser_client.post(f"{address}lock/")
    with clock.at(NOW + timedelta(weeks=2)):
        for changed, count in (("0", "20"), ("1", "60"), ("1", "")):
            done = browser_client.post(
                f"{address}tally/",
                {"changed": changed, "count": count, "shown": "300"},
                follow=True,
            )
        assert "How many, and to how many" in text(done)
        page = text(browser_client.get(address))
    assert "As usual 20 of 300, changed 60 of 300." in page
    assert "Not over yet" not in page


def test_an_event_says_which_arm_it_is_in(browser_client, reminders):
    address = f"/experiments/{reminders.pk}/"
    browser_client.post("/new/program/", {"name": "Meetups"})
    reminders.program = Program.objects.get(name="Meetups")
    reminders.save()
    plan = PLAN | {"way": "events", "counted": "attended", "planned": "12"}
    browser_client.post(f"{address}protocol/", plan)
    browser_client.post(f"{address}lock/")
    (event,) = write_down(
        OWNER, [NewActivity(title="Evening", kind="event", program="Meetups", day=date(2026, 4, 1),
                            status="planned")],
    )  # fmt: skip
    page = text(browser_client.get(f"/activities/{event.pk}/"))
    changed = event.trials.get().changed
    assert ("gets the change" if changed else "stays as usual") in page
    assert "the next one" in text(browser_client.get(address))


def test_versions_from_the_terminal(run, reminders):
    run("experiment", "protocol", "reminders", "--way", "versions", "--counted", "rate", "--planned",
        "1000", "--change", "A mail", "--starts", "2026-03-23", "--if-up", "keep", "--if-unclear",
        "again", "--if-down", "stop")  # fmt: skip
    assert "in 100 do it" in run("experiment", "power", "reminders")
    run("experiment", "lock", "reminders")
    assert "Nothing has come of it yet" in run("experiment", "show", "reminders")
    with clock.at(NOW + timedelta(weeks=2)):
        assert "usual or changed" in run(
            "experiment", "tally", "reminders", "new", "3", "9", code=1
        )
        run("experiment", "tally", "reminders", "usual", "20", "300")
        run("experiment", "tally", "reminders", "changed", "60", "300")
        assert "+200%" in run("experiment", "show", "reminders")
