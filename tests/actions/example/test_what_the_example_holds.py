"""The example's plate and numbers, by its own tables; clearing it; opening one's own logbook."""

import io
import json
import sys
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.errors import CannotError
from almanac.actions.example import metrics as numbers
from almanac.actions.example import own_logbook, play, workload
from almanac.actions.preferences import prefer
from almanac.actions.workload.time_off import plan_break
from almanac.record.models import (
    Activity,
    Break,
    Change,
    CheckIn,
    Measurement,
    Metric,
    Post,
    PostCount,
    Preference,
    Proposal,
    Request,
    Series,
    Target,
)
from almanac.record.queries import preferences, private
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)
MONDAY = date(2026, 3, 16)
BERLIN = ZoneInfo("Europe/Berlin")


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture
def plate(plan_event):
    plan_event("Keynote at a summit", kind="talk", days=60)
    workload.fill(OWNER, TODAY, BERLIN)


def test_requests_were_asked_and_answered_two_days_later(plate):
    told = {
        row.activity.title: (row.asked_on, row.answered_on, row.answer, row.hours_asked)
        for row in Request.objects.exclude(activity__kind="cfp")
    }
    assert told == {
        "A workshop for a partner's sales team": (ago(40), ago(38), "no", 14),
        "A chapter for somebody's book": (ago(33), ago(31), "not_yet", 30),
        "A panel at the autumn meetup": (ago(24), ago(22), "yes", 8),
        "A migration guide for every customer": (ago(19), ago(17), "smaller", 24),
    }
    assert Activity.objects.get(title__startswith="A migration").hours_planned == 8
    assert Activity.objects.get(title__startswith="A workshop").due == ago(10)
    panel = Activity.objects.get(title__startswith="A panel")
    assert (panel.status, panel.hours_spent, panel.day) == ("done", 8, ago(6))


def test_calls_were_decided_forty_days_later(plate):
    told = {row.activity.title: (row.decision, row.decided_on) for row in Proposal.objects.all()}
    assert told == {
        "CFP: a docs conference": ("accepted", ago(110)),
        "CFP: a cloud summit": ("rejected", ago(80)),
    }
    assert {row.asked_on for row in Request.objects.filter(activity__kind="cfp")} == {
        ago(150), ago(120),
    }  # fmt: skip


def test_the_keynote_takes_its_travel(plate):
    keynote = Activity.objects.get(title__startswith="Keynote")
    assert [(part.kind, part.days, part.hours) for part in keynote.parts.all()] == [
        ("travel", 2, None), ("recovery", 1, None), ("preparation", None, 6),
    ]  # fmt: skip
    assert preferences.value("limits") == {"doing": 3}
    assert private.value("logged") == "big"


def test_breaks_and_check_ins_lie_around_today(plate):
    assert [(each.first, each.last, each.words) for each in Break.objects.all()] == [
        (MONDAY - timedelta(weeks=16), MONDAY - timedelta(days=15 * 7 + 1), "the lake"),
        (MONDAY + timedelta(weeks=4), MONDAY + timedelta(days=5 * 7 + 4), "holidays"),
    ]
    assert [
        (each.week, each.load, each.recovery, each.say_no)
        for each in CheckIn.objects.order_by("week")
    ] == [
        (MONDAY - timedelta(weeks=6 - place), *answers)
        for place, answers in enumerate(workload.CHECK_INS)
    ]
    friday = CheckIn.objects.order_by("week").last().noted_at.astimezone(BERLIN)
    assert (friday.date(), friday.hour) == (MONDAY - timedelta(days=3), 17)


@pytest.fixture
def counted(plan_event):
    for number in range(3):
        plan_event(
            f"Docs, part {number}", kind="post", days=-100 + number, status="done", format=""
        )
    plan_event("Docs, part 9", kind="post", days=-2, status="done", format="")
    plan_event("A talk", kind="talk", days=-5, status="done")
    plan_event("Meetup", days=5)
    plan_event("A task", kind="task", days=-5, status="done")
    plan_event("Off", days=5, status="dropped")
    numbers.count(OWNER, TODAY)


def test_readers_are_counted_every_four_weeks_but_once(counted):
    metric = Metric.objects.get(name="Newsletter readers")
    found = {row.day: row.value for row in Measurement.objects.filter(metric=metric)}
    assert found == {
        TODAY - timedelta(days=28 * place + 2): number
        for place, number in enumerate(reversed(numbers.READERS))
        if place != 6
    }
    assert len(found) == 12
    assert (metric.measure, metric.cares, metric.unit) == ("stock", True, "readers")


