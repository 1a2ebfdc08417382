"""Metrics, measurements and targets through their verbs."""

from datetime import date, timedelta

import pytest
from tests.factories import past

from almanac.actions import metrics as verbs
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.answers.metrics import metric_values
from almanac.answers.metrics.catalogue import ENTRIES, catalogue
from almanac.answers.metrics.metric_pages import choose, goals, metric_page, metrics
from almanac.answers.metrics.targets import progress
from almanac.core.metrics.target_chance import Course
from almanac.record.models import Measurement, Metric
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)


def test_every_entry_of_the_catalogue_is_whole():
    assert len([key for key in ENTRIES if ENTRIES[key].source != "this logbook"]) == 30
    for entry in ENTRIES.values():
        assert entry.definition.endswith(".")
        assert entry.formula
        assert entry.traps.endswith(".")
        assert not (entry.needs and entry.feed)


def test_composite_and_per_person_metrics_stay_off_unless_asked_for(logbook):
    usual = {e.entry.key for _, _, group in catalogue(OWNER) for e in group}
    every = {e.entry.key for _, _, group in catalogue(OWNER, delicate=True) for e in group}

    assert {"love", "gravity", "presence"} <= every - usual
    assert every == set(ENTRIES)


@pytest.mark.parametrize("key", [k for k, e in ENTRIES.items() if e.feed])
def test_everything_the_record_feeds_can_be_switched_on_and_read(logbook, held, key):
    held(past(ago=60, signups=30, attended=20), past(ago=30, signups=34), interested=(90, 80))
    metric = verbs.switch_on(OWNER, key)

    assert verbs.switch_on(OWNER, key) == metric
    assert metric_page(OWNER, metric.slug) is not None


def test_what_needs_interactions_is_not_switched_on(logbook):
    with pytest.raises(CannotError, match="needs interactions"):
        verbs.switch_on(OWNER, "gravity")


def test_a_week_in_which_nobody_counted_is_a_gap_and_one_without_events_a_zero(held):
    held(past(ago=21, signups=30, attended=20), past(ago=7, signups=30))
    metric = verbs.switch_on(OWNER, "attendees")

    weeks = metric_values.values_of(metric).by(metric_values.WEEK, TODAY)

    assert [week.value for week in weeks] == [20, 0, None]


def test_a_rate_is_of_sums_and_never_a_mean_of_rates(held):
    held(past(ago=21, signups=100, attended=10), past(ago=20, signups=10, attended=9))
    metric = verbs.switch_on(OWNER, "show-rate")

    (week,) = [
        w
        for w in metric_values.values_of(metric).by(metric_values.WEEK, TODAY)
        if w.value is not None
    ]

    assert week.value == pytest.approx(19 / 110)


def test_a_rate_with_nothing_to_divide_by_has_no_value(held):
    held(past(ago=21, signups=0, attended=0))
    metric = verbs.switch_on(OWNER, "show-rate")

    assert metric_values.values_of(metric).days == ()


def test_a_late_correction_keeps_the_old_value_and_undo_brings_it_back(logbook):
    metric = verbs.begin_metric(OWNER, "Downloads")
    verbs.measure(OWNER, metric, 100, TODAY)
    verbs.measure(OWNER, metric, 120, TODAY)

    def values():
        return [(row.value, row.replaced_at is None) for row in Measurement.objects.order_by("id")]

    assert values() == [(100.0, False), (120.0, True)]
    undo(OWNER)
    assert values() == [(100.0, True)]


def test_the_same_value_twice_is_one_row(logbook):
    metric = verbs.begin_metric(OWNER, "Downloads")
    verbs.measure(OWNER, metric, 100, TODAY)
    verbs.measure(OWNER, metric, 100, TODAY)

    assert Measurement.objects.count() == 1


def test_labels_stand_apart_and_gaps_stay_gaps(logbook):
    metric = verbs.begin_metric(OWNER, "Followers", measure="stock")
    for label, value in (("Mastodon", 10), ("Bluesky", 90)):
        verbs.measure(OWNER, metric, value, TODAY - timedelta(days=40), label=label)
    verbs.measure(OWNER, metric, 95, TODAY - timedelta(days=10), label="Bluesky")

    assert metric_values.labels_of(metric) == ["Bluesky", "Mastodon"]
    page = metric_page(OWNER, metric.slug, "Bluesky")
    assert [period.value for period in page.periods] == [90, None, None, None, 95, None]


