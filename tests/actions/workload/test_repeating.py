"""What repeats becomes activities some weeks ahead, by the clock of its zone, each once."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, change_activity, set_status
from almanac.actions.capture import capture, understand, understand_new_rule
from almanac.actions.errors import CannotError
from almanac.actions.imports.carrying_out import carry_out
from almanac.actions.keeping.undo import undo
from almanac.actions.playbooks.playbooks import write_playbook
from almanac.actions.preferences import prefer
from almanac.actions.workload.calendar_feed import calendar
from almanac.actions.workload.occurrences import (
    Occurrences,
    cancel_occurrences,
    change_occurrences,
    change_rule,
    skip_days,
)
from almanac.actions.workload.repeating import make_ahead, repeat
from almanac.answers.imports.reading_files import plan, read
from almanac.answers.log.calendar import calendar_items
from almanac.answers.workload.overview import drawn
from almanac.core.recurrence import Recurrence
from almanac.record.infra import clock
from almanac.record.models import Activity, Change, Part, Program, Repeating
from almanac.record.models.recurring import AHEAD_DAYS
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document

TODAY = NOW.date()
"""Wednesday 18 March 2026; clocks in Berlin go forward on 29 March."""


@pytest.fixture(autouse=True)
def berlin(logbook):
    prefer(OWNER, zone="Europe/Berlin")


def said(text):
    (item,), _ = understand(OWNER, text)
    return capture(OWNER, [item])


def rows(**narrow):
    return list(Activity.objects.filter(repeating__isnull=False, **narrow).order_by("slot"))


def test_eight_weeks_are_made_at_the_same_time_of_day_on_both_sides_of_a_clock_change():
    made = said("Small group every Tuesday and Thursday at 17:00 until June")
    assert [row.day for row in made[:3]] == [
        date(2026, 3, 19),
        date(2026, 3, 24),
        date(2026, 3, 26),
    ]
    assert {f"{row.local_start:%H:%M}" for row in made} == {"17:00"}
    assert {row.starts_at.astimezone(UTC).hour for row in made} == {16, 15}
    assert made[-1].day <= TODAY + timedelta(days=AHEAD_DAYS + 1)
    assert {row.kind for row in made} == {"event"}


def test_more_are_made_as_weeks_go_by_each_once_and_to_the_end():
    said("Group every Tuesday at 17:00 until 30 June")
    first = len(rows())
    assert make_ahead(OWNER) == 0
    for week in range(1, 20):
        with clock.at(NOW + timedelta(weeks=week)):
            make_ahead(OWNER)
            assert make_ahead(OWNER) == 0
    days = [row.slot for row in rows()]
    assert first < len(days) == len(set(days)) == 15
    assert days == Repeating.objects.get().recurrence.between(TODAY, date(2026, 12, 31))


def test_three_groups_then_a_space():
    made = said("Three groups every Tuesday at 17:00, then a Space")
    assert [(row.title, row.day) for row in made] == [
        ("groups", date(2026, 3, 24)), ("groups", date(2026, 3, 31)), ("groups", date(2026, 4, 7)),
        ("Space", date(2026, 4, 14)),
    ]  # fmt: skip
    assert made[-1].kind == "stream"
    assert f"{made[-1].local_start:%H:%M}" == "17:00"
    assert made[-1].repeating is None
    with pytest.raises(CannotError, match="Say until when"):
        said("Group every Tuesday at 17:00, then a Space")


def test_each_occurrence_has_the_steps_of_the_playbook():
    said("Evenings: start")
    Program.objects.create(name="Groups", slug="groups", created_at=NOW, updated_at=NOW)
    write_playbook(
        OWNER, Program.objects.get(name="Groups"), "## Steps\n\n- T-3 days: write (1h)\n", "so"
    )
    made = said("Groups: small group every Tuesday at 17:00 for 4 weeks")
    assert [part.day for part in Part.objects.order_by("day")] == [
        row.day - timedelta(days=3) for row in made
    ]


def test_planning_is_undone_in_one_go_also_after_more_were_made():
    said("Group every Tuesday at 17:00")
    with clock.at(NOW + timedelta(weeks=3)):
        make_ahead(OWNER)
        undo(OWNER)
    assert (Activity.objects.count(), Repeating.objects.count()) == (0, 0)


def test_undo_keeps_what_has_taken_place():
    said("Group every Tuesday at 17:00")
    with clock.at(NOW + timedelta(weeks=12)):
        make_ahead(OWNER)
        late = rows()[-1]
        with clock.at(late.starts_at + timedelta(hours=2)):
            set_status(OWNER, late, "done")
            planned = Change.objects.get(verb="repeat")
            with pytest.raises(CannotError, match="taken place"):
                undo(OWNER, planned)
    assert Repeating.objects.exists()


def test_what_is_done_or_over_can_not_be_planned_to_repeat():
    weekly = Recurrence("FREQ=WEEKLY;BYDAY=TU", TODAY)
    with pytest.raises(CannotError, match="still ahead"):
        repeat(OWNER, NewActivity("Group", status="done"), weekly)
    with pytest.raises(CannotError, match="days are over"):
        repeat(
            OWNER,
            NewActivity("Group", status="planned"),
            Recurrence("FREQ=DAILY;COUNT=2", date(2026, 1, 1)),
        )
    with pytest.raises(CannotError, match="title"):
        repeat(OWNER, NewActivity(" ", status="planned"), weekly)
    assert not Repeating.objects.exists()


# Changed


def moved(row, **more):
    moment = row.local_start + timedelta(**more)
    return (moment, moment.date(), row.zone)


def test_this_one_leaves_the_others():
    said("Group every Tuesday at 17:00")
    second = rows()[1]
    cancel_occurrences(OWNER, second, Occurrences.THIS)
    assert [row.status for row in rows()[:3]] == ["planned", "dropped", "planned"]
    with clock.at(NOW + timedelta(weeks=2)):
        make_ahead(OWNER)
    assert [row.status for row in rows()].count("dropped") == 1


def test_from_here_on_another_hour_and_title():
    said("Group every Tuesday at 17:00")
    third = rows()[2]
    change_occurrences(
        OWNER, third, Occurrences.ONWARD, start=moved(third, hours=1), title="Circle"
    )
    assert [(row.title, f"{row.local_start:%H:%M}") for row in rows()[:4]] == [
        ("Group", "17:00"), ("Group", "17:00"), ("Circle", "18:00"), ("Circle", "18:00"),
    ]  # fmt: skip
    with clock.at(NOW + timedelta(weeks=2)):
        make_ahead(OWNER)
    assert (rows()[-1].title, f"{rows()[-1].local_start:%H:%M}") == ("Circle", "18:00")
    undo(OWNER)
    assert {row.title for row in rows()} >= {"Group"}


def test_from_here_on_another_day_moves_that_weekday_alone():
    said("Group every Tuesday and Thursday at 17:00")
    tuesday = next(row for row in rows() if row.slot == date(2026, 3, 31))
    change_occurrences(OWNER, tuesday, Occurrences.ONWARD, start=moved(tuesday, days=1))
    days = [row.day for row in rows()]
    assert days[:5] == [date(2026, 3, n) for n in (19, 24, 26)] + [
        date(2026, 4, 1),
        date(2026, 4, 2),
    ]
    with clock.at(NOW + timedelta(weeks=3)):
        make_ahead(OWNER)
    assert {day.weekday() for day in (row.day for row in rows()[4:])} == {2, 3}
    with pytest.raises(CannotError, match="already"):
        change_occurrences(OWNER, rows()[4], Occurrences.ONWARD, start=moved(rows()[4], days=-1))


def test_the_first_monday_becomes_the_second_tuesday():
    said("Office hours first Monday of the month at 10:00")
    first = rows()[0]
    change_occurrences(OWNER, first, Occurrences.ALL, start=moved(first, days=8))
    assert [row.day for row in rows()] == [date(2026, 4, 14), date(2026, 5, 12), date(2026, 6, 9)]
    assert Repeating.objects.get().rule == "FREQ=MONTHLY;BYDAY=2TU"


def test_one_that_was_moved_by_hand_keeps_its_day_and_its_own_title():
    said("Group every Tuesday at 17:00")
    second, third = rows()[1:3]
    own = second.day + timedelta(days=2)
    change_activity(OWNER, second, start=moved(second, days=2), title="Special group")
    change_occurrences(
        OWNER, rows()[0], Occurrences.ALL, start=moved(rows()[0], hours=1), title="Circle"
    )
    kept, other = Activity.objects.get(pk=second.pk), Activity.objects.get(pk=third.pk)
    assert (kept.title, kept.day, f"{kept.local_start:%H:%M}") == (
        "Special group",
        own,
        "18:00",
    )
    assert (other.title, f"{other.local_start:%H:%M}") == ("Circle", "18:00")


def test_one_moved_to_another_hour_of_its_day_stays_there_too():
    said("Group every Tuesday at 17:00")
    second = rows()[1]
    change_activity(OWNER, second, start=moved(second, hours=2))
    change_occurrences(OWNER, rows()[0], Occurrences.ALL, start=moved(rows()[0], hours=-8))
    change_rule(OWNER, rows()[0], Recurrence("FREQ=WEEKLY;BYDAY=TH", rows()[0].slot))
    kept = Activity.objects.get(pk=second.pk)
    assert (f"{kept.local_start:%H:%M}", kept.status) == ("19:00", "planned")


def test_the_log_says_what_changed_of_how_many():
    said("Group every Tuesday at 17:00")
    fourth = rows()[3]
    change_occurrences(OWNER, fourth, Occurrences.ONWARD, start=moved(fourth, hours=1))
    assert Change.objects.latest("id").summary == f"Changed time of {len(rows()) - 3} of “Group”"
    undo(OWNER)
    change_occurrences(OWNER, rows()[0], Occurrences.ALL, start=moved(rows()[0], days=1))
    assert "Changed day of" in Change.objects.latest("id").summary


def test_a_rule_with_a_time_moves_the_hour_and_keeps_the_end():
    said("Group every Tuesday at 17:00 until 30 June 2026")
    second = rows()[1]
    change_activity(OWNER, second, start=moved(second, hours=2))
    found = understand_new_rule(OWNER, rows()[0], "every Tuesday and Friday at 18:30-19:15")
    change_rule(OWNER, rows()[0], found.recurrence, at=found.clock)
    repeating = Activity.objects.get(pk=second.pk).repeating
    assert (repeating.recurrence["UNTIL"], f"{repeating.starts:%H:%M}", repeating.minutes) == (
        "20260630",
        "18:30",
        45,
    )
    times = {f"{row.local_start:%H:%M}" for row in rows(status="planned") if row.pk != second.pk}
    assert times == {"18:30"}
    assert f"{Activity.objects.get(pk=second.pk).local_start:%H:%M}" == "19:00"
    undo(OWNER)
    assert {f"{row.local_start:%H:%M}" for row in rows(status="planned")} == {"17:00", "19:00"}
    endless = understand_new_rule(OWNER, rows()[0], "every Tuesday, no end")
    change_rule(OWNER, rows()[0], endless.recurrence, endless=endless.endless)
    assert Activity.objects.get(pk=second.pk).repeating.recurrence["UNTIL"] == ""


@pytest.mark.parametrize(
    ("line", "rule", "first"),
    [
        ("Office hours first Monday of the month at 10:00", "first Thursday of the month", "2026-04-02"),
        ("Group every Friday at 17:00", "every Thursday", "2026-03-19"),
        ("Group every Friday at 17:00", "every Tuesday", "2026-03-24"),
    ],
)  # fmt: skip
def test_another_rule_begins_in_the_same_week_or_month(line, rule, first):
    """Seen from Wednesday 18 March 2026; what would be over already is not planned."""
    said(line)
    found = understand_new_rule(OWNER, rows()[0], rule)
    change_rule(OWNER, rows()[0], found.recurrence)
    assert str(rows(status="planned")[0].day) == first


def test_ending_it_from_here_on_and_undoing_that():
    said("Group every Tuesday at 17:00")
    assert cancel_occurrences(OWNER, rows()[3], Occurrences.ONWARD) == len(rows()) - 3
    with clock.at(NOW + timedelta(weeks=9)):
        assert make_ahead(OWNER) == 0
    undo(OWNER)
    assert {row.status for row in rows()} == {"planned"}
    with clock.at(NOW + timedelta(weeks=9)):
        assert make_ahead(OWNER) > 0


def test_all_leaves_what_has_begun():
    said("Group every Tuesday at 17:00")
    with clock.at(NOW + timedelta(days=10)):
        cancel_occurrences(OWNER, rows()[3], Occurrences.ALL)
    assert [row.status for row in rows()[:3]] == ["planned", "dropped", "dropped"]


def test_another_rule_from_here_on():
    said("Group every Tuesday at 17:00")
    third = rows()[2]
    change_rule(OWNER, third, Recurrence("FREQ=WEEKLY;BYDAY=TU,FR", third.slot))
    planned = [row.slot for row in rows(status="planned")]
    assert planned[:5] == [
        date(2026, 3, 24),
        date(2026, 3, 31),
        date(2026, 4, 7),
        date(2026, 4, 10),
        date(2026, 4, 14),
    ]
    change_rule(OWNER, third, Recurrence("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", third.slot))
    assert date(2026, 4, 14) not in [row.slot for row in rows(status="planned")]
    undo(OWNER)
    assert [row.slot for row in rows(status="planned")][:5] == planned[:5]


def test_holidays_are_skipped_and_stay_so():
    said("Group every Tuesday at 17:00")
    assert skip_days(OWNER, date(2026, 4, 6), date(2026, 5, 30)) > 0
    with clock.at(NOW + timedelta(weeks=4)):
        make_ahead(OWNER)
    assert not [
        row for row in rows(status="planned") if date(2026, 4, 6) <= row.slot <= date(2026, 5, 30)
    ]


def test_a_time_the_clocks_leave_out_is_an_hour_later():
    made = said("Night call every Sunday at 02:30")
    assert [f"{row.local_start:%d %H:%M}" for row in made[:3]] == [
        "22 02:30",
        "29 03:30",
        "05 02:30",
    ]


def test_change_of_what_does_not_repeat(plan_event):
    with pytest.raises(CannotError, match="does not repeat"):
        cancel_occurrences(OWNER, plan_event(), Occurrences.ALL)


def test_a_line_of_the_log_says_how_many():
    said("Group every Tuesday at 17:00 for 3 weeks")
    assert Change.objects.filter(verb="repeat").get().summary == "Planned 3 of “Group”"


def test_moments_are_exact():
    made = said("Group every Tuesday at 17:00-18:30")
    assert made[0].starts_at == datetime(2026, 3, 24, 16, tzinfo=UTC)
    assert {row.ends_at - row.starts_at for row in made} == {timedelta(minutes=90)}


def test_the_same_series_from_a_calendar_joins_it(tmp_path):
    said("Small group every Tuesday at 17:00")
    third, fourth = rows()[2:4]
    change_activity(OWNER, third, start=moved(third, days=2))
    cancel_occurrences(OWNER, fourth, Occurrences.THIS)
    before = [(row.pk, row.day, row.status) for row in rows()]
    text = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\nBEGIN:VEVENT\nUID:abc@x\nDTSTAMP:20260301T000000Z\n"
        "DTSTART;TZID=Europe/Berlin:20260324T170000\nDTEND;TZID=Europe/Berlin:20260324T180000\n"
        "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=6\nSUMMARY:small  group\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    document = Document("g.ics", text.encode())
    for _ in range(2):
        carry_out(OWNER, plan(OWNER, "g.ics", read(OWNER, document)))
        assert [(row.pk, row.day, row.status) for row in rows()] == before
    assert Activity.objects.count() == len(before)
    assert {row.ends_at - row.starts_at for row in rows()[:2]} == {timedelta(hours=1)}


# A year of it


def state():
    """Everything a change of what repeats may touch."""
    rows_ = list(
        Activity.objects.order_by("pk").values_list(
            "pk", "title", "day", "starts_at", "status", "slot", "program_id"
        )
    )
    rules_ = list(
        Repeating.objects.order_by("pk").values_list(
            "pk", "rule", "first", "starts", "skipped", "title"
        )
    )
    return rows_, rules_, sorted(Part.objects.values_list("activity_id", "title", "day"))


def one_change(chance, ahead):
    """A change somebody might make at a random occurrence that is ahead."""
    row = chance.choice(ahead)
    which = chance.choice([Occurrences.ONWARD, Occurrences.ALL])
    return chance.choice([
        lambda: change_activity(OWNER, row, start=moved(row, days=1, hours=1)),
        lambda: change_occurrences(OWNER, row, which, start=moved(row, hours=chance.choice([-2, 1]))),
        lambda: change_occurrences(OWNER, row, which, title=f"Renamed {chance.randrange(99)}"),
        lambda: change_occurrences(OWNER, row, Occurrences.ONWARD, start=moved(row, days=chance.choice([-1, 1]))),
        lambda: cancel_occurrences(OWNER, row, Occurrences.THIS),
        lambda: skip_days(OWNER, row.slot, row.slot + timedelta(days=6)),
        lambda: change_rule(OWNER, row, row.repeating.recurrence.having(INTERVAL=chance.choice(["1", "2"]))),
    ])  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_a_year_of_three_series_stays_whole(seed):
    """Moved, renamed, skipped, cancelled, by another rule: each day once, all undone exactly, and calendar,
    workload and import agree with the record."""
    chance = random.Random(seed)
    Program.objects.create(name="Groups", slug="groups", created_at=NOW, updated_at=NOW)
    write_playbook(
        OWNER, Program.objects.get(name="Groups"), "## Steps\n\n- T-2 days: write (1h)\n", "so"
    )
    for line in (
        "Groups: circle every Tuesday at 17:00",
        "Groups: lab every Thursday at 02:30",
        "Groups: hours last Friday of the month at 10:00",
    ):
        said(line)
    for week in range(0, 52, 4):
        with clock.at(NOW + timedelta(weeks=week)):
            make_ahead(OWNER)
            today = clock.now().date()
            ahead = list(
                Activity.objects.filter(day__gt=today, status="planned", repeating__isnull=False)
            )
            if not ahead:
                continue
            before = state()
            try:
                one_change(chance, ahead)()
            except CannotError:
                assert state() == before, "what is refused changes nothing"
            else:
                if state() != before and chance.random() < 0.4:
                    undo(OWNER)
                    assert state() == before
            made = Activity.objects.filter(repeating__isnull=False)
            slots = list(made.values_list("repeating_id", "slot"))
            assert len(slots) == len(set(slots))
            for series in Repeating.objects.all():
                gone = set(series.skipped)
                planned = series.occurrences.filter(status="planned", slot__gt=today)
                assert not [row for row in planned if row.slot.isoformat() in gone]
                for row in planned:
                    if row.day == row.slot and row.starts_at:
                        assert row.starts_at == series.starts_on(row.slot)
            for row in made.filter(status="planned", day__gt=today):
                assert [part.day for part in row.parts.all()] == [row.day - timedelta(days=2)]
            items = {item.uid: item for item in calendar_items(OWNER)}
            for row in made.filter(day__gte=today):
                item = items[f"almanac-{row.pk}@almanac"]
                assert (item.day, item.cancelled) == (row.day, row.status == "dropped")
                assert item.starts_at == row.starts_at
            sized = {each.activity.pk for each in drawn(OWNER).found}
            assert sized == set(
                made.filter(status="planned", day__gte=today).values_list("pk", flat=True)
            )
    with clock.at(NOW + timedelta(weeks=52)):
        make_ahead(OWNER)
        whole = list(
            Activity.objects.order_by("pk").values_list("pk", "title", "day", "starts_at", "status")
        )
        document = Document("almanac.ics", calendar(OWNER))
        carry_out(OWNER, plan(OWNER, document.name, read(OWNER, document)))
        again = list(
            Activity.objects.order_by("pk").values_list("pk", "title", "day", "starts_at", "status")
        )
        assert again == whole
