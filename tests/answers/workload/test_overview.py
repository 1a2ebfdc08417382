"""The load, “can I?” and one's own plate, from rows in the record and the private file."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.conftest import NOW
from tests.sources.services.test_trello import calendar, event

from almanac.actions.activities import (
    NewActivity,
    change_activity,
    set_status,
    tap_energy,
    write_down,
)
from almanac.actions.errors import CannotError
from almanac.actions.workload import board, time_off
from almanac.answers import today, words
from almanac.answers.errors import CannotAnswerError
from almanac.answers.review import composition
from almanac.answers.workload import can_i as asking
from almanac.answers.workload import overview as answers
from almanac.answers.workload import time_off as plate_answers
from almanac.answers.workload import wording
from almanac.answers.workload.week import week_plan
from almanac.answers.workload.wording import headline, sentences
from almanac.record.infra import clock
from almanac.record.models import Part
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)


def did(hours, day, title="Work", **fields):
    return NewActivity(title=title, status="done", day=day, hours=hours, fields=fields)


def promise(title, hours, due, **more):
    return NewActivity(title=title, status="planned", hours=hours, fields={"due": due}, **more)


@pytest.fixture
def steady(logbook):
    """Thirty weeks of twenty hours each, which are all there is."""
    time_off.settle_workload(OWNER, logged="all")
    rows = [
        did(5.0, TODAY - timedelta(days=TODAY.weekday() + 7 * week - weekday))
        for week in range(1, 31)
        for weekday in range(4)
    ]
    write_down(OWNER, rows)


def test_an_empty_logbook_says_so_and_rests_on_what_was_declared(logbook):
    empty = answers.load(OWNER)
    assert sentences(empty) == ["No commitments.", wording.NO_HOURS]
    assert (empty.capacity, empty.outlook, empty.room) == (None, None, None)
    time_off.settle_workload(OWNER, weekly_hours=24)
    found = answers.load(OWNER)
    assert headline(found) == "No commitments."
    assert found.capacity.whole == pytest.approx(24)
    assert "you said 24 h a week" in sentences(found)[1]
    assert len(found.weeks) == 8
    assert len(found.back) == 52
    assert all(week.hours is None for week in found.back)
    assert all(week.chance is None for week in found.weeks)


def test_capacity_is_what_weeks_held(steady):
    found = answers.load(OWNER)
    assert found.capacity.weeks == 30
    assert found.capacity.whole == pytest.approx(20, abs=2)
    assert found.capacity.logged == pytest.approx(20)
    assert [week.hours for week in found.back[-3:]] == [20.0, 20.0, 20.0]


def test_a_silent_week_says_nothing_and_a_break_explains_one(steady):
    with clock.at(NOW + timedelta(weeks=3)):
        before = answers.load(OWNER)
        assert before.back[-1].hours is None
        assert before.capacity.whole == pytest.approx(20, abs=2)
        time_off.plan_break(OWNER, date(2026, 3, 30), date(2026, 4, 5))
        assert answers.load(OWNER).back[-1].hours == 0.0


def test_promises_stand_in_the_week_they_are_due(steady):
    made = write_down(
        OWNER,
        [
            promise("Guide", 8, TODAY + timedelta(days=9)), promise("Talk", 4, TODAY),
            NewActivity(title="No hours", status="planned", fields={"due": TODAY}),
            NewActivity(title="No day", status="planned", hours=3),
            NewActivity(title="Past meetup", kind="event", status="planned",
                        day=TODAY - timedelta(days=4)),
            promise("Late", 6, TODAY - timedelta(days=3)),
        ],
    )  # fmt: skip
    found = answers.load(OWNER)
    assert [each.activity.title for each in found.promises] == ["No hours", "Talk", "Guide"]
    # Done tasks have taken five hours each, so that one without hours has some.
    assert found.promises[0].middle == pytest.approx(5.0)
    assert found.unsized == ()
    assert [row.title for row in found.undated] == ["No day"]
    assert {row.title for row in found.overdue} == {"Past meetup", "Late"}
    assert found.overdue_hours == pytest.approx(6, abs=0.5)
    assert "2 commitments, 6 h, are overdue, and not counted here" in " ".join(sentences(found))
    assert {held.row for held in found.outlook.each} == {row.pk for row in made[:3]}
    assert found.weeks[1].due == pytest.approx(8.4, abs=0.6)


def test_others_cards_are_not_ones_load(steady):
    write_down(OWNER, [promise("Theirs", 90, TODAY + timedelta(days=3))])
    row = answers.load(OWNER).promises[0].activity
    change_activity(OWNER, row, holder="Robin")
    assert not answers.load(OWNER).promises


def test_breaks_meetings_and_days_away_take_from_a_week(steady):
    usual = answers.load(OWNER).weeks[2]
    time_off.plan_break(OWNER, date(2026, 3, 30), date(2026, 4, 3))
    assert answers.load(OWNER).weeks[2].holds == 0
    assert answers.load(OWNER).weeks[2].days_off == 5
    feed = time_off.add_calendar(OWNER, "Work")
    meetings = [
        event(f":202604{day:02}T080000Z", f":202604{day:02}T120000Z") for day in range(6, 11)
    ]
    time_off.read_calendar(OWNER, feed, calendar(*meetings))
    found = answers.load(OWNER).weeks[3]
    assert found.meetings == pytest.approx(20)
    assert found.holds < 0.7 * usual.holds
    (trip,) = write_down(OWNER, [promise("Conference", 4, date(2026, 4, 14))])
    board.add_part(OWNER, trip, "Train", "travel", days=2, day=date(2026, 4, 13))
    assert answers.load(OWNER).weeks[4].holds < 0.7 * usual.holds


def test_a_week_without_a_working_day_and_a_change_of_the_clock(logbook):
    time_off.settle_workload(OWNER, work_days=[6], day_starts="00:00", day_ends="23:59")
    time_off.plan_break(OWNER, TODAY, TODAY + timedelta(days=300))
    time_off.settle_workload(OWNER, weekly_hours=30)
    found = answers.load(OWNER)
    assert all(week.holds == 0 for week in found.weeks)
    write_down(OWNER, [promise("Guide", 8, TODAY + timedelta(days=9))])
    asked = asking.can_i(OWNER, "More", 5, TODAY + timedelta(days=9))
    assert asked.fits_by is None
    assert asked.after == 0


def test_can_i_with_nothing_committed(steady):
    found = asking.can_i(OWNER, "Keynote", 10, TODAY + timedelta(days=30))
    assert found.fits
    assert found.before == 1.0
    assert found.sentence == (
        f"It fits: {words.percent_chance(found.own)} of having it done by 17 April, and nothing else "
        "becomes late."
    )
    assert "nothing is committed until then" in found.basis[0]
    assert not found.pushed


def test_can_i_without_anything_known_says_what_would_help(logbook):
    found = asking.can_i(OWNER, "Keynote", 10, TODAY + timedelta(days=30))
    assert found.verdict is asking.Fit.CANNOT_TELL
    assert found.sentence == wording.NO_HOURS
    assert (found.own, found.before, found.basis) == (None, None, ())
    assert set(found.drafts) == {"no", "not_yet"}


def test_can_i_names_what_becomes_late_and_offers_less(steady):
    write_down(OWNER, [promise("Guide", 8, TODAY + timedelta(days=8))])
    found = asking.can_i(OWNER, "Keynote", 18, TODAY + timedelta(days=7))
    assert found.verdict is asking.Fit.NOT
    assert found.sentence.startswith("It doesn’t fit: ")
    assert [each.activity.title for each in found.pushed] == ["Guide"]
    assert found.pushed[0].after < found.pushed[0].before
    assert found.pushed[0].days > 2
    assert found.fits_by > TODAY
    assert f"the week of {found.fits_by:%-d %B}" in found.sentence
    assert 0 < found.smaller < 18
    assert set(found.drafts) == {"no", "not_yet", "smaller"}
    assert "Keynote" in found.drafts["no"]
    assert f"{found.fits_by:%-d %B}" in found.drafts["not_yet"]
    travel = asking.can_i(OWNER, "Keynote", 18, TODAY + timedelta(days=7), travel=2.0)
    assert travel.after < found.after
    assert travel.hours[1] == pytest.approx(found.hours[1] + travel.travel)
    assert "18 h of work and 2 days of travel will take about" in travel.basis[1]


def test_travel_longer_than_there_is_does_not_fit(steady):
    found = asking.can_i(OWNER, "Tour", 2, TODAY + timedelta(days=12), travel=30.0)
    assert (found.verdict, found.own, found.smaller) == (asking.Fit.NOT, 0.0, None)
    assert "30 days of travel are longer than there is until 30 March" in found.sentence


def test_what_is_nearly_sure_is_tight_and_not_simply_too_much(steady):
    found = asking.can_i(OWNER, "Post", 19, TODAY + timedelta(days=12))
    assert 0.6 <= found.own < 0.85
    assert found.sentence.startswith("It’s too tight: ")


def test_can_i_says_what_would_have_to_move(steady):
    rows = [
        promise("Guide", 20, TODAY + timedelta(days=12)),
        promise("Post", 1, TODAY + timedelta(days=11)),
    ]
    write_down(OWNER, [*rows, promise("Talk", 1, TODAY + timedelta(days=3), kind="talk")])
    found = asking.can_i(OWNER, "Keynote", 4, TODAY + timedelta(days=13))
    assert found.verdict is asking.Fit.IF_MOVED
    assert [each.title for each in found.moved] == ["Guide"]
    assert found.sentence.startswith("It fits if “Guide” moves; as things are, ")


def test_a_full_log_says_so_in_hours_and_what_to_move_first(steady):
    day = TODAY + timedelta(days=13)
    rows = [promise(f"Post {n}", 20, day) for n in range(7)]
    write_down(OWNER, [*rows, promise("Hackathon", 60, day, kind="hackathon")])
    found = asking.can_i(OWNER, "Keynote", 4, day)
    assert found.verdict is asking.Fit.NOT
    assert found.is_full
    assert " until 31 March, and 210 h are already taken. " in found.sentence
    assert found.fits_by > day
    assert {each.kind for each in found.already} == {"task"}
    (said,) = [each for each in found.basis if each.startswith("Even without it")]
    assert said.endswith(" more.")
    assert said.count(" and ") == 1


def test_a_week_far_away_is_named_by_its_month(steady):
    found = replace(asking.can_i(OWNER, "Keynote", 4, TODAY), verdict=asking.Fit.NOT)
    for weeks, wanted in ((2, "by the end of the week of 1 April"), (30, "around May 2026")):
        asked = replace(found, fits_by=TODAY + timedelta(weeks=weeks), reached=date(2026, 5, 2))
        assert wanted in asking._sentence(asked, TODAY)
    assert "No week of the next 44" in asking._sentence(
        replace(found, fits_by=None, reached=None), TODAY
    )


def test_on_a_weekend_next_week_is_spoken_of(steady):
    saturday = date(2026, 3, 21)
    write_down(OWNER, [promise("Post", 3, saturday + timedelta(days=2))])
    with clock.at(NOW + timedelta(days=3)):
        found = answers.load(OWNER)
        plan = week_plan(answers.drawn(OWNER))
        asked = asking.can_i(OWNER, "Small", 3, saturday + timedelta(days=1))
    assert found.weeks[0].monday == plan.monday == date(2026, 3, 23)
    assert plan.is_next
    assert [each.activity.title for each in plan.fits] == ["Post"]
    assert asked.verdict is asking.Fit.NOT
    assert "about 0 h for commitments" in asked.basis[0]


def test_a_day_has_the_same_hours_on_every_page(steady):
    for ahead in range(7):
        with clock.at(NOW + timedelta(days=ahead)):
            found = answers.load(OWNER)
            on = answers.drawn(OWNER)
            sunday = found.weeks[0].monday + timedelta(days=6)
            until = on.plate.hours_until(answers.days_until(sunday, on.today))[1]
            assert found.weeks[0].holds == pytest.approx(until)
            assert week_plan(on).room == pytest.approx(until)


def test_many_commitments_name_what_will_not_fit(steady):
    rows = [promise(f"Post {n}", 4, TODAY + timedelta(days=14 + n)) for n in range(6)]
    write_down(OWNER, [*rows, promise("Keynote", 60, TODAY + timedelta(days=20))])
    found = answers.load(OWNER)
    assert found.outlook.together is None
    assert headline(found).endswith(", so “Keynote” won’t fit.")
    assert "% chance" not in headline(found)


def test_hours_never_planned_leave_less_room(logbook):
    """Half of twenty hours a week were on the board before they were done."""
    time_off.settle_workload(OWNER, logged="all")
    for week in range(1, 20):
        monday = TODAY - timedelta(days=TODAY.weekday() + 7 * week)
        with clock.at(NOW - timedelta(days=(TODAY - monday).days + 3)):
            (planned,) = write_down(OWNER, [promise("Guide", 10, monday + timedelta(days=2))])
        with clock.at(NOW - timedelta(days=(TODAY - monday).days - 3)):
            change_activity(
                OWNER, planned, start=(None, monday + timedelta(days=2), "UTC"), hours_spent=10
            )
            set_status(OWNER, planned, "done")
            write_down(OWNER, [did(5.0, monday + timedelta(days=n), "A bug") for n in (1, 3)])
    found = answers.load(OWNER)
    assert found.capacity.unplanned_share == pytest.approx(0.5, abs=0.05)
    assert found.capacity.usual == pytest.approx(10, abs=2)
    assert "and the rest goes to unplanned work" in " ".join(sentences(found))


def test_how_much_is_logged_is_asked_until_it_is_answered(steady):
    assert wording.ASKED not in sentences(answers.load(OWNER))
    time_off.settle_workload(OWNER, logged="")
    assert wording.ASKED in sentences(answers.load(OWNER))
    before = answers.load(OWNER).capacity.usual
    time_off.settle_workload(OWNER, logged="big")
    assert answers.load(OWNER).capacity.usual > 1.3 * before
    assert "only the big things" in " ".join(sentences(answers.load(OWNER)))
    with pytest.raises(CannotError, match="all, half, big"):
        time_off.settle_workload(OWNER, logged="some")


def test_a_first_week_begun_late_is_a_part_of_a_week(logbook):
    wednesday = TODAY - timedelta(days=7)
    write_down(OWNER, [did(6.0, wednesday)])
    assert answers.load(OWNER).capacity.logged == pytest.approx(10)


def test_asking_again_for_a_promise_leaves_its_own_hours_out(steady):
    (guide,) = write_down(OWNER, [promise("Guide", 14, TODAY + timedelta(days=8))])
    found = asking.can_i(OWNER, "Guide", 14, TODAY + timedelta(days=8), activity=guide)
    assert found.before == 1.0
    assert found.after == pytest.approx(answers.load(OWNER).outlook.together, abs=0.03)


@pytest.mark.parametrize(
    ("hours", "due", "why"),
    [
        (0, TODAY, "Say from"), (20_000, TODAY, "Say from"), (3, TODAY - timedelta(days=1), "over"),
        (3, date(2100, 1, 1), "three years"),
    ],
)  # fmt: skip
def test_questions_that_make_no_sense(logbook, hours, due, why):
    with pytest.raises(CannotAnswerError, match=why):
        asking.can_i(OWNER, "x", hours, due)


@pytest.mark.parametrize(
    ("text", "days"), [("2d", 2), ("3 days", 3), ("8h", 1), ("1w", 7), ("1,5", 1.5)]
)
def test_lengths_of_time(text, days):
    assert asking.hours_in(text) == days


def test_lengths_that_are_none():
    for text in ("soon", "-2d", "400d"):
        with pytest.raises(CannotAnswerError):
            asking.hours_in(text)


def test_what_fits_this_week(steady):
    write_down(
        OWNER,
        [promise("Now", 3, TODAY + timedelta(days=1)), promise("Large", 60, TODAY + timedelta(days=40))],
    )  # fmt: skip
    found = week_plan(answers.drawn(OWNER))
    assert [each.activity.title for each in found.fits] == ["Now"]
    assert [each.activity.title for each in found.waits] == ["Large"]
    assert 0 < found.room < 20


# One's own plate


def test_a_break_silences_everything(steady, plan_event):
    plan_event("Meetup", days=-2, status="planned")
    with clock.at(NOW + timedelta(days=1)):
        asked = today.today(OWNER)
        assert asked.questions
        assert asked.check_in
        time_off.plan_break(OWNER, TODAY, TODAY + timedelta(days=3))
        quiet = today.today(OWNER)
    assert not quiet.questions
    assert not quiet.check_in
    assert quiet.on_break.first == TODAY
    assert plate_answers.time_off(OWNER).nudges == ()


def test_today_asks_three_things_at_most_and_the_check_in_is_one(logbook, plan_event):
    for number in range(5):
        plan_event(f"Meetup {number}", days=-2 - number)
    with clock.at(NOW + timedelta(days=2)):
        found = today.today(OWNER)
        assert len(found.questions) + found.check_in == 3
        time_off.check_in(OWNER, 3, 3, 3)
        assert not today.today(OWNER).check_in


def test_nudges_are_few_explained_and_can_be_switched_off(logbook):
    write_down(OWNER, [did(1, TODAY - timedelta(days=n)) for n in range(1, 40)])
    found = plate_answers.time_off(OWNER)
    (nudge,) = found.nudges
    assert nudge.key == "day-off"
    assert "no full day off" in nudge.words
    assert nudge.evidence
    assert found.off[0].ended is None
    time_off.settle_workload(OWNER, nudges=False)
    assert not plate_answers.time_off(OWNER).nudges


def test_words_of_support_come_only_after_three_heavy_weeks(logbook):
    for week, load in enumerate((5, 4, 5)):
        time_off.check_in(OWNER, load, 2, 5, day=TODAY - timedelta(weeks=3 - week))
        said = plate_answers.support(plate_answers.time_off(OWNER).check_ins)
        assert bool(said) is (week == 2)
    time_off.check_in(OWNER, 2, 4, 1)
    assert not plate_answers.support(plate_answers.time_off(OWNER).check_ins)


def test_energy_stands_beside_the_weeks(logbook):
    gave, took = write_down(
        OWNER, [NewActivity(title=t, day=TODAY, program="Talks") for t in ("Good", "Bad")]
    )
    tap_energy(OWNER, gave, gave=True)
    tap_energy(OWNER, took, gave=False)
    (row,) = plate_answers.time_off(OWNER).energy
    assert (row.program, row.gave, row.took) == ("Talks", 1, 1)


def test_load_and_breaks_are_in_ones_own_review_alone(steady):
    time_off.plan_break(OWNER, date(2026, 1, 5), date(2026, 1, 9))
    own = composition.review(OWNER, "2026")
    text = " ".join(str(part) for sentence in own.rest for part in sentence)
    assert "You took one break, five days in all." in text or "1 break, 5 days" in text
    for audience in (composition.Audience.PUBLIC, "inside"):
        assert composition.review(OWNER, "2026", audience=composition.Audience(audience)).rest == ()


def test_after_a_break_a_week_holds_what_weeks_hold(logbook):
    time_off.plan_break(OWNER, TODAY - timedelta(days=3), TODAY + timedelta(days=4))
    assert max(week.holds for week in answers.load(OWNER).weeks) < 60


def test_long_tasks_do_not_make_weeks_larger(logbook):
    """Thirty hours a week, finished as sixty every other Friday."""
    friday = date(2026, 3, 13)
    write_down(
        OWNER,
        [NewActivity(title=f"Guide {n}", day=friday - timedelta(weeks=2 * n), hours=60) for n in range(20)],
    )  # fmt: skip
    assert answers.load(OWNER).capacity.usual == pytest.approx(30, abs=6)


def test_silent_weeks_count_where_hardly_any_is_silent(logbook):
    days = [TODAY - timedelta(weeks=n, days=2) for n in range(1, 40)]
    write_down(OWNER, [NewActivity(title="Work", day=day, hours=8) for day in days if day.day > 4])
    found = answers.load(OWNER)
    assert found.capacity.empty > 0.05
    assert any(week.hours is None for week in found.back)


def test_days_of_a_conference_are_split_and_long_travel_spreads(logbook):
    time_off.settle_workload(OWNER, weekly_hours=30)
    feed = time_off.add_calendar(OWNER, "Work")
    time_off.read_calendar(OWNER, feed, calendar(event(":20260330T060000Z", ":20260402T150000Z")))
    assert answers.load(OWNER).weeks[2].holds < 0.3 * answers.load(OWNER).weeks[3].holds
    (trip,) = write_down(
        OWNER, [NewActivity(title="Tour", status="planned", fields={"due": date(2026, 4, 13)})]
    )
    board.add_part(OWNER, trip, "", "travel", days=15, day=date(2026, 4, 13))
    found = answers.load(OWNER).weeks
    assert [week.holds for week in found[4:7]] == [0, 0, 0]


def test_a_step_counts_in_the_week_of_its_day_and_the_rest_in_the_week_it_is_due(steady):
    (event,) = write_down(OWNER, [promise("Hackathon", 40, TODAY + timedelta(days=30))])
    before = {week.monday: week.due for week in answers.load(OWNER).weeks}
    Part.objects.create(activity=event, title="Mentors", hours=6, day=TODAY + timedelta(days=7))
    Part.objects.create(activity=event, title="Said", hours=5, day=TODAY, done=True)
    after = {week.monday: week.due for week in answers.load(OWNER).weeks}
    step, rest = (
        clock.monday_of(TODAY + timedelta(days=7)),
        clock.monday_of(TODAY + timedelta(days=30)),
    )
    assert after[step] == pytest.approx(before[step] + 6)
    assert after[rest] >= before[rest] - 1
    assert sum(after.values()) > sum(before.values())


def test_a_draft_and_the_answer_name_the_same_time(steady):
    for hours, days in ((4, 1), (60, 20), (900, 40)):
        found = asking.can_i(OWNER, "Keynote", hours, TODAY + timedelta(days=days))
        draft = found.drafts["not_yet"]
        assert ("by the end of the week of" in draft) == (found.soon(TODAY) is not None)
        if found.verdict is asking.Fit.NOT:
            assert ("by the end of the week of" in draft) == ("the week of" in found.sentence)
