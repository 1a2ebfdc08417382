"""Metrics and targets: limits, lines of the log, what undo brings back, and parts by hand."""

from datetime import date, timedelta

import pytest
from tests.conftest import NOW

from almanac.actions import metrics as verbs
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.actions.programs import begin_program
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Change, Measurement, Metric, MetricVersion, Program, Target
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)
LATER = NOW + timedelta(days=1)
END = date(2026, 12, 31)


def said():
    """The latest line of the log."""
    return Change.objects.order_by("-pk").first().summary


@pytest.fixture
def downloads(logbook):
    return verbs.begin_metric(OWNER, "Downloads", unit="downloads", definition="All of them.")


def test_a_metric_begins_with_its_first_version_and_is_undone(logbook):
    made = verbs.begin_metric(
        OWNER, "  Mail  readers ", definition="Addresses.", formula="count", program="Mail",
        measure="stock", direction="down", goal="Reach",
    )  # fmt: skip
    assert said() == "Created the metric “Mail readers”"
    assert (made.name, made.slug, made.measure, made.direction, made.goal) == (
        "Mail readers", "mail-readers", "stock", "down", "Reach",
    )  # fmt: skip
    assert (made.program.name, made.created_at, made.updated_at) == ("Mail", NOW, NOW)
    version = made.versions.get()
    assert (version.number, version.definition, version.formula) == (1, "Addresses.", "count")
    assert (version.since, version.created_at) == (date(1970, 1, 1), NOW)
    undo(OWNER)
    for model in (Metric, MetricVersion, Program):
        assert not model.objects.exists()


def test_metrics_that_cannot_begin(downloads):
    for name, more, why in (
        (" ", {}, "needs a name"), ("DOWNLOADS", {}, "already"), ("A", {"size": 3}, "has no size"),
        ("A", {"direction": "left"}, "up, down or neither"), ("A", {"measure": "m"}, "adds up"),
    ):  # fmt: skip
        with pytest.raises(CannotError, match=why):
            verbs.begin_metric(OWNER, name, **more)
    assert len(verbs.begin_metric(OWNER, "n" * 121).name) == 120
    assert len(verbs.begin_metric(OWNER, "m" * 120).slug) == 70


def test_a_metric_of_the_catalogue_is_switched_on_off_and_on(logbook):
    with pytest.raises(CannotError, match="has no “nothing”"):
        verbs.switch_on(OWNER, "nothing")
    made = verbs.switch_on(OWNER, "talks-given")
    assert said() == f"Switched on “{made.name}”"
    assert made.versions.get().definition
    lines = Change.objects.count()
    verbs.switch_on(OWNER, "talks-given")
    assert Change.objects.count() == lines
    verbs.set_details(OWNER, made, closed=True)
    assert verbs.switch_on(OWNER, "talks-given").closed is False
    assert Metric.objects.count() == 1


def test_details_are_changed_and_undone(downloads):
    with clock.at(LATER):
        verbs.set_details(OWNER, downloads, name="Installs", goal="Reach")
        assert said() == "Changed name and goal of the metric “Installs”"
        downloads.refresh_from_db()
        assert (downloads.name, downloads.goal, downloads.updated_at) == (
            "Installs", "Reach", LATER,
        )  # fmt: skip
        undo(OWNER)
    downloads.refresh_from_db()
    assert (downloads.name, downloads.goal, downloads.updated_at) == ("Downloads", "", NOW)
    lines = Change.objects.count()
    verbs.set_details(OWNER, downloads, name="Downloads")
    assert Change.objects.count() == lines


def test_details_that_cannot_be(downloads):
    verbs.begin_metric(OWNER, "Stars")
    for more, why in (
        ({"name": " "}, "needs a name"), ({"name": "stars"}, "already"), ({"size": 1}, "no size"),
    ):  # fmt: skip
        with pytest.raises(CannotError, match=why):
            verbs.set_details(OWNER, downloads, **more)
    assert verbs.set_details(OWNER, downloads, name="downloads").name == "downloads"


def test_a_definition_is_redefined_and_undone(downloads):
    made = verbs.redefine(OWNER, downloads, " Without bots. ", " a - b ")
    assert said() == "Changed the definition of “Downloads” from 18 Mar 2026 (version 2)"
    assert (made.number, made.definition, made.formula) == (2, "Without bots.", "a - b")
    assert (made.since, made.created_at) == (TODAY, NOW)
    with pytest.raises(CannotError, match="choose a later day"):
        verbs.redefine(OWNER, downloads, "Again.", since=TODAY)
    with pytest.raises(CannotError, match="What does it mean"):
        verbs.redefine(OWNER, downloads, " ", since=END)
    undo(OWNER)
    assert downloads.versions.count() == 1