def test_programs_have_targets_of_the_year(counted):
    told = {
        target.metric.name: (target.value, target.since, target.by)
        for target in Target.objects.all()
    }
    readers = told.pop("Newsletter readers")
    assert readers == (600, date(2026, 1, 1), TODAY + timedelta(days=150))
    year = (TODAY - timedelta(days=332), TODAY + timedelta(days=32))
    assert list(told.values()) == [(value, *year) for _, value, _, _ in numbers.TARGETS]
    assert set(Metric.objects.exclude(entry="").values_list("entry", flat=True)) == {
        *numbers.SWITCHED_ON,
        *(key for key, *_ in numbers.TARGETS),
    }


def test_a_series_has_its_views_up_to_yesterday(counted):
    assert Series.objects.get().name == numbers.SERIES
    assert [post.position for post in Post.objects.order_by("activity__day")] == [1, 2, 3, 4]
    first, *_, last = Activity.objects.filter(kind="post").order_by("day")
    views = {row.day: row.count for row in PostCount.objects.filter(post__activity=first)}
    assert views == {
        first.day + timedelta(days=age - 1): round(310 * share)
        for age, share in ((3, 0.35), (7, 0.55), (30, 1.0), (90, 1.4))
    }
    # Three days after it came out is today, which is not over.
    assert not PostCount.objects.filter(post__activity=last).exists()


def test_what_was_public_then_is_now(counted):
    shown = set(Activity.objects.filter(visibility="public").values_list("title", flat=True))
    assert shown == {"A talk", "Meetup", *(f"Docs, part {number}" for number in (0, 1, 2, 9))}


# One's own


def test_only_an_example_is_cleared(logbook):
    write_down(OWNER, [NewActivity("Mine")])
    for verb in (own_logbook.clear, own_logbook.begin_own):
        with pytest.raises(CannotError, match="your own logbook"):
            verb(OWNER)
    with pytest.raises(CannotError, match="needs an empty logbook"):
        play(OWNER, "Europe/Berlin")
    assert Activity.objects.get().title == "Mine"


def test_a_cleared_example_keeps_its_zone_and_nothing_else(logbook, monkeypatch):
    monkeypatch.delenv(own_logbook.OWN_HOME, raising=False)
    write_down(OWNER, [NewActivity("Theirs")])
    plan_break(OWNER, TODAY, TODAY)
    prefer(OWNER, example=True)
    assert own_logbook.begin_own(OWNER) == ""
    assert not Activity.objects.exists()
    assert not Break.objects.exists()
    assert dict(Preference.objects.values_list("key", "value")) == {
        "zone": "Europe/Berlin", "welcomed": True,
    }  # fmt: skip
    lines = Change.objects.order_by("pk")
    assert [(line.verb, line.undo) for line in lines] == [("clear_example", None), ("prefer", None)]
    assert lines[0].summary == "Cleared the example and started your own logbook"


@pytest.mark.parametrize("own", ["", "/somewhere/mine"])
def test_an_example_in_a_folder_of_its_own_is_left_and_ones_own_is_served(
    logbook, monkeypatch, own
):
    prefer(OWNER, example=True)
    monkeypatch.setenv(own_logbook.OWN_HOME, own)
    monkeypatch.setenv("ALMANAC_HOME", "/example")
    asked = {}

    def serve(command, **more):
        asked.update(more, command=command)
        answer = json.dumps({"link": "http://127.0.0.1/x"}, indent=1) + "\n"
        return SimpleNamespace(stdout=io.StringIO(answer))

    monkeypatch.setattr(own_logbook.subprocess, "Popen", serve)
    assert own_logbook.begin_own(OWNER) == "http://127.0.0.1/x"
    assert asked["command"] == [
        str(Path(sys.executable).with_name("almanac")), "serve", "--no-browser", "--json",
    ]  # fmt: skip
    assert own_logbook.OWN_HOME not in asked["env"]
    assert asked["env"].get("ALMANAC_HOME", "") == own
    assert preferences.value("example") is True

    monkeypatch.setattr(
        own_logbook.subprocess, "Popen", lambda *_, **__: SimpleNamespace(stdout=io.StringIO("{\n"))
    )
    with pytest.raises(CannotError, match="could not be opened"):
        own_logbook.begin_own(OWNER)