def test_a_metric_counted_from_the_record_is_not_measured_by_hand(logbook):
    metric = verbs.switch_on(OWNER, "talks-given")

    with pytest.raises(CannotError, match="counted from your logbook"):
        verbs.measure(OWNER, metric, 3)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300])
def test_values_that_are_no_numbers_are_refused(logbook, value):
    metric = verbs.begin_metric(OWNER, "Downloads")

    with pytest.raises(CannotError, match="plain number"):
        verbs.measure(OWNER, metric, value)


def test_a_changed_definition_is_a_new_version_from_a_later_day_on(logbook):
    metric = verbs.begin_metric(OWNER, "Active", definition="Who wrote.")
    verbs.redefine(OWNER, metric, "Who wrote or read.", since=date(2026, 2, 1))

    assert [(v.number, v.definition) for v in metric.versions.all()] == [
        (1, "Who wrote."),
        (2, "Who wrote or read."),
    ]
    with pytest.raises(CannotError, match="choose a later day"):
        verbs.redefine(OWNER, metric, "Again", since=date(2026, 1, 1))


def test_a_target_in_the_past_is_refused_and_one_that_ended_is_judged(logbook):
    metric = verbs.begin_metric(OWNER, "Downloads")
    with pytest.raises(CannotError, match="is past"):
        verbs.aim(OWNER, metric, 10, date(2026, 1, 1))
    target = verbs.aim(OWNER, metric, 10, TODAY, since=date(2026, 3, 1))
    for n in range(1, 18):
        verbs.measure(OWNER, metric, 1, date(2026, 3, n))

    found = progress(target, today=date(2026, 4, 2))

    assert found.outlook.course in {Course.REACHED, Course.MISSED}
    assert "Can’t tell" not in found.sentence


def test_parts_add_up_to_the_whole_and_lie_on_the_way_of_a_level(logbook):
    flow = verbs.begin_metric(OWNER, "Downloads")
    stock = verbs.begin_metric(OWNER, "Followers", measure="stock")
    parts = verbs.break_down(OWNER, verbs.aim(OWNER, flow, 1000, date(2026, 12, 31)), "month")
    steps = verbs.break_down(OWNER, verbs.aim(OWNER, stock, 400, date(2026, 12, 31)), "quarter")

    assert (len(parts), sum(part.value for part in parts)) == (12, 1000)
    assert all(float(part.value).is_integer() for part in parts)
    assert [round(step.value) for step in steps] == [99, 198, 299, 400]
    with pytest.raises(CannotError, match="does not last longer"):
        verbs.break_down(
            OWNER, verbs.aim(OWNER, flow, 9, date(2026, 3, 30), since=date(2026, 3, 1)), "month"
        )


def test_goals_share_hours_as_far_as_they_were_noted(logbook, plan_event):
    from almanac.actions.programs import change_program

    for program, goal, hours in (("A", "Adoption", 30), ("B", "Trust", 10)):
        event = plan_event(program=program, days=-5, status="done", hours=hours)
        change_program(OWNER, event.program, goal=goal)

    found = goals(OWNER, date(2026, 1, 1), TODAY)

    assert [(each.goal, each.share) for each in found] == [("Adoption", 0.75), ("Trust", 0.25)]


def test_choosing_ranks_by_what_could_be_seen_in_time(logbook):
    steady, wild = (verbs.begin_metric(OWNER, name) for name in ("Steady", "Wild"))
    for week in range(60):
        day = TODAY - timedelta(weeks=week + 1)
        verbs.measure(OWNER, steady, 400 + week % 3, day)
        verbs.measure(OWNER, wild, 5 + (week * 37) % 400, day)

    found = choose(OWNER, 0.1, 8)

    assert [c.metric.name for c in found] == ["Steady", "Wild"]
    assert (found[0].weeks, found[1].weeks) == (4, None)


def test_the_list_shows_half_a_year_and_how_fresh_it_is(logbook):
    metric = verbs.begin_metric(OWNER, "Downloads")
    verbs.measure(OWNER, metric, 100, TODAY - timedelta(days=9))

    (line,) = metrics(OWNER)

    assert (line.days_old, line.latest.value) == (9, 100.0)
    assert Metric.objects.get() == metric