def test_a_value_is_measured_with_its_origin(downloads):
    made = verbs.measure(OWNER, downloads, 3.5, label="npm", origin="o" * 201)
    assert said() == "“Downloads” was 3.5 on 18 Mar 2026"
    assert (made.value, made.day, made.label, made.noted_at) == (3.5, TODAY, "npm", NOW)
    assert made.origin == "o" * 200
    assert verbs.measure(OWNER, downloads, 3.5, label="npm") == made
    other = verbs.measure(OWNER, downloads, 4)
    assert (other.label, other.origin) == ("", "you said")
    with clock.at(LATER):
        verbs.measure(OWNER, downloads, 5, TODAY)
    other.refresh_from_db()
    assert other.replaced_at == LATER
    assert Measurement.objects.filter(replaced_at=None).count() == 2


def test_many_values_are_noted_at_once(downloads):
    verbs.measure(OWNER, downloads, 1, TODAY)
    yesterday = TODAY - timedelta(days=1)
    with verb(OWNER, "test") as line:
        values = [(yesterday, 7.0), (yesterday, 8.0), (TODAY, 2.0)]
        made, corrected = verbs.note(line, downloads, values, "", "file")
        assert ([row.value for row in made], corrected) == ([8.0, 2.0], 1)
        assert verbs.note(line, downloads, values[1:], "", "file") == ([made[1]], 0)
        assert verbs.note(line, downloads, [], "", "file") == ([], 0)
    undo(OWNER)
    assert [(row.value, row.replaced_at) for row in Measurement.objects.all()] == [(1.0, None)]


@pytest.mark.parametrize(
    ("value", "day", "fits"),
    [
        (1e15, TODAY, True), (-1e15, TODAY, True), (1.0001e15, TODAY, False),
        (1, date(1970, 1, 1), True), (1, date(1969, 12, 31), False),
        (1, date(2100, 12, 31), True), (1, date(2101, 1, 1), False),
    ],
)  # fmt: skip
def test_values_and_days_at_their_limits(downloads, value, day, fits):
    if fits:
        verbs.measure(OWNER, downloads, value, day)
    else:
        with pytest.raises(CannotError):
            verbs.measure(OWNER, downloads, value, day)
    assert Measurement.objects.exists() is fits


def test_a_target_is_kept_with_what_it_is_for(downloads):
    made = verbs.aim(OWNER, downloads, 1000, END, why="w" * 301, program="Docs")
    assert said() == "Set a target for “Downloads”: 1,000 by 31 Dec 2026"
    assert (made.since, made.by, made.value) == (date(2026, 1, 1), END, 1000)
    assert (made.why, made.program.name) == ("w" * 300, "Docs")
    assert (made.created_at, made.updated_at, made.dropped) == (NOW, NOW, False)
    undo(OWNER)
    assert not Target.objects.exists()


def test_a_target_belongs_to_the_program_of_its_metric(logbook):
    program = begin_program(OWNER, "Docs")
    metric = verbs.begin_metric(OWNER, "Reads", program="Docs")
    assert verbs.aim(OWNER, metric, 3, END).program == program


def test_when_a_target_may_begin_and_end(downloads):
    assert verbs.aim(OWNER, downloads, 1, TODAY).by == TODAY
    assert verbs.aim(OWNER, downloads, 1, TODAY, since=TODAY).since == TODAY
    for by, since, why in (
        (TODAY - timedelta(days=1), None, "is past"), (TODAY, END, "begins before it ends"),
    ):  # fmt: skip
        with pytest.raises(CannotError, match=why):
            verbs.aim(OWNER, downloads, 1, by, since=since)
    with pytest.raises(CannotError, match="plain number"):
        verbs.aim(OWNER, downloads, float("nan"), END)
    assert Target.objects.count() == 2


def test_a_target_is_changed_dropped_and_undone(downloads):
    made = verbs.aim(OWNER, downloads, 1000, END, since=TODAY)
    with clock.at(LATER):
        verbs.change_target(OWNER, made, value=900, why="Less")
        assert said() == "Changed the target of “Downloads”"
        made.refresh_from_db()
        assert (made.value, made.why, made.updated_at) == (900, "Less", LATER)
        undo(OWNER)
    made.refresh_from_db()
    assert (made.value, made.why, made.updated_at) == (1000, "", NOW)
    lines = Change.objects.count()
    verbs.change_target(OWNER, made, value=1000)
    assert Change.objects.count() == lines
    assert verbs.change_target(OWNER, made, by=TODAY).by == TODAY
    with pytest.raises(CannotError, match="begins before it ends"):
        verbs.change_target(OWNER, made, by=TODAY - timedelta(days=1))
    with pytest.raises(CannotError, match="has no metric"):
        verbs.change_target(OWNER, made, metric=None)
    verbs.drop_target(OWNER, made)
    assert Target.objects.get().dropped


def test_sixty_per_cent_of_a_share_is_a_part_of_one(logbook):
    share = verbs.switch_on(OWNER, "show-rate")
    plain = verbs.begin_metric(OWNER, "Downloads")
    assert verbs.read_value(share, "60%") == pytest.approx(0.6)
    assert verbs.read_value(share, "0.6") == pytest.approx(0.6)
    assert verbs.read_value(plain, "60%") == 60


def parts_of(metric, value, by, since, step="quarter"):
    return verbs.break_down(OWNER, verbs.aim(OWNER, metric, value, by, since=since), step)


def test_parts_of_a_sum_are_in_proportion_to_their_days(logbook):
    """15 February to 30 June: 45 days to the end of March, then 91 more."""
    metric = verbs.begin_metric(OWNER, "Hours", whole=False)
    parts = parts_of(metric, 136, date(2026, 6, 30), date(2026, 2, 15))
    assert said() == "Split the target of “Hours” by quarter"
    assert [(part.since, part.by) for part in parts] == [
        (date(2026, 2, 15), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30)),
    ]  # fmt: skip
    assert [part.value for part in parts] == pytest.approx([45, 91])
    assert {part.whole_target.value for part in Target.objects.filter(dropped=False)
            if part.whole_target} == {136}  # fmt: skip
    assert {(part.created_at, part.updated_at) for part in parts} == {(NOW, NOW)}
    undo(OWNER)
    assert Target.objects.count() == 1


def test_parts_of_a_whole_number_are_whole_and_add_up(logbook):
    metric = verbs.begin_metric(OWNER, "Posts", whole=True)
    parts = parts_of(metric, 10, date(2026, 6, 30), date(2026, 2, 15), "month")
    # Of 136 days 14, 45, 75, 106 and 136 are over by the ends of the months.
    assert [part.value for part in parts] == [1, 2, 3, 2, 2]
    assert [part.by.month for part in parts] == [2, 3, 4, 5, 6]


def test_parts_of_what_stands_lie_on_the_way_from_where_it_stood(logbook):
    metric = verbs.begin_metric(OWNER, "Readers", measure="stock")
    for day, value in ((date(2026, 1, 1), 40), (date(2026, 2, 15), 50), (date(2026, 3, 1), 90)):
        verbs.measure(OWNER, metric, value, day)
    parts = parts_of(metric, 186, date(2026, 6, 30), date(2026, 2, 15))
    assert [part.value for part in parts] == pytest.approx([50 + 45, 186])
    fresh = verbs.begin_metric(OWNER, "Followers", measure="stock")
    verbs.measure(OWNER, fresh, 50, date(2026, 3, 1))
    assert [part.value for part in parts_of(fresh, 186, date(2026, 6, 30), date(2026, 2, 15))] == (
        pytest.approx([95, 186])
    )


def test_parts_of_a_rate_are_all_of_it(logbook):
    metric = verbs.begin_metric(OWNER, "Share", measure="rate")
    parts = parts_of(metric, 0.6, date(2026, 6, 30), date(2026, 2, 15))
    assert [part.value for part in parts] == [0.6, 0.6]


def test_breaking_down_again_drops_the_earlier_parts(downloads):
    whole = verbs.aim(OWNER, downloads, 1000, END)
    first = verbs.break_down(OWNER, whole, "quarter")
    verbs.break_down(OWNER, whole, "month")
    assert Target.objects.filter(dropped=True).count() == 4
    assert whole.parts.filter(dropped=False).count() == 12
    undo(OWNER)
    assert set(whole.parts.filter(dropped=False)) == set(first)
    with pytest.raises(CannotError, match="by quarter or by month"):
        verbs.break_down(OWNER, whole, "week")
    with pytest.raises(CannotError, match="not broken down further"):
        verbs.break_down(OWNER, first[0], "month")
